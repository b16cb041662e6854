"""What people hold is read right, and alike in all languages."""

import email
import json
import smtplib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from postfix_replies import Kind, Reading, Reply, Speaker, read, read_all, read_lines

from tests.held import KNOWN, MIXED, NOT_SMTP, held
from tests.tools import LANGUAGES, answers_of, catalog_of

ASKED = [one["held"] for one in KNOWN]
REFUSED = (
    "Nov  5 06:07:08 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from a.example[192.0.2.7]: "
    "554 5.7.1 <x@y.z>: Relay access denied; from=<a@b.c> to=<x@y.z> proto=ESMTP helo=<a>"
)


@cache
def texts() -> list[str]:
    return list(dict.fromkeys(held(catalog_of())))


@cache
def answers(language: str, what: str) -> list[Any]:
    return answers_of(language, what, texts())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(len(KNOWN)))
def test_a_known_text_is_read_right(language: str, number: int) -> None:
    known, got = KNOWN[number], answers(language, "read")[texts().index(ASKED[number])]
    assert got is not None
    said = {name: got[name] for name in ("kind", "speaker", "line", "words")}
    assert said == {name: known[name] for name in said}
    assert {name: got["fields"].get(name) for name in known["fields"]} == known["fields"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mixed", MIXED, ids=[one["name"] for one in MIXED])
def test_a_mixed_text_is_read_right(language: str, mixed: dict[str, Any]) -> None:
    at = texts().index(mixed["held"])
    said = [
        {"kind": got["kind"], "id": got["id"], "line": got["line"]}
        | {name: got["fields"].get(name) for name in ("to", "helo")}
        for got in answers(language, "read_all")[at]
    ]
    assert said == mixed["all"]
    first = answers(language, "read")[at]
    assert (first and [first["kind"], first["id"]]) == mixed["first"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_other_programs_log_is_not_of_smtp(language: str) -> None:
    known = dict(zip(texts(), answers(language, "read"), strict=True))
    assert [line for line in NOT_SMTP if known[line] is not None] == []


@pytest.mark.parametrize("what", ["read", "read_all"])
@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "python"])
def test_languages_read_alike(language: str, what: str) -> None:
    for text, ours, theirs in zip(
        texts(), answers("python", what), answers(language, what), strict=True
    ):
        assert theirs == ours, text


def test_most_texts_say_something() -> None:
    assert sum(one is not None for one in answers("python", "read")) > len(texts()) / 2


def test_a_reading_of_a_refusal() -> None:
    reading = read(REFUSED)
    assert reading is not None
    assert (reading.kind, reading.speaker) == (Kind.SMTPD_REJECT, Speaker.SMTPD)
    assert reading.reply is Reply.RELAY_ACCESS_DENIED
    assert (reading.code, reading.enhanced) == (554, "5.7.1")
    assert reading.match is not None
    assert reading.match.params == {"recipient": "x@y.z"}
    assert reading.fields["client_address"] == "192.0.2.7"
    assert (reading.must_act, reading.retry) == ("client", "change_first")
    assert reading.unsure == ()
    assert reading.inner is None


SENT = "Nov  5 06:07:08 mx postfix/smtp[9]: A1B2C3: to=<x@y.z>, relay=none, status="


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (REFUSED, "refused"),
        (REFUSED.replace(" reject: ", " milter-reject: "), "refused"),
        (REFUSED.replace(" reject: ", " reject_warning: "), None),
        (f"{SENT}sent (250 2.0.0 Ok)", "delivered"),
        (f"{SENT}deferred (Connection timed out)", "deferred"),
        (f"{SENT}SOFTBOUNCE (user unknown)", "deferred"),
        (f"{SENT}bounced (user unknown)", "bounced"),
        (f"{SENT}deliverable (250 2.1.5 Ok)", None),
        ("Nov  5 06:07:08 mx postfix/qmgr[9]: A1B2C3: removed", None),
        ("554 5.7.1 <x@y.z>: Relay access denied", None),
    ],
)
def test_what_a_log_says_became_of_mail(text: str, outcome: str | None) -> None:
    reading = read(text)
    assert reading is not None
    assert reading.outcome == outcome
    assert "outcome" not in reading.as_dict()


def test_a_reading_is_a_value() -> None:
    import copy
    import pickle

    reading = read(REFUSED)
    assert reading is not None
    assert reading == read(REFUSED)
    assert len({reading, read(REFUSED)}) == 1
    assert pickle.loads(pickle.dumps(reading)) == reading
    assert copy.deepcopy(reading) == reading
    assert reading != read(REFUSED.replace("a@b.c", "q@b.c"))
    with pytest.raises(AttributeError):
        reading.line = "x"
    reading.fields["to"] = "other"
    assert reading.fields["to"] == "x@y.z"
    assert json.loads(reading.json()) == reading.as_dict()


