"""What was heard, compared with what the scenarios expect."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from codegen.catalog import STANDARD
from codegen.texts import FOREIGN
from tests.live import CATALOG, wrapped
from tests.live.conversation import Heard
from tests.live.delivered import compare
from tests.live.held import misread, read_all
from tests.live.identity import Answer, ask_all
from tests.live.scenario import Expectation

# Text that is all another's cannot be told from any other text, so no package claims it.
BARE = {
    worded.reply.id
    for worded in CATALOG.worded
    if worded.form == STANDARD and worded.text.family == FOREIGN
}


class Found(NamedTuple):
    """What a run found."""

    version: str
    heard: list[Heard]
    log: list[str]
    mail: list[str]
    listing: str  # of the queue
    queue_ids: dict[str, str]  # of the deliveries, by name


class Report(NamedTuple):
    """What the packages make of a run."""

    version: str
    stages: dict[str, Counter[str]]  # id -> stage -> times that it was heard there, as expected
    mismatches: list[str]
    quoted: int  # replies in the log
    reasons: dict[str, Counter[str]]  # id -> daemon -> times that it was as expected


def read(file: Path) -> Found:
    found = json.loads(file.read_text())
    heard = [
        Heard(**one | {"expected": one["expected"] and Expectation(*one["expected"])})
        for one in found["heard"]
    ]
    return Found(**found | {"heard": heard})


def report(found: Found) -> Report:
    """Ask the packages about every line, and compare."""
    quoted = list(wrapped.replies(found.log))
    answers = ask_all([*(one.reply for one in found.heard), *(reply for _, reply in quoted)])
    stages: dict[str, Counter[str]] = {}
    mismatches = []
    for number, one in enumerate(found.heard):
        said = {language: answers[language][number] for language in answers}
        wrong = [language for language in said if not as_expected(one, said[language])]
        mismatches += [mismatch(one, language, said[language]) for language in wrong]
        if one.expected and not wrong:
            stages.setdefault(one.expected.id, Counter())[one.stage] += 1
    bare = {one.reply for one in found.heard if is_bare(one.expected)}
    for language, all_said in answers.items():
        for (line, reply), answer in zip(quoted, all_said[len(found.heard) :], strict=True):
            if answer is None and reply not in bare and not joined(reply):
                mismatches.append(f"log: {line}\n  {reply}\n  {language} knows no such reply")
    readings = read_all(found.log, found.mail, found.listing)
    mismatches += misread(readings, found.log, found.mail, found.listing, found.heard)
    reasons: dict[str, Counter[str]] = {}
    for name, queue_id in found.queue_ids.items():
        mismatches += compare(name, queue_id, readings, found.log, reasons)
    return Report(found.version, stages, mismatches, len(quoted), reasons)


def as_expected(one: Heard, answer: Answer) -> bool:
    expected = one.expected
    if expected is None:
        return False
    codes = {f"{expected.code}{mark}{expected.enhanced or ''}".rstrip(" ") for mark in " -"}
    if not one.reply.startswith(tuple(codes)):
        return False
    if is_bare(expected):
        return answer is None
    return (
        answer is not None
        and answer["id"] == expected.id
        and (answer["code"], answer["enhanced"]) == (expected.code, expected.enhanced)
        and expected.params.items() <= answer["params"].items()
        and not (answer["closes"] and one.closes is False)
    )


def is_bare(expected: Expectation | None) -> bool:
    return expected is not None and expected.id in BARE


def joined(reply: str) -> bool:
    """Whether the lines of a reply were joined, so that nothing says where they end."""
    return re.match(r"[2-5][0-9]{2}-", reply) is not None


def mismatch(one: Heard, language: str, answer: Answer) -> str:
    expected = one.expected
    got = "nothing" if answer is None else f"{answer['id']} {answer['params']}"
    if answer and answer["closes"] and one.closes is False:
        got += ", which ends the session; it went on"
    wanted = "nothing" if expected is None else f"{expected.id} {dict(expected.params)}"
    codes = "" if expected is None else f"{expected.code} {expected.enhanced or ''} "
    return (
        f"{one.scenario}\n  sent:     {one.sent}\n  heard:    {one.reply}\n"
        f"  expected: {codes}{wanted}\n  {language} got: {got}"
    )


def unlisted(made: Report) -> Iterator[str]:
    """Stages where a reply was heard although the catalog does not say so."""
    for an_id, counter in sorted(made.stages.items()):
        reply = CATALOG.replies.get(an_id)
        stages = reply.stages if reply else ()
        for stage in sorted(counter):
            if stage not in stages and "any" not in stages:
                yield f"{an_id} at {stage}"
