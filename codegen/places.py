"""Where every value of a JSON text stands. Slow, so used only once something is wrong."""

import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]  # absent from the type stubs

Pointer = tuple[str | int, ...]
SPACE = re.compile(r"[ \t\n\r]*")
SCALAR = re.compile(r"[^,\]}\s]+")


class Places:
    """Offsets of the values of `text` by pointer, and of keys that repeat an earlier one.

    `text` must be what json.loads accepts. Raises RecursionError where it nests too deeply.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[Pointer, int] = {}
        self.repeated: list[tuple[Pointer, int]] = []
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._value(self._skip(0), ())

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """The place of an offset, both counted from 1."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def of(self, pointer: Pointer) -> int:
        """The offset of the value at `pointer`, or of the nearest one around it."""
        while pointer not in self.values:
            pointer = pointer[:-1]
        return self.values[pointer]

    def _skip(self, at: int) -> int:
        match = SPACE.match(self.text, at)
        assert match is not None
        return match.end()

    def _value(self, at: int, pointer: Pointer) -> int:
        self.values[pointer] = at
        match self.text[at]:
            case "{":
                return self._members(at, pointer)
            case "[":
                return self._items(at, pointer)
            case '"':
                return int(scanstring(self.text, at + 1, False)[1])
            case _:
                scalar = SCALAR.match(self.text, at)
                assert scalar is not None
                return scalar.end()

    def _members(self, at: int, pointer: Pointer) -> int:
        seen = set()
        at = self._skip(at + 1)
        while self.text[at] != "}":
            at = self._skip(at + 1) if self.text[at] == "," else at
            key, end = scanstring(self.text, at + 1, False)
            if key in seen:
                self.repeated.append(((*pointer, key), at))
            seen.add(key)
            colon = self._skip(end)
            at = self._skip(self._value(self._skip(colon + 1), (*pointer, key)))
        return at + 1

    def _items(self, at: int, pointer: Pointer) -> int:
        index = 0
        at = self._skip(at + 1)
        while self.text[at] != "]":
            at = self._skip(at + 1) if self.text[at] == "," else at
            at = self._skip(self._value(at, (*pointer, index)))
            index += 1
        return at + 1
