"""Every address × every role: what is shown, what is refused, and that a refusal changes nothing.

Rows, counts, search hits and bytes are compared with a plain oracle (tests/access/data.py); ids of things that lie
elsewhere are put into addresses, queries and bodies.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import ApiToken
from anlan.config import asgi
from anlan.kit import clock
from anlan.web.api import api, raw
from tests.access.data import PARENTS, Thing, Truth, fill, token_spec
from tests.access.expectations import RAW, ROUTES, Route
from tests.conftest import ON_POSTGRESQL, sign_in
from tests.world import PEOPLE, World

VISITOR = "visitor"
REFUSED = (401, 403, 404)
PASSED_OVER = ("/", "/map/shapes.json", "/map/tree.json", "/enterprises")
UNWATCHED = {"core.Session", "core.Heartbeat", "core.Lease"}


# The addresses that there are


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", here)


def test_every_page_has_an_expectation() -> None:
    pages = {address for address in addresses(get_resolver()) if not address.startswith("/api/")}
    declared = {route.path for route in ROUTES if not route.path.startswith("/api/")}
    assert pages - declared == set(), "declare these in tests/access/expectations.py"
    assert declared - pages == set(), "these are declared, but are no addresses (any more)"


def test_every_operation_of_the_api_has_an_expectation() -> None:
    described = api.get_openapi_schema()["paths"]
    inside = {address: methods for address, methods in described.items() if address not in raw.RAW}
    offered = {(method.upper(), address) for address, methods in inside.items() for method in methods}
    declared = {(route.method, route.path) for route in ROUTES if route.path.startswith("/api/")}
    assert offered - declared == set(), "declare these in tests/access/expectations.py"
    described_by = {("GET", "/api/openapi.json"), ("GET", "/api/docs")}
    assert declared - offered == described_by, "these are declared, but are not offered (any more)"


def test_every_address_outside_django_has_its_tests() -> None:
    source = inspect.getsource(asgi)
    answered = set(re.findall(r'"(/[a-z/]*)"', source))
    assert answered == set(RAW)
    root = Path(__file__).parents[2]
    assert all((root / tests).exists() for tests in RAW.values())


# Who sees and does what


@pytest.fixture
def truth(world: World, settings: Any, tmp_path: Path) -> Truth:
    settings.MEDIA_ROOT = tmp_path
    return fill(world)


#: A visitor, an enterprise's own and the neighbour's (on PostgreSQL one with a sector): every day they ask for one
#: thing of every kind that they may see and one that they may not; everybody's four are proved before a promise is
#: called kept. What each may see is decided by the same rules on both databases; PostgreSQL has to agree on the SQL, of
#: which the sector's grants use all.
EVERY_DAY = ("郑运",) if ON_POSTGRESQL else (VISITOR, "王安", "孙外")
EVERYBODY = (VISITOR, *(name for name, *_ in PEOPLE))
WALKERS = [
    *(pytest.param(name, 1, id=f"{name}-1") for name in EVERY_DAY),
    *(pytest.param(name, 2, id=f"{name}-2", marks=pytest.mark.prove) for name in EVERYBODY),
]


@pytest.mark.parametrize(("name", "samples"), WALKERS)
def test_everybody_sees_and_does_what_their_grants_say_and_nothing_else(truth: Truth, name: str, samples: int) -> None:
    client = Client() if name == VISITOR else sign_in(truth.world.people[name])
    client.raise_request_exception = False
    trial = Trial(truth, name, client, samples)
    for route in ROUTES:
        trial.walk(route)
    assert not trial.wrong, "\n".join(trial.wrong)


#: Whose tokens walk all addresses of the API; their owners' own things are theirs, too.
BY_TOKEN = [
    pytest.param("王安", 1, id="王安-1"),
    *(pytest.param(name, 2, id=f"{name}-2", marks=pytest.mark.prove) for name in ("王安", "赵值", "郑运", "孙外")),
]


@pytest.mark.parametrize(("name", "samples"), BY_TOKEN)
def test_by_token_everybody_sees_the_same_and_writes_only_where_the_token_lets_them(
    truth: Truth, name: str, samples: int, settings: Any
) -> None:
    settings.API_RATE = 10**9
    viewer = selectors.viewer_of(truth.world.people[name])
    for read_only in (False, True):
        _, secret = actions.add_token(viewer, token_spec(read_only=read_only))
        ApiToken.objects.update(last_used=clock.now())  # its use is noted to the minute; a refusal changes nothing else
        client = Client(headers={"Authorization": f"Bearer {secret}"})
        client.raise_request_exception = False
        trial = (ReadingTrial if read_only else TokenTrial)(truth, name, client, samples)
        for route in ROUTES:
            if route.path.startswith("/api/") and route.rows != "token":
                trial.walk(route)
        assert not trial.wrong, "\n".join(trial.wrong)


class Trial:
    """One person's walk through all addresses; notes what is not as expected."""

    def __init__(self, truth: Truth, name: str, client: Client, count: int) -> None:
        self.truth, self.name, self.client, self.count = truth, name, client, count
        self.wrong: list[str] = []
        self.forbidden = truth.forbidden_marks(name)
        self.before = snapshot()

    def walk(self, route: Route) -> None:
        for chosen in self.choices(route):
            status, text, after = self.ask(route, chosen)
            note = f"{route.method} {route.path} { ({p: (t.kind, t.place) for p, t in chosen.items()}) }"
            expected = self.expected(route, chosen)
            if status not in expected:
                self.wrong.append(f"{note}: {status}, not one of {sorted(expected)}")
            said = {str(thing.id) for thing in chosen.values()}  # an answer may repeat what was asked
            if leaked := sorted(mark for mark in self.forbidden - said if mark in text):
                self.wrong.append(f"{note}: shows {leaked}")
            if after != self.before:
                self.wrong.append(f"{note}: was refused and changed something")
            if status == 200 and route.method == "GET":
                self.complete(route, chosen, text, note)

    def choices(self, route: Route) -> Iterator[dict[str, Thing]]:
        """One parameter after the other is given every kind of thing; the others hold something that is seen."""
        if not route.ids:
            yield {}
        for asked, kind in route.ids.items():
            for thing in self.samples(kind):
                others = {param: self.usual(other) for param, other in route.ids.items() if param != asked}
                yield {asked: thing, **others}

    def samples(self, kind: str) -> list[Thing]:
        """Of every kind one or two that are seen and as many that are not, as far as there are."""
        seen = self.truth.seen(self.name, kind)
        unseen = [thing for thing in self.truth.of(kind) if thing not in seen]
        return list(dict.fromkeys([*seen[:1], *unseen[-1:], *(seen[-1:] + unseen[:1] if self.count > 1 else [])]))

    def usual(self, kind: str) -> Thing:
        return next(iter(self.truth.seen(self.name, kind)), self.truth.of(kind)[0])

    def ask(self, route: Route, chosen: dict[str, Thing]) -> tuple[int, str, str]:
        """Status, text, and the state of the records afterwards; then everything is as before again."""
        ids = {param: thing.id for param, thing in chosen.items()}
        address = route.path.format(**ids)
        query = "&".join([route.query, *(f"{p}={i}" for p, i in ids.items() if "{" + p + "}" not in route.path)])
        writes = Writes()
        with transaction.atomic(), connection.execute_wrapper(writes):
            response = self.send(route, f"{address}?{query.strip('&')}" if route.method == "GET" else address, ids)
            text = body(response)
            after = snapshot() if writes.seen and response.status_code in REFUSED else self.before
            transaction.set_rollback(True)
        return response.status_code, text, after

    def send(self, route: Route, address: str, ids: dict[str, int | str]) -> HttpResponse:
        send = getattr(self.client, route.method.lower())
        data = route.body(ids) if route.body else {}
        if route.method == "GET":
            return send(address)
        return send(address, data) if route.form else send(address, json.dumps(data), content_type="application/json")

    def expected(self, route: Route, chosen: dict[str, Thing]) -> set[int]:
        if self.name == VISITOR and not route.open:
            return {401} if route.path.startswith("/api/") else {302, 405}
        lacking = [p for p, capability in route.needs.items() if not self.may(capability, chosen[p])]
        lacking += (
            [route.anywhere] if route.anywhere and not self.truth.holds_anywhere(self.name, route.anywhere) else []
        )
        unseen = [param for param, thing in chosen.items() if not self.sees(route, param, thing)]
        if unseen:
            told = set(lacking) - set(unseen) or any(self.may("place.view", chosen[param]) for param in unseen)
            return {404} | ({403, 409} if told else set()) | self.silent(route)
        return {403, 409} if lacking else set(route.fine)

    def sees(self, route: Route, param: str, thing: Thing) -> bool:
        if param in route.views:
            return self.may(route.views[param], thing)
        return self.truth.sees(self.name, thing)

    def silent(self, route: Route) -> set[int]:
        """What is asked for beside the address is passed over where nobody may know of it."""
        return {200} if route.path.endswith("/notices/read") or route.path in PASSED_OVER else set()

    def may(self, capability: str, thing: Thing) -> bool:
        return thing.place in PARENTS and self.truth.holds(self.name, capability, thing.place)

    def complete(self, route: Route, chosen: dict[str, Thing], text: str, note: str) -> None:
        """Everything that may be seen is there, and a list has as many rows."""
        wanted = [thing for kind in route.shows for thing in self.truth.seen(self.name, kind)]
        wanted += [thing for param, thing in chosen.items() if route.own and "{" + param + "}" in route.path]
        if missing := [thing.marks[0] for thing in wanted if thing.marks and thing.marks[0] not in text]:
            self.wrong.append(f"{note}: does not show {missing}")
        count = len(self.truth.seen(self.name, route.rows)) if route.rows else 0
        rows = len(json.loads(text)["items"]) if route.rows else 0
        if rows != count:
            self.wrong.append(f"{note}: has {rows} rows, not {count}")


