"""The commands; the one place where an error becomes lines and an exit status."""

import gc
import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from codegen import errors
from codegen.errors import CatalogError, CodegenError, Finding

if TYPE_CHECKING:
    from codegen.catalog import Catalog, Reply
    from codegen.changes import Changes
    from codegen.matching import Match

HERE = Path(__file__).parent
# A wheel carries the catalog and the templates inside the package; a checkout has them beside it.
CARRIED = HERE if (HERE / "catalog.json").exists() else HERE.parent

app = typer.Typer(
    help="Turn the catalog of Postfix replies into Python, TypeScript, Go and a reference page.",
    epilog="Exit status: 0 done, 1 out of date or nothing found, 2 wrong usage, "
    "3 the catalog is wrong, 4 cannot read or write.",
    add_completion=False,
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


CatalogOption = Annotated[
    Path | None,
    typer.Option("--catalog", help="The catalog to read.", show_default="the one that came along"),
]
TemplatesOption = Annotated[
    Path | None,
    typer.Option("--templates", help="The templates.", show_default="those that came along"),
]
OutOption = Annotated[Path, typer.Option("--out", help="The folder to publish to.")]
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", help="Only this output; may be repeated.", show_default="all"),
]


@app.command()
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and show a diff if out of date.")
    ] = False,
    catalog: CatalogOption = None,
    out: OutOption = Path("generated"),
    templates: TemplatesOption = None,
    target: TargetOption = None,
) -> None:
    """Check the catalog, render every output, and publish it.

    Each file is replaced whole, and those that codegen did not make are never touched. Where a
    build was cut short, the next one finishes it. Prints what was written and removed.
    """
    from codegen import changes, publish, render

    source = templates or CARRIED / "templates"
    available = render.available(source)
    for name in target or ():
        if name not in available:
            raise typer.BadParameter(
                f"{name} is not one of {', '.join(available)}", param_hint="--target"
            )
    chosen = [name for name in available if name in target] if target else available
    loaded = _load(catalog)
    files = render.render(loaded, source, chosen) | ({} if target else render.shared(loaded))
    only = tuple(chosen) if target else None
    if check:
        _report_check(changes.compare(out, files, only), out)
    else:
        _report_build(publish.publish(out, files, only), out, len(loaded.replies))


@app.command()
def validate(
    form: Annotated[
        Format, typer.Option("--format", help="How to print findings; github annotates the lines.")
    ] = Format.text,
    catalog: CatalogOption = None,
) -> None:
    """Hold the catalog to its rules, and print every finding with its place."""
    try:
        loaded = _load(catalog)
    except CatalogError as error:
        _print_findings(error.findings, form)
        _stop(*([] if form is Format.json else [_what_to_do(error.findings)]), status=error.status)
    if form is Format.json:
        print("[]")
    print(f"{len(loaded.replies)} replies keep every rule.", file=sys.stderr)


