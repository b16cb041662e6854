"""From a line to its reply. A walk of bounded work over tables, without regular expressions."""

from __future__ import annotations

from postfix_replies import Reply
from postfix_replies._facts import BY_CODE, BY_ENHANCED
from postfix_replies._grammar import HOST, fits, is_enhanced
from postfix_replies._tables import FRONTS, ROWS, WIDEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from postfix_replies import Party, Retry, Verdict

    Owner = tuple[Reply, str, tuple[str, ...], str]
    # Which value is checked, and whether it must be a host name or else a word.
    Check = tuple[int, bool]
    # First words, last ones, those between (the first apart), checks, owners, how it opens.
    Glob = tuple[str, str, str, list[str], list[Check], list[Owner], int]
    # How many first characters decide, what follows from them, and what else may be.
    Tree = tuple[int, dict[str, "Tree"], list[Glob]]
    # Owners, values, and, where the end may be a tail, how many literal characters the text has.
    Held = tuple[list[Owner], tuple[str, ...], int]
    # First words of texts; where these go on behind those that they share, and how.
    Rivals = tuple[int, int, set[str], tuple[str, ...]]

_CODES = {str(code): code for code in range(200, 600)}
_ENHANCED = {digit + known[1:] for known in BY_ENHANCED for digit in "245"}
# Nearly all lines begin with such a pair, which is found in one step.
_PAIRS = {
    f"{code} {enhanced} ": (code, enhanced)
    for code in BY_CODE
    for enhanced in _ENHANCED
    if len(enhanced) == 5 and f"{code}"[0] == enhanced[0]
}
_TAILED = " \t;,.)"  # how a known tail may end
_FEW = 3  # first words that are tried in turn
_LEVELS = 8  # of a tree, so that a walk is of bounded work in any catalog


class _Open:
    """A match while identify makes it."""

    __slots__ = ("_near", "_owner", "_values", "code", "enhanced")

    code: int | None
    """The reply code on the wire, None where the words came without one."""
    enhanced: str | None
    """The enhanced status code on the wire, None where there was none."""
    _owner: Owner
    _values: tuple[str, ...]
    _near: tuple[str, tuple[str, ...]]  # tail and repairs; not set on a clean line


