"""What the pages show is true and works; `python -m tests.test_readme` writes it again.

Excerpts, counts and the table of lines are written by that command. Every command and program that
a page shows is run, those for users from an empty project beside a clean checkout.
"""

import ast
import json
import os
import re
import shlex
import venv
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from codegen import targets
from codegen.catalog import Catalog
from codegen.load import load
from tests.toolchain import ROOT, go, node
from tests.tools import GENERATED, answers_of, codegen, ours, passes, run, tool

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PAGES = [README, CONTRIBUTING, ROOT / "CHANGELOG.md"]
LANGUAGES = ["python", "typescript", "go"]
SHOPS = {language: GENERATED / language / "README.md" for language in LANGUAGES}
ALL = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in [*PAGES, *SHOPS.values()]]

# One whole thing of each file.
EXCERPTS = {
    "catalog.json": r'^    "command_too_long": \{\n.*?^    \}',
    "generated/python/postfix_replies/__init__.py": r'^    COMMAND_TOO_LONG = .*?""".*?"""',
    "generated/typescript/src/index.ts": r"^export const COMMAND_TOO_LONG = .*?^\} as const;",
    "generated/go/reply.go": r'^\t// CommandTooLong: .*?\n\tCommandTooLong Reply = "\w+"',
}
EXCERPT = re.compile(r"<!-- (\S+) -->\n```(\w+)\n(.*?)```\n", re.DOTALL)
TABLE = re.compile(r"(?<=<!-- lines -->\n\n).*?(?=\n\n<!-- end -->)", re.DOTALL)
HEARD = re.compile(
    r"^Postfix \S+: (\d+) of \d+ replies heard\.$"
    r".*?^(\d+) of \d+ reasons of the delivery side heard\.$",
    re.MULTILINE | re.DOTALL,
)


