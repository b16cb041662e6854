"""Publishing: the whole or nothing, and never a file of somebody else's."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codegen import output
from codegen.errors import CodegenError
from codegen.output import publish
from tests.tools import ROOT, codegen, files

OLD = {"go/a.go": b"old a\n", "go/gone/b.go": b"old b\n", "python/c.py": b"same\n"}
NEW = {"go/a.go": b"new a\n", "python/c.py": b"same\n", "python/d.py": b"new d\n"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    publish(tmp_path / "out", OLD)
    return tmp_path / "out"


def without_manifest(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in files(folder).items() if path != output.MANIFEST}


def test_a_build_writes_and_removes_what_it_must(out: Path) -> None:
    changes = publish(out, NEW)
    assert without_manifest(out) == NEW
    assert not (out / "go/gone").exists()
    assert changes.new == ["python/d.py"]
    assert changes.stale == ["SHA256SUMS", "go/a.go"]
    assert changes.gone == ["go/gone/b.go"]
    assert changes.unchanged == ["python/c.py"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["out"]


def test_the_manifest_is_what_sha256sum_reads(out: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", output.MANIFEST], cwd=out, check=False
    )
    assert done.returncode == 0


def test_unchanged_files_keep_their_time_and_inode(out: Path) -> None:
    os.utime(out / "python/c.py", (1, 1))
    before = (out / "python/c.py").stat()
    publish(out, NEW)
    after = (out / "python/c.py").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_build_that_changes_nothing_leaves_the_folder_alone(out: Path) -> None:
    before = out.stat().st_ino
    publish(out, OLD)
    assert out.stat().st_ino == before


def test_builds_at_once_do_not_mix(tmp_path: Path) -> None:
    whole = []
    for version in "01":
        subprocess.run([sys.executable, "-c", BUILDS, tmp_path / version, version], check=True)
        whole.append(files(tmp_path / version))
    commands: list[list[str | Path]] = [
        [sys.executable, "-c", BUILDS, tmp_path / "out", version] for version in "010101"
    ]
    for process in [subprocess.Popen(command) for command in commands]:
        assert process.wait() == 0
    assert files(tmp_path / "out") in whole


def test_files_of_others_stay(out: Path) -> None:
    (out / "mine.txt").write_text("mine")
    (out / "go/gone/mine.txt").write_text("mine too")
    (out / "empty").mkdir()
    (out / "link").symlink_to("mine.txt")
    (out / "broken").symlink_to("/nowhere/at/all")
    (out / "folder_link").symlink_to("go")
    publish(out, NEW)
    assert (out / "mine.txt").read_text() == "mine"
    assert (out / "go/gone/mine.txt").read_text() == "mine too"
    assert (out / "empty").is_dir()
    assert (out / "link").readlink() == Path("mine.txt")
    assert (out / "broken").is_symlink()
    assert (out / "folder_link").readlink() == Path("go")
    assert not output.compare(out, NEW).any


def test_a_file_of_somebody_else_is_not_overwritten(out: Path) -> None:
    (out / "python/d.py").write_text("mine")
    before = files(out)
    with pytest.raises(CodegenError, match=r"in the way.*python/d\.py"):
        publish(out, NEW)
    assert files(out) == before


def test_a_link_or_folder_in_the_way_is_not_followed(out: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (out / "rust").symlink_to(elsewhere)
    (out / "python/d.py").mkdir()
    with pytest.raises(CodegenError, match="in the way"):
        publish(out, {**NEW, "rust/e.rs": b"e"})
    assert list(elsewhere.iterdir()) == []


def test_a_hand_edited_file_that_is_no_longer_made_is_kept(out: Path) -> None:
    (out / "go/gone/b.go").write_text("improved by hand")
    changes = publish(out, NEW)
    assert changes.kept == ["go/gone/b.go"]
    assert (out / "go/gone/b.go").read_text() == "improved by hand"


def test_a_manifest_cannot_point_outside(out: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    digest = "0" * 64
    with (out / output.MANIFEST).open("a") as manifest:
        for path in ("../victim", str(victim), "go/../../victim", "./../victim"):
            manifest.write(f"{digest}  {path}\n")
    publish(out, NEW)
    assert victim.read_text() == "precious"
    assert without_manifest(out) == NEW


def test_a_manifest_with_conflict_markers_still_tells_what_is_ours(out: Path) -> None:
    lines = (out / output.MANIFEST).read_text()
    (out / output.MANIFEST).write_text(f"<<<<<<< ours\n{lines}=======\n{lines}>>>>>>> theirs\n")
    (out / "go/a.go").write_text("<<<<<<< ours\n")
    publish(out, NEW)
    assert without_manifest(out) == NEW


def test_building_one_target_leaves_the_others(out: Path) -> None:
    publish(out, {"go/a.go": b"newer\n"}, of=("go",))
    assert without_manifest(out) == {"go/a.go": b"newer\n", "python/c.py": b"same\n"}
    assert not output.compare(out, {"go/a.go": b"newer\n", "python/c.py": b"same\n"}).any


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
    manifest = (out / output.MANIFEST).read_text()
    (out / "old.txt").write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (out / output.MANIFEST).write_text(f"{manifest}{empty}  old.txt\n")
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
    shutil.copytree(ROOT / "tests/golden/out", tmp_path / "out")
    catalog = (ROOT / "tests/golden/catalog.json").read_text()
    (tmp_path / "catalog.json").write_text(
        catalog.replace("An {old_thing} of", "That {old_thing} of")
    )
    arguments = ("--catalog", "catalog.json", "--out", "out")
    done = codegen("build", "--check", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert "out of date: out/go/facts.go\n" in done.stdout
    assert '+\t"That {old_thing} of the past",\n' in done.stdout


def test_an_output_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = codegen("build", "--out", "file/out", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.startswith("codegen: cannot ")
    assert "Traceback" not in done.stderr


# Two whole versions take turns for as long as the process lives.
BUILDS = """
import sys
from pathlib import Path
from codegen import output
versions = [
    {f"{at % 3}/{at}.txt": f"{version} {at}\\n".encode() * 99 for at in range(24)}
    | {f"only_{version}.txt": b"x\\n"}
    for version in ("one", "two")
]
if sys.argv[2:]:
    output.publish(Path(sys.argv[1]), versions[int(sys.argv[2])])
    sys.exit()
print("ready", flush=True)
while True:
    for version in versions:
        output.publish(Path(sys.argv[1]), version)
"""


def test_a_kill_at_any_moment_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    whole = []
    for version in "01":
        subprocess.run([sys.executable, "-c", BUILDS, tmp_path / version, version], check=True)
        whole.append(files(tmp_path / version))
    out = tmp_path / "out"
    shutil.copytree(tmp_path / "0", out)
    moments = random.Random(5321)
    found = []
    amid = 0
    for _ in range(80):
        process = subprocess.Popen([sys.executable, "-c", BUILDS, out], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found.append(files(out))
        assert found[-1] in whole
        amid += (tmp_path / ".out.next").exists()
    assert amid >= 10, "too few kills fell in the middle of a build to tell"
    assert all(version in found for version in whole)
    subprocess.run([sys.executable, "-c", BUILDS, out, "1"], check=True)
    assert files(out) == whole[1]
    assert not (tmp_path / ".out.next").exists()
