"""The question a visitor would put to the map: who keeps ammonia within three kilometres of a school?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from django.test import Client

from anlan.apps.core.actions import add_place
from anlan.apps.core.models import Place
from anlan.apps.enterprises.actions import add_chemicals
from anlan.apps.enterprises.specs import ChemicalSpec
from anlan.kit.grants import SYSTEM
from tests.world import World

ASKED = {"near": "object:school", "metres": "3000", "substance": "氨"}


def firm(world: World, name: str, lon: float, lat: float) -> Place:
    spot = {"type": "Point", "coordinates": [lon, lat]}
    place = add_place(SYSTEM, world.xiling, "enterprise", name, sector="ammonia", geometry=spot)
    add_chemicals(
        SYSTEM, [ChemicalSpec(place_id=place.pk, name="氨", cas="7664-41-7", role="原料", site="贮罐区", quantity=12.0)]
    )
    return place


def ask(client: Client, path: str, **more: str) -> str:
    answer = client.get(path, {**ASKED, **more})
    assert answer.status_code == 200
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()  # type: ignore[attr-defined]


def test_ammonia_near_a_school_is_listed_drawn_counted_and_taken_along(
    world: World, browser: Callable[[str], Client]
) -> None:
    """The school of Xiling stands in the middle of its square, 120.105 east, 30.005 north."""
    near, far = firm(world, "北岭冷库", 120.12, 30.01), firm(world, "远山冷库", 120.3, 30.01)
    client = browser("李巡")
    part = ask(client, "/map/inside")
    assert near.name in part
    assert far.name not in part
    assert "任一学校 3 km 以内" in part
    assert "顺达运输行" not in part  # no ammonia
    drawn = client.get("/map/view.json", {**ASKED, "zoom": "18"}).json()
    assert drawn["marks"]["name"] == [near.name]
    assert drawn["anchors"]["name"] == ["西岭小学校"]
    assert drawn["totals"]["enterprise"] == 1
    assert near.name in ask(client, "/map/hits", format="geojson")
    assert far.name not in ask(client, "/map/hits", format="geojson")


def test_who_may_not_read_enterprise_files_does_not_learn_who_keeps_ammonia(
    world: World, browser: Callable[[str], Client]
) -> None:
    near = firm(world, "北岭冷库", 120.12, 30.01)
    assert near.name not in ask(browser("孙外"), "/map/inside")
    assert near.name not in ask(browser("周工"), "/map/inside")


def test_the_panel_of_a_place_says_whom_to_call_and_rings_what_is_in_it(
    world: World, browser: Callable[[str], Client]
) -> None:
    panel = browser("赵值").get(f"/map/places/{world.plant.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "王安" in panel
    assert "data-rings" in panel
    assert "<html" not in panel
    assert browser("赵值").get(f"/map/places/{world.mill.pk}").status_code == 404


def test_a_file_of_hits_that_leaves_is_written_down(world: World, browser: Callable[[str], Client]) -> None:
    from anlan.apps.core.models import AuditRow

    ask(browser("李巡"), "/map/hits", format="csv")
    assert AuditRow.objects.filter(action="list.export", subject="list:map_hits").count() == 1


def test_the_people_who_live_within_reach_are_counted(
    world: World, browser: Callable[[str], Client], settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "map").mkdir()
    cells = {"lon": [120.105, 120.106, 120.3], "lat": [30.005, 30.006, 30.0], "people": [120, 35, 900]}
    np.savez(tmp_path / "map" / "population.npz", **{name: np.array(column) for name, column in cells.items()})
    settings.DATA = tmp_path
    part = browser("赵值").get("/map/inside", {"near": f"place:{world.school.pk}", "metres": "1000"}).content.decode()
    assert "居住人口" in part
    assert ">155<" in part
