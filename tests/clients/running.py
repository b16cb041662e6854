"""Runs clients against the scripts, and says what they keep of a reply."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from postfix_replies import Kind, Speaker, read

from tests.clients.refusals import REFUSALS, Refusal
from tests.clients.server import serve
from tests.tools import passes

Ports = dict[str, int]
# By the name of a refusal: how it was shown, and what was shown.
Held = dict[str, dict[str, Any]]
# What a reading has of a refusal, and which reply that is.
Kept = tuple[str, str | None]


@dataclass(frozen=True)
class Client:
    """A client, what it threw, and how much of a reply that keeps."""

    kind: Kind
    held: Callable[[Ports], Held]
    keeps: Callable[[Refusal], Kept]


@contextmanager
def serving() -> Iterator[Ports]:
    """A server for each refusal, by its name."""
    with ExitStack() as stack:
        yield {one.name: stack.enter_context(serve(one.script)) for one in REFUSALS}


def printed(ports: Ports, command: Sequence[object]) -> Held:
    """What a program prints that is started once and told of all refusals."""
    asked = (json.dumps({**one.job, "port": ports[one.name]}) for one in REFUSALS)
    lines = passes(*command, asked="".join(f"{job}\n" for job in asked)).split("\n")
    said = [json.loads(line) for line in lines if line]
    return {one["name"]: one["texts"] for one in said}


def check(client: Client, refusal: Refusal, held: Held) -> None:
    """All that a client showed of a refusal is read right."""
    assert held[refusal.name], "nothing was thrown"
    for how, thing in held[refusal.name].items():
        told = f"{how}: {thing}"
        reading = read(thing)
        assert reading is not None, told
        assert (reading.kind, reading.speaker) == (client.kind, Speaker.SERVER), told
        said = reading.line if reading.line is not None else reading.words
        assert (said, reading.reply) == client.keeps(refusal), told


def whole(refusal: Refusal) -> Kept:
    """Everything is kept."""
    return refusal.line, refusal.id


def first_line(refusal: Refusal) -> Kept:
    """The lines after the first are lost, and the mark that they come."""
    first, _, _ = refusal.line.partition("\n")
    return f"{first[:3]} {first[4:]}", refusal.id


def without_enhanced(refusal: Refusal) -> Kept:
    """The enhanced code is lost, and the lines after the first."""
    code, _, words = first_line(refusal)[0].split(" ", 2)
    return f"{code} {words}", None if refusal.needs_codes else refusal.id


def words_alone(refusal: Refusal) -> Kept:
    """Both codes are lost, and the lines after the first."""
    said, known = without_enhanced(refusal)
    return said[4:], known
