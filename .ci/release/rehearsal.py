"""A release but for the last step: python -m release.rehearsal [FOLDER], which keeps what was made.

The steps are those of .github/workflows/release.yml, each job in its own throw-away clone of what
the checkout has now. Only the tests, which .ci/run is for, are left out.
"""

import argparse
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from release import steps
from release.packages import copy_checkout
from release.project import Project, output, project
from tests.toolchain import ROOT

WORKFLOW = ".github/workflows/release.yml"
TOOLS = (".venv", ".tools", "tests/node/node_modules")
# What make compares with the tools; in a clone it would look newer.
LOCKS = ("pyproject.toml", "requirements*.lock", "tests/node/package*.json")
WHO = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Rehearsal"), ("EMAIL", "rehearsal@localhost"))
}


def main() -> None:
    """Rehearse, and say what would have been published."""
    parser = argparse.ArgumentParser(prog="python -m release.rehearsal")
    parser.add_argument("folder", nargs="?", type=Path, help="where to work; it is kept")
    kept: Path | None = parser.parse_args().folder
    os.environ |= WHO
    named = project()
    with TemporaryDirectory() as folder:
        work = kept or Path(folder)
        rehearse(work, named)
        print(f"{named.tag} could be released. It would have published:")
        print((work / "kept/dist/SHA256SUMS").read_text(), end="")


def rehearse(work: Path, named: Project) -> None:
    """Tag what the checkout has now in a copy, and run the workflow on it."""
    origin = work / "origin"
    prepare(origin, named)
    values = {"github.ref_name": named.tag, "github.token": "", "github.repository": "rehearsal"}
    env = {"DRY_RUN": "1", "PYTHONPATH": ".:.ci"}
    for name, job in steps.in_order(steps.read(ROOT / WORKFLOW)["jobs"]):
        print(f"== {name}", file=sys.stderr, flush=True)
        if "uses" in job:
            print(f"# not here: {job['uses']}", file=sys.stderr, flush=True)
            continue
        here = clone(origin, work / name, named)
        steps.perform(job["steps"], here, values, env, work / "kept")


def prepare(origin: Path, named: Project) -> None:
    """Make the commit of the release, as its maintainer would, and tag it."""
    output("git", "clone", "--quiet", "--no-hardlinks", ROOT, origin)
    if named.tag in output("git", "tag", cwd=origin).split():
        output("git", "tag", "--delete", named.tag, cwd=origin)
    copy_checkout(origin)
    page = origin / "CHANGELOG.md"
    heading = f"## {named.version} - {datetime.now(UTC):%Y-%m-%d}"
    page.write_text(re.sub(r"^## Unreleased$", heading, page.read_text(), flags=re.MULTILINE))
    output("git", "add", "--all", cwd=origin)
    output("git", "commit", "--quiet", "--allow-empty", "--message", named.tag, cwd=origin)
    output("git", "tag", named.tag, cwd=origin)


def clone(origin: Path, here: Path, named: Project) -> Path:
    """Check the tag out, with the tools of this checkout."""
    output("git", "clone", "--quiet", "--branch", named.tag, origin, here)
    for pattern in LOCKS:
        for path in here.glob(pattern):
            os.utime(path, (0, 0))
    for tool in TOOLS:
        if (ROOT / tool).exists():
            (here / tool).symlink_to(ROOT / tool)
    # .gitignore means folders, and these are links.
    (here / ".git/info/exclude").write_text("".join(f"/{tool}\n" for tool in TOOLS))
    return here


if __name__ == "__main__":
    main()
