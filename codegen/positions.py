"""Where every value of a JSON text stands. Slow, so called only once something is wrong."""

import json
import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]  # absent from the type stubs

Path = tuple[str | int, ...]
SPACE = re.compile(r"[ \t\n\r]*")
SCALAR = re.compile(r"[^,\]}\s]+")


class Positions:
    """Offsets of the values of `text` by path, and of keys that repeat an earlier one.

    `text` must be what json.loads accepts. Raises RecursionError where it nests too deeply.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[Path, int] = {}
        self.repeated: list[tuple[Path, int]] = []
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._value(self._skip(0), ())

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """The place of an offset, both counted from 1."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def of(self, path: Path) -> int:
        """The offset of the value at `path`, or of the nearest one around it."""
        while path not in self.values:
            path = path[:-1]
        return self.values[path]

    def _skip(self, at: int) -> int:
        match = SPACE.match(self.text, at)
        assert match is not None
        return match.end()

    def _value(self, at: int, path: Path) -> int:
        self.values[path] = at
        match self.text[at]:
            case "{":
                return self._members(at, path)
            case "[":
                return self._items(at, path)
            case '"':
                return int(scanstring(self.text, at + 1, False)[1])
            case _:
                scalar = SCALAR.match(self.text, at)
                assert scalar is not None
                return scalar.end()

    def _members(self, at: int, path: Path) -> int:
        seen = set()
        at = self._skip(at + 1)
        while self.text[at] != "}":
            at = self._skip(at + 1) if self.text[at] == "," else at
            key, end = scanstring(self.text, at + 1, False)
            if key in seen:
                self.repeated.append(((*path, key), at))
            seen.add(key)
            colon = self._skip(end)
            at = self._skip(self._value(self._skip(colon + 1), (*path, key)))
        return at + 1

    def _items(self, at: int, path: Path) -> int:
        index = 0
        at = self._skip(at + 1)
        while self.text[at] != "]":
            at = self._skip(at + 1) if self.text[at] == "," else at
            at = self._skip(self._value(at, (*path, index)))
            index += 1
        return at + 1


def loads(text: str) -> tuple[object, bool]:
    """The JSON value, and whether some object in it has a key twice. Raises ValueError."""
    repeated = False

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        members = dict(pairs)
        repeated = repeated or len(members) != len(pairs)
        return members

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, object_pairs_hook=collect, parse_constant=refuse), repeated
