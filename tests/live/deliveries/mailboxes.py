"""Mailboxes and maildirs of users of the machine, and what can be wrong with them."""

from tests.live.delivery import HELLO, Delivery, Mail, folder, outcomes, via
from tests.live.standins import smtp

NEXT = f"[127.0.0.1]:{smtp.PORT}"
LONG = Mail(text="Subject: long\n\n" + "many words\n" * 2000)
QUICK = {"deliver_lock_attempts": "1", "deliver_lock_delay": "1s"}
FLOCK = {"mailbox_delivery_lock": "flock"}
# While somebody holds the mailbox.
HELD = (
    "touch anna; chown anna anna\n"
    "flock anna sh -c 'while [ ! -e gone ]; do sleep 0.1; done' >/dev/null 2>&1 &"
)


def mailbox(
    name: str,
    prepare: str,
    expected: str,
    mail: Mail = HELLO,
    /,
    within: str = "",
    **settings: str,
) -> Delivery:
    """Mail for anna, whose mailbox is in the delivery's folder."""
    route = via("local", mail_spool_directory=f"{folder(name)}{within}", **settings)
    return Delivery(name, outcomes(expected), route, "anna", mail, f"chmod 1777 .\n{prepare}")


def updated(expected: str, wrapper: str = "mailbox_not_updated") -> str:
    status, dsn, reason = expected.split()
    return f"{status} {dsn} {wrapper}/{reason}"


def broken(name: str, prepare: str, expected: str, mail: Mail = HELLO, /, **more: str) -> Delivery:
    return mailbox(name, prepare, updated(expected), mail, **more)


def maildir(name: str, prepare: str, expected: str, mail: Mail = HELLO) -> Delivery:
    return mailbox(name, prepare, updated(expected, "maildir_delivery_failed"), mail, within="/m/")


def disk(options: str) -> str:
    return f"mkdir m; mount -t tmpfs -o mode=1777,{options} none m"


DELIVERIES = (
    mailbox("a mailbox", "", "sent 2.0.0 delivered_to_mailbox"),
    mailbox("a maildir", "mkdir m; chmod 1777 m", "sent 2.0.0 delivered_to_maildir", within="/m/"),
    Delivery(
        "no such user", outcomes("bounced 5.1.1 mailbox_unknown_user"), via("local"), "nosuchuser"
    ),
    Delivery(
        "postmaster", outcomes("sent 2.0.0 postmaster_mail_dropped"), via("local"), "postmaster"
    ),
    Delivery("no user at all", outcomes("bounced 5.1.3 recipient_user_empty"), via("local"), '""'),
    Delivery(
        "no home",
        outcomes("deferred 4.3.0 home_directory_inaccessible"),
        via("local", require_home_directory="yes"),
        "nobody",
    ),
    Delivery(
        "no users to read",
        outcomes("deferred 4.0.0 user_lookup_error"),
        via("local in chroot"),
        "anna",
        prepare="mkdir -p /var/spool/postfix/etc/passwd",
    ),
    broken(
        "a symbolic link",
        "chmod 777 .; ln -s other anna; chown -h anna anna; touch other; chmod 666 other",
        "bounced 5.2.0 mailbox_is_symbolic_link",
    ),
    broken(
        "hard links",
        "touch anna; ln anna other; chown anna anna",
        "bounced 5.2.0 mailbox_has_hard_links",
    ),
    broken("a folder", "mkdir anna; chown anna anna", "bounced 5.2.0 mailbox_not_opened"),
    broken(
        "a device", "mknod anna c 1 3; chmod 666 anna", "bounced 5.2.0 mailbox_not_regular_file"
    ),
    broken(
        "another owner",
        "touch anna; chmod 666 anna",
        "deferred 4.2.0 mailbox_owned_by_another_user",
    ),
    broken("no folder", "", "bounced 5.2.0 mailbox_not_created", within="/nosuch", **FLOCK),
    broken(
        "no folder for the lock",
        "",
        "bounced 5.2.0 mailbox_lock_file_not_created",
        within="/nosuch",
        mailbox_delivery_lock="dotlock",
    ),
    broken(
        "a lock file",
        "touch anna.lock",
        "deferred 4.2.0 mailbox_lock_file_exists",
        mailbox_delivery_lock="dotlock",
        **QUICK,
    ),
    broken("a lock", HELD, "deferred 4.2.0 mailbox_lock_taken", **FLOCK, **QUICK),
    mailbox(
        "a mailbox that goes away",
        HELD,
        "deferred 4.2.0 mailbox_not_updated/mailbox_replaced_while_locked",
        deliver_lock_attempts="600",
        **FLOCK,
    )._replace(
        again=(
            f"cd {folder('a mailbox that goes away')}; rm anna; touch anna; chown anna anna",
            f"touch {folder('a mailbox that goes away')}/gone",
        )
    ),
    broken("a full disk", disk("size=4k"), "deferred 4.3.0 mailbox_disk_full", LONG, within="/m"),
    broken(
        "a size limit",
        "head -c 3900 /dev/zero >anna; chown anna anna",
        "bounced 5.2.2 mailbox_size_limit_reached",
        mailbox_size_limit="4000",
        message_size_limit="4000",
    ),
    maildir("a maildir on a full disk", disk("nr_inodes=2"), "deferred 4.3.0 maildir_disk_full"),
    maildir(
        "a long message in a maildir", disk("size=4k"), "deferred 4.3.0 mailbox_disk_full", LONG
    ),
    maildir(
        "no right to a maildir", "mkdir m; chmod 700 m", "bounced 5.2.0 maildir_file_not_created"
    ),
    mailbox(
        "mailbox_command",
        "",
        "sent 2.0.0 delivered_to_command",
        mailbox_command="cat >/dev/null",
    ),
    mailbox(
        "a failing table of commands",
        "",
        "deferred 4.3.0 delivery_table_lookup_failed",
        mailbox_command_maps="fail:table",
    ),
    Delivery(
        "a failing table of fallbacks",
        outcomes("deferred 4.3.0 delivery_table_lookup_failed"),
        via("local", fallback_transport_maps="fail:table"),
        "nosuchuser",
    ),
    mailbox(
        "a service that delivers nothing",
        "",
        "deferred 4.3.0 transport_unavailable",
        mailbox_transport="bounce:",
    ),
    mailbox(
        "a transport for mailboxes",
        "",
        "deferred 4.3.0 transport_error",
        mailbox_transport=f"dying:{NEXT}",
    ),
)
