"""Commands, run by local(8) for an alias and by pipe(8) for a transport."""

from tests.live.deliveries.aliases import alias
from tests.live.delivery import HELLO, Delivery, Mail, outcomes, via

LARGE = Mail(text="Subject: large\n\n" + "many words\n" * 20000)
# By exit status.
ENDS = {
    64: "bounced 5.3.0 command_usage_error",
    65: "bounced 5.6.0 command_data_format_error",
    66: "bounced 5.3.0 command_input_not_opened",
    67: "bounced 5.1.1 command_user_unknown",
    68: "bounced 5.1.2 command_host_unknown",
    69: "bounced 5.3.0 command_service_unavailable",
    70: "bounced 5.3.0 command_software_error",
    71: "deferred 4.3.0 command_system_resource_problem",
    72: "bounced 5.3.0 command_system_file_missing",
    73: "bounced 5.2.0 command_output_file_not_created",
    74: "bounced 5.3.0 command_input_output_error",
    75: "deferred 4.3.0 command_temporary_failure",
    76: "bounced 5.5.0 command_remote_protocol_error",
    77: "bounced 5.7.0 command_permission_denied",
    78: "bounced 5.3.5 command_configuration_error",
    99: "bounced 5.3.0 command_died_with_status",
}


def local(
    name: str, command: str, expected: str, mail: Mail = HELLO, /, **settings: str
) -> Delivery:
    return alias(f"local {name}", f'|"{command}"', expected, mail=mail, **settings)


def piped(
    name: str,
    command: str,
    expected: str,
    mail: Mail = HELLO,
    /,
    flags: str = "",
    **settings: str,
) -> Delivery:
    daemon = f"pipe {flags} user=nobody argv=/bin/sh -c {{ {command} }}"
    return Delivery(f"pipe {name}", outcomes(expected), via(daemon, **settings), mail=mail)


DELIVERIES = (
    *(local(f"exit {code}", f"exit {code}", expected) for code, expected in ENDS.items()),
    *(piped(f"exit {code}", f"echo no; exit {code}", expected) for code, expected in ENDS.items()),
    local("well", "cat >/dev/null", "sent 2.0.0 delivered_to_command"),
    local("killed", "kill -9 $$$$", "deferred 4.3.0 command_died_with_signal"),
    local(
        "too slow", "sleep 20", "bounced 5.3.0 command_time_limit_exceeded", command_time_limit="1s"
    ),
    local("with a code", "echo 4.2.1 come back; exit 1", "deferred 4.2.1 command_output_reason"),
    # That it did not read all of it is no failure.
    local("not reading", "exit 0", "sent 2.0.0 delivered_to_command", LARGE),
    piped("well", "cat >/dev/null", "sent 2.0.0 delivered_via_service"),
    piped("well with output", "echo saved in INBOX", "sent 2.0.0 delivered_via_service"),
    piped("with a code", "echo 5.7.9 not for you; exit 1", "bounced 5.7.9 command_output_reason"),
    piped("killed", "echo oh; kill -9 $$$$", "deferred 4.3.0 command_died_with_signal"),
    piped(
        "too large",
        "cat >/dev/null",
        "bounced 5.2.3 message_too_large_for_transport",
        LARGE,
        flags="size=1000",
    ),
    piped(
        "seen before",
        "cat >/dev/null",
        "bounced 5.4.6 mail_forwarding_loop",
        Mail(text="Delivered-To: known@pipe-seen-before.example\n\nhello\n"),
        flags="flags=D",
    ),
)
