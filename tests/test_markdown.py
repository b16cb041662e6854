"""The page renders on GitHub (by GitHub's own renderer) so that every text is there to be read."""

from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from codegen.catalog import PARTIES, RETRIES, Catalog
from codegen.load import load
from codegen.targets.markdown import MANUAL, releases
from tests.tools import GENERATED, GOLDEN, ROOT

PAGES = [
    pytest.param(GENERATED, ROOT / "catalog.json", id="generated"),
    pytest.param(GOLDEN, ROOT / "tests/golden/catalog.json", id="golden"),
]


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


@pytest.mark.parametrize(("generated", "catalog"), PAGES)
def test_all_that_is_known_can_be_read(generated: Path, catalog: Path) -> None:
    all_can_be_read(Rendered((generated / "markdown/replies.md").read_text()), load(catalog))


def all_can_be_read(page: Rendered, loaded: Catalog) -> None:
    assert page.tags <= PLAIN_TAGS
    for name, category in loaded.categories.items():
        assert [name, *(value or "" for value in category)] in page.rows
    for number in loaded.reply_codes:
        assert [str(number.code), number.meaning, number.reference] in page.rows
    for status in loaded.enhanced_codes:
        registered = ", ".join(map(str, status.reply_codes)) or "any"
        row = [status.code, status.name, status.meaning, registered, status.reference]
        assert row in page.rows
    departures = [(row[:2], row[3]) for row in page.rows if len(row) == 4]
    for code, enhanced, _, replies in loaded.departures():
        assert ([str(code), enhanced], ", ".join(each.id for each in replies)) in departures
    for reply in loaded.replies:
        shown = [reply.line, reply.summary, reply.cause, reply.sender_action]
        shown += [reply.client_action, reply.operator_action, reply.note or "", *reply.examples]
        shown += [reply.retry_note or "", RETRIES[reply.retry], PARTIES[reply.must_act]]
        shown += [f"running Postfix {reply.heard}" if reply.heard else ""]
        shown += [*reply.sources, *reply.backports, *(each.difference for each in reply.twins)]
        for text in shown:
            assert text in page.text, reply.id
        for variant in reply.variants:
            codes = [str(variant.code), variant.enhanced or ""]
            assert [*codes, variant.when + releases(variant)] in page.rows
            assert [*codes, reply.text] in page.rows
        for form in reply.forms:
            assert [form.text, form.note + releases(form)] in page.rows
        for name, _ in reply.moved_by():
            known = loaded.settings[name]
            assert any(
                row[0] == name and row[2].startswith(known.default or "empty") for row in page.rows
            )


@pytest.mark.parametrize(("generated", "catalog"), PAGES)
def test_every_link_leads_somewhere(generated: Path, catalog: Path) -> None:
    links_lead_somewhere(Rendered((generated / "markdown/replies.md").read_text()), load(catalog))


def links_lead_somewhere(page: Rendered, loaded: Catalog) -> None:
    assert len(page.anchors) == len(set(page.anchors))
    here = {link.removeprefix("#") for link in page.links if not link.startswith(MANUAL)}
    assert here <= {*page.anchors, "categories"}
    for reply in loaded.replies:
        assert {reply.id, *reply.formerly} <= set(page.anchors)


def test_every_row_has_the_cells_of_its_table() -> None:
    page = Rendered((GOLDEN / "markdown/replies.md").read_text())
    assert {len(row) for row in page.rows} == {2, 3, 4, 5, 7}
