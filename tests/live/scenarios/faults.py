"""A server that is set up wrongly, or whose parts fail."""

from tests.live.scenario import (
    GREETED,
    HELLO,
    TO_RCPT,
    Closed,
    mail,
    rcpt,
    say,
    scenario,
    smtpd,
)

HOST = {"hostname": "mx.example.com"}

SCENARIOS = (
    scenario(
        "a failing table of commands",
        smtpd(smtpd_command_filter="fail:table"),
        GREETED,
        say("EHLO x.example", "421 4.3.0 server_local_data_error", **HOST),
        Closed(),
    ),
    scenario(
        "a failing table of recipients",
        smtpd(local_recipient_maps="fail:table"),
        *TO_RCPT,
        rcpt(
            "known@local.example",
            "451 4.3.0 temporary_lookup_failure",
            subject="known@local.example",
        ),
    ),
    scenario(
        "a missing table of recipients",
        smtpd(local_recipient_maps="hash:/nonexistent"),
        *TO_RCPT,
        rcpt(
            "known@local.example",
            "451 4.3.0 temporary_lookup_failure",
            subject="known@local.example",
        ),
    ),
    scenario(
        "a failing table of transports",
        smtpd(rewrite_service_name="rewrite-failing"),
        *TO_RCPT,
        rcpt(
            "known@local.example",
            "451 4.3.0 temporary_lookup_failure",
            subject="known@local.example",
        ),
    ),
    scenario(
        "a failing table of sender owners",
        smtpd(
            smtpd_sasl_auth_enable="yes",
            smtpd_sender_login_maps="fail:table",
            smtpd_sender_restrictions="reject_sender_login_mismatch",
            smtpd_delay_reject="no",
        ),
        *HELLO,
        mail("a@client.example", "451 4.3.0 temporary_lookup_failure", subject="a@client.example"),
    ),
    scenario(
        "a failing list of local clients",
        smtpd(local_header_rewrite_clients="check_address_map fail:table"),
        *HELLO,
        mail("a@client.example", "451 4.3.0 temporary_lookup_error"),
    ),
    scenario(
        "a failing list of trusted networks",
        smtpd(mynetworks="fail:table"),
        *TO_RCPT,
        rcpt("known@local.example", "451 4.3.0 temporary_lookup_failure"),
    ),
    scenario(
        "a restriction without its argument",
        smtpd(smtpd_client_restrictions="check_client_access", smtpd_delay_reject="no"),
        say(None, "451 4.3.5 server_configuration_error"),
    ),
    scenario(
        "a pattern that is none",
        smtpd(smtpd_helo_restrictions="check_helo_access pcre:{ {/(/ REJECT} }"),
        *TO_RCPT,
        rcpt(),  # Postfix skips it, with a warning in the log
    ),
)
