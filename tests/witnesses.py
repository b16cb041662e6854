"""Small programs that work with the packages of one catalog, and those of others.

A witness is an expression. It holds where it compiles, and is true. All of a language are compiled
at once by its real compiler, each beside the others, so that one that fails stops no other.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from codegen import render
from codegen.cli import CARRIED
from codegen.load import parse
from tests.toolchain import GO_ENVIRONMENT, ROOT, go, node
from tests.tools import passes, run, tool

LANGUAGES = ("python", "typescript", "go")


class Witness(NamedTuple):
    """An expression, and the folder of the packages that it is tried with."""

    name: str
    folder: str
    expression: str


def build(raw: str, folder: Path, *languages: str) -> None:
    """Write the packages of a catalog in some languages."""
    catalog = parse(raw.encode(), "catalog.json", render.clashes)
    for path, made in render.render(catalog, CARRIED / "templates", languages).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made)


def hold(language: str, witnesses: list[Witness], work: Path) -> dict[str, bool]:
    """Whether each witness holds, by its name."""
    return {"python": python, "typescript": typescript, "go": go_}[language](witnesses, work)


PYTHON = """
import sys, json, warnings
warnings.simplefilter("ignore")
from pathlib import Path
folder = Path(sys.argv[1])
sys.path[0] = str(folder / "python")
import postfix_replies
from postfix_replies import *
from postfix_replies import codes

def file(name):
    return (folder / name).read_text()

def holds(expression):
    try:
        return bool(eval(expression))
    except Exception:
        return False

print(json.dumps([holds(expression) for expression in json.load(sys.stdin)]))
"""


def python(witnesses: list[Witness], work: Path) -> dict[str, bool]:
    """One process for each package."""
    found: dict[str, bool] = {}
    for folder in sorted({witness.folder for witness in witnesses}):
        chosen = [witness for witness in witnesses if witness.folder == folder]
        asked = json.dumps([witness.expression for witness in chosen])
        said = json.loads(passes(sys.executable, "-c", PYTHON, work / folder, asked=asked))
        found |= {witness.name: held for witness, held in zip(chosen, said, strict=True)}
    return found


TYPESCRIPT = """\
import {{ readFileSync }} from "node:fs";
import * as replies from "../{0}/typescript/src/index.js";
import * as reasons from "../{0}/typescript/src/reasons.js";
import * as codes from "../{0}/typescript/src/codes.js";
import type * as types from "../{0}/typescript/src/types.js";
import {{ byCode, byId }} from "../{0}/typescript/src/lookup.js";
import {{ byDsn, reasonById }} from "../{0}/typescript/src/reason-lookup.js";
import {{ details }} from "../{0}/typescript/src/details.js";
import {{ reasonDetails }} from "../{0}/typescript/src/reason-details.js";
import {{ format }} from "../{0}/typescript/src/format.js";
import {{ formatReason }} from "../{0}/typescript/src/reason-format.js";
import {{ identify }} from "../{0}/typescript/src/identify.js";
import {{ identifyReason }} from "../{0}/typescript/src/told.js";
import {{ read }} from "../{0}/typescript/src/read.js";
import {{ CATEGORIES, EVERYWHERE, VERDICTS }} from "../{0}/typescript/src/vocabularies.js";

const file = (name: string): string => readFileSync(process.argv[2] + "/{0}/" + name, "utf-8");
export const holds: () => boolean = () => Boolean({1});
"""
RUN = """
const found = {};
for (const name of process.argv.slice(3)) {
  try {
    found[name] = (await import(`${process.argv[2]}/dist/w/${name}.js`)).holds();
  } catch {
    found[name] = false;
  }
}
console.log(JSON.stringify(found));
"""


def typescript(witnesses: list[Witness], work: Path) -> dict[str, bool]:
    """One run of tsc for all, which names the files of those that do not compile."""
    (work / "w").mkdir()
    for witness in witnesses:
        source = TYPESCRIPT.format(witness.folder, witness.expression)
        (work / f"w/{witness.name}.ts").write_text(source)
    (work / "package.json").write_text('{"type": "module"}')
    (work / "node_modules").mkdir()
    (work / "node_modules/@types").symlink_to(ROOT / "tests/node/node_modules/@types")
    settings = json.loads((ROOT / "templates/typescript/tsconfig.json").read_text())
    settings["compilerOptions"] |= {
        "rootDir": ".",
        "types": ["node"],
        "declaration": False,
        "isolatedDeclarations": False,
        "skipLibCheck": True,
    }
    (work / "tsconfig.json").write_text(json.dumps(settings | {"include": ["w"]}))
    errors = run([tool(lambda: node("tsc")), "--pretty", "false"], cwd=work).stdout
    broken = [line for line in errors.splitlines() if line.startswith(("old/", "new"))]
    assert not broken, broken
    failed = {line.partition(".ts(")[0].removeprefix("w/") for line in errors.splitlines()}
    (work / "run.mjs").write_text(RUN)
    names = [witness.name for witness in witnesses if witness.name not in failed]
    found: dict[str, bool] = json.loads(passes(tool(node), work / "run.mjs", work, *names))
    return {witness.name: found.get(witness.name, False) for witness in witnesses}


GO = """\
package w

