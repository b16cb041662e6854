"""STARTTLS, client certificates and how often sessions may be new."""

from tests.live.scenario import (
    EHLO,
    GREETED,
    HELLO,
    STARTTLS,
    STARTTLS_WITH_CERTIFICATE,
    TLS,
    Closed,
    Reconnect,
    StartTls,
    mail,
    say,
    scenario,
    smtpd,
)

REQUIRED = TLS | {"smtpd_tls_security_level": "encrypt", "smtpd_tls_req_ccert": "yes"}
MUST = "530 5.7.0 must_issue_starttls"
HOST = {"hostname": "mx.example.com"}
CLIENT = {"client": "mail.client.example[192.0.2.25]"}

SCENARIOS = (
    scenario(
        "STARTTLS",
        smtpd(**TLS),
        *HELLO,
        say("STARTTLS x", "501 5.5.4 syntax_starttls"),
        *STARTTLS,
        EHLO,
        say("STARTTLS", "554 5.5.1 tls_already_active"),
        mail(),
    ),
    scenario(
        "STARTTLS required",
        smtpd(**TLS | {"smtpd_tls_security_level": "encrypt"}),
        GREETED,
        mail("a@client.example", MUST),
        EHLO,
        mail("a@client.example", MUST),
        say("VRFY x", MUST),
        say("ETRN x", MUST),
    ),
    scenario(
        "no certificate of the server",
        smtpd(smtpd_tls_security_level="may", smtpd_tls_cert_file="/nonexistent"),
        *HELLO,
        say("STARTTLS", "454 4.7.0 tls_not_available"),
    ),
    scenario(
        "not announced to this client",
        smtpd(**TLS, smtpd_discard_ehlo_keywords="starttls"),
        *HELLO,
        say("STARTTLS", "502 5.5.1 command_not_implemented"),
    ),
    scenario(
        "no certificate of the client",
        smtpd(**REQUIRED),
        *HELLO,
        *STARTTLS,
        say("EHLO mail.client.example", "421 4.7.1 client_certificate_missing", **HOST),
        Closed(),
    ),
    scenario(
        "a certificate of the client that nobody vouches for",
        smtpd(**REQUIRED),
        *HELLO,
        *STARTTLS_WITH_CERTIFICATE,
        say("EHLO mail.client.example", "421 4.7.1 client_certificate_untrusted", **HOST),
        Closed(),
    ),
    scenario(
        "TLS from the first byte",
        smtpd(**TLS, smtpd_tls_wrappermode="yes"),
        StartTls(),
        *HELLO,
    ),
    scenario(
        "new sessions too often",
        smtpd(**TLS, smtpd_client_new_tls_session_rate_limit="1"),
        *HELLO,
        *STARTTLS,
        EHLO,
        Reconnect(),
        *HELLO,
        *STARTTLS,
        say(None, "421 4.7.0 tls_sessions_exceeded_at_connect", **HOST, **CLIENT),
        Reconnect(),
        *HELLO,
        say("STARTTLS", "454 4.7.0 too_many_tls_sessions_from", **CLIENT),
    ),
)
