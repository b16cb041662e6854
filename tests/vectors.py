"""Lines that all packages must know alike: of every text, under codes, hostile and cut short."""

from collections.abc import Iterator

from codegen.catalog import Catalog, Reply, wordings
from codegen.texts import PLACEHOLDER

NESTED = (
    "host mx[192.0.2.1] said: 550 5.1.1 <a@b>: Recipient address rejected: no (in reply to RCPT)"
)
HOSTILE = {
    "text": [
        "",
        "<>",
        "a>: b",
        "x > y ",
        "\u00fc@\u4f8b.test",
        "unknown[1.2.3.4]",
        NESTED,
        '{sender}\\"%s',
    ],
    "word": ["x", "<\u00fc>", "[IPv6:2001:db8::1]"],
    "host": ["x", "[2001:db8::1]", "a_b-c"],
}
# What logs, bounces and footers put behind a text.
TAILS = (
    " ",
    ".",
    ";",
    " (in reply to RCPT TO command)",
    "; from=<a@b.c> to=<d@e.f> proto=ESMTP helo=<x>",
    ". For assistance, call 800-555-0101.",
    " (in reply to end of DATA command)",
    "  ",
)
MORE_TAILS = (
    "..",
    " .",
    ",",
    ")",
    "-",
    ".x",
    ": x",
    "\u00e9",
    "\t;",
    " (total: 3)",
    ";from=<a@b.c>",
    " (in reply to RCPT TO command); from=<a@b.c> to=<d@e.f>",
    ". (in reply to RCPT TO command)",
    "\r\n footer; see",
)
# What becomes of a line on its way, by the first repair that it needs.
MANGLED = (
    "\r\n {0}",
    " {0}",
    '"{0}"',
    "b'{0}' ",
    "'{0}",
    "smtp; {0}",
    "SMTP;{0}.",
    "x-unix; {0}",
)
ANGLES = (
    "<a@b.c>: {}",
    "a@b.c: {}",
    ": {}",
    "a@b.c>: {}",
    "<a@b.c: {}",
    "<<a@b.c>>: {}",
    "<a@b.c>:{}",
    "<a@b.c> : {}",
    "<a>: b>: {}",
    "<a>: <b>: c>: d>: e>: {}.",
    "&lt;a@b.c&gt;: {}",
    "&amp;lt;a@b.c>: {}",
    "unknown[192.0.2.1]: {}",
    "[192.0.2.1]: {}",
    "localhost: {}",
    "host said: {}",
    "{}",
)
OTHERWISE = (
    "{} {} ",
    "[{}] {} ",
    "({}) {}  ",
    "[{} {} ",
    "{}: {} ",
    "[{}]: {} ",
    "{}, {} ",
    "{}-{}\t",
    "{}{} ",
    "{}:{} ",
)
# Lines that are not replies, or not replies of Postfix.
NEGATIVES = [
    "",
    " ",
    "5",
    "554",
    "554 ",
    "554-",
    "554 5.7.1",
    "554 5.7.1 ",
    "5545.7.1 Ok",
    "999 whatever",
    "199 Ok",
    "600 Ok",
    "250 2.0.0 ok",
    "250 2.0.0 O",
    "250 2.0.0 Ok, id=1",
    "250 2.0.0 Ok. Now",
    "250 3.0.0 Ok",
    "250 2.0 Ok",
    "250 2.0.0.0 Ok",
    "250 2.0000.0 Ok",
    "Ok",
    "451 4.7.1 Try again later",
    "530 5.7.0 Must issue a STARTTLS command first. m129sm2162575qkc.2 - gsmtp",
    "550 5.7.1 Command rejected for policy reasons",
    "\uff12\uff15\uff10 2.0.0 Ok",
    "250 \uff12.0.0 Ok",
    "\r\n250 2.0.0 Ok",
    "550 5.1.1 The email account that you tried to reach does not exist - gsmtp",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    "550 5.4.1 [a@b.c]: Recipient address rejected: Access denied [b.c]",
    "550 5.7.1 Relaying denied",
    "550 5.1.1 <a@b>... User unknown",
    "550 relay not permitted",
    "550 service unavailable",
    "550 sorry: service unavailable",
    "550 5.7.1 Relay access denied",
    "554 5.7.1 <a@b> Relay access denied",
    "554 5.7.1 <a@b>: >: >: <",
]
# Lines that only have to be put right, or have a tail.
NEAR = [
    " 250 2.0.0 Ok",
    "250\t2.0.0\tOk",
    "250  2.0.0 Ok",
    "250 2.0.0  Ok",
    "250 2.0.0 Ok ",
    "250 2.0.0 Ok\r\r\n",
    "<a@b>: Relay access denied",
    "5.1.1 <a@b>: Relay access denied",
    "4.1.1 <a@b>: Relay access denied",
    "554 5.7.1 <a@b>:Relay access denied",
    "554 5.7.1 a@b>: Relay access denied",
    "554 5.7.1 <a@b>: Relay access denied.",
    "554 5.7.1 <a@b>: Recipient address rejected: ; from=<x> to=<y>",
    "554 5.7.1 <a@b>: Recipient address rejected: not on Sundays; from=<x> to=<y>",
    "550 <a@b>: Recipient address rejected: User unknown in local recipient table. For help call",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a.b. For help; call",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a.b; x; from=<a>",
    "554 5.7.1 <a>: Relay access denied b>: Relay access denied",
    "554 5.7.1 <a>: Relay access denied b>: Helo command rejected: no",
    "554 5.7.1 <a>: Helo command rejected: b>: Relay access denied.",
    "450 4.7.1 Bye",
    "421 4.4.2 *** Error: timeout exceeded",
    "220 ****** ESMTP Postfix",
    "220 ** ESMTP Postfix",
    "*** Error: timeout exceeded; from=<a>",
    "Helo command rejected: need fully-qualified hostname (total: 12)",
    "Helo command rejected: need fully-qualified hostname (total: x)",
    "Message size exceeds fixed limit",
    "Relay access denied",
]


