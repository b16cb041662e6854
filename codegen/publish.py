"""Files -> disk, file by file: each is old or new and never half, and nothing else is touched.

1. The journal is written: what is to come, with its sums. It is also the lock between builds.
2. Each new file is written beside its place, and the disk is waited for.
3. Each takes its place by a rename, the manifest last. Then the journal goes.

A build that fails in 1 or 2 has changed nothing. One that is killed in 3 leaves files that are old
or new, and the journal, by which the next build knows both for ours and finishes.
"""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from itertools import takewhile
from pathlib import Path
from threading import Thread

from codegen.changes import (
    JOURNAL,
    MANIFEST,
    OPENING,
    WRITTEN,
    Changes,
    Of,
    State,
    folder,
    is_file,
    is_folder,
    lines,
    look,
    parents,
    staged,
    sums_of,
)
from codegen.errors import CodegenError

AT_ONCE = 6  # files that the disk is waited for


def publish(out: Path, files: dict[str, bytes], of: Of = None) -> Changes:
    """Make the folder `out` contain `files`, and say what changed.

    `of` is as in `compare`. Touches only what the manifest names, and the folders around that: one
    that is empty once its last file is gone is removed. Raises CodegenError where something of
    somebody else is in the way, or the disk refuses.
    """
    out, sums = folder(out), sums_of(files)
    changes = look(out, files, sums, of)
    if not changes.any:
        return changes
    if changes.states.get(JOURNAL) is State.IN_THE_WAY:
        _refuse(changes)
    with _explained(out, "nothing was changed"), ExitStack() as made:
        _make(out, made)
        with _alone(out) as alone:
            changes = _look(out, files, sums, of)
            _prepare(changes)
            made.pop_all()
            with _explained(out, "some files are new already; codegen build finishes that"):
                _replace(changes)
            if not alone and _look(out, files, sums, of).any:
                raise CodegenError(f"another build wrote to {out} at once; run codegen build again")
            (out / JOURNAL).unlink(missing_ok=True)
    return changes


def _look(out: Path, files: dict[str, bytes], sums: dict[str, str], of: Of) -> Changes:
    """What differs but for the journal, which is our own by now."""
    changes = look(out, files, sums, of)
    changes.states.pop(JOURNAL, None)
    return changes


def _refuse(changes: Changes) -> None:
    if found := changes.paths(State.IN_THE_WAY):
        what = ", ".join(str(changes.out / path) for path in found)
        raise CodegenError(f"in the way, and not made by codegen: {what}; move it elsewhere")


@contextmanager
def _explained(out: Path, outcome: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or out
        raise CodegenError(f"cannot write {where}: {error.strerror}; {outcome}") from None


@contextmanager
def _alone(out: Path) -> Iterator[bool]:
    """Hold off other builds. The lock is on the journal, and goes with the process.

    Yields whether it was to be had: not on Windows, nor on some network disks.
    """
    if sys.platform == "win32":
        yield False
        return
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        handle = os.open(out / JOURNAL, flags, 0o666)
        try:
            locked = _lock(handle)
            if _is_at(handle, out / JOURNAL):  # else the build we waited for has removed it
                yield locked
                return
        finally:
            os.close(handle)


def _lock(handle: int) -> bool:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        return False
    return True


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _prepare(changes: Changes) -> None:
    """Write the journal, and all that is new beside its place; or leave nothing behind."""
    with ExitStack() as undo:
        if not changes.noted:
            undo.callback(_drop, changes.out / JOURNAL)
        _refuse(changes)
        for path in changes.noted:  # left by a build that was killed
            if is_file(changes.out, staged(path)):
                _drop(changes.out / staged(path))
        _note(changes)
        written = changes.paths(*WRITTEN)
        for path in written:
            _make((changes.out / path).parent, undo)
            _stage(changes.out / path, changes.out / staged(path), changes.files[path], undo)
        _sync([changes.out / staged(path) for path in written])
        undo.pop_all()


def _note(changes: Changes) -> None:
    coming = {path: changes.sums[path] for path in changes.paths(*WRITTEN)}
    with (changes.out / JOURNAL).open("ab" if changes.noted else "wb") as journal:
        journal.write((b"\n" if changes.noted else OPENING) + lines(coming))
    _sync([changes.out / JOURNAL, changes.out])


def _make(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those around it."""
    if folder.is_dir():
        return
    _make(folder.parent, undo)
    with suppress(FileExistsError):  # another build was faster
        folder.mkdir()
        undo.callback(_drop, folder)


def _stage(place: Path, beside: Path, content: bytes, undo: ExitStack) -> None:
    """Write a file beside its place, with the mode and owner of what it replaces."""
    with beside.open("xb") as file:
        undo.callback(_drop, beside)
        file.write(content)
    if place.exists():
        _take_after(place.stat(), beside)


def _take_after(old: os.stat_result, new: Path) -> None:
    if sys.platform != "win32" and new.stat().st_uid != old.st_uid:
        with suppress(OSError):  # only root may
            os.chown(new, old.st_uid, old.st_gid)
    new.chmod(stat.S_IMODE(old.st_mode))


def _replace(changes: Changes) -> None:
    """Put the new files in their places and remove the old ones; the manifest last."""
    out = changes.out
    written = changes.paths(*WRITTEN)
    gone = changes.paths(State.GONE)
    for path in written:
        if path != MANIFEST:
            (out / staged(path)).replace(out / path)
    for path in gone:
        (out / path).unlink()
    folders = {out, *(out / parent for path in (*written, *gone) for parent in parents(path))}
    _sync(list(folders))
    for path in changes.former:
        _prune(out, path)
    if MANIFEST in written:
        (out / staged(MANIFEST)).replace(out / MANIFEST)
        _sync([out])


def _prune(out: Path, path: str) -> None:
    """Remove the folders around a file that is gone, where nothing else is in them."""
    around = takewhile(is_folder, (out / parent for parent in parents(path)))
    for place in reversed(list(around)):
        with suppress(OSError):  # something is in it
            place.rmdir()


def _drop(path: Path) -> None:
    """Remove a file or an empty folder of ours, if it is there."""
    with suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            path.rmdir()
        else:
            path.unlink()


def _sync(paths: Sequence[Path]) -> None:
    """Wait until files, and what folders list, are on the disk. Several at a time are faster."""
    failures: list[OSError] = []

    def wait(some: Sequence[Path]) -> None:
        try:
            for path in some:
                _sync_one(path)
        except OSError as failure:
            failures.append(failure)

    threads = [Thread(target=wait, args=(paths[nth::AT_ONCE],)) for nth in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _sync_one(path: Path) -> None:
    with suppress(OSError) if path.is_dir() else nullcontext():  # folders: not every disk can
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
