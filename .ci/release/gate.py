"""What stops a release: python -m release.gate (check | verdict | notes).

`check` holds the tag, the change log, the checkout and the verdict against the catalog; `verdict`
says whether its version is big enough for what changed since the last release; `notes` prints what
the change log says of it.
"""

import argparse
import os
import re
import sys
from pathlib import Path

from release.project import Project, output, project, run, stop
from tests.toolchain import ROOT

CHANGES = "CHANGELOG.md"


def main() -> None:
    """Do what is asked; exit with 1 and the reason where a release must not be."""
    parser = argparse.ArgumentParser(prog="python -m release.gate")
    parser.add_argument("what", choices=["check", "verdict", "notes"])
    what = parser.parse_args().what
    named = project()
    if what == "check":
        check(named)
    elif what == "verdict":
        verdict(named)
    else:
        print(notes(ROOT, named))


def check(named: Project) -> None:
    """Stop where the tag, the change log, the checkout or the version is not as it must be."""
    tag = os.environ.get("TAG") or named.tag
    if tag != named.tag:
        stop(f"the tag is {tag}, but the version in catalog.json is {named.version}")
    if changed := output("git", "status", "--porcelain"):
        stop(f"the checkout has changes that are not committed:\n{changed}")
    notes(ROOT, named)
    verdict(named)


def verdict(named: Project) -> None:
    """Stop where the version is too small for what changed since the last release."""
    last = last_release(named)
    if last is None:
        print("No release yet: there is nothing to compare with.")
        return
    form = "github" if os.environ.get("GITHUB_ACTIONS") else "text"
    run(sys.executable, "-m", "codegen", "diff", last, "--format", form)


def last_release(named: Project) -> str | None:
    """The newest tag of a release before this one."""
    listed = output("git", "tag", "--list", "v[0-9]*", "--sort=-version:refname", "--merged")
    return next((tag for tag in listed.split() if tag != named.tag), None)


def notes(root: Path, named: Project) -> str:
    """What the change log says of the release; stop where it does not, or has no date for it."""
    page = (root / CHANGES).read_text(encoding="utf-8")
    heading = rf"^## {re.escape(named.version)} - \d{{4}}-\d\d-\d\d\n(.+?)(?=^## |\Z)"
    found = re.search(heading, page, re.DOTALL | re.MULTILINE)
    if found is None or not found[1].strip():
        stop(f'{CHANGES} has no section "## {named.version} - YYYY-MM-DD"')
    return found[1].strip()


if __name__ == "__main__":
    main()
