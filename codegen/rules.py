"""Every rule that spans more than one field; the shapes of single fields are in catalog.py."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from codegen.ambiguous import ambiguities
from codegen.catalog import AFFECTED, Catalog, Reply, Wrapper
from codegen.places import Pointer
from codegen.tables import Tables
from codegen.texts import FOREIGN, PLACEHOLDER, Text, split_line

Problem = tuple[Pointer, str, str]  # where, what is wrong, the rule's id

RULES = frozenset(
    "ambiguous class-mismatch duplicate-form duplicate-id duplicate-key duplicate-pair "
    "duplicate-summary example-mismatch json layout name-collision opening placeholder-name "
    "placeholder-syntax repeated retry-note severities shape twins undefined-placeholder unknown "
    "unused".split()
)
OPENING = (
    'cannot be recognised: start with 3 fixed characters, with "<{x}>: " and at most one more '
    "placeholder, both of type text, or with a host placeholder and fixed text"
)
HOLES = 20  # in one text
LIKE_ENHANCED = re.compile(r"[245]\.(?:[0-9]|$)")


def problems(catalog: Catalog) -> Iterator[Problem]:
    """All that is wrong with a catalog of right shape."""
    for rule in OF_THE_WHOLE:
        yield from rule(catalog)
    for reply in catalog.replies.values():
        for of_one in OF_A_REPLY:
            for where, what, rule_id in of_one(reply):
                yield ("replies", reply.id, *where), what, rule_id


def _ids(catalog: Catalog) -> Iterator[Problem]:
    """No id is used twice, old ones included."""
    owner = dict.fromkeys(catalog.replies, "")
    for reply in catalog.replies.values():
        for nth, old in enumerate(reply.formerly):
            if old in owner:
                what = f"{old} is or was another id"
                yield ("replies", reply.id, "formerly", nth), what, "duplicate-id"
            owner[old] = reply.id
    named: dict[str, str] = {}
    for section in ("reply_codes", "enhanced_codes"):
        for code, noun in getattr(catalog, section).items():
            if named.setdefault(noun.id, code) != code:
                yield (section, code, "id"), f"{named[noun.id]} has this id", "duplicate-id"


def _pairs(catalog: Catalog) -> Iterator[Problem]:
    """A text under a pair of codes is one reply."""
    owner: dict[tuple[int, str | None, str], str] = {}
    for worded in catalog.worded:
        reply = worded.reply
        if worded.form != "standard":
            continue
        for nth, variant in enumerate(reply.variants):
            key = (variant.code, variant.enhanced, reply.text)
            other = owner.setdefault(key, reply.id)
            if other != reply.id and worded.text.family == FOREIGN:
                continue
            if other != reply.id or variant in reply.variants[:nth]:
                pair = f"{variant.code} {variant.enhanced or ''}".rstrip()
                what = f"{other} already has this text under {pair}"
                yield ("replies", reply.id, "variants", nth), what, "duplicate-pair"


def _names(catalog: Catalog) -> Iterator[Problem]:
    """What a reply names is in the catalog, and most of what is in the catalog is named."""
    used: dict[str, set[str]] = {section: set() for section in NAMED_BY}
    for section, named_by in NAMED_BY.items():
        known = getattr(catalog, section)
        for pointer, name in chain.from_iterable(map(named_by, catalog.replies.values())):
            used[section].add(name)
            if name not in known:
                yield pointer, f"{name} is not in {section}", "unknown"
    for worded in catalog.worded:
        used["placeholders"].update(worded.text.holes)
    used["settings"].update(catalog.everywhere)
    yield from _of_verdicts(catalog)
    for section in ("categories", "placeholders", "settings", "verdicts"):
        for name in getattr(catalog, section):
            if name not in used[section]:
                yield (section, name), f"nothing in the catalog uses {name}", "unused"
    for name, category in catalog.categories.items():
        if category.enhanced not in (None, *catalog.enhanced_codes):
            what = f"{category.enhanced} is not in enhanced_codes"
            yield ("categories", name, "enhanced"), what, "unknown"


def _of_verdicts(catalog: Catalog) -> Iterator[Problem]:
    for name, verdict in catalog.verdicts.items():
        for key, section in (("must_act", "parties"), ("retry", "retries")):
            if getattr(verdict, key) not in getattr(catalog, section):
                what = f"{getattr(verdict, key)} is not in {section}"
                yield ("verdicts", name, key), what, "unknown"
        if not (verdict.equals or verdict.begins or verdict.contains):
            yield ("verdicts", name), "fits no value: give equals, begins or contains", "shape"
    for name in catalog.everywhere:
        if name not in catalog.settings:
            yield ("everywhere", name), f"{name} is not in settings", "unknown"


def _verdicts(reply: Reply) -> Iterator[tuple[Pointer, str]]:
    for nth, weighed in enumerate(reply.verdicts):
        yield ("replies", reply.id, "verdicts", nth, "verdict"), weighed.verdict


def _one(key: str) -> Callable[[Reply], Iterator[tuple[Pointer, str]]]:
    def named(reply: Reply) -> Iterator[tuple[Pointer, str]]:
        yield ("replies", reply.id, key), getattr(reply, key)

    return named


def _stages(reply: Reply) -> Iterator[tuple[Pointer, str]]:
    for nth, stage in enumerate(reply.stages):
        yield ("replies", reply.id, "stages", nth), stage


def _affecting(reply: Reply) -> Iterator[tuple[Pointer, str]]:
    for what in AFFECTED:
        for nth, setting in enumerate(getattr(reply.settings, what)):
            yield ("replies", reply.id, "settings", what, nth), setting


NAMED_BY: dict[str, Callable[[Reply], Iterable[tuple[Pointer, str]]]] = {
    "categories": _one("category"),
    "parties": _one("must_act"),
    "retries": _one("retry"),
    "origins": _one("words"),
    "verdicts": _verdicts,
    "stages": _stages,
    "settings": _affecting,
    "placeholders": lambda reply: (),
}


def _severities(catalog: Catalog) -> Iterator[Problem]:
    """Each first digit has one meaning, each stage one place."""
    digits = [severity.digit for severity in catalog.severities.values()]
    if sorted(digits) != [2, 3, 4, 5]:
        yield (
            "severities",
        ), "severities must have the digits 2, 3, 4 and 5 once each", "severities"
    steps = [stage.step for stage in catalog.stages.values()]
    if len(set(steps)) != len(steps):
        yield ("stages",), "stages must have each step once", "severities"


def _registered(catalog: Catalog) -> Iterator[Problem]:
    """The reply codes registered with an enhanced status code are named once each."""
    for status, registered in catalog.enhanced_codes.items():
        if len(set(registered.reply_codes)) != len(registered.reply_codes):
            where = ("enhanced_codes", status, "reply_codes")
            yield where, "reply_codes must have each value once", "repeated"


def _twins(catalog: Catalog) -> Iterator[Problem]:
    """Twins are other replies, and say the same of this one."""
    twins = {reply.id: {twin.reply for twin in reply.twins} for reply in catalog.replies.values()}
    for reply in catalog.replies.values():
        for nth, twin in enumerate(reply.twins):
            where = ("replies", reply.id, "twins", nth)
            if twin.reply == reply.id or twin.reply not in twins:
                yield where, f"{twin.reply} is not another reply", "twins"
            elif reply.id not in twins[twin.reply]:
                yield where, f"{twin.reply} does not have {reply.id} as a twin", "twins"


def _summaries(catalog: Catalog) -> Iterator[Problem]:
    """No two replies have one summary."""
    owner: dict[str, str] = {}
    for reply in catalog.replies.values():
        first = owner.setdefault(reply.summary, reply.id)
        if first != reply.id:
            what = f"{first} has this summary"
            yield ("replies", reply.id, "summary"), what, "duplicate-summary"


def _texts(catalog: Catalog) -> Iterator[Problem]:
    """Every text can be recognised, and its holes are placeholders of the catalog."""
    nth: dict[str, int] = {}
    for worded in catalog.worded:
        at = nth[worded.reply.id] = nth.get(worded.reply.id, -2) + 1
        where = ("replies", worded.reply.id, *(("text",) if at < 0 else ("forms", at, "text")))
        for hole in worded.text.holes:
            if hole not in catalog.placeholders:
                yield where, f"{{{hole}}} is not in placeholders", "undefined-placeholder"
        for what, rule in _text(worded.text):
            yield where, what, rule


def _text(text: Text) -> Iterator[tuple[str, str]]:
    if text.family is None:
        yield OPENING, "opening"
    if LIKE_ENHANCED.match(text.literals[0]):
        yield "begins like an enhanced status code", "opening"
    if any("{" in literal or "}" in literal for literal in text.literals):
        yield "has a brace that is not part of a {placeholder}", "placeholder-syntax"
    if "" in text.literals[1:-1]:
        yield "has two placeholders with nothing between them", "placeholder-syntax"
    if len(text.holes) != len(set(text.holes)):
        yield "has one placeholder twice", "placeholder-syntax"
    if len(text.holes) > HOLES:
        yield f"has more than {HOLES} placeholders", "placeholder-syntax"


def _weighed(catalog: Catalog) -> Iterator[Problem]:
    """A verdict is on a placeholder of the reply's own texts."""
    holes: dict[str, set[str]] = {}
    for worded in catalog.worded:
        holes.setdefault(worded.reply.id, set()).update(worded.text.holes)
    for reply in catalog.replies.values():
        for nth, weighed in enumerate(reply.verdicts):
            if weighed.placeholder not in holes[reply.id]:
                what = f"no text of the reply has {{{weighed.placeholder}}}"
                yield ("replies", reply.id, "verdicts", nth), what, "undefined-placeholder"


