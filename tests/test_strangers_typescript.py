"""Strangers install what npm makes of the TypeScript package into empty projects, and use it.

`python -m tests.test_strangers_typescript` does so by hand, and prints what it runs and what that
prints. The oldest and the newest Node and TypeScript are those that tests/node/versions names; npm
fetches them once.
"""

import atexit
import json
import re
import shutil
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from textwrap import indent

import pytest

from codegen.targets import typescript
from tests.toolchain import ROOT, node
from tests.tools import GENERATED, ours, passes, run, tool, untested

VERSIONS = ROOT / "tests/node/versions"
SHOP = GENERATED / "typescript/README.md"
NAME = json.loads((ROOT / "catalog.json").read_text())["project"]["npm"]
NODES = ["oldest", "on_path", "newest"]
# How tsc finds modules: as Node does, and as bundlers do.
NODENEXT = ["--module", "nodenext"]
BUNDLER = ["--module", "esnext", "--moduleResolution", "bundler"]

# A CommonJS module, which the compiler makes calls of require of.
REQUIRES = f"""
import {{ RELAY_ACCESS_DENIED }} from "{NAME}";
import {{ identify }} from "{NAME}/identify";
const match = identify("454 4.7.1 <a@b.c>: Relay access denied");
console.log(typeof require, match?.reply === RELAY_ACCESS_DENIED);
"""
REQUIRED = "function true\n"

# What the compiler would not let through.
MISUSES = f"""
import {{ RELAY_ACCESS_DENIED }} from "{NAME}";
import {{ enhancedCode, replyCode }} from "{NAME}/codes";
import {{ details }} from "{NAME}/details";
import {{ format }} from "{NAME}/format";
import {{ identify }} from "{NAME}/identify";
import {{ byCode, byEnhanced, byId }} from "{NAME}/lookup";
import {{ pageOf }} from "{NAME}/page";
import {{ read, readLines }} from "{NAME}/read";
import {{ reasonDetails }} from "{NAME}/reason-details";
import {{ identifyReason }} from "{NAME}/reason-identify";
import {{ byDsn, reasonById }} from "{NAME}/reason-lookup";

const misuses = [
  () => identify(undefined),
  () => identify(454),
  () => identify({{ code: 454 }}),
  () => identifyReason(null),
  () => read(undefined),
  () => read(null),
  () => read({{}}),
  () => [...readLines([454])],
  () => byCode("454"),
  () => byEnhanced(4.7),
  () => byId(undefined),
  () => byDsn(null),
  () => reasonById(RELAY_ACCESS_DENIED),
  () => replyCode("454"),
  () => enhancedCode(4.7),
  () => details(undefined),
  () => details("relay_access_denied"),
  () => details({{ id: "constructor" }}),
  () => reasonDetails(RELAY_ACCESS_DENIED),
  () => format(null, {{}}),
  () => pageOf("relay_access_denied"),
];
for (const misuse of misuses) {{
  try {{
    console.log("no error", misuse());
  }} catch (error) {{
    console.log(`${{error.name}}: ${{error.message}}`);
  }}
}}
"""
MISUSED = """\
TypeError: give a string or a Uint8Array, not undefined
TypeError: give a string or a Uint8Array, not undefined
TypeError: give a string or a Uint8Array, not object
TypeError: give a string or a Uint8Array, not null
TypeError: give a string, a Uint8Array or an error, not undefined
TypeError: give a string, a Uint8Array or an error, not null
TypeError: give a string, a Uint8Array or an error, not object
TypeError: give a string or a Uint8Array, not number
TypeError: give a number, not string
TypeError: give a string, not number
TypeError: give a string, not undefined
TypeError: give a string, not null
TypeError: give a string, not object
TypeError: give a number, not string
TypeError: give a string, not number
TypeError: give a reply, not undefined
TypeError: give a reply, not string
TypeError: give a reply, not constructor
TypeError: give a reason, not relay_access_denied
TypeError: give a reply, not null
TypeError: give a reply or a reason, not string
"""

SHOWS = f"""
import {{ identify }} from "{NAME}/identify";
import {{ read }} from "{NAME}/read";
import {{ identifyReason }} from "{NAME}/reason-identify";

const line = "454 4.7.1 <a@b.c>: Relay access denied";
const told = identifyReason('unknown user: "anna"');
for (const said of [identify(Buffer.from(line)), read(line), told]) {{
  console.log(said);
  console.log(`${{said}}` === JSON.stringify(said));
  console.log(JSON.stringify(structuredClone(said.toJSON())) === JSON.stringify(said));
}}
"""


