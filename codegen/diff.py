"""Two catalogs compared by meaning: what a user of the packages, or of their JSON, would notice.

Each comparison is a generator of what it sees. The tables say which one each key is compared by;
breaking.py says what that means. Order and layout mean nothing, but where the first that fits is
taken; the version and $schema are not compared.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from codegen import catalog
from codegen.breaking import RULES, Change, Report
from codegen.catalog import STANDARD
from codegen.errors import WRONG_CATALOG, CodegenError, shown
from codegen.lines import Lines, wordings
from codegen.places import Places, Pointer
from codegen.revisions import Held
from codegen.texts import Text


class Seen(NamedTuple):
    """A change: its rule, where below what is compared, and what it is in plain English."""

    rule: str
    at: Pointer
    what: str
    gone: bool = False  # then the place is one of the old catalog

    def below(self, *at: str | int) -> "Seen":
        """The same from further out."""
        return self._replace(at=(*at, *self.at))


Plain = dict[str, Any]
Compare = Callable[[str, Any, Any], Iterator[Seen]]


def compare(old: Held, new: Held) -> Report:
    """All that changed from one catalog to the other."""
    odd = [*old.odd, *new.odd]
    plain = [_without(each.plain, odd) for each in (old, new)]
    seen = [*_keys(old, new), *_changes(*plain)]
    return Report(old.version, new.version, _placed(seen, old, new))


def _without(plain: Any, odd: list[Pointer]) -> Any:
    """What both catalogs can be compared by: of what one has in another shape, neither has."""
    if not odd or not isinstance(plain, dict):
        return plain
    inner = {key: [at[1:] for at in odd if at[:1] == (key,)] for key in plain}
    return {key: _without(part, inner[key]) for key, part in plain.items() if () not in inner[key]}


def _placed(seen: list[Seen], old: Held, new: Held) -> list[Change]:
    """The changes with their places, the gravest first, then in the order of the files."""
    holders = {gone: old if gone else new for gone in {one.gone for one in seen}}
    places = {gone: _places(holder) for gone, holder in holders.items()}
    found = []
    for one in seen:
        where, offset = places[one.gone], places[one.gone].of(one.at)
        subject = "" if one.rule.startswith("fact-") else _subject(one.at)
        place = (holders[one.gone].path, *where.line_and_column(offset))
        change = Change(
            RULES[one.rule].verdict, *place, _printable(subject), _printable(one.what), one.rule
        )
        found.append((-change.verdict, one.gone, offset, change))
    return [change for *_, change in sorted(found, key=lambda row: row[:3])]


def _places(of: Held) -> Places:
    try:
        return Places(of.text)
    except RecursionError:
        raise CodegenError(f"{of.path}: nests too deeply", WRONG_CATALOG) from None


def _subject(at: Pointer) -> str:
    """The id or name that a change is about; the section where it is one of a list."""
    if len(at) < 2:
        return ""
    return at[1] if isinstance(at[1], str) else str(at[0])


def _printable(said: str) -> str:
    """What stands on a line: an old catalog may have any name."""
    return said if said.isprintable() else ascii(said)[1:-1]


def _changes(old: Plain, new: Plain) -> Iterator[Seen]:
    for section, compared in SECTIONS.items():
        for before, now in _both(old.get(section), new.get(section)):
            for seen in compared(section, before, now):
                yield seen.below(section)
    yield from _lines(old, new)


def _both(old: Any, new: Any) -> Iterator[tuple[Any, Any]]:
    """A section of both catalogs. Where one of another shape has none, that is an empty one."""
    if old is not None and new is not None:
        yield old, new
    elif isinstance(old, (dict, list)):
        yield old, type(old)()
    elif isinstance(new, (dict, list)):
        yield type(new)(), new


# A key that is missing and has no default stands for nothing: _keys tells of it.
MISSING: Any = object()


def _keys(old: Held, new: Held) -> Iterator[Seen]:
    """What only one of two shapes of catalogs has: keys that no default stands for."""
    for noun in old.keys.keys() & new.keys.keys():
        before, now = old.keys[noun], new.keys[noun]
        optional = {name for name, default in _defaults(noun).items() if default is not MISSING}
        for key in sorted(before.keys() - now.keys() - optional):
            what = f"{_named(noun)} has no {key} any more"
            yield Seen("fact-removed", before[key], what, gone=True)
        for key in sorted(now.keys() - before.keys() - optional):
            yield Seen("fact-added", now[key], f"{_named(noun)} has {key} now")


def _named(noun: type[msgspec.Struct]) -> str:
    return "the catalog" if noun is catalog.Catalog else f"a {noun.__name__}"


def _defaults(noun: type[msgspec.Struct]) -> Plain:
    """What a missing key of a noun stands for; MISSING where it must be there."""
    found = {}
    for field in msgspec.structs.fields(noun):
        made = field.default_factory
        default = field.default if made is msgspec.NODEFAULT else made()
        missing = default is msgspec.NODEFAULT
        found[field.encode_name] = MISSING if missing else msgspec.to_builtins(default)
    return found


# One value against the other.


def _fact(rule: str, name: str, old: Any, new: Any) -> Iterator[Seen]:
    """What a program compares or branches on."""
    if old != new:
        yield Seen(rule, (), f"{name} is {shown(new)}, was {shown(old)}")


def _target(name: str, old: Any, new: Any) -> Iterator[Seen]:
    """A name that another system has; where there was none, none is lost."""
    yield from _fact("target-name-added" if old is None else "target-name-changed", name, old, new)


def _prose(name: str, old: Any, new: Any) -> Iterator[Seen]:
    if old != new:
        yield Seen("prose-changed", (), f"{name} reads otherwise")


def _details(name: str, old: Any, new: Any) -> Iterator[Seen]:
    if _in_any_order(old) != _in_any_order(new):
        yield Seen(
            "details-changed", (), f"{name} differ" if name[-1] == "s" else f"{name} differs"
        )


def _unsaid(name: str, old: Any, new: Any) -> Iterator[Seen]:
    if _in_any_order(old) != _in_any_order(new):
        yield Seen("details-changed", (), f"what is known to be none of the {name[4:]} differs")


def _in_any_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_any_order(one) for key, one in value.items()}
    return sorted(map(_in_any_order, value), key=repr) if isinstance(value, list) else value


def _members(noun: str, name: str, old: list[Any], new: list[Any]) -> Iterator[Seen]:
    """Lists whose order says nothing."""
    for nth, one in enumerate(old):
        if one not in new:
            yield Seen(f"{noun}-removed", (nth,), f"{name} lacks {shown(one)}", gone=True)
    for nth, one in enumerate(new):
        if one not in old:
            yield Seen(f"{noun}-added", (nth,), f"{name} has {shown(one)} now")


def _type(rules: tuple[str, str], name: str, old: str, new: str) -> Iterator[Seen]:
    """Whether what a hole takes became less or more: a host is a word, and a word is a text."""
    widths = ("host", "word", "text")
    wider = old in widths and new in widths and widths.index(old) < widths.index(new)
    yield from _fact(rules[wider], name, old, new)


Keyed = dict[str, Compare]
# Of members that are gone and new; None where nobody but those who use them notices.
Rules = tuple[str, str] | None


def _noun(noun: type[msgspec.Struct], keys: Keyed, old: Plain, new: Plain) -> Iterator[Seen]:
    """An object, key by key."""
    defaults = _defaults(noun)
    for key, compared in keys.items():
        before, now = (each.get(key, defaults[key]) for each in (old, new))
        if before is not MISSING and now is not MISSING and before != now:
            for seen in compared(key, before, now):
                yield seen.below(key)


def _named_nouns(
    noun: type[msgspec.Struct], keys: Keyed, rules: Rules, name: str, old: Plain, new: Plain
) -> Iterator[Seen]:
    """A section whose members have names. `rules` are those of what is gone and what is new."""
    if rules is not None:
        for key in old.keys() - new.keys():
            yield Seen(rules[0], (key,), f"{_called(old[key])}gone from {name}", gone=True)
        for key in new.keys() - old.keys():
            yield Seen(rules[1], (key,), f"{_called(new[key])}added to {name}")
    for key in old.keys() & new.keys():
        for seen in _noun(noun, keys, old[key], new[key]):
            yield seen.below(key)


def _called(member: Plain) -> str:
    """What the constant of a code is called; other members are called by their keys."""
    return f"{member['id']} is " if "id" in member else ""


# Replies and reasons.


def _pair(variant: Plain) -> tuple[Any, Any]:
    return variant.get("code"), variant.get("enhanced")


def _shown_pair(pair: tuple[Any, Any]) -> str:
    return " ".join(str(part) for part in pair if part is not None)


def _variants(name: str, old: list[Plain], new: list[Plain]) -> Iterator[Seen]:
    """The pairs of codes; the first one is the default."""
    if old and new:
        for key in ("code", "enhanced"):
            for seen in _fact(f"{key}-changed", key, old[0].get(key), new[0].get(key)):
                yield seen.below(0, key)
    before, now = ({_pair(one): nth for nth, one in enumerate(each)} for each in (old, new))
    for pair, nth in before.items():
        if pair not in now:
            what = f"no longer sent under {_shown_pair(pair)}"
            yield Seen("variant-removed", (nth,), what, gone=True)
    for pair, nth in now.items():
        if pair not in before:
            yield Seen("variant-added", (nth,), f"also sent under {_shown_pair(pair)}")
            continue
        for seen in _noun(catalog.Variant, VARIANT, old[before[pair]], new[nth]):
            yield seen._replace(what=f"{seen.what} under {_shown_pair(pair)}").below(nth)


def _weighed(name: str, old: list[Plain], new: list[Plain]) -> Iterator[Seen]:
    """What a hole's value can mean; the first that fits counts."""

    def told(weighed: Plain) -> str:
        return f"{{{weighed.get('placeholder')}}} as {weighed.get('verdict')}"

    for nth, one in enumerate(old):
        if one not in new:
            yield Seen("weighed-removed", (nth,), f"no longer weighs {told(one)}", gone=True)
    for nth, one in enumerate(new):
        if one not in old:
            yield Seen("weighed-added", (nth,), f"weighs {told(one)}")
    if [one for one in old if one in new] != [one for one in new if one in old]:
        yield Seen("weighed-moved", (), "weighs values in another order")


