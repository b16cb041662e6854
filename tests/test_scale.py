"""The recipes for logs of any size count as the package itself does."""

from functools import cache
from pathlib import Path

import duckdb
import pytest
from postfix_replies import Reading, read_lines
from postfix_replies._reading import _REFUSING, _STATUSES
from postfix_replies._wrappers import LOGS

from tests.bench import mail_log
from tests.held import held
from tests.scale import recipes
from tests.tools import catalog_of

FILES, LINES = 4, 10_000
REFUSED = (
    "Nov  5 06:07:08 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from h2.a.example[192.0.2.7]: {}; "
    "from=<a@b.c> to=<x@y.z> proto=ESMTP helo=<h3.a.example>"
)
BOUNCED = (
    "Nov  5 06:07:08 mx postfix/smtp[9]: 4ZC1bX2dFvz9qk: to=<a@b.c>, relay=mx.y.z[192.0.2.2]:25, "
    "delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.0.0, status=bounced (host mx.y.z[192.0.2.2] said: {} "
    "(in reply to RCPT TO command))"
)


def said(line: str) -> Reading | None:
    return next(read_lines([line]), None)


def told(line: str) -> tuple[str | None, str | None]:
    reading = said(line)
    outcome = reading.outcome if reading else None
    return outcome, reading.reply if reading and outcome else None


def is_plain(line: str) -> bool:
    """Whether a line is one of a text log and no reply in it had to be put right first."""
    reading = said(line)
    broken = reading is not None and reading.match is not None and reading.match.repairs
    return line.isprintable() and "{" not in line and not broken


@cache
def varied() -> list[str]:
    """Lines of every wrapper, hostile ones, and every reply of the catalog in two of them."""
    lines = [line for text in held(catalog_of()) for line in text.split("\n")]
    for reply in catalog_of().replies.values():
        lines += [form.format(line) for line in reply.examples for form in (REFUSED, BOUNCED)]
    return list(filter(is_plain, dict.fromkeys(lines)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log in several files."""
    (tmp_path / "mail").mkdir()
    for number in range(FILES):
        lines = [*mail_log.lines(LINES, number), *varied()[number::FILES]]
        text = "".join(f"{line}\n" for line in lines)
        (tmp_path / f"mail/{number}.log").write_text(text, encoding="utf-8")
    return tmp_path


def test_duckdb_counts_as_the_summary_does(folder: Path) -> None:
    counts, texts = recipes.counted("duckdb", folder)
    expected, lines = recipes.summarized(folder)
    assert counts == expected
    assert {outcome for outcome, _ in counts} == set(_STATUSES.values()) | {"refused"}
    assert lines > FILES * LINES
    assert texts is not None
    assert texts < len(varied())


def test_what_is_cut_changes_no_reading() -> None:
    asked = varied()
    query = r"SELECT line, regexp_replace(line, ?, '\2100000', 'g') FROM (SELECT unnest(?) AS line)"
    texts = dict(duckdb.execute(query, [recipes.cut(), asked]).fetchall())
    assert {line: told(texts[line]) for line in asked} == {line: told(line) for line in asked}
    assert len({told(line) for line in asked}) > len(catalog_of().replies)


def test_a_log_has_few_distinct_texts() -> None:
    query = r"SELECT count(DISTINCT regexp_replace(unnest, ?, '\2100000', 'g')) FROM unnest(?)"
    lines = [line for line in mail_log.lines(FILES * LINES) if told(line)[0]]
    (row,) = duckdb.execute(query, [recipes.cut(), lines]).fetchall()
    assert row[0] < len(lines) / 100


def test_every_wrapper_of_an_outcome_is_among_the_lines_that_are_taken() -> None:
    words = ("reject", "status=", "size limit exceeded")
    for lead, holes, *_, fields in LOGS:
        text = lead + "".join(literal for _, _, literal in holes)
        if fields.get("action") in _REFUSING or fields.get("status") in _STATUSES:
            assert any(word in text for word in words), text
    for engine in ("duckdb", "pyspark"):
        assert "|".join(words) in recipes.recipe(engine)


@pytest.mark.parametrize("engine", ["duckdb", "pyspark"])
def test_a_recipe_is_short_and_cuts_the_same(engine: str) -> None:
    lines = [line for line in recipes.recipe(engine).splitlines() if line]
    assert len(lines) <= recipes.LONGEST
    shared = [line for line in recipes.recipe("duckdb").splitlines() if line.startswith("cut ")]
    assert [line for line in lines if line.startswith("cut ")] == shared