class Match(_Open):
    """What a reply line says. Made by identify; it never changes."""

    __slots__ = ()

    def __init__(self) -> None:
        raise TypeError("identify makes a Match")

    @property
    def reply(self) -> Reply:
        """Which reply it is."""
        return self._owner[0]

    @property
    def form(self) -> str:
        """The wording: "standard", or the name of one of the reply's forms."""
        return self._owner[1]

    @property
    def params(self) -> dict[str, str]:
        """What the placeholders of the text stand for, by name."""
        return dict(zip(self._owner[2], self._values))

    @property
    def closes(self) -> bool:
        """Whether the server is sure to hang up after the line."""
        return self.code in (421, 521) or self.reply.closes

    @property
    def retryable(self) -> bool:
        """Whether the codes on the wire say to try again later: whether they begin with 4."""
        if self.code is None:
            return self.enhanced is not None and self.enhanced[0] == "4"
        return 400 <= self.code < 500

    @property
    def expected(self) -> bool:
        """Whether Postfix is known to say all of this: False where the words are a site's own.

        Else whether the catalog knows the reply under the codes on the wire.
        """
        return self._owner[3] != "site" and _is_known(
            self.reply, self.code, self.enhanced
        )

    @property
    def tail(self) -> str:
        """What stands behind the text and is not part of it: a footer, what a log adds."""
        return getattr(self, "_near", _CLEAN)[0]

    @property
    def repairs(self) -> tuple[str, ...]:
        """What had to be put right before the text was known, by name; empty for most lines."""
        return getattr(self, "_near", _CLEAN)[1]

    @property
    def verdict(self) -> Verdict | None:
        """What a value in the line changes about who must act, None if nothing."""
        from postfix_replies._verdict import verdict_of

        return verdict_of(self)

    @property
    def must_act(self) -> Party:
        """Who must act: as the verdict has it, else as the reply does."""
        return (self.verdict or self.reply).must_act

    @property
    def retry(self) -> Retry:
        """Whether trying again can help: as the verdict has it, else as the reply does."""
        return (self.verdict or self.reply).retry

    def format(self) -> str:
        """The line as Postfix sends it: put right, without the tail, and with the same codes.

        Raises ValueError where a value is none of its type, such as a masked host, or contains
        CR or NUL.
        """
        from postfix_replies._format import format_words

        codes = [str(of) for of in (self.code, self.enhanced) if of is not None]
        return " ".join([*codes, format_words(self.reply, self.form, self.params)])

    def as_dict(self) -> dict[str, Any]:
        """All that it says, by name, with values that json can write."""
        return {
            "id": self.reply.value,
            "code": self.code,
            "enhanced": self.enhanced,
            "params": self.params,
            "form": self.form,
            "expected": self.expected,
            "retryable": self.retryable,
            "closes": self.closes,
            "tail": self.tail,
            "repairs": list(self.repairs),
        }

    def json(self) -> str:
        r"""All that it says as JSON, in the same bytes as from the packages of other languages.

        A lone surrogate, which no UTF-8 can contain, becomes an escape such as `\udc80`.
        """
        return as_json(self.as_dict())

    def _all(self) -> tuple[Any, ...]:
        codes = (self.code, self.enhanced)
        return (self.reply, *codes, self.form, self.params, self.tail, self.repairs)

    def __eq__(self, other: object) -> bool:
        return (
            self._all() == other._all() if isinstance(other, Match) else NotImplemented
        )

    def __hash__(self) -> int:
        return hash((self.reply, self.code, self.enhanced, self._values))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name} of a Match")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name} of a Match")

    def __reduce__(self) -> tuple[object, ...]:
        codes = (self.code, self.enhanced)
        return _near_made, (*codes, self._owner, self._values, self.tail, self.repairs)

    def __repr__(self) -> str:
        near = f", tail={self.tail!r}" if self.tail else ""
        near += f", repairs={self.repairs}" if self.repairs else ""
        return (
            f"Match({self.reply}, code={self.code}, enhanced={self.enhanced!r}, "
            f"params={self.params}, form={self.form!r}{near})"
        )


class _Family:
    """Texts that open alike: the owners of each whole one, and globs by their first words."""

    def __init__(self) -> None:
        self.longest = 0
        self.tails: dict[str, list[Owner]] = {}
        self.globs: list[Glob] = []
        self.tree: Tree = (0, {}, self.globs)

    # In one piece, as identify is.
    def hold(self, said: str) -> Held | None:  # noqa: C901
        """The owners of the text with placeholders that `said` is, and what it carries."""
        length, branches, globs = self.tree
        while length:
            branch = branches.get(said[:length])
            if branch is None:
                break
            length, branches, globs = branch
        for lead, last, middle, more, checks, owners, opens in globs:
            # Unchanged where it does not begin or end so: cheaper than to ask and then to cut.
            rest = said.removeprefix(lead)
            if rest is said:
                continue
            if last:
                ended, rest = rest, rest.removesuffix(last)
                if rest is ended:
                    continue
            if not middle:
                values: tuple[str, ...] = (rest,)
            elif more and more[-1] not in rest:
                continue
            else:
                value, found, rest = rest.partition(middle)
                if not found:
                    continue
                values = (value, rest)
                if more:
                    values = _split(value, rest, more)
                    if not values:
                        continue
            at = -1  # of the last value that is not any text
            for at, is_host in checks:
                value = values[at]
                if not value or (value.strip(HOST) if is_host else " " in value):
                    break
            else:
                is_word = at == len(values) - 1
                if not values[-1] or (is_word and said[-1] not in ".;,)"):
                    opens = 0
                return owners, values, opens
        return None


