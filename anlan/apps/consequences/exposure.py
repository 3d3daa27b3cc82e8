"""Who is where in the zones: residents by the share of each cell of the population grid, workers by the share of their
site, and how many of them would die if nobody fled or took shelter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from anlan.kit import population
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.lethality import Lethality

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

#: At how many points the chance of dying is asked in all, and along one side of a cell.
POINTS, FEWEST, MOST = 120_000, 4, 60


@dataclass(frozen=True)
class Homes:
    """Cells of the population grid about a study, in metres of its wind's frame; arrays of shape (n,)."""

    shapes: Shapes
    people: Floats
    corners: Floats  # (n, 4, 2)

    def inside(self, shape: shapely.Geometry) -> float:
        """How many live in a shape, each cell taken as evenly settled."""
        if shape.is_empty or not len(self.people):
            return 0.0
        return float(np.sum(self.people * shares(self.shapes, shape)))

    def dying(self, law: Lethality, region: shapely.Geometry) -> float:
        """How many of those in a region would die in the open."""
        if region.is_empty or not len(self.people):
            return 0.0
        met = shapely.intersects(self.shapes, region)
        if not met.any():
            return 0.0
        side = int(np.clip(np.sqrt(POINTS / met.sum()), FEWEST, MOST))
        x, y = _spread(self.corners[met], side)
        return float(np.sum(self.people[met] * law.chance(x, y).mean(axis=1)))


def homes(frame: Frame, region: shapely.Geometry) -> Homes | None:
    """The cells that a region touches; None where nobody counted how many live about the source."""
    grid = population.grid()
    if grid is None or not grid.covers(frame.longitude, frame.latitude):
        return None
    if region.is_empty:
        return Homes(np.array([], object), np.array([]), np.zeros((0, 4, 2)))
    here = grid.within(*frame.shape(region).bounds)
    east, north = here.width / 2, here.height / 2
    lon = here.lon[:, None] + np.array([-east, east, east, -east])
    lat = here.lat[:, None] + np.array([-north, -north, north, north])
    corners = np.stack(frame.local(lon, lat), axis=-1)
    return Homes(shapely.polygons(corners), here.people.astype(float), corners)


def shares(shapes: Shapes, region: shapely.Geometry) -> Floats:
    """Which part of each shape's area lies in a region; of a point or line: all or nothing."""
    shapely.prepare(region)
    found = np.zeros(len(shapes))
    met = shapely.intersects(region, shapes)
    whole = shapely.contains_properly(region, shapes)
    area = shapely.area(shapes)
    found[met & (whole | (area <= 0))] = 1.0
    part = met & ~whole & (area > 0)
    found[part] = shapely.area(shapely.intersection(shapes[part], region)) / area[part]
    return found


def chance_in(law: Lethality, shapes: Sequence[shapely.Geometry]) -> list[float]:
    """Mean chance of dying over each shape [-]: at points of a lattice inside it, else at its middle."""
    found = []
    for shape in shapes:
        x, y = _lattice(shape)
        found.append(float(law.chance(x, y).mean()))
    return found


def _lattice(shape: shapely.Geometry, side: int = 14) -> tuple[Floats, Floats]:
    west, south, east, north = shape.bounds
    across, up = np.meshgrid(_middles(west, east, side), _middles(south, north, side))
    x, y = across.ravel(), up.ravel()
    inside = shapely.contains_xy(shape, x, y)
    if inside.any():
        return x[inside], y[inside]
    middle = shape.representative_point()
    return np.array([middle.x]), np.array([middle.y])


def _middles(low: float, high: float, count: int) -> Floats:
    return low + (high - low) * (np.arange(count) + 0.5) / count


def _spread(corners: Floats, side: int) -> tuple[Floats, Floats]:
    """Points of a lattice in each four-cornered cell; two arrays of shape (n, side²)."""
    share = (np.arange(side) + 0.5) / side
    u, v = (part.ravel() for part in np.meshgrid(share, share))
    weights = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v])  # (4, side²), corners anticlockwise
    x, y = corners[:, :, 0] @ weights, corners[:, :, 1] @ weights
    return np.asarray(x), np.asarray(y)
