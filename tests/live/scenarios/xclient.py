"""XCLIENT and XFORWARD, by which a trusted program speaks for a client."""

from collections.abc import Iterator

from tests.live.scenario import (
    GREETED,
    HELLO,
    TO_RCPT,
    Closed,
    Say,
    rcpt,
    say,
    scenario,
    smtpd,
)

TRUSTED = smtpd(
    smtpd_authorized_xclient_hosts="192.0.2.0/24",
    smtpd_authorized_xforward_hosts="192.0.2.0/24",
    smtpd_client_restrictions="reject_unknown_client_hostname",
)
BAD_VALUES = {
    "XCLIENT": "NAME=- REVERSE_NAME=- ADDR=x PORT=x PROTO=x DESTADDR=x DESTPORT=x",
    "XFORWARD": f"NAME=- ADDR=x PORT=x PROTO={'x' * 65} SOURCE=x",
}


def wrong(command: str) -> Iterator[Say]:
    yield say(command, "501 5.5.4 syntax_xclient", command=command)
    yield say(f"{command} NAME", "501 5.5.4 attribute_value_expected")
    yield say(f"{command} NAME={'x' * 256}", "501 5.5.4 attribute_value_too_long")
    yield say(
        f"{command} COLOR=red", "501 5.5.4 bad_attribute_name", command=command, attribute="COLOR"
    )
    for pair in BAD_VALUES[command].split():
        attribute, _, value = pair.partition("=")
        yield say(
            f"{command} {pair}",
            "501 5.5.4 bad_attribute_value",
            attribute=attribute,
            value=value,
        )


SCENARIOS = (
    scenario(
        "not trusted",
        smtpd(),
        *HELLO,
        say("XCLIENT NAME=x", "550 5.7.0 insufficient_authorization"),
        say("XFORWARD NAME=x", "550 5.7.0 insufficient_authorization"),
    ),
    scenario("XCLIENT, wrongly", TRUSTED, *HELLO, *wrong("XCLIENT")),
    scenario("XFORWARD, wrongly", TRUSTED, *HELLO, *wrong("XFORWARD")),
    scenario(
        "XFORWARD",
        TRUSTED,
        *HELLO,
        say("XFORWARD NAME=x.example ADDR=192.0.2.7", "250 2.0.0 command_ok"),
    ),
    scenario(
        "XCLIENT",
        TRUSTED,
        *HELLO,
        say("XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.7", "220 smtp_greeting"),
        *TO_RCPT[1:],
        rcpt(
            "known@local.example",
            "450 4.7.25 client_hostname_not_found",
            client_address="192.0.2.7",
        ),
    ),
    scenario(
        "XCLIENT of an IPv6 client, for now without a name",
        TRUSTED,
        *HELLO,
        say("XCLIENT NAME=[TEMPUNAVAIL] ADDR=IPV6:2001:db8::1", "220 smtp_greeting"),
        *TO_RCPT[1:],
        rcpt(
            "known@local.example",
            "450 4.7.25 client_hostname_not_found",
            client_address="2001:db8::1",
        ),
    ),
    scenario(
        "a broken list of who is trusted",
        smtpd(smtpd_authorized_xclient_hosts="fail:table"),
        GREETED,
        say("EHLO x.example", "421 4.3.0 server_local_data_error", hostname="mx.example.com"),
        Closed(),
    ),
)
