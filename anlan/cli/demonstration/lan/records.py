"""The rest of the files of enterprises: what ``demo/files`` registers, their neighbours as they lie in the county, and
how the dangerous substances they hold are handled."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from anlan.apps.core.models import Place
from anlan.apps.enterprises.actions import RecordSpec, add_records
from anlan.apps.enterprises.models import Chemical, Enterprise, FileRecord
from anlan.cli.demonstration.lan import names
from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.land import PARK
from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.cli.demonstration.lan.papers import SOURCE
from anlan.cli.demonstration.ways import metres
from anlan.kit.grants import SYSTEM
from anlan.packs.families import demo_files, file_fields
from anlan.packs.families.county import County, Site
from anlan.packs.families.demo_files import DemoFiles, Registered
from anlan.packs.families.file_fields import Field, FileFields

AT_ONCE = 40  # enterprises in one transaction
NEAR_M, NEIGHBOURS = 3_000.0, 5
WINDS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
#: What a neighbour is, by its sector or by what stands in its name.
BY_SECTOR = {"campus": "学校", "hospitals_labs": "医院", "commerce": "商场集贸市场", "rail": "道路铁路"}
BY_NAME = {"桥": "道路铁路", "隧道": "道路铁路", "水库": "水体", "市场": "商场集贸市场", "小区": "居民区"}

Box = tuple[float, ...]


@dataclass(frozen=True)
class Neighbour:
    """A place that others have near: its name, what it is, and its box (west, south, east, north)."""

    pk: int
    name: str
    type: str
    box: Box


def neighbourhood() -> list[Neighbour]:
    """Everything in the county that a file may name as near."""
    found = Place.objects.filter(kind__in=("enterprise", "public_object"), retired=None).exclude(west=None)
    told = found.values_list("pk", "name", "kind", "sector", "west", "south", "east", "north")
    return [
        Neighbour(pk, name, _type(name, kind, sector), tuple(edge or 0.0 for edge in box))
        for pk, name, kind, sector, *box in told
    ]


@dataclass(frozen=True)
class Registry:
    """Fills in the records of one enterprise after another."""

    county: County
    pack: DemoFiles
    fields: FileFields
    around: Sequence[Neighbour]
    today: date

    def rows(self, plan: EnterprisePlan, basics: Enterprise, dangerous: Sequence[str]) -> Iterator[RecordSpec]:
        """All its records; ``dangerous``: the names of the dangerous substances that it holds."""
        stands_for = {"*", plan.trade.key, plan.trade.sector}
        for number, one in enumerate(self.pack.records):
            dice = Dice(self.county.seed, f"{plan.key}/records/{number}")
            if stands_for & set(one.of.split()) and plan.size in one.sizes and dice.chance(one.share * 10):
                yield RecordSpec(basics.place_id, one.group, self._values(one, plan, basics, dice), SOURCE)
        yield from self._handling(basics.place_id, dangerous)
        if dangerous:
            yield from self._near(basics.place_id, Dice(self.county.seed, f"{plan.key}/near"))

    def _values(self, one: Registered, plan: EnterprisePlan, basics: Enterprise, dice: Dice) -> Mapping[str, object]:
        known = {
            "name": plan.name,
            "principal": basics.principal,
            "safety": basics.safety_head,
            "person": names.person(self.county.people, dice),
            "phone": names.phone(dice),
            "serial": f"{self.today.year - 1}-{dice.whole(1, 9_999):04d}",
            "year": str(self.today.year - 1),
        }
        fields = {field.key: field for field in self.fields.of(one.group)}
        return {key: self._value(fields[key], told.format(**known), dice) for key, told in one.values.items()}

    def _value(self, field: Field, told: str, dice: Dice) -> object:
        if ".." not in told:
            return dice.one(told.split("|"))
        low, high = told.split("..")
        if "." in low or "." in high:
            return round(dice.between(float(low), float(high)), 2)
        drawn = dice.whole(int(low), int(high))
        days = timedelta(days=drawn)
        return self.today - days if field.type == "date" else self.today + days if field.type == "due" else drawn

    def _handling(self, place: int, substances: Sequence[str]) -> Iterator[RecordSpec]:
        for name in dict.fromkeys(substances):
            if found := next((each for each in self.pack.disposal if each["name"] in name), None):
                yield RecordSpec(place, "disposal", {**found, "name": name}, SOURCE)

    def _near(self, place: int, dice: Dice) -> Iterator[RecordSpec]:
        own = next((each for each in self.around if each.pk == place), None)
        if own is None:
            return
        apart = [(_metres(own.box, each.box), each) for each in self.around if each.pk != place]
        near = sorted((far, each.pk, each) for far, each in apart if far <= NEAR_M)
        for far, _, each in near[:NEIGHBOURS]:
            values: dict[str, object] = {
                "name": each.name, "type": each.type, "bearing": _bearing(own.box, each.box), "distance": round(far),
                "contact": names.person(self.county.people, dice), "phone": names.phone(dice),
            }  # fmt: skip
            yield RecordSpec(place, "surroundings", values, SOURCE)


def add(plans: Sequence[EnterprisePlan], county: County, today: date) -> None:
    """The records of all enterprises that have none yet."""
    registry = Registry(county, demo_files.load(today), file_fields.load(today), neighbourhood(), today)
    done = FileRecord.objects.filter(source=SOURCE).values("place_id")
    basics = {one.place.code: one for one in Enterprise.objects.exclude(place__in=done).select_related("place")}
    dangerous: dict[int, list[str]] = {}
    for place, name in Chemical.objects.filter(hazardous=True).order_by("pk").values_list("place_id", "name"):
        dangerous.setdefault(place, []).append(name)
    without = [each for each in plans if each.code in basics]
    for start in range(0, len(without), AT_ONCE):
        told = [(each, basics[each.code]) for each in without[start : start + AT_ONCE]]
        rows = (registry.rows(each, own, dangerous.get(own.place_id, [])) for each, own in told)
        add_records(SYSTEM, list(itertools.chain.from_iterable(rows)))


def residents(county: County, today: date) -> Iterator[EnterprisePlan]:
    """The plants that stand in the park already, as far as their files want to know."""
    trades = {trade.key: trade for trade in county.trades}
    for number, one in enumerate(demo_files.load(today).residents):
        trade = replace(trades[one.trade], key=one.own)
        site = Site(one.code, "chempark", one.size, PARK, one.road, 0, 0, 900, 640, 0)
        name = Place.objects.get(code=one.code).name
        yield EnterprisePlan(one.code, name, one.code, trade, site, one.size, number, one.staff)


def _type(name: str, kind: str, sector: str) -> str:
    if sector in BY_SECTOR:
        return BY_SECTOR[sector]
    named = next((said for part, said in BY_NAME.items() if part in name), "其他")
    return "企业" if kind == "enterprise" else named


def _metres(one: Box, other: Box) -> float:
    """Between the nearest points of two boxes."""
    (west, east), (south, north) = (_nearest(one[axis], one[axis + 2], other[axis], other[axis + 2]) for axis in (0, 1))
    return metres((west, south), (east, north))


def _nearest(low: float, high: float, other_low: float, other_high: float) -> tuple[float, float]:
    """The nearest values of two intervals; the same one where they overlap."""
    if high < other_low:
        return high, other_low
    if other_high < low:
        return low, other_high
    return (max(low, other_low),) * 2


def _bearing(one: Box, other: Box) -> str:
    """In which of eight directions the middle of the other box lies."""
    east = (other[0] + other[2] - one[0] - one[2]) * math.cos(math.radians(one[1]))
    north = other[1] + other[3] - one[1] - one[3]
    return WINDS[round(math.degrees(math.atan2(east, north)) / 45) % 8]
