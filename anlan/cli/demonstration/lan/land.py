"""The drawn land: towns, grids, zones, segments of lines and public objects, as places to be."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anlan.cli.demonstration.lan.model import PlacePlan
from anlan.packs.families.county import County
from anlan.rules.levels import Level

COUNTY, PARK = "county", "park"
#: What each zone is called, and the places that it counts though they lie elsewhere in the tree.
ZONES = {"coast": "沿海风险带", "railbelt": "铁路沿线安全保护区"}
_REASONS = {
    "public": "人员密集场所发生火灾、踩踏，按风险矩阵法评估",
    "reservoir": "坝体渗漏、超汛限水位，按风险矩阵法评估",
    "bridge": "超载车辆、洪水冲刷墩台，按风险矩阵法评估",
    "tunnel": "隧道内车辆起火、渗水结冰，按风险矩阵法评估",
}


@dataclass(frozen=True)
class Drawn:
    """A feature of the drawn files."""

    told: Mapping[str, Any]
    geometry: Mapping[str, Any]


def features(file: Path) -> list[Drawn]:
    found = json.loads(file.read_text(encoding="utf-8"))["features"]
    return [Drawn(each["properties"], each["geometry"]) for each in found]


class Land:
    """Read once; ``places`` are in the order of the tree."""

    def __init__(self, county: County, folder: Path) -> None:
        self._county = county
        self._outlines = {each.told["key"]: each for each in features(folder / county.outlines)}
        self._objects = features(folder / county.objects)
        self._towns = {town.key: town for town in county.towns}

    def outline(self, key: str) -> Mapping[str, Any]:
        return self._outlines[key].geometry

    def words(self, grid: str) -> tuple[str, str]:
        """The names of the town and the village of a grid, without what they are."""
        if grid == PARK:
            return "沙岗", "园区"
        told = self._outlines[grid].told
        return self._towns[told["town"]].name[:-1], told["name"].removesuffix("村").removesuffix("社区")

    def divisions(self) -> Iterator[PlacePlan]:
        """County, towns, grids, the park and the zones."""
        county = self._county
        yield PlacePlan(COUNTY, "", "county", county.name, county.code, geometry=self.outline(COUNTY))
        for town in county.towns:
            yield PlacePlan(town.key, COUNTY, "town", town.name, town.code, geometry=self.outline(town.key))
        for key, each in self._outlines.items():
            if each.told["kind"] == "grid":
                town, number = self._towns[each.told["town"]], key.rpartition("-")[2]
                name = f"{each.told['name']}网格"
                yield PlacePlan(key, town.key, "grid", name, f"{town.code}-{number}", geometry=each.geometry)
        yield PlacePlan(PARK, "shagang", "park", "望潮精细化工园", "LAN-PARK", geometry=self.outline(PARK))
        for key, name in ZONES.items():
            yield PlacePlan(key, COUNTY, "zone", name, f"LAN-{key.upper()}", geometry=self.outline(key))

    def things(self) -> Iterator[PlacePlan]:
        """Public objects in their grids, and the segments of lines in their towns."""
        for number, each in enumerate(self._objects):
            told = each.told
            if told["kind"] == "segment":
                yield PlacePlan(
                    f"segment-{number}",
                    told["town"],
                    "segment",
                    told["name"],
                    geometry=each.geometry,
                    asset=told["asset"],
                )
            else:
                level = Level[told["level"].upper()]
                yield PlacePlan(
                    f"object-{number}", told["grid"], "public_object", told["name"], geometry=each.geometry,
                    level=level, reason=f"{told['name']}：{_REASONS[told['kind']]}",
                )  # fmt: skip
