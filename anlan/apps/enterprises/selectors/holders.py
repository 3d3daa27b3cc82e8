"""Who keeps a substance, and how far from something: "all ammonia users within 3 km of the school"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from anlan.apps.core.models import Place
from anlan.apps.enterprises.models import Chemical
from anlan.apps.enterprises.selectors.enterprises import Firm, firms_of
from anlan.apps.enterprises.selectors.files import below
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import substances as pack
from anlan.rules import distance, geometry, paths

Near = tuple[float, float, float]  # longitude, latitude [degree], radius [m]


@dataclass(frozen=True)
class Holder:
    """One holding. ``metres``: from the middle to the nearest edge of where it is; None without a circle.

    ``position`` [degree] is the middle of the nearest drawn place at or above it; None where nothing is drawn.
    """

    chemical_id: int
    place_id: int
    place_name: str
    path: str
    firm: Firm | None
    substance: str
    cas: str
    quantity: float | None
    design_maximum: float | None
    position: tuple[float, float] | None
    metres: float | None


def holders(
    viewer: Viewer,
    substance: str = "",
    *,
    near: Near | None = None,
    others: Sequence[tuple[float, float]] = (),
    polygon: Mapping[str, Any] | None = None,
) -> list[Holder]:
    """Holdings in force of a substance (name, part of it, or CAS number; empty = any), the nearest first.

    ``near`` is a circle, ``others`` the middles [degree] of more circles of the same radius, of which the nearest
    counts; ``polygon`` a GeoJSON area. What is drawn nowhere is left out of either.
    """
    found = list(below(viewer, Chemical, None).filter(_called(substance), ended=None).select_related("place"))
    where = _drawn(row.place for row in found)
    middles = [near[:2], *others] if near is not None else []
    told = [
        _holder(row, where.get(row.place.path), middles) for row in found if _meets(where.get(row.place.path), polygon)
    ]
    if near is not None:
        told = [one for one in told if one.metres is not None and one.metres <= near[2]]
    firms = firms_of(viewer, [one.path for one in told])
    told = [_with_firm(one, firms.get(one.path)) for one in told]
    return sorted(
        told, key=lambda one: (one.metres or 0.0, one.firm.name if one.firm else "", one.substance, one.chemical_id)
    )


def substances(viewer: Viewer, text: str = "", limit: int = 20) -> list[tuple[str, str]]:
    """(name, CAS number) of what is held in the viewer's scope, for choosing."""
    found = below(viewer, Chemical, None).filter(_called(text), ended=None)
    return list(found.order_by("name").values_list("name", "cas").distinct()[:limit])


def middle(place: Place) -> tuple[float, float] | None:
    """The middle of the box of a place, longitude and latitude [degree]; None where it is not drawn."""
    if place.west is None or place.east is None or place.south is None or place.north is None:
        return None
    return (place.west + place.east) / 2, (place.south + place.north) / 2


def _called(text: str) -> Q:
    """By name or CAS number; a name of the pack finds the number, and so the same thing under another name."""
    text = text.strip()
    if not text:
        return Q()
    try:
        cas = pack.find(text, clock.today()).cas
    except KeyError:
        cas = text
    return Q(name__icontains=text) | Q(cas=cas)


def _drawn(places: Iterable[Place]) -> dict[str, Mapping[str, Any]]:
    """The geometry of each place, or of the nearest one above it inside its enterprise, by path."""
    wanted = {place.path for place in places}
    above = {place_id for path in wanted for place_id in paths.ancestor_ids(path)}
    inside = ("enterprise", "public_object", "area", "unit", "risk_point", "segment", "mobile")
    rows = Place.objects.filter(pk__in=above, kind__in=inside, geometry__isnull=False)
    shapes: dict[int, Any] = dict(rows.values_list("pk", "geometry"))
    found = {path: [shapes[one] for one in paths.ancestor_ids(path) if one in shapes] for path in wanted}
    return {path: drawn[-1] for path, drawn in found.items() if drawn}


def _meets(shape: Mapping[str, Any] | None, polygon: Mapping[str, Any] | None) -> bool:
    return polygon is None or (shape is not None and distance.within(shape, polygon))


def _holder(row: Chemical, shape: Mapping[str, Any] | None, middles: Sequence[tuple[float, float]]) -> Holder:
    return Holder(
        chemical_id=row.pk,
        place_id=row.place_id,
        place_name=row.place.name,
        path=row.place.path,
        firm=None,
        substance=row.name,
        cas=row.cas,
        quantity=row.quantity,
        design_maximum=row.design_maximum,
        position=_middle(shape) if shape else None,
        metres=round(min(distance.metres(shape, at) for at in middles), 1) if shape and middles else None,
    )


def _with_firm(one: Holder, firm: Firm | None) -> Holder:
    return Holder(**{**vars(one), "firm": firm})


def _name(firm: Firm | None) -> str:
    return firm.name if firm else ""


def _middle(shape: Mapping[str, Any]) -> tuple[float, float]:
    west, south, east, north = geometry.box(dict(shape))
    return (west + east) / 2, (south + north) / 2
