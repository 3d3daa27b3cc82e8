"""A desk in Qinghe with two people who may sit at it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from anlan.apps.core import actions as core
from anlan.apps.core import selectors
from anlan.apps.incidents import actions
from anlan.apps.incidents.models import Shift
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from tests.world import World


@pytest.fixture
def second(world: World) -> World:
    """陈接, who relieves 赵值."""
    new = core.NewPerson("chenjie", "陈接", "江河安澜-Ninghai-2026")
    person = core.add_person(SYSTEM, new, "duty_officer", world.qinghe)
    return World(world.places, {**world.people, "陈接": person})


@pytest.fixture
def viewer(second: World) -> Callable[[str], Viewer]:
    """What a person of either county, or 陈接, may see and do."""
    return lambda name: selectors.viewer_of(second.people[name])


@pytest.fixture
def two_shifts(second: World) -> list[Shift]:
    """赵值 now and for eight hours, then 陈接."""
    now, hours = clock.now(), timedelta(hours=8)
    pairs = ((second.people["赵值"], now), (second.people["陈接"], now + hours))
    new = [actions.NewShift(second.qinghe.pk, person.pk, at, at + hours) for person, at in pairs]
    return actions.add_shifts(SYSTEM, new)
