"""From named tuples with annotated fields: a reader that reports every misfit, and a JSON Schema.

A field's annotation is a type and what else must hold: `Annotated[str, Pattern(...), "meaning"]`.
"""

import re
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from codegen.positions import Path

Report = Callable[[Path, str, str], None]
Reader = Callable[[Any, Path, Report], Any]


class Pattern(NamedTuple):
    """What a whole string must match, in words and as an expression that JSON Schema shares."""

    regex: str
    wanted: str
    rule: str = "shape"


class Range(NamedTuple):
    """The lowest and highest integer allowed."""

    low: int
    high: int


class Rule(NamedTuple):
    """The rule that a misfit breaks, where it has a name of its own."""

    id: str


class Misfit:
    """Stands for a value that was reported."""


MISFIT = Misfit()
REQUIRED = object()
UNIONS = (Union, UnionType)


def reader(kind: Any) -> Reader:
    """A function (raw, path, report) that gives the typed value, or MISFIT after reporting why."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin is Literal:
        return _choice(arguments, "shape")
    if origin in UNIONS:
        return _optional(reader(next(part for part in arguments if part is not NoneType)))
    if origin is tuple:
        return _list(reader(arguments[0]))
    if origin is dict:
        return _mapping(reader(arguments[0]), reader(arguments[1]))
    if hasattr(kind, "_fields"):
        return _object(kind)
    return _scalar(kind)


def _scalar(kind: type) -> Reader:
    wanted = {str: "a string", int: "an integer", bool: "true or false"}[kind]

    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is kind:
            return raw
        report(path, f"must be {wanted}, not {_shown(raw)}", "shape")
        return MISFIT

    return read


def _annotated(kind: Any, extras: tuple[Any, ...]) -> Reader:
    for extra in extras:
        if isinstance(extra, Pattern):
            return _pattern(extra)
        if isinstance(extra, Range):
            return _range(extra)
        if isinstance(extra, Rule):
            return _choice(get_args(kind), extra.id)
    return reader(kind)


def _pattern(pattern: Pattern) -> Reader:
    matches = re.compile(pattern.regex).fullmatch

    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is str and matches(raw):
            return raw
        report(path, f"must be {pattern.wanted}, not {_shown(raw)}", pattern.rule)
        return MISFIT

    return read


def _range(allowed: Range) -> Reader:
    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is int and allowed.low <= raw <= allowed.high:
            return raw
        wanted = f"an integer from {allowed.low} to {allowed.high}"
        report(path, f"must be {wanted}, not {_shown(raw)}", "shape")
        return MISFIT

    return read


def _choice(choices: tuple[Any, ...], rule: str) -> Reader:
    allowed = {choice: choice for choice in choices}

    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is str and raw in allowed:
            return allowed[raw]
        report(path, f"must be one of {', '.join(choices)}, not {_shown(raw)}", rule)
        return MISFIT

    return read


def _optional(inner: Reader) -> Reader:
    def read(raw: Any, path: Path, report: Report) -> Any:
        return None if raw is None else inner(raw, path, report)

    return read


def _list(inner: Reader) -> Reader:
    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is not list:
            report(path, f"must be a list, not {_shown(raw)}", "shape")
            return MISFIT
        values = tuple([inner(item, (*path, at), report) for at, item in enumerate(raw)])
        return MISFIT if MISFIT in values else values

    return read


def _mapping(key: Reader, inner: Reader) -> Reader:
    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is not dict:
            report(path, f"must be an object, not {_shown(raw)}", "shape")
            return MISFIT
        values = {
            key(name, (*path, name), report): inner(value, (*path, name), report)
            for name, value in raw.items()
        }
        return MISFIT if MISFIT in values or MISFIT in values.values() else values

    return read


def _object(kind: Any) -> Reader:
    hints = get_type_hints(kind, include_extras=True)
    members = [
        (key_of(name), reader(hints[name]), kind._field_defaults.get(name, REQUIRED))
        for name in kind._fields
    ]
    known = {key for key, _, _ in members}

    def read(raw: Any, path: Path, report: Report) -> Any:
        if type(raw) is not dict:
            report(path, f"must be an object, not {_shown(raw)}", "shape")
            return MISFIT
        values = []
        found = 0
        for key, inner, default in members:
            if key in raw:
                found += 1
                values.append(inner(raw[key], (*path, key), report))
            elif default is REQUIRED:
                report(path, f"lacks {key}", "shape")
                values.append(MISFIT)
            else:
                values.append(default)
        if found != len(raw):
            for key in raw:
                if key not in known:
                    report((*path, key), "is no key of the catalog", "shape")
        return MISFIT if MISFIT in values else kind(*values)

    return read


def key_of(name: str) -> str:
    """The JSON key of a field: `schema_` stands for `$schema`, which Python cannot spell."""
    return f"${name[:-1]}" if name.endswith("_") else name


def plain(value: Any) -> Any:
    """A typed value as JSON has it: the inverse of reading, with every key there."""
    if hasattr(value, "_fields"):
        return {key_of(name): plain(part) for name, part in value._asdict().items()}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def _shown(raw: Any) -> str:
    """A hostile value, short and in plain ASCII, as JSON would write it."""
    if isinstance(raw, (dict, list)):
        return "an object" if isinstance(raw, dict) else "a list"
    plain = {None: "null", True: "true", False: "false"}
    text = plain[raw] if raw is None or isinstance(raw, bool) else ascii(raw)
    return text if len(text) <= 60 else f"{text[:56]}...{text[-1]}"


def json_schema(kind: Any) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return json_schema(arguments[0]) | _annotations(arguments[1:])
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in UNIONS:
        return {"anyOf": [json_schema(part) for part in arguments]}
    if origin is tuple:
        return {"type": "array", "items": json_schema(arguments[0])}
    if origin is dict:
        names, values = (json_schema(part) for part in arguments)
        return {"type": "object", "propertyNames": names, "additionalProperties": values}
    if hasattr(kind, "_fields"):
        return _object_schema(kind)
    return {"type": {str: "string", int: "integer", bool: "boolean", NoneType: "null"}[kind]}


def _annotations(extras: tuple[Any, ...]) -> dict[str, Any]:
    keywords: dict[str, Any] = {}
    for extra in extras:
        if isinstance(extra, Pattern):
            keywords |= {"pattern": f"^(?:{extra.regex})$"}
        elif isinstance(extra, Range):
            keywords |= {"minimum": extra.low, "maximum": extra.high}
        elif isinstance(extra, str):
            keywords["description"] = extra
    return keywords


def _object_schema(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "description": kind.__doc__.split("\n", 1)[0],
        "properties": {key_of(name): json_schema(hints[name]) for name in kind._fields},
        "required": [key_of(name) for name in kind._fields if name not in kind._field_defaults],
        "additionalProperties": False,
    }
