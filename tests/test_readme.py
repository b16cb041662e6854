"""The README's examples are cut from the real files; `python -m tests.test_readme` cuts anew."""

import json
import os
import re
import subprocess
import sys
from textwrap import dedent

from codegen.load import load
from tests.toolchain import ROOT
from tests.tools import GENERATED, passes

README = ROOT / "README.md"
CUTS = {
    "catalog.json": ('    {\n      "id": "relay_access_denied"', '      "forms"'),
    "generated/python/postfix_replies/__init__.py": ("    RELAY_ACCESS_DENIED =", "    SASL_LOGIN"),
    "generated/typescript/src/index.ts": ("export const RELAY_ACCESS_DENIED", "/**"),
    "generated/go/reply.go": ("\t// RelayAccessDenied:", "\t// SASLLoginRejected"),
}
BLOCK = re.compile(r"<!-- (\S+) -->\n```(\w+)\n(.*?)```\n", re.DOTALL)


def cut(name: str) -> str:
    first, end = CUTS[name]
    text = (ROOT / name).read_text()
    start = text.index(first)
    part = text[start : text.index(end, start + len(first))]
    return dedent(part).rstrip().rstrip(",") + "\n"


def with_cuts(readme: str) -> str:
    return BLOCK.sub(
        lambda block: f"<!-- {block[1]} -->\n```{block[2]}\n{cut(block[1])}```\n", readme
    )


def test_examples_are_cut_from_the_real_files() -> None:
    readme = README.read_text()
    assert [block[0] for block in BLOCK.findall(readme)] == list(CUTS)
    assert with_cuts(readme) == readme


EVALUATE = """
import json, sys
program, *lines = json.load(sys.stdin)
exec(program)
for line in lines:
    value = eval(line)
    print(json.dumps([str(value), repr(value)]))
"""


def test_the_python_examples_do_what_they_say() -> None:
    first, second = re.findall(r"```python\n(from .*?)```", README.read_text(), re.DOTALL)
    environment = {"PYTHONPATH": str(GENERATED / "python")}
    printed = passes(sys.executable, "-c", second, env=environment)
    assert printed.startswith("554 5.7.1 <{recipient}>: Relay access denied\n")
    start, _, rest = first.partition("match.reply ")
    shown = [line.split("#") for line in f"match.reply {rest}".splitlines()]
    done = subprocess.run(
        [sys.executable, "-c", EVALUATE],
        input=json.dumps([start, *(line.strip() for line, _ in shown)]),
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    for said, (_, comment) in zip(done.stdout.splitlines(), shown, strict=True):
        promised = comment.split(";")[0].strip().removesuffix("...")
        assert any(form.startswith(promised) for form in json.loads(said)), promised


def test_the_numbers_are_those_of_the_catalog() -> None:
    replies = load(ROOT / "catalog.json").replies
    pairs = sum(len(reply.variants) for reply in replies)
    heard = sum(reply.heard is not None for reply in replies)
    assert f"{len(replies)} replies under {pairs} pairs of codes" in README.read_text()
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert f"The catalog holds {len(replies)} replies" in changes
    assert f"{heard} of the replies were heard" in changes


def test_links_lead_to_files() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README.read_text()):
        assert (ROOT / link).exists(), link


if __name__ == "__main__":
    README.write_text(with_cuts(README.read_text()))
