"""What moves is on the map where its own tags say that it is, live, for those who may see it and for nobody else."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import orjson
import pytest
from django.test import Client as Browser

from anlan.apps.core.actions import add_place
from anlan.apps.core.models import Place
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags
from anlan.apps.monitoring.models import Tag
from anlan.engine.values import LastValues, ValueWriter
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.alarms import Limits
from anlan.web import positions
from anlan.web.atlas import keeper
from anlan.web.atlas.look import forget
from anlan.web.live.client import Client
from tests.world import World

NO_TAGS = np.zeros(0, np.uint32)


def afoot(firm: Place, name: str) -> tuple[Place, Tag, Tag]:
    """A vehicle of an enterprise with the tags of its position."""
    place = add_place(SYSTEM, firm, "mobile", name)
    source, _ = add_source(SYSTEM, firm.pk, f"box-{place.pk}", f"{name}终端", "http")
    pair = (("LON", "经度", "°E"), ("LAT", "纬度", "°N"))
    specs = [TagSpec(place.pk, code, word, unit, 5, "general", Limits()) for code, word, unit in pair]
    add_tags(SYSTEM, source.pk, specs)
    lon, lat = Tag.objects.filter(source=source).order_by("code").reverse()
    return place, lon, lat


@pytest.fixture
def data(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    forget()
    return tmp_path


@pytest.fixture
def drive(data: Path) -> Callable[..., None]:
    writer = ValueWriter(data / "values.bin")

    def put(vehicle: tuple[Place, Tag, Tag], lon: float, lat: float, ts: int = 1_000, good: int = 1) -> None:
        tags = np.array([vehicle[1].pk, vehicle[2].pk], np.uint32)
        writer.grow(int(tags.max()) + 1)
        two = np.array([ts, ts], np.int64), np.array([lon, lat]), np.full(2, good, np.uint8)
        writer.put(tags, *two, ts)

    return put


def told(client: Client) -> list[tuple[int, float, float]]:
    frames = [one for one in client._frames if one.startswith(b"event: moves")]
    client._frames.clear()
    client._moves_waiting = False
    parts = [orjson.loads(one.split(b"data: ")[1]) for one in frames]
    return [row for part in parts for row in zip(part["p"], part["x"], part["y"], strict=True)]


def test_a_vehicle_is_on_the_map_where_it_says_that_it_is(
    world: World, browser: Callable[[str], Browser], drive: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "LOOK_S", 0.0)
    tanker = afoot(world.haulier, "危货罐车")
    drive(tanker, 120.25, 30.5)
    question = {"box": "120,30,121,31", "zoom": "12"}
    moving = browser("赵值").get("/map/view.json", question).json()["moving"]
    assert (moving["id"], moving["x"], moving["y"]) == ([tanker[0].pk], [120.25], [30.5])
    drive(tanker, 120.75, 30.5)
    assert browser("赵值").get("/map/view.json", question).json()["moving"]["x"] == [120.75]
    near = {**question, "near": "120.75,30.5", "metres": "500"}
    assert browser("赵值").get("/map/view.json", near).json()["moving"]["id"] == [tanker[0].pk]
    then = {**question, "at": "2026-01-01T00:00:00Z"}
    assert browser("赵值").get("/map/view.json", then).json()["moving"]["id"] == [], (
        "where it was then is not known here"
    )
    assert browser("孙外").get("/map/view.json", question).json()["moving"]["id"] == []


@pytest.mark.usefixtures("data")
def test_a_place_without_a_fix_stays_where_it_was_drawn(world: World, drive: Callable[..., None]) -> None:
    boat = afoot(world.haulier, "渡船")
    drive(boat, 0.0, 0.0)
    drive(boat, 500.0, 30.0)
    assert not keeper.current().placed[keeper.current().row(boat[0].pk)]


def test_the_stream_tells_each_viewer_of_what_moves_in_their_scope(
    world: World, viewer: Callable[[str], Viewer], data: Path, drive: Callable[..., None]
) -> None:
    ours, theirs = afoot(world.haulier, "危货罐车"), afoot(world.ferry, "渡船")
    drive(ours, 120.25, 30.5)
    drive(theirs, 121.25, 31.5)
    last, roll = LastValues(data / "values.bin"), positions.roll()
    duty, outsider, deaf = (Client("", viewer(name), NO_TAGS) for name in ("赵值", "孙外", "赵值"))
    duty.follows = outsider.follows = True
    for client in (duty, outsider, deaf):
        client.offer_moves(last, roll)
    assert told(duty) == [(ours[0].pk, 120.25, 30.5)]
    assert told(outsider) == [(theirs[0].pk, 121.25, 31.5)]
    assert told(deaf) == [], "a page without a map does not hear of it"
    duty.offer_moves(last, roll)
    assert told(duty) == [], "nothing has moved since"
    drive(ours, 120.26, 30.5, ts=3_000)
    duty.offer_moves(last, roll)
    assert told(duty) == [(ours[0].pk, 120.26, 30.5)]
    drive(ours, 120.27, 30.5, ts=5_000, good=0)
    duty.offer_moves(last, roll)
    assert told(duty) == [], "a receiver that says itself that it is wrong is not believed"
