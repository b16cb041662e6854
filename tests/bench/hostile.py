"""Looks for the line that identify takes longest for: every piece of the tables, over and over."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from codegen.catalog import Catalog
from codegen.load import load
from codegen.tables import Tables
from codegen.texts import ANGLE, HEADS
from tests.bench.packages import LANGUAGES, timed
from tests.toolchain import ROOT

SHORT, LONG = 10_000, 1_000_000
ROUNDS = 9
CODES = "554 5.7.1 "
ENDINGS = ("", ".", " ", "\u4f8b")  # the last makes the whole line wider in Python and JavaScript
MARKS = ("<", ">", ANGLE, ">:", "> ", " ", "a", "[", "5", "5.7.1 ", "\n", "\r", "-", "\xe9", "\0")


class Line(NamedTuple):
    """A unit over and over, between an opening and an ending."""

    opening: str
    unit: str
    ending: str

    def of(self, length: int) -> str:
        """The line, of about so many characters."""
        times = (length - len(self.opening) - len(self.ending)) // len(self.unit)
        return self.opening + self.unit * times + self.ending


class Slowest(NamedTuple):
    """What a line takes in one language, and one pass over a line of as many `>: ` in that run."""

    line: Line
    ns: float
    floor: float


def lines(catalog: Catalog) -> list[Line]:
    """Every piece of every text, whole and cut off, alone and in pairs; and single characters."""
    tables = Tables.of(catalog)
    found = (*_angles(tables), *_words("", tables, "plain"), *_words("mx ", tables, "host"))
    openings = ("", CODES[:4], CODES, f"{CODES}<")
    return list(dict.fromkeys((*found, *map(Line._make, product(openings, MARKS, ENDINGS)))))


def _angles(tables: Tables) -> Iterator[Line]:
    texts = [row.text.literals for row in tables.rows if row.family == "angle"]
    leads = dict.fromkeys(lead for lead, *rest in texts if rest)
    endings = dict.fromkeys((*ENDINGS, *(rest[-1] for _, *rest in texts if rest)))
    units = [ANGLE + cut for lead, *_ in texts for cut in _cuts(lead)]
    units += [ANGLE + one[:-1] + ANGLE + other[:-1] for one, other in product(leads, repeat=2)]
    for unit, ending in product(units, endings):
        yield Line(f"{CODES}<", unit, ending)


def _words(before: str, tables: Tables, family: str) -> Iterator[Line]:
    rows = [row for row in tables.rows if row.family == family and row.text.holes]
    for literals in dict.fromkeys(row.text.literals for row in rows):
        lead = literals[0]
        cuts = [cut for literal in literals for cut in _cuts(literal)]
        units = (*cuts, *(lead + literal for literal in literals), "a", " ", "a ")
        endings = (*ENDINGS, literals[-1])
        for opening, unit, ending in product((before, before + lead), units, endings):
            yield Line(CODES + opening, unit, ending)


def _cuts(piece: str) -> Iterable[str]:
    lengths = (len(piece), len(piece) - 1, len(piece) // 2, *HEADS)
    return dict.fromkeys(piece[:length] for length in lengths if length > 0 and piece)


def slowest(language: str, work: Path, found: Sequence[Line]) -> list[Slowest]:
    """The slowest lines in a language: 25 of those that are so when short, at full length."""
    short = _times(language, work, found, SHORT, 3)
    top = sorted(short, key=lambda slow: -slow.ns)[:25]
    full = _times(language, work, [slow.line for slow in top], LONG, ROUNDS)
    return sorted(full, key=lambda slow: -slow.ns)


def _times(
    language: str, work: Path, found: Sequence[Line], length: int, rounds: int
) -> list[Slowest]:
    sets = {str(at): [line.of(length)] for at, line in enumerate(found)}
    sets["floor"] = [ANGLE * (length // len(ANGLE))]
    ns = timed(language, work, ROOT / "generated", sets, rounds=rounds, against=["floor"])
    floor = ns["floor"]["angles"]
    return [Slowest(line, ns[str(at)]["identify"], floor) for at, line in enumerate(found)]


def worst(work: Path) -> None:
    """The slowest lines of a million characters that were found."""
    found = lines(load(ROOT / "catalog.json"))
    print(f"identify, the slowest of {len(found)} lines of {LONG:,} characters (aim 10 ms)")
    for language in LANGUAGES:
        for line, ns, floor in slowest(language, work, found)[:3]:
            shown = f"{ns / 1e6:5.1f} ms, {ns / floor:4.1f} of a pass"
            print(f"  {language:10} {shown}: {line.opening!r} {line.unit!r} {line.ending!r}")
