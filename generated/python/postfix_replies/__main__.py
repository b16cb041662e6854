"""postfix-replies: what a line of a log, a bounce or an error of Postfix means."""

from __future__ import annotations

import argparse
import io
import os
import sys

from postfix_replies import POSTFIX_VERSION, __version__

_HELP = """\
Say what a text of Postfix means: who spoke, what happened, who must act, whether to wait.

TEXT is whatever you hold: a line of the mail log, a bounce, what an SMTP client threw, a reply, a
code such as 554 or 5.7.1, or the name of a reply. Without quotes its words count as one text; -
reads from standard input: a log line by line, anything else as a whole.

  postfix-replies '554 5.7.1 <a@b.c>: Relay access denied'
  grep NOQUEUE /var/log/mail.log | postfix-replies -
  postfix-replies summary /var/log/mail.log /var/log/mail.log.1.gz
"""
_VERSION = f"postfix-replies {__version__}, for Postfix up to {POSTFIX_VERSION}"
_EPILOG = (
    "Exit status: 0 something is known, 1 nothing is, 2 wrong usage, 4 cannot read."
)


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say."""
    asked = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if asked[:1] == ["summary"]:
            from postfix_replies._summary import command

            return command(asked[1:])
        return _explain(asked)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has seen enough
        return 0
    except KeyboardInterrupt:
        return 130


def _explain(asked: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="postfix-replies",
        usage="postfix-replies [--all] [--json] TEXT...\n       postfix-replies summary FILE...",
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("text", metavar="TEXT", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="tell all that is known")
    parser.add_argument("--json", action="store_true", help="as JSON, an object a text")
    parser.add_argument("--version", action="version", version=_VERSION)
    if not asked:
        parser.print_help(sys.stderr)
        return 2
    told = parser.parse_args(asked)

    from postfix_replies._explain import explain, texts_of

    piped = told.text == ["-"]
    texts = texts_of(sys.stdin) if piped else [" ".join(told.text)]
    styled = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    bold = styled and sys.stdout.isatty()
    return 0 if explain(texts, told.json, told.all, bold) else 1


if __name__ == "__main__":
    sys.exit(main())
