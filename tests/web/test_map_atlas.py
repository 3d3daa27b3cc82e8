"""The map in memory says what the database says: scope, clusters, filters, statistics, the past, by brute force."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest
from django.test import Client

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import add_place, join_zone, rename_place
from anlan.apps.core.models import Outbox, Place
from anlan.apps.ledger.models import LevelChange, PlaceLevel
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.web.atlas import cells, finding, inside, keeper, sight, tree
from anlan.web.atlas.look import look
from anlan.web.atlas.question import MARKED, Near, Question
from anlan.web.atlas.sight import View
from tests.world import World

PEOPLE = ("王安", "李巡", "赵值", "孙外", "吴专", "郑运", "冯管", "何客")
WORLD = View(-180, -85, 180, 85, 3)


def spot(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [lon, lat]}


def show(place: Place, level: int, at: datetime | None = None) -> None:
    """As the projector leaves it."""
    before = PlaceLevel.objects.filter(pk=place.pk).values_list("level", flat=True).first() or 0
    now = at or clock.now()
    counts = {"since": now, "points": [0] * 5, "enterprises": [0] * 5, "as_of": now}
    PlaceLevel.objects.update_or_create(place=place, defaults={"level": level, **counts})
    LevelChange.objects.create(place=place, at=now, before=before, after=level)
    Outbox.objects.create(topic="level", place=place, payload={"place": place.pk, "after": level})


@pytest.fixture
def crowd(world: World) -> list[Place]:
    """Sixty points with levels of every kind in two enterprises, scattered over ten kilometres."""
    rng = np.random.default_rng(4)
    found = []
    for number in range(60):
        over = world.plant if number % 3 else world.haulier
        lon, lat = 120.0 + rng.random() / 10, 30.0 + rng.random() / 10
        found.append(add_place(SYSTEM, over, "risk_point", f"点 {number}", geometry=spot(lon, lat)))
        show(found[-1], number % 5)
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_the_atlas_shows_exactly_what_the_grants_reach(
    world: World, viewer: Callable[[str], Viewer], name: str
) -> None:
    seen = look(viewer(name), Question())
    told = set(seen.atlas.ids[seen.seen].tolist())
    assert told == set(core.places(viewer(name)).values_list("pk", flat=True))


def test_every_mark_is_in_one_cluster_and_the_counts_are_those_of_its_members(
    world: World, crowd: list[Place], viewer: Callable[[str], Viewer]
) -> None:
    question = Question(layers=frozenset({"risk_point"}), levels=frozenset({2, 3, 4}))
    seen = look(viewer("赵值"), question)
    for zoom in (8.0, 9.5, 11.0, 12.5, 14.0, 17.0):
        view = View(119.9, 29.9, 120.2, 30.2, zoom)
        gathered = sight.gather(seen, view)
        said = sight.marks(seen, gathered)
        singles = Counter(said["marks"]["level"].tolist())
        clusters = np.array(said["clusters"]["counts"]).reshape(-1, 5).sum(axis=0)
        expected = Counter(level % 5 for level in range(60) if level % 5 >= 2)
        assert {level: singles[level] + int(clusters[level]) for level in (2, 3, 4)} == dict(expected)
        assert (singles[0], singles[1], clusters[0], clusters[1]) == (0, 0, 0, 0)
        for group in range(len(gathered.cells.only)):
            members = gathered.rows[gathered.cells.group == group]
            counted = np.bincount(seen.levels[members], minlength=5)
            assert counted.tolist() == gathered.cells.counts[group].tolist()


def test_no_two_marks_of_a_view_touch() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.random(4_000) / 50, rng.random(4_000) / 50
    side = 0.002
    found = cells.gather(x, y, np.zeros(4_000, np.int8), side)
    assert found.counts.sum() == 4_000
    apart = np.hypot(found.x[:, None] - found.x, found.y[:, None] - found.y) + np.eye(len(found.x))
    assert np.quantile(apart.min(axis=1), 0.02) > 0.4 * side


def test_clusters_stay_where_they_are_when_the_view_moves(
    world: World, crowd: list[Place], viewer: Callable[[str], Viewer]
) -> None:
    seen = look(viewer("赵值"), Question(layers=frozenset({"risk_point"})))
    spots = []
    for east in (120.1, 120.103):
        said = sight.marks(seen, sight.gather(seen, View(119.9, 29.9, east, 30.2, 12)))["clusters"]
        spots.append({(x, y) for x, y in zip(said["x"].tolist(), said["y"].tolist(), strict=True) if x < 120.05})
    assert spots[0] == spots[1] != set()


def test_from_afar_an_enterprise_stands_for_what_is_in_it(
    world: World, crowd: list[Place], viewer: Callable[[str], Viewer]
) -> None:
    seen = look(viewer("赵值"), Question())
    far, near = (set(seen.atlas.ids[sight.marked_rows(seen, View(119, 29, 121, 31, zoom))]) for zoom in (10, 15))
    assert world.plant.pk in far
    assert crowd[0].pk not in far
    assert world.plant.pk not in near
    assert crowd[0].pk in near


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lon0, lat0), (lon1, lat1) = ([math.radians(part) for part in pair] for pair in (one, other))
    half = math.sin((lat1 - lat0) / 2) ** 2 + math.cos(lat0) * math.cos(lat1) * math.sin((lon1 - lon0) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def test_what_is_within_a_distance_is_found_and_counted(
    world: World, crowd: list[Place], viewer: Callable[[str], Viewer]
) -> None:
    center = (120.05, 30.05)
    seen = look(viewer("赵值"), Question(near=Near(3_000, spot=center)))
    expected = {
        place.pk: metres(center, (place.west or 0, place.south or 0))
        for place in crowd
        if metres(center, (place.west or 0, place.south or 0)) <= 3_000
    }
    hits = {hit.id: hit for hit in inside.hits(seen) if hit.kind == "risk_point" and hit.name.startswith("点")}
    assert set(hits) == set(expected)
    assert all(hits[pk].metres == pytest.approx(far, abs=1) for pk, far in expected.items())
    levels = Counter(number % 5 for number, place in enumerate(crowd) if place.pk in expected)
    points = inside.statistics(seen).points
    here = [hit for hit in inside.hits(seen) if hit.kind in ("risk_point", "public_object", "segment", "mobile")]
    assert sum(points) == len(here)
    assert all(points[level] >= count for level, count in levels.items())


def test_a_ring_holds_what_lies_in_it(world: World, crowd: list[Place], viewer: Callable[[str], Viewer]) -> None:
    """A triangle: below the line from its west to its north-east corner."""
    ring = ((120.0, 30.0), (120.1, 30.0), (120.1, 30.1))
    found = {hit.id for hit in inside.hits(look(viewer("赵值"), Question(ring=ring)))}
    assert {p.pk for p in crowd if (p.south or 0) - 30 < (p.west or 0) - 120} == found & {p.pk for p in crowd}


def test_statistics_by_trade_are_those_of_the_database(
    world: World, crowd: list[Place], viewer: Callable[[str], Viewer]
) -> None:
    lines = {line.key: line for line in inside.statistics(look(viewer("李巡"), Question())).trades}
    for sector in ("chemical", "transport"):
        inside_sector = core.places(viewer("李巡")).filter(sector=sector)
        assert sum(lines[sector].enterprises) == inside_sector.filter(kind="enterprise").count()
        assert sum(lines[sector].points) == inside_sector.filter(kind="risk_point").count()


def test_a_change_of_colour_and_of_name_is_on_the_next_answer(world: World, viewer: Callable[[str], Viewer]) -> None:
    seen = look(viewer("赵值"), Question())
    row = seen.atlas.row(world.valve.pk)
    show(world.valve, 4)
    assert look(viewer("赵值"), Question()).levels[row] == 4
    rename_place(SYSTEM, world.valve.pk, "出料阀组")
    assert [found.name for found in finding.find(look(viewer("赵值"), Question()), "出料")] == ["出料阀组"]


def test_the_past_is_todays_colours_with_later_changes_taken_back(
    world: World, viewer: Callable[[str], Viewer]
) -> None:
    keeper.current()
    now = clock.now()
    show(world.valve, 2, now - timedelta(hours=2))
    show(world.valve, 4, now - timedelta(hours=1))
    row = keeper.current().row(world.valve.pk)
    assert look(viewer("赵值"), Question(at=now - timedelta(minutes=90))).levels[row] == 2
    assert look(viewer("赵值"), Question(at=now - timedelta(days=1))).levels[row] == 0
    assert look(viewer("赵值"), Question()).levels[row] == 4


def test_a_zone_counts_its_members_in_the_tree_once(world: World, viewer: Callable[[str], Viewer]) -> None:
    zone = add_place(SYSTEM, world.qinghe, "zone", "沿江风险带")
    join_zone(SYSTEM, world.plant.pk, zone.pk)
    join_zone(SYSTEM, world.park.pk, zone.pk)
    rows = tree.listed(look(viewer("赵值"), Question()), None)
    at = rows["id"].tolist().index(zone.pk)
    assert sum(rows["points"][at].tolist()) == 1  # the valve, though its plant and its park are both members


def test_a_place_is_found_by_its_town_and_name_by_code_and_not_outside(
    world: World, viewer: Callable[[str], Viewer]
) -> None:
    def names(who: str, text: str) -> list[str]:
        return [found.name for found in finding.find(look(viewer(who), Question()), text)]

    assert names("赵值", "东关镇 顺达") == ["顺达运输行"]
    assert names("赵值", "西岭乡 顺达") == []
    assert names("赵值", "91990121ma") == ["恒泰化工厂"]
    assert names("孙外", "恒泰") == []
    assert names("郑运", "恒泰") == []


def test_every_kind_of_place_that_is_marked_has_a_layer_of_its_own() -> None:
    kinds = [kind for kinds in MARKED.values() for kind in kinds]
    assert len(kinds) == len(set(kinds))


def test_the_map_draws_nothing_of_another_county(world: World, browser: Callable[[str], Client]) -> None:
    client = browser("孙外")
    for path in ("/map/view.json?zoom=18", "/map/tree.json", "/map/inside", "/map/hits", "/map/hits?format=geojson"):
        answer = client.get(path)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200
        assert "恒泰" not in text.decode(), path
    assert client.get("/map/shapes.json", {"ids": str(world.plant.pk)}).json() == {}
    assert client.get("/map/view.json", {"near": f"place:{world.plant.pk}"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"ring": "120,30,121,30"}, "看不懂圈选的范围"),
        ({"ring": "120,30,120,30,120,30"}, "看不懂圈选的范围"),
        ({"near": "120"}, "看不懂圈选的范围"),
        ({"near": "nan,30"}, "看不懂圈选的范围"),
        ({"near": "120,30", "metres": "0"}, "不能按“0”的距离圈选"),
        ({"near": "120,30", "metres": "1e9"}, "不能按“1e9”的距离圈选"),
        ({"box": "1,2,0,3"}, "看不懂视野"),
    ],
)
def test_a_foolish_question_is_refused_in_words(
    world: World, browser: Callable[[str], Client], query: dict[str, str], words: str
) -> None:
    answer = browser("赵值").get("/map/view.json", query)
    assert answer.status_code == 422
    assert words in answer.content.decode()
