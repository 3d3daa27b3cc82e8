"""Is a safety measure worth its cost: its benefits, and what may be spent before cost is grossly disproportionate.

HSE, "Cost Benefit Analysis (CBA) checklist": benefit of each kind of harm = number harmed x frequency prevented x years
x value of preventing it; a measure is reasonably practicable unless its cost exceeds the benefits times a
disproportion factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Justified:
    """``total`` benefit and the most that may be spent, in the currency of the inputs."""

    total: float
    most: float


def justified_cost(benefits: Sequence[float], disproportion: float) -> Justified:
    """Sum of benefits [currency], times the disproportion factor [-].

    Raises
    ------
    OutOfRange
        A benefit that is negative or not finite, a factor below 1 (safety below its worth), no benefits.
    """
    if not len(benefits):
        raise OutOfRange("no benefits: give at least one amount")
    within("benefit", list(benefits), "currency", 0, 1e15)
    within("disproportion factor", disproportion, "-", 1, 100)
    total = float(sum(benefits))
    return Justified(total, total * disproportion)


def benefit(number: float, value: float, frequency: float, years: float, discount: float = 0.0) -> float:
    """Benefit of preventing one kind of harm [currency].

    Parameters
    ----------
    number : float
        Harmed in one event [persons].
    value : float
        Of preventing one harm [currency].
    frequency : float
        Of the event that the measure prevents [1/yr].
    years : float
        The measure serves so long [yr].
    discount : float
        Yearly rate at which later benefits count less [1/yr]; 0 as in the HSE's example.
    """
    within("number", number, "persons", 0, 1e9)
    within("value", value, "currency", 0, 1e12)
    within("frequency", frequency, "1/yr", 0, 1e4)
    within("years", years, "yr", 0, 1000)
    within("discount", discount, "1/yr", 0, 1)
    weight = years if discount == 0 else (1 - (1 + discount) ** -years) / discount
    return number * value * frequency * weight
