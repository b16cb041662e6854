"""Random catalogs that keep every rule, and are as nasty as the rules allow."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

from codegen.texts import PLACEHOLDER, Text
from tests.toolchain import ROOT

BASE: dict[str, Any] = json.loads((ROOT / "tests/golden/catalog.json").read_text())
Raw = dict[str, Any]

# What closes, opens or fills something in Python, TypeScript, Go, Jinja, HTML or Markdown.
SIGNS = (
    *("*/", "/*", '"""', "'''", '"', "'", "\\", "\\\\", "\\u0022", "\\x00", "\\N", "`", "``", "|"),
    *("<", ">", "</script>", "<!--", "-->", "](javascript:x)", "[a](b)", "![", "--", "//", "#"),
    *("%s", "%(a)s", "$(x)", "$x", "$1", "&lt;", "&copy;", "&#32;", "@a", "_a_", "x_y", "*a*"),
    *("~~", ":smile:", "www.example.com", "http://", "mailto:a@b.c", "xmpp:a@b.c/x", "a+@b.c"),
    *("first_last.name@example.com", "a@-b.c", ">: ", "5.7.1", "250 ", "  ", ";", "=", "^", "\\|"),
    *("null", "None", "nil", "undefined", "__proto__", "mynetworks", "constructor", "\\n", "!"),
)
BRACES = ("${x}", "${", "{{", "}}", "{% raw %}", "{#", "{recipient}", "{0}", "}", "f'{x}'")
LETTERS = ("é", "漢字", "😀", "€", "—", "\u00a0", "\u0301", "İ", "ß", "ﬁ", "\U0010ffff", "“")
OPENINGS = ("1. Foo", "7) Foo", '"Foo', "'Foo", "<b>Foo", "(c) Foo", "12345678901. Foo", "0x", "A_")
STARTS = ("- ", "+ ", "# ", "> ", "* ", "1. ", "7) ", "| ", "=== ", "--- ", "``` ", "~~~ ", "")
# Names that mean something to a language, and none that a rule refuses.
NAMES = (
    "constructor prototype hasownproperty tostring valueof proto this new typeof var let function "
    "arguments eval undefined nan infinity default export string number object array map type "
    "func range nil append len iota struct chan error main init name value mro text word host "
    "kind owner fact pair none true false args kwargs cls str print data x a1 b2b reply params "
    "reason"
).split()
HARD = "class def import from return none true nil self con nul mro url tls id enum x".split()
WORDS = sorted({*NAMES, *HARD})
SETTINGS = (
    "__proto__ constructor toString _ __ 0 A a_ _a A_b mynetworks some_setting_name x1 the hasOwn "
    "class None"
).split()
EVERYWHERE = "mynetworks some_setting_name x1 the class".split()
TYPES = ("host", "text", "word")
DAEMONS = ("postscreen", "smtp-sink", "smtpd")
RETRIES = ("change_first", "later", "no_need")  # whose meaning a rule knows
DIGITS = {"sent": 2, "class": 2, "deferred": 4, "none": 4, "bounced": 5}
SAID = ("replies", "reasons")


def catalog(random: Random, size: int, *, enhanced: bool = True) -> Raw:
    """A catalog of `size` replies, `enhanced` or with reply codes alone."""
    return _Maker(random, enhanced).catalog(size)


def reduced(whole: Raw, ids: Iterable[str]) -> Raw:
    """A catalog with only some of its replies and reasons, and what these name."""
    chosen = set(ids)
    kept = {
        section: {an_id: dict(said) for an_id, said in whole[section].items() if an_id in chosen}
        for section in SAID
    }
    for said in _everything(kept).values():
        twins = [twin for twin in said.get("twins", []) if _twin(twin) in chosen]
        said["twins"] = twins
    return whole | kept | _named(whole, _everything(kept))


def _everything(whole: Raw) -> Raw:
    return {**whole["replies"], **whole["reasons"]}


