"""Requests made out of the API's own description, and every answer held against it."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from anlan.config.wsgi import application
from anlan.web.api.raw import RAW
from tests.access.data import Thing, Truth
from tests.api.asker import ASKER

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
#: parameter or property → kind of thing whose ids it may hold, for requests that find something
KINDS = {
    "study_id": "park_study",
    "installation_id": "park_source",
    "under": "place",
    "parent_id": "place",
    "member_id": "place",
    "to_id": "place",
    "near_place": "place",
    "ref": "item",
    "run_id": "import",
    "job_id": "export",
    "row_id": "audit",
    "shift_id": "shift",
    "group": "group",
} | {
    f"{kind}_id": kind
    for kind in (
        *("place", "tag", "alarm", "source", "scenario", "file", "fact", "person", "grant", "token"),
        *("report", "pond", "project", "gate"),
    )
}


def operations() -> Iterator[APIOperation]:
    """Every operation that Django answers; ``/live`` and ``/intake`` have tests on the real server."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path not in RAW:
            yield operation


def examine(operation: APIOperation, secret: str, truth: Truth, examples: int, seed: int) -> None:
    """Send good and bad requests; half of them name things that exist. Each leaves no trace.

    A single bad request goes only to what changes something: reading is refused by the same few lines everywhere.
    """
    known = {name: _first(truth, kind).id for name, kind in KINDS.items()}
    headers, numbers = {"Authorization": f"Bearer {secret}"}, count()

    def send(case: schemathesis.Case, mode: GenerationMode) -> None:
        if mode == GenerationMode.POSITIVE and next(numbers) % 2:
            _point(case, known)
        with transaction.atomic():
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS, headers=headers)
            transaction.set_rollback(True)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode == GenerationMode.NEGATIVE and not _refusable(operation, examples):
            continue
        _run(partial(send, mode=mode), operation.as_strategy(generation_mode=mode), examples, seed)


def _refusable(operation: APIOperation, examples: int) -> bool:
    if examples == 1 and operation.method == "get":
        return False
    return bool(list(operation.iter_parameters()) or operation.body)


def _first(truth: Truth, kind: str) -> Thing:
    """Something of a kind, the asker's own where that matters."""
    return next((thing for thing in truth.of(kind) if thing.owner == ASKER), truth.of(kind)[0])


def _run(send: Any, strategy: Any, examples: int, seed: int) -> None:
    bounded = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    seeded(seed)(bounded(given(case=strategy)(lambda case: send(case))))()


def _point(case: schemathesis.Case, known: Mapping[str, object]) -> None:
    """Let ids in the path, the query and the body name things that exist."""
    if case.path_parameters and "kind" in case.path_parameters:
        case.path_parameters["kind"] = "places"
    for holder in (case.path_parameters, case.query, case.body):
        if isinstance(holder, dict):
            holder.update({name: known[name] for name in holder if name in known})
