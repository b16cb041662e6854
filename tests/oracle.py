"""What a line is, by trying every text: nothing here is what the walk uses."""

import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from codegen.catalog import Catalog, Reply, Verdict
from codegen.catalog import wordings as every_wording
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
KEYS = ("id", "code", "enhanced", "params", "expected", "form", "closes", "tail", "repairs")
# A text that is one placeholder alone can be written but not known again.
FOREIGN = {reply.id for reply in CATALOG.replies.values() if re.fullmatch(r"\{\w+\}", reply.text)}


class Wording(NamedTuple):
    """One text of a reply, taken apart."""

    reply: Reply
    form: str
    template: str
    literals: list[str]
    names: list[str]
    types: list[str]
    verdicts: dict[str, Verdict]

    @classmethod
    def of(cls, reply: Reply, form: str, template: str, catalog: Catalog) -> "Wording":
        literals, names = re.split(r"\{\w+\}", template), re.findall(r"\{(\w+)\}", template)
        types: list[str] = [catalog.placeholders[name].type for name in names]
        return cls(reply, form, template, literals, names, types, catalog.verdicts)


class Sight(NamedTuple):
    """A text that was seen in a line."""

    place: int  # which `>: ` of an angle text; 0 for other texts, 1 for those behind a host name
    literals: int
    holes: int
    wording: Wording
    values: dict[str, str]
    end: int
    footer: bool
    sure: bool  # whether its end cannot be a tail

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return (self.place, -self.literals, -self.end, self.holes)


class Asked(NamedTuple):
    """The codes that a line has, and what was repaired so far."""

    code: int | None
    enhanced: str | None
    repairs: tuple[str, ...]

    @property
    def temporary(self) -> bool:
        """Whether the codes say to try again later."""
        return (str(self.code) if self.code else self.enhanced or "")[:1] == "4"


def worded(catalog: Catalog) -> list[Wording]:
    return [
        Wording.of(reply, form, template, catalog)
        for reply in catalog.replies.values()
        for form, template in every_wording(reply)
    ]


WORDINGS = worded(CATALOG)


def weighed(wording: Wording, params: dict[str, str], asked: Asked) -> dict[str, Any]:
    """What the values change about who must act."""
    reply = wording.reply
    for of in reply.verdicts:
        verdict, value = wording.verdicts[of.verdict], params.get(of.placeholder)
        parts = [re.escape(part) + "$" for part in verdict.equals]
        parts += [re.escape(part) for part in verdict.begins]
        parts += [".*" + re.escape(part) for part in verdict.contains]
        temporary = asked.temporary or not verdict.temporary
        if value is not None and temporary and re.match("|".join(parts), value, re.DOTALL):
            acting = {"must_act": verdict.must_act, "retry": verdict.retry}
            return {"verdict": of.verdict} | acting
    return {"verdict": None, "must_act": reply.must_act, "retry": reply.retry}


@cache
def brute(line: str) -> dict[str, Any] | None:
    return tried(line, WORDINGS)


def tried(line: str, wordings: list[Wording]) -> dict[str, Any] | None:
    """What a line is: first as it stands, then with one repair more at a time."""
    folded = re.match(r"[^\n]*?(\r?\n[ \t])", line) is not None
    # A line break goes with the blanks behind it.
    line = re.sub(r"\r?\n[ \t]+", " ", line) if folded else line
    line = line.split("\n")[0]
    line = line[:-1] if line.endswith("\r") else line
    line = re.sub(r"\A([2-5][0-9][0-9])-", r"\1 ", line)
    repairs = ("folded",) if folded else ()
    found = coded(wordings, line, repairs, PLACES if folded else None)
    for name, repair in REPAIRS.items():
        if found is not None:
            return found
        changed = repair(line)
        if changed != line:
            line, repairs = changed, (*repairs, name)
            found = coded(wordings, line, repairs, PLACES)
    if found is not None:
        return found
    asked, said = head(line, repairs)
    if asked.code is None:
        asked = asked._replace(repairs=(*repairs, "no_code"))
        found = told(wordings, asked, said, PLACES)
    return found or bracketed(wordings, asked, said) or masked(wordings, asked, said)


