"""What the generated packages say that lines are."""

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.toolchain import ROOT

LANGUAGES = ("python", "typescript", "go")
PROBE = ROOT / "tests/probes/run.py"
Answer = dict[str, Any] | None


def ask_all(lines: Sequence[str]) -> dict[str, list[Answer]]:
    """Every package's answers."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(LANGUAGES, pool.map(lambda each: ask(each, lines), LANGUAGES), strict=True))


def ask(language: str, lines: Sequence[str]) -> list[Answer]:
    """One package's answers."""
    done = subprocess.run(
        [sys.executable, PROBE, language],
        input="".join(f"{json.dumps(line)}\n" for line in lines),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(answer) for answer in done.stdout.splitlines()]
