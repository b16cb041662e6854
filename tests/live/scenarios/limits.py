"""How much, how many, how often and how long."""

from tests.live.scenario import (
    CYRUS,
    GREETED,
    HELLO,
    TO_MESSAGE,
    TO_RCPT,
    Closed,
    hear,
    mail,
    plain,
    rcpt,
    say,
    scenario,
    smtpd,
)

HOST = {"hostname": "mx.example.com"}
FROM = {"client_address": "192.0.2.25"}
TOO_LONG = hear("421 4.4.2 timeout_exceeded", **HOST)
IMPATIENT = smtpd(smtpd_timeout="2s")

SCENARIOS = (
    scenario("no command in time", IMPATIENT, GREETED, TOO_LONG, Closed()),
    scenario("no message in time", IMPATIENT, *TO_MESSAGE, TOO_LONG, Closed()),
    scenario(
        "no chunk in time",
        IMPATIENT,
        *TO_RCPT,
        rcpt(),
        say("BDAT 5", "421 4.4.2 timeout_exceeded", **HOST),
    ),
    scenario(
        "too many errors",
        smtpd(smtpd_hard_error_limit="2"),
        *HELLO,
        say("HELP", "500 5.5.2 command_not_recognized"),
        say("HELP", "500 5.5.2 command_not_recognized"),
        hear("421 4.7.0 too_many_errors", **HOST),
        Closed(),
    ),
    scenario(
        "too many commands to no end",
        smtpd(smtpd_hard_error_limit="1", smtpd_junk_command_limit="1"),
        *HELLO,
        *(say("NOOP", "250 2.0.0 command_ok"),) * 2,
        hear("421 4.7.0 too_many_errors", **HOST),
        Closed(),
    ),
    scenario(
        "too many recipients",
        smtpd(smtpd_recipient_limit="1"),
        *TO_RCPT,
        rcpt(),
        rcpt("known@local.example", "452 4.5.3 too_many_recipients"),
    ),
    scenario(
        "recipients too often",
        smtpd(smtpd_client_recipient_rate_limit="1"),
        *TO_RCPT,
        rcpt(),
        rcpt("known@local.example", "450 4.7.1 too_many_recipients_from", **FROM),
        say("VRFY known@local.example", "450 4.7.1 too_many_recipients_from", **FROM),
    ),
    scenario(
        "mail too often",
        smtpd(smtpd_client_message_rate_limit="1"),
        *TO_RCPT,
        say("RSET", "250 2.0.0 command_ok"),
        mail("a@client.example", "450 4.7.1 too_much_mail_from", **FROM),
    ),
    scenario(
        "AUTH too often",
        smtpd(**CYRUS, smtpd_client_auth_rate_limit="1"),
        *HELLO,
        say(plain("wrong"), "535 5.7.8 authentication_failed"),
        say(plain("wrong"), "450 4.7.1 too_many_auth_commands_from", **FROM),
    ),
)
