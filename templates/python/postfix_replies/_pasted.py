"""What mail programs make of a text that is pasted into them, put right before it is read."""

from __future__ import annotations

from postfix_replies._wrapped import BLANKS

# The last of them makes no new one: it comes last.
_ENTITIES = (
    *(("&lt;", "<"), ("&#60;", "<"), ("&gt;", ">"), ("&#62;", ">")),
    *(("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&nbsp;", " ")),
    ("&amp;", "&"),
)
_BRACKETS = ("&lt;", "&#60;", "&gt;", "&#62;")
_NO_BREAKS = ("\u00a0", "\u202f")
_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
# Fields of the log, and how a line ends that has one.
_ENDINGS = {" helo=<": ">", " status=": ")"}
_BEHIND = " \t\"',|\\"
_LINK = "mailto:"
_CLOSING = {"<": ">", "[": "]"}
_NOT_LINKED = '<>[]" \t\r\n'


def cleared(text: str) -> str:
    """A text without what mail programs make of it; where they made nothing, the text itself."""
    if "&" in text and any(entity in text for entity in _BRACKETS):
        text = "\n".join(map(_decoded, text.split("\n")))
    if not text.isascii():
        for blank in _NO_BREAKS:
            text = text.replace(blank, " ")
        text = _unquoted(text)
    if any(end in text for end in _ENDINGS):
        text = "\n".join(map(_ended, text.split("\n")))
    return _unlinked(text) if _LINK in text else text


def _ended(line: str) -> str:
    """A line of a log without what an export put behind it, such as a quote or a `|`."""
    if line[-1:] not in _BEHIND:
        return line
    end = line.rstrip(_BEHIND)
    known = any(
        field in line and end.endswith(last) for field, last in _ENDINGS.items()
    )
    return end if known else line


def _decoded(line: str) -> str:
    """A line without entities, if it has no `<` of its own.

    Where it has one, it is no HTML, and the entities may be of what a client chose.
    """
    if "<" not in line:
        for entity, char in _ENTITIES:
            line = line.replace(entity, char)
    return line


def _unquoted(text: str) -> str:
    """A text without the typographic quotes that all of it stands in."""
    inside = text.strip(BLANKS)
    quoted = len(inside) > 1 and inside[0] in _QUOTES and inside[-1] in _QUOTES
    return inside[1:-1] if quoted else text


def _unlinked(text: str) -> str:
    """A text without the links behind addresses, as in `<a@b.c<mailto:a@b.c>>`."""
    pieces = []
    start = 0
    at = text.find(_LINK)
    while at >= 0:
        end = at = at + len(_LINK)
        while end < len(text) and text[end] not in _NOT_LINKED:
            end += 1
        stop = _linked(text, start, at, end)
        if stop >= 0:
            pieces.append(text[start:stop])
            start = end + 1
        at = text.find(_LINK, end)
    return "".join([*pieces, text[start:]])


def _linked(text: str, start: int, at: int, end: int) -> int:
    """Where the address ends that a link of the same address stands behind, -1 if none does."""
    opened = at - len(_LINK) - 1
    closing = _CLOSING.get(text[opened : opened + 1]) if opened > start else None
    if closing is None or end == at or text[end : end + 1] != closing:
        return -1
    stop = opened - 1 if text[opened - 1] == " " else opened
    return stop if text.endswith(text[at:end], start, stop) else -1