def _forms(name: str, old: list[Plain], new: list[Plain]) -> Iterator[Seen]:
    """What is told of other wordings beside their texts."""
    before = {form.get("form"): form for form in old}
    for nth, form in enumerate(new):
        if form.get("form") in before:
            for seen in _noun(catalog.Form, FORM, before[form["form"]], form):
                yield seen._replace(what=f"{seen.what} in {form['form']}").below(nth)


def _said(noun: type[msgspec.Struct], section: str, old: Any, new: Any) -> Iterator[Seen]:
    """Replies or reasons: their ids, old ones included, then each under its name of now."""
    named = names(new)
    yield from _ids(section, old, new, named)
    for an_id, before in old.items():
        now = named.get(an_id)
        if now and (now == an_id or now not in old):
            keys = REPLY if noun is catalog.Reply else REASON
            for seen in (*_texts(before, new[now]), *_noun(noun, keys, before, new[now])):
                yield seen.below(an_id if seen.gone else now)


def names(said: Plain) -> dict[str, str]:
    """Every id, old ones included, and what has it now."""
    formerly = {old: an_id for an_id, one in said.items() for old in one.get("formerly", ())}
    return formerly | {an_id: an_id for an_id in said}


def _ids(section: str, old: Plain, new: Plain, named: dict[str, str]) -> Iterator[Seen]:
    known = names(old)
    for an_id, current in known.items():
        now, expected = named.get(an_id), named.get(current)
        if an_id == current:
            yield from _id(section, an_id, now, old)
        elif now is None and expected is not None:
            at, what = (current, "formerly"), f"the old name {an_id} is gone"
            yield Seen("old-name-removed", at, what, gone=True)
        elif now != expected and now is not None:
            what = f"the old name {an_id} stands for it, and stood for {current}"
            yield Seen("old-name-moved", (now, "formerly"), what)
    for an_id, now in named.items():
        if an_id not in known and an_id != now and now in known:
            yield Seen("old-name-added", (now, "formerly"), f"the old name {an_id} stands for it")
        elif (
            an_id not in known
            and an_id == now
            and not known.keys() & set(new[now].get("formerly", ()))
        ):
            yield Seen("id-added", (an_id,), f"added to the {section}")


