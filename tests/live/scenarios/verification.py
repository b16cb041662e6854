"""Address verification: what another server says about an address comes back inside the reply."""

from tests.live.scenario import EHLO, GREETED, TO_RCPT, Scenario, mail, rcpt, scenario, smtpd

SOON = {"address_verify_poll_delay": "1s", "address_verify_poll_count": "9"}
ADDRESS = "127.0.0.1[127.0.0.1]"
REFUSAL = "554 next.example ESMTP not accepting connections"
REJECTING = {"unverified_recipient_reject_code": "550", "unverified_sender_reject_code": "550"}


def of_recipient(name: str, address: str, expected: str, **params: str) -> Scenario:
    settings = {"smtpd_recipient_restrictions": "reject_unverified_recipient", **SOON}
    if expected.startswith("5"):
        settings |= REJECTING
    ask = rcpt(address, expected, **params)
    return scenario(name, smtpd(**settings), *TO_RCPT, ask)


def of_sender(name: str, address: str, expected: str, **params: str) -> Scenario:
    settings = {
        "smtpd_sender_restrictions": "reject_unverified_sender",
        "smtpd_delay_reject": "no",
        "unverified_sender_tempfail_action": "defer",
        **SOON,
    }
    if expected.startswith("5"):
        settings |= REJECTING
    ask = mail(address, expected, **params)
    return scenario(name, smtpd(**settings), GREETED, EHLO, ask)


def said(reply: str) -> str:
    return f"host {ADDRESS} said: {reply} (in reply to RCPT TO command)"


# The next hop is another Postfix, so that what the log quotes is known too.
BUSY = "452_4.3.1_Insufficient_system_storage"
GONE = "550_5.7.1_Command_rejected"
LONG = "550-5.7.1_Command_rejected/550_5.7.1_Ask_the_postmaster"

SCENARIOS = (
    of_recipient("a recipient that exists", "known@next.example", "250 2.1.5 recipient_ok"),
    of_recipient(
        "a recipient that is busy",
        f"{BUSY}@next.example",
        "450 4.1.1 recipient_unverified",
        reason=said("452 4.3.1 Insufficient system storage"),
    ),
    of_recipient(
        "a recipient that is gone",
        f"{GONE}@next.example",
        "550 5.1.1 recipient_undeliverable",
        reason=said("550 5.7.1 Command rejected"),
    ),
    of_recipient(
        "a recipient that is gone, with many words",
        f"{LONG}@next.example",
        "550 5.1.1 recipient_undeliverable",
        reason=said("550-5.7.1 Command rejected 550 5.7.1 Ask the postmaster"),
    ),
    of_recipient(
        "a recipient that is gone, under the stock code",
        "554_5.7.1_Service_unavailable@next.example",
        "450 4.1.1 recipient_unverified",
        reason=said("554 5.7.1 Service unavailable"),
    ),
    of_recipient(
        "a recipient whose server refuses to talk",
        "a@refusing.example",
        "454 4.7.1 relay_access_denied",
        recipient="a@refusing.example",
    ),
    of_sender(
        "a sender that is busy",
        f"{BUSY}@next.example",
        "450 4.1.7 sender_unverified",
        reason=said("452 4.3.1 Insufficient system storage"),
    ),
    of_sender(
        "a sender that is gone",
        f"{GONE}@next.example",
        "550 5.1.7 sender_undeliverable",
        reason=said("550 5.7.1 Command rejected"),
    ),
    of_sender(
        "a sender whose server refuses to talk",
        "a@refusing.example",
        "450 4.1.7 sender_unverified",
        reason=f"host {ADDRESS} refused to talk to me: {REFUSAL}",
    ),
    of_sender(
        "a sender whose server hangs up",
        "a@silent-next.example",
        "450 4.1.7 sender_unverified",
        reason=f"lost connection with {ADDRESS} while receiving the initial server greeting",
    ),
    scenario(
        "a recipient that is still asked about",
        smtpd(
            smtpd_recipient_restrictions="reject_unverified_recipient",
            address_verify_poll_count="1",
        ),
        *TO_RCPT,
        rcpt(
            "450_4.3.2_Service_currently_unavailable@next.example",
            "450 4.1.1 recipient_unverified",
            reason="Address verification in progress",
        ),
    ),
    scenario(
        "words of the site for recipients",
        smtpd(
            smtpd_recipient_restrictions="reject_unverified_recipient",
            unverified_recipient_reject_reason="Nobody here",
            **REJECTING,
            **SOON,
        ),
        *TO_RCPT,
        rcpt(f"{GONE}@next.example", "550 5.1.1 recipient_undeliverable", reason="Nobody here"),
    ),
)
