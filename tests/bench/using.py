"""What it costs to use a package at all."""

import compileall
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.timing import in_turn, wall
from tests.toolchain import ROOT, node

TURNS = 25
ONE = 'import { RELAY_ACCESS_DENIED } from "./src/index.ts";\nconsole.log(RELAY_ACCESS_DENIED);\n'


def imports(work: Path) -> None:
    """Time the import of the Python package."""
    path = f"import sys; sys.path.insert(0, {str(ROOT / 'generated/python')!r}); "
    compileall.compile_dir(ROOT / "generated/python", quiet=1)
    programs = {"nothing": "pass", "http": "import http", "package": "import postfix_replies"}

    def program(code: str) -> Callable[[], float]:
        return lambda: wall([sys.executable, "-I", "-S", "-c", path + code], work)

    times = in_turn({name: program(code) for name, code in programs.items()}, TURNS)
    ratio = (times["package"] - times["nothing"]) / (times["http"] - times["nothing"])
    print(f"import postfix_replies / import http: {ratio:.2f}  (aim 1.5)")


def bundle(work: Path) -> None:
    """Measure what one constant of the TypeScript package adds to a bundle."""
    done = subprocess.run(
        [node("esbuild"), "--bundle", "--minify", "--format=esm", "--loader=ts"],
        cwd=ROOT / "generated/typescript",
        input=ONE,
        capture_output=True,
        text=True,
        check=True,
    )
    print(f"one constant in a bundle: {len(done.stdout)} bytes  (aim: under 400)")
