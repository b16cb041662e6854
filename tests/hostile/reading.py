"""A catalog -> the real build -> every value back through each language, and the page."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any

from codegen import matching, text
from codegen.catalog import Catalog
from codegen.load import load
from tests.probes.run import LANGUAGES
from tests.test_languages import expected, expected_lookups
from tests.test_markdown import Rendered, all_can_be_read, links_lead_somewhere
from tests.test_matching import answer
from tests.tools import codegen

# Where a line may be cut or changed so that it becomes another.
CUTS = (" ", ">: ", "<", ".", "5.7.1 ", "x", "\u00fc")


class UnlikeError(AssertionError):
    """A value did not come back as it is in the catalog."""


def built(raw: Any, work: Path) -> tuple[Path, Catalog]:
    """The outputs of a catalog that the rules accept. Raises CatalogError where they do not."""
    path = work / "catalog.json"
    path.write_text(json.dumps(raw))
    catalog = load(path)
    for template in _unknown(catalog):
        raise UnlikeError(f"no line is known by {template}")
    done = codegen("build", "--catalog", path, "--out", work / "out")
    if done.returncode:
        raise UnlikeError(f"codegen build: {done.stdout}{done.stderr}")
    return work / "out", catalog


def _unknown(catalog: Catalog) -> Iterator[str]:
    """Texts by which not even their own examples are known."""
    types, known = catalog.types(), matching.tables(catalog)
    for reply in catalog.replies:
        for _, template in matching.wordings(reply):
            parts = text.split(template)
            values = {name: catalog.placeholders[name].example for name in parts[1::2]}
            said = template.format_map(values)
            own = text.captures(parts, types, said) is not None
            own = own and matching.opening(parts, types) != "words"
            if own and matching.identify(known, f"250 {said}") is None:
                yield template


def read_back(raw: Any, language: str) -> Counter[str]:
    """How much of a catalog came back through `language`, or markdown: replies, values and lines.

    Raises CatalogError where the rules refuse the catalog, and UnlikeError at the first difference.
    """
    with tempfile.TemporaryDirectory() as folder:
        generated, catalog = built(raw, Path(folder))
        if language == "markdown":
            return page(generated, catalog)
        return package(generated, catalog, language)


def page(generated: Path, catalog: Catalog) -> Counter[str]:
    """The reference page, as GitHub renders it, against the catalog."""
    shown = Rendered((generated / "markdown/replies.md").read_text(encoding="utf-8"))
    try:
        all_can_be_read(shown, catalog)
        links_lead_somewhere(shown, catalog)
    except AssertionError as error:
        raise UnlikeError(f"the page: {extract_tb(error.__traceback__)[-1].line}") from None
    return Counter(replies=len(catalog.replies), values=sum(map(len, shown.rows)))


def package(generated: Path, catalog: Catalog, language: str) -> Counter[str]:
    """A generated package against the catalog: its facts, its identify and its format."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            command = LANGUAGES[language](generated, Path(folder))
        except SystemExit as error:  # so the probe says what the compiler said
            raise UnlikeError(f"{language} does not compile:\n{str(error)[:2000]}") from None
        *facts, lookups = _ask(command, "facts", [])
        _alike(language, facts, [_plain(expected(reply, catalog)) for reply in catalog.replies])
        _alike(language, [lookups], [_plain(expected_lookups(catalog))])
        lines = _lines(generated)
        matches = [matching.identify(matching.tables(catalog), line) for line in lines]
        _alike(language, _ask(command, "identify", lines), [answer(match) for match in matches])
        hits = [(line, match) for line, match in zip(lines, matches, strict=True) if match]
        written = _ask(command, "format", [_asked(match) for _, match in hits])
        _alike(language, written, [_said(line, match) for line, match in hits])
    values = sum(map(_count, [*facts, lookups]))
    return Counter(replies=len(facts), values=values, lines=len(lines), hits=len(hits))


def _ask(command: list[str], what: str, questions: list[Any]) -> list[Any]:
    done = subprocess.run(
        [*command, what],
        input="".join(f"{json.dumps(question)}\n" for question in questions),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if done.returncode:
        raise UnlikeError(f"{what}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _alike(language: str, got: list[Any], wanted: list[Any]) -> None:
    if len(got) != len(wanted):
        raise UnlikeError(f"{language}: {len(got)} answers for {len(wanted)}")
    for one, other in zip(got, wanted, strict=True):
        if one != other:
            raise UnlikeError(f"{language}: {_difference('', one, other)}")


def _difference(where: str, got: Any, wanted: Any) -> str:
    if isinstance(got, dict) and isinstance(wanted, dict) and got.keys() == wanted.keys():
        key = next(key for key in got if got[key] != wanted[key])
        return _difference(f"{where}.{key}", got[key], wanted[key])
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        at = next(at for at, pair in enumerate(zip(got, wanted, strict=True)) if pair[0] != pair[1])
        return _difference(f"{where}.{at}", got[at], wanted[at])
    return f"{where}: {got!a} is not {wanted!a}"


def _plain(value: Any) -> Any:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value))


def _count(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_count, parts)) if parts or isinstance(value, dict | list) else 1


def _lines(generated: Path) -> list[str]:
    """The test vectors, and lines made of them with a little changed."""
    vectors = [row["line"] for row in json.loads((generated / "vectors.json").read_text())]
    random = Random(len(vectors))
    return [*vectors, *(_changed(random, line) for line in vectors)]


def _changed(random: Random, line: str) -> str:
    at, to = sorted((random.randint(0, len(line)), random.randint(0, len(line))))
    middle = random.choice((*CUTS, line[at:to] * 2, line[to:]))
    return line[:at] + middle + line[random.choice((at, to)) :]


def _asked(match: matching.Match) -> dict[str, Any]:
    codes = {"code": match.code, "enhanced": match.enhanced}
    return {"id": match.reply.id, "params": match.params, "form": match.form, **codes}


def _said(line: str, match: matching.Match) -> str | None:
    """The first line, as format writes it, which refuses a CR within."""
    if any("\r" in value for value in match.params.values()):
        return None
    code, enhanced, said = text.split_line(line.split("\n", 1)[0].removesuffix("\r"))
    return f"{code} {enhanced} {said}" if enhanced else f"{code} {said}"