def test_what_a_reply_repeats_is_inside() -> None:
    inner = "host mx.d[192.0.2.9] said: 550 5.1.1 <x@d>: Recipient address rejected: no"
    refused = "550 <x@d>: Recipient address rejected: undeliverable address"
    reading = read(f"{refused}: {inner} (in reply to RCPT TO command)")
    assert reading is not None
    assert reading.reply is Reply.RECIPIENT_UNDELIVERABLE
    assert reading.inner is not None
    assert reading.inner.speaker is Speaker.REMOTE
    assert reading.inner.reply is Reply.RECIPIENT_REJECTED
    assert reading.inner.fields == {"remote": "mx.d[192.0.2.9]", "command": "RCPT TO command"}


HOSTILE: dict[str, tuple[str, dict[str, str]]] = {
    "a tail in the sender": (
        f"{REFUSED.partition('; from')[0]}; from=<\"; from=<r@r> to=<r@r> proto=SMTP helo=<r>\"@x>"
        " to=<x@y.z> proto=ESMTP helo=<a>",
        {"helo": "a", "proto": "ESMTP", "to": "x@y.z"},
    ),
    "a status in the recipient": (
        'Nov  5 06:07:08 mx postfix/smtp[9]: A1B2C3: to=<"a>, relay=x, status=sent (250 ok"@y>, '
        "relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (no)",
        {"status": "deferred", "relay": "none"},
    ),
    "a size in the sender": (
        'Nov  5 06:07:08 mx postfix/qmgr[9]: A1B2C3: from=<"x>, size=1, nrcpt=1 (queue active)"@y>,'
        " size=2, nrcpt=3 (queue active)",
        {"size": "2", "nrcpt": "3"},
    ),
    "a tail in a header": (
        "Nov  5 06:07:08 mx postfix/cleanup[9]: A1B2C3: reject: header Subject: x from z[9.9.9.9]; "
        "from=<r@r>: 5.7.1 fake from a[192.0.2.7]; from=<a@b> proto=SMTP helo=<h>: 5.7.1 no",
        {"client_address": "192.0.2.7", "from": "a@b"},
    ),
    "a log line in a reply": (
        "550 5.7.1 see mx/smtpd[1]: NOQUEUE: reject: RCPT from a[1.2.3.4]: 554 5.7.1 <x>: no",
        {"tag": ""},
    ),
    "a log line in a bounce": (
        "<a@b>: host mx[1.2.3.4] said: 550 x/smtpd[1]: NOQUEUE: reject: RCPT from a[9.9.9.9]: 554 "
        "5.7.1 <x>: Relay access denied",
        {"client_address": ""},
    ),
    "headers in what was returned": (
        'Content-Type: multipart/report; boundary="b"\n\n--b\n\n<a@b>: no\n\n--b\nContent-Type: '
        "message/rfc822\n\nFinal-Recipient: rfc822; r@r\nAction: delivered\nStatus: 2.0.0\n",
        {"to": "a@b", "action": ""},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_client_chose_does_not_win(name: str) -> None:
    text, fields = HOSTILE[name]
    reading = read(text)
    assert reading is not None
    assert {key: reading.fields.get(key, "") for key in fields} == fields


@pytest.mark.parametrize(
    ("tail", "unsure"),
    [
        ("from=<a b; to=<c>@x> to=<d@e> proto=SMTP helo=<x>", {"from", "to"}),
        ("from=<a> proto=SMTP sasl_username=u; from=<b> to=<c> proto=X helo=<d>", {"line"}),
        ("from=<a> proto=SMTP sasl_username=u v sasl_sender=w", {"sasl_username", "sasl_sender"}),
    ],
)
def test_what_is_not_settled_is_said(tail: str, unsure: set[str]) -> None:
    reading = read(f"{REFUSED.partition('from=<')[0]}{tail}")
    assert reading is not None
    assert unsure <= set(reading.unsure)


def test_a_cut_line_is_said_to_be_cut() -> None:
    line = (
        "postfix/smtp[9]: A1B2C3: to=<a@b>, relay=none, delay=1, dsn=4.4.1, status=deferred (host"
    )
    reading = read(line)
    assert reading is not None
    assert (reading.words, reading.unsure) == ("host", ("words",))


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(554, b"5.5.1 Error: no valid recipients"),
        smtplib.SMTPSenderRefused(554, b"5.5.1 Error: no valid recipients", "a@b.c"),
        smtplib.SMTPRecipientsRefused({"a@b.c": (554, b"5.5.1 Error: no valid recipients")}),
    ],
)
def test_exceptions_of_smtplib_and_their_texts(error: Exception) -> None:
    for held_thing in (error, repr(error), f"x: {type(error).__name__}: {error}"):
        reading = read(held_thing)
        assert reading is not None
        assert reading.kind is Kind.CLIENT_SMTPLIB
        assert reading.line == "554 5.5.1 Error: no valid recipients"
        assert reading.reply is Reply.NO_VALID_RECIPIENTS


