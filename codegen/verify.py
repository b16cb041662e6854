"""A Postfix source tree against the catalog, both ways."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from codegen import source
from codegen.catalog import Catalog, Reply
from codegen.source import Literal
from codegen.texts import PLACEHOLDER, Text

# What is left of a format once everything that is the same in many replies is taken away.
COMMON = re.compile(r"\brejected\b|\bError\b|[^A-Za-z]+")
# The name of what a restriction refuses, which the source puts in with a %s.
CLASS = re.compile(r"(?:<[^>]*>: |Service unavailable; )([A-Z][A-Za-z -]+?) (?:rejected:|\[)")
TAIL = re.compile(r"(?:<[^>]*>: )?(?:[^:]* rejected: )?", re.DOTALL)
HOST = "{hostname} "
ERROR = "Error: "


class Difference(NamedTuple):
    """One difference between a tree and the catalog."""

    kind: str  # gone, moved, early, late, codes or unaccounted
    id: str  # of the reply; empty for unaccounted
    place: str  # file:function below src/
    line: int  # 0 where there is none
    text: str
    what: str

    def __str__(self) -> str:
        where = f"{self.place}:{self.line}: " if self.line else f"{self.place}: " * bool(self.place)
        return f"{where}{self.id + ': ' if self.id else ''}{self.what} [{self.kind}]"


class Report(NamedTuple):
    """What a tree says of the catalog."""

    version: str
    there: list[str]  # ids of the replies found
    absent: list[str]  # ids that belong to other releases, and are not there
    accounted: int  # texts that read like replies and are in the catalog
    excepted: int  # those that the catalog says are no replies
    differences: list[Difference]


class Known(NamedTuple):
    """One wording of one reply, in the ways in which the source may spell it."""

    reply: Reply
    spellings: list[str]


def verify(catalog: Catalog, tree: Path) -> Report:
    """Hold the catalog against the tree of a Postfix release.

    Raises CodegenError where a file of the tree cannot be read.
    """
    version = source.version(tree)
    literals = source.literals(tree)
    none = _no_replies(catalog, version)
    newest = _newest(catalog, version)
    telling = [each for each in literals if COMMON.sub("", each.text)]
    owners = _owners(catalog, telling)
    found: dict[str, list[Literal]] = defaultdict(list)
    for literal, replies in zip(telling, owners, strict=True):
        for reply in replies:
            if (literal.place, _shown(literal.text)) not in none and _near(literal, reply):
                found[reply.id].append(literal)
    functions = {each.place for each in literals}
    words = {each.text for each in literals}
    findings: list[Difference] = []
    there: list[str] = []
    absent: list[str] = []
    for reply in catalog.replies.values():
        expected = _expected(reply, version)
        present = bool(found[reply.id])
        if not _spellings(reply.text):
            # All its words are others'; that they are passed on as before must do.
            present = expected and not functions.isdisjoint(reply.sources)
        present = present and _named(reply, words)
        (there if present else absent).append(reply.id)
        findings += _presence(reply, present, expected, version, telling)
        if present and expected and newest:
            findings += _moved(reply, found[reply.id], functions)
    live = [
        pair for pair in zip(telling, owners, strict=True) if pair[0].reply and not pair[0].dead
    ]
    accounted, excepted, more = _accounts(live, none, newest)
    return Report(version, there, absent, accounted, excepted, findings + more)


def _named(reply: Reply, words: set[str]) -> bool:
    """Whether the tree has the name of what the reply refuses, where that is put in."""
    subject = CLASS.match(reply.text)
    return subject is None or subject[1] in words


def _near(literal: Literal, reply: Reply) -> bool:
    """Whether a literal stands in a part of Postfix that sends the reply."""
    folder = literal.file.partition("/")[0]
    return any(place.startswith(f"{folder}/") for place in reply.sources)


def _newest(catalog: Catalog, version: str) -> bool:
    """Whether places and codes must be those of the catalog, which has them as they are now."""
    return _release(version) >= _release(catalog.postfix)


def _release(version: str) -> tuple[int, ...]:
    """The release of a version, such as 3.12 of 3.12-20260821."""
    return tuple(int(part) for part in re.findall(r"[0-9]+", version)[:2])


def _expected(reply: Reply, version: str) -> bool:
    """Whether the catalog says that a release sends the reply."""
    release = _release(version)
    since = _release(reply.since) <= release or (
        any(_backported(each, version) for each in reply.backports)
    )
    return since and (reply.until is None or release <= _release(reply.until))


def _backported(patch: str, version: str) -> bool:
    ours, theirs = ([int(part) for part in re.findall("[0-9]+", each)] for each in (patch, version))
    return ours[:2] == theirs[:2] and ours <= theirs


def _spellings(template: str) -> list[str]:
    """A text as the source may have it: whole, or without what is put before it elsewhere.

    None where all that is not in every refusal are the words of others.
    """
    tail = TAIL.sub("", template, count=1)
    if not COMMON.sub("", PLACEHOLDER.sub("", tail)):
        return []
    bare = template.removeprefix(HOST)
    ways = [template, bare, bare.removeprefix(ERROR), tail]
    return [each for each in dict.fromkeys(ways) if COMMON.sub("", PLACEHOLDER.sub("", each))]


def _owners(catalog: Catalog, literals: list[Literal]) -> list[list[Reply]]:
    """The replies that each literal is a text of, or a part of a text."""
    known = [
        Known(reply, _spellings(template))
        for reply in catalog.replies.values()
        for _, template in reply.wordings()
    ]
    # Most literals are no texts: only those that share a word with a wording are held against it.
    words: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(known):
        for word in {word for way in each.spellings for word in _words(way)}:
            words[word].append(at)
    made: dict[str, list[Reply]] = {}
    for literal in literals:
        if literal.text not in made:
            near = sorted({at for word in _words(literal.text) for at in words[word]})
            hits = [known[at].reply for at in near if _same(literal.text, known[at].spellings)]
            made[literal.text] = list(dict.fromkeys(hits))
    return [made[literal.text] for literal in literals]


def _words(said: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", said)))


def _same(said: str, spellings: Iterable[str]) -> bool:
    """Whether a literal says what a wording says. Either may have holes where the other has words.

    A literal must say more than the words that are in every refusal.
    """
    ways = [said]
    tail = TAIL.sub("", said, count=1)
    if tail != said and COMMON.sub("", tail):
        ways.append(tail)
    return any(
        _holed(way).captures(spelling) is not None
        or Text.of(spelling, {}).captures(way) is not None
        for way in ways
        for spelling in spellings
    )


def _holed(said: str) -> Text:
    """A literal as a text, its holes numbered."""
    literals = tuple(said.split("\0"))
    holes = tuple(str(number) for number in range(len(literals) - 1))
    return Text(literals, holes, ("text",) * len(holes))


def _presence(
    reply: Reply, present: bool, expected: bool, version: str, literals: list[Literal]
) -> Iterator[Difference]:
    if expected and not present:
        near = _likest(reply, literals)
        what = f"is not in this tree: {reply.text}"
        if near:
            what += f"; perhaps it is now {near.place}:{near.line}: {_shown(near.text)}"
        yield Difference("gone", reply.id, reply.sources[0], 0, reply.text, what)
    if present and not expected:
        early = _release(version) < _release(reply.since)
        says = f"since {reply.since}" if early else f"until {reply.until}"
        what = f"is in this tree, though the catalog says {says}"
        yield Difference("early" if early else "late", reply.id, "", 0, reply.text, what)


def _likest(reply: Reply, literals: list[Literal]) -> Literal | None:
    """The literal most like a lost text, in the files that had it."""
    files = {place.partition(":")[0] for place in reply.sources}
    mine = _words(reply.text)
    best, likest = 0.49, None
    for literal in literals:
        theirs = _words(literal.text)
        if literal.reply and literal.file in files and theirs:
            likeness = len(mine & theirs) / len(mine | theirs)
            if likeness > best:
                best, likest = likeness, literal
    return likest


def _moved(reply: Reply, found: list[Literal], functions: set[str]) -> Iterator[Difference]:
    """Sources that are gone. A text of parts is put together where none of them stands."""
    for place in reply.sources:
        if place not in functions:
            places = sorted({literal.place for literal in found})
            what = f"is not there; the text stands in {', '.join(places) or 'no place known'}"
            yield Difference("moved", reply.id, place, 0, reply.text, what)


def _no_replies(catalog: Catalog, version: str) -> set[tuple[str, str]]:
    """The places and texts that are no replies in a release."""
    release = _release(version)
    return {
        (each.source, each.text)
        for each in catalog.not_replies
        if each.since is None or _release(each.since) <= release
    }


def _accounts(
    owned: list[tuple[Literal, list[Reply]]], none: set[tuple[str, str]], newest: bool
) -> tuple[int, int, list[Difference]]:
    """How many texts the catalog has, how many it names as no replies, and the others."""
    counts = {True: 0, False: 0}
    findings: list[Difference] = []
    for literal, replies in owned:
        if (literal.place, _shown(literal.text)) in none:
            counts[False] += 1
        elif not replies:
            what = f"no reply of the catalog says {_shown(literal.text)}"
            findings.append(
                Difference("unaccounted", "", literal.place, literal.line, literal.text, what)
            )
        else:
            counts[True] += 1
            if newest:
                findings += _codes_and_places(literal, replies)
    return counts[True], counts[False], findings


def _codes_and_places(literal: Literal, replies: list[Reply]) -> Iterator[Difference]:
    """What of a literal's own codes and place no reply with its text has."""
    ids = " or ".join(reply.id for reply in replies[:3])
    if not any(literal.place in reply.sources for reply in replies):
        what = "the catalog does not name this place among the sources"
        yield Difference("moved", ids, literal.place, literal.line, literal.text, what)
    if literal.code is None or literal.enhanced is None:
        return
    # Postfix writes the class of the code into the enhanced status code.
    pair = (literal.code, f"{literal.code // 100}{literal.enhanced[1:]}")
    pairs = {(each.code, each.enhanced) for reply in replies for each in reply.variants}
    if pair not in pairs and (literal.code, literal.enhanced) not in pairs:
        what = f"no variant has the codes {literal.code} {literal.enhanced}"
        yield Difference("codes", ids, literal.place, literal.line, literal.text, what)


def _shown(said: str) -> str:
    """A literal on one line of plain text, * for its holes."""
    return ascii(said.replace("\0", "*"))[1:-1]
