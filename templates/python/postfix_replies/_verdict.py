"""What a value in a line, or in a reason, changes about who must act."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from postfix_replies import Match, Verdict, Weighed


def verdict_of(match: Match) -> Verdict | None:
    """The first verdict of the reply that a value fits; None if no value changes anything."""
    weighed = match.reply.verdicts
    return first_fitting(weighed, match.params, match.retryable) if weighed else None


def first_fitting(
    weighed: tuple[Weighed, ...], params: dict[str, str], temporary: bool
) -> Verdict | None:
    """The first verdict that a value fits; `temporary` tells that the codes are."""
    for of in weighed:
        value = params.get(of.placeholder)
        if value is not None and _fits(of.verdict, value, temporary):
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
