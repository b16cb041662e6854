"""What a value in a line changes about who must act."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from postfix_replies import Match, Verdict


def verdict_of(match: Match) -> Verdict | None:
    """The first verdict of the reply that a value fits; None if no value changes anything."""
    weighed = match.reply.verdicts
    params = match.params if weighed else {}
    for of in weighed:
        value = params.get(of.placeholder)
        if value is not None and _fits(of.verdict, value, match.retryable):
            return of.verdict
    return None


def _fits(verdict: Verdict, value: str, temporary: bool) -> bool:
    if verdict.temporary and not temporary:
        return False
    return (
        value in verdict.equals
        or value.startswith(verdict.begins)
        or any(part in value for part in verdict.contains)
    )
