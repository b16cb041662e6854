"""What a held text turns out to say, and who said it."""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._grammar import is_enhanced
from postfix_replies._identify import _CODES, as_json, identify
from postfix_replies._told import identify_reason, is_told, others, quoted
from postfix_replies._wrapped import first_line, is_reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from postfix_replies import Party, Reason, Reply, Retry
    from postfix_replies._identify import Match
    from postfix_replies._told import ReasonMatch

    Fields = dict[str, str]

_DEEPEST = 8  # quotes in quotes
_STATUSES = {
    "sent": "delivered",
    "deferred": "deferred",
    "bounced": "bounced",
    "SOFTBOUNCE": "deferred",
    "expired": "bounced",
    "force-expired": "bounced",
}
_REFUSING = frozenset(
    ("reject", "milter-reject", "proxy-reject", "milter-header-reject")
)


class _Open:
    """A reading while it is made."""

    __slots__ = (
        "_depth",
        "_fields",
        "_inner",
        "_match",
        "_replies",
        "_said",
        "_told",
        "_unsure",
        "kind",
        "line",
        "speaker",
        "words",
    )

    kind: Kind
    """What the text is."""
    speaker: Speaker | None
    """Who said what it says, None if nobody said anything."""
    line: str | None
    """The reply in it with its codes, as it stands there; None where there is none."""
    words: str | None
    """What is said without a reply code: a reason, or words of which the code is lost."""
    _fields: Fields
    _unsure: tuple[str, ...]
    _said: str | None  # what may be a reply of Postfix
    # Set where they are needed: most readings do without, and to set them costs time.
    _replies: tuple[str, ...]
    _depth: int  # how many readings it is inside of
    _match: Match | None
    _told: ReasonMatch | None
    _inner: Reading | None


class Reading(_Open):
    """What a held text says. Made by read; it never changes."""

    __slots__ = ()

    def __init__(self) -> None:
        raise TypeError("read makes a Reading")

    @property
    def match(self) -> Match | None:
        """Which reply of Postfix the words are, None if they are none."""
        if self._said is None:
            return None
        try:
            return self._match
        except AttributeError:
            found = identify(self._said)
            object.__setattr__(self, "_match", found)
            return found

    @property
    def reply(self) -> Reply | None:
        """The same without what it carries."""
        return None if self.match is None else self.match.reply

    @property
    def reason_match(self) -> ReasonMatch | None:
        """Which reason of the delivery side the words are, None if they are none."""
        try:
            return self._told
        except AttributeError:
            found = _reason_of(self)
            object.__setattr__(self, "_told", found)
            return found

    @property
    def reason(self) -> Reason | None:
        """The same without what it carries."""
        return None if self.reason_match is None else self.reason_match.reason

    @property
    def code(self) -> int | None:
        """The reply code, None where the text has none."""
        return _CODES.get(self.line[:3]) if self.line else None

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code that stands before the words, None where there is none."""
        if self.match is not None:
            return self.match.enhanced
        said = self.line[4:] if self.line else self.words or ""
        word = said[:12].partition(" ")[0]
        return word if is_enhanced(word) else None

    @property
    def fields(self) -> dict[str, str]:
        """What stands around it, by name, such as queue_id, client_address, to, status."""
        return dict(self._fields)

    @property
    def inner(self) -> Reading | None:
        """What the words repeat of somebody else, None if nothing."""
        try:
            return self._inner
        except AttributeError:
            found = _inside(self)
            object.__setattr__(self, "_inner", found)
            return found

    @property
    def replies(self) -> tuple[str, ...]:
        """All refusals, where an exception has several; the first is the line."""
        return getattr(self, "_replies", ())

    @property
    def unsure(self) -> tuple[str, ...]:
        """What the text does not settle, by name: fields, `line`, `speaker` or `reason`."""
        if self.kind is _DELIVERED:
            self.reason_match  # noqa: B018  # which may be by who logged it alone
        return self._unsure

    @property
    def outcome(self) -> str | None:
        """What a log says became of mail: refused, deferred, bounced or delivered; else None."""
        if self.kind is _DELIVERED or self.kind is _QUEUE:
            return _STATUSES.get(self._fields.get("status", ""))
        refuses = self._fields.get("action") in _REFUSING and self.speaker is not None
        return "refused" if refuses else None

    @property
    def must_act(self) -> Party | None:
        """Who must act, None where the words are not known.

        Seen from the Postfix that logged it or wrote the bounce, where that repeats a server: who
        runs the client of that server is then the operator of this Postfix.
        """
        return self._decided()[0]

    @property
    def retry(self) -> Retry | None:
        """Whether trying again or waiting can help, None where the words are not known.

        What Postfix itself will do is another thing: see outcome.
        """
        return self._decided()[1]

    def _decided(self) -> tuple[Party | None, Retry | None]:
        """What the reply decides, else the reason that another repeats, else that one.

        A reply that took the mail decides nothing where a reason tells of a failure.
        """
        match, told = self.match, self.reason_match
        if match is not None and (told is None or (self.code or 400) >= 400):
            party = match.must_act
            if self.speaker is _REMOTE:
                party = party.repeated or party
            return party, match.retry
        if told is None:
            return None, None
        inner, retry = (None, None) if self.inner is None else self.inner._decided()
        return (told.must_act, told.retry) if inner is None else (inner, retry)

    def as_dict(self) -> dict[str, Any]:
        """All that it says, by name, with values that json can write."""
        match, told = self.match, self.reason_match
        known = match or told
        return {
            "kind": self.kind.value,
            "speaker": None if self.speaker is None else self.speaker.value,
            "line": self.line,
            "words": self.words,
            "of": "reply" if match else "reason" if told else None,
            "id": match.reply.value if match else told and told.reason.value,
            "reason": told and told.reason.value,
            "code": self.code,
            "enhanced": self.enhanced,
            "params": {} if known is None else known.params,
            "fields": dict(sorted(self._around().items())),
            "inner": None if self.inner is None else self.inner.as_dict(),
            "unsure": list(self.unsure),
        }

    def json(self) -> str:
        r"""All that it says as JSON, in the same bytes as from the packages of other languages.

        A lone surrogate, which no UTF-8 can contain, becomes an escape such as `\udc80`.
        """
        return as_json(self.as_dict())

    def _around(self) -> dict[str, Any]:
        several = {"replies": list(self.replies)} if self.replies else {}
        return {**self._fields, **several}

    def _all(self) -> tuple[Any, ...]:
        said = (self.kind, self.speaker, self.line, self.words, self.replies)
        return (*said, tuple(sorted(self._fields.items())), self.unsure)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reading):
            return NotImplemented
        return self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name} of a Reading")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name} of a Reading")

    def __reduce__(self) -> tuple[object, ...]:
        said = (self.kind, self.speaker, self.line, self.words)
        return made, (*said, self._fields, self._unsure, self._said, self.replies)

    def __repr__(self) -> str:
        said = self.line if self.line is not None else self.words
        return f"Reading({self.kind}, speaker={self.speaker}, {said!r})"


def made(
    kind: Kind,
    speaker: Speaker | None,
    line: str | None,
    words: str | None,
    fields: Fields,
    unsure: Iterable[str] = (),
    said: str | None = None,
    replies: tuple[str, ...] = (),
) -> Reading:
    """A reading; `said` is what may be a reply of Postfix."""
    # Made open and then closed, as a Match is.
    reading: Any = object.__new__(_Open)
    reading.kind = kind
    reading.speaker = speaker
    reading.line = line
    reading.words = words
    reading._fields = fields
    reading._unsure = tuple(unsure)
    reading._said = said
    if replies:
        reading._replies = replies
    reading.__class__ = Reading
    closed: Reading = reading
    return closed


def of_reply(
    kind: Kind,
    speaker: Speaker | None,
    reply: str,
    fields: Fields,
    words: str | None = None,
    unsure: Iterable[str] = (),
    replies: tuple[str, ...] = (),
) -> Reading:
    """A reading of a reply with its codes."""
    said = first_line(reply)
    return made(kind, speaker, reply, words, fields, unsure, said, replies)


def of_said(
    kind: Kind,
    speaker: Speaker | None,
    said: str,
    fields: Fields,
    unsure: Iterable[str] = (),
) -> Reading:
    """A reading of what a server said, with or without its codes."""
    if is_reply(said):
        return of_reply(kind, speaker, said, fields, None, unsure)
    return made(kind, speaker, None, said, fields, unsure, said)


def of_reason(
    kind: Kind, reason: str, fields: Fields, unsure: Iterable[str] = ()
) -> Reading:
    """A reading of a reason of the delivery side: a server's reply, where it repeats one."""
    reply = quoted(reason, fields)
    if reply is None:
        return made(kind, _DELIVERY, None, reason, fields, unsure)
    return of_reply(kind, _REMOTE, reply, fields, reason, unsure)


