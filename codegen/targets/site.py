"""The site: a page for each reply and reason, and what its templates loop over."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from codegen import targets
from codegen.catalog import Catalog, Form, Reply, Said, Setting, Variant, Verdict, wordings
from codegen.facts import as_json
from codegen.grouped import (
    by_letter,
    neighbours,
    of_category,
    of_code,
    of_party,
    of_release,
    of_setting,
    of_stage,
    of_status,
    release_bars,
    stage_bars,
    usual_codes,
)
from codegen.looks import looks
from codegen.reference import line
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
        return Markup('<a href="{}#{}"><code>{}</code></a>').format(markdown.MANUAL, name, word)
    return Markup("<code>{}</code>").format(word) if "_" in name.strip("_") else word


def holes(text: str) -> Markup:
    """A text with its placeholders marked."""
    parts = [
        Markup("<var>{}</var>").format(part) if HOLE.fullmatch(part) else part
        for part in HOLE.split(text)
    ]
    return Markup("").join(parts)


def data(value: Any) -> Markup:
    """A value as JSON that can stand in a script element."""
    return Markup(as_json(value).replace("<", "\\u003c"))


def plain(text: str) -> Markup:
    """Text for a file that is no HTML."""
    return Markup(text)


def noun(said: Said) -> str:
    """Which of the two it is."""
    return "reply" if isinstance(said, Reply) else "reason"


def roles(said: Said) -> list[tuple[str, str, str, bool]]:
    """What each party can do, and whether it must: who must comes first."""
    acts = STANDS_FOR.get(said.must_act or "", said.must_act)
    found = [
        (name, title, getattr(said, field), name == acts)
        for name, title, field in ROLES
        if hasattr(said, field)
    ]
    return sorted(found, key=lambda role: not role[3])


def constants(said: Said, catalog: Catalog) -> list[tuple[str, str]]:
    """Its constant in each language, as programs write it."""
    project = catalog.project
    title = noun(said).capitalize()
    written = {
        "Python": "{title}.{name}",
        "TypeScript": 'import {{ {name} }} from "{npm}{door}";',
        "Go": "postfixreplies.{name}",
    }
    door = "" if isinstance(said, Reply) else "/reasons"
    return [
        (
            target.LANGUAGE,
            written.get(target.LANGUAGE, "{name}").format(
                title=title, name=target.spelled(said.id), npm=project.npm, door=door
            ),
        )
        for target in targets.languages()
    ]


def releases(of: Variant | Form | Setting | Said) -> str:
    """Which releases have it, where that is not as for the whole."""
    if of.since and of.until:
        return f"{of.since} to {of.until}"
    if of.since:
        return f"since {of.since}"
    return f"up to {of.until}" if of.until else ""


AFFECTS = {
    "reply": {"code": "codes", "text": "text", "sent": "whether it is sent"},
    "reason": {"code": "status", "text": "text", "sent": "whether it happens"},
}


def affects(what: Iterable[str], noun: str) -> str:
    """What of a reply or reason a setting affects."""
    return " and ".join([AFFECTS[noun][part] for part in what])


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
        "name": line(said),
        "alternateName": [said.id, *said.formerly],
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


filters = {
    "affects": affects,
    "code": markdown.code,
    "data": data,
    "holes": holes,
    "line": line,
    "looks": looks,
    "noun": noun,
    "placeholders": placeholders,
    "plain": plain,
    "prose": prose,
    "releases": releases,
    "roles": roles,
    "values": values,
}
functions = {
    "by_letter": by_letter,
    "constants": constants,
    "departures": markdown.departures,
    "documents": documents,
    "dump": dump,
    "manual": markdown.MANUAL,
    "neighbours": neighbours,
    "of_category": of_category,
    "of_code": of_code,
    "of_party": of_party,
    "of_release": of_release,
    "of_setting": of_setting,
    "of_stage": of_stage,
    "of_status": of_status,
    "policy": POLICY,
    "registered": markdown.registered,
    "release_bars": release_bars,
    "schema": schema,
    "stage_bars": stage_bars,
    "usual_codes": usual_codes,
}
