"""Milters, at every stage, and what Postfix says when one is gone or odd."""

from tests.live.scenario import (
    CYRUS,
    DATA,
    EHLO,
    GREETED,
    HELLO,
    MILTER,
    NOWHERE,
    TLS,
    TO_MESSAGE,
    TO_RCPT,
    Closed,
    Scenario,
    Step,
    hear,
    mail,
    message,
    plain,
    rcpt,
    say,
    scenario,
    smtpd,
)

HOST = {"hostname": "mx.example.com"}
LATER = "451 4.7.1 service_unavailable_try_again"
REFUSED = "550 5.7.1 milter_command_rejected"


def ordered(order: str, *steps: Step, **settings: str) -> Scenario:
    return scenario(order, smtpd(**MILTER, milter_macro_daemon_name=order, **settings), *steps)


def dead(action: str, *steps: Step, **settings: str) -> Scenario:
    gone = {"smtpd_milters": f"inet:{NOWHERE}", "milter_default_action": action}
    return scenario(f"no milter, {action}", smtpd(**gone, **settings), *steps)


SCENARIOS = (
    ordered(
        "connect shutdown",
        hear("421 connect_service_unavailable", **HOST),
        Closed(),
    ),
    ordered(
        "connect 421 4.7.0 Server closing connection",
        hear("421 connect_service_unavailable", **HOST),
        Closed(),
    ),
    ordered(
        "connect 550 5.7.1 no",
        hear("554 not_accepting_connections", **HOST),
        EHLO,
        mail("a@b", "550 5.7.1 milter_reply"),
    ),
    ordered("connect accept", *TO_MESSAGE, message("250 2.0.0 message_queued")),
    ordered("helo reject", GREETED, EHLO, mail("a@b", REFUSED)),
    ordered("helo tempfail", GREETED, EHLO, mail("a@b", LATER)),
    ordered("mail reject", *HELLO, mail("a@client.example", REFUSED)),
    ordered("mail tempfail", *HELLO, mail("a@client.example", LATER)),
    ordered("mail 550 5.7.1 not you", *HELLO, mail("a@client.example", "550 5.7.1 milter_reply")),
    ordered(
        "mail shutdown",
        *HELLO,
        mail("a@client.example", "421 4.7.0 server_closing_connection"),
        Closed(),
    ),
    ordered("mail garbage", *HELLO, mail("a@client.example", LATER)),
    ordered("mail hang up", *HELLO, mail("a@client.example", LATER)),
    ordered("mail discard", *TO_MESSAGE, message("250 2.0.0 message_queued")),
    ordered("rcpt reject", *TO_RCPT, rcpt("known@local.example", REFUSED)),
    ordered("rcpt tempfail", *TO_RCPT, rcpt("known@local.example", LATER)),
    ordered(
        "rcpt 471 4.7.1 not yet", *TO_RCPT, rcpt("known@local.example", "471 4.7.1 milter_reply")
    ),
    ordered("rcpt 471 not yet", *TO_RCPT, rcpt("known@local.example", "471 milter_reply")),
    ordered("data reject", *TO_RCPT, rcpt(), say("DATA", REFUSED)),
    ordered("data tempfail", *TO_RCPT, rcpt(), say("DATA", LATER)),
    ordered("header reject", *TO_MESSAGE, message(REFUSED)),
    ordered("end_of_headers tempfail", *TO_MESSAGE, message(LATER)),
    ordered("body 550 5.7.1 no pictures", *TO_MESSAGE, message("550 5.7.1 milter_reply")),
    ordered("end_of_data reject", *TO_MESSAGE, message(REFUSED)),
    ordered("end_of_data tempfail", *TO_MESSAGE, message(LATER)),
    ordered("end_of_data 554 5.7.1 a virus", *TO_MESSAGE, message("554 5.7.1 milter_reply")),
    # Postfix takes the message all the same.
    ordered("end_of_data shutdown", *TO_MESSAGE, message("250 2.0.0 message_queued")),
    ordered("end_of_data hang up", *TO_MESSAGE, message(LATER)),
    ordered("end_of_data discard", *TO_MESSAGE, message("250 2.0.0 message_queued")),
    ordered("unknown reject", *HELLO, say("HELP", REFUSED)),
    ordered("unknown tempfail", *HELLO, say("HELP", LATER)),
    ordered(
        "connect tempfail",
        GREETED,
        EHLO,
        say("AUTH PLAIN", "454 4.3.0 try_again_later"),
        say("STARTTLS", "454 4.3.0 try_again_later"),
        say("VRFY known@local.example", LATER),
        say("ETRN relay.example", LATER),
        mail("a@client.example", LATER),
        **CYRUS,
        **TLS,
    ),
    ordered(
        "connect reject",
        hear("554 not_accepting_connections", **HOST),
        EHLO,
        say(plain("right"), REFUSED),
        say("STARTTLS", REFUSED),
        say("VRFY known@local.example", REFUSED),
        say("ETRN relay.example", REFUSED),
        mail("a@client.example", REFUSED),
        **CYRUS,
        **TLS,
    ),
    dead("tempfail", GREETED, EHLO, mail("a@b", LATER)),
    dead(
        "reject",
        hear("554 not_accepting_connections", **HOST),
        EHLO,
        mail("a@b", "550 5.5.0 service_unavailable"),
    ),
    dead("accept", *TO_RCPT),
    dead("quarantine", *TO_MESSAGE, message("250 2.0.0 message_queued")),
    dead("nonsense", GREETED, EHLO, mail("a@b", "451 4.3.5 server_configuration_problem")),
    ordered(
        "nothing",
        *TO_RCPT,
        rcpt(),
        DATA,
        message("451 4.3.0 queue_file_not_written"),
        say("NOOP", "421 4.3.0 mail_system_error"),
        Closed(),
        cleanup_service_name="cleanup-failing",
    ),
)
