"""Runs clients against the scripts, and says what they keep of a reply."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from postfix_replies import Kind, Speaker, read

from tests.clients.refusals import REFUSALS, Refusal
from tests.clients.server import serve
from tests.tools import passes

Ports = dict[str, int]
# By the name of a refusal: how it was shown, and what was shown.
Held = dict[str, dict[str, Any]]
# What a reading has of a refusal, and which reply that is; None where nothing is kept.
Kept = tuple[str, str | None] | None


@dataclass(frozen=True)
class Client:
    """A client, what it threw, and how much of a reply that keeps."""

    kind: Kind
    held: Callable[[Ports], Held]
    keeps: Callable[[Refusal, str], Kept]
    """What is kept of a refusal where it is shown in a certain way."""
    silent: tuple[str, ...] = ()
    """Refusals after which the client goes on, and succeeds."""
    marked_as: dict[str, Kind] = field(default_factory=dict)
    """The kind of what is shown in a certain way, where the marks there are of another client."""


@contextmanager
def serving() -> Iterator[Ports]:
    """A server for each refusal, by its name."""
    with ExitStack() as stack:
        yield {one.name: stack.enter_context(serve(one.script)) for one in REFUSALS}


def printed(ports: Ports, command: Sequence[object], env: dict[str, str] | None = None) -> Held:
    """What a program prints that is started once and told of all refusals."""
    asked = (json.dumps({**one.job, "port": ports[one.name]}) for one in REFUSALS)
    lines = passes(*command, env=env, asked="".join(f"{job}\n" for job in asked)).split("\n")
    said = [json.loads(line) for line in lines if line]
    return {one["name"]: one["texts"] for one in said}


def check(client: Client, refusal: Refusal, held: Held) -> None:
    """All that a client showed of a refusal is read right."""
    texts = held[refusal.name]
    assert bool(texts) != (refusal.name in client.silent)
    for how, thing in texts.items():
        reading = read(thing)
        got = reading and (reading.line or reading.words, reading.reply)
        assert got == client.keeps(refusal, how), f"{how}: {thing}"
        if reading is not None:
            kind = client.marked_as.get(how, client.kind)
            assert (reading.kind, reading.speaker) == (kind, Speaker.SERVER), f"{how}: {thing}"


def whole(refusal: Refusal, how: str = "") -> Kept:
    """Everything is kept."""
    return refusal.line, refusal.id


def last(refusal: Refusal, how: str = "") -> Kept:
    """Of several recipients that were all refused, the last reply is kept."""
    return [*refusal.script.values()][-1], refusal.last_id or refusal.id


def first_line(refusal: Refusal, how: str = "") -> Kept:
    """The lines after the first are lost."""
    return refusal.line.partition("\n")[0], refusal.id


def without_enhanced(refusal: Refusal, how: str = "") -> Kept:
    """The enhanced code is lost, and the lines after the first."""
    return f"{refusal.line[:3]} {_words(refusal)}", None if refusal.needs_codes else refusal.id


def words_alone(refusal: Refusal, how: str = "") -> Kept:
    """Both codes are lost, and the lines after the first."""
    return _words(refusal), None if refusal.needs_codes else refusal.id


def _words(refusal: Refusal) -> str:
    return refusal.line.partition("\n")[0][4:].partition(" ")[2]
