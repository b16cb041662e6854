"""Members of enums that are their own names: as strings, in JSON and in sorting."""

from __future__ import annotations

from enum import Enum, EnumMeta


class Values(EnumMeta):
    """An enum that takes values for members where `in` asks, as all do from Python 3.12 on."""

    def __contains__(cls, value: object) -> bool:
        try:
            cls(value)
        except ValueError:
            return False
        return True


class Named(str, Enum, metaclass=Values):
    """An enum whose members are strings: their ids."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, how: str) -> str:
        return str.__format__(self, how)
