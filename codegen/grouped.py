"""Replies and reasons in the groups and orders in which people look for them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from codegen.catalog import Catalog, EnhancedCode, Reply, Said, affected, status_key

# How parts of bars are called, by the first digit of a code.
SEVERITIES = {2: "ok", 3: "more", 4: "later", 5: "never"}


def order(catalog: Catalog) -> list[Said]:
    """All of them by name."""
    return sorted(catalog.said(), key=lambda said: said.id)


def neighbours(catalog: Catalog) -> dict[str, tuple[Said | None, Said | None]]:
    """What stands before and after each, by name."""
    row = [None, *order(catalog), None]
    around = zip(pairwise(row[:-1]), row[2:], strict=True)
    return {here.id: (before, after) for (before, here), after in around if here is not None}


def by_letter(catalog: Catalog) -> dict[str, list[Said]]:
    """All of them by the first letter of their names."""
    found: dict[str, list[Said]] = {}
    for said in order(catalog):
        found.setdefault(said.id[0], []).append(said)
    return found


def of_category(catalog: Catalog) -> dict[str, list[Said]]:
    """What is about each thing."""
    return _grouped(catalog.categories, ((said.category, said) for said in order(catalog)))


def of_party(catalog: Catalog) -> dict[str, list[Said]]:
    """What each party must act on."""
    pairs = ((said.must_act, said) for said in order(catalog) if said.must_act)
    return _grouped(catalog.parties, pairs)


def of_stage(catalog: Catalog) -> dict[str, list[Reply]]:
    """The replies of each stage, by code."""
    replies = catalog.replies.values()
    return _grouped(catalog.stages, ((stage, one) for one in replies for stage in one.stages))


def of_setting(catalog: Catalog) -> dict[str, list[tuple[Said, tuple[str, ...]]]]:
    """What each setting affects, and how."""
    pairs = ((name, (said, what)) for said in order(catalog) for name, what in affected(said))
    return _grouped(sorted(catalog.settings), pairs)


def _grouped(keys: Iterable[str], pairs: Iterable[tuple[Any, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for key, one in pairs:
        found[key].append(one)
    return found


def of_release(catalog: Catalog) -> dict[str, tuple[list[Said], list[Said]]]:
    """What each release has first, and what it has last, the newest first."""
    found: dict[str, tuple[list[Said], list[Said]]] = {}
    for said in order(catalog):
        found.setdefault(said.since, ([], []))[0].append(said)
        if said.until:
            found.setdefault(said.until, ([], []))[1].append(said)
    return dict(sorted(found.items(), key=lambda item: status_key(item[0]), reverse=True))


Pairs = list[tuple[str, Said]]


def of_status(catalog: Catalog) -> dict[str, tuple[EnhancedCode | None, Pairs]]:
    """Each enhanced status code without its class: what it means, and what comes with it."""
    found: dict[str, Pairs] = {code: [] for code in catalog.enhanced_codes}
    for groups in (catalog.by_enhanced(), catalog.by_dsn()):
        for code, group in groups.items():
            found.setdefault(f"X{code[1:]}", []).extend([(code, said) for said in group])
    rows = sorted(found.items(), key=lambda item: status_key(item[0]))
    return {
        code: (catalog.enhanced_codes.get(code), sorted(pairs, key=lambda pair: pair[0]))
        for code, pairs in rows
    }


def of_code(catalog: Catalog) -> dict[int, list[tuple[str, Reply]]]:
    """Each reply code, and the replies that come with it."""
    found: dict[int, list[tuple[str, Reply]]] = {int(code): [] for code in catalog.reply_codes}
    for code, enhanced, reply in catalog.pairs():
        found.setdefault(code, []).append((enhanced or "", reply))
    return dict(sorted(found.items()))


def usual_codes(catalog: Catalog) -> tuple[list[int], list[str]]:
    """The reply codes and the enhanced status codes with which most is said, two of each."""
    by_code = {code: len(pairs) for code, pairs in of_code(catalog).items()}
    statuses = Counter(code for _, pairs in of_status(catalog).values() for code, _ in pairs)
    most = sorted(by_code, key=lambda code: -by_code[code])[:2]
    return most, [code for code, _ in statuses.most_common(2)]


Bars = list[tuple[str, int, list[tuple[str, int, int]]]]


def stage_bars(catalog: Catalog) -> Bars:
    """How many replies of each severity a stage has: name, all, and kind, where from and width."""
    return [
        (stage, len(replies), list(_bar([SEVERITIES[one.code // 100] for one in replies])))
        for stage, replies in of_stage(catalog).items()
        if replies
    ]


def _bar(kinds: list[str]) -> Iterator[tuple[str, int, int]]:
    start = 0
    for kind in SEVERITIES.values():
        if width := kinds.count(kind):
            yield kind, start, width
            start += width


def release_bars(catalog: Catalog) -> Bars:
    """How many replies and reasons each release brought."""
    rows = list(of_release(catalog).items())
    # What the oldest has may be older than it.
    return [
        (release, len(first), list(_kinds(first))) for release, (first, _) in rows[-2::-1] if first
    ]


def _kinds(said: list[Said]) -> Iterator[tuple[str, int, int]]:
    replies = sum(isinstance(one, Reply) for one in said)
    yield from (
        (kind, start, width)
        for kind, start, width in (
            ("reply", 0, replies),
            ("reason", replies, len(said) - replies),
        )
        if width
    )
