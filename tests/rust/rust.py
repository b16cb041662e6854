"""Rust: how it names and quotes things."""

from typing import Any

from codegen.facts import FLAG, NOUNS, NUMBER, PROSE, TEXT, Fact, Type, capitalized

LANGUAGE = "Rust"
STR = "&'static str"
SCALARS = {TEXT: STR, PROSE: STR, NUMBER: "u16", FLAG: "bool"}


def spelled(an_id: str) -> str:
    """The variant of an id."""
    return "".join(word.capitalize() for word in an_id.split("_"))


def field(name: str) -> str:
    """The field of a fact."""
    return name


def typed(of: Type) -> str:
    """The type of a fact."""
    name = SCALARS.get(of.of, of.of)
    if of.many:
        return f"&'static [{name}]"
    return f"Option<{name}>" if of.optional else name


def literal(value: Any) -> str:
    """A string, number or flag as source."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value).lower()


def valued(value: Any, of: Type) -> str:
    """A fact's value as source."""
    if of.many:
        return f"&[{', '.join(valued(one, of._replace(many=False)) for one in value)}]"
    if of.optional:
        inner = of._replace(optional=False)
        return "None" if value is None else f"Some({valued(value, inner)})"
    noun = NOUNS.get(of.of)
    if noun is None:
        return literal(value)
    if noun.section:
        return f"{noun.name}::{spelled(value)}"
    fields = (f"{fact.name}: {valued(value[fact.name], fact.type)}" for fact in noun.facts)
    return f"{noun.name} {{ {', '.join(fields)} }}"


def comment(prose: str) -> str:
    """Prose for a doc comment."""
    return prose


def sentence(fact: Fact) -> str:
    """What the documentation says of a field."""
    return f"{capitalized(fact.sentence)}.".replace("{none}", "None")


filters = {"capitalized": capitalized, "valued": valued}
