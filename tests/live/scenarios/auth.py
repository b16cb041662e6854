"""AUTH, with Cyrus SASL and with Dovecot, and whose addresses a login may use."""

import base64

from tests.live.scenario import (
    AUTHENTICATE,
    CYRUS,
    DOVECOT,
    EHLO,
    GREETED,
    HELLO,
    TLS,
    mail,
    plain,
    rcpt,
    say,
    scenario,
    smtpd,
)

OWNERS = {
    "smtpd_sender_login_maps": "inline:{owned@client.example=owner, anna@client.example=anna}",
    "smtpd_delay_reject": "no",
}
CHALLENGE = "334 auth_challenge"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SCENARIOS = (
    scenario(
        "Cyrus",
        smtpd(**CYRUS),
        *HELLO,
        say("AUTH", "501 5.5.4 syntax_auth"),
        say("AUTH PLAIN x y", "501 5.5.4 syntax_auth"),
        say("AUTH PLAIN", CHALLENGE),
        say("*", "501 5.7.0 authentication_aborted"),
        say("AUTH LOGIN", CHALLENGE),
        say(encoded("anna"), CHALLENGE),
        say(encoded("wrong"), "535 5.7.8 authentication_failed", reason="authentication failure"),
        say("AUTH NOSUCH", "535 5.7.8 authentication_failed"),
        say("AUTH PLAIN !!!", "535 5.7.8 authentication_failed"),
        say("AUTH CRAM-MD5", CHALLENGE),
        say(encoded("anna 0123456789abcdef0123456789abcdef"), "535 5.7.8 authentication_failed"),
        AUTHENTICATE,
        say(plain("right"), "503 5.5.1 already_authenticated"),
        mail(),
        say("AUTH PLAIN", "503 5.5.1 mail_transaction_in_progress"),
        rcpt("b@other.example"),
    ),
    scenario(
        "Dovecot",
        smtpd(**DOVECOT),
        *HELLO,
        say(plain("wrong"), "535 5.7.8 authentication_failed", reason="(reason unavailable)"),
        say(plain("reason"), "535 5.7.8 authentication_failed", reason="Not on Sundays"),
        say(
            "AUTH NOSUCH",
            "535 5.7.8 authentication_failed",
            reason="Invalid authentication mechanism",
        ),
        say("AUTH PLAIN !!!", "535 5.7.8 authentication_failed"),
        AUTHENTICATE,
    ),
    scenario(
        "Dovecot hangs up",
        smtpd(**DOVECOT),
        *HELLO,
        say(
            plain("hang up"),
            "454 4.7.0 temporary_authentication_failure",
            reason="Connection lost to authentication server",
        ),
    ),
    scenario(
        "before HELO",
        smtpd(**CYRUS, smtpd_helo_required="yes"),
        GREETED,
        say("AUTH PLAIN", "503 5.5.1 send_helo_first"),
    ),
    scenario(
        "only with TLS",
        smtpd(**CYRUS, **TLS, smtpd_tls_auth_only="yes"),
        *HELLO,
        say("AUTH PLAIN", "503 5.5.1 authentication_not_enabled"),
    ),
    scenario(
        "not announced",
        smtpd(**CYRUS, smtpd_discard_ehlo_keywords="auth"),
        *HELLO,
        say("AUTH PLAIN", "503 5.5.1 authentication_not_enabled"),
    ),
    scenario(
        "a response too long",
        smtpd(**CYRUS, smtpd_sasl_response_limit="12288"),
        *HELLO,
        say("AUTH PLAIN", CHALLENGE),
        say("x" * 12290, "500 5.5.6 sasl_response_limit_exceeded"),
    ),
    scenario(
        "AUTH= of MAIL",
        smtpd(**CYRUS),
        *HELLO,
        say("MAIL FROM:<a@client.example> AUTH=<> AUTH=b@c", "250 2.1.0 sender_ok"),
        say("RSET", "250 2.0.0 command_ok"),
        say("MAIL FROM:<a@client.example> AUTH=b@c AUTH=<>", "503 5.5.4 multiple_auth_options"),
    ),
    scenario(
        "senders of somebody else",
        smtpd(**DOVECOT, **OWNERS, smtpd_sender_restrictions="reject_sender_login_mismatch"),
        *HELLO,
        mail("owned@client.example", "553 5.7.1 sender_not_logged_in"),
        AUTHENTICATE,
        mail("owned@client.example", "553 5.7.1 sender_not_owned", username="anna"),
        mail("anna@client.example"),
    ),
    scenario(
        "senders of nobody",
        smtpd(
            **DOVECOT,
            **OWNERS,
            smtpd_sender_restrictions="reject_authenticated_sender_login_mismatch",
        ),
        *(GREETED, EHLO, AUTHENTICATE),
        mail("nobody@client.example", "553 5.7.1 sender_not_owned", username="anna"),
    ),
)
