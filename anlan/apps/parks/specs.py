"""What is written of gates, vehicles, facilities, groups and projects, and whether it can be kept."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from anlan.apps.parks.choices import ListedKind
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.packs.families import admission, industries, park_desk, site_distances, substances
from anlan.packs.families import major_installations as gb18218
from anlan.rules import file_values, geometry
from anlan.rules.refusal import Refusal

Values = dict[str, Any]
MOST_ROWS = 200
_UN = re.compile(r"\d{4}")


@dataclass(frozen=True)
class GradingSpec:
    """An assessment: points lost and what was found by item, conditions that hold."""

    assessed: date
    assessor: str
    losses: Mapping[str, float]
    notes: Mapping[str, str] = field(default_factory=dict)
    vetoes: Sequence[str] = ()


@dataclass(frozen=True)
class ProfileSpec:
    industries: tuple[str, ...] = ()
    office: str = ""
    phone: str = ""

    def columns(self) -> Values:
        known = industries.load(clock.today())
        for code in self.industries:
            if not known.line(code):
                told = {"code": code[:12]}
                refuse("park.bad_industry", "没有行业代码“{code}”。", "请填 GB/T 4754 的门类或代码，例如 26。", **told)
        return {
            "industries": list(self.industries),
            "office": short(self.office, "管理机构", 120),
            "phone": short(self.phone, "电话", 32),
        }


@dataclass(frozen=True)
class GateSpec:
    name: str
    use: str
    longitude: float | None = None
    latitude: float | None = None

    def columns(self) -> Values:
        known = park_desk.load(clock.today()).gates
        if self.use not in known:
            refuse("gate.bad_use", "没有“{use}”这种卡口。", "请从列出的用途里选。", use=self.use[:20])
        return {"name": needed(self.name, "卡口名称", 60), "use": self.use, **spot(self.longitude, self.latitude)}


@dataclass(frozen=True)
class PassSpec:
    """A pass for one vehicle; ``stay_min`` [min] 0: as long as is usual."""

    plate: str
    carrier: str
    cargo: str
    since: datetime
    until: datetime
    un: str = ""
    tonnes: float | None = None
    destination_id: int | None = None
    stay_min: int = 0

    def columns(self) -> Values:
        if self.un and not _UN.fullmatch(self.un):
            refuse("pass.bad_un", "联合国编号“{un}”不是四位数字。", "例如 1017（氯）。", un=self.un[:12])
        if not 0 <= self.stay_min <= 7 * 24 * 60:
            refuse("pass.bad_stay", "停留时限 {n} 分钟不对。", "请填 0（按园区规定）至 10080。", n=str(self.stay_min))
        return {
            "carrier": needed(self.carrier, "承运单位", 120), "cargo": needed(self.cargo, "货物", 120), "un": self.un,
            "tonnes": amount(self.tonnes, "货物重量"), "since": self.since, "until": self.until,
            "stay_min": self.stay_min,
        }  # fmt: skip


@dataclass(frozen=True)
class FacilitySpec:
    """A shared facility; ``capacity`` and ``used`` in the unit of its kind."""

    kind: str
    name: str
    capacity: float | None = None
    used: float | None = None
    state: str = "in_use"
    note: str = ""
    keeper: str = ""
    phone: str = ""
    longitude: float | None = None
    latitude: float | None = None

    def columns(self) -> Values:
        pack = park_desk.load(clock.today())
        if self.kind not in pack.facilities:
            refuse("facility.bad_kind", "没有“{kind}”这种共用设施。", "请从列出的种类里选。", kind=self.kind[:24])
        if self.state not in pack.states:
            refuse("facility.bad_state", "没有“{state}”这种状态。", "请从列出的状态里选。", state=self.state[:24])
        if self.state != "in_use" and not self.note.strip():
            refuse("facility.no_reason", "没有写明为什么停用。", "请写一句原因和预计恢复的时间。")
        return {
            "kind": self.kind, "name": needed(self.name, "设施名称", 120), "state": self.state,
            "capacity": amount(self.capacity, "能力"), "used": amount(self.used, "已用"),
            "note": short(self.note, "说明", 200), "keeper": short(self.keeper, "管理单位", 120),
            "phone": short(self.phone, "电话", 32), **spot(self.longitude, self.latitude),
        }  # fmt: skip


@dataclass(frozen=True)
class GroupSpec:
    """A joint-control group: its members are enterprises of the park."""

    name: str
    contact: str
    phone: str
    member_ids: tuple[int, ...]
    leader_id: int | None = None
    resources: str = ""
    drilled: date | None = None

    def columns(self) -> Values:
        if len(set(self.member_ids)) < 2:
            refuse("group.too_small", "联防联控组至少两家企业。", "请再选成员。")
        if self.leader_id is not None and self.leader_id not in self.member_ids:
            refuse("group.leader_outside", "牵头单位不是成员。", "请把牵头单位也选进成员。")
        if self.drilled is not None and self.drilled > clock.today():
            refuse("group.drill_ahead", "联合演练日期在将来。", "请填最近一次已经做过的演练。")
        return {
            "name": needed(self.name, "组名", 120), "contact": needed(self.contact, "联络人", 64),
            "phone": needed(self.phone, "电话", 32), "resources": short(self.resources, "共享资源", 2000),
            "drilled": self.drilled, "leader_id": self.leader_id,
        }  # fmt: skip


@dataclass(frozen=True)
class ListedSpec:
    """An entry of the park's own list."""

    kind: str
    words: str
    reason: str
    since: date
    until: date | None = None
    basis: str = ""

    def columns(self) -> Values:
        if self.kind not in ListedKind.values:
            refuse("listed.bad_kind", "没有“{kind}”这一类。", "请从列出的类别里选。", kind=self.kind[:12])
        if len(self.words.strip()) < 2:
            refuse("listed.too_short", "“{words}”太短，会误伤。", "请写完整的名称，至少两个字。", words=self.words[:10])
        if self.until is not None and self.until < self.since:
            refuse("listed.backwards", "截止日期早于开始日期。", "请更正起止日期。")
        return {
            "kind": self.kind, "words": needed(self.words, "名称", 120), "reason": needed(self.reason, "理由", 200),
            "since": self.since, "until": self.until, "basis": short(self.basis, "依据", 200),
        }  # fmt: skip


