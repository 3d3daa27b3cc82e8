"""The plan of 澜县: everything lies where it should, nothing belongs to anybody, the same on every machine."""

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely

from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.cli.demonstration.lan.plan import Plan, plan_of
from anlan.packs.families import divisions, sector
from anlan.rules import codes
from anlan.rules.levels import Level

DAY = date(2026, 11, 22)
METRES = 111_320.0


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(DAY)


@cache
def drawn(name: str) -> list[dict[str, Any]]:
    plan = plan_of(DAY)
    return list(json.loads((plan.folder / "lan" / name).read_text(encoding="utf-8"))["features"])


def shapes(name: str, **wanted: str) -> list[shapely.Geometry]:
    """Drawn shapes of features with these properties, in metres."""
    found = [each for each in drawn(name) if all(each["properties"].get(k) == v for k, v in wanted.items())]
    return [metres(each["geometry"]) for each in found]


def metres(geometry: Any) -> Any:
    along = METRES * np.cos(np.radians(36.0))
    return shapely.transform(shapely.geometry.shape(geometry), lambda p: (p - [124.0, 36.0]) * [along, METRES])


def outline(enterprise: EnterprisePlan) -> Any:
    return metres(enterprise.places[0].geometry)


def test_the_plan_is_the_same_on_every_machine(plan: Plan) -> None:
    told = [(each.key, each.name, each.code, each.site.key, each.staff) for each in plan.enterprises]
    told += [(place.key, place.name, int(place.level)) for each in plan.enterprises for place in each.places]  # type: ignore[misc]
    told += [(source.code, tag.code, tag.place) for source in plan.sources for tag in source.tags]  # type: ignore[misc]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    assert digest[:16] == "6efc19b19886face", "the county changed: if that was meant, pin the new digest"


def test_every_trade_of_the_packs_has_an_enterprise(plan: Plan) -> None:
    sectors = {path.parent.name for path in (plan.folder.parent / "sectors").glob("*/sector.yaml")}
    assert {each.trade.sector for each in plan.enterprises} == sectors
    assert 300 <= len(plan.enterprises) <= 340


def test_there_are_about_as_many_points_and_tags_as_a_county_has(plan: Plan) -> None:
    points = [place for each in plan.enterprises for place in each.places if place.kind == "risk_point"]
    assert 2_800 <= len(points) <= 3_400
    assert 3_600 <= sum(len(source.tags) for source in plan.sources) <= 4_400


def test_few_risks_are_major_and_some_were_never_assessed(plan: Plan) -> None:
    levels = Counter(p.level for each in plan.enterprises for p in each.places if p.kind == "risk_point")
    assert levels[Level.MAJOR] == len(plan.county.major)
    assert (
        levels[Level.LOW] > levels[Level.GENERAL] > levels[Level.UNKNOWN] > levels[Level.SERIOUS] > levels[Level.MAJOR]
    )


def test_an_assessment_names_a_hazard_of_its_object(plan: Plan) -> None:
    store = plan.by_key["cold_store"]
    assert all("氨" in p.reason or "库" in p.reason or "融霜" in p.reason or "压" in p.reason or "机" in p.reason
               for p in store.places if p.level is Level.GENERAL)  # fmt: skip


def test_codes_are_right_and_of_an_invented_division(plan: Plan) -> None:
    invented = divisions.load(DAY).invented
    found = [each.code for each in plan.enterprises]
    assert len(set(found)) == len(found)
    assert all(codes.uscc(code) is None and code[2:4] in invented for code in found)


def test_names_are_unique(plan: Plan) -> None:
    found = Counter(each.name for each in plan.enterprises)
    assert [name for name, count in found.items() if count > 1] == []


