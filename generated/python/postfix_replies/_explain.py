"""What a line means, for people and for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap

from postfix_replies import Form, Influence, Reply, Setting, Twin, Variant, identify
from postfix_replies._facts import LABELS, PAGE
from postfix_replies._named import Named
from postfix_replies._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from postfix_replies import Match

_LONGEST = (
    512  # characters of an unknown line that are compared; RFC 5321 section 4.5.3.1.5
)
_NARROWEST = 20  # columns of a terminal
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


def explain(lines: Iterable[str], as_json: bool = False) -> bool:
    """Print what each line means, and return whether any is known."""
    found = False
    for number, line in enumerate(lines):
        line = line.rstrip("\r\n")
        match = identify(line)
        found = found or match is not None
        if as_json:
            print(json.dumps(match and known(match)), flush=True)
            continue
        if number:
            print()
        for name, said in unknown(line) if match is None else rows(match):
            _print(name, said)
    return found


def known(match: Match) -> dict[str, Any]:
    """A match and all that is known of its reply, for programs."""
    facts = {name: _plain(_fact(match, name)) for name in LABELS}
    facts["verdict"] = match.verdict
    return {**match.as_dict(), **facts, "page": f"{PAGE}#{match.reply.value}"}


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
    yield "Page", f"{PAGE}#{match.reply.value}"


def _said(value: Any, match: Match) -> Iterator[str]:
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


def _records(records: tuple[Any, ...], match: Match) -> Iterator[str]:
    """What of some records is about this match."""
    if isinstance(records[0], Variant):
        yield _when(match)
    elif isinstance(records[0], Setting):
        yield ", ".join(setting.name for setting in records)
    for record in records:
        if isinstance(record, Form) and record.form == match.form:
            yield f"{record.form}. {record.note}"
        elif isinstance(record, Twin):
            yield f"{record.reply}: {record.difference}"


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


def unknown(line: str) -> Iterator[tuple[str, str]]:
    """What can be said of a line that is not known: which reply is nearest."""
    yield "Unknown", f"No reply that Postfix is known to send: {line[:100]}"
    found = nearest(line)
    if found is not None:
        reply, text, differences = found
        yield "Nearest", f"{reply.value}: {text}"
        for said in differences:
            yield "Differs", said


def nearest(line: str) -> tuple[Reply, str, list[str]] | None:
    """The reply whose text is most like a line, that text, and how they differ."""
    from difflib import SequenceMatcher

    said = line[4:_LONGEST].split("\n")[0].split()
    best = 0.3
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


def _print(name: str, said: str) -> None:
    """A row; control characters of a hostile line do not reach the terminal."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in said)
    width = max(map(len, LABELS.values())) + 2
    if sys.stdout.isatty():
        columns = max(shutil.get_terminal_size().columns - width, _NARROWEST)
        shown = f"\n{' ' * width}".join(textwrap.wrap(shown, columns) or [""])
    print(f"{name:{width}}{shown}")
