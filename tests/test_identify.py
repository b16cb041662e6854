"""One answer in three languages: for vectors, thousands of mutated lines, and hostile ones."""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import vectors
from tests.oracle import CATALOG, FOREIGN, LINES, SEEDS, brute, mutated
from tests.toolchain import ROOT, go, node
from tests.tools import GENERATED, GOLDEN, LANGUAGES, answers_of, catalog_of, run, tool


def test_the_packages_walk_is_right_by_an_independent_oracle() -> None:
    for line, got in zip(LINES, answers_of("python", "identify", LINES), strict=True):
        assert got == brute(line), line


def test_every_seed_line_is_identified() -> None:
    answers = answers_of("python", "identify", [line for _, line in SEEDS.values()])
    assert [answer["id"] for answer in answers] == [an_id for an_id, _ in SEEDS.values()]


def test_every_example_is_identified_as_its_own_reply() -> None:
    examples = [(reply, line) for reply in CATALOG.replies.values() for line in reply.examples]
    answers = answers_of("python", "identify", [line for _, line in examples])
    for (reply, line), answer in zip(examples, answers, strict=True):
        if reply.id in FOREIGN:
            assert answer is None or answer["id"] != reply.id
        else:
            assert (answer["id"], answer["expected"]) == (reply.id, reply.words != "site"), line


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("generated", [GENERATED, GOLDEN], ids=["generated", "golden"])
def test_every_language_answers_as_python(language: str, generated: Path) -> None:
    lines = vectors.lines(catalog_of(generated))
    expected = answers_of("python", "identify", lines, generated)
    assert answers_of(language, "identify", lines, generated) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_mutated_lines_get_the_oracles_answer(language: str) -> None:
    lines = mutated()
    for line, got in zip(lines, answers_of(language, "identify", lines), strict=True):
        assert got == brute(line), line


