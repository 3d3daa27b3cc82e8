"""What a pond holds at a level: the storage curve."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from anlan.kernels.tailings.storm import Floats
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Storage:
    """``levels`` [m] and ``volumes`` [m3] of water above the lowest one, both strictly rising; straight between them.

    Raises
    ------
    OutOfRange
        Fewer than two points, not rising, or not finite.
    """

    levels: Floats
    volumes: Floats
    area: float = field(init=False)  # of the top [m2]

    def __post_init__(self) -> None:
        levels, volumes = np.asarray(self.levels, float), np.asarray(self.volumes, float)
        within("levels", levels, "m", -500, 9000)
        within("volumes", volumes, "m3", 0, 1e11)
        if levels.ndim != 1 or levels.shape != volumes.shape or levels.size < 2:
            raise OutOfRange(
                f"storage curve: {levels.size} levels and {volumes.size} volumes; need two or more of each"
            )
        for name, column in (("levels", levels), ("volumes", volumes)):
            fall = np.flatnonzero(np.diff(column) <= 0)
            if fall.size:
                row = int(fall[0]) + 1
                raise OutOfRange(
                    f"{name} = {column[row]:g} in row {row + 1}: must be above {column[row - 1]:g} before it"
                )
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "volumes", volumes)
        object.__setattr__(self, "area", float((volumes[-1] - volumes[-2]) / (levels[-1] - levels[-2])))

    @classmethod
    def of_areas(cls, levels: npt.ArrayLike, areas: npt.ArrayLike) -> "Storage":
        """From water surfaces [m2]: V = h/3 (A1 + A2 + sqrt(A1 A2)) between two levels (frustum of a cone)."""
        heights, surfaces = np.asarray(levels, float), np.asarray(areas, float)
        within("areas", surfaces, "m2", 0, 1e9)
        if heights.shape != surfaces.shape or heights.size < 2:
            raise OutOfRange(
                f"storage curve: {heights.size} levels and {surfaces.size} areas; need two or more of each"
            )
        low, high = surfaces[:-1], surfaces[1:]
        parts = np.diff(heights) / 3 * (low + high + np.sqrt(low * high))
        return cls(heights, np.concatenate(([0.0], np.cumsum(parts))))

    def volume(self, level: npt.ArrayLike) -> Floats:
        """[m3] at a level [m] within the curve."""
        within("level", level, "m", float(self.levels[0]), float(self.levels[-1]))
        return np.asarray(np.interp(np.asarray(level, float), self.levels, self.volumes))

    def level(self, volume: npt.ArrayLike) -> Floats:
        """[m] at a volume [m3] within the curve."""
        within("volume", volume, "m3", float(self.volumes[0]), float(self.volumes[-1]))
        return np.asarray(np.interp(np.asarray(volume, float), self.volumes, self.levels))
