"""Puts the whole plan of the county together."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from anlan.cli.demonstration.lan import insides, sources
from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.enterprises import enterprises
from anlan.cli.demonstration.lan.ground import Ground
from anlan.cli.demonstration.lan.land import Land
from anlan.cli.demonstration.lan.model import EnterprisePlan, PlacePlan, SourcePlan
from anlan.cli.demonstration.lan.risks import Assessor
from anlan.packs import loader
from anlan.packs.families import county as pack
from anlan.packs.families import hazards, sector, tags


@dataclass(frozen=True)
class Plan:
    """The county as it will be built. The park's three plants are not in it: they stand in the pack ``demo/county``."""

    on: date
    county: pack.County
    folder: Path

    @cached_property
    def land(self) -> Land:
        return Land(self.county, self.folder)

    @cached_property
    def enterprises(self) -> tuple[EnterprisePlan, ...]:
        """All enterprises with all that lies in them."""
        ground = Ground(self.county.origin)
        return tuple(self._furnished(each, ground) for each in enterprises(self.county, self.land))

    @cached_property
    def sources(self) -> tuple[SourcePlan, ...]:
        """The gateways of the enterprises, with their tags."""
        found = (self._source(each) for each in self.enterprises)
        return tuple(each for each in found if each is not None)

    @cached_property
    def by_key(self) -> dict[str, EnterprisePlan]:
        return {each.key: each for each in self.enterprises}

    def _furnished(self, enterprise: EnterprisePlan, ground: Ground) -> EnterprisePlan:
        trade, key = enterprise.trade, enterprise.key
        kind = sector.load(trade.sector, self.on)
        layout = insides.Layout(ground, enterprise.site)
        top = PlacePlan(
            key, enterprise.site.grid, trade.kind, enterprise.name, enterprise.code, trade.sector, "", layout.outline()
        )
        dice = Dice(self.county.seed, f"{key}/inside")
        found = insides.instances(self.county, trade, enterprise.size, kind.objects, dice)
        places = [top, *insides.inside(self.county, top, layout, found)]
        known = hazards.load(trade.sector, self.on).hazards
        assessor = Assessor(self.county, Dice(self.county.seed, f"{key}/risks"), known, heavy=kind.heavy)
        return replace(enterprise, places=tuple(assessor.assessed(key, places)))

    def _source(self, enterprise: EnterprisePlan) -> SourcePlan | None:
        name = enterprise.trade.sector
        objects, catalogue = sector.load(name, self.on).objects, tags.load(name, self.on).tags
        return sources.source(enterprise, objects, catalogue, Dice(self.county.seed, f"{enterprise.key}/source"))


@cache
def plan_of(on: date) -> Plan:
    """The plan by the packs that hold on a day."""
    return Plan(on, pack.load(on), loader.load(pack.IDS, on).file.parent)
