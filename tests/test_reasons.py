"""What the delivery side says is known by its words, wherever they stand."""

import copy
import json
import pickle

import pytest
from postfix_replies import (
    Party,
    Reading,
    Reason,
    ReasonMatch,
    Reply,
    Retry,
    Speaker,
    by_dsn,
    identify_reason,
    read,
)

from codegen.catalog import Reason as Known
from codegen.texts import PLACEHOLDER
from codegen.wrappers import reworded
from tests.held import held
from tests.tools import LANGUAGES, ROOT, answers_of, catalog_of

CATALOG = catalog_of()
LINE = (
    "Nov  5 06:07:08 mx postfix/{}[9]: 3CF7C1A0B2: to=<a@b.c>, relay=none, dsn={}, status={} ({})"
)
FOREIGN = {wording.reason.id for wording in reworded(CATALOG) if wording.is_foreign}
SAID = [reason for reason in CATALOG.reasons.values() if reason.id not in FOREIGN]


KNOWN = [json.loads(line) for line in (ROOT / "tests/known_reasons.jsonl").read_text().splitlines()]


def logged(words: str, daemon: str = "smtp", status: str = "deferred", dsn: str = "4.0.0") -> str:
    return LINE.format(daemon, dsn, status, words)


def reading_of(text: str) -> Reading:
    reading = read(text)
    assert reading is not None
    return reading


def matched(words: str) -> ReasonMatch:
    match = identify_reason(words)
    assert match is not None
    return match


def filled(text: str) -> str:
    """A text with the example of each placeholder."""
    return PLACEHOLDER.sub(lambda hole: CATALOG.placeholders[hole[1]].example, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_known_wherever_it_stands(language: str) -> None:
    wordings = [wording for wording in reworded(CATALOG) if not wording.is_foreign]
    texts = [filled(dict(of(wording.reason))[wording.form]) for wording in wordings]
    asked = [logged(words) for words in texts]
    asked += [f"A1B2C3D4E5 205 Mon Nov  5 06:07:08 a@b.c\n({words})\n  d@e.f" for words in texts]
    asked += [
        f"Final-Recipient: rfc822; a@b\nDiagnostic-Code: X-Postfix; {words}" for words in texts
    ]
    asked += [f"<a@b.c>: {words}" for words in texts]
    for nth, answer in enumerate(answers_of(language, "read", asked)):
        wording = wordings[nth % len(wordings)]
        assert answer is not None
        assert answer["reason"] == wording.reason.id, asked[nth]


@pytest.mark.parametrize("language", LANGUAGES)
def test_known_words_are_the_reason_that_people_say(language: str) -> None:
    """Each was looked up in the source, by others than those who wrote the catalog."""
    asked = [
        (
            logged(known["words"], known["daemon"], known["status"])
            if known["status"]
            else f"<a@b.c>: {known['words']}"
        )
        for known in KNOWN
    ]
    answers = answers_of(language, "read", asked)
    assert [answer["reason"] for answer in answers] == [known["reason"] for known in KNOWN]


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "python"])
def test_languages_say_alike_who_acts(language: str) -> None:
    texts = list(dict.fromkeys(held(CATALOG)))[::4]
    ours, theirs = (answers_of(name, "acts", texts) for name in ("python", language))
    for text, our, their in zip(texts, ours, theirs, strict=True):
        assert their == our, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_known_and_written_alike(language: str) -> None:
    texts = [words for reason in SAID for words in reason.examples]
    matches = answers_of(language, "reason", texts)
    assert [json.dumps(match) for match in matches] == [
        json.dumps(matched(words).as_dict()) for words in texts
    ]
    assert answers_of(language, "reason_format", matches) == texts
    wrong = [match | {"params": {**match["params"], "x": "y"}} for match in matches]
    assert answers_of(language, "reason_format", wrong) == [None] * len(wrong)


def of(reason: Known) -> list[tuple[str, str]]:
    return [("standard", reason.text), *((form.form, form.text) for form in reason.forms)]


@pytest.mark.parametrize("reason", SAID, ids=lambda reason: reason.id)
def test_its_examples_are_it(reason: Known) -> None:
    for words in reason.examples:
        match = matched(words)
        assert match.reason is Reason(reason.id)
        assert match.reason.format(form=match.form, **match.params) == words


