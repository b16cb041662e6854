"""What the search of the site looks through."""

import re
from collections.abc import Iterable, Iterator

from codegen import targets
from codegen.catalog import Catalog, Reason, Reply, Said, affected
from codegen.grouped import Index
from codegen.reference import line

ACTIONS = ("sender_action", "client_action", "recipient_action", "operator_action")
Document = dict[str, str]


def documents(catalog: Catalog) -> list[Document]:
    """Every place of the site with what it says: entries, codes and settings."""
    return [
        *map(_of_said, catalog.said()),
        *_of_codes(catalog),
        *_of_statuses(catalog),
        *_of_settings(catalog),
    ]


def _of_codes(catalog: Catalog) -> Iterator[Document]:
    for code, known in catalog.reply_codes.items():
        yield {"at": f"codes/#{code}", "text": code, "summary": known.meaning, "names": code}


def _of_statuses(catalog: Catalog) -> Iterator[Document]:
    for code in Index(catalog).enhanced:
        known = catalog.enhanced_codes.get(code)
        yield {
            "at": f"enhanced/#{code}",
            "text": f"{code} {known.registered_name}" if known else code,
            "summary": known.meaning if known else "Nothing is registered for it.",
            "names": " ".join(f"{digit}{code[1:]}" for digit in "x245"),
        }


def _of_settings(catalog: Catalog) -> Iterator[Document]:
    for name, known in catalog.settings.items():
        told = f"A setting in main.cf; its default is {known.default or 'empty'}."
        yield {"at": f"settings/{name}", "text": name, "summary": told, "names": name}


def _of_said(said: Said) -> Document:
    names = {target.spelled(said.id).lower() for target in targets.languages()}
    told = {
        "at": said.id,
        "text": line(said),
        "summary": said.summary,
        "names": " ".join(sorted({said.id, *names, *said.formerly, *_restrictions(said)})),
        "forms": " ".join([*(form.text for form in said.forms), *said.examples]),
        "code": " ".join(_codes(said)),
        "settings": " ".join([name for name, _ in affected(said)]),
        "words": " ".join(_rest(said)),
    }
    return {name: value for name, value in told.items() if value}


def _restrictions(said: Said) -> Iterator[str]:
    """The functions that have the names of what stands in main.cf."""
    functions = [source.rpartition(":")[2] for source in said.sources]
    yield from (name for name in functions if name.startswith(("check_", "permit_", "reject_")))


def _codes(said: Said) -> Iterable[str]:
    if isinstance(said, Reason):
        return said.dsn
    pairs = [(str(variant.code), variant.enhanced or "") for variant in said.variants]
    return dict.fromkeys([code for pair in pairs for code in pair if code])


def _rest(said: Said) -> list[str]:
    """The words of its prose, each once."""
    told = [said.cause, said.note or "", *(getattr(said, action, "") for action in ACTIONS)]
    if isinstance(said, Reply):
        told += [variant.when for variant in said.variants]
    return sorted(set(re.findall(r"[a-z0-9_]{3,}", " ".join(told).lower())))
