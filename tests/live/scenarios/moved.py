"""Codes and texts that the site has moved: soft_bounce, reject codes and footers."""

from tests.live.scenario import (
    CLIENT,
    EHLO,
    GREETED,
    HELLO,
    RECIPIENT,
    TO_RCPT,
    Closed,
    Scenario,
    Step,
    hear,
    mail,
    rcpt,
    say,
    scenario,
    smtpd,
)

SOFT = {"soft_bounce": "yes"}


def code(
    setting: str, value: str, list_: str, restriction: str, *steps: Step, client: str = CLIENT
) -> Scenario:
    """A code of the site's own, which the class of the enhanced status code follows."""
    settings = {setting: value, f"smtpd_{list_}_restrictions": restriction}
    return scenario(f"{setting} {value}", smtpd(**settings), *steps, client=client)


def refused(expected: str) -> tuple[Step, ...]:
    return (*TO_RCPT, rcpt(RECIPIENT, expected))


def after_helo(name: str, expected: str) -> tuple[Step, ...]:
    greeting = say(f"EHLO {name}", "250 helo_accepted")
    return (GREETED, greeting, mail(), rcpt(RECIPIENT, expected, helo=name))


CODES = (
    code(
        "access_map_reject_code",
        "457",
        "recipient",
        "check_recipient_access static:REJECT",
        *refused("457 4.7.1 recipient_access_denied"),
    ),
    code(
        "access_map_defer_code",
        "557",
        "recipient",
        "check_recipient_access static:DEFER",
        *refused("557 5.7.1 recipient_access_denied"),
    ),
    code("reject_code", "458", "client", "reject", *refused("458 4.7.1 client_access_denied")),
    code("reject_code", "999", "client", "reject", *refused("450 4.7.1 service_unavailable")),
    code("defer_code", "444", "helo", "defer", *refused("444 4.3.2 helo_try_again_later")),
    code(
        "invalid_hostname_reject_code",
        "450",
        "helo",
        "reject_invalid_helo_hostname",
        *after_helo("-bad-", "450 4.5.2 helo_invalid_name"),
    ),
    code(
        "non_fqdn_reject_code",
        "450",
        "helo",
        "reject_non_fqdn_helo_hostname",
        *after_helo("short", "450 4.5.2 helo_not_fully_qualified"),
    ),
    code(
        "unknown_hostname_reject_code",
        "550",
        "helo",
        "reject_unknown_helo_hostname",
        *after_helo("nosuch.example", "550 5.7.1 helo_host_not_found"),
    ),
    code(
        "unknown_address_reject_code",
        "550",
        "sender",
        "reject_unknown_sender_domain",
        *(*HELLO, mail("a@nosuch.example")),
        rcpt(RECIPIENT, "550 5.1.8 sender_domain_not_found"),
    ),
    code(
        "unknown_client_reject_code",
        "550",
        "client",
        "reject_unknown_client_hostname",
        *refused("550 5.7.25 client_hostname_not_found"),
        client="192.0.2.66",
    ),
    code(
        "maps_rbl_reject_code",
        "450",
        "client",
        "reject_rbl_client bl.example",
        *refused("450 4.7.1 client_blocked_using"),
    ),
    code(
        "plaintext_reject_code",
        "550",
        "client",
        "reject_plaintext_session",
        *refused("550 5.7.1 session_encryption_required"),
    ),
    code(
        "relay_domains_reject_code",
        "471",
        "relay",
        "reject_unauth_destination",
        *(*TO_RCPT, rcpt("b@other.example", "471 4.7.1 relay_access_denied")),
    ),
    code(
        "unknown_local_recipient_reject_code",
        "450",
        "recipient",
        "",
        *(*TO_RCPT, rcpt("nobody@local.example", "450 4.1.1 recipient_unknown_local")),
    ),
)
SCENARIOS = (
    *CODES,
    scenario(
        "soft_bounce",
        smtpd(**SOFT),
        GREETED,
        say("HELO", "401 syntax_helo"),
        EHLO,
        say("HELP", "400 4.5.2 command_not_recognized"),
        say("STARTTLS", "402 4.5.1 command_not_implemented"),
        say("AUTH PLAIN", "403 4.5.1 authentication_not_enabled"),
        say("MAIL FROM:<a@client.example> COLOR=red", "455 4.5.4 unsupported_option"),
        mail(),
        rcpt("nobody@local.example", "450 4.1.1 recipient_unknown_local"),
        say("BDAT x", "421 4.5.4 syntax_bdat"),
        Closed(),
    ),
    scenario(
        "soft_bounce of a refusal",
        smtpd(**SOFT, smtpd_client_restrictions="reject"),
        *TO_RCPT,
        rcpt(RECIPIENT, "454 4.7.1 client_access_denied", client="mail.client.example[192.0.2.25]"),
    ),
    scenario(
        "a footer",
        smtpd(smtpd_reject_footer="Ask postmaster@example.com,\\nand say $server_name"),
        *TO_RCPT,
        rcpt("b@other.example", "454 4.7.1 relay_access_denied", recipient="b@other.example"),
        say("HELP", "500 5.5.2 command_not_recognized"),
    ),
    scenario(
        "a footer that goes on in the line",
        smtpd(smtpd_reject_footer="\\c; ask postmaster@example.com"),
        *TO_RCPT,
        rcpt(
            "nobody@local.example",
            "550 5.1.1 recipient_unknown_local",
            recipient="nobody@local.example",
        ),
    ),
    scenario(
        "a refusal of a client at once, softly",
        smtpd(
            **SOFT,
            smtpd_delay_reject="no",
            smtpd_client_restrictions="check_client_access static:{521 5.7.1 go}",
        ),
        hear("421 4.7.1 client_rejected", reason="go"),
        Closed(),
    ),
)