@pytest.mark.parametrize("reason", SAID, ids=lambda reason: reason.id)
def test_alone_it_is_claimed_only_where_the_words_are_postfix_s(reason: Known) -> None:
    for words in reason.examples:
        reading = read(words)
        if reason.words == "own":
            assert reading is not None
            assert reading.reason is Reason(reason.id)
        elif reading is not None:
            assert reading.reason is None, words


@pytest.mark.parametrize("reason", CATALOG.reasons.values(), ids=lambda reason: reason.id)
def test_who_acts_and_whether_to_wait_agree_with_the_status(reason: Known) -> None:
    for status in reason.statuses:
        for words in reason.examples:
            reading = reading_of(logged(words, reason.daemons[0], status))
            done = CATALOG.statuses[status].digit == 2
            if reason.retry != "by_code":
                assert (reading.retry == "no_need") == done, words


def test_a_reason_carries_its_values() -> None:
    match = matched("connect to mx.b.c[2001:db8::1]:25: Connection refused")
    assert match.reason is Reason.CONNECT_FAILED
    assert match.params == {
        "server_name": "mx.b.c",
        "server_address": "2001:db8::1",
        "port": "25",
        "error": "Connection refused",
    }
    assert match.form == "standard"
    assert match.verdict == "connection_refused"
    assert match.must_act == match.verdict.must_act
    assert json.loads(match.json()) == match.as_dict()
    assert identify_reason(b"unknown mail transport error") == matched(
        "unknown mail transport error"
    )


def test_a_match_is_a_value() -> None:
    match = matched('unknown user: "anna"')
    assert {match, matched('unknown user: "anna"')} == {match}
    assert match != matched('unknown user: "ben"')
    assert pickle.loads(pickle.dumps(match)) == copy.deepcopy(match) == match
    with pytest.raises(AttributeError):
        match.form = "x"
    match.params["user"] = "other"
    assert match.params == {"user": "anna"}


def test_a_reason_repeats_another() -> None:
    inner = "connect to mx.b.c[192.0.2.9]:25: Connection timed out"
    reading = reading_of(logged(f"delivery temporarily suspended: {inner}", "error"))
    assert reading.reason is Reason.DELIVERY_SUSPENDED
    assert reading.speaker is Speaker.DELIVERY
    assert reading.inner is not None
    assert reading.inner.reason is Reason.CONNECT_FAILED
    assert (reading.must_act, reading.retry) == (reading.inner.must_act, reading.inner.retry)


def test_a_reason_repeats_a_server() -> None:
    said = "host mx.b.c[192.0.2.9] said: 550 5.1.1 <a@b.c>: Recipient address rejected: Go away"
    words = f"delivery temporarily suspended: {said} (in reply to RCPT TO command)"
    reading = reading_of(logged(words, "error"))
    assert (reading.speaker, reading.reply) == (Speaker.REMOTE, Reply.RECIPIENT_REJECTED)
    assert reading.reason is Reason.DELIVERY_SUSPENDED
    assert reading.inner is not None
    assert (reading.inner.reason, reading.inner.reply) == (Reason.HOST_SAID, reading.reply)
    assert reading.fields["remote"] == "mx.b.c[192.0.2.9]"
    assert reading.as_dict()["of"] == "reply"


def test_a_server_whose_words_are_not_known_is_repeated_by_a_known_reason() -> None:
    words = "host mx[192.0.2.9] said: 550 5.7.26 Go to our site (in reply to end of DATA command)"
    reading = reading_of(logged(words, "smtp", "bounced", "5.7.26"))
    assert reading.reply is None
    assert reading.reason is Reason.HOST_SAID
    assert (reading.must_act, reading.retry) == (None, Retry.BY_CODE)
    told = reading.as_dict()
    assert (told["of"], told["id"], told["reason"]) == ("reason", "host_said", "host_said")


def test_who_must_act_is_seen_from_the_postfix_that_repeats() -> None:
    """What the client of a server must do, its operator must: that of this Postfix."""
    refused = "host mx[192.0.2.9] said: 554 5.7.1 <a@b.c>: Relay access denied"
    reading = reading_of(logged(f"{refused} (in reply to RCPT TO command)"))
    assert reading.match is not None
    assert (reading.match.must_act, reading.must_act) == (Party.CLIENT, Party.OPERATOR)
    full = "host mx[192.0.2.9] said: 452 4.3.1 Insufficient system storage"
    reading = reading_of(logged(f"{full} (in reply to MAIL FROM command)"))
    assert reading.must_act is Party.REMOTE


