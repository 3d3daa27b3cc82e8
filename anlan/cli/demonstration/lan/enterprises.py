"""Chooses for every enterprise its name, its code and a site of a zone where its trade belongs."""

from collections.abc import Iterator

from anlan.cli.demonstration.lan import names
from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.packs.families.county import County, Site, Trade

#: Sizes that do when the wished one is taken, in this order.
_INSTEAD = {"L": "LM", "M": "MLS", "S": "SM"}


class NoSiteError(Exception):
    """The county has too few sites for a trade; the text says which."""


class Sites:
    """Sites that are still free, by zone and size."""

    def __init__(self, county: County, dice: Dice) -> None:
        self._free: dict[tuple[str, str], list[Site]] = {}
        for site in dice.shuffled(county.sites):
            self._free.setdefault((site.zone, site.size), []).append(site)

    def take(self, trade: Trade, number: int, size: str) -> Site:
        """A free site, the trade's zones in turn, of the wished size if there is one."""
        zones = [*trade.zones[number % len(trade.zones) :], *trade.zones]
        for like in _INSTEAD[size]:
            for zone in zones:
                if free := self._free.get((zone, like)):
                    return free.pop()
        msg = f"no site left for {trade.key} in {trade.zones}"
        raise NoSiteError(msg)


def enterprises(county: County) -> Iterator[EnterprisePlan]:
    """All of them, without their insides, the pickiest trades first."""
    sites = Sites(county, Dice(county.seed, "sites"))
    brands = names.brands(county.brands, Dice(county.seed, "brands"))
    serial = 0
    for trade in sorted(county.trades, key=lambda each: len(each.zones)):
        for number in range(trade.count):
            serial += 1
            yield _enterprise(county, trade, number, sites, (serial, brands[serial]))


def _enterprise(county: County, trade: Trade, number: int, sites: Sites, naming: tuple[int, str]) -> EnterprisePlan:
    serial, brand = naming
    key = trade.key if number == 0 else f"{trade.key}-{number + 1}"
    size = trade.sizes[number % len(trade.sizes)]
    dice = Dice(county.seed, key)
    low, high = county.sizes[size].staff
    endings = trade.names.split("|")
    name = f"{county.name}{brand}{endings[number % len(endings)]}"
    kind = "12" if trade.kind == "public_object" else "91"
    code = names.credit_code(county.code, serial * 7919, kind)
    return EnterprisePlan(key, name, code, trade, sites.take(trade, number, size), size, number, dice.whole(low, high))
