"""What an enhanced status code is, a placeholder's value may be, and how long a line is."""

from __future__ import annotations

LONGEST = 10_000  # octets; Postfix logs 2,000 characters at most, RFC 5321 allows 512
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


def is_long(line: str) -> bool:
    """Whether a line has more octets than any that is looked at with care."""
    if len(line) * 4 <= LONGEST:
        return False
    return len(line.encode("utf-8", "surrogatepass")) > LONGEST
