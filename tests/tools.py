"""The product's own command, the toolchains that the tests run, and what the packages answer."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from codegen.catalog import Catalog
from codegen.load import load
from tests.probes import run as probes
from tests.toolchain import ROOT, MissingError

T = TypeVar("T")
GENERATED = ROOT / "generated"
# Built for this run; tests/golden/out has only what templates render.
GOLDEN = Path(tempfile.mkdtemp(), "golden")
CATALOGS = {GENERATED: ROOT / "catalog.json", GOLDEN: ROOT / "tests/golden/catalog.json"}
OUTPUTS = [pytest.param(GENERATED, id="generated"), pytest.param(GOLDEN, id="golden")]
LANGUAGES = list(probes.LANGUAGES)


@cache
def catalog_of(generated: Path = GENERATED) -> Catalog:
    """The catalog that the outputs in a folder are made of."""
    return load(CATALOGS[generated])


def codegen(
    *arguments: object, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the product as its users do."""
    return run([sys.executable, "-m", "codegen", *arguments], cwd=cwd, env=env)


def run(
    command: Sequence[object],
    *,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
    asked: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command and capture what it prints."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def passes(
    *command: object,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
    asked: str | None = None,
) -> str:
    """Run a command that must succeed, and return what it printed."""
    done = run(list(command), cwd=cwd, env=env, asked=asked)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_golden() -> None:
    """Build the golden catalog's packages."""
    atexit.register(shutil.rmtree, GOLDEN.parent, ignore_errors=True)
    passes(sys.executable, "-m", "codegen", "build", "--catalog", CATALOGS[GOLDEN], "--out", GOLDEN)


@cache
def probe(language: str, generated: Path) -> list[str]:
    """The command that answers for a generated package, compiled once a run."""
    work = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, work, ignore_errors=True)
    command: list[str] = tool(lambda: probes.LANGUAGES[language](generated.resolve(), work))
    return command


def answers_of(
    language: str, what: str, questions: Sequence[Any], generated: Path = GENERATED
) -> list[Any]:
    """What a generated package answers to each question."""
    lines = "".join(f"{json.dumps(question)}\n" for question in questions)
    printed = passes(*probe(language, generated), what, asked=lines)
    # Not splitlines, which also splits at marks that stand within a line of JSON.
    answers = [json.loads(line) for line in printed.split("\n") if line]
    assert len(answers) == len(questions)
    return answers


def facts_of(language: str, generated: Path = GENERATED, what: str = "facts") -> list[Any]:
    """What a package knows: each reply, vocabularies and codes, look-ups; or each reason."""
    printed = passes(*probe(language, generated), what, asked=probes.names())
    return [json.loads(line) for line in printed.splitlines()]


def tool(find: Callable[[], T]) -> T:
    """A tool of the toolchain. Where it is missing that fails in CI, and elsewhere skips loudly."""
    try:
        return find()
    except MissingError as error:
        untested(str(error))


def untested(why: str) -> NoReturn:
    """Say loudly what was not tested; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(f"NOT TESTED: {why}")


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


build_golden()
