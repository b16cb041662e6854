"""Go: how it names and quotes things, and what its templates loop over."""

from collections.abc import Iterable
from typing import NamedTuple

from codegen import matching
from codegen.catalog import PARTIES, RETRIES, SEVERITIES, STAGES, Catalog, Reply

LANGUAGE = "Go"
INITIALISMS = frozenset(
    "bdat dns dsn ehlo envid etrn fqdn helo id ip mx noop orcpt rbl rset sasl smtp smtputf8 spf "
    "starttls tls ttl uri url utf8 vrfy xclient xforward".split()
)

OWN = (
    "ByCode ByEnhanced ByID EnhancedCode LookupEnhanced ReplyCode WithCode WithEnhanced WithForm "
    "WithoutEnhanced"
).split()


def name(an_id: str) -> str:
    """The constant of an id, its initialisms in capitals."""
    words = an_id.split("_")
    return "".join(word.upper() if word in INITIALISMS else word.capitalize() for word in words)


def taken(catalog: Catalog) -> list[str]:
    """The exported names that the package has besides those of its replies."""
    enums: dict[str, Iterable[str]] = {
        "Category": catalog.categories,
        "Party": PARTIES,
        "Retry": RETRIES,
        "Severity": SEVERITIES.values(),
        "Stage": STAGES,
    }
    members = [kind + name(value) for kind, values in enums.items() for value in values]
    members += [f"Code{name(code.id)}" for code in catalog.reply_codes]
    members += [f"Enhanced{name(code.id)}" for code in catalog.enhanced_codes]
    return [*OWN, *members]


def literal(value: str | None) -> str:
    """An interpreted string literal; none is empty."""
    if value is None:
        return '""'
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def comment(prose: str) -> str:
    """Prose for a doc comment, with the quotes that gofmt would otherwise put in."""
    return prose.replace("``", "\u201c").replace("''", "\u201d")


def strings(kind: str, values: Iterable[str]) -> str:
    """A slice of strings; nil where there is none."""
    texts = [literal(value) for value in values]
    return f"[]{kind}{{{', '.join(texts)}}}" if texts else "nil"


def numbers(values: Iterable[int]) -> str:
    """A slice of numbers; nil where there is none."""
    texts = [str(value) for value in values]
    return f"[]int{{{', '.join(texts)}}}" if texts else "nil"


class Constant(NamedTuple):
    """One reply as the templates need it."""

    id: str
    name: str
    line: str
    summary: str
    facts: list[str]
    settings: list[str]
    twins: list[str]
    variants: list[str]
    forms: list[str]
    formerly: list[tuple[str, str]]


def constant(reply: Reply, catalog: Catalog) -> Constant:
    """Everything Go says of one reply. The order of the facts is that of the struct."""
    return Constant(
        id=reply.id,
        name=name(reply.id),
        line=reply.line,
        summary=comment(reply.summary),
        facts=[
            str(reply.code),
            literal(reply.enhanced),
            literal(reply.text),
            literal(reply.summary),
            literal(reply.category),
            literal(reply.severity),
            literal(reply.must_act),
            literal(reply.retry),
            literal(reply.retry_note),
            boolean(reply.closes),
            boolean(reply.multiline),
            strings("string", reply.daemons),
            strings("Stage", reply.stages),
            literal(reply.cause),
            literal(reply.sender_action),
            literal(reply.client_action),
            literal(reply.operator_action),
            literal(reply.since),
            literal(reply.until),
            literal(reply.note),
        ],
        settings=[
            f"{literal(each)}, {strings('string', moves)}, "
            f"{literal(catalog.settings[each].default)}"
            for each, moves in reply.moved_by()
        ],
        twins=[f"{name(each.id)}, {literal(each.difference)}" for each in reply.twins],
        variants=[
            f"{each.code}, {literal(each.enhanced)}, {literal(each.when)}"
            for each in reply.variants
        ],
        forms=[
            f"{literal(each.form)}, {literal(each.text)}, {literal(each.note)}"
            for each in reply.forms
        ],
        formerly=[(old, name(old)) for old in reply.formerly],
    )


def boolean(value: bool) -> str:
    """A Boolean literal."""
    return str(value).lower()


