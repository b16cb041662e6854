"""What Postfix really says is what the catalog says it says."""

import os

import pytest

from tests.live import CATALOG, run
from tests.live.deliveries import DELIVERIES
from tests.live.record import recorded, unaccounted, unmarked
from tests.live.report import Report
from tests.live.sandbox import missing
from tests.live.scenario import Say
from tests.live.scenarios import SCENARIOS


def test_scenarios_expect_replies_of_the_catalog() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
    steps = [step for scenario in SCENARIOS for step in scenario.steps if isinstance(step, Say)]
    assert {expected.id for step in steps for expected in step.expects} <= set(CATALOG.replies)


def test_deliveries_expect_reasons_of_the_catalog() -> None:
    slugs = [delivery.slug for delivery in DELIVERIES.values()]
    assert len(set(slugs)) == len(slugs)
    expected = [
        outcome.reason
        for delivery in DELIVERIES.values()
        for outcome in (*delivery.outcomes, *delivery.reported, *delivery.listed)
        if outcome.reason
    ]
    assert {an_id for reasons in expected for an_id in reasons.split("/")} <= set(CATALOG.reasons)


def test_all_of_the_catalog_is_recorded_as_heard_or_it_is_said_why_not() -> None:
    _, heard = recorded()
    assert not list(unaccounted(heard))


@pytest.fixture(scope="module")
def made() -> Report:
    if lacking := missing():
        message = f"no Postfix to provoke; missing: {'; '.join(lacking)}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(f"NOT TESTED: {message}")
    return run.provoke()


def test_all_is_as_expected_in_every_language(made: Report) -> None:
    assert not made.mismatches, "\n\n".join(made.mismatches)


def test_all_of_the_catalog_is_heard_or_it_is_said_why_not(made: Report) -> None:
    assert not list(unaccounted({*made.stages, *made.reasons}))


def test_the_record_is_of_what_was_heard(made: Report) -> None:
    assert not list(unmarked(made))
