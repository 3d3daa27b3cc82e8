"""What the manager of a system does on the pages of the management, and what these say."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from anlan.apps.core import actions
from anlan.apps.core.models import AuditRow, Grant, Person, Place
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from tests.world import World

Browser = Callable[[str], Client]


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # the test client's answer


# Places


def test_the_tree_opens_step_by_step_and_a_search_finds_by_code(world: World, browser: Browser) -> None:
    client = browser("陈县")
    page = text(client.get("/manage/places"))
    assert "清河县" in page
    assert world.park.name in page
    assert "恒泰化工厂" not in page
    below = text(client.get(f"/manage/places/{world.park.pk}/children"))
    assert "恒泰化工厂" in below
    assert "恒泰化工厂" in text(client.get("/manage/places?q=91990121"))


def test_a_wrong_code_is_explained_beside_the_field_and_nothing_is_lost(world: World, browser: Browser) -> None:
    client = browser("陈县")
    answer = client.post(
        f"/manage/places/{world.plant.pk}/edit",
        {"name": "恒泰新厂", "code": "91990121MA0000001A", "sector": "chemical"},
    )
    assert answer.status_code == 422
    assert "校验码不符" in text(answer)
    assert 'value="恒泰新厂"' in text(answer)
    assert Place.objects.get(pk=world.plant.pk).name == "恒泰化工厂"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91990121MA0000001X", "校验码 X 正确"),
        ("91990121MA0000001A", "校验码应是 X，现为 A"),
        ("9199", "还差 14 位"),
        ("91990121MA000000IX", "不用字母 I"),
    ],
)
def test_a_code_is_explained_while_it_is_typed(world: World, browser: Browser, code: str, said: str) -> None:
    assert said in text(browser("陈县").get(f"/manage/places/{world.plant.pk}/code?code={code}"))


def test_a_shape_is_saved_as_drawn_and_a_broken_one_is_refused(world: World, browser: Browser) -> None:
    client, address = browser("陈县"), f"/manage/places/{world.valve.pk}/shape"
    point = {"type": "Point", "coordinates": [120.071, 30.005]}
    assert client.post(address, point, content_type="application/json").json() == {"saved": True}
    assert Place.objects.get(pk=world.valve.pk).geometry == point
    bad = {"type": "Polygon", "coordinates": [[[120, 30], [121, 30], [121, 31], [120, 31]]]}
    answer = client.post(address, bad, content_type="application/json", headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert "没有闭合" in answer.json()["error"]["message"]
    assert client.post(address, "null", content_type="application/json").status_code == 200
    assert Place.objects.get(pk=world.valve.pk).geometry is None


def test_a_move_says_beforehand_who_loses_and_gains_sight(world: World, browser: Browser) -> None:
    actions.give_grant(SYSTEM, world.people["周工"], "grid_member", world.dongguan)
    page = text(browser("陈县").get(f"/manage/places/{world.haulier.pk}/move?to={world.xiling.pk}"))
    assert "看不见了的人" in page
    lost = page.split("看不见了的人")[1].split("新看得见的人")[0]
    assert "周工" in lost
    assert "王安" not in lost
    assert Place.objects.get(pk=world.haulier.pk).parent_id == world.dongguan.pk


def test_a_move_that_cannot_be_says_why(world: World, browser: Browser) -> None:
    page = text(browser("陈县").get(f"/manage/places/{world.reactor.pk}/move?to={world.xiling.pk}"))
    assert "不能这样移动" in page
    assert "不能放在" in page


def test_a_place_is_closed_and_reopened(world: World, browser: Browser) -> None:
    client = browser("陈县")
    client.post(f"/manage/places/{world.plant.pk}/retire")
    assert "已停用" in text(client.get(f"/manage/places/{world.plant.pk}"))
    client.post(f"/manage/places/{world.plant.pk}/reopen")
    assert Place.objects.get(pk=world.valve.pk).retired is None


# People


def grid_member(world: World, **changes: str) -> dict[str, str]:
    given = {
        "who": "new",
        "name": "网小格",
        "phone": "13800138000",
        "role": "grid_member",
        "place": str(world.xiling.pk),
    }
    return given | changes


def test_a_new_grid_member_gets_their_rights_in_one_form(world: World, browser: Browser) -> None:
    answer = browser("陈县").post("/manage/people/grant", grid_member(world, until="2031-12-31"))
    assert answer.status_code == 200
    assert "网小格在“西岭乡”及其下各处担任网格员，全部行业，到 2031-12-31 止。" in text(answer)
    person = Person.objects.get(username="13800138000")
    word = text(answer).split('class="secret is-word">')[1].split("<")[0]
    assert person.check_password(word)
    grant = Grant.objects.get(person=person)
    assert (grant.place_id, grant.role) == (world.xiling.pk, "grid_member")
    assert grant.until is not None
    assert grant.until.isoformat() == "2031-12-31T16:00:00+00:00", "the last day counts, here"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"phone": ""}, "请填写用户名，或填写手机号"),
        ({"username": "lixun"}, "已被使用"),
        ({"role": ""}, "请选择角色"),
        ({"place": ""}, "请选择场所"),
        ({"until": "2020-01-01"}, "到期日已经过去"),
        ({"until": "年底"}, "看不懂这个日期"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_given(
    world: World, browser: Browser, changes: dict[str, str], said: str
) -> None:
    grants = Grant.objects.count()
    answer = browser("陈县").post("/manage/people/grant", grid_member(world, **changes))
    assert answer.status_code == 422
    assert said in text(answer)
    assert Grant.objects.count() == grants


def test_a_manager_gives_no_more_than_they_hold(world: World, browser: Browser) -> None:
    answer = browser("陈县").post("/manage/people/grant", grid_member(world, place=str(world.linshan.pk)))
    assert answer.status_code == 404
    assert not Person.objects.filter(username="13800138000").exists()


def test_a_persons_page_says_what_they_see_and_why(world: World, browser: Browser) -> None:
    client = browser("陈县")
    actions.give_grant(SYSTEM, world.people["李巡"], "expert", world.nanpo)
    page = text(client.get(f"/manage/people/{world.people['李巡'].pk}"))
    assert "清河县" in page
    assert "监管员" in page
    assert "另有 1 项授权不在您管理的范围之内" in page
    assert "南坡镇" not in page


def test_a_place_says_who_sees_it_and_only_counts_those_above(world: World, browser: Browser) -> None:
    page = text(browser("陈县").get(f"/manage/places/{world.plant.pk}/sight"))
    for name in ("王安", "周工", "吴专", "李巡"):
        assert name in page
    assert "郑运" not in page, "the plant is of another trade"
    assert "冯管" not in page
    assert "宁海市 系统管理员 1" in page


def test_sign_in_is_reset_and_people_come_and_go(world: World, browser: Browser) -> None:
    client, person = browser("陈县"), world.people["赵值"]
    address = f"/manage/people/{person.pk}"
    answer = client.post(f"{address}/reset")
    word = text(answer).split('class="secret" data-copy>')[1].split("<")[0]
    person.refresh_from_db()
    assert person.check_password(word)
    client.post(f"{address}/deactivate")
    person.refresh_from_db()
    assert not person.is_active
    client.post(f"{address}/activate")
    person.refresh_from_db()
    assert person.is_active


# Gateways and limits


@pytest.fixture
def tag(world: World) -> Tag:
    source, _ = monitoring.add_source(SYSTEM, world.plant.pk, "dcs", "DCS 网关")
    spec = monitoring.TagSpec(world.reactor.pk, "T1", "釜温", unit="℃", limits=Limits(h=80, hh=90))
    return monitoring.add_tag(SYSTEM, source.pk, spec)


def test_a_gateways_key_is_shown_once(world: World, browser: Browser) -> None:
    client = browser("陈县")
    given = {"place": world.plant.pk, "name": "新网关", "code": "new-gw", "kind": "http"}
    page = text(client.post("/manage/sources/new", given))
    key = page.split('class="secret">')[1].split("<")[0]
    source = Source.objects.get(code="new-gw")
    from anlan.apps.monitoring.selectors import source_by_key

    assert source_by_key(key) == (source.pk, True)
    assert key not in text(client.get(f"/manage/sources/{source.pk}"))
    assert "已被使用" in text(client.post("/manage/sources/new", given))


def test_limits_are_changed_checked_and_written_down(world: World, browser: Browser, tag: Tag) -> None:
    client, address = browser("陈县"), f"/manage/tags/{tag.pk}"
    assert client.post(address, {"h": "95", "hh": "90", "save": "1"}).status_code == 422
    assert client.post(address, {"h": "75", "hh": "90", "deadband": "1", "save": "1"}).status_code == 302
    tag.refresh_from_db()
    assert (tag.h, tag.hh, tag.l, tag.deadband) == (75, 90, None, 1)
    assert "高限 80 → 75" in text(client.get(address))


def test_many_limits_change_together_after_a_summary(world: World, browser: Browser, tag: Tag) -> None:
    other = monitoring.add_tag(SYSTEM, tag.source_id, monitoring.TagSpec(world.reactor.pk, "T2", "夹套温度"))
    client, given = browser("陈县"), {"tag": [tag.pk, other.pk], "how-h": "percent", "h": "-10", "step": "look"}
    page = text(client.post("/manage/tags/limits", given))
    assert "将改变 1 个" in page
    assert "72" in page
    tag.refresh_from_db()
    assert tag.h == 80, "nothing before it is confirmed"
    client.post("/manage/tags/limits", given | {"step": "save"})
    tag.refresh_from_db()
    other.refresh_from_db()
    assert (tag.h, other.h) == (72, None)


def test_a_bulk_change_that_breaks_a_rule_is_not_done_at_all(world: World, browser: Browser, tag: Tag) -> None:
    given = {"tag": [tag.pk], "how-h": "set", "h": "99", "step": "save"}
    page = text(browser("陈县").post("/manage/tags/limits", given))
    assert "1 个不能这样改" in page
    tag.refresh_from_db()
    assert tag.h == 80


# Packs, retention, records


def test_packs_say_where_they_come_from_and_show_their_tables(world: World, browser: Browser) -> None:
    client = browser("陈县")
    assert "GB 18218" in text(client.get("/manage/packs?q=18218"))
    page = text(client.get("/manage/packs/chemicals/gb18218"))
    assert "临界量 [t]" in page
    assert "液氨" in text(client.get("/manage/packs/chemicals/gb18218?q=氨")) or "氨" in page
    assert "通过了检查" in text(client.get("/manage/packs/check"))
    assert client.get("/manage/packs/core/nothing").status_code == 404


def test_two_versions_of_a_pack_stand_side_by_side(world: World, browser: Browser) -> None:
    page = text(browser("陈县").get("/manage/packs/core/accident_types"))
    assert "的版本相比" in page
    assert "版本：" in page


def test_what_is_past_its_time_goes_and_the_rest_stays(world: World, browser: Browser) -> None:
    from anlan.apps.core.models import Job, Outbox
    from anlan.apps.core.retention import run

    Outbox.objects.update(at=clock.now() - timedelta(days=3))
    fresh = Outbox.objects.create(topic="places")
    old = Job.objects.create(kind="x", state="done", finished=clock.now() - timedelta(days=31))
    waiting = Job.objects.create(kind="x", finished=None)
    page = text(browser("冯管").get("/manage/retention"))
    rows = AuditRow.objects.count()
    assert "现在清理到期的" in page
    assert "第十三条第一项" in page
    removed = run()
    assert removed["outbox"] > 1
    assert removed["jobs"] == 1
    assert list(Outbox.objects.all()) == [fresh]
    assert not Job.objects.filter(pk=old.pk).exists()
    assert Job.objects.filter(pk=waiting.pk).exists()
    assert AuditRow.objects.count() == rows + 1, "and that it ran is written down"


def test_only_who_answers_for_the_whole_installation_cleans_up(world: World, browser: Browser) -> None:
    assert browser("陈县").post("/manage/retention/run").status_code == 403
    assert browser("冯管").post("/manage/retention/run").status_code == 302


def test_records_read_as_sentences_and_prove_themselves(world: World, browser: Browser) -> None:
    client = browser("陈县")
    client.post(f"/manage/places/{world.plant.pk}/edit", {"name": "恒泰新厂", "code": "", "sector": "chemical"})
    page = text(client.get("/manage/audit?sort_of=places"))
    assert "修改场所“恒泰新厂”" in page
    assert "place.edit" not in page
    row = AuditRow.objects.get(action="place.edit")
    assert "还没有封存" in text(client.get(f"/manage/audit/{row.pk}"))


def test_a_sealed_row_that_was_changed_is_found_out(world: World, browser: Browser) -> None:
    from anlan.apps.core.models import AuditSeal
    from anlan.apps.ledger import sealing

    rows = list(AuditRow.objects.order_by("pk"))
    sealing._append(rows)
    row = AuditRow.objects.filter(action="grant.give").first()
    assert row is not None
    client = browser("冯管")
    assert "封存以来没有改动" in text(client.get(f"/manage/audit/{row.pk}"))
    assert AuditSeal.objects.count() >= len(rows)


def test_records_of_people_elsewhere_name_nobody(world: World, browser: Browser) -> None:
    client = browser("陈县")
    page = text(client.get("/manage/audit"))
    assert "孙外" not in page
    assert "南坡镇" not in page
