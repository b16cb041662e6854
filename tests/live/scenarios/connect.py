"""At once: what a client hears before, or in place of, the greeting."""

from tests.live.scenario import (
    GREETED,
    HELLO,
    QUIT,
    TO_RCPT,
    Closed,
    Reconnect,
    Scenario,
    hear,
    mail,
    rcpt,
    say,
    scenario,
    smtpd,
)

NAMELESS, DECEIVING, FAILING = "192.0.2.66", "192.0.2.67", "192.0.2.68"
NOW = {"smtpd_delay_reject": "no"}
DENIED = "503 5.7.0 client_session_denied"
CLIENT = "mail.client.example[192.0.2.25]"


def at_rcpt(
    name: str, restriction: str, expected: str, client: str, list_: str = "client"
) -> Scenario:
    return scenario(
        name,
        smtpd(smtpd_client_restrictions=restriction),
        *TO_RCPT,
        rcpt("known@local.example", expected, client_address=client),
        client=client,
    )


SCENARIOS = (
    scenario(
        "a client refused at once",
        smtpd(**NOW, smtpd_client_restrictions="reject"),
        hear("554 5.7.1 client_access_denied", client=CLIENT),
        say("EHLO x", DENIED, client=CLIENT),
        say("NOOP", DENIED, client=CLIENT),
        say("nonsense", DENIED, client=CLIENT),
        QUIT,
        Closed(),
    ),
    scenario(
        "a client deferred at once",
        smtpd(**NOW, smtpd_client_restrictions="defer"),
        hear("450 4.3.2 rule_try_again_later", client=CLIENT),
    ),
    scenario(
        "a client hung up on at once",
        smtpd(**NOW, smtpd_client_restrictions="check_client_access static:{521 5.7.1 go}"),
        hear("521 5.7.1 client_rejected", client=CLIENT, reason="go"),
        Closed(),
    ),
    scenario(
        "HELO refused at once",
        smtpd(**NOW, smtpd_helo_restrictions="reject"),
        GREETED,
        say("HELO x.example", "554 5.7.1 helo_access_denied", helo="x.example"),
        say("EHLO x.example", "554 5.7.1 helo_access_denied", helo="x.example"),
    ),
    scenario(
        "MAIL refused at once",
        smtpd(**NOW, smtpd_sender_restrictions="reject"),
        *HELLO,
        mail("a@client.example", "554 5.7.1 sender_access_denied", sender="a@client.example"),
    ),
    scenario(
        "speaking before the greeting",
        smtpd(smtpd_forbid_unauth_pipelining="yes"),
        say("EHLO mail.client.example", "554 5.5.0 protocol_synchronization_error"),
        Closed(),
    ),
    scenario(
        "too many connections at once",
        smtpd(smtpd_client_connection_count_limit="1"),
        GREETED,
        Reconnect(keep=True),
        hear(
            "421 4.7.0 too_many_connections_from",
            hostname="mx.example.com",
            client_address="192.0.2.25",
        ),
        Closed(),
    ),
    scenario(
        "connections too often",
        smtpd(smtpd_client_connection_rate_limit="1"),
        GREETED,
        Reconnect(),
        hear(
            "421 4.7.0 too_many_connections_from",
            hostname="mx.example.com",
            client_address="192.0.2.25",
        ),
        Closed(),
    ),
    scenario(
        "a silent proxy in front",
        smtpd(smtpd_upstream_proxy_protocol="haproxy", smtpd_upstream_proxy_timeout="1s"),
        hear("421 4.3.0 server_local_error", hostname="mx.example.com"),
        Closed(),
    ),
    scenario(
        "a banner of the site",
        smtpd(smtpd_banner="$myhostname ESMTP $mail_name (Debian/GNU)"),
        hear("220 smtp_greeting", hostname="mx.example.com", system="Debian/GNU"),
    ),
    at_rcpt(
        "no name",
        "reject_unknown_client_hostname",
        "450 4.7.25 client_hostname_not_found",
        NAMELESS,
    ),
    at_rcpt(
        "a name that is another's",
        "reject_unknown_client_hostname",
        "450 4.7.25 client_hostname_not_found",
        DECEIVING,
    ),
    at_rcpt(
        "no reverse name",
        "reject_unknown_reverse_client_hostname",
        "450 4.7.1 client_reverse_hostname_not_found",
        NAMELESS,
    ),
    at_rcpt(
        "reverse name unknown for now",
        "reject_unknown_reverse_client_hostname",
        "450 4.7.1 client_reverse_hostname_not_found",
        FAILING,
    ),
)
