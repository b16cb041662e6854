"""postfix-replies summary counts whole logs."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.bench.mail_log import lines
from tests.toolchain import ROOT

COUNT = 3_000
LOG = "".join(f"{line}\n" for line in lines(COUNT))
WARNED = (
    "Nov  5 06:07:08 mx postfix/smtpd[9]: warning: connect to Milter service inet:127.0.0.1:8891: "
    "Connection refused\n"
)


def summary(*asked: object, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command on files or on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "postfix_replies", "summary", *map(str, asked)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "generated/python")},
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def counted(*asked: object, text: str | None = None) -> Any:
    done = summary("--json", *asked, text=text)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def outcome(line: str) -> str:
    """What a line of the made log says, told in the plainest way."""
    if ": reject: " in line:
        return "refused"
    _, found, status = line.partition(", status=")
    words = {"sent": "delivered"}
    return words.get(status.split(" ")[0], status.split(" ")[0]) if found else ""


def test_every_outcome_is_counted() -> None:
    told = counted("-", text=LOG)
    plain = Counter(map(outcome, LOG.splitlines()))
    assert told["lines"] == COUNT
    for name in ("refused", "deferred", "bounced", "delivered"):
        assert told[name] == plain[name] > 0
        groups = [group for group in told["groups"] if group["outcome"] == name]
        assert name == "delivered" or sum(group["count"] for group in groups) == told[name]


def test_a_group_tells_who_must_act() -> None:
    found = {group["id"]: group for group in counted("-", text=LOG)["groups"]}
    relay = found["relay_access_denied"]
    assert relay["count"] == LOG.count(": 554 5.7.1 <") == LOG.count("Relay access denied")
    assert (relay["must_act"], relay["retry"]) == ("client", "change_first")
    assert relay["example"] in LOG
    assert relay["clients"]
    assert relay["domains"]
    assert found["recipient_rejected"]["verdict"] == "greylisted"


def test_files_packed_or_not_and_several(tmp_path: Path) -> None:
    (tmp_path / "mail.log").write_text(LOG)
    (tmp_path / "mail.log.1.gz").write_bytes(gzip.compress(LOG.encode()))
    once = counted(tmp_path / "mail.log")
    assert once == counted(tmp_path / "mail.log.1.gz") == counted("-", text=LOG)
    twice = counted(tmp_path / "mail.log", tmp_path / "mail.log.1.gz")
    assert twice["refused"] == 2 * once["refused"]


def test_the_journal_as_json() -> None:
    records = [
        {
            "SYSLOG_IDENTIFIER": line.split("[")[0].split(" ")[-1],
            "MESSAGE": line.split("]: ", 1)[1],
            "__REALTIME_TIMESTAMP": "1793855228123456",
        }
        for line in LOG.splitlines()
    ]
    journal = "".join(f"{json.dumps(record)}\n" for record in records)
    told, plain = counted("-", text=journal), counted("-", text=LOG)
    assert {name: told[name] for name in plain if name != "groups"} == {
        name: plain[name] for name in plain if name != "groups"
    }
    assert counted("--until", "2026-11-07", "-", text=journal)["refused"] == told["refused"]
    assert counted("--since", "2026-11-07", "-", text=journal)["refused"] == 0


def test_a_part_of_a_log() -> None:
    day = "2026-11-05"
    first = counted("--until", f"{day}T00:02", "-", text=LOG)
    second = counted("--since", f"{day}T00:02", "-", text=LOG)
    whole = counted("-", text=LOG)
    assert first["refused"] + second["refused"] == whole["refused"]
    assert first["refused"] > 0
    assert second["refused"] > 0
    assert summary("--since", "yesterday", "-", text=LOG).returncode == 2


def test_warnings_are_a_part_of_their_own() -> None:
    told = counted("-", text=LOG + 3 * WARNED)
    (group,) = (group for group in told["groups"] if group["outcome"] == "warned")
    assert (group["count"], group["id"]) == (3, None)
    assert group["words"].startswith("warning: connect to Milter service")


def test_metrics_have_no_label_that_a_client_chose() -> None:
    hostile = LOG.replace("status=deferred (connect to", 'status=deferred ("evil"')
    done = summary("--metrics", "-", text=hostile)
    samples = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert samples[0] == f"postfix_lines_total {COUNT}"
    assert any(
        'outcome="refused",id="relay_access_denied",must_act="client"' in one for one in samples
    )
    assert "evil" not in done.stdout
    assert "@" not in done.stdout


def test_the_report_is_for_people() -> None:
    shown = summary("-", text=LOG).stdout.splitlines()
    assert shown[0].startswith("3,000 lines: ")
    assert "Refused: " in "\n".join(shown)
    assert not any("\x1b" in line for line in shown)


def test_memory_and_labels_are_bounded() -> None:
    program = (
        "from postfix_replies._summary import summarize\n"
        "line = 'postfix/smtp[1]: A1B2C3: to=<a@d{0}.x>, relay=none, delay=1, dsn=4.0.0, '\n"
        "line += 'status=deferred (word{1})'\n"
        "names = ['a' * (n % 97) + chr(97 + n % 26) + 'b' * (n // 97) for n in range(9_000)]\n"
        "made = summarize(line.format(n, name) for n, name in enumerate(names))\n"
        "groups = made.groups['deferred']\n"
        "print(len(groups), sum(group.count for group in groups.values()),\n"
        "      max(len(group.domains.counts) for group in groups.values()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "generated/python")},
        capture_output=True,
        text=True,
        check=True,
    )
    groups, count, values = map(int, done.stdout.split())
    assert groups <= 2_001
    assert count == 9_000
    assert values <= 100


@pytest.mark.parametrize("name", ["no-such-file", "."])
def test_what_cannot_be_read_is_said(name: str, tmp_path: Path) -> None:
    done = summary(tmp_path / name)
    assert done.returncode == 4
    assert done.stderr.startswith("postfix-replies: ")
    assert "Traceback" not in done.stderr
