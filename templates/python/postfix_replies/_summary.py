"""postfix-replies summary: what whole logs say was refused, deferred, bounced and delivered."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from datetime import datetime, timedelta
from io import TextIOWrapper
from pathlib import Path

from postfix_replies._printed import printable
from postfix_replies._read import read_logged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Optional, TextIO

    from postfix_replies import Party, Reading, Reason, Reply, Retry, Verdict

    When = Optional[datetime]

_HELP = """\
Say what logs of Postfix tell: what was refused, deferred, bounced and delivered, by reply or
reason, with who must act, whether waiting helps, an example, and the clients and domains that met
it most.

FILE is a log, plain or .gz, of any carrier that postfix-replies reads; - is standard input.
"""
_OUTCOMES = ("refused", "deferred", "bounced", "delivered", "warned")
_TITLES = {
    "refused": "Refused",
    "deferred": "Deferred",
    "bounced": "Bounced",
    "delivered": "Delivered",
    "warned": "Warnings and errors",
}
_MOST_GROUPS = 2_000  # of one outcome; what comes later is counted together
_MOST_VALUES = 100  # of clients or domains of one group that are counted at a time
_TOP = 3
_SHOWN = 160  # characters of an example
_OTHER = "something else"
_EVERY = 50_000  # lines between two signs of progress
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STAMP = 15  # characters of a time such as `Nov  5 06:07:08`


class _Often:
    """Which values are met most, in bounded memory: rare ones are forgotten (Misra and Gries)."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def add(self, value: str) -> None:
        counts = self.counts
        if value in counts:
            counts[value] += 1
        elif len(counts) < _MOST_VALUES:
            counts[value] = 1
        else:
            self.counts = {
                known: count - 1 for known, count in counts.items() if count > 1
            }

    def top(self) -> list[tuple[str, int]]:
        return sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOP]


class _Group:
    """What is counted of one reply or reason, or of words that are not known."""

    def __init__(self, reading: Reading, example: str) -> None:
        found = reading.match or reading.reason_match
        self.said: Reply | Reason | None = reading.reply or reading.reason
        self.must_act: Party | None = reading.must_act
        self.retry: Retry | None = reading.retry
        self.verdict: Verdict | None = found.verdict if found else None
        self.example = example
        self.count = 0
        self.clients = _Often()
        self.domains = _Often()

    def add(self, reading: Reading) -> None:
        self.count += 1
        fields = reading._fields
        client, to = fields.get("client_address"), fields.get("to")
        if client is not None:
            self.clients.add(client)
        if to is not None:
            self.domains.add(to.rpartition("@")[2].lower())


class Summary:
    """What a log tells, counted."""

    def __init__(self) -> None:
        self.lines = 0
        self.groups: dict[str, dict[str, _Group]] = {
            outcome: {} for outcome in _OUTCOMES
        }
        self.delivered = 0

    def add(self, line: str, reading: Reading) -> None:
        """Count a line that says something."""
        outcome = _outcome(reading)
        if outcome == "":
            return
        if outcome == "delivered":
            self.delivered += 1
            return
        groups = self.groups[outcome]
        key = _key(reading, line)
        group = groups.get(key)
        if group is None:
            if len(groups) >= _MOST_GROUPS:
                key = _OTHER
            group = groups.setdefault(key, _Group(reading, _example(line)))
        group.add(reading)

    def counts(self) -> dict[str, int]:
        """How much of each outcome there was."""
        counted = {
            name: sum(one.count for one in of.values())
            for name, of in self.groups.items()
        }
        return {**counted, "delivered": self.delivered}


def _outcome(reading: Reading) -> str:
    """What became of mail, or a warning; nothing where a line says something else."""
    outcome = reading.outcome
    if outcome is not None:
        return outcome
    return "warned" if "severity" in reading._fields and reading.line is None else ""


