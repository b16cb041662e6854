"""What a held text means, for people and for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap

from postfix_replies import (
    Form,
    Influence,
    Reply,
    Setting,
    Twin,
    Variant,
    by_code,
    by_enhanced,
    read,
    read_all,
)
from postfix_replies._facts import LABELS, PAGE
from postfix_replies._named import Named
from postfix_replies._printed import printable
from postfix_replies._record import Record
from postfix_replies.codes import enhanced_code, reply_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from postfix_replies import Match, Reading

    Row = tuple[str, str]

_LONGEST = 512  # characters of an unknown line that are compared
_NARROWEST = 20  # columns of a terminal
_SHOWN = 200  # characters of what is said that are shown
_MARGIN = 14  # columns of the names of the rows of a first screen
_SIMILAR = 0.4  # how much of a text must be there for it to be called the nearest
_REPAIRS = {
    "folded": "The text went on behind a line break.",
    "quoted": "Blanks, quotes or `smtp;` stood before or around the line.",
    "entities": "The line had HTML entities, such as &lt;.",
    "blanks": "Blanks were missing, doubled or tabs.",
    "code": "Marks stood around or behind the reply code.",
    "no_code": "There was no reply code.",
    "brackets": "The angle brackets were missing or doubled.",
    "masked": "The name of the host was masked.",
}
_ACTIONS = {
    "client": "client_action",
    "operator": "operator_action",
    "network": "operator_action",
}
_STATUSES = {
    "sent": "The mail was delivered.",
    "deferred": "Postfix keeps the mail and tries again by itself.",
    "bounced": "Postfix gave up, and returned the mail to its sender.",
    "SOFTBOUNCE": "Postfix would return the mail, but soft_bounce makes it try again.",
    "expired": "The mail was too long in the queue, and Postfix returned it to its sender.",
    "deliverable": "Postfix only asked whether the address takes mail: it does.",
    "undeliverable": "Postfix only asked whether the address takes mail: it does not.",
}


def explain(
    texts: Iterable[str],
    as_json: bool = False,
    everything: bool = False,
    bold: bool = False,
) -> bool:
    """Print what each text means, and return whether anything of any is known."""
    found = False
    for number, text in enumerate(texts):
        answers = list(_answers(text.rstrip("\r\n")))
        found = found or any(answer.is_known() for answer in answers)
        for again, answer in enumerate(answers or [None]):
            if as_json:
                print(json.dumps(answer and answer.known()), flush=True)
                continue
            if number or again:
                print()
            rows = _unknown(text) if answer is None else answer.rows(everything)
            _print(list(rows), bold)
    return found


def texts_of(stream: Iterable[str]) -> Iterator[str]:
    """The texts of a stream: each line of a log or each reply as it comes, else all of it."""
    lines = iter(stream)
    kept: list[str] = []
    for line in lines:
        kept.append(line)
        if line.strip():
            break
    first = read(kept[-1]) if kept else None
    if first is None or first.kind in ("bounce_text", "client_other"):
        kept += lines
        whole = "".join(kept)
        kept = [whole] if read_all(whole) else kept
    yield from kept
    yield from lines


def _answers(text: str) -> Iterator[_OfCode | _OfReply | _OfReading]:
    """What a text is: the name of a reply, a code, or what somebody holds."""
    named = text.strip()
    if named.isascii() and named.isdigit():
        if reply_code(int(named[:4])) or by_code(int(named[:4])):
            yield _OfCode(named)
        return
    reply = _reply(named)
    if reply is not None:
        yield _OfReply(reply)
    elif enhanced_code(named) or by_enhanced(named):
        yield _OfCode(named)
    else:
        yield from map(_OfReading, read_all(text))


def _reply(name: str) -> Reply | None:
    """The reply of an id, however it is spelled."""
    try:
        return Reply(name.lower().replace("-", "_"))
    except ValueError:
        return None


class _OfCode:
    """A reply code or an enhanced status code, whatever server sends it."""

    def __init__(self, code: str) -> None:
        self.code = code
        number = code.isdigit()
        self.replies = by_code(int(code)) if number else by_enhanced(code)
        self.general = reply_code(int(code)) if number else enhanced_code(code)

    def is_known(self) -> bool:
        return True

    def known(self) -> dict[str, Any]:
        meaning = self.general and self.general.meaning
        return {"code": self.code, "meaning": meaning, "replies": list(self.replies)}

    def rows(self, everything: bool) -> Iterator[Row]:
        if self.general is not None:
            yield self.code, self.general.meaning
            yield "Defined in", self.general.reference
        for reply in self.replies:
            yield "Postfix says", f"{reply}: {reply.text}"
            if everything:
                yield "", reply.summary
        if self.replies:
            yield "", "A code alone does not say which: give the whole line."


class _OfReply:
    """A reply by its name."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def is_known(self) -> bool:
        return True

    def known(self) -> dict[str, Any]:
        facts = {name: _plain(getattr(self.reply, name)) for name in LABELS}
        return {"id": self.reply, **facts, "page": _page(self.reply)}

    def rows(self, everything: bool) -> Iterator[Row]:
        yield "Happened", self.reply.summary
        yield "Text", self.reply.text
        yield from _todo(self.reply, False)
        if everything:
            for name, label in LABELS.items():
                for said in _said(getattr(self.reply, name), None):
                    yield label, said
        yield from _named(self.reply)


