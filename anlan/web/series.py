"""History as the charts take it: columns of numbers, null where there was no good reading."""

from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anlan.engine.history import Series


def ms(moment: datetime) -> int:
    """Epoch milliseconds."""
    return int(moment.timestamp() * 1000)


def columns(one: "Series") -> dict[str, list[Any]]:
    """``ts`` [ms], ``low``, ``high``, ``mean``, ``good`` of each span."""
    good = [bool(value) for value in one.good.tolist()]
    return {
        "ts": one.ts.tolist(),
        "low": _numbers(one.low.tolist(), good),
        "high": _numbers(one.high.tolist(), good),
        "mean": _numbers(one.mean.tolist(), good),
        "good": good,
    }


def _numbers(values: Iterable[float], good: list[bool]) -> list[float | None]:
    return [value if ok and isfinite(value) else None for value, ok in zip(values, good, strict=True)]
