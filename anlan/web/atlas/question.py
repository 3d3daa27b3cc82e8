"""What somebody asks of the map, as its address says: layers, trades, levels, a substance, and a stretch of ground."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import numpy as np
from django.http import HttpRequest, QueryDict

from anlan.kit.errors import BadInput
from anlan.rules.refusal import Refusal

#: Layer → the kinds of places that it marks or draws.
MARKED = {
    "enterprise": ("enterprise",),
    "risk_point": ("risk_point", "unit", "area"),
    "public_object": ("public_object",),
    "segment": ("segment",),
    "mobile": ("mobile",),
}
DRAWN = {"division": ("province", "city", "county", "town"), "grid": ("grid",), "zone": ("park", "zone")}
OVER = ("alarm", "tag", "major")
LAYERS = (*MARKED, *OVER, *DRAWN)
#: Shown until the viewer chooses otherwise.
USUAL = frozenset({"enterprise", "risk_point", "public_object", "segment", "mobile", "alarm", "division", "zone"})

MOST_METRES = 200_000
MOST_CORNERS = 200


@dataclass(frozen=True)
class Near:
    """Within ``metres`` of a spot, of one place, or of any public object of a sort."""

    metres: float
    spot: tuple[float, float] | None = None  # longitude, latitude [degree]
    place: int | None = None
    sort: str = ""


@dataclass(frozen=True)
class Question:
    """Nothing chosen means everything. ``ring``: corners of a polygon, longitude and latitude [degree]."""

    layers: frozenset[str] = USUAL
    sectors: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    sorts: frozenset[str] = frozenset()
    substance: str = ""
    near: Near | None = None
    ring: tuple[tuple[float, float], ...] = ()
    at: datetime | None = field(default=None, compare=False)

    @property
    def is_spatial(self) -> bool:
        return self.near is not None or bool(self.ring)

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everything."""
        return self.is_spatial or bool(self.sectors or self.levels or self.sorts or self.substance)


def asked(request: HttpRequest, at: datetime | None = None) -> Question:
    """The question in an address. Raises BadInput where a shape or a distance cannot be read."""
    query = request.GET
    return Question(
        layers=_layers(query.getlist("layer")),
        sectors=frozenset(query.getlist("sector")[:60]),
        levels=frozenset(int(text) for text in query.getlist("level") if text in {"0", "1", "2", "3", "4"}),
        sorts=frozenset(query.getlist("object")[:30]),
        substance=query.get("substance", "").strip()[:60],
        near=_near(query),
        ring=_ring(query.get("ring", "")),
        at=at,
    )


def _layers(asked_for: list[str]) -> frozenset[str]:
    if not asked_for:
        return USUAL
    return frozenset(name for name in asked_for if name in LAYERS)


def _near(query: QueryDict) -> Near | None:
    """``near=lon,lat``, ``near=place:ID`` or ``near=object:SORT``, with ``metres``."""
    text = query.get("near", "").strip()
    if not text:
        return None
    metres = _metres(query.get("metres", ""))
    what, _, which = text.partition(":")
    if what == "place" and which.isascii() and which.isdigit() and len(which) < 12:
        return Near(metres, place=int(which))
    if what == "object" and which.isidentifier():
        return Near(metres, sort=which)
    corners = _corners(text)
    if len(corners) != 1:
        raise _bad_shape(text)
    return Near(metres, spot=corners[0])


def _metres(text: str) -> float:
    metres = _numbers(text or "1000", ",")
    if len(metres) != 1 or not 1 <= metres[0] <= MOST_METRES:
        fix = "请填 1 到 {most} 之间的米数。"
        raise BadInput(Refusal("map.bad_distance", "不能按“{text}”的距离圈选。", fix, _told(text, MOST_METRES)))
    return metres[0]


def _ring(text: str) -> tuple[tuple[float, float], ...]:
    if not text.strip():
        return ()
    corners = _corners(text)
    around = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*corners, *corners[:1]])) if corners else 0.0
    if not 3 <= len(corners) <= MOST_CORNERS or around == 0.0:
        raise _bad_shape(text)
    return tuple(corners)


def _corners(text: str) -> list[tuple[float, float]]:
    values = _numbers(text, ",")
    pairs = list(zip(values[::2], values[1::2], strict=False))
    good = len(values) % 2 == 0 and all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in pairs)
    return pairs if good else []


def _numbers(text: str, mark: str) -> list[float]:
    try:
        found = [float(part) for part in text[:8_000].split(mark)]
    except ValueError:
        return []
    return found if np.isfinite(found).all() else []


def _bad_shape(text: str) -> BadInput:
    fix = "用“经度,纬度”成对写出，圈至少三个角、至多 {most} 个，例如 122.10,40.90,122.20,40.90,122.20,41.00。"
    return BadInput(Refusal("map.bad_shape", "看不懂圈选的范围“{text}”。", fix, _told(text, MOST_CORNERS)))


def _told(text: str, most: int) -> dict[str, str]:
    return {"text": text[:40], "most": str(most)}
