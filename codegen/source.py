"""What a Postfix source tree can say to an SMTP client, read from the literals in its C code."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from codegen.errors import CodegenError

# The parts of Postfix whose literals reach an SMTP client, below src/.
FILES = (
    "cleanup/*.c",
    "global/cleanup_strerror.c",
    "global/mail_params.h",
    "global/mime_state.c",
    "milter/milter*.c",
    "postscreen/*.[ch]",
    "smtpd/*.[ch]",
    "smtpstone/smtp-sink.c",
    "trivial-rewrite/*.c",
    "xsasl/*.c",
)
TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r\f\v]+|\\\n|/\*.*?(?:\*/|\Z)|//[^\n]*)
    |(?P<line>\n)
    |(?P<string>"(?:[^"\\\n]|\\.)*+")
    |(?P<char>'(?:[^'\\\n]|\\.)*+')
    |(?P<open>["'](?:[^"'\\\n]|\\.)*+)  # what no quote closes, whole, or it is read again and again
    |(?P<name>[A-Za-z_]\w*)
    |(?P<number>\d\w*)
    |(?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]+)|(.))", re.DOTALL)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
NUMBER = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}(?:[.-][A-Za-z0-9.-]{1,40})?")
# A conversion of printf, or a name of a template in main.cf.
HOLE = re.compile(r"%[-#0 +]*+[0-9*]*+(?:\.[0-9*]+)?l{0,2}[a-zA-Z]|\$\w+|\$\{[^{}]*\}|\$\([^()]*\)")
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
LINE = re.compile(
    r"(?P<code>[2-5][0-9]{2}|%d|\$\w+|%s(?= [245]\.))[ -]"
    r"(?:(?P<enhanced>[245]\.[0-9]{1,3}\.[0-9]{1,3}|%s)(?: |$))?(?P<text>.*)",
    re.DOTALL,
)
REASON = re.compile(rf"(?:REJECT )?(?P<enhanced>{ENHANCED.pattern}) (?P<text>.*)", re.DOTALL)
ACTION = re.compile(r"REJECT (?P<text>.+)", re.DOTALL)
# Calls whose texts go to the client, whether a code stands beside them or not.
CALLS = re.compile(
    r"v?smtpd_chat_reply|skip_bdat|smtpd_check_reject|DEFER_IF_\w+|defer_if|reject_dict_retry"
    r"|reject_server_error|rbl_reject_reply|check_table_result|PSC_SEND_REPLY"
    r"|PSC_(?:CLEAR_EVENT_)?DROP_SESSION_STATE|PSC_ENFORCE_SESSION_STATE|PSC_SMTPD_X21"
)
# What no ordinary build compiles.
DEAD = frozenset(("0", "TEST", "RFC821_SYNTAX"))


class Literal(NamedTuple):
    """A string in the source. A hole in its text, which printf or a setting fills, is a NUL."""

    file: str  # below src/
    function: str
    line: int
    code: int | None  # None where the source does not spell it there
    enhanced: str | None
    text: str
    reply: bool  # it reads like a reply to a client
    dead: bool  # no ordinary build compiles it

    @property
    def place(self) -> str:
        """Where it stands, as `sources` in the catalog has it."""
        return f"{self.file}:{self.function}"


class Token(NamedTuple):
    """A token of C that matters here."""

    kind: str
    text: str
    line: int
    dead: bool


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
    found: list[Literal] = []
    for pattern in FILES:
        for path in sorted(root.glob(pattern)):
            found += _of_file(path.relative_to(root).as_posix(), _read(path))
    return found


def _read(path: Path) -> str:
    try:
        if not S_ISREG(path.stat().st_mode):  # a FIFO would wait, a device might never end
            raise CodegenError(f"cannot read {path}: not a regular file")
        return path.read_text(encoding="latin-1")
    except OSError as error:
        raise CodegenError(f"cannot read {path}: {error.strerror}") from None


def _of_file(file: str, text: str) -> Iterator[Literal]:
    code: int | None = None
    enhanced: str | None = None
    calls: list[bool] = []  # of each open parenthesis, whether its call sends replies
    last = ""
    for function, token in _functions(_joined(_tokens(text))):
        if token.text in (";", "{", "}"):
            code, enhanced = None, None
            calls.clear()
        elif token.text == "(":
            calls.append((calls and calls[-1]) or CALLS.fullmatch(last) is not None)
        elif token.text == ")" and calls:
            calls.pop()
        elif token.kind == "number" and re.fullmatch("[2-5][0-9]{2}", token.text):
            code, enhanced = int(token.text), None
        elif token.kind == "name" and token.text.endswith("_code"):
            code = None
        elif token.kind == "string":
            raw = _unescaped(token.text).rstrip("\r\n")
            if ENHANCED.fullmatch(raw):
                enhanced = raw
            else:
                said = _said(raw, code, enhanced, sent=bool(calls) and calls[-1])
                yield Literal(file, function, token.line, *said, token.dead)
        last = token.text


def _said(
    raw: str, code: int | None, enhanced: str | None, sent: bool
) -> tuple[int | None, str | None, str, bool]:
    """The code, the enhanced status code and the text of a literal; whether it reads like a reply.

    `code` and `enhanced` stand before it in the same statement; `sent` tells that a call sends it.
    """
    if line := LINE.fullmatch(raw):
        code = int(line["code"]) if line["code"].isdigit() else None
        status = line["enhanced"] if line["enhanced"] != "%s" else None
        return code, status, HOLE.sub("\0", line["text"]), True
    if reason := REASON.fullmatch(raw):
        return code, reason["enhanced"], HOLE.sub("\0", reason["text"]), True
    if action := ACTION.fullmatch(raw):
        return code, None, HOLE.sub("\0", action["text"]), True
    return code, enhanced, HOLE.sub("\0", raw), sent or enhanced is not None


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a file, and whether they stand in what no ordinary build compiles."""
    line, fresh, directive = 1, True, False
    words: list[str] = []
    nest: list[bool] = [False]
    for match in TOKEN.finditer(text):
        kind, said = match.lastgroup or "", match[0]
        if kind == "mark" and said == "#" and fresh:
            directive, words = True, []
        elif kind == "line":
            if directive:
                _condition(nest, words)
                yield Token("mark", "\n", line, nest[-1])
            directive, fresh = False, True
        elif kind != "skip":
            fresh = False
            words.append(said)
            if not directive:
                yield Token(kind, said, line, nest[-1])
            elif words[0] == "define" and len(words) > 1:
                yield Token("macro" if len(words) == 2 else kind, said, line, nest[-1])
        line += said.count("\n")


