"""What the sensors of a pond say now, and how grave each of it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.selectors import TagRow
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.specs import demands_of
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import tailings_ponds as pack
from anlan.packs.families.tailings_ponds import Item
from anlan.rules import paths
from anlan.rules import tailings as rules


@dataclass(frozen=True)
class Measured:
    """One item of a pond: the worst of its fresh readings. ``warning`` None: nothing fresh, or nothing measures it."""

    item: Item
    tags: tuple[TagRow, ...]
    worst: TagRow | None
    warning: int | None
    limits: dict[int, float]

    @property
    def value(self) -> float | None:
        return None if self.worst is None else self.worst.value

    @property
    def at(self) -> datetime | None:
        return None if self.worst is None else self.worst.ts

    @property
    def limit(self) -> float | None:
        """The limit that was reached, or the mildest one ahead."""
        if not self.limits:
            return None
        return self.limits[self.warning or min(self.limits)]


def measured(viewer: Viewer, pond: Pond) -> list[Measured]:
    """Every item of the pack, in its order."""
    tables = pack.load(clock.today())
    rows, oldest = tags_of(viewer, pond), clock.now() - timedelta(hours=tables.stale_hours)
    return [_measured(item, rows, _bases(pond), tables.counts(), oldest) for item in tables.items]


def level_of(found: Sequence[Measured], pond: Pond) -> tuple[float, datetime | None] | None:
    """The water level [m] and when it was read; by the height above the water where no level is measured."""
    by_role = {one.item.role: one for one in found if one.warning is not None}
    if (level := by_role.get("level")) is not None and level.value is not None:
        return level.value, level.at
    if (height := by_role.get("freeboard")) is not None and height.value is not None:
        return pond.crest - height.value, height.at
    return None


def tags_of(viewer: Viewer, pond: Pond) -> list[TagRow]:
    """Tags at the pond and below; of what is not measured there, those elsewhere in its enterprise, if no other pond of
    the enterprise has them."""
    try:
        own = monitoring.tags_at(viewer, pond.place_id)
    except NotInScope:
        return []
    firm = _firm(pond.place)
    if firm is None or firm.pk == pond.place_id:
        return own
    others = Pond.objects.filter(place__path__gte=firm.path, place__path__lt=paths.after(firm.path)).exclude(pk=pond.pk)
    if others.exists():
        return own
    try:
        around = monitoring.tags_at(viewer, firm.pk)
    except NotInScope:
        return own
    here = {row.id for row in own}
    return [*own, *(row for row in around if row.id not in here)]


def _firm(place: Place) -> Place | None:
    found = Place.objects.filter(pk__in=paths.ancestor_ids(place.path), kind=PlaceKind.ENTERPRISE)
    return found.order_by("-path").first() or (place if place.kind == PlaceKind.ENTERPRISE else None)


def _bases(pond: Pond) -> dict[str, float | None]:
    demands = demands_of(pond)
    names = (
        "normal_level",
        "flood_limit_level",
        "design_flood_level",
        "control_depth",
        "displacement_limit",
        "slide_limit",
    )
    told: dict[str, float | None] = {name: getattr(pond, name) for name in names}
    return told | {"min_beach": demands.beach, "min_superelevation": demands.superelevation}


def _measured(
    item: Item, rows: Sequence[TagRow], bases: dict[str, float | None], counts: dict[int, int], oldest: datetime
) -> Measured:
    tags = tuple(row for row in rows if row.enabled and row.code.startswith(item.codes) and row.unit == item.unit)
    fresh = [row for row in tags if row.value is not None and row.good and row.ts is not None and row.ts >= oldest]
    limits = item.limits(bases)
    if not fresh:
        return Measured(item, tags, None, None, limits)
    worst = (min if item.falling else max)(fresh, key=lambda row: row.value or 0.0)
    each = [rules.warning(row.value or 0.0, limits, falling=item.falling) for row in fresh]
    return Measured(item, tags, worst, rules.gathered(each, counts), limits)
