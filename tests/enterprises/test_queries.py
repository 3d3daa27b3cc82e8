"""How many questions the pages of enterprises ask of the database: pinned, and the same however much there is."""

from collections.abc import Callable

import pytest
from django.test import Client

from anlan.apps.core.actions import add_place
from anlan.apps.enterprises.actions import EnterpriseSpec, add_chemicals, add_licences, register_enterprises
from anlan.apps.enterprises.models import Enterprise
from anlan.kit.grants import SYSTEM
from tests.enterprises.conftest import ammonia, days, licence
from tests.web.test_queries import asked
from tests.world import World

#: page -> queries for the inspector, session and frame of the page included
PAGES = {
    "/enterprises": 9,
    "/enterprises?substance=氨&near=西岭小学校": 10,
    "/enterprises/{plant}": 33,
    "/enterprises/{plant}?group=licences": 25,
    "/enterprises/{plant}?group=chemicals": 27,
    "/enterprises/{plant}/add?group=plans": 8,
    "/places/{plant}?tab=file": 32,
    "/desk?enterprise={plant}": 26,
}


def more(world: World) -> None:
    """Nine more enterprises, and a longer file."""
    for number in range(9):
        place = add_place(SYSTEM, world.dongguan, "enterprise", f"新厂 {number}", sector="dust")
        register_enterprises(SYSTEM, [EnterpriseSpec(place_id=place.pk, size="小型", industry="1312")])
        add_chemicals(SYSTEM, [ammonia(place.pk)])
    add_licences(SYSTEM, [licence(world.plant.pk, days(n), number=f"M{n}") for n in range(-9, 9)])


@pytest.mark.parametrize("path", PAGES)
def test_the_questions_of_a_page_are_counted(
    world: World, firm: Enterprise, browser: Callable[[str], Client], path: str
) -> None:
    add_chemicals(SYSTEM, [ammonia(world.reactor.pk)])
    add_licences(SYSTEM, [licence(world.plant.pk, days(5))])
    client, address = browser("李巡"), path.format(plant=world.plant.pk)
    client.get(address)
    few = asked(client, address)
    more(world)
    assert (few, asked(client, address)) == (PAGES[path], PAGES[path])
