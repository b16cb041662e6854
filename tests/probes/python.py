"""Answers for the generated Python package: python.py PACKAGE_FOLDER WHAT; see run.py."""

import json
import sys

sys.path.insert(0, sys.argv[1])

import postfix_replies
from postfix_replies import (
    Reason,
    Reply,
    by_code,
    by_dsn,
    by_enhanced,
    identify,
    identify_reason,
    read,
    read_all,
)
from postfix_replies.codes import EnhancedCode, ReplyCode, enhanced_code, reply_code


def plain(value):
    """A value of the package as JSON has it."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if hasattr(value, "__slots__") and not isinstance(value, str):
        return {name: plain(getattr(value, name)) for name in value.__slots__}
    return value


def told(of, names):
    return {name: plain(getattr(of, name)) for name in names}


def facts(nouns):
    for reply in Reply:
        yield {"id": reply, **told(reply, nouns["Reply"])}
    kinds = [getattr(postfix_replies, name) for name in nouns["vocabularies"]]
    yield {
        kind.__name__: {member.value: told(member, nouns[kind.__name__]) for member in kind}
        for kind in (*kinds, ReplyCode, EnhancedCode)
    }
    yield lookups()


def lookups():
    codes = sorted({variant.code for reply in Reply for variant in reply.variants})
    pairs = {variant.enhanced for reply in Reply for variant in reply.variants}
    unregistered = ("", "3.1.10", "4.99.1", "4.1.10 ", "X.1.10")
    texts = (reply.text for reply in Reply if reply.words != "unknown")
    text = next(text for text in texts if "{" not in text)
    return {
        "by_code": {code: list(by_code(code)) for code in codes},
        "by_enhanced": {pair: list(by_enhanced(pair)) for pair in sorted(pairs - {None})},
        "unknown": [len(by_code(299)), len(by_enhanced("5.9.9"))],
        "registered": [enhanced_code(each) is not None for each in unregistered],
        "codes": [code for code in range(200, 600) if reply_code(code) is not None],
        "pages": [reply.page for reply in Reply],
        "retryable": [identify(f"{code} {text}").retryable for code in (250, 354, 450, 550)],
    }


def reason_facts(nouns):
    for reason in Reason:
        yield {"id": reason, **told(reason, nouns["Reason"])}
    codes = {dsn for reason in Reason for dsn in reason.dsn}
    yield {
        "by_dsn": {dsn: list(by_dsn(dsn)) for dsn in sorted(codes)},
        "unknown": len(by_dsn("")),
        "pages": [reason.page for reason in Reason],
    }


def identified(asked):
    if isinstance(asked, list):
        code, text = asked
        match = identify(code, text)
        if match != identify(code, text.encode()):
            raise ValueError(asked)
    else:
        match = identify(asked)
    return match and {
        "id": match.reply,
        "code": match.code,
        "enhanced": match.enhanced,
        "params": match.params,
        "expected": match.expected,
        "form": match.form,
        "closes": match.closes,
        "tail": match.tail,
        "repairs": list(match.repairs),
        "verdict": match.verdict,
        "must_act": match.must_act,
        "retry": match.retry,
    }


def acts(reading):
    if reading is None:
        return None
    alone = reading.reason_match
    return {
        "must_act": reading.must_act,
        "retry": reading.retry,
        "reason": reading.reason,
        "alone": alone and [alone.verdict, alone.must_act, alone.retry],
        "inner": acts(reading.inner),
    }


def as_json(line):
    match = identify(line)
    return match and match.json()


def formatted(asked):
    return written(Reply, asked)


def reason_formatted(asked):
    return written(Reason, asked)


def written(of, asked):
    try:
        return of(asked.pop("id")).format(**asked.pop("params"), **asked)
    except ValueError:
        return None


def as_read(held):
    reading = read(held)
    return "null" if reading is None else reading.json()


def as_reason(words):
    match = identify_reason(words)
    return "null" if match is None else match.json()


def as_all(held):
    return f"[{','.join(reading.json() for reading in read_all(held))}]"


sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")
written_as_json = {"read": as_read, "read_all": as_all, "reason": as_reason}
if answer := written_as_json.get(sys.argv[2]):
    for line in sys.stdin:
        print(answer(json.loads(line)))
    sys.exit()
if sys.argv[2] in ("facts", "reason_facts"):
    answers = (facts if sys.argv[2] == "facts" else reason_facts)(json.load(sys.stdin))
else:
    answer = {
        "identify": identified,
        "json": as_json,
        "format": formatted,
        "acts": lambda held: acts(read(held)),
        "reason_format": reason_formatted,
    }[sys.argv[2]]
    answers = (answer(json.loads(line)) for line in sys.stdin)
for each in answers:
    print(json.dumps(each))
