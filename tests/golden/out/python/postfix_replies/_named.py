"""Members of enums that are their own names: as strings, in JSON and in sorting."""

from __future__ import annotations

from enum import Enum


class Named(str, Enum):
    """An enum whose members are strings: their ids."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, how: str) -> str:
        return str.__format__(self, how)
