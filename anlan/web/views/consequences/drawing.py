"""What the map draws of a result: zones with a name each, those compared with, sites, and lines to neighbours that may
fall. Zones are told apart by their line and their label: colour is kept for risk levels."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from anlan.apps.consequences.neighbours import Hit
from anlan.apps.consequences.selectors import LaidZone
from anlan.apps.consequences.sites import Site
from anlan.web.views.consequences import words
from anlan.web.views.consequences.result import Result

SHOWN_SITES, SHOWN_HITS = 200, 40
#: Kinds of line, from the worst zone outwards.
STEPS = 5
Feature = dict[str, Any]


def drawing(result: Result, beside: Sequence[LaidZone], hits: Sequence[Hit]) -> dict[str, Any]:
    """GeoJSON of every layer, and in what the map shows the wind."""
    wind = result.study.wind
    shown = result.sites[:SHOWN_SITES]
    return {
        "effect": result.effect.kind if result.effect else "",
        "zones": collection(list(zones(result.laid))),
        "beside": collection(list(zones(beside, _("对照")))),
        "labels": collection([*_labels(result, result.laid), *_labels(result, beside, _("对照"))]),
        "sites": collection([_site(site) for site in shown]),
        "knock": collection([_knock(result, hit) for hit in hits[:SHOWN_HITS]]),
        "wind": None if result.worst else {"from": wind.wind_from, "speed": wind.sky.wind},
        "spot": [result.scenario.longitude, result.scenario.latitude],
    }


def zones(laid: Sequence[LaidZone], prefix: str = "") -> Iterator[Feature]:
    """From the mildest; ``step`` 1 is the worst."""
    for number, one in enumerate(laid):
        if not one.drawn:
            continue
        step = min(len(laid) - number, STEPS)
        told = {
            "name": one.zone.level.name, "words": _words(one, prefix), "step": step, "order": number,
            "reach": round(one.zone.reach),
        }  # fmt: skip
        yield {"type": "Feature", "geometry": one.geometry, "properties": told}


def _labels(result: Result, laid: Sequence[LaidZone], prefix: str = "") -> Iterator[Feature]:
    """A name at the far end of each zone, where no other zone's is."""
    spot = (result.scenario.longitude, result.scenario.latitude)
    for one in laid:
        if not one.drawn:
            continue
        points = np.asarray(shapely.get_coordinates(shapely.geometry.shape(one.geometry)))
        far = points[np.argmax(np.hypot((points[:, 0] - spot[0]) * 0.8, points[:, 1] - spot[1]))].tolist()
        told = {"words": _words(one, prefix), "other": bool(prefix), "north": far[1] >= spot[1]}
        yield {"type": "Feature", "geometry": {"type": "Point", "coordinates": far}, "properties": told}


def _words(one: LaidZone, prefix: str) -> str:
    return " ".join(part for part in (prefix, one.zone.level.name, metres(one.zone.reach)) if part)


def metres(value: float) -> str:
    """A distance as people say it."""
    return f"{value / 1000:.1f} km" if value >= 1000 else f"{value:.0f} m"


def _site(site: Site) -> Feature:
    told = {"id": site.place_id, "name": site.name, "public": site.public}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(site.position)}, "properties": told}


def _knock(result: Result, hit: Hit) -> Feature:
    ends = [[result.scenario.longitude, result.scenario.latitude], list(hit.position)]
    told = {
        "id": hit.vessel.place_id,
        "name": hit.vessel.name,
        "words": f"{hit.vessel.name} {chance(hit.found.probability)}",
        "effect": str(words.EFFECTS[hit.effect]),
    }
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": ends}, "properties": told}


def chance(value: float) -> str:
    """A probability as people say it."""
    if value >= 0.995:
        return _("几乎必然")
    return f"{value:.0%}" if value >= 0.01 else "<1%"


def collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