def _condition(nest: list[bool], words: list[str]) -> None:
    """Follow a directive: `nest` says of the file and of each open #if whether that is dead."""
    head = words[0] if words else ""
    subject = " ".join(words[1:])
    if head in ("if", "ifdef"):
        nest.append(nest[-1] or subject in DEAD)
    elif head == "ifndef":
        nest.append(nest[-1])
    elif head in ("else", "elif") and len(nest) > 1:
        nest[-1] = nest[-2]
    elif head == "endif" and len(nest) > 1:
        nest.pop()


def _joined(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens with adjacent strings made one, as C makes them."""
    for kind, group in groupby(tokens, key=lambda token: token.kind):
        if kind == "string":
            first, *more = group
            rest = "".join(token.text[1:-1] for token in more)
            yield first._replace(text=f'{first.text[:-1]}{rest}"')
        else:
            yield from group


def _functions(tokens: Iterator[Token]) -> Iterator[tuple[str, Token]]:
    """Each token with the name of the function, table or macro that it stands in."""
    depth = nest = 0
    name = macro = ""
    for token in tokens:
        if token.kind == "macro":
            macro = token.text
            continue
        if token.text == "\n":
            macro = ""
            yield name, token._replace(text=";")
            continue
        if macro:
            yield macro, token
            continue
        if token.kind == "name" and depth == 0 and nest == 0:
            name = token.text
        elif token.kind == "mark":
            nest += (token.text == "(") - (token.text == ")")
            depth += (token.text == "{") - (token.text == "}")
            if token.text == "}" and depth == 0:
                nest = 0
        yield name, token


def _unescaped(literal: str) -> str:
    return ESCAPE.sub(_character, literal[1:-1])


def _character(match: re.Match[str]) -> str:
    octal, hexadecimal, plain = match.groups()
    if octal:
        return chr(int(octal, 8) % 256)
    return chr(int(hexadecimal, 16) % 256) if hexadecimal else PLAIN.get(plain, plain)
