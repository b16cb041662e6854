"""The commands; the one place where an error becomes lines and an exit status."""

import gc
import io
import json
import os
import sys
from collections import Counter
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from codegen import errors
from codegen.errors import CatalogError, CodegenError, Finding

if TYPE_CHECKING:
    from codegen.breaking import Change, Report
    from codegen.catalog import Catalog, Said
    from codegen.changes import Changes
    from codegen.listing import Filter
    from codegen.revisions import Held

HERE = Path(__file__).parent
# A wheel carries the catalog and the templates inside the package; a checkout has them beside it.
CARRIED = HERE if (HERE / "catalog.json").exists() else HERE.parent

app = typer.Typer(
    help="Turn the catalog of what Postfix says into Python, TypeScript, Go and a reference page.",
    epilog="Exit status: 0 done, 1 out of date, too small or nothing found, 2 wrong usage, "
    "3 the catalog is wrong, 4 cannot read or write, 70 a bug in codegen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"
    github = "github"


class DiffFormat(StrEnum):
    """How changes are printed."""

    text = "text"
    json = "json"
    github = "github"
    markdown = "markdown"


CatalogOption = Annotated[
    Path | None,
    typer.Option("--catalog", help="The catalog to read.", show_default="the bundled one"),
]
TemplatesOption = Annotated[
    Path | None,
    typer.Option("--templates", help="The templates.", show_default="the bundled ones"),
]
OutOption = Annotated[Path, typer.Option("--out", help="The folder to publish to.")]
OR = "may be repeated: one of them is enough."
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", help="Only this output; may be repeated.", show_default="all"),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        catalog = json.loads((CARRIED / "catalog.json").read_bytes())
        # codegen and its catalog are released together, under one number.
        number = catalog["version"]
        print(f"codegen {number}, catalog {number}, Postfix {catalog['postfix']}")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option(
        "--version", help="Print the versions and exit.", is_eager=True, callback=_print_version
    ),
]


@app.callback()
def _group(version: VersionOption = False) -> None:
    pass


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to; it is made.")] = Path(),
) -> None:
    """Start a catalog of your own.

    It is small and valid, and names its schema, which codegen build writes, for your editor. One
    that is there already stays as it is.
    """
    from codegen import starter

    path = starter.write(CARRIED / "catalog.json", folder)
    print(f"wrote {path}")
    print(f"Next: codegen build --catalog {path}", file=sys.stderr)


@app.command()
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and show a diff if out of date.")
    ] = False,
    catalog: CatalogOption = None,
    out: OutOption = Path("generated"),
    templates: TemplatesOption = None,
    target: TargetOption = None,
    also: Annotated[
        list[Path] | None,
        typer.Option(
            "--also",
            help="A folder with targets of your own: each a folder of templates, such as ruby, and "
            "a Python module beside it, ruby.py, which is run; may be repeated.",
            show_default="none",
        ),
    ] = None,
) -> None:
    """Check the catalog and publish every output.

    Each file is replaced whole, and those that codegen did not make are never touched. Where a
    build was cut short, the next one finishes it. Prints what was written and removed.
    """
    from codegen import changes, publish, render, targets

    sources = [templates or CARRIED / "templates", *(also or ())]
    available = {name: source for source in sources for name in render.available(source)}
    for name in target or ():
        _known("--target", name, sorted(available))
    chosen = [
        name for name in sorted(available) if (name in target if target else targets.is_usual(name))
    ]
    loaded = _load(catalog, "Nothing was written.")
    files = {} if target else render.shared()
    for source in sources:
        if here := [name for name in chosen if available[name] == source]:
            files |= render.render(loaded, source, here)
    only = tuple(chosen) if target else None
    if check:
        _report_check(changes.compare(out, files, only), out)
    else:
        _report_build(publish.publish(out, files, only), out, _counted(loaded))