def _ambiguous(catalog: Catalog) -> Iterator[Problem]:
    """No line can be two replies equally well."""
    for one, other in ambiguities(Tables.of(catalog)):
        rival = "another wording of it" if one.reply is other.reply else one.reply.id
        what = f"ambiguous: some lines match this and {rival} equally well"
        yield ("replies", other.reply.id, "text"), what, "ambiguous"


def _examples(catalog: Catalog) -> Iterator[Problem]:
    """Every example is a line of its reply."""
    texts: dict[str, list[Text]] = {}
    for worded in catalog.worded:
        texts.setdefault(worded.reply.id, []).append(worded.text)
    for reply in catalog.replies.values():
        for nth, line in enumerate(reply.examples):
            for what, rule in _example(reply, texts[reply.id], line):
                yield ("replies", reply.id, "examples", nth), what, rule
            if line in reply.examples[:nth]:
                yield ("replies", reply.id, "examples", nth), "is there twice", "repeated"


def _example(reply: Reply, texts: list[Text], line: str) -> Iterator[tuple[str, str]]:
    code, enhanced, said = split_line(line)
    if all(text.captures(said) is None for text in texts):
        yield f"does not match {reply.text}", "example-mismatch"
    elif all((variant.code, variant.enhanced) != (code, enhanced) for variant in reply.variants):
        yield "has codes of no variant", "example-mismatch"


