"""Catalogs at the edge of what the rules allow, by what is odd about each."""

from random import Random
from typing import Any

from tests.hostile.catalogs import BASE, Raw, catalog

PROSE = "It says so."
KNOWN = {"meaning": PROSE, "reference": "RFC 5321"}


def edges() -> dict[str, Raw]:
    """Each catalog. The rules refuse it, or it compiles and reads back."""
    names = ("code", "enhanced", "form", "self", "params", "constructor", "class", "reply", "line")
    texts = ("5.7.1", "5.7.1 foo", "2.0.{text}", "2.{text} x", "5.7.1.2 foo", "2.0.0x", "4.x")
    return {
        "no reply": catalog(Random(0), 1)
        | {"replies": {}, "placeholders": {}, "categories": {}, "settings": {}, "reasons": {}},
        "no reply code": _categorised("plain") | {"reply_codes": {}},
        "nothing but replies": _text("Foo") | {"reply_codes": {}, "enhanced_codes": {}},
        "a verdict on what is not there": _weighed("constructor"),
        "no enhanced code": _categorised("plain") | {"enhanced_codes": {}},
        **{f"placeholder {name}": _placeholder(name) for name in names},
        **{f"text {text}": _text(text) for text in texts},
        **{f"category {name}": _categorised(name) for name in ("facts", "nul", "constructor")},
        **{f"reply {' '.join(ids)}": _ids(*ids) for ids in IDS},
        "categories a1_2 a_12": _categorised("a1_2", "a_12"),
        "reply codes a1_2 a_12": _codes("reply_codes", "450", "451"),
        "enhanced codes a1_2 a_12": _codes("enhanced_codes", "X.1.1", "X.1.2"),
        "old name a1_2 a_12": _changed(_ids("a1_2"), formerly=["a_12"]),
        **{f"reply codes {codes}": _registered(codes) for codes in CODES},
        **{f"text <{{text}}>: {rest}{{x}}": _angle(rest) for rest in ("", "x", "xy", "xyz")},
        "placeholders 21": _many(21),
        "placeholders 20": _many(20),
        "text of 1001": _text("x" * 1001),
        "text of 1000": _text("x" * 1000),
        "id of 300": _ids("a_" + "b" * 298),
        "category of 300": _categorised("b" * 300),
        "version 01.2.3": _text("Foo") | {"version": "01.2.3"},
        "version of 5000": _text("Foo") | {"version": f"1.2.{'9' * 5000}"},
        "since of 5000": _changed(_text("Foo"), since=f"2.{'9' * 5000}"),
        **{f"postfix {version}": _text("Foo") | {"postfix": version} for version in VERSIONS},
        **{
            f"module {path}": _text("Foo") | {"project": PROJECT | {"go": path}} for path in MODULES
        },
        **{f"npm {name}": _text("Foo") | {"project": PROJECT | {"npm": name}} for name in NPM},
        "a reply with its id": _changed(_text("Foo"), id="some_reply"),
        "backports twice": _changed(_text("Foo"), backports=["3.7.9", "3.7.9"]),
        "a code that is 450.0": _changed(_text("Foo"), variants=[VARIANT | {"code": 450.0}]),
        "half a character": _text("Foo") | {"$schema": "\ud800"},
        "prose of 100000": _changed(_text("Foo"), note=f"A {'b ' * 50_000}c."),
    }


# Each is the ids of replies of one catalog.
IDS = (
    ("a1_2", "a_12"),
    *((f"{one}_{other}",) for one, other in (
        ("category", "facts"), ("reply", "code"), ("enhanced", "code"), ("by", "code"),
        ("with", "code"), ("lookup", "enhanced"), ("by", "id"), ("reply", "id"), ("all", "replies"),
        ("code", "reply"), ("category", "plain"), ("stage", "rcpt"), ("type", "checking"),
    )),
)  # fmt: skip
VERSIONS = (
    "3.12",
    "3.12.1",
    "3.12-20260821",
    "2.11-RC1",
    "3",
    "",
    "3.x",
    f"3.{'9' * 5000}",
    "3.12 ",
)
PROJECT = BASE["project"]
NPM = ("@a/b", "@a", "a/b", "A", ".a", "-", "a.b_c")
MODULES = ("example.com/.x", "example.com/x.", "example.com/..", "-a.b/x", "a..b/x", "a.b/x/v2/_-x")
CODES = ((10**30,), (2**53 + 1,), (-1,), (0,), (199,), (600,), (550, 250), (250, 250))


