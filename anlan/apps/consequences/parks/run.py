"""A study as a run of :mod:`anlan.kit.park`: its sources with their leaks, the people about them, what is protected.

Everybody and everything about the sources counts, whoever asks; what a reader is told by name is the selectors'
business.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from anlan.apps.consequences.parks import kept
from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks.specs import SourceSpec
from anlan.apps.consequences.sites import boxed, middle
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.kernels.qra.layout import Floats
from anlan.kernels.validity import OutOfRange
from anlan.kit import population
from anlan.kit.accident.ground import METRES, Frame
from anlan.kit.errors import BadInput
from anlan.kit.grants import SYSTEM
from anlan.kit.park import installation
from anlan.kit.park.inputs import Criteria, GridInput, People, Reading, Run, Source, Target, Weather, WeatherClass
from anlan.kit.park.installation import LeftOut
from anlan.kit.park.limits import NATIONAL
from anlan.packs.families import park_study, public_objects
from anlan.packs.families.park_study import ParkStudy as Pack
from anlan.rules import paths
from anlan.rules.refusal import Refusal

#: Each sector of the rose is cut into so many directions, so that contours show no spokes.
PARTS = 5
PUBLIC, WORK, HOME = "public", "work", "home"
_CAPTION = "study"


@dataclass(frozen=True)
class Protected:
    """What is protected: a public object, another enterprise, or a square of homes. ``persons`` who are there."""

    kind: str
    place_id: int | None
    category: str
    longitude: float
    latitude: float
    persons: float


@dataclass(frozen=True)
class Made:
    """A study ready to be computed. ``sources`` and ``protected`` in the order of the run's; ``homes``: so many of the
    run's people, the first, live there, the others work there."""

    reading: Reading
    frame: Frame
    sources: tuple[ParkSource, ...]
    protected: tuple[Protected, ...]
    left_out: tuple[LeftOut, ...]
    residents: float | None
    homes: int


def spec_of(one: ParkSource) -> SourceSpec:
    """What is written of a source."""
    return SourceSpec(
        name=one.name, longitude=one.longitude, latitude=one.latitude, substance=one.substance, mass=one.mass,
        equipment=one.equipment, holes=tuple(one.holes), place_id=one.place_id, temperature=one.temperature,
        pressure=one.pressure, head=one.head, bund=one.bund, amount=one.amount, pipe=one.pipe, duration=one.duration,
        escalation=one.escalation, volume=one.volume,
    )  # fmt: skip


def weather_of(study: ParkStudy) -> tuple[WeatherClass, ...]:
    return tuple(WeatherClass(**{**one, "rose": tuple(one["rose"])}) for one in study.weather)


def make(
    study: ParkStudy,
    on: date,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    extra: Sequence[ParkSource] = (),
    counted: bool = True,
) -> Made:
    """Put a study together; ``progress`` hears of each source. Raises BadInput with what cannot be computed.

    ``extra``: sources that are not the study's (a proposed project's); the grid reaches around them too. Not
    ``counted``: the same without them, to be compared cell by cell and target by target.
    """
    own = tuple(study.sources.filter(ended=None).select_related("place").order_by("pk"))
    if not own:
        fix = "从企业档案里选，或在图上添加一个风险源。"
        raise BadInput(Refusal("park.no_sources", "这个评价还没有风险源。", fix))
    every = (*own, *extra)
    rows = every if counted else own
    pack, frame = park_study.load(on), _frame(own)
    grid = _grid(study, *frame.local([row.longitude for row in every], [row.latitude for row in every]), pack)
    sources, left = _sources(rows, frame, weather_of(study), on, progress)
    homes, residents = _residents(frame, grid, pack)
    people = [*homes, *_workers(frame, grid, every, pack)]
    protected = tuple(_protected(frame, grid, every, pack, on))
    run = Run(
        study.name, grid, Weather(weather_of(study), PARTS), sources,
        Criteria(pack.contours, NATIONAL, "new" if study.stage == "new" else "in_service"), tuple(people),
        targets=tuple(_target(number, one, frame) for number, one in enumerate(protected)),
    )  # fmt: skip
    reading = Reading(run, Path(_CAPTION), {})
    return Made(reading, frame, rows, protected, left, residents, len(homes))


def _sources(
    rows: Sequence[ParkSource],
    frame: Frame,
    skies: Sequence[WeatherClass],
    on: date,
    progress: Callable[[int, int], None],
) -> tuple[tuple[Source, ...], tuple[LeftOut, ...]]:
    east, north = frame.local([row.longitude for row in rows], [row.latitude for row in rows])
    sources, left = list[Source](), list[LeftOut]()
    for number, row in enumerate(rows):
        source, refused = _source(row, (float(east[number]), float(north[number])), skies, on)
        name = _unlike(row.name, sources)
        sources.append(replace(source, name=name, plant=row.place.name if row.place else ""))
        left += refused
        progress(number + 1, len(rows))
    return tuple(sources), tuple(left)


def _frame(rows: Sequence[ParkSource]) -> Frame:
    """Local metres about the middle of the sources: x to the east, y to the north."""
    box = [(min(values) + max(values)) / 2 for values in zip(*((row.longitude, row.latitude) for row in rows))]  # noqa: B905
    return Frame(round(box[0], 6), round(box[1], 6))


