"""Mail that is delivered, or is not: one module an area."""

from itertools import chain
from types import ModuleType

from tests.live.deliveries import (
    aliases,
    commands,
    connect,
    dns,
    handed_in,
    lmtp,
    mailboxes,
    probes,
    routing,
    sasl,
    session,
    tls,
    virtual,
)
from tests.live.delivery import Delivery

MODULES = (
    connect,
    dns,
    session,
    tls,
    sasl,
    lmtp,
    mailboxes,
    aliases,
    commands,
    virtual,
    routing,
    handed_in,
    probes,
)


def _qualified(module: ModuleType) -> list[tuple[str, Delivery]]:
    area = module.__name__.rsplit(".", 1)[1]
    deliveries: tuple[Delivery, ...] = module.DELIVERIES
    return [(f"delivery {area}: {delivery.name}", delivery) for delivery in deliveries]


# By names such as "delivery dns: no such host".
DELIVERIES: dict[str, Delivery] = dict(chain.from_iterable(map(_qualified, MODULES)))
