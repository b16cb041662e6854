"""What an enhanced status code is, and what a placeholder's value may be."""

from __future__ import annotations

HOST = "-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"


def is_enhanced(word: str) -> bool:
    """Whether a word is an enhanced status code (RFC 3463 section 2)."""
    if word[1:2] != ".":
        return False
    parts = word[:10].split(".")
    return (
        len(parts) == 3
        and parts[0] in ("2", "4", "5")
        and 1 <= len(parts[1]) <= 3
        and 1 <= len(parts[2]) <= 3
        and len(word) < 10
        and word.isascii()
        and (parts[1] + parts[2]).isdigit()
    )


def fits(kind: str, value: str) -> bool:
    """Whether a value is of a placeholder's type."""
    if kind == "text":
        return True
    return value != "" and not (" " in value if kind == "word" else value.strip(HOST))