@dataclass(frozen=True)
class ChemicalLine:
    """A chemical of a project: designed maximum ``tonnes`` [t]; ``category``: symbol of GB 18218 table 2."""

    name: str
    cas: str = ""
    tonnes: float | None = None
    category: str = ""
    state: str = ""
    hazardous: bool = True

    def columns(self) -> Values:
        if self.cas and not file_values.is_cas(self.cas):
            refuse("project.bad_cas", "CAS 号“{cas}”的校验位不对。", "请核对，或留空。", cas=self.cas[:16])
        known = {one.symbol for one in gb18218.load(clock.today()).categories}
        if self.category and self.category not in known:
            told = {"category": self.category[:12]}
            refuse("project.bad_category", "没有危险类别“{category}”。", "请从 GB 18218 表 2 的符号里选。", **told)
        return {
            "name": needed(self.name, "化学品名称", 120), "cas": self.cas, "category": self.category,
            "tonnes": amount(self.tonnes, "最大存量"), "state": short(self.state, "状态", 12),
            "hazardous": self.hazardous,
        }  # fmt: skip


@dataclass(frozen=True)
class FacilityLine:
    """A facility of a project; without a position distances are measured from the border of its land."""

    kind: str
    name: str = ""
    longitude: float | None = None
    latitude: float | None = None

    def columns(self) -> Values:
        if site_distances.load(clock.today()).facility(self.kind) is None:
            refuse("project.bad_facility", "没有“{kind}”这种设施。", "请从列出的种类里选。", kind=self.kind[:20])
        return {"kind": self.kind, "name": short(self.name, "设施名称", 60), **spot(self.longitude, self.latitude)}


