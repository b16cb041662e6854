"""postscreen, before and after the greeting."""

from collections.abc import Iterator

from tests.live.scenario import (
    EHLO,
    GREETED,
    HELLO,
    HELO,
    Closed,
    Reconnect,
    Scenario,
    StartTls,
    Step,
    hear,
    mail,
    postscreen,
    rcpt,
    say,
    scenario,
)

QUICK = {"postscreen_greet_wait": "1s", "postscreen_cache_map": ""}
UNAVAILABLE = "service_currently_unavailable"
HOST = {"hostname": "mx.example.com"}
TEASER = hear("220- smtp_greeting")
TOO_SOON = "EHLO mail.client.example"
# The engine of its own, which takes no mail.
DEEP = {"postscreen_non_smtp_command_enable": "yes"}
LISTED = {"postscreen_dnsbl_sites": "bl.example", "postscreen_dnsbl_threshold": "1"}
DENIED = {"postscreen_access_list": "static:reject"}
PIPELINING = {"postscreen_pipelining_enable": "yes"}
BARE_NEWLINE = {"postscreen_bare_newline_enable": "yes"}


def screened(name: str, settings: dict[str, str], *steps: Step) -> Scenario:
    return scenario(name, postscreen(**QUICK | settings), *steps)


def refused(expected: str, **params: str) -> tuple[Step, ...]:
    """A session with the engine, up to the reply that it keeps for RCPT."""
    return (*HELLO, mail(), rcpt("known@local.example", expected, **params))


def by_many(scenarios: tuple[Scenario, ...]) -> Iterator[Scenario]:
    """Each by a client of its own: postscreen remembers who passed a test."""
    for number, one in enumerate(scenarios, 100):
        listed = LISTED.items() <= dict(one.service.settings).items()
        yield one if listed else one._replace(client=f"192.0.2.{number}")