def excerpt(name: str) -> str:
    found = re.search(EXCERPTS[name], (ROOT / name).read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{name} has no {EXCERPTS[name]}"
    return dedent(found[0]) + "\n"


def counts(catalog: Catalog) -> dict[str, str]:
    """What pages say with a number in it: a pattern, and what is true."""
    replies = len(catalog.replies)
    pairs = sum(len(reply.variants) for reply in catalog.replies.values())
    found = HEARD.search(CONTRIBUTING.read_text())
    assert found, "CONTRIBUTING.md has no table of what was heard"
    return {
        r"\d+ replies under \d+ pairs of codes": f"{replies} replies under {pairs} pairs of codes",
        r"\d+ replies: everything": f"{replies} replies: everything",
        r"\d+ reasons(?=[.:])": f"{len(catalog.reasons)} reasons",
        r"\d+ of the replies and \d+ of the reasons": (
            f"{found[1]} of the replies and {found[2]} of the reasons"
        ),
    }


def table(old: str) -> str:
    """The table of lines: the first column is given, the others follow from it."""
    head, rule, *rows = old.splitlines()
    lines = [row.split("`")[1] for row in rows]
    made = map(row_of, lines, answers_of("python", "identify", lines))
    return "\n".join([head, rule, *made])


def row_of(line: str, match: dict[str, Any]) -> str:
    names = [targets.load(language).spelled(match["id"]) for language in LANGUAGES]
    assert names[0] == names[1], "the table has one column for Python and TypeScript"
    cells = [line, names[0], names[2], match["must_act"], match["retry"]]
    return "".join(f"| `{cell}` " for cell in cells) + "|"


def fresh(page: str) -> str:
    """A page with its excerpts, counts and table as they should be."""
    catalog = load(ROOT / "catalog.json")
    page = EXCERPT.sub(lambda old: f"<!-- {old[1]} -->\n```{old[2]}\n{excerpt(old[1])}```\n", page)
    page = TABLE.sub(lambda old: table(old[0]), page)
    for pattern, text in counts(catalog).items():
        page = re.sub(pattern, text, page)
    return page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_say_what_is_so(page: Path) -> None:
    assert fresh(page.read_text()) == page.read_text(), "run python -m tests.test_readme"


def test_nothing_that_the_command_writes_is_lost() -> None:
    together = "".join(page.read_text() for page in PAGES)
    assert [block[0] for block in EXCERPT.findall(together)] == list(EXCERPTS)
    assert len(TABLE.findall(together)) == 1
    for pattern in counts(load(ROOT / "catalog.json")):
        assert re.search(pattern, together), pattern


def test_the_excerpt_of_the_catalog_is_whole() -> None:
    (reply,) = json.loads("{" + excerpt("catalog.json") + "}").values()
    assert reply.keys() >= {"text", "variants", "summary", "sources", "examples"}


def test_the_readme_is_short() -> None:
    lines = README.read_text().splitlines()
    assert len(lines) <= 130
    assert any(line.startswith("make build") for line in lines[:60])


@pytest.mark.parametrize("page", ALL)
def test_links_lead_to_files(page: Path) -> None:
    project = load(ROOT / "catalog.json").project
    home = project.repository
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if link == f"{project.page}/":
            continue
        if link.startswith("https://"):
            assert link.startswith(home), link
            assert (ROOT / link.removeprefix(home).removeprefix("/blob/main/")).exists(), link
        else:
            assert (page.parent / link).exists(), link


def test_every_room_is_on_the_map() -> None:
    page = CONTRIBUTING.read_text()
    rooms = {path.name for path in (ROOT / "codegen").glob("*.py")} - {"__init__.py"}
    assert rooms == set(re.findall(r"\b(\w+\.py) ", page.split("```")[1]))


def test_the_table_has_every_command_of_codegen() -> None:
    commands = codegen("--help").stdout.partition("Commands:\n")[2].partition("\n\n")[0]
    shown = re.findall(r"^\| `codegen (\S+?)[` ]", README.read_text(), re.MULTILINE)
    assert set(shown) == set(re.findall(r"^  (\S+)", commands, re.MULTILINE))


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


def steps(page: Path, *programs: str) -> list[str]:
    """The shell commands on a page that run one of these programs."""
    lines = "".join(blocks(page, "sh")).splitlines()
    return [line for line in lines if shlex.split(line)[0] in programs]


@pytest.mark.parametrize("page", ALL)
def test_every_command_shown_is_run_by_a_test(page: Path) -> None:
    lines = "".join(blocks(page, "sh")).splitlines()
    assert steps(page, "make", "codegen", "pip", "npm", "go", "python") == lines


def test_make_knows_what_is_shown_and_ci_runs_it() -> None:
    ci = (ROOT / ".ci/run").read_text().splitlines()
    for line in steps(README, "make"):
        assert line.partition("#")[0].strip() in ci
    shown = {name for page in PAGES for name in re.findall(r"`make (\w+)`", page.read_text())}
    (phony,) = re.findall(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert shown <= set(phony.split())


@pytest.mark.parametrize("page", [README, CONTRIBUTING], ids=lambda page: page.name)
def test_codegen_does_what_is_shown(page: Path, tmp_path: Path) -> None:
    golden = tmp_path / "tests/golden"
    golden.mkdir(parents=True)
    (golden / "catalog.json").write_bytes((ROOT / "tests/golden/catalog.json").read_bytes())
    for line in steps(page, "codegen"):
        done = codegen(*shlex.split(line)[1:], cwd=tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project, with a clean checkout beside it."""
    for name, content in ours(GENERATED).items():
        path = tmp_path / "postfix-replies/generated" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "mailer").mkdir()
    return tmp_path / "mailer"


def need_registry(*question: object, cwd: Path) -> None:
    """Ask a package registry. Where none answers that fails in CI, and elsewhere skips loudly."""
    done = run(question, cwd=cwd)
    if done.returncode and os.environ.get("CI"):
        pytest.fail(f"no package registry answers: {done.stderr}")
    if done.returncode:
        pytest.skip("NOT TESTED: no package registry answers")


def programs_of(page: Path) -> list[str]:
    """The Python of a page, but the recipes, which tests/test_scale.py runs."""
    return [block for block in blocks(page, "python") if not re.search("duckdb|pyspark", block)]


def asserted(program: str) -> str:
    """A Python program that asserts what its comments promise, up to a semicolon."""
    lines = list(map(promise_kept, program.splitlines()))
    assert sum(line.startswith("assert ") for line in lines) >= 5
    return "\n".join(lines)


def promise_kept(line: str) -> str:
    code, _, comment = line.partition("  #")
    if not comment or not is_expression(code):
        return line
    return f"assert ({code}) == ({comment.split(';')[0].strip()}), {code!r}"


def is_expression(code: str) -> bool:
    try:
        ast.parse(code.strip(), mode="eval")
    except SyntaxError:
        return False
    return True


def test_python_from_an_empty_project(project: Path) -> None:
    venv.create(project / ".venv", with_pip=True)
    bin_ = project / ".venv/bin"
    environment = {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    need_registry(bin_ / "pip", "download", "--no-deps", "hatchling", "-d", "wheels", cwd=project)
    (install,) = steps(README, "pip")
    # tests/test_strangers_python.py does what stands there for what is published.
    assert steps(SHOPS["python"], "pip")[1:] == [install]
    passes("sh", "-ec", install, cwd=project, env=environment)
    for program in (*programs_of(README), *programs_of(SHOPS["python"])):
        passes("python", "-c", asserted(program), cwd=project, env=environment)
    (explain,) = steps(SHOPS["python"], "python")
    assert "relay_access_denied" in passes("sh", "-ec", explain, cwd=project, env=environment)
    shown = passes("postfix-replies", "554 5.5.1 Error: no valid recipients", env=environment)
    assert "no_valid_recipients" in shown
    (licence,) = project.glob(".venv/lib/*/site-packages/postfix_replies-*/licenses/LICENSE")
    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()


def printed(program: str, call: str) -> str:
    """What a program promises to print, in the comments of the lines that print."""
    found = re.findall(rf"^\s*{re.escape(call)}.*?\);?\s+// (.*)$", program, re.MULTILINE)
    assert len(found) == program.count(call) >= 5
    return "".join(f"{line}\n" for line in found)


def test_typescript_from_an_empty_project(project: Path) -> None:
    """From a checkout; tests/test_strangers_typescript.py runs what its README shows."""
    npm = tool(node).parent / "npm"
    need_registry(npm, "view", targets.load("typescript").COMPILER, "version", cwd=project)
    published, install = steps(SHOPS["typescript"], "npm")
    assert published == "npm install postfix-replies"
    assert steps(README, "npm") == [install]
    passes("sh", "-ec", install, cwd=project)
    (project / "main.mjs").write_text(
        'import { identify } from "postfix-replies/identify";\n'
        'console.log(identify("554 5.5.1 Error: no valid recipients").reply.id);\n'
    )
    assert passes(tool(node), "main.mjs", cwd=project) == "no_valid_recipients\n"


def test_go_from_an_empty_project(project: Path) -> None:
    command = tool(go)
    environment = {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "GOFLAGS": "",
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "",
    }
    passes(command, "mod", "init", "example.com/mailer", cwd=project, env=environment)
    (install,) = steps(README, "go")
    _, before = steps(SHOPS["go"], "go")  # tests/test_strangers_go.py runs the first
    assert before == install
    passes("sh", "-ec", install, cwd=project, env=environment)
    (program,) = blocks(SHOPS["go"], "go")
    (project / "main.go").write_text(program)
    assert passes(tool(lambda: go("gofmt")), "-l", "main.go", cwd=project) == ""
    said = passes(command, "run", ".", cwd=project, env=environment)
    assert said == printed(program, "fmt.Println(")
    assert (GENERATED / "go/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(fresh(page.read_text()))
