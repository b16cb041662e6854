"""The toolchains that the tests run, and the product's own command."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.toolchain import ROOT, MissingError

GENERATED = ROOT / "generated"
PROBE = ROOT / "tests/probes/run.py"
GOLDEN = ROOT / "tests/golden/out"
OUTPUTS = [pytest.param(GENERATED, id="generated"), pytest.param(GOLDEN, id="golden")]


def codegen(
    *arguments: object, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the product as its users do."""
    return run([sys.executable, "-m", "codegen", *arguments], cwd=cwd, env=env)


def run(
    command: Sequence[object], *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command and capture what it prints."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def passes(*command: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed, and give what it printed."""
    done = run(list(command), cwd=cwd, env=env)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def answers_of(
    language: str, what: str, questions: Sequence[Any], generated: Path = GENERATED
) -> list[Any]:
    """The answers of a generated package, compiled and started once."""
    done = subprocess.run(
        [sys.executable, PROBE, language, what, "--generated", generated],
        input="".join(f"{json.dumps(question)}\n" for question in questions),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Not splitlines, which also splits at marks that stand within a line of JSON.
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert len(answers) == len(questions)
    return answers


def tool(find: Callable[[], Path]) -> Path:
    """A tool of the toolchain. Where it is missing that fails in CI, and elsewhere skips loudly."""
    try:
        return find()
    except MissingError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(f"NOT TESTED: {error}")


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ours(folder: Path) -> dict[str, bytes]:
    """Every file that the folder's manifest names, and the manifest itself."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    names = [line.split("  ", 1)[1] for line in lines]
    return {name: (folder / name).read_bytes() for name in (*names, "SHA256SUMS")}
