"""The order and layout of catalog.json, which are the machine's to keep."""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

from codegen.catalog import SETS, Catalog, status_key
from codegen.errors import CatalogError, CodegenError, Finding
from codegen.load import findings, parsed, read

WIDTH = 100
WHAT = "order or layout is not the canonical one: run codegen validate --fix"


class Raw(str):
    """A number as it is written: no value is changed."""


def check(path: Path) -> None:
    """Raise CatalogError where order or layout of the file at `path` are not canonical."""
    text, _, _ = parsed(read(path), str(path))
    pairs = zip_longest(text.split("\n"), canonical(text).split("\n"))
    line = next((number for number, (is_, ought) in enumerate(pairs, 1) if is_ != ought), 0)
    if line:
        raise CatalogError([Finding(str(path), line, 1, "", WHAT, "layout")])


def fix(path: Path) -> bool:
    """Put order and layout of the file at `path` right, and return whether that changed it.

    Raises CatalogError where it is not JSON or has a key twice, CodegenError where it cannot be
    read or written.
    """
    text, _, repeated = parsed(read(path), str(path))
    if repeated:
        raise CatalogError(findings(text, str(path), []))
    wanted = canonical(text)
    if wanted == text:
        return False
    file = path.resolve()  # a link to a catalog stays one
    beside = file.with_name(f".{file.name}.next")
    try:
        beside.write_text(wanted, encoding="utf-8", newline="\n")
        shutil.copymode(file, beside)
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise CodegenError(f"cannot write {path}: {error.strerror}") from None
    return True


def canonical(text: str) -> str:
    """A catalog's JSON with its objects in order and its short lists on one line.

    `text` is JSON without repeated keys. No value is changed.
    """
    plain = json.loads(text, parse_int=Raw, parse_float=Raw)
    return "".join(_written(_arranged(plain, Catalog), 0, 0)) + "\n"


def _arranged(value: Any, hint: Any) -> Any:
    """A value with its objects in the order of their fields, or of their keys."""
    if isinstance(hint, type) and issubclass(hint, Struct) and isinstance(value, dict):
        return _of_noun(value, hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is dict and isinstance(value, dict):
        return {key: _arranged(value[key], arguments[1]) for key in sorted(value, key=_key(value))}
    if origin is tuple and isinstance(value, list):
        return [_arranged(part, arguments[0]) for part in value]
    return value


def _of_noun(value: dict[str, Any], noun: type[Struct]) -> dict[str, Any]:
    hints = get_type_hints(noun)
    known = {field.encode_name: hints[field.name] for field in fields(noun)}
    ordered = [key for key in known if key in value] + [key for key in value if key not in known]
    return {key: _set(key, _arranged(value[key], known.get(key))) for key in ordered}


def _set(key: str, value: Any) -> Any:
    """A list whose order says nothing, sorted."""
    is_set = key in SETS and isinstance(value, list) and all(type(one) is str for one in value)
    return sorted(value) if is_set else value


def _key(section: dict[str, Any]) -> Any:
    """How the keys of an object are sorted: stages by step, status codes as numbers."""

    def key(name: str) -> tuple[int, list[int], str]:
        member = section[name]
        place = member.get("step", member.get("digit")) if isinstance(member, dict) else None
        numbers = name.removeprefix("X.").split(".")
        status = status_key(name) if all(map(_small, numbers)) else []
        return int(str(place)) if _small(str(place)) else 0, status, name

    return key


def _small(number: str) -> bool:
    return number.isdecimal() and len(number) < 10  # Python refuses to read thousands of digits


def _written(value: Any, indent: int, used: int) -> Iterator[str]:
    """The JSON of a value; `used` is how many characters stand before it on its line."""
    inner = " " * (indent + 2)
    if isinstance(value, dict) and value:
        for number, (key, member) in enumerate(value.items()):
            start = f"{inner}{_line(key)}: "
            yield ",\n" + start if number else "{\n" + start
            yield from _written(member, indent + 2, len(start))
        yield f"\n{' ' * indent}}}"
    elif isinstance(value, list) and value and not _fits(value, used):
        for number, member in enumerate(value):
            yield ",\n" + inner if number else "[\n" + inner
            yield from _written(member, indent + 2, indent + 2)
        yield f"\n{' ' * indent}]"
    else:
        yield _line(value)


def _fits(values: list[Any], used: int) -> bool:
    short = all(not isinstance(value, (dict, list)) for value in values)
    return short and used + len(_line(values)) + len(",") <= WIDTH


def _line(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and not value.isprintable())