SCREENED = (
    screened("let through", {}, *HELLO, mail(), rcpt()),
    screened(
        "let through at once",
        {"postscreen_access_list": "static:permit"},
        *HELLO,
        mail(),
        rcpt(),
    ),
    screened(
        "denied and dropped",
        DENIED | {"postscreen_denylist_action": "drop"},
        hear(f"521 5.3.2 {UNAVAILABLE}"),
        Closed(),
    ),
    screened(
        "denied and dropped, softly",
        DENIED | {"postscreen_denylist_action": "drop", "soft_bounce": "yes"},
        hear(f"421 4.3.2 {UNAVAILABLE}"),
        Closed(),
    ),
    screened(
        "denied, with a footer",
        DENIED
        | {
            "postscreen_denylist_action": "enforce",
            "postscreen_reject_footer": "Ask postmaster@example.com",
        },
        *refused(f"550 5.3.2 {UNAVAILABLE}"),
    ),
    screened(
        "denied",
        DENIED | {"postscreen_denylist_action": "enforce"},
        *refused(f"550 5.3.2 {UNAVAILABLE}"),
    ),
    screened(
        "speaking too soon and dropped",
        {"postscreen_greet_action": "drop"},
        say(TOO_SOON, "220- smtp_greeting", "521 5.5.1 protocol_error"),
        Closed(),
    ),
    screened(
        "speaking too soon",
        {"postscreen_greet_action": "enforce"},
        say(TOO_SOON, "220- smtp_greeting", "250 helo_accepted"),
        mail(),
        rcpt("known@local.example", "550 5.5.1 protocol_error"),
    ),
    screened(
        "on a blocklist and dropped",
        LISTED | {"postscreen_dnsbl_action": "drop"},
        TEASER,
        hear(
            "521 5.7.1 postscreen_client_blocked_using",
            client_address="192.0.2.25",
            blocklist="bl.example",
        ),
        Closed(),
    ),
    screened(
        "on a blocklist",
        LISTED | {"postscreen_dnsbl_action": "enforce"},
        *refused("550 5.7.1 postscreen_client_blocked_using", blocklist="bl.example"),
    ),
    screened("new", DEEP, *refused(f"450 4.3.2 {UNAVAILABLE}")),
    screened(
        "commands of HTTP, dropped",
        DEEP | {"postscreen_non_smtp_command_action": "drop"},
        *HELLO,
        say("GET / HTTP/1.1", "521 5.7.0 can_break_rules"),
        Closed(),
    ),
    screened(
        "a header, kept for RCPT",
        DEEP | {"postscreen_non_smtp_command_action": "enforce"},
        *HELLO,
        say("Subject: hello", "502 5.5.2 command_not_recognized"),
        mail(),
        rcpt("known@local.example", "550 5.5.1 protocol_error"),
    ),
    screened(
        "pipelining, dropped",
        PIPELINING | {"postscreen_pipelining_action": "drop"},
        GREETED,
        say("EHLO x.example\r\nMAIL FROM:<>", "521 5.5.1 protocol_error"),
        Closed(),
    ),
    screened(
        "pipelining, kept for RCPT",
        PIPELINING | {"postscreen_pipelining_action": "enforce"},
        GREETED,
        say("EHLO x.example\r\nMAIL FROM:<>", "250 helo_accepted", "250 2.1.0 sender_ok"),
        rcpt("known@local.example", "550 5.5.1 protocol_error"),
    ),
    screened(
        "a bare newline, dropped",
        BARE_NEWLINE | {"postscreen_bare_newline_action": "drop"},
        GREETED,
        say(b"EHLO x.example\n", "521 5.5.1 protocol_error"),
        Closed(),
    ),
    screened(
        "a bare newline, kept for RCPT",
        BARE_NEWLINE | {"postscreen_bare_newline_action": "enforce"},
        GREETED,
        say(b"EHLO x.example\n", "250 helo_accepted"),
        mail(),
        rcpt("known@local.example", "550 5.5.1 protocol_error"),
    ),
    screened(
        "the engine's commands",
        DEEP,
        GREETED,
        say("HELO", "501 syntax_helo"),
        say("EHLO", "501 syntax_ehlo"),
        HELO,
        rcpt("known@local.example", "503 5.5.1 need_mail_command"),
        say("MAIL", "501 5.5.4 syntax_mail"),
        mail(),
        mail("a@client.example", "503 5.5.1 nested_mail_command"),
        say("RCPT", "501 5.5.4 syntax_rcpt"),
        say("RSET", "250 2.0.0 command_ok"),
        say("NOOP", "250 2.0.0 command_ok"),
        say("VRFY", "501 5.5.4 syntax_vrfy"),
        say("ETRN", "500 syntax_etrn"),
        say("ETRN relay.example", "458 etrn_unable_to_queue"),
        say("STARTTLS", "502 5.5.1 command_not_implemented"),
        say("HELP", "502 5.5.2 command_not_recognized"),
        say("AUTH PLAIN", "502 5.5.2 command_not_recognized"),
        say("QUIT", "221 2.0.0 quit_bye"),
        Closed(),
    ),
    screened(
        "DATA out of order",
        DEEP,
        *HELLO,
        say("DATA", "503 5.5.1 need_rcpt_command"),
        Closed(),
    ),
    screened("DATA with words", DEEP, *HELLO, say("DATA x", "501 5.5.4 syntax_data"), Closed()),
    screened(
        "DATA for nobody",
        DEEP,
        *HELLO,
        mail(),
        say("DATA", "554 5.5.1 no_valid_recipients"),
        Closed(),
    ),
    screened(
        "BDAT out of order",
        DEEP,
        *HELLO,
        say("BDAT 1", "554 5.5.1 need_mail_command"),
        Closed(),
    ),
    screened(
        "BDAT without a number",
        DEEP,
        *HELLO,
        say("BDAT", "501 5.5.4 syntax_bdat"),
        Closed(),
    ),
    screened(
        "BDAT for nobody",
        DEEP,
        *HELLO,
        mail(),
        say("BDAT 1", "554 5.5.1 no_valid_recipients"),
        Closed(),
    ),
    screened(
        "BDAT not announced",
        DEEP | {"postscreen_discard_ehlo_keywords": "chunking"},
        *HELLO,
        say("BDAT 1", "502 5.5.1 command_not_implemented"),
        Closed(),
    ),
    screened(
        "no HELO",
        DEEP | {"postscreen_helo_required": "yes"},
        GREETED,
        mail("a@client.example", "503 5.5.1 send_helo_first"),
        say("ETRN x", "503 5.5.1 send_helo_first"),
    ),
    screened(
        "VRFY disabled",
        DEEP | {"postscreen_disable_vrfy_command": "yes"},
        *HELLO,
        say("VRFY x", "502 5.5.1 vrfy_disabled"),
    ),
    screened(
        "STARTTLS",
        DEEP | {"postscreen_tls_security_level": "may"},
        *HELLO,
        say("STARTTLS x", "501 syntax_ehlo"),
        say("STARTTLS", "220 2.0.0 starttls_ready"),
        StartTls(),
        EHLO,
        say("STARTTLS", "554 5.5.1 tls_already_active"),
    ),
    screened(
        "STARTTLS required",
        DEEP | {"postscreen_tls_security_level": "encrypt"},
        *HELLO,
        mail("a@client.example", "530 5.7.0 must_issue_starttls"),
    ),
    screened(
        "no TLS engine",
        DEEP
        | {
            "postscreen_tls_security_level": "may",
            "tlsproxy_service_name": "no-such-service",
        },
        *HELLO,
        say("STARTTLS", "454 4.7.0 tls_not_available"),
    ),
    screened(
        "too slow",
        DEEP | {"postscreen_command_time_limit": "1s"},
        GREETED,
        hear("421 4.4.2 timeout_exceeded", **HOST),
        Closed(),
    ),
    screened(
        "too many commands",
        DEEP | {"postscreen_command_count_limit": "2"},
        *HELLO,
        mail(),
        say("NOOP", "421 connect_service_unavailable", **HOST),
        Closed(),
    ),
    screened(
        "a silent proxy in front",
        {
            "postscreen_upstream_proxy_protocol": "haproxy",
            "postscreen_upstream_proxy_timeout": "1s",
        },
        hear("421 4.3.2 no_system_resources"),
        Closed(),
    ),
    screened(
        "too many connections",
        {"postscreen_client_connection_count_limit": "1", "postscreen_greet_wait": "10s"},
        TEASER,
        Reconnect(keep=True),
        hear("421 4.7.0 too_many_connections"),
        Closed(),
    ),
    screened(
        "too many clients",
        {"postscreen_pre_queue_limit": "10", "postscreen_greet_wait": "10s"},
        *(TEASER, Reconnect(keep=True)) * 9,
        hear("421 4.3.2 screening_ports_busy"),
        Closed(),
    ),
    screened(
        "no smtpd left",
        {
            "postscreen_post_queue_limit": "5",
            "postscreen_access_list": "static:permit",
            "smtpd_service_name": "smtpd-one",
        },
        GREETED,  # this client has it, and five more wait for it
        *(Reconnect(keep=True),) * 6,
        hear("421 4.3.2 server_ports_busy"),
        Closed(),
    ),
)
SCENARIOS = tuple(by_many(SCREENED))
