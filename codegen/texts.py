"""Texts with holes: how one is taken apart, and whether a line is one."""

import re
from collections.abc import Mapping
from typing import NamedTuple

HOST = "-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LINE = re.compile(r"([2-5][0-9]{2})[ -](?:([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$))?(.*)", re.DOTALL)
ANGLE = ">: "
HEADS = (12, 6, 3)  # lengths of the first characters by which texts with placeholders are found
FAMILIES = ("plain", "angle", "host")
FOREIGN = "foreign"


class Text(NamedTuple):
    """A text taken apart: literals, and between them named holes, each with its type."""

    literals: tuple[str, ...]
    holes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, types: Mapping[str, str]) -> "Text":
        """Take a text apart. `types` gives the type of each placeholder; text is the default."""
        if "{" not in text:
            return cls((text,))
        parts = PLACEHOLDER.split(text)
        holes = tuple(parts[1::2])
        return cls(tuple(parts[::2]), holes, tuple([types.get(hole, "text") for hole in holes]))

    @property
    def written(self) -> str:
        """The text as it was before it was taken apart."""
        pairs = zip(self.holes, self.literals[1:], strict=True)
        return self.literals[0] + "".join([f"{{{hole}}}{literal}" for hole, literal in pairs])

    @property
    def family(self) -> str | None:
        """How the text opens: plain, angle or host; None where no line could be found to be it.

        It is foreign where it is one hole alone: the words of others, which no line is known by.
        """
        first = self.literals[0]
        if not self.holes:
            return None if first.startswith("<") else "plain"
        if self.literals == ("", ""):
            return FOREIGN
        if first == "<" and self.literals[1].startswith(ANGLE):
            # What is left to fill must cost nothing to check, since it is tried at many places.
            found = self.types == ("text",) or (
                self.types == ("text", "text") and len(self.literals[1]) >= len(ANGLE) + HEADS[-1]
            )
            return "angle" if found else None
        if first == "" and self.types[0] == "host" and self.literals[1].startswith(" "):
            return "host" if len(self.literals[1]) > HEADS[-1] else None
        return "plain" if len(first) >= HEADS[-1] and not first.startswith("<") else None

    @property
    def rest(self) -> "Text":
        """What is left of the text behind its opening."""
        if self.family not in ("angle", "host"):
            return self
        opened = len(ANGLE) if self.family == "angle" else len(" ")
        literals = (self.literals[1][opened:], *self.literals[2:])
        return Text(literals, self.holes[1:], self.types[1:])

    @property
    def rank(self) -> tuple[int, int]:
        """Smallest for the most specific: the most literal characters, then the fewest holes."""
        return -sum(map(len, self.literals)), len(self.holes)

    def captures(self, said: str) -> list[str] | None:
        """What the holes stand for in `said`, or None where it is not this text.

        Every literal is taken where it first occurs, the last one at the end: the time is linear.
        """
        if not self.holes:
            return [] if said == self.literals[0] else None
        first, *middles, last = self.literals
        at, end = len(first), len(said) - len(last)
        if not said.startswith(first) or not said.endswith(last) or end < at:
            return None
        values = []
        for middle in middles:
            found = said.find(middle, at, end)
            if found < 0:
                return None
            values.append(said[at:found])
            at = found + len(middle)
        values.append(said[at:end])
        return values if all(map(fits, self.types, values)) else None


def fits(kind: str, value: str) -> bool:
    """Whether a value is of a placeholder's type."""
    if kind == "word":
        return value != "" and " " not in value
    if kind == "host":
        return value != "" and not value.strip(HOST)
    return True


def split_line(line: str) -> tuple[int, str | None, str]:
    """The code, the enhanced status code if any, and the text of a reply line.

    Raises ValueError where the line does not begin with a reply code (RFC 5321 section 4.2).
    """
    match = LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a reply line: {line!r}")
    code, enhanced, said = match.groups()
    return int(code), enhanced, said
