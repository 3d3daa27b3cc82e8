"""Invented sensors stay inside their limits unless something takes them out, and weather moves what it should."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from anlan.cli.demonstration.signals import Field, Pull, Sensor, Wandering, beyond
from anlan.cli.demonstration.stories import Ensemble, cast_of
from anlan.cli.demonstration.weather import DAY_S, NAMES, PLACE, Storm, Weather
from anlan.kit import clock
from anlan.packs import loader
from anlan.packs.families import demo_month, demo_signals, demo_stories, tags
from anlan.web.stage import Order

TODAY: date = clock.today()
START = 1_790_000_000.0


def catalogue(sector: str, first: int) -> list[Sensor]:
    """A sensor for every tag of a trade's catalogue."""
    return [
        Sensor(
            number=first + place,
            code=tag.code,
            name=tag.name,
            unit=tag.unit,
            decimals=tag.decimals,
            source=f"{sector}-gw",
            place_id=first,
            enterprise=sector,
            sector=sector,
            normal=tag.normal,
            hh=tag.hh,
            h=tag.h,
            l=tag.l,
            ll=tag.ll,
            low=tag.range_low,
            high=tag.range_high,
            missing_s=tag.missing_s,
        )
        for place, tag in enumerate(tags.load(sector, TODAY).tags)
    ]


@pytest.fixture(scope="module")
def field() -> Field:
    """All tags of all trades, but the recorded plant's."""
    folders = sorted(path.parent.name for path in (Path(loader.__file__).parent / "sectors").glob("*/tags.yaml"))
    sensors = [sensor for n, name in enumerate(folders) if name != "tep" for sensor in catalogue(name, n * 1000)]
    return Field(sensors, demo_signals.load(TODAY), 1)


def test_on_ordinary_days_no_sensor_of_any_trade_leaves_its_limits(field: Field) -> None:
    times = np.arange(START, START + 5 * DAY_S, 600.0)
    wandering = Wandering(field, 2)
    calm = field.calm(times, Weather(3).at(times))
    values = field.finish(calm + np.array([wandering.go_on(600.0) for _ in times]))
    for row, sensor in enumerate(field.sensors):
        up, down = sensor.h if sensor.h is not None else sensor.hh, sensor.l if sensor.l is not None else sensor.ll
        assert up is None or values[:, row].max() < up, (sensor.sector, sensor.name)
        assert down is None or values[:, row].min() > down, (sensor.sector, sensor.name)


def test_the_same_moment_has_the_same_weather_whoever_asks() -> None:
    storm = Storm(START, 6, gust=20, rain=8)
    times = START + np.arange(-7200.0, 7200.0, 300.0)
    together, alone = Weather(5, [storm]).at(times), Weather(5, [storm]).at(times[20])
    assert np.allclose(together[20], alone[0], atol=0.1)  # the ground forgets rain of four days ago
    assert together[:, PLACE["gust"]].max() > 15
    assert Weather(5).at(times)[:, PLACE["gust"]].max() < 11
    assert len(NAMES) == together.shape[1]


def test_a_pull_takes_a_tag_beyond_its_limit_and_back(field: Field) -> None:
    row = next(n for n, sensor in enumerate(field.sensors) if sensor.name == "机房氨浓度")
    target = beyond(field.sensors[row], "h", 0.2)
    limit = field.sensors[row].h
    assert target is not None and limit is not None and target > limit
    share = Pull(row, 100, 60, 60, 60, target).share(np.array([0.0, 100, 190, 280, 400]))
    assert share[0] == share[1] == share[-1] == 0 and share[2] == 1


def test_every_story_finds_its_tags_takes_them_out_and_ends(field: Field) -> None:
    ensemble = Ensemble(field, demo_stories.load(TODAY))
    assert len(ensemble.performances) == len(demo_stories.load(TODAY).stories)
    for one in ensemble.performances:
        wanted = {pull.name for step in one.story.steps for pull in step.pulls}
        assert len(one.cast.rows) == len(wanted), one.story.key
        ensemble.obey([Order(one.story.key, "start")])
        beyond_limits = False
        while one.state == "running":
            values = field.normal.copy()
            ensemble.pull(values)
            sensors = [(field.sensors[row], values[row]) for row in one.cast.rows]
            beyond_limits |= any(_out(sensor, value) for sensor, value in sensors)
            ensemble.go_on(20.0, 0.0)
        assert beyond_limits and one.state == "ended", one.story.key


def test_a_trainer_stops_and_hastens_one_story_and_leaves_the_others(field: Field) -> None:
    ensemble = Ensemble(field, demo_stories.load(TODAY))
    first, second = ensemble.performances[:2]
    ensemble.obey(
        [Order(first.story.key, "start"), Order(second.story.key, "start"), Order(first.story.key, "speed", 5)]
    )
    ensemble.go_on(10.0, 0.0)
    assert (first.clock_s, second.clock_s) == (50.0, 10.0)
    ensemble.obey([Order(first.story.key, "stop")])
    assert (first.state, second.state) == ("stopped", "running")


def test_a_storys_gale_is_felt_by_other_wind_gauges_too(field: Field) -> None:
    story = next(one for one in demo_stories.load(TODAY).stories if one.key == "crane")
    assert cast_of(field, story) is not None
    ensemble = Ensemble(field, demo_stories.load(TODAY))
    ensemble.obey([Order("crane", "start")])
    ensemble.go_on(8 * 60.0, 0.0)
    row = Weather(3).at(START)[0]
    before = row[PLACE["gust"]]
    ensemble.weather(row)
    assert row[PLACE["gust"]] > before + 3


def test_the_month_has_words_for_everything_that_happens_in_it() -> None:
    month = demo_month.load(TODAY)
    per_day = sum(one.per_week for one in month.disturbances) / 7
    assert 10 < per_day < 60, "tens of alarms a day, not thousands"


def _out(sensor: Sensor, value: float) -> bool:
    return (sensor.h is not None and value >= sensor.h) or (sensor.l is not None and value <= sensor.l)
