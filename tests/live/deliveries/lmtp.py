"""lmtp(8) says what smtp(8) says, under its own name and with settings of its own."""

from tests.live.deliveries import sasl, session, tls
from tests.live.delivery import Delivery, Route
from tests.live.standins import smtp

NEXT = f"inet:127.0.0.1:{smtp.PORT}"


def by_lmtp(delivery: Delivery) -> Delivery:
    assert delivery.route
    settings = tuple(
        (_own(name), value.replace("ehlo", "lhlo")) for name, value in delivery.route.settings
    )
    return delivery._replace(name=f"lmtp {delivery.name}", route=Route("lmtp", NEXT, settings))


def _own(setting: str) -> str:
    return setting.replace("smtp_helo_", "lmtp_lhlo_").replace("smtp_", "lmtp_")


DELIVERIES = tuple(
    by_lmtp(delivery)
    for delivery in (*session.DELIVERIES, *tls.DELIVERIES, *sasl.DELIVERIES)
    if delivery.route
    and delivery.route.daemon == "smtp"
    and delivery.route.nexthop == session.NEXT
    and not delivery.again
    and "helo 550" not in dict(delivery.route.settings)["smtp_helo_name"]
)
