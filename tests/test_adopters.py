"""A project that keeps a catalog of its own: its pipeline, its hooks, its targets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from release import steps
from release.packages import copy_checkout
from release.rehearsal import WHO

from tests.toolchain import ROOT
from tests.tools import codegen, passes, run


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository, as an adopter's tools clone it."""
    folder = tmp_path_factory.mktemp("published")
    copy_checkout(folder)
    commit(folder, "init", "--quiet")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A repository with a catalog of its own, and what is built of it."""
    folder = tmp_path / "own"
    assert codegen("init", folder).returncode == 0
    assert codegen("build", "--catalog", "catalog.json", cwd=folder).returncode == 0
    commit(folder, "init", "--quiet")
    passes("git", "tag", "v0.1.0", cwd=folder)
    return folder


def commit(folder: Path, *before: str) -> None:
    if before:
        passes("git", *before, cwd=folder)
    passes("git", "add", "--all", cwd=folder)
    passes("git", "commit", "--quiet", "--message", "All", cwd=folder, env=WHO)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


class Pipeline:
    """A workflow of a project that runs the action. What the action installs is installed once."""

    def __init__(self, own: Path, published: Path, work: Path) -> None:
        self.own, self.work = own, work
        self.action = steps.read(published / "action.yml")
        self.values = {"runner.temp": str(work), "github.action_path": str(published)}
        self.install, *self.checks = self.action["runs"]["steps"]
        self.run([self.install])

    def run(self, chosen: list[steps.Step], **inputs: str) -> None:
        said = self.action["inputs"].items()
        given = {f"inputs.{name}": inputs.get(name, each["default"]) for name, each in said}
        python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        steps.perform(chosen, self.own, self.values | given, {"PATH": python}, self.work)

    def check(self, against: str = "") -> None:
        self.run(self.checks, against=against)


def test_the_action_checks_a_catalog(
    own: Path, published: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pipeline = Pipeline(own, published, tmp_path)
    pipeline.check(against="v0.1.0")
    edit(own / "generated/markdown/command_too_long.md", "command line", "line")
    with pytest.raises(SystemExit, match="1"):
        pipeline.check()
    assert "edited by hand: generated/markdown/command_too_long.md" in capfd.readouterr().out
    edit(own / "catalog.json", '"command_too_long": {', '"line_too_long": {')
    assert codegen("build", "--catalog", "catalog.json", cwd=own).returncode == 0
    pipeline.check()
    with pytest.raises(SystemExit, match="1"):
        pipeline.check(against="v0.1.0")
    assert "::error file=catalog.json,line=" in capfd.readouterr().out


CONFIG = """\
repos:
  - repo: {}
    rev: {}
    hooks:
      - id: codegen-validate
      - id: codegen-build-check
"""


def test_the_hooks_check_a_catalog(own: Path, published: Path, tmp_path: Path) -> None:
    revision = passes("git", "rev-parse", "HEAD", cwd=published).strip()
    (own / ".pre-commit-config.yaml").write_text(CONFIG.format(published, revision))
    commit(own)

    def hooks() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"]
        return run(command, cwd=own, env={"PRE_COMMIT_HOME": str(tmp_path / "hooks"), **WHO})

    done = hooks()
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.count("Passed") == 2
    edit(own / "catalog.json", "longer than the server takes", "too long")
    stale = hooks()
    assert stale.returncode == 1
    assert "out of date: generated/" in stale.stdout
    edit(own / "catalog.json", '"category": "syntax_error"', '"category": "syntax"')
    wrong = hooks()
    assert "syntax is not in categories [unknown]" in wrong.stdout


def test_a_catalog_of_ones_own_is_small_and_right(tmp_path: Path) -> None:
    made = codegen("init", cwd=tmp_path)
    assert (made.stdout, made.returncode) == ("wrote catalog.json\n", 0)
    again = codegen("init", cwd=tmp_path)
    assert again.returncode == 4
    assert again.stderr == "codegen: cannot write catalog.json: File exists\n"
    assert codegen("validate", "catalog.json", cwd=tmp_path).returncode == 0
    text = (tmp_path / "catalog.json").read_text()
    assert text.count("\n") < 600
    codegen("build", "--catalog", "catalog.json", cwd=tmp_path)
    (schema,) = [line.split('"')[3] for line in text.splitlines() if '"$schema"' in line]
    assert (tmp_path / schema).exists()
    explained = ("explain", "--catalog", "catalog.json", "500 5.5.2 a.b Error: command too long")
    assert codegen(*explained, cwd=tmp_path).returncode == 0


@pytest.fixture
def mine(own: Path) -> Path:
    """A target of the project's own, beside its catalog."""
    shutil.copytree(ROOT / "tests/rust/templates", own / "mine/rust")
    shutil.copy(ROOT / "tests/rust/rust.py", own / "mine")
    return own / "mine"


def test_a_target_of_ones_own(own: Path, mine: Path) -> None:
    build = ("build", "--catalog", "catalog.json", "--also", mine.name)
    assert codegen(*build, cwd=own).returncode == 0
    assert "command_too_long" in (own / "generated/rust/lib.rs").read_text()
    assert "Rust: `CommandTooLong`" in (own / "generated/markdown/command_too_long.md").read_text()
    assert (own / "generated/python").exists()
    assert codegen(*build, "--check", cwd=own).returncode == 0
    assert codegen(*build, "--target", "rust", cwd=own).returncode == 0


@pytest.mark.parametrize(
    ("module", "what"),
    [
        ("LANGUAGE = 'Rust'", "a LANGUAGE has spelled(id) as well"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("(", "SyntaxError: '(' was never closed (rust.py, line 1)"),
    ],
)
def test_a_wrong_target_of_ones_own(own: Path, mine: Path, module: str, what: str) -> None:
    (mine / "rust.py").write_text(module)
    done = codegen("build", "--catalog", "catalog.json", "--also", "mine", cwd=own)
    assert (done.returncode, done.stderr) == (4, f"codegen: mine/rust.py: {what}\n")


def test_a_target_without_a_module(own: Path, mine: Path) -> None:
    (mine / "rust.py").unlink()
    done = codegen("build", "--also", "mine", cwd=own)
    what = "no target is called rust, and there is no mine/rust.py"
    assert (done.returncode, done.stderr) == (4, f"codegen: mine/rust: {what}\n")
