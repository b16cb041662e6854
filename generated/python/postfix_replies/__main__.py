"""python -m postfix_replies LINE: what a reply line of Postfix means."""

from __future__ import annotations

import io
import sys

_USAGE = """usage: python -m postfix_replies [--json] LINE

Says which reply of Postfix a line is, what it means, what to do, and which settings
affect it. `-` for LINE reads lines from standard input. Exits with 1 if none is known.
"""


def main() -> int:
    """Explain the line that the arguments make."""
    from postfix_replies._explain import explain

    words = [word for word in sys.argv[1:] if word != "--json"]
    if not words or words[0] in ("-h", "--help"):
        print(_USAGE, end="", file=sys.stderr)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    lines = sys.stdin if words == ["-"] else [" ".join(words)]
    return 0 if explain(lines, "--json" in sys.argv[1:]) else 1


if __name__ == "__main__":
    sys.exit(main())
