"""The page renders on GitHub (by GitHub's own renderer) so that every text is there to be read."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from codegen import facts
from codegen.catalog import Catalog, Reply
from codegen.targets.markdown import MANUAL, departures, releases
from tests.tools import GOLDEN, OUTPUTS, catalog_of


class Rendered(HTMLParser):
    """The text that a reader sees, the cells of each table row, links and anchors."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.text = ""
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.cell: str | None = None
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""
        if tag == "a":
            self.links += [named["href"] or ""] if "href" in named else []
            self.anchors += [named["id"] or ""] if "id" in named else []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell or "")
            self.cell = None
        if tag in ("p", "li", "h1", "h2", "h3", "pre"):
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.cell is not None:
            self.cell += data


PLAIN_TAGS = frozenset("a code em h1 h2 h3 li p pre strong table tbody td th thead tr ul".split())


@pytest.mark.parametrize("generated", OUTPUTS)
def test_all_that_is_known_can_be_read(generated: Path) -> None:
    page = Rendered((generated / "markdown/replies.md").read_text())
    all_can_be_read(page, catalog_of(generated))


def all_can_be_read(page: Rendered, catalog: Catalog) -> None:
    assert page.tags <= PLAIN_TAGS
    for name, category in catalog.categories.items():
        row = [getattr(category, fact.name) or "" for fact in facts.NOUNS["Category"].facts]
        assert [name, *row] in page.rows
    for name, stage in catalog.stages.items():
        assert [name, stage.meaning] in page.rows
    for code, number in catalog.reply_codes.items():
        assert [code, number.meaning, number.reference] in page.rows
    for code, status in catalog.enhanced_codes.items():
        registered = ", ".join(map(str, status.reply_codes)) or "any"
        row = [code, status.registered_name, status.meaning, registered, status.reference]
        assert row in page.rows
    for name, influence in catalog.everywhere.items():
        setting = catalog.settings[name]
        row = [name, influence.meaning, setting.default or "empty", releases(setting)]
        assert row in page.rows
    listed = [(row[:2], row[3]) for row in page.rows if len(row) == 4]
    for (number_, enhanced), replies in departures(catalog).items():
        ids = ", ".join(reply.id for reply in replies)
        assert ([str(number_), enhanced], ids) in listed
    for reply in catalog.replies.values():
        of_reply_can_be_read(page, reply, catalog)


def of_reply_can_be_read(page: Rendered, reply: Reply, catalog: Catalog) -> None:
    row = facts.row(reply, catalog)
    assert reply.line in page.text
    for fact in facts.REPLY.facts:
        for said in told(fact, row[fact.name], catalog):
            assert said in page.text, (reply.id, fact.name)
    for variant in reply.variants:
        codes = [str(variant.code), variant.enhanced or ""]
        assert [*codes, variant.when, releases(variant)] in page.rows
        assert [*codes, reply.text] in page.rows
    for form in reply.forms:
        assert [form.text, form.note, releases(form)] in page.rows
    for weighed in reply.verdicts:
        verdict = catalog.verdicts[weighed.verdict]
        cells = [[line[0], *line[2:]] for line in page.rows if len(line) == 5]
        shown = [weighed.placeholder, verdict.meaning, verdict.must_act, verdict.advice]
        assert shown in cells
    for setting in row["settings"]:
        known = catalog.settings[setting["name"]]
        default = known.default or "empty"
        assert [setting["name"], default, releases(known)] in [
            [cells[0], *cells[2:]] for cells in page.rows if len(cells) == 4
        ]


def told(fact: facts.Fact, value: Any, catalog: Catalog) -> list[str]:
    """What of a fact must be there to read, the records in tables apart."""
    if not fact.label or not value:
        return []
    noun = facts.NOUNS.get(fact.type.of)
    if fact.name == "twins":
        return [twin["difference"] for twin in value]
    if noun is not None and not noun.section:
        return []
    if fact.type.many:
        return list(value)
    if noun is not None:
        return [getattr(catalog, noun.section)[value].meaning]
    return [f"{fact.label}: yes"] if value is True else [value]


@pytest.mark.parametrize("generated", OUTPUTS)
def test_every_link_leads_somewhere(generated: Path) -> None:
    page = Rendered((generated / "markdown/replies.md").read_text())
    links_lead_somewhere(page, catalog_of(generated))


def links_lead_somewhere(page: Rendered, catalog: Catalog) -> None:
    assert len(page.anchors) == len(set(page.anchors))
    here = {link.removeprefix("#") for link in page.links if not link.startswith(MANUAL)}
    assert here <= {*page.anchors, "categories"}
    for reply in catalog.replies.values():
        assert {reply.id, *reply.formerly} <= set(page.anchors)


def test_every_row_has_the_cells_of_its_table() -> None:
    page = Rendered((GOLDEN / "markdown/replies.md").read_text())
    assert {len(row) for row in page.rows} == {2, 3, 4, 5, 7}
