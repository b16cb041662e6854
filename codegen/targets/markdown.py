"""Markdown: how it quotes things, and what the reference pages loop over."""

import re
from collections.abc import Callable, Container, Iterable
from functools import partial
from typing import Any

from codegen.catalog import (
    Catalog,
    Reply,
    Said,
    Setting,
    Verdict,
)
from codegen.facts import FLAG, NOUNS, PROSE, REASON, REPLY, Fact, Type
from codegen.grouped import Index, Sent
from codegen.looks import looks
from codegen.reference import (
    affects,
    constants,
    departures,
    line,
    listed,
    manual,
    registered,
    releases,
    twins,
)

# A word that means nothing but itself, whatever stands around it, unless it is a setting.
PLAIN = re.compile(r"""[('"]*([^\W_]++)(?<!www)[,.;:)'"]*""")
# Shown as code: GFM makes a link of a mail address, whatever is escaped in it.
ADDRESS = r"(?:(?<![\w.+%$@-])@*[\w.+%$-]++|(?<=:))@[\w.+%$@-]*\w"
# A name of Postfix's, such as permit_mynetworks. Not possessive: Python 3.11.2 errs in such groups.
NAME = r"(?<![\w/{.$-])[a-z]+(?:_[a-z0-9]+)+(?!\w)"
# A word, which may be a setting; or $ and a setting, which stands for its value.
WORD = r"(?:(?<!\w)\$)?[^\W_]\w*(?<!_)"
# What needs a backslash before its last character to mean itself: what makes a link or an emoji;
# an underscore that joins no words; what makes an image of a link behind it; the rest of them.
MARK = r"(?<=www)\.|:(?=//|[a-z0-9_+-]+:)|(?<![^\W_])_|_(?![^\W_])|!(?=[\w$])|[\\`*\[\]<&~$]"
SPECIAL = re.compile(f"(?P<address>{ADDRESS})|(?P<name>{NAME})|(?P<word>{WORD})|{MARK}")
# What opens a list, heading or quotation; and a space that would be dropped.
OPENING = re.compile(r"[-+#>]|[0-9]{1,9}[.)](?= |$)")
EDGE = re.compile("^ | $")
# The page that lists the members of a vocabulary, each under its own heading.
LISTED = {
    "Category": "categories",
    "DeliveryStatus": "statuses",
    "Party": "parties",
    "Stage": "stages",
}
# What is told at the end of a page, though it is a word with a meaning.
DETAILS = ("category", "words")
BACKTICKS = re.compile(r"`+")


