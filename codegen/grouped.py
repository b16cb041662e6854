"""Replies and reasons in the groups and orders in which people look for them."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from codegen.catalog import Catalog, Reason, Reply, Said, affected, status_key
from codegen.texts import PLACEHOLDER

BEFORE_WORDS = re.compile(r"[\W_]+")


def reader_key(said: Said) -> tuple[bool, str, str, str]:
    """Where a reader looks for a text: by its first word, not by what is filled in before it.

    Those without a word of their own come last.
    """
    words = PLACEHOLDER.sub("", said.text)
    opening = BEFORE_WORDS.match(words)
    words = words[opening.end() if opening else 0 :].lower()
    return words == "", words, said.text, said.id


class Around(NamedTuple):
    """What stands before and behind a reply or reason, by name."""

    previous: Said | None
    next: Said | None


class Sent(NamedTuple):
    """A reply under one of the pairs of codes that it travels under."""

    code: int
    enhanced: str | None
    reply: Reply


class Release(NamedTuple):
    """What a release has first, and what it has last."""

    first: list[Said]
    last: list[Said]


Groups = dict[str, list[Said]]


class Index:
    """Groups of replies and reasons, each in the order in which readers look for texts.

    A member of a vocabulary has a group even if nothing is in it.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.every = sorted(catalog.said(), key=reader_key)
        self.replies = [said for said in self.every if isinstance(said, Reply)]
        self.reasons = [said for said in self.every if isinstance(said, Reason)]

    @cached_property
    def names(self) -> list[Said]:
        """All of them by name."""
        return sorted(self.every, key=lambda said: said.id)

    @cached_property
    def around(self) -> dict[str, Around]:
        """What stands around each of them by name."""
        row = [None, *self.names, None]
        neighbours = zip(pairwise(row[:-1]), row[2:], strict=True)
        return {here.id: Around(before, after) for (before, here), after in neighbours if here}

    @cached_property
    def letters(self) -> Groups:
        """All of them by the first letter of their names."""
        return _grouped((), ((said.id[0], said) for said in self.names))

    @cached_property
    def categories(self) -> Groups:
        """What is about each thing."""
        pairs = ((said.category, said) for said in self.every)
        return _grouped(self.catalog.categories, pairs)

    @cached_property
    def parties(self) -> Groups:
        """What each party must act on."""
        pairs = ((said.must_act, said) for said in self.every if said.must_act)
        return _grouped(self.catalog.parties, pairs)

    @cached_property
    def undecided(self) -> list[Said]:
        """What does not say by itself who must act."""
        return [said for said in self.every if not said.must_act]

    @cached_property
    def stages(self) -> dict[str, list[Reply]]:
        """The replies of each stage of a session."""
        pairs = ((stage, reply) for reply in self.replies for stage in reply.stages)
        return _grouped(self.catalog.stages, pairs)

    @cached_property
    def statuses(self) -> dict[str, list[Reason]]:
        """The reasons of each status."""
        pairs = ((status, reason) for reason in self.reasons for status in reason.statuses)
        return _grouped(self.catalog.statuses, pairs)

    @cached_property
    def settings(self) -> dict[str, list[tuple[Said, tuple[str, ...]]]]:
        """What each setting affects, and how."""
        pairs = ((name, (said, what)) for said in self.every for name, what in affected(said))
        return _grouped(self.catalog.settings, pairs)

    @cached_property
    def sent(self) -> list[Sent]:
        """Every reply under every pair of codes that it travels under, by those."""
        sent = [
            Sent(one.code, one.enhanced, reply) for reply in self.replies for one in reply.variants
        ]
        return sorted(sent, key=lambda one: (one.code, status_key(one.enhanced)))

    @cached_property
    def digits(self) -> dict[int, list[Sent]]:
        """What is sent, by the first digit of its code."""
        return _grouped((), ((one.code // 100, one) for one in self.sent))

    @cached_property
    def codes(self) -> dict[int, list[Sent]]:
        """What is sent with each reply code, known ones included."""
        pairs = ((one.code, one) for one in self.sent)
        found: dict[int, list[Sent]] = _grouped(map(int, self.catalog.reply_codes), pairs)
        return dict(sorted(found.items()))

    @cached_property
    def status_codes(self) -> Groups:
        """What comes with each enhanced status code by itself."""
        pairs = ((code, said) for said in self.every for code in status_codes(said))
        return _by_status(_grouped((), pairs))

    @cached_property
    def enhanced(self) -> dict[str, list[tuple[str, Said]]]:
        """The same by code without its class, such as X.7.1; those of the registry included."""
        pairs = (
            (f"X{code[1:]}", (code, said))
            for code, group in self.status_codes.items()
            for said in group
        )
        return _by_status(_grouped(self.catalog.enhanced_codes, pairs))

    @cached_property
    def releases(self) -> dict[str, Release]:
        """What each release brought and what it was the last to have; the newest comes first."""
        found: dict[str, Release] = {}
        for said in self.every:
            found.setdefault(said.since, Release([], [])).first.append(said)
            if said.until:
                found.setdefault(said.until, Release([], [])).last.append(said)
        return dict(reversed(_by_status(found).items()))


def status_codes(said: Said) -> Iterable[str]:
    """The enhanced status codes that it comes with."""
    if isinstance(said, Reason):
        return said.dsn
    return dict.fromkeys([one.enhanced for one in said.variants if one.enhanced])


def _grouped(keys: Iterable[Any], pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {key: [] for key in keys}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def _by_status(found: dict[str, Any]) -> dict[str, Any]:
    """Sorted by numbers with dots."""
    return dict(sorted(found.items(), key=lambda item: status_key(item[0])))


Part = tuple[str, int, int]  # its kind, where it starts and how wide it is
Bars = list[tuple[str, int, list[Part]]]  # what each is of, and how long it is
# What parts of bars are of, by the first digit of a code.
SEVERITIES = {2: "ok", 3: "more", 4: "later", 5: "never"}


def stage_bars(index: Index) -> Bars:
    """How many replies of each severity a stage has."""
    return [
        (stage, len(replies), list(_parts(SEVERITIES[one.code // 100] for one in replies)))
        for stage, replies in index.stages.items()
        if replies
    ]


def release_bars(index: Index) -> Bars:
    """How many replies and reasons each release brought, but the oldest: that has all before it."""
    rows = [(release, first) for release, (first, _) in index.releases.items() if first]
    return [
        (release, len(first), list(_parts(type(said).__name__.lower() for said in first)))
        for release, first in reversed(rows[:-1])
    ]


def _parts(kinds: Iterable[str]) -> Iterator[Part]:
    every = list(kinds)
    start = 0
    for kind in (*SEVERITIES.values(), "reply", "reason"):
        if width := every.count(kind):
            yield kind, start, width
            start += width
