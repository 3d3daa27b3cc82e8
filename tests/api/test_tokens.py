"""A token lets through some of its owner's grants, for a time, and is refused in words for everything else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.apps.core import actions
from anlan.apps.core.models import ApiToken, AuditRow, Grant
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM, Viewer
from tests.conftest import give_second_factor
from tests.world import World

Viewing = Callable[[str], Viewer]
DAY = timedelta(days=1)


def token(viewer: Viewer, **details: Any) -> str:
    return actions.add_token(viewer, actions.TokenSpec(**{"name": "同步", "until": clock.now() + DAY, **details}))[1]


def asking(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def names(client: Client, **query: Any) -> set[str]:
    return {row["name"] for row in client.get("/api/places", {"limit": 500, **query}).json()["items"]}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_token_sees_what_its_owner_sees(world: World, viewer: Viewing, browser: Callable[[str], Client]) -> None:
    seen = names(asking(token(viewer("郑运"))))
    assert seen == names(browser("郑运"))
    assert "顺达运输行" in seen and "恒泰化工厂" not in seen


def test_a_token_for_a_place_sees_that_place_only(world: World, viewer: Viewing) -> None:
    assert names(asking(token(viewer("赵值"), place_id=world.plant.pk))) == {"恒泰化工厂", "聚合反应釜", "进料阀组"}


def test_a_place_above_the_owners_own_gives_no_more(world: World, viewer: Viewing) -> None:
    with pytest.raises(Exception, match=r"^$"):
        token(viewer("王安"), place_id=world.qinghe.pk)


def test_a_token_for_one_sector_sees_no_other(world: World, viewer: Viewing) -> None:
    assert "恒泰化工厂" not in names(asking(token(viewer("赵值"), sectors=["transport"])))


def test_a_token_without_a_capability_may_not_use_it(world: World, viewer: Viewing) -> None:
    client = asking(token(viewer("赵值"), capabilities=["place.view"]))
    assert client.get(f"/api/places/{world.plant.pk}").status_code == 200
    assert code(client.get("/api/health")) == (403, "grant.missing")
    assert client.get("/api/alarms").json()["items"] == []
    assert client.get("/api/me").json()["capabilities"] == ["place.view"]


def test_a_narrow_token_shows_nothing_of_its_owners_own(world: World, viewer: Viewing) -> None:
    actions.notify([world.people["赵值"].pk], "只给本人", "", "k")
    wide, narrow = token(viewer("赵值")), token(viewer("赵值"), place_id=world.plant.pk)
    assert len(asking(wide).get("/api/notices").json()["items"]) == 1
    assert asking(narrow).get("/api/notices").json()["items"] == []
    assert asking(narrow).get("/api/tokens").json()["items"] == []


def test_a_read_only_token_writes_nothing(world: World, viewer: Viewing) -> None:
    body = {"parent_id": world.plant.pk, "kind": "unit", "name": "新装置"}
    reading, writing = token(viewer("王安")), token(viewer("王安"), read_only=False)
    assert code(asking(reading).post("/api/places", body, "application/json")) == (403, "token.read_only")
    made = asking(writing).post("/api/places", body, "application/json")
    assert made.status_code == 201
    row = AuditRow.objects.filter(action="place.add").latest("pk")
    assert row.actor == world.people["王安"]
    assert row.detail["token"] == ApiToken.objects.latest("pk").pk


def test_a_token_holds_no_more_than_its_owner_holds_now(world: World, viewer: Viewing) -> None:
    client = asking(token(viewer("赵值"), place_id=world.plant.pk))
    assert names(client)
    actions.withdraw_grant(SYSTEM, Grant.objects.get(person=world.people["赵值"]).pk)
    assert names(client) == set()


def test_a_token_ends_with_its_time_its_owner_or_by_hand(
    world: World, viewer: Viewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang, other = token(viewer("王安")), token(viewer("王安"))
    actions.revoke_token(viewer("王安"), ApiToken.objects.latest("pk").pk)
    assert code(asking(other).get("/api/me")) == (401, "token.revoked")
    assert code(asking("anlan_" + "x" * 40).get("/api/me")) == (401, "token.unknown")
    assert code(asking("something else").get("/api/me")) == (401, "token.unknown")
    assert code(Client(headers={"Authorization": "Basic eDp5"}).get("/api/me")) == (401, "token.bad_header")
    later = clock.now() + 2 * DAY
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert code(asking(wang).get("/api/me")) == (401, "token.expired")
    actions.deactivate_person(SYSTEM, world.people["王安"].pk)
    assert code(asking(wang).get("/api/me"))[0] == 401


def test_the_token_itself_is_nowhere_in_the_records(world: World, viewer: Viewing) -> None:
    secret = token(viewer("王安"))
    kept = ApiToken.objects.values().get()
    assert secret not in str(kept) and secret not in str(list(AuditRow.objects.values_list("detail")))
    assert secret.startswith(kept["prefix"])


def test_too_many_requests_are_told_when_to_come_back(world: World, viewer: Viewing, settings: Any) -> None:
    settings.API_RATE = 3
    client = asking(token(viewer("王安")))
    answers = [client.get("/api/me") for _ in range(4)]
    assert [one.status_code for one in answers[:3]] == [200] * 3
    assert code(answers[3]) == (429, "too_many_requests")
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert asking(token(viewer("王安"))).get("/api/me").status_code == 200, "each token has its own measure"


def test_a_token_makes_no_credentials(world: World, viewer: Viewing) -> None:
    client = asking(token(viewer("王安"), read_only=False))
    new = {"name": "再来一个", "until": (clock.now() + DAY).isoformat()}
    assert code(client.post("/api/tokens", new, "application/json")) == (403, "token.by_token")


def test_a_manager_makes_tokens_for_programs_and_never_for_people(world: World, viewer: Viewing) -> None:
    program = actions.add_person(SYSTEM, actions.NewPerson("sync", "同步程序"), "inspector", world.plant)
    client = asking(token(viewer("陈县"), person_id=program.pk))
    assert client.get("/api/me").json()["name"] == "同步程序"
    assert names(client) == {"恒泰化工厂", "聚合反应釜", "进料阀组"}
    with pytest.raises(Refused, match=r"token\.not_yours"):
        token(viewer("陈县"), person_id=world.people["李巡"].pk)
    with pytest.raises(Exception, match=r"^$"):
        token(viewer("王安"), person_id=program.pk)


def test_who_must_have_a_second_factor_needs_it_for_tokens_too(world: World, viewer: Viewing) -> None:
    client = asking(token(viewer("陈县")))
    assert code(client.get("/api/me")) == (403, "sign_in.second_factor")
    give_second_factor(world.people["陈县"])
    assert client.get("/api/me").status_code == 200


@pytest.mark.parametrize(
    ("details", "refused"),
    [
        ({"name": " "}, "token.no_name"),
        ({"until": clock.now() - DAY}, "token.bad_end"),
        ({"until": clock.now() + 400 * DAY}, "token.bad_end"),
        ({"capabilities": ["world.rule"]}, "token.no_such_capability"),
    ],
)
def test_what_makes_no_token_is_said(world: World, viewer: Viewing, details: dict[str, Any], refused: str) -> None:
    with pytest.raises(Refused, match=refused):
        token(viewer("王安"), **details)


def test_nobody_has_more_than_fifty(world: World, viewer: Viewing) -> None:
    for _ in range(50):
        token(viewer("王安"))
    with pytest.raises(Refused, match=r"token\.too_many"):
        token(viewer("王安"))


def test_the_page_shows_a_new_token_once(world: World, browser: Callable[[str], Client]) -> None:
    client = browser("王安")
    made = client.post("/account/tokens/new", {"name": "市平台", "days": "30", "write": ""}).content.decode()
    secret = made.split('id="secret">')[1].split("<")[0]
    assert asking(secret).get("/api/me").json()["name"] == "王安"
    listed = client.get("/account/tokens").content.decode()
    assert "市平台" in listed and secret not in listed
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke")
    assert code(asking(secret).get("/api/me")) == (401, "token.revoked")


def test_lists_are_read_part_by_part_while_rows_come_and_go(world: World, viewer: Viewing) -> None:
    client, seen, cursor = asking(token(viewer("赵值"))), [], ""
    while cursor is not None:
        part = client.get("/api/places", {"limit": 2, "sort": "name", "cursor": cursor}).json()
        seen += [row["name"] for row in part["items"]]
        cursor = part["next"]
        actions.add_place(SYSTEM, world.reactor, "risk_point", "一" * (len(seen) + 1))
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == 10
    assert code(client.get("/api/places", {"cursor": "nonsense!"})) == (422, "cursor.unreadable")
    assert code(client.get("/api/places", {"limit": 501})) == (422, "bad_input")
