"""Python: how it names and quotes things."""

import keyword
from collections.abc import Iterable
from typing import Any

from codegen.catalog import Catalog, Said, wordings
from codegen.facts import (
    FLAG,
    NOUNS,
    NUMBER,
    PROSE,
    RECORDS,
    TEXT,
    VOCABULARIES,
    Fact,
    Type,
    capitalized,
)
from codegen.texts import PLACEHOLDER, Text

LANGUAGE = "Python"
SCALARS = {TEXT: "str", PROSE: "str", NUMBER: "int", FLAG: "bool"}
# The parameters of format(), and what cannot be written as a keyword argument.
ARGUMENTS = frozenset(("self", "code", "enhanced", "form", *keyword.kwlist))


def spelled(an_id: str) -> str:
    """The enum member of an id."""
    return an_id.upper()


def written(said: Said, catalog: Catalog) -> str:
    """The constant of a reply or reason as programs write it."""
    return f"{type(said).__name__}.{spelled(said.id)}"


def field(name: str) -> str:
    """The attribute of a fact."""
    return name


def typed(of: Type) -> str:
    """The type of a fact."""
    name = SCALARS.get(of.of, of.of)
    if of.many:
        return f"tuple[{name}, ...]"
    return f"{name} | None" if of.optional else name


def literal(value: Any) -> str:
    """A plain value as source, on one line."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (list, tuple)):
        comma = "," if len(value) == 1 else ""
        return f"({', '.join(map(literal, value))}{comma})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(value[key])}' for key in value)}}}"
    return repr(value)


def quoted(value: str) -> str:
    """A string literal in double quotes."""
    if '"' in value or "\\" in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def comment(prose: str) -> str:
    """Prose for the inside of a docstring, wherever it ends."""
    if "\\" in prose or '"' in prose:
        prose = prose.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        if prose.endswith('"'):
            prose = f'{prose[:-1]}\\"'
    return prose


def sentence(fact: Fact) -> str:
    """The docstring of a property."""
    said = fact.sentence.replace("{none}", "None")
    return comment(f"{capitalized(said)}.")


def read(fact: Fact, row: str) -> str:
    """The expression that reads a fact from its row of plain values."""
    value = f'{row}["{fact.name}"]'
    noun = NOUNS.get(fact.type.of)
    if noun is None:
        return f"tuple({value})" if fact.type.many else value
    made = noun.name if noun.section else f"{noun.name}.of"
    if fact.type.optional:
        return f"{value} and {made}({value})"
    return f"tuple(map({made}, {value}))" if fact.type.many else f"{made}({value})"


def nouns(facts: Iterable[Fact]) -> list[str]:
    """The nouns that some facts name, sorted."""
    return sorted({fact.type.of for fact in facts if fact.type.of in NOUNS})


def vocabularies(facts: Iterable[Fact]) -> list[str]:
    """The vocabularies among them."""
    return [name for name in nouns(facts) if NOUNS[name] in VOCABULARIES]


def records(facts: Iterable[Fact]) -> list[str]:
    """The records among them."""
    return [name for name in nouns(facts) if NOUNS[name] in RECORDS]


def holes(said: Iterable[Said]) -> set[str]:
    """The placeholders in all wordings of some replies or reasons."""
    texts = (text for one in said for _, text in wordings(one))
    return {hole for text in texts for hole in PLACEHOLDER.findall(text)}


def shape(text: Text) -> str:
    """A text with the types of its placeholders in braces."""
    holes = [f"{{{kind}}}" for kind in text.types]
    return "".join(part for pair in zip(text.literals, [*holes, ""], strict=True) for part in pair)


filters = {
    "capitalized": capitalized,
    "holes": holes,
    "nouns": nouns,
    "read": read,
    "records": records,
    "shape": shape,
    "vocabularies": vocabularies,
}
