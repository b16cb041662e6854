"""Whether a text is one of the wrappers of the catalog, and what its holes hold."""

from __future__ import annotations

from postfix_replies._identify import _CODES
from postfix_replies._tails import address_end
from postfix_replies._wrappers import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from postfix_replies._wrappers import Hole

    Fields = dict[str, str]
    Gap = tuple[str, str, str, str]

_SAID = ("said", "line", "why")
_REPEATED = ("reply", "reason")  # of a reason: said, and kept too
_LAST = ("said", "line", *_REPEATED)


def prepared(holes: tuple[Hole, ...]) -> tuple[Gap, ...]:
    """The holes of a wrapper, each with how its end is found."""
    return tuple((*hole, _how(hole, hole is holes[-1])) for hole in holes)


def _how(hole: Hole, is_last: bool) -> str:
    _, kind, literal = hole
    if is_last:
        return "end"
    if kind in _LAST:
        return "last"
    return "address" if literal[0] == ">" else "first"


def filled(gaps: tuple[Gap, ...], text: str, at: int, fields: Fields) -> str | None:
    """What is said in a wrapper whose first literal ends at a place; None where it is not it.

    It is empty where nothing is said. The fields are added to those given.
    """
    said = ""
    for gap in gaps:
        name, kind, literal, how = gap
        stop = text.find(literal, at) if how == "first" else _stop(gaps, gap, text, at)
        if stop < at:
            return None
        value = text[at:stop]
        at = stop + len(literal)
        if kind == "text":
            fields[name] = value
        elif kind in _REPEATED:
            fields[name] = said = value
        elif kind in _SAID:
            if kind == "line" and not is_reply(value):
                return None
            said = value
        elif not _kept(kind, name, value, fields):
            return None
    return said if at == len(text) else None


def _stop(gaps: tuple[Gap, ...], gap: Gap, text: str, at: int) -> int:
    """Where a hole ends, -1 where it does not."""
    _, _, literal, how = gap
    if how == "end":
        return len(text) - len(literal) if text.endswith(literal) else -1
    if how == "last":
        return _last(gaps[gaps.index(gap) :], text, at)
    # An address in brackets, which Postfix quotes, but did not before 3.5.
    closed = address_end(text, at)
    if closed < 0:
        return text.find(literal, at)
    return closed if text.startswith(literal, closed) else -1


def _last(gaps: tuple[Gap, ...], text: str, at: int) -> int:
    """Where a hole ends behind which every literal is taken where it last occurs."""
    end = len(text) - len(gaps[-1][2])
    for _, _, literal, _ in reversed(gaps[:-1]):
        end = text.rfind(literal, at, end)
        if end < 0:
            break
    return end


def _kept(kind: str, name: str, value: str, fields: Fields) -> bool:
    """Whether a value is of its type; if so it is added."""
    if kind == "client":
        return clients(value, fields)
    if kind == "run":
        for pair in value.split(", "):
            key, equals, worth = pair.partition("=")
            if equals and key in NAMES:
                # A login name can look like more fields: what is there already stays.
                fields.setdefault(key, worth)
        return True
    if kind == "rest":
        return True
    if value == "" or " " in value:
        return False
    if kind == "number" and not (value.isascii() and value.isdigit()):
        return False
    if kind == "code" and value not in _CODES:
        return False
    fields[name] = value
    return True


def clients(value: str, fields: Fields) -> bool:
    """Whether a value is name[address], name[address]:port or [address]:port; adds the three."""
    name, opened, rest = value.partition("[")
    if not opened or " " in value:
        return False
    address, closed, port = rest.partition("]")
    if not closed:
        return False
    if port:
        if port[0] != ":" or not (port[1:].isascii() and port[1:].isdigit()):
            return False
        fields["client_port"] = port[1:]
    if name:
        fields["client_name"] = name
    fields["client_address"] = address
    return True


BLANKS = " \t\r\n"


def lowered(text: str) -> str:
    """An ASCII text in lower case; others are left as they are, in all languages alike."""
    return text.lower() if text.isascii() else text


def is_reply(said: str) -> bool:
    """Whether a text begins with a reply code."""
    return said[:3] in _CODES and said[3:4] in (" ", "-", "")


def first_line(reply: str) -> str:
    """The first line of a reply, however what holds it has joined the lines."""
    code = reply[:3]
    if reply[3:4] != "-":
        return reply.partition("\n")[0].rstrip("\r")
    at = reply.find(code, 1)
    while at >= 0:
        if reply[at + 3 : at + 4] in ("-", " ") and reply[at - 1] in "\n ?":
            return _ended(reply[:at])
        at = reply.find(code, at + 1)
    return _ended(reply)


def _ended(line: str) -> str:
    """A line without what joined it to the next: a line end, a blank, `?` or `??`."""
    for end in ("\r\n", "\n", "??", "?", " "):
        if line.endswith(end):
            return line[: -len(end)]
    return line
