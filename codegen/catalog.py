"""The nouns: what a catalog is made of."""

from itertools import groupby
from typing import Annotated, Any, Literal, NamedTuple, get_args

from codegen.shape import Pattern, Range, Rule, json_schema

# Unprintable: controls, separators and marks that reorder text or hide in it.
UNPRINTABLE = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
WORDS = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)"

# Two words at least: so no id is a keyword or a member name in any language.
Id = Annotated[str, Pattern(WORDS + "+", "two or more lower-case words joined by _")]
Name = Annotated[str, Pattern(WORDS + "*", "lower-case words joined by _")]
Setting = Annotated[str, Pattern(r"[a-z0-9_]+", "the name of a main.cf setting")]
Enhanced = Annotated[
    str, Pattern(r"[245]\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})", "like 5.7.1")
]
Text = Annotated[
    str, Pattern(r"[!-~](?:[ -~]*[!-~])?", "printable ASCII without a space at either end", "ascii")
]
Line = Annotated[
    str, Pattern(f"[2-5][0-9]{{2}} [^{UNPRINTABLE}]+", "a reply code, a space and a text")
]
Value = Annotated[str, Pattern(f"[^{UNPRINTABLE}]+", "a line of text")]
Prose = Annotated[
    str,
    Pattern(
        f"""[A-Z0-9"'<(](?:[^{UNPRINTABLE}]*[^{UNPRINTABLE} ])?[.!?]["')]?""",
        "whole sentences on one line, from a capital letter to a full stop",
        "prose",
    ),
]
Version = Annotated[str, Pattern(r"[0-9]+\.[0-9]+\.[0-9]+", "like 1.2.3")]
Release = Annotated[str, Pattern(r"[0-9]+\.[0-9]+", "a Postfix release like 3.8")]

Severity = Literal[
    "positive_completion",
    "positive_intermediate",
    "transient_negative_completion",
    "permanent_negative_completion",
]
SEVERITIES: dict[int, Severity] = {
    2: "positive_completion",
    3: "positive_intermediate",
    4: "transient_negative_completion",
    5: "permanent_negative_completion",
}
Fault = Literal["client", "none", "recipient", "sender", "server"]
# In the order of a session.
Stage = Annotated[
    Literal[
        "any",
        "connect",
        "helo",
        "starttls",
        "auth",
        "mail",
        "rcpt",
        "data",
        "bdat",
        "end_of_data",
        "rset",
        "noop",
        "vrfy",
        "etrn",
        "xclient",
        "xforward",
        "quit",
    ],
    Rule("unknown-stage"),
]
Daemon = Literal["postscreen", "smtp-sink", "smtpd"]
STAGES: tuple[str, ...] = get_args(get_args(Stage)[0])
FAULTS: tuple[str, ...] = get_args(Fault)
FAULT_MEANINGS = {
    "client": "the program or machine that speaks SMTP to the server",
    "none": "nobody; nothing is wrong",
    "recipient": "the recipient's side",
    "sender": "the sender or the sender's domain",
    "server": "the operator of the Postfix server",
}


class Placeholder(NamedTuple):
    """A named, typed hole in a text."""

    type: Annotated[
        Literal["host", "text", "word"],
        "A host is letters, digits and -.:_[], one at least; a word is not empty and has no space; "
        "a text may be anything.",
    ]
    meaning: Annotated[Prose, "What stands there."]
    example: Annotated[Value, "A value as Postfix might send it."]


class Variant(NamedTuple):
    """One (code, enhanced) pair that a reply travels under."""

    code: Annotated[int, Range(200, 599), "The reply code (RFC 5321 section 4.2)."]
    enhanced: Annotated[Enhanced | None, "The enhanced status code (RFC 3463), or null for none."]
    when: Annotated[Prose, "When Postfix sends this pair."]
    class_differs: Annotated[
        Prose | None, "Why the enhanced class may differ from the code's first digit; else absent."
    ] = None


class Form(NamedTuple):
    """Another wording of a reply that people meet."""

    form: Annotated[Name, "What sets it apart: older, truncated, without_hostname."]
    text: Annotated[Text, "The wording, with placeholders."]
    note: Annotated[Prose, "Where it comes from."]


