"""Reads a log: python.py PACKAGE_FOLDER LOG. Prints how many lines had an id."""

import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])

from postfix_replies import read_lines

with Path(sys.argv[2]).open(encoding="utf-8") as log:
    print(sum(reading.match is not None for reading in read_lines(log)))
