"""The files of enterprises: basic facts, licences, certificates, chemicals, equipment, contractors.

Dates count from the day on which the demo starts, so that a few papers have lapsed and some fall due soon.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from anlan.apps.enterprises.actions import (
    CertificateSpec,
    ChemicalSpec,
    ContractorSpec,
    EnterpriseSpec,
    EquipmentSpec,
    LicenceSpec,
)
from anlan.cli.demonstration.lan import names
from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.land import Land
from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.packs.families.county import County, Holding, Machine, Permit, Qualification

YEAR = 365
#: Per mille of papers that have lapsed, and that fall due within the next weeks.
LAPSED, SOON = 14, 60
SOURCE = "演示生成"

Rows = TypeVar("Rows", Holding, Machine, Permit, Qualification)
Items = LicenceSpec | CertificateSpec | ChemicalSpec | EquipmentSpec | ContractorSpec


@dataclass(frozen=True)
class Desk:
    """Fills in the papers of one enterprise after another."""

    county: County
    land: Land
    today: date

    def basics(self, enterprise: EnterprisePlan, place: int) -> EnterpriseSpec:
        dice = self._dice(enterprise, "basics")
        head, safety = (names.person(self.county.people, dice) for _ in range(2))
        town, village = self.land.words(enterprise.site.grid)
        founded = self.today - timedelta(days=dice.whole(700, 9_800))
        graded = _graded(dice)
        return EnterpriseSpec(
            place_id=place,
            economic_type=_economic_type(enterprise, dice),
            industry=enterprise.trade.industry,
            size=self.county.sizes[enterprise.size].name,
            status="正常生产" if dice.chance(940) else dice.one(["停产", "试生产", "停业整顿"]),
            legal_representative=head,
            principal=head,
            principal_phone=names.phone(dice),
            safety_head=safety,
            safety_head_phone=names.phone(dice),
            duty_phone=names.phone(dice),
            address=f"{self.county.name}{town}{village}{enterprise.site.road}{dice.whole(1, 299)}号",
            employees=enterprise.staff,
            safety_staff=max(1, enterprise.staff // 90),
            founded=founded,
            capital=float(dice.whole(3, 40) * {"L": 500, "M": 60, "S": 5}[enterprise.size]),
            standardisation=graded,
            standardisation_until=self._due(dice, 3) if graded.endswith("级") else None,
            values={"neighbours": self._neighbours(enterprise)},
            source=SOURCE,
        )  # fmt: skip

    def _neighbours(self, enterprise: EnterprisePlan) -> int:
        """Who lives within 500 m: few beside the works' own zones, many in towns."""
        most = {"chempark": 40, "port": 90, "industrial": 160, "hill": 30, "tailings": 60, "remote": 0}
        return self._dice(enterprise, "neighbours").whole(0, most.get(enterprise.site.zone, 420))

    def items(self, enterprise: EnterprisePlan, place: int) -> Iterator[Items]:
        """All rows of its groups."""
        yield from self._licences(enterprise, place)
        yield from self._certificates(enterprise, place)
        yield from self._chemicals(enterprise, place)
        yield from self._equipment(enterprise, place)
        yield from self._contractors(enterprise, place)

    def _licences(self, enterprise: EnterprisePlan, place: int) -> Iterator[LicenceSpec]:
        dice = self._dice(enterprise, "licences")
        for permit in _of(self.county.licences, enterprise):
            until = self._due(dice, permit.years) if permit.years else None
            issued = (
                until - timedelta(days=permit.years * YEAR)
                if until
                else self.today - timedelta(days=dice.whole(400, 4_000))
            )
            number = enterprise.code if permit.name == "营业执照" else f"LX{issued.year}{dice.whole(0, 999_999):06d}"
            yield LicenceSpec(
                place_id=place, name=permit.name, number=number, issuer=permit.issuer, issued=issued, valid_until=until,
                source=SOURCE,
            )  # fmt: skip

    def _certificates(self, enterprise: EnterprisePlan, place: int) -> Iterator[CertificateSpec]:
        dice = self._dice(enterprise, "certificates")
        holders = {"L": 6, "M": 3, "S": 1}[enterprise.size]
        for one in _of(self.county.certificates, enterprise):
            for _ in range(holders if one.work_type else 1):
                until = self._due(dice, 6 if one.work_type else 3)
                issued = until - timedelta(days=(6 if one.work_type else 3) * YEAR)
                yield CertificateSpec(
                    place_id=place, holder=names.person(self.county.people, dice), category=one.category,
                    number=f"T990221{dice.whole(0, 99_999_999):08d}", work_type=one.work_type or "",
                    issuer="市应急管理局", issued=issued, valid_until=until, source=SOURCE,
                )  # fmt: skip

    def _chemicals(self, enterprise: EnterprisePlan, place: int) -> Iterator[ChemicalSpec]:
        dice = self._dice(enterprise, "chemicals")
        for held in _of(self.county.chemicals, enterprise):
            most = round(dice.between(held.low, held.high), 1 if held.high > 5 else 2) or held.low
            yield ChemicalSpec(
                place_id=place, name=held.name, role=held.role, cas=held.cas or "", site=held.site, state=held.state,
                hazardous=held.role != "废弃物", hazard_category=held.category or "",
                quantity=round(most * dice.between(0.35, 0.9), 2), design_maximum=most, source=SOURCE,
            )  # fmt: skip

    def _equipment(self, enterprise: EnterprisePlan, place: int) -> Iterator[EquipmentSpec]:
        dice = self._dice(enterprise, "equipment")
        for machine in _of(self.county.equipment, enterprise):
            if not dice.chance(machine.share * 10):
                continue
            for number in range(1, {"L": 3, "M": 2, "S": 1}[enterprise.size] + 1):
                due = self._due(dice, 2)
                yield EquipmentSpec(
                    place_id=place, category=machine.category, name=f"{machine.name}{number}号",
                    type=machine.type or "", code=f"LXSB{dice.whole(0, 9_999_999):07d}", medium=machine.medium or "",
                    inspection_due=due, inspected=due - timedelta(days=2 * YEAR), values=_values(machine.values),
                    source=SOURCE,
                )  # fmt: skip

    def _contractors(self, enterprise: EnterprisePlan, place: int) -> Iterator[ContractorSpec]:
        dice = self._dice(enterprise, "contractors")
        wanted = {"L": 2, "M": 1, "S": 0}[enterprise.size] if enterprise.trade.kind == "enterprise" else 0
        for words in dice.shuffled(self.county.contractors)[:wanted]:
            brand = dice.one(self.county.brands.first) + dice.one(self.county.brands.second)
            yield ContractorSpec(
                place_id=place, name=f"{self.county.name}{brand}{words.name}", work=words.work,
                manager=names.person(self.county.people, dice), phone=names.phone(dice), valid_until=self._due(dice, 3),
                contract_until=self._due(dice, 1), values={"type": words.type}, source=SOURCE,
            )  # fmt: skip

    def _dice(self, enterprise: EnterprisePlan, what: str) -> Dice:
        return Dice(self.county.seed, f"{enterprise.key}/{what}")

    def _due(self, dice: Dice, years: int) -> date:
        """The last day of a paper that holds for so many years: rarely past, sometimes soon."""
        drawn = dice.share() * 1000
        if drawn < LAPSED:
            return self.today - timedelta(days=dice.whole(2, 40))
        if drawn < LAPSED + SOON:
            return self.today + timedelta(days=dice.whole(3, 45))
        return self.today + timedelta(days=dice.whole(60, max(61, years * YEAR - 20)))


