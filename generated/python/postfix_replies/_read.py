"""From anything held, a log line, a bounce or an exception, to what it says and who said it."""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._bounces import read_bounce
from postfix_replies._clients import (
    of_refusals,
    read_client,
    read_object,
    read_quoted,
    well_formed,
)
from postfix_replies._grammar import is_long
from postfix_replies._identify import identify
from postfix_replies._logs import is_queue_id, read_end, read_log, read_record
from postfix_replies._mixed import (
    MOST_PIECES,
    is_log,
    is_whole,
    mended,
    read_mixed,
    unmarked,
)
from postfix_replies._pasted import cleared
from postfix_replies._reading import Reading, made, of_reason, of_said
from postfix_replies._sessions import read_session
from postfix_replies._tails import cut_client
from postfix_replies._told import is_told, quoted
from postfix_replies._wrapped import BLANKS, is_reply
from postfix_replies._wrappers import PROGRAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Fields = dict[str, str]

_LARGEST = 2**53  # what all languages count exactly
_MOST_BRACKETS = 500  # of a line of JSON; how deep one may nest differs
_LISTED = (("queue_name", "queue"), ("sender", "from"))
_CODED = range(200, 600)  # reply codes
_MOST_NESTED = 200  # objects and lists of an error as JSON
_SHORT = 2_000  # characters of a line that is not too long, whatever they are


def read(held: object) -> Reading | None:
    """What a held text says, and who said it; None where nothing of it is known.

    It takes a line of a log, a bounce, a transcript, a queue listing, what a client threw or
    showed, or a reply: as str, as bytes, which are UTF-8, or as an exception of smtplib or
    aiosmtplib. Of several things the first that is a refusal counts. What a client chose never
    counts for more than what Postfix wrote. The time is linear in the length, and nothing raises.
    """
    if isinstance(held, BaseException):
        return _first(_exception(held))
    text = cleared(_text(held))
    if "\n" not in text:
        return _line(text)
    lines, heads = mended(text.strip("\r\n"), read_logged)
    if is_log(lines, heads):
        return _first(list(heads.values()))
    found = _first(_plain("\n".join(lines)))
    if found is not None and is_whole(found):
        return found
    other = _first(read_mixed(lines, heads, read_logged, _plain))
    return other if found is None or (other and is_whole(other)) else found


def read_all(held: object) -> list[Reading]:
    """All that a held text says: a reading for each line of a log, or recipient of a bounce.

    Lines of a log are read as such, and what stands between them as one text.
    """
    if isinstance(held, BaseException):
        return _exception(held)
    text = cleared(_text(held)).strip("\r\n")
    if "\n" not in text:
        return _one(_line(text))
    lines, heads = mended(text, read_logged)
    return read_mixed(lines, heads, read_logged, _plain) or _plain("\n".join(lines))


def read_lines(lines: Iterable[str | bytes]) -> Iterator[Reading]:
    """A reading for each line that is one of a log of Postfix, as they come: for whole logs."""
    for line in lines:
        text = line if isinstance(line, str) else _text(line)
        reading = read_logged(text.rstrip("\r\n"))
        if reading is not None:
            yield reading


def _plain(text: str) -> list[Reading]:
    """What a text says that has no line of a log, or of which it does not matter."""
    if "\n" not in text:
        return _one(_line(text))
    return _whole(text) or [
        one for one in map(_line, text.split("\n")) if one is not None
    ]


def _first(readings: list[Reading]) -> Reading | None:
    """The first that is a refusal or a reason, else the first."""
    refused = (one for one in readings if one.line is not None or one.words is not None)
    return next(refused, readings[0] if readings else None)


def _text(held: object) -> str:
    if isinstance(held, str):
        return held
    if isinstance(held, (bytes, bytearray)):
        return held.decode("utf-8", "surrogateescape")
    as_bytes = getattr(held, "as_bytes", None)  # an email.message.Message
    if as_bytes is None:
        raise TypeError(
            f"cannot read a {type(held).__name__}: give str, bytes or an exception"
        )
    return str(as_bytes().decode("utf-8", "surrogateescape"))


def _line(line: str) -> Reading | None:
    """What one line says."""
    if line[-1:] == "\r":
        line = line[:-1]
    if is_reply(line):
        return _reply(line)
    found = read_logged(line)
    if found is not None or is_long(line):
        return found
    return _object(line) or _piece(line)


def read_logged(line: str) -> Reading | None:
    """What a line says that is one of a log, or JSON that carries one."""
    if len(line) > _SHORT and is_long(line):
        return None
    if line[:1] == "{":
        return _json(line) or read_log(line)
    return read_log(line)