@app.command()
def explain(
    line: Annotated[str, typer.Argument(help="A reply line; - reads lines from standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, an object a line.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Tell which reply a line is, what it means, what to do, and which setting moves it.

    Exits with 1 where none of the lines is known; then it names the nearest reply.
    """
    from codegen import matching

    loaded = _load(catalog)
    known = matching.tables(loaded)
    found = False
    for at, each in enumerate(sys.stdin if line == "-" else [line]):
        match = matching.identify(known, each)
        found = found or match is not None
        if as_json:
            from codegen.explain import facts

            print(json.dumps(match and facts(match)), flush=True)
        else:
            _print_match(match, each.rstrip("\r\n"), loaded, first=at == 0)
    if not found:
        _stop(status=errors.NOTHING_FOUND)


def _print_match(match: "Match | None", line: str, catalog: "Catalog", *, first: bool) -> None:
    from codegen.explain import nearest, rows

    if not first:
        print()
    if match is not None:
        named = list(rows(match))
        width = max(len(name) for name, _ in named)
        for name, value in named:
            print(f"{name:{width}}  {value}")
        return
    print(f"The catalog has no such reply: {line[:100]}")
    if near := nearest(catalog, line):
        print(f"The nearest is {near[0].id}: {near[0].text}")
        for difference in near[1]:
            print(f"The line has {difference}.")


@app.command("list")
def list_replies(
    code: Annotated[int | None, typer.Option(help="Only replies sent under this code.")] = None,
    category: Annotated[str | None, typer.Option(help="Only replies of this category.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only replies seen at this stage.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every fact.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """List the replies as a table: code, enhanced status code, id and text."""
    from codegen.catalog import STAGES

    loaded = _load(catalog)
    _known("--category", category, list(loaded.categories))
    _known("--stage", stage, list(STAGES))
    found = [
        reply
        for reply in loaded.replies
        if (code is None or any(variant.code == code for variant in reply.variants))
        and category in (None, reply.category)
        and (stage is None or stage in reply.stages or "any" in reply.stages)
    ]
    if as_json:
        from codegen.shape import plain

        print(json.dumps([plain(reply) for reply in found], indent=2))
    else:
        _print_table(found)


def _known(option: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise typer.BadParameter(f"{value} is not one of {', '.join(known)}", param_hint=option)


def _print_table(replies: "list[Reply]") -> None:
    width = max((len(reply.id) for reply in replies), default=0)
    for reply in replies:
        print(f"{reply.code} {reply.enhanced or '':7} {reply.id:{width}}  {reply.text}")
    print(f"{len(replies)} replies", file=sys.stderr)


@app.command("verify-source")
def verify_source(
    tree: Annotated[Path, typer.Argument(help="A Postfix source tree, with src/ in it.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every finding.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Hold the catalog against the source of a Postfix release, both ways.

    Tells which replies are gone, moved or sent by releases other than the catalog says, and which
    texts that read like replies the catalog does not have. Nothing of the tree is kept. Exits with
    3 where there is a finding. Places and codes are held to the newest release only.
    """
    from codegen import verify

    report = verify.verify(_load(catalog), tree)
    if as_json:
        findings = [each._asdict() for each in report.findings]
        print(json.dumps(report._asdict() | {"findings": findings}, indent=2))
    else:
        for each in report.findings:
            print(each)
    print(
        f"Postfix {report.version}: {len(report.there)} replies there, {len(report.absent)} not; "
        f"{report.accounted} texts in the catalog, {report.excepted} known to be no replies, "
        f"{len(report.findings)} findings",
        file=sys.stderr,
    )
    if report.findings:
        _stop("Mend catalog.json where the source is right.", status=errors.WRONG_CATALOG)


def _load(path: Path | None) -> "Catalog":
    from codegen.load import load

    return load(path or CARRIED / "catalog.json")


def _report_build(changes: "Changes", out: Path, replies: int) -> None:
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
    print(f"{replies} replies: {counts}", file=sys.stderr)


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


def _annotation(finding: Finding) -> str:
    """A workflow command; its message may hold no line break and no bare percent sign."""
    text = f"{finding.id}: {finding.what}" if finding.id else finding.what
    where = f"file={_escaped(finding.path)},line={finding.line},col={finding.column}"
    return f"::error {where},title={finding.rule}::{text.replace('%', '%25')}"


def _escaped(path: str) -> str:
    for mark in "%:,\r\n":
        path = path.replace(mark, f"%{ord(mark):02X}")
    return path


def _what_to_do(findings: list[Finding]) -> str:
    places = "1 place" if len(findings) == 1 else f"{len(findings)} places"
    return f"Nothing was written. Mend {places} in {findings[0].path} and run it again."


def _stop(*lines: str, status: int) -> NoReturn:
    for line in lines:
        print(line, file=sys.stderr)
    raise typer.Exit(status)


def main() -> None:
    """Run the command line. Every mistake of a user ends here, as lines and an exit status."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    # A build makes many objects and drops none of them: collecting would only cost.
    gc.disable()
    try:
        app(prog_name="codegen")
    except CatalogError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)
        print(_what_to_do(error.findings), file=sys.stderr)
        sys.exit(error.status)
    except CodegenError as error:
        print(f"codegen: {error}", file=sys.stderr)
        sys.exit(error.status)
    except BrokenPipeError:
        # The reader of our output has gone; Python must not complain of it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
