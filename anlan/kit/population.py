"""Where people live: ``<data>/map/population.npz`` with columns ``lon lat people``, one entry a cell.

The cells lie on a regular grid of degrees; an entry is the middle of its cell. Everybody who may ask for a stretch of
ground may know how many live there: the table holds numbers, no persons.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Cells = tuple[Floats, Floats, Ints]


@dataclass(frozen=True)
class Grid:
    """The cells with their size [degree]; arrays of shape (n,)."""

    lon: Floats
    lat: Floats
    people: Ints
    width: float
    height: float

    def covers(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies in the stretch that was counted; beyond it nobody knows, which is not nobody."""
        if not len(self.lon):
            return False
        east, north = self.width / 2, self.height / 2
        return bool(
            self.lon.min() - east <= longitude <= self.lon.max() + east
            and self.lat.min() - north <= latitude <= self.lat.max() + north
        )

    def within(self, west: float, south: float, east: float, north: float) -> "Grid":
        """The cells that a box touches."""
        here = (np.abs(self.lon - (west + east) / 2) <= (east - west + self.width) / 2) & (
            np.abs(self.lat - (south + north) / 2) <= (north - south + self.height) / 2
        )
        return Grid(self.lon[here], self.lat[here], self.people[here], self.width, self.height)


def cells() -> Cells | None:
    """The cells of this installation; None where it has none."""
    found = grid()
    return (found.lon, found.lat, found.people) if found is not None else None


def grid() -> Grid | None:
    """The same with the size of a cell."""
    file = Path(settings.DATA) / "map" / "population.npz"
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else None


@lru_cache(maxsize=1)
def _read(file: Path, changed: int) -> Grid | None:
    with np.load(file, allow_pickle=False) as found:
        if not {"lon", "lat", "people"} <= set(found.files):
            return None
        lon, lat = found["lon"].astype(np.float64), found["lat"].astype(np.float64)
        return Grid(lon, lat, found["people"].astype(np.int64), _step(lon), _step(lat))


def _step(values: Floats) -> float:
    """The distance of neighbouring columns or rows; 0 where there is only one, which makes a cell a point."""
    gaps = np.diff(np.unique(values.round(7)))
    return float(np.median(gaps)) if len(gaps) else 0.0