def _id(section: str, an_id: str, now: str | None, old: Plain) -> Iterator[Seen]:
    if now is None:
        what = f"gone from the {section}, without a new name"
        yield Seen("id-removed", (an_id,), what, gone=True)
    elif now != an_id:
        rule, what = ("id-merged", "is now") if now in old else ("id-renamed", "is the new name of")
        at, told = (now,), f"{what} {an_id}"
        if rule == "id-merged":
            told = f"has {an_id} in formerly, which was another one"
        yield Seen(rule, at, told)


def _texts(old: Plain, new: Plain) -> Iterator[Seen]:
    """The wordings of one reply or reason: their names, holes and words."""
    before, now = wordings(old), wordings(new)
    anew = {text: form for form, (text, _) in now.items() if form not in before}
    for form, (text, at) in before.items():
        if form in now:
            yield from _text(form, text, *now[form])
        elif text in anew:
            yield Seen("form-removed", at, f"the form {form} is now called {anew[text]}", gone=True)
        else:
            yield Seen("form-removed", at, f"the form {form} is gone", gone=True)
    said = {text for text, _ in before.values()}
    for form, (text, at) in now.items():
        if form not in before and (text not in said or text == before[STANDARD][0]):
            yield Seen("form-added", at, f"the form {form} is new")


