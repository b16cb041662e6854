"""Held texts that all packages must read alike: wrapped, hostile, mutated and cut short."""

import json
import random
import textwrap
from collections.abc import Iterator
from itertools import product

from codegen.catalog import Catalog
from codegen.wrappers import Wording, Wrappers, Wrapping, reworded
from tests.toolchain import ROOT

KNOWN = [json.loads(line) for line in (ROOT / "tests/held.jsonl").read_text("utf-8").splitlines()]
MIXED = [json.loads(line) for line in (ROOT / "tests/mixed.jsonl").read_text("utf-8").splitlines()]
NOT_SMTP = (ROOT / "tests/not_smtp.txt").read_text("utf-8").splitlines()
CARRIERS = (
    "Nov  5 06:07:08 mx {tag}[297]: {text}",
    "Nov 05 06:07:08 mx {tag}[297]: [ID 197553 mail.info] {text}",
    "<22>1 2026-11-05T06:07:08.123456+01:00 mx {tag} 297 - - {text}",
    "mail-1  | 2026-11-05T06:07:08.123456+01:00 mx {tag}[297]: {text}",
    "2025-01-17T12:25:04+01:00 [1:mail1:{tag}] {text}",
    "30/9/2017, 00:15:00 | info | {text}",
    "# {tag}: {text}",
    "{text}",
)
CLIENTS = ("unknown[192.0.2.7]", "a.example[2001:db8::1]:2525", "[192.0.2.7]:58179", "no client")
SAID = (
    "554 5.7.1 <a@b.c>: Relay access denied",
    "550 <a@b.c>: Recipient address rejected: undeliverable address: host mx.d[192.0.2.9] said: "
    "550 5.1.1 <x@d>: Recipient address rejected: User unknown in virtual mailbox table (in reply "
    "to RCPT TO command)",
    "451 4.7.1 Service unavailable - try again later",
    "550-5.7.1 First??550 5.7.1 Second; from=<x@y>",
    "250-first 250 second 550 third",
    "5.7.1 no code",
    "words alone",
    "host mx[192.0.2.1] said: 450 4.2.0 later (in reply to DATA command)",
    "delivery temporarily suspended: host mx[192.0.2.1] refused to talk to me: 421 no",
    "",
)
TAILS = (
    "; from=<a@b.c> to=<d@e.f> proto=ESMTP helo=<x>",
    "; from=<>, to=<d@e.f>, proto=ESMTP, helo=<a>,x=<y>;>",
    '; from=<"a; from=<b> to=<c> proto=SMTP helo=<d>"@e> to=<"x\\">"@y> proto=SMTP',
    "; from=<a b; to=<c>@x> to=<d@e> proto=SMTP helo=<x>",
    "; proto=SMTP helo=<x y; from=<a>>",
    "; proto=SMTP helo=<x; proto=SMTP helo=<y>",
    "; from=<a> proto=ESMTP sasl_method=PLAIN sasl_username=e v; from=<b> to=<c> proto=X helo=<d>",
    "; from=<a> to=<b> proto=ESMTP sasl_method=PLAIN sasl_username=a b sasl_sender=c",
    " from unknown[192.0.2.7]; from=<a@b.c> to=<d@e.f> proto=ESMTP helo=<x>: 5.7.1 no",
    " from local; from=<a@b.c>",
    ";",
    "",
)
VALUES = {
    "word": ("x", "mx.d[192.0.2.9]", "two words", ""),
    "number": ("3", "x"),
    "code": ("550", "999"),
    "text": ("RCPT", "EHLO", "x: y; z=<1>", ""),
    "rest": ("x y", ""),
    "run": ("sasl_method=PLAIN, sasl_username=x, __proto__=y", "x"),
    "client": CLIENTS,
    "why": ("(reason unavailable)", "x, y", ""),
    "said": SAID,
    "line": SAID,
}
PER_WRAPPER = 24
MIXTURES = 1_500
MARKS = ("> ", "> > ", ">> ", ">")
WIDTHS = (20, 40, 60, 72, 76, 80, 100)


def held(catalog: Catalog) -> Iterator[str]:
    """Every text, the same in every run."""
    dice = random.Random(12)
    known = [str(one["held"]) for one in KNOWN]
    texts = [*known, *_logs(catalog, dice), *_others(catalog, dice), *_reasons(catalog, dice)]
    yield from texts
    for text in known:
        yield from _mutated(text, dice)
    for text in dice.sample(texts, 1_500):
        yield from list(_mutated(text, dice))[:3]
    yield from NOT_SMTP
    yield from _mixtures(texts, random.Random(13))


