"""TypeScript: how it names and quotes things."""

import json
import re
from functools import cache
from typing import Any

from codegen.facts import FLAG, NUMBER, PROSE, TEXT, Fact, Type, capitalized
from codegen.texts import Text

LANGUAGE = "TypeScript"
SCALARS = {TEXT: "string", PROSE: "string", NUMBER: "number", FLAG: "boolean", "Reply": "ReplyId"}
# What a constant itself holds; details() has the rest, so that a bundle can do without.
IN_CONSTANT = frozenset(
    "code enhanced severity text summary category must_act retry closes".split()
)


def spelled(an_id: str) -> str:
    """The constant of an id."""
    return an_id.upper()


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


def literal(value: Any) -> str:
    """A plain value as source in ASCII, on one line: what is JSON is TypeScript."""
    return json.dumps(_renamed(value))


def _renamed(value: Any) -> Any:
    """A plain value, the keys of objects named as properties."""
    if isinstance(value, dict):
        return {field(key): _renamed(member) for key, member in value.items()}
    if isinstance(value, tuple):
        return [_renamed(member) for member in value]
    return value


def comment(prose: str) -> str:
    """Prose for the inside of a block comment."""
    return prose.replace("*/", "*\\/")


def sentence(fact: Fact) -> str:
    """The comment of a property."""
    said = fact.sentence.replace("{none}", "null")
    return comment(f"{capitalized(said)}.")


def in_constant(fact: Fact) -> bool:
    """Whether the constant of a reply has a fact itself."""
    return fact.name in IN_CONSTANT


def shape(text: Text) -> list[str]:
    """The literals of a text and the types of its placeholders, in turn."""
    return [part for pair in zip(text.literals, (*text.types, ""), strict=True) for part in pair][
        :-1
    ]


filters = {"capitalized": capitalized, "shape": shape}
tests = {"in_constant": in_constant}
