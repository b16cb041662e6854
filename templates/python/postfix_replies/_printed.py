"""What may be printed of a hostile text."""

from __future__ import annotations


def printable(said: str) -> str:
    """A text whose control characters are escapes, so that none reaches the terminal."""
    if said.isprintable():
        return said
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in said)