def _text(form: str, old: str, new: str, at: Pointer) -> Iterator[Seen]:
    """Holes by name, then the words around them."""
    where = "" if form == STANDARD else f" in {form}"
    before, now = Text.of(old, {}), Text.of(new, {})
    if before.literals == now.literals and set(before.holes) != set(now.holes):
        for one, other in zip(before.holes, now.holes, strict=True):
            if one != other:
                yield Seen("hole-renamed", at, f"{{{one}}} is now {{{other}}}{where}")
        return
    for hole in before.holes:
        if hole not in now.holes:
            yield Seen("hole-removed", at, f"{{{hole}}} is gone from the text{where}")
    for hole in now.holes:
        if hole not in before.holes:
            yield Seen("hole-added", at, f"{{{hole}}} is new in the text{where}")
    if old != new:
        yield Seen("text-changed", at, f"reads {shown(new)}{where}, was {shown(old)}")


def _lines(old: Plain, new: Plain) -> Iterator[Seen]:
    """What the old catalog has texts or examples of, and the new one takes for something else."""
    for section in ("replies", "reasons"):
        before, now = old.get(section, {}), new.get(section, {})
        knows = Lines(now, new.get("placeholders", {}))
        named = names(now)
        for lost in knows.lost(before, old.get("placeholders", {}), named):
            line = shown(lost.line)
            if lost.now is None:
                what = f"no text fits {line} any more"
                yield Seen("line-lost", (section, lost.id, "text"), what)
            else:
                what = f"{line} is this now, and was {lost.id}"
                yield Seen("line-moved", (section, lost.now, "text"), what)