def _source(
    row: ParkSource, at: tuple[float, float], skies: Sequence[WeatherClass], on: date
) -> tuple[Source, tuple[LeftOut, ...]]:
    try:
        return installation.as_source(spec_of(row).installation(), at, skies, on, kept.effects())
    except (OutOfRange, KeyError, ValueError) as error:
        told = {"source": row.name, "why": str(error.args[0] if error.args else error)[:200]}
        fix = "请打开这个风险源，检查物质、储存量、温度、压力和设备。"
        raise BadInput(Refusal("park.source", "“{source}”不能计算：{why}。", fix, told)) from error


def _unlike(name: str, others: Sequence[Source]) -> str:
    """The name, with a number where another source has it: chains are told by names."""
    taken, number, made = {one.name for one in others}, 1, name
    while made in taken:
        number += 1
        made = f"{name} ({number})"
    return made


def _grid(study: ParkStudy, east: Floats, north: Floats, pack: Pack) -> GridInput:
    west, south = east.min() - study.margin, north.min() - study.margin
    columns = max(int(np.ceil((east.max() + study.margin - west) / study.cell)), 2)
    rows = max(int(np.ceil((north.max() + study.margin - south) / study.cell)), 2)
    if columns * rows > pack.most_cells or max(columns, rows) > 5000:
        told = {"cells": f"{columns * rows:,}", "most": f"{pack.most_cells:,}"}
        fix = "请把相距很远的风险源分到几个评价，或用较大的网格。"
        raise BadInput(Refusal("park.too_large", "网格有 {cells} 格，最多 {most} 格。", fix, told))
    return GridInput(float(west), float(south), study.cell, columns, rows)


def _box(frame: Frame, grid: GridInput) -> tuple[float, float, float, float]:
    """West, south, east, north of the grid [degree]."""
    east, north = grid.west + grid.columns * grid.cell, grid.south + grid.rows * grid.cell
    shrunk = METRES * float(np.cos(np.radians(frame.latitude)))
    west_east = (frame.longitude + grid.west / shrunk, frame.longitude + east / shrunk)
    return west_east[0], frame.latitude + grid.south / METRES, west_east[1], frame.latitude + north / METRES


def _residents(frame: Frame, grid: GridInput, pack: Pack) -> tuple[list[People], float | None]:
    """Those of the population grid by their share of the year, and how many live there; None where nobody counted."""
    counted = population.grid()
    if counted is None or not counted.covers(frame.longitude, frame.latitude):
        return [], None
    here = counted.within(*_box(frame, grid))
    x, y = frame.local(here.lon, here.lat)
    radius = max(here.height * METRES / 2, grid.cell)
    persons = here.people * pack.presence.residents
    at = zip(x.tolist(), y.tolist(), persons.tolist(), strict=True)
    return [People("", *each, radius=radius) for each in at], float(here.people.sum())


def _workers(frame: Frame, grid: GridInput, rows: Sequence[ParkSource], pack: Pack) -> Iterator[People]:
    """Those of other enterprises, by their share of the year."""
    for place, employed in _firms(_box(frame, grid), rows):
        x, y = frame.local(*middle(place))
        yield People("", float(x), float(y), employed * pack.presence.workers, 50.0)


def _firms(box: tuple[float, float, float, float], rows: Sequence[ParkSource]) -> Iterator[tuple[Place, int]]:
    """Enterprises without a source in the study, with how many work there."""
    own = {one for row in rows if row.place for one in paths.ancestor_ids(row.place.path)}
    for place in boxed(enterprises.enterprises(SYSTEM).filter(kind=PlaceKind.ENTERPRISE), box).defer("geometry"):
        facts = enterprises.facts_of(place)
        if place.pk not in own and facts is not None and facts.employees:
            yield place, facts.employees


def _protected(frame: Frame, grid: GridInput, rows: Sequence[ParkSource], pack: Pack, on: date) -> Iterator[Protected]:
    box, sorts = _box(frame, grid), public_objects.load(on)
    public = core.places(SYSTEM, kinds=[PlaceKind.PUBLIC_OBJECT]).select_related("enterprise").defer("geometry")
    for place in boxed(public, box):
        sort = sorts.sort_of(place.name)
        category = pack.category_of(sorts.sorts[sort].code) if sort >= 0 else ""
        facts = enterprises.facts_of(place)
        if category:
            yield Protected(PUBLIC, place.pk, category, *middle(place), float((facts and facts.employees) or 0))
    for place, employed in _firms(box, rows):
        category = park_study.by_size(pack.workplaces, employed)
        if category:
            yield Protected(WORK, place.pk, category, *middle(place), float(employed))
    yield from _homes(frame, box, pack)


def _homes(frame: Frame, box: tuple[float, float, float, float], pack: Pack) -> Iterator[Protected]:
    """Squares in which people live, each at the middle of its people."""
    counted = population.grid()
    if counted is None:
        return
    here = counted.within(*box)
    x, y = frame.local(here.lon, here.lat)
    square = np.floor(np.column_stack((x, y)) / pack.homes.square)
    _, number = np.unique(square, axis=0, return_inverse=True)
    persons = np.bincount(number.ravel(), here.people)
    weight = np.maximum(persons, 1)
    lon, lat = (np.bincount(number.ravel(), part * here.people) / weight for part in (here.lon, here.lat))
    for each, east, north in zip(persons.tolist(), lon.tolist(), lat.tolist(), strict=True):
        if each >= pack.homes.least:
            yield Protected(HOME, None, park_study.by_size(pack.homes.classes, each), east, north, each)


def _target(number: int, one: Protected, frame: Frame) -> Target:
    x, y = frame.local(one.longitude, one.latitude)
    return Target(str(number), float(x), float(y), one.category)