def test_the_enterprises_of_the_story_have_their_keys(plan: Plan) -> None:
    trades = {key: plan.by_key[key].trade.sector for key in ("cold_store", "flour_mill", "tower_site", "tailings")}
    assert trades == {
        "cold_store": "ammonia",
        "flour_mill": "dust",
        "tower_site": "construction",
        "tailings": "tailings",
    }
    for key, base in (
        ("cold_store", "NH3_M"),
        ("flour_mill", "LV_SILO"),
        ("tower_site", "TC_WIND"),
        ("tailings", "BEACH_1"),
    ):
        source = next(each for each in plan.sources if each.enterprise == key)
        assert base in {tag.base for tag in source.tags}, key


def test_every_tag_runs_clear_of_its_limits(plan: Plan) -> None:
    for source in plan.sources:
        for tag in source.tags:
            low, high = tag.band
            assert low < high
            assert all(limit is None or limit >= high for limit in (tag.limits.h, tag.limits.hh)), tag
            assert all(limit is None or limit <= low for limit in (tag.limits.l, tag.limits.ll)), tag


def test_what_is_measured_sits_on_what_the_trade_measures(plan: Plan) -> None:
    by_key = {place.key: place for each in plan.enterprises for place in each.places}
    for source in plan.sources:
        measured = {each.code: each.measured for each in sector.load(source.sector, DAY).objects}
        assert all(tag.base in measured[by_key[tag.place].object] for tag in source.tags)


def test_grids_tile_their_town_and_towns_their_county() -> None:
    county, *_ = shapes("outlines.geojson", kind="county")
    towns = {
        each["properties"]["key"]: metres(each["geometry"])
        for each in drawn("outlines.geojson")
        if each["properties"]["kind"] == "town"
    }
    assert len(towns) == 12
    assert abs(sum(town.area for town in towns.values()) - county.area) < 1e-6 * county.area
    grids = defaultdict(list)
    for each in drawn("outlines.geojson"):
        if each["properties"]["kind"] == "grid":
            grids[each["properties"]["town"]].append(metres(each["geometry"]))
    assert sum(map(len, grids.values())) == 120
    for key, town in towns.items():
        assert abs(sum(grid.area for grid in grids[key]) - town.area) < 1e-5 * town.area
        assert shapely.union_all(grids[key]).symmetric_difference(town).area < 1e-4 * town.area


def test_nothing_stands_in_water_and_no_two_sites_overlap(plan: Plan) -> None:
    wet = [
        s
        for kind in ("sea", "river", "lake", "reservoir", "reed")
        for s in shapes("map/1-ground.geojson", **{"class": kind})
    ]
    sites = [outline(each) for each in plan.enterprises]
    water = shapely.STRtree(wet)
    for each, site in zip(plan.enterprises, sites, strict=True):
        assert not [n for n in water.query(site, predicate="intersects") if wet[n].intersection(site).area > 1.0], (
            each.key
        )
    tree = shapely.STRtree(sites)
    pairs = [(a, b) for a, b in tree.query(sites, predicate="intersects").T if a < b]
    assert [(a, b) for a, b in pairs if sites[a].intersection(sites[b]).area > 1.0] == []


def test_everything_lies_inside_what_it_belongs_to(plan: Plan) -> None:
    grids = {each["properties"]["key"]: metres(each["geometry"]) for each in drawn("outlines.geojson")}
    for each in plan.enterprises:
        site = outline(each)
        assert grids[each.site.grid].buffer(1.0).contains(site), each.key
        fence = site.buffer(0.5)
        assert all(fence.contains(metres(place.geometry)) for place in each.places if place.geometry)


