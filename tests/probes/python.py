"""Answers for the generated Python package: python.py PACKAGE_FOLDER identify|json|format|facts."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from postfix_replies import Reply, by_code, by_enhanced, identify
from postfix_replies.codes import enhanced_code, reply_code


def facts():
    for reply in Reply:
        yield {
            "id": reply.value,
            "code": reply.code,
            "enhanced": reply.enhanced,
            "text": reply.text,
            "summary": reply.summary,
            "category": reply.category.value,
            "severity": reply.severity.value,
            "must_act": reply.must_act.value,
            "retry": reply.retry.value,
            "retry_note": reply.retry_note,
            "closes": reply.closes,
            "multiline": reply.multiline,
            "daemons": reply.daemons,
            "stages": [stage.value for stage in reply.stages],
            "cause": reply.cause,
            "sender_action": reply.sender_action,
            "client_action": reply.client_action,
            "operator_action": reply.operator_action,
            "settings": [[each.name, each.moves, each.default] for each in reply.settings],
            "twins": [[each.reply.value, each.difference] for each in reply.twins],
            "since": reply.since,
            "until": reply.until,
            "note": reply.note,
            "variants": [[each.code, each.enhanced, each.when] for each in reply.variants],
            "forms": [[each.form, each.text, each.note] for each in reply.forms],
        }
    codes = sorted({each.code for reply in Reply for each in reply.variants})
    enhanced = sorted(
        {each.enhanced for reply in Reply for each in reply.variants if each.enhanced}
    )
    plain = next(reply.text for reply in Reply if "{" not in reply.text)
    categories = {reply.category for reply in Reply}
    numbers = filter(None, map(reply_code, range(200, 600)))
    keys = [f"4.{subject}.{detail}" for subject in range(10) for detail in range(60)]
    yield {
        "categories": {
            each.value: [
                each.meaning,
                each.sisimai,
                each.kumomta,
                each.sparkpost,
                each.ses,
                each.enhanced,
            ]
            for each in categories
        },
        "reply_codes": {each.value: [each.meaning, each.reference] for each in numbers},
        "enhanced_codes": {
            each.value: [each.title, each.meaning, each.reply_codes, each.reference]
            for each in filter(None, map(enhanced_code, keys))
        },
        "unregistered": [
            enhanced_code(each) is None for each in ("", "3.1.10", "4.99.1", "4.1.10 ", "X.1.10")
        ],
        "by_code": {code: [reply.value for reply in by_code(code)] for code in codes},
        "by_enhanced": {each: [reply.value for reply in by_enhanced(each)] for each in enhanced},
        "unknown": [len(by_code(299)), len(by_enhanced("5.9.9"))],
        "retryable": [identify(f"{code} {plain}").retryable for code in (250, 354, 450, 550)],
    }


def identified(line):
    match = identify(line)
    return match and {
        "id": match.reply.value,
        "code": match.code,
        "enhanced": match.enhanced,
        "params": match.params,
        "expected": match.expected,
        "form": match.form,
        "closes": match.closes,
    }


def as_json(line):
    match = identify(line)
    return match and match.json()


def formatted(asked):
    try:
        return Reply(asked.pop("id")).format(**asked.pop("params"), **asked)
    except ValueError:
        return None


sys.stdin.reconfigure(encoding="utf-8")
if sys.argv[2] == "facts":
    answers = facts()
else:
    answer = {"identify": identified, "json": as_json, "format": formatted}[sys.argv[2]]
    answers = (answer(json.loads(line)) for line in sys.stdin)
for each in answers:
    print(json.dumps(each))
