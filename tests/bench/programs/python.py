"""Times identify of the Python package: python.py PACKAGE_FOLDER INPUT.json."""

import json
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, sys.argv[1])

from postfix_replies import identify


def fresh(lines):
    """The same lines as new strings, so that no hash is remembered."""
    return [line.encode().decode() for line in lines]


def ns_per_line(function, lines):
    lines = fresh(lines)
    start = time.perf_counter_ns()
    for line in lines:
        function(line)
    return (time.perf_counter_ns() - start) / len(lines)


def angles(line):
    return line.count(">: ")


def main():
    given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    patterns = [re.compile(pattern, re.DOTALL) for pattern in given["patterns"]]
    texts = dict.fromkeys(given["texts"])

    def regexes(line):
        for pattern in patterns:
            match = pattern.fullmatch(line)
            if match:
                return match.groups()
        return None

    def floor(line):
        return texts.get(line.split(" ", 2)[-1])

    def split(line):
        return line.split(" ", 2)

    runs = {"identify": identify, "regexes": regexes, "floor": floor, "split": split}
    runs["angles"] = angles
    out = {}
    for name, lines in given["sets"].items():
        times = {run: [] for run in runs}
        for _ in range(given["rounds"]):
            for run, function in runs.items():
                if run == "identify" or name in given["against"]:
                    times[run].append(ns_per_line(function, lines))
        out[name] = {run: statistics.median(taken) for run, taken in times.items() if taken}
    print(json.dumps(out))


main()