@cache
def packed() -> Path:
    """The tarball that `npm pack` makes of a clean copy; the compiler is the one of the tests."""
    clean = Path(tempfile.mkdtemp(), "typescript")
    atexit.register(shutil.rmtree, clean.parent, ignore_errors=True)
    for name, content in ours(GENERATED).items():
        path = clean.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    tool(lambda: node("tsc"))
    (clean / "node_modules").symlink_to(ROOT / "tests/node/node_modules")
    name = passes(npm(), "pack", "--silent", "--offline", cwd=clean).strip()
    return clean / name


def npm() -> Path:
    return tool(node).parent / "npm"


@pytest.fixture(scope="module")
def tarball() -> Path:
    """What a release would publish."""
    return packed()


@pytest.fixture(scope="module")
def project(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty project that has the package and nothing else."""
    return installed(tarball, tmp_path_factory.mktemp("stranger"))


def installed(tarball: Path, folder: Path) -> Path:
    passes(npm(), "init", "--yes", cwd=folder)
    passes(npm(), "install", "--offline", "--no-audit", "--no-fund", tarball, cwd=folder)
    return folder


@cache
def versions() -> Path:
    """What tests/node/versions names, which npm fetches if it is not there."""
    lock, have = VERSIONS / "package-lock.json", VERSIONS / "node_modules/.package-lock.json"
    if not have.exists() or have.stat().st_mtime < lock.stat().st_mtime:
        command = [npm(), "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = run(command, cwd=VERSIONS)
        if done.returncode:
            untested(f"npm cannot fetch the oldest and newest Node and TypeScript: {done.stderr}")
        have.touch()
    return VERSIONS / "node_modules"


def node_of(age: str) -> Path:
    """The oldest or newest Node, or the one on PATH."""
    if age == "on_path":
        return tool(node)
    found = versions() / f"node-{age}/bin/node"
    if not found.exists():
        untested(f"npm has the {age} Node for Linux on x64 only")
    return found


def tsc_of(age: str) -> Path:
    """The oldest or newest TypeScript, or the one that compiles the package."""
    if age == "own":
        return tool(lambda: node("tsc"))
    return versions() / f"typescript-{age}/bin/tsc"


def blocks() -> list[str]:
    return re.findall(r"^```ts\n(.*?)^```", SHOP.read_text(), re.DOTALL | re.MULTILINE)


def promised(program: str) -> str:
    """What a program says that it prints, in the comments of the lines that print."""
    found = re.findall(r"console\.log\(.*\);\s+// (.*)$", program, re.MULTILINE)
    assert len(found) == program.count("console.log(")
    return "".join(f"{line}\n" for line in found)


def test_the_tarball_has_what_is_used_and_nothing_else(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = {member.name.removeprefix("package/") for member in archive.getmembers()}
    modules = {name.split(".")[0] for name in names if name.startswith("dist/")}
    compiled = {f"{module}{end}" for module in modules for end in (".js", ".d.ts")}
    assert names == {"LICENSE", "README.md", "package.json"} | compiled
    assert {f"dist/{module}" for module in typescript.DOORS.values()} <= modules
    assert tarball.stat().st_size < 400_000


def test_installing_runs_no_script(project: Path) -> None:
    manifest = json.loads((project / "node_modules" / NAME / "package.json").read_text())
    assert list(manifest["scripts"]) == ["prepack"]
    assert not {"dependencies", "peerDependencies", "optionalDependencies"} & manifest.keys()


def test_the_compiler_is_the_one_of_the_tests() -> None:
    lock = json.loads((ROOT / "tests/node/package-lock.json").read_text())
    version = lock["packages"]["node_modules/typescript"]["version"]
    assert f"typescript@{version}" == typescript.COMPILER


def test_publint_and_attw_find_nothing(tarball: Path) -> None:
    passes(tool(lambda: node("publint")), "--strict", tarball)
    # The package is ESM alone: that require takes it, which attw does not know, is tried below.
    passes(tool(lambda: node("attw")), "--profile", "esm-only", tarball)


def written(project: Path) -> list[Path]:
    """The programs that the README of the package shows."""
    programs = [project / f"main{nth}.mts" for nth, _ in enumerate(blocks())]
    for path, program in zip(programs, blocks(), strict=True):
        path.write_text(program)
    return programs


def compile_(age: str, *settings: object, cwd: Path) -> None:
    """Compile with a TypeScript, and check the declarations of the package too."""
    checks = ["--strict", "--skipLibCheck", "false", "--target", "es2022"]
    passes(tool(node), tsc_of(age), *checks, *settings, cwd=cwd)


@pytest.mark.parametrize(
    ("age", "resolution"),
    [("oldest", NODENEXT), ("own", BUNDLER), ("newest", NODENEXT), ("newest", BUNDLER)],
)
def test_every_typescript_takes_it(project: Path, age: str, resolution: list[str]) -> None:
    compile_(age, "--noEmit", *resolution, *written(project), cwd=project)


@pytest.fixture(scope="module")
def programs(project: Path) -> list[Path]:
    """The programs of the README, and one in CommonJS, compiled."""
    found = written(project)
    types = ROOT / "tests/node/node_modules/@types"
    (project / "required.cts").write_text(REQUIRES)
    settings = [*NODENEXT, "--types", "node", "--typeRoots", types]
    compile_("own", *settings, *found, "required.cts", cwd=project)
    return [path.with_suffix(".mjs") for path in found]


@pytest.mark.parametrize("age", NODES)
def test_every_node_does_what_the_readme_says(programs: list[Path], age: str) -> None:
    assert len(programs) >= 4
    for path, block in zip(programs, blocks(), strict=True):
        assert passes(node_of(age), path, cwd=path.parent) == promised(block)


@pytest.mark.parametrize("age", NODES)
def test_every_node_requires_it(programs: list[Path], age: str) -> None:
    quiet = {"NODE_NO_WARNINGS": "1"}
    assert passes(node_of(age), programs[0].with_name("required.cjs"), env=quiet) == REQUIRED


def test_what_the_compiler_would_refuse_says_what_it_wants(project: Path) -> None:
    (project / "misuses.mjs").write_text(MISUSES)
    assert passes(tool(node), "misuses.mjs", cwd=project) == MISUSED


def test_matches_and_readings_show_what_they_say(project: Path) -> None:
    (project / "shows.mjs").write_text(SHOWS)
    shown = passes(tool(node), "shows.mjs", cwd=project)
    assert shown.splitlines().count("true") == 6
    assert shown.count("params: { recipient: 'a@b.c' }") == 2
    assert "{ id: 'mailbox_unknown_user'" in shown.replace("\n ", "")


def test_the_source_runs_as_jsr_has_it(tmp_path: Path) -> None:
    """What Deno and the newest Node run is the TypeScript itself, which imports by whole names."""
    shutil.copytree(GENERATED / "typescript/src", tmp_path / "src")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "main.ts").write_text('import { read } from "./src/read.ts";\nread("");\n')
    passes(node_of("newest"), "main.ts", cwd=tmp_path)
    manifest = json.loads((GENERATED / "typescript/jsr.json").read_text())
    doors = json.loads((GENERATED / "typescript/package.json").read_text())["exports"]
    assert manifest["exports"].keys() == doors.keys() - {"./package.json"}
    for source in manifest["exports"].values():
        assert (GENERATED / "typescript" / source).exists()


def test_the_readme_names_every_door() -> None:
    shown = set(re.findall(rf"`{re.escape(NAME)}(/[\w-]+)?`", SHOP.read_text()))
    assert shown == set(typescript.DOORS)


def main() -> None:
    """Install the tarball by hand, and print what is done and said."""
    tarball = packed()
    print(f"npm pack: {tarball.name}, {tarball.stat().st_size} bytes")
    with tempfile.TemporaryDirectory() as work:
        project = installed(tarball, Path(work))
        print(f"npm install {tarball.name}: {project}")
        for age in ("oldest", "own", "newest"):
            compile_(age, "--noEmit", *NODENEXT, *written(project), cwd=project)
            print("compiled by TypeScript", passes(tool(node), tsc_of(age), "--version").split()[1])
        compile_("own", *NODENEXT, *written(project), cwd=project)
        for age in NODES:
            print("run by Node", passes(node_of(age), "--version").strip())
            for path in sorted(project.glob("*.mjs")):
                print(indent(passes(node_of(age), path, cwd=project), "    "), end="")


if __name__ == "__main__":
    main()
