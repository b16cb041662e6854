"""A catalog -> the real build -> every value back through each language, and the pages."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any

from codegen.catalog import Catalog, Worded
from codegen.load import load
from codegen.render import clashes
from codegen.texts import FAMILIES, split_line
from codegen.wrappers import reworded
from tests import oracle, vectors
from tests.probes.run import LANGUAGES, names
from tests.test_languages import (
    expected,
    expected_by_dsn,
    expected_lookups,
    expected_vocabularies,
)
from tests.test_markdown import all_can_be_read, links_lead_somewhere, rendered
from tests.tools import codegen

# Where a line may be cut or changed so that it becomes another.
CUTS = (" ", ">: ", "<", ".", "5.7.1 ", "x", "\u00fc")
TRIES = 1_000_000  # of texts on lines, by the oracle


class UnlikeError(AssertionError):
    """A value did not come back as it is in the catalog."""


def built(raw: Any, work: Path) -> tuple[Path, Catalog]:
    """The outputs of a catalog that the rules accept. Raises CatalogError where they do not."""
    path = work / "catalog.json"
    path.write_text(json.dumps(raw))
    catalog = load(path, clashes)
    done = codegen("build", "--catalog", path, "--out", work / "out")
    if done.returncode:
        raise UnlikeError(f"codegen build: {done.stdout}{done.stderr}")
    return work / "out", catalog


def read_back(raw: Any, language: str) -> Counter[str]:
    """How much of a catalog came back through `language`, or markdown: replies, values and lines.

    Raises CatalogError where the rules refuse the catalog, and UnlikeError at the first difference.
    """
    with tempfile.TemporaryDirectory() as folder:
        generated, catalog = built(raw, Path(folder))
        if language == "markdown":
            return pages(generated, catalog)
        return package(generated, catalog, language)


def pages(generated: Path, catalog: Catalog) -> Counter[str]:
    """The reference pages, as GitHub renders them, against the catalog."""
    shown = rendered(generated)
    try:
        all_can_be_read(shown, catalog)
        links_lead_somewhere(shown, catalog)
    except AssertionError as error:
        raise UnlikeError(f"the pages: {extract_tb(error.__traceback__)[-1].line}") from None
    return Counter(
        replies=len(catalog.replies), values=sum(len(page.items) for page in shown.values())
    )


def package(generated: Path, catalog: Catalog, language: str) -> Counter[str]:
    """A generated package against the catalog: its facts, its identify and its format.

    What lines are is what the Python package says, which an oracle checks as far as there is time.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = _compiled(generated, language, Path(folder))
        facts = _ask(command, "facts", names())
        _alike(language, facts, _expected(catalog))
        reasons = _ask(command, "reason_facts", names())
        told = [expected(reason, catalog) for reason in catalog.reasons.values()]
        _alike(language, reasons, [*told, expected_by_dsn(catalog)])
        _told_alike(catalog, command, generated, language)
        lines = _lines(catalog)
        answers = _identified(command, lines)
        if language == "python":
            _right(catalog, dict(zip(lines, answers, strict=True)))
        else:
            _alike(language, answers, _identified(_compiled(generated, "python"), lines))
        pairs = zip(lines, answers, strict=True)
        hits = [(line, match) for line, match in pairs if match and not match["repairs"]]
        written = _ask(command, "format", _questions([_asked(match) for _, match in hits]))
        _alike(language, written, [_said(line, match) for line, match in hits])
    values = sum(map(_count, [*facts, *reasons]))
    return Counter(replies=len(catalog.replies), values=values, lines=len(lines), hits=len(hits))


def _told_alike(catalog: Catalog, command: list[str], generated: Path, language: str) -> None:
    """What the package makes of every example of a reason, and of words that are nearly one."""
    words = [words for reason in catalog.reasons.values() for words in reason.examples]
    words += [cut for whole in words for cut in (whole[:-1], f"{whole} x", f"x{whole}")]
    answers = _ask(command, "reason", _questions(words))
    if language == "python":
        texts = {(of.reason.id, of.form): of for of in reworded(catalog)}
        for whole, match in zip(words, answers, strict=True):
            if match is not None and not texts[match["id"], match["form"]].fits(whole):
                raise UnlikeError(f"{whole!r} is not {match}")
        return
    _alike(language, answers, _ask(_compiled(generated, "python"), "reason", _questions(words)))