def _tree(globs: list[Glob], depth: int = 0, levels: int = _LEVELS) -> Tree:
    """Globs, the most specific first, by more and more of their first words."""
    leads = sorted({glob[0] for glob in globs if len(glob[0]) > depth})
    if len(leads) <= _FEW or levels == 0:
        return 0, {}, globs
    common, first, last = 0, leads[0], leads[-1]
    while first[common : common + 1] == last[common]:
        common += 1
    # With a little more than what all share, most are told apart at once.
    length = min(common + 3, *map(len, leads))
    found: dict[str, list[Glob]] = {lead[:length]: [] for lead in leads}
    over = []  # whose first words end before, so that they may be any of these
    for glob in globs:
        lead = glob[0]
        if len(lead) <= depth:
            over.append(glob)
        for same in [found[lead[:length]]] if len(lead) > depth else found.values():
            same.append(glob)
    branches = {head: _tree(same, length, levels - 1) for head, same in found.items()}
    return length, branches, over


def _split(value: str, rest: str, middles: list[str]) -> tuple[str, ...]:
    """A value and those between literals, each taken where it first occurs; empty if not all do."""
    values = [value]
    for middle in middles:
        value, found, rest = rest.partition(middle)
        if not found:
            return ()
        values.append(value)
    return (*values, rest)


def _load() -> tuple[_Family, _Family, _Family, list[list[Owner]]]:
    families = {"plain": _Family(), "angle": _Family(), "host": _Family()}
    all_owners: list[list[Owner]] = []
    for family_name, shape, opens, rivalled, owned in ROWS:
        family = families[family_name]
        owners: list[Owner] = [
            (Reply(an_id), form, names, words) for an_id, form, names, words in owned
        ]
        all_owners.append(owners)
        if rivalled:
            _RIVALS[id(owners)] = _rivals(family_name, shape)
        if owners[0][3] == "unknown" and "{" not in shape:
            owners *= 2  # so that the codes are looked at
        if len(owners) > 1:
            _SHARED[id(owners)] = {
                (variant.code, variant.enhanced): owner
                for owner in owners
                for variant in owner[0].variants
            }
        if "{" in shape:
            family.globs.append(_glob(shape, owners, opens))
            continue
        family.tails[shape] = owners
        family.longest = max(family.longest, len(shape))
    for family in families.values():
        family.tree = _tree(family.globs)
    return families["plain"], families["angle"], families["host"], all_owners


def _rivals(family: str, shape: str) -> Rivals:
    """The first words of the texts with more characters that may open a line of a text."""
    lead, _, _ = shape.partition("{")
    leads = tuple(
        other
        for other, numbers, _ in FRONTS[family]
        if other.startswith(lead) or lead.startswith(other)
        if any(_weight(ROWS[number][1]) > _weight(shape) for number in numbers)
    )
    start = len(lead)
    end = min(start + 2, *map(len, leads))
    return start, end, {other[start:end] for other in leads}, leads


def _weight(shape: str) -> int:
    """How many literal characters a text has."""
    return sum(map(len, shape.replace("}", "{").split("{")[::2]))


def _glob(shape: str, owners: list[Owner], opens: int) -> Glob:
    parts = shape.replace("}", "{").split("{")
    kinds = parts[1::2]
    checks = [(at, kind == "host") for at, kind in enumerate(kinds) if kind != "text"]
    first, *more = parts[2:-1:2] or ("",)
    return parts[0], parts[-1], first, more, checks, owners, opens


