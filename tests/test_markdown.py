"""The pages render on GitHub (by GitHub's own renderer) so that every text is there to be read."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urldefrag

import cmarkgfm
import postfix_replies
import pytest
from cmarkgfm.cmark import Options

from codegen import facts
from codegen.catalog import Catalog, Reply, Said
from codegen.grouped import reader_key
from codegen.looks import looks
from codegen.reference import departures, line, listed, releases
from tests.tools import GENERATED, OUTPUTS, catalog_of

BLOCKS = frozenset("h1 h2 li p pre".split())


class Rendered(HTMLParser):
    """The text that a reader sees, its items and headings, links and anchors."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.text = ""
        self.items: list[str] = []  # lines of text
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.start = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))
        self.items = [item for item in self.text.split("\n") if item]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.tags.add(tag)
        if tag in BLOCKS:
            self.start = len(self.text)
        if tag == "a":
            self.links += [named["href"] or ""] if "href" in named else []
            self.anchors += [named["id"] or ""] if "id" in named else []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2"):
            self.anchors.append(slug(self.text[self.start :]))
        if tag in BLOCKS:
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading).replace(" ", "-").lower()


Pages = dict[str, Rendered]
PLAIN_TAGS = frozenset("a code h1 h2 li p pre strong ul".split())


