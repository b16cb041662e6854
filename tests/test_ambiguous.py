"""Finding the texts that a line can be equally well takes no time to speak of."""

import sys
import time
from types import FrameType
from typing import Any

import pytest

from codegen import ambiguous, matching
from codegen.catalog import Catalog
from codegen.load import load
from tests.tools import ROOT

CATALOG = load(ROOT / "catalog.json")


def catalog(template: str, count: int) -> Catalog:
    """Replies under one code, or one enhanced status code each where all have one text."""
    plain = CATALOG.replies[0]._replace(forms=())
    only = plain.variants[0]
    variants = [only._replace(enhanced=f"5.{nth // 999}.{nth % 999}") for nth in range(count)]
    return CATALOG._replace(
        replies=tuple(
            plain._replace(
                id=f"reply_{nth}",
                text=template.replace("N", f"{nth:04}"),
                variants=(variants[nth],),
            )
            for nth in range(count)
        )
    )


def work(template: str, count: int) -> tuple[int, int]:
    """How many pairs are found, and the lines of ambiguous.py that run until then."""
    known = matching.tables(catalog(template, count))
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace if frame.f_code.co_filename == ambiguous.__file__ else None

    sys.settrace(trace)
    try:
        found = list(ambiguous.ambiguities(known))
    finally:
        sys.settrace(None)
    return len(found), lines


@pytest.mark.parametrize(
    ("template", "every"),
    [
        ("Abc N {reason}", False),
        ("Abc {reason} N", False),
        ("Abc N {reason} N {detail} N", False),
        ("<{sender}>: Abc N {reason}", False),
        ("{hostname} Abc {reason}N", False),
        ("Abc {reason} N {detail}", True),
        ("Abc {reason}", False),
        ("Abc", False),
    ],
)
def test_work_grows_with_the_texts_and_not_with_their_pairs(template: str, every: bool) -> None:
    found, lines = work(template, 300)
    more, most = work(template, 1200)
    assert (found, more) == ((299, 1199) if every else (0, 0))
    assert most < 5 * lines


def test_long_texts_take_no_time() -> None:
    """A quarter of a megabyte each; it took their product."""
    start = time.monotonic()
    found, _ = work("Abc {reason}" + "x" * 250_000, 3)
    assert (found, time.monotonic() - start < 10) == (0, True)  # one text, under three codes
    found, _ = work("Abc {reason}N" + "x" * 250_000 + "{detail}", 3)
    assert (found, time.monotonic() - start < 10) == (2, True)
