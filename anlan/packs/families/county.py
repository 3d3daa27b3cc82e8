"""A large invented county: its towns, the trades of its enterprises, where they can stand, and how all get their names.

What is generated from it, from a fixed seed, is ``anlan.cli.demonstration.lan``; the land itself was drawn before by
``scripts/county`` and lies in files beside the pack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import DataFile, Ref, Spaced, Unique

IDS = "demo/lan"

#: Large, medium, small: of an enterprise and of the site that it needs.
Size = Literal["L", "M", "S"]


@dataclass(frozen=True)
class Town:
    """``x``, ``y``: its middle, metres [m] east and north of the county's origin."""

    key: Annotated[str, Unique()]
    name: Annotated[str, Unique()]
    code: str
    x: float
    y: float
    population: int
    character: str


@dataclass(frozen=True)
class Trade:
    """A kind of enterprise: ``count`` of them, at sites of ``zones``, of ``sizes`` in turn (``LMS``).

    ``parents`` are the places of the sector's objects that it has; ``names``, parted by ``|``, how its firm names end
    or, with ``{county}``, ``{town}``, ``{village}``, ``{brand}`` or ``{number}`` in them, what they are.
    ``monitored`` [%]: how many have a gateway.
    """

    key: Annotated[str, Unique()]
    kind: Literal["enterprise", "public_object"]
    sector: str
    parents: Annotated[tuple[str, ...], Spaced()]
    industry: Annotated[str, Ref("core/industries", "industries.code")]
    names: str
    count: int
    zones: Annotated[tuple[str, ...], Spaced()]
    sizes: str
    monitored: int


@dataclass(frozen=True)
class Site:
    """A plot beside a road: a rectangle of ``width`` along it and ``depth`` [m] behind, its corner at ``x``, ``y`` [m].

    ``angle`` [degree] turns it anticlockwise about that corner; ``grid`` is the key of the grid it lies in.
    """

    key: Annotated[str, Unique()]
    zone: str
    size: Size
    grid: str
    road: str
    x: float
    y: float
    width: float
    depth: float
    angle: float


@dataclass(frozen=True)
class Brands:
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True)
class PeopleNames:
    surnames: tuple[str, ...]
    given: tuple[str, ...]


@dataclass(frozen=True)
class Shares:
    """Per mille of the risk points that are assessed at these levels; the others are low."""

    serious: int
    general: int


@dataclass(frozen=True)
class Levels:
    heavy: Shares
    light: Shares
    unassessed: int


@dataclass(frozen=True)
class Major:
    """A risk point of level major: the first of an object of the sector's pack, or the first of all."""

    enterprise: str
    object: str | None = None


@dataclass(frozen=True)
class SizeWords:
    """``points``: fewest and most risk points; ``staff``: people."""

    name: str
    points: tuple[int, ...]
    staff: tuple[int, ...]


@dataclass(frozen=True)
class Wind:
    """A share of the year's hours: blowing from a direction [degree], stability class A to F, speed [m/s]."""

    from_degree: float
    stability: str
    speed: float
    share: float


@dataclass(frozen=True)
class StaffGrant:
    """One grant of a person, who has as many rows; none without a role. Days count from the start of the demo."""

    username: str
    name: str
    group: str
    role: Annotated[str, Ref("core/roles", "roles")] | None = None
    place: str | None = None
    sectors: Annotated[tuple[str, ...], Spaced()] = ()
    since_days: int | None = None
    until_days: int | None = None


@dataclass(frozen=True)
class Holding:
    """What an enterprise of a trade (or sector, ``of``) holds: from ``low`` to ``high`` [t].

    ``category``: its symbol of GB 18218, where that does not name the substance.
    """

    of: str
    name: str
    role: str
    site: str
    state: str
    low: float
    high: float
    cas: str | None = None
    category: Annotated[str, Ref("chemicals/gb18218", "categories.symbol")] | None = None


@dataclass(frozen=True)
class Machine:
    """Equipment of a trade or sector; ``share`` [%] of them have it; ``values`` as ``key=value`` parted by spaces."""

    of: str
    category: str
    name: str
    share: int
    type: str | None = None
    medium: str | None = None
    values: Annotated[tuple[str, ...], Spaced()] = ()


@dataclass(frozen=True)
class Permit:
    """A licence of a trade or sector (``*`` = of all); ``years`` 0 = for ever."""

    of: str
    name: str
    issuer: str
    years: int


@dataclass(frozen=True)
class Qualification:
    """A certificate that people of a trade or sector (``*`` = of all) hold."""

    of: str
    category: str
    work_type: str | None = None


@dataclass(frozen=True)
class ContractorWords:
    name: str
    work: str
    type: str


@dataclass(frozen=True)
class County:
    """``outlines``, ``objects``: GeoJSON as ``scripts/county`` writes it; its map layers lie in ``lan/map``."""

    seed: int
    name: str
    code: str
    origin: tuple[float, ...]
    stands_on: str
    towns: tuple[Town, ...]
    trades: tuple[Trade, ...]
    sites: tuple[Site, ...]
    wind: tuple[Wind, ...]
    staff: tuple[StaffGrant, ...]
    outlines: Annotated[str, DataFile()]
    objects: Annotated[str, DataFile()]
    chemicals: tuple[Holding, ...]
    equipment: tuple[Machine, ...]
    licences: tuple[Permit, ...]
    certificates: tuple[Qualification, ...]
    contractors: tuple[ContractorWords, ...]
    brands: Brands
    people: PeopleNames
    areas: Mapping[str, str]
    numbered: tuple[str, ...]
    levels: Levels
    major: tuple[Major, ...]
    sizes: Mapping[str, SizeWords]


SHAPE = County


def load(on: date) -> County:
    return load_as(County, "demo/lan", on).body
