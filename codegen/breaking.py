"""What a change of the catalog means for those who use the packages, and the version it needs."""

from collections.abc import Iterable
from enum import IntEnum
from textwrap import fill
from typing import Any, NamedTuple

Version = tuple[int, int, int]
ADDED, CHANGED, REMOVED, FIXED = GROUPS = ("Added", "Changed", "Removed", "Fixed")
WIDTH = 100  # of a line in the changelog


class Bump(IntEnum):
    """How much a change is, as semantic versioning has it; the gravest is the greatest."""

    patch = 1
    minor = 2
    major = 3


class Rule(NamedTuple):
    """What changes of one sort are, where the changelog has them, and why they are that."""

    verdict: Bump
    group: str
    why: str


def _major(why: str, group: str = CHANGED) -> Rule:
    return Rule(Bump.major, group, why)


def _minor(why: str, group: str = ADDED) -> Rule:
    return Rule(Bump.minor, group, why)


def _patch(why: str) -> Rule:
    return Rule(Bump.patch, FIXED, why)


# What is added is minor, members of enums included: a program that lists them all must have a
# default. What is lost, or is another answer to the same question, is major.
RULES = {
    "id-removed": _major("its constants are gone, and what was stored is unknown", REMOVED),
    "id-merged": _major("two constants became one: a switch has the same case twice"),
    "id-renamed": _minor("the old constants stay, deprecated, and the old id is known", CHANGED),
    "id-added": _minor("more is known"),
    "old-name-removed": _major("a deprecated name is gone", REMOVED),
    "old-name-moved": _major("a deprecated name stands for another one"),
    "old-name-added": _minor("one more name is known"),
    "hole-removed": _major("params lacks a key, and format refuses it", REMOVED),
    "hole-renamed": _major("params has another key, and format wants it"),
    "hole-added": _major("format asks for one more value"),
    "hole-narrowed": _major("texts are no longer known, and format refuses values"),
    "hole-widened": _minor("more texts are known", CHANGED),
    "text-changed": _minor("format writes other words; the old ones are still known", CHANGED),
    "line-lost": _major("what was known is not known any more", REMOVED),
    "line-moved": _major("what was one reply or reason is another"),
    "form-removed": _major("format knows the form no more, and no match has it", REMOVED),
    "form-added": _minor("one more wording is known"),
    "code-changed": _major("programs compare it, and format writes it"),
    "enhanced-changed": _major("programs compare it, and format writes it"),
    "variant-removed": _major("look-ups by code lack it, and it is no longer expected", REMOVED),
    "variant-added": _minor("one more pair is expected, and look-ups have it"),
    "category-changed": _major("programs branch on it"),
    "must-act-changed": _major("programs branch on it"),
    "retry-changed": _major("programs branch on it"),
    "words-changed": _major("programs branch on it, and read claims texts by it"),
    "closes-changed": _major("programs branch on it"),
    "multiline-changed": _major("programs branch on it"),
    "dsn-from-changed": _major("programs branch on it"),
    "daemon-removed": _major("programs filter by it, and read knows words by it", REMOVED),
    "daemon-added": _minor("one more program is told"),
    "stage-removed": _major("programs filter by it", REMOVED),
    "stage-added": _minor("one more stage is told"),
    "dsn-removed": _major("look-ups by status code lack it", REMOVED),
    "dsn-added": _minor("look-ups by status code have it"),
    "status-removed": _major("programs filter by it, and read knows words by it", REMOVED),
    "status-added": _minor("one more status is told"),
    "weighed-removed": _major("who must act is no longer told by what a line holds", REMOVED),
    "weighed-moved": _major("the first that fits decides, and that is another one"),
    "weighed-added": _minor("what a line holds tells more"),
    "value-removed": _major("a value no longer means what it did", REMOVED),
    "value-added": _minor("one more value is known"),
    "temporary-changed": _major("other replies are weighed"),
    "repeated-changed": _major("who must act on a repeated reply is somebody else"),
    "member-removed": _major("its constant is gone", REMOVED),
    "member-added": _minor("one more member; a program that lists all must have a default"),
    "digit-changed": _major("codes have another severity"),
    "target-name-changed": _major("what other systems call it is compared with what they say"),
    "target-name-added": _minor("one more name is known"),
    "code-name-changed": _major("the constant of the code is gone"),
    "field-removed": _major("readings lack it, and so does their JSON", REMOVED),
    "field-added": _minor("readings can have one more"),
    "field-type-changed": _major("its value ends elsewhere"),
    "program-removed": _major("its log lines are no longer read", REMOVED),
    "program-added": _minor("its log lines are read"),
    "wrapper-removed": _major("texts are no longer read", REMOVED),
    "wrapper-added": _minor("more texts are read"),
    "wrapper-changed": _major("texts are read as something else"),
    "wrapper-moved": _major("the first that fits decides, and that can be another one"),
    "wrapper-widened": _minor("more texts are read"),
    "fact-removed": _major("the packages have no such fact", REMOVED),
    "fact-added": _minor("the packages tell one more thing"),
    "package-renamed": _major("who asks for the old name gets nothing new"),
    "prose-changed": _patch("people read it, programs do not"),
    "details-changed": _patch("it tells what is known about it, and no answer depends on it"),
}


