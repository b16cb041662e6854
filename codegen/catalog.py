"""The nouns: what a catalog is made of.

The annotation of a field says its JSON shape, and in `told` what people read of it: the sentence
stands in the schema, in every package and on the page.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from codegen.texts import Text

# Unprintable: controls, separators and marks that reorder text or hide in it.
UNPRINTABLE = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
WORDS = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)"
NUMBER = r"(?:0|[1-9][0-9]{0,5})"
MOST = 1_000  # characters of a text; a line of SMTP has 512 at most (RFC 5321 section 4.5.3.1.5)
LONGEST = 4_000  # characters of a value or of prose


def pattern(regex: str, wanted: str, most: int | None = None) -> Meta:
    """What a whole string must match; `wanted` says it to people. No line break is let through."""
    said = {"patternErrorMessage": f"must be {wanted}"}
    return Meta(pattern=rf"^(?:{regex})$(?!\n)", max_length=most, extra_json_schema=said)


def told(sentence: str, label: str = "", of: str = "", packages: bool = True) -> Meta:
    """A field that people read about: in the schema, and in `packages` unless the page alone.

    `sentence` is a noun phrase or a "whether" clause; {none} stands for a missing value. `label`
    names it on the page and in `explain`. `of` is the vocabulary or noun that a string names.
    """
    return Meta(description=sentence, extra={"label": label, "of": of, "packages": packages})


def kept(sentence: str) -> Meta:
    """A field that only those who keep the catalog read about."""
    return Meta(description=sentence)


# Two words at least: so no id is a keyword or a member name in any language.
Id = Annotated[str, pattern(WORDS + "+", "two or more lower-case words joined by _", 60)]
Name = Annotated[str, pattern(WORDS + "*", "lower-case words joined by _", 60)]
# One field is called pass_, since pass is a keyword of Python.
FieldName = Annotated[str, pattern(WORDS + "*_?", "lower-case words joined by _", 60)]
SettingName = Annotated[str, pattern(r"[A-Za-z0-9_]+", "the name of a main.cf setting", 100)]
Enhanced = Annotated[
    str, pattern(r"[245]\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})", "like 5.7.1")
]
Status = Annotated[
    str, pattern(r"X\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})", "like X.7.1, without class")
]
Wording = Annotated[
    str,
    pattern(r"[!-~](?:[ -~]*[!-~])?", "printable ASCII without a space at either end", MOST),
]
Line = Annotated[
    str,
    pattern(
        f"[2-5][0-9]{{2}}[ -][^{UNPRINTABLE}]*", "a reply code, a space or - and a text", LONGEST
    ),
]
Spaced = Annotated[str, pattern(f"[^{UNPRINTABLE}]*", "a line of text, or nothing", LONGEST)]
Part = Annotated[str, pattern(f"[^{UNPRINTABLE}]+", "a part of a line of text", LONGEST)]
Value = Annotated[
    str,
    pattern(
        f"[^{UNPRINTABLE} ](?:[^{UNPRINTABLE}]*[^{UNPRINTABLE} ])?",
        "a line of text without a space at either end",
        LONGEST,
    ),
]
Prose = Annotated[
    str,
    pattern(
        f"""[A-Z0-9"'<(](?:[^{UNPRINTABLE}]*[^{UNPRINTABLE} ])?[.!?]["')]?""",
        "whole sentences on one line, from a capital letter to a full stop",
        LONGEST,
    ),
]
Version = Annotated[str, pattern(rf"{NUMBER}\.{NUMBER}\.{NUMBER}", "like 1.2.3")]
Release = Annotated[str, pattern(rf"{NUMBER}\.{NUMBER}", "a Postfix release like 3.8")]
PatchLevel = Annotated[
    str, pattern(rf"{NUMBER}\.{NUMBER}\.{NUMBER}", "a Postfix release like 3.8.4")
]
# Postfix names its snapshots by date.
Postfix = Annotated[
    str,
    pattern(
        rf"{NUMBER}\.{NUMBER}(?:[.-][A-Za-z0-9.-]{{1,40}})?",
        "a Postfix version like 3.12 or 3.12-20260821",
    ),
]
# What Go takes for a module: no part of it begins or ends with a dot.
PART = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?"
DOMAIN = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9-])?\.[a-z]+"
Url = Annotated[
    str,
    pattern(rf"https://{DOMAIN}(?:/{PART})*", "like https://example.com/name", 200),
]
PythonName = Annotated[
    str,
    pattern(
        "[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", "the name of a Python project, in lower case", 100
    ),
]
NpmName = Annotated[
    str,
    pattern("(?:@[a-z0-9-][a-z0-9._-]*/)?[a-z0-9-][a-z0-9._-]*", "the name of an npm package", 200),
]
Email = Annotated[
    str, pattern(rf"[A-Za-z0-9][A-Za-z0-9._+-]*@{DOMAIN}", "like anna@example.com", 200)
]
Module = Annotated[str, pattern(rf"{DOMAIN}(?:/{PART})+", "like example.com/name", 200)]
CodeKey = Annotated[str, pattern(r"[2-5][0-9]{2}", "a reply code like 554")]
Code = Annotated[int, Meta(ge=200, le=599)]
Daemon = Literal["postscreen", "smtp-sink", "smtpd"]
DsnFrom = Literal["command", "errno", "fixed", "reason", "reply", "text"]


