"""What the project records of a run: heard.json, and the coverage in CONTRIBUTING.md."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.live import CATALOG
from tests.live.report import Report, unlisted
from tests.toolchain import ROOT

HEARD = Path(__file__).parent / "heard.json"  # a release of Postfix, and the replies heard from it
UNHEARD = Path(__file__).parent / "unheard.json"  # why each of the others was not heard
PAGE = ROOT / "CONTRIBUTING.md"
START, END = "<!-- make live -->\n", "\n<!-- end -->"


def write(made: Report) -> None:
    """Record a run."""
    HEARD.write_text(listed(made))
    PAGE.write_text(with_table(PAGE.read_text(), made))


def recorded() -> tuple[str, list[str]]:
    """The version of Postfix in the record, and the replies and reasons that were heard from it."""
    content = json.loads(HEARD.read_text())
    return content["postfix"], [*content["replies"], *content["reasons"]]


def unmarked(made: Report) -> Iterator[str]:
    """Where the record says other than this run, but for the patch level of Postfix."""
    made = made._replace(version=recorded()[0])
    if HEARD.read_text() != listed(made):
        yield f"{HEARD.name} does not list what was heard; python -m tests.live --write does"
    if PAGE.read_text() != with_table(PAGE.read_text(), made):
        yield f"{PAGE.name} has another coverage; python -m tests.live --write writes it"


def unaccounted(heard: Collection[str]) -> Iterator[str]:
    """Replies and reasons that are neither heard nor said why not, or both."""
    excused = json.loads(UNHEARD.read_text())
    known = {*CATALOG.replies, *CATALOG.reasons}
    for an_id in sorted({*known, *excused, *heard}):
        if an_id not in known:
            yield f"{an_id}: the catalog has no such reply or reason"
        elif an_id in excused and an_id in heard:
            yield f"{an_id}: heard, so {UNHEARD.name} need not say why not"
        elif an_id not in excused and an_id not in heard:
            yield f"{an_id}: not heard; provoke it, or say in {UNHEARD.name} why not"


def listed(made: Report) -> str:
    """The content of heard.json."""
    content = {
        "postfix": made.version,
        "replies": sorted(made.stages),
        "reasons": sorted(made.reasons),
    }
    return json.dumps(content, indent=2) + "\n"


def with_table(page: str, made: Report) -> str:
    """A page with the coverage of this run between its marks."""
    before, start, rest = page.partition(START)
    return before + start + "\n".join(("", *table(made), "")) + END + rest.partition(END)[2]


def table(made: Report) -> list[str]:
    """How much of the catalog was heard, by stage and by program."""
    return [
        f"Postfix {made.version}: {len(made.stages)} of {len(CATALOG.replies)} replies heard.",
        "",
        "| Stage | Replies of the catalog | Heard at that stage |",
        "| :--- | ---: | ---: |",
        *(_row(stage, made) for stage in CATALOG.stages),
        "",
        f"{len(made.reasons)} of {len(CATALOG.reasons)} reasons of the delivery side heard.",
        "",
        "| Program | Reasons of the catalog | Heard from it |",
        "| :--- | ---: | ---: |",
        *(_row_of_daemon(daemon, made) for daemon in _daemons()),
    ]


def _row(stage: str, made: Report) -> str:
    known = [an_id for an_id, reply in CATALOG.replies.items() if stage in reply.stages]
    heard_there = sum(stage in made.stages.get(an_id, ()) for an_id in known)
    return f"| {stage} | {len(known)} | {heard_there} |"


def _daemons() -> list[str]:
    return sorted({daemon for reason in CATALOG.reasons.values() for daemon in reason.daemons})


def _row_of_daemon(daemon: str, made: Report) -> str:
    known = [an_id for an_id, reason in CATALOG.reasons.items() if daemon in reason.daemons]
    heard_of_it = sum(daemon in made.reasons.get(an_id, ()) for an_id in known)
    return f"| {daemon} | {len(known)} | {heard_of_it} |"


def text(made: Report) -> str:
    """The report for people."""
    replies = sum(map(Counter.total, made.stages.values()))
    lines = [
        f"{replies} replies as expected; the log quotes {made.quoted}.",
        f"{sum(map(Counter.total, made.reasons.values()))} reasons as expected.",
        "",
        *table(made),
        "",
        "Not heard:",
        *(f"- {an_id}: {why}" for an_id, why in json.loads(UNHEARD.read_text()).items()),
    ]
    if odd := list(unlisted(made)):
        lines += ["", "Heard, and not in the catalog:", *(f"- {where}" for where in odd)]
    return "\n".join(lines)
