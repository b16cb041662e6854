"""From a line to its reply where something stands behind the text, or has to be put right."""

from __future__ import annotations

from bisect import bisect_right

from postfix_replies import _identify
from postfix_replies._grammar import fits, is_enhanced, is_long
from postfix_replies._tables import FRONTS, ROWS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Optional

    from postfix_replies._identify import Held, Match, Owner

    Codes = tuple[Optional[int], Optional[str]]
    Front = tuple[list[Owner], list[str], list[str], int]
    Leads = tuple[list[str], list[list[Front]], list[int], int, set[str]]

_BLANKS = " \t"
_ENDS = " \t;,"
_MARKS = ".;,)"  # what a word at the end of a text gives back
_HEAD = 2  # by so many characters it is seen that no text begins so
_PLACES = 4  # at how many `>: ` of a line a text with a footer is looked for
_SHORTEST = (
    3  # stars of a masked host; characters of `<x>` in brackets that are doubled
)


class _Found:
    """A text in a line: where it stands, whose it is, and where it ends."""

    __slots__ = ("end", "footer", "owners", "place", "values", "weight")

    def __init__(
        self,
        place: int,
        owners: list[Owner],
        values: tuple[str, ...],
        weight: int,
        end: int,
        footer: bool = False,
    ) -> None:
        self.place = place
        self.owners = owners
        self.values = values
        self.weight = weight  # 0 where nothing can beat it
        self.end = end
        self.footer = footer  # whether anything may stand behind it


def tailed(line: str, codes: Codes, said: str, place: int, held: Held) -> Match | None:
    """The reply of a line that is a text to its end, if the end is not a tail."""
    owners, values, _ = held
    is_host = place == 1 and said[0] != "<"
    if len(owners) == 1 and is_host and _is_clean(said, values[0], owners):
        return _identify._made(*codes, owners[0], values)
    whole = _Found(place, *held, len(said))
    found = whole if is_long(said) else _found(said, whole)
    match = None if found is None else _claimed(codes, said, found, [])
    return match or unclaimed(line, codes, said)


def _is_clean(said: str, name: str, owners: list[Owner]) -> bool:
    """Whether nothing else is in a text behind the name of a host."""
    if any(_fronts("plain", said, 0)):
        return False
    return _identify._is_clean(said[len(name) + 1 :], owners)


def repaired(line: str, folded: bool) -> Match | None:
    """The reply of a line of which more is wrong than its tail; tails are found too."""
    if is_long(line):
        return None
    repairs = ["folded"] if folded else []
    codes, said = _head(line)
    match = None if codes[0] is None else _attempt(codes, said, repairs)
    return match or _mended(line, codes, said, repairs)


def missed(line: str, codes: Codes, said: str) -> Match | None:
    """The same of a line with codes whose text is none from end to end."""
    if is_long(line):
        return None
    found = _found(said, None)
    match = None if found is None else _claimed(codes, said, found, [])
    return match or _mended(line, codes, said, [])


def unclaimed(line: str, codes: Codes, said: str) -> Match | None:
    """The same of a line whose text is not Postfix's own under its codes."""
    return None if is_long(line) else _mended(line, codes, said, [])


def _mended(line: str, codes: Codes, said: str, repairs: list[str]) -> Match | None:
    """The reply of a line that is not known as it is."""
    # What begins with a code and a blank has nothing before them to put right.
    is_coded = codes[0] is not None and line[3:4] == " "
    for name, repair in _INNER_REPAIRS if is_coded else _REPAIRS:
        changed = repair(line)
        if changed != line:
            line = changed
            repairs.append(name)
            codes, said = _head(line)
            match = None if codes[0] is None else _attempt(codes, said, repairs)
            if match is not None:
                return match
    return _reworded(codes, said, repairs)


def _reworded(codes: Codes, said: str, repairs: list[str]) -> Match | None:
    """The last resorts: no code, no brackets, no name of the host."""
    match = None
    if codes[0] is None:
        repairs.append("no_code")
        match = _attempt(codes, said, repairs)
    return match or _bracketed(codes, said, repairs) or _unmasked(codes, said, repairs)