class _OfReading:
    """What somebody holds."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def is_known(self) -> bool:
        return self.reading.match is not None or self.reading.speaker != "server"

    def known(self) -> dict[str, Any]:
        match = self.reading.match
        return {**(known(match) if match else {}), **self.reading.as_dict()}

    def rows(self, everything: bool) -> Iterator[Row]:
        reading, match = self.reading, self.reading.match
        if not self.is_known():
            yield "Unknown", "No reply that Postfix is known to send."
        if match is None:
            yield "What it is", reading.kind.meaning
        else:
            yield "Happened", match.reply.summary
            if reading.kind == "smtpd_action":
                yield "", reading.kind.meaning
        yield from _spoken(reading)
        if match is not None:
            yield from _decided(match)
        else:
            yield from _general(reading)
        yield from _around(reading)
        if everything:
            yield from sorted(reading.fields.items())
            yield from rows(match) if match else ()
        elif match is not None:
            yield from _named(match.reply)


def _spoken(reading: Reading) -> Iterator[Row]:
    """Who said what to whom, and what became of the mail."""
    if reading.speaker is not None:
        yield "Who spoke", reading.speaker.meaning
    said = reading.line or reading.words
    if said:
        yield "Said", said if len(said) <= _SHOWN else f"{said[:_SHOWN]} ..."
    status = _STATUSES.get(reading.fields.get("status", ""))
    if status:
        yield "Then", status


def _decided(match: Match) -> Iterator[Row]:
    verdict = match.verdict
    if verdict is None:
        misleads = match.retryable == (match.retry == "change_first")
        yield from _todo(match.reply, misleads)
        return
    yield "In this case", verdict.meaning
    yield "Must act", match.must_act.meaning
    yield "Wait", match.retry.meaning
    yield "To do", verdict.advice


def _todo(reply: Reply, misleads: bool) -> Iterator[Row]:
    """Who must act, whether to wait, though the code may mislead there, and what to do."""
    yield "Must act", reply.must_act.meaning
    yield "Wait", (reply.retry_note if misleads else None) or reply.retry.meaning
    yield "To do", getattr(reply, _ACTIONS.get(reply.must_act, "sender_action"))


def _general(reading: Reading) -> Iterator[Row]:
    """What codes say in general, and what stands in the way of more."""
    said = reading.line or reading.words
    if not said or reading.speaker is None:
        return
    code = None if reading.code is None else reply_code(reading.code)
    enhanced = None if reading.enhanced is None else enhanced_code(reading.enhanced)
    if code is not None:
        yield str(reading.code), code.meaning
    if enhanced is not None:
        yield str(reading.enhanced), enhanced.meaning
    if reading.speaker in ("smtpd", "postscreen", "server"):
        yield from _nearest(said)
        if reading.line is None:
            yield "In the way", "The reply code is missing."


def _around(reading: Reading) -> Iterator[Row]:
    """What is repeated of another server, and what the text does not settle."""
    inner = reading.inner
    if inner is not None:
        known = inner.match
        told = known.reply.summary if known else inner.line or inner.words or ""
        yield "It repeats", f"{inner.fields.get('remote', 'another server')}: {told}"
    if "words" in reading.unsure:
        yield "In the way", "The line is cut."
    elif reading.unsure:
        yield "Not sure", ", ".join(reading.unsure)


def _named(reply: Reply) -> Iterator[Row]:
    yield "Name", reply.value
    yield "More", _page(reply)


def _page(reply: Reply) -> str:
    return f"{PAGE}#{reply.value}"


def known(match: Match) -> dict[str, Any]:
    """A match and all that is known of its reply, for programs."""
    facts = {name: _plain(_fact(match, name)) for name in LABELS}
    facts["verdict"] = match.verdict
    return {**match.as_dict(), **facts, "page": _page(match.reply)}


def _fact(match: Match, name: str) -> Any:
    """A fact of the reply; of the match where the line itself decides."""
    decided = ("closes", "must_act", "retry")
    return getattr(match if name in decided else match.reply, name)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value


def rows(match: Match) -> Iterator[tuple[str, str]]:
    """A match and what is known of its reply, for people: a name and a sentence at a time."""
    yield "Reply", match.reply.value
    yield from match.params.items()
    verdict = match.verdict
    if verdict is not None:
        yield "In this case", f"{verdict.meaning} {verdict.advice}"
    if match.tail:
        yield "Tail", f"{match.tail!r} stands behind the text and is not part of it."
    for repair in match.repairs:
        yield "Put right", _REPAIRS[repair]
    for name, label in LABELS.items():
        for said in _said(_fact(match, name), match):
            yield label, said
    yield "Page", _page(match.reply)


def _said(value: Any, match: Match | None) -> Iterator[str]:
    """A fact in words; nothing where there is nothing to say about this match."""
    if value is True:
        yield "Yes."
    elif isinstance(value, Named):
        yield value.meaning  # type: ignore[attr-defined]
    elif isinstance(value, str):
        yield value
    elif value and isinstance(value[0], Record):
        yield from _records(value, match)
    elif value:
        yield ", ".join(value)


def _records(records: tuple[Any, ...], match: Match | None) -> Iterator[str]:
    """What of some records is about this match."""
    if isinstance(records[0], Variant):
        yield from _codes(records) if match is None else [_when(match)]
    elif isinstance(records[0], Setting):
        yield ", ".join(setting.name for setting in records)
    for record in records:
        if isinstance(record, Form) and match and record.form == match.form:
            yield f"{record.form}. {record.note}"
        elif isinstance(record, Twin):
            yield f"{record.reply}: {record.difference}"


def _codes(variants: tuple[Variant, ...]) -> Iterator[str]:
    for variant in variants:
        yield f"{variant.code} {variant.enhanced or ''}: {variant.when}".replace(
            " :", ":"
        )


def _when(match: Match) -> str:
    if match.code is None:
        return "The words came without a reply code."
    for variant in match.reply.variants:
        if (variant.code, variant.enhanced) == (match.code, match.enhanced):
            return variant.when
    for influence in Influence:
        if influence == "soft_bounce" and _softened(match):
            return f"The setting soft_bounce made them. {influence.meaning}"
    return "Postfix by itself does not send these codes with this text."


def _softened(match: Match) -> bool:
    """Whether these are codes of the reply that soft_bounce made temporary."""
    if match.code is None or not match.retryable:
        return False
    hard = match.enhanced and f"5{match.enhanced[1:]}"
    pairs = [(variant.code, variant.enhanced) for variant in match.reply.variants]
    return (match.code + 100, hard) in pairs


def _unknown(text: str) -> Iterator[Row]:
    """What can be said of a text that is not known: which reply is nearest."""
    yield "Unknown", f"Nothing that Postfix or an SMTP client is known to write: {text[:100]}"
    yield from _nearest(text)


def _nearest(line: str) -> Iterator[Row]:
    found = nearest(line)
    if found is not None:
        reply, text, differences = found
        yield "Nearest", f"{reply.value}: {text}"
        for said in differences:
            yield "Differs", said


def nearest(line: str) -> tuple[Reply, str, list[str]] | None:
    """The reply whose text is most like a line, that text, and how they differ."""
    from difflib import SequenceMatcher

    words = line[:_LONGEST].split("\n")[0].split()
    said = words[1:] if words and words[0][:3].isdigit() else words
    best = _SIMILAR
    found = None
    for reply in Reply:
        for text in (reply.text, *(form.text for form in reply.forms)):
            matcher = SequenceMatcher(None, text.split(), said, autojunk=False)
            if matcher.quick_ratio() > best and matcher.ratio() > best:
                best = matcher.ratio()
                found = reply, text, list(_differences(matcher, text.split(), said))
    return found


def _differences(matcher: Any, known: list[str], said: list[str]) -> Iterator[str]:
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and "{" not in "".join(known[a:b]):
            here = " ".join(said[c:d]) or "nothing"
            yield f"The line has {here!r} where the text has {' '.join(known[a:b])!r}."


def _print(rows: list[Row], bold: bool) -> None:
    """Some rows; control characters of a hostile text do not reach the terminal."""
    width = max(_MARGIN, *(len(name) + 2 for name, _ in rows)) if rows else 0
    terminal = sys.stdout.isatty()
    columns = (
        max(shutil.get_terminal_size().columns - width, _NARROWEST) if terminal else 0
    )
    for number, (name, said) in enumerate(rows):
        shown = printable(said)
        if columns:
            shown = f"\n{' ' * width}".join(textwrap.wrap(shown, columns) or [""])
        if bold:
            name = f"\x1b[1m{name}\x1b[0m{' ' * (width - len(name))}"
            shown = shown if number else f"\x1b[1m{shown}\x1b[0m"
        print(f"{name:{width}}{shown}".rstrip())
