"""One nursery for all tests that start engines."""

from collections.abc import Iterator

import pytest

from tests.engine.client import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()
