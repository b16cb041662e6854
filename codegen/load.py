"""catalog.json -> Catalog, which keeps every rule: first the shapes, then the rules."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from codegen import rules
from codegen.catalog import KEYED, Catalog, reply_key, schema, status_key
from codegen.errors import CatalogError, CodegenError, Finding, shown
from codegen.places import Places, Pointer
from codegen.rules import Problem

LARGEST = 2**29  # bytes; a device such as /dev/zero has no end
Rule = Callable[[Catalog], Iterable[Problem]]


def load(path: Path, *more: Rule) -> Catalog:
    """The catalog at `path`, in canonical order.

    `more` are rules beside those that every catalog keeps. Raises CatalogError with all findings of
    wrong shape, or else with all that break a rule, and CodegenError where the file cannot be read.
    """
    return parse(read(path), str(path), *more)


def read(path: Path) -> bytes:
    """The bytes of a catalog. Raises CodegenError where the file cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise CodegenError(f"cannot read {path}: {error.strerror}") from None
    except MemoryError:
        raise CodegenError(f"cannot read {path}: it does not fit into memory") from None
    if len(raw) > LARGEST:
        raise CodegenError(f"cannot read {path}: it has more than {LARGEST:,} bytes")
    return raw


def parse(raw: bytes, path: str, *more: Rule) -> Catalog:
    """The catalog of a file's bytes; `path` names the file in findings."""
    text, plain, repeated = parsed(raw, path)
    try:
        catalog = converted(plain)
    except (msgspec.ValidationError, RecursionError, UnicodeEncodeError) as error:
        raise CatalogError(findings(text, path, _misfits(plain, error))) from None
    if repeated:
        raise CatalogError(findings(text, path, []))
    catalog = ordered(catalog)
    if problems := [found for rule in (rules.problems, *more) for found in rule(catalog)]:
        raise CatalogError(findings(text, path, problems))
    return catalog


def converted(plain: Any) -> Catalog:
    """The catalog of a JSON value. Raises msgspec.ValidationError where its shape is wrong."""
    catalog = msgspec.convert(plain, Catalog)
    for section, (_, attribute) in KEYED.items():
        if any(attribute in noun for noun in plain[section].values()):
            raise msgspec.ValidationError(f"{attribute} stands in {section} already")
    return catalog


def parsed(raw: bytes, path: str) -> tuple[str, Any, bool]:
    """The text of a file, its JSON value, and whether some object in it has a key twice.

    Raises CatalogError where it is not JSON in UTF-8.
    """
    text = _decoded(raw, path)
    return text, *_loaded(text, path)


