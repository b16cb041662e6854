"""What a held text means, for people and for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap

from postfix_replies import (
    DeliveryStatus,
    Form,
    Influence,
    Match,
    Reason,
    Reply,
    Setting,
    Twin,
    Variant,
    _facts,
    _reason_facts,
    by_code,
    by_dsn,
    by_enhanced,
    read,
    read_all,
)
from postfix_replies._named import Named
from postfix_replies._printed import printable
from postfix_replies._record import Record
from postfix_replies.codes import enhanced_code, reply_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from postfix_replies import Reading, ReasonMatch

    Row = tuple[str, str]
    Said = Reply | Reason
    Found = Match | ReasonMatch

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
    "client": ("client_action",),
    "operator": ("operator_action",),
    "network": ("operator_action",),
    "recipient": (
        "recipient_action",
        "sender_action",
    ),  # a reply has no action for that side
    "remote": ("recipient_action", "sender_action"),
}
# What the log has beside the statuses of reasons.
_STATUSES = {
    "SOFTBOUNCE": "Postfix would return the mail, but soft_bounce makes it try again.",
    "expired": "The mail was too long in the queue, and Postfix returned it to its sender.",
    "force-expired": "Somebody ended the wait, and Postfix returned the mail to its sender.",
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


def _answers(text: str) -> Iterator[_OfCode | _OfSaid | _OfReading]:
    """What a text is: the name of a reply or reason, a code, or what somebody holds."""
    named = text.strip()
    if named.isascii() and named.isdigit():
        if reply_code(int(named[:4])) or by_code(int(named[:4])):
            yield _OfCode(named)
        return
    said = _called(named)
    if said is not None:
        yield _OfSaid(said)
    elif enhanced_code(named) or by_enhanced(named) or by_dsn(named):
        yield _OfCode(named)
    else:
        yield from map(_OfReading, read_all(text))


def _called(name: str) -> Said | None:
    """The reply or reason of an id, however it is spelled."""
    an_id = name.lower().replace("-", "_")
    for noun in (Reply, Reason):
        try:
            return noun(an_id)
        except ValueError:
            continue
    return None


class _OfCode:
    """A reply code or an enhanced status code, whatever server sends it."""

    def __init__(self, code: str) -> None:
        self.code = code
        number = code.isdigit()
        self.replies = by_code(int(code)) if number else by_enhanced(code)
        self.reasons = () if number else by_dsn(code)
        self.general = reply_code(int(code)) if number else enhanced_code(code)

    def is_known(self) -> bool:
        return True

    def known(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "meaning": self.general and self.general.meaning,
            "replies": list(self.replies),
            "reasons": list(self.reasons),
        }

    def rows(self, everything: bool) -> Iterator[Row]:
        if self.general is not None:
            yield self.code, self.general.meaning
            yield "Defined in", self.general.reference
        everyone: tuple[Said, ...] = (*self.replies, *self.reasons)
        for said in everyone:
            yield "Postfix says", f"{said}: {said.text}"
            if everything:
                yield "", said.summary
        if self.replies or self.reasons:
            yield "", "A code alone does not say which: give the whole line."


class _OfSaid:
    """A reply or reason by its name."""

    def __init__(self, said: Said) -> None:
        self.said = said

    def is_known(self) -> bool:
        return True

    def known(self) -> dict[str, Any]:
        facts = {name: _plain(getattr(self.said, name)) for name in _labels(self.said)}
        return {"id": self.said, **facts, "page": self.said.page}

    def rows(self, everything: bool) -> Iterator[Row]:
        yield "Happened", self.said.summary
        yield "Text", self.said.text
        if self.said.must_act is not None:
            yield "Must act", self.said.must_act.meaning
        yield "Wait", self.said.retry.meaning
        yield "To do", _action(self.said)
        if everything:
            for name, label in _labels(self.said).items():
                for said in _said(getattr(self.said, name), None):
                    yield label, said
        yield from _named(self.said)


class _OfReading:
    """What somebody holds."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.found = _found(reading)

    def is_known(self) -> bool:
        return self.found is not None or self.reading.speaker != "server"

    def known(self) -> dict[str, Any]:
        found = known(self.found) if self.found else {}
        return {**found, **self.reading.as_dict()}

    def rows(self, everything: bool) -> Iterator[Row]:
        reading, found = self.reading, self.found
        if not self.is_known():
            yield "Unknown", "No reply that Postfix is known to send."
        if found is None:
            yield "What it is", reading.kind.meaning
        else:
            yield "Happened", _of(found).summary
            if reading.kind == "smtpd_action":
                yield "", reading.kind.meaning
        yield from _spoken(reading)
        yield from _decided(reading)
        if reading.match is None:
            yield from _general(reading)
        if found is None:
            yield from _unnamed(reading)
        yield from _around(reading)
        if everything:
            yield from sorted(reading.fields.items())
            yield from rows(found) if found else ()
        elif found is not None:
            yield from _named(_of(found))


