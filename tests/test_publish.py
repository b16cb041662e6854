"""Publishing: each file old or new, and never a file or folder of somebody else's."""

import ctypes
import filecmp
import functools
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen import changes
from codegen.changes import JOURNAL, MANIFEST, OPENING, State, compare, staged
from codegen.errors import CANNOT_READ_OR_WRITE, CodegenError
from codegen.publish import publish
from tests.conftest import NEW, OLD
from tests.tools import codegen, files, passes, untested


def without_manifest(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in files(folder).items() if path != MANIFEST}


def everything(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that could change in a folder: kinds, modes, owners, times, inodes, contents."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        at = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(at.st_mode) else None
        found[str(path)] = (at.st_mode, at.st_uid, at.st_gid, at.st_mtime_ns, at.st_ino, content)
    return found


def refused(out: Path, version: dict[str, bytes], match: str) -> None:
    with pytest.raises(CodegenError, match=match) as error:
        publish(out, version)
    assert error.value.status == CANNOT_READ_OR_WRITE


def test_a_build_writes_and_removes_what_it_must(out: Path) -> None:
    done = publish(out, NEW)
    assert without_manifest(out) == NEW
    assert not (out / "go/gone").exists()
    assert done.states == {
        "SHA256SUMS": State.STALE,
        "go/a.go": State.STALE,
        "python/d.py": State.NEW,
        "go/gone/b.go": State.GONE,
        "python/c.py": State.UNCHANGED,
    }
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "go", "python"]


def test_the_manifest_is_what_sha256sum_reads(out: Path) -> None:
    passes("sha256sum", "--check", "--strict", MANIFEST, cwd=out)


def test_unchanged_files_keep_their_time_and_inode(out: Path) -> None:
    before = everything(out / "python/c.py")
    publish(out, NEW)
    assert everything(out / "python/c.py") == before


def test_a_build_that_changes_nothing_leaves_the_folder_alone(out: Path) -> None:
    before = everything(out)
    publish(out, OLD)
    assert everything(out) == before


