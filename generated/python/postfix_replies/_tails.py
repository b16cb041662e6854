"""What stands behind a reply in a log line: who the client is, from the right.

A log tail is code and no data of the catalog, since it is found from its end: what a client wrote
into a sender or a HELO name looks like a tail too, and Postfix quotes it (smtpd/smtpd_check.c:
log_whatsup, postscreen/postscreen_smtpd.c:psc_rcpt_cmd, cleanup/cleanup_message.c:cleanup_act_log).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    Fields = dict[str, str]
    # The fields of a tail and where it ends.
    Tail = tuple[Fields, int]
    Cut = Optional[tuple[str, Fields, tuple[str, ...]]]

_KEYS = (
    "from",
    "to",
    "proto",
    "helo",
    "sasl_method",
    "sasl_username",
    "sasl_sender",
)
_ORDER = {key: place for place, key in enumerate(_KEYS)}
_NOT_HELO = frozenset(' <>()\\";@')
_ADDRESSES = ("from", "to")


def cut_client(said: str, stage: str) -> tuple[str, Fields, list[str]]:
    """A reply without its tail, the fields of the tail, and those that are not sure."""
    if stage in ("HELO", "EHLO"):
        return _cut_raw(said)
    found = _rightmost(said, len(said))
    if found is None:
        return _cut_loosely(said)
    at, fields = found
    # A login name is logged as it is, so it can hold what looks like a tail.
    unsure: list[str] = []
    if " sasl_username=" in said[:at]:
        other = _rightmost(said, at)
        if other is not None and "sasl_username" in other[1]:
            unsure = ["line", *other[1]]
            at, fields = other
    if " " in fields.get("sasl_username", "") and "sasl_sender" in fields:
        unsure = unsure or ["sasl_username", "sasl_sender"]
    return said[:at], fields, unsure


def _rightmost(said: str, end: int) -> tuple[int, Fields] | None:
    """The last `;` behind which all is a tail."""
    at = said.rfind("; ", 0, end)
    while at >= 0:
        tail = run(said, at + 2)
        if tail is not None and tail[1] == len(said) and tail[0]:
            return at, tail[0]
        at = said.rfind("; ", 0, at)
    return None


def _cut_raw(said: str) -> tuple[str, Fields, list[str]]:
    """The same at HELO, where the name is logged as the client wrote it."""
    at = said.find("; proto=")
    if at < 0:
        return _without_mark(said), {}, []
    proto, helo_found, helo = said[at + 8 :].partition(" helo=<")
    fields = {"proto": proto}
    if helo_found:
        fields["helo"] = helo.removesuffix(">")
    more = said.find("; proto=", at + 1) >= 0
    return said[:at], fields, ["line", "helo"] if more else []


def _cut_loosely(said: str) -> tuple[str, Fields, list[str]]:
    """The same before Postfix 3.5, which did not quote: more than one way can be right."""
    at = said.rfind("; from=<")
    proto = said.rfind("> proto=")
    if at < 0 or proto < at:
        return _without_mark(said), {}, []
    rest = run(said, proto + 2)
    if rest is None or rest[1] != len(said):
        return _without_mark(said), {}, []
    between = said[at + 8 : proto]
    sender, found, recipient = between.rpartition("> to=<")
    fields = {"from": sender if found else recipient, **rest[0]}
    if found:
        fields["to"] = recipient
    unsure = ["from", "to"] if found else ["from"]
    return (
        said[:at],
        fields,
        unsure if said.find("; from=<") == at else ["line", *unsure],
    )


def _without_mark(said: str) -> str:
    """Without the `;` of which the tail was lost."""
    return said[:-1] if said.endswith(";") else said


def run(text: str, at: int) -> Tail | None:
    """The fields that begin at a place: name=value or name=<value>, each once and in order."""
    fields: Fields = {}
    last = -1
    while True:
        key = text[at : at + 14].partition("=")[0]
        place = _ORDER.get(key, -1)
        if place <= last:
            return None
        last = place
        found = _value(text, at + len(key) + 1, key)
        if found is None:
            return None
        fields[key], at = found
        if text.startswith(" ", at):
            at += 1
        elif text.startswith(", ", at):
            at += 2
        else:
            return fields, at


def _value(text: str, at: int, key: str) -> tuple[str, int] | None:
    if text.startswith("<", at):
        end = address_end(text, at + 1) if key in _ADDRESSES else _name_end(text, at)
        return None if end < 0 else (text[at + 1 : end], end + 1)
    if key == "sasl_username":
        end = text.rfind(" sasl_sender=", at)
        end = len(text) if end < 0 or " " in text[end + 1 :] else end
        return text[at:end], end
    if key in _ADDRESSES:
        return None
    end = at
    while end < len(text) and text[end] not in " ,;:":
        end += 1
    return (text[at:end], end) if end > at else None


def _name_end(text: str, at: int) -> int:
    """Where `<name>` ends: a HELO name or a login name of a milter's line; else -1."""
    if text.endswith(">") and text.find(" ", at) < 0:
        return (
            len(text) - 1
        )  # postscreen logs the word as it is, to the end of the line
    end = text.find(">", at)
    return end if _NOT_HELO.isdisjoint(text[at + 1 : end]) else -1


def address_end(text: str, at: int) -> int:
    """Where the `>` behind an address is: what stands in its quotes counts for nothing. Else -1."""
    end = text.find(">", at)
    if text.find('"', at, end) < 0:
        address = text[at:end]
        return -1 if "<" in address or ";" in address or " " in address else end
    return _quoted_end(text, at)


def _quoted_end(text: str, at: int) -> int:
    while at < len(text):
        char = text[at]
        if char == '"':
            at = _quote_end(text, at + 1)
            if at < 0:
                return -1
        elif char == ">":
            return at
        elif char in "<; ":
            return -1
        at += 1
    return -1


def _quote_end(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            return at
        at += 1
    return -1


def cut_check(content: str) -> tuple[str, str, str, Fields] | None:
    """What a check of cleanup found, where from, what it says about it, and the fields.

    The tail is the last ` from ...;` that is one, since what was found can hold another.
    """
    at = content.rfind(" from ")
    while at >= 0:
        origin, found, _ = content[at + 6 :].partition(";")
        if found and " " not in origin:
            start = at + 6 + len(origin) + 1
            tail: Tail | None = ({}, start)
            if content.startswith(" ", start):
                tail = run(content, start + 1)
            if tail is not None:
                end = tail[1]
                if end == len(content):
                    return content[:at], origin, "", tail[0]
                if content.startswith(": ", end):
                    return content[:at], origin, content[end + 2 :], tail[0]
        at = content.rfind(" from ", 0, at)
    return None
