"""The invented county as built: one county, two towns, a park, three plants, people with roles, levels to show."""

import json
from datetime import date
from pathlib import Path

import pytest

from anlan.apps.core import selectors
from anlan.apps.core.models import Grant, Person, Place
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring.models import Source, Tag
from anlan.cli.demonstration import county
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.packs.families import demo, divisions, roles

pytestmark = pytest.mark.django_db

TODAY = clock.today()


@pytest.fixture
def notes(tmp_path: Path, db: None) -> Notes:
    return county.build(tmp_path)


def count(kind: str) -> int:
    return Place.objects.filter(kind=kind).count()


def test_there_is_one_county_with_two_towns_a_park_and_three_plants(notes: Notes) -> None:
    assert (count("county"), count("town"), count("park")) == (1, 2, 1)
    park = Place.objects.get(kind="park")
    assert Place.objects.filter(kind="enterprise", parent=park).count() == 3
    assert Tag.objects.count() == 3 * 53


def test_the_county_can_be_taken_for_no_real_one(notes: Notes) -> None:
    invented = divisions.load(TODAY).invented
    codes = [place.code for place in Place.objects.filter(kind__in=["county", "town"])]
    assert all(code.startswith(invented) for code in codes)
    firms = Place.objects.filter(kind="enterprise").values_list("code", flat=True)
    assert all(code[2:4] in invented for code in firms)


def test_some_places_were_never_assessed(notes: Notes) -> None:
    """So that unknown is to be seen: never assessed is not low."""
    assessed = set(Fact.objects.filter(kind="assessment").values_list("place__name", flat=True))
    points = set(Place.objects.filter(kind="risk_point").values_list("name", flat=True))
    assert {"新建储罐组", "立筒仓"} <= points - assessed


def test_the_plants_start_at_different_levels(notes: Notes) -> None:
    levels = {
        fact.place.path[:24]: fact.level for fact in Fact.objects.filter(place__name="反应器").select_related("place")
    }
    assert sorted(levels.values()) == [1, 1, 2]


def test_every_person_can_be_signed_in_and_has_what_the_county_says(notes: Notes) -> None:
    spec = demo.load("county", TODAY)
    assert {person.username for person in spec.people} == set(notes.people)
    for person in Person.objects.all():
        assert person.check_password(notes.password)
    known = roles.load(TODAY).roles
    assert all(grant.role in known for grant in Grant.objects.all())
    assert not selectors.viewer_of(Person.objects.get(username="sunwai")).scopes


def test_every_enterprise_has_a_safety_officer_and_plants_a_second_person(notes: Notes) -> None:
    for enterprise in Place.objects.filter(kind="enterprise"):
        held = list(Grant.objects.filter(place=enterprise).values_list("role", flat=True))
        assert "safety_officer" in held
        if Source.objects.filter(place=enterprise).exists():
            assert "worker" in held


def test_delays_are_shortened_as_the_story_is_faster_than_the_plant(notes: Notes) -> None:
    spec = demo.load("county", TODAY)
    tag = Tag.objects.filter(code="XMEAS_01").first()
    assert tag is not None
    assert tag.off_delay_s == 300 / spec.speed
    assert tag.missing_s == spec.missing_s


def test_only_the_owner_may_read_passwords_and_keys(notes: Notes, tmp_path: Path) -> None:
    assert Notes.path(tmp_path).stat().st_mode & 0o077 == 0
    assert Notes.read(tmp_path) == notes
    assert set(notes.keys) == set(Source.objects.values_list("code", flat=True))


def test_the_base_map_has_what_the_map_page_draws(notes: Notes, tmp_path: Path) -> None:
    base = tmp_path / "map" / "base.geojson"
    features = json.loads(base.read_text(encoding="utf-8"))["features"]
    kinds = {feature["properties"]["class"] for feature in features}
    assert kinds == {
        *("land", "green", "water", "river", "rail", "road_major", "road_minor"),
        *("town", "yard", "label_town", "label_village", "label_water"),
    }
    assert base.stat().st_size <= 300_000


def test_every_place_lies_inside_the_county(notes: Notes) -> None:
    root = Place.objects.get(kind="county")
    assert root.west and root.east and root.south and root.north
    for place in Place.objects.exclude(west=None):
        assert root.west - 1e-6 <= place.west <= place.east <= root.east + 1e-6, place.name  # type: ignore[operator]
        assert root.south - 1e-6 <= place.south <= place.north <= root.north + 1e-6, place.name  # type: ignore[operator]


def test_the_zone_counts_the_park(notes: Notes) -> None:
    zone = Place.objects.get(kind="zone")
    assert [place.kind for place in zone.members.all()] == ["park"]


def test_a_failure_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(county, "put_source", fail)
    with pytest.raises(RuntimeError):
        county.build(tmp_path)
    assert not Place.objects.exists()
    assert Notes.read(tmp_path) is None


def test_the_story_is_whole() -> None:
    """Every scene lies inside its recording, and the first alarm of the story comes soon."""
    from anlan.cli.demonstration.gateways import library_of

    spec = demo.load("county", date(2026, 11, 1))
    for source in spec.sources:
        library = library_of(source.sector, TODAY)
        for scene in source.scenes:
            assert (scene.end or scene.start + 1) <= len(library.recording(scene.recording).ts)
    first, second = spec.sources[0].scenes[:2]
    lead = 15
    minutes = (first.end or 0) - first.start + lead - second.start + 2
    assert minutes * 60 / spec.speed <= 10
