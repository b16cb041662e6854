"""The recipes for logs of any size count as the package itself does."""

from pathlib import Path

import duckdb
import pytest
from postfix_replies import read_lines
from postfix_replies._reading import _REFUSING, _STATUSES
from postfix_replies._wrappers import LOGS

from tests.bench import mail_log
from tests.scale import logs, recipes
from tests.tools import catalog_of

LINES = 40_000


def told(line: str) -> tuple[str | None, str | None]:
    reading = next(read_lines([line]), None)
    outcome = reading.outcome if reading else None
    return outcome, (reading.reply or reading.reason) if reading and outcome else None


def test_duckdb_counts_as_the_summary_does(tmp_path: Path) -> None:
    logs.write(tmp_path, LINES)
    counts, texts = recipes.counted("duckdb", tmp_path)
    expected, lines = recipes.summarized(tmp_path)
    assert counts == expected
    assert {outcome for outcome, _ in counts} == set(_STATUSES.values()) | {"refused"}
    assert lines == LINES + len(logs.varied())
    assert texts is not None
    assert texts < len(logs.varied())


def test_what_is_cut_changes_no_reading() -> None:
    asked = logs.varied()
    query = r"SELECT line, regexp_replace(line, ?, '\2100000', 'g') FROM (SELECT unnest(?) AS line)"
    texts = dict(duckdb.execute(query, [recipes.cut(), asked]).fetchall())
    assert {line: told(texts[line]) for line in asked} == {line: told(line) for line in asked}
    assert len({told(line) for line in asked}) > len(catalog_of().replies)


def test_a_log_has_few_distinct_texts() -> None:
    query = r"SELECT count(DISTINCT regexp_replace(unnest, ?, '\2100000', 'g')) FROM unnest(?)"
    lines = [line for line in mail_log.lines(LINES) if told(line)[0]]
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
