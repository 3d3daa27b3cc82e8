"""What of a park's study betrays nothing of what lies outside the reader's scope: facts, counts, numbers of people."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.test import Client

from anlan.apps.consequences.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks import actions, selectors
from anlan.apps.core.actions import add_place
from anlan.apps.core.models import Job, Place
from anlan.apps.enterprises.models import Enterprise
from anlan.apps.ledger import explanation
from anlan.apps.ledger.models import Fact
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Narrowing, Viewer
from tests.consequences.test_park_study import CHLORINE, LAT, LON, STUDY, _at, computed
from tests.world import World

pytestmark = pytest.mark.usefixtures("own_folder")

Viewers = Callable[[str], Viewer]


@pytest.fixture
def settled(settings: Any) -> None:
    """A person in every cell of 100 m: too few anywhere to be a target."""
    lon, lat = np.meshgrid(LON + 0.0012 * np.arange(-30, 31), LAT + 0.0009 * np.arange(-30, 31))
    (settings.DATA / "map").mkdir()
    people = np.ones(lon.size)
    np.savez(settings.DATA / "map" / "population.npz", lon=lon.ravel(), lat=lat.ravel(), people=people)


@pytest.fixture
def risky(world: World) -> ParkStudy:
    """Beyond the limits: a nursery in the park, a school in the county, and a plant with 4321 people in the next."""
    for where, kind, name, spot in (
        (world.xiling, "public_object", "县里小学", (0, 80)),
        (world.nanpo, "enterprise", "邻县磷肥厂", (-40, 0)),
    ):
        place = add_place(SYSTEM, where, kind, name, sector="chemical" * (kind == "enterprise"), geometry=_at(*spot))
        Enterprise.objects.create(place=place, employees=4321)
    add_place(SYSTEM, world.park, "public_object", "园区幼儿园", geometry=_at(60, 0))
    made = actions.add_study(SYSTEM, world.park.pk, STUDY)
    actions.add_sources(SYSTEM, made.pk, [replace(CHLORINE, place_id=world.plant.pk)])
    made = computed(made)
    Job.objects.update(state="done")
    told = selectors.told(made)
    assert told is not None and sum(map(selectors.fails, told["targets"])) == 3
    return made


def test_a_fact_counts_only_what_lies_in_its_place(risky: ParkStudy) -> None:
    fact = Fact.objects.get(kind="park_target_risk", clearing=None)
    assert fact.params["count"] == 1
    own = Fact.objects.get(kind="park_source_risk", clearing=None)
    assert "count" not in own.params and "处" not in explanation.render(own)


def test_a_fact_about_targets_elsewhere_tells_no_number(world: World, risky: ParkStudy) -> None:
    Place.objects.filter(name="园区幼儿园").update(retired=clock.now())
    computed(risky)
    fact = Fact.objects.get(kind="park_target_risk", clearing=None)
    assert explanation.render(fact) == "柳湾园区评价：评价场所以外有防护目标的个人风险超过基准"


def test_each_reader_is_told_how_many_of_their_own_a_move_would_cure(risky: ParkStudy, viewer: Viewers) -> None:
    found = selectors.told(risky)
    assert found is not None
    counts = {}
    for name in ("冯管", "李巡", "吴专"):
        seen = selectors.targets(viewer(name), found)
        [plant] = selectors.plants(found, seen)
        counts[name] = (plant["broken"], plant["cured"], selectors.elsewhere(found, seen))
    assert counts == {"冯管": (3, 3, False), "李巡": (2, 2, True), "吴专": (1, 1, True)}


def test_nobody_reads_how_many_work_in_an_enterprise_outside_their_scope(
    risky: ParkStudy, browser: Callable[[str], Client], settled: None
) -> None:
    computed(risky)
    address = f"/consequences/parks/{risky.pk}"
    for name, told in (("冯管", True), ("李巡", False)):
        text = browser(name).get(address).content.decode() + browser(name).get(f"{address}/result").content.decode()
        assert ("从业人员 4321 人" in text) is told and "范围内居民" in text, name
    assert "权限范围以外也有防护目标超过基准" in browser("李巡").get(address).content.decode()


def test_numbers_of_an_enterprises_file_are_told_to_who_may_read_it(risky: ParkStudy, viewer: Viewers) -> None:
    found = selectors.told(risky)
    assert found is not None
    bare = viewer("冯管").narrowed(Narrowing(capabilities=frozenset({"place.view", "scenario.view"})))
    persons = {one.place.name: one.persons for one in selectors.targets(bare, found) if one.place}
    assert persons == {"园区幼儿园": 0, "县里小学": 0, "邻县磷肥厂": 0}


def test_an_enterprise_reads_of_its_source_without_a_count(risky: ParkStudy, browser: Callable[[str], Client]) -> None:
    text = browser("王安").get(f"/consequences/park-sources/{ParkSource.objects.get().pk}").content.decode()
    assert "防护目标的个人风险超过基准" in text and "处防护目标" not in text
