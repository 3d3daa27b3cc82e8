"""Every refusal and failure has one shape, for programs and for people."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, include, path

from anlan.apps.core.models import Place
from anlan.config import urls as product
from anlan.kit.errors import AnlanError, BadInput, NotAllowed, NotInScope, Refused, Unavailable
from anlan.rules.refusal import Refusal
from tests.world import World

Browser = Callable[[str], Client]


def shape(response: HttpResponse) -> dict[str, str]:
    """The error of an answer, after a look that it has that shape and nothing else."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "fix"}
    assert body["error"]["message"]
    error: dict[str, str] = body["error"]
    return error


FAILURES: dict[str, tuple[Exception, int, str]] = {
    "refused": (Refused(Refusal("x.no", "“{name}”不行。", "换一个。", {"name": "甲"})), 409, "“甲”不行。"),
    "bad": (BadInput(Refusal("x.bad", "不对。")), 422, "不对。"),
    "not-allowed": (NotAllowed("place.edit"), 403, "您没有“维护场所”的权限。"),
    "not-in-scope": (NotInScope("秘密厂"), 404, "没有这个页面或对象，或您无权查看。"),
    "unavailable": (Unavailable("引擎", retry_after_s=7), 503, "引擎暂时没有应答。"),
    "broken": (RuntimeError("select * from secret"), 500, "系统出错，已记录。"),
    "other": (AnlanError("内情"), 500, "系统出错，已记录。"),
}


def failing(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


failures: list[URLPattern] = [path(name, failing(error)) for name, (error, _, _) in FAILURES.items()]
urlpatterns = [path("api/fail/", include(failures)), path("fail/", include(failures)), *product.urlpatterns]
handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500


@pytest.fixture
def quiet_client(settings: object, db: None) -> Iterator[Client]:
    """A client that gets the answer to a crash instead of the crash, at addresses that fail on purpose."""
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]  # pytest-django's settings
    yield Client(raise_request_exception=False)


@pytest.mark.parametrize("name", FAILURES)
def test_a_program_gets_the_one_shape(quiet_client: Client, name: str) -> None:
    error, status, message = FAILURES[name]
    answer = quiet_client.get(f"/api/fail/{name}")
    assert answer.status_code == status
    assert shape(answer)["message"] == message
    if isinstance(error, Unavailable):
        assert answer["Retry-After"] == "7"


@pytest.mark.parametrize("name", FAILURES)
def test_a_person_gets_a_page_that_says_what_to_do(quiet_client: Client, name: str) -> None:
    _, status, message = FAILURES[name]
    answer = quiet_client.get(f"/fail/{name}", headers={"accept": "text/html"})
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert message in answer.content.decode()


@pytest.mark.parametrize("name", ["broken", "other", "not-in-scope"])
def test_nothing_of_the_inside_gets_out(quiet_client: Client, name: str) -> None:
    for address in (f"/fail/{name}", f"/api/fail/{name}"):
        body = quiet_client.get(address).content.decode()
        assert not any(inside in body for inside in ("secret", "秘密厂", "内情", "Traceback", "RuntimeError"))


def test_a_visitor_is_asked_to_sign_in(db: None, client: Client) -> None:
    answer = client.get("/api/places")
    assert (answer.status_code, shape(answer)["code"]) == (401, "sign_in.needed")


def test_an_unknown_address_has_the_same_shape(db: None, client: Client) -> None:
    answer = client.get("/api/nothing-here")
    assert (answer.status_code, shape(answer)["code"]) == (404, "not_found")


def test_a_post_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["李巡"])
    answer = client.post("/api/notices/read", {"ids": []}, "application/json")
    assert (answer.status_code, shape(answer)["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "body"),
        ("[]", ""),
        ({}, "parent_id"),
        ({"parent_id": "x", "kind": "unit", "name": "塔"}, "parent_id"),
        ({"parent_id": 1, "kind": "unit", "name": "塔", "path": "000001"}, "path"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(world: World, browser: Browser, body: object, said: str) -> None:
    before = Place.objects.count()
    answer = browser("王安").post("/api/places", body, "application/json")
    assert answer.status_code in (400, 422)
    assert said in shape(answer)["message"] or answer.status_code == 400
    assert Place.objects.count() == before


def test_a_rule_that_refuses_says_so_in_the_readers_language(world: World, browser: Browser) -> None:
    body = {"parent_id": world.valve.pk, "kind": "unit", "name": "塔"}
    answer = browser("王安").post("/api/places", body, "application/json")
    assert (answer.status_code, shape(answer)["code"]) == (409, "place.wrong_parent")


def test_a_place_goes_through_its_life_by_the_api(world: World, browser: Browser) -> None:
    wang = browser("王安")
    shape_ = {"type": "Point", "coordinates": [120.1, 30.2]}
    new = {"parent_id": world.plant.pk, "kind": "unit", "name": "精馏塔", "geometry": shape_}
    made = wang.post("/api/places", new, "application/json")
    assert made.status_code == 201
    place = made.json()
    assert (place["sector"], place["geometry"]) == ("chemical", shape_)
    at = f"/api/places/{place['id']}"
    assert wang.patch(at, {"name": "二号塔", "geometry": None}, "application/json").json()["geometry"] is None
    assert wang.post(f"{at}/move", {"place_id": world.reactor.pk}, "application/json").json()["parent_id"] == (
        world.reactor.pk
    )
    assert [p["name"] for p in wang.get("/api/places?text=二号塔").json()["items"]] == ["二号塔"]
    assert [p["name"] for p in wang.get(f"/api/places?under={world.reactor.pk}&kind=unit").json()["items"]] == [
        "聚合反应釜",
        "二号塔",
    ]
    assert wang.post(f"{at}/retire").json() == {"places": 1}
    assert wang.get("/api/places?text=二号塔").json()["items"] == []


def test_the_interface_describes_itself(db: None, client: Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert "/api/places/{place_id}" in described["paths"]
