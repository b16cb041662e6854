"""Files <-> disk: what differs. Only the paths that codegen makes or made are looked at."""

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath

from msgspec import Struct

from codegen.errors import CodegenError

MANIFEST = "SHA256SUMS"  # the files that codegen made, with their sums
JOURNAL = ".codegen-journal"  # there while a build is at work: what it writes, with the new sums
OPENING = b"# A build is at work here, or was interrupted; codegen build finishes it.\n"
ENTRY = re.compile(r"^([0-9a-f]{64})  (\S.*)$", re.MULTILINE)
EMPTY = hashlib.sha256().hexdigest()
LOOKS, PAUSE = 20, 0.05  # how often, and how many seconds apart, a check waits for a build to end
DIFF_LINES = 200  # of one file; the rest is counted

Sums = dict[str, list[str]]
Of = tuple[str, ...] | None  # the targets that were rendered, None for all


class State(StrEnum):
    """How a path differs from what it should be, in the words that are printed."""

    STALE = "out of date"
    NEW = "missing"
    EDITED = "edited by hand"
    GONE = "no longer made"
    IN_THE_WAY = "in the way, not made by codegen"
    INTERRUPTED = "a build is at work or was interrupted; codegen build finishes it"
    KEPT = "no longer made, but edited by hand"
    UNCHANGED = "unchanged"


WRITTEN = (State.NEW, State.STALE, State.EDITED)
SETTLED = (State.KEPT, State.UNCHANGED)
ORDER = list(State)


class Changes(Struct):
    """What a build would do to the output folder. Paths are below it, sorted by state."""

    out: Path
    files: dict[str, bytes]
    sums: dict[str, str]  # of the files
    states: dict[str, State]
    found: dict[str, bytes]  # the content of what differs
    former: list[str]  # made by earlier builds and no longer, whether or not it is still there
    noted: list[str]  # named by the journal of a build that did not finish

    @property
    def any(self) -> bool:
        """Whether the folder is other than what the catalog and the templates say."""
        return any(state not in SETTLED for state in self.states.values())

    def paths(self, *states: State) -> list[str]:
        """The paths in any of these states."""
        return [path for path, state in self.states.items() if state in states]


class Known(Struct):
    """What earlier builds made, by its path, with every sum that it may have."""

    named: Sums  # by the manifest
    noted: Sums  # by the journal

    def sums(self, path: str) -> list[str]:
        """The sums of a path, the manifest's last."""
        return [*self.noted.get(path, ()), *self.named.get(path, ())]


def compare(out: Path, files: dict[str, bytes], of: Of = None) -> Changes:
    """What differs between `files` and the folder `out`.

    `of` names the targets that were rendered, None for all: files of others stay as they are.
    A build that is at work is waited for, a second at most. Raises CodegenError where the folder
    cannot be read.
    """
    out, sums = folder(out), sums_of(files)
    for _ in range(LOOKS):
        before = _marks(out)
        changes = look(out, files, sums, of)
        steady = _marks(out) == before
        if steady and changes.states.get(JOURNAL) is not State.INTERRUPTED:
            return changes
        time.sleep(PAUSE)
    if not steady:  # builds follow each other: what was seen is a mixture
        changes.states = {JOURNAL: State.INTERRUPTED}
    return changes


def folder(out: Path) -> Path:
    """Where `out` leads, links followed. Raises CodegenError if that is something else."""
    try:
        real = Path(os.path.realpath(out))
        with suppress(FileNotFoundError):  # a build makes it
            if not stat.S_ISDIR(real.stat().st_mode):
                raise CodegenError(f"cannot write to {out}: it is not a folder")
    except OSError as error:
        raise CodegenError(f"cannot read {out}: {error.strerror}") from None
    return real


def _marks(out: Path) -> list[tuple[int, int, int] | None]:
    """What tells whether a build did anything between two looks."""
    found = [_stat(out / name) for name in (MANIFEST, JOURNAL)]
    return [at and (at.st_ino, at.st_mtime_ns, at.st_size) for at in found]


def look(out: Path, files: dict[str, bytes], sums: dict[str, str], of: Of) -> Changes:
    """What `compare` says, without waiting for a build that is at work."""
    try:
        return _look(out, files, sums, of)
    except OSError as error:
        raise CodegenError(f"cannot read {error.filename or out}: {error.strerror}") from None


def _look(out: Path, files: dict[str, bytes], sums: dict[str, str], of: Of) -> Changes:
    journal, noted = _journal(out)
    known, foreign = _known(out, noted, files, of)
    former = {path for path in (*known.named, *known.noted) if path not in (*files, MANIFEST)}
    others = {path for path in former if of is not None and path.split("/")[0] not in of}
    manifest = {MANIFEST: lines(_sums_of_others(others, known, out) | sums)}
    files, sums = files | manifest, sums | sums_of(manifest)
    changes = Changes(out, files, sums, {}, {}, sorted(former - others), list(_entries(noted)))
    for path, content in files.items():
        _made(path, content, changes, known)
    for path in changes.former:
        _no_longer_made(path, changes, known)
    if foreign:
        changes.states[MANIFEST] = State.IN_THE_WAY
    if journal is not None:
        changes.states[JOURNAL] = journal
    by_state = sorted(changes.states.items(), key=lambda item: (ORDER.index(item[1]), item[0]))
    changes.states = dict(by_state)
    return changes


def _known(out: Path, journal: bytes, files: dict[str, bytes], of: Of) -> tuple[Known, bool]:
    """What earlier builds made, and whether the manifest is somebody else's."""
    manifest = read(out, MANIFEST)
    known = Known(_entries(manifest), _entries(journal))
    if manifest == b"":  # what a power cut left of a build that did not wait for the disk
        known.noted |= {path: [EMPTY, *known.noted.get(path, ())] for path in files}
    if manifest and not _ours(known.named, files, of):
        return Known({}, known.noted), True
    return known, False


