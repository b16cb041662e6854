"""What the search of the site looks through beside what read itself knows."""

import re
from collections.abc import Iterator
from typing import Any

from codegen import targets
from codegen.catalog import Catalog, Reply, Said, wordings
from codegen.grouped import Index
from codegen.texts import Text, split_line

ACTIONS = ("sender_action", "client_action", "recipient_action", "operator_action")
RESTRICTION = re.compile(r"\b(?:check|defer|permit|reject|warn)_[a-z0-9_]+")
# A value that differs from line to line: an address, a name of a host, a number.
VARIES = re.compile(r"\S*(?:[@0-9]|example)\S*")


def documents(index: Index) -> dict[str, Any]:
    """What entries, codes and settings say, but for the ids, texts and summaries of entries."""
    catalog = index.catalog
    return {
        "said": {said.id: told for said in catalog.said() if (told := _of_said(said, catalog))},
        "codes": {code: known.meaning for code, known in catalog.reply_codes.items()},
        "statuses": {
            code: [known.registered_name, known.meaning] if known else []
            for code in index.enhanced
            for known in [catalog.enhanced_codes.get(code)]
        },
        "settings": {name: known.default for name, known in catalog.settings.items()},
    }


def _of_said(said: Said, catalog: Catalog) -> dict[str, str]:
    names = {*_spelled(said), *said.formerly, *_sources(said)}
    restrictions = {*RESTRICTION.findall(" ".join(_prose(said)))}
    told = {
        "names": " ".join(sorted(names)),
        "called": "; ".join(said.also_called),
        "values": " ".join(dict.fromkeys(_values(said, catalog))),
        "words": " ".join(sorted(restrictions - names - catalog.settings.keys())),
    }
    return {name: value for name, value in told.items() if value}


def _spelled(said: Said) -> set[str]:
    """Its constants, but for those that are its id with or without underscores."""
    spelled = {target.spelled(said.id).lower() for target in targets.languages()}
    return spelled - {said.id, said.id.replace("_", "")}


def _sources(said: Said) -> Iterator[str]:
    """The functions that have the names of what stands in main.cf."""
    functions = [source.rpartition(":")[2] for source in said.sources]
    yield from (name for name in functions if name.startswith(("check_", "permit_", "reject_")))


def _values(said: Said, catalog: Catalog) -> Iterator[str]:
    """What its examples put into its texts, such as `Connection timed out`."""
    texts = sorted(
        [Text.of(text, catalog.types) for _, text in wordings(said)], key=lambda one: one.rank
    )
    for example in said.examples:
        words = split_line(example)[2] if isinstance(said, Reply) else example
        found = next(filter(None, [text.captures(words) for text in texts]), [])
        yield from (value for value in found if value and not VARIES.fullmatch(value))


def _prose(said: Said) -> list[str]:
    """What it says in whole sentences."""
    told = [said.cause, said.note or "", *(getattr(said, action, "") for action in ACTIONS)]
    if isinstance(said, Reply):
        told += [variant.when for variant in said.variants]
    return told