@pytest.mark.parametrize(
    ("daemon", "status", "reason"),
    [
        ("discard", "sent", Reason.ROUTING_DISCARDS),
        ("error", "bounced", Reason.ROUTING_REFUSES),
        ("cleanup", "bounced", Reason.CONTENT_RULE_REFUSES),
        ("pipe", "deferred", Reason.COMMAND_OUTPUT_REASON),
        ("smtp", "deferred", None),
        ("virtual", "bounced", None),
        ("discard", "deferred", None),
    ],
)
def test_words_of_others_are_told_by_who_logs_them(
    daemon: str, status: str, reason: Reason | None
) -> None:
    reading = reading_of(logged("as we like it", daemon, status))
    assert reading.reason is reason
    assert reading.unsure == (() if reason is None else ("reason",))
    assert identify_reason("as we like it") is None
    assert reading == pickle.loads(pickle.dumps(reading))


@pytest.mark.parametrize(
    "words",
    [
        "connect to mx.b.c[192.0.2.9]:25: Connection refused",
        "mail for b.c loops back to myself",
        "TLS is required, but was not offered by host 127.0.0.1[127.0.0.1]",
    ],
)
@pytest.mark.parametrize("held", ["{}", "({})", "{})", "{}.", "dsn=4.0.0, status=deferred ({})"])
def test_what_was_cut_out_is_known(held: str, words: str) -> None:
    assert reading_of(held.format(words)).reason_match == matched(words)


def test_a_folded_reason_is_known() -> None:
    folded = "delivery temporarily suspended: connect to\n    mx[192.0.2.9]:25: Connection refused"
    assert reading_of(folded).reason is Reason.DELIVERY_SUSPENDED


@pytest.mark.parametrize(
    "text",
    [
        "permission denied",
        "user unknown",
        "Temporary lookup error",
        "discarded",
        "curl: (6) Could not resolve host: mx.b.c",
        "ping: mx.b.c: Name or service not known",
        "connect to mx.b.c port 25: Connection refused",
        "550 5.1.1 unknown user",
        'NOQUEUE: reject: RCPT from a[1.2.3.4]: 550 5.1.1 <a@b>: unknown user: "x"; from=<> '
        "to=<a@b> proto=SMTP helo=<x>",
        "Nov  5 06:07:08 mx postfix/smtpd[9]: warning: unknown mail transport error",
        "Diagnostic-Code: x-unix; permission denied",
    ],
)
def test_no_reason_is_claimed_where_none_is(text: str) -> None:
    reading = read(text)
    assert reading is None or reading.reason is None


def test_what_others_wrote_settles_nothing() -> None:
    """A command's output and a server's reply stay what they are, whatever they say."""
    output = 'permission denied. Command output: unknown user: "anna"'
    assert reading_of(logged(output, "pipe", "bounced")).reason is Reason.COMMAND_PERMISSION_DENIED
    fake = "550 no) , dsn=2.0.0, status=sent (delivered to mailbox"
    words = f"host mx[192.0.2.9] said: {fake} (in reply to RCPT TO command)"
    reading = reading_of(logged(words, "smtp", "bounced"))
    assert (reading.reason, reading.line) == (Reason.HOST_SAID, fake)
    assert reading.fields["status"] == "bounced"


def test_look_ups() -> None:
    assert Reason.CONNECT_FAILED in by_dsn("4.4.1")
    assert by_dsn("9.9.9") == ()
    for dsn, reasons in CATALOG.by_dsn().items():
        assert [reason.value for reason in by_dsn(dsn)] == [reason.id for reason in reasons]


def test_words_are_written_again() -> None:
    assert Reason.MAILBOX_UNKNOWN_USER.format(user="anna") == 'unknown user: "anna"'
    with pytest.raises(ValueError, match="needs user"):
        Reason.MAILBOX_UNKNOWN_USER.format()
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        Reason.MAILBOX_UNKNOWN_USER.format(user="a\nb")
    with pytest.raises(ValueError, match="has no form 'x'"):
        Reason.MAILBOX_UNKNOWN_USER.format(form="x", user="anna")
