"""Builds the invented county through the product's own actions, as people would, only faster."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from anlan.apps.core.actions import NewPerson, add_person, add_place, give_grant, join_zone
from anlan.apps.core.models import Place
from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags
from anlan.cli.demonstration.geometry import Ground, Shape
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs import loader
from anlan.packs.families import demo, levels, roles, tags
from anlan.packs.families.demo import Assessment, County, PlaceSpec, SourceSpec
from anlan.rules.alarms import Limits

#: When the assessments were made, before the start of the demo.
ASSESSED_BEFORE = timedelta(days=45)
NAME = "county"


@dataclass
class Building:
    """What exists so far."""

    county: County
    ground: Ground
    now: datetime
    places: dict[str, Place] = field(default_factory=dict)
    parts: dict[tuple[int, str], Place] = field(default_factory=dict)  # (enterprise, part) → place
    facts: list[NewFact] = field(default_factory=list)


def county_of(on: date) -> tuple[County, Path]:
    """The county's pack and the folder of its files."""
    pack = loader.load(f"demo/{NAME}", on)
    return demo.load(NAME, on), pack.file.parent


def build(data: Path) -> Notes:
    """Build the county into an empty database, all or nothing; returns passwords and keys."""
    now = clock.now()
    county, folder = county_of(clock.day_of(now))
    with transaction.atomic():
        building = Building(county, Ground(county.origin, folder / county.outlines), now)
        put_place(building, county.root, None, None)
        for zone, members in county.zones.items():
            for member in members:
                join_zone(SYSTEM, building.places[member].pk, building.places[zone].pk)
        raise_facts(building.facts)
        notes = Notes(f"anlan-{secrets.token_hex(4)}", now.isoformat())
        _people(building, notes)
        for source in county.sources:
            notes.keys[source.code] = put_source(building, source)
    _base_map(folder / county.basemap, data)
    notes.save(data)
    return notes


_Enterprise = tuple[Place, PlaceSpec]


def put_place(building: Building, spec: PlaceSpec, parent: Place | None, enterprise: _Enterprise | None) -> None:
    """Add a place, what was assessed there, and everything below it."""
    shape = _shape(building.ground, spec, enterprise[1].box[:2] if enterprise else (0.0, 0.0))
    place = add_place(SYSTEM, parent, spec.kind, spec.name, code=spec.code, sector=spec.sector, geometry=shape)
    building.places[spec.key] = place
    if enterprise and spec.part:
        building.parts[enterprise[0].pk, spec.part] = place
    assessment = enterprise[1].reassessed.get(spec.name, spec.assessment) if enterprise else spec.assessment
    if assessment:
        building.facts.append(_fact(building, place, assessment))
    if spec.kind == "enterprise":
        enterprise = (place, spec)
    for child in (*spec.children, *(building.county.layouts[spec.layout] if spec.layout else ())):
        put_place(building, child, place, enterprise)


def _shape(ground: Ground, spec: PlaceSpec, corner: tuple[float, ...]) -> Shape | None:
    if spec.outline:
        return ground.outline(spec.outline)
    if spec.box:
        west, south, width, height = spec.box
        return ground.box(corner[0] + west, corner[1] + south, width, height)
    return ground.spot(corner[0] + spec.spot[0], corner[1] + spec.spot[1]) if spec.spot else None


def _fact(building: Building, place: Place, assessment: Assessment) -> NewFact:
    happened = building.now - ASSESSED_BEFORE
    word = levels.load(clock.day_of(building.now)).word("risk", assessment.level).text
    params = {"what": assessment.reason, "word": word}
    return NewFact(place.pk, "assessment", assessment.level, "风险评估：{what}，{word}", params, happened)


def _people(building: Building, notes: Notes) -> None:
    known = roles.load(clock.day_of(building.now)).roles
    for spec in building.county.people:
        first = spec.grants[0] if spec.grants else None
        person = add_person(
            SYSTEM,
            NewPerson(spec.username, spec.name, notes.password, spec.phone),
            first.role if first else "",
            building.places[first.place] if first else None,
            first.sectors if first else (),
        )
        for grant in spec.grants[1:]:
            give_grant(SYSTEM, person, grant.role, building.places[grant.place], grant.sectors)
        said = [f"{building.places[grant.place].name}{known[grant.role].name}" for grant in spec.grants]
        notes.people[spec.username] = [spec.name, "、".join(said) or "没有任何权限的外人", "演示人员"]


def put_source(building: Building, spec: SourceSpec) -> str:
    """Add a gateway with its tags; returns its key."""
    place = building.places[spec.place]
    source, key = add_source(SYSTEM, place.pk, spec.code, spec.name, spec.kind)
    known = tags.load(spec.sector, clock.day_of(building.now)).tags
    add_tags(SYSTEM, source.pk, [_tag(building, tag, building.parts[place.pk, tag.part]) for tag in known])
    return key


def _tag(building: Building, tag: tags.TagSpec, place: Place) -> TagSpec:
    """A tag of the pack at its place; delays shortened as the replay is faster than the plant."""
    county = building.county
    limits = Limits(
        hh=tag.hh,
        h=tag.h,
        l=tag.l,
        ll=tag.ll,
        deadband=tag.deadband,
        on_delay_s=tag.on_delay_s / county.speed,
        off_delay_s=tag.off_delay_s / county.speed,
        missing_s=county.missing_s,
        range_low=tag.range_low,
        range_high=tag.range_high,
    )
    return TagSpec(place.pk, tag.code, tag.name, tag.unit, tag.decimals, tag.rank, limits)


def _base_map(drawn: Path, data: Path) -> None:
    """Put the county's base map where the map page looks for one."""
    target = data / "map" / "base.geojson"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(drawn.read_bytes())
