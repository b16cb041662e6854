"""Runs the program that times identify, in every language."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.timing import ENVIRONMENT
from tests.toolchain import GO_ENVIRONMENT, go, node, requiring

PROGRAMS = Path(__file__).parent / "programs"
Times = dict[str, dict[str, float]]  # set of lines -> what ran -> nanoseconds a line, the median


def python(work: Path, generated: Path) -> list[object]:
    """The command that times the Python package."""
    return [sys.executable, PROGRAMS / "python.py", generated / "python"]


def typescript(work: Path, generated: Path) -> list[object]:
    """The command that times the TypeScript package, on node."""
    return [node(), typescript_package(work, generated) / "typescript.mjs"]


def typescript_package(work: Path, generated: Path) -> Path:
    """A folder with the package compiled, and the program that times it."""
    folder = work / f"ts-{generated.name}"
    package = folder / "node_modules/postfix-replies"
    if not folder.exists():
        shutil.copytree(generated / "typescript", package)
        # esbuild, since it takes a tenth of the time of tsc.
        sources = sorted(package.glob("src/*.ts"))
        options = ["--log-level=error", "--bundle", "--splitting", "--format=esm"]
        options += [f"--outdir={package}/dist"]
        subprocess.run([node("esbuild"), *options, *sources], check=True)
        shutil.copy(PROGRAMS / "typescript.mjs", folder)
    return folder


def golang(work: Path, generated: Path) -> list[object]:
    """The command that times the Go package."""
    return [compiled(work / f"go-{generated.name}", "go", generated)]


def compiled(folder: Path, program: str, generated: Path) -> Path:
    """One of the programs in Go, compiled in a folder with the package."""
    if not folder.exists():
        shutil.copytree(PROGRAMS / program, folder)
        (folder / "go.mod").write_text(requiring("bench", generated / "go"))
        environment = ENVIRONMENT | GO_ENVIRONMENT
        subprocess.run([go(), "build", "-o", "bench", "."], cwd=folder, env=environment, check=True)
    return folder / "bench"


LANGUAGES = {"Python": python, "TypeScript": typescript, "Go": golang}


def timed(
    language: str,
    work: Path,
    generated: Path,
    sets: Mapping[str, Sequence[str]],
    *,
    rounds: int,
    against: Sequence[str] = (),
    patterns: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Times:
    """Time identify on sets of lines; on those in `against` also what it is compared with.

    That is `regexes`, the patterns in order; `floor`, a split and a look-up among the texts;
    `split` alone; and `angles`, a search for every `>: `. Go also has `allocations` a line.
    """
    given = {"sets": sets, "rounds": rounds, "against": against}
    given |= {"patterns": patterns, "texts": texts}
    (work / "input.json").write_text(json.dumps(given))
    command = [*LANGUAGES[language](work, generated), work / "input.json"]
    done = subprocess.run(
        [str(part) for part in command],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    times: Times = json.loads(done.stdout)
    return times
