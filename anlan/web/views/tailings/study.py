"""Floods through a pond: choose storm, level and what is open; hydrograph, levels, and what is left of the dam."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from anlan.apps.core import selectors as core
from anlan.apps.tailings import selectors
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.specs import catchment_of
from anlan.kernels.validity import OutOfRange
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.kit.listing.export import attachment
from anlan.kit.sheets import XLSX, Sheet, SheetColumn, xlsx
from anlan.kit.tailings.study import Result, Study
from anlan.rules.refusal import Refusal
from anlan.web.views.parts import page
from anlan.web.views.tailings import words
from anlan.web.views.tailings.pond import level_lines

OPEN = "open-"
#: Fields of the form that are tried here → fields of the catchment.
TRIED = {"area": "area", "lag": "lag", "initial_loss": "initial", "rate": "rate", "peak": "peak"}


class StormForm(forms.Form):
    """What is asked: from which level, which storm, and how wet the ground is."""

    start = forms.FloatField(label=lazy("起调水位，m"))
    storm = forms.ChoiceField(label=lazy("暴雨"), choices=[("period", lazy("重现期")), ("rain", lazy("给定雨量"))])
    period = forms.FloatField(label=lazy("重现期，年"), min_value=1.5, max_value=100_000)
    rain = forms.FloatField(label=lazy("24 小时雨量，mm"), min_value=0, max_value=1500)
    wet = forms.FloatField(label=lazy("此前已下，mm"), min_value=0, max_value=1000)
    area = forms.FloatField(label=lazy("汇水面积，km²"), min_value=0.01, max_value=1000)
    lag = forms.FloatField(label=lazy("汇流滞时 K，h"), min_value=0.02, max_value=24)
    initial_loss = forms.FloatField(label=lazy("初损，mm"), min_value=0, max_value=500)
    rate = forms.FloatField(label=lazy("后损，mm/h"), min_value=0, max_value=200)
    peak = forms.FloatField(label=lazy("雨峰位置，0～1"), min_value=0, max_value=1)

    def __init__(self, asked: QueryDict, usual: Mapping[str, Any]) -> None:
        super().__init__({name: asked.get(name, "") or value for name, value in usual.items()})

    def read(self) -> dict[str, Any]:
        """Raises BadInput with what the first wrong field says."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            told = {"field": str(self.fields[name].label), "why": str(errors[0])}
            raise BadInput(Refusal("storm.bad", "{field}：{why}", "请改正后重新计算。", told))
        found: dict[str, Any] = self.cleaned_data
        if any(value != value for value in found.values() if isinstance(value, float)):
            raise BadInput(Refusal("storm.nan", "有一项不是数。", "请改正后重新计算。"))
        return found


@dataclass(frozen=True)
class Asked:
    """A study as it was asked for."""

    study: Study
    said: Mapping[str, Any]

    def result(self) -> Result:
        rain = self.said["rain"] if self.said["storm"] == "rain" else None
        return selectors.routed(
            self.study, self.said["start"], period=self.said["period"], rain=rain, wet=self.said["wet"]
        )


