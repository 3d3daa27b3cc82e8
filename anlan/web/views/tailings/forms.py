"""The form of a pond, in the units of the design file: 万m³, m, %, mm."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from anlan.apps.tailings.choices import Method, PondState
from anlan.apps.tailings.specs import PondSpec
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.packs.families import tailings_ponds as pack
from anlan.web.views.tailings.words import DRAINS, WAN

#: Fields of the form → fields of the catchment.
CATCHMENT = {
    name: name for name in ("area", "mean24", "cv", "cs_over_cv", "n1", "n2", "peak", "rate", "reservoirs", "lag")
}
CATCHMENT["initial_loss"] = "initial"
PLAIN = ("name", "method", "state", "height", "crest", "top", "raised", "normal_level", "flood_limit_level",
         "design_flood_level", "design_period", "min_beach", "min_superelevation", "control_depth",
         "displacement_limit", "slide_limit", "stability", "stability_on", "corridor", "people_below", "commissioned",
         "last_deposit")  # fmt: skip
#: Which values each kind of drain has.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "tower": ("sill", "width", "coefficient", "mouth", "mouth_coefficient", "culvert", "outlet", "loss"),
    "weir": ("crest", "width", "coefficient", "capacity"),
    "orifice": ("sill", "width", "height", "coefficient"),
    "pump": ("above", "flow"),
    "rated": ("table",),
}
_BETWEEN = re.compile(r"[,，;；\s\t]+")


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _number(
    label: Any, low: float | None = None, high: float | None = None, *, needed: bool = False
) -> forms.FloatField:
    return forms.FloatField(label=label, required=needed, min_value=low, max_value=high)


class PondForm(forms.Form):
    """What the design file says of a pond."""

    name = forms.CharField(label=_("名称 *"), max_length=80)
    method = forms.ChoiceField(label=_("筑坝方式 *"), choices=Method.choices)
    state = forms.ChoiceField(label=_("状态 *"), choices=PondState.choices)
    height = _number(_("坝高，m *"), 0.1, 500, needed=True)
    volume = _number(_("全库容，万m³ *"), 0.001, 1e6, needed=True)
    stored = _number(_("现已堆存（含水），万m³"), 0.001, 1e6)
    crest = _number(_("坝顶标高，m *"), -500, 9000, needed=True)
    top = _number(_("滩顶标高，m *"), -500, 9000, needed=True)
    slope = _number(_("干滩坡度，%"), 0.05, 20)
    raised = forms.BooleanField(label=_("等别提高一等（下游有重要城镇、工矿、铁路）"), required=False)
    normal_level = _number(_("运行控制水位，m"), -500, 9000)
    flood_limit_level = _number(_("汛前控制水位，m"), -500, 9000)
    design_flood_level = _number(_("设计最高洪水位，m"), -500, 9000)
    design_period = _number(_("设计洪水重现期，年"), 1.5, 100_000)
    min_beach = _number(_("设计最小干滩长度，m"), 0.1, 5000)
    min_superelevation = _number(_("设计最小安全超高，m"), 0.01, 50)
    control_depth = _number(_("浸润线控制埋深，m"), 0.01, 100)
    displacement_limit = _number(_("坝体位移速率红色预警值，mm/d"), 0.01, 1000)
    slide_limit = _number(_("滑坡体位移速率红色预警值，mm/d"), 0.01, 1000)
    stability = _number(_("抗滑稳定最小安全系数（毕肖普法，正常运行）"), 0.1, 10)
    stability_on = forms.DateField(label=_("稳定复核日期"), required=False, widget=_date())
    storage = forms.CharField(label=_("库容曲线"), required=False, widget=forms.Textarea(attrs={"rows": 7}))
    area = _number(_("汇水面积（含库面），km²"), 0.001, 1000)
    mean24 = _number(_("年最大 24 h 雨量均值，mm"), 5, 800)
    cv = _number(_("变差系数 Cv"), 0.01, 3)
    cs_over_cv = _number(_("Cs/Cv"), 0.5, 10)
    n1 = _number(_("暴雨衰减指数 n1（1 h 内）"), 0, 0.99)
    n2 = _number(_("暴雨衰减指数 n2（1～24 h）"), 0, 0.99)
    peak = _number(_("雨峰位置，0～1"), 0, 1)
    initial_loss = _number(_("初损，mm"), 0, 500)
    rate = _number(_("后损，mm/h"), 0, 200)
    reservoirs = _number(_("瞬时单位线 n"), 0.5, 10)
    lag = _number(_("瞬时单位线 K，h"), 0.02, 24)
    path = forms.CharField(label=_("下游沟谷"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    corridor = _number(_("沟谷半宽，m"), 10, 2000)
    people_below = forms.IntegerField(label=_("下游 1 km 内人数"), required=False, min_value=0, max_value=10_000_000)
    commissioned = forms.DateField(label=_("投用日期"), required=False, widget=_date())
    last_deposit = forms.DateField(label=_("最后排尾日期（停用的库）"), required=False, widget=_date())

    def clean_storage(self) -> list[list[float]]:
        rows = _rows(self.cleaned_data["storage"], 2, now_("每行两个数：水位（m）和库容（万m³）"))
        return [[level, round(volume * WAN, 3)] for level, volume in rows]

    def clean_path(self) -> list[list[float]]:
        return _rows(self.cleaned_data["path"], 2, now_("每行两个数：经度和纬度"))

    def spec(self, drains: Sequence[Mapping[str, Any]]) -> PondSpec:
        """What was written, in SI units."""
        said = self.cleaned_data
        plain = {name: said[name] for name in PLAIN}
        catchment = {name: said[field] for field, name in CATCHMENT.items() if said[field] is not None}
        begun = any(said[name] is not None for name in ("area", "mean24", "cv", "lag"))
        return PondSpec(
            **{**plain, "corridor": said["corridor"] or 150.0},
            volume=said["volume"] * WAN,
            stored=None if said["stored"] is None else said["stored"] * WAN,
            slope=None if said["slope"] is None else said["slope"] / 100,
            storage=said["storage"], drains=drains, catchment=catchment if begun else {}, path=said["path"],
        )  # fmt: skip

    def refuse(self, failure: Refused) -> None:
        """Show a refusal above the form."""
        refusal = failure.refusal
        self.add_error(None, refusal.filled(f"{now_(refusal.message)}{now_(refusal.fix)}"))


class DrainForm(forms.Form):
    """One drain; a row without a name and without a kind's first value is left out."""

    name = forms.CharField(label=_("设施名称"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("型式"), choices=list(DRAINS.items()))
    sill = _number(_("进水口最低标高，m"), -500, 9000)
    crest = _number(_("堰顶标高，m"), -500, 9000)
    width = _number(_("过水净宽，m"), 0.01, 2000)
    height = _number(_("孔口高，m"), 0.01, 100)
    coefficient = _number(_("流量系数"), 0.2, 1)
    capacity = _number(_("槽身最大过流，m³/s"), 0.001, 1e5)
    mouth = _number(_("井口断面，m²"), 0.01, 1000)
    mouth_coefficient = _number(_("井口系数 φ"), 0.2, 1)
    culvert = _number(_("隧洞断面，m²"), 0.01, 1000)
    outlet = _number(_("出口水位，m"), -600, 9000)
    loss = _number(_("隧洞损失系数 Σζ+λL/D"), 0, 1000)
    above = _number(_("起泵水位，m"), -500, 9000)
    flow = _number(_("抽水能力，m³/s"), 0, 1000)
    table = forms.CharField(
        label=_("水位、流量（每行两个数）"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    opened = forms.IntegerField(label=_("有效开度，%"), required=False, min_value=0, max_value=100)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("name") and said.get("kind") == "rated":
            wanted = now_("每行两个数：水位（m）和流量（m³/s）")
            try:
                said["curve"] = _rows(said.get("table", ""), 2, wanted)
            except forms.ValidationError as error:
                self.add_error("table", error)
            else:
                if not said["curve"]:
                    self.add_error("table", wanted)
        return said

    def drain(self) -> dict[str, Any] | None:
        """As it is kept; None for an empty row."""
        said = self.cleaned_data
        if not said.get("name"):
            return None
        told: dict[str, Any] = {"name": said["name"].strip(), "kind": said["kind"]}
        for name in NEEDS[said["kind"]]:
            if name != "table" and said.get(name) is not None:
                told[name] = said[name]
        if said["kind"] == "rated":
            told["levels"], told["flows"] = [list(column) for column in zip(*said["curve"], strict=True)]
        if said.get("opened") is not None and said["opened"] < 100:
            told["open"] = said["opened"] / 100
        return told


DrainForms = forms.formset_factory(DrainForm, extra=2, max_num=12, absolute_max=12)


def _rows(text: str, count: int, wanted: str) -> list[list[float]]:
    """Rows of numbers, as they are typed or pasted from a sheet."""
    found = []
    for number, line in enumerate((one for one in text.splitlines() if one.strip()), 1):
        try:
            row = [float(one) for one in _BETWEEN.split(line.strip()) if one]
        except ValueError:
            row = []
        if len(row) != count:
            told = {"n": number, "line": line.strip()[:40], "wanted": wanted}
            raise forms.ValidationError(now_("第 {n} 行“{line}”看不懂。{wanted}。").format(**told))
        found.append(row)
    return found


def initial(spec: PondSpec) -> dict[str, Any]:
    """A written pond as the form shows it."""
    said: dict[str, Any] = {name: getattr(spec, name) for name in PLAIN}
    said |= {"volume": _short(spec.volume / WAN), "stored": None if spec.stored is None else _short(spec.stored / WAN)}
    said |= {"slope": None if spec.slope is None else _short(spec.slope * 100), **_fields(spec.catchment)}
    said["storage"] = "\n".join(f"{_short(row[0]):g}\t{_short(row[-1] / WAN):g}" for row in spec.storage)
    said["path"] = "\n".join(f"{spot[0]:.6f}, {spot[1]:.6f}" for spot in spec.path)
    return said


def initial_drains(spec: PondSpec) -> list[dict[str, Any]]:
    """Its drains as their forms show them."""
    return [
        {**one, "opened": round(100 * one.get("open", 1.0)),
         "table": "\n".join(f"{z:g}\t{q:g}" for z, q in zip(one.get("levels", ()), one.get("flows", ()), strict=False))}
        for one in spec.drains
    ]  # fmt: skip


def usual() -> dict[str, Any]:
    """Where a new pond begins: the pack's storm until the handbook's values are written."""
    storm = pack.load(clock.today()).storm
    return _fields({name: getattr(storm, name) for name in storm.__dataclass_fields__}) | {"corridor": 150}


def _fields(catchment: Mapping[str, Any]) -> dict[str, Any]:
    """A catchment as the form names its values."""
    return {field: catchment[name] for field, name in CATCHMENT.items() if name in catchment}


def _short(value: float) -> float:
    return float(f"{value:.9g}")