def _one(text: str = "Foo bar", category: str = "plain", nth: int = 0) -> Raw:
    prose = ("cause", "sender_action", "client_action", "operator_action")
    return {
        "text": text,
        "variants": [VARIANT | {"code": 450 + nth}],
        "category": category,
        "must_act": "client",
        "retry": "later",
        "words": "own",
        "closes": False,
        "daemons": ["smtpd"],
        "stages": ["rcpt"],
        "since": "2.3",
        "summary": f"Reply number {nth}.",
        **dict.fromkeys(prose, PROSE),
        "settings": {"code": [], "text": [], "sent": []},
        "sources": ["smtpd/smtpd.c:main"],
        "examples": [],
        "forms": [],
    }


def _whole(replies: Raw, placeholders: tuple[str, ...] = ()) -> Raw:
    """A catalog of some replies, behind one that has no placeholder, which the probes want."""
    replies = {"first_one": _one("First of all", "first", 50) | {"variants": FIRST}, **replies}
    systems = dict.fromkeys(("sisimai", "kumomta", "sparkpost", "ses", "enhanced"))
    hole = {"type": "text", "meaning": PROSE, "example": "x"}
    return BASE | {
        "version": "1.2.3",
        "placeholders": dict.fromkeys(sorted(placeholders), hole),
        "categories": {
            name: {"meaning": PROSE} | systems
            for name in sorted({reply["category"] for reply in replies.values()})
        },
        "settings": {},
        "reply_codes": {"450": {"id": "mailbox_busy"} | KNOWN},
        "enhanced_codes": {"X.7.1": _status("not_authorized")},
        "not_replies": [],
        "verdicts": {},
        "everywhere": {},
        "replies": replies,
        "reasons": {},
    }


VARIANT = {"code": 450, "enhanced": "4.7.1", "when": PROSE}
FIRST = [{"code": 220, "enhanced": "2.0.0", "when": PROSE}]


def _status(an_id: str, codes: tuple[int, ...] = ()) -> Raw:
    return {"id": an_id, "registered_name": "Foo", "reply_codes": list(codes), **KNOWN}


def _changed(whole: Raw, **changes: Any) -> Raw:
    replies = {an_id: reply | changes for an_id, reply in whole["replies"].items()}
    first = whole["replies"]["first_one"]
    return whole | {"replies": replies | {"first_one": first}}


def _text(text: str) -> Raw:
    return _whole({"some_reply": _one(text)}, ("text",) if "{text}" in text else ())


def _angle(rest: str) -> Raw:
    return _whole({"some_reply": _one(f"<{{text}}>: {rest}{{x}}")}, ("text", "x"))


def _placeholder(name: str) -> Raw:
    return _whole({"some_reply": _one(f"Foo {{{name}}} bar")}, (name,))


def _weighed(name: str) -> Raw:
    """A reply with a verdict on a placeholder that its other form has not."""
    other = {"form": "other", "text": "Foo bar", "note": PROSE}
    verdict = {"meaning": PROSE, "must_act": "client", "retry": "later", "advice": PROSE}
    weighed = {"forms": [other], "verdicts": [{"placeholder": name, "verdict": "waits"}]}
    verdicts = {"waits": verdict | {"equals": ["", "x"], "begins": ["function"]}}
    return _changed(_placeholder(name), **weighed) | {"verdicts": verdicts}


def _many(count: int) -> Raw:
    names = [f"x{nth}" for nth in range(count)]
    return _whole(
        {"some_reply": _one("Foo" + "".join(f" {{{name}}}" for name in names))}, (*names,)
    )


def _ids(*ids: str) -> Raw:
    return _whole({an_id: _one(f"Foo {nth}", nth=nth) for nth, an_id in enumerate(ids)})


def _categorised(*names: str) -> Raw:
    replies = {f"some_{nth}": _one(f"Foo {nth}", name, nth) for nth, name in enumerate(names)}
    return _whole(replies)


def _codes(section: str, one: str, other: str) -> Raw:
    status = {"registered_name": "Foo", "reply_codes": []} if section == "enhanced_codes" else {}
    rows = {one: {"id": "a1_2"} | status | KNOWN, other: {"id": "a_12"} | status | KNOWN}
    return _text("Foo") | {section: rows}


def _registered(codes: tuple[int, ...]) -> Raw:
    return _text("Foo") | {"enhanced_codes": {"X.7.1": _status("not_authorized", codes)}}