# Of texts that several replies share, whose they are under the codes of the catalog.
_SHARED: dict[int, dict[tuple[int | None, str | None], Owner]] = {}
# The texts with more characters that may open lines of others, by the owners of these.
_RIVALS: dict[int, Rivals] = {}
_PLAIN, _ANGLE, _HOSTED, _OWNERS = _load()
_ANGLE_TAILS, _PLAIN_TAILS = _ANGLE.tails, _PLAIN.tails
# How the texts behind a `>: ` begin and end, but for those that another one covers.
_OPENERS = [
    (">: " + shape.partition("{")[0], shape.rpartition("}")[2])
    for _, shape, *_ in (ROWS[number] for number in WIDEST)
]
_CLEAN: tuple[str, tuple[str, ...]] = ("", ())
_loaded: Any = None


def _nearly() -> Any:
    """The module for tails and repairs, which most lines do not need."""
    global _loaded
    if _loaded is None:
        from postfix_replies import _near as loaded

        _loaded = loaded
    return _loaded


def _repaired(line: str, folded: bool) -> Match | None:
    match: Match | None = _nearly().repaired(line, folded)
    return match


def _missed(line: str, code: int, enhanced: str | None, said: str) -> Match | None:
    match: Match | None = _nearly().missed(line, (code, enhanced), said)
    return match


def _unclaimed(line: str, code: int, enhanced: str | None, said: str) -> Match | None:
    match: Match | None = _nearly().unclaimed(line, (code, enhanced), said)
    return match


def _tailed(
    line: str,
    code: int,
    enhanced: str | None,
    said: str,
    place: int,
    held: Held,
) -> Match | None:
    match: Match | None = _nearly().tailed(line, (code, enhanced), said, place, held)
    return match


if TYPE_CHECKING:
    from typing import overload
else:

    def overload(function):
        return function


@overload
def identify(line: str | bytes) -> Match | None: ...


@overload
def identify(line: int, text: str | bytes) -> Match | None: ...  # noqa: F811


# In one piece, since a call would cost a twentieth of its time.
def identify(line: Any, text: Any = None) -> Match | None:  # noqa: C901, F811
    """The reply that a line is, None where no text of the catalog is in it.

    The line is as a client receives it: a reply code, perhaps an enhanced status code, the text.
    Or give the code and the text apart, as smtplib does: identify(550, b"5.1.1 ..."). Bytes are
    UTF-8; others become lone surrogates.
    Of several lines the first counts. The text alone decides, never the codes. What stands behind
    the text is the match's tail, and what had to be put right its repairs. The time is linear in
    the length of the line, whatever it holds, and no line raises.
    """
    try:
        is_ended = "\n" in line or "\r" in line
    except TypeError:
        line = _line(line, text)
        is_ended = "\n" in line or "\r" in line
    whole = _WHOLE.get(line)
    if whole is not None:
        return whole
    head = line[:10]
    codes = _PAIRS.get(head)
    enhanced: str | None
    if codes is not None and not is_ended:
        code, enhanced = codes
        said = line.removeprefix(head)
    else:
        line, folded = _first_line(line)
        number, enhanced, said = _head(line)
        if number is None or folded:
            return _repaired(line, folded)
        code = number
    if not said:
        return None
    values: tuple[str, ...] = ()
    opens = 0
    if said[0] == "<":
        subject, _, tail = said.partition(">: ")
        owners = _ANGLE_TAILS.get(tail)
        if owners is not None:
            values = (subject.removeprefix("<"),)
        else:
            held = _ANGLE.hold(tail)
            if held is not None:
                owners, values, opens = held
                values = (subject.removeprefix("<"), *values)
                if opens and _is_clean(tail, owners):
                    opens = 0
            elif ">: " in tail:
                held = _further(said, len(subject) + 1)
                if held is None:
                    return _missed(line, code, enhanced, said)
                owners, values, opens = held
            else:
                return _missed(line, code, enhanced, said)
        if opens or said[1] == "<":
            held = owners, values, opens
            place = len(values[0]) + 1
            return _tailed(line, code, enhanced, said, place, held)
    else:
        owners = _PLAIN_TAILS.get(said)
        if owners is None:
            held = _PLAIN.hold(said)
            place = 0
            if held is None:
                held = _hosted(said)
                place = 1
                if held is None:
                    return _missed(line, code, enhanced, said)
            owners, values, opens = held
            if opens and (place or not _is_clean(said, owners)):
                return _tailed(line, code, enhanced, said, place, held)
    if len(owners) == 1:
        owner = owners[0]
    else:
        known = _SHARED[id(owners)].get((code, enhanced))
        if known is None:
            others = not values and owners[0][3] == "unknown"
            if others and not _claims(owners, code, enhanced):
                return _unclaimed(line, code, enhanced, said)
            known = _nearest(owners, code, enhanced)
        owner = known
    # As _made does it, without the call.
    match: Any = _Open()
    match.code = code
    match.enhanced = enhanced
    match._owner = owner
    match._values = values
    match.__class__ = Match
    made: Match = match
    return made