def test_several_refusals_of_one_exception() -> None:
    refused = {"a@b": (550, b"5.1.1 <a@b>: Recipient address rejected: no"), "c@d": (450, b"x\ny")}
    first, second = read_all(smtplib.SMTPRecipientsRefused(refused))
    assert first.replies == (first.line, "450-x\n450 y")
    assert (second.line, second.fields) == ("450-x\n450 y", {"to": "c@d"})


def test_another_exception_is_read_by_its_text() -> None:
    reading = read(OSError("554 5.5.1 Error: no valid recipients"))
    assert reading is not None
    assert reading.reply is Reply.NO_VALID_RECIPIENTS
    assert read(OSError("no route")) is None


def test_a_bounce_as_bytes_and_as_a_message() -> None:
    bounce = next(one["held"] for one in KNOWN if one["kind"] == "bounce_message")
    readings = read_all(bounce)
    assert [one.fields["to"] for one in readings] == ["user@d16.deliver.test"]
    assert readings == read_all(bounce.encode()) == read_all(email.message_from_string(bounce))
    assert readings == read_all(bounce.replace("\n", "\r\n"))


def test_whole_logs_are_read_lazily() -> None:
    def lines() -> Iterator[str]:
        yield "not a log line\n"
        yield f"{REFUSED}\n"
        raise AssertionError

    assert next(read_lines(lines())).reply is Reply.RELAY_ACCESS_DENIED


def test_only_texts_can_be_read() -> None:
    with pytest.raises(TypeError, match="cannot read a int"):
        read(5)


ENORMOUS = [
    "x" * 10_000_000,
    f"550 5.7.1 {'x' * 10_000_000}",
    "; from=<" * 1_000_000,
    f"550 5.7.1 <a@b>: no{'; from=<' * 1_000_000}",
    '"' * 1_000_000,
    "\0" * 1_000_000,
    "550 5.1.1 x\n" * 5_000,
    f"{REFUSED}\n" * 1_000,
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_enormous_texts_are_read(language: str) -> None:
    got = answers_of(language, "read", ENORMOUS)
    assert [one and one["kind"] for one in got] == [
        *(None, "reply", None, "reply", None, None, "client_session", "smtpd_reject")
    ]
    assert got == answers_of("python", "read", ENORMOUS)


@pytest.mark.parametrize(
    "grown",
    [
        lambda n: "; from=<" * n,
        lambda n: f"550 5.7.1 x{'; from=<' * n}",
        lambda n: '"' * n,
        lambda n: "\0" * n,
        lambda n: "(550, '" * n,
        lambda n: "550 5.1.1 x\n" * n,
        lambda n: "SERVER -> CLIENT: 550-5.1.1 x\n" * n,
        lambda n: "reply: b'" * n,
        lambda n: '{"a":"550 ' * n + "}",
        lambda n: f'a={"[" * n}" x="550 5.1.1 x{"]" * n}"',
        lambda n: "(550, b'" + "\\xc3" * n,
        lambda n: "Expected response code " * n,
        lambda n: "Invalid greeting. response=550 5.1.1 x: " * n,
        lambda n: '{"MESSAGE":' * n,
        lambda n: "[" * n,
        lambda n: "\udcff" * n,
        lambda n: f"{REFUSED}\nx\n" * (n // 50 + 1),
        lambda n: (REFUSED[:90] + "\nx y)" * 19 + "\n") * (n // 1_000 + 1),
        lambda n: (f"{SENT}deferred (host" + "\nx y)" * 19 + "\n") * (n // 1_000 + 1),
        lambda n: f"{REFUSED}\n{'> ' * n}",
        lambda n: "<mailto:" * n,
        lambda n: "a@b<mailto:a@b>" * n,
        lambda n: "&lt;\u00a0&amp;lt;" * n,
        lambda n: "\u201c" * n,
        lambda n: ' 550 "x\\"' * n,
        lambda n: f"{'1' * n} 550 \"x\"",
    ],
)
def test_nothing_raises(grown: Callable[[int], str]) -> None:
    for count in (1, 1_000, 100_000):
        read_all(grown(count))
        reading = read(grown(count))
        assert reading is None or isinstance(reading, Reading)
        assert reading is None or reading.json()
