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
Setting_ = Annotated[str, Pattern(r"[A-Za-z0-9_]+", "the name of a main.cf setting")]
Enhanced = Annotated[
    str, Pattern(r"[245]\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})", "like 5.7.1")
]
Text = Annotated[
    str, Pattern(r"[!-~](?:[ -~]*[!-~])?", "printable ASCII without a space at either end", "ascii")
]
Line = Annotated[
    str, Pattern(f"[2-5][0-9]{{2}}[ -][^{UNPRINTABLE}]*", "a reply code, a space or - and a text")
]
DefaultValue = Annotated[str, Pattern(f"[^{UNPRINTABLE}]*", "a line of text, or nothing")]
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
PatchLevel = Annotated[
    str, Pattern(r"[0-9]+\.[0-9]+\.[0-9]+", "a Postfix release with its patch level, like 3.8.4")
]
Status = Annotated[
    str, Pattern(r"X\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})", "like X.7.1, without class")
]

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
Party = Literal["client", "network", "nobody", "operator", "recipient", "sender"]
Retry = Literal["by_code", "change_first", "later", "no_need"]
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
PARTIES = {
    "client": "the program that speaks SMTP to the server, or whoever runs it",
    "network": "whoever runs what lies between, such as DNS",
    "nobody": "nobody; nothing is wrong, or it passes by itself",
    "operator": "the operator of the Postfix server",
    "recipient": "the recipient, or whoever runs the recipient's domain",
    "sender": "the sender, or whoever runs the sender's domain",
}
RETRIES = {
    "by_code": "The text does not tell. Go by the code: 4 means later, 5 means not unchanged.",
    "change_first": "Trying again is of no use until somebody changes something.",
    "later": "Trying again later can help, with nothing changed.",
    "no_need": "There is nothing to try again.",
}
MOVES = ("code", "text", "sent")


class Placeholder(NamedTuple):
    """A named, typed hole in a text."""

    type: Annotated[
        Literal["host", "text", "word"],
        "A host is letters, digits and -.:_[], one at least; a word is not empty and has no space; "
        "a text may be anything.",
    ]
    meaning: Annotated[Prose, "What stands there."]
    example: Annotated[Value, "A value as Postfix might send it."]


class Category(NamedTuple):
    """What a reply is about, and what other systems call it; null where they have no word for it.

    https://github.com/sisimai, https://github.com/KumoCorp/kumomta, SparkPost and Amazon SES.
    """

    meaning: Annotated[Prose, "What the replies of the category have in common."]
    sisimai: Annotated[Value | None, "The reason in Sisimai, like userunknown."]
    kumomta: Annotated[Value | None, "The bounce class in KumoMTA, like InvalidRecipient."]
    sparkpost: Annotated[Value | None, "The class in SparkPost, like 10 Invalid Recipient."]
    ses: Annotated[Value | None, "Type and subtype in Amazon SES, like Permanent/NoEmail."]
    enhanced: Annotated[Status | None, "The registered enhanced status code nearest to it."]


class Setting(NamedTuple):
    """A main.cf setting, as postconf(5) has it."""

    default: Annotated[DefaultValue, "Its default as postconf -d shows it; may be empty."]
    since: Annotated[Release | None, "The first release that has it; absent for 2.3 and older."] = (
        None
    )
    until: Annotated[Release | None, "The last release that has it; absent if current."] = None


class ReplyCode(NamedTuple):
    """What a reply code means in general, whatever server sends it."""

    code: Annotated[int, Range(200, 599), "The three digits."]
    id: Annotated[Id, "Its lasting name here; the RFCs give it none."]
    meaning: Annotated[Prose, "What it means in general."]
    reference: Annotated[Value, "Where it is defined."]


class EnhancedCode(NamedTuple):
    """What an enhanced status code means in general, by the registry of IANA (RFC 5248)."""

    code: Annotated[Status, "The subject and the detail; X stands for the class."]
    id: Annotated[Id, "Its lasting name here, made from the registered one."]
    name: Annotated[Value, "What the registry calls it."]
    meaning: Annotated[Prose, "What it means in general."]
    reply_codes: Annotated[tuple[int, ...], "The reply codes registered with it; empty for any."]
    reference: Annotated[Value, "Where it is defined."]


class Variant(NamedTuple):
    """One (code, enhanced) pair that a reply travels under."""

    code: Annotated[int, Range(200, 599), "The reply code (RFC 5321 section 4.2)."]
    enhanced: Annotated[Enhanced | None, "The enhanced status code (RFC 3463), or null for none."]
    when: Annotated[Prose, "When Postfix sends this pair."]
    class_differs: Annotated[
        Prose | None, "Why the enhanced class may differ from the code's first digit; else absent."
    ] = None
    since: Annotated[Release | None, "The first release with it, if later than the reply."] = None
    until: Annotated[Release | None, "The last release with it, where earlier than the reply."] = (
        None
    )


class Form(NamedTuple):
    """Another wording of a reply that people meet."""

    form: Annotated[Name, "What sets it apart: older, truncated, without_hostname."]
    text: Annotated[Text, "The wording, with placeholders."]
    note: Annotated[Prose, "Where it comes from."]
    since: Annotated[Release | None, "The first release with it, where that is known."] = None
    until: Annotated[Release | None, "The last release with it, where that is known."] = None


class Moved(NamedTuple):
    """The settings that move a reply, each with its place in the catalog's settings."""

    code: Annotated[tuple[Setting_, ...], "Those that change its code or enhanced status code."]
    text: Annotated[tuple[Setting_, ...], "Those that change its text."]
    sent: Annotated[tuple[Setting_, ...], "Those that decide whether it is sent."]


