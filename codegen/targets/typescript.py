"""TypeScript: how it names and quotes things, and what its templates loop over."""

import json
from collections.abc import Iterable
from textwrap import wrap
from typing import NamedTuple

from codegen import matching
from codegen.catalog import (
    MOVES,
    PARTIES,
    RETRIES,
    SEVERITIES,
    STAGES,
    Catalog,
    EnhancedCode,
    Reply,
    ReplyCode,
)

LANGUAGE = "TypeScript"
WIDTH = 80  # prettier's


def name(an_id: str) -> str:
    """The constant of an id."""
    return an_id.upper()


def taken(catalog: Catalog) -> list[str]:
    """The names beside the constants: none, since no other name has an underscore in capitals."""
    return []


def literal(value: str | int | None) -> str:
    """A value as prettier writes it: in the quotes that need fewer backslashes, in ASCII."""
    if isinstance(value, str) and value.isascii() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    text = json.dumps(value)
    if isinstance(value, str) and value.count('"') > value.count("'"):
        text = "'" + text[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return text


def comment(prose: str) -> str:
    """Prose for the inside of a block comment."""
    return prose.replace("*/", "*\\/")


def member(key: str, value: str | int | None, indent: int) -> str:
    """`key: value,` as prettier breaks it: after a colon, unless the key is short."""
    text = literal(value)
    if indent + len(key) + len(text) + 3 > WIDTH and isinstance(value, str) and len(key) > 4:
        return f"{key}:\n{' ' * (indent + 2)}{text},"
    return f"{key}: {text},"


def array(before: str, values: list[str], after: str, indent: int, alone: bool = False) -> str:
    """`before[values]after`, on one line where it fits and the values need not stand alone."""
    return listed(f"{before}[", values, f"]{after}", indent, alone)


def listed(before: str, values: list[str], after: str, indent: int, alone: bool = False) -> str:
    """Values between two marks, on one line where they fit and need not stand alone."""
    line = f"{before}{', '.join(values)}{after}"
    if indent + len(line) <= WIDTH and not alone:
        return line
    inner = "".join(f"{' ' * (indent + 2)}{value},\n" for value in values)
    return f"{before}\n{inner}{' ' * indent}{after}"


def replies_of(before: str, replies: Iterable[str], indent: int) -> str:
    """A list of replies; a call, since tsc gives up on a literal of more than a thousand types."""
    values = [f"replies.{reply}" for reply in replies]
    return listed(f"{before}Array.of<Reply>(", values, ");", indent)


def strings(key: str, values: Iterable[str], indent: int) -> str:
    """`key: ["value"],`."""
    return array(f"{key}: ", [literal(value) for value in values], ",", indent)


def numbers(key: str, values: Iterable[int], indent: int) -> str:
    """`key: [1, 2],`; prettier fills the lines of a list of numbers."""
    line = array(f"{key}: ", [str(value) for value in values], ",", indent)
    if "\n" not in line:
        return line
    filled = wrap(", ".join(map(str, values)) + ",", WIDTH - indent - 2)
    return "\n".join(
        (f"{key}: [", *(f"{' ' * (indent + 2)}{each}" for each in filled), f"{' ' * indent}],")
    )


def union(of: str, values: list[str]) -> str:
    """`export type of = values;`, on one line where it fits."""
    line = f"export type {of} = {' | '.join(values)};"
    if len(line) <= WIDTH:
        return line
    return f"export type {of} =\n" + "\n".join(f"  | {value}" for value in values) + ";"


def literals(of: str, values: Iterable[str]) -> str:
    """A union of string literals."""
    return union(of, [literal(value) for value in values])


def found(by: str, replies: Iterable[Reply]) -> str:
    """One case of a look-up."""
    return f"case {by}:\n      {replies_of('return ', (name(reply.id) for reply in replies), 6)}"


class Constant(NamedTuple):
    """One reply as the templates need it."""

    id: str
    name: str
    line: str
    summary: str
    facts: list[str]
    details: list[str]
    settings: list[list[str]]
    twins: list[list[str]]
    variants: list[list[str]]
    forms: list[list[str]]
    formerly: list[tuple[str, str]]


def constant(reply: Reply, catalog: Catalog) -> Constant:
    """Everything TypeScript says of one reply."""
    return Constant(
        id=reply.id,
        name=name(reply.id),
        line=comment(reply.line),
        summary=comment(reply.summary),
        facts=[
            f"code: {reply.code},",
            f"enhanced: {literal(reply.enhanced)},",
            f'severity: "{reply.severity}",',
            member("category", reply.category, 2),
            f'mustAct: "{reply.must_act}",',
            f'retry: "{reply.retry}",',
            f"closes: {literal(reply.closes)},",
            member("text", reply.text, 2),
            member("summary", reply.summary, 2),
        ],
        details=[
            strings("daemons", reply.daemons, 4),
            strings("stages", reply.stages, 4),
            member("cause", reply.cause, 4),
            member("senderAction", reply.sender_action, 4),
            member("clientAction", reply.client_action, 4),
            member("operatorAction", reply.operator_action, 4),
            member("retryNote", reply.retry_note, 4),
            f"multiline: {literal(reply.multiline)},",
            f"since: {literal(reply.since)},",
            f"until: {literal(reply.until)},",
            member("note", reply.note, 4),
        ],
        settings=[
            [
                member("name", each, 8),
                strings("moves", moves, 8),
                member("default", catalog.settings[each].default, 8),
            ]
            for each, moves in reply.moved_by()
        ],
        twins=[
            [member("id", each.id, 8), member("difference", each.difference, 8)]
            for each in reply.twins
        ],
        variants=[
            [
                f"code: {each.code},",
                f"enhanced: {literal(each.enhanced)},",
                member("when", each.when, 8),
            ]
            for each in reply.variants
        ],
        forms=[
            [
                member("form", each.form, 8),
                member("text", each.text, 8),
                member("note", each.note, 8),
            ]
            for each in reply.forms
        ],
        formerly=[(old, name(old)) for old in reply.formerly],
    )


class Owned(NamedTuple):
    """A reply that a wording belongs to."""

    name: str
    form: str
    names: str
    pairs: str


class Wording(NamedTuple):
    """A wording as the templates need it."""

    family: int
    shape: str
    owners: list[Owned]


FAMILIES = {"opening": 0, "angle": 1, "host": 2}


def wording(each: matching.Wording) -> Wording:
    """A wording, whose it is, and under which codes."""
    owners = [
        Owned(
            name(owner.reply.id),
            member("form", owner.form, 8),
            strings("names", owner.names, 8),
            array(
                "pairs: ",
                [f"[{v.code}, {literal(v.enhanced or '')}]" for v in owner.reply.variants],
                ",",
                8,
                alone=len(owner.reply.variants) > 1,
            ),
        )
        for owner in each.owners
    ]
    return Wording(FAMILIES[each.family], strings("shape", each.shape, 4), owners)


def head(each: matching.Head) -> str:
    """A head and the numbers of its wordings."""
    numbers = ", ".join(map(str, each.numbers))
    return f"[{FAMILIES[each.family]}, {literal(each.text)}, [{numbers}]]"


class Code(NamedTuple):
    """A reply code or a registered status code as the templates need it."""

    name: str
    case: str
    meaning: str
    facts: list[str]


def code(each: ReplyCode | EnhancedCode, name: str) -> Code:
    """What a code means in general."""
    facts = [f"{key}: {literal(value)}," for key, value in (("id", each.id), ("code", each.code))]
    if isinstance(each, EnhancedCode):
        facts.append(member("name", each.name, 2))
    facts.append(member("meaning", each.meaning, 2))
    if isinstance(each, EnhancedCode):
        facts.append(numbers("replyCodes", each.reply_codes, 2))
    facts.append(member("reference", each.reference, 2))
    return Code(name, literal(each.code), comment(each.meaning), facts)


def context(catalog: Catalog) -> dict[str, object]:
    """What the TypeScript templates are given."""
    groups = [
        (key, [constant(reply, catalog) for reply in group]) for key, group in catalog.groups()
    ]
    constants = [each for _, group in groups for each in group]
    wordings, heads = matching.numbered(matching.tables(catalog))
    return {
        "version": literal(catalog.version),
        "groups": groups,
        "constants": constants,
        "renamed": [(*old, each) for each in constants for old in each.formerly],
        "categories": [
            (literal(each), comment(category.meaning))
            for each, category in catalog.categories.items()
        ],
        "category_facts": [
            (each, [member(key, value, 4) for key, value in category._asdict().items()])
            for each, category in catalog.categories.items()
        ],
        "reply_codes": [code(each, name(each.id)) for each in catalog.reply_codes],
        "enhanced_codes": [code(each, name(each.id)) for each in catalog.enhanced_codes],
        "wordings": [wording(each) for each in wordings],
        "heads": array(
            "export const HEADS: readonly Head[] = ",
            [head(each) for each in heads],
            ";",
            0,
            alone=len(heads) > 1,
        ),
        "types": [
            f"{each}: {literal(placeholder.type)},"
            for each, placeholder in catalog.placeholders.items()
        ],
        "severities": literals("Severity", SEVERITIES.values()),
        "stages": literals("Stage", STAGES),
        "parties": [(literal(each), meaning) for each, meaning in PARTIES.items()],
        "retries": [(literal(each), meaning) for each, meaning in RETRIES.items()],
        "moves": literals("Move", MOVES),
        "replies": union("Reply", [f"typeof {each.name}" for each in constants]),
        "all": replies_of(
            "export const all: readonly Reply[] = ", (each.name for each in constants), 0
        ),
        "by_code": [found(str(key), replies) for key, replies in catalog.by_code().items()],
        "by_enhanced": [
            found(literal(enhanced), replies) for enhanced, replies in catalog.by_enhanced().items()
        ],
    }