def constants(kind: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """The constants of a string type, their names aligned as gofmt aligns them."""
    named = [(kind + name(value), literal(value)) for value in values]
    width = max(len(each) for each, _ in named)
    return [(f"{each:{width}}", value) for each, value in named]


def names(replies: Iterable[Reply]) -> str:
    """The constants of some replies."""
    return ", ".join(name(reply.id) for reply in replies)


class Wording(NamedTuple):
    """A wording as the templates need it."""

    owners: list[str]
    literals: str
    kinds: str


def wording(each: matching.Wording) -> Wording:
    """A wording, whose it is, and under which codes."""
    owners = [
        ", ".join(
            (
                name(owner.reply.id),
                literal(owner.form),
                strings("string", owner.names),
                pairs(owner.reply),
            )
        )
        for owner in each.owners
    ]
    kinds = ", ".join(each.shape[1::2])
    literals = strings("string", each.shape[::2])
    return Wording(owners, literals, f"[]kind{{{kinds}}}" if kinds else "nil")


def pairs(reply: Reply) -> str:
    """The pairs of codes that a reply travels under."""
    values = [f"{{{each.code}, {literal(each.enhanced)}}}" for each in reply.variants]
    return f"[]pair{{{', '.join(values)}}}"


class Tails(NamedTuple):
    """The whole texts of a family, and the numbers of their wordings."""

    family: str
    cases: list[tuple[str, int]]


class Heads(NamedTuple):
    """The heads of a family by length, and the numbers of their lists."""

    family: str
    lengths: list[tuple[int, list[tuple[str, int]]]]


def tables(catalog: Catalog) -> dict[str, object]:
    """What identify walks over."""
    known = matching.tables(catalog)
    wordings, heads = matching.numbered(known)
    families = matching.Tables._fields
    heads += [
        matching.Head("widest", head.text, matching.widest(wordings, head.numbers))
        for head in heads
        if head.family == "angle"
    ]
    holes = [len(owner.names) for each in wordings for owner in each.owners]
    return {
        "holes": max(holes, default=0) + 1,
        "wordings": [wording(each) for each in wordings],
        "tails": [
            Tails(
                family,
                [
                    (literal(each.shape[0]), number)
                    for number, each in enumerate(wordings)
                    if each.family == family and len(each.shape) == 1
                ],
            )
            for family in families
        ],
        "heads": [Heads(each, by_length(each, heads)) for each in (*families, "widest")],
        "head_lists": [
            (number, ", ".join(map(str, head.numbers)), len(head.numbers))
            for number, head in enumerate(heads)
        ],
    }


def by_length(family: str, heads: list[matching.Head]) -> list[tuple[int, list[tuple[str, int]]]]:
    """The heads of one family by their length, the longest first."""
    found: dict[int, list[tuple[str, int]]] = {}
    for number, head in enumerate(heads):
        if head.family == family:
            found.setdefault(len(head.text), []).append((literal(head.text), number))
    return list(found.items())


def context(catalog: Catalog) -> dict[str, object]:
    """What the Go templates are given."""
    groups = [
        (code, [constant(reply, catalog) for reply in group]) for code, group in catalog.groups()
    ]
    every = [each for _, group in groups for each in group]
    return tables(catalog) | {
        "kinds": [
            (literal(each), placeholder.type)
            for each, placeholder in catalog.placeholders.items()
            if placeholder.type != "text"
        ],
        "groups": groups,
        "constants": every,
        "renamed": [(*old, each) for each in every for old in each.formerly],
        "categories": [
            (
                f"Category{name(each)}",
                literal(each),
                comment(category.meaning),
                ", ".join(map(literal, category)),
            )
            for each, category in catalog.categories.items()
        ],
        "reply_codes": [
            (
                f"Code{name(each.id)}",
                each.code,
                comment(each.meaning),
                f"{literal(each.meaning)}, {literal(each.reference)}",
            )
            for each in catalog.reply_codes
        ],
        "enhanced_codes": [
            (
                f"Enhanced{name(each.id)}",
                literal(each.code),
                comment(each.meaning),
                ", ".join(
                    (
                        literal(each.name),
                        literal(each.meaning),
                        numbers(each.reply_codes),
                        literal(each.reference),
                    )
                ),
            )
            for each in catalog.enhanced_codes
        ],
        "severities": constants("Severity", SEVERITIES.values()),
        "stages": constants("Stage", STAGES),
        "parties": [
            (f"Party{name(each)}", literal(each), meaning) for each, meaning in PARTIES.items()
        ],
        "retries": [
            (f"Retry{name(each)}", literal(each), meaning) for each, meaning in RETRIES.items()
        ],
        "codes": [(code, names(replies)) for code, replies in catalog.by_code().items()],
        "enhanced": [
            (literal(enhanced), names(replies))
            for enhanced, replies in catalog.by_enhanced().items()
        ],
    }
