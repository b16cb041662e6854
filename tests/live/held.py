"""What a run leaves behind, its log, bounces and notices, is read right in all languages."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.live import wrapped
from tests.live.conversation import Heard
from tests.tools import LANGUAGES, answers_of

MAIL = {"bounce_message", "postmaster_transcript"}


def misread(log: Sequence[str], mail: Sequence[str], heard: Sequence[Heard]) -> Iterator[str]:
    """What is wrong with the readings, in words."""
    lines = _answers("read", log)
    yield from _differing(log, lines)
    yield from _misread_log(log, lines["python"])
    notes = _answers("read_all", mail)
    yield from _differing(mail, notes)
    expected: dict[str, set[str]] = {}
    for one in heard:
        if one.expected:
            expected.setdefault(one.reply, set()).add(one.expected.id)
    for note, readings in zip(mail, notes["python"], strict=True):
        if not readings:
            yield f"mail: nothing is read of it:\n{note}"
        for reading in readings:
            if reading["kind"] not in MAIL:
                yield f"mail: {reading['kind']}:\n{note}"
            known = expected.get(reading["line"])
            if known and reading["id"] not in {*known, None}:
                yield f"mail: {reading['line']} is {known}, not {reading['id']}"


def _answers(what: str, texts: Sequence[str]) -> dict[str, list[Any]]:
    return {language: answers_of(language, what, texts) for language in LANGUAGES}


def _differing(texts: Sequence[str], answers: dict[str, list[Any]]) -> Iterator[str]:
    for language, given in answers.items():
        for text, ours, theirs in zip(texts, answers["python"], given, strict=True):
            if ours != theirs:
                yield f"{language} reads otherwise: {text}\n  {theirs}\n  {ours}"


def _misread_log(log: Sequence[str], readings: Sequence[Any]) -> Iterator[str]:
    """Lines of no kind, and those that quote another reply than what is read of them."""
    read_of = dict(zip(log, readings, strict=True))
    for line, reading in read_of.items():
        if reading is None:
            yield f"log: nothing is read of it: {line}"
    for line, reply in wrapped.replies(log):
        said = read_of[line] and read_of[line]["line"]
        if said != reply:
            yield f"log: {line}\n  quotes {reply}\n  read as {said}"
