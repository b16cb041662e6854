"""From what an SMTP client threw or showed to what the server said.

String literals of Python, JavaScript and Go are code: a wrapper says where a literal begins, not
where it ends.
"""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._grammar import is_enhanced
from postfix_replies._identify import _CODES, identify
from postfix_replies._reading import made, of_reply, of_said
from postfix_replies._wrapped import BLANKS, filled, is_reply, prepared
from postfix_replies._wrappers import EXCEPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from postfix_replies._reading import Reading
    from postfix_replies._wrapped import Gap

    Fields = dict[str, str]
    # An address or nothing, a reply code, and the text of the reply.
    Refusal = tuple[str, int, str]

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
QUOTES = ("'", '"')
_SHORT = 4  # characters of a literal that says nothing at the beginning of a line
_LINES = 200  # of an error; the trace may be longer
_DEEPEST = 6  # that JSON is looked into
_CODE, _MESSAGE = "(code=", ", message="  # as aiosmtplib shows a response
_DIGITS = "0123456789"
_HEX = "0123456789abcdef"
_PLACES = 8  # at how many places of a text words alone are looked for
_OF_MAIL = ("3", "5")  # second digits of codes about logins and mail, hardly of HTTP
_ENDING = "\n\r\"')]},.;"  # what can follow the error that ends a line


def read_client(text: str) -> Reading | None:
    """What a client's error says, None if it is none that is known."""
    text = "\n".join(text.split("\n", _LINES)[:_LINES])
    if "=" in text.partition(" ")[0]:
        return _first(list(_values(text))) or _first([text])
    return _first([text]) or _first(list(_values(text)))


def read_object(carried: object) -> Reading | None:
    """What an error says of which JSON carries the properties or the texts."""
    texts: list[str] = []
    return _properties(carried, texts, _DEEPEST) or _first(texts)


def read_quoted(text: str) -> Reading | None:
    """An error of net/textproto that is the whole text, None if it is none."""
    said, end = literal(text, 4) if text[3:5] == ' "' else ("", 0)
    if end == 0 or end < len(text):
        return None
    return of_reply(_TEXTPROTO, _SERVER, joined(text[:3], said), {})


