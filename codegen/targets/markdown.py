"""Markdown: how it quotes things, and what the reference page loops over."""

import re
from collections.abc import Container, Iterable, Iterator
from itertools import groupby
from typing import Any

from codegen import targets
from codegen.catalog import Catalog, EnhancedCode, Form, Reply, Setting, Variant, Verdict
from codegen.facts import FLAG, NOUNS, PROSE, Fact

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


def title(digit: int, catalog: Catalog) -> str:
    """A severity as RFC 5321 section 4.2.1 calls it."""
    return f"{digit}yz: {catalog.severity(digit * 100).replace('_', ' ').capitalize()}"


def contents(catalog: Catalog) -> Iterator[tuple[int, list[tuple[int, str | None, Reply]]]]:
    """Every reply under every pair of codes, by first digit."""
    for digit, pairs in groupby(catalog.pairs(), lambda pair: pair[0] // 100):
        yield digit, list(pairs)


def by_severity(catalog: Catalog) -> Iterator[tuple[int, list[Reply]]]:
    """The replies by the first digit of their default code."""
    for digit, replies in groupby(catalog.replies.values(), lambda reply: reply.code // 100):
        yield digit, list(replies)


def departures(catalog: Catalog) -> dict[tuple[int, str], list[Reply]]:
    """The pairs of codes that Postfix sends and the registry does not list."""
    found: dict[tuple[int, str], list[Reply]] = {}
    for code, enhanced, reply in catalog.pairs():
        if enhanced is not None and not _listed(code, _registered(enhanced, catalog)):
            found.setdefault((code, enhanced), []).append(reply)
    return found


def _registered(enhanced: str, catalog: Catalog) -> EnhancedCode | None:
    return catalog.enhanced_codes.get(f"X{enhanced[1:]}")


def _listed(code: int, registered: EnhancedCode | None) -> bool:
    return registered is not None and code in (registered.reply_codes or (code,))


def registered(enhanced: str, catalog: Catalog) -> str:
    """The reply codes that the registry has with an enhanced status code."""
    known = _registered(enhanced, catalog)
    if known is None:
        return "does not have the enhanced status code"
    return f"has {', '.join(map(str, known.reply_codes))}"


def paragraph(fact: Fact) -> bool:
    """Whether a fact is told in a paragraph of its own: prose, or a word with a meaning."""
    noun = NOUNS.get(fact.type.of)
    return not fact.type.many and (
        fact.type.of == PROSE or (noun is not None and bool(noun.section))
    )


def item(fact: Fact) -> bool:
    """Whether a fact is told in an item of a list: short values."""
    noun = NOUNS.get(fact.type.of)
    return not paragraph(fact) and (noun is None or bool(noun.section))


def told(fact: Fact, value: Any, catalog: Catalog) -> str:
    """A fact's value in Markdown."""
    noun = NOUNS.get(fact.type.of)
    if fact.type.of == PROSE:
        return prose(value, catalog.settings)
    if fact.type.of == FLAG:
        return "yes"
    if fact.type.many:
        return ", ".join(map(code, value))
    if noun is not None:
        meaning = getattr(catalog, noun.section)[value].meaning
        return f"{code(value)}: {prose(meaning, catalog.settings)}"
    return prose(str(value))


def spelled(reply: Reply) -> str:
    """What the languages call a reply."""
    return ", ".join(
        f"{target.LANGUAGE} {code(target.spelled(reply.id))}" for target in targets.languages()
    )


def link(an_id: str) -> str:
    """A link to a reply."""
    return f"[{code(an_id)}](#{an_id})"


def manual(name: str) -> str:
    """A link to a main.cf setting in the manual."""
    return f"[{code(name)}]({MANUAL}#{name})"


def releases(of: Variant | Form | Setting) -> str:
    """Which releases have it, where that is not as for the whole."""
    if of.since and of.until:
        return f"{of.since} to {of.until}"
    if of.since:
        return f"since {of.since}"
    return f"up to {of.until}" if of.until else ""


def values(verdict: Verdict) -> str:
    """The values that a verdict fits."""
    fits = [cell(value) if value else "nothing" for value in verdict.equals]
    fits += [f"begins with {cell(part)}" for part in verdict.begins]
    fits += [f"contains {cell(part)}" for part in verdict.contains]
    only = " (4xx only)" if verdict.temporary else ""
    return f"{', '.join(fits)}{only}"


AFFECTS = {"code": "the codes", "text": "the text", "sent": "whether it is sent"}


def affects(what: list[str]) -> str:
    """What of a reply a setting affects."""
    return " and ".join(AFFECTS[part] for part in what)


filters = {
    "affects": affects,
    "block": block,
    "cell": cell,
    "code": code,
    "link": link,
    "manual": manual,
    "prose": prose,
    "releases": releases,
    "spelled": spelled,
    "told": told,
    "values": values,
}
tests = {"item": item, "paragraph": paragraph}
functions = {
    "by_severity": by_severity,
    "contents": contents,
    "departures": departures,
    "registered": registered,
    "title": title,
}