PLACES = 4  # at how many `>: ` of a line tails are looked for


def head(line: str, repairs: tuple[str, ...]) -> tuple[Asked, str]:
    """The codes and the text."""
    code = re.match(r"([2-5][0-9][0-9])[ -]", line)
    said = line[4:] if code else line
    enhanced = re.match(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |\Z)", said)
    said = said[enhanced.end() :] if enhanced else said
    return Asked(int(code[1]) if code else None, enhanced[1] if enhanced else None, repairs), said


def coded(
    wordings: list[Wording], line: str, repairs: tuple[str, ...], places: int | None
) -> dict[str, Any] | None:
    asked, said = head(line, repairs)
    return None if asked.code is None else told(wordings, asked, said, places)


def unquoted(line: str) -> str:
    line = line.lstrip(" \t")
    quoted = re.fullmatch(r"[bu]?(['\"])[ \t]*(.*)\1[ \t]*", line, re.DOTALL)
    line = quoted[2] if quoted else line
    return re.sub(r"\A[Ss][Mm][Tt][Pp];[ \t]*", "", line)


def unescaped(line: str) -> str:
    marks = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}
    return re.sub("|".join(marks), lambda mark: marks[mark[0]], line)


def respaced(line: str) -> str:
    line = re.sub(r"[ \t]+", " ", line)
    return re.sub(r"\A([^>]*(?:>[^:>]*)*?>:)([^\0- ])", r"\1 \2", line) if ">:" in line else line


def uncoded(line: str) -> str:
    return re.sub(
        r"\A(?:\[([2-5][0-9][0-9])\]|\(([2-5][0-9][0-9])\)|([2-5][0-9][0-9]))[:,]?(?= )", CODE, line
    )


CODE = r"\g<1>\g<2>\g<3>"
REPAIRS = {"quoted": unquoted, "entities": unescaped, "blanks": respaced, "code": uncoded}


def told(
    wordings: list[Wording], asked: Asked, said: str, places: int | None
) -> dict[str, Any] | None:
    found = seen(wordings, said, places)
    return None if found is None else claimed(asked, said, found)


def seen(wordings: list[Wording], said: str, places: int | None) -> list[Sight] | None:
    """The best texts in `said`: whole, before a known tail, or before a footer."""
    whole = best(wholes(wordings, said, places))
    if whole and whole[0].sure:
        return whole
    end = ending(said)
    cut = best(wholes(wordings, said[:end], PLACES)) if end < len(said) else []
    if end < len(said) and said[end] in " .":
        longer = best(wholes(wordings, said[: end + 1], PLACES))
        if longer and (not cut or longer[0].literals > cut[0].literals):
            cut = longer
    if cut and cut[0].sure:
        return cut
    whole = cut or whole
    fronts = best(all_fronts(wordings, said[:end]))
    if whole and fronts:
        one, other = whole[0], fronts[0]
        further = one.place == other.place and other.literals > one.literals
        return fronts if further or other.place < one.place else whole
    return whole or fronts or None


def best(found: Iterable[Sight]) -> list[Sight]:
    sights = list(found)
    first = min((sight.rank for sight in sights), default=None)
    return [sight for sight in sights if sight.rank == first]


def claimed(asked: Asked, said: str, rivals: list[Sight]) -> dict[str, Any] | None:
    """The match of the best texts, unless others say the same and no codes show who speaks."""
    code, enhanced, repairs = asked
    sight = max(rivals, key=lambda rival: near(rival.wording.reply, code, enhanced))
    reply, values, tail = sight.wording.reply, sight.values, said[sight.end :]
    pairs = [(variant.code, variant.enhanced) for variant in reply.variants]
    any_of = [(v.code, v.enhanced) for rival in rivals for v in rival.wording.reply.variants]
    if reply.words == "unknown":
        known = (code, enhanced) in any_of
        soft = [(c - 100, e and f"4{e[1:]}") for c, e in any_of if c >= 500]
        footer = known and (code or 0) >= 400 and re.match(r"\. [A-Z]", tail)
        other = bool(values) or known or (code, enhanced) in soft
        if code is None or not (footer if sight.footer else other):
            return None
    subject = next(iter(values), "")
    if said.startswith("<") and re.fullmatch(r"<.+>", values[subject], re.DOTALL):
        values = values | {subject: values[subject][1:-1]}
        repairs = (*repairs, "brackets")
    expected = (code, enhanced) in pairs and reply.words != "site"
    closes = reply.closes or code in (421, 521)
    form = sight.wording.form
    told = (reply.id, code, enhanced, values, expected, form, closes, tail, list(repairs))
    return dict(zip(KEYS, told, strict=True)) | weighed(sight.wording, values, asked)


