"""What packages tell, each fact said once: its name, its type and a sentence.

Most facts are fields of the nouns in catalog.py; what is made of other fields is declared here.
Every language, the page, `explain`, the probes and the tests loop over these lists.
"""

from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from codegen import catalog
from codegen.catalog import Catalog, Reason, Reply, Said, affected


class Type(NamedTuple):
    """What a fact is: a scalar or a noun; perhaps a list; perhaps missing."""

    of: str
    many: bool = False
    optional: bool = False


class Fact(NamedTuple):
    """One thing that packages tell of a noun.

    The sentence is a noun phrase or a "whether" clause, with {none} for a missing value. The label
    names the fact on the page and in `explain`; without one it is not shown there.
    """

    name: str
    type: Type
    sentence: str
    label: str = ""
    packages: bool = True  # else the page alone has it


class Noun(NamedTuple):
    """A record or a vocabulary of the packages: its facts, and where the catalog has its members.

    The nouns that are not keyed by name in a section of the catalog are records inside others.
    """

    name: str
    sentence: str
    facts: tuple[Fact, ...]
    section: str = ""


# Prose is a text of whole sentences.
TEXT, PROSE, NUMBER, FLAG = "text", "prose", "number", "flag"
IS_PROSE = get_args(catalog.Prose)[1]
SCALARS = {str: TEXT, int: NUMBER, bool: FLAG}


def _declared(noun: type[Struct]) -> tuple[Fact, ...]:
    """The facts among the fields of a noun of the catalog."""
    hints = get_type_hints(noun, include_extras=True)
    return tuple(fact for name, hint in hints.items() if (fact := _fact(name, hint)))


def _fact(name: str, hint: Any) -> Fact | None:
    for meta in get_args(hint)[1:] if get_origin(hint) is Annotated else ():
        if isinstance(meta, Meta) and meta.extra is not None:
            of, label, packages = (meta.extra[key] for key in ("of", "label", "packages"))
            found = _type(hint)
            return Fact(
                name, found._replace(of=of or found.of), meta.description or "", label, packages
            )
    return None


def _type(hint: Any) -> Type:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return Type(PROSE) if IS_PROSE in arguments else _type(arguments[0])
    if origin is UnionType or NoneType in arguments:
        return _type(next(part for part in arguments if part is not NoneType))._replace(
            optional=True
        )
    if origin is tuple:
        return _type(arguments[0])._replace(many=True)
    if origin is Literal:
        return Type(TEXT)
    return Type(SCALARS.get(hint) or hint.__name__)


SETTING = (
    Fact("name", Type(TEXT), "the name of the setting"),
    Fact(
        "affects",
        Type(TEXT, many=True),
        'what it affects: "code", "text" or, for whether that is said at all, "sent"',
    ),
    Fact("default", Type(TEXT), "its default, before it is expanded"),
)
DERIVED = (
    Fact(
        "code",
        Type(NUMBER),
        "the reply code that Postfix sends by default (RFC 5321 section 4.2)",
    ),
    Fact(
        "enhanced",
        Type(TEXT, optional=True),
        "the default enhanced status code (RFC 3463), {none} where Postfix sends none",
    ),
    Fact(
        "severity",
        Type("Severity"),
        "what the first digit of the default code means (RFC 5321 section 4.2.1)",
    ),
)
SETTINGS = Fact(
    "settings",
    Type("Setting", many=True),
    "the main.cf settings that affect it, sorted by name",
    "Settings",
)
REPLY = Noun(
    "Reply",
    "one thing that a Postfix server says to a client",
    (*DERIVED, *_declared(Reply), SETTINGS),
    "replies",
)
REASON = Noun(
    "Reason",
    "one thing that the delivery side of Postfix says about a recipient",
    (*_declared(Reason), SETTINGS),
    "reasons",
)


def _vocabulary(noun: type[Struct], section: str, sentence: str) -> Noun:
    return Noun(noun.__name__, sentence, _declared(noun), section)


