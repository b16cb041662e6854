"""Every Python of this machine is tried: python -m tests.pythons.

The generator's quick tests run on each CPython from 3.11 on, in an environment of its own with
what requirements.lock says; the generated package is compiled and asked on each from 3.9 on. The
Python that runs this has had all the tests, so it only gives the answers to compare with.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codegen.load import load
from tests import vectors
from tests.probes import run as probes

ROOT = Path(__file__).parent.parent
ENVIRONMENTS = ROOT / ".tools/pythons"
PACKAGE = ROOT / "generated/python"
QUICK = ["tests/test_golden.py", "tests/test_changes.py", "tests/test_cli.py"]
Version = tuple[int, ...]
THIS: Version = sys.version_info[:3]
GENERATOR: Version = (3, 11)
PACKAGES: Version = (3, 9)
# One of an environment is not a Python of the machine, and prints nothing.
WHICH = """
import platform, sys
if platform.python_implementation() == "CPython" and sys.prefix == sys.base_prefix:
    print(sys.executable, *sys.version_info[:3], sep="\\n")
"""
COMPILE = """
import sys
from pathlib import Path
for path in Path(sys.argv[1]).rglob("*.py"):
    compile(path.read_bytes(), str(path), "exec")
"""


def pythons() -> dict[Version, str]:
    """The Pythons on PATH, in /usr/bin and of pyenv, each version once."""
    found: dict[Version, str] = {}
    for candidate in candidates():
        done = subprocess.run([candidate, "-c", WHICH], capture_output=True, text=True, check=False)
        if done.returncode:
            pass_over(f"{candidate} does not run")
        elif done.stdout:
            executable, *version = done.stdout.splitlines()
            found.setdefault(tuple(map(int, version)), executable)
    return dict(sorted(found.items()))


def candidates() -> Iterator[Path]:
    """What may be a Python. A shim is none: it chooses one by the folder it is called in."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    for folder in dict.fromkeys((*path, Path("/usr/bin"), *pyenv.glob("versions/*/bin"))):
        if folder.name != "shims":
            for file in sorted(folder.glob("python3*")):
                if re.fullmatch(r"python3(\.[0-9]+)?", file.name) and os.access(file, os.X_OK):
                    yield file


def pass_over(why: str) -> None:
    """Say loudly that a Python is not tried; in CI that fails."""
    if os.environ.get("CI"):
        raise SystemExit(why)
    print(f"NOT TRIED: {why}", flush=True)


def run(command: list[str | Path], asked: str | None = None) -> str:
    """What a command prints. Raises SystemExit with all of it where the command fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        input=asked,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def try_generator(python: str, version: str) -> None:
    """Run the quick tests in an environment with the locked packages."""
    uv = shutil.which("uv") or ROOT / ".tools/bin/uv"
    folder = ENVIRONMENTS / version
    there = folder / "bin/python"
    run([uv, "venv", "--quiet", "--allow-existing", "--python", python, folder])
    sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", there]
    run([*sync, "requirements.lock"])
    run([there, "-m", "pytest", "-q", *QUICK])


def answers(python: str) -> list[Any]:
    """What the package answers to every question on a Python, where a warning is an error."""
    asked = vectors.lines(load(ROOT / "catalog.json"))
    lines = "".join(f"{json.dumps(line)}\n" for line in asked)
    strict: list[str | Path] = [python, "-W", "error", "-B"]
    run([*strict, "-c", COMPILE, PACKAGE])
    ask = [*strict, ROOT / "tests/probes/python.py", PACKAGE]
    said = run([*ask, "identify"], lines) + run([*ask, "facts"], probes.names())
    return [json.loads(line) for line in said.splitlines()]


def try_package(python: str, expected: list[Any]) -> None:
    """Check that the package answers on a Python as it does on this one."""
    if answers(python) != expected:
        raise SystemExit(f"the package answers otherwise on {python}")


def main() -> None:
    """Try every Python, a line each. Ends with status 1 at the first that fails."""
    expected = answers(sys.executable)
    others = [each for each in pythons().items() if each[0] >= PACKAGES and each[0] != THIS]
    for version, python in others:
        start = time.monotonic()
        name = ".".join(map(str, version))
        tried = "package"
        try_package(python, expected)
        if version >= GENERATOR:
            tried = "generator and package"
            try_generator(python, name)
        print(f"Python {name}: {tried}, {time.monotonic() - start:.0f} s", flush=True)
    if not others:
        print("ONLY THIS PYTHON WAS TRIED: the machine has no other from 3.9 on")
    elif others[-1][0] < GENERATOR:
        print("THE GENERATOR WAS TRIED ON THIS PYTHON ONLY: the machine has no other from 3.11 on")


if __name__ == "__main__":
    main()
