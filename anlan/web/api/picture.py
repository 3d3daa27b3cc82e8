"""What needs several nouns at once: places with their shapes and levels, and a search over names and codes."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core import selectors as core
from anlan.apps.core.api.places import PlaceFilter, wanted
from anlan.apps.ledger import selectors as ledger
from anlan.kit.api import Listed, Slice, Strict, Words, cut
from anlan.rules import paths
from anlan.rules.levels import Level

router = Router(tags=[_("地图与查找")])


class Feature(Schema):
    """A place on the map. ``properties``: name, kind, code, sector, parent_id, level, since."""

    type: str = "Feature"
    id: int
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class Features(Schema):
    """A GeoJSON FeatureCollection (RFC 7946) with ``next``, a cursor, as a foreign member."""

    type: str = "FeatureCollection"
    features: list[Feature]
    next: str | None


class FeatureQuery(PlaceFilter, Slice):
    drawn: bool = Field(True, description="Only places that have a shape.")


@router.get("/places.geojson", response=Features, summary=_("场所图形（GeoJSON）"))
def places_geojson(request: HttpRequest, query: Query[FeatureQuery]) -> dict[str, Any]:
    """Places in scope as GeoJSON with the level that they show; for maps and geographic information systems."""
    found = wanted(request, query)
    part = cut(found.exclude(west=None) if query.drawn else found, query, "path")
    shown = ledger.shown(core.request_viewer(request), [place.pk for place in part["items"]])
    features = [_feature(place, shown[place.pk]) for place in part["items"]]
    return {"features": features, "next": part["next"]}


def _feature(place: Any, shown: ledger.Shown) -> dict[str, Any]:
    told = {name: getattr(place, name) for name in ("name", "kind", "code", "sector", "parent_id")}
    since = shown.since.isoformat() if shown.since else None
    properties = {**told, "level": int(shown.level), "since": since}
    return {"id": place.pk, "geometry": place.geometry, "properties": properties}


class Hit(Schema):
    """A place that was found: the way to it, and what it shows."""

    place_id: int
    name: str
    kind: str
    code: str
    path: list[str] = Field(description="Names from the top, as far as the viewer may see them; the place itself last.")
    level: Level


class SearchQuery(Strict):
    q: Words = Field(min_length=1, max_length=60, description="Part of a name, or the beginning of a code.")
    limit: int = Field(20, ge=1, le=100, description="Most hits.")


@router.get("/search", response=Listed[Hit], summary=_("查找场所"))
def search(request: HttpRequest, query: Query[SearchQuery]) -> dict[str, Any]:
    """Find places by name or code, as the box at the top of every page does."""
    viewer = core.request_viewer(request)
    found = list(core.search_places(viewer, query.q).defer("geometry")[: query.limit])
    shown = ledger.shown(viewer, [place.pk for place in found])
    above = {step for place in found for step in paths.ancestor_ids(place.path)}
    names = dict(core.places(viewer, retired=True).filter(pk__in=above).values_list("pk", "name"))
    return {"items": [_hit(place, names, shown[place.pk]) for place in found if place.pk in shown]}


def _hit(place: Any, names: dict[int, str], shown: ledger.Shown) -> dict[str, Any]:
    way = [names[step] for step in paths.ancestor_ids(place.path) if step in names]
    told = {"place_id": place.pk, "name": place.name, "kind": place.kind, "code": place.code}
    return {**told, "path": way, "level": shown.level}
