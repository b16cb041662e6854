"""codegen verify-source: a tree of C sources against a catalog, both ways."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from codegen import source
from tests.tools import ROOT, codegen

VERSION = '#define MAIL_VERSION_NUMBER "%s"\n'
CHECK = r"""
/* 550 5.7.1 A comment is no reply. */
static int check(STATE *state)
{
    // 550 5.7.1 Nor is this.
    if (relay)
        return (smtpd_check_reject(state, var_relay_code, "5.7.1",
                                   "<%s>: Relay access " "denied", recipient));
#ifdef TEST
    smtpd_chat_reply(state, "550 5.7.1 Only in tests");
#else
    smtpd_chat_reply(state, "221 2.0.0 Bye");
#endif
#if 0
    smtpd_chat_reply(state, "250 2.0.0 Never");
#endif
    return (0);
}
"""
CATALOG = json.loads((ROOT / "catalog.json").read_text())
IDS = ("quit_bye", "relay_access_denied")


def place(an_id: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    plain = {"sources": ["smtpd/smtpd_check.c:check"], "twins": [], "since": "3.0"}
    return an_id, CATALOG["replies"][an_id] | plain | changes


def catalog(tmp_path: Path, *replies: tuple[str, dict[str, Any]], **changes: Any) -> Path:
    chosen = dict(replies)
    small = CATALOG | {"postfix": "3.6", "replies": chosen, "not_replies": []}
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(small | only_used(chosen) | changes))
    return path


def only_used(replies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The sections without what the replies do not name."""
    texts = json.dumps([[reply["text"], reply.get("forms", [])] for reply in replies.values()])
    used = {
        "placeholders": {name for name in CATALOG["placeholders"] if f"{{{name}}}" in texts},
        "categories": {reply["category"] for reply in replies.values()},
        "settings": {
            name
            for reply in replies.values()
            for names in reply["settings"].values()
            for name in names
        },
        "verdicts": {
            weighed["verdict"]
            for reply in replies.values()
            for weighed in reply.get("verdicts", [])
        },
        "everywhere": set[str](),
    }
    return {
        section: {name: of for name, of in CATALOG[section].items() if name in names}
        for section, names in used.items()
    }


def tree(tmp_path: Path, check: str = CHECK, version: str = "3.6.1") -> Path:
    for folder in ("global", "smtpd"):
        (tmp_path / "tree/src" / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "tree/src/global/mail_version.h").write_text(VERSION % version)
    (tmp_path / "tree/src/smtpd/smtpd_check.c").write_text(check)
    return tmp_path / "tree"


