"""The short run, always on. The long one is `make fuzz`."""

import json
from pathlib import Path
from random import Random

import pytest

from codegen.errors import CatalogError
from codegen.load import load
from codegen.render import clashes
from tests.hostile import mutations
from tests.hostile.catalogs import catalog
from tests.hostile.edges import edges
from tests.hostile.reading import read_back
from tests.toolchain import go, node
from tests.tools import tool

SEED = 20
EDGES = edges()
REFUSED = (
    *("no reply", "placeholder code", "placeholder enhanced", "placeholder form"),
    *("placeholder self", "placeholder class", "text 5.7.1", "text 5.7.1 foo", "text 2.0.{text}"),
    *("text 2.{text} x", "text 5.7.1.2 foo", "text 2.0.0x", "placeholders 21"),
    *(f"text <{{text}}>: {rest}{{x}}" for rest in ("", "x", "xy")),
    *("reply a1_2 a_12", "reply reply_code", "reply enhanced_code", "reply by_code"),
    *("reply with_code", "reply lookup_enhanced", "reply category_plain", "reply stage_rcpt"),
    *("categories a1_2 a_12", "reply codes a1_2 a_12", "enhanced codes a1_2 a_12"),
    *("old name a1_2 a_12", "text of 1001", "id of 300", "category of 300", "prose of 100000"),
    *("reply codes (-1,)", "reply codes (0,)", "reply codes (199,)", "reply codes (600,)"),
    *(f"reply codes ({code},)" for code in (10**30, 2**53 + 1)),
    *("reply codes (250, 250)", "backports twice", "a code that is 450.0", "a reply with its id"),
    *("version 01.2.3", "version of 5000", "since of 5000", "half a character"),
    *(f"postfix {version}" for version in ("3", "", "3.x", f"3.{'9' * 5000}", "3.12 ")),
    *(f"module {path}" for path in ("example.com/.x", "example.com/x.", "example.com/..")),
    *("module -a.b/x", "module a..b/x", "npm @a", "npm a/b", "npm A", "npm .a"),
)


@pytest.mark.parametrize("size", [60, 1])
@pytest.mark.parametrize("language", ["python", "typescript", "go", "markdown"])
def test_what_the_rules_accept_compiles_and_reads_back(language: str, size: int) -> None:
    """Of many replies, and of one that has no enhanced status code."""
    if language == "go":
        tool(go)
    if language == "typescript":
        tool(lambda: node("tsc"))
    counted = read_back(catalog(Random(SEED), size, enhanced=size > 1), language)
    assert counted["replies"] == size


@pytest.mark.parametrize("name", ["nothing but replies", "a verdict on what is not there"])
@pytest.mark.parametrize("language", ["python", "typescript", "go", "markdown"])
def test_what_broke_a_language_reads_back(language: str, name: str) -> None:
    if language == "go":
        tool(go)
    if language == "typescript":
        tool(lambda: node("tsc"))
    assert read_back(EDGES[name], language)["replies"] == 2


@pytest.mark.parametrize("name", EDGES, ids=lambda name: name[:40])
def test_what_some_language_cannot_have_is_refused(name: str, tmp_path: Path) -> None:
    """Of the catalogs at the edge, those and no others."""
    assert set(REFUSED) <= EDGES.keys()
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(EDGES[name]))
    try:
        load(path, clashes)
    except CatalogError:
        assert name in REFUSED
    else:
        assert name not in REFUSED


@pytest.mark.parametrize("kind", [mutations.structure, mutations.octets])
def test_a_mutated_catalog_gives_findings_with_a_place(
    kind: mutations.Kind, tmp_path: Path
) -> None:
    path = tmp_path / "catalog.json"
    for seed in range(700):
        path.write_bytes(kind(Random(seed)))
        try:
            load(path, clashes)
        except CatalogError as error:
            assert error.findings, seed
            for finding in error.findings:
                assert finding.line and finding.column and finding.what, seed
                str(finding).encode()


@pytest.mark.parametrize(
    "raw",
    [
        '{"replies":[{"a":1,"a":2}],"replies":3}',
        '{"replies":[{"a":1,"a":2}],"replies":[]}',
        '{"placeholders":{"a":{"type":[]}}}',
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
        load(path, clashes)
