"""From what an SMTP client threw or showed to what the server said.

String literals of Python, JavaScript and Go are code: a wrapper says where a literal begins, not
where it ends.
"""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._grammar import is_enhanced
from postfix_replies._identify import _CODES, identify
from postfix_replies._reading import made, of_reply, of_said
from postfix_replies._wrapped import BLANKS, filled, is_reply, lines_of
from postfix_replies._wrappers import EXCEPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from postfix_replies._reading import Reading

    Fields = dict[str, str]
    # An address or nothing, a reply code, and the text of the reply.
    Refusal = tuple[str, int, str]

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_QUOTES = ("'", '"')
_LITERAL = ("b", "u", *_QUOTES)  # how a literal begins
_LINES = 200  # of an error; the trace may be longer
_PLACES = 8  # at how many places of a text words alone are looked for


def read_client(text: str) -> Reading | None:
    """What a client's error says, None if it is none that is known."""
    text = "\n".join(text.split("\n", _LINES)[:_LINES])
    return (
        _python(text)
        or _wrapped(text)
        or _go(text)
        or _elsewhere(text)
        or _worded(text)
    )


def _python(text: str) -> Reading | None:
    """An exception of smtplib or aiosmtplib: (code, text), one or several; or its debug lines."""
    debugged = _debugged(text)
    if debugged is not None:
        return debugged
    found = list(_refusals(text))
    if not found:
        return None
    aio = "aiosmtplib" in text or "SMTPRecipientRefused(" in text
    return of_refusals(_AIOSMTPLIB if aio else _SMTPLIB, found)


def _debugged(text: str) -> Reading | None:
    """The first refusal among the lines that smtplib shows when it debugs."""
    at = text.find("reply: ")
    while at >= 0:
        said, end = literal(text, at + 7)
        if end > 0 and is_reply(said) and said[0] in "45":
            return of_reply(_SMTPLIB, _SERVER, said.rstrip("\r\n"), {})
        at = text.find("reply: ", at + 1)
    return None


def of_refusals(
    kind: Kind, found: list[Refusal], fields: Fields | None = None
) -> Reading:
    """A reading of refusals as smtplib keeps them: the first counts, all are told."""
    fields = dict(fields or {})
    address = found[0][0]
    if address:
        fields["to"] = address
    lines = [joined(str(code), said) for _, code, said in found]
    return made(
        kind,
        _SERVER,
        lines[0],
        None,
        fields,
        (),
        lines_of(lines[0])[0],
        tuple(lines) if lines[1:] else (),
    )


def _refusals(text: str) -> Iterator[Refusal]:
    """Every `(code, literal` of a text, with the literal before or behind it, if one is there."""
    at = text.find("(")
    while at >= 0:
        code = text[at + 1 : at + 4]
        # Or `(code); Msg: literal`, in the debug lines.
        start = at + 6 if text.startswith(", ", at + 4) else at + 12
        marked = start == at + 6 or text.startswith("); Msg: ", at + 4)
        if marked and code in _CODES and text[start : start + 1] in _LITERAL:
            said, end = literal(text, start)
            if end > 0:
                yield _subject(text, at, end), int(code), said
                at = end
        at = text.find("(", at + 1)


def _subject(text: str, at: int, end: int) -> str:
    """The address of a refusal: the key of a dictionary, or the last argument."""
    if text.endswith(": ", 0, at) and text[at - 3 : at - 2] in _QUOTES:
        start = text.rfind(text[at - 3], 0, at - 3)
        return text[start + 1 : at - 3]
    if text.endswith("SMTPRecipientRefused", 0, at) and text.startswith(", ", end):
        return literal(text, end + 2)[0]
    return ""


def literal(text: str, at: int) -> tuple[str, int]:
    """The string that a literal of Python, JavaScript or Go is, and where it ends; else 0."""
    if text[at : at + 1] in ("b", "u"):
        at += 1
    quote = text[at : at + 1]
    if quote not in ("'", '"'):
        return "", 0
    said = []
    start = at = at + 1
    while at < len(text):
        char = text[at]
        if char == quote:
            said.append(text[start:at])
            return "".join(said), at + 1
        if char == "\\":
            said.append(text[start:at])
            escape = text[at + 1 : at + 2]
            said.append(_ESCAPES.get(escape, escape))
            start = at = at + 2
        else:
            at += 1
    return "", 0


