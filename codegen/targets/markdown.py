"""Markdown: how it quotes things, and what the reference page loops over."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from codegen import targets
from codegen.catalog import (
    PARTIES,
    SEVERITIES,
    Catalog,
    Category,
    EnhancedCode,
    Form,
    Reply,
    Variant,
)

MARK = re.compile(r"[\\`*_\[\]<>&|~$#:@]")
VERBATIM = r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b[\w.%]+@[\w.]*\w"
SPECIAL = re.compile(f"(?P<verbatim>{VERBATIM})|{MARK.pattern}")
MANUAL = "https://www.postfix.org/postconf.5.html"
OLDEST = "2.3"
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
    client_action: str
    operator_action: str
    retry: str
    note: str
    variants: list[str]
    forms: list[str]
    settings: list[str]
    twins: list[str]
    examples: str
    formerly: tuple[str, ...]


def section(reply: Reply, catalog: Catalog) -> Section:
    """Everything the page says of one reply."""
    return Section(
        id=reply.id,
        line=block([reply.line]),
        summary=prose(reply.summary),
        facts=facts(reply),
        cause=prose(reply.cause),
        sender_action=prose(reply.sender_action),
        client_action=prose(reply.client_action),
        operator_action=prose(reply.operator_action),
        retry=prose(reply.trying_again),
        note=prose(reply.note or ""),
        variants=[
            f"| {each.code} | {each.enhanced or ''} | {prose(each.when)}{releases(each)} |"
            for each in reply.variants
        ],
        forms=[
            f"| {cell(each.text)} | {prose(each.note)}{releases(each)} |" for each in reply.forms
        ],
        settings=[setting(*moved, catalog) for moved in reply.moved_by()],
        twins=[f"[{code(each.id)}](#{each.id}): {prose(each.difference)}" for each in reply.twins],
        examples=block(reply.examples) if reply.examples else "",
        formerly=reply.formerly,
    )


def releases(each: Variant | Form) -> str:
    """Which releases have a variant or form, where that is not as for the whole reply."""
    if each.since and each.until:
        return f" Postfix {each.since} to {each.until}."
    if each.since:
        return f" Since Postfix {each.since}."
    return f" Up to Postfix {each.until}." if each.until else ""


def setting(name: str, moves: list[str], catalog: Catalog) -> str:
    """A row of the table of settings: the name, what it moves, and its default."""
    known = catalog.settings[name]
    default = cell(known.default) if known.default else "empty"
    since = f", since Postfix {known.since}" if known.since else ""
    until = f", up to Postfix {known.until}" if known.until else ""
    what = {"code": "the codes", "text": "the text", "sent": "whether it is sent"}
    moved = " and ".join(what[each] for each in moves)
    return f"| [{code(name)}]({MANUAL}#{name}) | {moved} | {default}{since}{until} |"


def facts(reply: Reply) -> list[str]:
    """The short facts, an item each."""
    names = ", ".join(
        f"{each.LANGUAGE} {code(each.name(reply.id))}" for each in targets.languages()
    )
    sent = f"{', '.join(reply.daemons)}, at {', '.join(reply.stages)}".replace("_", " ")
    until = f" until {reply.until}" if reply.until else ""
    backports = f", and since {', '.join(reply.backports)}" if reply.backports else ""
    since = "2.3 or earlier" if reply.since == OLDEST else reply.since
    sources = ", ".join(map(code, reply.sources))
    found = [
        f"Category: [{prose(reply.category)}](#categories)",
        f"Who must act: {PARTIES[reply.must_act]}",
        f"Sent by {sent}",
        f"Postfix: since {since}{until}{backports}",
        f"In the source: {sources}" if sources else "",
        f"Heard from a running Postfix {reply.heard}" if reply.heard else "",
        "The server hangs up after it." if reply.closes else "",
        "It is of several lines." if reply.multiline else "",
        f"Names: {names}",
    ]
    return [each for each in found if each]


def others(each: Category) -> list[str]:
    """The cells with what other systems call a category."""
    return [cell(name) if name else "" for name in each[1:]]


def standard(pair: tuple[int, str, EnhancedCode | None, list[Reply]]) -> str:
    """A row of the table of pairs that the registry does not list."""
    number, enhanced, entry, replies = pair
    if entry is None:
        listed = "does not have the status code"
    elif enhanced[0] != str(number)[0]:
        listed = "has one class for both codes"
    else:
        listed = f"has {', '.join(map(str, entry.reply_codes))}"
    links = ", ".join(f"[{code(reply.id)}](#{reply.id})" for reply in replies)
    return f"| {number} | {enhanced} | {listed} | {links} |"


def context(catalog: Catalog) -> dict[str, object]:
    """What the Markdown templates are given."""
    by_severity = groupby(catalog.replies, lambda reply: reply.code // 100)
    return {
        "categories": [
            f"| {' | '.join((prose(name), prose(each.meaning), *others(each)))} |"
            for name, each in catalog.categories.items()
        ],
        "reply_codes": [
            f"| {each.code} | {prose(each.meaning)} | {prose(each.reference)} |"
            for each in catalog.reply_codes
        ],
        "enhanced_codes": [
            f"| {each.code} | {prose(each.name)} | {prose(each.meaning)} | "
            f"{', '.join(map(str, each.reply_codes)) or 'any'} | {prose(each.reference)} |"
            for each in catalog.enhanced_codes
        ],
        "departures": [standard(pair) for pair in catalog.departures()],
        "postfix": prose(catalog.postfix),
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
            (title(digit), [section(reply, catalog) for reply in replies])
            for digit, replies in by_severity
        ],
    }


def title(digit: int) -> str:
    """A severity as RFC 5321 section 4.2.1 calls it."""
    return f"{digit}yz: {SEVERITIES[digit].replace('_', ' ').capitalize()}"