class Quoting(dict[str, str]):
    """Quotes prose so that it reads the same once rendered.

    Addresses and names of Postfix's are code, and settings lead to what is said of them. Goes word
    by word, and looks at each word of the language once.
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
        is_word = match["name"] or match["word"]
        if is_word and (name := said.removeprefix("$")) in self.settings:
            return f"[`{said}`]({place(name)})"
        if match["address"] or match["name"]:
            return f"`{said}`"
        return said.replace("$", "\\$") if match["word"] else f"{said[:-1]}\\{said[-1]}"


def place(setting: str) -> str:
    """Where all is said of a main.cf setting. Its heading is its anchor, in small letters."""
    return f"settings.md#{setting.lower()}"


def code(text: str) -> str:
    """A code span that shows `text` as it is."""
    if "`" not in text and text == text.strip(" "):
        return f"`{text}`"
    fence = "`" * (_longest_run(text) + 1)
    # A space at either end is taken away again, unless there is nothing else.
    pad = " " if text.strip() and {text[0], text[-1]} & {"`", " "} else ""
    return f"{fence}{pad}{text}{pad}{fence}"


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


def paragraph(fact: Fact) -> bool:
    """Whether a fact is told in a paragraph of its own: prose, or a word with a meaning."""
    return _is_told(fact) and not _is_detail(fact)


def item(fact: Fact) -> bool:
    """Whether a fact is told in an item of the list at the end: short values."""
    return _is_told(fact) and _is_detail(fact) and fact.name != "examples"


def _is_detail(fact: Fact) -> bool:
    return fact.type.many or fact.type.of not in (PROSE, *NOUNS) or fact.name in DETAILS


def _is_told(fact: Fact) -> bool:
    """Whether a fact has a label and is not a list of records, which have sections of their own."""
    noun = NOUNS.get(fact.type.of)
    return bool(fact.label) and (noun is None or bool(noun.section))


Tellers = list[tuple[str, str, Callable[[Any], str]]]


def tellers(facts: Iterable[Fact], catalog: Catalog, prose: Quoting) -> Tellers:
    """The name and the label of each fact, and what makes Markdown of its values."""
    return [(fact.name, fact.label, _teller(fact.type, catalog, prose)) for fact in facts]


def _teller(of: Type, catalog: Catalog, prose: Quoting) -> Callable[[Any], str]:
    named = partial(member, of.of) if of.of in LISTED else code
    if of.many:
        return lambda values: ", ".join(map(named, values))
    if of.of == FLAG:
        return lambda flag: "yes"
    if of.of in NOUNS:
        members = getattr(catalog, NOUNS[of.of].section)
        said = {key: f"{named(key)}: {prose(known.meaning)}" for key, known in members.items()}
        return said.__getitem__
    return prose if of.of == PROSE else lambda value: prose(str(value))


def member(noun: str, name: str) -> str:
    """A link to a member of a vocabulary."""
    return f"[{code(name)}]({LISTED[noun]}.md#{name})"


def told(row: dict[str, Any], tellers: Tellers) -> list[tuple[str, str]]:
    """The labels of the facts that a row has, and their values in Markdown."""
    return [(label, made(row[name])) for name, label, made in tellers if row[name]]


def link(an_id: str) -> str:
    """A link to a reply or reason."""
    return f"[`{an_id}`]({an_id}.md)"


def entry(said: Said) -> str:
    """A link to a reply or reason that shows its text."""
    return f"[{code(listed(said))}]({said.id}.md)"


def values(verdict: Verdict) -> str:
    """The values that a verdict fits."""
    fits = [f"is {code(value)}" if value else "is empty" for value in verdict.equals]
    fits += [f"begins with {code(part)}" for part in verdict.begins]
    fits += [f"contains {code(part)}" for part in verdict.contains]
    return f"{' or '.join(fits)}{' in a 4xx reply' if verdict.temporary else ''}"


def sent(one: Sent) -> str:
    """A link to a reply that shows its text under a pair of codes."""
    shown = " ".join(filter(None, [str(one.code), one.enhanced, one.reply.text]))
    return f"[{code(listed(one.reply, shown))}]({one.reply.id}.md)"


def default(setting: Setting) -> str:
    """The default of a main.cf setting."""
    return code(setting.default) if setting.default else "empty"


def in_general(reply: Reply, catalog: Catalog) -> list[str]:
    """Links to what the codes of a reply mean whatever server sends them."""
    codes = [str(one.code) for one in reply.variants]
    codes += [f"X{one.enhanced[1:]}" for one in reply.variants if one.enhanced]
    known = {*catalog.reply_codes, *catalog.enhanced_codes}
    return [f"[{code}](codes.md#{code})" for code in dict.fromkeys(codes) if code in known]


def prepared(catalog: Catalog) -> dict[str, Any]:
    """What is made once for all pages."""
    prose = Quoting(catalog.settings)
    facts = {"Reply": REPLY.facts, "Reason": REASON.facts}
    tells = {
        noun: [tellers(filter(told, of), catalog, prose) for told in (paragraph, item)]
        for noun, of in facts.items()
    }
    return {
        "index": Index(catalog),
        "prose": prose,
        "tells": tells,
    }


filters = {
    "affects": affects,
    "block": block,
    "code": code,
    "default": default,
    "entry": entry,
    "in_general": in_general,
    "line": line,
    "link": link,
    "looks": looks,
    "manual": manual,
    "place": place,
    "releases": releases,
    "sent": sent,
    "told": told,
    "twins": twins,
    "values": values,
}
functions = {
    "constants": constants,
    "departures": departures,
    "registered": registered,
    "title": title,
}
