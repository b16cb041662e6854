"""The recipes of the Python package's README, run as they stand there, and what they must say."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.toolchain import ROOT

PACKAGE = ROOT / "generated/python"
# Not printed: DuckDB shows its progress there.
KEPT = """
import json, pathlib
made = [counts, len(texts) if isinstance(texts, list) else None]
pathlib.Path("counts.json").write_text(json.dumps(made))
"""
LONGEST = 12  # lines of a recipe
Counts = dict[tuple[str, str | None], int]


def recipe(engine: str) -> str:
    """The block of Python in the README that imports an engine."""
    page = (PACKAGE / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (block,) = (one for one in found if re.search(rf"^(import|from) {engine}\b", one, re.MULTILINE))
    return str(block)


def cut() -> str:
    """The regular expression of what is cut, which all recipes share."""
    lines = (line for line in recipe("duckdb").splitlines() if line.startswith("cut "))
    names: dict[str, str] = {}
    exec("\n".join(lines), names)
    return names["cut"]


def counted(engine: str, folder: Path, under: Sequence[str] = ()) -> tuple[Counts, int | None]:
    """What a recipe counts in folder/mail, and how many distinct texts it says there were."""
    program = [*under, sys.executable, "-c", recipe(engine) + KEPT]
    _printed(program, folder)
    pairs, texts = json.loads((folder / "counts.json").read_text())
    named = ((name.split(" "), count) for name, count in pairs if name)
    return _counts((outcome, None if it == "None" else it, n) for (outcome, it), n in named), texts


def summarized(folder: Path) -> tuple[Counts, int]:
    """What `postfix_replies summary` counts in the same files, and how many lines they have."""
    files = map(str, sorted(folder.glob("mail/*.log")))
    command = [sys.executable, "-m", "postfix_replies", "summary", "--json", *files]
    told: dict[str, Any] = json.loads(_printed(command, folder))
    groups = [(one["outcome"], one["id"], one["count"]) for one in told["groups"]]
    delivered = ("delivered", None, told["delivered"])
    return _counts([one for one in groups if one[0] != "warned"] + [delivered]), told["lines"]


def _counts(rows: Iterable[tuple[str, str | None, int]]) -> Counts:
    """The rows by outcome and id; what was delivered has no id in a summary."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for outcome, reply, count in rows:
        counts[outcome, None if outcome == "delivered" else reply] += count
    return dict(counts)


def _printed(command: Sequence[str], folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[-1]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
