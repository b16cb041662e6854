"""Catalog -> files. Everything is made in memory; nothing touches the output folder."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

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
        for source in sorted((templates / name).rglob("*")):
            path = source.relative_to(templates).as_posix()
            if source.suffix == SUFFIX:
                files[path.removesuffix(SUFFIX)] = _rendered(environment, path, context)
            elif source.is_file() and "__pycache__" not in source.parts:
                files[path] = source.read_bytes()
    return files


def _compiled() -> FileSystemBytecodeCache | None:
    """Compiled templates, kept where Python keeps its own compiled files; none if it cannot."""
    folder = Path(__file__).parent / "__pycache__"
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    return FileSystemBytecodeCache(str(folder), "%s.jinja.pyc")


def _rendered(environment: Environment, path: str, context: dict[str, object]) -> bytes:
    try:
        return environment.get_template(path).render(context).encode()
    except TemplateSyntaxError as error:
        raise CodegenError(f"{error.filename}:{error.lineno}: {error.message}") from None
    except (TemplateError, OSError) as error:
        raise CodegenError(f"{path}: {error}") from None
