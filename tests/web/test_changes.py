"""等级变化: what changed last night is one list, with why, and whether it is still so."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.test import Client

from anlan.apps.core.actions import lead
from anlan.apps.core.models import Place
from anlan.apps.ledger.actions import Clearing, NewFact, clear_facts, raise_facts
from anlan.apps.ledger.projector import LEASE, Projector
from anlan.kit import clock
from tests.world import World

Browser = Callable[[str], Client]
ZONE = ZoneInfo("Asia/Shanghai")
#: 20:00 of tomorrow, when everybody has their rights.
EVENING = datetime.combine(datetime.now(ZONE).date() + timedelta(days=1), time(20), ZONE)
LAST_NIGHT = f"at_from={EVENING:%Y-%m-%dT18:00}&at_to={EVENING + timedelta(hours=12):%Y-%m-%dT%H:%M}"


@pytest.fixture
def night(world: World, settings: Any) -> Iterator[datetime]:
    """The valve turns red at 22:00 and calm again at 2:00; the depot turns orange at noon of the next day."""
    settings.DEMO = True
    with clock.simulated(EVENING) as simulated:
        lead(LEASE, "test", 86_400.0 * 30)
        projector = Projector("test", lambda: None)

        def at(hours: float, act: Callable[[datetime], Any]) -> Any:
            simulated.go_to(EVENING + timedelta(hours=hours))
            done = act(clock.now())
            projector.tick()
            return done

        places = world.places
        at(0, lambda now: raise_facts([_fact(places[key], 1, "评估为低", now) for key in ("valve", "depot")]))
        red = at(2, lambda now: raise_facts([_fact(places["valve"], 4, "釜顶压力高", now)]))
        at(6, lambda now: clear_facts([Clearing(red[0].pk, now)]))
        at(16, lambda now: raise_facts([_fact(places["depot"], 3, "油罐液位高", now)]))
        yield simulated.at


def _fact(place: Place, level: int, reason: str, now: datetime) -> NewFact:
    return NewFact(place.pk, "assessment", level, reason, {}, now)


def rows_of(client: Client, query: str) -> list[list[Any]]:
    """The list as a sheet: time, place, change, reason, level now."""
    answer = client.get(f"/changes?{query}&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    return [[cell.value for cell in row][:5] for row in sheet.iter_rows(min_row=2)]


def test_what_changed_last_night_is_told_with_why_and_whether_it_is_still_so(browser: Browser, night: datetime) -> None:
    told = [row[1:] for row in rows_of(browser("李巡"), f"{LAST_NIGHT}&q=进料")]
    assert told == [
        ["进料阀组", "重大风险 → 低风险", "已消除：釜顶压力高", "低风险"],
        ["进料阀组", "低风险 → 重大风险", "釜顶压力高", "低风险"],
        ["进料阀组", "未知 → 低风险", "评估为低", "低风险"],
    ]


def test_only_what_became_worse_is_asked_for_and_areas_are_told_when_wanted(browser: Browser, night: datetime) -> None:
    client = browser("李巡")
    points = rows_of(client, f"{LAST_NIGHT}&way=worse")
    assert [row[1] for row in points] == ["进料阀组"]
    everything = rows_of(client, f"{LAST_NIGHT}&way=worse&kind=all")
    assert {"清河县", "柳湾化工园", "恒泰化工厂"} < {row[1] for row in everything}
    assert [row[1] for row in rows_of(client, "after=3")] == ["停车场油罐"]


def test_a_change_leads_to_the_explanation_as_it_was_then(browser: Browser, world: World, night: datetime) -> None:
    client = browser("李巡")
    page = client.get(f"/changes?{LAST_NIGHT}&after=4").content.decode()
    link = f"/places/{world.valve.pk}/why?at="
    assert link in page
    then = client.get(page[page.index(link) :].split('"', 1)[0].replace("&amp;", "&"))
    assert "釜顶压力高" in then.content.decode()


def test_nobody_reads_of_changes_outside_their_scope(browser: Browser, world: World, night: datetime) -> None:
    assert rows_of(browser("孙外"), "kind=all") == []
    own = {row[1] for row in rows_of(browser("王安"), "kind=all")}
    assert "进料阀组" in own and "停车场油罐" not in own and "清河县" not in own
    assert browser("王安").get(f"/changes?under={world.places['depot'].pk}").status_code == 404


@pytest.mark.parametrize(
    "query", ["at_from=x", "way=sideways", "after=9", "under=-1", "kind=ship", "at_to=9999-12-31T23:59"]
)
def test_what_makes_no_sense_narrows_nothing_or_is_refused(browser: Browser, night: datetime, query: str) -> None:
    assert browser("李巡").get(f"/changes?{query}").status_code in (200, 404)
