"""codegen validate --fix: order and layout of catalog.json are the machine's to keep."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from codegen.layout import canonical
from codegen.load import load
from tests.test_rules import BASE
from tests.tools import CATALOGS, GOLDEN, OUTPUTS, codegen, ours

WHAT = "order or layout is not the canonical one: run codegen validate --fix [layout]"


def shuffled(value: Any, dice: random.Random) -> Any:
    """A value with the keys of every object in it in another order."""
    if isinstance(value, dict):
        keys = dice.sample(list(value), len(value))
        return {key: shuffled(value[key], dice) for key in keys}
    return [shuffled(part, dice) for part in value] if isinstance(value, list) else value


def written(path: Path, dice: random.Random) -> str:
    """The catalog at `path` in disorder: objects shuffled, in one layout or another."""
    made = shuffled(json.loads(path.read_text()), dice)
    return json.dumps(made, indent=dice.choice((None, 0, 1, 7)), ensure_ascii=dice.random() < 0.5)


@pytest.mark.parametrize("generated", OUTPUTS)
@pytest.mark.parametrize("seed", range(5))
def test_disorder_is_put_right_and_no_value_changes(
    generated: Path, seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(written(CATALOGS[generated], random.Random(seed)))
    before, loaded = json.loads(path.read_text()), load(path)
    done = codegen("validate", "--fix", "--catalog", path)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{path}: put in order\n" in done.stderr
    assert path.read_text() == CATALOGS[generated].read_text()
    assert json.loads(path.read_text()) == before
    assert load(path) == loaded


@pytest.mark.parametrize("generated", OUTPUTS)
def test_order_does_not_matter_to_a_build(generated: Path, tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_text(written(CATALOGS[generated], random.Random(1)))
    done = codegen("build", "--catalog", "catalog.json", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ours(tmp_path / "out") == ours(generated)


@pytest.mark.parametrize("seed", range(20))
def test_any_json_is_written_with_all_its_values(seed: int) -> None:
    """Whatever stands where, known or not: numbers as they were written, lists in their order."""
    raw = json.dumps(anything(random.Random(seed), 4))
    made = canonical(raw)
    assert json.loads(made.encode()) == json.loads(raw)
    assert canonical(made) == made


def anything(dice: random.Random, depth: int) -> Any:
    keys = (
        "replies",
        "stages",
        "step",
        "",
        "X.1.10",
        "X.1.9",
        "code",
        "text",
        "\u00e9\u2028",
        "99",
    )
    if depth and dice.random() < 0.7:
        parts = [anything(dice, depth - 1) for _ in range(dice.randint(0, 6))]
        named = dict(zip(dice.sample(keys, len(parts)), parts, strict=True))
        return parts if dice.random() < 0.3 else named
    return dice.choice((None, True, 1.5, -0.0, 10**30, "", "\ud800", "\u202e{x}", "a\nb", "z", "y"))


@pytest.mark.parametrize("depth", [40, 300, 900])
def test_what_nests_deeply_is_written_too(depth: int) -> None:
    raw = f'{{"a": {"[" * depth}{"]" * depth}}}'
    assert json.loads(canonical(raw)) == json.loads(raw)


@pytest.mark.parametrize("number", ["1.0", "1e3", "-0", "1E+2", "100000000000000000000000.50"])
def test_a_number_stays_as_it_is_written(number: str) -> None:
    assert canonical(f'{{"version": {number}}}') == f'{{\n  "version": {number}\n}}\n'


def test_what_is_canonical() -> None:
    """Fields in the order of the nouns, names in alphabetical order, short lists on one line."""
    replies = {
        "b_a": {"daemons": ["smtpd", "postscreen"], "summary": "x", "text": "y"},
        "a_b": {"examples": ["b" * 50, "a" * 50], "odd": [], "formerly": ["b_c", "a_c"]},
    }
    raw = {"replies": replies, "enhanced_codes": {"X.1.10": {}, "X.1.9": {}}, "version": "1.2.3"}
    assert canonical(json.dumps(raw)) == CANONICAL


CANONICAL = f"""\
{{
  "version": "1.2.3",
  "enhanced_codes": {{
    "X.1.9": {{}},
    "X.1.10": {{}}
  }},
  "replies": {{
    "a_b": {{
      "examples": [
        "{"b" * 50}",
        "{"a" * 50}"
      ],
      "formerly": ["b_c", "a_c"],
      "odd": []
    }},
    "b_a": {{
      "text": "y",
      "summary": "x",
      "daemons": ["postscreen", "smtpd"]
    }}
  }}
}}
"""


def test_a_list_is_on_one_line_as_long_as_it_fits() -> None:
    for length, lines in ((82, 3), (83, 5)):
        of = canonical(json.dumps({"sources": ["x" * length]}))
        assert of.count("\n") == lines
        assert max(map(len, of.splitlines())) <= 100


def test_stages_are_in_the_order_of_a_session() -> None:
    stages = {"a": {"step": 10}, "b": {"step": 9}, "c": {"step": 11}}
    assert list(json.loads(canonical(json.dumps({"stages": stages})))["stages"]) == ["b", "a", "c"]


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(written(CATALOGS[GOLDEN], random.Random(2)))
    codegen("validate", "--fix", "--catalog", path)
    fixed = path.stat()
    done = codegen("validate", "--fix", "--catalog", path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "put in order" not in done.stderr
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (fixed.st_ino, fixed.st_mtime_ns)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_of_the_file_is_kept(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(BASE.replace("\n", "\n\n"))
    path.chmod(mode)
    assert codegen("validate", "--fix", "--catalog", path).returncode == 0
    assert path.stat().st_mode & 0o777 == mode
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ('"version": "1.0.0",', '"version": "1.0.0", "version": "1.0.0",', "duplicate-key"),
        ('"version": "1.0.0",', '"version": "1.0.0"', "json"),
        ('"text": "Two words",', '"text": "Two words", "text": "Two words",', "duplicate-key"),
    ],
)
def test_what_is_no_catalog_to_put_in_order_stays_as_it_is(
    right: str, wrong: str, rule: str, tmp_path: Path
) -> None:
    path = tmp_path / "catalog.json"
    raw = BASE.replace("  ", "    ").replace(right, wrong)
    path.write_text(raw)
    done = codegen("validate", "--fix", "--catalog", path)
    assert done.returncode == 3
    assert f"[{rule}]" in done.stdout
    assert path.read_text() == raw
    assert list(tmp_path.iterdir()) == [path]


def test_order_is_put_right_in_a_catalog_that_breaks_rules_too(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(BASE.replace("  ", " ").replace("The second.", "The first."))
    done = codegen("validate", "--fix", "--catalog", path)
    assert done.returncode == 3
    assert "[duplicate-summary]" in done.stdout
    assert path.read_text() == canonical(BASE.replace("The second.", "The first."))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"postfix": "3.12",', '"postfix":  "3.12",'),
        ('"$schema": "x",\n  "version": "1.0.0",', '"version": "1.0.0",\n  "$schema": "x",'),
        ('["smtpd"]', '[\n        "smtpd"\n      ]'),
        ("One", "\\u004fne"),
        ("{\n", "\n{\n"),
        (",\n", ", \n"),
    ],
)
def test_without_fix_the_first_line_that_differs_is_named(
    right: str, wrong: str, tmp_path: Path
) -> None:
    path = tmp_path / "catalog.json"
    before, _, after = canonical(BASE).partition(right)
    path.write_text(f"{before}{wrong}{after}")
    done = codegen("validate", "--catalog", "catalog.json", cwd=tmp_path)
    line = before.count("\n") + 1
    assert done.stdout == f"catalog.json:{line}:1: {WHAT}\n"
    assert done.stderr == "Fix 1 problem in catalog.json.\n"
    assert done.returncode == 3
    assert path.read_text() == f"{before}{wrong}{after}"


@pytest.mark.parametrize(("end", "line"), [("", 1), ("\n\n", 2)])
def test_a_file_ends_with_one_line_feed(end: str, line: int, tmp_path: Path) -> None:
    right = canonical(BASE).removesuffix("\n")
    (tmp_path / "catalog.json").write_text(right + end)
    done = codegen("validate", "--catalog", "catalog.json", cwd=tmp_path)
    at = right.count("\n") + 1 + line
    assert (done.returncode, done.stdout) == (3, f"catalog.json:{at}:1: {WHAT}\n")


def test_a_link_to_a_catalog_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "catalog.json", tmp_path / "link.json"
    path.write_text(BASE.replace("\n", "\n\n"))
    link.symlink_to(path)
    assert codegen("validate", "--fix", "--catalog", link).returncode == 0
    assert link.is_symlink()
    assert path.read_text() == canonical(BASE)


def test_a_file_that_cannot_be_written_exits_4(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(BASE.replace("\n", "\n\n"))
    (tmp_path / ".catalog.json.next").mkdir()  # where the new one would be made
    done = codegen("validate", "--fix", "--catalog", path)
    assert done.returncode == 4
    assert done.stderr.startswith(f"codegen: cannot write {path}: ")
    assert path.read_text() == BASE.replace("\n", "\n\n")
