"""TypeScript: how it names and quotes things."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from codegen.catalog import Catalog, Reason, Said, wordings
from codegen.facts import FLAG, NUMBER, PROSE, TEXT, Fact, Type, as_json, capitalized

LANGUAGE = "TypeScript"
SCALARS = {TEXT: "string", PROSE: "string", NUMBER: "number", FLAG: "boolean"}
SCALARS |= {"Reply": "ReplyId", "Reason": "ReasonId"}
# What constants themselves hold, of replies, of reasons and of both; details() and reasonDetails()
# have the rest, so that a bundle can do without.
IN_CONSTANT = frozenset(
    (
        *("code", "enhanced", "severity", "closes"),
        *("dsn", "statuses"),
        *("text", "summary", "category", "must_act", "retry", "words", "verdicts"),
    )
)
# What users import, by the name behind that of the package, and the module that it is.
DOORS = {"": "index", "/reason-identify": "told"} | {
    f"/{name}": name
    for name in (
        *("codes", "details", "format", "identify", "lookup", "page", "read"),
        *("reason-details", "reason-format", "reason-lookup", "reasons", "vocabularies"),
    )
}
# The compiler that npm fetches to pack the package.
COMPILER = "typescript@5.9.3"


def spelled(an_id: str) -> str:
    """The constant of an id."""
    return an_id.upper()


def written(said: Said, catalog: Catalog) -> str:
    """The constant of a reply or reason as programs import it."""
    door = "/reasons" if isinstance(said, Reason) else ""
    return f'import {{ {spelled(said.id)} }} from "{catalog.project.npm}{door}";'


@cache
def field(name: str) -> str:
    """The property of a fact."""
    return re.sub("_([a-z])", lambda match: match[1].upper(), name)


def typed(of: Type) -> str:
    """The type of a fact."""
    name = SCALARS.get(of.of, of.of)
    if of.many:
        return f"readonly {name}[]"
    return f"{name} | null" if of.optional else name


literal = as_json  # all JSON is TypeScript


def properties(row: dict[str, Any], facts: Iterable[Fact]) -> dict[str, Any]:
    """Some facts of a row, named as properties; those of records are single words as it is."""
    return {field(fact.name): row[fact.name] for fact in facts}


def comment(prose: str) -> str:
    """Prose for the inside of a block comment."""
    return prose.replace("*/", "*\\/")


def sentence(fact: Fact) -> str:
    """The comment of a property."""
    said = fact.sentence.replace("{none}", "null")
    return comment(f"{capitalized(said)}.")


def in_constant(fact: Fact) -> bool:
    """Whether a constant has a fact itself."""
    return fact.name in IN_CONSTANT


def is_prose(fact: Fact) -> bool:
    """Whether a fact is whole sentences for people."""
    return fact.type.of == PROSE


def spaced(name: str) -> str:
    """The words of a type's name."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower()


def others(said: Said) -> list[tuple[str, str]]:
    """The wordings of a reply or reason beside the standard one: name and text."""
    return wordings(said)[1:]


def scoped(name: str) -> str:
    """What JSR calls a package of npm: it knows no name without a scope."""
    return name if name.startswith("@") else f"@{name}/{name}"


filters = {
    "capitalized": capitalized,
    "properties": properties,
    "scoped": scoped,
    "spaced": spaced,
    "others": others,
}
tests = {"in_constant": in_constant, "prose": is_prose}
functions = {"doors": sorted(DOORS.items()), "compiler": COMPILER}
