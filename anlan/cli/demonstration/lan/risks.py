"""Assesses risk points: most are low, few serious, hardly any major, each for a hazard of its trade's pack."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.model import PlacePlan
from anlan.packs.families.county import County, Major
from anlan.packs.families.hazards import Hazard
from anlan.rules.levels import Level

#: So many characters of a hazard fit into an assessment's reason.
REASON = 60


class Assessor:
    """Assesses the risk points of one enterprise."""

    def __init__(self, county: County, dice: Dice, hazards: Sequence[Hazard], *, heavy: bool) -> None:
        self._county, self._dice = county, dice
        self._shares = county.levels.heavy if heavy else county.levels.light
        self._hazards: dict[str, list[Hazard]] = {}
        for each in hazards:
            self._hazards.setdefault(each.object, []).append(each)

    def assessed(self, enterprise: str, places: Sequence[PlacePlan]) -> list[PlacePlan]:
        """The places, each risk point with its level and reason or, a few, never assessed."""
        major = _major(self._county.major, enterprise, places)
        return [self._one(each, major) if each.kind == "risk_point" else each for each in places]

    def _one(self, point: PlacePlan, major: str) -> PlacePlan:
        level, hazard = self._level(), self._dice.share()
        if point.key == major:
            level = Level.MAJOR
        elif self._dice.chance(self._county.levels.unassessed):
            return point
        return replace(point, level=level, reason=self._reason(point, hazard))

    def _level(self) -> Level:
        drawn = self._dice.share() * 1000
        if drawn < self._shares.serious:
            return Level.SERIOUS
        return Level.GENERAL if drawn < self._shares.serious + self._shares.general else Level.LOW

    def _reason(self, point: PlacePlan, drawn: float) -> str:
        known = self._hazards.get(point.object)
        if not known:
            return f"{point.name}，按风险矩阵法评估"
        hazard = known[int(drawn * len(known))]
        return f"{hazard.activity}：{hazard.hazard[:REASON]}（可致{'、'.join(hazard.accidents[:2])}），按风险矩阵法评估"


def _major(every: Sequence[Major], enterprise: str, places: Sequence[PlacePlan]) -> str:
    """The key of the one point of an enterprise that is a major risk, if it has one."""
    wanted: Mapping[str, str | None] = {each.enterprise: each.object for each in every}
    if enterprise not in wanted:
        return ""
    points = [each for each in places if each.kind == "risk_point"]
    return next((each.key for each in points if wanted[enterprise] in (None, each.object)), points[0].key)
