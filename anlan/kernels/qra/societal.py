"""Societal risk: how often how many die at once.

Every release, in every weather and direction, kills an expected number of people: lethality summed over the people.
From these come the F-N curve (Purple Book, CPR 18E, eq. 6.6: F(N) sums the frequencies of at least N deaths), the
potential loss of life PLL = sum of f N, the fatal accident rate FAR (per 1e8 h) and the average individual risk AIR.

People are shared among the nodes of the same polar mesh on which individual risk is computed, by the adjoint of the
interpolation used there: individual risk x population equals the PLL.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra._workers import spread
from anlan.kernels.qra.individual import chosen_at, mesh_for, rose_rows
from anlan.kernels.qra.layout import Floats, Grid, Park
from anlan.kernels.validity import OutOfRange, within

#: Hours in the year of the fatal accident rate [h].
HOURS_OF_YEAR = 8760.0
#: Hours to which the fatal accident rate refers [h].
FAR_HOURS = 1e8


@dataclass(frozen=True)
class Deaths:
    """``number[release, direction]``: expected deaths [-]; ``frequency``: how often that happens [1/yr]."""

    number: Floats
    frequency: Floats

    @property
    def potential_loss(self) -> float:
        """PLL: expected deaths in a year [1/yr]."""
        return float((self.number * self.frequency).sum())

    def by_release(self) -> Floats:
        """Potential loss of each release [1/yr]."""
        share: Floats = (self.number * self.frequency).sum(axis=1)
        return share


def people_on(grid: Grid, persons: npt.ArrayLike) -> Floats:
    """Rows of x, y, persons for the cells of a grid, f8[rows, columns], where somebody is."""
    counts = np.asarray(persons, float)
    if counts.shape != (grid.rows, grid.columns):
        raise OutOfRange(f"population has shape {counts.shape}; the grid has {grid.rows} rows x {grid.columns} columns")
    within("persons of a cell", counts, "persons", 0)
    rows, columns = np.nonzero(counts)
    return np.column_stack((grid.x[columns], grid.y[rows], counts[rows, columns]))


def expected_deaths(
    park: Park, people: npt.ArrayLike, cell: float, progress: Callable[[int], None] = lambda location: None
) -> Deaths:
    """Expected deaths of every release in every direction.

    Parameters
    ----------
    people : f8[n, 3]
        Easting [m], northing [m], persons [-]: the cells or houses where people are.
    cell : float
        Spacing of the polar mesh [m]: the cell size of the grid with which results are compared.

    Raises
    ------
    OutOfRange
        A place or number that is not finite, or a negative number of people.
    """
    where = np.ascontiguousarray(people, float).reshape(-1, 3)
    within("place of people", where[:, :2], "m", -1e8, 1e8)
    within("persons", where[:, 2], "persons", 0, 1e9)
    within("cell", cell, "m", 0.1, 10_000)
    number = np.zeros((len(park.releases.shape), park.rose.directions))

    def some(start: int, stop: int) -> None:
        for location in range(start, stop):
            number[park.of(location)] = deaths_at(park, location, where, cell)
            progress(location)

    spread(some, len(park.at), 30)
    return Deaths(number, frequencies(park))


def frequencies(park: Park) -> Floats:
    """How often each release happens in each direction [1/yr]: f8[releases, directions]."""
    releases = park.releases
    rows = np.where(releases.weather < 0, park.rose.weathers, releases.weather)
    return np.asarray(releases.frequency[:, None] * rose_rows(park)[rows], float)


def deaths_at(park: Park, location: int, people: Floats, cell: float) -> Floats:
    """Expected deaths of one location's releases: f8[releases there, directions] [-]; see :func:`expected_deaths`."""
    from anlan.kernels.qra import _loops as loops

    x, y = (float(value) for value in park.at[location])
    mesh, chosen, directions = mesh_for(park, location, cell), chosen_at(park, location), park.rose.directions
    out = np.zeros((len(chosen.shape), directions))
    if not len(chosen.shape):
        return out
    nodes = np.zeros((mesh.spokes // directions, mesh.rings, directions), np.float32)
    loops.spread_people(people, x, y, mesh, nodes)
    loops.far_deaths(park.tables, chosen, mesh, nodes, out)
    loops.near_deaths(park.tables, chosen, people, x, y, mesh.near, out)
    return out


def curve(number: npt.ArrayLike, frequency: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The F-N curve as corners: deaths N, rising, and the frequency of N or more [1/yr].

    Raises
    ------
    OutOfRange
        A number or frequency that is negative or not finite, or lists of unequal length.
    """
    deaths, often = np.ravel(np.asarray(number, float)), np.ravel(np.asarray(frequency, float))
    if len(deaths) != len(often):
        raise OutOfRange(f"{len(deaths)} numbers of deaths but {len(often)} frequencies")
    within("deaths", deaths, "persons", 0, 1e9)
    within("frequency", often, "1/yr", 0, 1e4)
    real = (deaths > 0) & (often > 0)
    order = np.argsort(-deaths[real], kind="stable")
    falling, total = deaths[real][order], np.cumsum(often[real][order])
    last = np.append(falling[1:] != falling[:-1], True) if len(falling) else np.zeros(0, bool)
    return falling[last][::-1].copy(), total[last][::-1].copy()


def frequency_of(least: npt.ArrayLike, number: npt.ArrayLike, frequency: npt.ArrayLike) -> Floats:
    """F(N) [1/yr]: the frequency of ``least`` or more deaths, for each entry of ``least``."""
    deaths, often = curve(number, frequency)
    within("N", least, "persons", 0)
    place = np.searchsorted(deaths, np.atleast_1d(np.asarray(least, float)) * (1 - 1e-12))
    return np.append(often, 0.0)[place]


def potential_loss(number: npt.ArrayLike, frequency: npt.ArrayLike) -> tuple[float, Floats]:
    """PLL [1/yr], and the share of each entry in it [-] (zeros where there is no loss)."""
    deaths, often = np.asarray(number, float), np.asarray(frequency, float)
    if deaths.shape != often.shape:
        raise OutOfRange(f"{deaths.size} numbers of deaths but {often.size} frequencies")
    within("deaths", deaths, "persons", 0, 1e9)
    within("frequency", often, "1/yr", 0, 1e4)
    losses = deaths * often
    total = float(losses.sum())
    return total, losses / total if total > 0 else np.zeros_like(losses)


def fatal_accident_rate(loss: float, persons: float) -> float:
    """FAR [per 1e8 h] of ``persons`` who share a potential loss [1/yr], present all year (8760 h)."""
    within("potential loss", loss, "1/yr", 0, 1e9)
    within("persons", persons, "persons", 0, 1e9, above=True)
    return loss * FAR_HOURS / (persons * HOURS_OF_YEAR)


def average_individual_risk(rate: float, hours: float) -> float:
    """AIR [1/yr] of somebody exposed ``hours`` a year [h/yr] at a fatal accident rate [per 1e8 h]."""
    within("FAR", rate, "per 1e8 h", 0, 1e12)
    within("hours", hours, "h/yr", 0, 8784)
    return rate * hours / FAR_HOURS
