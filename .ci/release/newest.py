"""The newest Postfix against the catalog: python -m release.newest [SOURCE] [--live] [--issue].

Takes the newest source, from a git repository or a folder, and compares it as `codegen
verify-source` does; with --live it also talks to the Postfix that is installed. It prints a report
and exits with 1 where there is something to do; with --issue it opens an issue then, unless one of
the same title is open.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from release.project import output, run, stop
from tests.toolchain import ROOT

# Kept by a maintainer of Postfix; its default branch is the newest snapshot.
SOURCE = "https://github.com/vdukhovni/postfix"
MOST = 60_000  # characters of an issue


def main() -> None:
    """Compare, print the report, and open the issue if that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m release.newest")
    parser.add_argument("source", nargs="?", default=SOURCE)
    parser.add_argument("--live", action="store_true", help="also ask the installed Postfix")
    parser.add_argument("--issue", action="store_true", help="open an issue with the report")
    asked = parser.parse_args()
    with TemporaryDirectory() as work:
        fine, release, report = compare(tree(asked.source, Path(work, "postfix")))
    if asked.live:
        heard, said = _said("make", "live")
        fine = fine and heard
        report += f"\n## The Postfix of this machine\n\n{_block(said)}"
    print(report)
    if not fine:
        if asked.issue:
            open_issue(f"Postfix {release} and the catalog differ", report)
        stop("there is something to do")


def tree(source: str, to: Path) -> Path:
    """The folder of a source: as it is, or cloned, perhaps from below the root."""
    if not Path(source, "src").is_dir():
        run("git", "clone", "--quiet", "--depth", "1", source, to)
        source = str(to)
    inner = Path(source, "postfix")
    return inner if inner.is_dir() else Path(source)


def compare(source: Path) -> tuple[bool, str, str]:
    """Whether nothing differs, which release it is, and what to read."""
    fine, said = _said(sys.executable, "-m", "codegen", "verify-source", source)
    found = re.search(r"^Postfix ([\w.-]+):", said, re.MULTILINE)
    release = found[1] if found else "?"
    known = json.loads((ROOT / "catalog.json").read_text(encoding="utf-8"))["postfix"]
    report = f"""\
## The source

This is Postfix {release}; the catalog knows {known}. What to do about a difference stands in
CONTRIBUTING.md.

{_block(said.replace(f"{source}/", ""))}"""
    return fine and _series(release) == _series(known), release, report


def _series(release: str) -> list[str]:
    """The first two numbers of a release: what comes later in a series seldom says more."""
    return re.split("[.-]", release)[:2]


def _said(*command: object) -> tuple[bool, str]:
    """Whether a command succeeds, and all that it says."""
    words = [str(word) for word in command]
    merged = subprocess.STDOUT
    done = subprocess.run(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=merged, text=True, check=False
    )
    return done.returncode == 0, done.stdout


def _block(text: str) -> str:
    if len(text) > MOST // 2:
        text = text[: MOST // 2].rpartition("\n")[0] + "\n..."
    return f"~~~text\n{text.strip()}\n~~~\n"


def open_issue(title: str, report: str) -> None:
    """Open an issue unless one of this title is open."""
    listed = output("gh", "issue", "list", "--state", "open", "--limit", "1000", "--json", "title")
    if any(issue["title"] == title for issue in json.loads(listed)):
        print(f"An issue is open already: {title}", file=sys.stderr)
    else:
        run("gh", "issue", "create", "--title", title, "--body", report)


if __name__ == "__main__":
    main()
