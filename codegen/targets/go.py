"""Go: how it names and quotes things."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from json.encoder import encode_basestring
from typing import Any

from codegen.catalog import Catalog, Said
from codegen.facts import CODES, FLAG, NOUNS, NUMBER, PROSE, TEXT, VOCABULARIES, Fact, Noun, Type
from codegen.places import Pointer
from codegen.tables import Head, Tables
from codegen.texts import FAMILIES
from codegen.wrappers import Hole, Wording, Wrapping

LANGUAGE = "Go"
# Words that are written in capitals; what is in neither list makes a test fail.
INITIALISMS = frozenset(
    "arc ascii bdat cname dane dkim dns dnssec dsn ehlo envid etrn helo ip mime mx noop ok orcpt "
    "rcpt requiretls ret rrvs rset sasl smtp smtputf8 spf srv starttls tls tlsa utf8 vrfy xclient "
    "xforward xverp".split()
)
SCALARS = {TEXT: "string", PROSE: "string", NUMBER: "int", FLAG: "bool"}
HEADS = (4, 2, 0)  # by how many characters of their first literals logs.go finds wrappers
REASON_HEAD = 3  # and by how many told.go finds reasons
PREFIXES = {"ReplyCode": "Code", "EnhancedCode": "Enhanced"}
OWN = (
    "ByCode ByDSN ByEnhanced ByID Format Identify IdentifyReason IdentifyReply LookupEnhanced "
    "Match Option Read ReadAll ReadError ReadLines Reading ReasonByID ReasonMatch Reasons Replies "
    "WithCode WithEnhanced WithForm WithoutEnhanced"
).split()


@cache
def spelled(an_id: str) -> str:
    """The exported name of an id, its initialisms in capitals."""
    return "".join(map(_word, an_id.split("_")))


def _word(word: str) -> str:
    if word in INITIALISMS:
        return word.upper()
    digits = len(word) - len(word.lstrip("0123456789"))
    return word[:digits] + word[digits:].capitalize()


def written(said: Said, catalog: Catalog) -> str:
    """The constant of a reply or reason as programs write it."""
    return f"postfixreplies.{spelled(said.id)}"


def field(name: str) -> str:
    """The method of a fact."""
    return spelled(name)


@cache
def unexported(name: str) -> str:
    """The field in which the package keeps a fact."""
    first, *more = name.split("_")
    return first + spelled("_".join(more))


def constant(noun: Noun, an_id: str) -> str:
    """The constant of a member of a vocabulary or of the codes."""
    return PREFIXES.get(noun.name, noun.name) + spelled(an_id)


def typed(of: Type) -> str:
    """The type of a fact; what is missing is empty."""
    name = SCALARS.get(of.of, of.of)
    return f"[]{name}" if of.many else name


def literal(value: str) -> str:
    """A string as source: Go knows all that JSON escapes."""
    simple = '"' not in value and "\\" not in value
    return f'"{value}"' if simple else encode_basestring(value)


def comment(prose: str) -> str:
    """Prose for a doc comment, with the quotes that gofmt would otherwise put in."""
    return prose.replace("``", "\u201c").replace("''", "\u201d")


def sentence(fact: Fact) -> str:
    """The doc comment of a method."""
    said = fact.sentence.replace("{none}", "empty")
    verb = "reports" if said.startswith("whether ") and fact.type.of == FLAG else "returns"
    return comment(f"{field(fact.name)} {verb} {said}.")


def strings(values: Iterable[str]) -> str:
    """A slice of strings."""
    return f"[]string{{{', '.join(map(literal, values))}}}"


def keyed(facts: tuple[Fact, ...], row: dict[str, Any]) -> str:
    """The fields of a row that are not empty, on one line."""
    return _fields(facts, unexported, row)


def _fields(facts: tuple[Fact, ...], named: Callable[[str], str], row: dict[str, Any]) -> str:
    makers = _makers(facts, named)
    return ", ".join([f"{key}: {made(row[name])}" for name, key, made in makers if row[name]])


@cache
def _makers(
    facts: tuple[Fact, ...], named: Callable[[str], str]
) -> list[tuple[str, str, Callable[[Any], str]]]:
    """The name of each fact, that of its field, and what makes source of its values."""
    return [(fact.name, named(fact.name), _maker(fact.type)) for fact in facts]


def _maker(of: Type) -> Callable[[Any], str]:
    """What makes source, on one line, of the values of a type; none of them is empty."""
    if of.of == FLAG:
        return lambda flag: "true"
    if not of.many:
        return str if of.of == NUMBER else literal
    opening, noun = f"{typed(of)}{{", NOUNS.get(of.of)
    if noun is None or noun.section:
        scalar = str if of.of == NUMBER else literal
        return lambda values: f"{opening}{', '.join(map(scalar, values))}}}"
    made = partial(_fields, noun.facts, field)
    return lambda records: f"{opening}{', '.join([f'{{{made(record)}}}' for record in records])}}}"


def columns(facts: Iterable[Fact]) -> list[str]:
    """The fields of a struct, as gofmt aligns them."""
    fields = [(unexported(fact.name), typed(fact.type)) for fact in facts]
    width = max(len(name) for name, _ in fields)
    return [f"{name:{width}} {of}" for name, of in fields]


def wholes(tables: Tables, family: str) -> Iterator[tuple[str, int]]:
    """The texts of a family that have nothing left to fill, and their numbers."""
    for number, row in enumerate(tables.rows):
        if row.family == family and not row.text.holes:
            yield row.text.literals[0], number


def lengths(tables: Tables, family: str) -> dict[int, list[tuple[Head, int]]]:
    """The heads of a family by length, the longest first, each with its number."""
    found: dict[int, list[tuple[Head, int]]] = {}
    for number, head in enumerate(tables.heads):
        if head.family == family:
            found.setdefault(len(head.text), []).append((head, number))
    return found


def gaps(holes: Iterable[Hole]) -> str:
    """The holes of a wrapper."""
    made = [f"{{{literal(hole.name)}, {hole.type}Gap, {literal(hole.literal)}}}" for hole in holes]
    return f"[]gap{{{', '.join(made)}}}"


def implied(values: dict[str, str]) -> str:
    """The fields that a wrapper implies."""
    made = [f"{{{literal(name)}, {literal(value)}}}" for name, value in values.items()]
    return f"[]entry{{{', '.join(made)}}}"


class Heads:
    """Which wrappers a log line can be: by its program, then by how it begins."""

    def __init__(self, logs: Iterable[Wrapping]) -> None:
        by_daemon: dict[str, dict[tuple[int, str], list[int]]] = {}
        for number, wrapping in enumerate(logs):
            length = next(length for length in HEADS if length <= len(wrapping.lead))
            for daemon in wrapping.daemons:
                heads = by_daemon.setdefault(daemon, {})
                heads.setdefault((length, wrapping.lead[:length]), []).append(number)
        lists = [tuple(found) for heads in by_daemon.values() for found in heads.values()]
        # Every list of wrappers once, since many programs log the same.
        self.lists = list(dict.fromkeys(lists))
        numbers = {found: number for number, found in enumerate(self.lists)}
        # Of each program: how many characters and how many bytes, and the list of each head.
        self.daemons: dict[str, dict[tuple[int, int], dict[str, int]]] = {}
        for daemon, heads in sorted(by_daemon.items()):
            lengths = self.daemons.setdefault(daemon, {})
            for (length, head), found in heads.items():
                cases = lengths.setdefault((length, len(head.encode())), {})
                cases[head] = numbers[tuple(found)]


def openings_of(reasons: Iterable[Wording]) -> dict[str, list[int]]:
    """Which reasons words can be, by how they begin; under "" those of words that begin otherwise.

    Words of any opening can be a reason of which the first literal is short.
    """
    leads = [wording.lead for wording in reasons if not wording.is_foreign]
    short = [number for number, lead in enumerate(leads) if len(lead) < REASON_HEAD]
    found: dict[str, list[int]] = {}
    for number, lead in enumerate(leads):
        if len(lead) >= REASON_HEAD:
            found.setdefault(lead[:REASON_HEAD], []).append(number)
    for head, numbers in found.items():
        numbers += [number for number in short if head.startswith(leads[number])]
        numbers.sort()
    return {"": short} | dict(sorted(found.items()))


def names(catalog: Catalog) -> Iterator[tuple[str, Pointer]]:
    """The exported names of the package beside those of the replies, and whose they are."""
    for name in (*OWN, *NOUNS):
        yield name, ()
    for noun in (*VOCABULARIES, *CODES):
        yield spelled(noun.section), ()
        for key, member in getattr(catalog, noun.section).items():
            yield constant(noun, getattr(member, "id", key)), (noun.section, key)


filters = {
    "columns": columns,
    "constant": constant,
    "gaps": gaps,
    "implied": implied,
    "keyed": keyed,
    "strings": strings,
    "unexported": unexported,
}
functions = {
    "FAMILIES": FAMILIES,
    "Heads": Heads,
    "REASON_HEAD": REASON_HEAD,
    "lengths": lengths,
    "openings_of": openings_of,
    "wholes": wholes,
}
