"""What a line is, by trying every text: nothing here is what the walk uses."""

import random
import re
from functools import cache
from typing import Any, NamedTuple

from codegen.catalog import Catalog, Reply, Verdict
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


class Wording(NamedTuple):
    """One text of a reply, taken apart."""

    reply: Reply
    form: str
    template: str
    literals: list[str]
    names: list[str]
    pattern: re.Pattern[str]  # each hole with as little as will do
    types: list[str]
    verdicts: dict[str, Verdict]

    @classmethod
    def of(cls, reply: Reply, form: str, template: str, catalog: Catalog) -> "Wording":
        literals, names = re.split(r"\{\w+\}", template), re.findall(r"\{(\w+)\}", template)
        fixed = literals[1:] if literals[0] == "<" else literals
        pattern = re.compile("(.*?)".join(map(re.escape, fixed)), re.DOTALL)
        types: list[str] = [catalog.placeholders[name].type for name in names]
        return cls(reply, form, template, literals, names, pattern, types, catalog.verdicts)

    def placements(self, said: str) -> list[tuple[tuple[int, int, int], dict[str, str]]]:
        """Each way that the text matches, with its rank: place, literals, placeholders."""
        rank = (-sum(map(len, self.literals)), len(self.names))
        if not self.names:
            return [((0, *rank), {})] if said == self.template else []
        if self.literals == ["", ""]:
            return []  # the words of others
        if self.literals[0] == "<":
            starts = [match.start() for match in re.finditer("(?=>: )", said)]
            found = [(at, self._filled(said, at, [said[1:at]])) for at in starts if at >= 1]
            return [((at, *rank), values) for at, values in found if values and said[0] == "<"]
        values = self._filled(said, 0, [])
        place = 0 if self.literals[0] else 1
        return [((place, *rank), values)] if values else []

    def _filled(self, said: str, at: int, first: list[str]) -> dict[str, str] | None:
        match = self.pattern.fullmatch(said, at)
        values = [*first, *match.groups()] if match else []
        right = match and all(map(fits, self.types, values))
        return dict(zip(self.names, values, strict=True)) if right else None


def worded(catalog: Catalog) -> list[Wording]:
    return [
        Wording.of(reply, form, template, catalog)
        for reply in catalog.replies.values()
        for form, template in reply.wordings()
    ]


WORDINGS = worded(CATALOG)


def weighed(wording: Wording, params: dict[str, str], code: int) -> dict[str, Any]:
    """What the values change about who must act."""
    reply = wording.reply
    for of in reply.verdicts:
        verdict, value = wording.verdicts[of.verdict], params.get(of.placeholder)
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
    return tried(line, WORDINGS)


def tried(line: str, wordings: list[Wording]) -> dict[str, Any] | None:
    """What a line is, None where it is none of the wordings."""
    first = line.split("\n")[0]
    first = first[:-1] if first.endswith("\r") else first
    head = re.match(r"([2-5][0-9][0-9])[ -]([245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$(?!\n)))?", first)
    if head is None:
        return None
    said = first[head.end() :]
    said = said[1:] if head[2] and said else said
    found = [
        (rank, wording, values) for wording in wordings for rank, values in wording.placements(said)
    ]
    if not found:
        return None
    best = min(rank for rank, *_ in found)
    code, enhanced = int(head[1]), head[2]
    rivals = [rival for rival in found if rival[0] == best]
    _, wording, values = max(rivals, key=lambda rival: near(rival[1].reply, code, enhanced))
    reply = wording.reply
    known = (code, enhanced) in [(variant.code, variant.enhanced) for variant in reply.variants]
    closes = reply.closes or code in (421, 521)
    told = (reply.id, code, enhanced, values, known, wording.form, closes)
    return dict(zip(KEYS, told, strict=True)) | weighed(wording, values, code)


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
