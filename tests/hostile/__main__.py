"""make fuzz: hostile catalogs through every language, for as long as there is time.

Prints what was read back, and each failure with its seed and the smallest catalog that has it.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from codegen.errors import CatalogError
from codegen.load import load
from codegen.render import clashes
from tests.hostile import mutations
from tests.hostile.catalogs import Raw, catalog, reduced
from tests.hostile.edges import edges
from tests.hostile.reading import UnlikeError, read_back

LANGUAGES = ("markdown", "python", "go", "typescript")
SIZES = (1, 2, 30, 100, 300)
MUTANTS = 50  # to each catalog
LARGE = 5000
REFUSED = "refused"


class Case(NamedTuple):
    """A catalog to try, and what to call it."""

    name: str
    raw: Raw
    whole: bool  # an edge: it may be refused, and its replies may not be taken away


def main() -> int:
    """Try catalogs until the time is over. Returns 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--large", action="store_true", help=f"begin with {LARGE} replies")
    asked = parser.parse_args()
    end = time.monotonic() + asked.seconds
    run = Run()
    for case in cases(asked.seed, asked.large):
        run.catalog(case)
        run.mutants(asked.seed)
        if time.monotonic() > end:
            break
    return run.report()


def cases(seed: int, large: bool) -> Iterator[Case]:
    """Catalogs without end: a large one; then random ones, and with each one at an edge."""
    if large:
        yield Case(f"{LARGE} replies", catalog(Random(seed), LARGE), whole=False)
    odd = iter(edges().items())
    for number in count(seed):
        chosen = Random(number)
        of = catalog(chosen, chosen.choice(SIZES), enhanced=chosen.random() < 0.8)
        yield Case(f"seed {number}", of, whole=False)
        for name, edge in islice(odd, 1):
            yield Case(name, edge, whole=True)


class Run:
    """What was tried, and what failed."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
        self.mutated: Counter[str] = Counter()
        self.failures: list[str] = []

    def catalog(self, case: Case) -> None:
        """Read a catalog back through every language."""
        large = len(case.raw["replies"]) >= LARGE
        for language in LANGUAGES[large:]:  # the check of a large page takes an hour
            what = self._wrong(case.raw, language)
            if what.startswith(REFUSED) and case.whole:
                self.counts[language]["refused"] += 1
            elif what:
                self._fail(case, language, what)

    def mutants(self, seed: int) -> None:
        """Load catalogs that somebody broke; one that is not refused must build and read back."""
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(MUTANTS):
                number = seed + self.mutated.total()
                kind = (mutations.structure, mutations.octets)[number % 2]
                self.mutated[self._mutant(kind(Random(number)), number, Path(folder))] += 1

    def _mutant(self, raw: bytes, number: int, folder: Path) -> str:
        path = folder / "catalog.json"
        path.write_bytes(raw)
        try:
            load(path, clashes)
            if number % 20 == 0:
                read_back(json.loads(raw), "python")
        except CatalogError:
            return "refused"
        except Exception as error:  # whatever it is, it is what is looked for
            self.failures.append(f"mutant {number}: {type(error).__name__}: {error}")
            return "failed"
        return "accepted"

    def _wrong(self, of: Raw, language: str) -> str:
        """What is wrong with a catalog in a language: nothing, a refusal, or the difference."""
        try:
            self.counts[language].update(read_back(of, language), catalogs=1)
        except CatalogError as error:
            return f"{REFUSED}: {error.findings[0]}"
        except UnlikeError as error:
            return str(error)
        return ""

    def _fail(self, case: Case, language: str, what: str) -> None:
        self.counts[language]["failures"] += 1
        small = case.raw if case.whole else self._smallest(case.raw, language)
        shown = json.dumps(small["replies"], ensure_ascii=True)
        self.failures.append(f"{case.name}: {what.strip()[:1000]}\n  smallest: {shown[:4000]}")
        print(self.failures[-1], flush=True)

    def _smallest(self, of: Raw, language: str) -> Raw:
        """Half of the replies again and again, as long as one half fails."""
        ids = list(of["replies"])
        for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            if half and len(half) < len(ids):
                part = reduced(of, half)
                wrong = self._wrong(part, language)
                if wrong and not wrong.startswith(REFUSED):
                    return self._smallest(part, language)
        return of

    def report(self) -> int:
        """Print the figures."""
        for language, counted in self.counts.items():
            figures: dict[str, Any] = dict(counted)
            print(f"{language}: {', '.join(f'{count:,} {of}' for of, count in figures.items())}")
        shown = ", ".join(f"{count:,} {how}" for how, count in self.mutated.items())
        print(f"mutated catalogs: {self.mutated.total():,}, of which {shown}")
        print(f"{len(self.failures)} failures", *self.failures, sep="\n")
        return 1 if self.failures else 0


if __name__ == "__main__":
    sys.exit(main())