def lines(catalog: Catalog) -> list[str]:
    """The lines, each once."""
    return list(dict.fromkeys((*_lines(catalog), *_near(catalog), *NEAR, *NEGATIVES)))


def _lines(catalog: Catalog) -> Iterator[str]:
    for reply in catalog.replies.values():
        yield from reply.examples
        for _, template in wordings(reply):
            yield from _of_wording(catalog, reply, template)


def _of_wording(catalog: Catalog, reply: Reply, template: str) -> Iterator[str]:
    """A text under every pair, and under codes that settings make of it; then hostile values."""
    kinds = {name: catalog.placeholders[name].type for name in PLACEHOLDER.findall(template)}
    sample = template.format_map({name: catalog.placeholders[name].example for name in kinds})
    for variant in reply.variants:
        yield _line(variant.code, variant.enhanced, sample)
    code, enhanced = reply.code, reply.enhanced
    yield f"{code} {sample}"
    yield f"{code}-5.9.9 {sample}\r\n{code} 5.9.9 See the page.\r\n"
    yield f"{_line(code, enhanced, sample)}\n"
    if code >= 500:
        yield _line(code - 100, f"4{enhanced[1:]}" if enhanced else None, sample)
    yield f"{_line(code, enhanced, sample)}x"
    yield _line(code, enhanced, sample)[:-1]
    for at in range(max(map(len, HOSTILE.values())) if kinds else 0):
        values = {name: HOSTILE[kind][at % len(HOSTILE[kind])] for name, kind in kinds.items()}
        yield _line(code, enhanced, template.format_map(values))


def _near(catalog: Catalog) -> Iterator[str]:
    """Texts with tails, and lines of which something has to be put right."""
    for at, reply in enumerate(reply for reply in catalog.replies.values() if reply.examples):
        for tail in (*TAILS, *MORE_TAILS):
            yield reply.examples[0] + tail
        for mangled in MANGLED:
            yield mangled.format(reply.examples[0])
        code, enhanced = reply.code, reply.enhanced or ""
        said = reply.examples[0].removeprefix(f"{code} ").removeprefix(f"{enhanced} ")
        yield said
        for otherwise in (*OTHERWISE, "{1} "):
            yield otherwise.format(code, enhanced) + said
        if said.startswith("<"):
            for angle in (*ANGLES, ANGLES[at % len(ANGLES)] + TAILS[at % len(TAILS)]):
                text = angle.format(said.partition(">: ")[2])
                yield from (_line(code, enhanced, text), text, f"{enhanced} {text}")


def _line(code: int, enhanced: str | None, said: str) -> str:
    return f"{code} {enhanced} {said}" if enhanced else f"{code} {said}"
