"""What the tests of an output folder begin with."""

from pathlib import Path

import pytest

from codegen.publish import publish

OLD = {"go/a.go": b"old a\n", "go/gone/b.go": b"old b\n", "python/c.py": b"same\n"}
NEW = {"go/a.go": b"new a\n", "python/c.py": b"same\n", "python/d.py": b"new d\n"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with OLD in it."""
    publish(tmp_path / "out", OLD)
    return tmp_path / "out"