def verified(catalog: Path, tree: Path) -> tuple[int, dict[str, Any]]:
    done = codegen("verify-source", tree, "--catalog", catalog, "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def kinds(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(difference["kind"], difference["id"]) for difference in report["differences"]]


def test_a_tree_that_says_what_the_catalog_says(tmp_path: Path) -> None:
    status, report = verified(catalog(tmp_path, *map(place, IDS)), tree(tmp_path))
    assert (status, report["differences"], report["there"]) == (0, [], list(IDS))
    assert (report["version"], report["accounted"], report["absent"]) == ("3.6.1", 2, [])


def test_what_is_gone_and_what_is_new(tmp_path: Path) -> None:
    changed = CHECK.replace("Relay access", "Forwarding access")
    status, report = verified(catalog(tmp_path, *map(place, IDS)), tree(tmp_path, changed))
    assert status == 3
    assert kinds(report) == [("gone", "relay_access_denied"), ("unaccounted", "")]
    gone, new = report["differences"]
    assert "perhaps it is now smtpd/smtpd_check.c:check:8" in gone["what"]
    assert (new["place"], new["line"]) == ("smtpd/smtpd_check.c:check", 8)


def test_a_text_in_another_function_has_moved(tmp_path: Path) -> None:
    moved = CHECK.replace("int check(", "int recheck(")
    status, report = verified(catalog(tmp_path, *map(place, IDS)), tree(tmp_path, moved))
    assert status == 3
    assert kinds(report).count(("moved", "quit_bye")) == 2  # no longer there, and now here
    older = catalog(tmp_path, *map(place, IDS), postfix="3.7")
    assert verified(older, tree(tmp_path, moved))[0] == 0  # places are those of the newest


def test_releases_other_than_the_catalog_says(tmp_path: Path) -> None:
    early, late = place("quit_bye", since="3.7"), place("relay_access_denied", until="3.5")
    status, report = verified(catalog(tmp_path, early, late), tree(tmp_path))
    assert status == 3
    assert kinds(report) == [("early", "quit_bye"), ("late", "relay_access_denied")]
    backported = place("quit_bye", since="3.7", backports=["3.6.1"])
    known = catalog(tmp_path, backported, place("relay_access_denied"))
    assert verified(known, tree(tmp_path))[0] == 0
    assert kinds(verified(known, tree(tmp_path, version="3.6.0"))[1]) == [("early", "quit_bye")]


def test_other_codes(tmp_path: Path) -> None:
    changed = CHECK.replace("221 2.0.0", "221 2.1.0")
    status, report = verified(catalog(tmp_path, *map(place, IDS)), tree(tmp_path, changed))
    assert (status, kinds(report)) == (3, [("codes", "quit_bye")])


def test_a_text_that_is_no_reply_is_named_with_its_reason(tmp_path: Path) -> None:
    more = CHECK.replace("return (0);", 'msg_info("250 2.0.0 %s is fine", name);')
    replies = [place(an_id) for an_id in IDS]
    assert verified(catalog(tmp_path, *replies), tree(tmp_path, more))[0] == 3
    excepted = {"source": "smtpd/smtpd_check.c:check", "text": "* is fine", "why": "It is logged."}
    path = catalog(tmp_path, *replies, not_replies=[excepted])
    status, report = verified(path, tree(tmp_path, more))
    assert (status, report["excepted"]) == (0, 1)


def test_what_is_no_tree_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    done = codegen("verify-source", tmp_path)
    assert done.returncode == 4
    assert "src/global/mail_version.h" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "hostile",
    [
        *('"', "/*", "'", '"\\', '"' * 100_000, "/*" * 100_000, "(" * 100_000, '"%' * 100_000),
        *("#define X " * 50_000, '"550 5.7.1 a" ' * 50_000, '("a"' * 50_000, "\0" * 100_000),
        *(
            '"%1' + "0" * 100_000,
            "#if 0\n" * 50_000,
            "#if X\n" * 50_000 + "a " * 50_000,
            "a " * 100_000,
            "{" * 100_000,
            '\\"' * 100_000,
            "\\'" * 100_000,
            "'\"" * 100_000,
            f'"%{"0" * 100_000}"',
            f'"{"${" * 100_000}"',
            f'"{"$(" * 100_000}"',
        ),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_time_is_linear_in_hostile_source(hostile: str, tmp_path: Path) -> None:
    """A tenth of a megabyte of anything: a quadratic reader would take minutes."""
    start = time.monotonic()
    source.literals(tree(tmp_path, f"int f(void) {{ {hostile}"))
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "version", ["x", "", "3", "3.x", "9" * 5000, f"3.{'9' * 5000}", f"3.9.{'9' * 5000}", "3.9\n1"]
)
def test_a_tree_without_a_version_of_postfix_is_an_error(version: str, tmp_path: Path) -> None:
    path = catalog(tmp_path, *map(place, IDS))
    done = codegen("verify-source", tree(tmp_path, version=version), "--catalog", path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "mail_version.h" in done.stderr
    assert "MAIL_VERSION_NUMBER" in done.stderr
    assert len(done.stderr) < 1000


@pytest.mark.parametrize("version", ["3.4.0", "2.11-RC1", "3.12-20260821", "3.9-20240121-nonprod"])
def test_versions_of_postfix_are_known(version: str, tmp_path: Path) -> None:
    assert source.version(tree(tmp_path, version=version)) == version


@pytest.mark.parametrize("place", ["global/mail_version.h", "smtpd/smtpd_check.c", "smtpd/new.c"])
def test_only_regular_files_are_read(place: str, tmp_path: Path) -> None:
    """A FIFO that nobody writes to would be waited for."""
    fifo = tree(tmp_path) / "src" / place
    fifo.unlink(missing_ok=True)
    os.mkfifo(fifo)
    done = codegen("verify-source", tmp_path / "tree")
    assert (done.returncode, done.stdout) == (4, "")
    assert f"{fifo}: not a regular file" in done.stderr
