"""What was heard, held against what the scenarios expect and against the catalog."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from codegen.catalog import STAGES
from tests.live import wrapped
from tests.live.conversation import Heard
from tests.live.identity import Answer, ask_all
from tests.live.scenario import Expectation
from tests.toolchain import ROOT

HERE = Path(__file__).parent
README = ROOT / "README.md"
CATALOG_FILE = ROOT / "catalog.json"
START, END = "<!-- make live -->\n", "\n<!-- end -->"
UNHEARD = HERE / "unheard.json"
CATALOG = json.loads(CATALOG_FILE.read_text())
REPLIES: dict[str, dict[str, Any]] = {reply["id"]: reply for reply in CATALOG["replies"]}
# Text that is all another's cannot be told from any other text, so no package claims it.
FOREIGN = {an_id for an_id, reply in REPLIES.items() if re.fullmatch(r"\{\w+\}", reply["text"])}


class Found(NamedTuple):
    """What a run found."""

    version: str
    heard: list[Heard]
    log: list[str]


class Report(NamedTuple):
    """What the packages make of a run."""

    version: str
    replies: dict[str, Counter[tuple[str, str]]]  # id -> (codes, stage) -> times, all as expected
    mismatches: list[str]
    quoted: int  # replies in the log


def read(file: Path) -> Found:
    found = json.loads(file.read_text())
    heard = [
        Heard(**one | {"expected": one["expected"] and Expectation(*one["expected"])})
        for one in found["heard"]
    ]
    return Found(found["version"], heard, found["log"])


def report(found: Found) -> Report:
    """Ask the packages about every line, and compare."""
    quoted = list(wrapped.replies(found.log))
    answers = ask_all([one.reply for one in found.heard] + [reply for _, reply in quoted])
    mismatches = []
    replies: dict[str, Counter[tuple[str, str]]] = {}
    for number, one in enumerate(found.heard):
        wrong = {
            language: said
            for language, said in answers.items()
            if not as_expected(one, said[number])
        }
        for language, said in wrong.items():
            mismatches.append(mismatch(one, language, said[number]))
        if not wrong and one.expected:
            codes = f"{one.expected.code} {one.expected.enhanced or ''}".strip()
            replies.setdefault(one.expected.id, Counter())[codes, one.stage] += 1
    foreign = {one.reply for one in found.heard if is_foreign(one.expected)}
    for language, said in answers.items():
        for (line, reply), answer in zip(quoted, said[len(found.heard) :], strict=True):
            if answer is None and reply not in foreign and not joined(reply):
                mismatches.append(f"log: {line}\n  {reply}\n  {language} knows no such reply")
    return Report(found.version, replies, mismatches, len(quoted))


def as_expected(one: Heard, answer: Answer) -> bool:
    expected = one.expected
    if expected is None:
        return False
    codes = {f"{expected.code}{mark}{expected.enhanced or ''}".rstrip(" ") for mark in " -"}
    if not any(one.reply.startswith(each) for each in codes):
        return False
    if is_foreign(expected):
        return answer is None
    return (
        answer is not None
        and answer["id"] == expected.id
        and (answer["code"], answer["enhanced"]) == (expected.code, expected.enhanced)
        and expected.params.items() <= answer["params"].items()
        and not (answer["closes"] and one.closes is False)
    )


def is_foreign(expected: Expectation | None) -> bool:
    return expected is not None and expected.id in FOREIGN


def joined(reply: str) -> bool:
    """Whether the lines of a reply were joined, so that nothing says where they end."""
    return re.match(r"[2-5][0-9]{2}-", reply) is not None


def mismatch(one: Heard, language: str, answer: Answer) -> str:
    expected, got = one.expected, (
        "nothing" if answer is None else f"{answer['id']} {answer['params']}"
    )
    wanted = "nothing" if expected is None else f"{expected.id} {dict(expected.params)}"
    if answer and answer["closes"] and one.closes is False:
        got += ", which ends the session; it went on"
    codes = "" if expected is None else f"{expected.code} {expected.enhanced or ''} "
    return (
        f"{one.scenario}\n  sent:     {one.sent}\n  heard:    {one.reply}\n"
        f"  expected: {codes}{wanted}\n  {language} got: {got}"
    )


def marked(made: Report) -> str:
    """The catalog with the mark of this Postfix on every reply that was heard from it."""
    catalog = json.loads(CATALOG_FILE.read_text())
    for reply in catalog["replies"]:
        reply.pop("heard", None)
        if reply["id"] in made.replies:
            reply["heard"] = made.version
    return json.dumps(catalog, indent=2, ensure_ascii=False) + "\n"


def with_table(readme: str, made: Report) -> str:
    """The README with the coverage of this run."""
    before, start, rest = readme.partition(START)
    return before + start + "\n".join(("", *table(made), "")) + END + rest.partition(END)[2]


def unmarked(made: Report) -> Iterator[str]:
    """Where the catalog or the README say other than this run. None for another Postfix."""
    marks = {an_id: reply["heard"] for an_id, reply in REPLIES.items() if "heard" in reply}
    if set(marks.values()) <= {made.version}:
        if marks != dict.fromkeys(made.replies, made.version):
            yield "catalog.json does not mark what was heard; python -m tests.live --write does"
        if README.read_text() != with_table(README.read_text(), made):
            yield "README.md has another coverage; python -m tests.live --write writes it anew"


def unaccounted(made: Report) -> Iterator[str]:
    """Replies that are neither heard nor given a reason, or both."""
    reasons = json.loads(UNHEARD.read_text())
    for an_id in sorted({*REPLIES, *reasons, *made.replies}):
        if an_id not in REPLIES:
            yield f"{an_id}: the catalog has no such reply"
        elif an_id in reasons and an_id in made.replies:
            yield f"{an_id}: heard, so {UNHEARD.name} needs no reason for it"
        elif an_id not in reasons and an_id not in made.replies:
            yield f"{an_id}: not heard; provoke it, or say in {UNHEARD.name} why not"


def markdown(made: Report) -> str:
    """The report for people."""
    replies = sum(map(Counter.total, made.replies.values()))
    lines = [
        f"{replies} replies as expected; the log quotes {made.quoted}.",
        "",
        *table(made),
        "",
        "Not heard:",
        *(f"- {an_id}: {why}" for an_id, why in json.loads(UNHEARD.read_text()).items()),
    ]
    if odd := list(unlisted(made)):
        lines += ["", "Heard, and not in the catalog:", *(f"- {each}" for each in odd)]
    return "\n".join(lines)


def table(made: Report) -> list[str]:
    """How much of the catalog was heard, by stage."""
    return [
        f"Postfix {made.version}: {len(made.replies)} of {len(REPLIES)} replies heard.",
        "",
        "| Stage | Replies of the catalog | Heard at that stage |",
        "| :--- | ---: | ---: |",
        *coverage(made),
    ]


def coverage(made: Report) -> Iterator[str]:
    for stage in STAGES:
        known = {an_id for an_id, reply in REPLIES.items() if stage in reply["stages"]}
        heard = {
            an_id for an_id in known if any(at == stage for _, at in made.replies.get(an_id, ()))
        }
        yield f"| {stage} | {len(known)} | {len(heard)} |"


def unlisted(made: Report) -> Iterator[str]:
    """Stages where a reply was heard and its catalog entry does not say so."""
    for an_id, counter in sorted(made.replies.items()):
        stages = REPLIES.get(an_id, {"stages": []})["stages"]
        for stage in sorted({stage for _, stage in counter}):
            if stage not in stages and "any" not in stages:
                yield f"{an_id} at {stage}"
