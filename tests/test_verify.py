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
# What the delivery side says: with a status beside it, in parts, and into a buffer.
LOCAL = r"""
static int deliver(LOCAL_STATE state)
{
    msg_warn("5.1.1 %s is only logged", name);
    if (home == 0)
        dsb_simple(why, "4.3.0",
                   "cannot access home directory %s: %m", dir);
    if (mbox == 0)
        vstring_sprintf_prepend(why->reason, "cannot update mailbox %s for user %s. ", mbox, user);
    dsb_update(why, "2.0.0", final ? "delivered" : "expanded", DSB_SKIP_RMTA, DSB_SKIP_REPLY,
               "delivers to " "mailbox", strerror("not this"));
    return (smtp_site_fail(state, DSN_BY_LOCAL_MTA, SMTP_RESP_FAKE(&fake, "5.1.1"),
                           "unknown user: \"%s\"", user));
}
"""
DNS = r"""
static struct dns_error_map dns_error_map[] = {
    HOST_NOT_FOUND, "Host not found",
};
static int dns_query(char *name)
{
    vstring_sprintf(why, "Host or domain name not found. "
                    "Name service error for name=%s type=%s: %s", name, type, dns_strerror(err));
}
"""
FILES = {
    "cleanup": "cleanup.c",
    "local": "unknown.c",
    "dns": "dns_lookup.c",
    "virtual": "maildir.c",
}
DELIVER = "local/unknown.c:deliver"
REASONS = (
    "delivers_to_mailbox",
    "home_directory_inaccessible",
    "mailbox_not_updated",
    "mailbox_unknown_user",
)
CATALOG = json.loads((ROOT / "catalog.json").read_text())
IDS = ("quit_bye", "relay_access_denied")


