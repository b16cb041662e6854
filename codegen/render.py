"""Catalog -> files. Everything is made in memory; nothing touches the output folder."""

import hashlib
import marshal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket, bc_magic

from codegen import catalog, facts, targets
from codegen.catalog import Catalog
from codegen.errors import CodegenError
from codegen.places import Pointer
from codegen.rules import Problem
from codegen.tables import Tables
from codegen.wrappers import Wrappers

SCHEMA = "catalog.schema.json"
SUFFIX = ".jinja"
SAID = ("replies", "reasons")
Pages = Iterator[tuple[str, dict[str, Any]]]
SHARED = ("spelled", "field", "typed", "literal", "comment", "sentence")


def available(templates: Path) -> list[str]:
    """The targets that have a folder of templates, sorted. A module beside a folder is taken."""
    try:
        folders = sorted(entry.name for entry in templates.iterdir() if entry.is_dir())
    except OSError as error:
        raise CodegenError(f"cannot read {templates}: {error.strerror}") from None
    folders = [folder for folder in folders if folder != "__pycache__"]
    known = targets.names()
    for folder in folders:
        module = templates / f"{folder}.py"
        if module.is_file():
            targets.take(module)
        elif folder not in known:
            what = f"no target is called {folder}, and there is no {module}"
            raise CodegenError(f"{templates / folder}: {what}")
    if not folders:
        raise CodegenError(f"{templates} has no folder called {' or '.join(known)}")
    return folders


def clashes(of: Catalog) -> Iterator[Problem]:
    """What a language cannot have: two things of one name, and arguments that it reserves."""
    for target in targets.languages():
        owner: dict[str, Pointer] = {}
        for name, pointer in chain(_own_names(target, of), _said_names(target, of)):
            if name in owner:
                rival = ".".join(map(str, owner[name])) or "another name of the package"
                yield pointer, f"is {name} in {target.LANGUAGE}, as is {rival}", "name-collision"
            owner.setdefault(name, pointer)
        for name in sorted(getattr(target, "ARGUMENTS", frozenset()) & of.placeholders.keys()):
            what = f"format() in {target.LANGUAGE} cannot have an argument called {name}"
            yield ("placeholders", name), what, "placeholder-name"


def _own_names(target: ModuleType, of: Catalog) -> Iterable[tuple[str, Pointer]]:
    return target.names(of) if hasattr(target, "names") else ()


def _said_names(target: ModuleType, of: Catalog) -> Iterator[tuple[str, Pointer]]:
    """What a language calls replies and reasons, old names included."""
    for section in SAID:
        owner = {an_id: an_id for an_id in getattr(of, section)}
        for said in getattr(of, section).values():
            for old in said.formerly:
                owner.setdefault(old, said.id)
        for an_id, now in owner.items():
            yield target.spelled(an_id), (section, now)


def shared() -> dict[str, bytes]:
    """The output file that belongs to no target: the schema, for editors."""
    return {SCHEMA: msgspec.json.format(msgspec.json.encode(catalog.schema()), indent=2) + b"\n"}


def render(
    of: Catalog, templates: Path, chosen: Sequence[str], more: Mapping[str, Any] = {}
) -> dict[str, bytes]:
    """Every output file of the chosen targets, by its path below the output folder.

    `more` is what templates may use besides.
    """
    context = _context(of)
    files: dict[str, bytes] = {}
    for name in chosen:
        target = targets.load(name)
        environment = _environment(templates, target)
        known = context | (target.prepared(of) if hasattr(target, "prepared") else {}) | dict(more)
        for source in _sources(templates / name):
            path = source.relative_to(templates).as_posix()
            if source.suffix != SUFFIX:
                files[path] = source.read_bytes()
                continue
            for made_path, about in _outputs(path.removesuffix(SUFFIX), of):
                # One that renders to nothing makes no file.
                if made := _rendered(environment, source, path, known | about):
                    files[made_path] = made
    return files


def _outputs(path: str, of: Catalog) -> Pages:
    """The files of a template, each with what it is about.

    With {id} in its path it makes one for each reply and reason, with {old} for each id that one
    had before, and with {setting} for each main.cf setting.
    """
    for kind, pages in PAGES.items():
        if kind in path:
            yield from ((path.replace(kind, name), about) for name, about in pages(of))
            return
    yield path, {}


def _of_ids(of: Catalog) -> Pages:
    yield from ((said.id, {"said": said}) for said in of.said())


