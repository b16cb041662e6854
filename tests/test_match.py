"""A match never changes, and is the same JSON, byte for byte, in three languages."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from postfix_replies import Match, Reading, ReasonMatch, identify, identify_reason

from tests.oracle import LINES, brute
from tests.toolchain import node
from tests.tools import GENERATED, LANGUAGES, answers_of, passes, tool

ORDER = (
    *("id", "code", "enhanced", "params", "form", "expected", "retryable", "closes"),
    *("tail", "repairs"),
)
VALUES = [
    *map(chr, range(0x20)),
    '"\\/',
    "<b>&amp;'</b>",
    "\x7f\x80\x85\xa0\xad\xff",
    "\u2028\u2029\ufeff\ufffd\uffff",
    "\u00fc@\u4f8b.test",
    "\U0001d11e\U0010ffff",
    "\\ud800 \\u0000 %s {0}",
]
SURROGATES = ["\ud800", "a\udc80\udcff", "\udfff\ud800"]


def line_of(value: str) -> str:
    return f"450 4.7.1 <{value}>: Relay access denied"


def expected(line: str) -> str | None:
    """The text by the oracle and Python's own json."""
    known = brute(line)
    if known is None:
        return None
    says = str(known["code"] or known["enhanced"])
    known = known | {"retryable": says.startswith("4")}
    ordered = {key: known[key] for key in ORDER}
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_is_the_same_bytes(language: str) -> None:
    lines = [*LINES, *map(line_of, VALUES)]
    texts = answers_of(language, "json", lines)
    assert sum(text is not None for text in texts) > 2_000
    for line, text in zip(lines, texts, strict=True):
        assert text == expected(line), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lone_surrogate_is_written_too(language: str) -> None:
    """As an escape; but no string of Go can have one."""
    lines = [line_of(value) for value in SURROGATES]
    if language == "go":
        replaced = [line_of("\ufffd" * len(value.strip("a"))) for value in SURROGATES]
        replaced[1] = line_of("a\ufffd\ufffd")
        assert answers_of(language, "json", lines) == list(map(expected, replaced))
    else:
        assert answers_of(language, "json", lines) == list(map(expected, lines))


PYTHON = """
import copy, json, pickle, sys; sys.path[0] = sys.argv[1]
from postfix_replies import identify

match = identify("471 4.7.1 <a@b.c>: Relay access denied")
for name in ("reply", "code", "enhanced", "params", "form", "tail", "repairs", "other", "_values",
             "_near", "__class__"):
    for change in (lambda: setattr(match, name, None), lambda: delattr(match, name)):
        try: change()
        except AttributeError: continue
        print("changed", name)
match.params["recipient"] = "x"
print(match.json())
print(json.loads(match.json()) == match.as_dict(), list(match.as_dict()))
print(all(other == match and type(other) is type(match) for other in (
    copy.copy(match), copy.deepcopy(match), pickle.loads(pickle.dumps(match)))))
near = identify("554 5.7.1 a@b.c: Relay access denied. Call us")
print(near.tail, near.repairs, pickle.loads(pickle.dumps(near)) == near != match, near)
"""
TEXT = (
    '{"id":"relay_access_denied","code":471,"enhanced":"4.7.1","params":{"recipient":"a@b.c"},'
    '"form":"standard","expected":false,"retryable":true,"closes":false,'
    '"tail":"","repairs":[]}'
)


def test_a_python_match_never_changes() -> None:
    printed = passes(sys.executable, "-B", "-c", PYTHON, GENERATED / "python")
    near = "('brackets',)"
    assert printed.splitlines() == [
        *(TEXT, f"True {list(ORDER)}", "True"),
        f". Call us {near} True Match(relay_access_denied, code=554, enhanced='5.7.1', "
        f"params={{'recipient': 'a@b.c'}}, form='standard', tail='. Call us', repairs={near})",
    ]


def test_a_python_match_is_written_back() -> None:
    """As it stood there, where nothing had to be put right."""
    clean = 0
    for line in LINES:
        match = identify(line)
        if match and not (match.repairs or match.tail or "\n" in line or line[3:4] == "-"):
            clean += 1
            assert match.format() == line
    assert clean > 1_000
    match = identify("a@b.c: Relay access denied; from=<x@y.z>")
    assert match and match.format() == "<a@b.c>: Relay access denied"  # no code is made up
    masked = identify("421 4.4.2 *** Error: timeout exceeded")
    assert masked
    with pytest.raises(ValueError, match="hostname must be a host name"):
        masked.format()


def test_a_python_reason_is_written_back() -> None:
    words = "connect to mx.b.c[192.0.2.9]:25: Connection timed out"
    match = identify_reason(words)
    assert match and match.format() == words


@pytest.mark.parametrize("kind", [Match, ReasonMatch, Reading])
def test_python_makes_no_empty_answer(kind: type) -> None:
    with pytest.raises(TypeError, match=f"a {kind.__name__}$"):
        kind()


TYPESCRIPT = """
import { identify } from "./src/identify.ts";
const match: any = identify("471 4.7.1 <a@b.c>: Relay access denied");
for (const name of ["reply", "code", "enhanced", "params", "form", "expected", "tail", "repairs"]) {
  try { match[name] = null; console.log("changed", name); }
  catch (error) { if (!(error instanceof TypeError)) throw error; }
}
match.params.recipient = "x";
match.repairs.push("x");
console.log(JSON.stringify(match));
"""


def test_a_typescript_match_never_changes(tmp_path: Path) -> None:
    command: list[Any] = [tool(lambda: node("esbuild")), "--bundle", "--format=esm", "--loader=ts"]
    folder = GENERATED / "typescript"
    (tmp_path / "match.mjs").write_text(piped(command, folder, TYPESCRIPT))
    assert passes(node(), tmp_path / "match.mjs") == f"{TEXT}\n"


def piped(command: list[Any], cwd: Path, given: str) -> str:
    return subprocess.run(
        command, cwd=cwd, input=given, capture_output=True, text=True, check=True
    ).stdout
