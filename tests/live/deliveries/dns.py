"""Destinations that the DNS, or the files of the machine, do not lead to."""

from tests.live.delivery import Delivery, outcomes, via

NATIVE = {"smtp_host_lookup": "native", "smtp_dns_support_level": "disabled"}


def of(domain: str, expected: str, **settings: str) -> Delivery:
    return Delivery(f"dns {domain}", outcomes(expected), via("smtp", domain, **settings))


def native(host: str, expected: str, **settings: str) -> Delivery:
    route = via("smtp", f"[{host}]", **NATIVE, **settings)
    return Delivery(f"native {host}", outcomes(expected), route)


DELIVERIES = (
    of("nosuch.example", "bounced 5.4.4 host_not_found"),
    of("[nosuch-host.example]", "bounced 5.4.4 host_not_found"),
    of("servfail.example", "deferred 4.4.3 host_lookup_try_again"),
    of("refused.example", "deferred 4.4.3 host_lookup_try_again"),
    of("formerr.example", "bounced 5.4.3 host_lookup_unrecoverable"),
    of("addressless.example", "bounced 5.4.4 host_without_address_record"),
    of("nullmx.example", "bounced 5.1.0 destination_null_mx"),
    of("malformed.example", "bounced 5.4.4 dns_answer_malformed"),
    of("[2001:db8::1]", "bounced 5.4.4 domain_name_invalid", inet_protocols="ipv4"),
    of("circle.example", "bounced 5.4.4 cname_chain_too_long"),
    of("lostmx.example", "deferred 4.4.3 host_lookup_try_again"),
    of("ownmx.example", "bounced 5.4.6 mail_loops_back"),
    of("[mx.example.com]", "bounced 5.4.6 mail_loops_back"),
    of("backup.example", "deferred 4.4.4 primary_relay_not_found"),
    of(
        "filtered.example",
        "deferred 4.7.0 dns_filter_drops_all",
        smtp_dns_reply_filter="pcre:{ {/./ IGNORE} }",
    ),
    of(
        "misfiltered.example",
        "deferred 4.4.3 dns_filter_invalid",
        smtp_dns_reply_filter="pcre:{ {/./ NOSUCH} }",
    ),
    native("nosuch.example", "bounced 5.4.4 native_host_lookup_failed"),
    native("six.example", "bounced 5.3.0 native_host_lookup_failed", inet_protocols="ipv4"),
    native("servfail.example", "deferred 4.4.4 native_host_lookup_failed"),
)