def as_json(told: dict[str, Any]) -> str:
    """What a match or a reading tells, in the bytes that all languages write."""
    from json import dumps

    text = dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _head(line: str) -> tuple[int | None, str | None, str]:
    """The codes that a line begins with, and its text."""
    parts = line.split(" ", 2)
    code = _CODES.get(parts[0])
    if len(parts) == 3 and (parts[1] in _ENHANCED or is_enhanced(parts[1])):
        return code, parts[1], parts[2]
    return code, None, line[4:]


def _is_clean(rest: str, owners: list[Owner]) -> bool:
    """Whether a text with an open end has, as is plain to see, no tail and is the longest one.

    The text is given without what comes before its first words.
    """
    if rest[-1] in _TAILED or "; from=<" in rest:
        return False
    rivals = _RIVALS.get(id(owners))
    if rivals is None:
        return True
    start, end, nexts, leads = rivals
    return rest[start:end] not in nexts or not rest.startswith(leads)


def _line(line: Any, text: Any) -> Any:
    """The line of a code and a text; bytes are UTF-8."""
    if text is None:
        return as_text(line)
    text = as_text(text)
    if text.startswith((f"{line} ", f"{line}-")):
        return text
    return f"{line} {text}"


def as_text(held: Any) -> str:
    """A string of what is one; bytes are UTF-8."""
    if isinstance(held, str):
        return held
    if isinstance(held, (bytes, bytearray)):
        return held.decode("utf-8", "surrogateescape")
    what = type(held).__name__
    raise TypeError(f"give str or bytes, not {what}; read takes exceptions")


def _made(
    code: int | None, enhanced: str | None, owner: Owner, values: tuple[str, ...]
) -> Match:
    # Made open and then closed, which takes a quarter of the time of object.__setattr__.
    match: Any = _Open()
    match.code = code
    match.enhanced = enhanced
    match._owner = owner
    match._values = values
    match.__class__ = Match
    made: Match = match
    return made


def _near_made(
    code: int | None,
    enhanced: str | None,
    owner: Owner,
    values: tuple[str, ...],
    tail: str,
    repairs: tuple[str, ...],
) -> Match:
    match = _made(code, enhanced, owner, values)
    if tail or repairs:
        object.__setattr__(match, "_near", (tail, repairs))
    return match


def _further(said: str, start: int) -> Held | None:
    """The text at the leftmost `>: ` from `start` on where one matches, in few searches."""
    place = _tail_place(said, start)
    for opener, last in _OPENERS:
        if said.endswith(last):
            found = said.find(opener, start, len(said) - len(last))
            if found >= 0 and (place < 0 or found < place):
                place = found
    if place < 0:
        return None
    tail = said[place + 3 :]
    owners = _ANGLE_TAILS.get(tail) if len(tail) <= _ANGLE.longest else None
    if owners is not None:
        return owners, (said[1:place],), 0
    held = _ANGLE.hold(tail)
    return None if held is None else (held[0], (said[1:place], *held[1]), held[2])


