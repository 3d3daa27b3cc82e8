"""Chance that is the same on every machine and version: only ``random()`` of a seeded Mersenne Twister is used."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Chance for one topic, so that more draws of one topic change nothing of another."""

    def __init__(self, seed: int, topic: str) -> None:
        self._random = random.Random(f"{seed}/{topic}")  # noqa: S311 - nothing secret hangs on it

    def share(self) -> float:
        """From 0 to below 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """``low`` … ``high``, both included."""
        return low + int(self.share() * (high - low + 1))

    def chance(self, per_mille: float) -> bool:
        return self.share() * 1000 < per_mille

    def one(self, things: Sequence[T]) -> T:
        return things[int(self.share() * len(things))]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All in another order (Fisher and Yates)."""
        found = list(things)
        for last in range(len(found) - 1, 0, -1):
            other = self.whole(0, last)
            found[last], found[other] = found[other], found[last]
        return found
