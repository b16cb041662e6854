"""The tables by which packages read held texts: every wrapper and every reason, taken apart.

A wrapper is a text with holes that stands around what somebody said. Its first literal says where
to look; then every literal is taken where it first occurs, but from {line}, {reply} and {reason}
on, which others wrote, where it last does. Behind the last one nothing may follow. The texts of
reasons are taken apart alike: of those that fit, the one with the most literal characters counts.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from codegen.catalog import Catalog, Reason, Wrapper, wordings
from codegen.texts import PLACEHOLDER, Text

# The holes that hold what somebody said: a reply with its codes, or words, or either.
SAID = {"line": "line", "reason": "said", "reply": "said", "why": "why"}
# The holes of a reason that hold what it repeats.
REPEATED = {"reason": "reason", "reply": "reply"}


class Hole(NamedTuple):
    """A field in a wrapper, its type, and the literal behind it."""

    name: str
    type: str
    literal: str


class Wrapping(NamedTuple):
    """A wrapper taken apart, one of the values filled in that each of its fields may have."""

    lead: str
    holes: tuple[Hole, ...]
    kind: str
    speaker: str | None
    daemons: tuple[str, ...]
    tail: str | None
    own: tuple[str, ...]
    words: str | None  # what is said, where the wrapper itself says it
    fields: dict[str, str]

    @property
    def text(self) -> Text:
        """It as a text."""
        return _text(self.lead, self.holes)


def taken_apart(wrapper: Wrapper, of: Catalog) -> Iterator[Wrapping]:
    """A wrapper with every choice of the values that its fields may have."""
    each = dict(sorted(wrapper.each.items()))
    for values in product(*each.values()):
        chosen = dict(zip(each, values, strict=True))
        lead, holes = apart(wrapper.text, of, chosen)
        kept = {name: value for name, value in chosen.items() if of.fields[name].type != "rest"}
        yield Wrapping(
            lead,
            holes,
            wrapper.kind,
            wrapper.speaker,
            wrapper.daemons,
            wrapper.tail,
            wrapper.own,
            kept.pop("reason", None),
            dict(sorted((kept | wrapper.fields).items())),
        )


def apart(
    text: str, of: Catalog, chosen: dict[str, str] | None = None
) -> tuple[str, tuple[Hole, ...]]:
    """The first literal of a wrapper, and its holes, each with the literal behind it."""
    for name, value in (chosen or {}).items():
        text = text.replace(f"{{{name}}}", value)
    lead, *rest = PLACEHOLDER.split(text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return lead, tuple([Hole(name, _type(name, of), literal) for name, literal in pairs])


def _text(lead: str, holes: tuple[Hole, ...]) -> Text:
    names, types, literals = zip(*holes, strict=True) if holes else ((), (), ())
    return Text((lead, *literals), names, types)


def _type(name: str, of: Catalog) -> str:
    return SAID.get(name) or of.fields[name].type


class Wording(NamedTuple):
    """A wording of a reason, taken apart."""

    reason: Reason
    form: str
    lead: str
    holes: tuple[Hole, ...]

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """Smallest for the most specific: the most literal characters, then the fewest holes."""
        weight = len(self.lead) + sum(len(hole.literal) for hole in self.holes)
        return -weight, len(self.holes), self.reason.id, self.form

    @property
    def text(self) -> Text:
        """The same as a text of which every literal is taken where it first occurs."""
        return _text(self.lead, self.holes)

    def fits(self, words: str) -> bool:
        """Whether some words are this text: every literal is in it, in order."""
        return self.text.captures(words) is not None

    @property
    def is_foreign(self) -> bool:
        """Whether all its words are others', so that only who logs it tells what it is."""
        return self.rank[0] == 0


def reworded(of: Catalog) -> list[Wording]:
    """Every wording of every reason, the most specific first."""
    types = of.types | REPEATED
    found = []
    for reason in of.reasons.values():
        for form, text in wordings(reason):
            lead, *rest = PLACEHOLDER.split(text)
            pairs = zip(rest[::2], rest[1::2], strict=True)
            holes = [Hole(name, types.get(name, "text"), literal) for name, literal in pairs]
            found.append(Wording(reason, form, lead, tuple(holes)))
    return sorted(found, key=lambda wording: wording.rank)


class Wrappers(NamedTuple):
    """What a package carries in order to read held texts."""

    logs: list[Wrapping]
    reasons: list[Wording]
    exceptions: list[Wrapping]
    types: dict[str, str]  # of each field

    @classmethod
    def of(cls, catalog: Catalog) -> "Wrappers":
        """The tables of a catalog, in its order, which decides where two fit."""
        return cls(
            [made for one in catalog.wrappers for made in taken_apart(one, catalog)],
            reworded(catalog),
            [made for one in catalog.exceptions for made in taken_apart(one, catalog)],
            {name: _type(name, catalog) for name in catalog.fields},
        )
