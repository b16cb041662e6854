"""Files <-> disk: what differs, and publishing the whole output folder or nothing.

The new folder is built beside the old one, unchanged and foreign files as hard links, and then
the two change places in one system call. A kill at any moment leaves the old or the new.
"""

import errno
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from codegen.errors import CodegenError

MANIFEST = "SHA256SUMS"
ENTRY = re.compile(r"^([0-9a-f]{64})  (\S.*)$", re.MULTILINE)
DIFF_LINES = 200  # of one file; the rest is counted


@dataclass(slots=True)
class Changes:
    """What a build would do to the output folder. Paths are below it, sorted."""

    out: Path
    files: dict[str, bytes]
    new: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether the folder is other than what the catalog and the templates say."""
        return bool(self.new or self.stale or self.edited or self.gone or self.in_the_way)


def compare(out: Path, files: dict[str, bytes], of: tuple[str, ...] | None = None) -> Changes:
    """What differs between `files` and the folder `out`.

    `of` names the targets that were rendered, None for all: files of others stay as they are.
    Raises CodegenError where the folder cannot be read.
    """
    try:
        return _compare(Path(os.path.realpath(out)), dict(files), of)
    except OSError as error:
        raise CodegenError(f"cannot read {error.filename or out}: {error.strerror}") from None


def _compare(out: Path, files: dict[str, bytes], of: tuple[str, ...] | None) -> Changes:
    owned = _owned(out)
    others = {
        path: sums
        for path, sums in owned.items()
        if of is not None and path.split("/")[0] not in of
    }
    files[MANIFEST] = _manifest(files, others)
    changes = Changes(out, files)
    for path, content in sorted(files.items()):
        _place(path, content, changes, owned)
    for path in sorted(owned.keys() - files.keys() - others.keys()):
        found = _read(out, path)
        if found is not None:
            ours = hashlib.sha256(found).hexdigest() in owned[path]
            (changes.gone if ours else changes.kept).append(path)
    return changes


def _place(path: str, content: bytes, changes: Changes, owned: dict[str, list[str]]) -> None:
    found = _read(changes.out, path)
    if found == content:
        changes.unchanged.append(path)
    elif found is None:
        blocked = _blocked(changes.out, path)
        (changes.in_the_way if blocked else changes.new).append(path)
    elif path == MANIFEST:
        changes.stale.append(path)
    elif path not in owned:
        changes.in_the_way.append(path)
    elif hashlib.sha256(found).hexdigest() in owned[path]:
        changes.stale.append(path)
    else:
        changes.edited.append(path)


def _blocked(out: Path, path: str) -> bool:
    """Whether something that is no plain file or folder stands where `path` must go."""
    folders = [out / parent for parent in list(Path(path).parents)[:-1]]
    return os.path.lexists(out / path) or any(
        os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir())
        for folder in folders
    )


def _read(out: Path, path: str) -> bytes | None:
    """The content of a plain file reached through plain folders, else None."""
    at = out
    for step in path.split("/")[:-1]:
        at = at / step
        if at.is_symlink() or not at.is_dir():
            return None
    at = out / path
    return at.read_bytes() if at.is_file() and not at.is_symlink() else None


def _owned(out: Path) -> dict[str, list[str]]:
    """The files that an earlier build made, with their sums.

    Lines that are no entries are passed over, so that a manifest with conflict markers from a
    merge still tells what is ours; and so are paths that lead out of the folder.
    """
    owned: dict[str, list[str]] = {}
    text = _read(out, MANIFEST) or b""
    for digest, path in ENTRY.findall(text.decode("utf-8", "replace")):
        steps = path.split("/")
        if not any(step in ("", ".", "..") or "\\" in step or "\0" in step for step in steps):
            owned.setdefault(path, []).append(digest)
    return owned


def _manifest(files: dict[str, bytes], others: dict[str, list[str]]) -> bytes:
    sums = {path: digests[-1] for path, digests in others.items()}
    sums |= {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()


def diff(changes: Changes) -> Iterator[str]:
    """The lines of a unified diff from what is there to what should be."""
    from difflib import unified_diff

    for path in (*changes.stale, *changes.edited, *changes.new, *changes.in_the_way):
        before = (_read(changes.out, path) or b"").decode("utf-8", "backslashreplace")
        after = changes.files[path].decode("utf-8", "backslashreplace")
        source = "/dev/null" if path in changes.new else f"a/{path}"
        yield from _limited(
            unified_diff(before.split("\n"), after.split("\n"), source, f"b/{path}", lineterm="")
        )


def _limited(lines: Iterator[str]) -> Iterator[str]:
    for count, line in enumerate(lines):
        if count == DIFF_LINES:
            yield f"... and {1 + sum(1 for _ in lines)} more lines"
            return
        yield line


def publish(out: Path, files: dict[str, bytes], of: tuple[str, ...] | None = None) -> Changes:
    """Make the folder `out` hold `files`, whole or not at all, and tell what changed.

    `of` is as in `compare`. Unchanged files, and files of others, stay as they are. Raises
    CodegenError where something of somebody else is in the way, or the disk refuses.
    """
    out = Path(os.path.realpath(out))
    staging = out.parent / f".{out.name}.next"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out.parent):
            shutil.rmtree(staging, ignore_errors=True)  # left by a build that was killed
            changes = compare(out, files, of)
            if changes.in_the_way:
                what = ", ".join(str(out / path) for path in changes.in_the_way)
                raise CodegenError(
                    f"in the way, and not made by codegen: {what}; move it elsewhere"
                )
            if changes.any:
                _stage(changes, staging)
                _swap(staging, out)
                _rescue(staging, changes)
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        where = error.filename or out
        raise CodegenError(f"cannot write {where}: {error.strerror}; nothing was changed") from None
    return changes


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold off other builds beside this one. The lock goes with the process, however it ends."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stage(changes: Changes, staging: Path) -> None:
    """The new folder: links to what stays, then what is new."""
    written = {*changes.new, *changes.stale, *changes.edited}
    left_out = {*written, *changes.gone}
    staging.mkdir()
    if changes.out.is_dir():
        shutil.copystat(changes.out, staging)
        for path in _walk(changes.out):
            if path not in left_out:
                _link(changes.out / path, staging / path)
    for path in sorted(written):
        target = staging / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(changes.files[path])
    for path in changes.gone:
        _prune(staging, Path(path).parent)


def _walk(folder: Path) -> Iterator[str]:
    """Every file, link and empty folder below `folder`, links not followed."""
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in (*files, *links):
            yield (Path(parent) / name).relative_to(folder).as_posix()
        if not folders and not files and Path(parent) != folder:
            yield Path(parent).relative_to(folder).as_posix()


def _link(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the disk has no hard links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        target.mkdir(exist_ok=True)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _prune(root: Path, folder: Path) -> None:
    """Drop a folder that lost its last file, and those around it."""
    while folder != Path() and (root / folder).is_dir() and not any((root / folder).iterdir()):
        (root / folder).rmdir()
        folder = folder.parent


def _swap(staging: Path, out: Path) -> None:
    """Put the new folder in the old one's place in one step."""
    if not out.exists():
        staging.rename(out)
        return
    try:
        _exchange(staging, out)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        if error.errno in (errno.EBUSY, errno.EXDEV):
            what = "it is a mount point, so it cannot be replaced in one step"
            raise OSError(error.errno, what, str(out)) from None
        raise


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places: renameat2 on Linux, renamex_np on macOS.

    Elsewhere the old folder steps aside first, and for a moment there is none.
    """
    import ctypes

    if sys.platform == "linux":
        here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        failed = rename(here, os.fsencode(one), here, os.fsencode(other), swap)
    elif sys.platform == "darwin":
        swap = 2  # RENAME_SWAP
        rename = ctypes.CDLL(None, use_errno=True).renamex_np
        failed = rename(os.fsencode(one), os.fsencode(other), swap)
    else:
        aside = one.with_suffix(".old")
        other.rename(aside)
        one.rename(other)
        aside.rename(one)
        return
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


def _rescue(old: Path, changes: Changes) -> None:
    """Move over what others put into the old folder while the new one was being made."""
    if not old.exists():
        return
    ours = {*changes.files, *changes.gone}
    for path in list(_walk(old)):
        target = changes.out / path
        if path not in ours and not os.path.lexists(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            (old / path).rename(target)
