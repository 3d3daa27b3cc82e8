"""Writes the plan through the product's own actions: first what the first pages need, then the other enterprises.

``begin`` builds divisions, lines, public objects, the park with its three plants, the enterprises at which somebody has
a grant, and all people; people can sign in then. ``go_on`` adds the other enterprises, some in one short transaction,
and whatever has a colour; ``furnish`` what people open and read. Both pass over what is there already, so that a
broken-off start goes on where it stopped.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from anlan.apps.core.actions import NewPlace, add_places, join_zone
from anlan.apps.core.models import Place
from anlan.apps.enterprises import actions as files
from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags, renew_key
from anlan.apps.monitoring.models import Source
from anlan.cli.demonstration.lan import (
    basemap,
    fleet,
    park_study,
    parks,
    people,
    plants,
    ponds,
    records,
    scenarios,
    skies,
)
from anlan.cli.demonstration.lan.land import PARK, ZONES
from anlan.cli.demonstration.lan.model import EnterprisePlan, PlacePlan, SourcePlan
from anlan.cli.demonstration.lan.papers import Desk
from anlan.cli.demonstration.lan.plan import Plan, plan_of
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import levels
from anlan.rules.levels import Level

#: When the assessments were made, before the start of the demo.
ASSESSED_BEFORE = timedelta(days=45)
AT_ONCE = 10  # enterprises in one transaction

#: The park, among places.
PARK_CODE = "LAN-PARK"

Ids = dict[str, int]


def begin(data: Path) -> Notes:
    """Build what people see first into an empty database, all or nothing; returns passwords and keys."""
    now = clock.now()
    plan = plan_of(clock.day_of(now))
    notes = Notes(f"anlan-{secrets.token_hex(4)}", now.isoformat())
    wanted = people.places(plan.county)
    first = [each for each in plan.enterprises if each.key in wanted]
    with transaction.atomic():
        writer = _Writer(plan, now)
        writer.places([*plan.land.divisions(), *plan.land.things()])
        plants.add(writer.ids, plan.county.stands_on, now, notes)
        _zones(writer.ids)
        writer.enterprises(first)
        _gateways(plan, first, writer.ids, notes)
        skies.add(plan.county, writer.ids, now, notes)
        known = dict(Place.objects.filter(pk__in=writer.ids.values()).values_list("pk", "name"))
        people.add(plan.county, writer.ids, {key: known[pk] for key, pk in writer.ids.items()}, notes, now)
    basemap.put(plan.folder / "lan" / "map", data / "map")
    notes.save(data)
    return notes


def go_on(data: Path, notes: Notes, say: Callable[[int, int], None]) -> None:
    """Add the enterprises that are not there yet; ``say`` hears how many of how many there are."""
    now = datetime.fromisoformat(notes.begun)
    plan = plan_of(clock.day_of(now))
    there = set(Place.objects.exclude(code="").values_list("code", flat=True))
    rest = [each for each in plan.enterprises if each.code not in there]
    writer = _Writer(plan, now, _known(plan))
    total = len(plan.enterprises)
    for start in range(0, len(rest), AT_ONCE):
        some = rest[start : start + AT_ONCE]
        with transaction.atomic():
            writer.enterprises(some)
            _gateways(plan, some, writer.ids, notes)
        say(total - len(rest) + start + len(some), total)
    _lost_keys(plan, notes)
    notes.save(data)
    _papers(plan, now)
    fleet.add(plan, data, notes, now)
    ponds.add(plan, now)


def furnish(notes: Notes) -> None:
    """The rest of the files, scenarios, the park's study and desk."""
    now = datetime.fromisoformat(notes.begun)
    plan = plan_of(clock.day_of(now))
    records.add(_with_residents(plan, now), plan.county, clock.day_of(now))
    scenarios.add(plan.enterprises, clock.day_of(now))
    park_study.add(plan.county, Place.objects.get(code=PARK_CODE).pk)
    parks.add()


def _known(plan: Plan) -> Ids:
    """Ids of the divisions by key."""
    by_code = dict(Place.objects.exclude(code="").values_list("code", "pk"))
    return {each.key: by_code[each.code] for each in plan.land.divisions()}


