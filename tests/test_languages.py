"""The real CPython, tsc with node, and go run the outputs, and answer as the catalog does."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import postfix_replies
import pytest
from postfix_replies import codes

from codegen import facts, targets
from codegen.catalog import Catalog, Reply, Said
from tests.toolchain import GO_ENVIRONMENT, GO_MODULE, go, node, requiring
from tests.tools import (
    GENERATED,
    GOLDEN,
    LANGUAGES,
    OUTPUTS,
    ROOT,
    catalog_of,
    codegen,
    facts_of,
    passes,
    run,
    tool,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("generated", OUTPUTS)
def test_every_fact_is_that_of_the_catalog(language: str, generated: Path) -> None:
    *replies, vocabularies, lookups = facts_of(language, generated)
    catalog = catalog_of(generated)
    assert replies == [expected(reply, catalog) for reply in catalog.replies.values()]
    assert vocabularies == expected_vocabularies(catalog)
    assert lookups == expected_lookups(catalog)

    *reasons, by_dsn = facts_of(language, generated, "reason_facts")
    assert reasons == [expected(reason, catalog) for reason in catalog.reasons.values()]
    assert by_dsn == expected_by_dsn(catalog)


def expected(said: Said, catalog: Catalog) -> Any:
    row = facts.row(said, catalog)
    noun = facts.REPLY if isinstance(said, Reply) else facts.REASON
    return plain({"id": said.id} | {fact.name: row[fact.name] for fact in facts.of_packages(noun)})


def expected_by_dsn(catalog: Catalog) -> dict[str, Any]:
    found = {dsn: [reason.id for reason in reasons] for dsn, reasons in catalog.by_dsn().items()}
    return {"by_dsn": found, "unknown": 0, "pages": pages(catalog.reasons, catalog)}


def pages(ids: Iterable[str], catalog: Catalog) -> list[str]:
    return [f"{catalog.project.page}/{an_id}/" for an_id in ids]


def expected_vocabularies(catalog: Catalog) -> Any:
    nouns = (*facts.VOCABULARIES, *facts.CODES)
    return plain({noun.name: dict(facts.members(noun, catalog)) for noun in nouns})


def plain(value: Any) -> Any:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value))


def expected_lookups(catalog: Catalog) -> dict[str, Any]:
    def ids(found: dict[Any, list[Reply]]) -> dict[str, list[str]]:
        return {str(key): [reply.id for reply in replies] for key, replies in found.items()}

    return {
        "by_code": ids(catalog.by_code()),
        "by_enhanced": ids(catalog.by_enhanced()),
        "unknown": [0, 0],
        "pages": pages(catalog.replies, catalog),
        "registered": [False, False, False, False, "X.1.10" in catalog.enhanced_codes],
        "codes": sorted(map(int, catalog.reply_codes)),
        "retryable": [False, False, True, False],
    }


def python(program: str, generated: Path = GENERATED, *flags: str) -> str:
    path = str(generated / "python")
    return passes(
        sys.executable, "-B", *flags, "-c", f"import sys; sys.path[0] = {path!r}\n{program}"
    )


def test_importing_the_python_package_is_cheap() -> None:
    loaded = python(
        "before = set(sys.modules); import postfix_replies\n" "print(*set(sys.modules) - before)",
        GENERATED,
        "-I",
        "-S",
    )
    assert not {"re", "typing", "dataclasses", "postfix_replies._facts"} & set(loaded.split())


@pytest.mark.parametrize("generated", OUTPUTS)
def test_the_python_package_is_python_3_9(generated: Path) -> None:
    for module in (generated / "python").rglob("*.py"):
        ast.parse(module.read_text(), feature_version=(3, 9))


def test_old_python_names_warn_and_are_no_members() -> None:
    printed = python(
        "import warnings; from postfix_replies import Reply\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    print(repr(Reply.OLD_NAME), repr(Reply('older_name')), repr(Reply['OLD_NAME']))\n"
        "print('OLD_NAME' in Reply.__members__, len(caught))\n"
        "print(caught[0].message, caught[0].filename)\n"
        "try: Reply('nonsense')\n"
        "except ValueError as error: print(error)\n",
        GOLDEN,
    )
    assert printed.splitlines() == [
        "<Reply.NEW_NAME: 'new_name'> <Reply.NEW_NAME: 'new_name'> <Reply.NEW_NAME: 'new_name'>",
        "False 2",
        "OLD_NAME is now NEW_NAME <string>",
        "'nonsense' is not a valid Reply",
    ]


def test_python_members_are_their_values() -> None:
    reply = postfix_replies.Reply.QUIT_BYE
    assert f"{reply}" == str(reply) == reply == "quit_bye"
    assert json.dumps({reply: [reply]}) == '{"quit_bye": ["quit_bye"]}'
    assert sorted([reply, postfix_replies.Reply.HELO_ACCEPTED])[0] == "helo_accepted"
    assert "quit_bye" in postfix_replies.Reply
    assert reply in postfix_replies.Reply
    others: tuple[Any, ...] = ("QUIT_BYE", "nonsense", 221, None, [])
    assert not any(other in postfix_replies.Reply for other in others)
    assert 221 in codes.ReplyCode
    assert 299 not in codes.ReplyCode


@pytest.mark.parametrize(
    ("call", "given", "said"),
    [
        ("by_code", "454", "a reply code is an int such as 554, not '454'"),
        ("by_enhanced", 5, "a status code is a str such as '5.7.1', not 5"),
        ("by_dsn", None, "a status code is a str such as '5.7.1', not None"),
        ("identify", None, "give str or bytes, not NoneType; read takes exceptions"),
        ("identify", OSError(), "give str or bytes, not OSError; read takes exceptions"),
        ("identify_reason", 5, "give str or bytes, not int; read takes exceptions"),
        ("read", 5, "cannot read a int: give str, bytes or an exception"),
    ],
)
def test_python_says_what_it_takes(call: str, given: Any, said: str) -> None:
    with pytest.raises(TypeError) as raised:
        getattr(postfix_replies, call)(given)
    assert str(raised.value) == said


MATCH = """
from typing_extensions import assert_never
from postfix_replies import Reason, Reply, Severity