def _key(reading: Reading, line: str) -> str:
    """The names of what is said, and of what a value in it changes; else the words in general."""
    names = list(_names(reading))
    if names:
        return ": ".join(names)
    said = reading.line or reading.words or line.partition("]: ")[2]
    return _shape(said)


def _names(reading: Reading | None) -> Iterator[str]:
    """The name of the reply, or of the reason and of what that repeats."""
    while reading is not None:
        found = reading.match or reading.reason_match
        said = reading.reply or reading.reason
        if found is None or said is None:
            return
        yield said.value if found.verdict is None else f"{said.value} ({found.verdict})"
        reading = None if reading.match else reading.inner


def _shape(said: str) -> str:
    """Words without addresses, numbers and quotes, so that they can be counted together."""
    words: list[str] = []
    for word in said[:_SHOWN].split(" "):
        if (
            any(mark in word for mark in "<@[/\"'=")
            or word[:1].isdigit()
            or word[-1:].isdigit()
        ):
            word = "*"
        if words[-1:] != ["*"] or word != "*":
            words.append(word)
    return " ".join(words)


def _example(line: str) -> str:
    line = line.rstrip("\r\n")
    return line if len(line) <= 2 * _SHOWN else f"{line[: 2 * _SHOWN]} ..."


def summarize(lines: Iterable[str], since: When = None, until: When = None) -> Summary:
    """Count the lines of a log, between two times if they are given."""
    summary = Summary()
    limited = since is not None or until is not None
    for line in lines:
        summary.lines += 1
        if limited and not _is_between(line, since, until):
            continue
        reading = read_logged(line.rstrip("\r\n"))
        if reading is not None:
            summary.add(line, reading)
    return summary


def _is_between(line: str, since: When, until: When) -> bool:
    when = _time(line)
    if when is None:
        return False
    return (since is None or when >= since) and (until is None or when < until)


def _time(line: str) -> When:
    """When a line was written, by its own clock, None where it does not say."""
    if line.startswith("{"):
        _, _, stamp = line.partition('"__REALTIME_TIMESTAMP"')
        digits = stamp.lstrip(' :"')[:16]
        return (
            datetime.fromtimestamp(int(digits[:10]))
            if digits[:10].isdecimal()
            else None
        )
    month = line[:3]
    try:
        if month in _MONTHS:
            now = datetime.now()
            clock = datetime.strptime(line[7:_STAMP], "%H:%M:%S")
            when = clock.replace(now.year, _MONTHS.index(month) + 1, int(line[4:6]))
            # Such a time has no year: it is the last one that is not in the future.
            return (
                when if when <= now + timedelta(days=1) else when.replace(now.year - 1)
            )
        return datetime.fromisoformat(line[:19])
    except ValueError:
        return None


def _opened(path: str) -> TextIO:
    told: Any = {"encoding": "utf-8", "errors": "surrogateescape", "newline": "\n"}
    if path == "-":
        return TextIOWrapper(sys.stdin.buffer, **told)
    file = Path(path)
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    if packed:
        return TextIOWrapper(gzip.GzipFile(path), **told)
    opened: TextIO = file.open(**told)
    return opened


def _lines(paths: list[str]) -> Iterator[str]:
    """The lines of files, with signs of progress on a terminal."""
    shown = sys.stderr.isatty()
    number = 0
    for path in paths:
        with _opened(path) as file:
            if not shown:
                yield from file
                continue
            for line in file:
                number += 1
                if number % _EVERY == 0:
                    print(f"\r{number:,} lines", end="", file=sys.stderr, flush=True)
                yield line
    if shown and number >= _EVERY:
        print("\r\x1b[K", end="", file=sys.stderr)


