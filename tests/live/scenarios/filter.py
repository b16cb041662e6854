"""A before-queue filter, whose replies go through as they are."""

from tests.live.scenario import (
    DATA,
    FILTER,
    NOWHERE,
    TO_MESSAGE,
    TO_RCPT,
    Scenario,
    Step,
    message,
    rcpt,
    say,
    scenario,
    smtpd,
)
from tests.live.standins import smtp

DOWN = "451 4.3.0 queue_file_not_written"


def told(order: str, *steps: Step, **settings: str) -> Scenario:
    return scenario(order, smtpd(**FILTER | settings, smtpd_proxy_ehlo=order), *steps)


def refused(recipient: str, expected: str) -> Step:
    return rcpt(f"{recipient}@next.example", expected)


SCENARIOS = (
    told("fine", *TO_MESSAGE, message("250 2.0.0 proxy_filter_reply")),
    told(
        "mail 550 5.7.1 not you",
        *TO_RCPT,
        rcpt("known@local.example", "550 5.7.1 proxy_filter_reply"),
    ),
    told("mail 250 2.1.0 welcome", *TO_RCPT, rcpt()),
    told(
        "rcpt 550 5.1.1 nobody",
        *TO_RCPT,
        rcpt("known@local.example", "550 5.1.1 proxy_filter_reply"),
    ),
    told("rcpt 999 whatever", *TO_RCPT, rcpt("known@local.example", "999 proxy_filter_reply")),
    told("rcpt hang up", *TO_RCPT, rcpt("known@local.example", DOWN)),
    told("data 554 5.7.1 no", *TO_RCPT, rcpt(), say("DATA", "554 5.7.1 proxy_filter_reply")),
    told(". 554 5.7.1 a virus", *TO_MESSAGE, message("554 5.7.1 proxy_filter_reply")),
    told(". 554 virus", *TO_MESSAGE, message("554 proxy_filter_reply")),
    told(
        ". 250 2.0.0 Ok: queued as 4Zq9Xk2TnzzJpN1",
        *TO_MESSAGE,
        message("250 2.0.0 message_queued", queue_id="4Zq9Xk2TnzzJpN1"),
    ),
    told(". hang up", *TO_MESSAGE, message(DOWN)),
    told("ehlo 500 no", *TO_RCPT, rcpt("known@local.example", DOWN)),
    told("gone", *TO_RCPT, rcpt("known@local.example", DOWN), smtpd_proxy_filter=NOWHERE),
    told(
        "refusing",
        *TO_RCPT,
        rcpt("known@local.example", DOWN),
        smtpd_proxy_filter=f"127.0.0.1:{smtp.REFUSING_PORT}",
    ),
    told(
        "rcpt 550 5.1.1 nobody, heard at the end",
        *TO_RCPT,
        rcpt(),
        DATA,
        message("550 5.1.1 proxy_filter_reply"),
        smtpd_proxy_options="speed_adjust",
    ),
)
