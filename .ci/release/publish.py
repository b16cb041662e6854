"""Publish what dist/ has: python -m release.publish (python | npm | go | github).

Needs nothing but Python, git and the client of the registry. With DRY_RUN set everything is done
but the last step. What is published already is left alone, so a release that was cut short can be
taken up again.
"""

import argparse
import hashlib
import os
import shlex
import sys
from pathlib import Path

from release.gate import notes
from release.project import Project, project, run, stop
from tests.toolchain import ROOT

DIST = ROOT / "dist"
DRY = ["--dry-run"] if os.environ.get("DRY_RUN") else []


def main() -> None:
    """Publish to one place."""
    parser = argparse.ArgumentParser(prog="python -m release.publish")
    parser.add_argument("where", choices=list(PLACES))
    where = parser.parse_args().where
    verify(DIST)
    PLACES[where](project())


def verify(dist: Path) -> None:
    """Stop where a file is not the one that was made and checked."""
    for line in (dist / "SHA256SUMS").read_text().splitlines():
        wanted, name = line.split("  ", 1)
        if hashlib.sha256((dist / name).read_bytes()).hexdigest() != wanted:
            stop(f"{name} is not the file that make packages made")


def python(_: Project) -> None:
    """Both Python projects, by trusted publishing: the registry knows the workflow, no password."""
    found = sorted([*DIST.glob("*.whl"), *DIST.glob("*.tar.gz")])
    trusted = "never" if DRY else "always"
    command = (os.environ.get("UV", "uv"), "publish", *DRY, "--trusted-publishing", trusted)
    run(*command, *found)


def npm(_: Project) -> None:
    """The npm package, with its provenance: which commit and workflow it was made by."""
    (tarball,) = DIST.glob("*.tgz")
    proven = [] if DRY else ["--provenance"]
    run("npm", "publish", *DRY, *proven, "--access", "public", tarball)


def go(named: Project) -> None:
    """The tag by which Go finds the module; the module proxy does the rest."""
    run("git", "push", *DRY, "origin", f"HEAD:refs/tags/{named.go_tag}")


def github(named: Project) -> None:
    """A release on the code host, with every file and what the change log says."""
    said = DIST / "NOTES.md"
    said.write_text(notes(ROOT, named) + "\n", encoding="utf-8")
    files = sorted(path for path in DIST.iterdir() if path != said)
    words = ["release", "create", named.tag, "--verify-tag", "--title", named.tag]
    command = ["gh", *words, "--notes-file", said, *files]
    if DRY:
        print("would run:", shlex.join(map(str, command)), file=sys.stderr)
    else:
        run(*command)


PLACES = {"python": python, "npm": npm, "go": go, "github": github}

if __name__ == "__main__":
    main()
