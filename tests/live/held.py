"""What a run leaves behind, its log, bounces and notices, is read right in all languages."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from codegen.catalog import Reason
from codegen.package import imported
from tests.live import CATALOG, wrapped
from tests.live.conversation import Heard
from tests.toolchain import ROOT
from tests.tools import LANGUAGES, answers_of

FAILED, PROBED = {"deferred", "bounced"}, {"undeliverable", "SOFTBOUNCE"}
OWN = {"fixed", "errno"}  # where the status code of a reason is its own
MAIL = {"bounce_message", "postmaster_transcript"}


@cache
def _package() -> Any:
    """The Python package itself, for what no probe tells."""
    return imported(CATALOG, ROOT / "templates", "_read")


class Readings(NamedTuple):
    """What each package reads of each text."""

    log: dict[str, list[Any]]
    mail: dict[str, list[Any]]
    listing: dict[str, list[Any]]


def read_all(log: Sequence[str], mail: Sequence[str], listing: str) -> Readings:
    return Readings(
        _answers("read", log), _answers("read_all", mail), _answers("read_all", [listing])
    )


def misread(
    readings: Readings,
    log: Sequence[str],
    mail: Sequence[str],
    listing: str,
    heard: Sequence[Heard],
) -> Iterator[str]:
    """What is wrong with the readings, in words."""
    yield from _differing(log, readings.log)
    yield from _differing(mail, readings.mail)
    yield from _differing([listing], readings.listing)
    yield from _misread_log(log, readings.log["python"])
    for line, reading in zip(log, readings.log["python"], strict=True):
        yield from _misjudged(line, reading)
    of_site = {_words(reading) for reading in readings.log["python"] if reading}
    expected: dict[str, set[str]] = {}
    for one in heard:
        if one.expected:
            expected.setdefault(one.reply, set()).add(one.expected.id)
    for note, of_note in zip(mail, readings.mail["python"], strict=True):
        if not of_note:
            yield f"mail: nothing is read of it:\n{note}"
        for reading in of_note:
            if reading["kind"] not in MAIL:
                yield f"mail: {reading['kind']}:\n{note}"
            if _is_unknown(reading) and _words(reading) not in of_site:
                yield f"mail: no reason of the catalog says it: {reading['words']}\n{note}"
            known = expected.get(reading["line"])
            if known and reading["id"] not in {*known, None}:
                yield f"mail: {reading['line']} is {known}, not {reading['id']}"


def _answers(what: str, texts: Sequence[str]) -> dict[str, list[Any]]:
    return {language: answers_of(language, what, texts) for language in LANGUAGES}


def _differing(texts: Sequence[str], answers: dict[str, list[Any]]) -> Iterator[str]:
    for language, given in answers.items():
        for text, ours, theirs in zip(texts, answers["python"], given, strict=True):
            if ours != theirs:
                yield f"{language} reads otherwise: {text}\n  {theirs}\n  {ours}"


def _misread_log(log: Sequence[str], readings: Sequence[Any]) -> Iterator[str]:
    """Lines of no kind, and those that quote another reply than what is read of them."""
    read_of = dict(zip(log, readings, strict=True))
    for line, reading in read_of.items():
        if reading is None:
            yield f"log: nothing is read of it: {line}"
    for line, reply in wrapped.replies(log):
        said = read_of[line] and read_of[line]["line"]
        if said != reply:
            yield f"log: {line}\n  quotes {reply}\n  read as {said}"


def _misjudged(line: str, reading: Any) -> Iterator[str]:
    """A line of a delivery that is of no reason, or of one that contradicts the line."""
    if reading is None or reading["kind"] != "delivery":
        return
    if _is_unknown(reading):
        yield f"log: no reason of the catalog says it: {line}"
    known = CATALOG.reasons.get(reading["reason"])
    if known and reading["reason"] == reading["id"]:
        yield from _contrary(line, known, reading["fields"])
    judged = _package().read(line)
    outcome, retry = judged.outcome, judged.retry
    of = judged.reason or judged.reply
    if outcome is None or retry is None:
        return
    if (retry == "no_need") != (outcome == "delivered"):
        yield f"log: {outcome}, and retry of {of} is {retry}: {line}"
    if outcome == "bounced" and judged.fields.get("dsn", "5").startswith("5") and retry == "later":
        yield f"log: bounced for good, and retry of {of} is {retry}: {line}"


def _is_unknown(reading: Any) -> bool:
    return reading["speaker"] == "delivery" and reading["reason"] is None


def _words(reading: Any) -> str:
    """The words as mail has them, where only the log tells that they are of the site."""
    return (reading["words"] or "").rstrip(" ")


def _contrary(line: str, known: Reason, fields: dict[str, str]) -> Iterator[str]:
    """Where the catalog has another daemon, status or status code for a reason."""
    daemon, status, dsn = (fields.get(key, "") for key in ("daemon", "status", "dsn"))
    if daemon and daemon not in known.daemons:
        yield f"log: the catalog does not know {known.id} from {daemon}: {line}"
    if status not in {*known.statuses, *(PROBED if FAILED & {*known.statuses} else ())}:
        yield f"log: the catalog does not know {known.id} with status={status}: {line}"
    if dsn and status != "SOFTBOUNCE" and known.dsn_from in OWN and dsn not in known.dsn:
        yield f"log: the catalog does not know {known.id} with dsn={dsn}: {line}"
