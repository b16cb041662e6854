"""One run: sandbox, conversations, answers of the packages."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live import sandbox
from tests.live.report import Report, read, report


def provoke(only: str = "", keep: Path | None = None) -> Report:
    """Provoke Postfix with the scenarios whose name has `only` in it."""
    with folder(keep) as here:
        with timed("conversations with Postfix"):
            sandbox.run("tests.live.inside", here, only)
        with timed("answers of the packages"):
            return report(read(here / "found.json"))


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory() as made:
            yield Path(made)
    else:
        keep.mkdir(parents=True)
        yield keep


@contextmanager
def timed(what: str) -> Iterator[None]:
    print(f"{what} ...", file=sys.stderr)
    start = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - start:.0f} s", file=sys.stderr)
