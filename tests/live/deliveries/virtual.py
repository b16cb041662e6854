"""virtual(8), which delivers into mailboxes that no user of the machine has."""

from tests.live.deliveries.mailboxes import LONG, QUICK, disk, updated
from tests.live.delivery import HELLO, Delivery, Mail, folder, outcomes, via


def virtual(
    name: str, prepare: str, expected: str, mail: Mail = HELLO, /, box: str = "box", **settings: str
) -> Delivery:
    name = f"virtual {name}"
    route = via(
        "virtual",
        **{
            "virtual_mailbox_base": folder(name),
            "virtual_mailbox_maps": f"static:{box}",
            "virtual_alias_maps": "",
            **settings,
        },
    )
    return Delivery(name, outcomes(expected), route, mail=mail, prepare=f"chmod 1777 .\n{prepare}")


def broken(name: str, prepare: str, expected: str, mail: Mail = HELLO, /, **more: str) -> Delivery:
    return virtual(name, prepare, updated(expected, "virtual_mailbox_not_updated"), mail, **more)


DELIVERIES = (
    virtual("mailbox", "", "sent 2.0.0 delivered_to_mailbox"),
    virtual("maildir", "", "sent 2.0.0 delivered_to_maildir", box="box/"),
    virtual(
        "nobody", "", "bounced 5.1.1 mailbox_unknown_user", virtual_mailbox_maps="inline:{other=x}"
    ),
    virtual(
        "no owner",
        "",
        "deferred 4.3.5 mail_system_configuration_error",
        virtual_uid_maps="inline:{other=1}",
    ),
    broken(
        "hard links",
        "chmod 777 .; touch box; chown nobody box; ln box x",
        "deferred 4.2.0 mailbox_has_hard_links",
    ),
    broken(
        "symbolic link",
        "chmod 777 .; touch x; chmod 666 x; ln -s x box; chown -h nobody box",
        "deferred 4.2.0 mailbox_is_symbolic_link",
    ),
    broken("folder", "mkdir box; chmod 777 box", "deferred 4.2.0 mailbox_not_opened"),
    broken(
        "another owner", "touch box; chmod 666 box", "deferred 4.2.0 mailbox_owned_by_another_user"
    ),
    broken(
        "lock file",
        "touch box.lock",
        "deferred 4.2.0 mailbox_lock_file_exists",
        virtual_mailbox_lock="dotlock",
        **QUICK,
    ),
    broken("full disk", disk("size=4k"), "deferred 4.3.0 mailbox_disk_full", LONG, box="m/box"),
    broken(
        "size limit",
        "head -c 3900 /dev/zero >box; chown nobody box",
        "bounced 5.2.2 mailbox_size_limit_reached",
        virtual_mailbox_limit="4000",
        message_size_limit="4000",
    ),
    virtual(
        "maildir without rights",
        "mkdir m; chmod 700 m",
        "deferred 4.2.0 maildir_delivery_failed/maildir_file_not_created",
        box="m/",
    ),
    virtual(
        "maildir on a full disk",
        disk("nr_inodes=2"),
        "deferred 4.3.0 maildir_delivery_failed/maildir_disk_full",
        box="m/",
    ),
)
