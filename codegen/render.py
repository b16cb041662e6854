"""Catalog -> files. Everything is made in memory; nothing touches the output folder."""

import hashlib
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
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
        bytecode_cache=None if sys.dont_write_bytecode else _Compiled(),
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


class _Compiled(BytecodeCache):
    """Compiled templates beside Python's own compiled files. What is damaged is compiled again.

    Without it a build takes a fifth longer.
    """

    folder = Path(__file__).parent / "__pycache__"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load what was kept, if it is whole: Python can crash on damaged code."""
        with suppress(OSError):
            kept = (self.folder / f"{bucket.key}.jinja.pyc").read_bytes()
            code = kept[32:]
            if hashlib.sha256(code).digest() == kept[:32]:
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if the disk will."""
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            (self.folder / f"{bucket.key}.jinja.pyc").write_bytes(
                hashlib.sha256(code).digest() + code
            )


def _rendered(environment: Environment, path: str, context: dict[str, object]) -> bytes:
    try:
        return environment.get_template(path).render(context).encode()
    except TemplateSyntaxError as error:
        raise CodegenError(f"{error.filename}:{error.lineno}: {error.message}") from None
    except (TemplateError, OSError) as error:
        raise CodegenError(f"{path}: {error}") from None
