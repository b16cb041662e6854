"""From a delivery status notification, or a piece of one, to what it says of each recipient.

RFC 3464; bounce/bounce_notify_util.c. What was returned is never looked at: its author chose it.
"""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._reading import made, of_reason, of_reply
from postfix_replies._tails import address_end
from postfix_replies._wrapped import BLANKS, is_reply, lowered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postfix_replies._reading import Reading

    Fields = dict[str, str]

_STATUS = ("message/delivery-status", "message/global-delivery-status")
# What a field of a notification is called here.
_NAMES = {
    "final-recipient": "to",
    "original-recipient": "orig_to",
    "action": "action",
    "status": "dsn",
    "remote-mta": "remote_mta",
    "reporting-mta": "reporting_mta",
    "x-postfix-queue-id": "queue_id",
    "x-postfix-sender": "from",
    "diagnostic-code": "diagnostic",
}
_TYPED = ("to", "orig_to", "remote_mta", "reporting_mta", "from")
_EXPANDED = " (expanded from <"
_OF_MESSAGE = ("reporting_mta", "queue_id", "from")


def read_bounce(text: str) -> list[Reading]:
    """What a notification says of each recipient; empty where it is none."""
    text = text.replace("\r\n", "\n")
    parts = list(_parts(text))
    if parts:
        reports = [body for kind, body in parts if kind in _STATUS]
        told = [body for kind, body in parts[:1] if kind not in _STATUS]
        return _merged(_MESSAGE, reports, told)
    recipients = list(_recipients([text]))
    if recipients:
        return [_of_report(_DSN, fields, None) for fields in recipients]
    return [of_reason(_TEXT, reason, fields) for fields, reason in _told([text])]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a message before the one that was returned, each with its type."""
    head, _, body = text.partition("\n\n")
    of_message = _fields(head)
    kind = of_message.get("content-type", "")
    _, found, rest = kind.partition("boundary=")
    if not found or not lowered(kind).startswith("multipart/report"):
        return
    boundary = (
        rest[1:].partition('"')[0]
        if rest[:1] == '"'
        else rest.partition(";")[0].strip(BLANKS)
    )
    for part in body.split(f"\n--{boundary}")[
        1 if not body.startswith(f"--{boundary}") else 0 :
    ]:
        head, _, inside = part.partition("\n\n")
        kind = _fields(head.partition("\n")[2]).get("content-type", "text/plain")
        kind = lowered(kind.partition(";")[0].strip(BLANKS))
        if kind not in _STATUS and not kind.startswith("text/plain"):
            return
        yield kind, inside


def _fields(block: str) -> dict[str, str]:
    """The fields of a block by name in lower case, unfolded; the first of a name counts."""
    found: dict[str, list[str]] = {}
    pieces: list[str] = []
    for line in block.split("\n"):
        if line[:1] not in (" ", "\t"):
            name, colon, line = line.partition(":")
            name = lowered(name.strip(BLANKS)).replace(" ", "-")
            pieces = []
            if colon:
                found.setdefault(name, pieces)
        pieces.append(line.strip(BLANKS))
    return {name: " ".join(pieces) for name, pieces in found.items()}


def _recipients(texts: Iterable[str]) -> Iterator[Fields]:
    """The fields of each recipient, with those of the message."""
    of_message: Fields = {}
    for text in texts:
        for block in text.split("\n\n"):
            fields = _named(_fields(block))
            if "reporting_mta" in fields and "to" not in fields:
                of_message = {key: fields[key] for key in _OF_MESSAGE if key in fields}
            elif "diagnostic" in fields or ("to" in fields and "action" in fields):
                yield {**of_message, **fields}


def _named(fields: dict[str, str]) -> Fields:
    found = {}
    for name, value in fields.items():
        key = _NAMES.get(name)
        if key in _TYPED:
            _, semicolon, rest = value.partition(";")
            value = rest.strip(BLANKS) if semicolon else value
        if key is not None:
            found[key] = lowered(value) if key == "action" else value
    return found


def _of_report(kind: Kind, fields: Fields, reason: str | None) -> Reading:
    """A reading of a recipient's fields, and of what people are told, if that is there."""
    of, semicolon, said = fields.pop("diagnostic", "").partition(";")
    said = said.strip(BLANKS)
    if semicolon:
        fields["diagnostic_type"] = lowered(of.strip(BLANKS))
    if reason is not None:
        return of_reason(kind, reason, fields)
    if fields.get("diagnostic_type") == "smtp" and is_reply(said):
        return of_reply(kind, Speaker.REMOTE, said, fields)
    if fields.get("diagnostic_type") == "x-unix":
        return made(kind, Speaker.COMMAND, None, said, fields)
    if said:
        return of_reason(kind, said, fields)
    return made(kind, Speaker.DELIVERY, None, None, fields)


def _merged(kind: Kind, reports: list[str], told: list[str]) -> list[Reading]:
    """Readings of a whole notification: what programs and people are told of each recipient."""
    people = list(_told(told))
    reasons: dict[str, str] = {}
    for fields, reason in people:
        reasons.setdefault(fields["to"], reason)
    recipients = list(_recipients(reports))
    readings = [
        _of_report(kind, of, reasons.get(of.get("to", ""))) for of in recipients
    ]
    return readings or [of_reason(kind, reason, fields) for fields, reason in people]


def _told(texts: Iterable[str]) -> Iterator[tuple[Fields, str]]:
    """What people are told: `<recipient>: reason`, folded."""
    for text in texts:
        for block in text.split("\n\n"):
            if not block.lstrip("\n").startswith("<"):
                continue
            line = " ".join(
                piece.strip(BLANKS) for piece in block.strip("\n").split("\n")
            )
            end = address_end(line, 1)
            rest = line[end + 1 :] if end > 0 else ""
            fields = {"to": line[1:end]}
            stop = (
                address_end(rest, len(_EXPANDED)) if rest.startswith(_EXPANDED) else -1
            )
            if stop >= 0:
                fields["orig_to"] = rest[len(_EXPANDED) : stop]
                rest = rest[stop + 2 :]
            if rest.startswith(": "):
                yield fields, rest[2:]


_MESSAGE, _DSN, _TEXT = Kind.BOUNCE_MESSAGE, Kind.BOUNCE_DSN, Kind.BOUNCE_TEXT
