"""Catalogs that were good until somebody changed something, in structure or in bytes."""

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.hostile.catalogs import BASE

Kind = Callable[[Random], bytes]
STRANGE: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 10**30, 2**53 + 1, "", " ", "x", "X.1.1", "{a}", "5.7.1"),
    *(
        [],
        {},
        [[]],
        [{}],
        {"": None},
        {"a": {}},
        {"type": []},
        "\ud800",
        "\x00",
        "\u2028",
        "9" * 5000,
    ),
]
BYTES = (
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00"),
    *(b"\n", b"\r", b"-", b"1e999", b"NaN", b"null", b"\\ud800", b"\xef\xbb\xbf", b"[" * 5000),
    *(b'"step": 1,', b'"replies": {},', b'"a": 1, "a": 2,', b'"replies": {"a": {"b": 1, "b": 2}},'),
    b"",
)


def structure(random: Random) -> bytes:
    """The golden catalog with one to four of its values replaced, moved, doubled or gone."""
    raw = copy.deepcopy(BASE)
    for _ in range(random.choice((1, 1, 2, 4))):
        _change(random, raw)
    return json.dumps(raw).encode()


def octets(random: Random) -> bytes:
    """The golden catalog with one to four runs of its bytes cut out or replaced."""
    raw = json.dumps(BASE, indent=random.choice((None, 1))).encode()
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randint(0, len(raw))
        end = at + random.choice((0, 0, 1, 1, 9, len(raw)))
        raw = raw[:at] + random.choice(BYTES) + raw[end:]
    return raw


def _change(random: Random, raw: Any) -> None:
    places = [place for place in _places(raw) if place[0]]
    if not places:
        return
    inside, key = random.choice(places)
    match random.choice(("replace", "replace", "delete", "other", "rename", "double")):
        case "replace":
            inside[key] = copy.deepcopy(random.choice(STRANGE))
        case "delete":
            del inside[key]
        case "other":
            source, other = random.choice(places)
            inside[key] = copy.deepcopy(source[other])
        case "rename" if isinstance(inside, dict):
            inside[random.choice(("x", "", "a_b", "code", "__proto__", "\ud800"))] = inside.pop(key)
        case "double" if isinstance(inside, list):
            inside.insert(key, copy.deepcopy(inside[key]))


def _places(raw: Any) -> Iterator[tuple[Any, Any]]:
    """Every value in a value, as what holds it and its key there."""
    keys = raw if isinstance(raw, dict) else range(len(raw)) if isinstance(raw, list) else ()
    for key in keys:
        yield raw, key
        yield from _places(raw[key])