def bracketed(wordings: list[Wording], asked: Asked, said: str) -> dict[str, Any] | None:
    """A text whose subject lost its brackets, or that lost its subject."""
    asked = asked._replace(repairs=(*asked.repairs, "brackets"))
    lost = re.match(r"<?([^ ]*?)>?: ", said)
    if lost and not said.startswith(f"<{lost[1]}>: ") and lost[1][:1] not in ("<", "["):
        rest = said[lost.end() :]
        sure = asked.code is not None and " rejected: " in rest
        if sure or re.search(r"[@\[]|\A\Z", lost[1]):
            found = told(wordings, asked, f"<{lost[1]}>: {rest}", PLACES)
            if found is not None and next(iter(found["params"].values())) == lost[1]:
                return found
    if asked.code is not None or ": " not in said:
        return None
    bare = said[: ending(re.sub(r" \(total: [0-9]+\)\Z", "", said))]
    found_at = best([s for s in wholes(wordings, f"<>: {bare}", 1) if s.holes == 1])
    ends = [sight._replace(end=len(bare)) for sight in found_at]
    return claimed(asked, said, ends) if ends else None


def masked(wordings: list[Wording], asked: Asked, said: str) -> dict[str, Any] | None:
    stars = re.match(r"\*{3,}(?= )", said)
    if stars is None:
        return None
    found = seen(wordings, "x" * stars.end() + said[stars.end() :], PLACES)
    if found is None or found[0].place != 1:
        return None
    hidden = [s._replace(values={**s.values, next(iter(s.values)): stars[0]}) for s in found]
    return claimed(asked._replace(repairs=(*asked.repairs, "masked")), said, hidden)


def ending(said: str) -> int:
    """Where the known tails begin."""
    ends = r"[ \t;,]*\Z"
    start = re.match(r"<.*?>: ", said, re.DOTALL) if said.startswith("<") else re.match("", said)
    logged = said.find("; from=<", start.end() - 2 if said.startswith("<") else 0) if start else -1
    cut = re.sub(ends, "", said[:logged] if logged >= 0 else said)
    if cut.endswith(" command)") and len(re.findall(r" \(in reply to ", cut)) > len(
        re.findall(" said: ", cut)
    ):
        cut = re.sub(ends, "", cut[: cut.rindex(" (in reply to ")])
    if re.search(r"(?<!\.)\.\Z", cut):
        cut = re.sub(r"[ \t]*\Z", "", cut[:-1])
    return len(cut)


def openings(said: str, places: int | None) -> list[int]:
    found = [match.start() for match in re.finditer("(?=>: )", said)]
    return found[:places] if said.startswith("<") else []


def wholes(wordings: list[Wording], said: str, places: int | None) -> list[Sight]:
    """Each way that `said` is a text from end to end."""
    found = could_be(wordings, said)
    return [sight for wording in found for sight in whole_of(wording, said, places)]


def could_be(wordings: list[Wording], said: str) -> list[Wording]:
    """The wordings of which all words are in `said`."""
    return [wording for wording in wordings if all(literal in said for literal in wording.literals)]


