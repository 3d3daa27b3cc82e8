"""How much of a park's risk capacity is left, by its newest quantitative study."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anlan.apps.consequences.parks import selectors as studies
from anlan.apps.core.models import Place
from anlan.kernels.qra.capacity import frequency_factor
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import external_risk


@dataclass(frozen=True)
class Room:
    """``factor``: by how much all risk may still grow until a criterion is reached; below 1 it is broken already.

    ``governs``: the criterion that is reached first. ``fresh``: nothing the study is made of has changed since.
    """

    study_id: int
    name: str
    factor: float
    governs: str
    failing: int
    computed: datetime | None
    fresh: bool

    @property
    def used(self) -> float:
        """Share of the capacity that is taken [%], 100 and more: all of it; without end where ``factor`` is 0."""
        return 100.0 / self.factor if self.factor > 0 else math.inf


def room_of(viewer: Viewer, place: Place) -> Room | None:
    """What is left, by the study of the park that was computed last; None where there is none."""
    computed = studies.studies(viewer, place).filter(place=place, computed__isnull=False).order_by("-computed")
    for study in computed[:3]:
        told = studies.told(study)
        if told is not None and (found := _least(told)) is not None:
            factor, governs, failing = found
            fresh = study.computed_revision == study.revision
            return Room(study.pk, study.name, factor, governs, failing, study.computed, fresh)
    return None


def _least(told: Mapping[str, Any]) -> tuple[float, str, int] | None:
    """The factor of the criterion that is reached first, what that is, and how many targets are over their limit."""
    judged = [one for one in told["targets"] if one["limit"]]
    individual = frequency_factor([one["risk"] for one in judged], [one["limit"] for one in judged]).value
    found = first(individual, told["societal"].get("number", ()), told["societal"].get("frequency", ()))
    failing = sum(one["risk"] > one["limit"] for one in judged)
    return (*found, failing) if found else None


def first(individual: float, number: Sequence[float], frequency: Sequence[float]) -> tuple[float, str] | None:
    """The lesser factor of individual risk and of an F-N curve, and which that is; None where nothing bounds them."""
    societal = _societal(number, frequency)
    factor = min(individual, societal)
    return (factor, "个人风险" if individual <= societal else "社会风险") if math.isfinite(factor) else None


def _societal(number: Sequence[float], frequency: Sequence[float]) -> float:
    """By how much the F-N curve may rise until it touches the upper line."""
    line = external_risk.load(clock.today()).societal
    rooms = [line.upper.at(n) / f for n, f in zip(number, frequency, strict=False) if f > 0 and 1 <= n <= line.n_end]
    beyond = any(n > line.n_end and f > 0 for n, f in zip(number, frequency, strict=False))
    return 0.0 if beyond else min(rooms, default=math.inf)
