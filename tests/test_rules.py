"""Every rule refuses what breaks it; `python -m tests.test_rules` writes down how it does now."""

import re
from pathlib import Path

import pytest

from codegen.errors import CatalogError
from codegen.load import parse
from codegen.render import clashes
from codegen.rules import RULES
from tests.tools import ROOT, codegen

BAD = ROOT / "tests/bad"
BASE = (BAD / "catalog.json").read_text()
HEADING, *CASES = (BAD / "cases.txt").read_text().split("\n== ")


def wrong(case: str) -> str:
    """The base with the changes of a case."""
    raw = BASE
    for removed, added in changes(case):
        old = "".join(f"{line}\n" for line in removed)
        assert raw.count(old) == 1, f"is not there once: {old}"
        raw = raw.replace(old, "".join(f"{line}\n" for line in added))
    return raw


def changes(case: str) -> list[tuple[list[str], list[str]]]:
    """Lines that go, and those that come in their place."""
    found: list[tuple[list[str], list[str]]] = []
    for line in case.splitlines()[1:]:
        if line.startswith("-"):
            if not found or found[-1][1]:
                found.append(([], []))
            found[-1][0].append(line[1:])
        elif line.startswith("+"):
            found[-1][1].append(line[1:])
    return found


def error(case: str) -> str:
    return "".join(f"{line[2:]}\n" for line in case.splitlines() if line.startswith("! "))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.split("\n")[0])
def test_what_breaks_a_rule_is_refused_with_the_whole_error(case: str, tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_text(wrong(case))
    done = codegen("build", "--catalog", "catalog.json", cwd=tmp_path)
    assert done.stdout == ""
    assert done.stderr == error(case)
    assert done.returncode == 3
    assert not (tmp_path / "generated").exists()


def test_the_base_itself_is_right() -> None:
    assert len(parse(BASE.encode(), "catalog.json", clashes).replies) == 2


def test_every_rule_has_a_case() -> None:
    shown = set(re.findall(r"\[([a-z-]+)\]$", "\n".join(map(error, CASES)), re.MULTILINE))
    assert shown == RULES - {"layout"}  # which only validate knows: see test_layout.py


def shown(case: str) -> str:
    """A case with the error that it has now."""
    kept = "\n".join(line for line in case.splitlines() if not line.startswith("! ")).rstrip()
    try:
        parse(wrong(case).encode(), "catalog.json", clashes)
    except CatalogError as wrongs:
        problems = "1 problem" if len(wrongs.findings) == 1 else f"{len(wrongs.findings)} problems"
        last = f"Fix {problems} in catalog.json. Nothing was written."
        return "\n".join((kept, *(f"! {line}" for line in (*wrongs.findings, last))))
    return kept


if __name__ == "__main__":
    text = "\n\n== ".join((HEADING.rstrip(), *map(shown, CASES))) + "\n"
    (BAD / "cases.txt").write_text(text)