def test_a_replaced_file_keeps_its_mode_and_a_new_one_has_the_users(out: Path) -> None:
    (out / "go/a.go").chmod(0o640)
    before = os.umask(0o027)
    try:
        publish(out, NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((out / "go/a.go").stat().st_mode) == 0o640
    assert stat.S_IMODE((out / "python/d.py").stat().st_mode) == 0o640
    assert stat.S_IMODE((out / MANIFEST).stat().st_mode) == 0o644


def test_files_of_others_stay(out: Path) -> None:
    (out / "mine.txt").write_text("mine")
    (out / "go/gone/mine.txt").write_text("mine too")
    (out / "empty").mkdir(mode=0o700)
    (out / "link").symlink_to("mine.txt")
    (out / "broken").symlink_to("/nowhere/at/all")
    (out / "folder_link").symlink_to("go")
    mine = ["mine.txt", "go/gone/mine.txt", "empty", "link", "broken", "folder_link"]
    before = everything(out)
    publish(out, NEW)
    after = everything(out)
    assert all(before[str(out / path)] == after[str(out / path)] for path in mine)
    assert not compare(out, NEW).any


def test_a_file_of_somebody_else_is_not_overwritten(out: Path) -> None:
    (out / "python/d.py").write_text("mine")
    before = everything(out / "python")
    refused(out, NEW, r"in the way.*python/d\.py")
    assert everything(out / "python") == before
    assert without_manifest(out) == OLD | {"python/d.py": b"mine"}


def test_a_link_or_folder_in_the_way_is_not_followed(out: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (out / "rust").symlink_to(elsewhere)
    (out / "loop").symlink_to("loop")
    (out / "python/d.py").mkdir()
    refused(out, {**NEW, "rust/e.rs": b"e", "loop/f": b"f"}, "in the way.*loop.*d.py.*rust")
    assert list(elsewhere.iterdir()) == []


def test_a_hand_edited_file_that_is_no_longer_made_is_kept(out: Path) -> None:
    (out / "go/gone/b.go").write_text("improved by hand")
    assert publish(out, NEW).paths(State.KEPT) == ["go/gone/b.go"]
    assert (out / "go/gone/b.go").read_text() == "improved by hand"


NASTY = ["../victim", "{victim}", "go/../../victim", "./../victim", "link/victim", "go//victim"]
NASTY += ["", "/", "go", "x" * 5000, "go/" * 3000 + "x", "\\..\\victim", "\x1b[2J", "a\0b"]


@pytest.mark.parametrize("name", [MANIFEST, JOURNAL])
def test_a_manifest_or_journal_leads_nowhere_outside(name: str, out: Path, tmp_path: Path) -> None:
    victim = tmp_path / "away/victim"
    victim.parent.mkdir()
    for precious in (victim, tmp_path / "victim", tmp_path / staged("victim")):
        precious.write_text("precious")
    (tmp_path / "away/empty").mkdir()
    (victim.parent / staged("victim")).write_text("precious")
    (out / "link").symlink_to(victim.parent)
    before = [everything(tmp_path / "away"), (tmp_path / "victim").read_text()]
    digest = changes.sums_of({"": b"precious"})[""]
    noise = random.Random(1).randbytes(1_000_000)
    with (out / name).open("ab") as file:
        file.write(OPENING if name == JOURNAL else b"")
        for path in (*NASTY, "link/empty/x"):
            file.write(f"{digest}  {path.format(victim=victim)}\n".encode())
        file.write(noise)
    publish(out, NEW)
    assert [everything(tmp_path / "away"), (tmp_path / "victim").read_text()] == before
    assert (tmp_path / staged("victim")).read_text() == "precious"
    assert files(out).keys() == {*NEW, MANIFEST}
    assert without_manifest(out) == NEW


def test_a_manifest_with_conflict_markers_still_tells_what_is_ours(out: Path) -> None:
    lines = (out / MANIFEST).read_text()
    (out / MANIFEST).write_text(f"<<<<<<< ours\n{lines}=======\n{lines}>>>>>>> theirs\n")
    (out / "go/a.go").write_text("<<<<<<< ours\n")
    publish(out, NEW)
    assert without_manifest(out) == NEW


def test_building_one_target_leaves_the_others(out: Path) -> None:
    publish(out, {"go/a.go": b"newer\n"}, of=("go",))
    assert without_manifest(out) == {"go/a.go": b"newer\n", "python/c.py": b"same\n"}
    assert not compare(out, {"go/a.go": b"newer\n", "python/c.py": b"same\n"}).any


@pytest.mark.parametrize("made", [True, False])
def test_building_one_target_after_an_interrupted_build(out: Path, made: bool) -> None:
    (out / JOURNAL).write_bytes(OPENING + changes.lines(changes.sums_of(NEW)))
    if made:
        (out / "python/d.py").write_bytes(NEW["python/d.py"])
    publish(out, {"go/a.go": b"newer\n"}, of=("go",))
    passes("sha256sum", "--check", "--strict", MANIFEST, cwd=out)
    assert ("python/d.py" in (out / MANIFEST).read_text()) is made
    publish(out, OLD)
    assert without_manifest(out) == OLD


def test_empty_files_beside_an_empty_manifest_are_mended(out: Path) -> None:
    for path in (*OLD, MANIFEST):
        (out / path).write_bytes(b"")
    publish(out, NEW)
    assert {path: (out / path).read_bytes() for path in NEW} == NEW
    (out / MANIFEST).write_bytes(b"")
    (out / "go/a.go").write_text("not empty")
    refused(out, NEW, r"in the way.*go/a\.go")
    (out / MANIFEST).unlink()
    (out / "go/a.go").write_bytes(b"")
    refused(out, NEW, r"in the way.*go/a\.go")


def test_the_folder_one_stands_in(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    publish(Path(), NEW)
    assert Path.cwd() == out
    assert without_manifest(Path()) == NEW


def make_device(path: Path) -> None:
    if os.geteuid() != 0:
        untested("a device node needs root")
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))


PLACES: dict[str, Callable[[Path], object]] = {
    "file": lambda path: path.write_text("mine"),
    "pipe": os.mkfifo,
    "device": make_device,
    "loop": lambda path: path.symlink_to(path),
    "link_to_file": lambda path: path.symlink_to(__file__),
    "file/below": lambda path: path.parent.write_text("mine"),
    f"{'long' * 99}": lambda path: None,
}


@pytest.mark.parametrize("check", [[], ["--check"]])
@pytest.mark.parametrize("name", PLACES)
def test_what_is_not_a_folder_is_refused(name: str, check: list[str], tmp_path: Path) -> None:
    PLACES[name](tmp_path / name)
    before = everything(tmp_path)
    done = codegen("build", *check, "--out", name, cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.startswith("codegen: cannot ")
    assert done.stderr.count("\n") == 1
    assert everything(tmp_path) == before


def empty_file(path: Path) -> Path:
    path.with_name("other").write_bytes(b"")
    return path.with_name("other")


OURS = [JOURNAL, staged("go/a.go"), staged("python/d.py"), staged(MANIFEST)]
THINGS: dict[str, Callable[[Path], object]] = {
    "file": lambda path: path.write_text("mine"),
    "folder": lambda path: (path / "mine").mkdir(parents=True),
    "link": lambda path: path.symlink_to(__file__),
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "pipe": os.mkfifo,
    "hard link": lambda path: path.hardlink_to(empty_file(path)),
}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("name", OURS)
def test_a_foreign_thing_under_a_name_of_ours_is_in_the_way(
    name: str, thing: str, out: Path
) -> None:
    THINGS[thing](out / name)
    before = everything(out / name)
    refused(out, NEW, f"in the way.*{Path(name).name}")
    assert everything(out / name) == before
    assert {path: (out / path).read_bytes() for path in OLD} == OLD
    assert compare(out, NEW).states[name] is State.IN_THE_WAY


# Two whole versions, and builds that take turns for as long as the process lives.
VERSIONS = [
    {f"{at % 3}/{at}.txt": f"{version} {at}\n".encode() * 99 for at in range(24)}
    | {f"only_{version}/x.txt": b"x\n"}
    for version in ("one", "two")
]
BUILDS = f"""
import os, sys, time
from pathlib import Path
from codegen.publish import publish
if "kill" in sys.argv:
    os.fsync = lambda handle: None
    replace = Path.replace
    Path.replace = lambda path, place: time.sleep(0.001) or replace(path, place)
versions = {VERSIONS!r}
print("ready", flush=True)
for count in range(int(sys.argv[3])):
    publish(Path(sys.argv[1]), versions[(count + int(sys.argv[2])) % 2])
    time.sleep(float(sys.argv[4]))
"""


def builds(
    out: Path, first: int = 0, count: int = 1_000_000, pause: float = 0, end: str = "kill"
) -> subprocess.Popen[bytes]:
    """Builds that follow each other, until they are killed or the power is cut.

    For a kill they do not wait for the disk, but linger between two renames, where it does most.
    """
    command = [sys.executable, "-c", BUILDS, out, first, count, pause, end]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.fixture
def whole(tmp_path: Path) -> list[dict[str, bytes]]:
    """The folder of each version, complete."""
    for version in (0, 1):
        publish(tmp_path / f"whole_{version}", VERSIONS[version])
    return [files(tmp_path / f"whole_{version}") for version in (0, 1)]


def old_or_new(found: dict[str, bytes], whole: list[dict[str, bytes]]) -> bool:
    """Whether each file is of one of the versions, and none that both have is missing."""
    found = {path: found[path] for path in found if not path.endswith((JOURNAL, ".codegen-next"))}
    return whole[0].keys() & whole[1].keys() <= found.keys() and all(
        content in (version.get(path) for version in whole) for path, content in found.items()
    )


@pytest.mark.parametrize("then", [OLD, NEW, NEW | {"rust/e.rs": b"e"}])
def test_whatever_step_is_the_last_the_next_build_finishes(
    then: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)
    status, steps, interrupted = 1, 0, 0
    while status:
        out = tmp_path / str(steps)
        publish(out, OLD)
        status = killed_at(steps, out)
        found = files(out)
        assert all(found[path] in (OLD[path], NEW[path]) for path in OLD.keys() & NEW.keys())
        interrupted += JOURNAL in found
        publish(out, then)
        assert without_manifest(out) == then
        assert not compare(out, then).any
        assert {path.name for path in out.iterdir()} == {MANIFEST, *(p.split("/")[0] for p in then)}
        assert (out / "go/gone").exists() is ("go/gone/b.go" in then)
        steps += 1
    assert steps > interrupted > 15


def killed_at(step: int, out: Path) -> int:
    """Build in a process that ends at one of its looks at, or changes of, the file system."""
    left = [step]

    def count(event: str, _: object) -> None:
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"):
            if not left[0]:
                os._exit(1)
            left[0] -= 1

    child = os.fork()
    if not child:
        sys.addaudithook(count)
        publish(out, NEW)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def test_a_kill_at_any_moment_leaves_files_that_are_old_or_new(
    tmp_path: Path, whole: list[dict[str, bytes]]
) -> None:
    out = tmp_path / "out"
    publish(out, VERSIONS[0])
    moments = random.Random(5321)
    amid = mixed = 0
    for _ in range(int(os.environ.get("KILLS", "80"))):
        process = builds(out, first=1)
        time.sleep(moments.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = files(out)
        assert old_or_new(found, whole)
        amid += JOURNAL in found
        mixed += not any(version.items() <= found.items() for version in whole)
        if moments.random() < 0.5:  # else the next killed build begins with what this one left
            version = moments.randrange(2)
            publish(out, VERSIONS[version])
            assert files(out) == whole[version]
    print(f"{amid} kills amid a build, {mixed} between two files")
    assert amid >= 10 and mixed >= 3, "too few kills fell in the middle of a build to tell"
    publish(out, VERSIONS[1])
    assert files(out) == whole[1]
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == [
        "0",
        "1",
        "2",
        "only_two",
    ]


def test_builds_at_once_do_not_mix(tmp_path: Path, whole: list[dict[str, bytes]]) -> None:
    out = tmp_path / "out"
    for _ in range(5):
        processes = [builds(out, first, 3) for first in (0, 1, 0, 1)]
        assert [process.wait() for process in processes] == [0] * 4
        assert files(out) in whole


def test_a_check_beside_builds_sees_no_mixture(
    tmp_path: Path, whole: list[dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LOOKS", 3)
    monkeypatch.setattr(changes, "PAUSE", 0.002)
    out = tmp_path / "out"
    publish(out, VERSIONS[0])
    steady = [compare(tmp_path / f"whole_{version}", VERSIONS[0]).states for version in (0, 1)]
    processes = [builds(out, first, pause=0.02) for first in (0, 1)]
    try:
        seen = [compare(out, VERSIONS[0]).states for _ in range(300)]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    busy = [states for states in seen if JOURNAL in states]
    assert all(states in steady for states in seen if JOURNAL not in states)
    assert not any({State.EDITED, State.IN_THE_WAY} & set(states.values()) for states in busy)
    assert busy and all(states in seen for states in steady)


def test_where_nothing_can_be_locked_a_second_build_is_noticed(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codegen import publish as module

    def meddle(changed: changes.Changes) -> None:
        replace(changed)
        (out / "python/c.py").write_text("of another build")

    monkeypatch.setattr("fcntl.flock", lambda *_: os.close(-1))
    publish(out, NEW)
    assert without_manifest(out) == NEW
    replace = module._replace
    monkeypatch.setattr(module, "_replace", meddle)
    refused(out, OLD, "another build")
    assert compare(out, OLD).states[JOURNAL] is State.INTERRUPTED


def test_a_failure_between_two_renames_is_said_and_finished_later(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def fail(path: Path, place: Path) -> Path:
        if place.name == "d.py":
            os.rename(path, out)  # noqa: PTH104
        return replace(path, place)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        refused(
            out, NEW, "cannot write .*; some files are new already; codegen build finishes that"
        )
    assert (out / "go/a.go").read_bytes() == NEW["go/a.go"]
    publish(out, NEW)
    assert without_manifest(out) == NEW


# What needs root: mounts, owners, devices.


def apart(test: Callable[[Path], None]) -> Callable[[Path], None]:
    """Run a test in a process with mounts of its own, so that nothing stays mounted."""

    @functools.wraps(test)
    def wrapped(tmp_path: Path) -> None:
        if sys.platform != "linux" or os.geteuid() != 0:
            untested("mounts and owners need root on Linux")
        tmp_path.chmod(0o755)
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0
            return
        try:
            assert ctypes.CDLL(None).unshare(0x20000) == 0  # CLONE_NEWNS
            mount("--make-rprivate", "/")
            test(tmp_path)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    return wrapped


def mount(*arguments: object) -> None:
    passes("mount", *arguments)


@apart
def test_mounts_in_the_output_folder_survive(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, OLD)
    for name in ("data", "same_disk", "python"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "precious").write_text(name)
    (out / "mnt").mkdir()
    (out / "go/gone/volume").mkdir()
    shutil.copytree(out / "python", tmp_path / "python", dirs_exist_ok=True)
    mount("--bind", tmp_path / "data", out / "mnt")
    mount("--bind", tmp_path / "python", out / "python")
    mount("-t", "tmpfs", "none", out / "go/gone/volume")
    (out / "go/gone/volume/precious").write_text("volume")
    publish(out, NEW)
    assert {path: (out / path).read_bytes() for path in NEW} == NEW
    assert not compare(out, NEW).any
    assert (tmp_path / "data/precious").read_text() == "data"
    assert (tmp_path / "python/precious").read_text() == "python"
    assert (out / "go/gone/volume/precious").read_text() == "volume"


@apart
def test_a_mounted_file_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, OLD)
    (tmp_path / "a.go").write_bytes(OLD["go/a.go"])
    mount("--bind", tmp_path / "a.go", out / "go/a.go")
    refused(out, NEW, "cannot write .*go/a.go: Device or resource busy")
    assert (tmp_path / "a.go").read_bytes() == OLD["go/a.go"]
    passes("umount", out / "go/a.go")
    publish(out, NEW)
    assert without_manifest(out) == NEW


@apart
def test_folders_of_others_keep_their_modes_owners_and_times(tmp_path: Path) -> None:
    mount("--bind", tmp_path, "/mnt")  # where others may look, too
    out = Path("/mnt/out")
    publish(out, OLD)
    for name, mode in (("unreadable", 0o000), ("go/fixed", 0o555), ("private", 0o2700)):
        (out / name).mkdir()
        (out / name / "mine").write_text("mine")
        (out / name).chmod(mode)
    for path in (
        out,
        out / "go",
        out / "go/a.go",
        out / "go/gone",
        out / "python",
        out / "private",
    ):
        os.chown(path, 1234, 1234)
    for path in out.glob("**/*.*"):
        os.chown(path, 1234, 1234)
    before = everything(out)
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
    else:
        os.setgid(1234)
        os.setuid(1234)
        publish(out, NEW)
        os._exit(0)
    assert {path: (out / path).read_bytes() for path in NEW} == NEW
    after = everything(out)
    for name in ("unreadable", "go/fixed", "private"):
        for path in (out / name, out / name / "mine"):
            assert after[str(path)] == before[str(path)]
    publish(out, OLD)  # as root
    assert (out / "go/a.go").stat().st_uid == 1234
    assert out.stat().st_uid == 1234


@apart
def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    mount("-t", "tmpfs", "-o", "size=256k", "none", tmp_path)
    out = tmp_path / "out"
    big = {f"go/new/{at}.go": b"x" * 50_000 for at in range(9)}
    refused(out, big, "No space left on device; nothing was changed")
    assert list(tmp_path.iterdir()) == []
    publish(out, OLD)
    before = {path: at[:3] + at[4:] for path, at in everything(out).items()}  # but for the times
    refused(out, OLD | big, "No space left on device; nothing was changed")
    assert {path: at[:3] + at[4:] for path, at in everything(out).items()} == before
    publish(out, NEW)
    assert without_manifest(out) == NEW


@apart
def test_a_read_only_place(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, OLD)
    mount("--bind", tmp_path, tmp_path)
    mount("-o", "remount,bind,ro", tmp_path)
    refused(out, NEW, "Read-only file system; nothing was changed")
    refused(tmp_path / "elsewhere/deep", NEW, "Read-only file system; nothing was changed")
    publish(out, OLD)


@apart
def test_a_layer_of_an_image(tmp_path: Path) -> None:
    publish(tmp_path / "lower/out", OLD)
    (tmp_path / "lower/out/mine").write_text("mine")
    for name in ("upper", "work", "merged"):
        (tmp_path / name).mkdir()
    layers = ",".join(f"{name}dir={tmp_path / name}" for name in ("lower", "upper", "work"))
    mount("-t", "overlay", "overlay", "-o", layers, tmp_path / "merged")
    out = tmp_path / "merged/out"
    publish(out, NEW)
    assert without_manifest(out) == NEW | {"mine": b"mine"}
    assert without_manifest(tmp_path / "lower/out") == OLD | {"mine": b"mine"}


@apart
def test_a_power_cut_loses_nothing(tmp_path: Path) -> None:
    """The disk is copied while it is in use, and the copy mounted, as after a power cut."""
    for version in (0, 1):
        publish(tmp_path / f"whole_{version}", VERSIONS[version])
    whole = [files(tmp_path / f"whole_{version}") for version in (0, 1)]
    disk, copy, live, after = (tmp_path / name for name in ("disk", "copy", "live", "after"))
    live.mkdir()
    after.mkdir()
    passes("truncate", "--size", "8M", disk)
    passes("mkfs.ext4", "-q", disk)
    mount("-o", "loop,noauto_da_alloc", disk, live)  # not all disks are as kind as ext4
    publish(live / "out", VERSIONS[0])
    process = builds(live / "out", first=1, end="power")
    moments = random.Random(977)
    amid = 0
    try:
        for _ in range(int(os.environ.get("POWER_CUTS", "20"))):
            time.sleep(moments.uniform(0, 0.05))
            process.send_signal(signal.SIGSTOP)
            if moments.random() < 0.5:
                write_another_file(live)
            take_copy(disk, copy)
            process.send_signal(signal.SIGCONT)
            mount("-o", "loop", copy, after)
            found = files(after / "out")
            assert old_or_new(found, whole)
            amid += JOURNAL in found
            publish(after / "out", VERSIONS[0])
            assert files(after / "out") == whole[0]
            passes("umount", after)
    finally:
        process.kill()
        process.communicate()
    print(f"{amid} power cuts amid a build")
    assert amid >= 3, "too few copies fell in the middle of a build to tell"


def write_another_file(folder: Path) -> None:
    """Waiting for one file makes others' names last as well, but not what is in them."""
    with (folder / "another").open("wb") as file:
        os.fsync(file.fileno())


def take_copy(disk: Path, copy: Path) -> None:
    """What is on the disk at one moment, and not what its file system still has in memory."""
    shutil.copyfile(disk, copy)
    while not filecmp.cmp(disk, copy, shallow=False):  # the kernel was still writing
        shutil.copyfile(disk, copy)
