"""One line in three languages: what format writes, what it refuses, and the way back."""

import json
import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.oracle import FOREIGN, LINES, WORDINGS, brute, mutated
from tests.toolchain import ROOT
from tests.tools import GENERATED, LANGUAGES, answers_of, passes

RAW = json.loads((ROOT / "catalog.json").read_text())
REPLIES = {an_id: reply | {"id": an_id} for an_id, reply in RAW["replies"].items()}
TYPES = {name: placeholder["type"] for name, placeholder in RAW["placeholders"].items()}
SHAPES = {"text": r"[^\r\n\0]*", "word": r"[^ \r\n\0]+", "host": r"[-.:_\[\]0-9A-Za-z]+"}
BAD = {
    "text": ["a\r\n250 Ok", "a\n", "\r", "a\0b"],
    "word": ["", "a b", " ", "x\n", "\r"],
    "host": ["", "a b", "\u00e9", "x\n", "<x>", "\0"],
}
GOOD = {"text": ["", "a>: b {x}", "\u4f8b \u00e9 \\"], "word": ["<x>", "\u00e9"], "host": ["[::1]"]}
ENHANCED = [None, "", "5.0.0", "4.999.999", "2.1.5", "3.0.0", "x", "5.7", "5.7.1 ", "5.7.1\n"]
CODES = [250, 354, 199, 600, 0, -554, 5540]


# An oracle of its own, by the rules of the README, from the bare JSON.


def written(asked: dict[str, Any]) -> str | None:
    """The line, None where format must refuse."""
    reply = REPLIES[asked["id"]]
    code = asked.get("code", reply["variants"][0]["code"])
    enhanced = asked["enhanced"] if "enhanced" in asked else usual(reply, code)
    texts = {form["form"]: form["text"] for form in reply.get("forms", [])}
    text = (texts | {"standard": reply["text"]}).get(asked.get("form", "standard"))
    if text is None or not 200 <= code <= 599:
        return None
    if enhanced is not None and not re.fullmatch(r"[245](\.[0-9]{1,3}){2}", enhanced):
        return None
    params = asked["params"]
    if set(re.findall(r"\{(\w+)\}", text)) != set(params):
        return None
    if not all(re.fullmatch(SHAPES[TYPES[name]], value) for name, value in params.items()):
        return None
    said = re.sub(r"\{(\w+)\}", lambda hole: str(params[hole[1]]), text)
    return " ".join([str(code), *([enhanced] if enhanced else []), said])


def usual(reply: dict[str, Any], code: int) -> str | None:
    """The enhanced code that goes with a code: the catalog's own, else the default's by class."""
    for variant in reply["variants"]:
        if variant["code"] == code:
            found: str | None = variant["enhanced"]
            return found
    default = reply["variants"][0]["enhanced"]
    # RFC 3463 section 2 has the classes 2, 4 and 5.
    return f"{code // 100}{default[1:]}" if default and code // 100 != 3 else None


@cache
def vectors() -> list[dict[str, Any]]:
    """Every reply and form under codes, enhanced codes and values, right and wrong."""
    return [asked for reply in REPLIES.values() for asked in of_reply(reply)]


def of_reply(reply: dict[str, Any]) -> Iterator[dict[str, Any]]:
    codes = [variant["code"] for variant in reply["variants"]]
    soft = [code - 100 for code in codes if code >= 500]
    forms = [(form["form"], form["text"]) for form in reply.get("forms", [])]
    for form, text in [("standard", reply["text"]), *forms]:
        names = re.findall(r"\{(\w+)\}", text)
        asked = {"id": reply["id"], "params": dict.fromkeys(names, "x"), "form": form}
        yield asked
        yield from (asked | {"code": code} for code in dict.fromkeys([*codes, *soft, *CODES]))
        yield from (asked | {"enhanced": enhanced} for enhanced in ENHANCED)
        yield from (asked | {"code": 354, "enhanced": enhanced} for enhanced in (None, "5.0.0"))
        yield from (asked | {"params": params} for params in values(names))
    yield {"id": reply["id"], "params": {}, "form": "nonsense"}


