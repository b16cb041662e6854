"""Every rule that spans more than one field; the shapes of single fields are in catalog.py."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from codegen import ambiguous, matching, targets, text
from codegen.catalog import MOVES, STAGES, Catalog, Reply, order
from codegen.positions import Path

Problem = tuple[Path, str, str]  # where, what is wrong, the rule's id
OPENING = (
    "must open with three characters or more, with <{...}>: and one more placeholder of type text "
    "at most, or with a placeholder of type host and words"
)
ONCE_EACH = ("daemons", "stages", "sources")


def problems(catalog: Catalog, *, whole: bool) -> Iterator[Problem]:
    """All that is wrong. The catalog is not `whole` where replies of wrong shape were left out."""
    yield from _ids(catalog)
    yield from _names(catalog)
    yield from _pairs(catalog)
    yield from _categories(catalog, whole)
    yield from _settings(catalog, whole)
    yield from _registries(catalog)
    yield from _twins(catalog, whole)
    yield from _summaries(catalog)
    yield from _placeholders(catalog, whole)
    yield from _order(catalog)
    yield from _ambiguous(catalog)
    types = catalog.types()
    for at, reply in enumerate(catalog.replies):
        for where, what, rule in _reply(reply, types):
            yield ("replies", at, *where), what, rule


def _ids(catalog: Catalog) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for at, reply in enumerate(catalog.replies):
        if first.setdefault(reply.id, at) != at:
            yield ("replies", at, "id"), "another reply has this id", "duplicate-id"
    for at, reply in enumerate(catalog.replies):
        for nth, old in enumerate(reply.formerly):
            if first.setdefault(old, -1 - at) != -1 - at or old in reply.formerly[:nth]:
                where = ("replies", at, "formerly", nth)
                yield where, f"{old} is or was another id", "duplicate-id"


def _names(catalog: Catalog) -> Iterator[Problem]:
    for target in targets.languages():
        owner = dict.fromkeys(target.taken(catalog), "another name of the package")
        for at, reply in enumerate(catalog.replies):
            for an_id in (reply.id, *reply.formerly):
                name = target.name(an_id)
                other = owner.setdefault(name, an_id)
                if other != an_id:
                    what = f"is {name} in {target.LANGUAGE}, as is {other}"
                    yield ("replies", at, "id"), what, "name-collision"


def _pairs(catalog: Catalog) -> Iterator[Problem]:
    owner: dict[tuple[int, str | None, str], str] = {}
    for at, reply in enumerate(catalog.replies):
        for nth, variant in enumerate(reply.variants):
            key = (variant.code, variant.enhanced, reply.text)
            others = owner.setdefault(key, reply.id)
            if others != reply.id and matching.opening(text.split(reply.text), {}) == "words":
                continue
            if others != reply.id or (variant in reply.variants[:nth]):
                pair = f"{variant.code} {variant.enhanced}" if variant.enhanced else variant.code
                what = f"{others} has this text under {pair} already"
                yield ("replies", at, "variants", nth), what, "duplicate-pair"


def _categories(catalog: Catalog, whole: bool) -> Iterator[Problem]:
    used = set()
    for at, reply in enumerate(catalog.replies):
        used.add(reply.category)
        if reply.category not in catalog.categories:
            where = ("replies", at, "category")
            yield where, f"{reply.category} is not in categories", "unknown-category"
    if whole:
        for name in catalog.categories:
            if name not in used:
                yield ("categories", name), "no reply is of this category", "unused-category"


def _settings(catalog: Catalog, whole: bool) -> Iterator[Problem]:
    used: set[str] = set()
    for at, reply in enumerate(catalog.replies):
        for moves, names in zip(MOVES, reply.settings, strict=True):
            used.update(names)
            for nth, name in enumerate(names):
                if name not in catalog.settings:
                    where = ("replies", at, "settings", moves, nth)
                    yield where, f"{name} is not in settings", "unknown-setting"
            if list(names) != sorted(set(names)):
                what = f"{moves} must be sorted, each value once"
                yield ("replies", at, "settings", moves), what, "order"
    if whole:
        for name in catalog.settings:
            if name not in used:
                yield ("settings", name), "no reply names this setting", "unused-setting"


def _registries(catalog: Catalog) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for section in ("reply_codes", "enhanced_codes"):
        rows = getattr(catalog, section)
        for at, row in enumerate(rows):
            if names.setdefault(row.id, str(row.code)) != str(row.code):
                yield (section, at, "id"), f"{names[row.id]} has this id", "duplicate-id"
            if at and _rank(row.code) <= _rank(rows[at - 1].code):
                yield (section, at), f"must stand before {rows[at - 1].code}", "order"
    known = {row.code for row in catalog.enhanced_codes}
    for name, category in catalog.categories.items():
        if category.enhanced is not None and category.enhanced not in known:
            where = ("categories", name, "enhanced")
            yield where, f"{category.enhanced} is not in enhanced_codes", "unknown-code"


def _rank(code: int | str) -> list[int]:
    return order(str(code).removeprefix("X."))


def _twins(catalog: Catalog, whole: bool) -> Iterator[Problem]:
    twins = {reply.id: {twin.id for twin in reply.twins} for reply in catalog.replies}
    for at, reply in enumerate(catalog.replies):
        for nth, twin in enumerate(reply.twins):
            if twin.id == reply.id or (whole and twin.id not in twins):
                yield ("replies", at, "twins", nth), f"{twin.id} is no other reply", "twins"
            elif whole and reply.id not in twins[twin.id]:
                what = f"{twin.id} does not have {reply.id} for a twin"
                yield ("replies", at, "twins", nth), what, "twins"


def _summaries(catalog: Catalog) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for at, reply in enumerate(catalog.replies):
        first = owner.setdefault(reply.summary, reply.id)
        if first != reply.id:
            yield ("replies", at, "summary"), f"{first} has this summary", "duplicate-summary"


def _placeholders(catalog: Catalog, whole: bool) -> Iterator[Problem]:
    used: set[str] = set()
    for at, reply in enumerate(catalog.replies):
        texts: list[tuple[Path, str]] = [(("text",), reply.text)]
        texts += [(("forms", nth, "text"), form.text) for nth, form in enumerate(reply.forms)]
        for where, template in texts:
            names = text.split(template)[1::2]
            used.update(names)
            for name in names:
                if name not in catalog.placeholders:
                    what = f"{{{name}}} is not in placeholders"
                    yield ("replies", at, *where), what, "undefined-placeholder"
    if whole:
        for name in catalog.placeholders:
            if name not in used:
                yield ("placeholders", name), "no text has this placeholder", "unused-placeholder"


def _ambiguous(catalog: Catalog) -> Iterator[Problem]:
    index = {reply.id: at for at, reply in enumerate(catalog.replies)}
    for one, other in ambiguous.ambiguities(matching.tables(catalog)):
        rival = "another wording of it" if one.reply is other.reply else one.reply.id
        what = f"a line can be this or {rival}, and neither is more specific"
        yield ("replies", index[other.reply.id], "text"), what, "ambiguous"


def _order(catalog: Catalog) -> Iterator[Problem]:
    for section in ("placeholders", "categories", "settings"):
        for before, name in pairwise(getattr(catalog, section)):
            if name < before:
                yield (section, name), f"must stand before {before}", "order"
    for at, (before, reply) in enumerate(pairwise(catalog.replies), start=1):
        if _place(reply) < _place(before):
            yield ("replies", at), f"must stand before {before.id}", "order"


def _place(reply: Reply) -> tuple[int, list[int], str]:
    return reply.code, order(reply.enhanced), reply.id


def _reply(reply: Reply, types: Mapping[str, str]) -> Iterator[Problem]:
    yield from _variants(reply)
    yield from _retry(reply)
    yield from _texts(reply, types)
    yield from _lists(reply)
    yield from _examples(reply, types)


def _variants(reply: Reply) -> Iterator[Problem]:
    for nth, variant in enumerate(reply.variants):
        differs = variant.enhanced is not None and variant.enhanced[0] != str(variant.code)[0]
        if differs and variant.class_differs is None:
            classes = f"{variant.enhanced} is not of the class of {variant.code}"
            what = f"{classes}, and class_differs is absent"
            yield ("variants", nth, "enhanced"), what, "class-mismatch"
        if variant.class_differs is not None and not differs:
            what = f"class_differs is set, but {variant.enhanced} is of the class of {variant.code}"
            yield ("variants", nth, "class_differs"), what, "class-mismatch"


def _retry(reply: Reply) -> Iterator[Problem]:
    """What the codes say of trying again stands in retry, or retry_note says why not."""
    misleads = {"later": 5, "change_first": 4}.get(reply.retry)
    needed = any(variant.code // 100 == misleads for variant in reply.variants)
    if needed and reply.retry_note is None:
        what = f"retry is {reply.retry} although a code is {misleads}yz, and retry_note is absent"
        yield ("retry",), what, "retry-note"
    if reply.retry_note is not None and not needed:
        yield ("retry_note",), "retry_note is set, but no code contradicts retry", "retry-note"


def _texts(reply: Reply, types: Mapping[str, str]) -> Iterator[Problem]:
    forms: set[str] = set()
    yield from _text(("text",), reply.text, types)
    for nth, form in enumerate(reply.forms):
        yield from _text(("forms", nth, "text"), form.text, types)
        if form.form in forms or form.form == matching.STANDARD:
            what = f"the reply has another form called {form.form}"
            yield ("forms", nth, "form"), what, "duplicate-form"
        forms.add(form.form)


def _text(where: Path, template: str, types: Mapping[str, str]) -> Iterator[Problem]:
    parts = text.split(template)
    if matching.opening(parts, types) is None:
        yield where, OPENING, "opening"
    if any("{" in literal or "}" in literal for literal in parts[::2]):
        yield where, "has a brace that is no {placeholder}", "placeholder-syntax"
    if "" in parts[2:-1:2]:
        yield where, "has two placeholders with nothing between them", "placeholder-syntax"
    if len(parts[1::2]) != len(set(parts[1::2])):
        yield where, "has one placeholder twice", "placeholder-syntax"


def _lists(reply: Reply) -> Iterator[Problem]:
    if not reply.variants or not reply.daemons or not reply.stages:
        yield (), "needs a variant, a daemon and a stage at least", "shape"
    for key in ONCE_EACH:
        values = getattr(reply, key)
        by = STAGES.index if key == "stages" else None
        if list(values) != sorted(set(values), key=by):
            how = "in the order of a session" if key == "stages" else "sorted"
            yield (key,), f"{key} must be {how}, each value once", "order"
    if len(set(reply.examples)) != len(reply.examples):
        yield ("examples",), "examples must have each line once", "order"


def _examples(reply: Reply, types: Mapping[str, str]) -> Iterator[Problem]:
    templates = [text.split(reply.text), *(text.split(form.text) for form in reply.forms)]
    pairs = {(variant.code, variant.enhanced) for variant in reply.variants}
    for nth, line in enumerate(reply.examples):
        code, enhanced, said = text.split_line(line)
        if not any(text.captures(template, types, said) is not None for template in templates):
            what = f"does not match {reply.text}"
            yield ("examples", nth), what, "example-mismatch"
        elif (code, enhanced) not in pairs:
            yield ("examples", nth), "has codes of no variant", "example-mismatch"