def rendered(generated: Path) -> Pages:
    """Every page, by its name."""
    paths = sorted((generated / "markdown").iterdir())
    return {path.name: Rendered(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module", params=OUTPUTS)
def made(request: pytest.FixtureRequest) -> tuple[Pages, Catalog]:
    """The pages of a catalog, and the catalog."""
    return rendered(request.param), catalog_of(request.param)


def test_all_that_is_known_can_be_read(made: tuple[Pages, Catalog]) -> None:
    all_can_be_read(*made)


def all_can_be_read(pages: Pages, catalog: Catalog) -> None:
    for page in pages.values():
        assert page.tags <= PLAIN_TAGS
    categories_can_be_read(pages["categories.md"], catalog)
    codes_can_be_read(pages["codes.md"].items, catalog)
    settings_can_be_read(pages["settings.md"], catalog)
    for section in ("parties", "stages", "statuses"):
        for name, member in getattr(catalog, section).items():
            assert member.meaning == _under(pages[f"{section}.md"], name)[1]
    for said in catalog.said():
        of_one_can_be_read(pages[f"{said.id}.md"], said, catalog)
        is_listed(pages, said)


def categories_can_be_read(page: Rendered, catalog: Catalog) -> None:
    for name, category in catalog.categories.items():
        under = _under(page, name)
        assert category.meaning == under[1]
        for fact in facts.NOUNS["Category"].facts[1:]:
            value = getattr(category, fact.name)
            assert value is None or f": {value} ·" in f"{under[2]} ·", fact.name


def codes_can_be_read(items: list[str], catalog: Catalog) -> None:
    for code, number in catalog.reply_codes.items():
        assert f"{code}: {number.meaning} ({number.reference})" in items
    for code, status in catalog.enhanced_codes.items():
        at = items.index(f"{code} {status.registered_name}: {status.meaning}")
        registered = ", ".join(map(str, status.reply_codes)) or "any"
        assert items[at + 1] == f"With reply codes: {registered}"
        assert items[at + 2] == f"Defined in: {status.reference}"
    for (number_, enhanced), replies in departures(catalog).items():
        ids = ", ".join(reply.id for reply in replies)
        assert any(_is_between(item, f"{number_} {enhanced}, ", f": {ids}") for item in items)


def settings_can_be_read(page: Rendered, catalog: Catalog) -> None:
    for name, influence in catalog.everywhere.items():
        assert f"{name}: {influence.meaning}" in page.items
    for name, setting in catalog.settings.items():
        told = [setting.default or "empty", releases(setting), "manual"]
        assert _under(page, name)[1] == f"Default: {' · '.join(filter(None, told))}"


def _under(page: Rendered, heading: str) -> list[str]:
    """The items from a heading on."""
    return page.items[page.items.index(heading) :]


def _is_between(item: str, start: str, end: str) -> bool:
    return item.startswith(start) and item.endswith(end)


def of_one_can_be_read(page: Rendered, said: Said, catalog: Catalog) -> None:
    row = facts.row(said, catalog)
    assert page.items[1:3] == [said.id, line(said)]
    for fact in (facts.REPLY if isinstance(said, Reply) else facts.REASON).facts:
        for words in told(fact, row[fact.name], catalog):
            assert words in page.text, (said.id, fact.name)
    for variant in said.variants if isinstance(said, Reply) else ():
        codes = " ".join(filter(None, [str(variant.code), variant.enhanced]))
        assert f"{_in(codes, releases(variant))}: {variant.when}" in page.items
    for form in said.forms:
        assert f"{_in(form.text, releases(form))}: {form.note}" in page.items
    for weighed in said.verdicts:
        verdict = catalog.verdicts[weighed.verdict]
        end = f": {verdict.meaning} {verdict.advice}"
        (at,) = [
            at
            for at, item in enumerate(page.items)
            if _is_between(item, f"{{{weighed.placeholder}}} ", end)
        ]
        assert page.items[at + 1 : at + 3] == [
            f"Who must act: {verdict.must_act}",
            f"Retry: {verdict.retry}",
        ]
    for setting in row["settings"]:
        default = setting["default"] or "empty"
        start, end = f"{setting['name']} affects ", f"; default: {default}"
        assert any(_is_between(item, start, end) for item in page.items)


def _in(text: str, releases: str) -> str:
    return f"{text}, {releases}" if releases else text


def is_listed(pages: Pages, said: Said) -> None:
    """Whether it is on every page by which people look for it."""
    assert f"{said.id}: {said.summary}" in pages["names.md"].items
    assert listed(said) in _under(pages["categories.md"], said.category)
    assert listed(said) in _under(pages["parties.md"], said.must_act or "It depends")
    stages, statuses = getattr(said, "stages", ()), getattr(said, "statuses", ())
    for name in stages:
        assert listed(said) in _under(pages["stages.md"], name)
    for name in (*statuses, *getattr(said, "dsn", ())):
        assert listed(said) in _under(pages["statuses.md"], name)
    for variant in said.variants if isinstance(said, Reply) else ():
        pair = [str(variant.code), variant.enhanced, said.text]
        assert listed(said, " ".join(filter(None, pair))) in pages["README.md"].items
        if variant.enhanced:
            assert listed(said) in _under(pages["statuses.md"], variant.enhanced)


def told(fact: facts.Fact, value: Any, catalog: Catalog) -> list[str]:
    """What of a fact must be there to read, the records apart."""
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


def test_every_link_leads_somewhere(made: tuple[Pages, Catalog]) -> None:
    links_lead_somewhere(*made)


def links_lead_somewhere(pages: Pages, catalog: Catalog) -> None:
    for name, page in pages.items():
        assert len(page.anchors) == len(set(page.anchors)), name
        for link in page.links:
            to, anchor = urldefrag(link)
            if not to.startswith("https://"):
                assert PurePosixPath(to).name == to in pages, (name, link)
                assert not anchor or anchor in pages[to].anchors, (name, link)
    for said in catalog.said():
        for old in said.formerly:
            assert f"{said.id}.md" in pages[f"{old}.md"].links
        assert {said.id, *said.formerly} <= set(pages["replies.md"].anchors)
        assert f"{said.id}.md" in pages["replies.md"].links


def test_everything_leads_to_everything(made: tuple[Pages, Catalog]) -> None:
    """From the first to the last and back, and from the contents to every page."""
    pages, catalog = made
    for one, other in pairwise(sorted(f"{said.id}.md" for said in catalog.said())):
        assert other in pages[one].links[1:3]
        assert one == pages[other].links[0]
    reached, todo = {"README.md"}, ["README.md"]
    while todo:
        links = {urldefrag(link).url for link in pages[todo.pop()].links} & pages.keys()
        todo += links - reached
        reached |= links
    assert pages.keys() - reached == {"replies.md"}


def test_a_phone_and_a_code_host_can_show_them() -> None:
    for path in (GENERATED / "markdown").iterdir():
        assert path.stat().st_size < 400_000, path
        assert "table" not in Rendered(path.read_text()).tags, path


def test_texts_stand_where_readers_look() -> None:
    ids = ["relay_access_denied", "recipient_unknown_local", "command_too_long"]
    texts = [reader_key(catalog_of().replies[an_id])[1] for an_id in ids]
    assert [text.split(":")[0] for text in texts] == [
        "relay access denied",
        "recipient address rejected",
        "error",
    ]


@pytest.mark.parametrize("said", list(catalog_of().said()), ids=lambda said: said.id)
def test_a_look_is_read_as_what_it_shows(said: Said) -> None:
    for look in looks(said, catalog_of()):
        reading = postfix_replies.read(look.text)
        while reading is not None and said.id not in (reading.reply, reading.reason):
            reading = reading.inner
        assert reading is not None, look