def _piece(text: str) -> Reading | None:
    """What a text says that is no line of a log."""
    text = text.strip(BLANKS)
    if is_reply(text):
        return _reply(text)
    if text.startswith("(") and text.endswith(")") and _is_reason(text[1:-1]):
        return of_reason(Kind.QUEUE_LISTING, text[1:-1], {})
    bare = _bare(text)
    if bare is not None:
        return bare
    end = read_end(text)
    if end is not None:
        return end
    found = read_session(text)
    if found:
        return found[0]
    bounced = read_bounce(text[1:].strip(BLANKS) if text[:1] == ">" else text)
    if bounced and bounced[0].reason_match is not None:
        return bounced[0]
    if identify(text) is not None:
        return of_said(Kind.REPLY, Speaker.SERVER, text, {})
    return bounced[0] if bounced else read_client(text)


def _bare(text: str) -> Reading | None:
    """What a reason says that nothing stands around, but perhaps the end of what did."""
    if text.endswith(".") or (text.endswith(")") and text.count(")") > text.count("(")):
        text = text[:-1]
    return of_reason(Kind.REASON, text, {}) if _is_reason(text) else None


def _is_reason(text: str) -> bool:
    """Whether a text that nothing stands around is a reason of the delivery side."""
    return quoted(text, {}) is not None or is_told(text)


def _reply(line: str) -> Reading:
    if is_long(line):
        return of_said(Kind.REPLY, Speaker.SERVER, line, {})
    found = read_quoted(line)
    if found is not None:
        return found
    said, fields, unsure = cut_client(line, "")
    return of_said(Kind.REPLY, Speaker.SERVER, said, fields, unsure)


def _whole(text: str) -> list[Reading]:
    """What a text of several lines says as a whole; empty where its lines stand for themselves."""
    found = _listing(text) or read_bounce(text)
    if not found and (text[:1] == ">" or "\n>" in text):
        found = read_bounce(_unquoted(text))
    found = found or read_session(text)
    found = found or list(read_lines(text.split("\n")))
    return found or _one(_bare(_unfolded(text)) or read_client(text))


def _unfolded(text: str) -> str:
    """A text on one line."""
    return " ".join(line.strip(BLANKS) for line in text.split("\n"))


def _one(reading: Reading | None) -> list[Reading]:
    return [] if reading is None else [reading]


def _unquoted(text: str) -> str:
    """A text without the marks of a mail reader that quotes it, or parts of it."""
    return "\n".join(map(unmarked, text.split("\n")))


def _listing(text: str) -> list[Reading]:
    """What mailq shows: a message, the reason that it waits, its recipients."""
    readings: list[Reading] = []
    message: Fields = {}
    reason = ""
    alone = False  # whether the reason has no recipient yet
    for line in _closed(text.split("\n")):
        listed = _listed(line)
        said = line.strip(BLANKS)
        if alone and (listed or said.startswith("(")):
            readings.append(_waiting(message, reason, ""))
            alone = False
        if listed:
            message, reason = listed, ""
        elif message and said.startswith("("):
            reason, recipient = _reason(said)
            alone = not recipient
            if recipient:
                readings.append(_waiting(message, reason, recipient))
        elif reason and said and " " not in said:
            readings.append(_waiting(message, reason, said))
            alone = False
    return [*readings, _waiting(message, reason, "")] if alone else readings


def _closed(lines: list[str]) -> Iterator[str]:
    """The lines of a listing; a reason that was broken is whole up to its last bracket."""
    at = 0
    while at < len(lines):
        line, end = lines[at], at + 1
        said = line.strip(BLANKS)
        if said.startswith("(") and _opened(said) > 0:
            for last in range(end, min(end + MOST_PIECES, len(lines))):
                piece = lines[last].strip(BLANKS)
                if not piece or _listed(piece):
                    break
                said = f"{said} {piece}"
                if _opened(said) <= 0:
                    line, end = said, last + 1
                    break
        yield line
        at = end


def _opened(said: str) -> int:
    """How many brackets are open at the end of a text."""
    return said.count("(") - said.count(")")


def _listed(line: str) -> Fields:
    """The message that a line of mailq lists; empty where it lists none."""
    words = [word for word in line.replace("\t", " ").split(" ") if word]
    if len(words) != 7 or not (words[1].isascii() and words[1].isdigit()):
        return {}
    queue_id = words[0].rstrip("*!#")
    known = is_queue_id(queue_id)
    return {"queue_id": queue_id, "size": words[1], "from": words[6]} if known else {}