class Noun(Struct, frozen=True, forbid_unknown_fields=True):
    """An object of the catalog. Keys that are not known are refused."""


class Project(Noun, frozen=True, kw_only=True):
    """Where the project lives, and what its packages are called."""

    repository: Annotated[Url, kept("Where the source is.")]
    email: Annotated[Email | None, kept("Where its authors get mail.")] = None
    page: Annotated[Url, kept("Where the site is published; the page of an id is below it.")]
    python: Annotated[PythonName, kept("The project on PyPI; it is imported as postfix_replies.")]
    npm: Annotated[NpmName, kept("The package on npm.")]
    go: Annotated[Module, kept("The module of Go; its package is called postfixreplies.")]


class Severity(Noun, frozen=True):
    """What the first digit of a reply code means (RFC 5321 section 4.2.1)."""

    digit: Annotated[int, Meta(ge=2, le=5), kept("The first digit of the reply codes.")]
    meaning: Annotated[Prose, told("what it means")]


class Party(Noun, frozen=True):
    """Who must act on what Postfix says."""

    meaning: Annotated[Prose, told("who that is")]
    repeated: Annotated[
        Name | None,
        told(
            "who that is for a Postfix that repeats what a server said, {none} for the same",
            of="Party",
        ),
    ] = None
    repeating: Annotated[
        Prose | None, told("who that is where a Postfix repeats it, {none} for the same")
    ] = None


class Retry(Noun, frozen=True):
    """Whether trying again can help, whatever the reply code says."""

    meaning: Annotated[Prose, told("what to do about it")]


class Origin(Noun, frozen=True):
    """Whose words the text of a reply is."""

    meaning: Annotated[Prose, told("what that says about the speaker")]


class Verdict(Noun, frozen=True):
    """What a value in a text changes about who must act and whether a retry helps.

    It fits a value that is one of `equals`, begins with one of `begins` or contains one of
    `contains`, to the letter.
    """

    meaning: Annotated[Prose, told("what the value means")]
    must_act: Annotated[Name, told("who must act then", of="Party")]
    retry: Annotated[Name, told("whether trying again can help then", of="Retry")]
    advice: Annotated[Prose, told("what to do then")]
    equals: Annotated[tuple[Spaced, ...], told("values that it fits")] = ()
    begins: Annotated[tuple[Part, ...], told("beginnings of values that it fits")] = ()
    contains: Annotated[tuple[Part, ...], told("parts of values that it fits")] = ()
    temporary: Annotated[bool, told("whether it fits 4xx replies only")] = False


class Influence(Noun, frozen=True):
    """What a main.cf setting does to every reply, not to some."""

    meaning: Annotated[Prose, told("what it does")]


class DeliveryStatus(Noun, frozen=True):
    """What Postfix did with the mail for a recipient, as it logs it: status=deferred."""

    digit: Annotated[int, Meta(ge=2, le=5), kept("The first digit of the status codes with it.")]
    meaning: Annotated[Prose, told("what becomes of the mail then")]


