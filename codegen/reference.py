"""What the pages of every kind say alike: the reference pages and the site."""

from collections.abc import Callable, Iterable
from types import ModuleType

from codegen import targets
from codegen.catalog import Catalog, EnhancedCode, Form, Reason, Reply, Said, Setting, Variant
from codegen.texts import PLACEHOLDER

MANUAL = "https://www.postfix.org/postconf.5.html"
AFFECTS = {
    Reply: {"code": "the codes", "text": "the text", "sent": "whether it is sent"},
    Reason: {"code": "the status", "text": "the text", "sent": "whether it happens"},
}


def line(said: Said) -> str:
    """A reply as it is sent by default, or the words of a reason, with {placeholders}."""
    return said.line if isinstance(said, Reply) else said.text


def listed(said: Said, shown: str = "") -> str:
    """What is shown of one in a list: its line by default. Words of others alone need its name."""
    return f"{shown or line(said)} ({said.id})" if is_foreign(said) else shown or line(said)


def is_foreign(said: Said) -> bool:
    """Whether its text is the words of others alone, which nobody knows by themselves."""
    return PLACEHOLDER.fullmatch(said.text) is not None


def constants(said: Said, catalog: Catalog) -> list[tuple[str, str]]:
    """Its constant in each language, as programs write it."""
    return [
        (target.LANGUAGE, getattr(target, "written", _spelled(target))(said, catalog))
        for target in targets.languages()
    ]


def _spelled(target: ModuleType) -> Callable[[Said, Catalog], str]:
    return lambda said, catalog: str(target.spelled(said.id))


def manual(name: str) -> str:
    """Where the manual has a main.cf setting."""
    return f"{MANUAL}#{name}"


def affects(what: Iterable[str], said: Said) -> str:
    """What of a reply or reason a setting affects."""
    return " and ".join([AFFECTS[type(said)][part] for part in what])


def releases(of: Variant | Form | Setting) -> str:
    """Which releases have it, where that is not as for the whole."""
    if of.since and of.until:
        return f"Postfix {of.since} to {of.until}"
    if of.since:
        return f"Postfix {of.since} and later"
    return f"up to Postfix {of.until}" if of.until else ""


def twins(said: Said, catalog: Catalog) -> list[tuple[str, list[Said]]]:
    """What is easily confused with it: what tells it from some others, and those."""
    found: dict[str, list[Said]] = {}
    for twin in said.twins:
        other = catalog.replies[twin.reply] if twin.reply else catalog.reasons[twin.reason or ""]
        found.setdefault(twin.difference, []).append(other)
    return list(found.items())


def departures(catalog: Catalog) -> dict[tuple[int, str], list[Reply]]:
    """The pairs of codes that Postfix sends and the registry does not list."""
    found: dict[tuple[int, str], list[Reply]] = {}
    for code, enhanced, reply in catalog.pairs():
        if enhanced is not None and not _listed(code, _registered(enhanced, catalog)):
            found.setdefault((code, enhanced), []).append(reply)
    return found


def registered(enhanced: str, catalog: Catalog) -> str:
    """The reply codes that the registry has with an enhanced status code."""
    known = _registered(enhanced, catalog)
    if known is None:
        return "does not have the enhanced status code"
    return f"has {', '.join(map(str, known.reply_codes))}"


def _registered(enhanced: str, catalog: Catalog) -> EnhancedCode | None:
    return catalog.enhanced_codes.get(f"X{enhanced[1:]}")


def _listed(code: int, known: EnhancedCode | None) -> bool:
    return known is not None and code in (known.reply_codes or (code,))
