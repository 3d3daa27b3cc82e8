"""Ways round the scope that a suspicious reader would try: what is told by the side, later, or through a program."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import Grant, Place
from anlan.apps.enterprises import actions as enterprises
from anlan.apps.enterprises import selectors as files
from anlan.apps.exchange import actions as exchange
from anlan.apps.exchange import selectors as imports
from anlan.apps.monitoring import actions as monitoring
from anlan.kit import clock
from anlan.kit.errors import NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.kit.lookups import COMMON, RARE
from tests.world import World

Viewing = Callable[[str], Viewer]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def by_token(viewer: Viewer, **details: Any) -> Viewer:
    """What a program sees that shows such a token."""
    spec = actions.TokenSpec("程序", clock.now() + timedelta(days=1), read_only=False, **details)
    return selectors.viewer_of_token(actions.add_token(viewer, spec)[0])


def test_taking_an_import_back_names_nothing_that_one_may_no_longer_see(world: World, viewer: Viewing) -> None:
    mine = viewer("王安")
    rows = "名称,类别,上级\n新区,区域,恒泰化工厂\n"
    run = exchange.hand_in(mine, "places", SimpleUploadedFile("名单.csv", rows.encode()))
    actions.run_due("tests")
    exchange.ask_to_publish(mine, run.pk)
    actions.run_due("tests")
    actions.add_place(SYSTEM, Place.objects.get(name="新区"), "unit", "机密装置")
    with pytest.raises(Refused, match="其下已有“机密装置”"):
        exchange.ask_to_undo(mine, run.pk)
    Grant.objects.filter(person=world.people["王安"]).update(place=world.depot)
    with pytest.raises(Refused, match="其下已有别的场所") as told:
        exchange.ask_to_undo(viewer("王安"), run.pk)
    assert "机密" not in str(told.value)


def test_an_export_does_not_tell_the_code_of_a_gateway_above(world: World, viewer: Viewing) -> None:
    source, _key = monitoring.add_source(SYSTEM, world.park.pk, "park-gateway", "园区网关")
    monitoring.add_tag(SYSTEM, source.pk, monitoring.TagSpec(world.valve.pk, "T1", "温度"))
    assert [row[0] for row in imports.exported(viewer("王安"), "tags")] == [""]
    assert [row[0] for row in imports.exported(SYSTEM, "tags")] == ["park-gateway"]


def test_a_document_made_with_more_rights_is_not_fetched_with_less(world: World, viewer: Viewing) -> None:
    whole = viewer("李巡")
    job = enterprises.ask_for_export(whole, world.plant.pk, "xlsx")
    narrow = by_token(whole, place_id=world.plant.pk, capabilities=["enterprise.view"])
    with pytest.raises(NotInScope):
        files.export(narrow, job.pk)
    own = enterprises.ask_for_export(narrow, world.plant.pk, "xlsx")
    assert files.export(narrow, own.pk).place == world.plant and files.export(whole, own.pk)


def test_what_a_narrow_token_has_made_in_the_background_is_made_with_its_rights(world: World, viewer: Viewing) -> None:
    narrow = by_token(viewer("李巡"), capabilities=["enterprise.view"])
    behind = selectors.viewer_behind(world.people["李巡"], narrow.token_id)
    assert behind.may("enterprise.view", world.plant.path, "chemical")
    assert not behind.may("place.view", world.plant.path, "chemical")
    actions.revoke_token(viewer("李巡"), narrow.token_id or 0)
    assert not selectors.viewer_behind(world.people["李巡"], narrow.token_id).may_anywhere("enterprise.view")


def test_a_wide_scope_asks_the_same_as_a_narrow_one(world: World, viewer: Viewing) -> None:
    """The hint to the planner changes what is asked first, never what is found."""
    county, plant = viewer("李巡"), viewer("王安")
    assert (county.scopes[0].hint, plant.scopes[0].hint) == (COMMON, RARE)
    for who, top in ((county, world.qinghe), (plant, world.plant)):
        plain = Place.objects.filter(path__startswith=top.path)
        assert set(selectors.places(who).values_list("pk", flat=True)) == set(plain.values_list("pk", flat=True))
