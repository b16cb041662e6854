"""What a Postfix source tree can say to clients and in statuses: the literals in its C code."""

import re
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from codegen.doors import REASONS, REFUSING, REPLIES, TABLES, TRIALS, Statement
from codegen.errors import CodegenError
from codegen.tokens import Token, tokens, unescaped

NUMBER = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}(?:[.-][A-Za-z0-9.-]{1,40})?")
# A conversion of printf, or a name of a template in main.cf.
HOLE = re.compile(r"%[-#0 +]*+[0-9*]*+(?:\.[0-9*]+)?l{0,2}[a-zA-Z]|\$\w+|\$\{[^{}]*\}|\$\([^()]*\)")
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
LINE = re.compile(
    r"(?P<code>[2-5][0-9]{2}|%d|\$\w+|%s(?= [245]\.))[ -]"
    r"(?:(?P<enhanced>[245]\.[0-9]{1,3}\.[0-9]{1,3}|%s)(?: |$))?(?P<text>.*)",
    re.DOTALL,
)
REFUSAL = re.compile(rf"(?:REJECT )?(?P<enhanced>{ENHANCED.pattern}) (?P<text>.*)", re.DOTALL)
ACTION = re.compile(r"REJECT (?P<text>.+)", re.DOTALL)
LOGGED = re.compile(r"%s: status=\w+ \((?P<text>.+)\)", re.DOTALL)
# What a conversion stands for: what it fills in, or for %m the words of the system.
FILLED, ERRNO = "\0", "\1"


class Literal(NamedTuple):
    """A string in the source, its holes, which printf or a setting fills, FILLED or ERRNO."""

    file: str  # below src/
    function: str
    line: int
    code: int | None  # None where the source does not spell it there
    enhanced: str | None
    text: str
    reply: bool  # it reads like a reply to a client
    reason: bool  # it reads like what stands behind a status
    dead: bool  # no ordinary build compiles it

    @property
    def place(self) -> str:
        """Where it stands, as `sources` in the catalog has it."""
        return f"{self.file}:{self.function}"


def version(tree: Path) -> str:
    """The version of a source tree, as its mail_version.h has it, such as 3.12-20260821.

    Raises CodegenError where it has none.
    """
    path = tree / "src/global/mail_version.h"
    number = re.search(r'define MAIL_VERSION_NUMBER\s+"([^"]+)"', _read(path))
    if number is None:
        raise CodegenError(f"{path}: no MAIL_VERSION_NUMBER in it")
    if not NUMBER.fullmatch(number[1]):
        shown = ascii(number[1][:40])
        raise CodegenError(f"{path}: MAIL_VERSION_NUMBER is {shown}, not a version of Postfix")
    return number[1]


def literals(tree: Path) -> list[Literal]:
    """Every string of the files that matter, in the order of files and lines."""
    root = tree / "src"
    replies, reasons, refusing = (_files(root, each) for each in (REPLIES, REASONS, REFUSING))
    found: list[Literal] = []
    for path in sorted(replies | reasons):
        file = path.relative_to(root).as_posix()
        for each in _of_file(file, _read(path)):
            reply, reason = each.reply and path in replies, each.reason and path in reasons
            if path in refusing and each.enhanced is not None:
                reason = reason and not each.enhanced.startswith("4")
            found.append(each._replace(reply=reply, reason=reason))
    return found


def _files(root: Path, patterns: tuple[str, ...]) -> set[Path]:
    found = {path for pattern in patterns for path in root.glob(pattern)}
    return {path for path in found if not path.name.endswith(TRIALS)}


def _read(path: Path) -> str:
    try:
        if not S_ISREG(path.stat().st_mode):  # a FIFO would wait, a device might never end
            raise CodegenError(f"cannot read {path}: not a regular file")
        return path.read_text(encoding="latin-1")
    except OSError as error:
        raise CodegenError(f"cannot read {path}: {error.strerror}") from None


def _of_file(file: str, text: str) -> Iterator[Literal]:
    statement = Statement()
    for function, token in tokens(text):
        if token.kind == "string":
            raw = unescaped(token.text).rstrip("\r\n")
            if ENHANCED.fullmatch(raw):
                statement.enhanced = raw
            else:
                yield _literal(file, function, token, raw, statement)
        statement.take(token)


def _literal(file: str, function: str, token: Token, raw: str, statement: Statement) -> Literal:
    """A literal, and what the statement that it is in and its own first words make of it."""
    code, enhanced, text = statement.code, statement.enhanced, raw
    reply, reason = statement.sends, statement.says or function in TABLES
    if line := LINE.fullmatch(raw):
        code = int(line["code"]) if line["code"].isdigit() else None
        enhanced = line["enhanced"] if line["enhanced"] != "%s" else None
        text, reply, reason = line["text"], True, reason or enhanced is not None
    elif refusal := REFUSAL.fullmatch(raw):
        enhanced, text, reply, reason = refusal["enhanced"], refusal["text"], True, True
    elif action := ACTION.fullmatch(raw):
        enhanced, text, reply = None, action["text"], True
    elif logged := LOGGED.fullmatch(raw):
        text, reason = logged["text"], True
    filled = HOLE.sub(lambda hole: ERRNO if hole[0] == "%m" else FILLED, text)
    return Literal(file, function, token.line, code, enhanced, filled, reply, reason, token.dead)
