"""What is said to Postfix, and what it must reply: one module a subject."""

from itertools import chain
from types import ModuleType

from tests.live.scenario import Scenario
from tests.live.scenarios import (
    access,
    addresses,
    auth,
    bdat,
    blocklists,
    bounces,
    connect,
    content,
    faults,
    filter,
    limits,
    milter,
    moved,
    postscreen,
    protocol,
    restrictions,
    tls,
    verification,
    xclient,
)

MODULES = (
    connect,
    content,
    faults,
    filter,
    limits,
    milter,
    moved,
    postscreen,
    protocol,
    addresses,
    blocklists,
    restrictions,
    access,
    verification,
    auth,
    tls,
    xclient,
    bdat,
    bounces,
)


def _qualified(module: ModuleType) -> list[Scenario]:
    subject = module.__name__.rsplit(".", 1)[1]
    scenarios: tuple[Scenario, ...] = module.SCENARIOS
    return [scenario._replace(name=f"{subject}: {scenario.name}") for scenario in scenarios]


SCENARIOS: tuple[Scenario, ...] = tuple(chain.from_iterable(map(_qualified, MODULES)))
