"""How people meet replies and reasons: in logs, queue listings, bounces and exceptions."""

from collections.abc import Iterator
from typing import NamedTuple

from codegen.catalog import Catalog, Reason, Reply, Said
from codegen.reference import is_foreign
from codegen.texts import split_line

SENDER, RECIPIENT = "anna@example.com", "user@example.org"
CLIENT, SERVER = "mail.example.com[192.0.2.17]", "mx.example.org[192.0.2.25]"
HEAD = "Nov  5 06:07:08 mx postfix/{}[4711]: {}: "
DELAYS = "delay=1.4, delays=0.1/0/0.5/0.8"
LISTED = f"3CF7C1A0B2     2048 Thu Nov  5 06:07:08  {SENDER}\n({{}})\n{RECIPIENT:>57}"
CHECKS = "smtpd/smtpd_check.c:"  # what is said there is logged as a refusal
UNCONNECTED = ("smtp/smtp_addr.c:", "smtp/smtp_connect.c:")
# Who logs a reason, that which most people meet first, and the relay that it names; error logs
# what qmgr says.
RELAYS = {
    "smtp": f"{SERVER}:25",
    "local": "local",
    "virtual": "virtual",
    "pipe": "dovecot",
    "error": "none",
    "lmtp": f"{SERVER}:24",
    "discard": "none",
    "cleanup": "none",
}


class Step(NamedTuple):
    """How a refusal at one stage of a session looks; what is empty does not exist there."""

    refused: str  # in the log of smtpd
    said: str  # in the log of a Postfix that is the client
    python: str  # raised by smtplib
    nodemailer: str


IN_REPLY = f"host {SERVER} said: {{}} (in reply to {{}} command)"
UNHEARD = f"host {SERVER} refused to talk to me: {{}}"
# By stage, that which most people meet first.
STEPS = {
    "rcpt": Step(
        "RCPT",
        IN_REPLY.format("{}", "RCPT TO"),
        f"RecipientsRefused: {{{{'{RECIPIENT}': ({{}})}}}}",
        "Can't send mail - all recipients were rejected: {}",
    ),
    "mail": Step(
        "MAIL",
        IN_REPLY.format("{}", "MAIL FROM"),
        f"SenderRefused: ({{}}, '{SENDER}')",
        "Mail command failed: {}",
    ),
    "end_of_data": Step(
        "END-OF-MESSAGE",
        IN_REPLY.format("{}", "end of DATA"),
        "DataError: ({})",
        "Message failed: {}",
    ),
    "data": Step(
        "DATA", IN_REPLY.format("{}", "DATA"), "DataError: ({})", "Data command failed: {}"
    ),
    "helo": Step("HELO", UNHEARD, "HeloError: ({})", ""),
    "connect": Step("CONNECT", UNHEARD, "ConnectError: ({})", ""),
    "auth": Step("", "", "AuthenticationError: ({})", "Invalid login: {}"),
}


class Look(NamedTuple):
    """How a reply or reason looks where people meet it."""

    where: str
    text: str


def looks(said: Said, catalog: Catalog) -> Iterator[Look]:
    """How it looks to operators, senders and developers."""
    if isinstance(said, Reason):
        yield from _of_reason(said, catalog)
    elif not is_foreign(said):
        yield from _of_reply(said)


def _of_reply(reply: Reply) -> Iterator[Look]:
    lines = [line for line in reply.examples if line[0] in "45" and line[3] == " "]
    step = next((step for stage, step in STEPS.items() if _is_seen(reply, stage)), None)
    if not lines or step is None:
        return
    line = next((line for line in lines if line.startswith(str(reply.code))), lines[0])
    if step.refused and any(source.startswith(CHECKS) for source in reply.sources):
        yield Look("In the mail log of the server", _refused(step.refused, line))
    if step.said:
        yield Look("In the mail log of a Postfix that sends", _returned(step.said, line))
    raised = step.python.format(f"{line[:3]}, {line[4:].encode()!r}")
    yield Look("As an exception in Python", f"smtplib.SMTP{raised}")
    if step.nodemailer:
        yield Look("As an error of nodemailer", f"Error: {step.nodemailer.format(line)}")


def _is_seen(reply: Reply, stage: str) -> bool:
    return stage in reply.stages or (stage == "mail" and "any" in reply.stages)


def _refused(command: str, line: str) -> str:
    envelope = f"from=<{SENDER}> to=<{RECIPIENT}> proto=ESMTP helo=<mail.example.com>"
    head = HEAD.format("smtpd", "NOQUEUE")
    return f"{head}reject: {command} from {CLIENT}: {line}; {envelope}"


def _returned(said: str, line: str) -> str:
    code, enhanced, _ = split_line(line)
    status = "deferred" if code < 500 else "bounced"
    return _logged("smtp", RELAYS["smtp"], enhanced or f"{line[0]}.0.0", status, said.format(line))


def _of_reason(reason: Reason, catalog: Catalog) -> Iterator[Look]:
    for words in reason.examples[:1]:
        for status in reason.statuses[:1]:
            yield Look("In the mail log", _of_status(reason, words, status, catalog))
        if is_foreign(reason):
            return
        if "deferred" in reason.statuses:
            yield Look("In the queue listing", LISTED.format(words))
        if "bounced" in reason.statuses:
            yield Look("In a bounce", f"<{RECIPIENT}>: {words}")
            yield Look("In the report with it", f"Diagnostic-Code: X-Postfix; {words}")


def _of_status(reason: Reason, words: str, status: str, catalog: Catalog) -> str:
    digit = catalog.statuses[status].digit
    dsn = next((dsn for dsn in reason.dsn if dsn.startswith(str(digit))), f"{digit}.0.0")
    daemons = ["error" if daemon == "qmgr" else daemon for daemon in reason.daemons]
    daemon = next((name for name in RELAYS if name in daemons), daemons[0])
    unconnected = any(source.startswith(UNCONNECTED) for source in reason.sources)
    relay = "none" if unconnected else RELAYS.get(daemon, "none")
    return _logged(daemon, relay, dsn, status, words)


def _logged(daemon: str, relay: str, dsn: str, status: str, words: str) -> str:
    head = HEAD.format(daemon, "3CF7C1A0B2")
    return f"{head}to=<{RECIPIENT}>, relay={relay}, {DELAYS}, dsn={dsn}, status={status} ({words})"