def _compiled(generated: Path, language: str, work: Path = Path()) -> list[str]:
    try:
        return LANGUAGES[language](generated, work)
    except SystemExit as error:  # so the probe says what the compiler said
        raise UnlikeError(f"{language} does not compile:\n{str(error)[:2000]}") from None


def _expected(catalog: Catalog) -> list[Any]:
    replies = [expected(reply, catalog) for reply in catalog.replies.values()]
    return [*replies, expected_vocabularies(catalog), expected_lookups(catalog)]


def _identified(command: list[str], lines: list[str]) -> list[Any]:
    return _ask(command, "identify", _questions(lines))


def _right(catalog: Catalog, known: dict[str, Any]) -> None:
    """Check what lines are known as: their texts say so, and an oracle."""
    texts = {(of.reply.id, of.form): of.text for of in catalog.worded}
    for line, match in known.items():
        if match and not match["repairs"]:
            text, (_, _, said) = texts[match["id"], match["form"]], split_line(_first(line))
            said = said.removesuffix(match["tail"])
            values = text.captures(said)
            wanted = None if values is None else dict(zip(text.holes, values, strict=True))
            _alike("python", [match["params"]], [wanted])
    for worded in catalog.worded:
        if (line := _own(worded, catalog)) and known[line] is None:
            raise UnlikeError(f"no line is known by {worded.text}")
    wordings = oracle.worded(catalog)
    tried = list(known)[:: len(known) * len(wordings) // TRIES + 1]
    answers = [oracle.tried(line, wordings) for line in tried]
    _alike("python", [known[line] for line in tried], answers)


def _own(worded: Worded, catalog: Catalog) -> str:
    """The line of a wording's own examples, empty where it is not one of its lines."""
    values = [catalog.placeholders[hole].example for hole in worded.text.holes]
    parts = zip(worded.text.literals, [*values, ""], strict=True)
    said = "".join(map("".join, parts))
    known = worded.text.family in FAMILIES and worded.text.captures(said) is not None
    if not known:
        return ""
    variant = worded.reply.variants[0]
    return " ".join(filter(None, [str(variant.code), variant.enhanced, said]))


def _questions(asked: list[Any]) -> str:
    return "".join(f"{json.dumps(question)}\n" for question in asked)


def _ask(command: list[str], what: str, asked: str) -> list[Any]:
    done = subprocess.run(
        [*command, what],
        input=asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if done.returncode:
        raise UnlikeError(f"{what}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    # Not splitlines, which also splits at marks that stand within a line of JSON.
    return [json.loads(line) for line in done.stdout.split("\n") if line]


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


def _count(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_count, parts)) if parts or isinstance(value, dict | list) else 1


def _lines(catalog: Catalog) -> list[str]:
    """The test vectors, and lines made of them with a little changed."""
    lines = [*(_own(worded, catalog) for worded in catalog.worded), *vectors.lines(catalog)]
    random = Random(len(lines))
    return list(dict.fromkeys([*lines, *(_changed(random, line) for line in lines)]))


def _changed(random: Random, line: str) -> str:
    at, to = sorted((random.randint(0, len(line)), random.randint(0, len(line))))
    middle = random.choice((*CUTS, line[at:to] * 2, line[to:]))
    return line[:at] + middle + line[random.choice((at, to)) :]


def _asked(match: dict[str, Any]) -> dict[str, Any]:
    return {key: match[key] for key in ("id", "params", "form", "code", "enhanced")}


def _said(line: str, match: dict[str, Any]) -> str | None:
    """The first line without its tail, as format writes it, which refuses a CR within."""
    if any("\r" in value for value in match["params"].values()):
        return None
    code, enhanced, said = split_line(_first(line))
    said = said.removesuffix(match["tail"])
    return f"{code} {enhanced} {said}" if enhanced else f"{code} {said}"


def _first(line: str) -> str:
    return line.split("\n", 1)[0].removesuffix("\r")