import . "witness/{0}/go"

var _ Reply

func {1}() (held bool) {{
	defer func() {{ held = held && recover() == nil }}()
	return {2}
}}
"""
GO_HELP = """\
package w

import (
	"os"
	"strings"
)

func first[A, B any](a A, _ B) A  {{ return a }}
func second[A, B any](_ A, b B) B {{ return b }}

func says(name, said string) bool {{
	read, _ := os.ReadFile(os.Args[1] + "/{0}/" + name)
	return strings.Contains(string(read), said)
}}

// Holds has what holds.
func Holds() map[string]bool {{
	return map[string]bool{{ {1} }}
}}
"""
GO_MAIN = """\
package main

import (
	"encoding/json"
	"os"
{0})

func main() {{
	found := map[string]bool{{}}
	for _, held := range []map[string]bool{{ {1} }} {{
		for name, holds := range held {{
			found[name] = holds
		}}
	}}
	_ = json.NewEncoder(os.Stdout).Encode(found)
}}
"""
GO_BUILD = ("build", "-trimpath", "-gcflags=-N -l -e")  # with -e it tells every error


def go_(witnesses: list[Witness], work: Path) -> dict[str, bool]:
    """A package for the witnesses of each folder, first with those that do not compile."""
    as_one_module(work)
    _write_go(witnesses, work)
    errors = run([tool(go), *GO_BUILD, "./w/..."], cwd=work, env=GO_ENVIRONMENT).stderr
    broken = [line for line in errors.splitlines() if not line.startswith(("# witness/w/", "w/"))]
    assert not broken, errors
    failed = set(re.findall(r"^w/[^/]+/(\w+)\.go:", errors, re.MULTILINE))
    shutil.rmtree(work / "w")
    _write_go([witness for witness in witnesses if witness.name not in failed], work)
    passes(tool(go), *GO_BUILD, "-o", "witnesses", ".", cwd=work, env=GO_ENVIRONMENT)
    found: dict[str, bool] = json.loads(passes(work / "witnesses", work))
    return {witness.name: found.get(witness.name, False) for witness in witnesses}


def as_one_module(work: Path) -> None:
    """Make one Go module of all packages; with a go.mod each would be a module of its own."""
    (work / "go.mod").write_text("module witness\n\ngo 1.21\n")
    for made in work.glob("*/go/go.mod"):
        made.rename(made.with_suffix(".kept"))


def _write_go(witnesses: list[Witness], work: Path) -> None:
    folders = sorted({witness.folder for witness in witnesses})
    for folder in folders:
        chosen = [witness for witness in witnesses if witness.folder == folder]
        (work / "w" / folder).mkdir(parents=True)
        for witness in chosen:
            source = GO.format(folder, witness.name, witness.expression)
            kept = source.replace("go/go.mod", "go/go.kept")
            (work / "w" / folder / f"{witness.name}.go").write_text(kept)
        calls = ", ".join(f'"{witness.name}": {witness.name}()' for witness in chosen)
        (work / "w" / folder / "help.go").write_text(GO_HELP.format(folder, calls))
    imports = "".join(f'\t{folder} "witness/w/{folder}"\n' for folder in folders)
    holds = ", ".join(f"{folder}.Holds()" for folder in folders)
    (work / "main.go").write_text(GO_MAIN.format(imports, holds))
