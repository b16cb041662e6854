"""Lines to identify, and the regular expressions that people write for them."""

import random
import re
from itertools import zip_longest

from codegen.catalog import Catalog
from codegen.texts import FOREIGN, Text
from tests.toolchain import ROOT
from tests.tools import answers_of

NAMES = ("anna", "ben.cole", "c+tag", "d_e", "friederike.von.hohenfels", "info", "no-reply")
DOMAINS = ("example.com", "mail.example.org", "a.b.c.example.net", "xn--bcher-kva.example")
OFTEN = ("relay_access_denied", "recipient_unknown_local", "message_queued", "client_blocked_using")
HOLES = {"text": "(.*?)", "word": "([^ ]+)", "host": r"([-.:_\[\]0-9A-Za-z]+)"}
CODES = r"([2-5]\d\d)[ -](?:([245]\.\d{1,3}\.\d{1,3}) )?"
# Not all engines know the other marks as escaped.
SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")


def patterns(catalog: Catalog) -> list[str]:
    """Every text as a regular expression, the most specific first."""
    texts = sorted((worded.text for worded in catalog.worded), key=lambda text: text.rank)
    return list(dict.fromkeys(map(_pattern, texts)))


def _pattern(text: Text) -> str:
    literals = [SPECIAL.sub(r"\\\g<0>", literal) for literal in text.literals]
    holes = [HOLES[kind] for kind in text.types]
    return CODES + "".join(map("".join, zip_longest(literals, holes, fillvalue="")))


def hits(catalog: Catalog, count: int) -> list[str]:
    """Lines as the catalog's replies are met: the frequent ones often, with varied values."""
    dice = random.Random(1)
    # Text that is all another's is claimed by no package.
    foreign = {one.reply.id for one in catalog.worded if one.text.family == FOREIGN}
    replies = [reply for reply in catalog.replies.values() if reply.id not in foreign]
    often = [reply for reply in replies if reply.id.startswith(OFTEN)]
    examples = {name: hole.example for name, hole in catalog.placeholders.items()}
    lines = []
    for _ in range(count):
        reply = dice.choice(often if dice.random() < 0.3 else replies)
        variant = dice.choice(reply.variants)
        address = f"{dice.choice(NAMES)}{dice.randrange(1000)}@{dice.choice(DOMAINS)}"
        varied = {"recipient": address, "sender": address, "helo": dice.choice(DOMAINS)}
        varied |= {"queue_id": f"4Zq{dice.randrange(10**9)}", "hostname": dice.choice(DOMAINS)}
        codes = f"{variant.code} {variant.enhanced}" if variant.enhanced else f"{variant.code}"
        lines.append(f"{codes} {reply.text.format_map(examples | varied)}")
    return lines


def misses(catalog: Catalog, count: int) -> list[str]:
    """Lines of other servers, varied, and near misses."""
    dice = random.Random(2)
    foreign = (ROOT / "tests/other_servers.txt").read_text(encoding="utf-8").splitlines()
    near = hits(catalog, count)
    lines = [
        (
            f"{dice.choice(near)} ({dice.randrange(10**4)})"
            if dice.random() < 0.25
            else dice.choice(foreign).replace("example", f"example{dice.randrange(10**4)}")
        )
        for _ in range(2 * count)
    ]
    answers = answers_of("python", "identify", lines)
    missed = [line for line, answer in zip(lines, answers, strict=True) if answer is None]
    return missed[:count]
