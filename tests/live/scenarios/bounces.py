"""Mail that is taken and cannot be delivered: its sender gets a bounce."""

from tests.live.scenario import (
    DATA,
    QUIT,
    RECIPIENT,
    TO_RCPT,
    TRUSTED,
    Scenario,
    message,
    rcpt,
    scenario,
    smtpd,
)

QUEUED = message("250 2.0.0 message_queued")


def bounced(name: str, *recipients: str) -> Scenario:
    to = [rcpt(recipient) for recipient in recipients]
    return scenario(name, smtpd(**TRUSTED), *TO_RCPT, *to, DATA, QUEUED, QUIT)


SCENARIOS = (
    bounced("the next server refuses", "known@refusing.example"),
    bounced("nobody is there", "known@unknown.example"),
    bounced("several", "known@unknown.example", "known@refusing.example", RECIPIENT),
)
