"""The outputs are what was read and committed, byte for byte, wherever they are made.

python -m tests.test_golden writes what templates render of the golden catalog.
"""

import shutil
from pathlib import Path

import pytest

from codegen.changes import MANIFEST
from tests.tools import GENERATED, GOLDEN, ROOT, codegen, files, ours

COMMITTED = ROOT / "tests/golden/out"


def rendered() -> dict[str, bytes]:
    """What is made of the golden catalog, without what is copied and the manifest."""
    return {
        name: content
        for name, content in files(GOLDEN).items()
        if name != MANIFEST and not (ROOT / "templates" / name).exists()
    }


def write() -> None:
    """Make tests/golden/out what templates render now."""
    shutil.rmtree(COMMITTED, ignore_errors=True)
    for name, content in rendered().items():
        (COMMITTED / name).parent.mkdir(parents=True, exist_ok=True)
        (COMMITTED / name).write_bytes(content)


def test_outputs_are_the_committed_ones(tmp_path: Path) -> None:
    done = codegen("build", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    made = files(tmp_path / "out")
    assert sorted(made) == sorted(ours(GENERATED))
    for name, content in made.items():
        assert content.decode() == (GENERATED / name).read_text(), name


def test_what_is_rendered_is_what_was_committed() -> None:
    made = rendered()
    assert sorted(made) == sorted(files(COMMITTED))
    for name, content in made.items():
        assert content.decode() == (COMMITTED / name).read_text(), name


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Tokyo"},
        {"PYTHONOPTIMIZE": "2"},
    ],
)
def test_neither_seed_nor_locale_nor_folder_matters(
    environment: dict[str, str], tmp_path: Path
) -> None:
    catalog = ROOT / "tests/golden/catalog.json"
    done = codegen("build", "--catalog", catalog, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "generated") == ours(GOLDEN)


@pytest.mark.parametrize("folder", [GENERATED, GOLDEN])
def test_files_are_plain(folder: Path) -> None:
    for name, content in ours(folder).items():
        text = content.decode("utf-8")
        assert "\r" not in text, name
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert str(ROOT) not in text, name


def test_lines_have_no_space_at_their_end() -> None:
    for name, content in ours(GOLDEN).items():
        for line in content.decode().splitlines():
            assert line == line.rstrip(" \t"), (name, line)


if __name__ == "__main__":
    write()
