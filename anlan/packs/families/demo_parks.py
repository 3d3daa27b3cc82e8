"""What the demo's park keeps: its assessment, gates and vehicles, shared facilities, groups, list, projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anlan.packs.loader import load_as

IDS = "demo/parks"

Ring = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Grading:
    days_ago: int
    assessor: str
    losses: Mapping[str, float]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Gate:
    name: str
    use: str
    state: str
    at: tuple[float, ...]
    note: str = ""


@dataclass(frozen=True)
class Facility:
    kind: str
    name: str
    capacity: float
    used: float | None
    keeper: str
    at: tuple[float, ...] | None = None
    state: str = "in_use"
    note: str = ""


@dataclass(frozen=True)
class Group:
    """``members``: parts of the names of enterprises; the first leads."""

    name: str
    members: tuple[str, ...]
    contact: str
    phone: str
    resources: str
    drilled_days_ago: int


@dataclass(frozen=True)
class Entry:
    kind: str
    words: str
    reason: str
    basis: str
    days_ago: int


@dataclass(frozen=True)
class Vehicle:
    """``entered`` and ``left``: so many minutes ago [min]; ``left`` null: still inside; ``entered`` null: expected."""

    plate: str
    carrier: str
    cargo: str
    un: str
    tonnes: float
    to: str
    stay_min: int
    gate: str
    entered: int | None = None
    left: int | None = None
    permitted: bool = True


@dataclass(frozen=True)
class Chemical:
    name: str
    tonnes: float
    cas: str = ""
    category: str = ""
    state: str = ""


@dataclass(frozen=True)
class Paper:
    kind: str
    days_ago: int
    number: str
    issuer: str


@dataclass(frozen=True)
class Opinion:
    office: str
    by: str
    verdict: str
    text: str


@dataclass(frozen=True)
class Project:
    """``land``: corners [degree]; ``plant``: part of the name of the enterprise that is extended; ``weighed``: what it
    adds to the risk around it is computed, by the worker."""

    name: str
    applicant: str
    stage: str
    industry: str
    investment: float
    neighbours: int
    land: Ring
    products: tuple[str, ...]
    processes: tuple[str, ...]
    equipment: tuple[str, ...]
    facilities: tuple[str, ...]
    chemicals: tuple[Chemical, ...]
    papers: tuple[Paper, ...]
    opinions: tuple[Opinion, ...]
    plant: str = ""
    weighed: bool = False


@dataclass(frozen=True)
class Parks:
    """``place``: code of the park."""

    place: str
    industries: tuple[str, ...]
    office: str
    phone: str
    grading: Grading
    gates: tuple[Gate, ...]
    facilities: tuple[Facility, ...]
    groups: tuple[Group, ...]
    listed: tuple[Entry, ...]
    vehicles: tuple[Vehicle, ...]
    projects: tuple[Project, ...]


SHAPE = Parks


def load(on: date) -> Parks:
    return load_as(Parks, IDS, on).body
