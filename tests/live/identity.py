"""What the generated packages say that lines are."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.tools import LANGUAGES, answers_of

Answer = dict[str, Any] | None


def ask_all(lines: Sequence[str]) -> dict[str, list[Answer]]:
    """Every package's answers."""

    def ask(language: str) -> list[Answer]:
        return answers_of(language, "identify", lines)

    with ThreadPoolExecutor() as pool:
        return dict(zip(LANGUAGES, pool.map(ask, LANGUAGES), strict=True))
