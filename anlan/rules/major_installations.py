"""Whether an installation of hazardous chemicals is a major one, and of which grade (GB 18218-2018, 4.2 and 4.3).

``S = Σ q/Q``: S ≥ 1 is a major hazard installation. ``R = α Σ β q/Q`` decides its grade. All sums are exact: a storage
that just reaches its threshold is a major one, however its parts are rounded.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from anlan.rules.refusal import Refusal


@dataclass(frozen=True)
class Holding:
    """What is kept of one substance: ``q_t`` [t], its threshold ``threshold_t`` [t] and its factor ``beta``."""

    name: str
    q_t: float
    threshold_t: float
    beta: float

    def ratio(self) -> Fraction:
        return _exact(self.q_t) / _exact(self.threshold_t)


class Exposure(Protocol):
    """A row of table 5: ``alpha`` from ``people_from`` residents upwards."""

    @property
    def people_from(self) -> int: ...
    @property
    def alpha(self) -> float: ...


class Grade(Protocol):
    """A row of table 6: a grade from ``r_from`` upwards."""

    @property
    def name(self) -> str: ...
    @property
    def r_from(self) -> float: ...


@dataclass(frozen=True)
class Judgement:
    """``grade`` is None where the installation is not a major one."""

    s: Fraction
    is_major: bool
    alpha: float
    r: Fraction
    grade: str | None


def check_holding(holding: Holding) -> Refusal | None:
    """Whether a holding can be counted: a finite quantity ≥ 0, threshold and factor > 0."""
    wrong = [
        ("q", holding.q_t, math.isfinite(holding.q_t) and holding.q_t >= 0),
        ("Q", holding.threshold_t, math.isfinite(holding.threshold_t) and holding.threshold_t > 0),
        ("β", holding.beta, math.isfinite(holding.beta) and holding.beta > 0),
    ]
    for symbol, value, good in wrong:
        if not good:
            params = {"name": holding.name, "symbol": symbol, "value": f"{value:g}"}
            message, fix = "{name} 的 {symbol} = {value} 不对。", "q 应不小于 0，Q 和 β 应大于 0。"
            return Refusal("installation.bad_holding", message, fix, params)
    return None


def judge(holdings: Iterable[Holding], persons: int, tables: tuple[Sequence[Exposure], Sequence[Grade]]) -> Judgement:
    """Identify and grade an installation from what it holds and who lives around it.

    Parameters
    ----------
    holdings : Iterable[Holding]
        Checked holdings, each substance by its designed maximum.
    persons : int
        Residents within 500 m outside the fence [-].
    tables : tuple
        Rows of table 5 and of table 6.
    """
    exposures, grades = tables
    parts = [(holding.ratio(), _exact(holding.beta)) for holding in holdings]
    s = sum((ratio for ratio, _ in parts), Fraction(0))
    factor = alpha_of(persons, exposures)
    r = _exact(factor) * sum((ratio * beta for ratio, beta in parts), Fraction(0))
    return Judgement(s, s >= 1, factor, r, grade_of(r, grades) if s >= 1 else None)


def alpha_of(persons: int, exposures: Sequence[Exposure]) -> float:
    """The factor α of table 5.

    Raises
    ------
    ValueError
        Fewer than no persons.
    """
    fitting = [row for row in exposures if persons >= row.people_from]
    if not fitting:
        raise ValueError(f"{persons} persons: must be 0 or more")
    return max(fitting, key=lambda row: row.people_from).alpha


def grade_of(r: Fraction, grades: Sequence[Grade]) -> str:
    """The grade of table 6.

    Raises
    ------
    ValueError
        A negative R.
    """
    fitting = [row for row in grades if r >= _exact(row.r_from)]
    if not fitting:
        raise ValueError(f"R = {float(r):g}: must be 0 or more")
    return max(fitting, key=lambda row: row.r_from).name


def _exact(value: float) -> Fraction:
    """The decimal number that was written."""
    return Fraction(str(value))