@page
def study_page(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponseBase:
    pond = selectors.pond(viewer, pond_id)
    form, shares = _form(request, viewer, pond), _shares(request, pond)
    if request.GET.get("format") == "xlsx":
        return _sheet(pond, _asked(pond, form, shares).result())
    context = {
        "pond": pond,
        "path": [*core.ancestors(viewer, pond.place), pond.place],
        "form": form,
        "drains": [
            (drain, words.DRAINS.get(drain["kind"], ""), round(100 * shares[drain["name"]])) for drain in pond.drains
        ],
        "grade": selectors.grade_of(pond),
        "periods": [20, 50, 100, 200, 500, 1000],
        "config": {"part": reverse("web:pond_study_part", args=[pond.pk])},
        "may_edit": viewer.may("pond.edit", pond.place.path, pond.place.sector),
    }
    return render(request, "web/tailings/study.html", context | _computed(pond, form, shares))


@page
def study_part(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponse:
    """What was computed, by itself: for another storm."""
    pond = selectors.pond(viewer, pond_id)
    form, shares = _form(request, viewer, pond), _shares(request, pond)
    return render(request, "web/tailings/result.html", {"pond": pond, **_computed(pond, form, shares)})


def _form(request: HttpRequest, viewer: Viewer, pond: Pond) -> StormForm:
    usual: dict[str, Any] = {"storm": "period", "period": selectors.period_of(pond), "rain": 100.0}
    found = selectors.measured(viewer, pond)
    at = selectors.level_of(found, pond)
    start = at[0] if at else (pond.normal_level or pond.flood_limit_level or pond.crest - 3)
    usual |= {"start": round(start, 2), "wet": round(selectors.rained(found), 1)}
    try:
        catchment = catchment_of(pond.catchment)
        usual |= {field: getattr(catchment, name) for field, name in TRIED.items()}
    except OutOfRange:
        usual |= {"area": 1.0, "lag": 0.5, "initial_loss": 20.0, "rate": 3.0, "peak": 0.6}
    return StormForm(request.GET, usual)


def _shares(request: HttpRequest, pond: Pond) -> dict[str, float]:
    """How far each drain is open: by its number in the address, in per cent; else as its last test found it."""
    found, tested = {}, selectors.shares(pond)
    for number, drain in enumerate(pond.drains):
        text = request.GET.get(f"{OPEN}{number}", "")
        written = tested[str(drain["name"])]
        found[str(drain["name"])] = (
            min(int(text), 100) / 100 if text.isascii() and text.isdigit() and len(text) < 4 else written
        )
    return found


def _asked(pond: Pond, form: StormForm, shares: Mapping[str, float]) -> Asked:
    said = form.read()
    tried = {name: said[field] for field, name in TRIED.items()}
    return Asked(selectors.study_tried(pond, shares, tried), said)


def _computed(pond: Pond, form: StormForm, shares: Mapping[str, float]) -> dict[str, Any]:
    """Everything beside the form: or what was refused, in words."""
    try:
        asked = _asked(pond, form, shares)
        result = asked.result()
        rows = selectors.of_periods(asked.study, asked.said["start"])
    except BadInput as failure:
        return {"refusal": failure.refusal}
    start = asked.said["start"]
    name = (
        _("24 小时 {n} mm").format(n=round(result.h24))
        if result.period is None
        else _("{n} 年一遇").format(n=f"{result.period:g}")
    )
    return {
        "result": result,
        "name": name,
        "demands": result.demands,
        "stands": asked.study.stands(start),
        "rain_stood": asked.study.rain_stood(start),
        "rows": rows,
        "runoff": selectors.runoff(asked.study, result),
        "drawing": {
            "courses": [{"name": name, **selectors.course(result)}],
            "lines": level_lines(pond),
            "curve": _curve(asked.study),
        },
    }


def _name(result: Result) -> str:
    if result.period is None:
        return _("24 小时 {n} mm").format(n=round(result.h24))
    return _("{n} 年一遇").format(n=f"{result.period:g}")


def _curve(study: Study) -> dict[str, list[float]]:
    """In the units of the chart: m, 万m³, m³/s."""
    drawn = selectors.curve(study)
    return drawn | {"volume": [round(one / words.WAN, 3) for one in drawn["volume"]]}


def _sheet(pond: Pond, result: Result) -> HttpResponseBase:
    """The course, step by step."""
    course = result.course
    heads = ("时间 [h]", "入库流量 [m³/s]", "下泄流量 [m³/s]", "水位 [m]", "水体积 [m³]")
    columns = [SheetColumn(_(head), 18) for head in heads]
    rows = zip(course.times / 3600, course.inflow, course.outflow, course.levels, course.volumes, strict=True)
    sheet = Sheet(_("调洪过程"), columns, ([round(float(value), 3) for value in row] for row in rows))
    return attachment(xlsx([sheet]), XLSX, f"{pond.name}-{_('调洪演算')}.xlsx")
