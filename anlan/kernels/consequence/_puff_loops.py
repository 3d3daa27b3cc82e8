"""Compiled loop over puffs, receptors and times. Imported at first use: numba takes long to load."""

import math

import numpy as np
import numpy.typing as npt

from anlan.kernels._cache import jit

Array = npt.NDArray[np.float64]


@jit
def train(puffs: Array, widths: Array, receptors: Array, times: Array, wind: float) -> Array:
    """Concentration of a train of puffs at receptors over time, shape (receptors, times) [kg/m3].

    ``puffs``: (n, 3) time of release [s], mass [kg], height [m]. ``widths``: (m, 4) distance in equal steps from 0,
    sigma_x, sigma_y, sigma_z [m], interpolated at each puff's travel. ``receptors``: (r, 3) x, y, z [m].
    """
    out = np.zeros((len(receptors), len(times)))
    step = widths[1, 0] - widths[0, 0]
    for t in range(len(times)):
        for p in range(len(puffs)):
            age = times[t] - puffs[p, 0]
            travel = wind * age
            place = travel / step
            i = int(place)
            if age <= 0 or i >= len(widths) - 1:
                continue
            part = place - i
            sx = widths[i, 1] + part * (widths[i + 1, 1] - widths[i, 1])
            sy = widths[i, 2] + part * (widths[i + 1, 2] - widths[i, 2])
            sz = widths[i, 3] + part * (widths[i + 1, 3] - widths[i, 3])
            if sx <= 0:
                continue
            scale = puffs[p, 1] / ((2 * math.pi) ** 1.5 * sx * sy * sz)
            for r in range(len(receptors)):
                along = (receptors[r, 0] - travel) / sx
                across = receptors[r, 1] / sy
                exponent = 0.5 * (along * along + across * across)
                if exponent > 50:
                    continue
                down = (receptors[r, 2] - puffs[p, 2]) / sz
                up = (receptors[r, 2] + puffs[p, 2]) / sz
                vertical = math.exp(-0.5 * down * down) + math.exp(-0.5 * up * up)
                out[r, t] += scale * math.exp(-exponent) * vertical
    return out
