"""The outputs are what was read and committed, byte for byte, wherever they are made."""

from pathlib import Path

import pytest

from tests.tools import CATALOGS, GENERATED, GOLDEN, OUTPUTS, ROOT, codegen, files, ours


@pytest.mark.parametrize("committed", OUTPUTS)
def test_outputs_are_the_committed_ones(committed: Path, tmp_path: Path) -> None:
    done = codegen("build", "--catalog", CATALOGS[committed], "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    made = files(tmp_path / "out")
    assert sorted(made) == sorted(ours(committed))
    for name, content in made.items():
        assert content.decode() == (committed / name).read_text(), name


def test_golden_has_nothing_but_outputs() -> None:
    assert sorted(files(GOLDEN)) == sorted(ours(GOLDEN))


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
