"""Who exists, and what their domains say."""

from collections.abc import Iterator

from tests.live.scenario import (
    EHLO,
    GREETED,
    TO_RCPT,
    TRUSTED,
    Say,
    Scenario,
    Step,
    mail,
    rcpt,
    say,
    scenario,
    smtpd,
)

TABLES = ("local", "relay", "alias", "mailbox")
IDS = {"local": "local", "relay": "relay", "alias": "virtual_alias", "mailbox": "virtual_mailbox"}


def unknown() -> Iterator[Scenario]:
    """Users that no table has, as recipients and as senders, and with the table kept secret."""
    recipients, senders, secret = [*TO_RCPT], [GREETED, EHLO], [*TO_RCPT]
    for table in TABLES:
        nobody = f"nobody@{table}.example"
        recipients.append(
            rcpt(nobody, f"550 5.1.1 recipient_unknown_{IDS[table]}", recipient=nobody)
        )
        status = "5.1.7" if table == "alias" else "5.1.0"
        senders.append(mail(nobody, f"550 {status} sender_unknown_{IDS[table]}", sender=nobody))
        secret.append(rcpt(nobody, "550 5.1.1 recipient_unknown_user", recipient=nobody))
    yield scenario("unknown recipients", smtpd(), *recipients)
    unlisted = {"smtpd_sender_restrictions": "reject_unlisted_sender", "smtpd_delay_reject": "no"}
    yield scenario("unknown senders", smtpd(**unlisted), *senders)
    # The virtual alias table is trivial-rewrite's, and so is that part of the reply.
    quiet = {"show_user_unknown_table_name": "no", "rewrite_service_name": "rewrite-quiet"}
    quiet_senders = [
        mail(
            f"nobody@{table}.example",
            f"550 {'5.1.7' if table == 'alias' else '5.1.0'} sender_unknown_user",
            sender=f"nobody@{table}.example",
        )
        for table in TABLES
    ]
    yield scenario(
        "unknown senders, no table", smtpd(**unlisted, **quiet), GREETED, EHLO, *quiet_senders
    )
    yield scenario("unknown recipients, no table", smtpd(**quiet), *secret)


def checked(name: str, restriction: str, *steps: Step, **settings: str) -> Scenario:
    """Senders and HELO names checked at once."""
    kind = "helo" if "helo" in restriction else "sender"
    settings |= {f"smtpd_{kind}_restrictions": restriction, "smtpd_delay_reject": "no"}
    return scenario(name, smtpd(**settings), GREETED, *steps)


def helo(name: str, expected: str) -> Say:
    return say(f"EHLO {name}", expected, helo=name)


def recipient_checked(name: str, restriction: str, *recipients: Step, **settings: str) -> Scenario:
    settings["smtpd_recipient_restrictions"] = restriction
    settings |= TRUSTED
    settings["smtpd_reject_unlisted_recipient"] = "no"
    return scenario(name, smtpd(**settings), *TO_RCPT, *recipients)


def sender(address: str, /, expected: str, **params: str) -> Say:
    return mail(address, expected, sender=address, **params)


def recipient(address: str, /, expected: str, **params: str) -> Say:
    return rcpt(address, expected, recipient=address, **params)


