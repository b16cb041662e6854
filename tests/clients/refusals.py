"""What the server of the tests refuses, as Postfix says it."""

from dataclasses import dataclass

from tests.clients.server import END_OF_DATA, GREETING, Script

FROM = "anna@example.org"
ZOE = "zoe@remote.example"
MAX = "max@remote.example"


@dataclass(frozen=True)
class Refusal:
    """A message that is refused: by which script, with which replies, and which one counts."""

    name: str
    id: str
    script: Script
    to: tuple[str, ...] = (ZOE,)
    login: bool = False
    needs_codes: bool = False
    """Whether the words are known with their codes only."""
    last_id: str = ""
    """Which reply the last one is, where that is another."""

    @property
    def line(self) -> str:
        """The reply that a reading should have, lines separated by line ends."""
        return next(iter(self.script.values()))

    @property
    def job(self) -> dict[str, object]:
        """What the clients' programs are told, but for the port."""
        return {"name": self.name, "from": FROM, "to": self.to, "login": self.login}


_HELO = "504 5.5.2 <client>: Helo command rejected: need fully-qualified hostname"
_FOOTED = (
    f"550-5.1.1 <{ZOE}>: Recipient address rejected: User unknown in virtual mailbox table\n"
    "550 5.1.1 For assistance, call 800-555-0101."
)
_QUOTING = f"""550 5.7.1 <{ZOE}>: Recipient address rejected: Say "no" to C:\\news, it's grün (x)"""
_GREY = f"450 4.2.0 <{MAX}>: Recipient address rejected: Greylisted"
_OVER = f"552 5.2.2 <{MAX}>: Recipient address rejected: over quota"
_RELAY = f"554 5.7.1 <{ZOE}>: Relay access denied"
REFUSALS = (
    Refusal(
        "greeting",
        "too_many_connections_from",
        {GREETING: "421 4.7.0 mx.example.net Error: too many connections from 127.0.0.1"},
    ),
    Refusal("helo", "helo_not_fully_qualified", {"EHLO": _HELO, "HELO": _HELO}),
    Refusal(
        "auth",
        "authentication_failed",
        {"AUTH": "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6"},
        login=True,
    ),
    Refusal(
        "sender",
        "sender_not_owned",
        {"MAIL": f"553 5.7.1 <{FROM}>: Sender address rejected: not owned by user anna"},
    ),
    Refusal(
        "starttls",
        "must_issue_starttls",
        {"MAIL": "530 5.7.0 Must issue a STARTTLS command first"},
        needs_codes=True,
    ),
    Refusal("relay", "relay_access_denied", {"RCPT": _RELAY}),
    Refusal("lines", "recipient_unknown_virtual_mailbox", {"RCPT": _FOOTED}),
    Refusal("quotes", "recipient_rejected", {"RCPT": _QUOTING}),
    Refusal(
        "several",
        "relay_access_denied",
        {f"RCPT TO:<{ZOE}>": _RELAY, f"RCPT TO:<{MAX}>": _OVER},
        to=(ZOE, MAX),
        last_id="recipient_rejected",
    ),
    Refusal(
        "one of two",
        "recipient_rejected",
        {f"RCPT TO:<{MAX}>": _GREY},
        to=(ZOE, MAX),
    ),
    Refusal("data", "no_valid_recipients", {"DATA": "554 5.5.1 Error: no valid recipients"}),
    Refusal(
        "size", "message_over_size_limit", {END_OF_DATA: "552 5.3.4 Error: message file too big"}
    ),
    Refusal(
        "queue",
        "queue_file_not_written",
        {END_OF_DATA: "451 4.3.0 Error: queue file write error"},
    ),
)
