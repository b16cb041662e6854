"""The site: a page for each reply and reason, and what its templates loop over."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from codegen.catalog import Catalog, Said, Setting, Verdict, affected, wordings
from codegen.facts import as_json
from codegen.grouped import Index, release_bars, stage_bars
from codegen.looks import looks
from codegen.reference import (
    affects,
    constants,
    departures,
    line,
    listed,
    manual,
    registered,
    releases,
    twins,
)
from codegen.searched import documents
from codegen.targets import markdown

AUTOESCAPE = True
ON_DEMAND = True
WORD = re.compile(r"(\$?\w+)")
HOLE = re.compile(r"(\{[a-z0-9_]+\})")
# Scripts and styles from beside the page alone, and nothing leaves it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "worker-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'"
)
# A reader says "if I am the sender"; the catalog says who acts on a reply or reason.
ROLES = (
    ("sender", "If you sent the mail", "sender_action"),
    ("client", "If you write or run the program that sends", "client_action"),
    ("recipient", "If you receive the mail, or run the server it goes to", "recipient_action"),
    ("operator", "If you run the Postfix server", "operator_action"),
)
# Who acts where a catalog names a party without a part of its own in ROLES.
STANDS_FOR = {"remote": "recipient"}


@pass_context
def prose(context: Context, text: str) -> Markup:
    """Prose with a link to the manual at each main.cf setting; other such names are code."""
    settings = context["catalog"].settings
    return Markup("").join([_word(part, settings) for part in WORD.split(text)])


def _word(word: str, settings: dict[str, Setting]) -> Markup | str:
    name = word.removeprefix("$")
    if name in settings:
        return Markup('<a href="{}"><code>{}</code></a>').format(manual(name), word)
    return Markup("<code>{}</code>").format(word) if "_" in name.strip("_") else word


def holes(text: str) -> Markup:
    """A text with its placeholders marked."""
    parts = [
        Markup("<var>{}</var>").format(part) if HOLE.fullmatch(part) else part
        for part in HOLE.split(text)
    ]
    return Markup("").join(parts)


def advice(said: Said, catalog: Catalog) -> dict[str, Any]:
    """What the box shows besides: what each party can do, and the settings that affect it."""
    known = {weighed.verdict: catalog.verdicts[weighed.verdict] for weighed in said.verdicts}
    return {
        "roles": roles(said),
        "verdicts": {name: f"{one.meaning} {one.advice}" for name, one in known.items()},
        "settings": [name for name, _ in affected(said)],
    }


def data(value: Any) -> Markup:
    """A value as JSON that can stand in a script element."""
    return Markup(as_json(value).replace("<", "\\u003c"))


def plain(text: str) -> Markup:
    """Text for a file that is no HTML."""
    return Markup(text)


def roles(said: Said) -> list[tuple[str, str, str, bool]]:
    """What each party can do, and whether it must: who must comes first."""
    acts = STANDS_FOR.get(said.must_act or "", said.must_act)
    found = [
        (name, title, getattr(said, field), name == acts)
        for name, title, field in ROLES
        if hasattr(said, field)
    ]
    return sorted(found, key=lambda role: not role[3])


def values(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """How a value is compared with what, for each that a verdict fits."""
    for how in ("equals", "begins", "contains"):
        yield from ((how, value) for value in getattr(verdict, how))


def placeholders(said: Said) -> list[str]:
    """The placeholders of all wordings, as they come."""
    texts = " ".join([text for _, text in wordings(said)])
    return [name[1:-1] for name in dict.fromkeys(HOLE.findall(texts))]


def schema(said: Said, catalog: Catalog) -> dict[str, Any]:
    """A term of schema.org."""
    page = catalog.project.page
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": f"{page}/{said.id}/",
        "url": f"{page}/{said.id}/",
        "name": listed(said),
        "alternateName": [said.id, *said.formerly, *said.also_called],
        "termCode": said.id,
        "description": f"{said.summary} {said.cause}",
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": "What Postfix says",
            "url": f"{page}/",
        },
    }


def dump(catalog: Catalog, rows: dict[str, dict[str, Any]]) -> str:
    """All that is known, for programs."""
    made: dict[str, Any] = {
        "version": catalog.version,
        "postfix": catalog.postfix,
        "page": f"{catalog.project.page}/",
    }
    made |= {
        section: {
            an_id: {"url": f"{catalog.project.page}/{an_id}/"} | rows[an_id]
            for an_id in getattr(catalog, section)
        }
        for section in ("replies", "reasons")
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def by_effect(group: list[tuple[Said, tuple[str, ...]]]) -> list[tuple[str, list[Said]]]:
    """What a setting affects, by how it does."""
    found: dict[str, list[Said]] = {}
    for said, what in group:
        found.setdefault(affects(what, said), []).append(said)
    return sorted(found.items())


def usual(groups: dict[Any, list[Any]]) -> list[Any]:
    """The names of the two largest groups."""
    return sorted(groups, key=lambda name: -len(groups[name]))[:2]


def prepared(catalog: Catalog) -> dict[str, Any]:
    """What is made once for all pages.

    Who publishes the site can tell `render` more: the release of Postfix from which each reply or
    reason was heard, and on which line of the published catalog it stands.
    """
    return {"index": Index(catalog), "heard": {}, "lines": {}}


filters = {
    "advice": advice,
    "affects": affects,
    "by_effect": by_effect,
    "code": markdown.code,
    "data": data,
    "holes": holes,
    "line": line,
    "listed": listed,
    "looks": looks,
    "manual": manual,
    "placeholders": placeholders,
    "plain": plain,
    "prose": prose,
    "releases": releases,
    "roles": roles,
    "twins": twins,
    "usual": usual,
    "values": values,
}
functions = {
    "constants": constants,
    "departures": departures,
    "documents": documents,
    "dump": dump,
    "policy": POLICY,
    "registered": registered,
    "release_bars": release_bars,
    "schema": schema,
    "stage_bars": stage_bars,
}
