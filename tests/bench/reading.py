"""Times reading of whole logs in every language, against pflogsumm and wc."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.mail_log import lines
from tests.bench.packages import PROGRAMS, compiled, typescript_package
from tests.bench.timing import ENVIRONMENT, in_turn, wall
from tests.toolchain import ROOT, node

GENERATED = ROOT / "generated"
COUNT = 300_000
GROWN = 1_000_000
TURNS = 3


def reading(work: Path) -> None:
    """Time log line -> id, and the summary; also the memory as the log grows."""
    log, grown = made(work / "mail.log", COUNT), made(work / "grown.log", GROWN)
    runs = {name: [*command, log] for name, command in commands(work).items()}
    times = in_turn({name: timer(command, work) for name, command in runs.items()}, TURNS)
    floor = times.get("pflogsumm")
    if floor is None:
        print("pflogsumm is missing (Debian package pflogsumm): nothing to compare with")
    print(f"a log of {COUNT:,} lines, whole processes, one after the other")
    for name, seconds in times.items():
        ratio = f", {floor / seconds:5.2f} times pflogsumm" if floor else ""
        print(f"  {name:22} {COUNT / seconds:12,.0f} lines a second{ratio}")
    explaining(log, times["Python"], work)
    for name, command in commands(work).items():
        if name not in ("pflogsumm", "wc -l"):
            less, more = (memory([*command, file]) for file in (log, grown))
            print(f"  {name:22} {more / less:.2f} of the memory for {GROWN / COUNT:.1f} of the log")


def explaining(log: Path, seconds: float, work: Path) -> None:
    """Time what explains every line, against what only reads them."""
    program = f"{sys.executable} -m postfix_replies - <{log} >{work}/explained"
    command: list[object] = ["env", f"PYTHONPATH={GENERATED / 'python'}", "sh", "-c", program]
    ratio = in_turn({"explain": timer(command, work)}, 1)["explain"] / seconds
    print(f"  explaining every line takes {ratio:.1f} times the time of reading it (aim 10)")


def made(file: Path, count: int) -> Path:
    with file.open("w", encoding="utf-8") as log:
        log.writelines(f"{line}\n" for line in lines(count))
    return file


def timer(command: list[object], work: Path) -> Callable[[], float]:
    return lambda: wall(command, work)


def commands(work: Path) -> dict[str, list[object]]:
    """What reads a log that is named behind it."""
    programs = PROGRAMS / "reading"
    found: dict[str, list[object]] = {
        "Python": [sys.executable, programs / "python.py", GENERATED / "python"],
        "TypeScript": typescript(work),
        "Go": golang(work),
        "postfix-replies summary": [sys.executable, programs / "summary.py", GENERATED / "python"],
        "wc -l": ["wc", "-l"],
    }
    if shutil.which("pflogsumm"):
        found["pflogsumm"] = ["pflogsumm"]
    return found


def typescript(work: Path) -> list[object]:
    folder = typescript_package(work, GENERATED)
    shutil.copy(PROGRAMS / "reading/typescript.mjs", folder / "reading.mjs")
    return [node(), folder / "reading.mjs"]


def golang(work: Path) -> list[object]:
    return [compiled(work / "go-reading", "reading/go", GENERATED)]


def memory(command: list[object]) -> int:
    """The most memory that a process had, in kilobytes."""
    with subprocess.Popen(
        [str(part) for part in command], env=ENVIRONMENT, stdout=subprocess.DEVNULL
    ) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return used.ru_maxrss