def _tail_place(said: str, start: int) -> int:
    """The leftmost `>: ` from `start` on with a text without placeholders behind it, else -1."""
    place = said.find(">: ", max(start, len(said) - _ANGLE.longest - 3))
    while place >= 0 and said[place + 3 :] not in _ANGLE_TAILS:
        place = said.find(">: ", place + 1)
    return place


def _first_line(line: str) -> tuple[str, bool]:
    """The first line without its end, with a space behind its code; whether it was folded."""
    first, _, more = line.partition("\n")
    folded = more[:1] in (" ", "\t") and more != ""
    if folded:
        first = _unfolded(line)
    if first[-1:] == "\r":
        first = first[:-1]
    if first[3:4] == "-" and first[:3] in _CODES:
        first = f"{first[:3]} {first[4:]}"
    return first, folded


def _unfolded(line: str) -> str:
    """The first line and those that go on with it: each begins with a blank."""
    first, *more = line.split("\n")
    pieces = [first]
    for piece in more:
        if piece[:1] not in (" ", "\t") or piece == "":
            break
        pieces[-1] = pieces[-1].removesuffix("\r")
        pieces.append(piece.lstrip(" \t"))
    return " ".join(pieces)


def _hosted(said: str) -> Held | None:
    """A text that opens with a host name."""
    name, _, rest = said.partition(" ")
    if not rest or not fits("host", name):
        return None
    owners = _HOSTED.tails.get(rest)
    if owners is not None:
        return owners, (name,), 0
    held = _HOSTED.hold(rest)
    return None if held is None else (held[0], (name, *held[1]), held[2])


def _is_known(reply: Reply, code: int | None, enhanced: str | None) -> bool:
    """Whether the catalog knows a reply under a pair of codes."""
    return any(
        known.code == code and known.enhanced == enhanced for known in reply.variants
    )


def _claims(owners: list[Owner], code: int, enhanced: str | None) -> bool:
    """Whether the catalog knows words that others say too under these codes.

    Or under those that soft_bounce makes 4yz of.
    """
    if any(_is_known(owner[0], code, enhanced) for owner in owners):
        return True
    if not 400 <= code < 500 or (enhanced and enhanced[0] != "4"):
        return False
    hard = enhanced and f"5{enhanced[1:]}"
    return any(_is_known(owner[0], code + 100, hard) for owner in owners)


def _choose(owners: list[Owner], code: int | None, enhanced: str | None) -> Owner:
    """Of replies with one text, the one whose codes are nearest those on the wire."""
    exact = _SHARED[id(owners)].get((code, enhanced))
    return exact or _nearest(owners, code, enhanced)


def _nearest(owners: list[Owner], code: int | None, enhanced: str | None) -> Owner:
    return max(owners, key=lambda owner: _nearness(owner[0], code, enhanced))


def _nearness(reply: Reply, code: int | None, enhanced: str | None) -> int:
    """4 for a pair of the catalog, 3 for its enhanced code but for the class, 2 for its code."""
    nearest = 0
    for variant in reply.variants:
        if variant.code == code and variant.enhanced == enhanced:
            return 4
        if enhanced and variant.enhanced and variant.enhanced[1:] == enhanced[1:]:
            nearest = max(nearest, 3)
        elif variant.code == code:
            nearest = max(nearest, 2)
        elif code and variant.code // 100 == code // 100:
            nearest = max(nearest, 1)
    return nearest


def _wholes() -> dict[str, Match]:
    found: dict[str, Match] = {}
    for text, owners in _PLAIN_TAILS.items():
        for owner in owners:
            for variant in owner[0].variants:
                code, enhanced = variant.code, variant.enhanced
                codes = f"{code} {enhanced}" if enhanced else f"{code}"
                found[f"{codes} {text}"] = _made(code, enhanced, owner, ())
    return found


# The lines that carry nothing, such as `250 2.1.5 Ok`: most of a session.
_WHOLE: dict[str, Match] = _wholes()
