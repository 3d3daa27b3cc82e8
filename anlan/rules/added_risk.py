"""Whether what a proposed project adds to individual and societal risk keeps to GB 36894: one finding of its check.

Two limits hold at each protected target: what the project itself adds stays below the limit of new, rebuilt and
extended installations; with it, the whole stays below that of installations in service. Where the whole is beyond
already, nothing to speak of may be added.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.rules.admission import Finding, Verdict
from anlan.rules.figures import power, times

NEW, IN_SERVICE, WORSE = "new", "in_service", "worse"


@dataclass(frozen=True)
class Exposed:
    """A protected target: its individual risk before and with the project, and its two limits [1/yr]."""

    name: str
    before: float
    after: float
    new: float
    in_service: float
    place: int | None = None

    @property
    def own(self) -> float:
        """What the project adds [1/yr]."""
        return max(self.after - self.before, 0.0)

    @property
    def ratio(self) -> float:
        """The nearer of the two limits is reached at 1."""
        return max(self.own / self.new, self.after / self.in_service)

    def broken(self, least: float) -> str:
        """Which limit the project breaks here, if any. ``least`` [-]: of a limit that is broken already, the share
        that counts as adding to it."""
        if self.own > self.new:
            return NEW
        if self.after > self.in_service:
            if self.before <= self.in_service:
                return IN_SERVICE
            return WORSE if self.own > least * self.in_service else ""
        return ""


@dataclass(frozen=True)
class Added:
    """What a project adds. ``intolerable``: whether societal risk is, before and with it; ``room``: by which factor the
    park's risk may still grow; ``loss``: potential loss of life [1/yr]; ``study``: what it was added to."""

    targets: Sequence[Exposed]
    intolerable: tuple[bool, bool]
    room: tuple[float | None, float | None]
    loss: tuple[float, float]
    study: str


def effect(found: Added | None, why: str, *, hazardous: bool, required: bool, least: float) -> Finding:
    """``found`` None: not computed, and ``why`` (empty: no installation was written). ``required``: quantitative risk
    is asked for."""
    if not hazardous:
        return Finding("effect", Verdict.NONE, "没有申报危险化学品。")
    if found is None and why:
        return Finding(
            "effect", Verdict.UNKNOWN, "项目对周边的风险没有算出来：{why}", "请按提示更正后重新检查。", {"why": why}
        )
    if found is None and required:
        fix = "请在“对周边风险的影响”里拟定装置，再重新检查。"
        return Finding("effect", Verdict.UNKNOWN, "要求定量评价，还没有写会泄漏的装置，不知道项目增加多少风险。", fix)
    if found is None:
        return Finding("effect", Verdict.NONE, "没有写会泄漏的装置；本项目不强制要求定量评价。")
    broken = [(one, word) for one in found.targets if (word := one.broken(least))]
    if broken:
        return _at_target(*max(broken, key=lambda pair: pair[0].ratio))
    return _society(found, least) or _kept(found)


_FIX = "减少存量、改变位置或加快切断，再算一次；各装置的贡献见“对周边风险的影响”。"


def _at_target(one: Exposed, word: str) -> Finding:
    said = {
        NEW: "{target}：项目增加个人风险每年 {own}，超过新建项目基准 {new}。",
        IN_SERVICE: "{target}：个人风险由每年 {before} 升到 {after}，越过在役基准 {in_service}。",
        WORSE: "{target}：个人风险每年 {before}，已超过在役基准 {in_service}，项目再增加 {own}。",
    }
    told = {name: power(getattr(one, name)) for name in ("own", "new", "before", "after", "in_service")}
    places = (one.place,) if one.place is not None else ()
    return Finding("effect", Verdict.FAIL, said[word], _FIX, {"target": one.name, **told}, places)


def _society(found: Added, least: float) -> Finding | None:
    """Societal risk that becomes intolerable, or is and grows."""
    before, after = found.intolerable
    told = {"before": power(found.loss[0]), "after": power(found.loss[1])}
    if after and not before:
        said = "社会风险进入不可容许区；潜在生命损失由每年 {before} 人升到 {after} 人。"
        return Finding("effect", Verdict.FAIL, said, _FIX, told)
    if after and found.loss[1] > (1 + least) * found.loss[0]:
        said = "社会风险已经不可容许，项目使潜在生命损失由每年 {before} 人再升到 {after} 人。"
        return Finding("effect", Verdict.FAIL, said, "先降低园区现有风险，再进新项目。", told)
    return None


def _kept(found: Added) -> Finding:
    nearest = max(found.targets, key=lambda one: one.ratio, default=None)
    told = {"before": power(found.loss[0]), "after": power(found.loss[1])}
    same = told["before"] == told["after"]
    loss = "潜在生命损失仍约为每年 {after} 人。" if same else "潜在生命损失由每年 {before} 人变为 {after} 人。"
    if nearest is None:
        return Finding("effect", Verdict.PASS, f"项目的事故影响不到任何防护目标；{loss}", "", told)
    share = times(100 * nearest.ratio)
    said = f"没有防护目标因项目超过基准，最接近的{{target}}为基准的 {{share}}%；{loss}"
    places = (nearest.place,) if nearest.place is not None else ()
    return Finding("effect", Verdict.PASS, said, "", {"target": nearest.name, "share": share, **told}, places)
