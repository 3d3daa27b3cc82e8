"""Metres of the invented county as GeoJSON degrees."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anlan.cli.demonstration.lan.ground import Ground as Plane

Shape = Mapping[str, Any]  # a GeoJSON geometry


class Ground(Plane):
    """Where the county lies. Turns boxes and spots in metres east and north of the origin into geometries."""

    def __init__(self, origin: tuple[float, ...], outlines: Path) -> None:
        super().__init__(origin)
        features = json.loads(outlines.read_text(encoding="utf-8"))["features"]
        self._outlines: dict[str, Shape] = {each["properties"]["key"]: each["geometry"] for each in features}

    def outline(self, key: str) -> Shape:
        return self._outlines[key]

    def box(self, west: float, south: float, width: float, height: float) -> Shape:
        corners = [(west, south), (west + width, south), (west + width, south + height), (west, south + height)]
        return {"type": "Polygon", "coordinates": [[self.degrees(x, y) for x, y in [*corners, corners[0]]]]}

    def spot(self, x: float, y: float) -> Shape:
        return {"type": "Point", "coordinates": self.degrees(x, y)}
