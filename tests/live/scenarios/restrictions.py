"""Restrictions in every list: what is refused keeps its class, wherever the answer comes.

Some classes have no list of their own: there an access table names the restriction.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tests.live.scenario import (
    AUTHENTICATE,
    DATA,
    DOVECOT,
    EHLO,
    GREETED,
    NOWHERE,
    POLICY,
    RECIPIENT,
    SENDER,
    STARTTLS_WITH_CERTIFICATE,
    TLS,
    Say,
    Scenario,
    Step,
    mail,
    message,
    rcpt,
    say,
    scenario,
    smtpd,
)

PIPELINING = "reject_unauth_pipelining"
DEAD_SERVER = f"check_policy_service inet:{NOWHERE}"
DOMAIN = "etrn.example"


class Subject(NamedTuple):
    """What is checked, and how its restrictions come to be evaluated."""

    name: str  # as ids have it
    stage: str  # as the setting with its restrictions has it
    params: Mapping[str, str]
    table: str | None = None  # the look-up that has no list of its own
    settings: Mapping[str, str] = MappingProxyType({})
    before: tuple[Step, ...] = ()

    def restrict(self, restriction: str) -> dict[str, str]:
        """The settings that check it so."""
        setting = f"smtpd_{self.stage}_restrictions"
        if self.table is None:
            return {setting: restriction, **self.settings}
        return {
            "smtpd_restriction_classes": "own_class",
            "own_class": restriction,
            setting: f"{self.table} static:own_class",
            **self.settings,
        }

    def steps(self, expected: str) -> tuple[Step, ...]:
        """A session up to where the restriction answers."""
        way = ON_THE_WAY.get(self.stage, (mail(),))
        return (GREETED, *self.before, EHLO, *way, self.last(expected))

    def pipelined(self, expected: str) -> tuple[Step, ...]:
        """The same, with a command sent too soon behind EHLO, which must stand alone."""
        way = (*ON_THE_WAY.get(self.stage, (mail(),)), self.last(expected))
        together = f"{EHLO.send!s}\r\n{way[0].send!s}"
        return (
            GREETED,
            *self.before,
            Say(together, EHLO.expects + way[0].expects),
            *way[1:],
        )

    def last(self, expected: str) -> Say:
        """The command that is refused."""
        match self.stage:
            case "etrn":
                return say(f"ETRN {DOMAIN}", expected, **self.params)
            case "data":
                return say("DATA", expected, **self.params)
            case "end_of_data":
                return message(expected, **self.params)
            case _:
                return rcpt(RECIPIENT, expected, **self.params)


ON_THE_WAY = {"etrn": (), "data": (mail(), rcpt()), "end_of_data": (mail(), rcpt(), DATA)}
SUBJECTS = (
    Subject("client", "client", {"client": "mail.client.example[192.0.2.25]"}),
    Subject(
        "unverified_client",
        "client",
        {"subject": "mail.client.example"},
        "check_reverse_client_hostname_access",
    ),
    Subject(
        "client_certificate",
        "client",
        {"subject": "client.example"},
        "check_ccert_access",
        TLS | {"smtpd_tls_ask_ccert": "yes"},
        (EHLO, *STARTTLS_WITH_CERTIFICATE),
    ),
    Subject(
        "sasl_login",
        "client",
        {"subject": "anna"},
        "check_sasl_access",
        DOVECOT,
        (EHLO, AUTHENTICATE),
    ),
    Subject("helo", "helo", {"helo": "mail.client.example"}),
    Subject("sender", "sender", {"sender": SENDER}),
    Subject("recipient", "recipient", {"recipient": RECIPIENT}),
    Subject("etrn", "etrn", {"subject": DOMAIN}),
    Subject("data", "data", {"subject": "DATA"}),
    Subject("end_of_data", "end_of_data", {"subject": "END-OF-MESSAGE"}),
)
# Replies that are one for several subjects, or for all.
ACCESS_DENIED = {
    "unverified_client": "client_access_denied",
    "client_certificate": "client_access_denied",
    "end_of_data": "data_access_denied",
}


def restrictions(subject: Subject) -> Iterator[tuple[str, str]]:
    """Restrictions and the replies they give."""
    name = subject.name
    if subject.table is None:  # there it would be the action of the same name
        yield "reject", f"554 5.7.1 {ACCESS_DENIED.get(name, f'{name}_access_denied')}"
    later = "helo_try_again_later" if name == "helo" else "rule_try_again_later"
    yield "defer", f"450 4.3.2 {later}"
    yield "defer_if_permit", "450 4.7.0 defer_if_permit_requested"
    yield "defer_if_reject, reject", "450 4.7.0 defer_if_reject_requested"
    yield DEAD_SERVER, "451 4.3.5 policy_service_problem"
    yield PIPELINING, "503 5.5.0 improper_pipelining"


def restricted() -> Iterator[Scenario]:
    for subject in SUBJECTS:
        for restriction, expected in restrictions(subject):
            ask = subject.pipelined if restriction == PIPELINING else subject.steps
            service = smtpd(**subject.restrict(restriction))
            yield scenario(f"{subject.name} {restriction}", service, *ask(expected))


def bare() -> Iterator[Scenario]:
    """Replies that do not name their subject."""
    for subject in SUBJECTS:
        for restriction, expected in (
            ("no_such_restriction", "451 4.3.5 server_configuration_error"),
            ("reject_plaintext_session", "450 4.7.1 session_encryption_required"),
        ):
            if "smtpd_tls_ask_ccert" in subject.settings and "plaintext" in restriction:
                continue
            steps = subject._replace(params={}).steps(expected)
            service = smtpd(**subject.restrict(restriction))
            yield scenario(f"{subject.name} {restriction}", service, *steps)


def told() -> Iterator[Scenario]:
    """A policy service's words are those of the site, under the class of what was checked."""
    for subject in SUBJECTS:
        for action, code, reason in (
            ("REJECT not on Sundays", "554 5.7.1", "not on Sundays"),
            ("DEFER_IF_PERMIT come back in an hour", "450 4.7.1", "come back in an hour"),
            ("521 5.7.1 go away", "521 5.7.1", "go away"),
        ):
            told = subject._replace(params={**subject.params, "reason": reason})
            context = {"smtpd_policy_service_policy_context": f"action={action}"}
            yield scenario(
                f"{subject.name} policy {action}",
                smtpd(**told.restrict(POLICY), **context),
                *told.steps(f"{code} {subject.name}_rejected"),
            )