def test_trades_stand_where_they_belong(plan: Plan) -> None:
    sea = shapely.union_all(shapes("map/1-ground.geojson", **{"class": "sea"}))
    heights = np.load(plan.folder / "lan" / "map" / "heights.npz")["height_dm"] / 10
    for each in plan.enterprises:
        spot = outline(each).centroid
        if each.trade.sector == "water_transport":
            assert sea.distance(spot) < 3_000, each.name
        if each.trade.key in ("tailings", "coal_mine", "iron_mine"):
            assert heights[round((spot.y + 24_000) / 100), round((spot.x + 34_000) / 100)] > 45, each.name
        if each.trade.zones == ("chempark",):
            assert each.site.grid == "park"
    built = shapely.union_all(shapes("map/1-ground.geojson", **{"class": "built"}))
    schools = [each for each in plan.enterprises if each.trade.sector == "campus"]
    assert all(built.distance(outline(each)) < 700 for each in schools)


def edge_line(nodes: list[list[float]], edge: dict[str, Any]) -> dict[str, Any]:
    points = [nodes[edge["from"]], *edge.get("line", []), nodes[edge["to"]]]
    return {"type": "LineString", "coordinates": points}


def test_every_enterprise_and_village_can_be_reached_by_road(plan: Plan) -> None:
    told = json.loads((plan.folder / "lan" / "map" / "roads.json").read_text(encoding="utf-8"))
    joined: dict[int, list[int]] = defaultdict(list)
    for edge in told["edges"]:
        assert edge["length_m"] >= 0
        assert edge["speed_kmh"] > 0
        joined[edge["from"]].append(edge["to"])
        joined[edge["to"]].append(edge["from"])
    seen, waiting = {0}, [0]
    while waiting:
        for other in joined[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    assert len(seen) == len(told["nodes"])
    roads = shapely.STRtree([metres(edge_line(told["nodes"], edge)) for edge in told["edges"]])
    for each in plan.enterprises:
        assert roads.query_nearest(outline(each), max_distance=30.0).size, each.key
    for grid in drawn("outlines.geojson"):
        if seat := grid["properties"].get("seat"):
            spot = metres({"type": "Point", "coordinates": seat})
            assert roads.query_nearest(spot, max_distance=300.0).size, grid["properties"]["name"]


def test_lines_are_cut_at_the_borders_of_towns() -> None:
    towns = {each["properties"]["key"]: metres(each["geometry"]) for each in drawn("outlines.geojson")}
    assets = defaultdict(list)
    for each in drawn("objects.geojson"):
        told = each["properties"]
        if told["kind"] == "segment":
            assert towns[told["town"]].buffer(5).contains(metres(each["geometry"])), told["name"]
            assets[told["asset"]].append(told["name"])
    assert {"GAS-TRUNK", "OIL-PORT", "HV-220-A", "RAIL-LAN"} <= assets.keys()
    assert all(len(set(names)) == len(names) for names in assets.values())


def test_the_population_adds_up_to_the_towns(plan: Plan) -> None:
    people = np.load(plan.folder / "lan" / "map" / "population.npz")["people"]
    assert people.sum() == sum(town.population for town in plan.county.towns)


def test_the_wind_blows_all_the_year(plan: Plan) -> None:
    assert len({each.from_degree for each in plan.county.wind}) == 16
    assert sum(each.share for each in plan.county.wind) == pytest.approx(1.0)


def test_the_base_map_is_small_enough_for_a_slow_line(plan: Plan) -> None:
    assert sum(file.stat().st_size for file in (plan.folder / "lan" / "map").iterdir()) <= 3_000_000


def test_eighty_people_hold_grants_of_every_shape(plan: Plan) -> None:
    rows = plan.county.staff
    assert len({row.username for row in rows}) == 81
    wanted = {"duty_officer", "inspector", "leader", "system_manager", "safety_officer", "worker", "expert"}
    wanted |= {"grid_member", "town_leader", "sector_department", "group_manager", "contractor"}
    assert wanted <= {row.role for row in rows}
    several = Counter(row.username for row in rows)
    assert max(several.values()) >= 3
    assert any(row.sectors for row in rows)
    assert any((row.until_days or 0) < 0 for row in rows)
    assert any((row.since_days or 0) > 0 for row in rows)
    assert any(row.role is None for row in rows)
