"""澜县 as written into a database: places, people with grants of every shape, gateways, files; going on after a break.

It is built once for all tests of this file, with few of its enterprises beyond those at which somebody has a grant.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from anlan.apps.core import selectors
from anlan.apps.core.models import Person, Place, ZoneMembership
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.models import Certificate, Chemical, Enterprise, FileRecord, Licence
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring.models import Source, Tag
from anlan.cli.demonstration.lan import build, people
from anlan.cli.demonstration.lan import plan as plans
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import demo_files, file_fields

pytestmark = pytest.mark.django_db

MORE = 6


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Notes]]:
    data = tmp_path_factory.mktemp("lan")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), override_settings(DEMO=True, DATA=data):
        patch.setattr(build, "plan_of", _small)
        with transaction.atomic():
            notes = build.begin(data)
            build.go_on(data, notes, lambda done, total: None)
            build.furnish(notes)
            yield data, notes
            transaction.set_rollback(True)


def _small(on: date) -> plans.Plan:
    whole = plans.plan_of(on)
    wanted = people.places(whole.county)
    kept = [each for each in whole.enterprises if each.key in wanted]
    kept += [each for each in whole.enterprises if each.key not in wanted][:MORE]
    small = replace(whole)
    small.__dict__["enterprises"] = tuple(kept)
    return small


def viewer(username: str) -> Viewer:
    return selectors.viewer_of(Person.objects.get(username=username))


def seen(username: str, kind: str) -> int:
    return selectors.places(viewer(username), kinds=[kind]).count()


def count(kind: str) -> int:
    return Place.objects.filter(kind=kind).count()


def test_the_county_has_its_towns_grids_park_and_plants(built: tuple[Path, Notes]) -> None:
    assert (count("county"), count("town"), count("grid"), count("park")) == (1, 12, 120, 1)
    park = Place.objects.get(kind="park")
    plants = Place.objects.filter(
        kind="enterprise", parent=park, name__in=["安澄化工有限公司", "海岳新材料有限公司", "润川石化有限公司"]
    )
    assert set(plants.values_list("sector", flat=True)) == {"hazchem"}
    assert plants.count() == 3
    assert ZoneMembership.objects.filter(place=park).exists()


def test_a_pipeline_is_one_asset_of_several_segments(built: tuple[Path, Notes]) -> None:
    pieces = Place.objects.filter(kind="segment", asset="GAS-TRUNK")
    assert pieces.count() >= 4
    assert {piece.parent.kind for piece in pieces if piece.parent} == {"town"}


def test_leaders_see_all_and_others_their_part(built: tuple[Path, Notes]) -> None:
    assert seen("zhoumin", "grid") == 120
    assert seen("shachang", "grid") == 10
    assert seen("luhua", "grid") == 1
    assert seen("wangan", "enterprise") == 1
    assert seen("jituan", "enterprise") == 3
    sectors = set(selectors.places(viewer("jiangjian")).values_list("sector", flat=True))
    assert sectors == {"construction", "gas"} & sectors
    assert sectors


def test_grants_that_are_over_or_to_come_or_absent_give_nothing(built: tuple[Path, Notes]) -> None:
    for username in ("guoqi", "jianghou", "linshi", "sunwai"):
        assert viewer(username).scopes == (), username
    assert Person.objects.get(username="guoqi").grants.count() == 1
    assert len(viewer("zhuandiao").scopes) == 3


def test_everybody_can_sign_in_with_the_noted_password(built: tuple[Path, Notes]) -> None:
    _, notes = built
    assert Person.objects.count() == len(notes.people) == 81
    assert all(person.check_password(notes.password) for person in Person.objects.all()[:5])


def test_gateways_have_their_keys_and_tags_lie_inside_them(built: tuple[Path, Notes]) -> None:
    data, notes = built
    assert set(notes.keys) == set(Source.objects.values_list("code", flat=True))
    assert Notes.read(data) == notes
    for source in Source.objects.select_related("place"):
        paths = Tag.objects.filter(source=source).values_list("place__path", flat=True)
        assert all(path.startswith(source.place.path) for path in paths)


def test_every_enterprise_has_a_file_of_which_some_papers_run_out_soon(built: tuple[Path, Notes]) -> None:
    public = Enterprise.objects.filter(place__kind="public_object").count()
    assert Enterprise.objects.count() == count("enterprise") + public
    assert Licence.objects.count() > Enterprise.objects.count()
    assert Certificate.objects.exists()
    assert Chemical.objects.filter(cas="7664-41-7", design_maximum__gte=4).exists()
    assert Fact.objects.filter(kind="assessment", level=4).exists()


def test_the_plants_of_the_story_lack_nothing_in_their_files(built: tuple[Path, Notes]) -> None:
    for code in ("91990221MA0ANC0122", "91990221MA0HAY026N", "91990221MA0RUN032R"):
        plant = Place.objects.get(code=code)
        assert not enterprises.gaps(enterprises.tree(SYSTEM, plant), Enterprise.objects.get(place=plant))
        assert not Fact.objects.filter(place__path__startswith=plant.path, kind="lapse").exists()


def test_neighbours_in_a_file_lie_where_they_lie_on_the_map(built: tuple[Path, Notes]) -> None:
    near = FileRecord.objects.filter(group="surroundings", place__name="安澄化工有限公司")
    told = {row.name: row.values for row in near}
    assert told["海岳新材料有限公司"]["distance"] == pytest.approx(250, abs=3)  # 8 300 - 7 150 - 900 m, as drawn
    assert told["海岳新材料有限公司"]["bearing"] == "东"


def test_what_the_demo_registers_fits_the_groups_that_it_is_registered_in() -> None:
    pack, fields = demo_files.load(clock.today()), file_fields.load(clock.today())
    for group, values in [
        *((one.group, one.values) for one in pack.records),
        *(("disposal", one) for one in pack.disposal),
    ]:
        asked = {field.key: field for field in fields.of(group)}
        assert set(values) <= set(asked), values["name"]
        assert {key for key, field in asked.items() if field.required} <= set(values), values["name"]
        for key, told in values.items():
            assert not asked[key].choices or set(told.split("|")) <= set(asked[key].choices), told


def test_going_on_again_adds_nothing_and_renews_lost_keys(built: tuple[Path, Notes]) -> None:
    data, notes = built
    before = [model.objects.count() for model in (Place, Tag, Fact, Licence, Enterprise, FileRecord)]
    lost = notes.keys.pop("cold_store-gw")
    build.go_on(data, notes, lambda done, total: None)
    build.furnish(notes)
    assert [model.objects.count() for model in (Place, Tag, Fact, Licence, Enterprise, FileRecord)] == before
    assert notes.keys["cold_store-gw"] != lost


def test_the_door_of_the_demo_names_everybody_and_the_product_nobody(built: tuple[Path, Notes]) -> None:
    _, notes = built
    page = Client().get("/accounts/login/").content.decode()
    assert all(f'data-demo-person="{username}"' in page for username in notes.people)
    assert notes.password in page
    with override_settings(DEMO=False):
        page = Client().get("/accounts/login/").content.decode()
    assert "data-demo-person" not in page
    assert notes.password not in page


def test_the_base_map_lies_where_the_map_looks(built: tuple[Path, Notes]) -> None:
    data, _ = built
    found = {file.name for file in (data / "map").iterdir()}
    assert {"1-ground.geojson", "2-network.geojson", "roads.json", "terrain.png", "terrain.json"} <= found
    bounds = json.loads((data / "map" / "terrain.json").read_text())["bounds"]
    root = Place.objects.get(kind="county")
    assert bounds[0] < (root.west or 0) < (root.east or 0) < bounds[2]