class Stage(Noun, frozen=True):
    """Where in the SMTP session a client sees a reply."""

    step: Annotated[int, Meta(ge=0), kept("Its place in the order of a session.")]
    meaning: Annotated[Prose, told("where that is")]


class Category(Noun, frozen=True):
    """What a reply is about, and what other systems call that.

    https://github.com/sisimai, https://github.com/KumoCorp/kumomta, SparkPost and Amazon SES.
    """

    meaning: Annotated[Prose, told("what the replies of the category have in common")]
    sisimai: Annotated[
        Value | None, told('the reason in Sisimai, such as "userunknown"; {none} for no word')
    ]
    kumomta: Annotated[
        Value | None,
        told('the bounce class in KumoMTA, such as "InvalidRecipient"; {none} for no word'),
    ]
    sparkpost: Annotated[
        Value | None,
        told('the bounce class in SparkPost, such as "10 Invalid Recipient"; {none} for no word'),
    ]
    ses: Annotated[
        Value | None,
        told('type and subtype in Amazon SES, such as "Permanent/NoEmail"; {none} for no word'),
    ]
    enhanced: Annotated[
        Status | None,
        told('the registered enhanced status code nearest to it, such as "X.1.1"; {none} for none'),
    ]


class ReplyCode(Noun, frozen=True):
    """What a reply code means in general, whatever server sends it (RFC 5321 section 4.2.3)."""

    id: Annotated[Id, kept("Its lasting name here; the RFCs give it none.")]
    meaning: Annotated[Prose, told("what it means in general")]
    reference: Annotated[Value, told("where it is defined")]
    code: int = 0  # its key


class EnhancedCode(Noun, frozen=True):
    """What a registered enhanced status code means in general (RFC 5248)."""

    id: Annotated[Id, kept("Its lasting name here, made from the registered one.")]
    registered_name: Annotated[Value, told("what the registry calls it")]
    meaning: Annotated[Prose, told("what it means in general")]
    reply_codes: Annotated[
        tuple[Code, ...], told("the reply codes registered with it; empty for any")
    ]
    reference: Annotated[Value, told("where it is defined")]
    code: str = ""  # its key


class Placeholder(Noun, frozen=True):
    """A named, typed hole in a text."""

    type: Annotated[
        Literal["host", "text", "word"],
        kept(
            "A host is letters, digits and -.:_[], one at least; a word is not empty and has no "
            "space; a text may be anything."
        ),
    ]
    meaning: Annotated[Prose, kept("What stands there.")]
    example: Annotated[Value, kept("A value as Postfix might send it.")]


class Setting(Noun, frozen=True):
    """A main.cf setting, as postconf(5) has it."""

    default: Annotated[Spaced, kept("Its default as postconf -d shows it, before it is expanded.")]
    since: Annotated[Release | None, kept("The first release with it; absent up to 2.3.")] = None
    until: Annotated[Release | None, kept("The last release with it; absent if current.")] = None


class Variant(Noun, frozen=True):
    """A reply code and enhanced status code that a reply travels under, and when."""

    code: Annotated[Code, told("the reply code (RFC 5321 section 4.2)")]
    enhanced: Annotated[
        Enhanced | None, told("the enhanced status code (RFC 3463), {none} where there is none")
    ]
    when: Annotated[Prose, told("when Postfix sends this pair")]
    since: Annotated[Release | None, kept("The first release with it, if later.")] = None
    until: Annotated[Release | None, kept("The last release with it, if earlier.")] = None


class Form(Noun, frozen=True):
    """Another wording of a reply that people meet."""

    form: Annotated[Name, told("what sets it apart, such as older or without_hostname")]
    text: Annotated[Wording, told("the wording, with {placeholders}")]
    note: Annotated[Prose, told("where it comes from")]
    since: Annotated[Release | None, kept("The first release with it, where known.")] = None
    until: Annotated[Release | None, kept("The last release with it, where known.")] = None


class Affecting(Noun, frozen=True):
    """The main.cf settings that affect a reply."""

    code: Annotated[tuple[SettingName, ...], kept("Those that change its codes.")]
    text: Annotated[tuple[SettingName, ...], kept("Those that change its text.")]
    sent: Annotated[tuple[SettingName, ...], kept("Those that decide whether it is sent.")]


