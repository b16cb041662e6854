"""The nouns of a delivery: mail, the way that it goes, and what the log must say of it."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

FOLDERS = "/var/mail/deliveries"
SENDER = "anna@client.example"


class Outcome(NamedTuple):
    """What Postfix must say: status, enhanced status code, reason, and some of what it carries.

    Where the words are another server's own, there is no reason. One that repeats another is
    written as "outer/inner".
    """

    status: str
    dsn: str | None
    reason: str | None
    params: Mapping[str, str]


class Route(NamedTuple):
    """A delivery service with settings of its own, and the next hop that it is given."""

    daemon: str  # with its arguments
    nexthop: str = ""
    settings: tuple[tuple[str, str], ...] = ()


class Mail(NamedTuple):
    """A message and how it is handed in: by SMTP, by sendmail(1), or not at all.

    A probe is sendmail -bv; the address is verified when an SMTP client asks for it.
    """

    way: Literal["smtp", "sendmail", "probe", "verify"] = "smtp"
    text: str = "Subject: hello\n\nhello\n"
    sender: str = SENDER
    options: tuple[str, ...] = ()  # of MAIL FROM, or of sendmail
    notify: str = ""  # as DSN has it, such as SUCCESS


HELLO = Mail()


class Delivery(NamedTuple):
    """Mail to one recipient, and all that must become of it."""

    name: str
    outcomes: tuple[Outcome, ...]  # each in the log
    route: Route | None = None  # how it goes; else as the tables of postfix.py have it
    user: str = "known"  # the local part of the recipient, or the whole address
    mail: Mail = HELLO
    prepare: str = ""  # what the shell does beforehand, in a folder of this delivery's own
    again: tuple[str, ...] = ()  # commands for another attempt, with {id} for the queue id
    first: int | None = None  # how many outcomes there are before; all but one, if not said
    reported: tuple[Outcome, ...] = ()  # in the mail to the sender
    listed: tuple[Outcome, ...] = ()  # in the listing of the queue

    @property
    def logged(self) -> int:
        """How many outcomes have a line with a status."""
        return sum(bool(outcome.status) for outcome in self.outcomes)

    @property
    def due(self) -> int:
        """How many of them there are before another attempt."""
        if not self.again:
            return self.logged
        return self.logged - 1 if self.first is None else self.first

    @property
    def slug(self) -> str:
        return slug(self.name)

    @property
    def folder(self) -> str:
        return f"{FOLDERS}/{self.slug}"

    @property
    def domain(self) -> str:
        return f"{self.slug}.example"

    @property
    def recipient(self) -> str:
        return self.user if "@" in self.user.strip('"') else f"{self.user}@{self.domain}"


def slug(name: str) -> str:
    """A name as domains, services and folders can have it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def folder(name: str) -> str:
    """Where a delivery of this name has its files."""
    return f"{FOLDERS}/{slug(name)}"


def outcome(words: str, **params: str) -> Outcome:
    """Read "STATUS DSN REASON"; a - stands for what is not there."""
    status, dsn, reason = (None if word == "-" else word for word in words.split())
    return Outcome(status or "", dsn, reason, params)


def outcomes(*words: str) -> tuple[Outcome, ...]:
    return tuple(map(outcome, words))


def via(daemon: str, nexthop: str = "", /, **settings: object) -> Route:
    return Route(daemon, nexthop, tuple((name, str(value)) for name, value in settings.items()))
