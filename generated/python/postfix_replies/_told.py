"""From the words of the delivery side to the reason that they are, and to what they repeat."""

from __future__ import annotations

from postfix_replies._identify import as_json, as_text
from postfix_replies._wrapped import filled, is_reply, prepared
from postfix_replies._wrappers import FOREIGN, NAMES, REASONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from postfix_replies import Party, Reason, Retry, Verdict
    from postfix_replies._wrapped import Gap

    Fields = dict[str, str]
    # Which reason and form, whose words, the first literal, and the holes.
    Row = tuple[str, str, str, str, tuple[Gap, ...]]

_HEAD = 3  # first characters by which texts are found
_DEEPEST = 8  # reasons in reasons


class ReasonMatch:
    """What words of the delivery side say. Made by identify_reason; it never changes."""

    __slots__ = ("_id", "_params", "form")

    _id: str
    _params: Fields
    form: str
    """The wording: "standard", or the name of one of the reason's forms."""

    def __init__(self) -> None:
        raise TypeError("identify_reason makes a ReasonMatch")

    @property
    def reason(self) -> Reason:
        """Which reason it is."""
        from postfix_replies import Reason

        return Reason(self._id)

    @property
    def params(self) -> dict[str, str]:
        """What the placeholders of the text stand for, by name."""
        return dict(self._params)

    @property
    def verdict(self) -> Verdict | None:
        """What a value in the words changes about who must act, None if nothing."""
        from postfix_replies._verdict import first_fitting

        return first_fitting(self.reason.verdicts, self._params, temporary=False)

    @property
    def must_act(self) -> Party | None:
        """Who must act: as the verdict has it, else as the reason does.

        None where what the reason repeats decides.
        """
        return (self.verdict or self.reason).must_act

    @property
    def retry(self) -> Retry:
        """Whether waiting can help: as the verdict has it, else as the reason does."""
        return (self.verdict or self.reason).retry

    def format(self) -> str:
        """The words as Postfix logs them.

        Raises ValueError where a value is none of its type or contains CR, LF or NUL.
        """
        from postfix_replies._format import format_words

        return format_words(self.reason, self.form, self._params)

    def as_dict(self) -> dict[str, Any]:
        """All that it says, by name, with values that json can write."""
        return {"id": self._id, "params": self.params, "form": self.form}

    def json(self) -> str:
        """All that it says as JSON, in the same bytes as from the packages of other languages."""
        return as_json(self.as_dict())

    def _all(self) -> tuple[Any, ...]:
        return self._id, self.form, tuple(self._params.items())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ReasonMatch):
            return NotImplemented
        return self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name} of a ReasonMatch")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name} of a ReasonMatch")

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (self._id, self.form, self._params)

    def __repr__(self) -> str:
        return f"ReasonMatch({self._id}, params={self._params}, form={self.form!r})"


def _made(an_id: str, form: str, params: Fields) -> ReasonMatch:
    match = object.__new__(ReasonMatch)
    for name, value in (("_id", an_id), ("form", form), ("_params", params)):
        object.__setattr__(match, name, value)
    return match


def identify_reason(words: str | bytes) -> ReasonMatch | None:
    """The reason that words of the delivery side are, None where they are none of the catalog.

    The words are what stands in brackets behind the status of a log line, without the brackets.
    Bytes are UTF-8; others become lone surrogates. Of several texts that fit, the one with the most
    literal characters counts. The time is linear in the length, and no words raise.
    """
    found = _found(as_text(words))
    return None if found is None else _made(found[0][0], found[0][1], found[1])


def is_told(words: str) -> bool:
    """Whether words are a reason, and such that hardly any other program says them."""
    found = _found(words)
    return found is not None and found[0][2] == "own"


def _found(words: str) -> tuple[Row, Fields] | None:
    for row in _TABLE.get(words[:_HEAD], _SHORT):
        lead, gaps = row[3], row[4]
        if not words.startswith(lead):
            continue
        params: Fields = {}
        if (
            filled(gaps, words, len(lead), params) is not None
            if gaps
            else words == lead
        ):
            return row, params
    return None


def others(words: str, daemon: str, status: str) -> ReasonMatch | None:
    """The reason of words that a program logs and others chose, where there is but one."""
    fitting = [row for row in FOREIGN if daemon in row[3] and status in row[4]]
    if len(fitting) != 1:
        return None
    an_id, form, hole, _, _ = fitting[0]
    return _made(an_id, form, {hole: words})


def quoted(words: str, fields: Fields) -> str | None:
    """The reply that words of the delivery side repeat, however deep, None where there is none.

    Adds who said it and to which command.
    """
    for _ in range(_DEEPEST):
        if not words.startswith(_LEADS):
            return None
        found = _repeating(words)
        if found is None:
            return None
        reply = found.get("reply")
        if reply is not None:
            if not is_reply(reply):
                return None
            fields.update((name, found[name]) for name in _AROUND if name in found)
            return reply
        words = found["reason"]
    return None


def _repeating(words: str) -> Fields | None:
    for _, _, _, lead, gaps in _REPEATING:
        if words.startswith(lead):
            found: Fields = {}
            if filled(gaps, words, len(lead), found) is not None:
                return found
    return None


def _table() -> tuple[dict[str, list[Row]], list[Row]]:
    """The texts by their first characters, and those with fewer, which any words can be."""
    short = [row for row in _ROWS if len(row[3]) < _HEAD]
    heads = dict.fromkeys(row[3][:_HEAD] for row in _ROWS if len(row[3]) >= _HEAD)
    table: dict[str, list[Row]] = {head: [] for head in heads}
    for row in _ROWS:
        lead = row[3]
        fitting = [lead[:_HEAD]]
        if len(lead) < _HEAD:
            fitting = [head for head in heads if head.startswith(lead)]
        for head in fitting:
            table[head].append(row)
    return table, short


_ROWS: list[Row] = [
    (an_id, form, words, lead, prepared(holes))
    for an_id, form, words, lead, holes in REASONS
]
_TABLE, _SHORT = _table()
_REPEATING = [
    row for row in _ROWS if any(kind in ("reply", "reason") for _, kind, _, _ in row[4])
]
_LEADS = tuple(row[3] for row in _REPEATING)
_AROUND = [name for name in ("remote", "command") if name in NAMES]