def unavailable() -> Iterator[Scenario]:
    """Without words, DEFER_IF_PERMIT has words of its own."""
    for subject in SUBJECTS:
        context = {"smtpd_policy_service_policy_context": "action=DEFER_IF_PERMIT"}
        yield scenario(
            f"{subject.name} policy DEFER_IF_PERMIT",
            smtpd(**subject.restrict(POLICY), **context),
            *subject.steps("450 4.7.1 rule_service_unavailable"),
        )


def bounces() -> Iterator[Scenario]:
    """One bounce for several recipients, refused at the second where that is at RCPT."""
    ways = {"data": (rcpt(), rcpt()), "end_of_data": (rcpt(), rcpt(), DATA)}
    for subject in SUBJECTS:
        if subject.stage == "etrn":
            continue
        if subject.name == "sender":
            subject = subject._replace(params={"sender": ""})
        yield scenario(
            f"{subject.name} reject_multi_recipient_bounce",
            smtpd(**subject.restrict("reject_multi_recipient_bounce")),
            *(GREETED, *subject.before, EHLO, mail(""), *ways.get(subject.stage, (rcpt(),))),
            subject.last("550 5.5.3 multi_recipient_bounce"),
        )


SCENARIOS = (*restricted(), *bare(), *told(), *unavailable(), *bounces())
