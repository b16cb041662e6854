"""From a line to its reply: the tables that all packages carry, and the walk over them.

A line is known by its text. Which text it is, is decided in this order:

1. A text that opens with words, or, where the line opens with `<`, one that opens with
   `<{...}>: `, at the leftmost `>: ` of the line where any such text matches.
2. A text that opens with a host name.

Where several match in one step, the one with the most literal characters wins, then the one with
the fewest placeholders; ambiguous.py finds the texts for which that decides nothing. Where one
text belongs to several replies, `choose` takes the one whose codes are nearest.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from codegen import text
from codegen.catalog import Catalog, Reply

ANGLE = ">: "
HEADS = (12, 6, 3)  # lengths of the first characters by which texts with placeholders are found
STANDARD = "standard"
EXACT = 4


class Owner(NamedTuple):
    """A reply that a text belongs to, as which of its forms, and the names of its placeholders."""

    reply: Reply
    form: str
    names: tuple[str, ...]


class Glob(NamedTuple):
    """A text, or what follows its opening, that has placeholders left.

    The shape is its literals and the types of its placeholders in turn.
    """

    shape: tuple[str, ...]
    owners: tuple[Owner, ...]
    parts: list[str]  # the shape as a split text, its placeholders numbered
    types: dict[str, str]

    @property
    def rank(self) -> tuple[int, int]:
        """Smallest for the most specific."""
        return -sum(map(len, self.shape[::2])), len(self.shape)


class Family(NamedTuple):
    """Texts that open alike: those with nothing left to fill, and the others by their head."""

    longest: int  # of the tails
    tails: dict[str, tuple[Owner, ...]]
    heads: list[tuple[int, dict[str, list[Glob]]]]


class Tables(NamedTuple):
    """All texts, by how they open."""

    opening: Family
    angle: Family
    host: Family


class Match(NamedTuple):
    """What a line says. `params` may be empty; `form` is standard, or that of another wording."""

    reply: Reply
    code: int
    enhanced: str | None
    params: dict[str, str]
    form: str

    @property
    def expected(self) -> bool:
        """Whether the catalog knows the reply under these codes."""
        return _nearness(self.reply, self.code, self.enhanced) == EXACT

    @property
    def retryable(self) -> bool:
        """Whether the code says to try again later (RFC 5321 section 4.2.1)."""
        return self.code // 100 == 4

    @property
    def closes(self) -> bool:
        """Whether the server is sure to hang up after the line."""
        return self.reply.closes or self.code in (421, 521)


def opening(parts: list[str], types: Mapping[str, str]) -> str | None:
    """How a split text opens: opening, angle or host; None where the walk would not find it.

    It is words where it is one placeholder alone: the words of others, which no line is known by.
    """
    first = parts[0]
    if parts[0] == parts[-1] == "" and len(parts) == 3:
        return "words"
    if len(parts) == 1:
        return None if first.startswith("<") else "opening"
    if first == "<" and parts[2].startswith(ANGLE):
        # What is left to fill must cost nothing to check, since it is held at many places.
        rest = [types.get(name, "text") for name in parts[3::2]]
        found = len(parts) == 3 or len(parts[2]) >= len(ANGLE) + HEADS[-1]
        fast = rest in ([], ["text"]) and _is_text(parts[1], types)
        return "angle" if found and fast else None
    if first == "" and types.get(parts[1], "host") == "host" and parts[2].startswith(" "):
        return "host" if len(parts[2]) > HEADS[-1] else None
    return "opening" if len(first) >= HEADS[-1] and not first.startswith("<") else None


def _is_text(name: str, types: Mapping[str, str]) -> bool:
    return types.get(name, "text") == "text"


_made: list[tuple[Catalog, Tables]] = []


def tables(catalog: Catalog) -> Tables:
    """The tables of a catalog. A build asks often, so those of the last catalog are kept."""
    if not _made or _made[0][0] is not catalog:
        _made[:] = [(catalog, _tables(catalog))]
    return _made[0][1]


def _tables(catalog: Catalog) -> Tables:
    types = catalog.types()
    tails: dict[str, dict[str, list[Owner]]] = {"opening": {}, "angle": {}, "host": {}}
    globs: dict[str, dict[tuple[str, ...], list[Owner]]] = {"opening": {}, "angle": {}, "host": {}}
    for reply in catalog.replies:
        for form, template in wordings(reply):
            parts = text.split(template)
            family = opening(parts, types)
            if family in (None, "words"):
                continue
            owner = Owner(reply, form, tuple(parts[1::2]))
            rest = _rest(parts, family)
            if len(rest) == 1:
                tails[family].setdefault(rest[0], []).append(owner)
            else:
                shape = tuple(types.get(p, "text") if n % 2 else p for n, p in enumerate(rest))
                globs[family].setdefault(shape, []).append(owner)
    return Tables(
        *(
            Family(
                max(map(len, tails[name]), default=0),
                {tail: tuple(owners) for tail, owners in tails[name].items()},
                _heads([_glob(shape, owners) for shape, owners in globs[name].items()]),
            )
            for name in ("opening", "angle", "host")
        )
    )


def wordings(reply: Reply) -> Iterator[tuple[str, str]]:
    """Every form of a reply and its text."""
    yield STANDARD, reply.text
    for form in reply.forms:
        yield form.form, form.text


def _rest(parts: list[str], family: str) -> list[str]:
    """What is left of a split text behind its opening."""
    if family == "opening":
        return parts
    skipped = len(ANGLE) if family == "angle" else len(" ")
    return [parts[2][skipped:], *parts[3:]]


def _glob(shape: tuple[str, ...], owners: list[Owner]) -> Glob:
    parts = [str(at) if at % 2 else part for at, part in enumerate(shape)]
    types = dict(zip(parts[1::2], shape[1::2], strict=True))
    return Glob(shape, tuple(owners), parts, types)


def _heads(globs: list[Glob]) -> list[tuple[int, dict[str, list[Glob]]]]:
    """The globs by the longest head that they fill, the longest heads first.

    A head also lists the globs of shorter heads that it begins with, so the first hit decides.
    """
    found: dict[int, dict[str, list[Glob]]] = {length: {} for length in HEADS}
    for glob in globs:
        length = next((length for length in HEADS if length <= len(glob.shape[0])), HEADS[-1])
        found[length].setdefault(glob.shape[0][:length], []).append(glob)
    for at, length in enumerate(HEADS):
        for shorter in HEADS[at + 1 :]:
            for head, bucket in found[length].items():
                bucket += found[shorter].get(head[:shorter], [])
    for heads in found.values():
        for bucket in heads.values():
            bucket.sort(key=lambda glob: glob.rank)
    return [(length, heads) for length, heads in found.items() if heads]


class Wording(NamedTuple):
    """One text in the tables: its family, what follows the opening, and whose it is.

    The shape is a literal alone, or literals and types of placeholders in turn.
    """

    family: str
    shape: tuple[str, ...]
    owners: tuple[Owner, ...]


class Head(NamedTuple):
    """The first characters of some wordings, and the numbers of those, the most specific first."""

    family: str
    text: str
    numbers: list[int]


def numbered(known: Tables) -> tuple[list[Wording], list[Head]]:
    """The tables as lists, for packages to carry: wordings, and heads that name them by number."""
    wordings: list[Wording] = []
    heads: list[Head] = []
    for name, family in zip(Tables._fields, known, strict=True):
        wordings += [Wording(name, (tail,), owners) for tail, owners in family.tails.items()]
        numbers: dict[int, int] = {}
        for _, buckets in family.heads:
            for glob in (glob for bucket in buckets.values() for glob in bucket):
                if id(glob) not in numbers:
                    numbers[id(glob)] = len(wordings)
                    wordings.append(Wording(name, glob.shape, glob.owners))
            heads += [
                Head(name, head, [numbers[id(glob)] for glob in bucket])
                for head, bucket in buckets.items()
            ]
    return wordings, heads


def identify(known: Tables, line: str) -> Match | None:
    """The reply that a line is, None where no text of the catalog is in it. Linear in the line."""
    first = line.split("\n", 1)[0].removesuffix("\r")
    try:
        code, enhanced, said = text.split_line(first)
    except ValueError:
        return None
    held = _held(known, said)
    if held is None:
        return None
    owners, values = held
    owner = choose(owners, code, enhanced)
    params = dict(zip(owner.names, values, strict=True))
    return Match(owner.reply, code, enhanced, params, owner.form)


def _held(known: Tables, said: str) -> tuple[tuple[Owner, ...], list[str]] | None:
    if said.startswith("<"):
        at = said.find(ANGLE, 1)
        while at >= 0:
            if held := _hold(known.angle, said, at + len(ANGLE)):
                return held[0], [said[1:at], *held[1]]
            at = said.find(ANGLE, at + 1)
        return None
    if held := _hold(known.opening, said, 0):
        return held
    space = said.find(" ")
    if space > 0 and text.fits("host", said[:space]):
        held = _hold(known.host, said, space + 1)
        return (held[0], [said[:space], *held[1]]) if held else None
    return None


def _hold(family: Family, said: str, start: int) -> tuple[tuple[Owner, ...], list[str]] | None:
    if len(said) - start <= family.longest and (owners := family.tails.get(said[start:])):
        return owners, []
    for length, heads in family.heads:
        for glob in heads.get(said[start : start + length], ()):
            held = text.captures(glob.parts, glob.types, said, start)
            if held is not None:
                return glob.owners, list(held.values())
    return None


def choose(owners: tuple[Owner, ...], code: int, enhanced: str | None) -> Owner:
    """The owner whose codes are nearest those on the wire; the first of equals.

    Nearest is the same pair, then the same enhanced status code but for its class, which
    soft_bounce and reject codes move, then the same code, then a code of the same class.
    """
    if len(owners) == 1:
        return owners[0]
    return max(owners, key=lambda owner: _nearness(owner.reply, code, enhanced))


def _nearness(reply: Reply, code: int, enhanced: str | None) -> int:
    nearest = 0
    for variant in reply.variants:
        if (variant.code, variant.enhanced) == (code, enhanced):
            return EXACT
        if enhanced and variant.enhanced and variant.enhanced[1:] == enhanced[1:]:
            nearest = max(nearest, 3)
        elif variant.code == code:
            nearest = max(nearest, 2)
        elif variant.code // 100 == code // 100:
            nearest = max(nearest, 1)
    return nearest
