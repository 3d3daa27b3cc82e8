"""Whether a study counts what chains add: more risk where it does, with whose doing it is; none where it does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from anlan.apps.consequences.models import ParkStudy
from anlan.apps.consequences.parks import actions, computing, selectors
from anlan.apps.consequences.parks.specs import SourceSpec
from anlan.kit.grants import SYSTEM
from tests.consequences.test_park_study import CHLORINE, LAT, LON, METRE, STUDY
from tests.world import World

pytestmark = pytest.mark.usefixtures("own_folder")

SPHERE = replace(
    CHLORINE, name="球罐", substance="74-98-6", mass=150e3, holes=("10min",), amount=1.0, escalation="pressurised",
    volume=350.0,
)  # fmt: skip


def spheres(world: World, *, domino: bool | None) -> ParkStudy:
    """Two spheres side by side, which bring each other down."""
    study = actions.add_study(SYSTEM, world.park.pk, replace(STUDY, domino=domino))
    rows: list[SourceSpec] = [replace(SPHERE, longitude=LON + 35 * METRE * step) for step in range(2)]
    actions.add_sources(SYSTEM, study.pk, rows)
    computing.compute_study(study.pk, lambda done, total: None)
    study.refresh_from_db()
    return study


def test_a_study_counts_chains_unless_it_says_otherwise(world: World) -> None:
    counted, plain = spheres(world, domino=None), spheres(world, domino=False)
    assert (counted.domino, plain.domino) == (True, False)
    at = (LON, LAT + 60 * METRE)
    (more, shares), (less, alone) = selectors.shares(counted, *at), selectors.shares(plain, *at)
    assert more > less > 0
    told = selectors.told(counted)
    assert told is not None and told["chains"]["in_risk"]
    fallen = {one["source"]: one["added"] / one["own"] for one in told["chains"]["fallen"]}
    assert more / less == pytest.approx(1 + fallen[0], rel=1e-3)  # both spheres alike: all grows by the same share
    assert told["societal"]["added"] <= told["societal"]["pll"]
    assert shares[0].by == ("球罐 (2)",) and shares[0].added == pytest.approx(fallen[0] / (1 + fallen[0]), rel=1e-3)
    assert (alone[0].by, alone[0].added) == ((), 0.0)


def test_the_page_says_what_chains_add_and_whose_doing_it_is(world: World, browser: Callable[[str], Client]) -> None:
    counted, client = spheres(world, domino=True), browser("李巡")
    page = client.get(f"/consequences/parks/{counted.pk}").content.decode()
    assert "已计入多米诺效应" in page and "其中多米诺效应占" in page
    point = client.get(f"/consequences/parks/{counted.pk}/point?lon={LON}&lat={LAT + 60 * METRE}").content.decode()
    assert "因球罐 (2)先出事波及" in point
    form = client.get(f"/consequences/parks/{counted.pk}/edit").content.decode()
    assert 'name="domino"' in form and "计入多米诺效应" in form
    actions.edit_study(SYSTEM, counted.pk, replace(STUDY, domino=False))
    computing.compute_study(counted.pk, lambda done, total: None)
    assert "没有计入多米诺效应" in client.get(f"/consequences/parks/{counted.pk}").content.decode()
