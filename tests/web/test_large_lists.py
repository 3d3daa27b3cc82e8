"""Lists and desks of a large county: a page at a time, in the same order, with a way to the rest."""

from collections.abc import Callable

import pytest
from django.test import Client

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import add_place
from anlan.apps.ledger.models import PlaceLevel
from anlan.apps.monitoring import actions
from anlan.apps.monitoring.actions import TagSpec
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.kit.listing.ordering import Order
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level, severity
from anlan.web.views import duty, risks
from tests.monitoring.conftest import RAISE, Engine, Plant
from tests.world import World

PART = {"HX-Request": "true", "HX-Target": "duty-detail"}


@pytest.fixture
def alarms(world: World, plant: Plant) -> list[int]:
    """Three alarms at three places of one plant."""
    engine, tags = Engine(), []
    for number in range(3):
        place = add_place(SYSTEM, world.reactor, "risk_point", f"阀组 {number}")
        spec = TagSpec(place.pk, f"X{number}", f"点 {number}", "kPa", 1, "general", Limits(h=90.0))
        tags.append(actions.add_tag(SYSTEM, plant.source.pk, spec))
    engine.say(*((tag, "H", RAISE) for tag in tags))
    return [tag.pk for tag in tags]


@pytest.mark.usefixtures("alarms")
def test_the_desk_shows_its_first_rows_and_leads_to_the_rest(
    browser: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty, "ROWS", 2)
    client = browser("赵值")
    first = client.get("/duty").content.decode()
    assert first.count('class="queue-row') == 2
    assert "还有 1 条" in first
    assert "rows=4" in first
    more = client.get("/duty?rows=4").content.decode()
    assert more.count('class="queue-row') == 3
    assert "还有" not in more.partition('data-part="more"')[2].partition("</div>")[0]


@pytest.mark.usefixtures("alarms")
def test_an_alarm_beyond_the_first_rows_still_stands_in_the_list_when_it_is_opened(
    browser: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty, "ROWS", 1)
    client = browser("赵值")
    every = client.get("/duty?rows=9").context["rows"]
    page = client.get(f"/duty/{every[-1].alarm_id}").content.decode()
    assert f'id="alarm-{every[-1].alarm_id}"' in page


@pytest.mark.usefixtures("alarms")
def test_an_alarm_opened_beside_the_queue_comes_without_the_queue(browser: Callable[[str], Client]) -> None:
    client = browser("赵值")
    row = client.get("/duty").context["rows"][1]
    part = client.get(f"/duty/{row.alarm_id}", headers=PART).content.decode()
    assert 'id="duty-detail"' in part
    assert f'data-alarm="{row.alarm_id}"' in part
    assert "queue-row" not in part


def test_an_alarm_out_of_scope_is_not_opened_beside_the_queue(
    alarms: list[int], browser: Callable[[str], Client]
) -> None:
    assert browser("赵值").get("/duty/987654321", headers=PART).status_code == 404


@pytest.mark.parametrize("down", [True, False])
def test_places_read_part_by_part_stand_in_the_order_in_which_they_are_bad(world: World, down: bool) -> None:
    for number in range(12):
        place = add_place(SYSTEM, world.reactor, "risk_point", f"点 {number}")
        if number % 6 != 5:  # the others were never projected
            told = {"level": number % 5, "since": clock.now(), "as_of": clock.now()}
            PlaceLevel.objects.update_or_create(place=place, defaults=told)
    rows = core.places(SYSTEM).select_related("shown").annotate(severity=risks._severity())
    order = Order(risks.risk_list(SYSTEM).column("level"), down=down)
    whole = [row.pk for row in order.of(rows)]
    pages = [row.pk for start in range(0, len(whole), 5) for row in order.piece(rows, start, 5)]
    assert pages == whole
    bad = [severity(Level(row.shown.level) if hasattr(row, "shown") else Level.UNKNOWN) for row in order.of(rows)]
    assert bad == sorted(bad, reverse=down)
