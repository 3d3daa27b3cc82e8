"""The weather of now comes from stations that the viewer may read, with its class; old readings are refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.test import Client

from anlan.apps.consequences import stations
from anlan.apps.consequences.models import Scenario
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from tests.consequences.conftest import LAT, LON, Blow
from tests.consequences.test_pages import FORM
from tests.world import World

Viewers = Callable[[str], Viewer]
Browser = Callable[[str], Client]
NIGHT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)  # two in the morning in Beijing
BY_NIGHT = SimpleNamespace(now=lambda: NIGHT, today=lambda: clock.day_of(NIGHT))


def now(viewer: Viewer, chosen: int | None = None) -> stations.Observed:
    return stations.observed(stations.stations(viewer, LON, LAT), chosen, "rural")


def test_the_wind_is_that_of_the_station(viewer: Viewers, blow: Blow, station: Place) -> None:
    blow(平均风速=3.2, 风向=90, 气温=6.5, 相对湿度=71)
    seen = now(viewer("李巡"))
    assert seen.station.place_id == station.pk
    assert (seen.wind.sky.wind, seen.wind.wind_from) == (3.2, 90.0)
    assert seen.wind.sky.temperature == pytest.approx(279.65)
    assert seen.assumed == ()


@pytest.mark.parametrize(
    ("wind", "clouds", "stability"),
    [(1.5, 0, "F"), (1.5, 10, "D"), (2.5, 0, "F"), (4.0, 0, "E"), (7.0, 0, "D")],
)
def test_the_class_follows_clouds_and_wind_by_night(
    viewer: Viewers,
    blow: Blow,
    monkeypatch: pytest.MonkeyPatch,
    wind: float,
    clouds: float,
    stability: str,
) -> None:
    monkeypatch.setattr(stations, "clock", BY_NIGHT)
    blow(moment=NIGHT, 平均风速=wind, 风向=0, 总云量=clouds, 低云量=clouds)
    seen = now(viewer("李巡"))
    assert (seen.wind.sky.stability, seen.clouds) == (stability, "measured")


def test_without_clouds_the_most_stable_class_is_taken_and_told(
    viewer: Viewers, blow: Blow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stations, "clock", BY_NIGHT)
    blow(moment=NIGHT, 平均风速=1.5, 风向=0)
    seen = now(viewer("李巡"))
    assert (seen.wind.sky.stability, seen.clouds) == ("F", "assumed")
    assert seen.assumed == ("air", "humidity")


def test_a_calm_is_computed_with_the_least_wind_and_told(viewer: Viewers, blow: Blow) -> None:
    blow(平均风速=0.1, 风向=10)
    seen = now(viewer("李巡"))
    assert (seen.wind.sky.wind, seen.calm) == (0.5, 0.1)


def test_old_readings_are_not_the_weather_of_now(viewer: Viewers, blow: Blow) -> None:
    blow(平均风速=3, 风向=90, ago_minutes=40)
    with pytest.raises(BadInput) as refused:
        now(viewer("李巡"))
    assert refused.value.refusal.code == "weather.old"
    assert refused.value.refusal.params["minutes"] == "40"


def test_a_station_that_never_spoke_is_refused(viewer: Viewers, station: Place, data: object) -> None:
    with pytest.raises(BadInput) as refused:
        now(viewer("李巡"))
    assert refused.value.refusal.code == "weather.silent"


def test_nobody_takes_the_wind_from_a_station_beyond_their_scope(viewer: Viewers, blow: Blow, station: Place) -> None:
    blow(平均风速=3, 风向=90)
    for name in ("王安", "孙外"):
        with pytest.raises(BadInput) as refused:
            now(viewer(name), station.pk)
        assert refused.value.refusal.code == "weather.no_station"


def test_the_page_computes_with_the_wind_of_now_and_says_when_it_is_old(
    world: World, browser: Browser, blow: Blow
) -> None:
    made = browser("王安").post(f"/places/{world.plant.pk}/scenarios/new", FORM)
    assert made.status_code == 302
    address = f"/consequences/{Scenario.objects.get().pk}/result?sky=live"
    blow(平均风速=3.4, 风向=45)
    text = browser("李巡").get(address).content.decode()
    assert "东关镇" in text and "东北风 3.4 米/秒" in text and "study-now" in text
    blow(平均风速=3.4, 风向=45, ago_minutes=61)
    text = browser("李巡").get(address).content.decode()
    assert "61 分钟前，不能当作现在的天气" in text
    assert "study-drawing" not in text