def exhaustive(severity: Severity) -> int:
    match severity:
        case Severity.POSITIVE_COMPLETION: return 2
        case Severity.POSITIVE_INTERMEDIATE: return 3
        case Severity.TRANSIENT_NEGATIVE_COMPLETION: return 4
        case Severity.PERMANENT_NEGATIVE_COMPLETION: return 5
        case other: assert_never(other)

def every_reply(reply: Reply) -> str:
    match reply:
{cases}
        case other: assert_never(other)

old: Reply = Reply.OLD_NAME
line: str = Reply.MARKDOWN_MARKS.format(recipient="a@b.c")
words: str = Reason.TLS_CONNECT_FAILED.format(remote="mx[192.0.2.1]", error="no")
"""


def test_an_old_name_leaves_exhaustive_matches_alone(tmp_path: Path) -> None:
    ids = catalog_of(GOLDEN).replies
    cases = "\n".join(f"        case Reply.{an_id.upper()}: return {an_id!r}" for an_id in ids)
    (tmp_path / "match.py").write_text(MATCH.format(cases=cases))
    environment = {"MYPYPATH": str(GOLDEN / "python")}
    passes(
        sys.executable, "-m", "mypy", "--strict", "--config-file=", "match.py",
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    done = run(
        [
            sys.executable, "-m", "mypy", "--strict", "--config-file=",
            "--enable-error-code=deprecated", "match.py",
        ],
        cwd=tmp_path,
        env=environment,
    )  # fmt: skip
    assert "OLD_NAME is now NEW_NAME" in done.stdout


@pytest.mark.parametrize("generated", OUTPUTS)
def test_python_is_as_its_tools_would_have_it(generated: Path) -> None:
    package = generated / "python/postfix_replies"
    # The project's own settings exclude generated files; black's defaults do not.
    passes(sys.executable, "-m", "black", "--check", "--config=/dev/null", package)
    mypy = ["mypy", "--strict", "--config-file=", "--cache-dir=/dev/null", "-p", "postfix_replies"]
    passes(sys.executable, "-m", *mypy, cwd=package.parent)
    passes(tool(lambda: node("pyright")), "postfix_replies", cwd=package.parent)


@pytest.mark.parametrize("generated", OUTPUTS)
def test_typescript_is_as_prettier_would_have_it(generated: Path) -> None:
    names = ["package.json", "tsconfig.json", "src/*.ts"]
    where = [generated / "typescript" / name for name in names]
    passes(tool(lambda: node("prettier")), "--check", "--no-config", *where)


@pytest.mark.parametrize("generated", OUTPUTS)
def test_go_is_as_its_tools_would_have_it(generated: Path) -> None:
    folder = generated / "go"
    assert passes(tool(lambda: go("gofmt")), "-l", folder) == ""
    passes(tool(go), "vet", "./...", cwd=folder, env=GO_ENVIRONMENT)
    made = "// Code generated by codegen from catalog.json. DO NOT EDIT."
    for source in folder.glob("*.go"):
        copied = (ROOT / "templates/go" / source.name).exists()
        assert (source.read_text().splitlines()[0] == made) is not copied


def test_go_doc_reads_well() -> None:
    shown = passes(tool(go), "doc", "RelayAccessDenied", cwd=GENERATED / "go", env=GO_ENVIRONMENT)
    assert "// RelayAccessDenied: The server does not relay" in shown
    assert "//\t554 5.7.1 <{recipient}>: Relay access denied" in shown


GO_MAIN = f"""package main

