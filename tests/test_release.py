"""The release road: rehearsed as a whole, and stopped where it must be."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from release import rehearsal, steps
from release.packages import copy_checkout
from release.project import project

from tests.toolchain import ROOT, go, node
from tests.tools import passes, run, tool

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
NAMED = project()
HERE = {"PYTHONPATH": ".:.ci"}
DRY = HERE | {"DRY_RUN": "1"}
ENVIRONMENT = {**rehearsal.WHO, **HERE, "TAG": "", "GITHUB_ACTIONS": ""}


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a release was rehearsed."""
    tool(go), tool(lambda: node("attw"))
    folder = tmp_path_factory.mktemp("rehearsed")
    said = passes(sys.executable, "-m", "release.rehearsal", folder, env=HERE)
    assert f"{NAMED.tag} could be released." in said
    return folder


def test_a_release_is_rehearsed(rehearsed: Path) -> None:
    made = {
        re.sub(r"\d+\.\d+\.\d+", "X", path.name) for path in (rehearsed / "kept/dist").iterdir()
    }
    assert made == {
        "SHA256SUMS",
        "postfix-replies-X.tgz",
        "postfix-replies-codegen-X.cdx.json",
        "postfix-replies-go-X.zip",
        "postfix_replies-X-py3-none-any.whl",
        "postfix_replies-X.tar.gz",
        "postfix_replies_codegen-X-py3-none-any.whl",
        "postfix_replies_codegen-X.tar.gz",
    }
    assert (rehearsed / "kept/site/relay_access_denied/index.html").exists()
    notes = (rehearsed / "host/dist/NOTES.md").read_text()
    assert notes.strip() in (ROOT / "CHANGELOG.md").read_text()


AGAIN = """
import os
from pathlib import Path
from release.packages import make
os.umask(0o077)
here = Path("..").resolve()
make(here, here / "again")
"""


