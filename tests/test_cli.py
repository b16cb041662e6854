"""The command line, as its users meet it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_rules import CASES, wrong
from tests.tools import ROOT, codegen, passes


@pytest.fixture
def wrong_catalog(tmp_path: Path) -> Path:
    shape = next(case for case in CASES if case.startswith("shape\n"))
    path = tmp_path / "wrong.json"
    path.write_text(wrong(shape))
    return path


def test_without_a_command_it_shows_help() -> None:
    assert codegen().stderr.startswith("Usage: codegen ")


@pytest.mark.parametrize(
    "command", ["build", "validate", "explain", "list", "verify-source", "diff"]
)
def test_help_names_every_option(command: str) -> None:
    done = codegen(command, "--help")
    assert done.returncode == 0
    assert "--catalog" in done.stdout
    assert "\x1b" not in done.stdout
    for option in re.findall(r"^  (-\S+).*?  (\S.*)?$", done.stdout, re.MULTILINE):
        assert option[1], f"{option[0]} says nothing of itself"


@pytest.mark.parametrize(
    "arguments",
    [
        ("biuld",),
        ("build", "--target", "rust"),
        ("list", "--stage", "lunch"),
        ("list", "--category", "food"),
        ("list", "--status", "lost"),
        ("list", "--code", "x"),
        ("validate", "--format", "xml"),
        ("diff",),
        ("diff", "main", "--format", "xml"),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    done = codegen(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--catalog", "no/such.json"),
        ("build", "--templates", "no/such"),
        ("validate", "--catalog", "."),
        ("diff", "no/such.json"),
    ],
)
def test_what_cannot_be_read_exits_4(arguments: tuple[str, ...]) -> None:
    done = codegen(*arguments)
    assert done.returncode == 4
    assert done.stderr.startswith("codegen: cannot read ")
    assert done.stderr.count("\n") == 1


def test_templates_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "templates/markdown").mkdir(parents=True)
    (tmp_path / "templates/markdown/short.md.jinja").write_text("{{ replies | length }}\n")
    done = codegen("build", "--templates", "templates", "--out", "here", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here/markdown/short.md").read_text() == "217\n"


def test_build_says_what_it_did(tmp_path: Path) -> None:
    first = codegen("build", "--target", "go", cwd=tmp_path)
    assert "wrote generated/go/reply.go\n" in first.stdout
    again = codegen("build", "--target", "go", cwd=tmp_path)
    assert again.stdout == ""
    assert re.search(r" reasons: 0 written, \d+ unchanged, 0 removed\n$", again.stderr)


def test_help_says_each_command_in_a_whole_line() -> None:
    summaries = re.findall(r"^  [a-z][a-z-]*  +(\S.*)$", codegen("--help").stdout, re.MULTILINE)
    assert len(summaries) >= 5
    for summary in summaries:
        assert summary.endswith("."), summary
        assert "..." not in summary


def on_a_terminal(module: str, **environment: str) -> str:
    """What a command prints of a reply on a terminal of 60 columns."""
    command = [sys.executable, "-m", *module.split(" "), "221 2.0.0 Bye"]
    program = f"import pty; pty.spawn({command})"
    known = {"COLUMNS": "60", "PYTHONPATH": "generated/python", "TERM": "xterm"}
    return passes(sys.executable, "-c", program, env=known | environment)


def test_explain_wraps_at_the_width_of_a_terminal() -> None:
    shown = on_a_terminal("codegen explain")
    assert max(map(len, shown.splitlines())) <= 60
    plain = codegen("explain", "221 2.0.0 Bye").stdout
    assert len(shown.splitlines()) > len(plain.splitlines())


def test_the_package_explains_in_bold_on_a_terminal_that_can() -> None:
    bold = on_a_terminal("postfix_replies")
    plain = on_a_terminal("postfix_replies", NO_COLOR="1")
    assert re.sub(r"\x1b\[[0-9]m", "", bold) == plain != bold
    assert on_a_terminal("postfix_replies", TERM="dumb") == plain


def test_findings_as_text_json_and_annotations(wrong_catalog: Path) -> None:
    path = str(wrong_catalog)
    text = codegen("validate", "--catalog", path)
    assert text.returncode == 3
    lines = text.stdout.splitlines()
    found = json.loads(codegen("validate", "--catalog", path, "--format", "json").stdout)
    assert len(found) == len(lines)
    first = found[0]
    assert (
        lines[0] == f"{path}:{first['line']}:{first['column']}: {first['what']} [{first['rule']}]"
    )
    github = codegen("validate", "--catalog", path, "--format", "github")
    assert github.returncode == 3
    assert github.stdout.splitlines()[0] == (
        f"::error file={path},line=3,col=14,title=shape::{first['what']}"
    )


def test_a_right_catalog_has_no_findings() -> None:
    assert codegen("validate").returncode == 0
    assert json.loads(codegen("validate", "--format", "json").stdout) == []


def test_validate_takes_files(wrong_catalog: Path) -> None:
    golden = "tests/golden/catalog.json"
    both = codegen("validate", golden, "catalog.json")
    assert (both.returncode, both.stdout) == (0, "")
    assert [line.split(":")[0] for line in both.stderr.splitlines()] == [golden, "catalog.json"]
    one = codegen("validate", golden, wrong_catalog)
    assert one.returncode == 3
    assert all(line.startswith(f"{wrong_catalog}:") for line in one.stdout.splitlines())
    assert codegen("validate", golden, "--catalog", golden).returncode == 2


def test_list_takes_more_values_and_shows_the_codes_asked_for() -> None:
    asked = ("--code", "454", "--code", "453", "--category", "relay_denied")
    assert codegen("list", *asked).stdout == (
        "454 4.7.1  relay_access_denied  <{recipient}>: Relay access denied\n"
    )
    assert codegen("list", *asked).stderr == "1 reply and 0 reasons\n"
    both = codegen("list", "--status", "bounced", "--status", "sent", "--json")
    statuses = [reason["statuses"] for reason in json.loads(both.stdout)]
    assert {"bounced", "sent"} <= {status for each in statuses for status in each}


def test_list_filters() -> None:
    every = codegen("list").stdout.splitlines()
    catalog = json.loads((ROOT / "catalog.json").read_text())
    assert len(every) == len(catalog["replies"]) + len(catalog["reasons"])
    by_code = codegen("list", "--code", "454").stdout
    assert "relay_access_denied" in by_code
    assert "message_queued" not in by_code
    both = codegen("list", "--stage", "auth", "--category", "authentication", "--json")
    for reply in json.loads(both.stdout):
        assert reply["category"] == "authentication"
        assert "auth" in reply["stages"]
    asked = ("--status", "deferred", "--dsn", "4.4.1", "--json")
    deferred = json.loads(codegen("list", *asked).stdout)
    assert {"connect_failed"} <= {reason["id"] for reason in deferred}
    assert all("4.4.1" in reason["dsn"] for reason in deferred)
    assert codegen("list", "--dsn", "5.7.1", "--code", "554").stderr.endswith(" and 0 reasons\n")


def rows_of(*asked: object) -> dict[str, str]:
    """The rows that explain prints, by name."""
    done = codegen("explain", *asked)
    assert done.returncode == 0
    pairs = (line.split("  ", 1) for line in done.stdout.splitlines())
    return {name: value.strip() for name, value in pairs}


def test_explain_first_tells_what_to_do() -> None:
    rows = rows_of("554 5.7.1 <a@b.c>: Relay access denied")
    assert list(rows) == [
        *("Happened", "Who spoke", "Said", "Must act", "Wait", "To do", "Name", "More")
    ]
    assert rows["Happened"] == "The server does not relay mail for this recipient's domain."
    assert rows["Must act"].startswith("Whoever runs or maintains the program")
    assert rows["Wait"].startswith("Retrying unchanged will not help.")
    assert rows["To do"].startswith("Log in with AUTH")
    assert rows["More"] == "https://postfix-replies.github.io/postfix-replies/relay_access_denied/"


def test_explain_tells_all_of_a_line() -> None:
    rows = rows_of("--all", "471 4.7.1 <a@b.c>: Relay access denied")
    assert rows["Reply"] == "relay_access_denied"
    assert rows["recipient"] == "a@b.c"
    assert rows["Wait"].startswith("A 454 does not go away by itself either")
    assert "relay_domains" in rows["Settings"]
    assert rows["Codes"] == "Postfix by itself does not send these codes with this text."


def test_explain_takes_words_without_quotes() -> None:
    line = "554 5.7.1 <a@b.c>: Relay access denied"
    assert codegen("explain", *line.split(" ")).stdout == codegen("explain", line).stdout


def test_explain_takes_a_name_and_codes() -> None:
    assert rows_of("relay-access-denied")["Text"] == "<{recipient}>: Relay access denied"
    assert rows_of("454")["454"] == "The server cannot do the login or start TLS at the moment."
    assert "5.7.1" in rows_of("5.7.1")
    assert json.loads(codegen("explain", "--json", "454").stdout)["replies"]
    assert codegen("explain", "999").returncode == 1


def test_explain_takes_a_log_line_and_what_it_repeats() -> None:
    rows = rows_of(
        "postfix/smtp[9]: A1B2C3: to=<a@b>, relay=none, delay=1, dsn=4.1.1, status=deferred (host "
        "mx.d[192.0.2.9] said: 450 4.1.1 <a@b>: Recipient address rejected: unverified address: "
        "host in.d[192.0.2.8] said: 550 5.1.1 <a@b>: Recipient address rejected: User unknown in "
        "virtual mailbox table (in reply to RCPT TO command) (in reply to RCPT TO command))"
    )
    assert rows["Who spoke"].startswith("The server that mail was to be delivered to said it")
    assert rows["Then"] == "Postfix keeps the mail and tries again by itself."
    assert rows["It repeats"].startswith("in.d[192.0.2.8]: There is no mailbox for the recipient")


def test_explain_says_who_must_act_on_what_is_repeated() -> None:
    log = "postfix/smtp[9]: A1B2C3: to=<a@b>, relay=m.example[192.0.2.9]:25, status={} ({})"
    said = "host m.example[192.0.2.9] said: 554 5.7.1 <a@b>: Relay access denied"
    rows = rows_of(log.format("bounced", f"{said} (in reply to RCPT TO command)"))
    assert rows["Must act"].startswith("The operator of the Postfix server that repeats it")
    assert rows["Name"] == "relay_access_denied"
    login = "SASL authentication failed; server m.example[192.0.2.9] said: 535 5.7.8 "
    rows = rows_of(log.format("deferred", f"{login}Error: authentication failed: UGFzc3dvcmQ6"))
    assert rows["Name"] == "sasl_login_refused"
    assert rows["It repeats"] == "The login was refused."
    assert "sasl_passwd" in rows["To do"]


def test_explain_says_what_an_unknown_text_is() -> None:
    rows = rows_of("postfix/smtpd[9]: connect from a.example[192.0.2.7]")
    assert rows == {"What it is": rows["What it is"]}
    rows = rows_of("postfix/smtp[9]: A1B2C3: to=<a@b>, relay=none, status=deferred (connect")
    assert rows["In the way"] == "The line is cut."
    rows = rows_of(
        "postfix/cleanup[9]: A1B2C3: milter-reject: END-OF-MESSAGE from a[192.0.2.7]: 5.7.1 Spam; "
        "from=<a@b> to=<c@d> proto=ESMTP helo=<x>"
    )
    assert rows["Who spoke"] == "A mail filter that Postfix asks (a milter) said it."
    assert rows["5.7.1"].startswith("A rule does not let")


def test_explain_and_the_package_say_the_same() -> None:
    line = "554 5.7.1 <a@b.c>: Relay access denied"
    package = passes(
        sys.executable, "-m", "postfix_replies", line, env={"PYTHONPATH": "generated/python"}
    )
    assert package == codegen("explain", line).stdout


def test_explain_knows_the_catalog_that_it_is_given() -> None:
    golden = ROOT / "tests/golden/catalog.json"
    done = codegen("explain", "--catalog", golden, "--json", "421 4.3.2 Try later")
    assert json.loads(done.stdout)["id"] == "many_variants"


def test_explain_names_the_nearest_reply() -> None:
    done = codegen("explain", "554 5.7.1 <a@b.c>: Relay access refused")
    assert done.returncode == 1
    rows = dict(line.split("  ", 1) for line in done.stdout.splitlines())
    assert list(rows) == [
        *("Unknown", "What it is", "Who spoke", "Said", "554", "5.7.1", "Nearest", "Differs")
    ]
    assert rows["Nearest"].strip() == "relay_access_denied: <{recipient}>: Relay access denied"
    assert rows["Differs"].strip() == "The line has 'refused' where the text has 'denied'."
    assert codegen("explain", "x" * 100_000).returncode == 1


def explained(text: str) -> list[Any]:
    """What explain says, as JSON, of what it reads."""
    done = subprocess.run(
        [sys.executable, "-m", "codegen", "explain", "--json", "-"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_explain_reads_lines() -> None:
    lines = "221 2.0.0 Bye\r\nnonsense\n550 5.1.1 <\u00fc>: Recipient address rejected: no\n"
    first, second, third = explained(lines)
    assert (first["id"], first["retryable"], first["must_act"]) == ("quit_bye", False, "nobody")
    assert second is None
    assert third["params"] == {"recipient": "\u00fc", "reason": "no"}


def test_explain_reads_what_is_one_text_as_a_whole() -> None:
    bounces = (
        "\n<a@b>: host x[1.2.3.4] said: 550\n    5.7.1 <a@b>: Relay access denied (in reply to\n"
        '    RCPT TO command)\n\n<c@d>: unknown user: "c"\n'
    )
    first, second = explained(bounces)
    assert (first["id"], first["fields"]["to"]) == ("relay_access_denied", "a@b")
    assert (second["id"], second["words"]) == ("mailbox_unknown_user", 'unknown user: "c"')


def test_a_build_loads_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import os, sys; sys.argv = ['codegen', 'build']; os._exit = lambda status: None\n"
        "from codegen.cli import main\n"
        "main()\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "jinja2" in loaded
    assert not loaded & {"pydantic", "rich", "black", "asyncio", "dataclasses_json", "jsonschema"}
