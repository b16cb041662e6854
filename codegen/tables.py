"""The tables that all packages carry: every text, by how it opens, and where to look for it.

A line is known by its text. Which text it is, is decided in this order:

1. A text that opens with fixed words, or, where the line opens with `<`, one that opens with
   `<{...}>: `, at the leftmost `>: ` of the line where any such text matches.
2. A text that opens with a host name.

Where several match in one step, the one with the most literal characters wins, then the one with
the fewest holes; `ambiguous` finds the pairs for which that decides nothing. Where one text belongs
to several replies, the one whose codes are nearest is taken.
"""

from collections.abc import Iterable
from typing import NamedTuple

from codegen.catalog import Catalog, Worded
from codegen.texts import FAMILIES, HEADS, Text


class Row(NamedTuple):
    """A text without its opening, how it opens, and the wordings whose text it is."""

    family: str
    text: Text  # its holes are those of the first owner
    owners: list[Worded]
    rivalled: bool = False  # whether a line of it may begin with the first words of a longer text

    @property
    def lead(self) -> str:
        """Its first words."""
        return self.text.literals[0]

    @property
    def weight(self) -> int:
        """How many literal characters it has."""
        return -self.text.rank[0]

    @property
    def opens(self) -> int:
        """The same where the end of a line that matches can be a tail, else 0.

        A `)` can be that of ` (in reply to RCPT TO command)`.
        """
        return self.weight if self.text.holes and self.text.literals[-1] in ("", ")") else 0


class Head(NamedTuple):
    """The first characters of some rows, and their numbers, the most specific first."""

    family: str
    text: str
    rows: list[int]


class Front(NamedTuple):
    """First words of texts that can be seen with a tail behind them, and those texts."""

    lead: str
    rows: list[int]
    parent: int  # the place of the longest other first words that these begin with; -1 for none


class Tables(NamedTuple):
    """What a package carries in order to know lines."""

    rows: list[Row]
    heads: list[Head]  # by family, the longest first

    def widest(self, numbers: Iterable[int] | None = None) -> list[int]:
        """Of texts behind `>: `, those that match wherever any does; all such texts by default."""
        if numbers is None:
            angles = enumerate(self.rows)
            numbers = [n for n, row in angles if row.family == "angle" and row.text.holes]
        found: list[int] = []
        leads: dict[str, list[str]] = {}  # of those found, by their last literal
        for number in sorted(numbers, key=lambda number: self.rows[number].text.rank, reverse=True):
            lead, last = self.rows[number].text.literals
            ends = (last[at:] for at in range(len(last) + 1))
            if not any(lead.startswith(wide) for end in ends for wide in leads.get(end, ())):
                leads.setdefault(last, []).append(lead)
                found.append(number)
        return found

    def fronts(self) -> dict[str, list[Front]]:
        """By family, sorted: the rows that do not end in a text hole, by their first literal."""
        return {family: _fronts(self.rows, family) for family in FAMILIES}

    @classmethod
    def of(cls, catalog: Catalog) -> "Tables":
        """The tables of a catalog."""
        found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Row] = {}
        for worded in catalog.worded:
            family = worded.text.family
            if family in FAMILIES:
                rest = worded.text.rest
                row = found.setdefault((family, rest.literals, rest.types), Row(family, rest, []))
                row.owners.append(worded)
        rows = sorted(found.values(), key=lambda row: (FAMILIES.index(row.family), *row.text.rank))
        heaviest = {family: _heaviest(rows, family) for family in FAMILIES}
        rows = [row._replace(rivalled=heaviest[row.family][row.lead] > row.weight) for row in rows]
        return cls(rows, _heads(rows))


def _heads(rows: list[Row]) -> list[Head]:
    """The rows with holes by the longest head that they fill, the longest heads first.

    A head also lists the rows of shorter heads that it begins with, so the first hit decides.
    """
    found: dict[tuple[str, int], dict[str, list[int]]] = {
        (family, length): {} for family in FAMILIES for length in HEADS
    }
    for number, row in enumerate(rows):
        if row.text.holes:
            lead = row.text.literals[0]
            length = next((length for length in HEADS if length <= len(lead)), HEADS[-1])
            found[row.family, length].setdefault(lead[:length], []).append(number)
    for (family, length), heads in found.items():
        for shorter in HEADS[HEADS.index(length) + 1 :]:
            for head, numbers in heads.items():
                numbers += found[family, shorter].get(head[:shorter], [])
    return [
        Head(family, head, sorted(numbers, key=lambda number: rows[number].text.rank))
        for (family, _), heads in found.items()
        for head, numbers in heads.items()
    ]


def _fronts(rows: list[Row], family: str) -> list[Front]:
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.family == family and _is_front(row):
            found.setdefault(row.lead, []).append(number)
    leads = sorted(found)
    return [Front(lead, found[lead], at) for lead, at in zip(leads, _parents(leads), strict=True)]


def _is_front(row: Row) -> bool:
    """Whether it can be seen with more behind it: it does not end in a text hole."""
    return row.text.literals[-1] != "" or row.text.types[-1:] != ("text",)


def _heaviest(rows: list[Row], family: str) -> dict[str, int]:
    """By first words, the most weight of the fronts with which a line that has them may begin."""
    weights: dict[str, int] = {}
    for row in rows:
        if row.family == family:
            weight = row.weight if _is_front(row) else 0
            weights[row.lead] = max(weights.get(row.lead, 0), weight)
    leads = sorted(weights)
    shorter = [weights[lead] for lead in leads]  # the most among those that open these, and these
    longer = shorter.copy()  # the most among those that begin with these, and these
    children = [(at, parent) for at, parent in enumerate(_parents(leads)) if parent >= 0]
    for at, parent in children:
        shorter[at] = max(shorter[at], shorter[parent])
    for at, parent in reversed(children):
        longer[parent] = max(longer[parent], longer[at])
    return dict(zip(leads, map(max, shorter, longer), strict=True))


def _parents(leads: list[str]) -> list[int]:
    """Of sorted first words, the place of the longest others that each begins with; -1 for none."""
    parents: list[int] = []
    longer: list[int] = []  # the places whose first words open those at hand, the longest last
    for place, lead in enumerate(leads):
        while longer and not lead.startswith(leads[longer[-1]]):
            longer.pop()
        parents.append(longer[-1] if longer else -1)
        longer.append(place)
    return parents
