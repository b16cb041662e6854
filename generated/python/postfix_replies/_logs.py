"""From a line of a mail log to what it says.

Peeled from the left, where nothing hostile stands: what carries the line, how grave it is, the
queue id, then a wrapper of the catalog. Carriers are code, since they are told apart by nothing but
where the tag of Postfix is: name/program[pid] (global/mail_task.c:mail_task).
"""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._reading import made, of_reason, of_reply
from postfix_replies._tails import address_end, cut_check, cut_client
from postfix_replies._told import quoted
from postfix_replies._wrapped import clients, filled, is_reply, prepared
from postfix_replies._wrappers import LOGS, NAMES, PROGRAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from postfix_replies._reading import Reading
    from postfix_replies._wrapped import Gap

    Fields = dict[str, str]
    Wrapping = tuple[
        str,
        tuple[Gap, ...],
        Kind,
        Optional[Speaker],
        Optional[str],
        tuple[str, ...],
        Optional[str],
        Fields,
    ]


_SEVERITIES = frozenset(("warning", "error", "fatal", "panic"))
_SHORTEST = 6  # characters of a queue id (global/mail_queue.h)
_WORDS = 16  # how many words may stand before the tag
_DELIVERING = (
    "bounce",
    "cleanup",
    "discard",
    "error",
    "lmtp",
    "local",
    "nqmgr",
    "oqmgr",
    "pipe",
    "qmgr",
    "smtp",
    "virtual",
)
_SENDING = ("lmtp", "smtp")
# Without a tag, a line can be one of these programs.
_ANY = ("smtpd", "postscreen", "cleanup", "qmgr", "smtp")
# How the end of a delivery line can begin.
_PIECES = (
    *("to=<", "relay=", "conn_use=", "delay=", "delays="),
    *("tls=", "dsn=", "status="),
)
_HEADS = (4, 2, 0)
_MOST_TAGS = 1_000
_DAEMONS: dict[str, str] = {}  # by tag


def read_log(line: str) -> Reading | None:
    """What a line of a log says, None if it is no line of Postfix."""
    if "\t" in line:
        line = line.replace("\t", " ")  # of a carrier: a record has none
    head, _, text = line.partition("]: ")
    tag = head[head.rfind(" ") + 1 :].partition("[")[0]
    daemon = _DAEMONS.get(tag) or _daemon(tag)
    if not daemon or ": " in head:
        found = _tagged(line)
        if found is None:
            return _untagged(line)
        tag, text = found
        daemon = _daemon(tag)
    elif text.startswith("[ID "):
        text = text.partition("] ")[2]
    return read_record(tag, daemon, text)


def _daemon(tag: str) -> str:
    """The program of a tag, empty where it is none; those that were met are kept."""
    name, _, daemon = tag.rpartition("/")
    if not name or daemon not in PROGRAMS:
        return ""
    if len(_DAEMONS) < _MOST_TAGS:
        _DAEMONS[tag] = daemon
    return daemon


def _tagged(line: str) -> tuple[str, str] | None:
    """The tag and the text behind it, wherever among the first words it stands."""
    at = 0
    for _ in range(_WORDS):
        end = line.find(" ", at)
        if end < 0:
            return None
        word = line[at:end]
        tag = _tag(word)
        if tag:
            rest = line[end + 1 :]
            pid, _, behind = rest.partition(" - - ")
            if pid.isascii() and pid.isdigit():  # RFC 5424
                return tag, behind
            if word[-1] in ":]":
                return tag, rest
        if word[-1:] == ":":
            return None  # what follows was said by somebody
        at = end + 1
    return None


def _tag(word: str) -> str:
    """The tag that a word is: name/program, perhaps with a pid, a colon, brackets; else nothing."""
    tag = word.rstrip(":").rstrip("]")
    tag = tag.partition("[")[0] or tag.lstrip("[")
    tag = tag.rpartition(":")[2]
    return tag if _daemon(tag) else ""


def read_record(tag: str, daemon: str, text: str) -> Reading:
    """What a program of Postfix logged."""
    fields = {"tag": tag, "daemon": daemon}
    text, queued = _peeled(text, fields)
    reading = _wrapped(daemon, text, fields)
    if reading is None and daemon in _DELIVERING:
        reading = (
            _delivery(daemon, text, fields)
            if queued
            else _sending(daemon, text, fields)
        )
    return reading or made(_DAEMON, None, None, None, fields)


def _untagged(line: str) -> Reading | None:
    """What a line says of which the tag was lost."""
    if "[" not in line and ": " not in line:
        return None
    at = 0
    for _ in range(_WORDS):
        fields: Fields = {}
        text, queued = _peeled(line[at:], fields)
        for daemon in _ANY if queued else _ANY[:2]:
            found = dict(fields)
            reading = _wrapped(daemon, text, found)
            if reading is not None and "client_address" in found:
                if daemon != "smtpd" or "client_name" in found:
                    return reading
            elif reading is not None and queued:
                return reading
        if queued and text.startswith("to=<"):
            return _delivery("", text, fields)
        end = line.find(" ", at)
        if end < 0 or line[end - 1 : end] == ":":
            break  # what follows was said by somebody
        at = end + 1
    return None


def _peeled(text: str, fields: Fields) -> tuple[str, bool]:
    """A text without severity and queue id, and whether it has a queue id; adds the two."""
    word, colon, rest = text.partition(": ")
    if colon and word in _SEVERITIES:
        fields["severity"] = word
        text = rest
        word, colon, rest = text.partition(": ")
    if colon and is_queue_id(word):
        fields["queue_id"] = word
        return rest, True
    return text, False


