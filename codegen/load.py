"""catalog.json -> Catalog, proven to keep every rule."""

import json
from json import JSONDecodeError
from pathlib import Path as FilePath
from typing import Any, Literal, NoReturn

from codegen import positions, rules
from codegen.catalog import Catalog, Category, Placeholder, Reply, Setting
from codegen.errors import CatalogError, CodegenError, Finding
from codegen.positions import Path
from codegen.shape import MISFIT, reader

ANY_CATEGORY = Category("", None, None, None, None, None)


def load(path: FilePath) -> Catalog:
    """The catalog at `path`, proven to keep every rule.

    Raises CatalogError with all findings at once, and CodegenError where the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CodegenError(f"cannot read {path}: {error.strerror}") from None
    return _Reading(raw, str(path)).catalog


class _Reading:
    """One pass over one file: its findings, and the catalog once there are none."""

    def __init__(self, raw: bytes, path: str) -> None:
        self.path = path
        self.problems: list[rules.Problem] = []
        self.text = self._decode(raw)
        self.raw, self.repeated = self._parse()
        catalog = reader(Catalog)(self.raw, (), self._report)
        if catalog is MISFIT:
            self._hold_the_rest_to_the_rules()
        else:
            self.problems += rules.problems(catalog, whole=True)
        if self.problems or self.repeated:
            raise CatalogError(self._findings())
        self.catalog: Catalog = catalog

    def _report(self, path: Path, what: str, rule: str) -> None:
        keys = [ascii(key)[1:-1] for key in path if isinstance(key, str)]
        named = bool(keys) and not what.startswith("lacks")
        self.problems.append((path, f"{keys[-1]} {what}" if named else what, rule))

    def _stop(self, line: int, column: int, what: str) -> NoReturn:
        raise CatalogError([Finding(self.path, line, column, "", what, "json")]) from None

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode("utf-8")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            self._stop(line, column, "not UTF-8")

    def _parse(self) -> tuple[Any, bool]:
        try:
            return positions.loads(self.text)
        except JSONDecodeError as error:
            self._stop(error.lineno, error.colno, f"not JSON: {error.msg}")
        except RecursionError:
            self._stop(1, 1, "not read: it nests too deeply")
        except ValueError as error:
            self._stop(1, 1, f"not JSON: {error}")

    def _hold_the_rest_to_the_rules(self) -> None:
        """Hold the replies of the right shape to the rules, so that all findings come at once."""
        if not isinstance(self.raw, dict):
            return
        types: dict[Any, Literal["host", "word"]] = {"host": "host", "word": "word"}
        placeholders = {
            name: Placeholder(types.get(str(raw.get("type")), "text"), "", "")
            for name, raw in self._section("placeholders", dict).items()
            if isinstance(raw, dict)
        }
        categories = dict.fromkeys(self._section("categories", dict), ANY_CATEGORY)
        settings = dict.fromkeys(self._section("settings", dict), Setting(""))
        read = reader(Reply)
        found = [
            (at, read(raw, (), lambda *_: None))
            for at, raw in enumerate(self._section("replies", list))
        ]
        good = [(at, reply) for at, reply in found if reply is not MISFIT]
        replies = tuple(reply for _, reply in good)
        part = Catalog("", "", "", placeholders, categories, settings, (), (), (), replies)
        for path, what, rule in rules.problems(part, whole=False):
            if path[0] == "replies":
                path = ("replies", good[int(path[1])][0], *path[2:])
            self.problems.append((path, what, rule))

    def _section(self, key: str, kind: Any) -> Any:
        section = self.raw.get(key)
        return section if isinstance(section, kind) else kind()

    def _findings(self) -> list[Finding]:
        try:
            places = positions.Positions(self.text)
        except RecursionError:
            self._stop(1, 1, "not read: it nests too deeply")
        problems = [(places.of(path), path, what, rule) for path, what, rule in self.problems]
        problems += [
            (at, path, f"{json.dumps(path[-1])} stands here twice", "duplicate-key")
            for path, at in places.repeated
        ]
        return [
            Finding(self.path, *places.line_and_column(at), self._id(path), what, rule)
            for at, path, what, rule in sorted(problems, key=lambda problem: problem[0])
        ]

    def _id(self, path: Path) -> str:
        """The id of the reply or code, or the name of the placeholder or such, of `path`."""
        if len(path) < 2:
            return ""
        if not isinstance(path[1], int):
            return ascii(path[1])[1:-1]
        section = self.raw[path[0]]  # the last of a key that stands there twice
        reply = section[path[1]] if isinstance(section, list) and path[1] < len(section) else None
        name = reply.get("id") if isinstance(reply, dict) else None
        if isinstance(name, str):
            return ascii(name)[1:-1]
        return f"{'reply' if path[0] == 'replies' else path[0]} {path[1] + 1}"
