"""What would become of mail: sendmail -bv, and addresses that smtpd verifies."""

from tests.live.delivery import Delivery, Mail, folder, outcomes, via
from tests.live.standins import smtp

PROBE, VERIFY = Mail("probe"), Mail("verify", sender="asker@client.example")
ASKED = "- - address_probe_in_progress"
NEXT = f"[127.0.0.1]:{smtp.PORT}"


def aliased(value: str) -> dict[str, str]:
    return {"alias_maps": f"inline:{{ {{ known = {value} }} }}"}


DELIVERIES = (
    Delivery(
        "probe mailbox",
        outcomes("deliverable 2.0.0 delivers_to_mailbox"),
        via("local"),
        "anna",
        PROBE,
    ),
    Delivery(
        "probe maildir",
        outcomes("deliverable 2.0.0 delivers_to_maildir"),
        via("local", home_mailbox="m/"),
        "anna",
        PROBE,
    ),
    Delivery(
        "probe command",
        outcomes("deliverable 2.0.0 delivers_to_command"),
        via("local", **aliased('|"cat"')),
        mail=PROBE,
    ),
    Delivery(
        "probe file",
        outcomes("deliverable 2.0.0 delivers_to_file"),
        via("local", **aliased("/dev/null")),
        mail=PROBE,
    ),
    Delivery(
        "probe pipe",
        outcomes("deliverable 2.0.0 delivers_to_command"),
        via("pipe user=nobody argv=/bin/cat"),
        mail=PROBE,
    ),
    Delivery(
        "probe forwarding",
        outcomes("deliverable 2.0.0 forwards_to_address"),
        via("local", forward_path=f"{folder('probe forwarding')}/forward"),
        "anna",
        PROBE,
        "echo known@next.example >forward; chown anna forward",
    ),
    Delivery(
        "probe unknown",
        outcomes("undeliverable 5.1.1 mailbox_unknown_user"),
        via("local"),
        "nosuchuser",
        PROBE,
    ),
    Delivery(
        "probe refused",
        outcomes("undeliverable 4.4.1 connect_failed"),
        via("smtp", "[127.0.0.1]:9"),
        mail=PROBE,
    ),
    Delivery("probe server", outcomes("deliverable 2.0.0 -"), via("smtp", NEXT), mail=PROBE),
    Delivery(
        "verify alias",
        outcomes(ASKED, "deliverable 2.0.0 address_is_aliased"),
        via("local", **aliased("anna")),
        mail=VERIFY,
    ),
    Delivery(
        "verify forward",
        outcomes(ASKED, "deliverable 2.0.0 forwards_via_file"),
        via("local", forward_path=f"{folder('verify forward')}/forward"),
        "anna",
        VERIFY,
        "echo known@next.example >forward; chown anna forward",
    ),
    Delivery(
        "verify several",
        outcomes(ASKED, "deliverable 2.0.0 probed_alias_has_many_addresses"),
        user="several@alias.example",
        mail=VERIFY,
    ),
)
