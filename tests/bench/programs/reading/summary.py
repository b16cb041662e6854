"""Sums up a log: summary.py PACKAGE_FOLDER LOG."""

import sys

sys.path.insert(0, sys.argv[1])

from postfix_replies.__main__ import main

sys.exit(main(["summary", sys.argv[2]]))
