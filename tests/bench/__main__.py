"""Benchmarks that anyone can rerun: `make bench`, or `python -m tests.bench NAME ...` for some.

Every figure is a ratio, or a growth, in one run. Absolute times depend on the machine and the
hour; what is compared takes turns, and the medians of several turns are shown.
"""

import argparse
import compileall
import tempfile
from pathlib import Path

from tests.bench import building, hostile, matching, reading, using
from tests.toolchain import ROOT

EVERY = {
    "build": building.build,
    "growth": building.growth,
    "import": using.imports,
    "bundle": using.bundle,
    "identify": matching.identify,
    "reading": reading.reading,
    "length": matching.length,
    "size": matching.size,
    "worst": hostile.worst,
}


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(EVERY)}; all by default")
    names: list[str] = parser.parse_args().name
    if unknown := [name for name in names if name not in EVERY]:
        parser.error(f"there is no benchmark called {unknown[0]}")
    compileall.compile_dir(ROOT / "codegen", quiet=1)
    for name in names or EVERY:
        with tempfile.TemporaryDirectory() as work:
            EVERY[name](Path(work))


main()
