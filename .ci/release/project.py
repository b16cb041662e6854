"""What the parts of the road share: the catalog's names, and how a command is run."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from tests.toolchain import ROOT


class Project(NamedTuple):
    """The version of the next release, and what its packages are called."""

    version: str
    repository: str
    python: str
    npm: str
    go: str

    @property
    def tag(self) -> str:
        """The tag that starts a release."""
        return f"v{self.version}"

    @property
    def go_tag(self) -> str:
        """The tag by which Go finds a module in a folder of a repository."""
        home = self.repository.removeprefix("https://")
        return f"{self.go.removeprefix(home).removeprefix('/')}/{self.tag}".removeprefix("/")


def project(root: Path = ROOT) -> Project:
    """What catalog.json says of the project."""
    catalog = json.loads((root / "catalog.json").read_text(encoding="utf-8"))
    names = catalog["project"]
    return Project(catalog["version"], *(names[key] for key in Project._fields[1:]))


def run(*command: object, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Show a command and run it; what it says is shown too. Where it fails, so do we."""
    words = [str(word) for word in command]
    print("+", shlex.join(words), file=sys.stderr, flush=True)
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **(env or {})}, stdout=sys.stderr, check=False
    )
    if done.returncode:
        stop(f"{words[0]} failed with exit status {done.returncode}")


def output(*command: object, cwd: Path = ROOT) -> str:
    """What a command prints. Raises where it fails."""
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout


def stop(why: str) -> NoReturn:
    """End with the reason."""
    raise SystemExit(f"release: {why}")
