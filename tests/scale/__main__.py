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

from tests.bench import mail_log
from tests.scale import recipes

T = TypeVar("T")
ENGINES = {"DuckDB": "duckdb", "Spark": "pyspark"}
CORES = {1: "0", 2: "0,1"}
FILES = 8


def write(folder: Path, lines: int) -> None:
    """A log in files, as several machines leave it."""
    (folder / "mail").mkdir()
    for number in range(FILES):
        with (folder / f"mail/{number}.log").open("w", encoding="utf-8") as file:
            made = mail_log.lines(lines // FILES, number)
            file.writelines(f"{line}\n" for line in made)


def timed(run: Callable[[], T]) -> tuple[T, float]:
    """What a run returns, and the seconds that it takes."""
    start = time.perf_counter()
    made = run()
    return made, time.perf_counter() - start


def rates(engine: str, folder: Path, expected: recipes.Counts, lines: int) -> dict[int, float]:
    """Rows a second by number of cores."""
    found = {}
    for cores, which in CORES.items():
        run = partial(recipes.counted, engine, folder, ["taskset", "-c", which])
        (counts, texts), seconds = timed(run)
        if counts != expected:
            raise SystemExit(f"{engine} counts {counts}, the summary {expected}")
        found[cores] = lines / seconds
        if texts is not None and cores == 1:
            print(f"{texts:,} distinct texts of {sum(counts.values()):,} rows with an outcome")
    return found


def main() -> None:
    """Make a log, count it with the summary, then with each engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale")
    parser.add_argument("--millions", type=float, default=3, help="lines of the log")
    asked = int(parser.parse_args().millions * 1_000_000)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        write(folder, asked)
        (expected, lines), seconds = timed(partial(recipes.summarized, folder))
        print(f"{lines:,} lines in {FILES} files; rows a second of whole processes")
        print(f"postfix-replies summary: {lines / seconds:,.0f}", flush=True)
        for name, engine in ENGINES.items():
            one, two = rates(engine, folder, expected, lines).values()
            print(f"{name}: {one:,.0f}; on two cores {two:,.0f}, ratio {two / one:.2f}", flush=True)


main()
