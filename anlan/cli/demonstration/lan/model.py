"""What a plan of the county consists of. Places are named by keys until they have ids; lengths in metres [m]."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anlan.packs.families.county import Site, Trade
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level


@dataclass(frozen=True)
class PlacePlan:
    """A place to be, under the place with key ``parent``; ``level`` and ``reason`` are its assessment, if any."""

    key: str
    parent: str
    kind: str
    name: str
    code: str = ""
    sector: str = ""
    asset: str = ""
    geometry: Mapping[str, Any] | None = None
    object: str = ""  # code of the sector's object template, for risk points
    level: Level = Level.UNKNOWN
    reason: str = ""


@dataclass(frozen=True)
class TagPlan:
    """One measured point.

    ``base``: its code in the tag catalogue of the sector; ``place``: key of its risk point. It runs about ``normal``,
    inside ``band``, as long as nothing happens; the band keeps clear of every limit.
    """

    code: str
    base: str
    name: str
    unit: str
    decimals: int
    rank: str
    place: str
    normal: float
    band: tuple[float, float]
    limits: Limits


@dataclass(frozen=True)
class SourcePlan:
    """The gateway of an enterprise with its tags."""

    code: str
    name: str
    kind: str
    enterprise: str
    sector: str
    tags: tuple[TagPlan, ...]


@dataclass(frozen=True)
class EnterprisePlan:
    """An enterprise (or school, hospital …) at its site. ``code``: unified social credit code (GB 32100)."""

    key: str
    name: str
    code: str
    trade: Trade
    site: Site
    size: str  # L, M or S
    number: int  # the how manieth of its trade, from 0
    staff: int
    places: tuple[PlacePlan, ...] = field(default=(), repr=False)  # itself first, then what lies in it