def _found(reading: Reading) -> Found | None:
    """What a reading is about.

    Of a reason that repeats a reply that is the reason where it says by itself who must act.
    """
    told = reading.reason_match
    if told is not None and told.reason.must_act is not None:
        return told
    return reading.match or told


def _of(found: Found) -> Said:
    """The reply or reason that a match is of."""
    return found.reply if isinstance(found, Match) else found.reason


def _spoken(reading: Reading) -> Iterator[Row]:
    """Who said what to whom, and what became of the mail."""
    if reading.speaker is not None:
        yield "Who spoke", reading.speaker.meaning
    said = reading.line or reading.words
    if said:
        yield "Said", said if len(said) <= _SHOWN else f"{said[:_SHOWN]} ..."
    status = reading.fields.get("status", "").removesuffix("-but-not-cached")
    if status in _STATUSES:
        yield "Then", _STATUSES[status]
    elif status in set(DeliveryStatus):
        yield "Then", DeliveryStatus(status).meaning


def _decided(reading: Reading) -> Iterator[Row]:
    """Who must act, whether to wait, and what to do."""
    if reading.reply is not None and reading.reason is not None:
        if reading.reason.must_act is None:
            yield "Reason", reading.reason.summary
        else:
            yield "It repeats", reading.reply.summary
    found = _found(_deciding(reading))
    if found is None:
        return
    said, verdict = _of(found), found.verdict
    if verdict is not None:
        yield "In this case", verdict.meaning
    if reading.must_act is not None:
        party = reading.must_act
        repeats = reading.speaker == "remote"
        yield "Must act", (repeats and party.repeating) or party.meaning
    if reading.retry is not None:
        note = _misleading(found) if verdict is None else None
        yield "Wait", note or reading.retry.meaning
    yield "To do", _action(said) if verdict is None else verdict.advice


def _deciding(reading: Reading) -> Reading:
    """The reading whose words decide: the innermost that says who must act."""
    while reading.match is None:
        inner = reading.inner
        if inner is None or inner.must_act is None:
            break
        reading = inner
    return reading


def _misleading(found: Found) -> str | None:
    """Why to wait or not, where the code says otherwise."""
    if not isinstance(found, Match):
        return None
    misleads = found.retryable == (found.retry == "change_first")
    return found.reply.retry_note if misleads else None


def _action(said: Said) -> str:
    """What those do who must act; what the sender does where nobody must."""
    names = _ACTIONS.get(said.must_act or "", ("sender_action",))
    action: str = next(getattr(said, name) for name in names if hasattr(said, name))
    return action


def _general(reading: Reading) -> Iterator[Row]:
    """What codes say in general."""
    code = None if reading.code is None else reply_code(reading.code)
    enhanced = None if reading.enhanced is None else enhanced_code(reading.enhanced)
    if code is not None:
        yield str(reading.code), code.meaning
    if enhanced is not None:
        yield str(reading.enhanced), enhanced.meaning


def _unnamed(reading: Reading) -> Iterator[Row]:
    """What is nearest to words that are not known, and what stands in the way."""
    said = reading.line or reading.words
    if not said:
        return
    if reading.speaker == "delivery":
        yield from _nearest(said, Reason)
    if reading.speaker in ("smtpd", "postscreen", "server"):
        yield from _nearest(said, Reply)
        if reading.line is None:
            yield "In the way", "The reply code is missing."