import postfixreplies "{GO_MODULE}"

func main() {{ println(postfixreplies.RelayAccessDenied.Code()) }}
"""


def test_go_does_nothing_at_init(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text(GO_MAIN)
    (tmp_path / "go.mod").write_text(requiring("main", GENERATED / "go"))
    passes(tool(go), "build", "-o", "main", ".", cwd=tmp_path, env=GO_ENVIRONMENT)
    done = run([tmp_path / "main"], env={"GODEBUG": "inittrace=1"})
    assert done.stderr.splitlines()[-1] == "554"
    assert "init internal/" in done.stderr
    assert f"init {GO_MODULE}" not in done.stderr


@pytest.mark.parametrize("generated", OUTPUTS)
def test_go_returns_copies_all_the_way_down(generated: Path, tmp_path: Path) -> None:
    """A program writes to everything it is given; under the race detector where there is cgo."""
    shutil.copy(ROOT / "tests/programs/spoil.go", tmp_path)
    (tmp_path / "go.mod").write_text(requiring("spoil", generated / "go"))
    cgo = passes(tool(go), "env", "CGO_ENABLED", cwd=tmp_path).strip() == "1"
    race = ["-race"] if cgo else []
    done = passes(tool(go), "run", *race, ".", cwd=tmp_path, env=GO_ENVIRONMENT)
    assert done.startswith("unchanged")


GO_SMTP = """package smtp

type SMTPError struct {
	Code         int
	EnhancedCode [3]int
	Message      string
}

func (e *SMTPError) Error() string { return "" }
"""
GO_ERRORS = """\
true "client_go_textproto" "452 4.3.1 Insufficient system storage"
true "client_go_textproto" "452 4.3.1 Insufficient system storage"
true "client_go_smtp" "554 5.7.1 <a@b.c>: Relay access denied"
true "client_go_textproto" "452 4.3.1 Insufficient system storage"
true "client_go_smtp" "554 Relay access denied"
false "" ""
false "" ""
"deferred"
"bounced"
"delivered"
"bounced"
"refused"
""
"""


def test_go_reads_errors_and_outcomes(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests/programs/errors.go", tmp_path)
    (tmp_path / "go-smtp").mkdir()
    (tmp_path / "go-smtp/smtp.go").write_text(GO_SMTP)
    (tmp_path / "go.mod").write_text(requiring("errors.test", GENERATED / "go"))
    assert passes(tool(go), "run", ".", cwd=tmp_path, env=GO_ENVIRONMENT) == GO_ERRORS


GO_STORED = """\
"new_name" <nil>
"new_name" <nil>
"" <nil>
"" <nil>
"" "x" is not a reply of the catalog
<nil> true
"x" is not a reason of the catalog true
<nil> new_name: It was called otherwise
new_name has no form x new_name
"x" is not a reason of the catalog <nil>
true
true false
true true
 "x" is not a reply of the catalog