class TokenTrial(Trial):
    """The same by token, which makes and ends no credentials."""

    def expected(self, route: Route, chosen: dict[str, Thing]) -> set[int]:
        credentials = ("/api/tokens", "/api/sessions", "reset-sign-in", "/activate", "/sign-out")
        if route.method != "GET" and any(part in route.path for part in credentials):
            return {403, 404}
        return super().expected(route, chosen)


class ReadingTrial(TokenTrial):
    """By a token that only reads: every other method is refused, whatever it names."""

    def expected(self, route: Route, chosen: dict[str, Thing]) -> set[int]:
        return {403} if route.method != "GET" else super().expected(route, chosen)


class Writes:
    """Whether a statement was run that may change a record (it may have been rolled back since)."""

    seen = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.seen = self.seen or sql.split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE")
        return execute(sql, *rest)


def body(response: HttpResponse) -> str:
    """What the answer says, JSON without its escapes."""
    # the test client closes a stream at its end
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = content.decode(errors="replace")
    if text and response.get("Content-Type", "").startswith("application/json"):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text + response.get("Content-Disposition", "") + response.get("Location", "")


def snapshot() -> str:
    """All records of the product, as text."""
    ours = ("core", "ledger", "monitoring", "hooks")
    models = [model for model in apps.get_models() if model._meta.app_label in ours]
    watched = [model for model in models if model._meta.label not in UNWATCHED]
    return repr([list(model._default_manager.order_by("pk").values_list()) for model in watched])


# Searching


def test_a_search_finds_only_what_may_be_seen(truth: Truth) -> None:
    beginnings = {place.name[:2] for place in truth.world.places.values()}
    for name, *_ in PEOPLE:
        client = sign_in(truth.world.people[name])
        visible = {thing.id for thing in truth.seen(name, "place")}
        for said in beginnings:
            meant = [place for place in truth.world.places.values() if place.name.startswith(said)]
            for address in (f"/search?q={said}", f"/api/places?text={said}"):
                text = body(client.get(address))
                assert {place.pk for place in meant if place.name in text} == {
                    place.pk for place in meant if place.pk in visible
                }, (name, address)
