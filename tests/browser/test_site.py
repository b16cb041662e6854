"""The site in a real browser, as somebody who holds a line meets it."""

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from postfix_replies import Reading, read, read_all
from release import site

from codegen.catalog import Catalog, Reply
from codegen.load import load
from codegen.looks import looks
from codegen.publish import publish
from codegen.render import render
from tests.hostile import catalogs as hostile
from tests.toolchain import node
from tests.tools import CATALOGS, GENERATED, GOLDEN, ROOT, catalog_of, passes, tool, untested

HERE = Path(__file__).parent
# What a machine may have; .ci/browser installs the first.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LINE = (
    "Nov  5 06:07:08 mx postfix/smtpd[18]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: "
    "454 4.7.1 <anna@example.org>: Relay access denied; from=<x@example.net> "
    "to=<anna@example.org> proto=ESMTP helo=<mail.example.net>"
)
TIMES = 20_000_000 // len(LINE)
HOSTILE = "554 5.7.1 <<img src=x onerror=alert(1)><script>alert(2)</script>>: Relay access denied"
AWAY = (
    "Nov  5 06:07:08 mx postfix/smtp[18]: 3CF7C1A0B2: to=<anna@example.org>, "
    "relay=mx.example.org[192.0.2.9]:25, delay=3, delays=0/0/3/0, dsn={}, status={} ({})"
)
SAID = "host mx.example.org[192.0.2.9] said: {} (in reply to RCPT TO command)"
# What is shown of texts, and what must not be.
TOLD = {
    LINE: (
        ["What to do", "Log in with AUTH", "mynetworks", "mail.example.net"],
        ["{recipient}", "of that server"],
    ),
    LINE.replace("reject:", "reject_warning:"): (["refused nobody"], []),
    AWAY.format(
        "5.7.1", "bounced", SAID.format("554 5.7.1 <anna@example.org>: Relay access denied")
    ): (
        [
            "gave up",
            "The operator of the Postfix server that repeats it",
            "Settings of that server",
        ],
        ["The operator of the Postfix server that says it"],
    ),
    AWAY.format(
        "4.7.8",
        "deferred",
        "SASL authentication failed; server mx.example.org[192.0.2.9] said: "
        "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
    ): (["that this Postfix has for it", "sasl_passwd"], ["Settings of that server"]),
    AWAY.format("2.0.0", "sent", "250 2.0.0 Ok: queued as 4ABCDEF012"): (
        ["3CF7C1A0B2", "queue id in the words"],
        [],
    ),
    "Nov  5 06:07:08 mx postfix/smtpd[18]: lost connection after EHLO from unknown[192.0.2.7]": (
        ["A log line of smtpd about a session"],
        ["not Postfix's words", "Pages about it"],
    ),
    "550 5.1.1 No mailbox here by that name": (["not Postfix's words", "5.1.1"], []),
    "Dear support, my mail to Bob has not come since noon, could you look into it": ([], ["Pages"]),
}
LOOKED = [
    "",
    "relay_access_denied/",
    "mail_loops_back/",
    "codes/",
    "stages/",
    "settings/mynetworks/",
]
INDEXES = (
    "names codes enhanced settings settings/mynetworks settings/smtpd_recipient_restrictions "
    "categories stages statuses parties releases"
).split()
FIRST = 2  # a right page comes first or second


