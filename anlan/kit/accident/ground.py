"""The wind's frame laid on the map: metres down the wind and across it as degrees, and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]
METRES = 111_320.0  # of one degree of latitude


@dataclass(frozen=True)
class Frame:
    """A source at ``longitude``, ``latitude`` [degree] in a wind from ``wind_from`` [degree from north, clockwise].

    Flat within some tens of kilometres: lengths are right to 0.5 % there.
    """

    longitude: float
    latitude: float
    wind_from: float = 270.0

    def __post_init__(self) -> None:
        within("longitude", self.longitude, "degree", -180, 180)
        within("latitude", self.latitude, "degree", -80, 80)
        within("wind_from", self.wind_from, "degree", 0, 360)

    def shape(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A shape of the frame [m] in degrees."""
        return shapely.transform(shape, self.degrees)

    def flat(self, geometry: Mapping[str, Any]) -> shapely.Geometry:
        """A GeoJSON shape in degrees as one of the frame [m]."""
        return self.flattened(shapely.from_geojson(json.dumps(geometry)))

    def flattened(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A shape in degrees as one of the frame [m]."""
        return shapely.transform(shape, lambda points: np.column_stack(self.local(points[:, 0], points[:, 1])))

    def geojson(self, shape: shapely.Geometry) -> dict[str, Any]:
        """A shape of the frame [m] as GeoJSON; 6 decimals, about 0.1 m."""
        laid = shapely.set_precision(self.shape(shape), 1e-6)
        found: dict[str, Any] = shapely.geometry.mapping(laid)
        return found

    def local(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Degrees as metres down the wind and to its left."""
        east = (np.asarray(longitude, float) - self.longitude) * METRES * self._shrunk
        north = (np.asarray(latitude, float) - self.latitude) * METRES
        c, s = self._towards
        return np.asarray(east * c + north * s), np.asarray(north * c - east * s)

    def degrees(self, points: Floats) -> Floats:
        """Points of the frame [m], f8[n, 2], as longitude and latitude."""
        c, s = self._towards
        east, north = points[:, 0] * c - points[:, 1] * s, points[:, 0] * s + points[:, 1] * c
        return np.column_stack((self.longitude + east / (METRES * self._shrunk), self.latitude + north / METRES))

    @property
    def _towards(self) -> tuple[float, float]:
        """Cosine and sine of the direction in which the wind blows, from east anticlockwise."""
        angle = np.radians(270.0 - self.wind_from)
        return float(np.cos(angle)), float(np.sin(angle))

    @property
    def _shrunk(self) -> float:
        return float(np.cos(np.radians(self.latitude)))
