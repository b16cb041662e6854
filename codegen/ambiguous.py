"""Texts that no rule of order tells apart."""

from collections.abc import Iterator
from itertools import combinations, groupby

from codegen.catalog import STANDARD, Worded
from codegen.tables import Row, Tables


def ambiguities(tables: Tables) -> Iterator[tuple[Worded, Worded]]:
    """Pairs of wordings that can match one line equally well."""
    for row in tables.rows:
        yield from _alike(row.owners)
    for head in tables.heads:
        rows = [tables.rows[number] for number in head.rows]
        for _, rivals in groupby(rows, key=lambda row: row.text.rank):
            for one, other in _ending_alike(list(rivals)):
                if _meet(one, other):
                    yield one.owners[0], other.owners[0]


def _ending_alike(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of which one's last literal ends with the other's, found without trying all pairs."""
    known: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: len(row.text.literals[-1])):
        last = row.text.literals[-1]
        for at in range(len(last) + 1):
            for other in known.get(last[at:], ()):
                yield other, row
        known.setdefault(last, []).append(row)


def _alike(owners: list[Worded]) -> Iterator[tuple[Worded, Worded]]:
    """Owners of one text that share a pair of codes."""
    for one, other in combinations(owners, 2):
        if one.form == other.form == STANDARD and one.reply.text == other.reply.text:
            continue  # the rule on duplicate pairs has said it
        pairs = {(variant.code, variant.enhanced) for variant in one.reply.variants}
        if any((variant.code, variant.enhanced) in pairs for variant in other.reply.variants):
            yield one, other


def _meet(one: Row, other: Row) -> bool:
    """Whether some line matches both rows. It may say yes where only the types forbid it."""
    lead, last = one.text.literals[0], one.text.literals[-1]
    their_lead, their_last = other.text.literals[0], other.text.literals[-1]
    leads = lead.startswith(their_lead) or their_lead.startswith(lead)
    lasts = last.endswith(their_last) or their_last.endswith(last)
    return leads and lasts and _intersect(_pattern(one), _pattern(other))


def _pattern(row: Row) -> list[str]:
    """The characters of a text, "" for a hole."""
    first, *more = row.text.literals
    return [*first, *(part for literal in more for part in ("", *literal))]


def _intersect(one: list[str], other: list[str]) -> bool:
    """Whether two patterns with wildcards have a string in common."""
    row = [True]
    for part in other:
        row.append(row[-1] and part == "")
    for mine in one:
        below = [row[0] and mine == ""]
        for at, theirs in enumerate(other):
            if mine == "" or theirs == "":
                below.append(row[at + 1] or below[at] or row[at])
            else:
                below.append(row[at] and mine == theirs)
        row = below
    return row[-1]
