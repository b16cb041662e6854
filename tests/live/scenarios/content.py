"""The end of a message: its size, its content and what cleanup makes of it."""

from tests.live.scenario import (
    HELLO,
    TO_MESSAGE,
    Say,
    Scenario,
    message,
    say,
    scenario,
    smtpd,
)

NESTED = """\
Content-Type: multipart/mixed; boundary=a

--a
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: multipart/mixed; boundary=d

--d
"""


def order(order: str, expected: str, **params: str) -> Scenario:
    step = message(expected, text=f"X-Order: {order}", **params)
    return scenario(f"header check {order}", smtpd(), *TO_MESSAGE, step)


def strict(name: str, text: str, expected: str) -> Scenario:
    lines = text.replace("\n", "\r\n")
    return scenario(
        name,
        smtpd(cleanup_service_name="cleanup-strict"),
        *TO_MESSAGE,
        say(f"{lines}\r\n.", f"550 {expected}"),
    )


def sized(size: str, expected: str) -> Say:
    return say(f"MAIL FROM:<a@client.example> SIZE={size}", expected)


QUEUED = "250 2.0.0 message_queued"

SCENARIOS = (
    order("REJECT", "550 5.7.1 message_content_rejected"),
    order("REJECT no advertisements", "550 5.7.1 content_check_reply"),
    order("REJECT 5.7.9 no advertisements", "550 5.7.9 content_check_reply"),
    order("REJECT 4.7.9 no advertisements for now", "451 4.7.9 content_check_reply"),
    order("DISCARD", QUEUED),
    order("HOLD", QUEUED),
    order("WARN", QUEUED),
    order("REDIRECT known@local.example", QUEUED),
    strict("nested too deeply", NESTED, "5.6.0 mime_nesting_limit"),
    strict("8-bit header", "Subject: ä\n\nx", "5.6.0 mime_8bit_header"),
    strict("8-bit body", "MIME-Version: 1.0\nSubject: x\n\nä", "5.6.0 mime_8bit_body"),
    strict(
        "8-bit domain",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nx",
        "5.6.0 mime_encoding_domain",
    ),
    strict("a bell", "Subject: x\n\n\a", "5.7.1 disallowed_character"),
    scenario(
        "too many hops",
        smtpd(hopcount_limit="3"),
        *TO_MESSAGE,
        message("554 5.4.0 too_many_hops", text="\r\n".join(["Received: from x"] * 60)),
    ),
    scenario(
        "a table of cleanup fails",
        smtpd(cleanup_service_name="cleanup-failing"),
        *TO_MESSAGE,
        message("451 4.3.0 queue_file_not_written"),
    ),
    scenario(
        "cleanup blames the SMTP server",
        smtpd(cleanup_service_name="blaming-cleanup"),
        *TO_MESSAGE,
        message("451 4.3.0 internal_error", number="1"),
    ),
    scenario(
        "too many aliases",
        smtpd(cleanup_service_name="cleanup-small"),
        *TO_MESSAGE,
        message("451 4.6.0 alias_expansion_error"),
    ),
    scenario(
        "larger than announced",
        smtpd(message_size_limit="1000"),
        *TO_MESSAGE,
        message("552 5.3.4 message_over_size_limit", text="Subject: " + "x" * 1000),
    ),
    scenario(
        "SIZE=",
        smtpd(message_size_limit="1000"),
        *HELLO,
        sized("1001", "552 5.3.4 message_size_exceeds_fixed_limit"),
        sized("99999999999999999999999", "552 5.3.4 message_size_exceeds_file_system"),
        sized("1000", "250 2.1.0 sender_ok"),
    ),
    scenario(
        "a full disk",
        smtpd(queue_minfree="1000000000000000"),
        *HELLO,
        sized("1", "452 4.3.1 insufficient_system_storage"),
    ),
)
