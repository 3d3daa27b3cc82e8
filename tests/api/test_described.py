"""The API answers nothing that its description does not tell: no 5xx, no other status, no other shape."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.access.data import Truth, fill
from tests.api.described import examine, operations, token_for
from tests.world import World

#: What a request does not read of a file is closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")

#: Requests of each kind, good and bad, to every operation in the everyday run; the long one sends more.
FEW, MANY = 2, 60


@pytest.fixture
def truth(world: World, settings: Any, tmp_path: Any) -> Iterator[Truth]:
    """The test's own connection serves the requests, which would otherwise close it as one that is old."""
    settings.MEDIA_ROOT = tmp_path
    settings.API_RATE = 10**9
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield fill(world)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def walk(truth: Truth, examples: int, seed: int) -> list[str]:
    secret, wrong = token_for(truth, "冯管"), []
    for operation in operations():
        try:
            examine(operation, secret, truth, examples, seed)
        except BaseExceptionGroup as failed:
            wrong += [f"{operation.label}: {one}" for one in failed.exceptions]
        except AssertionError as failed:
            wrong.append(f"{operation.label}: {failed}")
    return wrong


def test_every_answer_is_as_described(truth: Truth) -> None:
    wrong = walk(truth, FEW, 1)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
def test_every_answer_is_as_described_for_long(truth: Truth, seed: int) -> None:
    wrong = walk(truth, MANY, seed)
    assert not wrong, "\n\n".join(wrong)
