"""The park's three Tennessee Eastman plants, as the small county's pack describes them, in this county's park."""

from dataclasses import replace
from datetime import datetime

from anlan.apps.core.models import Place
from anlan.apps.ledger.actions import raise_facts
from anlan.cli.demonstration import county as small
from anlan.cli.demonstration.geometry import Ground
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.packs.families.demo import PlaceSpec, every

PARK = "park"


def add(ids: dict[str, int], stands_on: str, now: datetime, notes: Notes) -> None:
    """Add the plants with their assessments, gateways and tags; their ids join ``ids``."""
    assert stands_on == small.NAME
    known, folder = small.county_of(clock.day_of(now))
    building = small.Building(known, Ground(known.origin, folder / known.outlines), now)
    park = Place.objects.get(pk=ids[PARK])
    for spec in next(each for each in every(known.root) if each.key == PARK).children:
        small.put_place(building, _in_trade(spec), park, None)
    raise_facts(building.facts)
    for source in known.sources:
        notes.keys[source.code] = small.put_source(building, source)
    ids.update({key: place.pk for key, place in building.places.items() if key})


def _in_trade(spec: PlaceSpec) -> PlaceSpec:
    """The plants belong to the trade whose pack this product ships."""
    return replace(spec, sector="hazchem")