class Twin(NamedTuple):
    """Another reply that is easily taken for this one."""

    id: Annotated[Id, "The other reply."]
    difference: Annotated[Prose, "How to tell them apart."]


class NotAReply(NamedTuple):
    """A text in the source of Postfix that reads like a reply, and why no client ever hears it."""

    source: Annotated[Value, "Where it stands: file:function below src/."]
    text: Annotated[Value, "The text, * for what is filled in."]
    why: Annotated[Prose, "Why it is no reply of its own."]
    since: Annotated[Release | None, "The first release where it is none; absent for all."] = None


class Reply(NamedTuple):
    """One thing Postfix says, known by its id."""

    id: Annotated[Id, "Its lasting name. It never changes meaning."]
    text: Annotated[Text, "All that follows the codes, with {placeholders}."]
    variants: Annotated[
        tuple[Variant, ...], "The pairs it travels under; the first is the default."
    ]
    category: Annotated[Name, "A name from categories."]
    must_act: Annotated[Party, "Who must act on it; nobody where nothing is wrong."]
    retry: Annotated[Retry, "Whether trying again can help, whatever the code says."]
    closes: Annotated[
        bool,
        "Whether the server is sure to hang up after it; after 421 and 521 it always is.",
    ]
    daemons: Annotated[tuple[Daemon, ...], "The programs that send it."]
    stages: Annotated[tuple[Stage, ...], "Where in the session a client sees it."]
    since: Annotated[Release, "The first release that sends it; 2.3 stands for older ones too."]
    summary: Annotated[Prose, "What it says, in one sentence."]
    cause: Annotated[Prose, "What made Postfix say it."]
    sender_action: Annotated[Prose, "What the sender does about it."]
    client_action: Annotated[Prose, "What the developer of the SMTP client does about it."]
    operator_action: Annotated[Prose, "What the operator of the Postfix server does about it."]
    settings: Annotated[Moved, "The main.cf settings that move it."]
    sources: Annotated[tuple[Value, ...], "Where Postfix sends it: file:function below src/."]
    examples: Annotated[tuple[Line, ...], "Lines that Postfix would really send, codes and all."]
    forms: Annotated[tuple[Form, ...], "Other wordings that people meet."] = ()
    twins: Annotated[tuple[Twin, ...], "Replies that are easily taken for it."] = ()
    until: Annotated[
        Release | None, "The last Postfix release that sends it; absent if current."
    ] = None
    backports: Annotated[
        tuple[PatchLevel, ...], "Patch levels that brought it to release series older than since."
    ] = ()
    multiline: Annotated[bool, "Whether it is of several lines by itself."] = False
    heard: Annotated[
        Version | None, "The version of a running Postfix that was heard saying it."
    ] = None
    retry_note: Annotated[Prose | None, "Why retry is not what a code of a variant says."] = None
    note: Annotated[Prose | None, "What is odd about the reply."] = None
    formerly: Annotated[tuple[Id, ...], "Ids it had before; they stay as deprecated names."] = ()

    @property
    def trying_again(self) -> str:
        """What `retry` and `retry_note` say, in sentences."""
        return " ".join(filter(None, (RETRIES[self.retry], self.retry_note)))

    def moved_by(self) -> list[tuple[str, list[str]]]:
        """The settings that move it, sorted, and what of it each moves: code, text or sent."""
        names = sorted({name for moved in self.settings for name in moved})
        return [(name, [m for m in MOVES if name in getattr(self.settings, m)]) for name in names]

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
    postfix: Annotated[Value, "The newest Postfix version that it was read from."]
    placeholders: Annotated[dict[Name, Placeholder], "Every placeholder, by name, sorted."]
    categories: Annotated[dict[Name, Category], "Every category, by name, sorted."]
    settings: Annotated[dict[Setting_, Setting], "Every main.cf setting named, sorted."]
    reply_codes: Annotated[tuple[ReplyCode, ...], "The reply codes in general, sorted."]
    enhanced_codes: Annotated[tuple[EnhancedCode, ...], "The registered status codes, sorted."]
    not_replies: Annotated[
        tuple[NotAReply, ...], "Texts in the source that read like replies and are none, sorted."
    ]
    replies: Annotated[tuple[Reply, ...], "Sorted by default code, enhanced status code and id."]

    def types(self) -> dict[str, str]:
        """The type of each placeholder, by name."""
        return {name: placeholder.type for name, placeholder in self.placeholders.items()}

    def groups(self) -> list[tuple[int, list[Reply]]]:
        """The replies by default code."""
        return [(code, list(group)) for code, group in groupby(self.replies, lambda r: r.code)]

    def departures(self) -> list[tuple[int, str, EnhancedCode | None, list[Reply]]]:
        """The pairs that Postfix sends and the registry does not list, by code.

        With each the entry of the registry, None where it has none, and the replies.
        """
        registered = {each.code[2:]: each for each in self.enhanced_codes}
        found: dict[tuple[int, str], list[Reply]] = {}
        for code, enhanced, reply in self.pairs():
            if enhanced is not None:
                entry = registered.get(enhanced[2:])
                listed = entry is not None and code in (entry.reply_codes or (code,))
                if not listed or enhanced[0] != str(code)[0]:
                    found.setdefault((code, enhanced), []).append(reply)
        return [
            (code, enhanced, registered.get(enhanced[2:]), replies)
            for (code, enhanced), replies in found.items()
        ]

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
