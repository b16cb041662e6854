"""Lines that all packages must know alike: of every text, under codes, hostile and cut short."""

from collections.abc import Iterator

from codegen.catalog import Catalog, Reply
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
    " 250 2.0.0 Ok",
    "250\t2.0.0\tOk",
    "250  2.0.0 Ok",
    "250 2.0.0  Ok",
    "250 2.0.0 ok",
    "250 2.0.0 Ok ",
    "250 2.0.0 O",
    "250 3.0.0 Ok",
    "250 2.0 Ok",
    "250 2.0.0.0 Ok",
    "250 2.0000.0 Ok",
    "\uff12\uff15\uff10 2.0.0 Ok",
    "250 \uff12.0.0 Ok",
    "\r\n250 2.0.0 Ok",
    "250 2.0.0 Ok\r\r\n",
    "550 5.1.1 The email account that you tried to reach does not exist - gsmtp",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    "550 5.7.1 Relaying denied",
    "550 5.1.1 <a@b>... User unknown",
    "550 relay not permitted",
    "<a@b>: Relay access denied",
    "554 5.7.1 <a@b> Relay access denied",
    "554 5.7.1 <a@b>:Relay access denied",
    "554 5.7.1 a@b>: Relay access denied",
    "554 5.7.1 <a@b>: Relay access denied.",
    "554 5.7.1 <a@b>: >: >: <",
]


def lines(catalog: Catalog) -> list[str]:
    """The lines, each once."""
    return list(dict.fromkeys((*_lines(catalog), *NEGATIVES)))


def _lines(catalog: Catalog) -> Iterator[str]:
    for reply in catalog.replies.values():
        yield from reply.examples
        for _, template in reply.wordings():
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


def _line(code: int, enhanced: str | None, said: str) -> str:
    return f"{code} {enhanced} {said}" if enhanced else f"{code} {said}"
