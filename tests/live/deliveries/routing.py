"""Mail that tables of this Postfix send nowhere, and services that are not there."""

from tests.live.delivery import Delivery, Mail, outcomes, slug, via
from tests.live.standins import smtp

NEXT = f"[127.0.0.1]:{smtp.PORT}"
LOST = "unreachable@client.example"  # its notices cannot be sent; see postfix.py


def twice(name: str) -> tuple[str, ...]:
    """Two more messages for a delivery, the second after the first was tried."""
    send = f"echo | sendmail -f anna@client.example known@{slug(name)}.example"
    return (f"{send}; sleep 1; {send}",)


DELIVERIES = (
    Delivery("error", outcomes("bounced 5.1.2 routing_refuses"), user="a@ended.example"),
    Delivery("retry", outcomes("deferred 4.4.1 routing_refuses"), user="a@paused.example"),
    Delivery(
        "error without words", outcomes("bounced 5.0.0 routed_to_nowhere"), user="a@silent.example"
    ),
    Delivery("discard", outcomes("sent 2.0.0 routing_discards"), via("discard", "silently")),
    Delivery("moved", outcomes("bounced 5.1.6 recipient_has_moved"), user="moved@local.example"),
    Delivery(
        "no such alias",
        outcomes("bounced 5.1.1 virtual_alias_unknown_user"),
        user="x@alias.example",
    ),
    Delivery(
        "unreadable", outcomes("deferred 4.3.0 address_routing_failed"), user="x@unreadable.example"
    ),
    Delivery("held back", outcomes("deferred 4.3.2 transport_held_back"), via("smtp")),
    Delivery(
        "a service that is not there",
        outcomes("deferred 4.3.0 transport_unavailable"),
        user="a@serviceless.example",
    ),
    Delivery(
        "suspended",
        outcomes(
            "deferred 4.4.1 connect_failed",
            "deferred 4.4.1 connect_failed",
            "deferred 4.4.1 delivery_suspended/connect_failed",
        ),
        via("smtp", "[127.0.0.1]:9"),
        again=twice("suspended"),
        first=1,
    ),
    Delivery(
        "expired by hand",
        outcomes("deferred 4.7.0 message_force_expired"),
        via("discard", "kept"),
        mail=Mail(text="X-Order: HOLD\n\nhello\n"),
        again=("postsuper -f {id}; postqueue -i {id}",),
    ),
    Delivery(
        "an alias of the whole Postfix",
        outcomes("sent 2.0.0 routing_discards"),
        user="reported@alias.example",
        mail=Mail(notify="SUCCESS"),
        reported=outcomes("expanded 2.0.0 alias_expanded"),
    ),
    Delivery(
        "a record that cannot be kept",
        outcomes("deferred 4.3.0 bounce_not_recorded"),
        via("smtp", "nosuch.example", bounce_service_name="nosuch"),
    ),
    Delivery(
        "a report that cannot be kept",
        outcomes("deferred 4.3.0 success_report_not_recorded"),
        via("discard", "kept", trace_service_name="nosuch"),
        mail=Mail(notify="SUCCESS"),
    ),
    Delivery(
        "a bounce that cannot be sent",
        outcomes("bounced 5.4.4 host_not_found", "deferred - bounce_not_sent"),
        via("smtp", "nosuch.example"),
        mail=Mail(sender=LOST),
    ),
    Delivery(
        "a report that cannot be sent",
        outcomes("sent 2.0.0 routing_discards", "deferred - delivery_report_not_sent"),
        via("discard", "kept"),
        mail=Mail(sender=LOST, notify="SUCCESS"),
    ),
    Delivery(
        "a warning that cannot be sent",
        outcomes(
            "deferred 4.4.1 connect_failed",
            "deferred 4.4.1 connect_failed",
            "deferred - delay_warning_not_sent",
        ),
        via("smtp", "[127.0.0.1]:9"),
        mail=Mail("sendmail", sender=LOST),
        again=("sleep 1; postqueue -i {id}",),
        first=1,
    ),
    Delivery(
        "a warning",
        outcomes("deferred 4.4.1 connect_failed", "deferred 4.4.1 connect_failed"),
        via("smtp", "[127.0.0.1]:9"),
        mail=Mail("sendmail"),
        again=("sleep 1; postqueue -i {id}",),
        reported=outcomes("delayed 4.4.1 connect_failed"),
    ),
    Delivery(
        "a damaged queue file",
        outcomes(
            "deferred 4.3.2 host_said",
            "bounced 5.3.0 queue_file_damaged",
            "deferred - bounce_not_sent",
        ),
        via("smtp", NEXT, smtp_helo_name=". 450 4.3.2 Service currently unavailable"),
        again=(
            "cd /var/spool/postfix/deferred; cp */{id} /var/mail/damaged",
            "cd /var/spool/postfix/deferred; "
            r"LC_ALL=C sed 's/N\x05hello/~\x05hello/' /var/mail/damaged | dd of=$(echo */{id})",
            "postqueue -i {id}",
        ),
        first=1,
    ),
    Delivery(
        "a damaged record",
        outcomes("deferred 4.4.1 connect_failed"),
        via("smtp", "[127.0.0.1]:9"),
        again=("sed -i '/^reason=/d; /^</d' /var/spool/postfix/defer/*/{id}",),
        first=1,
        listed=outcomes("- - failure_words_missing"),
    ),
    Delivery(
        "a lost notice",
        outcomes("sent 2.0.0 postmaster_notice_discarded"),
        user="double-bounce@local.example",
    ),
    Delivery(
        "an address that is none",
        outcomes("bounced 5.1.3 delivery_address_malformed"),
        user="-x@local.example",
        mail=Mail("sendmail"),
    ),
)