def _reason_of(reading: Reading) -> ReasonMatch | None:
    """The reason that the words of a reading are, if the delivery side spoke."""
    words = reading.words
    if words is None or reading.kind not in _REASONED:
        return None
    if reading.speaker is not _DELIVERY and reading.speaker is not _REMOTE:
        return None
    found = identify_reason(words)
    if found is None and reading.kind is _DELIVERED and reading.speaker is _DELIVERY:
        daemon, status = (reading._fields.get(key, "") for key in ("daemon", "status"))
        found = others(words, daemon, status)
        if found is not None and "reason" not in reading._unsure:
            object.__setattr__(reading, "_unsure", (*reading._unsure, "reason"))
    return found


def _depth(reading: Reading) -> int:
    return getattr(reading, "_depth", 0)


def _inside(reading: Reading) -> Reading | None:
    """What the words of a reading repeat: an earlier reason, or the reply of another server."""
    if _depth(reading) == _DEEPEST:
        return None
    told = reading.reason_match
    repeated = None if told is None else told.params.get("reason")
    if repeated is None and reading.match is not None:
        params = reading.match.params
        repeated = next(
            (it for it in params.values() if quoted(it, {}) is not None), None
        )
        if repeated is None and is_told(params.get("reason", "")):
            repeated = params["reason"]
    elif repeated is not None and quoted(repeated, {}) is None:
        repeated = repeated if identify_reason(repeated) is not None else None
    if repeated is None:
        return None
    inner = of_reason(_REASON, repeated, {})
    object.__setattr__(inner, "_depth", _depth(reading) + 1)
    return inner


_REMOTE, _DELIVERY = Speaker.REMOTE, Speaker.DELIVERY
_REASON, _DELIVERED, _QUEUE = Kind.REASON, Kind.DELIVERY, Kind.QUEUE
_REASONED = frozenset(
    (
        Kind.BOUNCE_DSN,
        Kind.BOUNCE_MESSAGE,
        Kind.BOUNCE_TEXT,
        Kind.DELIVERY,
        Kind.DELIVERY_INFO,
        Kind.QUEUE_LISTING,
        Kind.REASON,
    )
)
