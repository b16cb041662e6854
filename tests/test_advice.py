"""Advice that can lose mail or open a relay also says where it is safe, and what it risks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from codegen.catalog import Said, Verdict
from tests.tools import catalog_of

FIELDS = ("sender_action", "client_action", "recipient_action", "operator_action")
QUOTED = re.compile(r'"(?!postsuper)[^"]*"')  # the log and the tools keep their own words
LOOKING = re.compile(r"(?:Look|Find|Search|Repair)\b")  # such a sentence opens nothing
SENTENCE = re.compile(r"(?<=[.!?]) ")


class Rule(NamedTuple):
    """What makes an advice risky, and what its field must then say."""

    name: str
    trigger: re.Pattern[str]
    must: tuple[re.Pattern[str], ...]


PLACE = re.compile(
    r"\b(?:smtpd_(?:client|helo|sender|relay|recipient|data|etrn)_restrictions"
    r"|postscreen_access_list|reject_unauth_destination)\b"
)
RULES = (
    Rule(
        "permit",
        re.compile(
            r"\b(?:OK|PERMIT|permit|permit_mynetworks|permit_sasl_authenticated|check_\w+_access)\b"
            r"|\badd an exception\b"
        ),
        (PLACE, re.compile(r"\brelay\b|\bskips only the tests of postscreen\b")),
    ),
    Rule(
        "mynetworks",
        re.compile(r"\b(?:[Aa]dd|[Pp]ut|[Ll]ist)\b[^.]*\bin mynetworks\b"),
        (re.compile(r"\bmay (?:then )?relay\b"),),
    ),
    Rule(
        "relay_domains",
        re.compile(r"\b(?:[Aa]dd|[Pp]ut|[Ll]ist|[Uu]se)\b[^.]*\brelay_domains\b"),
        (re.compile(r"\bfrom anybody\b"),),
    ),
    Rule(
        "delete",
        re.compile(
            r"\b[Dd]elet\w+\b[^.]*\b(?:queue|mail|messages?)\b|\bpostsuper\b(?! -[efhHrsp]\b)"
        ),
        (re.compile(r"\bwould be lost\b"),),
    ),
    Rule(
        "transcript",
        re.compile(r"\b(?:notify_classes|debug_peer_list)\b"),
        (re.compile(r"\bpasswords?\b"),),
    ),
    Rule(
        "unchecked",
        re.compile(
            r"\bmilter_default_action to accept\b|\bsmtpd_policy_service_default_action to DUNNO\b"
            r"|\bno_header_body_checks\b"
        ),
        (re.compile(r"\bnot filtered\b|\bnothing then checks\b|\bturns off all\b"),),
    ),
    Rule(
        "option",
        re.compile(r"\ballow_min_user\b"),
        (re.compile(r"\bfor an option\b"),),
    ),
)


def unsafe(advice: str) -> Iterator[str]:
    """The rules that an advice breaks."""
    said = QUOTED.sub('""', advice)
    acting = [sentence for sentence in SENTENCE.split(said) if not LOOKING.match(sentence)]
    for rule in RULES:
        risky = any(rule.trigger.search(sentence) for sentence in acting)
        if risky and not all(must.search(said) for must in rule.must):
            yield rule.name


@pytest.mark.parametrize("said", list(catalog_of().said()), ids=lambda said: said.id)
def test_advice_loses_no_mail_and_opens_no_relay(said: Said) -> None:
    for field in FIELDS:
        broken = set(unsafe(getattr(said, field, "")))
        # In their own mailbox, people may delete what they like.
        assert not broken - ({"delete"} if field == "recipient_action" else set()), field


@pytest.mark.parametrize("verdict", catalog_of().verdicts.values(), ids=lambda of: of.meaning[:40])
def test_the_advice_of_a_verdict_is_as_safe(verdict: Verdict) -> None:
    assert not list(unsafe(verdict.advice))


# What the catalog once said.
WRONG = {
    "Make room in the file system, often by deleting old logs or a full deferred queue.": "delete",
    "Add protocol to notify_classes, which mails session transcripts.": "transcript",
    "If it must get through, permit it before the restriction.": "permit",
    "Put its address in mynetworks.": "mynetworks",
    "Add the domain to fast_flush_domains or to relay_domains.": "relay_domains",
    "Set milter_default_action to accept.": "unchecked",
    "Set allow_min_user to yes.": "option",
}


@pytest.mark.parametrize(("advice", "rule"), WRONG.items())
def test_advice_that_is_not_safe_is_found(advice: str, rule: str) -> None:
    assert rule in list(unsafe(advice))