@app.command()
def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="The catalogs to check.", show_default="that of --catalog"),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="How to print findings; github annotates the lines.")
    ] = Format.text,
    fix: Annotated[
        bool, typer.Option("--fix", help="First put order and layout right; no value is changed.")
    ] = False,
    catalog: CatalogOption = None,
) -> None:
    """Check the catalog; print every finding.

    Each comes with its place, its rule and what is wrong.
    """
    paths = files or [catalog or CARRIED / "catalog.json"]
    if files and catalog:
        raise typer.BadParameter("give either files or --catalog", param_hint="--catalog")
    findings = [finding for path in paths for finding in _checked(path, fix)]
    _print_findings(findings, form)
    if findings:
        _stop(*([] if form is Format.json else _to_fix(findings)), status=errors.WRONG_CATALOG)


def _checked(path: Path, fix: bool) -> list[Finding]:
    """What is wrong with a catalog. Says what was put in order, and that nothing is wrong."""
    from codegen import layout

    try:
        if fix and layout.fix(path):
            print(f"{path}: put in order", file=sys.stderr)
        loaded = _read(path)
        layout.check(path)
    except CatalogError as error:
        return error.findings
    print(f"{path}: {_counted(loaded)}, no problems.", file=sys.stderr)
    return []


@app.command()
def explain(
    what: Annotated[
        list[str],
        typer.Argument(
            help="A line of a log, a bounce, an error, a reply, a code or a name; - reads it."
        ),
    ],
    everything: Annotated[bool, typer.Option("--all", help="Tell all that is known.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, an object a text.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Explain what somebody holds.

    Says who spoke, which reply it is, who must act, whether to wait and what to do. Without quotes,
    words count as one text. Exits with 1 where nothing is known; then it names the nearest reply.
    """
    from codegen import package

    explaining = package.imported(_load(catalog), CARRIED / "templates", "_explain")
    texts = explaining.texts_of(sys.stdin) if what == ["-"] else [" ".join(what)]
    if not explaining.explain(texts, as_json, everything):
        _stop(status=errors.NOTHING_FOUND)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A file or a git revision, such as v0.1.0.")],
    new: Annotated[
        str | None, typer.Argument(help="The same.", show_default="the catalog to build")
    ] = None,
    form: Annotated[
        DiffFormat,
        typer.Option("--format", help="How to print changes; markdown is for the changelog."),
    ] = DiffFormat.text,
    catalog: CatalogOption = None,
) -> None:
    """Say what changed in the catalog, and its next version.

    Exits with 1 where the version of the new one is too small. Of a revision it takes the catalog
    at the path of --catalog, or REVISION:PATH. What is gone or answers otherwise is a major change
    for those who use the packages; what is added is minor, members of enums included; what only
    people read is a patch. Below 1.0.0 a major change needs a new second number, any other a new
    third one.
    """
    from codegen import diff as differ
    from codegen import revisions

    built = catalog or CARRIED / "catalog.json"
    try:
        before = revisions.held(old, built)
        now = revisions.held(new or str(built), built)
    except CatalogError as error:
        _stop(*map(str, error.findings), status=error.status)
    if revisions.is_file(now.path):
        _load(Path(now.path), "Nothing was compared.")
    for each in (before, now):
        if each.odd:
            print(_passed_over(each), file=sys.stderr)
    report = differ.compare(before, now)
    _print_report(report, form)
    if not report.is_enough:
        _stop(status=errors.TOO_SMALL)


def _passed_over(held: "Held") -> str:
    """What was not compared: the first few places, and how many more."""
    shown = [".".join(map(str, at)) for at in held.odd[:3]]
    more = [f"{len(held.odd) - 3} more"] if len(held.odd) > 3 else []
    places = ", ".join([*shown, *more])
    return f"{held.path}: not compared, since the schema has it otherwise today: {places}"


def _print_report(report: "Report", form: DiffFormat) -> None:
    if form is DiffFormat.json:
        print(json.dumps(report.plain, indent=2))
    elif form is DiffFormat.markdown:
        print(report.entry())
    else:
        for change in report.changes:
            print(_notice(change, report) if form is DiffFormat.github else change)
        print(report.conclusion)


def _notice(change: "Change", report: "Report") -> str:
    """A workflow command: an error where the version is too small for the change alone."""
    level = "notice" if report.is_enough_for(change.verdict) else "error"
    verdict, path, line, column, an_id, what, rule = change
    return _annotation(Finding(path, line, column, an_id, f"{what} ({verdict.name})", rule), level)


@app.command("list")
def list_said(
    code: Annotated[list[int] | None, typer.Option(help=f"Sent under this code; {OR}")] = None,
    dsn: Annotated[list[str] | None, typer.Option(help=f"With this status code; {OR}")] = None,
    category: Annotated[list[str] | None, typer.Option(help=f"Of this category; {OR}")] = None,
    stage: Annotated[list[str] | None, typer.Option(help=f"Seen at this stage; {OR}")] = None,
    status: Annotated[list[str] | None, typer.Option(help=f"With this status; {OR}")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every fact.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """List replies and reasons as a table.

    Its columns are code, enhanced status codes, id and text; reasons have no code. Of a reply with
    several pairs of codes it shows the first that is asked for. Replies alone have codes and
    stages, reasons alone a status.
    """
    from codegen.listing import Filter, chosen

    loaded = _load(catalog)
    for option, values, known in (
        ("--category", category, loaded.categories),
        ("--stage", stage, loaded.stages),
        ("--status", status, loaded.statuses),
    ):
        for value in values or ():
            _known(option, value, list(known))
    asked = Filter(code or (), dsn or (), category or (), stage or (), status or ())
    found = chosen(loaded, asked)
    if as_json:
        from codegen.facts import row

        print(json.dumps([{"id": said.id} | row(said, loaded) for said in found], indent=2))
    else:
        _print_table(found, asked)


def _known(option: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise typer.BadParameter(f"{value} is not one of {', '.join(known)}", param_hint=option)


def _print_table(found: "list[Said]", asked: "Filter") -> None:
    from codegen.catalog import Reply
    from codegen.listing import columns

    rows = [(*columns(said, asked), said) for said in found]
    ids = max((len(said.id) for said in found), default=0)
    codes = max((len(enhanced) for _, enhanced, _ in rows), default=0)
    for code, enhanced, said in rows:
        print(f"{code:3} {enhanced:{codes}}  {said.id:{ids}}  {said.text}")
    replies = sum(isinstance(said, Reply) for said in found)
    print(_numbers(replies, len(found) - replies), file=sys.stderr)


@app.command("verify-source")
def verify_source(
    tree: Annotated[Path, typer.Argument(help="A Postfix source tree, with src/ in it.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every finding.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Compare the catalog with a Postfix source.

    Says which replies and reasons are gone, moved or said by releases other than the catalog says,
    and which texts that read like one the catalog does not have. Nothing of the tree is kept. Exits
    with 3 where there is a difference. Places and codes are compared with the newest release only.
    """
    from codegen import verify

    loaded = _load(catalog)
    report = verify.verify(loaded, tree)
    if as_json:
        differences = [difference._asdict() for difference in report.differences]
        print(json.dumps(report._asdict() | {"differences": differences}, indent=2))
    else:
        for difference in report.differences:
            print(difference)
    replies = len(loaded.replies.keys() & report.there)
    print(
        f"Postfix {report.version}: {replies} replies and {len(report.there) - replies} reasons "
        f"there, {len(report.absent)} not; {report.accounted} texts in the catalog, "
        f"{report.excepted} known to be none, {len(report.differences)} differences",
        file=sys.stderr,
    )
    if report.differences:
        _stop("Fix catalog.json where the source is right.", status=errors.WRONG_CATALOG)


def _read(path: Path | None) -> "Catalog":
    from codegen.load import load
    from codegen.render import clashes

    return load(path or CARRIED / "catalog.json", clashes)


def _load(path: Path | None, *consequence: str) -> "Catalog":
    try:
        return _read(path)
    except CatalogError as error:
        last = " ".join((*_to_fix(error.findings), *consequence))
        _stop(*map(str, error.findings), last, status=error.status)


def _counted(catalog: "Catalog") -> str:
    return _numbers(len(catalog.replies), len(catalog.reasons))


def _numbers(replies: int, reasons: int) -> str:
    said = "1 reply" if replies == 1 else f"{replies} replies"
    return f"{said} and {'1 reason' if reasons == 1 else f'{reasons} reasons'}"


def _report_build(changes: "Changes", out: Path, counted: str) -> None:
    from codegen.changes import WRITTEN, State

    written, gone = changes.paths(*WRITTEN), changes.paths(State.GONE)
    for path in written:
        print(f"wrote {out / path}")
    for path in gone:
        print(f"removed {out / path}")
    for path in changes.paths(State.KEPT):
        print(f"kept {out / path}: {State.KEPT}", file=sys.stderr)
    unchanged = len(changes.paths(State.UNCHANGED))
    counts = f"{len(written)} written, {unchanged} unchanged, {len(gone)} removed"
    print(f"{counted}: {counts}", file=sys.stderr)


def _report_check(changes: "Changes", out: Path) -> None:
    from codegen.changes import SETTLED, State, diff

    if not changes.any:
        unchanged = len(changes.paths(State.UNCHANGED))
        print(f"{out} is up to date: {unchanged} files", file=sys.stderr)
        return
    for path, state in changes.states.items():
        if state not in SETTLED:
            print(f"{state}: {out / path}")
    for line in diff(changes):
        print(line)
    _stop("Run codegen build and commit what it writes.", status=errors.OUT_OF_DATE)


def _print_findings(findings: list[Finding], form: Format) -> None:
    if form is Format.json:
        print(json.dumps([finding._asdict() for finding in findings], indent=2))
        return
    for finding in findings:
        print(_annotation(finding) if form is Format.github else finding)


def _annotation(finding: Finding, level: str = "error") -> str:
    """A workflow command; its message may hold no line break and no bare percent sign."""
    text = f"{finding.id}: {finding.what}" if finding.id else finding.what
    where = f"file={_escaped(finding.path)},line={finding.line},col={finding.column}"
    return f"::{level} {where},title={finding.rule}::{text.replace('%', '%25')}"


def _escaped(path: str) -> str:
    for mark in "%:,\r\n":
        path = path.replace(mark, f"%{ord(mark):02X}")
    return path


def _to_fix(findings: list[Finding]) -> list[str]:
    """What remains to be done, in each file."""
    counts = Counter(finding.path for finding in findings)
    return [
        f"Fix {'1 problem' if count == 1 else f'{count} problems'} in {path}."
        for path, count in counts.items()
    ]


def _stop(*lines: str, status: int) -> NoReturn:
    for line in lines:
        print(line, file=sys.stderr)
    raise typer.Exit(status)


class Stream(io.TextIOWrapper):
    """A standard stream in UTF-8. What a terminal would obey, such as ESC, is shown instead."""

    def write(self, text: str) -> int:
        """Write the text, and return the number of characters written."""
        return super().write(text if text.isprintable() else "".join(map(_visible, text)))


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t":
        return character
    return character.encode("unicode_escape").decode()


def _prepare_streams() -> None:
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout, sys.stderr = (_prepared(each or _nothing("w")) for each in (sys.stdout, sys.stderr))


def _nothing(mode: str) -> Any:
    """What stands for a stream that the caller has closed."""
    return os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8")


def _prepared(stream: Any) -> Stream:
    lines, through = stream.line_buffering, stream.write_through
    return Stream(stream.detach(), "utf-8", "backslashreplace", None, lines, through)


def main() -> None:
    """Run the command line. Every mistake of a user ends here, as lines and an exit status."""
    _prepare_streams()
    # A build makes many objects and drops none of them: collecting would only cost.
    gc.disable()
    try:
        try:
            app(prog_name="codegen")
        finally:
            sys.stdout.flush()
    except SystemExit as done:
        _end(int(done.code or 0))
    except CodegenError as error:
        _end(error.status, f"codegen: {error}")
    except OSError as error:
        where = error.filename or "standard output"
        _end(errors.CANNOT_READ_OR_WRITE, f"codegen: {where}: {error.strerror}")
    except MemoryError:
        _end(errors.CANNOT_READ_OR_WRITE, "codegen: out of memory")


def _end(status: int, *lines: str) -> NoReturn:
    """End the process at once.

    A usual exit would free all objects one by one, and write again what could not be written.
    """
    with suppress(OSError):
        for line in lines:
            print(line, file=sys.stderr)
        sys.stderr.flush()
    os._exit(status)
