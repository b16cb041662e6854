"""The short run, always on. The long one is `make fuzz`."""

import json
from pathlib import Path
from random import Random

import pytest

from codegen.errors import CatalogError
from codegen.load import load
from tests.hostile import mutations
from tests.hostile.catalogs import parts, shaped
from tests.hostile.edges import edges
from tests.hostile.reading import read_back
from tests.toolchain import go, node
from tests.tools import tool

SEED = 20
EDGES = edges()
REFUSED = (
    *("no reply", "placeholder code", "placeholder enhanced", "placeholder form"),
    *("placeholder self", "text 5.7.1", "text 5.7.1 foo", "text 2.0.{text}", "text 2.{text} x"),
    *("category facts", "reply a1_2 a_12", "reply category_facts", "reply reply_code"),
    *("reply enhanced_code", "reply by_code", "reply with_code", "reply by_id", "reply stage_rcpt"),
    *("categories a1_2 a_12", "reply codes a1_2 a_12", "enhanced codes a1_2 a_12"),
    *("old name a1_2 a_12", "placeholders 21", "text of 1001", "id of 300", "category of 300"),
    *(f"reply codes {codes}" for codes in ((10**30,), (2**53 + 1,), (-1,), (0,), (199,), (600,))),
    *("version 01.2.3", "version of 5000", "since of 5000"),
    *(f"text <{{text}}>: {rest}{{x}}" for rest in ("", "x", "xy")),
)
# Rules and templates that are still to come; a test that passes without its mark says so.
AWAITED = {
    *("no reply", "placeholder code", "placeholder enhanced", "placeholder form"),
    *("placeholder self", "text 5.7.1", "text 5.7.1 foo", "text 2.0.{text}", "category facts"),
    *("reply category_facts", "categories a1_2 a_12", "reply codes a1_2 a_12"),
    *("enhanced codes a1_2 a_12", "placeholders 21", "text of 1001", "id of 300"),
    *("category of 300", "version 01.2.3", "version of 5000", "since of 5000"),
    *(f"reply codes {codes}" for codes in ((10**30,), (2**53 + 1,), (-1,), (0,), (199,), (600,))),
}
LATER = pytest.mark.xfail(reason="comes with the new loading and templates", strict=True)


@pytest.mark.parametrize(
    ("language", "size"),
    [
        *((language, 60) for language in ("python", "typescript", "go", "markdown")),
        *((language, 1) for language in ("python", "go", "markdown")),
        pytest.param("typescript", 1, marks=LATER),
    ],
)
def test_what_the_rules_accept_compiles_and_reads_back(language: str, size: int) -> None:
    """Of many replies, and of one that has no enhanced status code."""
    if language == "go":
        tool(go)
    if language == "typescript":
        tool(lambda: node("tsc"))
    counted = read_back(shaped(parts(Random(SEED), size, enhanced=size > 1)), language)
    assert counted["replies"] == size


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[LATER] * (name in AWAITED)) for name in REFUSED]
)
def test_what_some_language_cannot_have_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(shaped(EDGES[name])))
    with pytest.raises(CatalogError):
        load(path)


@pytest.mark.parametrize("kind", [pytest.param(mutations.structure, marks=LATER), mutations.octets])
def test_a_mutated_catalog_gives_findings_with_a_place(
    kind: mutations.Kind, tmp_path: Path
) -> None:
    path = tmp_path / "catalog.json"
    for seed in range(700):
        path.write_bytes(kind(Random(seed)))
        try:
            load(path)
        except CatalogError as error:
            assert error.findings, seed
            assert all(each.line and each.column and each.what for each in error.findings), seed
            str(error.findings).encode()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param('{"replies":[{"a":1,"a":2}],"replies":3}', marks=LATER),
        pytest.param('{"replies":[{"a":1,"a":2}],"replies":[]}', marks=LATER),
        pytest.param('{"placeholders":{"a":{"type":[]}}}', marks=LATER),
        '{"replies":[{"a":1,"a":2}]}',
        '{"version":' + "9" * 5000 + "}",
        '{"\\ud800":"\\ud800"}',
        "[" * 100_000,
    ],
    ids=lambda raw: raw[:60],
)
def test_the_smallest_that_broke_it(raw: str, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(raw)
    with pytest.raises(CatalogError):
        load(path)