def _twin(twin: Raw) -> str:
    return str(twin.get("reply") or twin.get("reason"))


def _named(whole: Raw, said: Raw) -> Raw:
    """The sections without what no reply or reason names."""
    used = {
        "placeholders": {name for one in said.values() for name in _placeholders(one)},
        "categories": {one["category"] for one in said.values()},
        "settings": {*whole["everywhere"], *_settings(said)},
        "verdicts": {name for one in said.values() for name in _verdicts(one)},
    }
    return {
        section: {name: of for name, of in whole[section].items() if name in names}
        for section, names in used.items()
    }


class _Maker:
    """One catalog in the making; `number` makes what must be unique so."""

    def __init__(self, random: Random, enhanced: bool) -> None:
        self.random = random
        self.enhanced = enhanced
        self.number = 0
        self.types = {name: TYPES[at % 3] for at, name in enumerate(NAMES)}
        self.examples = {name: self._example(kind) for name, kind in self.types.items()}

    def catalog(self, size: int) -> Raw:
        self.vocabularies = self._vocabularies()
        statuses = self._statuses()
        categories = {name: self._category(list(statuses)) for name in self._some(NAMES, 1, size)}
        names = [*categories, *self.random.choices(list(categories), k=size - len(categories))]
        replies = dict(self._reply(name, at) for at, name in enumerate(names))
        reasons = dict(self._reason(name) for name in names[: self.random.randint(0, size)])
        self._twins(replies, reasons)
        verdicts = self._weighed(replies)
        everywhere = self._some(EVERYWHERE, 0, 2)
        said = {**replies, **reasons}
        settings = {*everywhere, *_settings(said)}
        placeholders = {name for of in said.values() for name in _placeholders(of)}
        sections = {
            "version": "1.2.3",
            "placeholders": {name: self._placeholder(name) for name in sorted(placeholders)},
            "categories": categories,
            "settings": {name: self._setting() for name in sorted(settings)},
            "reply_codes": self._codes(),
            "enhanced_codes": statuses,
            "verdicts": verdicts,
            "everywhere": {name: {"meaning": self.prose()} for name in everywhere},
            "not_replies": [self._not_said() for _ in range(3)],
            "not_reasons": [self._not_said() for _ in range(3)],
            "replies": replies,
            "reasons": reasons,
        }
        return BASE | self.vocabularies | sections

    # Strings.

    def nasty(self, parts: Iterable[str], most: int = 5) -> str:
        return "".join(self.random.choices([*parts, " ", "a"], k=self.random.randint(1, most)))

    def prose(self) -> str:
        inner = self.nasty((*SIGNS, *BRACES, *LETTERS), self._length())
        return (
            f"{self.random.choice(OPENINGS)} {self._next()} {inner}".rstrip()
            + self.random.choice(
                (".", "!", "?", '."', ".'", '""".', "\\.", "*/.", "}}.", "`.", "_.", "|.", "-->!")
            )
        )

    def value(self) -> str:
        inner = self.nasty((*SIGNS, *BRACES, *LETTERS), self._length())
        return f"{self.random.choice(STARTS)}{inner}".strip() or "-"

    def literal(self) -> str:
        return self.nasty(SIGNS, 4)

    def _length(self) -> int:
        return self.random.choice((3, 5, 9, 40))

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _id(self) -> str:
        return f"{self.random.choice(HARD)}_{self.random.choice(HARD)}_{self._next()}"

    def _some(self, of: Iterable[Any], low: int, high: int) -> list[Any]:
        of = list(of)
        return self.random.sample(of, self.random.randint(low, min(high, len(of))))

    def _sorted(self, of: Iterable[str], low: int, high: int) -> list[str]:
        return sorted(self._some(of, low, high))

    def _maybe(self, make: Any) -> Any:
        return make() if self.random.random() < 0.5 else None

    # Sections.

    def _example(self, kind: str) -> str:
        free = self.value() if kind == "text" else self.literal().replace(" ", "")
        return {"host": "[2001:db8::1]", "word": free or "x", "text": free}[kind]

    def _placeholder(self, name: str) -> Raw:
        return {"type": self.types[name], "meaning": self.prose(), "example": self.examples[name]}

    def _vocabularies(self) -> Raw:
        steps = self.random.sample(range(99), 9)
        stages = zip(self._some(WORDS, 1, 9), steps, strict=False)
        severities = zip(self._some(WORDS, 4, 4), (5, 2, 4, 3), strict=True)
        return {
            "severities": {name: {"digit": at, "meaning": self.prose()} for name, at in severities},
            "stages": {name: {"step": at, "meaning": self.prose()} for name, at in stages},
            "origins": {name: {"meaning": self.prose()} for name in self._some(NAMES, 1, 9)},
            "parties": self._parties(),
            "statuses": {
                name: {"digit": digit, "meaning": self.prose()} for name, digit in DIGITS.items()
            },
            "retries": {
                name: {"meaning": self.prose()} for name in (*RETRIES, *self._some(HARD, 0, 9))
            },
        }

    def _parties(self) -> Raw:
        names = self._some(HARD, 1, 9)
        return {
            name: {"meaning": self.prose(), "repeated": self.random.choice([None, *names])}
            for name in names
        }

    def _category(self, statuses: list[str]) -> Raw:
        systems = ("sisimai", "kumomta", "sparkpost", "ses")
        known = {"enhanced": self.random.choice([None, *statuses])}
        return {
            "meaning": self.prose(),
            **{key: self._maybe(self.value) for key in systems},
        } | known

    def _setting(self) -> Raw:
        default = self.random.choice(("", " ", " a ", "a ", " `", self.value(), self.value()))
        return {"default": default, "since": "2.5", "until": "3.8"}

    def _codes(self) -> Raw:
        codes = sorted(self.random.sample(range(200, 600), self.random.randint(1, 9)))
        return {str(code): {"id": self._id(), **self._general()} for code in codes if code != 299}

    def _statuses(self) -> Raw:
        pairs = sorted({(self.random.randint(0, 9), self.random.randint(0, 59)) for _ in range(9)})
        codes = [sorted(self.random.sample(range(200, 600), len(pairs))) for _ in pairs]
        return {
            f"X.{subject}.{detail}": {
                "id": self._id(),
                "registered_name": self.value(),
                "reply_codes": some[: self.random.choice((0, 1, 9))],
                **self._general(),
            }
            for (subject, detail), some in zip(pairs, codes, strict=True)
        }

    def _general(self) -> Raw:
        return {"meaning": self.prose(), "reference": self.value()}

    def _not_said(self) -> Raw:
        return {"source": self.value(), "text": self.value(), "why": self.prose()}

    def _verdict(self) -> Raw:
        return {
            "meaning": self.prose(),
            "must_act": self.random.choice(list(self.vocabularies["parties"])),
            "retry": self.random.choice(list(self.vocabularies["retries"])),
            "advice": self.prose(),
            "equals": ["", self.value()],
            "begins": [self.value()],
            "contains": [self.literal(), "x"],
            "temporary": self.random.random() < 0.5,
        }

    def _weighed(self, replies: dict[str, Raw]) -> Raw:
        """Verdicts on placeholders, each used by the first reply that has any."""
        holed = [reply for reply in replies.values() if _placeholders(reply)]
        verdicts = [f"verdict_{nth}" for nth in range(3)] if holed else []
        for reply in holed:
            hole = min(_placeholders(reply))
            chosen = verdicts if reply is holed[0] else self._some(verdicts, 0, 2)
            reply["verdicts"] = [{"placeholder": hole, "verdict": name} for name in chosen]
        return {name: self._verdict() for name in verdicts}

    # Replies.

    def _reply(self, category: str, at: int) -> tuple[str, Raw]:
        wording = self._plain() if at == 0 else self._wording()
        variants = self._variants()
        retry = self.random.choice(list(self.vocabularies["retries"]))
        said = {key: self.prose() for key in ("summary", "cause")}
        said |= {f"{who}_action": self.prose() for who in ("sender", "client", "operator")}
        moved = {key: self._sorted(SETTINGS, 0, 3) for key in ("code", "text", "sent")}
        return self._id(), said | {
            "text": wording,
            "variants": variants,
            "category": category,
            "must_act": self.random.choice(list(self.vocabularies["parties"])),
            "retry": retry,
            "words": self.random.choice(list(self.vocabularies["origins"])),
            "retry_note": self.prose() if _misleads(retry, variants) else None,
            "closes": self.random.random() < 0.5,
            "multiline": self.random.random() < 0.5,
            "daemons": self._sorted(DAEMONS, 1, 3),
            "stages": self._some(self.vocabularies["stages"], 1, 4),
            "since": self.random.choice(("2.3", "3.8")),
            "until": self._maybe(lambda: "3.9"),
            "backports": ["3.7.9"],
            "note": self._maybe(self.prose),
            "settings": moved,
            "sources": sorted({self.value() for _ in range(2)}),
            "examples": self._examples(wording, variants),
            "forms": [self._form(f"form_{nth}") for nth in range(self.random.choice((0, 0, 1, 2)))],
            "formerly": [self._id() for _ in range(self.random.choice((0, 0, 1, 2)))],
        }

    # Reasons.

    def _reason(self, category: str) -> tuple[str, Raw]:
        wording = self._words()
        statuses = self._sorted(DIGITS, 1, 3)
        digits = {DIGITS[status] for status in statuses}
        done = digits == {2}
        prose = ("summary", "cause", "sender_action", "recipient_action", "operator_action")
        parties = list(self.vocabularies["parties"])
        repeats = PLACEHOLDER.findall(wording)
        nobody = [None] if {"reply", "reason"} & set(repeats) else []
        return self._id(), {key: self.prose() for key in prose} | {
            "text": wording,
            "category": category,
            "must_act": self.random.choice([*parties, *nobody]),
            "retry": "no_need" if done else self.random.choice(("change_first", "later")),
            "words": self.random.choice(list(self.vocabularies["origins"])),
            "dsn": sorted({f"{digit}.{self.random.randint(0, 7)}.999" for digit in digits}),
            "dsn_from": self.random.choice(("command", "fixed", "reason", "reply", "text")),
            "statuses": statuses,
            "daemons": self._sorted(BASE["programs"], 1, 3),
            "since": "2.3",
            "until": self._maybe(lambda: "3.9"),
            "backports": ["2.2.9"],
            "note": self._maybe(self.prose),
            "settings": {key: self._sorted(SETTINGS, 0, 3) for key in ("code", "text", "sent")},
            "sources": sorted({self.value() for _ in range(2)}),
            "examples": self._said(wording),
            "forms": [
                {"form": f"form_{nth}", "text": self._words(), "note": self.prose()}
                for nth in range(self.random.choice((0, 0, 1, 2)))
            ],
            "formerly": [self._id() for _ in range(self.random.choice((0, 0, 1, 2)))],
        }

    def _words(self) -> str:
        """A text of a reason, or others' words alone, or one that opens with a hole."""
        names = [name for name in NAMES if self.types[name] != "host"]
        chosen = self._some(names, 1, 4)
        if {"reply", "reason"} <= set(chosen):
            chosen.remove("reply")
        match self.random.choice(("plain", "filled", "filled", "opened", "words")):
            case "plain":
                return self._plain()
            case "words":
                return f"{{{self._of('text')}}}"
            case "opened":
                return f"{{{chosen[0]}}}{self._filled(self._lead(), chosen[1:])}"
        return self._filled(self._lead(), chosen)

    def _said(self, wording: str) -> list[str]:
        said = wording.format_map(self.examples).strip()
        fits = Text.of(wording, self.types).captures(said) is not None
        return [said] if fits and said else []

    def _variants(self) -> list[Raw]:
        pairs = {self._pair(): None for _ in range(self.random.choice((1, 1, 2, 4)))}
        return [
            {"code": code, "enhanced": enhanced, "when": self.prose()} for code, enhanced in pairs
        ]

    def _pair(self) -> tuple[int, str | None]:
        code = self.random.choice((200, 220, 250, 354, 421, 450, 454, 501, 521, 550, 554, 599))
        if not self.enhanced or code // 100 == 3 or self.random.random() < 0.2:
            return code, None
        numbers = self.random.randint(0, 8), self.random.choice((0, 1, 7, 10, 999))
        return code, f"{code // 100}.{numbers[0]}.{numbers[1]}"

    def _form(self, name: str) -> Raw:
        return {"form": name, "text": self._wording(), "note": self.prose()}

    def _lead(self) -> str:
        """What no other text has, so that no two are alike."""
        start = self.literal().lstrip(" <0123456789.")
        return f"{start}k{self._next()}.{self.literal()}"

    def _plain(self) -> str:
        return self._lead().rstrip()

    def _wording(self) -> str:
        kind = self.random.choice(("plain", "opening", "opening", "angle", "host", "words"))
        if kind == "plain":
            return self._plain()
        if kind == "words":
            return f"{{{self._of('text')}}}"
        if kind == "opening":
            return self._filled(self._lead() + "aaa", self._some(NAMES, 1, 5))
        if kind == "host":
            host = self._of("host")
            more = self._some([name for name in NAMES if name != host], 0, 3)
            return self._filled(f"{{{host}}} {self._lead()}", more)
        of_text = self.random.sample([name for name in NAMES if self.types[name] == "text"], 2)
        return self._filled(f"<{{{of_text[0]}}}>: {self._lead()}", of_text[1 : 1 + self._coin()])

    def _coin(self) -> int:
        return self.random.randint(0, 1)

    def _of(self, kind: str) -> str:
        return self.random.choice([name for name in NAMES if self.types[name] == kind])

    def _filled(self, lead: str, names: list[str]) -> str:
        parts = [f"{{{name}}}{self.literal() or ' '}" for name in names]
        last = self.random.choice(("", "x"))
        return f"{lead}{''.join(parts)}".rstrip() + last

    def _examples(self, wording: str, variants: list[Raw]) -> list[str]:
        said = wording.format_map(self.examples)
        if Text.of(wording, self.types).captures(said) is None or said[:2] in ("2.", "4.", "5."):
            return []
        codes = [f"{pair['code']} {pair['enhanced'] or ''}".strip() for pair in variants]
        return [f"{pair} {said}" for pair in codes]

    def _twins(self, replies: dict[str, Raw], reasons: dict[str, Raw]) -> None:
        said = [("reply", an_id) for an_id in replies] + [("reason", an_id) for an_id in reasons]
        some = self._some(said, 0, len(said))
        for one, other in zip(some[::2], some[1::2], strict=False):
            for (_, mine), (kind, theirs) in ((one, other), (other, one)):
                twins = [{kind: theirs, "difference": self.prose()}]
                {**replies, **reasons}[mine]["twins"] = twins


def _misleads(retry: str, variants: list[Raw]) -> bool:
    digit = {"later": 5, "change_first": 4}.get(retry)
    return any(variant["code"] // 100 == digit for variant in variants)


def _placeholders(said: Raw) -> set[str]:
    texts = [said["text"], *(form["text"] for form in said["forms"])]
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def _verdicts(said: Raw) -> list[str]:
    return [weighed["verdict"] for weighed in said.get("verdicts", ())]


def _settings(replies: dict[str, Raw]) -> set[str]:
    affecting = [names for reply in replies.values() for names in reply["settings"].values()]
    return {name for names in affecting for name in names}