def _head(line: str) -> tuple[Codes, str]:
    """The codes that a line begins with, if any, and its text."""
    code = _identify._CODES.get(line[:3]) if line[3:4] in (" ", "-") else None
    said = line if code is None else line[4:]
    word, _, _ = said[:10].partition(" ")
    if is_enhanced(word):
        return (code, word), said[len(word) + 1 :]
    return (code, None), said


def _unquoted(line: str) -> str:
    """Without blanks before it, quotes around it, and the `smtp;` of a bounce."""
    line = _inside(line.lstrip(_BLANKS))
    if line[:5].lower() == "smtp;":
        line = line[5:].lstrip(_BLANKS)
    return line


def _inside(line: str) -> str:
    at = 1 if line[:1] in ("b", "u") and line[1:2] in ("'", '"') else 0
    quote = line[at : at + 1]
    stripped = line.rstrip(_BLANKS) if quote in ("'", '"') else ""
    if len(stripped) > at + 1 and stripped.endswith(quote):
        return stripped[at + 1 : -1].lstrip(_BLANKS)
    return line


def _unescaped(line: str) -> str:
    if "&" in line:
        for entity, char in _ENTITIES:
            line = line.replace(entity, char)
    return line


def _respaced(line: str) -> str:
    """With single spaces, also behind the first `>:`."""
    line = line.replace("\t", " ")
    while "  " in line:
        line = line.replace("  ", " ")
    at = line.find(">:") + 2
    return f"{line[:at]} {line[at:]}" if at > 1 and line[at : at + 1] > " " else line


def _uncoded(line: str) -> str:
    """Without the marks around or behind the code."""
    closing = {"[": "]", "(": ")"}.get(line[:1], "")
    at = len(closing)
    code = line[at : at + 3]
    if code not in _identify._CODES or not line.startswith(closing, at + 3):
        return line
    at += 3 + len(closing)
    if line[at : at + 1] in (":", ","):
        at += 1
    return f"{code}{line[at:]}" if line[at : at + 1] == " " else line


_ENTITIES = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#39;", "'"),
    ("&amp;", "&"),
)
_INNER_REPAIRS = (("entities", _unescaped), ("blanks", _respaced))
_REPAIRS = (("quoted", _unquoted), *_INNER_REPAIRS, ("code", _uncoded))


def _bracketed(codes: Codes, said: str, repairs: list[str]) -> Match | None:
    """An angle text whose subject has lost a bracket or both, or is lost itself."""
    before, colon, rest = said.partition(": ")
    if not colon and codes[0] is not None:
        return None
    repairs = [*repairs, "brackets"]
    subject = before.removeprefix("<").removesuffix(">")
    if colon and f"<{subject}>" != before and _is_subject(codes, subject, rest):
        match = _attempt(codes, f"<{subject}>: {rest}", repairs)
        if match is not None and match._values[0] == subject:
            return match
    if codes[0] is None and colon:
        end = _ending(_untotalled(said))
        owners = _identify._ANGLE_TAILS.get(said[:end])
        if owners is not None:
            found = _Found(0, owners, ("",), 0, end)
            return _claimed(codes, said, found, repairs)
    return None


def _is_subject(codes: Codes, subject: str, rest: str) -> bool:
    if " " in subject or subject[:1] in ("<", "["):
        return False
    sure = codes[0] is not None and " rejected: " in rest
    return sure or subject == "" or "@" in subject or "[" in subject


def _untotalled(said: str) -> str:
    """Without how often a summary counted it."""
    at = said.rfind(" (total: ")
    count = said[at + 9 : -1]
    counted = at >= 0 and said[-1] == ")" and count.isascii() and count.isdigit()
    return said[:at] if counted else said


def _unmasked(codes: Codes, said: str, repairs: list[str]) -> Match | None:
    """A text that opens with a host of which only stars are left."""
    if said[:1] != "*":
        return None
    rest = said.lstrip("*")
    stars = len(said) - len(rest)
    if stars < _SHORTEST or rest[:1] != " ":
        return None
    masked = said[:stars]
    plain = "x" * stars + rest
    found = _found(plain, _whole(plain))
    if found is None or found.place != 1:
        return None
    found.values = (masked, *found.values[1:])
    return _claimed(codes, said, found, [*repairs, "masked"])