class _Writer:
    """Turns plans into places and facts, and remembers ids by key."""

    def __init__(self, plan: Plan, now: datetime, ids: Ids | None = None) -> None:
        self._plan, self._now = plan, now
        self.ids: Ids = ids or {}
        self._words = levels.load(clock.day_of(now))

    def places(self, plans: Sequence[PlacePlan]) -> None:
        specs = [self._spec(each) for each in plans]
        added = add_places(SYSTEM, specs)
        self.ids |= {each.key: place.pk for each, place in zip(plans, added, strict=True)}
        raise_facts([self._fact(each) for each in plans if each.level is not Level.UNKNOWN])

    def enterprises(self, some: Iterable[EnterprisePlan]) -> None:
        self.places([place for each in some for place in each.places])

    def _spec(self, each: PlacePlan) -> NewPlace:
        parent = self.ids.get(each.parent, each.parent) if each.parent else None
        return NewPlace(
            each.kind, each.name, parent, each.key, each.code, each.sector, each.asset, geometry=each.geometry
        )

    def _fact(self, each: PlacePlan) -> NewFact:
        params = {"what": each.reason, "word": self._words.word("risk", each.level).text}
        happened = self._now - ASSESSED_BEFORE
        return NewFact(self.ids[each.key], "assessment", each.level, "风险评估：{what}，{word}", params, happened)


def _zones(ids: Mapping[str, int]) -> None:
    """The coast counts the park; the railway's belt counts its station."""
    zone, *_ = ZONES
    join_zone(SYSTEM, ids[PARK], ids[zone])


def _gateways(plan: Plan, some: Iterable[EnterprisePlan], ids: Mapping[str, int], notes: Notes) -> None:
    by_enterprise = {source.enterprise: source for source in plan.sources}
    for enterprise in some:
        if source := by_enterprise.get(enterprise.key):
            row, key = add_source(SYSTEM, ids[enterprise.key], source.code, source.name, source.kind)
            add_tags(SYSTEM, row.pk, list(_tags(source, ids)))
            notes.keys[source.code] = key


def _tags(source: SourcePlan, ids: Mapping[str, int]) -> Iterator[TagSpec]:
    for tag in source.tags:
        yield TagSpec(ids[tag.place], tag.code, tag.name, tag.unit, tag.decimals, tag.rank, tag.limits)


def _lost_keys(plan: Plan, notes: Notes) -> None:
    """Gateways whose keys were shown to a start that was broken off get new ones."""
    lost = {source.code for source in plan.sources} - notes.keys.keys()
    for row in Source.objects.filter(code__in=lost):
        notes.keys[row.code] = renew_key(SYSTEM, row.pk)


def _papers(plan: Plan, now: datetime) -> None:
    """The files of all enterprises that have none yet."""
    desk = Desk(plan.county, plan.land, clock.day_of(now))
    places = dict(Place.objects.filter(enterprise=None).exclude(code="").values_list("code", "pk"))
    without = [each for each in _with_residents(plan, now) if each.code in places]
    for start in range(0, len(without), AT_ONCE * 4):
        some = without[start : start + AT_ONCE * 4]
        _add_items([item for each in some for item in desk.items(each, places[each.code])])
        files.register_enterprises(SYSTEM, [desk.basics(each, places[each.code]) for each in some])


def _with_residents(plan: Plan, now: datetime) -> list[EnterprisePlan]:
    """All that have a file: the plan's enterprises and the park's three plants."""
    return [*plan.enterprises, *records.residents(plan.county, clock.day_of(now))]


def _add_items(items: Sequence[object]) -> None:
    files.add_licences(SYSTEM, [each for each in items if isinstance(each, files.LicenceSpec)])
    files.add_certificates(SYSTEM, [each for each in items if isinstance(each, files.CertificateSpec)])
    files.add_chemicals(SYSTEM, [each for each in items if isinstance(each, files.ChemicalSpec)])
    files.add_equipment(SYSTEM, [each for each in items if isinstance(each, files.EquipmentSpec)])
    files.add_contractors(SYSTEM, [each for each in items if isinstance(each, files.ContractorSpec)])
