"""What differs between the output folder and what a build would put there."""

import re
import shutil
from pathlib import Path

import pytest

from codegen import changes
from codegen.changes import EMPTY, JOURNAL, MANIFEST, OPENING, State, compare
from tests.conftest import NEW, OLD
from tests.tools import GOLDEN, ROOT, codegen, files


def test_each_path_has_one_state(out: Path) -> None:
    (out / "python/c.py").write_text("edited")
    (out / "python/d.py").write_text("mine")
    assert compare(out, NEW | {"rust/e.rs": b"e"}).states == {
        "SHA256SUMS": State.STALE,
        "go/a.go": State.STALE,
        "rust/e.rs": State.NEW,
        "python/c.py": State.EDITED,
        "go/gone/b.go": State.GONE,
        "python/d.py": State.IN_THE_WAY,
    }
    (out / "go/gone/b.go").write_text("improved")
    assert compare(out, NEW).states["go/gone/b.go"] is State.KEPT


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    assert compare(tmp_path / "none", NEW).any
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "noise\n", f"{'0' * 64}  theirs.txt\n"])
def test_a_manifest_of_somebody_else_is_in_the_way(text: str, tmp_path: Path) -> None:
    """SHA256SUMS is a name that others use too, and what theirs names is not ours to remove."""
    (tmp_path / "theirs.txt").write_text("")
    (tmp_path / MANIFEST).write_text(text.replace("0" * 64, EMPTY))
    states = compare(tmp_path, NEW).states
    assert "theirs.txt" not in states
    assert states[MANIFEST] is (State.IN_THE_WAY if text else State.STALE)


def test_what_an_interrupted_build_wrote_is_ours(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PAUSE", 0)
    journal = OPENING + changes.lines(changes.sums_of(NEW | {"rust/e.rs": b"e", "rust/f.rs": b"f"}))
    (out / JOURNAL).write_bytes(journal)
    (out / "go/a.go").write_bytes(NEW["go/a.go"])
    (out / "rust").mkdir()
    (out / "rust/e.rs").write_bytes(b"e")
    (out / "rust/f.rs").write_bytes(b"mine")
    states = compare(out, OLD).states
    assert states == {
        "go/a.go": State.STALE,
        "rust/e.rs": State.GONE,
        JOURNAL: State.INTERRUPTED,
        **dict.fromkeys(["SHA256SUMS", "go/gone/b.go", "python/c.py"], State.UNCHANGED),
    }


@pytest.mark.parametrize("content", [b"mine", OPENING.lower()])
def test_a_journal_of_somebody_else_is_in_the_way(out: Path, content: bytes) -> None:
    (out / JOURNAL).write_bytes(content)
    assert compare(out, OLD).states[JOURNAL] is State.IN_THE_WAY


def test_check_says_that_a_build_was_interrupted(tmp_path: Path) -> None:
    arguments = ("--catalog", ROOT / "tests/golden/catalog.json", "--out", "out")
    assert codegen("build", *arguments, cwd=tmp_path).returncode == 0
    (tmp_path / "out" / JOURNAL).write_bytes(OPENING)
    done = codegen("build", "--check", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    said = "a build is at work or was interrupted; codegen build finishes it"
    assert done.stdout == f"{said}: out/{JOURNAL}\n"
    assert codegen("build", *arguments, cwd=tmp_path).returncode == 0
    assert codegen("build", "--check", *arguments, cwd=tmp_path).returncode == 0


def test_check_says_which_is_which(tmp_path: Path) -> None:
    catalog = ROOT / "tests/golden/catalog.json"
    arguments = ("--catalog", catalog, "--out", "out")
    assert codegen("build", *arguments, cwd=tmp_path).returncode == 0
    out = tmp_path / "out"
    assert codegen("build", "--check", *arguments, cwd=tmp_path).returncode == 0
    (out / "mine.txt").write_text("of no concern")
    assert codegen("build", "--check", *arguments, cwd=tmp_path).returncode == 0
    (out / "go/reply.go").write_text("edited\n")
    (out / "markdown/replies.md").unlink()
    made = {path: content for path, content in files(out).items() if path != "mine.txt"}
    manifest = (out / MANIFEST).read_text()
    (out / "old.txt").write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (out / MANIFEST).write_text(f"{manifest}{empty}  old.txt\n")
    before = files(out)
    done = codegen("build", "--check", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:4] == [
        "out of date: out/SHA256SUMS",
        "missing: out/markdown/replies.md",
        "edited by hand: out/go/reply.go",
        "no longer made: out/old.txt",
    ]
    assert "--- a/go/reply.go\n+++ b/go/reply.go\n" in done.stdout
    assert "\n-edited\n" in done.stdout
    assert "--- /dev/null\n+++ b/markdown/replies.md\n" in done.stdout
    assert "mine.txt" not in done.stdout
    assert done.stderr == "Run codegen build and commit what it writes.\n"
    assert files(out) == before
    assert made.keys() <= before.keys()


def test_check_sees_a_stale_output(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN, tmp_path / "out")
    catalog = (ROOT / "tests/golden/catalog.json").read_text()
    (tmp_path / "catalog.json").write_text(
        catalog.replace("An {old_thing} of", "That {old_thing} of")
    )
    arguments = ("--catalog", "catalog.json", "--out", "out")
    done = codegen("build", "--check", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert "out of date: out/go/facts.go\n" in done.stdout
    assert re.search(r'\n\+var fact.* text: "That \{old_thing\} of the past",', done.stdout)
