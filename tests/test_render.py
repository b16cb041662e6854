"""Rendering: what is kept of compiled templates can be damaged or missing, and nothing is lost."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen import render
from codegen.load import load
from tests.tools import ROOT

moments = random.Random(11)


def truncated(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[: moments.randrange(kept.stat().st_size)])


def flipped(kept: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[moments.randrange(len(content))] ^= 1 << moments.randrange(8)
    kept.write_bytes(content)


def a_folder(kept: Path) -> None:
    kept.unlink()
    kept.mkdir()


@pytest.mark.parametrize("damage", [truncated, flipped, a_folder])
def test_a_damaged_template_is_compiled_again(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(render._Compiled, "folder", tmp_path / "missing")
    catalog = load(ROOT / "tests/golden/catalog.json")
    templates = ROOT / "templates"
    made = render.render(catalog, templates, ["go", "markdown"])
    monkeypatch.setattr(render._Compiled, "folder", tmp_path)
    for _ in range(10):
        assert render.render(catalog, templates, ["go", "markdown"]) == made
        kept = list(tmp_path.iterdir())
        assert kept, "nothing was kept, so nothing was damaged"
        for path in kept:
            if path.is_file():
                damage(path)