class Twin(Noun, frozen=True, kw_only=True):
    """A reply or reason that is easily taken for another, and how to tell them apart."""

    reply: Annotated[
        Id | None, told("the other one, {none} where that is a reason", of="Reply")
    ] = None
    reason: Annotated[
        Id | None, told("the other one, {none} where that is a reply", of="Reason")
    ] = None
    difference: Annotated[Prose, told("how to tell them apart")]


class Weighed(Noun, frozen=True):
    """A placeholder whose value can change who must act and whether a retry helps."""

    placeholder: Annotated[Name, told("the placeholder")]
    verdict: Annotated[Name, told("what its value means if it fits", of="Verdict")]


class NotSaid(Noun, frozen=True):
    """A text in the source that reads like a reply or a reason, and why it is none."""

    source: Annotated[Value, kept("Where it stands: file:function below src/.")]
    text: Annotated[Spaced, kept("The text, * for what is filled in.")]
    why: Annotated[Prose, kept("Why it is no reply, or no reason, of its own.")]
    since: Annotated[Release | None, kept("The first release where that is so.")] = None


class Speaker(Noun, frozen=True):
    """Who said what a held text says."""

    meaning: Annotated[Prose, told("who that is")]


class Kind(Noun, frozen=True):
    """What a held text is."""

    meaning: Annotated[Prose, told("what it is")]


class Field(Noun, frozen=True):
    """A value that stands around a reply in a held text, and how its end is found."""

    type: Annotated[
        Literal["client", "code", "number", "rest", "run", "text", "word"],
        kept(
            "A client is name[address] or name[address]:port, and becomes three fields; a code is "
            "a reply code; a number is digits; a run is more fields, as name=value; a word is not "
            "empty and has no space; a text may be anything; a rest is not kept."
        ),
    ]
    meaning: Annotated[Prose, kept("What it is.")]


class Wrapper(Noun, frozen=True, kw_only=True):
    """A text that stands around what somebody said: {reply} what a server said, {reason} others.

    Every literal is taken where it first occurs, but behind {reply} and {reason} where it last
    does, and at the end of a text only there.
    """

    text: Annotated[Wording, kept("The text, with {fields}.")]
    kind: Annotated[Name, kept("What a text is that it is found in.")]
    speaker: Annotated[Name | None, kept("Who spoke; absent where nobody did.")] = None
    daemons: Annotated[
        tuple[str, ...], kept("The Postfix programs that log it; none for what clients show.")
    ] = ()
    tail: Annotated[
        Literal["check", "client"] | None,
        kept("What stands behind it: who the client is, or that in what a check logs."),
    ] = None
    each: Annotated[
        dict[FieldName, tuple[Part, ...]], kept("Fields that stand for one of a few values.")
    ] = field(default_factory=dict)
    own: Annotated[
        tuple[Part, ...], kept("Replies that smtpd makes itself where others would speak.")
    ] = ()
    fields: Annotated[dict[FieldName, Part], kept("Fields whose values it implies.")] = field(
        default_factory=dict
    )


class Mark(Noun, frozen=True):
    """What a transcript puts before a line that a server or a client sent."""

    text: Annotated[Part, kept("The mark.")]
    sent_by: Annotated[Literal["client", "server"], kept("Who sent the line.")]
    kind: Annotated[Name, kept("What a text with it is.")]


# What is told of replies and of reasons alike.
Summary = Annotated[Prose, told("what it means, in one sentence", "Means")]
About = Annotated[Name, told("what it is about", "Category", of="Category")]
Words = Annotated[Name, told("whose words its text is", "Whose words", of="Origin")]
Cause = Annotated[Prose, told("what made Postfix say it", "Why")]
ForSender = Annotated[Prose, told("what the sender does about it", "For the sender")]
ForOperator = Annotated[
    Prose, told("what the operator of the Postfix server does about it", "For the operator")
]
Since = Annotated[
    Release,
    told('the first Postfix release that says it; "2.3" stands for older ones too', "Since"),
]
Until = Annotated[
    Release | None,
    told("the last Postfix release that says it, {none} if it is still said", "Until"),
]
Weighing = Annotated[
    tuple[Weighed, ...],
    told("values that change who must act; the first that fits counts", "Unless"),
]
Note = Annotated[Prose | None, told("what is odd about it, {none} if nothing is", "Note")]
Twins = Annotated[
    tuple[Twin, ...],
    told("replies and reasons that are easily taken for it", "Not to be confused with"),
]
Forms = Annotated[tuple[Form, ...], told("other wordings that people meet", "Other wordings")]
Settings = Annotated[Affecting, kept("The main.cf settings that affect it.")]
Backports = Annotated[
    tuple[PatchLevel, ...],
    told(
        "patch levels that brought it to release series older than since",
        "Backports",
        packages=False,
    ),
]
Sources = Annotated[
    tuple[Value, ...],
    told("where Postfix says it: file:function below src/", "In the source", packages=False),
]
AlsoCalled = Annotated[
    tuple[Value, ...],
    told("what people call it, or look for instead of its words", "Also called", packages=False),
]
Formerly = Annotated[tuple[Id, ...], kept("Ids that it had before; they stay as deprecated names.")]


