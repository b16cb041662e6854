"""Catalogs to compare: of files and of git revisions, as plain JSON, whatever their shape.

What is of another type than today's schema has it is left out, since nothing can be said of it.
"""

import subprocess
from collections import defaultdict
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from codegen import load
from codegen.breaking import Version
from codegen.catalog import Catalog
from codegen.errors import CatalogError, CodegenError, Finding
from codegen.places import Pointer

MISSING: Any = object()
HINTS: dict[type, dict[str, Any]] = {}  # of each noun, looked up once


class Held(NamedTuple):
    """A catalog to compare."""

    path: str
    text: str
    plain: dict[str, Any]
    version: Version
    keys: dict[type, dict[str, Pointer]]  # of each noun: the keys that it has, and a place of each
    odd: list[Pointer]  # places of values that are left out


def held(name: str, beside: Path) -> Held:
    """The catalog of a file, or of a git revision of the catalog `beside`.

    Raises CodegenError where there is no such thing, and CatalogError where it is no catalog.
    """
    if is_file(name):
        return parsed(load.read(Path(name)), name)
    raw = _at_revision(name, beside)
    return parsed(raw, name if ":" in name else f"{name}:{beside.name}")


def is_file(name: str) -> bool:
    """Whether a name is that of a file, which wins over a revision of that name."""
    try:
        return Path(name).exists() and not Path(name).is_dir()
    except (OSError, ValueError):  # too long a name, or a NUL in it
        return False


def _at_revision(name: str, beside: Path) -> bytes:
    revision, _, path = name.partition(":")
    folder = beside.resolve().parent
    if not revision or not _git(folder, "rev-parse", "--git-dir").stdout:
        raise CodegenError(
            f"cannot read {name}: no such file, and {folder} is in no git repository"
        )
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if commit.returncode:
        raise CodegenError(f"cannot read {name}: no such file, and git knows no such revision")
    where = path or f"./{beside.name}"
    found = _git(folder, "cat-file", "blob", f"{commit.stdout.decode().strip()}:{where}")
    if found.returncode:
        missing = path or beside.name
        raise CodegenError(f"cannot read {name}: revision {revision} has no file {missing}")
    return found.stdout


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise CodegenError(f"cannot run git: {error.strerror}") from None
    except ValueError as error:  # a NUL in a name
        raise CodegenError(f"cannot run git: {error}") from None


def parsed(raw: bytes, path: str) -> Held:
    """The catalog of a file's bytes; `path` names it in changes."""
    text, plain, _ = load.parsed(raw, path)
    if not isinstance(plain, dict):
        raise _no_catalog(path, "it is not an object")
    keys: dict[type, dict[str, Pointer]] = defaultdict(dict)
    odd: list[Pointer] = []
    plain = _shaped(plain, Catalog, (), keys, odd)
    return Held(path, text, plain, _version(plain, path), keys, odd)


def _no_catalog(path: str, why: str) -> CatalogError:
    return CatalogError([Finding(path, 1, 1, "", f"not a catalog: {why}", "shape")])


def _version(plain: dict[str, Any], path: str) -> Version:
    parts = str(plain.get("version", "")).split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise _no_catalog(path, "it has no version like 1.2.3")
    major, minor, patch = map(int, parts)
    return major, minor, patch


Keys = dict[type, dict[str, Pointer]]


def _shaped(value: Any, hint: Any, at: Pointer, keys: Keys, odd: list[Pointer]) -> Any:
    """A value without the parts of it that are of another type than a hint has them."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _shaped(value, arguments[0], at, keys, odd)
    if origin in (Union, UnionType):
        some = next(part for part in arguments if part is not NoneType)
        return None if value is None else _shaped(value, some, at, keys, odd)
    if origin is tuple and isinstance(value, list):
        made = [_shaped(one, arguments[0], (*at, nth), keys, odd) for nth, one in enumerate(value)]
        return [one for one in made if one is not MISSING]
    if origin is dict and isinstance(value, dict):
        named = {
            key: _shaped(one, arguments[1], (*at, key), keys, odd) for key, one in value.items()
        }
        return {key: one for key, one in named.items() if one is not MISSING}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and isinstance(value, dict):
        return _noun(value, hint, at, keys, odd)
    if type(value) is (str if origin is Literal else hint):
        return value
    odd.append(at)
    return MISSING


def _noun(
    value: dict[str, Any], noun: type[msgspec.Struct], at: Pointer, keys: Keys, odd: list[Pointer]
) -> dict[str, Any]:
    if noun not in HINTS:
        hints = get_type_hints(noun, include_extras=True)
        HINTS[noun] = {
            field.encode_name: hints[field.name] for field in msgspec.structs.fields(noun)
        }
    made = {}
    for key, one in value.items():
        keys[noun].setdefault(key, (*at, key))
        if key in HINTS[noun]:
            made[key] = _shaped(one, HINTS[noun][key], (*at, key), keys, odd)
    return {key: one for key, one in made.items() if one is not MISSING}