def test_of_one_commit_the_bytes_are_always_the_same(rehearsed: Path) -> None:
    """Made again elsewhere, later, by somebody with another time zone and umask."""
    clone = rehearsed / "packages"
    epoch = passes("git", "log", "-1", "--format=%ct", cwd=clone).strip()
    environment = {**HERE, "TZ": "JST-9", "SOURCE_DATE_EPOCH": epoch}
    passes(sys.executable, "-c", AGAIN, cwd=clone, env=environment)
    again = (rehearsed / "again/SHA256SUMS").read_text()
    assert again == (rehearsed / "kept/dist/SHA256SUMS").read_text()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the checkout as it is, tagged as the last release."""
    folder = tmp_path / "clone"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in rehearsal.WHO.items():
            patch.setenv(name, value)
        rehearsal.prepare(folder, NAMED)
    return folder


def gate(what: str, clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "release.gate", what]
    return run(command, cwd=clone, env=ENVIRONMENT | environment)


def edit(clone: Path, name: str, old: str, new: str) -> None:
    text = (clone / name).read_text()
    assert old in text
    (clone / name).write_text(text.replace(old, new, 1))
    passes("git", "commit", "--quiet", "--all", "--message", "Edit", cwd=clone, env=ENVIRONMENT)


def test_what_is_not_ready_is_not_released(clone: Path) -> None:
    assert gate("check", clone).returncode == 0
    other = gate("check", clone, TAG="v9.9.9")
    assert other.stderr == (
        f"release: the tag is v9.9.9, but the version in catalog.json is {NAMED.version}\n"
    )
    (clone / "new.txt").touch()
    assert "not committed:\n?? new.txt" in gate("check", clone).stderr
    (clone / "new.txt").unlink()
    edit(clone, "CHANGELOG.md", f"## {NAMED.version} - ", "## Unreleased - ")
    assert f'has no section "## {NAMED.version} - YYYY-MM-DD"' in gate("check", clone).stderr


def test_a_version_that_is_too_small_is_not_released(clone: Path) -> None:
    assert gate("verdict", clone).stdout == "No release yet: there is nothing to compare with.\n"
    major, minor, _ = NAMED.version.split(".")
    edit(clone, "catalog.json", f'"version": "{NAMED.version}"', f'"version": "{major}.{minor}.99"')
    assert gate("verdict", clone).returncode == 0
    edit(clone, "catalog.json", '"command_too_long": {', '"command_too_lengthy": {')
    stopped = gate("verdict", clone)
    assert stopped.returncode == 1
    assert "command_too_long" in stopped.stderr


def test_what_was_changed_after_it_was_made_is_not_published(rehearsed: Path) -> None:
    here = rehearsed / "python"
    (tarball,) = (here / "dist").glob("*.tgz")
    tarball.write_bytes(tarball.read_bytes() + b"\n")
    for where in ("python", "npm", "go", "github"):
        done = run([sys.executable, "-m", "release.publish", where], cwd=here, env=DRY)
        assert done.returncode == 1
        assert done.stderr == f"release: {tarball.name} is not the file that make packages made\n"


def all_steps() -> list[dict[str, Any]]:
    jobs = [job for path in WORKFLOWS for job in steps.read(path)["jobs"].values()]
    return [step for job in jobs for step in job.get("steps", [])]


def test_nothing_is_done_in_a_workflow_alone() -> None:
    targets = re.findall(r"^([a-z- ]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    known = {f"make {name}" for line in targets for name in line.split()}
    for step in all_steps():
        script = step.get("run", "")
        if script.startswith("apt-get "):  # what a bare container lacks to check out and to make
            continue
        command = re.sub(r'^sudo --preserve-env env "PATH=\$PATH" | ARGUMENTS=.*$', "", script)
        assert command in {"", ".ci/run", ".ci/postfix", *known}, script


def test_workflows_may_do_little_and_run_what_is_pinned() -> None:
    pinned = re.compile(r"^\s+- uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
    for path in WORKFLOWS:
        assert steps.read(path)["permissions"] == {}
        for job in steps.read(path)["jobs"].values():
            assert "permissions" in job
        for line in path.read_text().splitlines():
            if "uses: " in line and "uses: ./" not in line:
                assert pinned.match(line), line


def test_the_generator_is_called_as_the_catalog_says() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "version" in said["dynamic"]
    for url in said["urls"].values():
        assert url.startswith(NAMED.repository)


@pytest.fixture
def postfix(tmp_path: Path) -> Path:
    """A repository with the source of a Postfix that says nothing."""
    source = tmp_path / "source/postfix/src/global"
    source.mkdir(parents=True)
    (source / "mail_version.h").write_text(
        '#define MAIL_RELEASE_DATE "20990101"\n#define MAIL_VERSION_NUMBER "9.9"\n'
    )
    for command in ("init --quiet", "add .", "commit --quiet --message 9.9"):
        passes("git", *command.split(), cwd=tmp_path / "source", env=ENVIRONMENT)
    return tmp_path / "source"


GH = """#!/bin/sh
echo "$@" >>"$0.asked"
[ "$2" != list ] || cat "$0.open"
"""


def test_a_new_postfix_becomes_an_issue_once(postfix: Path, tmp_path: Path) -> None:
    gh = tmp_path / "bin/gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    title = "Postfix 9.9 and the catalog differ"
    command = [sys.executable, "-m", "release.newest", postfix.as_uri(), "--issue"]
    environment = HERE | {"PATH": f"{gh.parent}{os.pathsep}{os.environ['PATH']}"}
    for already, asked in (([], 2), ([{"title": title}], 3)):
        Path(f"{gh}.open").write_text(json.dumps(already))
        done = run(command, env=environment)
        assert done.returncode == 1
        assert "[gone]" in done.stdout
        said = [
            line
            for line in Path(f"{gh}.asked").read_text().splitlines()
            if line.startswith("issue ")
        ]
        assert len(said) == asked
    assert said[1].startswith(f"issue create --title {title} --body ## The source")


def test_copies_have_what_git_has(tmp_path: Path) -> None:
    copy_checkout(tmp_path / "copy")
    tracked = passes("git", "ls-files", "-z").split("\0")
    assert all(
        (tmp_path / "copy" / name).exists() for name in tracked if name and (ROOT / name).exists()
    )
    assert not (tmp_path / "copy/.venv").exists()
