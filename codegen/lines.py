"""What a catalog takes lines for, as far as its texts alone decide; of any shape of catalog."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from operator import add
from typing import Any, NamedTuple

from codegen.catalog import STANDARD
from codegen.places import Pointer
from codegen.texts import FOREIGN, Text, split_line

Plain = dict[str, Any]


class Moved(NamedTuple):
    """A line that was a reply or reason, by its new name, and what it is now."""

    line: str
    id: str
    now: str | None


class Wording(NamedTuple):
    """A wording, and whose it is."""

    id: str
    raw: str
    text: Text

    @property
    def is_foreign(self) -> bool:
        """Whether all its words are others', so that no text tells it."""
        return self.text.family == FOREIGN


def wordings(said: Plain) -> dict[str, tuple[str, Pointer]]:
    """The wordings of a reply or reason by form, each with its place."""
    found: dict[str, tuple[str, Pointer]] = {STANDARD: (said.get("text", ""), ("text",))}
    for nth, form in enumerate(said.get("forms", ())):
        found[form.get("form", "")] = (form.get("text", ""), ("forms", nth, "text"))
    return found


class Lines:
    """What the replies or the reasons of a catalog are known by."""

    def __init__(self, said: Plain, placeholders: Plain) -> None:
        self.wordings = _taken_apart(said, placeholders)
        self.known = {(one.id, one.raw) for one in self.wordings}

    def lost(self, old: Plain, placeholders: Plain, named: dict[str, str]) -> Iterator[Moved]:
        """Lines of which the old catalog has a text or an example, and that are something else.

        `named` has what each old id is called now. Only texts that differ can make a difference.
        """
        apart = _taken_apart(old, placeholders)
        before = [(old[one.id], one._replace(id=named[one.id])) for one in apart if one.id in named]
        was = [one for _, one in before]
        said = {(one.id, one.raw) for _, one in before}
        fresh = [one for one in self.wordings if (one.id, one.raw) not in said]
        examples = {name: hole.get("example", "x") for name, hole in placeholders.items()}
        for noun, one in before:
            if (one.id, one.raw) not in self.known:
                among = self.wordings
            elif fresh and not one.is_foreign:
                among = [*fresh, one]
            else:
                continue
            moved = _moved(noun, one, examples, among)
            yield from islice((found for words, found in moved if one.id in _owners(words, was)), 1)


def _moved(
    said: Plain, wording: Wording, examples: dict[str, str], among: list[Wording]
) -> Iterator[tuple[str, Moved]]:
    for line, words in _samples(said, wording, examples):
        owners = _owners(words, among)
        if wording.id not in owners:
            yield words, Moved(line, wording.id, owners[0] if owners else None)


def _owners(words: str, among: list[Wording]) -> list[str]:
    """Whose the most specific text is that some words are; several where codes decide."""
    fit = [one for one in among if not one.is_foreign and one.text.captures(words) is not None]
    best = min((one.text.rank for one in fit), default=None)
    return [one.id for one in fit if one.text.rank == best]


def _taken_apart(said: Plain, placeholders: Plain) -> list[Wording]:
    types = {name: hole.get("type", "text") for name, hole in placeholders.items()}
    return [
        Wording(an_id, raw, Text.of(raw, types))
        for an_id, one in said.items()
        for raw, _ in wordings(one).values()
    ]


def _samples(said: Plain, wording: Wording, examples: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Lines of a wording and their words: one made of its placeholders' examples, and its own."""
    codes = _codes(said)
    first, *literals = wording.text.literals
    values = [examples.get(hole, "x") for hole in wording.text.holes]
    filled = first + "".join(map(add, values, literals))
    yield " ".join((*codes, filled)), filled
    for line in said.get("examples", ()):
        words = line
        if codes:
            with suppress(ValueError):
                words = split_line(line)[2]
        if wording.text.captures(words) is not None:
            yield line, words


def _codes(said: Plain) -> list[str]:
    """The default codes of a reply; a reason has none of its own."""
    for variant in said.get("variants", ()):
        return [str(variant[key]) for key in ("code", "enhanced") if variant.get(key)]
    return []
