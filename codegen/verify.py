"""A Postfix source tree against the catalog, both ways."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from codegen import source
from codegen.catalog import Catalog, NotSaid, Reason, Reply, Said
from codegen.source import Literal
from codegen.spellings import owners, shown, spellings, tells, whatever, words

# The name of what a restriction refuses, which the source puts in with a %s.
CLASS = re.compile(r"(?:<[^>]*>: |Service unavailable; )([A-Z][A-Za-z -]+?) (?:rejected:|\[)")
MAIN_CF = "global/mail_params.h:"


class Difference(NamedTuple):
    """One difference between a tree and the catalog."""

    kind: str  # gone, moved, early, late, codes or unaccounted
    id: str  # of the reply or reason; empty for unaccounted
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
    there: list[str]  # ids of the replies and reasons found
    absent: list[str]  # ids that belong to other releases, and are not there
    accounted: int  # texts that read like replies or reasons and are in the catalog
    excepted: int  # those that the catalog says are none
    differences: list[Difference]


class Part(NamedTuple):
    """A part of the catalog, replies or reasons: what it has, and what is for it to have."""

    noun: str
    entries: Mapping[str, Said]
    none: tuple[NotSaid, ...]
    reads: Callable[[Literal], bool]  # whether a literal reads like an entry
    miscoded: Callable[[Literal, list[Any]], str]  # what is wrong with its codes, if anything


class Tree(NamedTuple):
    """The source of a release, held against a catalog."""

    version: str
    newest: bool  # places and codes must be those of the catalog, which has them as they are now
    literals: list[Literal]  # those that tell something
    functions: set[str]  # file:function of every literal
    texts: set[str]  # what the literals say


def verify(catalog: Catalog, path: Path) -> Report:
    """Hold the catalog against the tree of a Postfix release.

    Raises CodegenError where a file of the tree cannot be read.
    """
    version = source.version(path)
    newest = _release(version) >= _release(catalog.postfix)
    literals = source.literals(path)
    functions = {each.place for each in literals}
    telling = [each for each in literals if tells(each.text)]
    tree = Tree(version, newest, telling, functions, {whatever(each.text) for each in telling})
    parts = (
        Part("reply", catalog.replies, catalog.not_replies, attrgetter("reply"), _miscoded_reply),
        Part(
            "reason", catalog.reasons, catalog.not_reasons, attrgetter("reason"), _miscoded_reason
        ),
    )
    replies, reasons = (_verify(part, tree) for part in parts)
    return Report(
        version,
        replies.there + reasons.there,
        replies.absent + reasons.absent,
        replies.accounted + reasons.accounted,
        replies.excepted + reasons.excepted,
        replies.differences + reasons.differences,
    )


def _verify(part: Part, tree: Tree) -> Report:
    """Hold a part of the catalog against a tree."""
    none = _none(part.none, tree.version)
    owned = owners(part.entries.values(), [each.text for each in tree.literals])
    found: dict[str, list[Literal]] = defaultdict(list)
    for literal in tree.literals:
        for entry in owned.get(literal.text, ()):
            if _key(literal) not in none and _near(literal, entry):
                found[entry.id].append(literal)
    findings: list[Difference] = []
    there: list[str] = []
    absent: list[str] = []
    for entry in part.entries.values():
        expected = _expected(entry, tree.version)
        present = bool(found[entry.id])
        if not spellings(entry.text):
            # All its words are others'; that they are passed on as before must do.
            present = expected and not tree.functions.isdisjoint(entry.sources)
        present = present and _named(entry, tree)
        (there if present else absent).append(entry.id)
        findings += _presence(part, entry, present, expected, tree)
        if present and expected and tree.newest:
            findings += _moved(entry, found[entry.id], tree.functions)
    live = [each for each in tree.literals if part.reads(each) and not each.dead]
    accounted, excepted, more = _accounts(part, live, owned, none, tree.newest)
    return Report(tree.version, there, absent, accounted, excepted, findings + more)


def _named(entry: Said, tree: Tree) -> bool:
    """Whether the tree has the names in main.cf that lead to an entry, and that of what it refuses.

    The latter is put in.
    """
    named = {place for place in entry.sources if place.startswith(MAIN_CF)}
    subject = CLASS.match(entry.text)
    return named <= tree.functions and (subject is None or subject[1] in tree.texts)


def _near(literal: Literal, entry: Said) -> bool:
    """Whether a literal stands in a part of Postfix that says the entry."""
    folder = literal.file.partition("/")[0]
    return any(place.startswith(f"{folder}/") for place in entry.sources)


def _release(version: str) -> tuple[int, ...]:
    """The release of a version, such as 3.12 of 3.12-20260821."""
    return tuple(int(part) for part in re.findall(r"[0-9]+", version)[:2])


def _expected(entry: Said, version: str) -> bool:
    """Whether the catalog says that a release says the entry."""
    release = _release(version)
    since = _release(entry.since) <= release or (
        any(_backported(each, version) for each in entry.backports)
    )
    return since and (entry.until is None or release <= _release(entry.until))


def _backported(patch: str, version: str) -> bool:
    ours, theirs = ([int(part) for part in re.findall("[0-9]+", each)] for each in (patch, version))
    return ours[:2] == theirs[:2] and ours <= theirs


def _presence(
    part: Part, entry: Said, present: bool, expected: bool, tree: Tree
) -> Iterator[Difference]:
    if expected and not present:
        near = _likest(part, entry, tree.literals)
        what = f"is not in this tree: {entry.text}"
        if near:
            what += f"; perhaps it is now {near.place}:{near.line}: {shown(near.text)}"
        yield Difference("gone", entry.id, entry.sources[0], 0, entry.text, what)
    if present and not expected:
        early = _release(tree.version) < _release(entry.since)
        says = f"since {entry.since}" if early else f"until {entry.until}"
        what = f"is in this tree, though the catalog says {says}"
        yield Difference("early" if early else "late", entry.id, "", 0, entry.text, what)


def _likest(part: Part, entry: Said, literals: list[Literal]) -> Literal | None:
    """The literal most like a lost text, in the files that had it."""
    files = {place.partition(":")[0] for place in entry.sources}
    mine = words(entry.text)
    best, likest = 0.49, None
    for literal in literals:
        theirs = words(literal.text)
        if part.reads(literal) and literal.file in files and theirs:
            likeness = len(mine & theirs) / len(mine | theirs)
            if likeness > best:
                best, likest = likeness, literal
    return likest


def _moved(entry: Said, found: list[Literal], functions: set[str]) -> Iterator[Difference]:
    """Sources that are gone. A text of parts is put together where none of them stands."""
    for place in entry.sources:
        if place not in functions:
            places = sorted({literal.place for literal in found})
            what = f"is not there; the text stands in {', '.join(places) or 'no place known'}"
            yield Difference("moved", entry.id, place, 0, entry.text, what)


def _none(excepted: Iterable[NotSaid], version: str) -> set[tuple[str, str]]:
    """The places and texts that are no entries in a release."""
    release = _release(version)
    return {
        (each.source, each.text)
        for each in excepted
        if each.since is None or _release(each.since) <= release
    }


def _key(literal: Literal) -> tuple[str, str]:
    """A literal as the catalog names those that are no entries."""
    return literal.place, shown(literal.text)


def _accounts(
    part: Part,
    live: list[Literal],
    owned: Mapping[str, list[Said]],
    none: set[tuple[str, str]],
    newest: bool,
) -> tuple[int, int, list[Difference]]:
    """How many texts the catalog has, how many it names as none, and the others."""
    counts = {True: 0, False: 0}
    findings: list[Difference] = []
    for literal in live:
        entries = owned.get(literal.text)
        if _key(literal) in none:
            counts[False] += 1
        elif not entries:
            what = f"no {part.noun} of the catalog says {shown(literal.text)}"
            findings.append(
                Difference("unaccounted", "", literal.place, literal.line, literal.text, what)
            )
        else:
            counts[True] += 1
            if newest:
                findings += _codes_and_places(part, literal, entries)
    return counts[True], counts[False], findings


def _codes_and_places(part: Part, literal: Literal, entries: list[Said]) -> Iterator[Difference]:
    """What of a literal's own codes and place no entry with its text has."""
    ids = " or ".join(entry.id for entry in entries[:3])
    if not any(literal.place in entry.sources for entry in entries):
        what = "the catalog does not name this place among the sources"
        yield Difference("moved", ids, literal.place, literal.line, literal.text, what)
    if wrong := part.miscoded(literal, entries):
        yield Difference("codes", ids, literal.place, literal.line, literal.text, wrong)


def _miscoded_reply(literal: Literal, replies: list[Reply]) -> str:
    if literal.code is None or literal.enhanced is None:
        return ""
    # Postfix writes the class of the code into the enhanced status code.
    pair = (literal.code, f"{literal.code // 100}{literal.enhanced[1:]}")
    pairs = {(each.code, each.enhanced) for reply in replies for each in reply.variants}
    if pair in pairs or (literal.code, literal.enhanced) in pairs:
        return ""
    return f"no variant has the codes {literal.code} {literal.enhanced}"


def _miscoded_reason(literal: Literal, reasons: list[Reason]) -> str:
    if literal.enhanced is None or any(literal.enhanced in reason.dsn for reason in reasons):
        return ""
    return f"dsn does not have {literal.enhanced}"