def place(an_id: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    plain = {"sources": ["smtpd/smtpd_check.c:check"], "twins": [], "since": "3.0"}
    return an_id, CATALOG["replies"][an_id] | plain | changes


def cause(an_id: str, *sources: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    plain = {"sources": sorted(sources), "twins": [], "since": "3.0"}
    return an_id, CATALOG["reasons"][an_id] | plain | changes


def catalog(tmp_path: Path, *replies: tuple[str, dict[str, Any]], **changes: Any) -> Path:
    chosen = {"replies": dict(replies), "reasons": changes.pop("reasons", {})}
    small = CATALOG | {"postfix": "3.6", "not_replies": [], "not_reasons": []} | chosen
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(small | only_used(chosen) | changes))
    return path


def only_used(chosen: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """The sections without what the replies and reasons do not name."""
    entries = [entry for part in chosen.values() for entry in part.values()]
    texts = json.dumps([[entry["text"], entry.get("forms", [])] for entry in entries])
    used = {
        "placeholders": {name for name in CATALOG["placeholders"] if f"{{{name}}}" in texts},
        "categories": {entry["category"] for entry in entries},
        "settings": {
            name for entry in entries for names in entry["settings"].values() for name in names
        },
        "verdicts": {
            weighed["verdict"] for entry in entries for weighed in entry.get("verdicts", [])
        },
        "everywhere": set[str](),
    }
    return {
        section: {name: of for name, of in CATALOG[section].items() if name in names}
        for section, names in used.items()
    }


def tree(tmp_path: Path, check: str = CHECK, version: str = "3.6.1", **files: str) -> Path:
    for folder in ("global", "smtpd"):
        (tmp_path / "tree/src" / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "tree/src/global/mail_version.h").write_text(VERSION % version)
    (tmp_path / "tree/src/smtpd/smtpd_check.c").write_text(check)
    for folder, text in files.items():
        (tmp_path / "tree/src" / folder).mkdir(exist_ok=True)
        (tmp_path / "tree/src" / folder / FILES[folder]).write_text(text)
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


def test_what_main_cf_must_name_for_a_reply(tmp_path: Path) -> None:
    """A name that leads to a reply is a source of it: before there was one, it was never said."""
    check, name = "smtpd/smtpd_check.c:check", "global/mail_params.h:REJECT_RELAY"
    path = catalog(tmp_path, place("quit_bye"), place("relay_access_denied", sources=[name, check]))
    assert kinds(verified(path, tree(tmp_path))[1]) == [("gone", "relay_access_denied")]
    (tmp_path / "tree/src/global/mail_params.h").write_text('#define REJECT_RELAY "reject_relay"')
    assert verified(path, tmp_path / "tree")[0] == 0


@pytest.mark.parametrize(("name", "found"), [("SASL login name", []), ("Login", ["gone"])])
def test_the_name_of_what_is_refused_is_put_in(name: str, found: list[str], tmp_path: Path) -> None:
    check = f"""int check(void) {{
        smtpd_check_reject(state, 554, "5.7.1", "<%s>: %s rejected: Access denied", name, class);
        check_access("{name}");
    }}"""
    path = catalog(tmp_path, place("sasl_login_access_denied"))
    report = verified(path, tree(tmp_path, check))[1]
    assert [kind for kind, _ in kinds(report) if kind == "gone"] == found


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


def with_reasons(tmp_path: Path, *reasons: tuple[str, dict[str, Any]], **changes: Any) -> Path:
    return catalog(tmp_path, *map(place, IDS), reasons=dict(reasons), **changes)


def local_reasons(**changes: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [cause(an_id, DELIVER, **changes.get(an_id, {})) for an_id in REASONS]


def test_a_tree_that_says_the_reasons_of_the_catalog(tmp_path: Path) -> None:
    """With the action of a report, what is logged and other calls' words left aside."""
    path = with_reasons(tmp_path, *local_reasons())
    status, report = verified(path, tree(tmp_path, local=LOCAL.replace("5.1.1 %s is", "%s is")))
    assert (status, report["differences"]) == (0, [])
    assert report["there"] == [*IDS, *REASONS]
    assert (report["accounted"], report["excepted"]) == (2 + len(REASONS), 0)
    assert (
        "2 replies and 4 reasons there, 0 not"
        in codegen("verify-source", tmp_path / "tree", "--catalog", path).stderr
    )


def test_a_reason_that_is_gone_and_one_that_is_new(tmp_path: Path) -> None:
    changed = LOCAL.replace("unknown user:", "unknown user now:").replace("5.1.1 %s", "%s")
    path = with_reasons(tmp_path, *local_reasons())
    status, report = verified(path, tree(tmp_path, local=changed))
    assert status == 3
    assert kinds(report) == [("gone", "mailbox_unknown_user"), ("unaccounted", "")]
    gone, new = report["differences"]
    assert f"perhaps it is now {DELIVER}:13" in gone["what"]
    assert (new["place"], new["line"]) == (DELIVER, 13)
    assert new["what"] == 'no reason of the catalog says unknown user now: "*"'


@pytest.mark.parametrize(
    "said",
    [
        'dsb_simple(why, "5.1.1", "new words for %s", user)',
        'dsb_simple(why, mbox_dsn(errno, "5.1.1"), bad ? "new words for %s" : other)',
        'dsb_simple(why, "5.1.1", (bad ? "new words for %s" : other))',
        'dsb_unix(why, "5.1.1", sys_exits_detail(EX_OSERR)->text, "new words for %s", user)',
        'dsb_update(why, "5.1.1", DSB_DEF_ACTION, DSB_MTYPE_DNS, STR(host), DSB_DTYPE_SASL, "x y",'
        ' "new words for %s", user)',
        '(void) DSN_SIMPLE(&dsn, "5.1.1", "new words for %s")',
        'smtp_misc_fail(state, A | B, 0, SMTP_RESP_FAKE(&fake, "5.1.1"), "new words for %s", user)',
        'smtp_rcpt_fail(state, rcpt, mta, resp, "new words for %s", user)',
        'vstring_sprintf(why, "new words for %s", user)',
        'vstring_strcpy(state->why->reason, "new words for %s")',
        'QMGR_REDIRECT(&reply, MAIL_SERVICE_ERROR, "5.1.1 new words for %s")',
        'text = "new words for %s"',
        'msg_info("%s: status=deferred (new words for %s)", id, what)',
        'static X table[] = { EX_NOUSER, "5.1.1", "new words for %s", }',
    ],
)
def test_every_door_of_reasons_is_watched(said: str, tmp_path: Path) -> None:
    more = LOCAL.replace('msg_warn("5.1.1 %s is only logged", name)', said)
    path = with_reasons(tmp_path, *local_reasons())
    status, report = verified(path, tree(tmp_path, local=more))
    assert (status, kinds(report)) == (3, [("unaccounted", "")])
    assert report["differences"][0]["text"] == "new words for \0"


@pytest.mark.parametrize(
    "said",
    [
        'msg_warn("new words for %s", user)',
        'dsb_status(why, "5.1.1")',
        'dsb_simple(why, "2.0.0", "delivers to mailbox", strchr("new words", 1))',
        'smtp_stream_except(state, except, "new words")',
        'vstring_sprintf(path, "new words for %s", user)',
        'alias = "new words"',
    ],
)
def test_what_goes_through_no_door_is_no_reason(said: str, tmp_path: Path) -> None:
    more = LOCAL.replace('msg_warn("5.1.1 %s is only logged", name)', said)
    path = with_reasons(tmp_path, *local_reasons())
    assert verified(path, tree(tmp_path, local=more))[0] == 0


def test_a_reason_in_another_function_has_moved(tmp_path: Path) -> None:
    moved = LOCAL.replace("int deliver(", "int redeliver(").replace("5.1.1 %s", "%s")
    status, report = verified(with_reasons(tmp_path, *local_reasons()), tree(tmp_path, local=moved))
    assert status == 3
    assert {kind for kind, _ in kinds(report)} == {"moved"}
    assert kinds(report).count(("moved", "mailbox_unknown_user")) == 2  # not there, and now here
    older = with_reasons(tmp_path, *local_reasons(), postfix="3.7")
    assert verified(older, tree(tmp_path, local=moved))[0] == 0


def test_reasons_of_other_releases_than_the_catalog_says(tmp_path: Path) -> None:
    local = LOCAL.replace("5.1.1 %s", "%s")
    off = {"delivers_to_mailbox": {"since": "3.7"}, "mailbox_unknown_user": {"until": "3.5"}}
    path = with_reasons(tmp_path, *local_reasons(**off))
    status, report = verified(path, tree(tmp_path, local=local))
    assert status == 3
    assert kinds(report) == [("early", "delivers_to_mailbox"), ("late", "mailbox_unknown_user")]
    backported = {"delivers_to_mailbox": {"since": "3.7", "backports": ["3.6.1"]}}
    path = with_reasons(tmp_path, *local_reasons(**backported))
    assert verified(path, tree(tmp_path, local=local))[0] == 0
    assert kinds(verified(path, tree(tmp_path, local=local, version="3.6.0"))[1]) == [
        ("early", "delivers_to_mailbox")
    ]


def test_another_dsn_beside_a_reason(tmp_path: Path) -> None:
    changed = LOCAL.replace('"5.1.1"', '"5.1.6"').replace("5.1.1 %s", "%s")
    path = with_reasons(tmp_path, *local_reasons())
    status, report = verified(path, tree(tmp_path, local=changed))
    assert (status, kinds(report)) == (3, [("codes", "mailbox_unknown_user")])
    assert report["differences"][0]["what"] == "dsn does not have 5.1.6"


def test_a_text_that_is_no_reason_is_named_with_why(tmp_path: Path) -> None:
    assert verified(with_reasons(tmp_path, *local_reasons()), tree(tmp_path, local=LOCAL))[0] == 3
    why = {"source": DELIVER, "text": "* is only logged", "why": "It is a warning."}
    path = with_reasons(tmp_path, *local_reasons(), not_reasons=[why])
    status, report = verified(path, tree(tmp_path, local=LOCAL))
    assert (status, report["excepted"]) == (0, 1)
    later = with_reasons(tmp_path, *local_reasons(), not_reasons=[why | {"since": "3.7"}])
    assert kinds(verified(later, tree(tmp_path, local=LOCAL))[1]) == [("unaccounted", "")]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", []),
        ('"Host not found"', '"Host missing"', ["gone", "unaccounted", "unaccounted"]),
        ("Host or domain", "Name", ["gone", "unaccounted", "unaccounted"]),
        ("};", 'TRY_AGAIN, "Try later", };', ["unaccounted"]),
    ],
)
def test_a_text_of_parts(before: str, after: str, found: list[str], tmp_path: Path) -> None:
    """A frame and the words that fill it, from a table: both must be there."""
    places = ("dns/dns_lookup.c:dns_error_map", "dns/dns_lookup.c:dns_query")
    path = with_reasons(tmp_path, cause("host_not_found", *places))
    report = verified(path, tree(tmp_path, dns=DNS.replace(before, after, 1)))[1]
    assert [kind for kind, _ in kinds(report)] == found


@pytest.mark.parametrize("beginning", ["Command failed: ", "Command failed because of "])
def test_what_is_put_before_another_reason(beginning: str, tmp_path: Path) -> None:
    said = cause("command_message_not_copied", "local/unknown.c:pipe")
    local = f"""int pipe(void) {{ vstring_prepend(why->reason, "{beginning}", 16); }}"""
    status, report = verified(with_reasons(tmp_path, said), tree(tmp_path, local=local))
    same = beginning == "Command failed: "
    assert (status, "gone" in dict(kinds(report))) == (0 if same else 3, not same)


@pytest.mark.parametrize(("conversion", "found"), [("%m", []), ("%s", ["gone", "unaccounted"])])
def test_only_the_system_fills_in_what_no_literal_says(
    conversion: str, found: list[str], tmp_path: Path
) -> None:
    said = cause("maildir_disk_full", "virtual/maildir.c:deliver")
    virtual = f"""int deliver(void)
    {{
        dsb_simple(why, mbox_dsn(errno, dsn), "create maildir file %s: {conversion}", file);
    }}"""
    report = verified(with_reasons(tmp_path, said), tree(tmp_path, virtual=virtual))[1]
    assert [kind for kind, _ in kinds(report)] == found


@pytest.mark.parametrize(("dsn", "found"), [("4.3.0", []), ("5.3.0", [("unaccounted", "")])])
def test_what_cleanup_refuses_for_a_time_is_no_reason(
    dsn: str, found: list[Any], tmp_path: Path
) -> None:
    """With a refusal that is for good it bounces local mail; with another it leaves the mail."""
    table = f"""static const X map[] = {{ A, 451, "{dsn}", "new words", }};"""
    client = {"source": "cleanup/cleanup.c:map", "text": "new words", "why": "Nobody hears it."}
    path = with_reasons(tmp_path, not_replies=[client])
    assert kinds(verified(path, tree(tmp_path, cleanup=table))[1]) == found


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