def joined(code: str, said: str) -> str:
    """The lines of a reply, as a server sent them, from its code and its text."""
    lines = said.replace("\r\n", "\n").rstrip("\n").split("\n")
    lines = [line if is_reply(line) else f"{code}-{line}" for line in lines]
    lines[-1] = f"{lines[-1][:3]} {lines[-1][4:]}"
    return "\n".join(lines).rstrip(" ")


def _wrapped(text: str) -> Reading | None:
    """An error with one of the texts of the catalog in it."""
    for lead, holes, kind, speaker, _, _, _, words, implied in EXCEPTIONS:
        at = text.find(lead)
        if at < 0:
            continue
        fields = dict(implied)
        said = filled(holes, _block(text[at:], holes[-1][2]), len(lead), fields)
        if said is not None and words is not None:
            return made(Kind(kind), Speaker(speaker), None, words, fields)
        if said or "code" in fields:
            said = _coded((said or "").strip(BLANKS), fields)
            if kind == "client_nodemailer":
                _inspected(text, fields)
            return of_said(Kind(kind), Speaker(speaker), said, fields)
    return None


def _block(text: str, last: str) -> str:
    """The first line and those of a reply that go on with it, up to the last literal there."""
    lines = text.replace("\r", "").split("\n")
    more = (n for n, line in enumerate(lines) if n and not is_reply(line))
    end = next(more, len(lines))
    if last and end < len(lines) and lines[end].startswith(last):
        end += 1
    block = "\n".join(lines[:end])
    return block[: block.rfind(last) + len(last)] if last else block


def _coded(said: str, fields: Fields) -> str:
    """What was said, with the codes that the client shows elsewhere."""
    code, enhanced = fields.pop("code", ""), fields.pop("enhanced", "")
    if not code or not said:
        return said or code
    known = is_enhanced(said.partition(" ")[0])
    return joined(code, f"{enhanced} {said}" if enhanced and not known else said)


def _inspected(text: str, fields: Fields) -> None:
    """The command, where the properties of an error are shown."""
    _, found, rest = text.partition("command: '")
    command, closed, _ = rest.partition("'")
    if found and closed:
        fields["command"] = command


def _go(text: str) -> Reading | None:
    """An error of net/textproto: a code and a quoted text."""
    at = text.find(' "')
    while at >= 0:
        code = text[max(at - 3, 0) : at]
        if code in _CODES and not _goes_on(text, at - 3):
            said, end = literal(text, at + 1)
            if end > 0:
                return of_reply(_TEXTPROTO, _SERVER, joined(code, said), {})
        at = text.find(' "', at + 1)
    return None


def _elsewhere(text: str) -> Reading | None:
    """A reply somewhere in a line: its codes show it, or its words are known."""
    for line in text.split("\n"):
        for at in _codes(line):
            reply = _unquoted(line, at)
            _, _, rest = reply.partition(" ")
            enhanced = rest.partition(" ")[0]
            sure = is_enhanced(enhanced) and enhanced[0] == reply[0]
            if sure or identify(reply) is not None:
                return of_reply(_OTHER, _SERVER, reply, {})
    return None


def _codes(line: str) -> Iterator[int]:
    """The first places of a line where a reply can begin."""
    found = 0
    for at in range(len(line) - 4):
        if (
            not _goes_on(line, at)
            and line[at + 3] in " -"
            and line[at : at + 3] in _CODES
        ):
            yield at
            found += 1
            if found == _PLACES:
                return


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at a place, not begins."""
    before = text[at - 1 : at] if at > 0 else ""
    return before.isalnum() or before > "\x7f"


def _unquoted(line: str, at: int) -> str:
    """What begins at a place, without the quotes or brackets that it stands in."""
    closing = {"(": ")", "'": "'", '"': '"'}.get(line[at - 1 : at], "")
    end = line.rfind(closing, at) if closing else -1
    return (line[at:end] if end > 0 else line[at:]).strip(BLANKS)


def _worded(text: str) -> Reading | None:
    """The words of a reply somewhere in a line, without its codes."""
    for line in text.split("\n"):
        words = line.strip(BLANKS)
        for _ in range(_PLACES):
            if identify(words) is not None:
                return of_said(_OTHER, _SERVER, words, {})
            _, found, words = words.partition(": ")
            if not found:
                break
    return None


_SMTPLIB, _AIOSMTPLIB = Kind.CLIENT_SMTPLIB, Kind.CLIENT_AIOSMTPLIB
_TEXTPROTO, _OTHER = Kind.CLIENT_GO_TEXTPROTO, Kind.CLIENT_OTHER
_SERVER = Speaker.SERVER
