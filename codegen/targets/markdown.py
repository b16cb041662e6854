"""Markdown: how it quotes things, and what the reference page loops over."""

import re
from collections.abc import Container, Iterable
from functools import partial
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

# Shown as code: GFM makes a link of a mail address, whatever is escaped in it.
ADDRESS = r"(?:(?<![\w.+%$@-])@*[\w.+%$-]++|(?<=:))@[\w.+%$@-]*\w"
# A word, which may be a setting; or $ and a setting, which stands for its value.
WORD = r"(?:(?<!\w)\$)?[^\W_]\w*(?<!_)"
# What needs a backslash before its last character to mean itself: what opens a list, heading or
# quotation; what makes a link or an emoji; an underscore that joins no words; the rest of them.
ORDINAL = r"^[0-9]{1,9}[.)](?= |$)"
MARK = r"^[-+#>]|(?<=www)\.|:(?=//|[a-z0-9_+-]+:)|(?<![^\W_])_|_(?![^\W_])|[\\`*\[\]<&|~$]"
SPECIAL = re.compile(f"(?P<address>{ADDRESS})|{ORDINAL}|(?P<word>{WORD})|{MARK}|(?P<space>^ | $)")
MANUAL = "https://www.postfix.org/postconf.5.html"
OLDEST = "2.3"
BACKTICKS = re.compile(r"`+")


def prose(text: str, settings: Container[str] = ()) -> str:
    """Prose that reads the same once rendered; settings and addresses stand out as code."""

    def quoted(match: re.Match[str]) -> str:
        said = match[0]
        if match["address"] or (match["word"] and said.removeprefix("$") in settings):
            return f"`{said}`"
        if match["word"]:
            return said.replace("$", "\\$")
        return "&#32;" if match["space"] else f"{said[:-1]}\\{said[-1]}"

    return SPECIAL.sub(quoted, text)


def code(text: str) -> str:
    """A code span that shows `text` as it is."""
    fence = "`" * (_longest_run(text) + 1)
    # A space at either end is taken away again, unless there is nothing else.
    pad = " " if text.strip() and {text[0], text[-1]} & {"`", " "} else ""
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
    said = partial(prose, settings=catalog.settings)
    return Section(
        id=reply.id,
        line=block([reply.line]),
        summary=said(reply.summary),
        facts=facts(reply),
        cause=said(reply.cause),
        sender_action=said(reply.sender_action),
        client_action=said(reply.client_action),
        operator_action=said(reply.operator_action),
        retry=said(reply.trying_again),
        note=said(reply.note or ""),
        variants=[
            f"| {each.code} | {each.enhanced or ''} | {said(each.when)}{releases(each)} |"
            for each in reply.variants
        ],
        forms=[
            f"| {cell(each.text)} | {said(each.note)}{releases(each)} |" for each in reply.forms
        ],
        settings=[setting(*moved, catalog) for moved in reply.moved_by()],
        twins=[f"[{code(each.id)}](#{each.id}): {said(each.difference)}" for each in reply.twins],
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
        f"Category: [{code(reply.category)}](#categories)",
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
    said = partial(prose, settings=catalog.settings)
    by_severity = groupby(catalog.replies, lambda reply: reply.code // 100)
    return {
        "categories": [
            f"| {' | '.join((code(name), said(each.meaning), *others(each)))} |"
            for name, each in catalog.categories.items()
        ],
        "reply_codes": [
            f"| {each.code} | {said(each.meaning)} | {prose(each.reference)} |"
            for each in catalog.reply_codes
        ],
        "enhanced_codes": [
            f"| {each.code} | {prose(each.name)} | {said(each.meaning)} | "
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
