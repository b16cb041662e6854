"""Workflows and actions of GitHub, as far as ours need: their steps run here.

It knows `run` with `env`, `if`, and artifacts between jobs; every other action is only named.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from release.project import stop

EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
Step = dict[str, Any]


def read(path: Path) -> dict[str, Any]:
    """A workflow or an action."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def in_order(jobs: dict[str, Step]) -> Iterator[tuple[str, Step]]:
    """The jobs, each after those that it needs."""
    done: set[str] = set()
    while len(done) < len(jobs):
        ready = [name for name in jobs if name not in done and done.issuperset(_needs(jobs[name]))]
        for name in ready:
            yield name, jobs[name]
        done.update(ready)


def _needs(job: Step) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else needs


def perform(
    steps: list[Step], here: Path, values: Mapping[str, str], env: Mapping[str, str], kept: Path
) -> None:
    """Run steps in a folder. `values` are those of expressions; artifacts are kept in `kept`."""
    for step in steps:
        if _holds(step.get("if", "true"), values):
            _perform(step, here, values, env, kept)


def _holds(condition: str, values: Mapping[str, str]) -> bool:
    """Whether a condition holds: `true`, or `NAME != ''`."""
    name, _, rest = str(condition).partition(" != ")
    return not rest or values[name] != ""


def _perform(
    step: Step, here: Path, values: Mapping[str, str], env: Mapping[str, str], kept: Path
) -> None:
    action = step.get("uses", "").partition("@")[0]
    said = {key: _filled(str(value), values) for key, value in step.get("with", {}).items()}
    if "run" in step:
        own = {key: _filled(str(value), values) for key, value in step.get("env", {}).items()}
        _run(step["run"], here, {**env, **own})
    elif action == "actions/upload-artifact":
        shutil.copytree(here / said["path"], kept / said["name"])
    elif action == "actions/download-artifact":
        shutil.copytree(kept / said["name"], here / said["path"])
    else:
        print(f"# not here: {action}", file=sys.stderr, flush=True)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return EXPRESSION.sub(lambda found: values[found[1]], text)


def _run(script: str, here: Path, env: Mapping[str, str]) -> None:
    print(f"$ {script.strip()}", file=sys.stderr, flush=True)
    if EXPRESSION.search(script):
        stop(f"an expression in a script is unsafe: {script}")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=here, env={**os.environ, **env}, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