class Reply(Noun, frozen=True, kw_only=True):
    """One thing that a Postfix server says to a client. Its id never changes its meaning."""

    text: Annotated[Wording, told("all that follows the codes, with {placeholders}")]
    summary: Summary
    category: About
    must_act: Annotated[Name, told("who must act on it", "Who must act", of="Party")]
    retry: Annotated[
        Name,
        told("whether trying again can help, whatever the reply code says", "Retry", of="Retry"),
    ]
    words: Words
    retry_note: Annotated[
        Prose | None, told("why retry is not what a code says, {none} where it is", "Retry note")
    ] = None
    closes: Annotated[
        bool,
        told(
            "whether the server is sure to hang up after it, whatever the code; after 421 and 521 "
            "it always does, which a match knows",
            "Hangs up",
        ),
    ]
    multiline: Annotated[
        bool, told("whether it is of several lines by itself", "Several lines")
    ] = False
    daemons: Annotated[tuple[Daemon, ...], told("the Postfix programs that send it", "Sent by")]
    stages: Annotated[
        tuple[Name, ...], told("where in the session a client sees it", "Seen at", of="Stage")
    ]
    cause: Cause
    sender_action: ForSender
    client_action: Annotated[
        Prose,
        told("what the developer of the SMTP client does about it", "For the client's developer"),
    ]
    operator_action: ForOperator
    since: Since
    until: Until = None
    verdicts: Weighing = ()
    note: Note = None
    twins: Twins = ()
    variants: Annotated[
        tuple[Variant, ...],
        Meta(min_length=1),
        told("the codes that it travels under; the first is the default", "Codes"),
    ]
    forms: Forms = ()
    settings: Settings
    backports: Backports = ()
    sources: Sources
    examples: Annotated[
        tuple[Line, ...],
        told("lines that Postfix would really send, codes and all", "Examples", packages=False),
    ]
    also_called: AlsoCalled = ()
    formerly: Formerly = ()
    id: str = ""  # its key

    @property
    def code(self) -> int:
        """The default reply code."""
        return self.variants[0].code

    @property
    def enhanced(self) -> str | None:
        """The default enhanced status code."""
        return self.variants[0].enhanced

    @property
    def line(self) -> str:
        """The reply as Postfix sends it by default, with its placeholders."""
        code, enhanced = self.code, self.enhanced
        return f"{code} {enhanced} {self.text}" if enhanced else f"{code} {self.text}"


