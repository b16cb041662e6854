"""Provoke a real Postfix: python -m tests.live [--only NAME] [--keep].

Prints the report; exits with 1 where a reply is not the expected one, and with 2 where something
is missing that the run needs.
"""

import argparse
import sys
from pathlib import Path

from tests.live import run
from tests.live.report import HEARD, Report, heard_file, markdown, unaccounted
from tests.live.sandbox import missing


def main() -> int:
    """Run, print, and refresh the file of what was heard."""
    parser = argparse.ArgumentParser(prog="python -m tests.live", description="Provoke a Postfix.")
    parser.add_argument("--only", default="", metavar="NAME", help="scenarios whose name has this")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep configuration and log")
    asked = parser.parse_args()
    if lacking := missing():
        print("Cannot run Postfix here; missing:", *lacking, sep="\n- ", file=sys.stderr)
        return 2
    made = run.provoke(asked.only, asked.keep)
    print(markdown(made))
    wrong = [*made.mismatches, *([] if asked.only else unaccounted(made))]
    if wrong:
        print(f"\n{len(wrong)} mismatches:", *wrong, sep="\n\n", file=sys.stderr)
        return 1
    if not asked.only:
        refresh(made)
    return 0


def refresh(made: Report) -> None:
    now = heard_file(made)
    if not HEARD.exists() or HEARD.read_text() != now:
        HEARD.write_text(now)
        print(f"wrote {HEARD}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