def claimable() -> list[tuple[str, dict[str, Any]]]:
    """The examples that are identified as their own replies, and as what."""
    lines = [(reply.id, line) for reply in CATALOG.replies.values() for line in reply.examples]
    known = [(an_id, line, brute(line)) for an_id, line in lines]
    return [(line, match) for an_id, line, match in known if match and match["id"] == an_id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tail_is_not_another_reply_and_not_in_a_parameter(language: str) -> None:
    asked = [(line, match, tail) for line, match in claimable() for tail in vectors.TAILS]
    assert len(asked) > 2_000
    answers = answers_of(language, "identify", [line + tail for line, _, tail in asked])
    right = 0
    for (line, match, tail), got in zip(asked, answers, strict=True):
        if got is None:
            continue
        assert got["id"] == match["id"], line + tail
        # A footer cannot be told from free words that it follows.
        free = line.endswith(tuple(match["params"].values())) and "assistance" in tail
        if not free and not (" said: " in line and "command" in tail):
            assert (got["params"], got["tail"]) == (match["params"], tail), line + tail
        right += 1
    assert right >= 0.99 * len(asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_that_people_hold_are_known(language: str) -> None:
    text = (ROOT / "tests/held_cases.jsonl").read_text(encoding="utf-8")
    cases = [case for case in map(json.loads, text.splitlines()) if case["expected"] in IDS]
    assert len(cases) > 20
    answers = answers_of(language, "identify", [case["bare"] for case in cases])
    assert [got and got["id"] for got in answers] == [case["expected"] for case in cases]


IDS = {reply.id for reply in CATALOG.replies.values()}
APART = [
    (550, "5.7.1 <a@b.c>: Relay access denied"),
    (550, "550 5.7.1 <a@b.c>: Relay access denied"),
    (550, "550-5.7.1 <a@b.c>: Relay access denied"),
    (550, "551 5.7.1 <a@b.c>: Relay access denied"),
    (550, "5.7.1 <\u00fc@b.c>: Relay access denied.\n5.7.1 See the page."),
    (250, "250"),
    (250, ""),
    (-1, "5.7.1 <a@b.c>: Relay access denied"),
    (99, "Ok"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_and_text_apart(language: str) -> None:
    """As a string, and as the bytes that smtplib gives."""
    lines = [
        text if text.startswith((f"{code} ", f"{code}-")) else f"{code} {text}"
        for code, text in APART
    ]
    expected = list(map(brute, lines))
    assert sum(match is not None for match in expected) == 4
    assert answers_of(language, "identify", APART) == expected


# Lines of other providers that are Postfix's own, or word for word what Postfix says.
OURS = re.compile(
    r"^(421 4.4.2 mail.yandex.net Error: timeout|421 4.7.0 me.com Error: too many errors"
    r"|451 4.7.1 Service unavailable - try again later$"
    r"|550 5.7.1 Service unavailable; client \[[^]]*\] blocked using "
    r"|... .\..\..+ <[^>]*>: (Recipient|Sender) address rejected: "
    r"|554 5.7.1 <[^>]*>: Relay access denied$)"
)


def test_no_line_of_another_server_is_claimed() -> None:
    lines = (ROOT / "tests/other_servers.txt").read_text().splitlines()
    assert len(lines) > 200
    for line, claimed in zip(lines, answers_of("python", "identify", lines), strict=True):
        assert bool(claimed) == bool(OURS.match(line)), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_time_is_linear_in_hostile_lines(language: str) -> None:
    """Ten megabytes of anything in one run: a quadratic walk would take hours."""
    unit = 10_000_000
    lines = [
        "554 5.7.1 <" + "a" * unit,
        "554 5.7.1 " + "<" * unit,
        "554 5.7.1 <" + "x>: " * (unit // 4),
        "554 5.7.1 <" + ">: Sender address rejected: Domain " * (unit // 35),
        "554 5.7.1 <" + ">: Sender address rejected: Domain x (nullMX)" * 200_000 + ".",
        "554 5.7.1 Service unavailable; Client host [" + "] blocked using " * (unit // 16),
        "501 5.5.4 Bad " + " attribute name:" * (unit // 16),
        "421 4.4.2 " + "m" * unit + " Error: timeout exceeded",
        "421 4.4.2 " + " " * unit,
        "250 2.0.0 Ok: " + " bytes queued as" * (unit // 16),
        "5" * unit,
        "554 " + "5.7.1 " * (unit // 6),
        "554-" + "\n554-" * (unit // 5),
    ]
    start = time.monotonic()
    answers = answers_of(language, "identify", lines)
    assert time.monotonic() - start < 120
    assert answers == answers_of("python", "identify", lines)


# How often identify may take as long as its language takes to count the `>: ` of as long a line.
PASSES = {"Python": 60, "TypeScript": 12, "Go": 6}


@pytest.mark.parametrize("language", PASSES)
def test_the_slowest_line_takes_a_few_passes(language: str, tmp_path: Path) -> None:
    from tests.bench import hostile

    if language == "Go":
        tool(go)
    if language == "TypeScript":
        tool(lambda: node("esbuild"))
    slowest = hostile.slowest(language, tmp_path, hostile.lines(CATALOG))[0]
    assert slowest.ns <= PASSES[language] * slowest.floor, slowest


def test_explaining_a_line_from_the_shell() -> None:
    environment = {"PYTHONPATH": str(GENERATED / "python")}
    line = "554 5.7.1 <a@b.c>: Relay access denied"
    done = run([sys.executable, "-m", "postfix_replies", line], env=environment)
    assert done.returncode == 0
    assert "relay_access_denied" in done.stdout
    assert "a@b.c" in done.stdout
    unknown = run([sys.executable, "-m", "postfix_replies", "554 nonsense"], env=environment)
    assert unknown.returncode == 1
    assert run([sys.executable, "-m", "postfix_replies"], env=environment).returncode == 2
