"""A pond as it is written down: storage table, drains, catchment; each refuses what cannot be with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from anlan.kernels.tailings import flood, storm
from anlan.kernels.tailings.outlets import Orifice, Outlet, Pump, Rated, Tower, Weir
from anlan.kernels.tailings.routing import Pool
from anlan.kernels.tailings.storage import Storage
from anlan.kernels.tailings.storm import Floats
from anlan.kernels.validity import OutOfRange, within

Kind = Literal["weir", "orifice", "tower", "pump", "rated"]
KINDS: Mapping[Kind, type[Outlet]] = {
    "weir": Weir, "orifice": Orifice, "tower": Tower, "pump": Pump, "rated": Rated,
}  # fmt: skip
HOUR = 3600.0


def outlet(written: Mapping[str, Any]) -> Outlet:
    """One drain: ``kind``, and the values of its kind by their names in ``kernels.tailings.outlets``.

    Raises
    ------
    OutOfRange
        An unknown kind or value, or a value beyond what the formula holds for.
    """
    kind = KINDS.get(written.get("kind", ""))
    if kind is None:
        raise OutOfRange(f"kind = {written.get('kind', '')!s:.40}: must be one of {', '.join(KINDS)}")
    known = {field.name for field in fields(kind)}
    given = {name: value for name, value in written.items() if name not in ("kind", "name") and value is not None}
    if unknown := set(given) - known:
        raise OutOfRange(f"{', '.join(sorted(unknown))}: a {written['kind']} has {', '.join(sorted(known))}")
    try:
        ready = {name: tuple(value) if isinstance(value, list) else float(value) for name, value in given.items()}
    except (TypeError, ValueError):
        raise OutOfRange(f"{written.get('name', written['kind'])}: its values must be numbers") from None
    return kind(**ready)  # type: ignore[arg-type]  # names and numbers were compared with its fields


def storage(rows: Sequence[Sequence[float]]) -> Storage:
    """The storage curve from rows of level [m] and volume [m3]; a row of level, area [m2] and volume is taken, too."""
    if any(len(row) not in (2, 3) for row in rows) or len(rows) < 2:
        raise OutOfRange("storage curve: need two or more rows of level, volume, or level, area, volume")
    return Storage(np.array([row[0] for row in rows], float), np.array([row[-1] for row in rows], float))


def pool(rows: Sequence[Sequence[float]], drains: Sequence[Mapping[str, Any]], crest: float) -> Pool:
    """The pond with all its drains."""
    return Pool(storage(rows), tuple(outlet(each) for each in drains), crest)


@dataclass(frozen=True)
class Catchment:
    """What rains on a pond and how it gathers.

    ``area`` [km2] with the pond itself; ``mean24`` [mm]: mean of the largest 24 h rain of a year, with ``cv`` and
    ``cs_over_cv``; ``n1`` ``n2``: the storm's decay; ``peak``: share of the 24 h before the worst; ``shares`` of
    the hours instead; ``initial`` [mm] and ``rate`` [mm/h]: losses; ``reservoirs`` and ``lag`` [h]: Nash's n and K.
    """

    area: float
    mean24: float
    cv: float
    cs_over_cv: float
    n1: float
    n2: float
    peak: float
    initial: float
    rate: float
    reservoirs: float
    lag: float
    shares: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        within("area", self.area, "km2", 0, 1000, above=True)
        within("mean24", self.mean24, "mm", 5, 800)
        within("cs_over_cv", self.cs_over_cv, "-", 0.5, 10)
        within("lag", self.lag, "h", 0.02, 24)

    def rain24(self, period: float) -> float:
        """24 h rain [mm] of a return period [yr]."""
        return self.mean24 * storm.frequency_factor(self.cv, self.cv * self.cs_over_cv, period)

    def rain(self, h24: float, step: float) -> Floats:
        """Rain of each step of 24 h [mm]."""
        if self.shares:
            return storm.shared(h24, self.shares, step)
        return storm.hyetograph(h24, self.n1, self.n2, step, self.peak)

    def inflow(self, h24: float, step: float, hours: float, wet: float = 0.0) -> tuple[Floats, Floats]:
        """Rain of each step [mm] and flow into the pond [m3/s] for so many hours.

        ``wet``: what of the initial loss earlier rain has taken already [mm].
        """
        rain = self.rain(h24, step)
        left = max(self.initial - wet, 0.0)
        runs = flood.excess(rain, step, left, self.rate)
        return rain, flood.nash(runs, step, self.area, self.reservoirs, self.lag * HOUR, hours * HOUR)