def _of_former_ids(of: Catalog) -> Pages:
    for said in of.said():
        yield from ((old, {"said": said, "old": old}) for old in said.formerly)


def _of_settings(of: Catalog) -> Pages:
    for name, setting in of.settings.items():
        yield name, {"name": name, "setting": setting}


PAGES = {"{id}": _of_ids, "{old}": _of_former_ids, "{setting}": _of_settings}


def _context(of: Catalog) -> dict[str, Any]:
    """What every template may loop over."""
    replies, reasons = list(of.replies.values()), list(of.reasons.values())
    tables = Tables.of(of)
    return {
        "catalog": of,
        "replies": replies,
        "reasons": reasons,
        "formerly": [(old, reply) for reply in replies for old in reply.formerly],
        "renamed_reasons": [(old, reason) for reason in reasons for old in reason.formerly],
        "facts": facts.of_packages(facts.REPLY),
        "reason_facts": facts.of_packages(facts.REASON),
        "nouns": facts.NOUNS,
        "rows": {said.id: facts.row(said, of) for said in of.said()},
        "records": facts.RECORDS,
        "vocabularies": [(noun, _members(noun, of)) for noun in facts.VOCABULARIES],
        "codes": [(noun, _members(noun, of)) for noun in facts.CODES],
        "tables": tables,
        "fronts": tables.fronts(),
        "wrappers": Wrappers.of(of),
    }


def _members(noun: facts.Noun, of: Catalog) -> list[tuple[Any, str, dict[str, Any]]]:
    """The members of a vocabulary or of the codes: key, id and facts."""
    section = getattr(of, noun.section)
    return [(key, getattr(section[key], "id", key), row) for key, row in facts.members(noun, of)]


def _environment(templates: Path, target: ModuleType) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        # Each target quotes by its own language's rules; HTML has one rule for all.
        autoescape=getattr(target, "AUTOESCAPE", False),
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        auto_reload=False,
        bytecode_cache=None if sys.dont_write_bytecode else _Compiled(),
    )
    environment.filters |= {"only": facts.only, "json": facts.as_json}
    environment.filters |= {name: getattr(target, name) for name in SHARED if hasattr(target, name)}
    environment.filters |= getattr(target, "filters", {})
    environment.tests |= getattr(target, "tests", {})
    environment.globals |= getattr(target, "functions", {})
    return environment


def _sources(folder: Path) -> list[Path]:
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    if not found:
        raise CodegenError(f"{folder} has no files in it")
    return found


class _Compiled(BytecodeCache):
    """Compiled templates beside Python's own compiled files. What is damaged is compiled again.

    Without it a build takes a fifth longer.
    """

    folder = Path(__file__).parent / "__pycache__"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load what was kept of this source, if it is whole: Python can crash on damaged code."""
        with suppress(OSError):
            kept = (self.folder / f"{bucket.key}.jinja.pyc").read_bytes()
            code = kept[32:]
            if _sum(bucket, code) == kept[:32]:
                # The bucket would read from a file, value by value, which takes five times as long.
                bucket.code = marshal.loads(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if the disk will."""
        code = marshal.dumps(bucket.code)
        with suppress(OSError):
            (self.folder / f"{bucket.key}.jinja.pyc").write_bytes(_sum(bucket, code) + code)


def _sum(bucket: Bucket, code: bytes) -> bytes:
    """A sum of compiled code, of its source, and of the versions of Python and jinja2."""
    return hashlib.sha256(bc_magic + bucket.checksum.encode() + code).digest()


def _rendered(environment: Environment, source: Path, path: str, context: dict[str, Any]) -> bytes:
    try:
        return environment.get_template(path).render(context).encode()
    except TemplateSyntaxError as error:
        raise CodegenError(f"{error.filename}:{error.lineno}: {error.message}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CodegenError(f"{source}:{line}: not UTF-8") from None
    except Exception as error:
        # A template is a program: it can fail in every way that Python knows.
        what = f"{type(error).__name__}: {error}"
        raise CodegenError(f"{_place(error, source)}: {what}") from None


def _place(error: Exception, source: Path) -> str:
    """The last line of a template on the way to an error; the file's first where there is none."""
    place, at = f"{source}:1", error.__traceback__
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        if file.endswith(SUFFIX):
            place = f"{file}:{at.tb_lineno}"
        at = at.tb_next
    return place
