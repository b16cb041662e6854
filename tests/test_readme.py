"""The README's examples are cut from the real files; `python -m tests.test_readme` cuts anew."""

import re
import sys
from textwrap import dedent

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


def test_the_python_example_runs() -> None:
    (example,) = re.findall(r"```python\n(from .*?)```", README.read_text(), re.DOTALL)
    printed = passes(sys.executable, "-c", example, env={"PYTHONPATH": str(GENERATED / "python")})
    assert printed.startswith("554 5.7.1 <{recipient}>: Relay access denied\n")


def test_links_lead_to_files() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README.read_text()):
        assert (ROOT / link).exists(), link


if __name__ == "__main__":
    README.write_text(with_cuts(README.read_text()))
