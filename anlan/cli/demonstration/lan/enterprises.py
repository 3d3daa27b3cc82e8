"""Chooses for every enterprise its name, its code and a site of a zone where its trade belongs."""

from collections.abc import Iterator

from anlan.cli.demonstration.lan import names
from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.land import Land
from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.packs.families.county import County, Site, Trade

_NUMERALS = "一二三四五六七八九十"
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


def enterprises(county: County, land: Land) -> Iterator[EnterprisePlan]:
    """All of them, without their insides, the pickiest trades first."""
    sites = Sites(county, Dice(county.seed, "sites"))
    naming = _Naming(county, land)
    for trade in sorted(county.trades, key=lambda each: len(each.zones)):
        for number in range(trade.count):
            yield _enterprise(county, trade, number, sites, naming)


class _Naming:
    """Gives each enterprise a name and a code that no other has."""

    def __init__(self, county: County, land: Land) -> None:
        self._county, self._land = county, land
        self._brands = iter(names.brands(county.brands, Dice(county.seed, "brands")))
        self._taken: set[str] = set()
        self._serial = 0

    def name(self, trade: Trade, number: int, grid: str) -> str:
        endings = trade.names.split("|")
        pattern = endings[number % len(endings)]
        town, village = self._land.words(grid)
        parts = {"county": self._county.name, "town": town, "village": village, "number": _NUMERALS[number % 10]}
        brand = next(self._brands) if "{brand}" in pattern or "{" not in pattern else ""
        whole = pattern if "{" in pattern else "{county}{brand}" + pattern
        name = base = whole.format(brand=brand, **parts)
        again = 1
        while name in self._taken:
            again += 1
            name = f"{base}（{again}）"
        self._taken.add(name)
        return name

    def code(self, kind: str) -> str:
        self._serial += 1
        return names.credit_code(self._county.code, self._serial * 7919, "12" if kind == "public_object" else "91")


def _enterprise(county: County, trade: Trade, number: int, sites: Sites, naming: _Naming) -> EnterprisePlan:
    key = trade.key if number == 0 else f"{trade.key}-{number + 1}"
    size = trade.sizes[number % len(trade.sizes)]
    site = sites.take(trade, number, size)
    low, high = county.sizes[size].staff
    staff = Dice(county.seed, key).whole(low, high)
    return EnterprisePlan(
        key, naming.name(trade, number, site.grid), naming.code(trade.kind), trade, site, size, number, staff
    )
