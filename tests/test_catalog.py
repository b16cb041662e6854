"""The catalog holds what the project was created from, and keeps its rules."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from codegen import text
from codegen.load import load
from tests.tools import GENERATED, ROOT, codegen

CATALOG = load(ROOT / "catalog.json")
BAD = sorted((ROOT / "tests/bad").glob("*.json"))


def test_every_text_formats_to_a_line_of_its_own_reply() -> None:
    types = CATALOG.types()
    for reply in CATALOG.replies:
        values = {name: CATALOG.placeholders[name].example for name in text.split(reply.text)[1::2]}
        said = reply.text.format_map(values)
        assert text.captures(text.split(reply.text), types, said) == values


@pytest.mark.parametrize("wrong", BAD, ids=lambda path: path.stem)
def test_a_wrong_catalog_is_refused_with_the_whole_error(wrong: Path, tmp_path: Path) -> None:
    done = codegen("build", "--catalog", wrong.name, "--out", tmp_path / "out", cwd=wrong.parent)
    assert done.stdout == ""
    assert done.stderr == wrong.with_suffix(".txt").read_text()
    assert done.returncode == 3
    assert not (tmp_path / "out").exists()


def test_every_rule_has_a_wrong_catalog() -> None:
    source = "".join((ROOT / "codegen" / name).read_text() for name in RULE_SOURCES)
    shown = "".join(path.read_text() for path in (ROOT / "tests/bad").glob("*.txt"))
    for rule in RULES:
        assert f'"{rule}"' in source, rule
        assert f"[{rule}]" in shown, rule


RULE_SOURCES = ("rules.py", "catalog.py", "load.py", "shape.py")
RULES = [
    "ambiguous",
    "ascii",
    "class-mismatch",
    "duplicate-form",
    "duplicate-id",
    "duplicate-key",
    "duplicate-pair",
    "duplicate-summary",
    "example-mismatch",
    "json",
    "name-collision",
    "opening",
    "order",
    "placeholder-syntax",
    "prose",
    "retry-note",
    "shape",
    "undefined-placeholder",
    "twins",
    "unknown-category",
    "unknown-code",
    "unknown-setting",
    "unknown-stage",
    "unused-category",
    "unused-placeholder",
    "unused-setting",
]


def test_the_schema_accepts_the_catalog_and_refuses_wrong_shapes() -> None:
    schema = json.loads((GENERATED / "catalog.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    catalog = json.loads((ROOT / "catalog.json").read_text())
    validator.validate(catalog)
    shape = json.loads((ROOT / "tests/bad/shape.json").read_text())
    assert not validator.is_valid(shape)
    assert (ROOT / catalog["$schema"]).samefile(GENERATED / "catalog.schema.json")


@pytest.mark.parametrize(
    "raw",
    [b"", b"[" * 100_000, b"\xff", b'{"a": NaN}', b'{"a": ' + b"9" * 5000 + b"}", b"[]", b"1"],
)
def test_hostile_bytes_end_in_a_finding(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_bytes(raw)
    done = codegen("validate", "--catalog", "catalog.json", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("catalog.json:1:")
    assert "Traceback" not in done.stderr


# What is out of use, as an expression, and what stands for it in the whole catalog.
ONE_WORD = {
    r"[Ww]hite-?list(?!_)|[Bb]lack-?list(?!_)|\bDNSBLs?\b|\bRBLs?\b": "blocklist, allowlist",
    r"\be-?mails?\b": "mail, message",
    r"\badmins?\b": "administrator, operator",
    r"\bqueue id\b": "queue ID",
    r"(?<!nhanced )\bstatus codes?\b": "enhanced status code",
    r"\b(error|SMTP|response|return) codes?\b": "reply code",
    r"\bMTAs?\b": "server",
    r"\b[Pp]lease\b|\b[Ss]imply\b|\b[Oo]bviously\b": "nothing",
    r"\be\.g\.|\bi\.e\.|\betc\.": "such as, that is, and so on",
    r"\b[Uu]ser ?names? (table|map)": "login map",
    r"\bresponse (code|line|text)\b": "reply",
}

QUOTED = re.compile(r'"[^"]*"')  # the log and the manual keep their own words


def test_prose_has_one_word_for_one_thing() -> None:
    for reply in CATALOG.replies:
        prose = [reply.summary, reply.cause, reply.sender_action, reply.client_action]
        prose += [reply.operator_action, reply.note or "", reply.retry_note or ""]
        prose += [each.when for each in reply.variants]
        prose += [each.difference for each in reply.twins]
        for said in prose:
            for out_of_use, better in ONE_WORD.items():
                found = re.search(out_of_use, QUOTED.sub("", said))
                assert not found, f"{reply.id}: {found and found[0]} is called {better}: {said}"