SCENARIOS = (
    *unknown(),
    checked(
        "HELO names by syntax",
        "reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname",
        helo("-bad-", "501 5.5.2 helo_invalid_name"),
        helo("[1.2.3]", "501 5.5.2 helo_invalid_ip_address"),
        helo("short", "504 5.5.2 helo_not_fully_qualified"),
    ),
    checked(
        "HELO names by DNS",
        "reject_unknown_helo_hostname",
        helo("nosuch.example", "450 4.7.1 helo_host_not_found"),
        helo("malformed.example", "450 4.7.1 helo_dns_reply_malformed"),
        helo("servfail.example", "450 4.7.1 helo_host_not_found"),
        unknown_helo_hostname_tempfail_action="defer",
    ),
    checked(
        "senders by syntax",
        "reject_non_fqdn_sender",
        EHLO,
        sender("anna", "504 5.5.2 sender_not_fully_qualified"),
        sender("anna@short", "504 5.5.2 sender_not_fully_qualified"),
    ),
    checked(
        "senders by DNS",
        "reject_unknown_sender_domain",
        EHLO,
        sender("a@nosuch.example", "450 4.1.8 sender_domain_not_found"),
        sender("a@nullmx.example", "550 5.7.27 sender_domain_null_mx", domain="nullmx.example"),
        sender("a@malformed.example", "450 4.1.8 sender_dns_reply_malformed"),
        sender("a@servfail.example", "450 4.1.8 sender_domain_not_found"),
        unknown_address_tempfail_action="defer",
    ),
    recipient_checked(
        "recipients by syntax",
        "reject_non_fqdn_recipient",
        recipient("anna", "504 5.5.2 recipient_not_fully_qualified"),
    ),
    recipient_checked(
        "recipients by DNS",
        "reject_unknown_recipient_domain",
        recipient("a@nosuch.example", "450 4.1.2 recipient_domain_not_found"),
        recipient(
            "a@nullmx.example", "556 5.1.10 recipient_domain_null_mx", domain="nullmx.example"
        ),
        recipient("a@malformed.example", "450 4.1.2 recipient_dns_reply_malformed"),
        recipient("a@servfail.example", "450 4.1.2 recipient_domain_not_found"),
        unknown_address_tempfail_action="defer",
    ),
    scenario(
        "relaying",
        smtpd(),
        *TO_RCPT,
        recipient("b@other.example", "454 4.7.1 relay_access_denied"),
        recipient("b%other.example@local.example", "454 4.7.1 relay_access_denied"),
        rcpt("known@relay.example"),
    ),
    scenario(
        "relaying, with the restriction of old",
        smtpd(smtpd_relay_restrictions="reject_unauth_destination"),
        *TO_RCPT,
        recipient("b@other.example", "554 5.7.1 relay_access_denied"),
    ),
    scenario(
        "relaying, with a restriction that is gone since",
        smtpd(smtpd_relay_restrictions="check_relay_domains"),
        *TO_RCPT,
        recipient("b@other.example", "554 5.7.1 relay_access_denied"),
    ),
    scenario(
        "addresses that the site has ended",
        smtpd(**TRUSTED),
        *TO_RCPT,
        recipient("a@ended.example", "550 5.1.2 recipient_rejected", reason="No such place"),
        recipient("a@paused.example", "450 4.4.1 recipient_rejected", reason="Back tomorrow"),
        recipient("a@silent.example", "550 5.1.1 recipient_delivery_disabled"),
    ),
    scenario(
        "senders that the site has ended",
        smtpd(smtpd_sender_restrictions="reject_unlisted_sender", smtpd_delay_reject="no"),
        GREETED,
        EHLO,
        sender("a@ended.example", "550 5.1.8 sender_rejected", reason="No such place"),
        sender("a@silent.example", "550 5.1.0 sender_delivery_disabled"),
    ),
    scenario(
        "a recipient who has moved",
        smtpd(),
        *TO_RCPT,
        recipient("moved@local.example", "550 5.1.6 recipient_moved", address="anna@new.example"),
    ),
    checked(
        "a sender who has moved",
        "reject_unlisted_sender",
        EHLO,
        sender("moved@local.example", "550 5.1.7 sender_moved", address="anna@new.example"),
    ),
    recipient_checked(
        "backup MX look-ups",
        "permit_mx_backup, reject_unauth_destination",
        recipient("a@other.example", "554 5.7.1 relay_access_denied"),
        recipient(
            "a@servfail.example",
            "450 4.4.4 mail_exchanger_information_lookup_failed",
            reason="Host not found, try again",
        ),
        recipient("a@lostmx.example", "450 4.4.4 mail_exchanger_host_lookup_failed"),
    ),
    recipient_checked(
        "backup MX networks",
        "permit_mx_backup, reject_unauth_destination",
        recipient("a@backed.example", "450 4.4.4 mail_exchanger_lookup_failed"),
        permit_mx_backup_networks="192.0.2.0/24",
    ),
    recipient_checked(
        "backup MX networks in a broken table",
        "permit_mx_backup, reject_unauth_destination",
        recipient(
            "a@backed-well.example",
            "450 4.4.4 mail_exchanger_unverifiable",
            domain="mail.client.example",
        ),
        permit_mx_backup_networks="fail:table",
    ),
)
