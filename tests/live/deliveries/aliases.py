"""Aliases, :include: lists, .forward files and the files that they name."""

from tests.live.delivery import HELLO, Delivery, Mail, folder, outcomes, slug, via


def alias(
    name: str,
    value: str,
    *expected: str,
    mail: Mail = HELLO,
    prepare: str = "",
    reported: str = "",
    **settings: str,
) -> Delivery:
    """An alias, in which %s is the delivery's domain and %f its folder."""
    value = value.replace("%s", f"{slug(name)}.example").replace("%f", folder(name))
    route = via("local", **{"alias_maps": f"inline:{{ {{ known = {value} }} }}", **settings})
    return Delivery(
        name,
        outcomes(*expected),
        route,
        mail=mail,
        prepare=f"chmod 1777 .\n{prepare}" if "%f" in value or folder(name) in value else prepare,
        reported=outcomes(*filter(None, [reported])),
    )


def forward(name: str, lines: str, *expected: str, user: str = "anna", **settings: str) -> Delivery:
    """A .forward file of anna's."""
    where = folder(name)
    route = via("local", **{"forward_path": f"{where}/forward", **settings})
    prepare = f"printf '{lines}' >forward; chown anna forward"
    return Delivery(name, outcomes(*expected), route, user, prepare=prepare)


CONFIGURATION = "bounced 5.3.5 mail_system_configuration_error"
DELIVERIES = (
    alias(
        "an alias in a loop",
        "other@%s",
        "bounced 5.4.6 alias_database_loop",
        alias_maps="inline:{ {known = other@an-alias-in-a-loop.example}, "
        "{other = known@an-alias-in-a-loop.example} }",
    ),
    alias(
        "an alias database that fails",
        "",
        "deferred 4.3.0 alias_database_unavailable",
        alias_maps="fail:table",
    ),
    alias(
        "an alias database of nobody",
        "",
        "deferred 4.3.0 alias_database_owner_unknown",
        prepare="echo 'known anna' >aliases; chown 54321 aliases",
        alias_maps=f"texthash:{folder('an alias database of nobody')}/aliases",
    ),
    alias(
        "an alias with a report",
        "anna@%s",
        "sent 2.0.0 delivered_to_mailbox",
        mail=Mail(notify="SUCCESS"),
        reported="expanded 2.0.0 delivery_reported_via/alias_expanded",
        mail_spool_directory="/var/mail",
    ),
    alias("an alias to nowhere", "-x@local.example", "bounced 5.1.3 forwarding_address_malformed"),
    alias(
        "an alias that cannot be resolved",
        "x@unreadable.example",
        "deferred 4.3.0 address_routing_failed",
    ),
    alias(
        "an alias to a server",
        "known@next.example",
        "sent 2.0.0 forwarded_as_message",
        "sent 2.0.0 -",
    ),
    alias(
        "an alias that cannot be sent on",
        "known@next.example",
        "deferred 4.3.0 message_not_forwarded",
        cleanup_service_name="nosuch",
    ),
    alias("a list that is not there", ":include:/nonexistent", CONFIGURATION),
    alias("a list with a relative path", ":include:nowhere", CONFIGURATION),
    alias(
        "a list of nobody",
        ":include:%f/list",
        "deferred 4.3.5 mail_system_configuration_error",
        prepare="echo anna >list; chown 54321 list",
    ),
    alias("an alias to a file", "%f/file", "sent 2.0.0 delivered_to_file"),
    alias(
        "an alias to no file",
        "/nonexistent/file",
        "bounced 5.2.0 file_not_appended/mailbox_not_created",
    ),
    alias(
        "an alias to a full file", "/dev/full", "deferred 4.3.0 file_not_appended/mailbox_disk_full"
    ),
    alias(
        "an alias to a pipe that nobody reads",
        "%f/pipe",
        "deferred 4.2.0 file_not_appended/message_write_failed",
        mail=Mail(text="Subject: large\n\n" + "many words\n" * 20000),
        prepare="mkfifo pipe; chmod 666 pipe; sh -c 'sleep 600 <pipe' >/dev/null 2>&1 &",
    ),
    alias(
        "an alias to a program's file",
        "%f/file",
        "bounced 5.7.1 file_not_appended/target_file_executable",
        prepare="touch file; chmod 777 file",
    ),
    alias(
        "no alias to files",
        "/dev/null",
        "bounced 5.7.1 file_delivery_restricted",
        allow_mail_to_files="",
    ),
    alias(
        "no alias to commands",
        '|\\"cat\\"'.replace("\\", ""),
        "bounced 5.7.1 command_delivery_restricted",
        allow_mail_to_commands="",
    ),
    alias(
        "seen before",
        "",
        "bounced 5.4.6 mail_forwarding_loop",
        mail=Mail(text="Delivered-To: known@seen-before.example\n\nhello\n"),
        alias_maps="",
    ),
    forward("forwarded", "known@next.example", "sent 2.0.0 forwarded_as_message", "sent 2.0.0 -"),
    Delivery(
        "a forward file that cannot be read",
        outcomes("deferred 4.3.0 forwarding_file_not_read", "sent 2.0.0 delivered_to_mailbox"),
        via("local", forward_path="/proc/self/mem"),
        "root",
    ),
)