class Reason(Noun, frozen=True, kw_only=True):
    """One thing that the delivery side writes behind a status. Its id never changes its meaning."""

    text: Annotated[Wording, told("its words, with {placeholders}")]
    summary: Summary
    category: About
    must_act: Annotated[
        Name | None,
        told(
            "who must act on it, {none} where what it repeats decides", "Who must act", of="Party"
        ),
    ]
    retry: Annotated[
        Name, told("whether waiting can help, whatever the status is", "Retry", of="Retry")
    ]
    words: Words
    dsn: Annotated[
        tuple[Enhanced, ...],
        told("the status codes that it comes with by itself (RFC 3463)", "Status codes"),
    ]
    dsn_from: Annotated[
        DsnFrom,
        told(
            'where its status code is from: "fixed", the "reply" or the "reason" that it repeats, '
            'the "text" of the operator, a "command", or the "errno" of the system',
            "Status code from",
        ),
    ]
    statuses: Annotated[
        tuple[Name, ...],
        told("what Postfix does with the mail", "Status", of="DeliveryStatus"),
    ]
    daemons: Annotated[tuple[Name, ...], told("the Postfix programs that log it", "Logged by")]
    cause: Cause
    sender_action: ForSender
    recipient_action: Annotated[
        Prose,
        told(
            "what the recipient does about it, or whoever runs the server that mail was to go to",
            "For the recipient's side",
        ),
    ]
    operator_action: ForOperator
    since: Since
    until: Until = None
    verdicts: Weighing = ()
    note: Note = None
    twins: Twins = ()
    forms: Forms = ()
    settings: Settings
    backports: Backports = ()
    sources: Sources
    examples: Annotated[
        tuple[Part, ...], told("words that Postfix would log", "Examples", packages=False)
    ]
    also_called: AlsoCalled = ()
    formerly: Formerly = ()
    id: str = ""  # its key


Said = Reply | Reason
One = TypeVar("One", Reply, Reason)


def wordings(said: Said) -> list[tuple[str, str]]:
    """Every form of a reply or reason and its text, the standard one first."""
    return [(STANDARD, said.text), *((form.form, form.text) for form in said.forms)]


def affected(said: Said) -> list[tuple[str, tuple[str, ...]]]:
    """The settings that affect a reply or reason, sorted, and what of it each affects."""
    found: dict[str, tuple[str, ...]] = {}
    for what in AFFECTED:
        for name in getattr(said.settings, what):
            found[name] = (*found.get(name, ()), what)
    return sorted(found.items())


STANDARD = "standard"
# Lists whose order says nothing.
SETS = (
    *("daemons", "stages", "sources", "backports", "statuses", "dsn", "also_called"),
    *("code", "text", "sent"),
)
AFFECTED = Affecting.__struct_fields__


class Worded(Struct, frozen=True):
    """One wording of one reply, its text taken apart."""

    reply: Reply
    form: str
    text: Text


