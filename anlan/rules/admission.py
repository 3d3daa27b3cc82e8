"""Whether a proposed project may come to a place: one finding for each line of the check, and who may agree.

Every function takes what is known of one line and says pass, fail, unknown or not applicable, why, and what would make
it pass. What cannot be told is unknown, never passed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from anlan.rules.refusal import Refusal


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NONE = "none"  # does not apply


@dataclass(frozen=True)
class Finding:
    """``reason`` and ``fix`` are msgids whose {names} are filled from ``params``; ``places``: those that are named;
    ``about``: ids of other things whose names are params, by the param."""

    key: str
    verdict: Verdict
    reason: str
    fix: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    places: tuple[int, ...] = ()
    about: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Gap:
    """From a facility to the nearest thing of a kind: measured and required [m]."""

    facility: str
    target: str
    measured: float
    required: float
    basis: str
    place: int | None = None

    @property
    def short(self) -> float:
        """How much is missing [m]; 0 or less: kept."""
        return self.required - self.measured


class Step(Protocol):
    """A paper that has to be there."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


class Banned(Protocol):
    """An entry of the national list."""

    @property
    def name(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def from_(self) -> date: ...
    @property
    def instead(self) -> str: ...
    @property
    def basis(self) -> str: ...


def land(*, inside: bool | None, drawn: bool, park: str, hazardous: bool) -> Finding:
    """``inside``: whether all of the land lies in the park; None: no park, or its border is not drawn."""
    told = {"park": park}
    if not drawn:
        return Finding("land", Verdict.UNKNOWN, "项目用地还没有画在图上。", "请画出项目红线。")
    if inside:
        return Finding("land", Verdict.PASS, "用地全部在{park}的边界以内。", "", told)
    if inside is None and not hazardous:
        return Finding("land", Verdict.NONE, "不涉及危险化学品，不要求进化工园区。")
    if inside is None:
        return Finding("land", Verdict.UNKNOWN, "没有园区边界可以比对。", "请把项目放到园区，并画出园区边界。", told)
    return Finding("land", Verdict.FAIL, "用地有一部分在{park}的边界以外。", "请调整红线，全部收进园区边界。", told)


def grade(name: str, projects: str, *, valid: bool, hazardous: bool) -> Finding:
    """``projects``: what the park's grade says of new projects; empty ``name``: never assessed."""
    told = {"grade": name}
    if not hazardous:
        return Finding("grade", Verdict.NONE, "不涉及危险化学品，不受园区等级限制。")
    if not name:
        return Finding("grade", Verdict.UNKNOWN, "园区还没有安全风险评估分级。", "请先完成园区评估。")
    if not valid:
        return Finding("grade", Verdict.UNKNOWN, "园区评估（{grade}）已过有效期。", "请先重新评估园区。", told)
    if projects == "open":
        return Finding("grade", Verdict.PASS, "园区为 {grade}，可以批准新项目。", "", told)
    said = {
        "none": "园区为 {grade}，不得批准危险化学品项目。",
        "restricted": "园区为 {grade}，原则上限制危险化学品项目。",
    }
    return Finding("grade", Verdict.FAIL, said[projects], "园区整改提升、重新评估到 C 级或以上后再审。", told)


def capacity(room: float | None, study: str) -> Finding:
    """``room``: by which factor the park's risk may still grow; None: no study."""
    if room is None:
        fix = "请在园区页计算定量风险，得到剩余容量。"
        return Finding("capacity", Verdict.UNKNOWN, "园区没有定量风险计算，不知道还剩多少容量。", fix)
    told = {"room": f"{room:.2g}", "study": study}
    if room > 1:
        return Finding("capacity", Verdict.PASS, "按“{study}”，园区风险还可以增加到现在的 {room} 倍。", "", told)
    return Finding(
        "capacity", Verdict.FAIL, "按“{study}”，园区风险已到基准，没有余量。", "先降低现有风险再进新项目。", told
    )


def industry(code: str, name: str, allowed: Sequence[str], trades: Sequence[str]) -> Finding:
    """``allowed``: beginnings of the codes of GB/T 4754 that the park is for; ``trades``: what they are called."""
    told = {"industry": name or code, "allowed": "、".join(trades)}
    if not allowed:
        return Finding("industry", Verdict.UNKNOWN, "园区没有写明产业定位。", "请在园区资料里填写产业（行业代码）。")
    if not code:
        return Finding("industry", Verdict.UNKNOWN, "项目没有填行业。", "请填国民经济行业代码。")
    if any(code.startswith(one) for one in allowed):
        return Finding("industry", Verdict.PASS, "{industry}属于园区的产业定位（{allowed}）。", "", told)
    fix = "另选园区，或先调整园区产业规划。"
    return Finding("industry", Verdict.FAIL, "{industry}不属于园区的产业定位（{allowed}）。", fix, told)


def negative(hits: Sequence[tuple[str, str, str]], declared: int, listed: int) -> Finding:
    """``hits``: (what was declared, entry, reason); ``listed``: entries in force."""
    if not declared:
        fix = "请填写产品、原料、工艺和设备。"
        return Finding("negative", Verdict.UNKNOWN, "项目没有申报产品、化学品或工艺，无法比对。", fix)
    if not listed:
        return Finding("negative", Verdict.UNKNOWN, "园区还没有禁限控目录。", "请先制定目录（园区页，禁限控目录）。")
    if hits:
        what, entry, why = hits[0]
        told = {"what": what, "entry": entry, "why": why, "n": str(len(hits))}
        fix = "取消或替换这一项，再重新检查。"
        return Finding("negative", Verdict.FAIL, "“{what}”在目录里：{entry}（{why}）；共命中 {n} 条。", fix, told)
    told = {"declared": str(declared), "listed": str(listed)}
    return Finding("negative", Verdict.PASS, "申报的 {declared} 项与目录 {listed} 条逐一比对，没有命中。", "", told)


def elimination(hits: Sequence[tuple[str, Banned]], declared: int, today: date, *, fresh: bool) -> Finding:
    """``hits``: what was declared and the entry that fits; ``fresh``: newly built, so limits bind as bans do."""
    if not declared:
        return Finding("elimination", Verdict.UNKNOWN, "项目没有申报工艺和设备，无法比对。", "请填写主要工艺和设备。")
    binding = [(what, one) for what, one in hits if fresh or (one.action == "ban" and one.from_ <= today)]
    if binding:
        what, one = binding[0]
        told = {
            "what": what, "entry": one.name, "basis": one.basis, "from": one.from_.isoformat(),
            "instead": one.instead, "n": str(len(binding)),
        }  # fmt: skip
        said = "“{what}”属于淘汰目录：{entry}（{basis}，{from} 起）；共命中 {n} 条。"
        return Finding("elimination", Verdict.FAIL, said, "改用：{instead}。", told)
    if hits:
        what, one = hits[0]
        told = {"what": what, "entry": one.name, "from": one.from_.isoformat(), "instead": one.instead}
        said = "“{what}”属于限制目录（{entry}），现有装置可继续，但不得新建扩建。"
        return Finding("elimination", Verdict.PASS, said, "改造时改用：{instead}。", told)
    told = {"declared": str(declared)}
    return Finding("elimination", Verdict.PASS, "申报的 {declared} 项工艺、设备没有命中淘汰目录。", "", told)


def distance(key: str, gaps: Sequence[Gap], *, drawn: bool, facilities: int, known: bool, reach: float) -> Finding:
    """``gaps``: the nearest target of each facility; ``known``: whether any such target is drawn; ``reach`` [m]."""
    if not drawn:
        return Finding(key, Verdict.UNKNOWN, "项目用地还没有画在图上，量不了距离。", "请画出项目红线。")
    if not facilities:
        return Finding(key, Verdict.UNKNOWN, "没有填项目有哪些装置、罐组。", "请填写设施种类，距离按种类要求。")
    if not known:
        return Finding(key, Verdict.UNKNOWN, "系统里没有登记这类目标，不能说没有。", "请登记周边目标，或导入底图。")
    told_reach = {"reach": f"{reach:g}"}
    if not gaps:
        return Finding(key, Verdict.PASS, "{reach} m 以内没有这类目标。", "", told_reach)
    worst = max(gaps, key=lambda gap: gap.short)
    told = {
        "facility": worst.facility, "target": worst.target, "measured": f"{worst.measured:.0f}",
        "required": f"{worst.required:g}", "short": f"{max(worst.short, 0):.0f}", "basis": worst.basis,
    }  # fmt: skip
    named = (worst.place,) if worst.place is not None else ()
    if worst.short > 0:
        said = "{facility}距{target} {measured} m，要求不小于 {required} m，差 {short} m（{basis}）。"
        return Finding(key, Verdict.FAIL, said, "移动或缩小，让出 {short} m；或画出设施的实际位置再量。", told, named)
    said = "最紧的一处：{facility}距{target} {measured} m，要求 {required} m（{basis}）。"
    return Finding(key, Verdict.PASS, said, "", told, named)


def major(s: float | None, grade_name: str, uncounted: Sequence[str], *, hazardous: bool, neighbours: bool) -> Finding:
    """``s``: Σ q/Q of what could be counted; ``uncounted``: chemicals without amount or threshold."""
    if not hazardous:
        return Finding("major", Verdict.NONE, "没有申报危险化学品。")
    if uncounted:
        told = {"what": "、".join(uncounted[:4]), "n": str(len(uncounted))}
        fix = "请补设计最大量，或 GB 18218 表 2 的危险类别。"
        return Finding("major", Verdict.UNKNOWN, "有 {n} 种没有临界量或数量：{what}。", fix, told)
    told = {"s": f"{s or 0:.2f}", "grade": grade_name}
    if (s or 0) < 1:
        return Finding("major", Verdict.PASS, "Σq/Q = {s}，不构成重大危险源。", "", told)
    if not neighbours:
        fix = "请填厂界外 500 m 内常住人口。"
        return Finding("major", Verdict.UNKNOWN, "Σq/Q = {s}，构成重大危险源；缺周边人口，不能定级。", fix, told)
    if not grade_name:
        fix = "请为每种化学品填 GB 18218 表 2 的危险类别，才有校正系数 β。"
        return Finding("major", Verdict.UNKNOWN, "Σq/Q = {s}，构成重大危险源；缺校正系数，不能定级。", fix, told)
    return Finding("major", Verdict.PASS, "Σq/Q = {s}，构成{grade}重大危险源，已辨识定级；须备案并落实包保。", "", told)


@dataclass(frozen=True)
class Reach:
    """What the worst of a scenario's zones touches: sites open to the public, and how far it goes [m]."""

    scenario: str
    zone: str
    metres: float
    public: tuple[str, ...]


def risk(reaches: Sequence[Reach] | None, *, quantitative: bool, hazardous: bool, report: bool) -> Finding:
    """``quantitative``: the standard asks for quantitative risk; ``reaches`` None: no scenario was attached."""
    if not hazardous:
        return Finding("risk", Verdict.NONE, "没有申报危险化学品。")
    if hit := next((one for one in reaches or () if one.public), None):
        told = {
            "scenario": hit.scenario, "zone": hit.zone, "metres": f"{hit.metres:.0f}",
            "what": "、".join(hit.public[:3]), "n": str(len(hit.public)),
        }  # fmt: skip
        said = "“{scenario}”的{zone}范围（{metres} m）内有 {n} 处公共目标：{what}。"
        return Finding("risk", Verdict.FAIL, said, "减少存量、改变位置或加切断措施，再算一次。", told)
    if quantitative and not report:
        fix = "请完成定量风险评价并登记报告。"
        said = "有毒或易燃气体的 Σq/Q 已达到 1，外部安全防护距离要用定量风险评价法确定。"
        return Finding("risk", Verdict.UNKNOWN, said, fix)
    if reaches is None and report:
        return Finding("risk", Verdict.PASS, "已登记定量风险评价报告。")
    if not reaches:
        fix = "请在项目里挂上事故情景（后果模块），或登记定量风险评价报告。"
        return Finding("risk", Verdict.UNKNOWN, "没有挂事故情景，不知道事故会到哪里。", fix)
    told = {"n": str(len(reaches)), "metres": f"{max(one.metres for one in reaches):.0f}"}
    return Finding(
        "risk", Verdict.PASS, "{n} 个情景的最重范围（最远 {metres} m）内没有学校、医院等公共目标。", "", told
    )


def process(found: Sequence[str], lacking: Sequence[str], declared: int) -> Finding:
    """``found``: processes under special supervision; ``lacking``: papers that they ask for."""
    told = {"what": "、".join(found), "papers": "、".join(lacking)}
    if not declared:
        return Finding("process", Verdict.UNKNOWN, "项目没有申报工艺。", "请填写主要工艺；没有化学反应的写“无反应”。")
    if not found:
        return Finding("process", Verdict.PASS, "不涉及重点监管的危险化工工艺。")
    if lacking:
        return Finding("process", Verdict.FAIL, "涉及{what}，还缺：{papers}。", "请完成并登记这些文件。", told)
    return Finding("process", Verdict.PASS, "涉及{what}，安全论证文件齐全。", "", told)


def three(due: Sequence[Step], papers: Mapping[str, date], today: date, *, fresh: bool = True) -> Finding:
    """``due``: the steps that the stage has to have behind it, in order; ``papers``: the day of each that is there.

    Of a plant that is there (not ``fresh``) what is not registered may still have been done.
    """
    lacking = [step.name for step in due if step.key not in papers]
    if lacking:
        told = {"what": "、".join(lacking)}
        if not fresh:
            fix = "请登记批复的日期与文号；确实没有办过的，依法处理。"
            return Finding("three", Verdict.UNKNOWN, "系统里没有登记：{what}。", fix, told)
        return Finding("three", Verdict.FAIL, "缺：{what}。", "请补办并登记批复的日期与文号。", told)
    there = [(step.name, papers[step.key]) for step in due]
    for (before, earlier), (after, later) in pairwise(there):
        if later < earlier:
            told = {"before": before, "after": after, "earlier": earlier.isoformat(), "later": later.isoformat()}
            said = "先后颠倒：{after}（{later}）早于{before}（{earlier}）。"
            return Finding("three", Verdict.FAIL, said, "请核对日期；确属先建后批的依法处理。", told)
    if ahead := next((name for name, day in there if day > today), None):
        return Finding("three", Verdict.FAIL, "{what}的日期在将来。", "请更正日期。", {"what": ahead})
    told = {"n": str(len(there))}
    return Finding("three", Verdict.PASS, "到本阶段应有的 {n} 步都已办完，先后正确。", "", told)


# Who may agree


AGREE, REFUSE = "agree", "refuse"


@dataclass(frozen=True)
class Check:
    """A check that was run: the findings of its veto lines that do not pass, and whether the project changed since."""

    blocking: Sequence[str]
    stale: bool
    age_days: int


def may_sign(check: Check | None, verdict: str, most_days: int, state: str) -> Refusal | None:
    """Whether an office may give its opinion. Nobody may agree while a veto line fails or cannot be told."""
    if verdict not in (AGREE, REFUSE):
        return Refusal("opinion.unknown", "没有选同意或不同意。", "请选择。")
    if state in ("approved", "withdrawn"):
        return Refusal("project.closed", "项目已经有结论或已撤回。", "需要重审的，先退回重审。")
    if check is None:
        return Refusal("opinion.unchecked", "还没有运行准入检查。", "请先检查，再会签。")
    if check.stale:
        return Refusal("opinion.stale", "检查以后项目或目录有改动。", "请重新检查，再会签。")
    if check.age_days > most_days:
        told = {"days": str(check.age_days), "most": str(most_days)}
        return Refusal("opinion.old", "检查是 {days} 天前的，超过 {most} 天。", "请重新检查，再会签。", told)
    if verdict == AGREE and check.blocking:
        told = {"what": "、".join(check.blocking)}
        fix = "否决项没有特批：先让它通过，再签同意；也可以签不同意。"
        return Refusal("opinion.vetoed", "否决项未通过：{what}。", fix, told)
    return None


def outcome(opinions: Mapping[str, str], offices: Collection[str]) -> str:
    """``approved`` when all offices agree, ``refused`` as soon as one does not, else ``checked``."""
    if REFUSE in opinions.values():
        return "refused"
    return "approved" if all(opinions.get(office) == AGREE for office in offices) else "checked"