def _around(reading: Reading) -> Iterator[Row]:
    """What is repeated of another server, and what the text does not settle."""
    inner = reading.inner
    if inner is not None:
        found: Found | None = inner.match or inner.reason_match
        told = _of(found).summary if found else inner.line or inner.words or ""
        remote = inner.fields.get("remote")
        yield "It repeats", f"{remote}: {told}" if remote else told
    if "words" in reading.unsure:
        yield "In the way", "The line is cut."
    elif reading.unsure:
        yield "Not sure", ", ".join(reading.unsure)


def _named(said: Said) -> Iterator[Row]:
    yield "Name", said.value
    yield "More", said.page


def _labels(said: Said) -> dict[str, str]:
    """The labels of what is told of a reply or a reason."""
    return _facts.LABELS if isinstance(said, Reply) else _reason_facts.LABELS


def known(found: Found) -> dict[str, Any]:
    """A match and all that is known of its reply or reason, for programs."""
    said = _of(found)
    facts = {name: _plain(_fact(found, name)) for name in _labels(said)}
    facts["verdict"] = found.verdict
    return {**found.as_dict(), **facts, "page": said.page}


def _fact(found: Found, name: str) -> Any:
    """A fact of a reply or reason; of the match where the line itself decides."""
    decided = ("closes", "must_act", "retry")
    return getattr(found if name in decided else _of(found), name)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value


def rows(found: Found) -> Iterator[tuple[str, str]]:
    """A match and what is known of it, for people: a name and a sentence at a time."""
    yield "Reply" if isinstance(found, Match) else "Reason", _of(found).value
    yield from found.params.items()
    verdict = found.verdict
    if verdict is not None:
        yield "In this case", f"{verdict.meaning} {verdict.advice}"
    if isinstance(found, Match):
        yield from _nearly(found)
    for name, label in _labels(_of(found)).items():
        for said in _said(_fact(found, name), found):
            yield label, said
    yield "Page", _of(found).page


def _nearly(match: Match) -> Iterator[Row]:
    """What had to be put right before the reply was known."""
    if match.tail:
        yield "Tail", f"{match.tail!r} stands behind the text and is not part of it."
    for repair in match.repairs:
        yield "Put right", _REPAIRS[repair]


def _said(value: Any, found: Found | None) -> Iterator[str]:
    """A fact in words; nothing where there is nothing to say about this match."""
    if value is True:
        yield "Yes."
    elif isinstance(value, Named):
        yield value.meaning  # type: ignore[attr-defined]
    elif isinstance(value, str):
        yield value
    elif value and isinstance(value[0], Record):
        yield from _records(value, found)
    elif value:
        yield ", ".join(value)


def _records(records: tuple[Any, ...], found: Found | None) -> Iterator[str]:
    """What of some records is about this match."""
    if isinstance(records[0], Variant):
        yield from [_when(found)] if isinstance(found, Match) else _codes(records)
    elif isinstance(records[0], Setting):
        yield ", ".join(setting.name for setting in records)
    for record in records:
        if isinstance(record, Form) and found and record.form == found.form:
            yield f"{record.form}. {record.note}"
        elif isinstance(record, Twin):
            yield f"{record.reply or record.reason}: {record.difference}"


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
    yield from _nearest(text, Reply)


def _nearest(line: str, among: type[Reply] | type[Reason]) -> Iterator[Row]:
    found = nearest(line, among)
    if found is not None:
        said, text, differences = found
        yield "Nearest", f"{said.value}: {text}"
        for one in differences:
            yield "Differs", one


def nearest(
    line: str, among: type[Reply] | type[Reason] = Reply
) -> tuple[Said, str, list[str]] | None:
    """The reply or reason whose text is most like a line, that text, and how they differ."""
    from difflib import SequenceMatcher

    words = line[:_LONGEST].split("\n")[0].split()
    said = words[1:] if words and words[0][:3].isdigit() else words
    spelled = [word.lower() for word in said]
    best = _SIMILAR
    found = None
    for one in among:
        for text in (one.text, *(form.text for form in one.forms)):
            matcher = SequenceMatcher(
                None, text.lower().split(), spelled, autojunk=False
            )
            if matcher.quick_ratio() > best and matcher.ratio() > best:
                best = matcher.ratio()
                found = one, text, list(_differences(matcher, text.split(), said))
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
