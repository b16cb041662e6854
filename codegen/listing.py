"""Which replies and reasons `codegen list` lists."""

from collections.abc import Collection
from typing import NamedTuple

from codegen.catalog import Catalog, Reply, Said, Variant


class Filter(NamedTuple):
    """What is asked for: any value of each; nothing for what does not matter."""

    code: Collection[int] = ()
    dsn: Collection[str] = ()
    category: Collection[str] = ()
    stage: Collection[str] = ()
    status: Collection[str] = ()


def chosen(of: Catalog, asked: Filter) -> list[Said]:
    """The replies and reasons that a filter lets through."""
    return [said for said in of.said() if _fits(said, asked)]


def _fits(said: Said, asked: Filter) -> bool:
    if asked.category and said.category not in asked.category:
        return False
    if not isinstance(said, Reply):
        of_replies = asked.code or asked.stage
        return not of_replies and _any(asked.dsn, said.dsn) and _any(asked.status, said.statuses)
    seen = "any" in said.stages or _any(asked.stage, said.stages)
    return not asked.status and seen and bool(_pairs(said, asked))


def _any(asked: Collection[str], found: Collection[str]) -> bool:
    return not asked or not set(asked).isdisjoint(found)


def _pairs(reply: Reply, asked: Filter) -> list[Variant]:
    """The pairs of codes of a reply that are asked for."""
    return [
        variant
        for variant in reply.variants
        if (not asked.code or variant.code in asked.code)
        and (not asked.dsn or variant.enhanced in asked.dsn)
    ]


def columns(said: Said, asked: Filter) -> tuple[str, str]:
    """The code and the enhanced status codes of a row: of a reply, the first that are asked for."""
    if isinstance(said, Reply):
        pair = _pairs(said, asked)[0]
        return str(pair.code), pair.enhanced or ""
    return "", ",".join(said.dsn)