# What stands around replies: lists of objects that have no names.


def _wrappers(
    noun: type[msgspec.Struct], name: str, old: Sequence[Plain], new: Sequence[Plain]
) -> Iterator[Seen]:
    """Each is known by its text; of several with one text, by their order."""
    before, now = _by_text(old), _by_text(new)
    for key, nth in before.items():
        if key not in now:
            what = f"no longer read: {shown(key[0])}"
            yield Seen("wrapper-removed", (nth,), what, gone=True)
    for key, nth in now.items():
        if key not in before:
            yield Seen("wrapper-added", (nth,), f"read now: {shown(key[0])}")
        else:
            for seen in _wrapper(noun, old[before[key]], new[nth]):
                yield seen.below(nth)
    yield from _moved(old, [(before[key], now[key]) for key in now if key in before])


def _by_text(wrappers: Sequence[Plain]) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    for nth, one in enumerate(wrappers):
        text = one.get("text", "")
        counts[text] = counts.get(text, 0) + 1
        found[text, counts[text]] = nth
    return found


def _wrapper(noun: type[msgspec.Struct], old: Plain, new: Plain) -> Iterator[Seen]:
    """What it is taken for; programs and values that are added only make it fit more."""
    defaults = _defaults(noun)
    for key, default in defaults.items():
        before, now = old.get(key, default), new.get(key, default)
        if _in_any_order(before) != _in_any_order(now):
            rule = "wrapper-widened" if _is_wider(key, before, now) else "wrapper-changed"
            yield Seen(rule, (key,), f"{key} of {shown(new.get('text'))} differs")


def _is_wider(key: str, old: Any, new: Any) -> bool:
    if key == "daemons":
        return set(old) <= set(new)
    if key == "each":
        return old.keys() == new.keys() and all(set(old[name]) <= set(new[name]) for name in old)
    return False


def _moved(old: Sequence[Plain], pairs: Iterable[tuple[int, int]]) -> Iterator[Seen]:
    """Wrappers that stand before another one now, and both can fit one text."""
    passed: list[int] = []
    for before, now in pairs:
        for other in passed:
            if other > before and _can_meet(old[other], old[before]):
                first, second = (shown(old[nth].get("text", "")) for nth in (other, before))
                what = f"{first} is tried before {second}"
                yield Seen("wrapper-moved", (now,), what)
        passed.append(before)


def _can_meet(one: Plain, other: Plain) -> bool:
    leads = [each.get("text", "").partition("{")[0] for each in (one, other)]
    programs = [set(each.get("daemons", ())) for each in (one, other)]
    alike = leads[0].startswith(leads[1]) or leads[1].startswith(leads[0])
    return alike and (not all(programs) or bool(programs[0] & programs[1]))


# Which comparison each key has. What is not here is not compared.

VARIANT: Keyed = {"when": _prose, "since": _details, "until": _details}
FORM: Keyed = {"note": _prose, "since": _details, "until": _details}
SAID: Keyed = {
    **dict.fromkeys(("summary", "cause", "sender_action", "operator_action", "note"), _prose),
    **dict.fromkeys(
        ("since", "until", "twins", "settings", "backports", "sources", "examples", "also_called"),
        _details,
    ),
    "category": partial(_fact, "category-changed"),
    "must_act": partial(_fact, "must-act-changed"),
    "retry": partial(_fact, "retry-changed"),
    "words": partial(_fact, "words-changed"),
    "daemons": partial(_members, "daemon"),
    "verdicts": _weighed,
    "forms": _forms,
}
REPLY: Keyed = SAID | {
    "retry_note": _prose,
    "client_action": _prose,
    "closes": partial(_fact, "closes-changed"),
    "multiline": partial(_fact, "multiline-changed"),
    "stages": partial(_members, "stage"),
    "variants": _variants,
}
REASON: Keyed = SAID | {
    "recipient_action": _prose,
    "dsn": partial(_members, "dsn"),
    "dsn_from": partial(_fact, "dsn-from-changed"),
    "statuses": partial(_members, "status"),
}
MEANING: Keyed = {"meaning": _prose}
MEMBER = ("member-removed", "member-added")


