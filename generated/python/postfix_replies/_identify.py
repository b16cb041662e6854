"""From a line to its reply. A walk of bounded work over tables, without regular expressions."""

from __future__ import annotations

from postfix_replies import Reply
from postfix_replies._facts import BY_ENHANCED
from postfix_replies._grammar import fits, is_enhanced
from postfix_replies._tables import HEADS, ROWS, WIDEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from postfix_replies import Party, Retry, Verdict

    Owner = tuple[Reply, str, tuple[str, ...], str]
    Glob = tuple[list[Owner], str, int, str, list[str], Optional[list[str]], int]
    # Owners, values, and, where the end may be a tail, how many literal characters the text has.
    Held = tuple[list[Owner], tuple[str, ...], int]

_CODES = {str(code): code for code in range(200, 600)}
_ENHANCED = {digit + known[1:] for known in BY_ENHANCED for digit in "245"}


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
        from json import dumps

        text = dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

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
    """Texts that open alike: the owners of each whole one, and globs by their first characters."""

    def __init__(self) -> None:
        self.longest = 0
        self.tails: dict[str, list[Owner]] = {}
        self.globs: list[Glob] = []
        self.heads: list[tuple[int, dict[str, list[Glob]]]] = []

    def hold(self, said: str) -> Held | None:
        """The owners of the text with placeholders that `said` is, and what it carries."""
        for length, heads in self.heads:
            for owners, lead, size, last, middles, kinds, opens in heads.get(
                said[:length], ()
            ):
                if said[:size] != lead or (last and not said.endswith(last)):
                    continue
                end = len(said) - len(last)
                if end < size:
                    continue
                if middles:
                    values = _split(said, size, end, middles)
                    if values is None:
                        continue
                else:
                    values = (said[size:end],)
                if kinds is None:
                    return owners, values, opens if values[-1] else 0
                if all(map(fits, kinds, values)):
                    if opens and kinds[-1] != "text" and said[-1] not in ".;,)":
                        return owners, values, 0
                    return owners, values, opens if values[-1] else 0
        return None


def _split(said: str, at: int, end: int, middles: list[str]) -> tuple[str, ...] | None:
    """What stands between literals, each taken where it first occurs."""
    if middles[0] not in said:
        return None
    values = []
    for middle in middles:
        found = said.find(middle, at, end)
        if found < 0:
            return None
        values.append(said[at:found])
        at = found + len(middle)
    return (*values, said[at:end])


def _load() -> tuple[_Family, _Family, _Family, list[list[Owner]]]:
    families = {"plain": _Family(), "angle": _Family(), "host": _Family()}
    numbered: list[Glob] = []
    for family_name, shape, opens, owned in ROWS:
        family = families[family_name]
        owners: list[Owner] = [
            (Reply(an_id), form, names, words) for an_id, form, names, words in owned
        ]
        if owners[0][3] == "unknown" and "{" not in shape:
            owners *= 2  # so that the codes are looked at
        if len(owners) > 1:
            _SHARED[id(owners)] = {
                (variant.code, variant.enhanced): owner
                for owner in owners
                for variant in owner[0].variants
            }
        parts = shape.replace("}", "{").split("{")
        kinds = None if set(parts[1::2]) <= {"text"} else parts[1::2]
        lead, last = parts[0], parts[-1]
        glob = (owners, lead, len(lead), last, parts[2:-1:2], kinds, opens)
        numbered.append(glob)
        if "{" in shape:
            family.globs.append(glob)
        else:
            family.tails[shape] = owners
            family.longest = max(family.longest, len(shape))
    for family_name, head, numbers in HEADS:
        heads = families[family_name].heads
        if not heads or heads[-1][0] != len(head):
            heads.append((len(head), {}))
        heads[-1][1][head] = [numbered[number] for number in numbers]
    owners_of = [owners for owners, *_ in numbered]
    return families["plain"], families["angle"], families["host"], owners_of


# Of texts that several replies share, whose they are under the codes of the catalog.
_SHARED: dict[int, dict[tuple[int | None, str | None], Owner]] = {}
_PLAIN, _ANGLE, _HOSTED, _OWNERS = _load()
_ANGLE_TAILS, _PLAIN_TAILS = _ANGLE.tails, _PLAIN.tails
# How the texts behind a `>: ` begin and end, but for those that another one covers.
_OPENERS = [
    (">: " + shape.partition("{")[0], shape.rpartition("}")[2])
    for _, shape, *_ in (ROWS[number] for number in WIDEST)
]
_new = object.__new__
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
        parts = line.split(" ", 2)
    except (AttributeError, TypeError):
        line = _line(line, text)
        parts = line.split(" ", 2)
    code = _CODES.get(parts[0])
    if code is None or line[-1] == "\r" or "\n" in line:
        line, folded = _first_line(line)
        parts = line.split(" ", 2)
        code = _CODES.get(parts[0])
        if code is None or folded:
            return _repaired(line, folded)
    enhanced: str | None = None
    if len(parts) == 3 and (parts[1] in _ENHANCED or is_enhanced(parts[1])):
        _, enhanced, said = parts
    else:
        said = line[4:]
    if not said:
        return None
    values: tuple[str, ...] = ()
    opens = 0
    if said[0] == "<":
        subject, _, tail = said.partition(">: ")
        owners = _ANGLE_TAILS.get(tail)
        if owners is not None:
            values = (subject[1:],)
        else:
            held = _ANGLE.hold(tail)
            if held is not None:
                owners, values, opens = held
                values = (subject[1:], *values)
            elif ">: " in tail:
                held = _further(said, len(subject) + 1)
                if held is None:
                    return _repaired(line, False)
                owners, values, opens = held
            else:
                return _repaired(line, False)
        if opens or said[1:2] == "<":
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
                    return _repaired(line, False)
            owners, values, opens = held
            if opens:
                return _tailed(line, code, enhanced, said, place, held)
    if len(owners) == 1:
        return _made(code, enhanced, owners[0], values)
    owner = _SHARED[id(owners)].get((code, enhanced))
    if owner is None:
        others = not values and owners[0][3] == "unknown"
        if others and not _claims(owners, code, enhanced):
            return _repaired(line, False)
        owner = _nearest(owners, code, enhanced)
    return _made(code, enhanced, owner, values)


def _line(line: Any, text: Any) -> Any:
    """The line of a code and a text; bytes are UTF-8."""
    if isinstance(line, bytes):
        line = line.decode("utf-8", "surrogateescape")
    if text is None:
        return line
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if text.startswith((f"{line} ", f"{line}-")):
        return text
    return f"{line} {text}"


def _made(
    code: int | None, enhanced: str | None, owner: Owner, values: tuple[str, ...]
) -> Match:
    # Made open and then closed, which takes a quarter of the time of object.__setattr__.
    match: Any = _new(_Open)
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
