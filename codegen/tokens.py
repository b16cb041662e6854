"""C source -> its tokens, each in its function."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

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
# What no ordinary build compiles.
DEAD = frozenset(("0", "TEST", "RFC821_SYNTAX"))


class Token(NamedTuple):
    """A token of C that matters here."""

    kind: str
    text: str
    line: int
    dead: bool


def tokens(text: str) -> Iterator[tuple[str, Token]]:
    """The tokens of a file, adjacent strings made one, each with the function that it stands in."""
    return _in_functions(_joined(_tokens(text)))


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


def _in_functions(tokens: Iterator[Token]) -> Iterator[tuple[str, Token]]:
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


def unescaped(literal: str) -> str:
    """What a string in quotes stands for."""
    return ESCAPE.sub(_character, literal[1:-1])


def _character(match: re.Match[str]) -> str:
    octal, hexadecimal, plain = match.groups()
    if octal:
        return chr(int(octal, 8) % 256)
    return chr(int(hexadecimal, 16) % 256) if hexadecimal else PLAIN.get(plain, plain)
