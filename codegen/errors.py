"""What can go wrong, as the user sees it: lines to read and an exit status."""

from typing import NamedTuple

OUT_OF_DATE = 1
NOTHING_FOUND = 1
TOO_SMALL = 1
WRONG_CATALOG = 3
CANNOT_READ_OR_WRITE = 4
BUG = 70  # EX_SOFTWARE of sysexits.h


class Finding(NamedTuple):
    """One thing that is wrong in the catalog, and where. Lines and columns count from 1."""

    path: str
    line: int
    column: int
    id: str
    what: str
    rule: str

    def __str__(self) -> str:
        subject = f"{self.id}: " if self.id else ""
        return f"{self.path}:{self.line}:{self.column}: {subject}{self.what} [{self.rule}]"


class CodegenError(Exception):
    """Something the user can put right: what it is, and the exit status that says which kind."""

    def __init__(self, what: str, status: int = CANNOT_READ_OR_WRITE) -> None:
        super().__init__(what)
        self.status = status


class CatalogError(CodegenError):
    """The catalog breaks its rules. Holds every finding, in file order."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)), WRONG_CATALOG)
        self.findings = findings


def shown(value: object) -> str:
    """A hostile value, short and in plain ASCII, as JSON would write it."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    plain = {None: "null", True: "true", False: "false"}
    said = plain[value] if value is None or isinstance(value, bool) else ascii(value)
    return said if len(said) <= 60 else f"{said[:56]}...{said[-1]}"
