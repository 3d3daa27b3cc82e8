"""Whatever is typed into the forms of a park's study and of a project's installations is kept or refused in words."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from anlan.apps.consequences.models import ParkSource
from anlan.apps.consequences.parks import actions as studies
from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec
from anlan.apps.parks import actions
from anlan.kit.grants import SYSTEM
from tests.parks.parts import proposed
from tests.world import World

Browser = Callable[[str], Client]
Form = dict[str, object]
HOSTILE = ("", "NaN", "-1e400", "9" * 400, "²", "<b>'\"%00\u202e💥" * 20)
TANK = SourceSpec("氯罐", 120.045, 30.005, "7782-50-5", 5e3, "pressure-vessel", ("10mm",))
STUDY: Form = {
    "name": "评价", "stage": "new", "margin": "1500", "cell": "50", "class-0": "D", "wind-0": "3", "share-0": "100",
    "rose-0": " ".join(["1"] * 16), "domino": "on",
}  # fmt: skip
SOURCE: Form = {
    "name": "氯罐", "place": "", "substance": "氯", "tonnes": "5", "celsius": "20", "megapascal": "", "head": "2",
    "bund": "", "equipment": "pressure-vessel", "holes": ["pressure-vessel/10mm"], "amount": "1", "millimetres": "",
    "minutes": "30", "escalation": "pressurised", "volume": "10", "longitude": "120.045", "latitude": "30.005",
}  # fmt: skip
SPOT: Form = {"longitude": "120.045", "latitude": "30.005"}


def spoilt(form: Form) -> Iterator[tuple[str, Form]]:
    """The form with one field after the other spoilt in every way, and without it."""
    for name in form:
        for value in HOSTILE:
            yield f"{name}={value[:12]}", form | {name: value}
        yield f"no {name}", {key: value for key, value in form.items() if key != name}


def addresses(world: World) -> list[tuple[str, Form]]:
    study = studies.add_study(SYSTEM, world.park.pk, StudySpec("园区评价"))
    studies.add_sources(SYSTEM, study.pk, [TANK])
    source, project = ParkSource.objects.get(), proposed(world)
    actions.add_installations(SYSTEM, project.pk, [TANK])
    return [
        (f"/places/{world.park.pk}/parks/new", STUDY), (f"/consequences/parks/{study.pk}/edit", STUDY),
        (f"/consequences/parks/{study.pk}/sources/held", {"holding": "1"}),
        (f"/consequences/park-sources/{source.pk}/move", SPOT),
        (f"/consequences/park-sources/{source.pk}", SOURCE), (f"/consequences/parks/{study.pk}/sources/new", SOURCE),
        (f"/projects/{project.pk}/installations/1", SOURCE), (f"/projects/{project.pk}/installations/new", SOURCE),
    ]  # fmt: skip


def sent(client: Client, address: str, form: Form, every: int = 1) -> None:
    """Every spoilt form (or each ``every``-th) is answered: an error that nobody caught would be raised here."""
    for what, body in list(spoilt(form))[::every]:
        answer = client.post(address, body)
        assert answer.status_code in (200, 302, 409, 422), (address, what, answer.status_code)


def test_a_study_and_the_place_of_a_source_take_anything(world: World, browser: Browser) -> None:
    client = browser("李巡")
    for address, form in addresses(world)[1:4]:
        sent(client, address, form, every=11)


@pytest.mark.prove
def test_every_form_of_a_park_takes_anything(world: World, browser: Browser) -> None:
    client = browser("李巡")
    for address, form in addresses(world):
        sent(client, address, form)


def test_numbers_that_are_none_are_said_at_their_field(world: World, browser: Browser) -> None:
    client = browser("李巡")
    for address, form in addresses(world)[-2:]:
        for name, value in (("tonnes", "NaN"), ("longitude", "-1e400"), ("volume", "²")):
            answer = client.post(address, form | {name: value})
            assert answer.status_code == 422, (address, name, value)
            assert "field-error" in answer.content.decode()
