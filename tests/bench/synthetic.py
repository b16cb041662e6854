"""Catalogs of any size."""

import json
from typing import Any

from codegen.catalog import AFFECTED
from codegen.texts import PLACEHOLDER
from tests.toolchain import ROOT

SENTENCE = "It says what it says."
PROSE = ("cause", "sender_action", "client_action", "operator_action")
KEPT = ("category", "must_act", "closes", "daemons", "stages", "since", "settings", "words")


def synthetic(count: int) -> str:
    """A catalog of `count` replies, with the real texts and prose of one short sentence a field."""
    catalog = json.loads((ROOT / "catalog.json").read_text(encoding="utf-8"))
    # A text that is one placeholder alone would be another one with a number behind it.
    models = {
        an_id: reply
        for an_id, reply in catalog["replies"].items()
        if not PLACEHOLDER.fullmatch(reply["text"])
    }
    ids = list(models)
    catalog |= {"replies": {}, "reasons": {}, "not_reasons": []}
    for at in range(count):
        round_, nth = divmod(at, len(ids))
        an_id = f"{ids[nth]}_n{round_}x"
        catalog["replies"][an_id] = _numbered(models[ids[nth]], round_)
    for section, used in _used(catalog).items():
        catalog[section] = {name: catalog[section][name] for name in sorted(used)}
    return json.dumps(catalog, indent=2)


def _numbered(model: dict[str, Any], number: int) -> dict[str, Any]:
    """A reply like another one, told from it by a number behind its text."""
    return {
        **{key: model[key] for key in KEPT},
        **dict.fromkeys(PROSE, SENTENCE),
        "text": f"{model['text']} {number}",
        "summary": f"It is number {number}, {model['summary']}",
        "retry": "by_code",
        "variants": [model["variants"][0] | {"when": SENTENCE}],
        "sources": model["sources"][:1],
        "examples": [],
    }


def _used(catalog: dict[str, Any]) -> dict[str, set[str]]:
    """What is named, by section: a catalog has nothing that is not used."""
    replies = list(catalog["replies"].values())
    affecting = {name for reply in replies for what in AFFECTED for name in reply["settings"][what]}
    return {
        "verdicts": set(),
        "categories": {reply["category"] for reply in replies},
        "placeholders": {hole for reply in replies for hole in PLACEHOLDER.findall(reply["text"])},
        "settings": affecting | catalog["everywhere"].keys(),
    }
