"""A stranger installs the Python package as it would be published, into an empty project.

`python -m tests.test_strangers_python` does it by hand and prints each step: on the oldest and on
the newest Python of the machine that the package is for, with the pip that these bring, and with
nothing to install from but a folder.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.pythons import PACKAGES, Version, pythons
from tests.test_readme import SHOPS, asserted, programs_of, steps
from tests.toolchain import node
from tests.tools import GENERATED, ROOT, catalog_of, ours, passes, run, tool

SHOP = SHOPS["python"]
CATALOG = catalog_of()
WRONG = """
from postfix_replies import Reply, Retry, identify

def when(retry: Retry) -> str:  # wrong: a member is forgotten
    match retry:
        case Retry.LATER: return "later"
        case Retry.NO_NEED | Retry.CHANGE_FIRST: return "never"

def again(line: str) -> str:
    match = identify(line)
    return match.format() if match else ""

Reply.RELAY_ACCESS_DENIED.format(recipient="a@b.c")
Reply.RELAY_ACCESS_DENIED.format(recipent="a@b.c")  # wrong: no such placeholder
Reply.RELAY_ACCESS_DENIED.format(recipient=5)  # wrong: no string
"""


def built(work: Path, generated: Path = GENERATED) -> Path:
    """The sdist, and the wheel that is made of it, in a folder."""
    names = [name for name in ours(generated) if name.startswith("python/")]
    for name in names:
        copy = work / "clean" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(generated / name, copy)
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", work / "dist"]
    passes(*build, work / "clean/python")
    return work / "dist"


@cache
def found() -> list[tuple[Version, str]]:
    """The oldest and the newest Python here that the package is for."""
    fitting = [each for each in pythons().items() if each[0] >= PACKAGES]
    return [fitting[0], fitting[-1]] if fitting else []


def installed(python: str, dist: Path, project: Path) -> dict[str, str]:
    """The environment of a new project, into which the package was installed."""
    passes(python, "-m", "venv", project / ".venv")
    environment = {
        "PATH": f"{project / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": str(dist),
        "PIP_NO_INDEX": "1",
    }
    passes("sh", "-ec", steps(SHOP, "pip")[0], cwd=project, env=environment)
    return environment


def stranger(python: str, dist: Path, project: Path) -> Iterator[str]:
    """Do what a stranger does, and tell it step by step."""
    project.mkdir()
    environment = installed(python, dist, project)
    yield f"{steps(SHOP, 'pip')[0]} (Python {version(environment)})"

    for number, program in enumerate(programs_of(SHOP), 1):
        (project / "main.py").write_text(asserted(program))
        passes("python", "-W", "error", "main.py", cwd=project, env=environment)
        yield f"python main.py: program {number} of the README keeps its promises"

    for command in (*steps(SHOP, "python"), "postfix-replies --version", "pip check"):
        said = passes("sh", "-ec", command, cwd=project, env=environment)
        yield f"{command}\n  {said.splitlines()[0]}"


def version(environment: dict[str, str]) -> str:
    shown = passes(
        "python", "-c", "import platform as p; print(p.python_version())", env=environment
    )
    return shown.strip()


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module", params=[0, -1], ids=["oldest", "newest"])
def mailer(
    request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str]]:
    """The project of a stranger, and what was told of it."""
    ends = found()
    if not ends or (request.param == 0 and ends[0] == ends[-1]):
        pytest.skip("NOT TESTED: the machine has no older Python that the package is for")
    project = tmp_path_factory.mktemp("stranger") / "mailer"
    return project, list(stranger(ends[request.param][1], dist, project))


def test_a_stranger_installs_it(mailer: tuple[Path, list[str]]) -> None:
    knows = f"postfix-replies {CATALOG.version}, for Postfix up to {CATALOG.postfix}"
    assert any(step.endswith(knows) for step in mailer[1])


@pytest.mark.parametrize("mailer", [-1], indirect=True)
def test_type_checkers_see_mistakes(mailer: tuple[Path, list[str]]) -> None:
    project, _ = mailer
    (project / "wrong.py").write_text(WRONG)
    wrong = {number for number, line in enumerate(WRONG.splitlines(), 1) if "# wrong" in line}
    bin_ = project / ".venv/bin"
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=/dev/null"]
    said = run([*mypy, "--python-executable", bin_ / "python", "wrong.py"], cwd=project).stdout
    assert errors(said) == wrong, said
    pyright = tool(lambda: node("pyright"))
    there = {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    said = run([pyright, "wrong.py"], cwd=project, env=there).stdout
    assert errors(said) == wrong, said
    typed = passes(pyright, "--verifytypes", "postfix_replies", cwd=project, env=there)
    assert "completeness score: 100%" in typed, typed


def errors(said: str) -> set[int]:
    """The lines of wrong.py that a type checker refuses."""
    return {int(number) for number in re.findall(r"wrong\.py:(\d+):.*\berror:", said)}


def test_what_an_index_is_given(dist: Path) -> None:
    wheel, sdist = sorted(dist.iterdir(), key=lambda path: path.suffix == ".gz")
    assert "FAILED" not in passes(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)
    passes(Path(sys.executable).parent / "check-wheel-contents", wheel)
    rated = passes(Path(sys.executable).parent / "pyroma", "--min=9", sdist)
    assert re.search(r"rating: (9|10)/10", rated), rated
    with ZipFile(wheel) as archive:
        files = {name.partition("/")[2]: name for name in archive.namelist()}
        about = archive.read(files["METADATA"]).decode()
        assert archive.read(files["licenses/LICENSE"]) == (ROOT / "LICENSE").read_bytes()
    assert "py.typed" in files
    for line in ("Requires-Python: >=3.9", "License-Expression: MIT", "Typing :: Typed"):
        assert line in about
    assert f"Documentation, {CATALOG.project.page}" in about
    assert "Requires-Dist" not in about


def test_names_follow_the_catalog(tmp_path: Path) -> None:
    """One place says what the package is called; what is imported keeps its name."""
    catalog = (ROOT / "tests/golden/catalog.json").read_text()
    renamed = catalog.replace('"python": "postfix-replies"', '"python": "acme.mail-replies"')
    assert renamed != catalog
    (tmp_path / "catalog.json").write_text(renamed)
    build = [sys.executable, "-m", "codegen", "build", "--target", "python", "--catalog"]
    passes(*build, tmp_path / "catalog.json", "--out", tmp_path / "out")
    assert re.search(
        r"^pip install acme\.mail-replies$", (tmp_path / "out/python/README.md").read_text(), re.M
    )
    assert 'name = "acme.mail-replies"' in (tmp_path / "out/python/pyproject.toml").read_text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        dist_ = built(Path(work))
        print("built", *sorted(path.name for path in dist_.iterdir()))
        for number, (_, python_) in enumerate(dict.fromkeys(found())):
            for step in stranger(python_, dist_, Path(work, f"mailer{number}")):
                print("$", step, flush=True)