def queries() -> list[tuple[str, list[str]]]:
    """What people type, and the pages of which one is right."""
    lines = (HERE / "queries.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(query, pages.split(" ")) for query, pages in rows]


def held() -> list[str]:
    """What people hold."""
    lines = (ROOT / "tests/held.jsonl").read_text().splitlines()
    return [json.loads(line)["held"] for line in lines]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site."""
    return made(tmp_path_factory.mktemp("site") / "of the catalog", GENERATED)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site of the small catalog, which has former ids and hostile texts."""
    return made(tmp_path_factory.mktemp("golden") / "site", GOLDEN)


def made(folder: Path, generated: Path) -> Path:
    tool(lambda: node("esbuild"))
    site.make(folder, CATALOGS[generated])
    return folder


def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or untested("a chromium is missing; .ci/browser installs it")


@pytest.fixture(scope="module")
def browsed(pages: Path, golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All that browse.mjs tells."""
    ids = [said.id for said in catalog_of().said()]
    largest = sorted(ids, key=lambda an_id: (pages / an_id / "index.html").stat().st_size)
    shown = [LINE, "\n".join([LINE, *held()[:40]]), "relay access"]
    plan = {
        "site": str(pages),
        "golden": str(golden),
        "modules": str(site.MODULES),
        "chromium": chromium(),
        "queries": [query for query, _ in queries()],
        "held": held(),
        "line": LINE,
        "times": TIMES,
        "hostile": HOSTILE,
        "shown": shown,
        "told": list(TOLD),
        "looked": {"light": LOOKED, "dark": LOOKED[:2]},
        "narrow": ["", *(f"{name}/" for name in INDEXES + largest[-20:] + ids[::20])],
        "formerly": formerly(),
    }
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(json.dumps(plan))
    return json.loads(passes(node(), HERE / "browse.mjs", path))


def formerly() -> dict[str, str]:
    """The former ids of the small catalog, and what they are now."""
    return {old: said.id for said in catalog_of(GOLDEN).said() for old in said.formerly}


def test_the_right_page_comes_first_or_second(browsed: Any) -> None:
    wrong = []
    for (query, right), found in zip(queries(), browsed["found"], strict=True):
        led = [at for at in found["all"] if at]  # one that is not known leads nowhere
        if not set(right) & set(led[:FIRST]):
            wrong.append((query, right, led[:5]))
    assert not wrong


def test_the_browser_reads_what_python_reads(browsed: Any) -> None:
    for text, found in zip(held(), browsed["held"], strict=True):
        readings = [one for one in read_all(text.strip()) if one.line or one.words]
        ids = [str(one.reply or one.reason) for one in readings if one.reply or one.reason]
        assert sorted({an_id for an_id in found["read"] if is_id(an_id)}) == sorted(set(ids)), text


def is_id(at: str) -> bool:
    return at != "" and "/" not in at


def test_it_works_from_disk(browsed: Any) -> None:
    assert browsed["disk"] == browsed["found"][: len(browsed["disk"])]


@pytest.mark.parametrize("where", ["log", "logOnDisk"])
def test_a_large_log_does_not_freeze_the_page(browsed: Any, where: str) -> None:
    told = browsed[where]
    assert told["status"].startswith(f"{TIMES:,} lines read"), told["status"]
    assert f"{TIMES:,}" in told["answer"]
    # One that freezes stands still all the time.
    assert told["longest"] < told["took"] / 2, told


def test_an_answer_says_what_to_do_and_nothing_wrong(browsed: Any) -> None:
    for (text, (there, absent)), shown in zip(TOLD.items(), browsed["told"], strict=True):
        assert [words for words in there if words not in shown] == [], (text, shown)
        assert [words for words in absent if words in shown] == [], (text, shown)


def test_who_goes_back_finds_what_was_asked(browsed: Any) -> None:
    assert browsed["back"] == LINE


def test_former_ids_lead_on(browsed: Any) -> None:
    assert browsed["leads"] == formerly()


def test_all_but_the_box_works_without_javascript(browsed: Any) -> None:
    plain = browsed["plain"]
    assert plain == {
        "box": False,
        "why": True,
        "heading": "554 5.7.1 <{recipient}>: Relay access denied",
    }


def test_there_is_no_box_that_answers_nothing(browsed: Any) -> None:
    assert browsed["unscripted"] is False


def test_keys_lead_to_an_answer(browsed: Any) -> None:
    assert browsed["typed"] >= 4  # buttons that copy, on the page that they led to


def test_nothing_is_wrong_for_who_cannot_see_well(browsed: Any) -> None:
    assert browsed["axed"] == []


def test_a_small_phone_scrolls_down_alone(browsed: Any) -> None:
    assert browsed["wide"] == []


def test_what_is_pasted_is_text(browsed: Any) -> None:
    assert browsed["guarded"]["elements"] == 0
    assert "img src=x onerror=alert(1)><script>alert(2)</script" in browsed["guarded"]["text"]


def test_nothing_leaves_the_browser(browsed: Any) -> None:
    assert browsed["away"] == []
    assert browsed["guarded"]["left"] == []
    refused = set(browsed["guarded"]["refused"])
    assert {"connect-src", "img-src", "form-action"} <= refused
    assert any(one.startswith("script-src") for one in refused)
    assert any(one.startswith("style-src") for one in refused)
    assert "ran" not in refused


def test_the_browser_has_no_complaints(browsed: Any) -> None:
    assert browsed["complaints"] == []


def test_the_front_page_is_light(browsed: Any, pages: Path) -> None:
    assert "app.js" in browsed["loaded"]
    size = sum(site.packed(pages / name) for name in set(browsed["loaded"]))
    assert size < 60_000, browsed["loaded"]


def test_the_box_is_light(pages: Path) -> None:
    used = [pages / "index.html", *pages.glob("*.css"), *pages.glob("*.js")]
    assert sum(map(site.packed, used)) < 100_000


def test_entries_are_light(pages: Path) -> None:
    sizes = {said.id: site.packed(pages / said.id / "index.html") for said in catalog_of().said()}
    assert max(sizes.values()) < 15_000


class Page(HTMLParser):
    """The links of a page, its anchors, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.links += [named[name] or "" for name in ("href", "src") if name in named]
        self.links += re.findall("url=(.*)", named.get("content") or "")
        self.ids += [named["id"] or ""] if "id" in named else []

    def handle_data(self, data: str) -> None:
        self.text += data


@cache
def page(path: Path) -> Page:
    return Page(path)


def broken(folder: Path) -> Iterator[tuple[Path, str]]:
    """The links that lead nowhere, and anchors that are there twice."""
    for path in sorted(folder.rglob("*.html")):
        here = page(path)
        yield from ((path, an_id) for an_id in here.ids if here.ids.count(an_id) > 1)
        for link in here.links:
            if re.match("https?:", link):
                continue
            file, anchor = urldefrag(link)
            target = (path.parent / unquote(file)).resolve() if file else path
            if not target.is_file() or (anchor and anchor not in page(target).ids):
                yield path, link


def test_every_link_leads_somewhere(pages: Path, golden: Path) -> None:
    assert list(broken(pages)) == []
    assert list(broken(golden)) == []


def test_texts_of_the_catalog_are_text(golden: Path) -> None:
    all_is_text(golden, catalog_of(GOLDEN))


def all_is_text(folder: Path, catalog: Catalog) -> None:
    for said in catalog.said():
        here = page(folder / said.id / "index.html")
        texts = [said.text, said.summary, said.cause, said.sender_action, said.operator_action]
        texts += [form.text for form in said.forms] + list(said.examples)
        for text in texts:
            assert text in here.text, (said.id, text)


@pytest.mark.parametrize("seed", range(5))
def test_hostile_texts_are_text(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(hostile.catalog(Random(seed), 30)))
    catalog = load(path)
    publish(tmp_path, render(catalog, ROOT / "templates", ["site"]))
    for script in ("app.js", "pico.css"):  # release.site makes them
        (tmp_path / "site" / script).touch()
    all_is_text(tmp_path / "site", catalog)
    assert list(broken(tmp_path / "site")) == []


def test_how_an_entry_looks_is_how_it_is_read() -> None:
    for said in catalog_of().said():
        for where, text in looks(said, catalog_of()):
            assert said.id in ids_in(read(text)), (said.id, where, text)


def ids_in(reading: Reading | None) -> list[str]:
    """The ids of what a text says and of what that repeats."""
    if reading is None:
        return []
    here = [str(one) for one in (reading.reply, reading.reason) if one]
    return [*here, *ids_in(reading.inner)]


def test_programs_have_all_of_it(pages: Path) -> None:
    known = json.loads((pages / "replies.json").read_text())
    catalog = catalog_of()
    assert known["replies"].keys() == catalog.replies.keys()
    assert known["reasons"].keys() == catalog.reasons.keys()
    sitemap = (pages / "sitemap.xml").read_text()
    for said in catalog.said():
        url = f"{catalog.project.page}/{said.id}/"
        kind = "replies" if isinstance(said, Reply) else "reasons"
        assert known[kind][said.id]["url"] == url
        assert f"<loc>{url}</loc>" in sitemap
        here = (pages / said.id / "index.html").read_text()
        assert f'<link rel="canonical" href="{url}">' in here
        term = re.search('<script type="application/ld.json">(.*)</script>', here)
        assert term is not None
        assert json.loads(term[1])["termCode"] == said.id


@pytest.mark.parametrize("name", ["prettier", "tsc"])
def test_scripts_are_as_their_tools_would_have_them(name: str, tmp_path: Path) -> None:
    what = [ROOT / "templates/site", HERE]
    told = {"prettier": ["--check", "--no-config", *what], "tsc": ["--project", project(tmp_path)]}
    passes(tool(lambda: node(name)), *told[name])


def project(folder: Path) -> Path:
    """A project of the scripts as they stand among what they import."""
    for name, content in render(catalog_of(), ROOT / "templates", ["site"]).items():
        if name.startswith("site/src/") or name == "site/page.js":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    options = json.loads((HERE / "tsconfig.json").read_text())
    options["compilerOptions"]["paths"] = {
        "postfix-replies/*": [f"{GENERATED}/typescript/src/*"],
        "minisearch": [f"{site.MODULES}/minisearch"],
    }
    options["include"] = ["site"]
    (folder / "tsconfig.json").write_text(json.dumps(options))
    return folder
