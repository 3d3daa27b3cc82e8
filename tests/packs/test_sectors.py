"""The trades that come with the product: all of them, each whole, each usable by name."""

from datetime import date

import pytest

from anlan.packs.families import checklists, criteria, hazards, plans, sector, tags
from anlan.packs.loader import BUILT_IN

TODAY = date(2026, 11, 1)
HEAVY = {"hazchem", "coal", "mines", "steel", "dust", "ammonia", "construction", "fire", "road", "gas"}
OTHERS = (
    "aluminium aviation building_materials campus civil_explosives commerce confined_space farm_machinery fireworks "
    "fishery food gas_appliances grain hazardous_waste hospitals_labs light_industry logistics machinery metro "
    "nonferrous pipelines post power rail special_equipment tailings textile tobacco tourism water_transport"
)
PRESENT = sorted(path.parent.name for path in BUILT_IN.glob("sectors/*/sector.yaml"))


def test_every_trade_of_the_specification_is_there() -> None:
    assert set(PRESENT) == HEAVY | set(OTHERS.split())


@pytest.mark.parametrize("name", PRESENT)
def test_a_trade_is_heavy_exactly_if_it_is_one_of_the_ten(name: str) -> None:
    assert sector.load(name, TODAY).heavy == (name in HEAVY)


@pytest.mark.parametrize("name", PRESENT)
def test_a_trade_looks_at_people_things_surroundings_and_management(name: str) -> None:
    known = hazards.load(name, TODAY).hazards
    assert len({hazard.factor for hazard in known}) >= (4 if name in HEAVY else 3)
    assert {kind for hazard in known for kind in hazard.measures()} == set(hazards.MEASURES)


@pytest.mark.parametrize("name", PRESENT)
def test_hazards_stand_at_objects_and_at_several_of_them(name: str) -> None:
    templates = {template.code for template in sector.load(name, TODAY).objects}
    used = {hazard.object for hazard in hazards.load(name, TODAY).hazards}
    assert used <= templates
    assert len(used) >= 5


@pytest.mark.parametrize("name", PRESENT)
def test_a_plan_says_by_when_its_first_steps_are_done(name: str) -> None:
    for plan in plans.load(name, TODAY).plans.values():
        times = [step.within_min for step in plan.steps if step.within_min is not None]
        assert len(times) >= 3
        assert min(times) <= 15


@pytest.mark.parametrize("name", sorted(set(PRESENT) & HEAVY))
def test_a_heavy_trade_has_sensors_whose_usual_value_raises_nothing(name: str) -> None:
    for tag in tags.load(name, TODAY).tags:
        limits = tag.limits()
        assert all(tag.normal < value for value in (limits["h"], limits["hh"]) if value is not None), tag.code
        assert all(tag.normal > value for value in (limits["l"], limits["ll"]) if value is not None), tag.code


def test_a_checklist_leads_to_the_criterion_of_a_major_finding() -> None:
    known = {one.code: one for one in criteria.load("hazchem", TODAY).criteria}
    items = [item for one in checklists.load("hazchem", TODAY).checklists.values() for item in one.items]
    major = [known[item.major] for item in items if item.major]
    assert len(major) >= 5
    assert any(one.verified for one in major)
