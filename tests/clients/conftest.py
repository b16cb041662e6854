"""The server that every client is refused by."""

from collections.abc import Iterator

import pytest

from tests.clients.running import Ports, serving


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    with serving() as ports:
        yield ports
