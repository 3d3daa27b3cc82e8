"""What it means for a place when a licence, a certificate or an inspection there has run out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique
from anlan.rules.levels import Level

IDS = "core/lapse_facts"

#: What a reason may speak of: the row's title, the name of the date, the date.
_NAMES = {"title", "field", "date"}


@dataclass(frozen=True)
class Lapse:
    """One rule. Empty ``fields`` or ``titles`` mean all; a title fits if it contains one of ``titles``."""

    key: Annotated[str, Unique()]
    groups: tuple[Annotated[str, Ref("core/file_groups", "groups.key")], ...]
    level: Level
    fact: str
    reason: str
    clause: str
    fields: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def fits(self, group: str, field: str, title: str) -> bool:
        return (
            group in self.groups
            and (not self.fields or field in self.fields)
            and (not self.titles or any(part in title for part in self.titles))
        )

    def problems(self) -> Iterable[str]:
        if self.level in (Level.UNKNOWN, Level.LOW):
            yield f"{self.key}：到期不能使场所显示为低或未知，等级应是 general、serious 或 major"
        if unknown := set(re.findall(r"\{(\w+)\}", self.reason)) - _NAMES:
            yield f"{self.key}：reason 里不认识 {'、'.join(sorted(unknown))}，可用 {'、'.join(sorted(_NAMES))}"


@dataclass(frozen=True)
class LapseFacts:
    """``soon_days`` [d]: the steps of "soon due"; ``idle_states``: things out of use, whose dates do not matter."""

    words: str
    soon_days: tuple[int, ...]
    idle_states: tuple[str, ...]
    rules: tuple[Lapse, ...]

    def rule(self, group: str, field: str, title: str) -> Lapse | None:
        """The first rule for a date of a row, or None where its passing does not move the colour."""
        return next((rule for rule in self.rules if rule.fits(group, field, title)), None)

    def problems(self) -> Iterable[str]:
        if list(self.soon_days) != sorted(set(self.soon_days)):
            yield "soon_days 应从小到大，且不重复"


SHAPE = LapseFacts


def load(on: date) -> LapseFacts:
    return load_as(LapseFacts, IDS, on).body
