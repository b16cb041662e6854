"""Python: how it names and quotes things, and what its templates loop over."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from codegen import matching
from codegen.catalog import PARTIES, RETRIES, SEVERITIES, STAGES, Catalog, Reply

LANGUAGE = "Python"
WIDTH = 88  # black's


def name(an_id: str) -> str:
    """The enum member of an id."""
    return an_id.upper()


def taken(catalog: Catalog) -> list[str]:
    """The names beside the constants: none, since no other name has an underscore in capitals."""
    return []


def literal(value: str | int | None) -> str:
    """A value as black writes it: in the quotes that need fewer backslashes."""
    if not isinstance(value, str):
        return repr(value)
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    quote = "'" if value.count('"') > value.count("'") else '"'
    return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def comment(prose: str) -> str:
    """Prose for the inside of a docstring that closes on a line of its own."""
    return prose.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def items(values: Iterable[str | int | None]) -> str:
    """A tuple within a reply's facts, an item a line as black keeps it, or empty."""
    lines = [f"            {literal(value)},\n" for value in values]
    return f"(\n{''.join(lines)}        )" if lines else "()"


class Member(NamedTuple):
    """One reply as the templates need it."""

    id: str
    name: str
    value: str
    line: str
    summary: str
    facts: str
    formerly: list[tuple[str, str]]


def member(reply: Reply, catalog: Catalog) -> Member:
    """Everything Python says of one reply. The order of the facts is that of _facts.py."""
    facts = (
        reply.code,
        reply.enhanced,
        reply.text,
        reply.summary,
        reply.category,
        reply.severity,
        reply.must_act,
        reply.retry,
        reply.retry_note,
        reply.closes,
        reply.multiline,
        " ".join(reply.daemons),
        " ".join(reply.stages),
        reply.cause,
        reply.sender_action,
        reply.client_action,
        reply.operator_action,
        reply.since,
        reply.until,
        reply.note,
    )
    settings: list[str | int | None] = [
        part
        for each, moves in reply.moved_by()
        for part in (each, " ".join(moves), catalog.settings[each].default)
    ]
    twins: list[str | int | None] = [
        part for each in reply.twins for part in (each.id, each.difference)
    ]
    variants: list[str | int | None] = [
        part for each in reply.variants for part in (each.code, each.enhanced, each.when)
    ]
    forms: list[str | int | None] = [
        part for each in reply.forms for part in (each.form, each.text, each.note)
    ]
    lists: list[list[str | int | None]] = [settings, twins, variants, forms]
    return Member(
        id=reply.id,
        name=name(reply.id),
        value=assigned(name(reply.id), reply.id),
        line=comment(reply.line),
        summary=comment(reply.summary),
        facts=",\n        ".join((*map(literal, facts), *map(items, lists))),
        formerly=[(old, name(old)) for old in reply.formerly],
    )


def constants(values: Iterable[str]) -> list[tuple[str, str]]:
    """The members of an enum."""
    return [(name(value), literal(value)) for value in values]


def explained(meanings: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """The members of an enum with their meanings, as prose and as literals."""
    return [(name(each), literal(each), said, literal(said)) for each, said in meanings.items()]


def ids(replies: Iterable[Reply]) -> str:
    """The ids of some replies, in one string."""
    return literal(" ".join(reply.id for reply in replies))


def shape(wording: matching.Wording) -> str:
    """What a wording's text is, with its placeholders' types in braces."""
    return "".join(f"{{{part}}}" if at % 2 else part for at, part in enumerate(wording.shape))


def row(values: Iterable[str | None], before: str = "") -> str:
    """A tuple of two values or more as black breaks it, in a list or, after its key, in a dict."""
    texts = [literal(value) for value in values]
    line = f"({', '.join(texts)})"
    if len(f"    {before}{line},") <= WIDTH:
        return line
    return "(\n" + "".join(f"        {text},\n" for text in texts) + "    )"


def assigned(name: str, value: str) -> str:
    """The value of an enum member, in parentheses where black puts it on a line of its own."""
    text = literal(value)
    return text if len(f"    {name} = {text}") <= WIDTH else f"(\n        {text}\n    )"


def codes(values: Iterable[int]) -> str:
    """Numbers in one string."""
    return " ".join(map(str, values))


def context(catalog: Catalog) -> dict[str, object]:
    """What the Python templates are given."""
    groups = [
        (code, [member(reply, catalog) for reply in group]) for code, group in catalog.groups()
    ]
    members = [each for _, group in groups for each in group]
    wordings, heads = matching.numbered(matching.tables(catalog))
    return {
        "version": literal(catalog.version),
        "groups": groups,
        "members": members,
        "renamed": [(*old, each) for each in members for old in each.formerly],
        "categories": [
            (name(each), literal(each), comment(category.meaning), row(category, f'"{each}": '))
            for each, category in catalog.categories.items()
        ],
        "severities": constants(SEVERITIES.values()),
        "stages": constants(STAGES),
        "parties": explained(PARTIES),
        "retries": explained(RETRIES),
        "reply_codes": [
            (
                name(each.id),
                each.code,
                comment(each.meaning),
                row((each.meaning, each.reference), f"{each.code}: "),
            )
            for each in catalog.reply_codes
        ],
        "enhanced_codes": [
            (
                name(each.id),
                literal(each.code),
                comment(each.meaning),
                row(
                    (each.name, each.meaning, codes(each.reply_codes), each.reference),
                    f'"{each.code}": ',
                ),
            )
            for each in catalog.enhanced_codes
        ],
        "wordings": [
            row(
                (
                    each.family,
                    shape(each),
                    *(
                        value
                        for owner in each.owners
                        for value in (owner.reply.id, owner.form, " ".join(owner.names))
                    ),
                )
            )
            for each in wordings
        ],
        "heads": [
            row((each.family, each.text, " ".join(map(str, each.numbers)))) for each in heads
        ],
        "types": [
            (literal(each), literal(placeholder.type))
            for each, placeholder in catalog.placeholders.items()
        ],
        "codes": [(code, ids(replies)) for code, replies in catalog.by_code().items()],
        "enhanced": [
            (literal(enhanced), ids(replies)) for enhanced, replies in catalog.by_enhanced().items()
        ],
    }
