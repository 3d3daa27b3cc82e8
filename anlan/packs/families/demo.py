"""An invented county: its places, people, sources, and the story that its plants play."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import DataFile, Ref, Unique
from anlan.rules.levels import Level

IDS = "demo/county"


@dataclass(frozen=True)
class Assessment:
    """A risk assessment. ``reason`` says what was assessed and how."""

    level: Level
    reason: str


@dataclass(frozen=True)
class PlaceSpec:
    """A place and what lies below it.

    Geometry is one of: ``outline`` (a key of the outlines file), ``box`` (west, south, width, height) or ``spot``
    (x, y), both in metres [m] from the county's origin, or, inside an enterprise, from its corner. ``layout`` puts a
    layout's places below; ``reassessed`` replaces assessments of an enterprise's places, by name. ``part`` is the part
    of a plant whose tags sit here.
    """

    kind: str
    name: str
    key: str = ""
    code: str = ""
    sector: str = ""
    outline: str = ""
    box: tuple[float, ...] = ()
    spot: tuple[float, ...] = ()
    part: str = ""
    layout: Annotated[str, Ref("", "layouts")] | None = None
    assessment: Assessment | None = None
    reassessed: Mapping[str, Assessment] = field(default_factory=dict)
    children: tuple["PlaceSpec", ...] = ()

    def problems(self) -> Iterable[str]:
        if self.box and len(self.box) != 4:
            yield f"{self.name} 的 box 应是四个数：西、南、宽、高"
        if self.spot and len(self.spot) != 2:
            yield f"{self.name} 的 spot 应是两个数：东、北"


@dataclass(frozen=True)
class GrantSpec:
    role: Annotated[str, Ref("core/roles", "roles")]
    place: str
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonSpec:
    username: Annotated[str, Unique()]
    name: str
    grants: tuple[GrantSpec, ...]
    phone: str = ""


@dataclass(frozen=True)
class Scene:
    """Minutes ``start`` … ``end`` [min] of a recording; no end = all of it."""

    recording: str
    start: int = 0
    end: int | None = None


@dataclass(frozen=True)
class SourceSpec:
    """A plant's gateway and what it plays, over and over."""

    code: Annotated[str, Unique()]
    name: str
    kind: Literal["http", "mqtt"]
    place: str
    sector: str
    scenes: tuple[Scene, ...]
    history_offset_h: int = 0


@dataclass(frozen=True)
class County:
    """``speed``: process seconds in one second of the clock. ``missing_s`` [s] replaces the tags' own, clock time."""

    origin: tuple[float, ...]
    outlines: Annotated[str, DataFile()]
    basemap: Annotated[str, DataFile()]
    layouts: Mapping[str, tuple[PlaceSpec, ...]]
    root: PlaceSpec
    zones: Mapping[str, tuple[str, ...]]
    people: tuple[PersonSpec, ...]
    speed: int
    missing_s: float
    sources: tuple[SourceSpec, ...]

    def problems(self) -> Iterable[str]:
        known = {place.key for place in every(self.root) if place.key}
        used = [(grant.place, person.name) for person in self.people for grant in person.grants]
        used += [(source.place, source.name) for source in self.sources]
        used += [(key, "zones") for zone, members in self.zones.items() for key in (zone, *members)]
        for key, where in used:
            if key not in known:
                yield f"{where} 用到的场所 {key} 不存在，请更正或在 root 里补上 key"


SHAPE = County


def every(place: PlaceSpec) -> Iterable[PlaceSpec]:
    """A place and all below it, layouts not spread out."""
    yield place
    for child in place.children:
        yield from every(child)


def load(name: str, on: date) -> County:
    return load_as(County, f"demo/{name}", on).body
