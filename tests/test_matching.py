"""One answer in three languages: for vectors, for thousands of mutated lines, and for format."""

import json
import random
import re
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from codegen import ambiguous, matching, text
from codegen.catalog import Catalog, Reply
from codegen.load import load
from tests.toolchain import ROOT, go, node
from tests.tools import GENERATED, GOLDEN, answers_of, run, tool

LANGUAGES = ["python", "typescript", "go"]
CATALOGS = {GENERATED: ROOT / "catalog.json", GOLDEN: ROOT / "tests/golden/catalog.json"}
CATALOG = load(CATALOGS[GENERATED])
KNOWN = matching.tables(CATALOG)
VECTORS = json.loads((GENERATED / "vectors.json").read_text())
# The lines that the project began with: number, the reply it is, and the line.
SEEDS = {
    number: (an_id, line)
    for number, an_id, line in (
        row.split("\t", 2) for row in (ROOT / "tests/seed_replies.tsv").read_text().splitlines()
    )
}
SEED_LINES = [line for _, line in SEEDS.values()]
KEYS = ("id", "code", "enhanced", "params", "expected", "form", "closes")


def ask(language: str, what: str, questions: list[Any], generated: Path = GENERATED) -> list[Any]:
    """The answers of a generated package, where its toolchain is there."""
    if language == "go":
        tool(go)
    if language == "typescript":
        tool(lambda: node("tsc"))
    return answers_of(language, what, questions, generated)


def answer(match: matching.Match | None) -> dict[str, Any] | None:
    if match is None:
        return None
    values = (match.reply.id, match.code, match.enhanced, match.params, match.expected, match.form)
    return dict(zip(KEYS, (*values, match.closes), strict=True))


# An oracle of its own: tries every text by the written rule, with nothing that the walk uses.


@cache
def wordings() -> list[tuple[Reply, str, str]]:
    return [(reply, *wording) for reply in CATALOG.replies for wording in matching.wordings(reply)]


def brute(line: str) -> dict[str, Any] | None:
    first = line.split("\n")[0]
    first = first[:-1] if first.endswith("\r") else first
    head = re.match(r"([2-5][0-9][0-9])[ -]([245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$(?!\n)))?", first)
    if head is None:
        return None
    said = first[head.end() :]
    said = said[1:] if head[2] and said else said
    found = []
    for reply, form, template in wordings():
        for rank, values in placements(template, said):
            found.append((rank, reply, form, values))
    if not found:
        return None
    best = min(rank for rank, *_ in found)
    code, enhanced = int(head[1]), head[2]
    rivals = [each for each in found if each[0] == best]
    _, reply, form, values = max(rivals, key=lambda each: near(each[1], code, enhanced))
    pairs = [(variant.code, variant.enhanced) for variant in reply.variants]
    known = (code, enhanced) in pairs
    closes = reply.closes or code in (421, 521)
    return dict(zip(KEYS, (reply.id, code, enhanced, values, known, form, closes), strict=True))


def placements(template: str, said: str) -> list[tuple[tuple[int, int, int], dict[str, str]]]:
    """Each way that a text matches, with its rank: place, literals, placeholders."""
    literals = re.split(r"\{\w+\}", template)
    names = re.findall(r"\{(\w+)\}", template)
    rank = (-sum(map(len, literals)), len(names))
    if not names:
        return [((0, *rank), {})] if said == template else []
    if re.fullmatch(r"\{\w+\}", template):
        return []  # the words of others
    types = {name: CATALOG.placeholders[name].type for name in names}
    if literals[0] == "<":
        found = []
        for at in (match.start() for match in re.finditer("(?=>: )", said)):
            if at >= 1 and said.startswith("<"):
                rest = lazily(literals[1:], said[at:])
                if rest is not None:
                    found.append(((at, *rank), dict(zip(names, [said[1:at], *rest], strict=True))))
        return found
    values = lazily(literals, said)
    if values is None or not all(map(fits, (types[name] for name in names), values)):
        return []
    return [((0 if literals[0] else 1, *rank), dict(zip(names, values, strict=True)))]


def lazily(literals: list[str], said: str) -> list[str] | None:
    pattern = "(.*?)".join(map(re.escape, literals))
    match = re.fullmatch(pattern, said, re.DOTALL)
    return list(match.groups()) if match else None


def fits(kind: str, value: str) -> bool:
    shapes = {"text": r".*", "word": r"[^ ]+", "host": r"[-.:_\[\]0-9A-Za-z]+"}
    return re.fullmatch(shapes[kind], value, re.DOTALL) is not None


