"""Times identify in every language, against regular expressions and against its floor."""

import random
from collections.abc import Callable
from pathlib import Path

from codegen.catalog import wordings
from codegen.load import load
from tests.bench.lines import hits, misses, patterns
from tests.bench.packages import LANGUAGES, timed
from tests.bench.synthetic import synthetic
from tests.bench.timing import BIN, wall
from tests.toolchain import ROOT

GENERATED = ROOT / "generated"
LINES = 12_000
ROUNDS = 7


def identify(work: Path) -> None:
    """Compare identify with a list of regular expressions and with its floor."""
    catalog = load(ROOT / "catalog.json")
    right, wrong = hits(catalog, LINES), misses(catalog, LINES // 2)
    mix = right[: LINES * 69 // 100] + wrong[: LINES * 31 // 100]
    random.Random(3).shuffle(mix)
    sets = {"hits": right, "misses": wrong, "mix": mix}
    regexes = patterns(catalog)
    texts = [text for reply in catalog.replies.values() for _, text in wordings(reply)]
    print(f"identify against {len(regexes)} regular expressions in order, and against its floors")
    for language in LANGUAGES:
        times = timed(
            *(language, work, GENERATED, sets),
            rounds=ROUNDS,
            against=list(sets),
            patterns=regexes,
            texts=texts,
        )
        for name, ns in times.items():
            allocations = f", {ns['allocations']:.2f} allocations" if "allocations" in ns else ""
            print(
                f"  {language:10} {name:6} {ns['identify']:5.0f} ns, "
                f"{ns['regexes'] / ns['identify']:5.1f} times faster; "
                f"{ns['identify'] / ns['floor']:.2f} of a split and a look-up, "
                f"{ns['identify'] / ns['split']:.2f} of a split{allocations}"
            )


HOSTILE: dict[str, Callable[[int], str]] = {
    "value": lambda n: f"554 5.7.1 <{'a' * n}>: Relay access denied",
    "angles": lambda n: "554 5.7.1 <" + ">: " * (n // 3),
    "bait": lambda n: "554 5.7.1 <" + ">: Sender address rejected: Domain " * (n // 35),
    "words": lambda n: "501 5.5.4 Bad " + " attribute name:" * (n // 16),
    "opening": lambda n: "554 5.7.1 " + "<" * n,
}
LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
COUNTS = (150, 450, 1_500)


def length(work: Path) -> None:
    """Time identify as the line grows."""
    sets = {f"{name} {n}": [make(n)] for name, make in HOSTILE.items() for n in LENGTHS}
    print(f"identify, milliseconds a line of {LENGTHS} characters (aim 10 at 1,000,000)")
    for language in LANGUAGES:
        times = timed(language, work, GENERATED, sets, rounds=3)
        for name in HOSTILE:
            shown = [times[f"{name} {n}"]["identify"] / 1e6 for n in LENGTHS]
            print(f"  {language:10} {name:7}", *(f"{ms:9.3f}" for ms in shown))


def size(work: Path) -> None:
    """Time identify as the catalog grows."""
    print(f"identify, nanoseconds a hit with {COUNTS} replies (aim: at most 3 times)")
    times: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    for count in COUNTS:
        catalog, out = work / f"{count}.json", work / f"out{count}"
        catalog.write_text(synthetic(count))
        wall([BIN / "codegen", "build", "--catalog", catalog, "--out", out], work)
        sets = {"hits": hits(load(catalog), LINES)}
        for language, taken in times.items():
            taken.append(timed(language, work, out, sets, rounds=ROUNDS)["hits"]["identify"])
    for language, taken in times.items():
        shown = ", ".join(f"{ns:.0f}" for ns in taken)
        print(f"  {language:10} {shown}: {taken[-1] / taken[0]:.2f} times")
