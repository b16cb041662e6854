"""How people meet replies and reasons: in logs, bounces, queue listings and exceptions."""

import re
from collections.abc import Iterator

from codegen.catalog import Reason, Reply, Said
from codegen.reference import is_foreign

# What smtplib throws at each stage; of several, the first is shown.
THROWN = {
    "rcpt": "SMTPRecipientsRefused: {{'user@example.org': ({code}, {words})}}",
    "connect": "SMTPConnectError: ({code}, {words})",
    "helo": "SMTPHeloError: ({code}, {words})",
    "auth": "SMTPAuthenticationError: ({code}, {words})",
    "mail": "SMTPSenderRefused: ({code}, {words}, 'sender@example.net')",
    "data": "SMTPDataError: ({code}, {words})",
    "end_of_data": "SMTPDataError: ({code}, {words})",
}
# What a Postfix that sends says it was answered to.
COMMANDS = {
    "rcpt": "RCPT TO",
    "mail": "MAIL FROM",
    "end_of_data": "end of DATA",
    "data": "DATA",
    "helo": "EHLO",
}
LOGGED = "Nov  5 06:07:08 mx postfix/{}[4711]: {}: "
DELAYS = "delay=1.2, delays=0.1/0/0.6/0.5"
# The programs that log what became of mail, and the relay that they name.
DELIVERING = {
    "smtp": "none",
    "lmtp": "none",
    "local": "local",
    "virtual": "virtual",
    "pipe": "pipe",
    "error": "error",
    "discard": "discard",
}
# For qmgr, error logs.
LOGS_FOR = {"qmgr": "error"}
LISTED = "3CF7C1A0B2     2048 Thu Nov  5 06:07:08  sender@example.net\n({})\n" + " " * 41
DIGITS = {"bounced": "5", "undeliverable": "5", "deferred": "4"}
Looks = Iterator[tuple[str, str]]


def looks(said: Said) -> Looks:
    """Where people meet it, and as what."""
    if is_foreign(said):
        return
    if isinstance(said, Reason):
        for example in said.examples[:1]:
            yield from _of_reason(said, example)
        return
    for example in [one for one in said.examples if one[0] in "45"][:1]:
        yield from _of_reply(said, example)


def _of_reply(reply: Reply, example: str) -> Looks:
    restricts = any(source.startswith("smtpd/smtpd_check.c:") for source in reply.sources)
    if restricts and "rcpt" in reply.stages:
        yield "In the mail log of the server", _refused(example)
    for command in [COMMANDS[stage] for stage in COMMANDS if stage in reply.stages][:1]:
        yield "In the mail log of a Postfix that sends", _repeated(example, command)
    code, words = example[:3], example[4:].encode("ascii", "replace")
    for thrown in [THROWN[stage] for stage in THROWN if stage in reply.stages][:1]:
        yield "As an exception in Python", f"smtplib.{thrown.format(code=code, words=words)}"
    if "rcpt" in reply.stages:
        all_refused = "Can't send mail - all recipients were rejected"
        yield "As an error of nodemailer", f"Error: {all_refused}: {example}"


def _refused(example: str) -> str:
    around = "from=<sender@example.net> to=<user@example.org> proto=ESMTP helo=<example.net>"
    head = LOGGED.format("smtpd", "NOQUEUE")
    return f"{head}reject: RCPT from unknown[192.0.2.7]: {example}; {around}"


def _repeated(example: str, command: str) -> str:
    status = "deferred" if example[0] == "4" else "bounced"
    dsn = re.match(r"[45]\.\d+\.\d+", example[4:])
    host = "mx.example.org[192.0.2.25]"
    return (
        f"{LOGGED.format('smtp', '3CF7C1A0B2')}to=<user@example.org>, relay={host}:25, {DELAYS}, "
        f"dsn={dsn[0] if dsn else f'{example[0]}.0.0'}, status={status} "
        f"(host {host} said: {example} (in reply to {command} command))"
    )


def _of_reason(reason: Reason, example: str) -> Looks:
    # Where no status is told, the mail waits.
    status = next(iter(reason.statuses), "deferred")
    programs = [LOGS_FOR.get(daemon, daemon) for daemon in reason.daemons]
    for program in [one for one in DELIVERING if one in programs][:1]:
        digit = DIGITS.get(status, "2")
        dsn = next((code for code in reason.dsn if code[0] == digit), f"{digit}.0.0")
        told = f"relay={DELIVERING[program]}, {DELAYS}, dsn={dsn}, status={status} ({example})"
        head = LOGGED.format(program, "3CF7C1A0B2")
        yield "In the mail log", f"{head}to=<user@example.org>, {told}"
    if status == "deferred":
        yield "In the queue listing", f"{LISTED.format(example)}user@example.org"
    if status == "bounced":
        yield "In a bounce", f"<user@example.org>: {example}"
