"""The API answers nothing that its description does not tell: no 5xx, no other status, no other shape."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from ninja import Schema

from anlan.apps.core import actions as core
from anlan.apps.core import selectors
from anlan.apps.enterprises import actions as enterprises
from anlan.apps.exchange import actions as exchange
from tests.access.data import Thing, Truth, fill
from tests.api.asker import ASKER, token_for
from tests.world import World

#: What a request does not read of a file is closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")

#: Requests of each kind, good and bad, to every operation in the everyday run; the long one sends more (a hundred
#: requests take an operation some three seconds, so that all of them are proved within ten minutes).
FEW, MANY = 1, 20


@pytest.fixture
def truth(world: World, settings: Any, tmp_path: Any) -> Iterator[Truth]:
    """The test's own connection serves the requests, which would otherwise close it as one that is old."""
    settings.MEDIA_ROOT = tmp_path
    settings.API_RATE = 10**9
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield _with_own(fill(world))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    gc.collect()  # those files, while it may be said of this test


def _with_own(truth: Truth) -> Truth:
    """An import and a document that the asker had made, so that there is something to look at."""
    viewer = selectors.viewer_of(truth.world.people[ASKER])
    upload = SimpleUploadedFile("places.csv", f"名称,类别,上级\n新库,区域,{truth.world.plant.name}\n".encode())
    run = exchange.hand_in(viewer, "places", upload)
    job = enterprises.ask_for_export(viewer, truth.world.plant.pk, "xlsx")
    core.run_due("tests")
    own = [Thing("import", run.pk, "plant", (), ASKER), Thing("export", job.pk, "plant", (), ASKER)]
    return Truth(truth.world, [*truth.things, *own], truth.grants)


def walk(truth: Truth, examples: int, seed: int) -> list[str]:
    from tests.api.described import examine, operations  # schemathesis takes a second to import

    secret, wrong = token_for(truth, ASKER), []
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
@pytest.mark.parametrize("seed", range(2))
def test_every_answer_is_as_described_for_long(truth: Truth, seed: int) -> None:
    wrong = walk(truth, MANY, seed)
    assert not wrong, "\n\n".join(wrong)


def test_a_place_that_a_question_names_may_not_be_there() -> None:
    from anlan.web.api import api

    assert 404 in api.get_openapi_schema()["paths"]["/api/holders"]["get"]["responses"]


def test_a_file_of_json_is_described_as_a_document() -> None:
    from anlan.web.api import api

    answer = api.get_openapi_schema()["paths"]["/api/exports/{kind}"]["get"]["responses"][200]["content"]
    assert answer["application/geo+json"]["schema"] == {"type": "object"}
    assert answer["text/csv"]["schema"]["format"] == "binary"


def test_no_two_shapes_share_a_name() -> None:
    """The description knows each by its name alone: of two it would tell one for both."""
    from anlan.web.api import api

    assert api.get_openapi_schema(), "all routers are there"
    found: dict[str, set[str]] = {}
    for shape in _shapes(Schema):
        found.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}


def _shapes(above: type[Schema]) -> Iterator[type[Schema]]:
    for shape in above.__subclasses__():
        if shape.__module__.startswith("anlan."):
            yield shape
        yield from _shapes(shape)
