"""Whole processes, timed."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

BIN = Path(sys.executable).parent
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
TURNS = 11


def wall(command: Sequence[object], cwd: Path) -> float:
    """Seconds that a whole process takes."""
    start = time.perf_counter()
    subprocess.run(
        [str(part) for part in command], cwd=cwd, env=ENVIRONMENT, check=True, capture_output=True
    )
    return time.perf_counter() - start


def in_turn(runs: Mapping[str, Callable[[], float]], turns: int = TURNS) -> dict[str, float]:
    """The median of each run, all of them taking turns after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(turns + 1):
        for name, run in runs.items():
            seconds = run()
            if turn:
                times[name].append(seconds)
    return {name: statistics.median(taken) for name, taken in times.items()}
