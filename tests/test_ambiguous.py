"""Finding the texts that a line can be equally well takes no time to speak of."""

import sys
import time
from types import FrameType
from typing import Any

import pytest
from msgspec.structs import force_setattr, replace

from codegen import ambiguous
from codegen.catalog import Catalog
from codegen.tables import Tables
from tests.tools import catalog_of

CATALOG = catalog_of()


def catalog(template: str, count: int) -> Catalog:
    """Replies under one code, or one enhanced status code each where all have one text."""
    plain = replace(CATALOG.replies["quit_bye"], forms=())
    replies = {}
    for nth in range(count):
        variant = replace(plain.variants[0], enhanced=f"5.{nth // 999}.{nth % 999}")
        text = template.replace("N", f"{nth:04}")
        replies[f"reply_{nth}"] = reply = replace(plain, text=text, variants=(variant,))
        force_setattr(reply, "id", f"reply_{nth}")
    return replace(CATALOG, replies=replies)


def work(template: str, count: int) -> tuple[int, int]:
    """How many pairs are found, and the lines of ambiguous.py that run until then."""
    tables = Tables.of(catalog(template, count))
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace if frame.f_code.co_filename == ambiguous.__file__ else None

    sys.settrace(trace)
    try:
        found = list(ambiguous.ambiguities(tables))
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


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        (("Abc {reason}x de", "Abc x{reason} de"), 1),
        (("Abc {reason} xy {detail}", "Abc {reason} zy {detail}"), 1),
        (("Abc {reason} de", "Abc {reason} df"), 0),
        (("Abc {reason} de", "Abc {reason} fde"), 0),
        (("Abc {reason}", "Abd {reason}"), 0),
        (("<{sender}>: Abc {reason}", "<{helo}>: Abc {reason}"), 0),  # codes tell them apart
    ],
)
def test_equally_specific_texts_are_found(texts: tuple[str, str], pairs: int) -> None:
    made = catalog("N", 2)
    for reply, text in zip(made.replies.values(), texts, strict=True):
        force_setattr(reply, "text", text)
    assert len(list(ambiguous.ambiguities(Tables.of(made)))) == pairs
