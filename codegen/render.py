"""Catalog -> files. Everything is made in memory; nothing touches the output folder."""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket

from codegen import catalog, targets, vectors
from codegen.errors import CodegenError

SCHEMA = "catalog.schema.json"
VECTORS = "vectors.json"
SUFFIX = ".jinja"


def available(templates: Path) -> list[str]:
    """The targets that have a folder of templates, sorted."""
    try:
        folders = sorted(entry.name for entry in templates.iterdir() if entry.is_dir())
    except OSError as error:
        raise CodegenError(f"cannot read {templates}: {error.strerror}") from None
    known = targets.names()
    for folder in folders:
        if folder not in known:
            raise CodegenError(f"{templates / folder}: no target is called {folder}")
    if not folders:
        raise CodegenError(f"{templates} has no folder called {' or '.join(known)}")
    return folders


def shared(of: catalog.Catalog) -> dict[str, bytes]:
    """The output files that belong to no target: the schema and the test vectors."""
    schema = json.dumps(catalog.schema(), indent=2) + "\n"
    return {SCHEMA: schema.encode(), VECTORS: vectors.render(of)}


def render(of: catalog.Catalog, templates: Path, chosen: Sequence[str]) -> dict[str, bytes]:
    """Every output file of the chosen targets, by its path below the output folder."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=False,  # each target quotes by its own language's rules
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        bytecode_cache=_compiled(),
    )
    files: dict[str, bytes] = {}
    for name in chosen:
        context = targets.load(name).context(of)
        for source in _sources(templates / name):
            path = source.relative_to(templates).as_posix()
            if source.suffix == SUFFIX:
                files[path.removesuffix(SUFFIX)] = _rendered(environment, source, path, context)
            else:
                files[path] = source.read_bytes()
    return files


def _sources(folder: Path) -> list[Path]:
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    if not found:
        raise CodegenError(f"{folder} has no files in it")
    return found


class Compiled(FileSystemBytecodeCache):
    """Compiled templates on disk. It does without one that is damaged or cannot be written."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template's code, if it is there and whole."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # whatever unpickling and unmarshalling raise
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a template's code, if the disk lets it."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> Compiled | None:
    """Compiled templates, kept where Python keeps its own compiled files; none if it cannot."""
    folder = Path(__file__).parent / "__pycache__"
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    return Compiled(str(folder), "%s.jinja.pyc")


def _rendered(
    environment: Environment, source: Path, path: str, context: dict[str, object]
) -> bytes:
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
