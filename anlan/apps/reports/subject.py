"""What a report is about, as its maker may see it at one moment: the places, what they show, and where they lie."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.ledger import lists as facts
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.models import Fact
from anlan.apps.ledger.selectors import Node
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import reports as pack
from anlan.packs.families import sector
from anlan.packs.model import PackError
from anlan.rules import paths
from anlan.rules.levels import Level, severity

POINTS = (PlaceKind.RISK_POINT, PlaceKind.PUBLIC_OBJECT, PlaceKind.SEGMENT, PlaceKind.MOBILE)
#: Areas: what lies above enterprises.
AREAS = (
    PlaceKind.PROVINCE,
    PlaceKind.CITY,
    PlaceKind.COUNTY,
    PlaceKind.TOWN,
    PlaceKind.GRID,
    PlaceKind.PARK,
    PlaceKind.ZONE,
)
Position = tuple[float, float]


@dataclass(frozen=True)
class Firm:
    """Who answers at the enterprise that a place belongs to."""

    node: Node
    responsible: str
    phone: str


class Subject:
    """A place with all below it, and what it counts besides as a park or zone."""

    def __init__(self, viewer: Viewer, place: Place, days: int) -> None:
        self.viewer, self.place, self.days = viewer, place, days
        self.now = clock.now()
        self.start = self.now - timedelta(days=days)
        self.on: date = clock.day_of(self.now)
        self.rules = pack.load(self.on)
        self.roots: tuple[Place, ...] = (place, *core.members(viewer, place).defer("geometry"))
        self.looked_at: set[str] = {root.path for root in self.roots}

    @property
    def is_area(self) -> bool:
        return self.place.kind in AREAS

    def may(self, capability: str) -> bool:
        return self.viewer.may(capability, self.place.path, self.place.sector)

    @cached_property
    def nodes(self) -> dict[int, Node]:
        """Every place in use, by id, in the order of the tree."""
        found = (node for root in self.roots for node in ledger.tree_with_levels(self.viewer, root.pk))
        return {node.id: node for node in found}

    @cached_property
    def points(self) -> list[Node]:
        """Risk points and public objects, the worst first."""
        return _worst_first(node for node in self.nodes.values() if node.kind in POINTS)

    @cached_property
    def firms(self) -> list[Node]:
        return _worst_first(node for node in self.nodes.values() if node.kind == PlaceKind.ENTERPRISE)

    @cached_property
    def parts(self) -> list[Node]:
        """The areas directly below an area, else the workshops of an enterprise; what a zone counts besides."""
        if not self.is_area:
            return [node for node in self.nodes.values() if node.kind == PlaceKind.AREA]
        kinds = [kind for kind in AREAS if kind != PlaceKind.ZONE]  # zones lie across the others
        below = [node for node in self.nodes.values() if node.parent_id == self.place.pk and node.kind in kinds]
        return [*below, *(self.nodes[root.pk] for root in self.roots[1:] if root.kind in AREAS)]

    @cached_property
    def above(self) -> list[Place]:
        return core.ancestors(self.viewer, self.place)

    @cached_property
    def shown(self) -> ledger.Shown:
        return self.nodes[self.place.pk].shown

    def of_level(self, level: Level, nodes: Iterable[Node] | None = None) -> list[Node]:
        return [node for node in (self.points if nodes is None else nodes) if node.shown.level == level]

    def counts(self, nodes: Iterable[Node]) -> tuple[int, ...]:
        """How many show each level, 0 (unknown) to 4 (major)."""
        found = Counter(int(node.shown.level) for node in nodes)
        return tuple(found[level] for level in range(5))

    def within(self, top: Node, nodes: Iterable[Node]) -> list[Node]:
        return [node for node in nodes if paths.covers(top.path, node.path)]

    def way(self, node: Node) -> str:
        """Where something is: enterprise and workshop, as far as it lies in what is reported on."""
        steps = [self.nodes[step] for step in paths.ancestor_ids(node.path)[:-1] if step in self.nodes]
        named = [one.name for one in steps if one.id != self.place.pk and one.kind not in (PlaceKind.GRID,)]
        return " › ".join(named[-3:]) or self.place.name

    def firm_of(self, node: Node) -> Node | None:
        """The enterprise that a place belongs to or is."""
        known = {PlaceKind.ENTERPRISE, PlaceKind.PUBLIC_OBJECT}
        steps = [self.nodes[step] for step in paths.ancestor_ids(node.path) if step in self.nodes]
        return next((one for one in reversed(steps) if one.kind in known), None)

    @cached_property
    def files(self) -> dict[int, Any]:
        """Basic facts of enterprises by the id of their place, where the maker may read them."""
        ids = [node.id for node in self.nodes.values() if node.kind in enterprises.KINDS]
        found: dict[int, Any] = {}
        for start in range(0, len(ids), 500):
            for place in enterprises.enterprises(self.viewer).filter(pk__in=ids[start : start + 500]):
                if (kept := enterprises.facts_of(place)) is not None:
                    found[place.pk] = kept
        return found

    def answers(self, node: Node) -> str:
        """Who is responsible by the file: the safety head, else the principal; said where nobody is registered."""
        firm = self.firm_of(node)
        kept = self.files.get(firm.id) if firm else None
        if kept is None:
            return "未登记"
        name, phone, post = (
            (kept.safety_head, kept.safety_head_phone, "安全负责人")
            if kept.safety_head
            else (kept.principal, kept.principal_phone, "主要负责人")
        )
        return f"{name}（{post}）{phone}".strip() if name else "未登记"

    @cached_property
    def positions(self) -> dict[int, Position]:
        """Middles of drawn places [degree]."""
        rows = self._rows().filter(west__isnull=False).values_list("pk", "west", "south", "east", "north")
        return {pk: ((west + east) / 2, (south + north) / 2) for pk, west, south, east, north in rows}  # type: ignore[operator]  # the filter leaves no nulls

    def geometries(self, ids: Sequence[int]) -> dict[int, Any]:
        """What is drawn of some places."""
        return dict(self._rows().filter(pk__in=list(ids), geometry__isnull=False).values_list("pk", "geometry"))

    def _rows(self) -> QuerySet[Place]:
        found = core.places(self.viewer).none()
        for root in self.roots:
            found = found | core.places(self.viewer).filter(path__gte=root.path, path__lt=paths.after(root.path))
        return found

    def position(self, node: Node) -> Position | None:
        """Of a place, or of the nearest drawn one above it."""
        steps = reversed(paths.ancestor_ids(node.path))
        return next((self.positions[step] for step in steps if step in self.positions), None)

    def facts(self, *, kinds: Sequence[str] = (), levels: Sequence[int] = ()) -> list[Fact]:
        """Facts that count now, the worst and newest first, as far as the maker may read them."""
        found = [
            row
            for root in self.roots
            for row in facts.facts(self.viewer, root.pk, kinds=kinds, levels=levels, at=self.now)
            .filter(place__retired=None)
            .select_related("place", "clearing")
            .defer("place__geometry")
        ]
        return sorted(found, key=lambda row: (-row.level, -row.since.timestamp(), row.pk))

    @cached_property
    def assessments(self) -> dict[int, Fact]:
        """The worst live assessment of each place."""
        found: dict[int, Fact] = {}
        for row in self.facts(kinds=["assessment"]):
            found.setdefault(row.place_id, row)
        return found


def sector_name(key: str, on: date) -> str:
    """A trade as its pack calls it."""
    try:
        return gettext(sector.load(key, on).name) if key else "未分行业"
    except PackError:
        return key


def _worst_first(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: (-severity(node.shown.level), node.path))
