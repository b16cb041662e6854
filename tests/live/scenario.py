"""The nouns of a scenario: a service with its settings, and a conversation with it."""

import base64
from collections.abc import Mapping
from typing import Literal, NamedTuple

from tests.live.standins import dovecot, milter, policy, smtp

CLIENT = "192.0.2.25"  # mail.client.example; see standins/dns.py


class Expectation(NamedTuple):
    """A reply that must come next: its codes, its id and some of what it carries."""

    code: int
    enhanced: str | None
    id: str
    params: Mapping[str, str]
    unfinished: bool = False  # its last line is to come, or is another reply


class Say(NamedTuple):
    """Send a line or raw bytes, or nothing, and hear the replies."""

    send: str | bytes | None
    expects: tuple[Expectation, ...]


class StartTls(NamedTuple):
    """Shake hands, perhaps with a certificate of the client's own."""

    certificate: bool = False


class Reconnect(NamedTuple):
    """Open a new connection and go on with it, perhaps keeping the one before."""

    keep: bool = False


class Closed(NamedTuple):
    """The server ends the connection."""


Step = Say | StartTls | Reconnect | Closed


class Service(NamedTuple):
    """A server with settings of its own."""

    daemon: Literal["smtpd", "postscreen"]
    settings: tuple[tuple[str, str], ...]


class Scenario(NamedTuple):
    """A conversation with a service."""

    name: str
    service: Service
    steps: tuple[Step, ...]
    client: str = CLIENT


def smtpd(**settings: object) -> Service:
    return Service("smtpd", _sorted(settings))


def postscreen(**settings: object) -> Service:
    return Service("postscreen", _sorted(settings))


def _sorted(settings: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in settings.items()))


def scenario(name: str, service: Service, *steps: Step, client: str = CLIENT) -> Scenario:
    return Scenario(name, service, steps, client)


def say(send: str | bytes | None, /, *expects: str, **params: str) -> Say:
    """Send, and hear replies such as "454 4.7.1 relay_access_denied"; params are the last's."""
    *others, last = (expectation(words) for words in expects)
    return Say(send, (*others, last._replace(params=params)))


def hear(*expects: str, **params: str) -> Say:
    return say(None, *expects, **params)


def expectation(words: str) -> Expectation:
    """Read "CODE ID" or "CODE ENHANCED ID"; a - behind the code means unfinished."""
    code, *enhanced, an_id = words.split()
    return Expectation(
        int(code[:3]), enhanced[0] if enhanced else None, an_id, {}, code.endswith("-")
    )


GREETED = hear("220 smtp_greeting")
EHLO = say("EHLO mail.client.example", "250 helo_accepted")
HELO = say("HELO mail.client.example", "250 helo_accepted")
HELLO = (GREETED, EHLO)
SENDER, RECIPIENT = "anna@client.example", "known@local.example"
DATA = say("DATA", "354 data_go_ahead")
QUIT = say("QUIT", "221 2.0.0 quit_bye")


def mail(sender: str = SENDER, /, *expects: str, **params: str) -> Say:
    return say(f"MAIL FROM:<{sender}>", *(expects or ["250 2.1.0 sender_ok"]), **params)


def rcpt(recipient: str = RECIPIENT, /, *expects: str, **params: str) -> Say:
    return say(f"RCPT TO:<{recipient}>", *(expects or ["250 2.1.5 recipient_ok"]), **params)


# A session up to RCPT, where Postfix says most of what it refuses, and one up to the message.
TO_RCPT = (*HELLO, mail())
TO_MESSAGE = (*TO_RCPT, rcpt(), DATA)


def message(*expects: str, text: str = "Subject: hello", **params: str) -> Say:
    return say(f"{text}\r\n\r\nhello\r\n.", *expects, **params)


STARTTLS = (say("STARTTLS", "220 2.0.0 starttls_ready"), StartTls())
STARTTLS_WITH_CERTIFICATE = (say("STARTTLS", "220 2.0.0 starttls_ready"), StartTls(True))


def plain(password: str) -> str:
    """The AUTH command of anna, who is known to Cyrus SASL and to standins/dovecot.py."""
    return "AUTH PLAIN " + base64.b64encode(f"\0anna\0{password}".encode()).decode()


AUTHENTICATE = say(plain("right"), "235 2.7.0 authentication_successful")
# The client is of the site's own, so that relaying is no question.
TRUSTED = {"mynetworks": "192.0.2.0/24"}
TLS = {"smtpd_tls_security_level": "may", "smtpd_tls_cert_file": "/etc/postfix/server.pem"}
DOVECOT = {
    "smtpd_sasl_auth_enable": "yes",
    "smtpd_sasl_type": "dovecot",
    "smtpd_sasl_path": f"inet:127.0.0.1:{dovecot.PORT}",
    "smtpd_sasl_security_options": "",
}
CYRUS = {"smtpd_sasl_auth_enable": "yes", "smtpd_sasl_security_options": ""}
POLICY = f"check_policy_service inet:127.0.0.1:{policy.PORT}"
MILTER = {"smtpd_milters": f"inet:127.0.0.1:{milter.PORT}"}
FILTER = {"smtpd_proxy_filter": f"127.0.0.1:{smtp.PORT}", "smtpd_proxy_timeout": "5s"}
# Where nothing listens.
NOWHERE = "127.0.0.1:9"
