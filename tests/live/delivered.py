"""What became of mail, compared with what its delivery expects."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.live.deliveries import DELIVERIES
from tests.live.delivery import Delivery, Outcome
from tests.live.held import Readings


def compare(
    name: str,
    queue_id: str,
    readings: Readings,
    log: Sequence[str],
    reasons: dict[str, Counter[str]],
) -> Iterator[str]:
    """Where it was not as expected, in words; counts the reasons that were."""
    delivery = DELIVERIES[name]
    kinds = ["delivery", *(["smtpd_reject"] if delivery.mail.way == "verify" else [])]
    logged = [
        (reading, line)
        for reading, line in zip(readings.log["python"], log, strict=True)
        if reading and reading["kind"] in kinds and _is_about(reading, delivery, queue_id)
    ]
    reported = [(one, one["words"]) for note in readings.mail["python"] for one in note]
    listed = [(one, one["words"]) for one in readings.listing["python"][0]]
    yield from _matched(name, delivery.outcomes, logged, reasons)
    for expected, all_said in ((delivery.reported, reported), (delivery.listed, listed)):
        said = [(one, line) for one, line in all_said if _is_about(one, delivery, queue_id)]
        if expected:
            yield from _matched(name, expected, said, reasons, alone=False)


def _matched(
    name: str,
    expected: Sequence[Outcome],
    said: Sequence[tuple[Any, str]],
    reasons: dict[str, Counter[str]],
    *,
    alone: bool = True,
) -> Iterator[str]:
    """Each expected outcome was said; and nothing else, if they are to be alone."""
    for outcome in expected:
        fitting = [reading for reading, _ in said if _fits(outcome, reading)]
        if outcome.reason and fitting:
            heard = [_daemon(reading) for reading in fitting]
            for reason in outcome.reason.split("/"):
                reasons.setdefault(reason, Counter()).update(heard)
        if not fitting:
            lines = "".join(f"\n  said:     {_told(one)} {line}" for one, line in said)
            yield f"{name}\n  expected: {_words(outcome)}{lines or ' and nothing is said'}"
    for reading, line in said:
        if alone and not any(_fits(outcome, reading) for outcome in expected):
            yield f"{name}\n  not expected: {_told(reading)} {line}"


def _is_about(reading: Any, delivery: Delivery, queue_id: str) -> bool:
    fields = reading["fields"]
    if "to" not in fields:
        return bool(queue_id) and fields.get("queue_id") == queue_id
    return delivery.recipient in (fields["to"], fields.get("orig_to"))


def _fits(outcome: Outcome, reading: Any) -> bool:
    fields = reading["fields"]
    status = fields.get("status", fields.get("action", ""))
    return (
        (status in (outcome.status, "") or not outcome.status)
        and outcome.dsn in (fields.get("dsn"), None)
        and outcome.reason == _reasons(reading)
        and (reading["of"] != "reason" or outcome.params.items() <= reading["params"].items())
    )


def _told(reading: Any) -> str:
    fields = reading["fields"]
    status = fields.get("status", fields.get("action", "-"))
    return f"{status} {fields.get('dsn', '-')} {_reasons(reading) or '-'}"


def _words(outcome: Outcome) -> str:
    params = f" {dict(outcome.params)}" if outcome.params else ""
    return f"{outcome.status} {outcome.dsn or '-'} {outcome.reason or '-'}{params}"


def _daemon(reading: Any) -> str:
    """The program that said it: in a reply it is verify, and in mail bounce."""
    said_by: str = reading["fields"].get("daemon", "bounce")
    return "verify" if said_by == "smtpd" else said_by


def _reasons(reading: Any) -> str | None:
    """The reason, with those that it repeats."""
    inner = reading["inner"] and _reasons(reading["inner"])
    return "/".join(filter(None, (reading["reason"], inner))) or None
