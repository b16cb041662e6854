"""A made mail log, as a server writes it: sessions, refusals, deliveries, deferrals, bounces."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

HOSTS = 5_000
DOMAINS = ("example.com", "example.org", "mail.example.net", "b.example", "c.d.example")
REFUSED = (
    "554 5.7.1 <{to}>: Relay access denied",
    "550 5.1.1 <{to}>: Recipient address rejected: User unknown in local recipient table",
    "554 5.7.1 Service unavailable; Client host [{address}] blocked using zen.example.org; "
    "https://www.example.org/query/ip/{address}",
    "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see http://grey.example/help",
    "450 4.1.8 <{sender}>: Sender address rejected: Domain not found",
    "504 5.5.2 <{name}>: Helo command rejected: need fully-qualified hostname",
)
DEFERRED = (
    "connect to mx.{domain}[192.0.2.{low}]:25: Connection timed out",
    "host mx.{domain}[192.0.2.{low}] said: 451 4.7.1 <{to}>: Recipient address rejected: "
    "Greylisting in action, please come back later (in reply to RCPT TO command)",
    "host mx.{domain}[192.0.2.{low}] refused to talk to me: 421 4.3.2 All server ports are busy",
)
BOUNCED = (
    "host mx.{domain}[192.0.2.{low}] said: 550 5.1.1 <{to}>: Recipient address rejected: User "
    "unknown in virtual mailbox table (in reply to RCPT TO command)",
    "Host or domain name not found. Name service error for name={domain} type=AAAA: Host not found",
)
START = datetime(2026, 11, 5)


def lines(count: int, seed: int = 1) -> Iterator[str]:
    """Some lines, the same for a seed."""
    dice = random.Random(seed)
    now = START
    made = 0
    while made < count:
        now += timedelta(seconds=dice.expovariate(4))
        stamp = f"{now:%b} {now.day:2} {now:%H:%M:%S} mx postfix/"
        for line in _session(dice):
            yield stamp + line
            made += 1
            if made == count:
                return


def _session(dice: random.Random) -> Iterator[str]:
    low, pid = dice.randrange(1, 255), dice.randrange(1_000, 30_000)
    number = dice.randrange(HOSTS)
    address = f"198.51.{number >> 8}.{number & 255}"
    name = dice.choice((f"h{number}.{dice.choice(DOMAINS)}", "unknown"))
    client = f"{name}[{address}]"
    domain = dice.choice(DOMAINS)
    sender = f"user{dice.randrange(20_000)}@{dice.choice(DOMAINS)}"
    to = f"user{dice.randrange(20_000)}@{domain}"
    known = {"to": to, "sender": sender, "name": name, "address": address}
    smtpd = f"smtpd[{pid}]: "
    yield f"{smtpd}connect from {client}"
    if dice.random() < 0.45:
        refusal = dice.choice(REFUSED).format_map(known)
        tail = f"from=<{sender}> to=<{to}> proto=ESMTP helo=<{name}>"
        yield f"{smtpd}NOQUEUE: reject: RCPT from {client}: {refusal}; {tail}"
        if dice.random() < 0.5:
            yield f"{smtpd}lost connection after RCPT from {client}"
        yield f"{smtpd}disconnect from {client} ehlo=1 mail=1 rcpt=0/1 commands=2/3"
        return
    queue = f"{dice.randrange(16**10):010X}"
    yield f"{smtpd}{queue}: client={client}"
    yield f"cleanup[{pid + 1}]: {queue}: message-id=<{dice.randrange(10**9)}@{domain}>"
    size = dice.randrange(900, 90_000)
    yield f"qmgr[77]: {queue}: from=<{sender}>, size={size}, nrcpt=1 (queue active)"
    yield f"{smtpd}disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"
    yield from _delivered(dice, f"{queue}: to=<{to}>, ", f"mx.{domain}[192.0.2.{low}]", known, low)
    yield f"qmgr[77]: {queue}: removed"


def _delivered(
    dice: random.Random, head: str, relay: str, known: dict[str, str], low: int
) -> Iterator[str]:
    more = {"domain": relay[3:].partition("[")[0], "low": low}
    times = f"delay={dice.randrange(90) / 10}, delays=0.1/0/0.5/0.8"
    chance = dice.random()
    if chance < 0.7:
        said = f"250 2.0.0 Ok: queued as {dice.randrange(16**10):010X}"
        yield f"smtp[99]: {head}relay={relay}:25, {times}, dsn=2.0.0, status=sent ({said})"
        return
    texts, status, dsn = (
        (DEFERRED, "deferred", "4.4.1") if chance < 0.9 else (BOUNCED, "bounced", "5.1.1")
    )
    said = dice.choice(texts).format_map(known | more)
    yield f"smtp[99]: {head}relay=none, {times}, dsn={dsn}, status={status} ({said})"
