"""The vertical factor of a Gaussian cloud: spread about its height, reflected by the ground and by an inversion."""

from typing import cast

import numpy as np
import numpy.typing as npt

from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]

_IMAGES = 6
_WELL_MIXED = 0.7
"""Above this ratio of sigma_z to the mixing height the cosine series converges faster than the images."""


def vertical_factor(
    z: npt.ArrayLike, height: npt.ArrayLike, sigma_z: npt.ArrayLike, mixing_height: float | None = None
) -> Array:
    """Share of the mass per metre of height.

    Without an inversion, one image below the ground; with it, the series of images of EPA 1995 (ISC3 User's Guide
    vol. 2, section 1.1.6), summed as a cosine series once the layer is nearly mixed (Seinfeld & Pandis 2006, ch. 18).
    The limit of a large sigma_z is 1 / mixing_height.

    Parameters
    ----------
    z
        Receptor height, >= 0 and <= mixing_height [m].
    height
        Height of the cloud's centre, >= 0 and <= mixing_height [m].
    sigma_z
        Vertical dispersion parameter, > 0 [m].
    mixing_height
        Height of the inversion, None: no inversion [m].

    Returns
    -------
    ndarray
        Broadcast shape [1/m]; its integral over z is 1.

    Raises
    ------
    OutOfRange
        A height below the ground or above the inversion; sigma_z <= 0.
    """
    return np.exp(log_vertical_factor(z, height, sigma_z, mixing_height))


def log_vertical_factor(
    z: npt.ArrayLike, height: npt.ArrayLike, sigma_z: npt.ArrayLike, mixing_height: float | None = None
) -> Array:
    """Natural logarithm of :func:`vertical_factor`: finite also where the factor itself is too small to be stored."""
    _check(z, height, sigma_z, mixing_height)
    receptor, centre, spread = np.broadcast_arrays(*(np.asarray(v, float) for v in (z, height, sigma_z)))
    if mixing_height is None:
        return _log_images(receptor, centre, spread, np.zeros(1))
    offsets: Array = 2.0 * mixing_height * np.arange(-_IMAGES, _IMAGES + 1, dtype=np.float64)
    images = _log_images(receptor, centre, spread, offsets)
    return np.where(spread < _WELL_MIXED * mixing_height, images, _log_cosines(receptor, centre, spread, mixing_height))


def _check(z: npt.ArrayLike, height: npt.ArrayLike, sigma_z: npt.ArrayLike, mixing_height: float | None) -> None:
    top = np.inf
    if mixing_height is not None:
        within("mixing_height", mixing_height, "m", 0, above=True)
        top = mixing_height
        if np.any(np.asarray(height, float) > top):
            raise OutOfRange(
                f"height = {np.max(np.asarray(height)):g} m lies above the mixing height {top:g} m: "
                "the plume has left the layer; leave out the mixing height"
            )
    within("z", z, "m", 0, top)
    within("height", height, "m", 0, top)
    within("sigma_z", sigma_z, "m", 0, above=True)


def _log_images(z: Array, height: Array, sigma: Array, offsets: Array) -> Array:
    """Logarithm of the sum over the sources at ``offset +- height``."""
    shifts = offsets.reshape(-1, *[1] * z.ndim)
    down, up = -0.5 * ((z - height - shifts) / sigma) ** 2, -0.5 * ((z + height - shifts) / sigma) ** 2
    total = np.logaddexp.reduce(np.logaddexp(down, up), axis=0)
    return cast(Array, total - np.log(np.sqrt(2 * np.pi) * sigma))


def _log_cosines(z: Array, height: Array, sigma: Array, top: float) -> Array:
    """Logarithm of the sum of the layer's modes; only good where sigma is comparable with ``top``."""
    total = np.ones_like(sigma)
    for mode in range(1, 6):
        wave = mode * np.pi / top
        total += 2 * np.cos(wave * z) * np.cos(wave * height) * np.exp(-0.5 * (wave * sigma) ** 2)
    return np.log(np.maximum(total, 1e-300) / top)