def command(asked: list[str]) -> int:
    """postfix-replies summary."""
    parser = argparse.ArgumentParser(
        prog="postfix-replies summary",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument(
        "--since", type=_moment, metavar="TIME", help="from then on, as 2026-11-05"
    )
    parser.add_argument("--until", type=_moment, metavar="TIME", help="before then")
    parser.add_argument(
        "--all", action="store_true", help="every group, not the ten largest"
    )
    printed = parser.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="as JSON")
    printed.add_argument(
        "--metrics", action="store_true", help="as metrics for Prometheus"
    )
    told = parser.parse_args(asked)
    try:
        summary = summarize(_lines(told.files), told.since, told.until)
    except (OSError, EOFError) as error:
        print(f"postfix-replies: {error}", file=sys.stderr)
        return 4
    if told.json:
        print(json.dumps(_plain(summary), indent=2, ensure_ascii=True))
    else:
        made = _metrics(summary) if told.metrics else _report(summary, told.all)
        print("\n".join(map(printable, made)))
    return 0


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _ranked(summary: Summary, outcome: str) -> list[tuple[str, _Group]]:
    groups = summary.groups[outcome].items()
    return sorted(groups, key=lambda pair: (-pair[1].count, pair[0]))


def _plain(summary: Summary) -> dict[str, Any]:
    """A summary as JSON has it."""
    groups = [
        {
            "outcome": outcome,
            "id": group.said,
            "words": None if group.said else name,
            "count": group.count,
            "must_act": group.must_act,
            "retry": group.retry,
            "verdict": group.verdict,
            "clients": dict(group.clients.top()),
            "domains": dict(group.domains.top()),
            "example": group.example,
        }
        for outcome in _OUTCOMES
        for name, group in _ranked(summary, outcome)
    ]
    return {"lines": summary.lines, **summary.counts(), "groups": groups}


_FEW = 10  # groups of an outcome that are shown


def _report(summary: Summary, everything: bool) -> Iterator[str]:
    """A summary for people."""
    counts = summary.counts()
    totals = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in _OUTCOMES)
    yield f"{summary.lines:,} lines: {totals}"
    for outcome in _OUTCOMES:
        ranked = _ranked(summary, outcome)
        if ranked:
            yield ""
            yield f"{_TITLES[outcome]}: {counts[outcome]:,}"
        for name, group in ranked if everything else ranked[:_FEW]:
            yield from _shown(name, group)
        if len(ranked) > _FEW and not everything:
            yield f"  and {len(ranked) - _FEW} more: --all shows them"


def _shown(name: str, group: _Group) -> Iterator[str]:
    yield ""
    yield f"{group.count:9,}  {name}"
    if group.said is not None:
        yield f"{'':11}{group.said.summary}"
        must_act = group.must_act or "as the server's words say"
        yield f"{'':11}must act: {must_act}; retry: {group.retry}"
    for what, often in (("clients", group.clients), ("domains", group.domains)):
        top = ", ".join(f"{value} ({count:,} or more)" for value, count in often.top())
        if top:
            yield f"{'':11}{what}: {top}"
    yield f"{'':11}{group.example}"


def _metrics(summary: Summary) -> Iterator[str]:
    """A summary in the text format of Prometheus; no label holds what a client wrote."""
    yield "# HELP postfix_lines_total Lines of the log."
    yield "# TYPE postfix_lines_total counter"
    yield f"postfix_lines_total {summary.lines}"
    yield "# HELP postfix_outcomes_total What became of mail, by reply or reason."
    yield "# TYPE postfix_outcomes_total counter"
    yield _sample("delivered", summary.delivered)
    for outcome in _OUTCOMES:
        counts: dict[tuple[str, ...], int] = {}
        for group in summary.groups[outcome].values():
            said = (group.said, group.must_act, group.retry)
            labels = tuple(str(one or "") for one in said)
            counts[labels] = counts.get(labels, 0) + group.count
        for labels, count in sorted(counts.items()):
            yield _sample(outcome, count, *labels)


def _sample(outcome: str, count: int, *labels: str) -> str:
    an_id, must_act, retry = labels or ("", "", "")
    told = f'outcome="{outcome}",id="{an_id}",must_act="{must_act}",retry="{retry}"'
    return f"postfix_outcomes_total{{{told}}} {count}"