def _logs(catalog: Catalog, dice: random.Random) -> Iterator[str]:
    for wrapping in Wrappers.of(catalog).logs:
        for daemon in wrapping.daemons:
            for _ in range(PER_WRAPPER):
                head = dice.choice(
                    ("", "NOQUEUE: ", "0A1B2C3D4E: ", "warning: ", "warning: 3CF7: ")
                )
                text = f"{head}{_filled(wrapping, dice)}"
                if wrapping.tail or dice.random() < 0.1:
                    text += dice.choice(TAILS)
                yield dice.choice(CARRIERS).format(tag=f"postfix/x/{daemon}", text=text)
    delivered = "3CF7C1A0B2: to=<{}>{}, relay={}, delay=1, delays=0/0/1/0, dsn={}, status={} ({}"
    for said, end in product(SAID, (")", "", "))")):
        address = dice.choice(("a@b.c", '"x>, relay=y"@b', "a b>, c", ""))
        orig = dice.choice(("", ", orig_to=<o@b.c>", ', orig_to=<"x>, dsn=1"@y>'))
        relay = dice.choice(("none", "local", "mx.d[192.0.2.9]:25", "mx[/run/lmtp]"))
        filled = (address, orig, relay, "4.0.0", dice.choice(("sent", "deferred")), said)
        daemon = dice.choice(("smtp", "lmtp", "local", "error", "qmgr"))
        text = delivered.format(*filled) + end
        yield dice.choice(CARRIERS).format(tag=f"postfix/{daemon}", text=text)


def _others(catalog: Catalog, dice: random.Random) -> Iterator[str]:
    wrappers = Wrappers.of(catalog)
    for wrapping in wrappers.exceptions:
        for _ in range(PER_WRAPPER):
            yield dice.choice(("", "Error: ", "x\n")) + _filled(wrapping, dice) + dice.choice(
                ("", "\n", "\n    at x (y.js:1:2)", ".", '"', "\r\n550 more")
            )
    for said in SAID:
        for mark in catalog.marks:
            yield f"{mark.text}{said}"
            yield f"EHLO x\n{mark.text}RCPT TO:<a@b>\n{mark.text}{said}\n{mark.text}MAIL FROM:<c@d>"
        quoted = said.replace("'", "\\'")
        yield f"smtplib.SMTPDataError: (550, b'{quoted}')"
        several = f"'a@b': (550, '{quoted}'), \"c'd@e\": (450, b\"{quoted}\")"
        yield f"SMTPRecipientsRefused({{{several}}})"
        yield f'x: 550 "{quoted}\\n5.1.1 more \\"q\\""'
        yield f"<a@b.c>: {said}"
        yield f'<"a>: b"@c> (expanded from <d@e>): {said}\n\n<f@g>:\n    {said}'
        yield f"Diagnostic-Code: smtp; {said}"
        fields = "Final-Recipient: rfc822; a@b\nAction: Failed\nStatus: 5.1.1"
        yield f"{fields}\nDiagnostic-Code: x-unix; {said}"
        yield f"Diagnostic-Code: X-Postfix;\n    {said}"
        yield f"({said})"
        yield f"A1B2C3D4E5* 205 Mon Nov  5 06:07:08 a@b.c\n({said})\n   d@e.f"
        yield json.dumps({"MESSAGE": said, "SYSLOG_IDENTIFIER": "postfix/smtpd"})
        yield json.dumps({"log": f"postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[1]: {said}\n"})
        yield json.dumps(
            {"queue_id": "A1", "message_size": 1.5, "recipients": [{"delay_reason": said}]}
        )
        yield f"220 mx ESMTP\nMAIL FROM:<a@b>\n250 Ok\nAUTH PLAIN AGEAYg==\n{said}\n535 5.7.8 no"


def _reasons(catalog: Catalog, dice: random.Random) -> Iterator[str]:
    """Every wording of every reason, wherever people meet one."""
    delivered = "3CF7C1A0B2: to=<a@b.c>, relay={}, delays=0/0/1/0, dsn=4.0.0, status={} ({})"
    for wording in reworded(catalog):
        for words in _worded(wording, catalog, dice):
            status = dice.choice([*wording.reason.statuses, "deferred", "SOFTBOUNCE"])
            relay = dice.choice(("none", "local", "mx.d[192.0.2.9]:25"))
            text = delivered.format(relay, status, words)
            tag = f"postfix/{dice.choice(wording.reason.daemons)}"
            yield dice.choice(CARRIERS).format(tag=tag, text=text)
            yield dice.choice(ELSEWHERE).format(words)


