"""The recipes on a log of millions of lines, with one core and with two: `make scale`.

Each is a whole process, from its start on. The counts must be those of the summary; no figure is
asserted.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from tests.scale import logs, recipes

T = TypeVar("T")
ENGINES = {"DuckDB": "duckdb", "Spark": "pyspark"}
CORES = {1: "0", 2: "0,1"}


def timed(run: Callable[[], T]) -> tuple[T, float]:
    """What a run returns, and the seconds that it takes."""
    start = time.perf_counter()
    made = run()
    return made, time.perf_counter() - start


def compare(engine: str, folder: Path, told: tuple[recipes.Counts, int], turns: int) -> str:
    """Rows a second with one core and with two, which take turns; the best of each counts."""
    best = dict.fromkeys(CORES, 0.0)
    for cores in [*CORES] * turns:
        run = partial(recipes.counted, engine, folder, ["taskset", "-c", CORES[cores]])
        (counts, texts), seconds = timed(run)
        if counts != told[0]:
            raise SystemExit(f"{engine} counts {counts}, the summary {told[0]}")
        best[cores] = max(best[cores], told[1] / seconds)
    one, two = best.values()
    of = f"; {texts:,} distinct texts of {sum(counts.values()):,} rows" if texts else ""
    return f"{one:,.0f}; on two cores {two:,.0f}, ratio {two / one:.2f}{of}"


def main() -> None:
    """Make a log, count it with the summary, then with each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale")
    parser.add_argument("--millions", type=float, default=3, help="lines of the log")
    parser.add_argument("--turns", type=int, default=1, help="of each engine and number of cores")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        logs.write(folder, int(asked.millions * 1_000_000))
        told, seconds = timed(partial(recipes.summarized, folder))
        print(f"{told[1]:,} lines in {logs.FILES} files; rows a second, of whole processes:")
        print(f"postfix-replies summary: {told[1] / seconds:,.0f}", flush=True)
        for name, engine in ENGINES.items():
            print(f"{name}: {compare(engine, folder, told, asked.turns)}", flush=True)


main()