def well_formed(text: str) -> str:
    """A text of which each lone surrogate is U+FFFD, as the other languages have it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _first(texts: list[str]) -> Reading | None:
    """The first of some texts that shows the codes of a reply, else that has its words."""
    for of in (_shown, _worded):
        for text in texts:
            found = of(text)
            if found is not None:
                return found
    return None


def _shown(text: str) -> Reading | None:
    return _python(text) or _wrapped(text) or _go(text) or _elsewhere(text)


def _values(text: str) -> Iterator[str]:
    """The values in quotes among `key=value`, as loggers of Go write it."""
    at = text.find('="')
    while at >= 0:
        said, end = literal(text, at + 1)
        if end == 0:
            return
        yield said
        at = text.find('="', end)


def _properties(carried: object, texts: list[str], depth: int) -> Reading | None:
    """An error of nodemailer in what JSON carries; the texts there, of two words, are added."""
    if isinstance(carried, str):
        if " " in carried:
            texts.append(well_formed(carried))
        return None
    if depth == 0 or not isinstance(carried, (dict, list)):
        return None
    if isinstance(carried, list):
        inside = carried
    else:
        said = carried.get("response")
        if "responseCode" in carried and isinstance(said, str) and is_reply(said):
            command = carried.get("command")
            fields: Fields = {}
            if isinstance(command, str):
                fields["command"] = well_formed(command)
            return of_said(_NODEMAILER, _SERVER, well_formed(said), fields)
        inside = [carried[key] for key in sorted(carried)]
    for one in inside:
        found = _properties(one, texts, depth - 1)
        if found is not None:
            return found
    return None


def _python(text: str) -> Reading | None:
    """An exception of smtplib or aiosmtplib: (code, text), one or several."""
    named = "SMTP" in text or "smtp" in text
    found = [
        one
        for one in _refusals(text)
        if named or "@" in one[0] or _is_of_smtp(joined(str(one[1]), one[2]))
    ]
    if not found:
        return None
    return of_refusals(_AIOSMTPLIB if _is_aio(text) else _SMTPLIB, found)


def _is_aio(text: str) -> bool:
    """Whether an exception is of aiosmtplib; that of smtplib has bytes, since Python 3."""
    if "aiosmtplib" in text or "SMTPRecipientRefused(" in text:
        return True
    return not ("smtplib" in text or ", b'" in text or ', b"' in text)


def of_refusals(kind: Kind, found: list[Refusal]) -> Reading:
    """A reading of refusals as smtplib keeps them: the first counts, all are told."""
    address = found[0][0]
    fields = {"to": address} if address else {}
    lines = [joined(str(code), said) for _, code, said in found]
    replies = tuple(lines) if len(lines) > 1 else ()
    return of_reply(kind, _SERVER, lines[0], fields, replies=replies)


def _refusals(text: str) -> Iterator[Refusal]:
    """Every `(code, literal` of a text, with the literal before or behind it, if one is there."""
    at = text.find("(")
    while at >= 0:
        named = text.startswith(_CODE, at)
        start = at + len(_CODE if named else "(")
        code, start = text[start : start + 3], start + 3
        comma = _MESSAGE if named else ", "
        start = start + len(comma) if text.startswith(comma, start) else len(text)
        if code in _CODES and text[start : start + 1] in ("b", "u", *QUOTES):
            said, end = literal(text, start)
            if end > 0:
                yield _subject(text, at, end), int(code), said
                at = end
        at = text.find("(", at + 1)


def _subject(text: str, at: int, end: int) -> str:
    """The address of a refusal: the key of a dictionary, or the last argument."""
    if text.endswith("SMTPResponse", 0, at):
        at -= len("SMTPResponse")
    if text.endswith(": ", 0, at) and text[at - 3 : at - 2] in QUOTES:
        start = text.rfind(text[at - 3], 0, at - 3)
        return text[start + 1 : at - 3]
    if text.endswith("SMTPRecipientRefused", 0, at) and text.startswith(", ", end):
        return literal(text, end + 2)[0]
    return ""


def literal(text: str, at: int) -> tuple[str, int]:
    """The string that a literal of Python, JavaScript or Go is, and where it ends; else 0."""
    octets = text[at : at + 1] == "b"
    if octets or text[at : at + 1] == "u":
        at += 1
    quote = text[at : at + 1]
    if quote not in QUOTES:
        return "", 0
    said = []
    start = at = at + 1
    while at < len(text):
        char = text[at]
        if char == quote:
            said.append(text[start:at])
            return "".join(said), at + 1
        if octets and text.startswith("\\x", at):
            said.append(text[start:at])
            char, at = _utf8(text, at)
            said.append(char)
            start = at
        elif char == "\\":
            said.append(text[start:at])
            escape = text[at + 1 : at + 2]
            said.append(_ESCAPES.get(escape, escape))
            start = at = at + 2
        else:
            at += 1
    return "", 0


def _utf8(text: str, at: int) -> tuple[str, int]:
    r"""What a run of escapes such as `\xc3` says in UTF-8, else itself; and where it ends."""
    end = at
    while text.startswith("\\x", end) and _is_octet(text[end + 2 : end + 4]):
        end += 4
    if end == at:
        return text[at : at + 2], at + 2
    try:
        return bytes.fromhex(text[at:end].replace("\\x", "")).decode("utf-8"), end
    except UnicodeDecodeError:
        return text[at:end], end


def _is_octet(text: str) -> bool:
    return len(text) == 2 and text[0] in _HEX and text[1] in _HEX


def joined(code: str, said: str) -> str:
    """The lines of a reply, as a server sent them, from its code and its text."""
    lines = said.replace("\r\n", "\n").rstrip("\n").split("\n")
    lines = [
        line if is_reply(line) and line[3:] else f"{code}-{line}" for line in lines
    ]
    lines[-1] = f"{lines[-1][:3]} {lines[-1][4:]}"
    return "\n".join(lines).rstrip(" ")


def _wrapped(text: str) -> Reading | None:
    """An error with one of the texts of the catalog in it."""
    for lead, gaps, kind, speaker, words, implied in _EXCEPTIONS:
        at = text.find(lead)
        if at < 0:
            continue
        # Told twice, or of several; a name without a blank may be of what is said.
        again = text.find(lead, at + len(lead)) if lead[-1:] == " " else -1
        told = text[at:again] if again > 0 else text[at:]
        fields = dict(implied)
        said = filled(gaps, _block(told, gaps), len(lead), fields)
        if said is not None and words is not None:
            return made(kind, speaker, None, words, fields)
        said = said and said.strip(BLANKS)
        if said and _is_told(lead, said, fields.get("code")):
            said = _coded(_once(said), fields)
            if kind == "client_nodemailer":
                _inspected(text, fields)
            return of_said(kind, speaker, said, fields)
    return None


def _is_told(lead: str, said: str, code: str | None) -> bool:
    """Whether what stands behind a code is of SMTP, which not every text of the catalog says."""
    return code is None or "SMTP" in lead or _is_of_smtp(joined(code, said))


def _block(text: str, gaps: tuple[Gap, ...]) -> str:
    """The first line and those that go on with it, up to the last literal there.

    A line goes on with it that is of a reply, or up to one that begins with a longer literal.
    """
    last = gaps[-1][2]
    literals = tuple(gap[2] for gap in gaps if len(gap[2]) > _SHORT)
    lines = text.replace("\r", "").split("\n")
    numbers = range(1, len(lines))
    end = next((n for n in numbers if not is_reply(lines[n])), len(lines))
    if literals:
        goes_on = (n + 1 for n in numbers if lines[n].startswith(literals))
        end = max(end, next(goes_on, 0))
    block = "\n".join(lines[:end])
    if last and end < len(lines) and lines[end].startswith(last):
        return f"{block}\n{last}"
    return block[: block.rfind(last) + len(last)] if last else block


def _once(said: str) -> str:
    """What was said, where nodemailer tells it twice: with a colon between."""
    half = (len(said) - 2) // 2
    twice = said[half : half + 2] == ": " and said[:half] == said[half + 2 :]
    return said[:half] if twice else said


def _coded(said: str, fields: Fields) -> str:
    """What was said, with the codes that the client shows elsewhere."""
    code, enhanced = fields.pop("code", ""), fields.pop("enhanced", "")
    if not code:
        return said
    known = is_enhanced(said.partition(" ")[0])
    if not enhanced or known:
        return joined(code, said)
    return joined(code, "\n".join(f"{enhanced} {line}" for line in said.split("\n")))


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
            reply = joined(code, said) if end > 0 else ""
            if end > 0 and _is_error(text, at - 3, end, reply):
                return of_reply(_TEXTPROTO, _SERVER, reply, {})
        at = text.find(' "', at + 1)
    return None


def _is_error(text: str, at: int, end: int, reply: str) -> bool:
    """Whether a code and a quoted text between two places, a reply, are an error of SMTP."""
    if _is_behind_count(text, at):
        return False
    if _is_surely(reply):
        return True
    return text[end : end + 1] in _ENDING and _is_of_smtp(reply)


def _is_behind_count(text: str, at: int) -> bool:
    """Whether a number or a quoted text stands before a place, as web servers log both."""
    before = at - 1
    if text[before:at] != " ":
        return False
    start = before
    while start > 0 and text[start - 1] in _DIGITS:
        start -= 1
    is_number = start < before and text[max(start - 1, 0) : start] in ("", " ")
    return is_number or text[before - 1 : before] == '"'


def _is_of_smtp(reply: str) -> bool:
    """Whether a code and words are of SMTP: HTTP and databases have such codes too."""
    likely = reply[1] in _OF_MAIL and " " in reply[4:]
    return likely or _is_surely(reply)


def _elsewhere(text: str) -> Reading | None:
    """A reply somewhere in a line: its codes show it, or its words are known.

    The first that refuses something, else the first.
    """
    found = None
    for line in text.split("\n"):
        for at in _codes(line):
            reply = _unquoted(line, at)
            refuses = reply[0] in "45"
            if (refuses or found is None) and _is_surely(reply):
                if refuses:
                    return of_reply(_OTHER, _SERVER, reply, {})
                found = reply
    return None if found is None else of_reply(_OTHER, _SERVER, found, {})


def _is_surely(reply: str) -> bool:
    """Whether what looks like a reply is one."""
    enhanced = reply[4:].partition(" ")[0]
    sure = is_enhanced(enhanced) and enhanced[0] == reply[0]
    return sure or identify(reply) is not None


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
    reply = line[at:end] if end > 0 else line[at:]
    if closing in QUOTES:
        reply = reply.removesuffix("\\n").removesuffix("\\r")
    return reply.strip(BLANKS)


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
_NODEMAILER = Kind.CLIENT_NODEMAILER
_TEXTPROTO, _OTHER = Kind.CLIENT_GO_TEXTPROTO, Kind.CLIENT_OTHER
_SERVER = Speaker.SERVER
_EXCEPTIONS = [
    (lead, prepared(holes), Kind(kind), Speaker(speaker or "server"), words, implied)
    for lead, holes, kind, speaker, _, _, _, words, implied in EXCEPTIONS
]
