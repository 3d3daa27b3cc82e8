"""How far an installation has to be from people, neighbours and water."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "chemicals/site_distances"


@dataclass(frozen=True)
class Facility:
    key: Annotated[str, Unique()]
    name: Annotated[str, Unique()]


@dataclass(frozen=True)
class Target:
    """What is kept away from: ``sorts`` of public objects, ``kinds`` of places, ``classes`` of the base map."""

    key: Annotated[str, Unique()]
    name: str
    sorts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Distance:
    """``metres`` [m] between a facility and the nearest point of a target."""

    facility: str
    target: str
    metres: float
    basis: str
    clause: str
    verified: bool

    def problems(self) -> Iterable[str]:
        if self.metres <= 0:
            yield f"{self.facility} 与 {self.target} 的距离应大于 0"


@dataclass(frozen=True)
class SiteDistances:
    """``search_metres``: how far around targets are looked for [m]."""

    search_metres: float
    facilities: tuple[Facility, ...]
    targets: tuple[Target, ...]
    distances: tuple[Distance, ...]

    def required(self, facility: str, target: str) -> Distance | None:
        return next((one for one in self.distances if (one.facility, one.target) == (facility, target)), None)

    def facility(self, key: str) -> Facility | None:
        return next((one for one in self.facilities if one.key == key), None)

    def problems(self) -> Iterable[str]:
        facilities, targets = {one.key for one in self.facilities}, {one.key for one in self.targets}
        for one in self.distances:
            if one.facility not in facilities or one.target not in targets:
                yield f"距离表的 {one.facility}、{one.target} 应是 facilities 和 targets 的 key"
            if one.metres > self.search_metres:
                yield f"{one.facility} 与 {one.target} 的距离大于 search_metres，找不全目标"


SHAPE = SiteDistances


def load(on: date) -> SiteDistances:
    return load_as(SiteDistances, IDS, on).body
