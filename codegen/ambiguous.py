"""Texts that one line can be, with nothing to choose between them.

The walk takes the most specific text, so only texts of one rank are rivals. All is done in one
pass over sorted texts: for n of them, of m characters, in the order of m + n log n steps.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from codegen.catalog import STANDARD, Worded
from codegen.tables import Row, Tables
from codegen.wrappers import Wording

Pair = tuple[Worded, Worded]
Texted = TypeVar("Texted", Row, Wording)


def ambiguities(tables: Tables) -> Iterator[Pair]:
    """Wordings that a line can be equally well, each with one before it that is its rival.

    Not every pair: of what is reported, nothing more is said until that is put right.
    """
    ranks: dict[tuple[str, tuple[int, int]], list[Row]] = defaultdict(list)
    for row in tables.rows:
        yield from _under_one_pair(row.owners)
        if row.text.holes:
            ranks[row.family, row.text.rank].append(row)
    for rivals in ranks.values():
        for one, other in _meeting(rivals):
            yield one.owners[0], other.owners[0]


def rivals(wordings: Iterable[Wording]) -> Iterator[tuple[Wording, Wording]]:
    """Wordings of reasons that some words can be equally well, each with one before it."""
    ranks: dict[tuple[int, int], list[Wording]] = defaultdict(list)
    for wording in wordings:
        if not wording.is_foreign:
            ranks[wording.rank[:2]].append(wording)
    for alike in ranks.values():
        yield from _meeting(alike)


def _under_one_pair(owners: Iterable[Worded]) -> Iterator[Pair]:
    """Owners of one text that share a pair of codes."""
    first: dict[tuple[int, str | None], Worded] = {}
    for owner in owners:
        pairs = [(variant.code, variant.enhanced) for variant in owner.reply.variants]
        rivals = [first[pair] for pair in pairs if pair in first]
        yield from [(rival, owner) for rival in rivals if not _said_already(rival, owner)][:1]
        for pair in pairs:
            first.setdefault(pair, owner)


def _said_already(one: Worded, other: Worded) -> bool:
    """Whether the rule on duplicate pairs reports it."""
    return one.form == other.form == STANDARD and one.reply.text == other.reply.text


def _meeting(rows: list[Texted]) -> Iterator[tuple[Texted, Texted]]:
    """Texts that some line matches both of; only the types of placeholders may yet forbid it.

    Those are texts of which one's first literal begins with the other's, and one's last literal
    ends with the other's: what lies between, the placeholders of each take up. In the order of
    first literals, the ones that the next begins with are a stack; and as no two on it meet, of
    their ends only the neighbours in alphabetical order can be those of the next.
    """
    stack: list[Texted] = []
    ends: list[tuple[str, int]] = []  # last literals, reversed, and places on the stack; sorted
    for row in sorted(rows, key=lambda row: row.text.literals[0]):
        while stack and not row.text.literals[0].startswith(stack[-1].text.literals[0]):
            last = _end(stack.pop())
            del ends[bisect_left(ends, (last, len(stack)))]
        end = _end(row)
        at = bisect_left(ends, (end, 0))
        near = [place for other, place in ends[max(at - 1, 0) : at + 1] if _alike(end, other)]
        if near:
            yield stack[near[0]], row
        else:
            ends.insert(at, (end, len(stack)))
            stack.append(row)


def _end(row: Row | Wording) -> str:
    return row.text.literals[-1][::-1]


def _alike(end: str, other: str) -> bool:
    return end.startswith(other) or other.startswith(end)