def is_queue_id(word: str) -> bool:
    """Whether a word can be the name of a message in the queue, or stands for none."""
    if word == "NOQUEUE":
        return True
    known = len(word) >= _SHORTEST and word.isascii() and word.isalnum()
    return (
        known and not word.isalpha()
    )  # one without any digit cannot be told from a word


def _wrapped(daemon: str, text: str, fields: Fields) -> Reading | None:
    """What a record says that is one of the wrappers of its program."""
    heads = _TABLE.get(daemon)
    if heads is None:
        return None
    before = len(fields)
    for length, leads in heads:
        for wrapping in leads.get(text[:length], ()):
            if text.startswith(wrapping[0]):
                reading = _read(wrapping, text, fields)
                if reading is not None:
                    return reading
                for name in list(fields)[before:]:
                    del fields[name]
    return None


def _read(wrapping: Wrapping, text: str, fields: Fields) -> Reading | None:
    lead, gaps, kind, speaker, tail, own, words, implied = wrapping
    said = filled(gaps, text, len(lead), fields)
    if said is None:
        return None
    if tail == "check":
        return _checked(kind, speaker, implied, fields)
    unsure: list[str] = []
    if tail == "client":
        said, more, unsure = cut_client(said, fields.get("stage", ""))
        fields.update(more)
    fields.update(implied)
    if words is None and not said:
        return made(kind, speaker, None, None, fields)
    if words is not None or not is_reply(said):
        return made(kind, speaker, None, words or said, fields, unsure)
    if own and said.endswith(own):
        speaker = _SMTPD
    return of_reply(kind, speaker, said, fields, None, unsure)


def _checked(
    kind: Kind, speaker: Speaker | None, implied: Fields, fields: Fields
) -> Reading | None:
    """What a check of cleanup found, if the tail behind it shows that it is one."""
    checked = cut_check(fields.pop("content"))
    if checked is None:
        return None
    content, origin, said, more = checked
    clients(origin, fields)
    fields.update(implied, content=content, **more)
    return made(kind, speaker, None, said or None, fields)


def _delivery(daemon: str, text: str, fields: Fields) -> Reading | None:
    """What became of a recipient (global/log_adhoc.c:log_adhoc), or of a server on the way."""
    end = 0
    if text.startswith("to=<"):
        end = _address(text, 4, "to", fields)
        if text.startswith(", orig_to=<", end):
            end = _address(text, end + 11, "orig_to", fields)
        if end < 0:
            return None
    elif not text.startswith("status="):
        return _sending(daemon, text, fields)
    return _became(daemon, text[end:], fields)


def _became(daemon: str, text: str, fields: Fields) -> Reading:
    """The same from behind the recipient on."""
    status, _, reason = text.partition(" (")
    for pair in status.split(", "):
        key, equals, value = pair.partition("=")
        if equals and key in NAMES:
            fields.setdefault(key, value)
    unsure = [] if reason.endswith(")") else ["words"]
    reason = reason[:-1] if not unsure else reason
    relay = fields.get("relay", "")
    if is_reply(reason) and "[" in relay and (daemon in _SENDING or not daemon):
        fields["remote"] = relay.partition("]")[0] + "]"
        return of_reply(_SENT, _REMOTE, reason, fields, reason, unsure)
    return of_reason(_SENT, reason, fields, unsure)


def read_end(text: str) -> Reading | None:
    """What the end of a delivery line says, from a recipient or a field on."""
    if not text.startswith(_PIECES) or "status=" not in text.partition(" (")[0]:
        return None
    if text.startswith("to=<"):
        return _delivery("", text, {})
    return _became("", text, {})


def _sending(daemon: str, text: str, fields: Fields) -> Reading | None:
    """What became of a server on the way; a warning only where the server is quoted."""
    told = "queue_id" in fields or text.startswith("connect to ")
    plain = told and "severity" not in fields
    if daemon in _SENDING and (plain or quoted(text, {}) is not None):
        return of_reason(_INFO, text, fields)
    return None


def _address(text: str, at: int, name: str, fields: Fields) -> int:
    """Adds the address in brackets that begins at a place; where what follows begins, or -1."""
    end = address_end(text, at) if at > 0 else -1
    if end < 0:
        end = text.find(">, ", at)  # not quoted before 3.5
    if end < 0:
        return -1
    fields[name] = text[at:end]
    return end + 1


def _load() -> dict[str, list[tuple[int, dict[str, list[Wrapping]]]]]:
    """The wrappers of each program by their first characters."""
    table: dict[str, dict[int, dict[str, list[Wrapping]]]] = {}
    for lead, holes, kind, speaker, daemons, tail, own, words, fields in LOGS:
        said_by = None if speaker is None else Speaker(speaker)
        wrapping = (
            lead,
            prepared(holes),
            Kind(kind),
            said_by,
            tail,
            own,
            words,
            fields,
        )
        length = next(length for length in _HEADS if length <= len(lead))
        for daemon in daemons:
            heads = table.setdefault(daemon, {})
            heads.setdefault(length, {}).setdefault(lead[:length], []).append(wrapping)
    return {
        daemon: sorted(heads.items(), key=lambda head: -head[0])
        for daemon, heads in table.items()
    }


_TABLE = _load()
_DAEMON, _SENT, _INFO = Kind.DAEMON, Kind.DELIVERY, Kind.DELIVERY_INFO
_SMTPD, _REMOTE = Speaker.SMTPD, Speaker.REMOTE