class Reply(NamedTuple):
    """One thing Postfix says, known by its id."""

    id: Annotated[Id, "Its lasting name. It never changes meaning."]
    text: Annotated[Text, "All that follows the codes, with {placeholders}."]
    variants: Annotated[
        tuple[Variant, ...], "The pairs it travels under; the first is the default."
    ]
    category: Annotated[Name, "A name from categories."]
    fault: Annotated[Fault, "Who can put it right; none where nothing is wrong."]
    daemons: Annotated[tuple[Daemon, ...], "The programs that send it."]
    stages: Annotated[tuple[Stage, ...], "Where in the session a client sees it."]
    summary: Annotated[Prose, "What it means, in one sentence."]
    cause: Annotated[Prose, "Why Postfix says it."]
    sender_action: Annotated[Prose, "What the sending side does about it."]
    operator_action: Annotated[Prose, "What the operator of the Postfix server does about it."]
    settings: Annotated[tuple[Setting, ...], "The main.cf settings that move it."]
    sources: Annotated[tuple[Value, ...], "Where Postfix sends it: file:function below src/."]
    examples: Annotated[tuple[Line, ...], "Lines as met, codes and all."]
    forms: Annotated[tuple[Form, ...], "Other wordings that people meet."] = ()
    until: Annotated[
        Release | None, "The last Postfix release that sends it; absent if current."
    ] = None
    note: Annotated[Prose | None, "What is odd about the reply or one of its examples."] = None
    formerly: Annotated[tuple[Id, ...], "Ids it had before; they stay as deprecated names."] = ()

    @property
    def code(self) -> int:
        """The default reply code."""
        return self.variants[0].code

    @property
    def enhanced(self) -> str | None:
        """The default enhanced status code."""
        return self.variants[0].enhanced

    @property
    def severity(self) -> Severity:
        """What the default code's first digit means (RFC 5321 section 4.2.1)."""
        return SEVERITIES[self.variants[0].code // 100]

    @property
    def line(self) -> str:
        """The reply as Postfix sends it by default, with its placeholders."""
        code, enhanced = self.variants[0].code, self.variants[0].enhanced
        return f"{code} {enhanced} {self.text}" if enhanced else f"{code} {self.text}"


class Catalog(NamedTuple):
    """What Postfix can say."""

    schema_: Annotated[str, "Where an editor finds this schema."]
    version: Annotated[Version, "The version of the packages made from this catalog."]
    placeholders: Annotated[dict[Name, Placeholder], "Every placeholder, by name, sorted."]
    categories: Annotated[dict[Name, Prose], "Every category and its meaning, by name, sorted."]
    replies: Annotated[tuple[Reply, ...], "Sorted by default code, enhanced status code and id."]

    def types(self) -> dict[str, str]:
        """The type of each placeholder, by name."""
        return {name: placeholder.type for name, placeholder in self.placeholders.items()}

    def groups(self) -> list[tuple[int, list[Reply]]]:
        """The replies by default code."""
        return [(code, list(group)) for code, group in groupby(self.replies, lambda r: r.code)]

    def pairs(self) -> list[tuple[int, str | None, Reply]]:
        """Every reply under every pair it travels under, by code, then enhanced status code."""
        pairs = [(v.code, v.enhanced, reply) for reply in self.replies for v in reply.variants]
        return sorted(pairs, key=lambda pair: (pair[0], order(pair[1])))

    def by_code(self) -> dict[int, list[Reply]]:
        """The replies that travel under each code, in canonical order."""
        found: dict[int, list[Reply]] = {}
        for reply in self.replies:
            for code in dict.fromkeys(variant.code for variant in reply.variants):
                found.setdefault(code, []).append(reply)
        return dict(sorted(found.items()))

    def by_enhanced(self) -> dict[str, list[Reply]]:
        """The replies that travel under each enhanced status code, in canonical order."""
        found: dict[str, list[Reply]] = {}
        for reply in self.replies:
            for enhanced in dict.fromkeys(variant.enhanced for variant in reply.variants):
                if enhanced is not None:
                    found.setdefault(enhanced, []).append(reply)
        return dict(sorted(found.items(), key=lambda item: order(item[0])))


def order(enhanced: str | None) -> list[int]:
    """The sort key of an enhanced status code; none comes first."""
    return [int(part) for part in enhanced.split(".")] if enhanced else []


def schema() -> dict[str, Any]:
    """The JSON Schema of catalog.json, for editors."""
    heading = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Postfix replies",
    }
    return heading | json_schema(Catalog)