def whole_of(wording: Wording, said: str, places: int | None) -> Iterator[Sight]:
    literals, names, types = wording.literals, wording.names, wording.types
    if literals == ["", ""] or not said:
        return  # the words of others
    weight = sum(map(len, literals))
    if literals[0] == "<" and names:
        for at in openings(said, places):
            rest = lazily(literals[1:], said[at:])
            if rest is not None and all(map(fits, types[1:], rest)):
                values = dict(zip(names, [said[1:at], *rest], strict=True))
                sure = is_sure(literals[-1], types[-1], said, len(names) == 1)
                sure = sure or values[names[-1]] == ""
                yield Sight(at, weight, len(names), wording, values, len(said), False, sure)
        return
    given = lazily(literals, said)
    if given is None or not all(map(fits, types, given)):
        return
    place = 0 if literals[0] else 1
    sure = not names or is_sure(literals[-1], types[-1], said, place == 1 and len(names) == 1)
    values = dict(zip(names, given, strict=True))
    sure = sure or values[names[-1]] == ""
    yield Sight(place, weight, len(names), wording, values, len(said), False, sure)


def is_sure(last: str, kind: str, said: str, opening: bool) -> bool:
    """Whether the end of a whole text cannot be a tail."""
    if opening or last not in ("", ")"):
        return True
    return last == "" and kind != "text" and said[-1] not in ".;,)"


def all_fronts(wordings: list[Wording], said: str) -> Iterator[Sight]:
    """Each text that `said` begins with, at the places where one may begin."""
    for wording in could_be(wordings, said):
        literals, names, types = wording.literals, wording.names, wording.types
        weight = sum(map(len, literals))
        if literals[-1] == "" and types and types[-1] == "text":
            continue
        host = re.match(r"([-.:_\[\]0-9A-Za-z]+)(?= )", said)
        for at in openings(said, PLACES) if literals[0] == "<" and names else [0]:
            first = [] if literals[0] != "<" or not names else [said[1:at]]
            opened, kinds = (literals[1:], types[1:]) if first else (literals, types)
            if literals[0] == "" and names:
                if host is None:
                    continue
                first, at, kinds = [host[1]], host.end(), types[1:]
                opened = literals[1:]
            begun = front_of(opened, kinds, said[at:])
            if begun is not None:
                values = dict(zip(names, [*first, *begun[0]], strict=True))
                place = 1 if literals[0] == "" and names else at
                end = at + begun[1]
                yield Sight(place, weight, len(names), wording, values, end, True, False)


def front_of(literals: list[str], kinds: list[str], said: str) -> tuple[list[str], int] | None:
    """What a text says that `said` begins with, and where it ends."""
    pattern = re.escape(literals[0])
    for literal in literals[1:]:
        last = r"([^ ]*[^ .;,)])(?=[.;,)]*(?: |\Z))"
        pattern += f"(.*?){re.escape(literal)}" if literal else last
    # Each literal where it first occurs, whatever follows it: so without going back.
    found = re.match(f"(?>{pattern})", said, re.DOTALL)
    if found is None or not all(map(fits, kinds, found.groups())):
        return None
    ends = re.match(r"\Z|\.(?![0-9A-Za-z\x80-\U0010ffff])|[^-.\w]", said[found.end() :], re.ASCII)
    if ends is None or (ends[0] and ends[0] > "\x7f"):
        return None
    return list(found.groups()), found.end()


def lazily(literals: list[str], said: str) -> list[str] | None:
    pattern = "(.*?)".join(map(re.escape, literals))
    match = re.fullmatch(pattern, said, re.DOTALL)
    return list(match.groups()) if match else None


def fits(kind: str, value: str) -> bool:
    shapes = {"text": r".*", "word": r"[^ ]+", "host": r"[-.:_\[\]0-9A-Za-z]+"}
    return re.fullmatch(shapes[kind], value, re.DOTALL) is not None


def near(reply: Reply, code: int | None, enhanced: str | None) -> int:
    scores = [0]
    for variant in reply.variants:
        pair = (variant.code, variant.enhanced)
        subject = bool(enhanced and variant.enhanced and enhanced[1:] == variant.enhanced[1:])
        scores.append(4 if pair == (code, enhanced) else 3 if subject else 0)
        scores.append(2 if variant.code == code else 0)
        scores.append(1 if code and variant.code // 100 == code // 100 else 0)
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
