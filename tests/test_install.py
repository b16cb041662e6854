"""Installed from its wheel, the command works anywhere; what a language or a fact costs."""

import json
import re
import shutil
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.probes import run as probes
from tests.tools import GENERATED, LANGUAGES, ROOT, facts_of, files, ours, passes, run, tool

SOURCES = (
    "codegen",
    "templates",
    "catalog.json",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the wheel is made from."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def installed(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The codegen command in an environment that has the wheel and what it needs, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    passes(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, checkout
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    needed = passes(sys.executable, "-c", REQUIREMENTS).split()
    passes(folder / "venv/bin/pip", "install", "--quiet", "--no-deps", wheel, *needed)
    return folder / "venv/bin/codegen"


# The locked versions of what the wheel depends on, however deeply.
REQUIREMENTS = """
import re
from importlib.metadata import requires, version
todo, found = ["postfix-replies-codegen"], set()
while todo:
    name = todo.pop()
    if name not in found:
        found.add(name)
        for line in requires(name) or ():
            if not re.search("extra ==|sys_platform|platform_system", line):
                todo.append(re.match(r"[\\w.-]+", line)[0].lower())
print(*(f"{name}=={version(name)}" for name in found - {"postfix-replies-codegen"}))
"""


def test_the_wheel_builds_from_what_it_carries(installed: Path, tmp_path: Path) -> None:
    passes(installed, "build", cwd=tmp_path)
    assert files(tmp_path / "generated") == ours(GENERATED)


def test_the_wheel_builds_from_what_the_user_has(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "mine")
    (tmp_path / "mine/markdown/replies.md.jinja").write_text("Mine.\n")
    golden = ROOT / "tests/golden/catalog.json"
    passes(installed, "build", "--catalog", golden, "--templates", "mine", cwd=tmp_path)
    assert (tmp_path / "generated/markdown/replies.md").read_text() == "Mine.\n"
    assert "NewName" in (tmp_path / "generated/go/reply.go").read_text()


def test_the_wheel_has_the_version_of_its_catalog(installed: Path) -> None:
    version = json.loads((ROOT / "catalog.json").read_text())["version"]
    assert passes(installed, "--version").startswith(f"codegen {version}, catalog {version}, ")
    assert [path.name for path in installed.parent.parent.parent.glob("*.whl")] == [
        f"postfix_replies_codegen-{version}-py3-none-any.whl"
    ]


def test_the_wheel_takes_a_target_of_ones_own(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/rust/templates", tmp_path / "mine/rust")
    shutil.copy(ROOT / "tests/rust/rust.py", tmp_path / "mine")
    passes(installed, "build", "--also", "mine", cwd=tmp_path)
    made = tmp_path / "generated"
    assert "Rust: `RelayAccessDenied`" in (made / "markdown/relay_access_denied.md").read_text()
    assert files(made).keys() > ours(GENERATED).keys()


def test_a_fifth_language_is_a_folder_a_module_a_probe_and_one_entry(
    checkout: Path, tmp_path: Path
) -> None:
    here = tmp_path / "checkout"
    shutil.copytree(checkout, here)
    shutil.copytree(ROOT / "tests/rust/templates", here / "templates/rust")
    shutil.copy(ROOT / "tests/rust/rust.py", here / "codegen/targets")
    passes(sys.executable, "-m", "codegen", "build", cwd=here)
    made = here / "generated"
    assert "Rust: `RelayAccessDenied`" in (made / "markdown/relay_access_denied.md").read_text()
    facts = rust_facts(made / "rust", tmp_path)
    *python, _ = facts_of("python")
    *reasons, _ = facts_of("python", what="reason_facts")
    assert facts == [*python, *reasons]


def rust_facts(made: Path, work: Path) -> list[Any]:
    """What the probe prints, compiled with every warning an error."""
    if shutil.which("rustc") is None or run(["rustc", "--version"]).returncode:
        pytest.skip("NOT TESTED: no rustc runs; it comes with the Rust toolchain")
    rustc = ["rustc", "--edition=2021", "-D", "warnings", "--out-dir", work]
    passes(*rustc, "--crate-type=rlib", "--crate-name=postfix_replies", made / "lib.rs")
    passes(*rustc, "-L", work, made / "probe.rs")
    return [json.loads(line) for line in passes(work / "probe").splitlines()]


BEFORE = "    retry_note: Annotated[\n"
FACT = """    mood: Annotated[
        Prose | None, told("how it feels, {none} where nobody knows", "Mood")
    ] = None
"""


def test_a_fact_is_added_in_one_place(checkout: Path, tmp_path: Path) -> None:
    """It arrives in every package, on the page and in what explain says."""
    here = tmp_path / "checkout"
    shutil.copytree(checkout, here)
    nouns = (here / "codegen/catalog.py").read_text()
    assert nouns.count(BEFORE) == 1
    (here / "codegen/catalog.py").write_text(nouns.replace(BEFORE, FACT + BEFORE))
    catalog = json.loads((ROOT / "tests/golden/catalog.json").read_text())
    catalog["replies"]["many_variants"]["mood"] = "It is sad."
    (here / "golden.json").write_text(json.dumps(catalog))
    command = [sys.executable, "-m", "codegen"]
    passes(*command, "build", "--catalog", "golden.json", cwd=here)
    for language in LANGUAGES:
        moods = [reply["mood"] for reply in moods_of(language, here / "generated", tmp_path)]
        assert (moods.count("It is sad."), moods.count(None)) == (1, len(moods) - 1), language
    assert "**Mood.** It is sad." in (here / "generated/markdown/many_variants.md").read_text()
    line = ("explain", "--all", "--catalog", "golden.json", "421 4.3.2 Try later")
    assert re.search("^Mood +It is sad[.]$", passes(*command, *line, cwd=here), re.MULTILINE)


def moods_of(language: str, generated: Path, tmp_path: Path) -> list[Any]:
    (tmp_path / language).mkdir()
    probe = tool(lambda: probes.LANGUAGES[language](generated, tmp_path / language))
    names = json.loads(probes.names())
    names["Reply"].append("mood")
    names["optional"].append("mood")
    *replies, _, _ = passes(*probe, "facts", asked=json.dumps(names)).splitlines()
    return list(map(json.loads, replies))
