"""Markdown: how it quotes things, and what the reference page loops over."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

from codegen import targets
from codegen.catalog import Catalog, EnhancedCode, Form, Reply, Said, Setting, Variant, Verdict
from codegen.facts import FLAG, NOUNS, PROSE, Fact, Type

# A word that means nothing but itself, whatever stands around it, unless it is a setting.
PLAIN = re.compile(r"""[('"]*([^\W_]++)(?<!www)[,.;:)'"]*""")
# Shown as code: GFM makes a link of a mail address, whatever is escaped in it.
ADDRESS = r"(?:(?<![\w.+%$@-])@*[\w.+%$-]++|(?<=:))@[\w.+%$@-]*\w"
# A word, which may be a setting; or $ and a setting, which stands for its value.
WORD = r"(?:(?<!\w)\$)?[^\W_]\w*(?<!_)"
# What needs a backslash before its last character to mean itself: what makes a link or an emoji;
# an underscore that joins no words; the rest of them.
MARK = r"(?<=www)\.|:(?=//|[a-z0-9_+-]+:)|(?<![^\W_])_|_(?![^\W_])|[\\`*\[\]<&|~$]"
SPECIAL = re.compile(f"(?P<address>{ADDRESS})|(?P<word>{WORD})|{MARK}")
# What opens a list, heading or quotation; and a space that would be dropped.
OPENING = re.compile(r"[-+#>]|[0-9]{1,9}[.)](?= |$)")
EDGE = re.compile("^ | $")
MANUAL = "https://www.postfix.org/postconf.5.html"
BACKTICKS = re.compile(r"`+")


class Quoting(dict[str, str]):
    """Quotes prose so that it reads the same once rendered; settings and addresses are code.

    Goes word by word, and looks at each word of the language once.
    """

    def __init__(self, settings: Container[str] = ()) -> None:
        super().__init__()
        self.settings = settings

    def __call__(self, prose: str) -> str:
        """The prose in Markdown."""
        said = " ".join(map(self.__getitem__, prose.split(" ")))
        if opening := OPENING.match(said):
            said = f"{said[: opening.end() - 1]}\\{said[opening.end() - 1 :]}"
        if said[:1] == " " or said[-1:] == " ":
            said = EDGE.sub("&#32;", said)
        return said

    def __missing__(self, word: str) -> str:
        plain = PLAIN.fullmatch(word)
        is_plain = plain is not None and plain[1] not in self.settings
        quoted = self[word] = word if is_plain else SPECIAL.sub(self._quoted, word)
        return quoted

    def _quoted(self, match: re.Match[str]) -> str:
        said = match[0]
        if match["address"] or (match["word"] and said.removeprefix("$") in self.settings):
            return f"`{said}`"
        return said.replace("$", "\\$") if match["word"] else f"{said[:-1]}\\{said[-1]}"


def code(text: str) -> str:
    """A code span that shows `text` as it is."""
    if "`" not in text and text == text.strip(" "):
        return f"`{text}`"
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
    return _is_told(fact) and not fact.type.many and fact.type.of in (PROSE, *NOUNS)


def item(fact: Fact) -> bool:
    """Whether a fact is told in an item of a list: short values."""
    return _is_told(fact) and not paragraph(fact)


def _is_told(fact: Fact) -> bool:
    """Whether a fact has a label and is not a list of records, which are told in tables."""
    noun = NOUNS.get(fact.type.of)
    return bool(fact.label) and (noun is None or bool(noun.section))


Tellers = list[tuple[str, str, Callable[[Any], str]]]


def tellers(facts: Iterable[Fact], catalog: Catalog, prose: Quoting) -> Tellers:
    """The name and the label of each fact, and what makes Markdown of its values."""
    return [(fact.name, fact.label, _teller(fact.type, catalog, prose)) for fact in facts]


def _teller(of: Type, catalog: Catalog, prose: Quoting) -> Callable[[Any], str]:
    if of.many:
        return lambda values: ", ".join(map(code, values))
    if of.of == FLAG:
        return lambda flag: "yes"
    if of.of in NOUNS:
        members = getattr(catalog, NOUNS[of.of].section)
        said = {key: f"{code(key)}: {prose(member.meaning)}" for key, member in members.items()}
        return said.__getitem__
    return prose if of.of == PROSE else lambda value: prose(str(value))


def told(row: dict[str, Any], tellers: Tellers) -> list[tuple[str, str]]:
    """The labels of the facts that a row has, and their values in Markdown."""
    return [(label, made(row[name])) for name, label, made in tellers if row[name]]


def spelled(said: Said) -> str:
    """What the languages call a reply or reason."""
    return ", ".join(
        [f"{target.LANGUAGE} `{target.spelled(said.id)}`" for target in targets.languages()]
    )


def link(an_id: str) -> str:
    """A link to a reply or reason."""
    return f"[`{an_id}`](#{an_id})"


def manual(name: str) -> str:
    """A link to a main.cf setting in the manual."""
    return f"[`{name}`]({MANUAL}#{name})"


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


def settings(catalog: Catalog) -> dict[str, tuple[str, str, str]]:
    """Each setting's link to the manual, its default and its releases."""
    return {
        name: (manual(name), cell(known.default) if known.default else "empty", releases(known))
        for name, known in catalog.settings.items()
    }


AFFECTS = {
    "Reply": {"code": "the codes", "text": "the text", "sent": "whether it is sent"},
    "Reason": {"code": "the status", "text": "the text", "sent": "whether it happens"},
}


@cache
def affects(what: tuple[str, ...], noun: str) -> str:
    """What of a reply or reason a setting affects."""
    return " and ".join([AFFECTS[noun][part] for part in what])


filters = {
    "affects": affects,
    "block": block,
    "cell": cell,
    "code": code,
    "link": link,
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
    "quoting": Quoting,
    "registered": registered,
    "settings": settings,
    "tellers": tellers,
    "title": title,
}
