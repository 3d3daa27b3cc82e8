"""The county's weather stations, each with a gateway of its own: what the consequences of an accident take their wind
from."""

from collections.abc import Mapping
from datetime import datetime

from anlan.apps.core.actions import NewPlace, add_places
from anlan.apps.core.models import Place
from anlan.apps.core.selectors import subtree
from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags
from anlan.apps.monitoring.models import Source
from anlan.cli.demonstration.lan.ground import Ground
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import demo_skies, levels
from anlan.packs.families.county import County
from anlan.packs.families.demo_skies import Skies, Station
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level

REASON = "测风塔登高作业坠落，按风险矩阵法评估"


def add(county: County, ids: Mapping[str, int], now: datetime, notes: Notes) -> None:
    """Add the stations that are not there yet; their gateways' keys join the notes."""
    pack = demo_skies.load(clock.day_of(now))
    there = set(Source.objects.filter(code__in=[one.key for one in pack.stations]).values_list("code", flat=True))
    for one in pack.stations:
        if one.key not in there:
            _add(pack, one, _place(county, one, ids, now), notes)


def _place(county: County, one: Station, ids: Mapping[str, int], now: datetime) -> Place:
    """Where it stands: a public object of its own, or a place that is there already."""
    parent = ids[one.parent]
    if one.on:
        return subtree(Place.objects.get(pk=parent).path).get(name=one.on)
    spot = {"type": "Point", "coordinates": Ground(county.origin).degrees(*one.at)}
    (place,) = add_places(SYSTEM, [NewPlace("public_object", one.name, parent, one.key, geometry=spot)])
    word = levels.load(clock.day_of(now)).word("risk", Level.LOW).text
    params = {"what": REASON, "word": word}
    raise_facts([NewFact(place.pk, "assessment", Level.LOW, "风险评估：{what}，{word}", params, now)])
    return place


def _add(pack: Skies, one: Station, place: Place, notes: Notes) -> None:
    source, key = add_source(SYSTEM, place.pk, one.key, one.name)
    tags = [tag for tag in pack.tags if not one.seen or tag.code in one.seen]
    specs = [
        TagSpec(
            place.pk, tag.code, tag.name, tag.unit, tag.decimals,
            limits=Limits(missing_s=pack.missing_s, range_low=tag.low, range_high=tag.high),
        )
        for tag in tags
    ]  # fmt: skip
    add_tags(SYSTEM, source.pk, specs)
    notes.keys[one.key] = key