def _classes(reply: Reply) -> Iterator[Problem]:
    """Both codes of a variant are of one class."""
    for nth, variant in enumerate(reply.variants):
        if variant.enhanced is not None and variant.enhanced[0] != str(variant.code)[0]:
            what = f"{variant.enhanced} is not of the class of {variant.code}"
            yield ("variants", nth, "enhanced"), what, "class-mismatch"


def _retry(reply: Reply) -> Iterator[Problem]:
    """What the codes say of trying again is in retry, or retry_note says why not."""
    misleads = {"later": 5, "change_first": 4}.get(reply.retry)
    needed = any(variant.code // 100 == misleads for variant in reply.variants)
    if needed and reply.retry_note is None:
        what = f"retry is {reply.retry} although a code is {misleads}yz: add a retry_note"
        yield ("retry",), what, "retry-note"
    if reply.retry_note is not None and not needed:
        yield ("retry_note",), "no code contradicts retry: remove retry_note", "retry-note"


def _forms(reply: Reply) -> Iterator[Problem]:
    """Every form has a name of its own."""
    names = ["standard"]
    for nth, form in enumerate(reply.forms):
        if form.form in names:
            what = f"the reply has another form called {form.form}"
            yield ("forms", nth, "form"), what, "duplicate-form"
        names.append(form.form)


def _repeated(reply: Reply) -> Iterator[Problem]:
    """Lists that are sets have each value once, and those that must not be empty are not."""
    sets: dict[Pointer, tuple[str, ...]] = {
        (key,): getattr(reply, key) for key in ("daemons", "stages", "sources", "backports")
    }
    sets |= {("settings", what): getattr(reply.settings, what) for what in AFFECTED}
    for where, values in sets.items():
        if len(set(values)) != len(values):
            yield where, f"{where[-1]} must have each value once", "repeated"
    for key in ("daemons", "stages"):
        if not getattr(reply, key):
            yield (key,), f"{key} must not be empty", "shape"


def _wrappers(catalog: Catalog) -> Iterator[Problem]:
    """What wrappers and marks name is in the catalog, and every wrapper can be taken apart."""
    for section, most in (("wrappers", "programs"), ("exceptions", "")):
        for nth, wrapper in enumerate(getattr(catalog, section)):
            yield from _wrapper((section, nth), wrapper, catalog)
            if most and not wrapper.daemons:
                yield (section, nth), "names no program that logs it", "shape"
            if not most and wrapper.speaker is None:
                yield (section, nth), "names no speaker", "shape"
            if not most and "{" not in wrapper.text:
                yield (section, nth, "text"), "has no {field}", "placeholder-syntax"
    for nth, text in enumerate(catalog.quotes):
        yield from _held(("quotes", nth), text, catalog)
        if "{line}" not in text:
            yield ("quotes", nth), "has no {line}", "placeholder-syntax"
    for nth, mark in enumerate(catalog.marks):
        if mark.kind not in catalog.kinds:
            yield ("marks", nth, "kind"), f"{mark.kind} is not in kinds", "unknown"


def _wrapper(where: Pointer, wrapper: Wrapper, catalog: Catalog) -> Iterator[Problem]:
    yield from _held((*where, "text"), wrapper.text, catalog, tuple(wrapper.each))
    named = [("kind", wrapper.kind, "kinds"), ("speaker", wrapper.speaker, "speakers")]
    named += [("daemons", daemon, "programs") for daemon in wrapper.daemons]
    named += [("fields", name, "fields") for name in wrapper.fields]
    for key, name, section in named:
        if name is not None and name not in getattr(catalog, section):
            yield (*where, key), f"{name} is not in {section}", "unknown"
    for name in wrapper.each:
        if f"{{{name}}}" not in wrapper.text:
            yield (*where, "each", name), f"the text has no {{{name}}}", "undefined-placeholder"


def _held(
    where: Pointer, text: str, catalog: Catalog, filled: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """The holes of a wrapper are fields, and something stands between any two of them."""
    for name in PLACEHOLDER.findall(text):
        if name not in catalog.fields:
            yield where, f"{{{name}}} is not in fields", "undefined-placeholder"
    literals = PLACEHOLDER.sub(lambda hole: "x" if hole[1] in filled else hole[0], text)
    if "}{" in literals:
        yield where, "has two fields with nothing between them", "placeholder-syntax"
    if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
        yield where, "has a brace that is not part of a {field}", "placeholder-syntax"


def _spoken(catalog: Catalog) -> Iterator[Problem]:
    """The kinds and speakers that packages name themselves are in the catalog."""
    for section, names in NAMED_BY_PACKAGES.items():
        for name in names:
            if name not in getattr(catalog, section):
                yield (section,), f"{name} is missing: the packages name it", "unknown"


NAMED_BY_PACKAGES = {
    "kinds": (
        "bounce_dsn bounce_message bounce_text client_aiosmtplib client_go_textproto "
        "client_nodemailer client_other client_session client_smtplib daemon delivery "
        "delivery_info queue_listing reason reply"
    ).split(),
    "speakers": "command delivery remote server smtpd".split(),
}
OF_THE_WHOLE = (
    _ids,
    _pairs,
    _names,
    _severities,
    _registered,
    _twins,
    _summaries,
    _texts,
    _examples,
    _weighed,
    _wrappers,
    _spoken,
    _ambiguous,
)
OF_A_REPLY = (_classes, _retry, _forms, _repeated)
