"""The catalog holds what the project was created from, and keeps its rules."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.test_rules import BASE, CASES, wrong
from tests.tools import GENERATED, ROOT, catalog_of, codegen

CATALOG = catalog_of()


def test_every_text_formats_to_a_line_of_its_own_reply() -> None:
    for worded in CATALOG.worded:
        values = [CATALOG.placeholders[hole].example for hole in worded.text.holes]
        parts = zip(worded.text.literals, [*values, ""], strict=True)
        assert worded.text.captures("".join(map("".join, parts))) == values


def test_the_schema_accepts_the_catalog_and_refuses_wrong_shapes() -> None:
    schema = json.loads((GENERATED / "catalog.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    catalog = json.loads((ROOT / "catalog.json").read_text())
    validator.validate(catalog)
    shape = next(case for case in CASES if case.startswith("shape\n"))
    assert validator.is_valid(json.loads(BASE))
    assert not validator.is_valid(json.loads(wrong(shape)))
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
    for reply in CATALOG.replies.values():
        prose = [reply.summary, reply.cause, reply.sender_action, reply.client_action]
        prose += [reply.operator_action, reply.note or "", reply.retry_note or ""]
        prose += [variant.when for variant in reply.variants]
        prose += [twin.difference for twin in reply.twins]
        for said in prose:
            for out_of_use, better in ONE_WORD.items():
                found = re.search(out_of_use, QUOTED.sub("", said))
                assert not found, f"{reply.id}: {found and found[0]} is called {better}: {said}"
