"""Logins at a relay host."""

from tests.live.deliveries.session import NEXT, told
from tests.live.delivery import Delivery, outcome, via
from tests.live.postfix import LOGINS

LOGIN = {
    "smtp_sasl_auth_enable": "yes",
    "smtp_sasl_password_maps": "static:anna:right",
    "smtp_sasl_security_options": "",
}


def offered(mechanism: str) -> str:
    return f"ehlo 250-next.example/250 AUTH {mechanism}"


DELIVERIES = (
    told("logged in", f"{offered('PLAIN')}", "sent 2.0.0 -", **LOGIN),
    told(
        "login refused",
        f"{offered('PLAIN')}|auth 535 5.7.8 Error: authentication failed: wrong",
        "bounced 5.7.8 sasl_login_refused",
        **LOGIN,
        smtp_sasl_auth_soft_bounce="no",
    ),
    told(
        "login refused softly",
        f"{offered('PLAIN')}|auth 535 5.7.8 Error: authentication failed: wrong",
        "deferred 4.7.8 sasl_login_refused",
        **LOGIN,
    ),
    told(
        "no mechanism",
        f"{offered('PLAIN')}",
        "deferred 4.7.0 sasl_no_compatible_mechanism",
        **LOGIN,
        smtp_sasl_mechanism_filter="!plain",
    ),
    told(
        "a login that ends too late",
        f"{offered('PLAIN')}|auth 334 dGVzdA==",
        "deferred 4.7.0 sasl_client_cannot_login",
        **LOGIN,
    ),
    told(
        "the server speaks first",
        f"{offered('PLAIN')}|auth 334 dGVzdA==",
        "deferred 4.7.0 sasl_server_spoke_first",
        **LOGIN | {"smtp_sasl_password_maps": f"static:anna:{'x' * 600}"},
    ),
    Delivery(
        "login refused before",
        (
            outcome("deferred 4.7.8 sasl_login_refused"),
            outcome("deferred 4.7.8 sasl_login_refused_before"),
        ),
        via(
            "smtp",
            NEXT,
            **LOGIN,
            smtp_helo_name=f"{offered('PLAIN')}|auth 535 5.7.8 Error: authentication failed: wrong",
            smtp_sasl_auth_cache_name=LOGINS,
        ),
        again=("postqueue -i {id}",),
    ),
)