def _worded(wording: Wording, catalog: Catalog, dice: random.Random) -> Iterator[str]:
    """Words that are a wording, with what stands in its holes by example and at random."""
    examples = {name: hole.example for name, hole in catalog.placeholders.items()}
    for values in (*[examples] * 3, *[None] * 4):
        holes = [
            (values[hole.name] if values else dice.choice(SAID)) + hole.literal
            for hole in wording.holes
        ]
        yield wording.lead + "".join(holes)


ELSEWHERE = (
    *("{}", "({})", "{})", "x {}", "{} x", "{}.", "dsn=4.0.0, status=deferred ({})"),
    *("delivery temporarily suspended: {}", "<a@b.c>: delivery temporarily suspended:\n    {}"),
    *("<a@b.c>: {}", "Diagnostic-Code: X-Postfix; {}", "Diagnostic-Code: x-unix; {}"),
    "550 5.1.1 <a@b.c>: Recipient address rejected: undeliverable address: {}",
    "450 4.1.1 <a@b.c>: Recipient address rejected: unverified address: {}",
    "host mx.d[192.0.2.9] said: 550 {} (in reply to RCPT TO command)",
    "A1B2C3D4E5* 205 Mon Nov  5 06:07:08 a@b.c\n({})\n   d@e.f",
    "Nov  5 06:07:08 mx postfix/smtp[297]: 3CF7C1A0B2: {}",
    "Nov  5 06:07:08 mx postfix/smtp[297]: {}",
)


def _filled(wrapping: Wrapping, dice: random.Random) -> str:
    holes = [dice.choice(VALUES[hole.type]) + hole.literal for hole in wrapping.holes]
    return wrapping.lead + "".join(holes)


def _mixtures(texts: list[str], dice: random.Random) -> Iterator[str]:
    """Texts of several kinds in one."""
    for one in MIXED:
        yield one["held"]
        yield from _mutated(one["held"], dice)
    for _ in range(MIXTURES):
        yield _mixture(texts, dice)


def _mixture(texts: list[str], dice: random.Random) -> str:
    """Some texts in one, lines of a log among them, broken, quoted and mangled."""
    logged = [str(one["held"]) for one in KNOWN if "\n" not in str(one["held"])]
    pieces = []
    for _ in range(dice.randint(1, 5)):
        kind = dice.random()
        text = dice.choice(texts if kind < 0.4 else logged)
        pieces.append(_broken(text, dice) if kind > 0.6 else text)
        pieces.extend([""] * (dice.random() < 0.3))
    mixed = dice.choice(("\n", "\n", "\r\n")).join(pieces)
    if dice.random() < 0.25:
        mark = dice.choice(MARKS)
        mixed = "\n".join(mark + line for line in mixed.split("\n"))
    return _mangled(mixed, dice) if dice.random() < 0.3 else mixed


def _broken(text: str, dice: random.Random) -> str:
    """A line as a mail program or a terminal breaks it."""
    width = dice.choice(WIDTHS)
    if dice.random() < 0.5:
        return "\n".join(textwrap.wrap(text, width, break_on_hyphens=False))
    pieces = [text[at : at + width] for at in range(0, len(text), width)]
    return "\n".join(piece.rstrip(dice.choice((" ", ""))) for piece in pieces)


def _mangled(text: str, dice: random.Random) -> str:
    """A text as it comes out of a mail program."""
    return dice.choice(
        (
            text.replace(" ", dice.choice("\u00a0\u202f")),
            text.replace("  ", " \u00a0"),
            text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            text.replace("<", "&#60;", 1),
            dice.choice("\u201c\u201e\u00ab") + text + dice.choice("\u201d\u201c\u00bb"),
            text.replace("a@b.c", "a@b.c<mailto:a@b.c>"),
            text.replace("a@b.c", "a@b.c [mailto:x@b.c]"),
        )
    )


def _mutated(text: str, dice: random.Random) -> Iterator[str]:
    """Cut short, with a character lost, with one too many, and in another's words."""
    at = dice.randrange(len(text) + 1)
    yield text[:at]
    yield text[at:]
    yield text[:at] + text[at + 1 :]
    yield text[:at] + dice.choice("<>;:\"\\' ()[]{}?\n\u00fc\U0001f600") + text[at:]
    yield f"<x@y>: host z said: {text}"
    yield f"550 5.7.1 {text}"
