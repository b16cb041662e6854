"""Texts with placeholders, and lines: how one is taken apart and held against the other."""

import re
from collections.abc import Mapping, Sequence

HOST = "-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LINE = re.compile(r"([2-5][0-9]{2})[ -](?:([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$))?(.*)", re.DOTALL)


def split(text: str) -> list[str]:
    """The literals and placeholder names of a text, in turn; a literal first and last."""
    return PLACEHOLDER.split(text)


def split_line(line: str) -> tuple[int, str | None, str]:
    """The code, the enhanced code if any, and the text of a reply line.

    Raises ValueError where the line does not begin with a reply code (RFC 5321 section 4.2).
    """
    match = LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a reply line: {line!r}")
    code, enhanced, text = match.groups()
    return int(code), enhanced, text


def captures(
    parts: Sequence[str], types: Mapping[str, str], said: str, start: int = 0
) -> dict[str, str] | None:
    """What the placeholders of a split text stand for in `said`, or None where it does not match.

    `types` gives each placeholder's type; the text is held against `said` from `start` to the end.
    Every literal is taken where it first occurs, the last one at the end, so the time is linear.
    """
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return {} if len(said) - start == len(first) and said.endswith(first) else None
    end = len(said) - len(last)
    at = start + len(first)
    if end < at or not said.startswith(first, start) or not said.endswith(last):
        return None
    values: dict[str, str] = {}
    for name, literal in zip(parts[1:-2:2], parts[2:-1:2], strict=True):
        found = said.find(literal, at, end)
        if found < 0:
            return None
        values[name] = said[at:found]
        at = found + len(literal)
    values[parts[-2]] = said[at:end]
    return values if all(fits(types.get(name), value) for name, value in values.items()) else None


def fits(kind: str | None, value: str) -> bool:
    """Whether a value is of a placeholder's type."""
    if kind == "word":
        return value != "" and " " not in value
    if kind == "host":
        return value != "" and not value.strip(HOST)
    return True
