"""TLS that a policy demands and that does not come about."""

from tests.live.deliveries.session import told
from tests.live.delivery import Delivery, outcomes, via
from tests.live.standins import smtp

OFFERED = "ehlo 250-next.example/250 STARTTLS"
ENCRYPT = {"smtp_tls_security_level": "encrypt"}
DANE = {"smtp_tls_security_level": "dane-only", "smtp_dns_support_level": "dnssec"}


def dane(domain: str, expected: str, **settings: str) -> Delivery:
    route = via("smtp", f"{domain}:{smtp.PORT}", smtp_helo_name=OFFERED, **DANE | settings)
    return Delivery(f"dane {domain}", outcomes(expected), route)


DELIVERIES = (
    told(
        "not offered", "ehlo 250 next.example", "deferred 4.7.4 tls_required_not_offered", **ENCRYPT
    ),
    told(
        "STARTTLS refused",
        f"{OFFERED}|starttls 454 4.7.0 TLS not available due to local problem",
        "deferred 4.7.0 tls_required_but_refused",
        **ENCRYPT,
    ),
    told(
        "STARTTLS refused for good",
        f"{OFFERED}|starttls 550 5.7.1 Command rejected",
        "bounced 5.7.1 tls_required_but_refused",
        **ENCRYPT,
    ),
    told(
        "STARTTLS hangs up",
        f"{OFFERED}|starttls hang up",
        "deferred 4.4.2 lost_connection",
        **ENCRYPT,
    ),
    told(
        "the handshake fails",
        f"{OFFERED}|starttls 220 go|handshake hang up",
        "deferred 4.7.5 tls_handshake_failed",
        **ENCRYPT,
    ),
    told("encrypted", OFFERED, "sent 2.0.0 -", **ENCRYPT),
    told(
        "not trusted",
        OFFERED,
        "deferred 4.7.5 tls_certificate_not_verified",
        smtp_tls_security_level="verify",
    ),
    told(
        "another name",
        OFFERED,
        "deferred 4.7.5 tls_certificate_not_verified",
        smtp_tls_security_level="secure",
        smtp_tls_CAfile="/etc/postfix/server.pem.crt",
    ),
    told(
        "the right name",
        OFFERED,
        "sent 2.0.0 -",
        smtp_tls_security_level="verify",
        smtp_tls_verify_cert_match="server.example",
        smtp_tls_CAfile="/etc/postfix/server.pem.crt",
    ),
    told(
        "another fingerprint",
        OFFERED,
        "deferred 4.7.5 tls_certificate_not_verified",
        smtp_tls_security_level="fingerprint",
        smtp_tls_fingerprint_digest="sha256",
        smtp_tls_fingerprint_cert_match="00:11:22",
    ),
    told(
        "no fingerprint",
        OFFERED,
        "deferred 4.7.5 tls_client_configuration_problem",
        smtp_tls_security_level="fingerprint",
    ),
    told(
        "a failing table of policies",
        OFFERED,
        "deferred 4.7.5 tls_client_configuration_problem",
        smtp_tls_policy_maps="fail:table",
    ),
    told(
        "a policy that is none",
        OFFERED,
        "deferred 4.7.5 tls_client_configuration_problem",
        smtp_tls_policy_maps="static:nosuch",
    ),
    told(
        "a bad list of ciphers",
        OFFERED,
        "deferred 4.7.5 tls_handshake_failed",
        smtp_tls_mandatory_exclude_ciphers="!bogus@x",
        **ENCRYPT,
    ),
    told(
        "a failing table of sites",
        OFFERED,
        "deferred 4.3.0 tls_site_table_lookup_failed",
        smtp_tls_per_site="fail:table",
    ),
    told(
        "no authorities to read",
        OFFERED,
        "deferred 4.7.5 tls_required_engine_unavailable",
        smtp_tls_CAfile="/nonexistent",
        **ENCRYPT,
    ),
    dane("unsigned.example", "deferred 4.7.5 dane_destination_without_dnssec"),
    dane("bare.signed.example", "deferred 4.7.5 tlsa_records_missing"),
    dane("odd.signed.example", "deferred 4.7.5 tlsa_records_unusable"),
    dane("lost.signed.example", "deferred 4.7.5 tlsa_lookup_failed"),
    dane("other.signed.example", "deferred 4.7.5 tls_certificate_not_verified"),
)
