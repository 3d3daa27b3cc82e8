"""View factors from a small receiver to a flame: cylinders upright, tilted and lying, a sphere, any frustum.

Lengths of the closed forms are in radii of the flame: ``length = L/R``, and ``distance = X/R`` from the axis at the
base. A factor is 0 (nothing seen) to 1 (the flame fills the receiver's half space). The largest factor over all
orientations is the root of the sum of the squares of the two orthogonal ones.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]


class ViewFactor(NamedTuple):
    """Factors for a receiver whose plane is vertical (faces the flame), horizontal (faces up) and best turned."""

    vertical: Floats
    horizontal: Floats
    maximum: Floats


def tilted_cylinder(length: npt.ArrayLike, distance: npt.ArrayLike, tilt: npt.ArrayLike = 0.0) -> ViewFactor:
    """A flame cylinder that leans towards a receiver on the ground downwind of it.

    Parameters
    ----------
    length : float[]
        Length of the flame along its axis over its radius, L/R > 0 [-].
    distance : float[]
        Distance of the receiver from the centre of the base over the radius, X/R [-]; it must lie beyond the base
        (> 1) and beyond the shadow of the leaning axis (> L/R sin tilt).
    tilt : float[]
        Angle of the axis from the vertical, towards the receiver, 0 ... < 90 [deg]. 0 is the upright cylinder.

    Returns
    -------
    ViewFactor

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Raj (1977) and Mudan, Prog. Energy Combust. Sci. 10 (1984) 59-80, eq. 35-41; also Atallah, Shah & Betti (1990).
    Yellow Book (CPR 14E, 2005) appendix 6.1; its table 6.A.1 has two misprinted cells of Fmax, (1.2, 0.1) and
    (1.4, 0.2). Under the overhang of the leaning flame (X/R < 1 + L/R sin tilt) the vertical factor counts flame behind
    the receiver against flame before it, as the published formula does.
    """
    a, b, angle = np.broadcast_arrays(*(np.asarray(value, float) for value in (length, distance, tilt)))
    within("length L/R", a, "-", 0, 1e4, above=True)
    within("distance X/R", b, "-", 1, 1e6, above=True)
    within("tilt", angle, "deg", 0, 89.9)
    sine, cosine = np.sin(np.radians(angle)), np.cos(np.radians(angle))
    if np.any(b <= a * sine):
        raise OutOfRange("the receiver stands under the leaning flame: distance X/R must exceed L/R sin(tilt)")
    vertical, horizontal = _mudan(a, b, sine, cosine)
    return ViewFactor(vertical, horizontal, np.hypot(vertical, horizontal))


def _mudan(a: Floats, b: Floats, sine: Floats, cosine: Floats) -> tuple[Floats, Floats]:
    """Mudan's closed form; capital letters are the book's."""
    A = np.sqrt(a**2 + (b + 1) ** 2 - 2 * a * (b + 1) * sine)
    B = np.sqrt(a**2 + (b - 1) ** 2 - 2 * a * (b - 1) * sine)
    C = np.sqrt(1 + (b**2 - 1) * cosine**2)
    D = np.sqrt((b - 1) / (b + 1))
    E = a * cosine / (b - a * sine)
    F = np.sqrt(b**2 - 1)
    sides = np.arctan((a * b - F**2 * sine) / (F * C)) + np.arctan(F * sine / C)
    top = np.arctan(A * D / B)
    upright = (a**2 + (b + 1) ** 2 - 2 * b * (1 + a * sine)) / (A * B)
    flat = (a**2 + (b + 1) ** 2 - 2 * (b + 1 + a * b * sine)) / (A * B)
    vertical = (-E * np.arctan(D) + E * upright * top + cosine / C * sides) / np.pi
    horizontal = (np.arctan(1 / D) + sine / C * sides - flat * top) / np.pi
    return np.clip(vertical, 0, 1), np.clip(horizontal, 0, 1)


def vertical_cylinder(length: npt.ArrayLike, distance: npt.ArrayLike) -> ViewFactor:
    """An upright flame cylinder; parameters and errors as :func:`tilted_cylinder` without tilt."""
    return tilted_cylinder(length, distance, 0.0)


def horizontal_cylinder(length: npt.ArrayLike, distance: npt.ArrayLike, position: npt.ArrayLike = 0.5) -> ViewFactor:
    """A flame cylinder that lies beside the receiver, its axis at the receiver's height.

    Parameters
    ----------
    length : float[]
        L/R > 0 [-].
    distance : float[]
        Shortest distance of the receiver from the axis over the radius, X/R > 1 [-].
    position : float[]
        Where along the flame the receiver stands: 0 and 1 at its ends, 0.5 at its middle [-].

    Returns
    -------
    ViewFactor
        ``vertical``: the receiver faces the axis; ``horizontal``: it faces along the axis, to the longer part.

    Notes
    -----
    The upright cylinder turned on its side; what lies on either side of the receiver adds up (superposition).
    """
    parts, along = np.broadcast_arrays(np.asarray(position, float), np.asarray(length, float))
    within("position", parts, "-", 0, 1)
    within("length L/R", along, "-", 0, 1e4, above=True)
    near, far = np.minimum(parts, 1 - parts) * along, np.maximum(parts, 1 - parts) * along
    one, other = tilted_cylinder(far, distance), tilted_cylinder(np.maximum(near, 1e-12), distance)
    facing = np.clip(one.vertical + other.vertical, 0, 1)
    return ViewFactor(facing, one.horizontal, np.hypot(facing, one.horizontal - other.horizontal))


def sphere(distance: npt.ArrayLike, angle: npt.ArrayLike = 0.0) -> Floats:
    """A spherical flame.

    Parameters
    ----------
    distance : float[]
        Distance of the receiver from the centre over the radius, > 1 [-].
    angle : float[]
        Between the receiver's normal and the line to the centre, 0-180 [deg].

    Returns
    -------
    float[]
        (R/X)^2 cos(angle) while the receiver's plane passes outside the sphere, less when the plane cuts it, 0 when
        the sphere is behind [-].

    Raises
    ------
    OutOfRange
        A receiver inside the sphere, an angle outside 0-180 deg, NaN.

    Notes
    -----
    Howell, Catalog of Radiation Configuration Factors, B-43 / Chung & Sumitra (1972).
    """
    ratio, turned = np.broadcast_arrays(np.asarray(distance, float), np.asarray(angle, float))
    within("distance over radius", ratio, "-", 1, 1e9, above=True)
    within("angle", turned, "deg", 0, 180)
    theta = np.radians(turned)
    edge = np.arcsin(1 / ratio)
    whole = np.cos(theta) / ratio**2
    cut = np.abs(theta - np.pi / 2) < edge
    return np.asarray(np.where(cut, _cut_sphere(ratio, np.where(cut, theta, np.pi / 2)), np.maximum(whole, 0)))


def _cut_sphere(ratio: Floats, theta: Floats) -> Floats:
    root = np.sqrt(ratio**2 - 1)
    sine, cosine = np.sin(theta), np.cos(theta)
    tangent = np.clip(-root * cosine / sine, -1, 1)
    first = 0.5 - np.arcsin(np.clip(root / (ratio * sine), -1, 1)) / np.pi
    second = cosine * np.arccos(tangent) - root * np.sqrt(np.maximum(1 - ratio**2 * cosine**2, 0))
    return np.asarray(first + second / (np.pi * ratio**2))


def frustum(ends: npt.ArrayLike, radii: npt.ArrayLike, receiver: npt.ArrayLike) -> Floats:
    """Components of the view-factor vector of a frustum of a cone, by summing over its surface with both ends.

    Parameters
    ----------
    ends : float[2, 3]
        Centres of the two end discs [m].
    radii : float[2]
        Their radii, > 0 [m].
    receiver : float[3]
        The receiver, outside the frustum [m].

    Returns
    -------
    float[3]
        The view factor of a receiver that faces direction n is the scalar product with n, as long as its plane does
        not cut the flame; its length is the largest factor [-].

    Raises
    ------
    OutOfRange
        NaN, radii <= 0, a frustum without length.

    Notes
    -----
    The definition dF = cos(b1) cos(b2) / (pi r^2) dA over 96 x 48 panels; within 1 % beyond a third of a radius from
    the surface.
    """
    centres, widths, point = (np.asarray(value, float) for value in (ends, radii, receiver))
    within("ends", centres, "m")
    within("radii", widths, "m", 0, 1e5, above=True)
    within("receiver", point, "m")
    axis = centres[1] - centres[0]
    length = float(np.linalg.norm(axis))
    within("length", length, "m", 0, 1e6, above=True)
    _outside(point - centres[0], axis / length, length, widths)
    places, areas = _panels(centres, widths, axis / length, length)
    to_panel = places - point
    square = np.sum(to_panel**2, axis=1)
    facing = np.maximum(-np.sum(to_panel * areas, axis=1), 0)
    return np.asarray((facing / square**2) @ to_panel / np.pi)


def _outside(point: Floats, axis: Floats, length: float, widths: Floats) -> None:
    along = float(point @ axis)
    radius = widths[0] + (widths[1] - widths[0]) * along / length
    if 0 <= along <= length and float(np.linalg.norm(point - along * axis)) <= radius:
        raise OutOfRange("the receiver is inside the flame: no flux from outside can be given")


def _panels(centres: Floats, widths: Floats, axis: Floats, length: float) -> tuple[Floats, Floats]:
    """Middle points and outward area vectors of the mantle and of both discs."""
    rings, parts = 96, 48
    helper = np.eye(3)[int(np.argmin(np.abs(axis)))]
    side = np.cross(axis, helper)
    side /= np.linalg.norm(side)
    turn = (np.arange(parts) + 0.5) * 2 * np.pi / parts
    spokes = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * np.cross(axis, side)
    step = (np.arange(rings) + 0.5) / rings
    radius = widths[0] + (widths[1] - widths[0]) * step
    mantle = (centres[0] + step[:, None] * length * axis)[:, None] + radius[:, None, None] * spokes
    slope = (widths[1] - widths[0]) / length
    outward = (spokes - slope * axis) * (2 * np.pi / parts * length / rings)
    areas = radius[:, None, None] * outward
    discs = [_disc(centres[end], widths[end], spokes, axis * (2 * end - 1)) for end in (0, 1)]
    places = [mantle.reshape(-1, 3), *(disc[0] for disc in discs)]
    vectors = [areas.reshape(-1, 3), *(disc[1] for disc in discs)]
    return np.concatenate(places), np.concatenate(vectors)


def _disc(centre: Floats, radius: float, spokes: Floats, normal: Floats) -> tuple[Floats, Floats]:
    rings = 16
    at = (np.arange(rings) + 0.5) / rings * radius
    places = centre + at[:, None, None] * spokes
    areas = at * radius / rings * 2 * np.pi / len(spokes)
    return places.reshape(-1, 3), np.repeat(areas, len(spokes))[:, None] * normal
