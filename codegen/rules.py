"""Every rule that spans more than one field; the shapes of single fields are in catalog.py."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from codegen.ambiguous import ambiguities, rivals
from codegen.catalog import AFFECTED, Catalog, Reason, Reply, Said, Twin, Wrapper, wordings
from codegen.places import Pointer
from codegen.tables import Tables
from codegen.texts import FOREIGN, PLACEHOLDER, Text, split_line
from codegen.wrappers import REPEATED, Wording, reworded

Problem = tuple[Pointer, str, str]  # where, what is wrong, the rule's id

RULES = frozenset(
    "ambiguous class-mismatch duplicate-form duplicate-id duplicate-key duplicate-pair "
    "duplicate-summary example-mismatch json layout name-collision opening placeholder-name "
    "placeholder-syntax repeated retry-note severities shape status twins undefined-placeholder "
    "unknown unused".split()
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
    for every, rules in OF_EACH:
        for where, said in every(catalog):
            for of_one in rules:
                for place, what, rule_id in of_one(said):
                    yield (*where, *place), what, rule_id


def _replies(catalog: Catalog) -> Iterator[tuple[Pointer, Reply]]:
    for an_id, reply in catalog.replies.items():
        yield ("replies", an_id), reply


def _reasons(catalog: Catalog) -> Iterator[tuple[Pointer, Reason]]:
    for an_id, reason in catalog.reasons.items():
        yield ("reasons", an_id), reason


def _said(catalog: Catalog) -> Iterator[tuple[Pointer, Said]]:
    """Every reply and every reason, and where it stands."""
    yield from _replies(catalog)
    yield from _reasons(catalog)


def _ids(catalog: Catalog) -> Iterator[Problem]:
    """No id is used twice, old ones included, neither of a reply nor of a reason."""
    owner = dict.fromkeys(catalog.replies, "")
    for where, reason in _reasons(catalog):
        if reason.id in owner:
            yield where, f"{reason.id} is also the id of a reply", "duplicate-id"
        owner[reason.id] = ""
    for where, said in _said(catalog):
        for nth, old in enumerate(said.formerly):
            if old in owner:
                what = f"{old} is or was another id"
                yield (*where, "formerly", nth), what, "duplicate-id"
            owner[old] = said.id
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
    """What is named is in the catalog, and most of what is in the catalog is named."""
    used: dict[str, set[str]] = {section: set() for section in SECTIONS}
    for where, said in _said(catalog):
        for section, place, name in _named(said):
            used[section].add(name)
            if name not in getattr(catalog, section):
                yield (*where, *place), f"{name} is not in {section}", "unknown"
    for worded in catalog.worded:
        used["placeholders"].update(worded.text.holes)
    for wording in reworded(catalog):
        used["placeholders"].update(hole.name for hole in wording.holes)
    used["settings"].update(catalog.everywhere)
    for section in ("categories", "placeholders", "settings", "verdicts"):
        for name in getattr(catalog, section):
            if name not in used[section]:
                yield (section, name), f"nothing in the catalog uses {name}", "unused"


def _of_categories(catalog: Catalog) -> Iterator[Problem]:
    """The registered code nearest to a category is one."""
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
    for name, party in catalog.parties.items():
        if party.repeated not in (None, *catalog.parties):
            what = f"{party.repeated} is not in parties"
            yield ("parties", name, "repeated"), what, "unknown"


def _named(said: Said) -> Iterator[tuple[str, Pointer, str]]:
    """The section, the place and the name of all that a reply or reason names."""
    yield "categories", ("category",), said.category
    if said.must_act is not None:
        yield "parties", ("must_act",), said.must_act
    yield "retries", ("retry",), said.retry
    yield "origins", ("words",), said.words
    for nth, weighed in enumerate(said.verdicts):
        yield "verdicts", ("verdicts", nth, "verdict"), weighed.verdict
    for what in AFFECTED:
        for nth, setting in enumerate(getattr(said.settings, what)):
            yield "settings", ("settings", what, nth), setting
    if isinstance(said, Reply):
        for nth, stage in enumerate(said.stages):
            yield "stages", ("stages", nth), stage
        return
    for nth, status in enumerate(said.statuses):
        yield "statuses", ("statuses", nth), status
    for nth, daemon in enumerate(said.daemons):
        yield "programs", ("daemons", nth), daemon


SECTIONS = (
    "categories origins parties placeholders programs retries settings stages statuses verdicts"
).split()


def _statuses(catalog: Catalog) -> Iterator[Problem]:
    """Status codes are of the class of a status, and retry says what the statuses say."""
    digits = {name: str(status.digit) for name, status in catalog.statuses.items()}
    for where, reason in _reasons(catalog):
        classes = {digits[status] for status in reason.statuses if status in digits}
        for nth, dsn in enumerate(reason.dsn):
            if classes and dsn[0] not in classes:
                yield (*where, "dsn", nth), f"no status of it has class {dsn[0]}", "status"
        done = classes == {"2"}
        if classes and done != (reason.retry == "no_need"):
            what = f"retry is {reason.retry} although the mail is {'' if done else 'not '}delivered"
            yield (*where, "retry"), what, "status"
        for nth, weighed in enumerate(reason.verdicts):
            verdict = catalog.verdicts.get(weighed.verdict)
            if verdict is not None and verdict.temporary:
                what = f"{weighed.verdict} fits 4xx replies only"
                yield (*where, "verdicts", nth), what, "status"


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
    """Twins are other replies or reasons, and say the same of this one."""
    twins: dict[Pointer, set[Pointer]] = {
        where: {_twin(twin) for twin in said.twins} for where, said in _said(catalog)
    }
    for where, said in _said(catalog):
        for nth, twin in enumerate(said.twins):
            place = (*where, "twins", nth)
            other = _twin(twin)
            if (twin.reply is None) == (twin.reason is None):
                yield place, "names a reply or a reason, one of the two", "twins"
            elif other == where or other not in twins:
                yield place, f"{other[1]} is not another one in {other[0]}", "twins"
            elif where not in twins[other]:
                yield place, f"{other[1]} does not have {said.id} as a twin", "twins"


def _twin(twin: Twin) -> Pointer:
    return ("replies", twin.reply) if twin.reply is not None else ("reasons", twin.reason or "")


def _summaries(catalog: Catalog) -> Iterator[Problem]:
    """No two replies or reasons have one summary."""
    owner: dict[str, str] = {}
    for where, said in _said(catalog):
        first = owner.setdefault(said.summary, said.id)
        if first != said.id:
            yield (*where, "summary"), f"{first} has this summary", "duplicate-summary"


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
    yield from _parted(text.literals, text.holes)


def _parted(literals: tuple[str, ...], holes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if any("{" in literal or "}" in literal for literal in literals):
        yield "has a brace that is not part of a {placeholder}", "placeholder-syntax"
    if "" in literals[1:-1]:
        yield "has two placeholders with nothing between them", "placeholder-syntax"
    if len(holes) != len(set(holes)):
        yield "has one placeholder twice", "placeholder-syntax"
    if len(holes) > HOLES:
        yield f"has more than {HOLES} placeholders", "placeholder-syntax"


def _wordings(catalog: Catalog) -> Iterator[Problem]:
    """Every text of a reason can be taken apart, and its holes are placeholders of the catalog."""
    places: dict[str, Iterator[Pointer]] = {
        an_id: chain([("text",)], (("forms", nth, "text") for nth in range(len(reason.forms))))
        for an_id, reason in catalog.reasons.items()
    }
    for reason in catalog.reasons.values():
        for _, text in wordings(reason):
            where = ("reasons", reason.id, *next(places[reason.id]))
            parts = PLACEHOLDER.split(text)
            for hole in parts[1::2]:
                if hole not in catalog.placeholders:
                    yield where, f"{{{hole}}} is not in placeholders", "undefined-placeholder"
                elif catalog.placeholders[hole].type == "host":
                    yield where, f"{{{hole}}} is of type host, which replies alone have", "shape"
            for what, rule in _parted(tuple(parts[::2]), tuple(parts[1::2])):
                yield where, what, rule
            if len(REPEATED.keys() & set(parts[1::2])) > 1:
                yield where, "repeats more than one: {reply} or {reason}", "placeholder-syntax"


def _weighed(catalog: Catalog) -> Iterator[Problem]:
    """A verdict is on a placeholder of the texts that it is given for."""
    for where, said in _said(catalog):
        holes = {hole for _, text in wordings(said) for hole in PLACEHOLDER.findall(text)}
        for nth, weighed in enumerate(said.verdicts):
            if weighed.placeholder not in holes:
                what = f"no text of it has {{{weighed.placeholder}}}"
                yield (*where, "verdicts", nth), what, "undefined-placeholder"


def _ambiguous(catalog: Catalog) -> Iterator[Problem]:
    """No line can be two replies equally well, no words two reasons."""
    for one, other in ambiguities(Tables.of(catalog)):
        rival = "another wording of it" if one.reply is other.reply else one.reply.id
        what = f"ambiguous: some lines match this and {rival} equally well"
        yield ("replies", other.reply.id, "text"), what, "ambiguous"
    for first, second in rivals(reworded(catalog)):
        rival = "another wording of it" if first.reason is second.reason else first.reason.id
        what = f"ambiguous: some words match this and {rival} equally well"
        yield ("reasons", second.reason.id, "text"), what, "ambiguous"


def _examples(catalog: Catalog) -> Iterator[Problem]:
    """Every example is a line of its reply, or words of its reason; none is there twice."""
    texts: dict[str, list[Text]] = {}
    for worded in catalog.worded:
        texts.setdefault(worded.reply.id, []).append(worded.text)
    for reply in catalog.replies.values():
        for nth, line in enumerate(reply.examples):
            for what, rule in _example(reply, texts[reply.id], line):
                yield ("replies", reply.id, "examples", nth), what, rule
    told: dict[str, list[Wording]] = {}
    for wording in reworded(catalog):
        told.setdefault(wording.reason.id, []).append(wording)
    for reason in catalog.reasons.values():
        for nth, words in enumerate(reason.examples):
            if not any(wording.fits(words) for wording in told[reason.id]):
                where = ("reasons", reason.id, "examples", nth)
                yield where, f"does not match {reason.text}", "example-mismatch"


def _once(said: Said) -> Iterator[Problem]:
    """No example is there twice."""
    for nth, example in enumerate(said.examples):
        if example in said.examples[:nth]:
            yield ("examples", nth), "is there twice", "repeated"


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


def _forms(said: Said) -> Iterator[Problem]:
    """Every form has a name of its own."""
    names = ["standard"]
    for nth, form in enumerate(said.forms):
        if form.form in names:
            what = f"another form is called {form.form}"
            yield ("forms", nth, "form"), what, "duplicate-form"
        names.append(form.form)


def _repeated(said: Said) -> Iterator[Problem]:
    """Lists that are sets have each value once, and those that must not be empty are not."""
    own = ("stages",) if isinstance(said, Reply) else ("statuses", "dsn")
    sets: dict[Pointer, tuple[str, ...]] = {
        (key,): getattr(said, key) for key in ("daemons", "sources", "backports", *own)
    }
    sets |= {("settings", what): getattr(said.settings, what) for what in AFFECTED}
    for where, values in sets.items():
        if len(set(values)) != len(values):
            yield where, f"{where[-1]} must have each value once", "repeated"
    for key in ("daemons", "stages") if isinstance(said, Reply) else ("daemons", "sources"):
        if not getattr(said, key):
            yield (key,), f"{key} must not be empty", "shape"


def _decided(reason: Reason) -> Iterator[Problem]:
    """Who must act is said, unless the text repeats what decides it."""
    holes = {hole for _, text in wordings(reason) for hole in PLACEHOLDER.findall(text)}
    if reason.must_act is None and not REPEATED.keys() & holes:
        yield ("must_act",), "must not be null: the text repeats no {reply} or {reason}", "shape"


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
    _of_categories,
    _of_verdicts,
    _severities,
    _registered,
    _twins,
    _summaries,
    _texts,
    _wordings,
    _statuses,
    _examples,
    _weighed,
    _wrappers,
    _spoken,
    _ambiguous,
)
OF_EACH: tuple[tuple[Callable[..., Any], tuple[Callable[..., Any], ...]], ...] = (
    (_replies, (_classes, _retry)),
    (_reasons, (_decided,)),
    (_said, (_forms, _once, _repeated)),
)
