"""Servers that cannot be reached."""

from tests.live.delivery import Delivery, Mail, outcome, outcomes, via
from tests.live.standins import smtp

LMTP = f"inet:127.0.0.1:{smtp.PORT}"
UNREACHABLE = "[203.0.113.1]:25"  # no route leads there
REFUSED = outcome("deferred 4.4.1 connect_failed", error="Connection refused")


def smtp_to(name: str, nexthop: str, expected: str, **settings: str) -> Delivery:
    return Delivery(name, outcomes(expected), via("smtp", nexthop, **settings))


def lmtp_to(name: str, nexthop: str, expected: str, **settings: str) -> Delivery:
    return Delivery(name, outcomes(expected), via("lmtp", nexthop, **settings))


DELIVERIES = (
    Delivery("connection refused", (REFUSED,), via("smtp", "[127.0.0.1]:9")),
    Delivery(
        "connection timed out",
        (outcome("deferred 4.4.1 connect_failed", error="Connection timed out"),),
        via("smtp", f"[127.0.0.1]:{smtp.FULL_PORT}", smtp_connect_timeout="1s"),
    ),
    Delivery(
        "network unreachable",
        (outcome("deferred 4.4.1 connect_failed", error="Network is unreachable"),),
        via("smtp", UNREACHABLE),
    ),
    lmtp_to("lmtp refused", "inet:127.0.0.1:9", "deferred 4.4.1 connect_failed"),
    lmtp_to("no socket", "unix:/var/mail/nosuch", "deferred 4.4.1 connect_to_socket_failed"),
    lmtp_to(
        "a path too long", f"unix:/var/mail/{'x' * 120}", "deferred 4.3.5 socket_path_too_long"
    ),
    smtp_to(
        "no protocols",
        "[127.0.0.1]:9",
        "deferred 4.4.4 network_protocols_disabled",
        inet_protocols="",
    ),
    smtp_to(
        "no source address",
        "[127.0.0.1]:9",
        "deferred 4.4.0 source_address_not_available",
        smtp_bind_address="203.0.113.9",
        smtp_bind_address_enforce="yes",
    ),
    smtp_to(
        "a fallback that does not answer",
        "[127.0.0.1]:9",
        "deferred 4.4.1 connect_failed",
        smtp_fallback_relay="[127.0.0.1]:9",
    ),
    smtp_to(
        "a fallback that is not there",
        "[127.0.0.1]:9",
        "deferred 4.3.5 host_not_found",
        smtp_fallback_relay="nosuch.example",
    ),
    smtp_to(
        "TLS from the first byte that is not demanded",
        f"[127.0.0.1]:{smtp.PORT}",
        "deferred 4.3.0 no_server_was_tried",
        smtp_tls_wrappermode="yes",
    ),
    lmtp_to("lmtp takes it", LMTP, "sent 2.0.0 -"),
    Delivery(
        "smtp takes it",
        outcomes("sent 2.0.0 -"),
        via("smtp", f"[127.0.0.1]:{smtp.PORT}"),
        mail=Mail(notify="SUCCESS"),
        reported=outcomes("relayed 2.0.0 delivery_reported_via"),
    ),
    Delivery(
        "not for good",
        outcomes("SOFTBOUNCE 4.4.4 host_not_found"),
        via("smtp", "nosuch.example", soft_bounce="yes"),
    ),
)