@dataclass(frozen=True)
class ProjectSpec:
    name: str
    applicant: str
    stage: str = "planned"
    contact: str = ""
    phone: str = ""
    industry: str = ""
    investment: float | None = None
    plant_id: int | None = None
    products: tuple[str, ...] = ()
    chemicals: tuple[ChemicalLine, ...] = ()
    processes: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    facilities: tuple[FacilityLine, ...] = ()
    neighbours: int | None = None
    scenarios: tuple[int, ...] = ()

    def columns(self) -> Values:
        today = clock.today()
        if self.stage not in admission.load(today).stages:
            refuse("project.bad_stage", "没有“{stage}”这个阶段。", "请从列出的阶段里选。", stage=self.stage[:12])
        if self.industry and not industries.load(today).line(self.industry):
            refuse("project.bad_industry", "没有行业代码“{code}”。", "请填 GB/T 4754 的代码。", code=self.industry[:12])
        if self.neighbours is not None and not 0 <= self.neighbours <= 10_000_000:
            refuse("project.bad_neighbours", "周边人口 {n} 不对。", "请填 0 或更多的人数。", n=str(self.neighbours))
        lists = {"products": self.products, "processes": self.processes, "equipment": self.equipment}
        for lines in (*lists.values(), self.chemicals, self.facilities):
            if len(lines) > MOST_ROWS:
                refuse(
                    "project.too_many",
                    "一栏里有 {n} 行，超过 {most} 行。",
                    "请合并。",
                    n=str(len(lines)),
                    most=str(MOST_ROWS),
                )
        return {
            "name": needed(self.name, "项目名称", 120), "applicant": needed(self.applicant, "申请单位", 120),
            "contact": short(self.contact, "联系人", 64), "phone": short(self.phone, "电话", 32), "stage": self.stage,
            "industry": self.industry, "investment": amount(self.investment, "投资"), "plant_id": self.plant_id,
            **{key: [needed(one, "名称", 120) for one in lines] for key, lines in lists.items()},
            "chemicals": [one.columns() for one in self.chemicals],
            "facilities": [one.columns() for one in self.facilities],
            "neighbours": self.neighbours, "scenarios": list(self.scenarios),
        }  # fmt: skip


@dataclass(frozen=True)
class PaperSpec:
    kind: str
    dated: date
    number: str = ""
    issuer: str = ""

    def columns(self) -> Values:
        today = clock.today()
        if admission.load(today).paper(self.kind) is None:
            refuse("paper.bad_kind", "没有“{kind}”这种文件。", "请从列出的文件里选。", kind=self.kind[:16])
        if self.dated > today:
            refuse("paper.ahead", "文件日期 {day} 在将来。", "请填批复或完成的日期。", day=self.dated.isoformat())
        return {
            "kind": self.kind, "dated": self.dated, "number": short(self.number, "文号", 80),
            "issuer": short(self.issuer, "出具单位", 120),
        }  # fmt: skip


def refuse(code: str, message: str, fix: str, /, **told: str) -> None:
    raise BadInput(Refusal(code, message, fix, told))


def needed(text: str, what: str, most: int) -> str:
    """Words that may not be absent."""
    kept = short(text, what, most)
    if not kept:
        raise BadInput(Refusal("park.missing", "没有填{what}。", "请填写。", {"what": what}))
    return kept


def short(text: str, what: str, most: int) -> str:
    """Words of bounded length, without what no database keeps."""
    kept = " ".join(text.split()) if most <= 200 else text.strip()
    if len(kept) > most or "\0" in kept:
        told = {"what": what, "most": str(most)}
        raise BadInput(Refusal("park.too_long", "{what}超过 {most} 个字。", "请缩短。", told))
    return kept


def amount(value: float | None, what: str) -> float | None:
    """A finite number of 0 or more."""
    if value is not None and not (math.isfinite(value) and 0 <= value <= 1e12):
        told = {"what": what, "value": f"{value:g}"}
        raise BadInput(Refusal("park.bad_amount", "{what} {value} 不对。", "请填 0 或更大的数。", told))
    return value


def spot(longitude: float | None, latitude: float | None) -> Values:
    """Both coordinates or none."""
    if (longitude is None) != (latitude is None):
        raise BadInput(Refusal("park.half_position", "经度和纬度要一起填。", "请在图上点一下，或都留空。"))
    good = longitude is None or latitude is None or (abs(longitude) <= 180 and abs(latitude) <= 80)
    if not good:
        raise BadInput(Refusal("park.bad_position", "经纬度不对。", "经度在 ±180、纬度在 ±80 以内。"))
    return {"longitude": longitude, "latitude": latitude}


def area(shape: object) -> Mapping[str, Any]:
    """A GeoJSON area."""
    refusal = geometry.check(shape)
    if refusal is not None:
        raise BadInput(refusal)
    if not isinstance(shape, Mapping) or shape.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadInput(Refusal("project.not_an_area", "项目用地不是一块面。", "请用“面”画出红线。"))
    return shape


def cas_of(name: str) -> str:
    """The CAS number of a name that the table of substances knows; empty if it does not."""
    try:
        return substances.find(name, clock.today()).cas
    except KeyError:
        return ""
