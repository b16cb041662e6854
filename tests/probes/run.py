#!/usr/bin/env python3
"""Ask a generated package: run.py LANGUAGE [WHAT] [--generated FOLDER].

WHAT is identify (the default), read, read_all, acts, json, format, facts, reason, reason_format or
reason_facts. identify reads a JSON string a line, each a reply as received, or an array of code and
text, and prints for each a JSON object {"id", "code", "enhanced", "params", "expected", "form",
"closes", "tail", "repairs"}, or null if nothing is known. json does the same with the match's own
JSON, as a string. read reads a JSON string a line, each a text that somebody holds, and prints the
JSON of the reading, or null; read_all prints an array of them; acts prints who must act and whether
to wait, as the reading has it, as its reason alone has it, and the same of what it repeats. format
reads objects {"id", "params"} with perhaps "code", "enhanced" and "form", and prints the line as a
JSON string, or null where the package refuses. facts prints what the package knows of every reply,
an object a line, then of its vocabularies and codes, and at last its look-ups. reason reads a JSON
string a line, each the words of a reason, and prints the JSON of the match, or null; reason_format
and reason_facts are as format and facts, but of reasons. The language is compiled by its real
toolchain and started once.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from codegen import facts  # noqa: E402
from tests.toolchain import GO_ENVIRONMENT, ROOT, go, node, requiring  # noqa: E402


def python(generated: Path, work: Path) -> list[str]:
    """The command that answers for the Python package."""
    return [sys.executable, "-B", str(HERE / "python.py"), str(generated / "python")]


def typescript(generated: Path, work: Path) -> list[str]:
    """Compile the TypeScript package and the probe with tsc."""
    package = work / "node_modules/postfix-replies"
    shutil.copytree(
        generated / "typescript", package, ignore=shutil.ignore_patterns("node_modules", "dist")
    )
    (work / "node_modules/@types").symlink_to(ROOT / "tests/node/node_modules/@types")
    for name in ("typescript.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / "typescript" / name, work)
    for project in (package, work):
        _compile([str(node("tsc")), "--project", str(project)])
    return [str(node()), str(work / "dist/typescript.js")]


def go_(generated: Path, work: Path) -> list[str]:
    """Compile the Go package and the probe."""
    shutil.copy(HERE / "go/main.go", work)
    (work / "go.mod").write_text(requiring("probe", generated / "go"))
    _compile([str(go()), "build", "-o", "probe", "."], cwd=work)
    return [str(work / "probe")]


def _compile(command: list[str], cwd: Path | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | GO_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")


LANGUAGES = {"python": python, "typescript": typescript, "go": go_}


def names() -> str:
    """The names of the facts of each noun, of those that may be missing, and of vocabularies."""
    told = {noun.name: facts.of_packages(noun) for noun in facts.NOUNS.values()}
    asked = {name: [fact.name for fact in of] for name, of in told.items()}
    optional = {fact.name for of in told.values() for fact in of if fact.type.optional}
    vocabularies = [noun.name for noun in facts.VOCABULARIES]
    sections = [noun.section.upper() for noun in facts.VOCABULARIES]
    more = {"optional": sorted(optional), "vocabularies": vocabularies, "sections": sections}
    return json.dumps(asked | more)


def main() -> int:
    """Compile, and hand standard input and output to the probe."""
    summary, _, more = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=more)
    parser.add_argument("language", choices=LANGUAGES)
    parser.add_argument(
        "what",
        nargs="?",
        choices=[
            *("identify", "read", "read_all", "acts", "json", "format", "facts"),
            *("reason", "reason_format", "reason_facts"),
        ],
        default="identify",
    )
    parser.add_argument("--generated", type=Path, default=ROOT / "generated")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        command = LANGUAGES[asked.language](asked.generated.resolve(), Path(work))
        question = names().encode() if asked.what.endswith("facts") else None
        return subprocess.run([*command, asked.what], check=False, input=question).returncode


if __name__ == "__main__":
    sys.exit(main())