def _attempt(codes: Codes, said: str, repairs: list[str]) -> Match | None:
    found = _found(said, _whole(said))
    return None if found is None else _claimed(codes, said, found, repairs)


def _claimed(
    codes: Codes, said: str, found: _Found, repairs: list[str]
) -> Match | None:
    """The match, unless others say such words too and the codes do not show that Postfix does."""
    code, enhanced = codes
    owners = found.owners
    owner = owners[0] if len(owners) == 1 else _identify._choose(owners, code, enhanced)
    tail = said[found.end :]
    if owner[3] == "unknown" and not _is_sure(codes, found, tail):
        return None
    values = found.values
    doubled = said[0] == "<" and values[0][:1] == "<" and values[0][-1:] == ">"
    if doubled and len(values[0]) >= _SHORTEST:
        values = (values[0][1:-1], *values[1:])
        repairs = [*repairs, "brackets"]
    return _identify._near_made(code, enhanced, owner, values, tail, tuple(repairs))


def _is_sure(codes: Codes, found: _Found, tail: str) -> bool:
    code, enhanced = codes
    if code is None:
        return False
    if found.footer:
        # A footer is put behind refusals only, and begins a sentence.
        known = any(
            _identify._is_known(owner[0], code, enhanced) for owner in found.owners
        )
        return known and code >= 400 and tail[:2] == ". " and "A" <= tail[2:3] <= "Z"
    return found.values != () or _identify._claims(found.owners, code, enhanced)


def _found(said: str, found: _Found | None) -> _Found | None:
    """The text in `said`: whole, which is `found`, before a known tail, or before a footer."""
    if found is not None and not found.weight:
        return found
    end = _ending(said)
    cut = None if end == len(said) else _cut(said, end)
    if cut is not None:
        if not cut.weight:
            return cut
        found = cut
    front = _front(said[:end])
    if found is None or front is None:
        return front or found
    better = front.place == found.place and front.weight > found.weight
    return front if better or front.place < found.place else found


def _cut(said: str, end: int) -> _Found | None:
    """The text before a known tail, to which the blank or the full stop before it may belong."""
    found = _whole(said[:end])
    longer = _whole(said[: end + 1]) if said[end] in (" ", ".") else None
    if found is None or longer is None:
        return found or longer
    return longer if _weight(longer) > _weight(found) else found


def _weight(found: _Found) -> int:
    """How many literal characters the text has, which only one that can be beaten knows."""
    return found.weight or _WEIGHTS[id(found.owners)]


def _whole(said: str) -> _Found | None:
    """What `said` is from end to end."""
    if said == "":
        return None
    if said[0] == "<":
        return _behind_subject(said)
    place = 0
    owners = _identify._PLAIN_TAILS.get(said)
    held = _identify._PLAIN.hold(said) if owners is None else (owners, (), 0)
    if held is None:
        held = _identify._hosted(said)
        place = 1
    return None if held is None else _Found(place, *held, len(said))


def _behind_subject(said: str) -> _Found | None:
    for place in _places(said):
        rest = said[place + 3 :]
        owners = _identify._ANGLE_TAILS.get(rest)
        held = _identify._ANGLE.hold(rest) if owners is None else (owners, (), 0)
        if held is not None:
            values = (said[1:place], *held[1])
            return _Found(place, held[0], values, held[2], len(said))
    return None


def _places(said: str) -> Iterator[int]:
    """Where a subject may end: at the first few `>: `."""
    place = said.find(">: ")
    for _ in range(_PLACES):
        if place < 0:
            break
        yield place
        place = said.find(">: ", place + 1)