|||
"""


def test_go_says_what_became_of_stored_ids(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests/programs/stored.go", tmp_path)
    (tmp_path / "go.mod").write_text(requiring("stored", GOLDEN / "go"))
    assert passes(tool(go), "run", ".", cwd=tmp_path, env=GO_ENVIRONMENT) == GO_STORED


def test_the_go_package_needs_no_network() -> None:
    needed = passes(tool(go), "list", "-deps", ".", cwd=GENERATED / "go", env=GO_ENVIRONMENT)
    assert not {"net", "net/textproto"} & set(needed.split())


ONE = 'import {what} from "./src/{module}.ts";\nconsole.log({use});\n'


@pytest.mark.parametrize(
    ("module", "what", "use", "text"),
    [
        ("index", "{ RELAY_ACCESS_DENIED }", "RELAY_ACCESS_DENIED", "Relay access denied"),
        ("index", "* as replies", "replies.RELAY_ACCESS_DENIED", "Relay access denied"),
        ("reasons", "{ MAILBOX_UNKNOWN_USER }", "MAILBOX_UNKNOWN_USER", "unknown user"),
        ("reasons", "* as reasons", "reasons.MAILBOX_UNKNOWN_USER", "unknown user"),
    ],
)
def test_a_bundle_has_the_one_constant_that_is_used(
    module: str, what: str, use: str, text: str
) -> None:
    bundle = bundled(ONE.format(module=module, what=what, use=use))
    assert text in bundle
    assert bundle.count("id:") == 1
    assert len(bundle) <= 400, bundle


@pytest.mark.parametrize(
    ("module", "name", "most"),
    [
        ("details", "RELAY_ACCESS_DENIED", 5_000),
        ("reason-details", "MAILBOX_UNKNOWN_USER", 5_000),
        ("page", "pageOf", 500),
        ("format", "format", 40_000),
        ("reason-format", "formatReason", 20_000),
    ],
)
def test_a_bundle_has_no_more_than_is_asked_for(module: str, name: str, most: int) -> None:
    assert len(bundled(ONE.format(module=module, what=f"{{ {name} }}", use=name))) <= most


REPLY, REASON = "no_valid_recipients", "mailbox_unknown_user"


@pytest.mark.parametrize(
    ("module", "name", "own", "other"),
    [
        ("details", "details", REPLY, REASON),
        ("format", "format", REPLY, REASON),
        ("identify", "identify", REPLY, REASON),
        ("lookup", "byId", REPLY, REASON),
        ("reason-details", "reasonDetails", REASON, REPLY),
        ("reason-format", "formatReason", REASON, REPLY),
        ("reason-lookup", "byDsn", REASON, REPLY),
        ("told", "identifyReason", REASON, REPLY),
    ],
)
def test_a_bundle_of_replies_has_no_reasons_nor_the_other_way(
    module: str, name: str, own: str, other: str
) -> None:
    bundle = bundled(ONE.format(module=module, what=f"{{ {name} }}", use=name))
    assert facts_in(bundle, own)
    assert not facts_in(bundle, other)


def facts_in(bundle: str, an_id: str) -> bool:
    """Whether a bundle has the constant or the entry of an id, and does not just name it."""
    return f'id:"{an_id}"' in bundle or f"{an_id}:" in bundle


def bundled(program: str) -> str:
    done = subprocess.run(
        [tool(lambda: node("esbuild")), "--bundle", "--minify", "--format=esm", "--loader=ts"],
        cwd=GENERATED / "typescript",
        input=program,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


USES = """
import { QUIT_BYE, RELAY_ACCESS_DENIED } from "./src/index.js";
import { format } from "./src/format.js";
import { identify } from "./src/identify.js";
import { formatReason } from "./src/reason-format.js";
import { DELIVERED_TO_MAILBOX, MAILBOX_UNKNOWN_USER } from "./src/reasons.js";
import { identifyReason } from "./src/told.js";

format(QUIT_BYE, {});
format(RELAY_ACCESS_DENIED, { recipient: "a@b.c" });
const match = identify("221 2.0.0 Bye");
if (match) format(match.reply, match.params, { code: match.code, enhanced: match.enhanced });
// @ts-expect-error a placeholder is missing
format(RELAY_ACCESS_DENIED, {});
// @ts-expect-error no such placeholder
format(RELAY_ACCESS_DENIED, { recipient: "a@b.c", sender: "x" });
// @ts-expect-error it has no placeholder
format(QUIT_BYE, { recipient: "a@b.c" });
// @ts-expect-error a value is a string
format(RELAY_ACCESS_DENIED, { recipient: 5 });
// @ts-expect-error a constant never changes
RELAY_ACCESS_DENIED.code = 554;