def _project(name: str, old: Plain, new: Plain) -> Iterator[Seen]:
    """Where the project lives, and what its packages are called."""
    renamed = partial(_fact, "package-renamed")
    keys: Keyed = dict.fromkeys(("python", "npm", "go"), renamed)
    keys |= dict.fromkeys(("repository", "page"), _details)
    yield from _noun(catalog.Project, keys, old, new)


def _vocabulary(noun: type[msgspec.Struct], keys: Keyed, rules: Rules = MEMBER) -> Compare:
    return partial(_named_nouns, noun, keys, rules)


SECTIONS: dict[str, Compare] = {
    "project": _project,
    "postfix": partial(_fact, "details-changed"),
    "severities": _vocabulary(
        catalog.Severity, MEANING | {"digit": partial(_fact, "digit-changed")}
    ),
    "parties": _vocabulary(
        catalog.Party,
        MEANING | {"repeated": partial(_fact, "repeated-changed"), "repeating": _prose},
    ),
    "retries": _vocabulary(catalog.Retry, MEANING),
    "verdicts": _vocabulary(
        catalog.Verdict,
        {
            "meaning": _prose,
            "advice": _prose,
            "must_act": partial(_fact, "must-act-changed"),
            "retry": partial(_fact, "retry-changed"),
            "equals": partial(_members, "value"),
            "begins": partial(_members, "value"),
            "contains": partial(_members, "value"),
            "temporary": partial(_fact, "temporary-changed"),
        },
    ),
    "everywhere": _vocabulary(catalog.Influence, MEANING),
    "origins": _vocabulary(catalog.Origin, MEANING),
    "stages": _vocabulary(catalog.Stage, MEANING | {"step": _details}),
    "statuses": _vocabulary(catalog.DeliveryStatus, MEANING | {"digit": _details}),
    "categories": _vocabulary(
        catalog.Category,
        MEANING | dict.fromkeys(("sisimai", "kumomta", "sparkpost", "ses", "enhanced"), _target),
    ),
    "placeholders": _vocabulary(
        catalog.Placeholder,
        {
            "type": partial(_type, ("hole-narrowed", "hole-widened")),
            "meaning": _prose,
            "example": _details,
        },
        None,
    ),
    "settings": _vocabulary(
        catalog.Setting, dict.fromkeys(("default", "since", "until"), _details), None
    ),
    "reply_codes": _vocabulary(
        catalog.ReplyCode,
        {"id": partial(_fact, "code-name-changed"), "meaning": _prose, "reference": _details},
    ),
    "enhanced_codes": _vocabulary(
        catalog.EnhancedCode,
        {
            "id": partial(_fact, "code-name-changed"),
            "registered_name": _details,
            "meaning": _prose,
            "reply_codes": partial(_members, "value"),
            "reference": _details,
        },
    ),
    "not_replies": _unsaid,
    "not_reasons": _unsaid,
    "speakers": _vocabulary(catalog.Speaker, MEANING),
    "kinds": _vocabulary(catalog.Kind, MEANING),
    "fields": _vocabulary(
        catalog.Field,
        {"type": partial(_fact, "field-type-changed"), "meaning": _prose},
        ("field-removed", "field-added"),
    ),
    "programs": partial(_members, "program"),
    "wrappers": partial(_wrappers, catalog.Wrapper),
    "exceptions": partial(_wrappers, catalog.Wrapper),
    "marks": partial(_wrappers, catalog.Mark),
    "replies": partial(_said, catalog.Reply),
    "reasons": partial(_said, catalog.Reason),
}