def _of(rows: Sequence[Rows], enterprise: EnterprisePlan) -> list[Rows]:
    """The rows for an enterprise's trade, or for its sector, or for all."""
    return [row for row in rows if row.of in ("*", enterprise.trade.key, enterprise.trade.sector)]


def _values(pairs: Sequence[str]) -> Mapping[str, object]:
    return dict(pair.split("=", 1) for pair in pairs)


def _graded(dice: Dice) -> str:
    """A grade of safety standardisation."""
    drawn = dice.share()
    return "二级" if drawn < 0.12 else "三级" if drawn < 0.62 else "小微达标" if drawn < 0.8 else "未达标"


def _economic_type(enterprise: EnterprisePlan, dice: Dice) -> str:
    """A key of core/economic_types: public bodies are the state's, large firms often companies with shares."""
    if enterprise.trade.kind == "public_object":
        return "110"
    weights = {
        "L": [("151", 220), ("160", 380), ("159", 300), ("310", 100)],
        "M": [("173", 520), ("159", 300), ("120", 60), ("310", 60), ("230", 60)],
        "S": [("173", 560), ("175", 300), ("171", 140)],
    }[enterprise.size]
    drawn = dice.share() * 1000
    for key, share in weights:
        drawn -= share
        if drawn < 0:
            return key
    return weights[0][0]
