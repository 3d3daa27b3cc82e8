"""Metres of the invented county as GeoJSON degrees."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

METRES = 111_320.0  # of one degree of latitude

Shape = Mapping[str, Any]  # a GeoJSON geometry


class Ground:
    """Where the county lies. Turns boxes and spots in metres east and north of the origin into geometries."""

    def __init__(self, origin: tuple[float, ...], outlines: Path) -> None:
        self._longitude, self._latitude = origin
        self._along = METRES * math.cos(math.radians(self._latitude))
        features = json.loads(outlines.read_text(encoding="utf-8"))["features"]
        self._outlines: dict[str, Shape] = {each["properties"]["key"]: each["geometry"] for each in features}

    def outline(self, key: str) -> Shape:
        return self._outlines[key]

    def box(self, west: float, south: float, width: float, height: float) -> Shape:
        corners = [(west, south), (west + width, south), (west + width, south + height), (west, south + height)]
        return {"type": "Polygon", "coordinates": [[self._degrees(x, y) for x, y in [*corners, corners[0]]]]}

    def spot(self, x: float, y: float) -> Shape:
        return {"type": "Point", "coordinates": self._degrees(x, y)}

    def _degrees(self, x: float, y: float) -> list[float]:
        return [round(self._longitude + x / self._along, 6), round(self._latitude + y / METRES, 6)]