def _reason(said: str) -> tuple[str, str]:
    """A reason in brackets, and the recipient behind it, if it stands on the same line."""
    reason, closed, recipient = said[1:].rpartition(")")
    return (reason, recipient.strip(BLANKS)) if closed else (said[1:], "")


def _waiting(message: Fields, reason: str, recipient: str) -> Reading:
    fields = {**message, "to": recipient} if recipient else dict(message)
    return of_reason(Kind.QUEUE_LISTING, reason, fields)


def _json(line: str) -> Reading | None:
    """What a line of JSON carries: of the journal, of a container, or of postqueue -j."""
    from json import loads

    if line.count("[") + line.count("{") > _MOST_BRACKETS:
        return None
    try:
        # As floats, since Python refuses long numbers, and other languages have no others.
        carried = loads(line, parse_constant=_refused, parse_int=float)
    except (ValueError, RecursionError):
        return None
    if not isinstance(carried, dict):
        return None
    if isinstance(carried.get("log"), str):
        return _carrying(carried["log"])
    tag, message = carried.get("SYSLOG_IDENTIFIER"), carried.get("MESSAGE")
    if isinstance(tag, str) and isinstance(message, str):
        name, _, daemon = tag.rpartition("/")
        if name and daemon in PROGRAMS:
            return read_record(well_formed(tag), daemon, well_formed(message))
        return _carrying(message)
    return _queued(carried)


def _object(line: str) -> Reading | None:
    """What an error of a client says that a line ends with as JSON."""
    from json import loads

    _, found, rest = line.partition("{")
    nested = rest.count("{") + rest.count("[")
    if not found or not line.endswith("}") or nested > _MOST_NESTED:
        return None
    try:
        carried = loads(found + rest, parse_constant=_refused, parse_int=float)
        return read_object(carried)
    except (ValueError, RecursionError):
        return None


def _carrying(message: str) -> Reading | None:
    """What a message in JSON says, which is a line itself but no JSON."""
    line = well_formed(message).rstrip("\r\n")
    return None if line.startswith("{") else _line(line)


def _refused(constant: str) -> None:
    raise ValueError(constant)  # NaN is no JSON


def _queued(carried: dict[str, Any]) -> Reading | None:
    """What postqueue -j says of a message: why its first recipient waits."""
    recipients = carried.get("recipients")
    if not isinstance(recipients, list) or not isinstance(carried.get("queue_id"), str):
        return None
    fields = {"queue_id": well_formed(carried["queue_id"])}
    for name, key in _LISTED:
        if isinstance(carried.get(name), str):
            fields[key] = well_formed(carried[name])
    size = carried.get("message_size")
    if isinstance(size, float) and size.is_integer() and 0 <= size < _LARGEST:
        fields["size"] = str(int(size))
    for recipient in recipients:
        if isinstance(recipient, dict) and isinstance(
            recipient.get("delay_reason"), str
        ):
            to = recipient.get("address")
            if isinstance(to, str):
                fields["to"] = well_formed(to)
            return of_reason(
                Kind.QUEUE_LISTING, well_formed(recipient["delay_reason"]), fields
            )
    return made(Kind.QUEUE_LISTING, None, None, None, fields)


def _exception(error: BaseException) -> list[Reading]:
    """What an exception of smtplib or aiosmtplib carries; else what its text says."""
    module = next(
        (of.__module__ for of in type(error).__mro__ if "smtp" in of.__module__), ""
    )
    kind = (
        Kind.CLIENT_AIOSMTPLIB
        if module.startswith("aiosmtplib")
        else Kind.CLIENT_SMTPLIB
    )
    found = list(_carried(error))
    if not found:
        return read_all(f"{type(error).__name__}: {error}")
    return [of_refusals(kind, found), *(of_refusals(kind, [one]) for one in found[1:])]


def _carried(error: BaseException) -> Iterator[tuple[str, int, str]]:
    recipients: Any = getattr(error, "recipients", None)
    if isinstance(recipients, dict):
        for address, (code, said) in recipients.items():
            if code in _CODED:
                yield str(address), code, _text(said)
        return
    for one in recipients if isinstance(recipients, (list, tuple)) else (error,):
        code = getattr(one, "smtp_code", getattr(one, "code", None))
        said = getattr(one, "smtp_error", getattr(one, "message", None))
        if not isinstance(code, int) or code not in _CODED:
            continue
        if isinstance(said, (str, bytes)):
            yield str(getattr(one, "recipient", "")), code, _text(said)
