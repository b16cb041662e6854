"""Access tables: the site's own words, under the class of what was looked up."""

from collections.abc import Iterator

from tests.live.scenario import (
    DATA,
    RECIPIENT,
    TO_RCPT,
    Closed,
    Say,
    Scenario,
    message,
    rcpt,
    scenario,
    smtpd,
)
from tests.live.scenarios.restrictions import ACCESS_DENIED, SUBJECTS, Subject

# Tables of what the class is about; data and end of data have none.
TABLES = {
    "client": "check_client_access",
    "unverified_client": "check_reverse_client_hostname_access",
    "client_certificate": "check_ccert_access",
    "sasl_login": "check_sasl_access",
    "helo": "check_helo_access",
    "sender": "check_sender_access",
    "recipient": "check_recipient_access",
    "etrn": "check_etrn_access",
}
SHARED = {"unverified_client": "client", "client_certificate": "client"}


def answers(subject: Subject) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What a table may say, the reply and what it carries."""
    name = subject.name
    denied = ACCESS_DENIED.get(name, f"{name}_access_denied")
    fixed = {"sender": "5.1.0", "recipient": "5.1.0"}.get(name, "5.0.0")
    yield "static:REJECT", f"554 5.7.1 {denied}", {}
    yield "static:DEFER", f"450 4.7.1 {denied}", {}
    yield "static:{REJECT not on Sundays}", f"554 5.7.1 {name}_rejected", {
        "reason": "not on Sundays"
    }
    yield "static:{REJECT 5.1.99 no}", f"554 {fixed} {name}_rejected", {"reason": "no"}
    yield "static:{DEFER 4.3.2 later}", f"450 4.3.2 {name}_rejected", {"reason": "later"}
    yield "static:{572 5.7.2 never}", f"572 5.7.2 {name}_rejected", {"reason": "never"}
    yield "static:{DEFER_IF_PERMIT perhaps}", f"450 4.7.1 {name}_rejected", {"reason": "perhaps"}
    yield "static:DEFER_IF_PERMIT", "450 4.7.1 rule_service_unavailable", {}
    yield "fail:table", f"451 4.3.5 {_misconfigured(name)}", {}
    yield "hash:/nonexistent", f"451 4.3.5 {_misconfigured(name)}", {}


def _misconfigured(name: str) -> str:
    return f"{SHARED.get(name, name)}_server_configuration_error"


def asked() -> Iterator[Scenario]:
    for subject in SUBJECTS:
        if subject.name not in TABLES:
            continue
        for table, expected, params in answers(subject):
            looked_up = subject._replace(table=None, params={**subject.params, **params})
            service = smtpd(**looked_up.restrict(f"{TABLES[subject.name]} {table}"))
            yield scenario(f"{subject.name} {table}", service, *looked_up.steps(expected))


def harmless() -> Iterator[Scenario]:
    """Actions that a client does not notice."""
    for action in (
        "DUNNO",
        "OK",
        "{HOLD for a look}",
        "DISCARD",
        "{PREPEND X-Seen: yes}",
        "{BCC known@local.example}",
        "{REDIRECT known@local.example}",
        "{FILTER discard:}",
        "{INFO noted}",
        "{WARN noted}",
    ):
        yield scenario(
            f"action {action}",
            smtpd(smtpd_recipient_restrictions=f"check_recipient_access static:{action}"),
            *(*TO_RCPT, rcpt(), DATA, message("250 2.0.0 message_queued")),
        )


SCENARIOS = (
    *asked(),
    *harmless(),
    scenario(
        "action HANGUP",
        smtpd(
            smtpd_sender_restrictions="check_sender_access static:HANGUP", smtpd_delay_reject="no"
        ),
        *TO_RCPT[:-1],
        Say("MAIL FROM:<a@client.example>", ()),
        Closed(),
    ),
    scenario(
        "a rejection that is only a warning",
        smtpd(smtpd_recipient_restrictions="warn_if_reject, reject"),
        *(*TO_RCPT, rcpt()),
    ),
    scenario(
        "a table inside a table",
        smtpd(smtpd_recipient_restrictions="check_recipient_access static:hash:/nonexistent"),
        *TO_RCPT,
        rcpt(RECIPIENT, "451 4.3.5 server_configuration_error"),
    ),
    scenario(
        "OK where only a refusal is allowed",
        smtpd(smtpd_sender_restrictions="check_sender_mx_access static:OK"),
        *TO_RCPT,
        rcpt(RECIPIENT, "451 4.3.5 server_configuration_error"),
    ),
    scenario(
        "the site hangs up",
        smtpd(smtpd_recipient_restrictions="check_recipient_access static:{421 4.7.0 not now}"),
        *TO_RCPT,
        rcpt(RECIPIENT, "421 4.7.0 recipient_rejected", recipient=RECIPIENT, reason="not now"),
        Closed(),
    ),
)