formatReason(DELIVERED_TO_MAILBOX, {});
formatReason(MAILBOX_UNKNOWN_USER, { user: "anna" });
const told = identifyReason("delivered to mailbox");
if (told) formatReason(told.reason, told.params, { form: told.form });
// @ts-expect-error a placeholder is missing
formatReason(MAILBOX_UNKNOWN_USER, {});
// @ts-expect-error no such placeholder
formatReason(MAILBOX_UNKNOWN_USER, { user: "anna", domain: "x" });
// @ts-expect-error it has no placeholder
formatReason(DELIVERED_TO_MAILBOX, { user: "anna" });
"""


def test_the_typescript_compiler_checks_params(tmp_path: Path) -> None:
    shutil.copytree(GENERATED / "typescript/src", tmp_path / "src")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    settings = json.loads((GENERATED / "typescript/tsconfig.json").read_text())
    settings["compilerOptions"] |= {"rootDir": ".", "noEmit": True}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings | {"include": ["*.ts"]}))
    (tmp_path / "uses.ts").write_text(USES)
    passes(tool(lambda: node("tsc")), "--project", tmp_path)


def test_typescript_compiles_a_large_catalog(tmp_path: Path) -> None:
    """More replies and heads than tsc takes in one list, 20 placeholders, no enhanced code."""
    catalog = json.loads((ROOT / "tests/golden/catalog.json").read_text())
    model = catalog["replies"]["severity_3yz"]
    names = [f"hole_{number:02}" for number in range(20)]
    hole = {"type": "text", "meaning": "A hole.", "example": "x"}
    catalog["placeholders"] |= dict.fromkeys(names, hole)
    for number in range(1_200):
        holes = " ".join(f"{{{name}}}" for name in names[: None if number == 1 else 1])
        opening = "" if number % 10 else "<{hole_19}>: "
        text = {
            "text": f"{opening}{number:04} is it {holes}",
            "summary": f"It is number {number}.",
        }
        catalog["replies"][f"number_{number}"] = model | text
    for reply in catalog["replies"].values():
        for variant in reply["variants"]:
            variant["enhanced"] = None
        reply["examples"] = []
    (tmp_path / "catalog.json").write_text(json.dumps(catalog))
    done = codegen("build", "--target", "typescript", "--catalog", "catalog.json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    passes(tool(lambda: node("tsc")), "--noEmit", cwd=tmp_path / "generated/typescript")


def test_the_python_package_installs_from_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "site"
    passes(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check",
        "--outdir", tmp_path, copied(GENERATED / "python", tmp_path / "project"),
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    passes(sys.executable, "-m", "zipfile", "-e", wheel, target)
    program = "import postfix_replies; print(postfix_replies.Reply.QUIT_BYE.code)"
    assert passes(sys.executable, "-c", program, env={"PYTHONPATH": str(target)}) == "221\n"
    assert (target / "postfix_replies/py.typed").exists()


def copied(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


def test_targets_templates_probes_and_outputs_agree() -> None:
    modules = targets.names()
    templates = sorted(path.name for path in (ROOT / "templates").iterdir() if path.is_dir())
    outputs = sorted(path.name for path in GENERATED.iterdir() if path.is_dir())
    languages = sorted(target.LANGUAGE.lower() for target in targets.languages())
    usual = [name for name in modules if targets.is_usual(name)]
    assert modules == templates == sorted([*languages, "markdown", "site"])
    assert outputs == usual == sorted([*languages, "markdown"])
    assert sorted(LANGUAGES) == languages


@pytest.mark.parametrize("generated", OUTPUTS)
def test_what_is_copied_is_its_source_and_does_not_claim_to_be_generated(generated: Path) -> None:
    for source in sorted((ROOT / "templates").rglob("*/**/*")):
        path = source.relative_to(ROOT / "templates").as_posix()
        if not targets.is_usual(path.split("/")[0]):
            continue
        if source.is_file() and source.suffix != ".jinja" and "__pycache__" not in path:
            assert (generated / path).read_bytes() == source.read_bytes()
            assert b"Code generated" not in source.read_bytes()
