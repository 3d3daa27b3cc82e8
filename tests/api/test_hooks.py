"""Web hooks: what happens reaches the receiver once, signed, and only what the owner may see."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.core import selectors as people
from anlan.apps.core.models import Grant, Notice
from anlan.apps.hooks import actions, selectors, transport
from anlan.apps.hooks.actions import Feeder, HookSpec, send_due
from anlan.apps.hooks.choices import DeliveryState, Event
from anlan.apps.hooks.models import Delivery, WebHook
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import hooks as rules
from tests.api.receiver import Receiver, receiving
from tests.world import World

Later = Callable[[timedelta], None]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.HOOK_NETWORKS = ("127.0.0.0/8",)
    with receiving() as one:
        yield one


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    start, passed = clock.now() + timedelta(minutes=1), [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: start + passed[0])

    def go_on(by: timedelta) -> None:
        passed[0] += by

    return go_on


def hook_of(viewer: Viewer, receiver: Receiver, **details: Any) -> tuple[WebHook, str]:
    spec = {"name": "市平台", "url": receiver.url, "events": Event.values, **details}
    return actions.add_hook(viewer, HookSpec(**spec))


def alarm(world: World, place: str, event: str = "raised") -> None:
    core.emit("alarm", world.places[place].pk, {"alarm": 1, "event": event, "place": world.places[place].pk})


def ids(receiver: Receiver) -> list[str]:
    return [headers["Anlan-Event-Id"] for headers, _ in receiver.got]


def test_an_event_arrives_once_and_signed(world: World, viewer: Callable[[str], Viewer], receiver: Receiver) -> None:
    _, secret = hook_of(viewer("赵值"), receiver)
    feeder = Feeder()
    alarm(world, "valve")
    assert (feeder.tick(), feeder.tick(), send_due(), send_due()) == (1, 0, 1, 0)
    ((headers, body),) = receiver.got
    told = orjson.loads(body)
    assert (told["type"], told["place"]["name"]) == ("alarm.raised", "进料阀组")
    assert headers["Anlan-Event-Id"] == told["id"]
    moment, given = headers["Anlan-Signature"].removeprefix("t=").split(",v1=")
    assert given == hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def test_another_worker_goes_on_where_the_first_stopped(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver
) -> None:
    hook_of(viewer("赵值"), receiver)
    first = Feeder()
    alarm(world, "valve")
    first.tick()
    alarm(world, "valve", "cleared")
    Feeder().tick()
    Feeder().tick()
    send_due()
    assert len(ids(receiver)) == 2 == len(set(ids(receiver)))


@pytest.mark.parametrize(
    ("name", "places"),
    [("赵值", {"valve", "depot"}), ("郑运", {"depot"}), ("孙外", {"ladle"}), ("王安", {"valve"}), ("何客", set())],
)
def test_a_hook_is_told_only_what_its_owner_may_see(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver, name: str, places: set[str]
) -> None:
    hook_of(viewer(name), receiver)
    feeder = Feeder()
    for place in ("valve", "depot", "ladle"):
        alarm(world, place)
        core.emit("sources", world.places[place].pk, {"source": 1})
    core.emit("notice", None, {"person": world.people["赵值"].pk, "text": "秘密"})
    feeder.tick()
    send_due()
    told = {orjson.loads(body)["place"]["id"] for _, body in receiver.got}
    assert told == {world.places[place].pk for place in places}


def test_a_hook_for_a_place_is_told_nothing_from_elsewhere(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver
) -> None:
    hook_of(viewer("赵值"), receiver, place_id=world.plant.pk)
    feeder = Feeder()
    alarm(world, "depot")
    assert feeder.tick() == 0
    alarm(world, "valve")
    assert feeder.tick() == 1


def test_nobody_makes_a_hook_for_a_place_they_may_not_see(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver
) -> None:
    with pytest.raises(Exception, match=r"^$"):
        hook_of(viewer("孙外"), receiver, place_id=world.plant.pk)
    assert not WebHook.objects.exists()


def test_what_waits_is_withheld_once_the_grant_has_ended(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver
) -> None:
    hook_of(viewer("赵值"), receiver)
    feeder = Feeder()
    alarm(world, "valve")
    feeder.tick()
    core.withdraw_grant(SYSTEM, Grant.objects.get(person=world.people["赵值"]).pk)
    alarm(world, "valve", "cleared")
    feeder.tick()
    send_due()
    assert receiver.got == []
    assert [one.state for one in Delivery.objects.all()] == [DeliveryState.WITHHELD]


def test_the_reason_is_withheld_from_those_who_may_see_only_the_colour(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver
) -> None:
    hook_of(viewer("周工"), receiver)
    hook_of(viewer("王安"), receiver)
    feeder = Feeder()
    core.emit("level", world.plant.pk, {"before": 1, "after": 4, "reason": "压力高"})
    core.emit("level", world.plant.pk, {"before": 4, "after": 4, "reason": "数量变化"})
    assert feeder.tick() == 2
    send_due()
    assert sorted(orjson.loads(body)["data"]["reason"] for _, body in receiver.got) == ["", "压力高"]


def test_a_failure_is_tried_again_later_with_the_same_id_and_order_is_kept(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver, later: Later
) -> None:
    hook_of(viewer("赵值"), receiver)
    feeder, receiver.answers = Feeder(), [500, 503]
    alarm(world, "valve")
    alarm(world, "valve", "cleared")
    feeder.tick()
    assert (send_due(), send_due()) == (1, 0)
    later(rules.RETRIES[0])
    assert (send_due(), send_due()) == (1, 0)
    later(rules.RETRIES[0])
    assert send_due() == 0, "it rests longer after the second failure"
    later(rules.RETRIES[1])
    assert send_due() == 2
    first, again, third, second = ids(receiver)
    assert first == again == third != second
    assert {one.state for one in Delivery.objects.all()} == {DeliveryState.DONE}


def test_after_the_last_attempt_an_event_is_given_up(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver, later: Later
) -> None:
    hook_of(viewer("赵值"), receiver)
    feeder, receiver.answers = Feeder(), [500] * 6
    alarm(world, "valve")
    feeder.tick()
    for wait in (*rules.RETRIES, timedelta(days=1)):
        send_due()
        later(wait)
    (given_up,) = Delivery.objects.all()
    assert (given_up.state, given_up.attempts, given_up.status) == (DeliveryState.FAILED, 6, 500)


def test_a_receiver_that_fails_for_long_is_paused_with_notice_and_resumed_by_hand(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver, later: Later
) -> None:
    hook, _ = hook_of(viewer("赵值"), receiver)
    feeder, receiver.answers = Feeder(), [500] * rules.MOST_FAILURES
    for _ in range(3):
        alarm(world, "valve")
    feeder.tick()
    for _ in range(rules.MOST_FAILURES):
        send_due()
        later(timedelta(hours=13))
    hook.refresh_from_db()
    assert hook.paused and "连续 8 次" in hook.paused_why
    assert "市平台" in Notice.objects.get(person=world.people["赵值"], key__startswith="hook:").text
    assert send_due() == 0
    actions.resume_hook(viewer("赵值"), hook.pk)
    assert send_due() == 2, "the first was given up after its six attempts"


def test_a_redirect_is_not_followed(world: World, viewer: Callable[[str], Viewer], receiver: Receiver) -> None:
    hook, _ = hook_of(viewer("赵值"), receiver)
    receiver.answers, receiver.location = [307], receiver.url
    actions.send_test(viewer("赵值"), hook.pk)
    send_due()
    assert len(receiver.got) == 1
    (tried,) = Delivery.objects.all()
    assert (tried.status, tried.state) == (307, DeliveryState.FAILED)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://224.0.0.1/",
        "http://100.64.0.1/",
    ],
)
def test_the_inner_network_is_refused(world: World, viewer: Callable[[str], Viewer], url: str) -> None:
    with pytest.raises(Refused, match=r"hook\.private_address"):
        actions.add_hook(viewer("赵值"), HookSpec("内网", url, ["alarm.raised"]))


@pytest.mark.parametrize("url", ["ftp://a.b/", "https://", "https://u:p@a.b/", "https://a.b/#x", "https://a.b:0/", "x"])
def test_an_address_of_another_form_is_refused(world: World, viewer: Callable[[str], Viewer], url: str) -> None:
    with pytest.raises(Refused, match=r"hook\.bad_url"):
        actions.add_hook(viewer("赵值"), HookSpec("错", url, ["alarm.raised"]))


def test_a_name_that_turns_inward_later_is_not_followed(
    world: World, viewer: Callable[[str], Viewer], receiver: Receiver, settings: Any
) -> None:
    hook, _ = hook_of(viewer("赵值"), receiver)
    settings.HOOK_NETWORKS = ()
    actions.send_test(viewer("赵值"), hook.pk)
    send_due()
    assert receiver.got == []
    assert "hook.private_address" in Delivery.objects.get().answer


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])
    port = int(receiver.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(
        transport.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", (next(answers), port))], raising=True
    )
    settings.HOOK_NETWORKS = ("127.0.0.1",)
    monkeypatch.setattr(transport.socket, "create_connection", _connecting(port, to := []))
    answer = transport.post(f"http://receiver.test:{port}/in", b"{}", {})
    assert (answer.status, to) == (204, ["127.0.0.1"])
    assert receiver.got[0][0]["Host"] == f"receiver.test:{port}"


def _connecting(port: int, to: list[str]) -> Callable[..., Any]:
    import socket

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        to.append(address[0])
        plain = socket.socket()
        plain.connect(("127.0.0.1", port))
        return plain

    return connect


def test_a_narrow_token_makes_no_hook(world: World, browser: Callable[[str], Client], receiver: Receiver) -> None:
    owner = people.viewer_of(world.people["赵值"])
    until = clock.now() + timedelta(days=1)
    made, secret = core.add_token(owner, core.TokenSpec("窄", until, world.plant.pk, read_only=False))
    body = {"name": "旁路", "url": receiver.url, "events": ["alarm.raised"]}
    answer = Client().post("/api/hooks", body, "application/json", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "hook.narrow_token")
    assert made.place_id == world.plant.pk and not selectors.listening()
