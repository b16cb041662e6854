"""Catalog -> what reference pages list, and how replies and reasons look where people meet them."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from codegen.catalog import Catalog, Reason, Reply, Said, affected, status_key
from codegen.texts import PLACEHOLDER, split_line

Pair = tuple[int, str | None, Reply]
One = TypeVar("One", bound=Said)
BEFORE_WORDS = re.compile(r"[\W_]+")


def reader_key(said: Said) -> tuple[str, str]:
    """Where a reader looks for a text: by its first word, not by what is filled in before it."""
    words = PLACEHOLDER.sub("", said.text)
    opening = BEFORE_WORDS.match(words)
    return words[opening.end() if opening else 0 :].lower(), said.text


def line(said: Said) -> str:
    """A reply as it is sent by default, or the words of a reason, with {placeholders}."""
    return said.line if isinstance(said, Reply) else said.text


class Around(NamedTuple):
    """What stands before and behind a reply or reason in the catalog."""

    previous: Said | None
    next: Said | None


def neighbours(catalog: Catalog) -> dict[str, Around]:
    """What stands around each reply and reason, by its id."""
    every = list(catalog.said())
    pairs = zip([None, *every[:-1]], [*every[1:], None], strict=True)
    return {said.id: Around(*pair) for said, pair in zip(every, pairs, strict=True)}


class Index:
    """Replies and reasons by what people know of them, in the order in which readers look."""

    def __init__(self, catalog: Catalog) -> None:
        every = sorted(catalog.said(), key=reader_key)
        replies = [said for said in every if isinstance(said, Reply)]
        self.reasons = [said for said in every if isinstance(said, Reason)]
        self.pairs = _pairs(replies)
        self.names = sorted(every, key=lambda said: said.id)
        self.categories = _grouped(every, lambda said: [said.category])
        self.parties = _grouped(every, lambda said: [said.must_act or ""])
        self.stages = _grouped(replies, lambda reply: reply.stages)
        self.statuses = _grouped(self.reasons, lambda reason: reason.statuses)
        codes = _grouped(every, _status_codes)
        self.status_codes = dict(sorted(codes.items(), key=lambda item: status_key(item[0])))
        self.settings: dict[str, list[tuple[Said, tuple[str, ...]]]] = {}
        for said in every:
            for name, affects in affected(said):
                self.settings.setdefault(name, []).append((said, affects))


def _grouped(every: Iterable[One], keys: Callable[[One], Iterable[str]]) -> dict[str, list[One]]:
    found: dict[str, list[One]] = {}
    for said in every:
        for key in keys(said):
            found.setdefault(key, []).append(said)
    return found


def _status_codes(said: Said) -> Iterable[str]:
    if isinstance(said, Reason):
        return said.dsn
    return dict.fromkeys([one.enhanced for one in said.variants if one.enhanced])


def _pairs(replies: list[Reply]) -> dict[int, list[Pair]]:
    """Every reply under every pair of codes that it travels under, by the first digit."""
    pairs = [(one.code, one.enhanced, reply) for reply in replies for one in reply.variants]
    found: dict[int, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: (pair[0], status_key(pair[1]))):
        found.setdefault(pair[0] // 100, []).append(pair)
    return found


class Step(NamedTuple):
    """How a refusal at one stage of a session looks to those who meet it."""

    refused: str  # in the log of smtpd
    said: str  # in the log of a Postfix that is the client
    raised: str  # by smtplib of Python


SENDER, RECIPIENT = "user@example.com", "user@example.org"
CLIENT, SERVER = "mail.example.com[192.0.2.17]", "mx.example.org[192.0.2.25]"
IN_REPLY = "host {} said: {{}} (in reply to {} command)"
UNHEARD = f"host {SERVER} refused to talk to me: {{}}"
# By stage, that which most people meet first.
STEPS = {
    "rcpt": Step(
        "RCPT",
        IN_REPLY.format(SERVER, "RCPT TO"),
        f"RecipientsRefused: {{{{'{RECIPIENT}': ({{}})}}}}",
    ),
    "mail": Step(
        "MAIL", IN_REPLY.format(SERVER, "MAIL FROM"), f"SenderRefused: ({{}}, '{SENDER}')"
    ),
    "end_of_data": Step(
        "END-OF-MESSAGE", IN_REPLY.format(SERVER, "end of DATA"), "DataError: ({})"
    ),
    "data": Step("DATA", IN_REPLY.format(SERVER, "DATA"), "DataError: ({})"),
    "helo": Step("HELO", UNHEARD, "HeloError: ({})"),
    "connect": Step("CONNECT", UNHEARD, "ConnectError: ({})"),
    "auth": Step("", "", "AuthenticationError: ({})"),
}
CHECKS = "smtpd/smtpd_check.c:"  # what is said there is logged as a refusal
UNCONNECTED = ("smtp/smtp_addr.c:", "smtp/smtp_connect.c:")
RELAYS = {"lmtp": f"{SERVER}:24", "smtp": f"{SERVER}:25", "local": "local", "virtual": "virtual"}


class Look(NamedTuple):
    """How a reply or reason looks where people meet it."""

    where: str
    line: str


def looks(said: Said, catalog: Catalog) -> Iterator[Look]:
    """How it looks in logs, in an exception and in a bounce."""
    if isinstance(said, Reason):
        yield from _of_reason(said, catalog)
    elif not is_foreign(said):
        yield from _of_reply(said)


def is_foreign(said: Said) -> bool:
    """Whether its text is the words of others alone, which nobody knows by themselves."""
    return PLACEHOLDER.fullmatch(said.text) is not None


def _of_reply(reply: Reply) -> Iterator[Look]:
    line = next((line for line in reply.examples if line[0] in "45" and line[3] == " "), None)
    step = next((step for stage, step in STEPS.items() if _is_seen(reply, stage)), None)
    if line is None or step is None:
        return
    if step.refused and any(source.startswith(CHECKS) for source in reply.sources):
        yield Look("In the log of the server", _refused(step.refused, line))
    if step.said:
        yield Look("In the log of a Postfix that sends there", _returned(step.said, line))
    raised = step.raised.format(f"{line[:3]}, {line[4:].encode()!r}")
    yield Look("As an exception of Python's smtplib", f"smtplib.SMTP{raised}")


def _is_seen(reply: Reply, stage: str) -> bool:
    return stage in reply.stages or (stage == "mail" and "any" in reply.stages)


def _refused(command: str, line: str) -> str:
    envelope = f"from=<{SENDER}> to=<{RECIPIENT}> proto=ESMTP helo=<mail.example.com>"
    return f"postfix/smtpd[123]: NOQUEUE: reject: {command} from {CLIENT}: {line}; {envelope}"


def _returned(said: str, line: str) -> str:
    code, enhanced, _ = split_line(line)
    status = "deferred" if code < 500 else "bounced"
    return _logged("smtp", RELAYS["smtp"], enhanced or f"{line[0]}.0.0", status, said.format(line))


def _of_reason(reason: Reason, catalog: Catalog) -> Iterator[Look]:
    for words in reason.examples[:1]:
        for status in reason.statuses[:1]:
            digit = catalog.statuses[status].digit
            fits = (dsn for dsn in reason.dsn if dsn.startswith(str(digit)))
            relay = "none" if _is_unconnected(reason) else RELAYS.get(reason.daemons[0], "none")
            dsn = next(fits, f"{digit}.0.0")
            yield Look("In the log", _logged(reason.daemons[0], relay, dsn, status, words))
        if "bounced" in reason.statuses and not is_foreign(reason):
            yield Look("In a bounce", f"Diagnostic-Code: X-Postfix; {words}")


def _is_unconnected(reason: Reason) -> bool:
    return any(source.startswith(UNCONNECTED) for source in reason.sources)


def _logged(daemon: str, relay: str, dsn: str, status: str, words: str) -> str:
    delays = "delay=1.4, delays=0.1/0/0.5/0.8"
    line = f"to=<{RECIPIENT}>, relay={relay}, {delays}, dsn={dsn}, status={status} ({words})"
    return f"postfix/{daemon}[123]: 3CF7C1A0B2: {line}"