def _decoded(raw: bytes, path: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        _stop(path, line, column, "not UTF-8")


def _stop(path: str, line: int, column: int, what: str) -> NoReturn:
    raise CatalogError([Finding(path, line, column, "", what, "json")]) from None


def _loaded(text: str, path: str) -> tuple[Any, bool]:
    """The JSON value, and whether some object in it has a key twice."""
    repeated = False

    def collected(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        members = dict(pairs)
        repeated = repeated or len(members) != len(pairs)
        return members

    def refused(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, object_pairs_hook=collected, parse_constant=refused), repeated
    except json.JSONDecodeError as error:
        _stop(path, error.lineno, error.colno, f"not JSON: {error.msg}")
    except RecursionError:
        _stop(path, 1, 1, "nests too deeply")
    except ValueError as error:
        _stop(path, 1, 1, f"not JSON: {error}")


def ordered(catalog: Catalog) -> Catalog:
    """The catalog in canonical order, whatever the file's; the nouns know their own keys."""
    for section, (_, attribute) in KEYED.items():
        _keyed(getattr(catalog, section), attribute)
    order: dict[str, Callable[[Any], Any]] = {
        "replies": lambda item: reply_key(item[1]),
        "enhanced_codes": lambda item: status_key(item[0]),
        "severities": lambda item: item[1].digit,
        "stages": lambda item: (item[1].step, item[0]),
    }
    sections = {
        name: dict(sorted(section.items(), key=order.get(name)))
        for name, section in msgspec.structs.asdict(catalog).items()
        if isinstance(section, dict)
    }
    return msgspec.structs.replace(catalog, **sections)


def _keyed(section: Mapping[str, Any], attribute: str) -> None:
    for key, noun in section.items():
        value = int(key) if isinstance(getattr(noun, attribute), int) else key
        msgspec.structs.force_setattr(noun, attribute, value)


def _misfits(plain: Any, error: Exception) -> list[Problem]:
    """Every place of wrong shape. msgspec names the first one; the schema names all."""
    try:
        found = [problem for misfit in _validator().iter_errors(plain) for problem in _said(misfit)]
    except RecursionError:
        found = []
    return found or [((), str(error), "shape")]


def _validator() -> Any:
    """A validator by the schema that, as msgspec, does not take 1.0 for an integer."""
    import jsonschema

    drafted = jsonschema.Draft202012Validator
    types = drafted.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    return jsonschema.validators.extend(drafted, type_checker=types)(schema())


def _said(misfit: Any) -> Iterable[Problem]:
    """What a misfit of the schema is, in words."""
    pointer, value, wanted = tuple(misfit.absolute_path), misfit.instance, misfit.validator_value
    match misfit.validator:
        case "required":
            missing = [key for key in wanted if key not in value]
            # The library makes one error of each missing key.
            key = next(key for key in missing if misfit.message.startswith(repr(key)))
            yield pointer, f"missing key {_plain(key)}", "shape"
        case "additionalProperties":
            known = misfit.schema["properties"]
            for key in value:
                if key not in known:
                    yield (*pointer, key), f"unknown key {_plain(key)}", "shape"
        case "anyOf":
            inner = [each for each in misfit.context if each.validator != "type"] or misfit.context
            yield pointer, _wanted(inner[0], value), "shape"
        case _:
            if misfit.parent is None and "propertyNames" in misfit.absolute_schema_path:
                pointer = (*pointer, value)
            yield pointer, _wanted(misfit, value), "shape"


NO_QUOTES = dict.fromkeys(map(ord, "[']"))
TYPES = {
    "string": "a string",
    "integer": "an integer",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


def _wanted(misfit: Any, value: Any) -> str:
    """What a value must be, and what it is."""
    wanted = misfit.validator_value
    keys = [key for key in misfit.absolute_path if isinstance(key, str)]
    name = _plain(keys[-1]) if keys else "the catalog"
    if misfit.validator in ("minItems", "minProperties"):
        return f"{name} must not be empty"
    if "propertyNames" in misfit.absolute_schema_path:
        name = "the key"
    said = {
        "type": f"must be {TYPES.get(str(wanted), wanted)}",
        "enum": f"must be one of {wanted}".translate(NO_QUOTES),
        "pattern": misfit.schema.get("patternErrorMessage", ""),
        "maxLength": f"must have at most {wanted} characters",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
    }[misfit.validator]
    return f"{name} {said}, not {shown(value)}"


def findings(text: str, path: str, problems: Iterable[Problem]) -> list[Finding]:
    """The problems as findings in file order, and each key that repeats an earlier one."""
    try:
        places = Places(text)
    except RecursionError:
        _stop(path, 1, 1, "nests too deeply")
    found = [(places.of(pointer), pointer, what, rule) for pointer, what, rule in problems]
    found += [
        (at, pointer, f"the key {_plain(pointer[-1])} is there twice", "duplicate-key")
        for pointer, at in places.repeated
    ]
    return [
        Finding(path, *places.line_and_column(at), _subject(pointer), what, rule)
        for at, pointer, what, rule in sorted(found, key=lambda problem: problem[0])
    ]


def _subject(pointer: Pointer) -> str:
    """The id, name or code that a finding is about; the section where it is one of a list."""
    if len(pointer) > 1 and isinstance(pointer[1], int):
        return _plain(pointer[0])
    return _plain(pointer[1]) if len(pointer) > 1 else ""


def _plain(key: str | int) -> str:
    return ascii(str(key))[1:-1]
