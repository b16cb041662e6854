"""What a line is, by trying every text: nothing here is what the walk uses."""

import random
import re
from functools import cache
from typing import Any

from codegen.catalog import Reply
from tests import vectors
from tests.toolchain import ROOT
from tests.tools import catalog_of

CATALOG = catalog_of()
# The lines that the project began with: number, the reply it is, and the line.
SEEDS = {
    number: (an_id, line)
    for number, an_id, line in (
        row.split("\t", 2) for row in (ROOT / "tests/seed_replies.tsv").read_text().splitlines()
    )
}
LINES = [*vectors.lines(CATALOG), *(line for _, line in SEEDS.values())]
KEYS = ("id", "code", "enhanced", "params", "expected", "form", "closes")
# A text that is one placeholder alone can be written but not known again.
FOREIGN = {reply.id for reply in CATALOG.replies.values() if re.fullmatch(r"\{\w+\}", reply.text)}


@cache
def wordings() -> list[tuple[Reply, str, str]]:
    return [(reply, *wording) for reply in CATALOG.replies.values() for wording in reply.wordings()]


def weighed(reply: Reply, params: dict[str, str], code: int) -> dict[str, Any]:
    """What the values change about who must act."""
    for of in reply.verdicts:
        verdict, value = CATALOG.verdicts[of.verdict], params.get(of.placeholder)
        parts = [re.escape(part) + "$" for part in verdict.equals]
        parts += [re.escape(part) for part in verdict.begins]
        parts += [".*" + re.escape(part) for part in verdict.contains]
        temporary = code // 100 == 4 or not verdict.temporary
        if value is not None and temporary and re.match("|".join(parts), value, re.DOTALL):
            acting = {"must_act": verdict.must_act, "retry": verdict.retry}
            return {"verdict": of.verdict} | acting
    return {"verdict": None, "must_act": reply.must_act, "retry": reply.retry}


@cache
def brute(line: str) -> dict[str, Any] | None:
    first = line.split("\n")[0]
    first = first[:-1] if first.endswith("\r") else first
    head = re.match(r"([2-5][0-9][0-9])[ -]([245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$(?!\n)))?", first)
    if head is None:
        return None
    said = first[head.end() :]
    said = said[1:] if head[2] and said else said
    found = []
    for reply, form, template in wordings():
        for rank, values in placements(template, said):
            found.append((rank, reply, form, values))
    if not found:
        return None
    best = min(rank for rank, *_ in found)
    code, enhanced = int(head[1]), head[2]
    rivals = [rival for rival in found if rival[0] == best]
    _, reply, form, values = max(rivals, key=lambda rival: near(rival[1], code, enhanced))
    pairs = [(variant.code, variant.enhanced) for variant in reply.variants]
    known = (code, enhanced) in pairs
    closes = reply.closes or code in (421, 521)
    said = dict(zip(KEYS, (reply.id, code, enhanced, values, known, form, closes), strict=True))
    return said | weighed(reply, values, code)


def placements(template: str, said: str) -> list[tuple[tuple[int, int, int], dict[str, str]]]:
    """Each way that a text matches, with its rank: place, literals, placeholders."""
    literals = re.split(r"\{\w+\}", template)
    names = re.findall(r"\{(\w+)\}", template)
    rank = (-sum(map(len, literals)), len(names))
    if not names:
        return [((0, *rank), {})] if said == template else []
    if re.fullmatch(r"\{\w+\}", template):
        return []  # the words of others
    types = {name: CATALOG.placeholders[name].type for name in names}
    if literals[0] == "<":
        found = []
        for at in (match.start() for match in re.finditer("(?=>: )", said)):
            if at >= 1 and said.startswith("<"):
                rest = lazily(literals[1:], said[at:])
                if rest is not None:
                    found.append(((at, *rank), dict(zip(names, [said[1:at], *rest], strict=True))))
        return found
    values = lazily(literals, said)
    if values is None or not all(map(fits, (types[name] for name in names), values)):
        return []
    return [((0 if literals[0] else 1, *rank), dict(zip(names, values, strict=True)))]


def lazily(literals: list[str], said: str) -> list[str] | None:
    pattern = "(.*?)".join(map(re.escape, literals))
    match = re.fullmatch(pattern, said, re.DOTALL)
    return list(match.groups()) if match else None


def fits(kind: str, value: str) -> bool:
    shapes = {"text": r".*", "word": r"[^ ]+", "host": r"[-.:_\[\]0-9A-Za-z]+"}
    return re.fullmatch(shapes[kind], value, re.DOTALL) is not None


def near(reply: Reply, code: int, enhanced: str | None) -> int:
    scores = [0]
    for variant in reply.variants:
        pair = (variant.code, variant.enhanced)
        subject = bool(enhanced and variant.enhanced and enhanced[1:] == variant.enhanced[1:])
        scores.append(4 if pair == (code, enhanced) else 3 if subject else 0)
        scores.append(2 if variant.code == code else 1 if variant.code // 100 == code // 100 else 0)
    return max(scores)


@cache
def mutated() -> list[str]:
    """Lines made of the vectors and seeds by cutting, gluing and changing characters."""
    dice = random.Random(3463)
    pieces = [
        "<",
        ">: ",
        ">",
        " ",
        "{",
        "\0",
        "é",
        "𝄞",
        "5.7.1 ",
        "rejected: ",
        "\r",
        "\n",
        "-",
        "mx ",
    ]
    made = []
    for _ in range(8000):
        line = dice.choice(LINES)
        for _ in range(dice.randint(1, 3)):
            at = dice.randint(0, len(line))
            match dice.randrange(6):
                case 0:
                    line = line[:at] + line[at + dice.randint(1, 4) :]
                case 1:
                    line = line[:at] + dice.choice(pieces) + line[at:]
                case 2:
                    line = line[:at] + dice.choice(LINES)[dice.randint(0, 30) :]
                case 3:
                    line = f"{dice.choice([250, 421, 454, 550, 554, 999])}{line[3:]}"
                case 4:
                    line = line.swapcase() if dice.random() < 0.1 else line
                case _:
                    line = (
                        line[:4] + line[10:] if dice.random() < 0.5 else line + dice.choice(pieces)
                    )
        made.append(line)
    return made