class Catalog(Noun, frozen=True, kw_only=True, dict=True):
    """What Postfix can say. Everything with a name is keyed by it."""

    schema: Annotated[Value, kept("Where an editor finds this schema.")] = field(name="$schema")
    version: Annotated[Version, kept("The version of the packages made from this catalog.")]
    postfix: Annotated[Postfix, kept("The newest Postfix version that it was read from.")]
    project: Annotated[Project, kept("Where the project lives, and the names of its packages.")]
    severities: Annotated[dict[Name, Severity], kept("What first digits mean.")]
    parties: Annotated[dict[Name, Party], kept("Who can be the one to act.")]
    retries: Annotated[dict[Name, Retry], kept("Answers to whether trying again can help.")]
    verdicts: Annotated[dict[Name, Verdict], kept("What values can change.")]
    everywhere: Annotated[
        dict[Name, Influence], kept("The main.cf settings that change every reply.")
    ]
    origins: Annotated[dict[Name, Origin], kept("Whose words a text can be: own, site, unknown.")]
    stages: Annotated[dict[Name, Stage], kept("The stages of a session.")]
    statuses: Annotated[
        dict[Name, DeliveryStatus], kept("What can become of mail for a recipient.")
    ]
    categories: Annotated[dict[Name, Category], kept("What replies are about.")]
    placeholders: Annotated[dict[Name, Placeholder], kept("Every placeholder.")]
    settings: Annotated[dict[SettingName, Setting], kept("Every main.cf setting named.")]
    reply_codes: Annotated[dict[CodeKey, ReplyCode], kept("The reply codes in general.")]
    enhanced_codes: Annotated[dict[Status, EnhancedCode], kept("The registered status codes.")]
    not_replies: Annotated[
        tuple[NotSaid, ...], kept("Texts in the source that read like replies and are not.")
    ]
    not_reasons: Annotated[
        tuple[NotSaid, ...], kept("Texts in the source that read like reasons and are not.")
    ]
    speakers: Annotated[dict[Name, Speaker], kept("Who can have spoken in a held text.")]
    kinds: Annotated[dict[Name, Kind], kept("What a held text can be.")]
    fields: Annotated[dict[FieldName, Field], kept("What stands around replies, by name.")]
    programs: Annotated[tuple[Value, ...], kept("The Postfix programs that log.")]
    wrappers: Annotated[
        tuple[Wrapper, ...], kept("What stands around what is said in logs, in order.")
    ]
    exceptions: Annotated[
        tuple[Wrapper, ...], kept("What clients put before or around replies, in order.")
    ]
    marks: Annotated[tuple[Mark, ...], kept("How transcripts mark lines, the longest first.")]
    replies: Annotated[
        dict[Id, Reply], Meta(min_length=1), kept("What Postfix servers say, by id.")
    ]
    reasons: Annotated[dict[Id, Reason], kept("What the delivery side says, by id.")]

    @cached_property
    def types(self) -> dict[str, str]:
        """The type of each placeholder."""
        return {name: placeholder.type for name, placeholder in self.placeholders.items()}

    @cached_property
    def worded(self) -> list[Worded]:
        """Every wording of every reply, its text taken apart once."""
        return [
            Worded(reply, form, Text.of(wording, self.types))
            for reply in self.replies.values()
            for form, wording in wordings(reply)
        ]

    def said(self) -> Iterator[Said]:
        """Every reply, then every reason."""
        yield from self.replies.values()
        yield from self.reasons.values()

    def severity(self, code: int) -> str:
        """The severity of a reply code."""
        return next(
            (name for name, severity in self.severities.items() if severity.digit == code // 100),
            "",
        )

    def groups(self) -> dict[int, list[Reply]]:
        """The replies by default code."""
        return _grouped((reply.code, reply) for reply in self.replies.values())

    def by_code(self) -> dict[int, list[Reply]]:
        """The replies that travel under each code, in canonical order."""
        found = _grouped(
            (code, reply)
            for reply in self.replies.values()
            for code in dict.fromkeys(variant.code for variant in reply.variants)
        )
        return dict(sorted(found.items()))

    def by_dsn(self) -> dict[str, list[Reason]]:
        """The reasons that come with each status code by themselves, in order of their ids."""
        found = _grouped((dsn, reason) for reason in self.reasons.values() for dsn in reason.dsn)
        return dict(sorted(found.items(), key=lambda item: status_key(item[0])))

    def by_enhanced(self) -> dict[str, list[Reply]]:
        """The replies that travel under each enhanced status code, in canonical order."""
        found = _grouped(
            (enhanced, reply)
            for reply in self.replies.values()
            for enhanced in dict.fromkeys(variant.enhanced for variant in reply.variants)
            if enhanced is not None
        )
        return dict(sorted(found.items(), key=lambda item: status_key(item[0])))

    def pairs(self) -> list[tuple[int, str | None, Reply]]:
        """Every reply under every pair that it travels under, sorted by pair and text."""
        pairs = [
            (variant.code, variant.enhanced, reply)
            for reply in self.replies.values()
            for variant in reply.variants
        ]
        return sorted(pairs, key=lambda pair: (pair[0], status_key(pair[1]), pair[2].text))


def _grouped(pairs: Iterable[tuple[Any, One]]) -> dict[Any, list[One]]:
    found: dict[Any, list[One]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def status_key(enhanced: str | None) -> list[int]:
    """The sort key of an enhanced status code; none comes first."""
    return [int(part) for part in enhanced.split(".") if part != "X"] if enhanced else []


def reply_key(reply: Reply) -> tuple[int, list[int], str]:
    """The canonical order of replies: default code, enhanced status code and id."""
    return reply.code, status_key(reply.enhanced), reply.id


# The sections whose nouns know their own key, and in which attribute; the file has it once.
KEYED: dict[str, tuple[type[Noun], str]] = {
    "replies": (Reply, "id"),
    "reasons": (Reason, "id"),
    "reply_codes": (ReplyCode, "code"),
    "enhanced_codes": (EnhancedCode, "code"),
}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of catalog.json, for editors and for error messages."""
    made = msgspec.json.schema(Catalog)
    for definition in made["$defs"].values():
        definition.pop("description", None)  # docstrings are gone under python -OO
    for noun, attribute in KEYED.values():
        del made["$defs"][noun.__name__]["properties"][attribute]
    heading = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Postfix replies",
    }
    return heading | made
