"""Markdown: how it quotes things, and what the reference page loops over."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from codegen import targets
from codegen.catalog import FAULT_MEANINGS, SEVERITIES, Catalog, Reply

MARK = re.compile(r"[\\`*_\[\]<>&|~$#:@]")
VERBATIM = r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b[\w.%]+@[\w.]*\w"
SPECIAL = re.compile(f"(?P<verbatim>{VERBATIM})|{MARK.pattern}")
BACKTICKS = re.compile(r"`+")


def prose(text: str) -> str:
    """Prose that reads the same once rendered; settings and addresses stand out as code."""
    return SPECIAL.sub(_quoted, text) if MARK.search(text) else text


def _quoted(match: re.Match[str]) -> str:
    return f"`{match[0]}`" if match["verbatim"] else f"\\{match[0]}"


def code(text: str) -> str:
    """A code span that shows `text` as it is."""
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(text: str) -> str:
    """A code span for a table, where even code may not hold a bare pipe."""
    return code(text).replace("|", "\\|")


def block(lines: Iterable[str]) -> str:
    """A code block that shows lines as they are."""
    text = "\n".join(lines)
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, BACKTICKS.findall(text)), default=0) if "`" in text else 0


class Section(NamedTuple):
    """One reply as the page needs it."""

    id: str
    line: str
    summary: str
    facts: list[str]
    cause: str
    sender_action: str
    operator_action: str
    note: str
    variants: list[str]
    forms: list[str]
    examples: str
    formerly: tuple[str, ...]


def section(reply: Reply) -> Section:
    """Everything the page says of one reply."""
    return Section(
        id=reply.id,
        line=block([reply.line]),
        summary=prose(reply.summary),
        facts=facts(reply),
        cause=prose(reply.cause),
        sender_action=prose(reply.sender_action),
        operator_action=prose(reply.operator_action),
        note=prose(reply.note or ""),
        variants=[
            f"| {each.code} | {each.enhanced or ''} | {prose(each.when)} |"
            for each in reply.variants
        ],
        forms=[f"| {cell(each.text)} | {prose(each.note)} |" for each in reply.forms],
        examples=block(reply.examples) if reply.examples else "",
        formerly=reply.formerly,
    )


def facts(reply: Reply) -> list[str]:
    """The short facts, an item each."""
    settings = ", ".join(map(code, reply.settings)) or "none"
    names = ", ".join(
        f"{each.LANGUAGE} {code(each.name(reply.id))}" for each in targets.languages()
    )
    sent = f"{', '.join(reply.daemons)}, at {', '.join(reply.stages)}".replace("_", " ")
    until = f"; last sent by Postfix {reply.until}" if reply.until else ""
    return [
        f"Category: [{prose(reply.category)}](#categories)",
        f"Who can put it right: {FAULT_MEANINGS[reply.fault]}",
        f"Sent by {sent}{until}",
        f"Settings: {settings}",
        f"Names: {names}",
    ]


def context(catalog: Catalog) -> dict[str, object]:
    """What the Markdown templates are given."""
    by_severity = groupby(catalog.replies, lambda reply: reply.code // 100)
    return {
        "categories": [
            f"| {prose(name)} | {prose(meaning)} |" for name, meaning in catalog.categories.items()
        ],
        "contents": [
            (
                title(digit),
                [
                    f"| {code} | {enhanced or ''} | [{cell(reply.text)}](#{reply.id}) |"
                    for code, enhanced, reply in pairs
                ],
            )
            for digit, pairs in groupby(catalog.pairs(), lambda pair: pair[0] // 100)
        ],
        "severities": [
            (title(digit), [section(reply) for reply in replies]) for digit, replies in by_severity
        ],
    }


def title(digit: int) -> str:
    """A severity as RFC 5321 section 4.2.1 calls it."""
    return f"{digit}yz: {SEVERITIES[digit].replace('_', ' ').capitalize()}"