VOCABULARIES = (
    _vocabulary(
        catalog.Severity,
        "severities",
        "what the first digit of a reply code means (RFC 5321 section 4.2.1)",
    ),
    _vocabulary(
        catalog.Category,
        "categories",
        "what a reply or reason is about, and what other systems call that",
    ),
    _vocabulary(catalog.Stage, "stages", "where in the SMTP session a client sees a reply"),
    _vocabulary(
        catalog.DeliveryStatus, "statuses", "what Postfix did with the mail for a recipient"
    ),
    _vocabulary(catalog.Party, "parties", "who must act on a reply or reason"),
    _vocabulary(catalog.Verdict, "verdicts", "what a value in a text changes about who must act"),
    _vocabulary(catalog.Influence, "everywhere", "a main.cf setting that changes all"),
    _vocabulary(catalog.Origin, "origins", "whose words the text of a reply or reason is"),
    _vocabulary(catalog.Speaker, "speakers", "who said what a held text says"),
    _vocabulary(catalog.Kind, "kinds", "what a held text is"),
    _vocabulary(
        catalog.Retry,
        "retries",
        "whether trying again can help, whatever the reply code says",
    ),
)
RECORDS = (
    Noun("Variant", "a pair of codes that a reply travels under", _declared(catalog.Variant)),
    Noun("Form", "another wording that people meet", _declared(catalog.Form)),
    Noun("Setting", "a main.cf setting that affects a reply or reason", SETTING),
    Noun(
        "Weighed", "a placeholder whose value can change who must act", _declared(catalog.Weighed)
    ),
    Noun("Twin", "a reply or reason that is easily taken for another", _declared(catalog.Twin)),
)
CODES = (
    Noun(
        "ReplyCode",
        "a reply code of RFC 5321 and its extensions, whatever server sends it",
        _declared(catalog.ReplyCode),
        "reply_codes",
    ),
    Noun(
        "EnhancedCode",
        "a registered enhanced status code (RFC 5248); X stands for the class",
        _declared(catalog.EnhancedCode),
        "enhanced_codes",
    ),
)
NOUNS = {noun.name: noun for noun in (REPLY, REASON, *VOCABULARIES, *RECORDS, *CODES)}
# The facts that are lists of records in the catalog, and what packages have of those.
OF_RECORDS = {
    fact.name: [of_record.name for of_record in noun.facts]
    for noun in RECORDS
    for fact in (*_declared(Reply), *_declared(Reason))
    if fact.type.of == noun.name
}


def of_packages(noun: Noun) -> tuple[Fact, ...]:
    """The facts of a noun that packages have."""
    return tuple(fact for fact in noun.facts if fact.packages)


def row(said: Said, of: Catalog) -> dict[str, Any]:
    """Every fact of a reply or reason as plain values: numbers, strings, tuples and objects."""
    noun = REPLY if isinstance(said, Reply) else REASON
    plain: dict[str, Any] = {fact.name: getattr(said, fact.name, None) for fact in noun.facts}
    if isinstance(said, Reply):
        plain["severity"] = of.severity(said.code)
        plain["stages"] = tuple([stage for stage in of.stages if stage in said.stages])
    plain["daemons"] = tuple(sorted(said.daemons))
    for name in OF_RECORDS.keys() & plain.keys():
        names = OF_RECORDS[name]
        plain[name] = tuple(
            [{key: getattr(record, key) for key in names} for record in plain[name]]
        )
    plain["settings"] = tuple(
        [
            {"name": name, "affects": affects, "default": of.settings[name].default}
            for name, affects in affected(said)
        ]
    )
    return plain


def only(row: dict[str, Any], facts: Iterable[Fact]) -> dict[str, Any]:
    """Some facts of a row."""
    return {fact.name: row[fact.name] for fact in facts}


def as_json(value: Any) -> str:
    """A plain value as JSON, on one line."""
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def members(noun: Noun, of: Catalog) -> Iterator[tuple[str, dict[str, Any]]]:
    """The members of a vocabulary or of the codes by key, each with its facts as plain values."""
    for key, member in getattr(of, noun.section).items():
        plain = msgspec.to_builtins(member)
        yield str(key), {fact.name: plain[fact.name] for fact in noun.facts}


def capitalized(sentence: str) -> str:
    """A sentence with a capital letter at its start."""
    return sentence[0].upper() + sentence[1:]