def values(names: list[str]) -> Iterator[dict[str, str]]:
    right = dict.fromkeys(names, "x")
    yield right | {"nonsense": "x"}
    for name in names:
        yield {other: "x" for other in names if other != name}
        for value in (*GOOD[TYPES[name]], *BAD[TYPES[name]]):
            yield right | {name: value}


def test_the_vectors_are_many_and_of_both_kinds() -> None:
    answers = [written(asked) for asked in vectors()]
    assert 5_000 < len(answers) < 20_000
    assert len(answers) * 0.3 < answers.count(None) < len(answers) * 0.8


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_vector(language: str) -> None:
    for asked, got in zip(vectors(), answers_of(language, "format", vectors()), strict=True):
        assert got == written(asked), asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_format_undoes_identify(language: str) -> None:
    lines = [
        line
        for line in [*LINES, *mutated()]
        if line[3:4] == " " and not re.search(r"[\r\n\0]", line) and brute(line)
    ]
    assert len(lines) > 3000
    asked = []
    for line in lines:
        known = dict(brute(line) or {})
        known.pop("expected")
        for name in ("closes", "verdict", "must_act", "retry"):
            known.pop(name)
        asked.append(known)
    assert answers_of(language, "format", asked) == lines


VALUES = {
    "text": ["", "x", "<>", "a b", "é", "unknown[1.2.3.4]", "2001:db8::1", "5.7.1", "a>b", ">"],
    "word": ["x", "<>", "é", "[::1]"],
    "host": ["x", "[::1]", "mx-1.example.com"],
}


@cache
def sampled() -> list[dict[str, Any]]:
    dice = random.Random(5321)
    asked = []
    for wording in WORDINGS:
        for _ in range(20):
            params = {name: dice.choice(VALUES[TYPES[name]]) for name in wording.names}
            variant = dice.choice(wording.reply.variants)
            codes = {"code": variant.code, "enhanced": variant.enhanced}
            asked.append({"id": wording.reply.id, "params": params, "form": wording.form, **codes})
    return asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_identify_undoes_format(language: str) -> None:
    lines = answers_of(language, "format", sampled())
    for asked, got in zip(sampled(), answers_of(language, "identify", lines), strict=True):
        if asked["id"] in FOREIGN:
            continue
        assert got is not None
        expected = dict(asked)
        if got["id"] != asked["id"]:
            # Free words may be those of a reply with fixed ones.
            assert "reason" in asked["params"]
        else:
            assert {key: got[key] for key in expected} == expected


LIAR = """
import sys; sys.path[0] = sys.argv[1]
from postfix_replies import Reply

class Liar(str):
    def __contains__(self, part): return False
    def __add__(self, other): return "a" + chr(10) + other
    def __radd__(self, other): return other + chr(10)
    def __str__(self): return "a" + chr(10)
    def __format__(self, how): return "a" + chr(10)
    def __getitem__(self, at): return "5"

def tried(**asked):
    try: return Reply.RELAY_ACCESS_DENIED.format(**asked)
    except ValueError as error: return str(error)

print(tried(recipient=Liar("a@b.c")))
print(tried(recipient=Liar("a" + chr(10))))
print(tried(recipient="x", enhanced=Liar("5.0.0")))
print(tried(recipient="x", enhanced=Liar("x" + chr(10))))
print(tried(recipient=5), tried(recipient=None), tried(recipient=b"x"), sep="; ")
print(tried(recipient="x", code="", enhanced=None), tried(recipient="x", code=True), sep="; ")
"""


def test_a_python_string_that_lies_is_written_as_it_is() -> None:
    printed = passes(sys.executable, "-c", LIAR, GENERATED / "python")
    assert printed.splitlines() == [
        "554 5.7.1 <a@b.c>: Relay access denied",
        "recipient must not contain CR, LF or NUL",
        "554 5.0.0 <x>: Relay access denied",
        "'x\\n' is not an enhanced status code",
        "; ".join(["recipient must be a string"] * 3),
        "'' is not a reply code; True is not a reply code",
    ]
