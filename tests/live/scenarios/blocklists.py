"""DNS blocklists, with a reason and without, and what the site says in their place."""

from tests.live.scenario import SENDER, TO_RCPT, TRUSTED, Scenario, rcpt, scenario, smtpd

LIST, BARE_LIST = "bl.example", "bare.bl.example"
CLIENT = {"client_address": "192.0.2.25"}


def blocked(list_: str, restriction: str, expected: str, **params: str) -> Scenario:
    settings = {f"smtpd_{list_}_restrictions": restriction}
    if list_ == "recipient":
        settings |= TRUSTED
    return scenario(
        restriction,
        smtpd(**settings),
        *TO_RCPT,
        rcpt("known@local.example", f"554 5.7.1 {expected}", **params),
    )


LISTED = {"rbl_domain": LIST, "reason": "Known to send unwanted mail"}

SCENARIOS = (
    blocked("client", f"reject_rbl_client {LIST}", "client_blocked_using", **CLIENT, **LISTED),
    blocked(
        "client",
        f"reject_rbl_client {BARE_LIST}",
        "client_blocked_using",
        **CLIENT,
        rbl_domain=BARE_LIST,
    ),
    blocked(
        "client",
        f"reject_rbl_client {LIST}=127.0.0.2",
        "client_blocked_using",
        **CLIENT,
        **LISTED,
    ),
    blocked(
        "client",
        f"reject_rhsbl_client {LIST}",
        "client_blocked_using",
        client_address="mail.client.example",
        **LISTED,
    ),
    blocked(
        "client",
        f"reject_rhsbl_reverse_client {LIST}",
        "reverse_client_blocked_using",
        client_name="mail.client.example",
        **LISTED,
    ),
    blocked(
        "helo",
        f"reject_rhsbl_helo {LIST}",
        "helo_blocked_using",
        helo="mail.client.example",
        **LISTED,
    ),
    blocked(
        "sender", f"reject_rhsbl_sender {LIST}", "sender_blocked_using", sender=SENDER, **LISTED
    ),
    blocked(
        "recipient",
        f"reject_rhsbl_recipient {LIST}",
        "recipient_blocked_using",
        recipient="known@local.example",
        **LISTED,
    ),
    *(
        blocked(
            kind,
            f"reject_rhsbl_{word} {BARE_LIST}",
            f"{prefix}_blocked_using",
            rbl_domain=BARE_LIST,
        )
        for kind, word, prefix in (
            ("client", "reverse_client", "reverse_client"),
            ("helo", "helo", "helo"),
            ("sender", "sender", "sender"),
            ("recipient", "recipient", "recipient"),
        )
    ),
    scenario(
        "a reply of the site",
        smtpd(
            smtpd_client_restrictions=f"reject_rbl_client {LIST}",
            default_rbl_reply="$rbl_code 5.7.9 We do not take mail from $rbl_what",
        ),
        *TO_RCPT,
        rcpt("known@local.example", "554 5.7.9 blocklist_reply"),
    ),
    scenario(
        "a reply of the site without a code",
        smtpd(
            smtpd_client_restrictions=f"reject_rbl_client {LIST}",
            default_rbl_reply="We do not know you",
        ),
        *TO_RCPT,
        rcpt("known@local.example", "450 4.7.1 service_unavailable"),
    ),
    scenario(
        "a reply of the site for one list",
        smtpd(
            smtpd_client_restrictions=f"reject_rbl_client {LIST}",
            rbl_reply_maps=f"inline:{{ {{ {LIST} = 521 5.7.9 We do not know you }} }}",
        ),
        *TO_RCPT,
        rcpt("known@local.example", "521 5.7.9 blocklist_reply"),
    ),
)
