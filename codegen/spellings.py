"""The wordings of the catalog, and the literals of a source that spell them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from codegen.catalog import Said, wordings
from codegen.source import ERRNO, FILLED
from codegen.texts import PLACEHOLDER, Text

# What is left of a format once everything that is the same in many replies is taken away.
COMMON = re.compile(r"\brejected\b|\bError\b|[^A-Za-z]+")
TAIL = re.compile(r"(?:<[^>]*>: )?(?:[^:]* rejected: )?", re.DOTALL)
HOST = "{hostname} "
ERROR = "Error: "
HOLES = re.compile(f"[{FILLED}{ERRNO}]")


class Known(NamedTuple):
    """One wording of one entry, in the ways in which the source may spell it."""

    entry: Said
    spellings: list[tuple[str, Text]]


def spellings(template: str) -> list[str]:
    """A text as the source may have it: whole, or without what is put before it elsewhere.

    None where all that is not in every refusal are the words of others.
    """
    tail = TAIL.sub("", template, count=1)
    if not tells(tail):
        return []
    bare = template.removeprefix(HOST)
    ways = [template, bare, bare.removeprefix(ERROR), tail]
    return [each for each in dict.fromkeys(ways) if tells(each)]


def tells(said: str) -> bool:
    """Whether a wording or a literal says more than what is in many."""
    return COMMON.sub("", PLACEHOLDER.sub("", said)) != ""


def owners(entries: Iterable[Said], literals: list[str]) -> dict[str, list[Said]]:
    """The entries that each literal is a text of, or a piece of a text."""
    known = [
        Known(entry, [(way, Text.of(way, {})) for way in spellings(template)])
        for entry in entries
        for _, template in wordings(entry)
    ]
    # Most literals are no texts: only those that share a word with a wording are held against it.
    near: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(known):
        for word in set().union(*(words(way) for way, _ in each.spellings)):
            near[word].append(at)
    texts = set(map(whatever, literals))
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    for literal in dict.fromkeys(literals):
        for at in sorted({at for word in words(literal) for at in near[word]}):
            pieces = _same(literal, known[at].spellings, texts)
            for said in () if pieces is None else (literal, *pieces):
                found[said][known[at].entry.id] = known[at].entry
    return {said: list(each.values()) for said, each in found.items()}


def words(said: str) -> set[str]:
    """The words of a wording or a literal."""
    return set(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", said)))


def _same(said: str, ways: list[tuple[str, Text]], texts: set[str]) -> list[str] | None:
    """The literals that a literal is filled with to say what a wording says; None if it cannot.

    Either may have holes where the other has words, but what fills a hole of the literal must be a
    literal itself. It must say more than the words that are in every refusal.
    """
    tail = TAIL.sub("", said, count=1)
    for literal in (said, tail) if tail != said and tells(tail) else (said,):
        for way, text in ways:
            if text.captures(literal) is not None:
                return []
            pieces = _pieces(literal, way, texts)
            if pieces is not None:
                return pieces
    return None


def _pieces(said: str, way: str, texts: set[str]) -> list[str] | None:
    """The literals that fill a literal's holes where it spells a wording; None where it does not.

    The system fills in words that are no literals.
    """
    if said.endswith(" "):  # something is put behind it
        said += FILLED
    holes = HOLES.findall(said)
    names = tuple(map(str, range(len(holes))))
    values = Text(tuple(HOLES.split(said)), names, ("text",) * len(names)).captures(way)
    if values is None:
        return None
    pieces = [
        PLACEHOLDER.sub(FILLED, value)
        for hole, value in zip(holes, values, strict=True)
        if hole == FILLED and words(value)
    ]
    return pieces if texts.issuperset(pieces) else None


def whatever(said: str) -> str:
    """A literal, whatever fills its holes."""
    return said.replace(ERRNO, FILLED)


def shown(said: str) -> str:
    """A literal on one line of plain text, * for its holes."""
    return ascii(HOLES.sub("*", said))[1:-1]