class Change(NamedTuple):
    """One thing that changed, and where: in the new catalog, or in the old what is gone from it."""

    verdict: Bump
    path: str
    line: int
    column: int
    id: str
    what: str
    rule: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {self.verdict.name}: {self.subject}{self.what} [{self.rule}]"

    @property
    def subject(self) -> str:
        """Whose change it is, as a line has it before what it says."""
        return f"{self.id}: " if self.id else ""

    @property
    def plain(self) -> dict[str, Any]:
        """The change as JSON has it."""
        return self._asdict() | {"verdict": self.verdict.name}


class Report(NamedTuple):
    """All that changed, the gravest first, and the versions of both catalogs."""

    old: Version
    new: Version
    changes: list[Change]

    @property
    def verdict(self) -> Bump | None:
        """The gravest; None where nothing changed."""
        return max((change.verdict for change in self.changes), default=None)

    @property
    def needed(self) -> Version:
        """The smallest version that says enough of what changed."""
        return needed(self.old, self.verdict)

    @property
    def is_enough(self) -> bool:
        """Whether the new version says it."""
        return self.is_enough_for(self.verdict)

    def is_enough_for(self, verdict: Bump | None) -> bool:
        """Whether the new version says of a change what it is."""
        return verdict is None or self.new >= needed(self.old, verdict)

    @property
    def conclusion(self) -> str:
        """The verdict in one line."""
        old, new = dotted(self.old), dotted(self.new)
        if self.verdict is None:
            return f"no changes: {old} -> {new}"
        if self.is_enough:
            return f"{self.verdict.name}: {old} -> {new} is enough"
        return f"{self.verdict.name}: {old} needs {dotted(self.needed)}, not {new}"

    @property
    def plain(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {
            "old": dotted(self.old),
            "new": dotted(self.new),
            "verdict": self.verdict.name if self.verdict else None,
            "needed": dotted(self.needed),
            "enough": self.is_enough,
            "changes": [change.plain for change in self.changes],
        }

    def entry(self) -> str:
        """The changelog's entry. What is the same of many is said once."""
        parts = [f"## {dotted(self.new)}"]
        for group in GROUPS:
            chosen = [change for change in self.changes if RULES[change.rule].group == group]
            if chosen:
                parts += [f"### {group}", "\n".join(_bullets(chosen))]
        return "\n\n".join(parts if len(parts) > 1 else [*parts, "Nothing changed."])


def needed(old: Version, verdict: Bump | None) -> Version:
    """The smallest version for a change. Below 1.0.0 major changes raise the second number."""
    major, minor, patch = old
    if verdict is None:
        return old
    if verdict is Bump.patch or (major == 0 and verdict is Bump.minor):
        return major, minor, patch + 1
    if verdict is Bump.minor or major == 0:
        return major, minor + 1, 0
    return major + 1, 0, 0


def dotted(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))


def _bullets(changes: Iterable[Change]) -> list[str]:
    """A bullet for each thing that is said, with the ids of which it is."""
    subjects: dict[tuple[bool, str], list[str]] = {}
    for change in changes:
        said = subjects.setdefault((change.verdict is Bump.major, change.what), [])
        if change.id and f"`{change.id}`" not in said:
            said.append(f"`{change.id}`")
    return [_bullet(breaks, ids, what) for (breaks, what), ids in subjects.items()]


def _bullet(breaks: bool, ids: list[str], what: str) -> str:
    said = f"{', '.join(ids)}: {what}." if ids else f"{what[0].upper()}{what[1:]}."
    text = f"- **Breaking:** {said}" if breaks else f"- {said}"
    return fill(
        text,
        WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
