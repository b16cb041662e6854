"""Benchmarks that anyone can rerun: `make bench`, or `python -m tests.bench NAME ...` for some.

Every figure is a ratio, or a growth, in one run. Absolute times depend on the machine and the
hour; what is compared takes turns, and the medians of several turns are shown.
"""

import compileall
import sys
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
    compileall.compile_dir(ROOT / "codegen", quiet=1)
    for name in sys.argv[1:] or EVERY:
        with tempfile.TemporaryDirectory() as work:
            EVERY[name](Path(work))


main()
