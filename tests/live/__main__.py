"""Provoke a real Postfix: python -m tests.live [--only NAME] [--keep FOLDER] [--write].

Prints the report; exits with 1 where a reply is not the expected one. Where something is missing
that the run needs it says so and skips; with CI set it exits with 2 then.
"""

import argparse
import os
import sys
from pathlib import Path

from tests.live import record, run
from tests.live.sandbox import missing


def main() -> int:
    """Run, print, and record what was heard."""
    parser = argparse.ArgumentParser(prog="python -m tests.live", description="Provoke a Postfix.")
    parser.add_argument("--only", default="", metavar="NAME", help="scenarios whose name has this")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep configuration and log")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"record it in {record.HEARD.name} and {record.PAGE.name}",
    )
    asked = parser.parse_args()
    if asked.write and asked.only:
        parser.error("--write takes a run of all scenarios")
    if lacking := missing():
        print("SKIPPED: no Postfix can run here; missing:", *lacking, sep="\n- ", file=sys.stderr)
        return 2 if os.environ.get("CI") else 0
    made = run.provoke(asked.only, asked.keep)
    print(record.text(made))
    if asked.write and not made.mismatches:
        record.write(made)
    wrong = list(made.mismatches)
    if not asked.only:
        wrong += [*record.unaccounted({*made.stages, *made.reasons}), *record.unmarked(made)]
    if wrong:
        print(f"\n{len(wrong)} mismatches:", *wrong, sep="\n\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