def _ending(said: str) -> int:
    """Where the tail begins that a log or a bounce puts behind a text."""
    if said[-1:] not in _identify._TAILED and "; from=<" not in said:
        return len(said)
    start = said.find(">: ") if said[:1] == "<" else 0
    end = said.find("; from=<", start) if start >= 0 else -1
    end = len(said[:end].rstrip(_ENDS) if end >= 0 else said.rstrip(_ENDS))
    if said.endswith(" command)", 0, end):
        at = said.rfind(" (in reply to ", 0, end)
        # What another server said has its own.
        told = said.count(" said: ", 0, end)
        if at >= 0 and said.count(" (in reply to ", 0, end) > told:
            end = len(said[:at].rstrip(_ENDS))
    if said.endswith(".", 0, end) and not said.endswith("..", 0, end):
        end = len(said[: end - 1].rstrip(_BLANKS))
    return end


def _front(said: str) -> _Found | None:
    """The text that `said` begins with, at the leftmost place that has one."""
    if said[:1] != "<":
        found = _front_at("plain", said, 0)
        return found or _hosted_front(said)
    for place in _places(said):
        found = _front_at("angle", said, place + 3)
        if found is not None:
            found.place = place
            found.values = (said[1:place], *found.values)
            return found
    return None


def _hosted_front(said: str) -> _Found | None:
    name, _, _ = said.partition(" ")
    if not fits("host", name):
        return None
    found = _front_at("host", said, len(name) + 1)
    if found is not None:
        found.place = 1
        found.values = (name, *found.values)
    return found


def _front_at(family: str, said: str, start: int) -> _Found | None:
    """The text with the most literal characters that begins at a place."""
    heads = _LEADS[family][-1]
    # Most lines of others begin as none of the texts does.
    if said[start : start + _HEAD] not in heads and "" not in heads:
        return None
    best = None
    best_key = (0, 0, 0)
    for owners, literals, kinds, weight in _fronts(family, said, start):
        fitted = _fit(literals, kinds, said, start)
        if fitted is not None:
            values, end = fitted
            key = (weight, end, -len(values))
            if key > best_key:
                best = _Found(0, owners, values, weight, end, footer=True)
                best_key = key
    return best


def _fronts(family: str, said: str, start: int) -> Iterator[Front]:
    """The texts whose first words stand at a place."""
    leads, rows, parents, longest, _ = _LEADS[family]
    opening = said[start : start + longest + 1]
    at = bisect_right(leads, opening) - 1
    while at >= 0:
        if opening.startswith(leads[at]):
            yield from rows[at]
        at = parents[at]


def _fit(
    literals: list[str], kinds: list[str], said: str, at: int
) -> tuple[tuple[str, ...], int] | None:
    """What the placeholders stand for, each literal taken where it first occurs; and the end."""
    at += len(literals[0])
    values = []
    for kind, literal in zip(kinds, literals[1:]):
        if literal:
            found = said.find(literal, at)
            value = said[at:found] if found >= 0 else ""
        else:
            value = said[at:].partition(" ")[0].rstrip(_MARKS)
            found = at + len(value)
        if found < 0 or not fits(kind, value):
            return None
        values.append(value)
        at = found + len(literal)
    return (tuple(values), at) if _is_word_end(said, at) else None


def _is_word_end(said: str, at: int) -> bool:
    char = said[at : at + 1]
    if char == ".":
        char = said[at + 1 : at + 2]
        return not (char.isalnum() or char > "\x7f")
    return not (char.isalnum() or char > "\x7f" or char in ("_", "-"))


def _load(family: str) -> Leads:
    fronts = FRONTS[family]
    rows = [[_of(number) for number in numbers] for _, numbers, _ in fronts]
    leads = [lead for lead, _, _ in fronts]
    parents = [parent for _, _, parent in fronts]
    # Empty where first words are too short to have such a head.
    heads = {lead[:_HEAD] if len(lead) >= _HEAD else "" for lead in leads}
    return leads, rows, parents, max(map(len, leads), default=0), heads


def _of(number: int) -> Front:
    parts = ROWS[number][1].replace("}", "{").split("{")
    literals = parts[::2]
    weight = _identify._weight(ROWS[number][1])
    return _identify._OWNERS[number], literals, parts[1::2], weight


_WEIGHTS = {
    id(_identify._OWNERS[number]): _of(number)[3] for number in range(len(ROWS))
}
_LEADS = {family: _load(family) for family in FRONTS}
