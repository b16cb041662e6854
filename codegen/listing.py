"""Which replies and reasons `codegen list` lists."""

from typing import NamedTuple

from codegen.catalog import Catalog, Reply, Said


class Filter(NamedTuple):
    """What is asked for; None for what does not matter."""

    code: int | None = None
    dsn: str | None = None
    category: str | None = None
    stage: str | None = None
    status: str | None = None


def chosen(of: Catalog, asked: Filter) -> list[Said]:
    """The replies and reasons that a filter lets through."""
    return [said for said in of.said() if _fits(said, asked)]


def _fits(said: Said, asked: Filter) -> bool:
    if asked.category not in (None, said.category):
        return False
    if not isinstance(said, Reply):
        return (
            asked.code is None
            and asked.stage is None
            and (asked.dsn is None or asked.dsn in said.dsn)
            and (asked.status is None or asked.status in said.statuses)
        )
    pairs = [
        variant
        for variant in said.variants
        if asked.code in (None, variant.code) and asked.dsn in (None, variant.enhanced)
    ]
    seen = asked.stage is None or asked.stage in said.stages or "any" in said.stages
    return asked.status is None and seen and bool(pairs)


def columns(said: Said) -> tuple[str, str]:
    """The code and the enhanced status codes of a row."""
    if isinstance(said, Reply):
        return str(said.code), said.enhanced or ""
    return "", ",".join(said.dsn)