def _made(path: str, content: bytes, changes: Changes, known: Known) -> None:
    found = read(changes.out, path)
    if found == content:
        changes.states[path] = State.UNCHANGED
        return
    if found is not None:
        changes.found[path] = found
    changes.states[path] = state = _state(path, found, changes, known)
    at = _stat(changes.out / staged(path)) if state in WRITTEN else None
    if at and not (path in changes.noted and stat.S_ISREG(at.st_mode)):
        changes.states[staged(path)] = State.IN_THE_WAY


def _state(path: str, found: bytes | None, changes: Changes, known: Known) -> State:
    if found is None:
        return State.IN_THE_WAY if _blocked(changes.out, path) else State.NEW
    if path == MANIFEST or _sum(found) in known.sums(path):
        return State.STALE
    return State.EDITED if path in known.named else State.IN_THE_WAY


def _no_longer_made(path: str, changes: Changes, known: Known) -> None:
    found = read(changes.out, path)
    if found is None:
        return
    if _sum(found) in known.sums(path):
        changes.states[path] = State.GONE
    elif path in known.named:
        changes.states[path] = State.KEPT


def _journal(out: Path) -> tuple[State | None, bytes]:
    """Whether there is a journal, and what it contains if it is ours."""
    at = _stat(out / JOURNAL)
    if at is None:
        return None, b""
    if not stat.S_ISREG(at.st_mode) or at.st_nlink > 1:
        return State.IN_THE_WAY, b""
    found = read(out, JOURNAL)
    if found is None:
        return None, b""
    found = found.strip(b"\0")  # all that some disks keep at a power cut
    ours = found[: len(OPENING)] == OPENING[: len(found)]
    return (State.INTERRUPTED, found) if ours else (State.IN_THE_WAY, b"")


def _entries(text: bytes | None) -> Sums:
    """The paths of a manifest or journal, with their sums.

    Lines that are not entries are passed over, so that a manifest with conflict markers from a
    merge still says what is ours; and so are paths that lead out of the folder.
    """
    entries: Sums = {}
    for digest, path in ENTRY.findall((text or b"").decode("utf-8", "replace")):
        steps = path.split("/")
        if not any(step in ("", ".", "..") or "\\" in step or "\0" in step for step in steps):
            entries.setdefault(path, []).append(digest)
    return entries


def _ours(named: Sums, files: dict[str, bytes], of: Of) -> bool:
    """Whether codegen made the manifest: SHA256SUMS is a name that others use as well."""
    return any(path in files for path in named) or (of is not None and bool(named))


def _sums_of_others(others: Iterable[str], known: Known, out: Path) -> dict[str, str]:
    """What the manifest goes on to say of files that this build does not make."""
    sums = {}
    for path in others:
        sums[path] = known.sums(path)[-1]
        if path in known.noted:  # an interrupted build wrote it, or was about to
            found = read(out, path)
            if found is not None and _sum(found) in known.sums(path):
                sums[path] = _sum(found)
            elif path not in known.named:
                del sums[path]
    return sums


def sums_of(files: dict[str, bytes]) -> dict[str, str]:
    """The sum of each file."""
    return {path: _sum(content) for path, content in files.items()}


def lines(sums: dict[str, str]) -> bytes:
    """Sums as `sha256sum --check` reads them."""
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def staged(path: str) -> str:
    """Where a build writes a file first: beside its place, so on the same disk."""
    return str(PurePosixPath(path).with_name(f".{PurePosixPath(path).name}.codegen-next"))


def read(out: Path, path: str) -> bytes | None:
    """The content of a plain file reached through plain folders, else None."""
    try:
        return (out / path).read_bytes() if is_file(out, path) else None
    except FileNotFoundError:  # a build has just removed it
        return None


def is_file(out: Path, path: str) -> bool:
    """Whether a path below `out` is a plain file reached through plain folders."""
    if not all(is_folder(out / parent) for parent in parents(path)):
        return False
    at = _stat(out / path)
    return at is not None and stat.S_ISREG(at.st_mode)


@cache
def parents(path: str) -> tuple[PurePosixPath, ...]:
    """The folders that a path below the output folder goes through, the outermost first."""
    return tuple(PurePosixPath(path).parents)[-2::-1]


def is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, and not a link to one."""
    at = _stat(path)
    return at is not None and stat.S_ISDIR(at.st_mode)


def _blocked(out: Path, path: str) -> bool:
    """Whether something that is not a plain file or folder stands where `path` must go."""
    for parent in parents(path):
        if not is_folder(out / parent):
            return _stat(out / parent) is not None
    return _stat(out / path) is not None


def _stat(path: Path) -> os.stat_result | None:
    """What is at a path, links not followed; None for nothing, and for what cannot be a path."""
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return None


def diff(changes: Changes) -> Iterator[str]:
    """The lines of a unified diff from what is there to what should be."""
    from difflib import unified_diff

    for path in changes.paths(*WRITTEN, State.IN_THE_WAY):
        if path not in changes.files:
            continue
        before = changes.found.get(path, b"").decode("utf-8", "backslashreplace")
        after = changes.files[path].decode("utf-8", "backslashreplace")
        source = f"a/{path}" if path in changes.found else "/dev/null"
        yield from _limited(
            unified_diff(before.split("\n"), after.split("\n"), source, f"b/{path}", lineterm="")
        )


def _limited(lines: Iterator[str]) -> Iterator[str]:
    for count, line in enumerate(lines):
        if count == DIFF_LINES:
            yield f"... and {1 + sum(1 for _ in lines)} more lines"
            return
        yield line