def near(reply: Reply, code: int, enhanced: str | None) -> int:
    scores = [0]
    for variant in reply.variants:
        pair = (variant.code, variant.enhanced)
        subject = bool(enhanced and variant.enhanced and enhanced[1:] == variant.enhanced[1:])
        scores.append(4 if pair == (code, enhanced) else 3 if subject else 0)
        scores.append(2 if variant.code == code else 1 if variant.code // 100 == code // 100 else 0)
    return max(scores)


@cache
def mutated() -> list[str]:
    """Lines made of the vectors and seeds by cutting, gluing and changing characters."""
    dice = random.Random(3463)
    lines = [vector["line"] for vector in VECTORS] + SEED_LINES
    pieces = [
        "<",
        ">: ",
        ">",
        " ",
        "{",
        "\0",
        "é",
        "𝄞",
        "5.7.1 ",
        "rejected: ",
        "\r",
        "\n",
        "-",
        "mx ",
    ]
    made = []
    for _ in range(8000):
        line = dice.choice(lines)
        for _ in range(dice.randint(1, 3)):
            at = dice.randint(0, len(line))
            match dice.randrange(6):
                case 0:
                    line = line[:at] + line[at + dice.randint(1, 4) :]
                case 1:
                    line = line[:at] + dice.choice(pieces) + line[at:]
                case 2:
                    line = line[:at] + dice.choice(lines)[dice.randint(0, 30) :]
                case 3:
                    line = f"{dice.choice([250, 421, 454, 550, 554, 999])}{line[3:]}"
                case 4:
                    line = line.swapcase() if dice.random() < 0.1 else line
                case _:
                    line = (
                        line[:4] + line[10:] if dice.random() < 0.5 else line + dice.choice(pieces)
                    )
        made.append(line)
    return made


@pytest.mark.parametrize("number", SEEDS)
def test_every_seed_line_is_identified(number: str) -> None:
    an_id, line = SEEDS[number]
    match = matching.identify(KNOWN, line)
    assert match is not None
    assert match.reply.id == an_id


@pytest.mark.parametrize("reply", CATALOG.replies, ids=lambda reply: reply.id)
def test_every_example_is_identified_as_its_own_reply(reply: Reply) -> None:
    for line in reply.examples:
        match = matching.identify(KNOWN, line)
        if reply.id in WORDS_OF_OTHERS:
            assert match is None or match.reply.id != reply.id
        else:
            assert match is not None
            assert match.reply.id == reply.id, line
            assert match.expected, line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("generated", [GENERATED, GOLDEN])
def test_all_vectors(language: str, generated: Path) -> None:
    vectors = json.loads((generated / "vectors.json").read_text())
    expected = [{key: each[key] for key in KEYS} if each["id"] else None for each in vectors]
    assert ask(language, "identify", [each["line"] for each in vectors], generated) == expected


def test_the_vectors_are_right_by_an_independent_oracle() -> None:
    for each in VECTORS:
        expected = {key: each[key] for key in KEYS} if each["id"] else None
        assert brute(each["line"]) == expected, each["line"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_mutated_lines_get_the_oracles_answer(language: str) -> None:
    lines = mutated()
    for line, got in zip(lines, ask(language, "identify", lines), strict=True):
        assert got == expected_of(line), line


@cache
def expected_of(line: str) -> dict[str, Any] | None:
    return brute(line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_format_undoes_identify(language: str) -> None:
    lines = [
        line
        for line in [*(each["line"] for each in VECTORS), *SEED_LINES, *mutated()]
        if line[3:4] == " " and not re.search(r"[\r\n\0]", line) and expected_of(line)
    ]
    assert len(lines) > 3000
    asked = []
    for line in lines:
        known = dict(expected_of(line) or {})
        known.pop("expected")
        known.pop("closes")
        asked.append(known)
    assert ask(language, "format", asked) == lines


# A text that is one placeholder alone can be written but not known again.
WORDS_OF_OTHERS = {each.id for each in CATALOG.replies if re.fullmatch(r"\{\w+\}", each.text)}
VALUES = {
    "text": ["", "x", "<>", "a b", "é", "unknown[1.2.3.4]", "2001:db8::1", "5.7.1", "a>b", ">"],
    "word": ["x", "<>", "é", "[::1]"],
    "host": ["x", "[::1]", "mx-1.example.com"],
}


@cache
def sampled() -> list[dict[str, Any]]:
    dice = random.Random(5321)
    asked = []
    for reply, form, template in wordings():
        for _ in range(20):
            params = {
                name: dice.choice(VALUES[CATALOG.placeholders[name].type])
                for name in text.split(template)[1::2]
            }
            variant = dice.choice(reply.variants)
            codes = {"code": variant.code, "enhanced": variant.enhanced}
            asked.append({"id": reply.id, "params": params, "form": form, **codes})
    return asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_identify_undoes_format(language: str) -> None:
    lines = ask(language, "format", sampled())
    for asked, got in zip(sampled(), ask(language, "identify", lines), strict=True):
        if asked["id"] in WORDS_OF_OTHERS:
            continue
        assert got is not None
        expected = dict(asked)
        if got["id"] != asked["id"]:
            # Free words may be those of a reply with fixed ones.
            assert "reason" in asked["params"]
        else:
            assert {key: got[key] for key in expected} == expected


REFUSED = [
    {"id": "relay_access_denied", "params": {}},
    {"id": "relay_access_denied", "params": {"recipient": "x", "sender": "y"}},
    {"id": "relay_access_denied", "params": {"sender": "y"}},
    {"id": "relay_access_denied", "params": {"recipient": "a\r\n250 Ok"}},
    {"id": "relay_access_denied", "params": {"recipient": "a\n"}},
    {"id": "relay_access_denied", "params": {"recipient": "a\0"}},
    {"id": "relay_access_denied", "params": {"recipient": "x"}, "code": 199},
    {"id": "relay_access_denied", "params": {"recipient": "x"}, "code": 600},
    {"id": "relay_access_denied", "params": {"recipient": "x"}, "enhanced": "3.0.0"},
    {"id": "relay_access_denied", "params": {"recipient": "x"}, "enhanced": "5.7.1 x"},
    {"id": "relay_access_denied", "params": {"recipient": "x"}, "enhanced": "5.7.1\n"},
    {"id": "relay_access_denied", "params": {"recipient": "x"}, "form": "nonsense"},
    {"id": "timeout_exceeded", "params": {"hostname": ""}},
    {"id": "timeout_exceeded", "params": {"hostname": "a b"}},
    {"id": "timeout_exceeded", "params": {"hostname": "é"}},
    {"id": "message_queued", "params": {"queue_id": ""}},
    {"id": "message_queued", "params": {"queue_id": "a b"}},
    {"id": "timeout_exceeded", "params": {"hostname": "x"}, "form": "without_hostname"},
]
WRITTEN = [
    ({"id": "quit_bye", "params": {}}, "221 2.0.0 Bye"),
    ({"id": "quit_bye", "params": {}, "enhanced": None}, "221 Bye"),
    (
        {"id": "relay_access_denied", "params": {"recipient": ""}},
        "554 5.7.1 <>: Relay access denied",
    ),
    (
        {"id": "relay_access_denied", "params": {"recipient": "a"}, "code": 454},
        "454 4.7.1 <a>: Relay access denied",
    ),
    (
        {"id": "relay_access_denied", "params": {"recipient": "a"}, "code": 471},
        "471 4.7.1 <a>: Relay access denied",
    ),
    (
        {"id": "relay_access_denied", "params": {"recipient": "a"}, "enhanced": "5.0.0"},
        "554 5.0.0 <a>: Relay access denied",
    ),
    (
        {"id": "timeout_exceeded", "params": {}, "form": "without_hostname"},
        "421 4.4.2 Error: timeout exceeded",
    ),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_format_refuses_and_overrides_alike(language: str) -> None:
    answers = ask(language, "format", [*REFUSED, *(asked for asked, _ in WRITTEN)])
    assert answers[: len(REFUSED)] == [None] * len(REFUSED)
    assert answers[len(REFUSED) :] == [line for _, line in WRITTEN]


# Lines of other providers that are Postfix's own, or word for word what Postfix says.
OURS = re.compile(
    r"^(421 4.4.2 mail.yandex.net Error: timeout|421 4.7.0 me.com Error: too many errors"
    r"|451 4.7.1 (Service unavailable - try|Try) again later$"
    r"|550 5.7.1 Service unavailable; client \[[^]]*\] blocked using "
    r"|... .\..\..+ <[^>]*>: (Recipient|Sender) address rejected: "
    r"|554 5.7.1 <[^>]*>: Relay access denied$)"
)


def test_no_line_of_another_server_is_claimed() -> None:
    lines = (ROOT / "tests/other_servers.txt").read_text().splitlines()
    assert len(lines) > 200
    for line in lines:
        claimed = matching.identify(KNOWN, line)
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
    answers = ask(language, "identify", lines)
    assert answers == [answer(matching.identify(KNOWN, line)) for line in lines]
    assert time.monotonic() - start < 120


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


def test_equally_specific_texts_are_found() -> None:
    def catalog(*texts: str) -> Catalog:
        replies = []
        for number, template in enumerate(texts):
            code = CATALOG.replies[0].variants[0]._replace(code=500 + number)
            plain = CATALOG.replies[0]._replace(forms=(), variants=(code,))
            replies.append(plain._replace(id=f"reply_{number}", text=template))
        return CATALOG._replace(replies=tuple(replies))

    def pairs(*texts: str) -> int:
        return len(list(ambiguous.ambiguities(matching.tables(catalog(*texts)))))

    assert pairs("Abc {reason}x de", "Abc x{reason} de") == 1
    assert pairs("Abc {reason} xy {detail}", "Abc {reason} zy {detail}") == 1
    assert pairs("Abc {reason} de", "Abc {reason} df") == 0
    assert pairs("Abc {reason} de", "Abc {reason} fde") == 0
    assert pairs("Abc {reason}", "Abd {reason}") == 0
    assert pairs("<{sender}>: Abc {reason}", "<{helo}>: Abc {reason}") == 0  # codes tell them apart
