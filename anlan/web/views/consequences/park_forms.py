"""The forms of a park's study: itself with its weather, and a source, in the units that people use."""

import re
from collections.abc import Sequence
from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.park import installation
from anlan.kit.park.inputs import Stability, WeatherClass
from anlan.packs.families import domino_thresholds, leak_frequencies
from anlan.web.views.consequences import park_words
from anlan.web.views.consequences.forms import KILO, MEGA, MILLI, MINUTE
from anlan.web.views.consequences.weather import ZERO_C

DIRECTIONS = 16
MOST_CLASSES = 12
#: field → (column, what one unit of the field is in SI, what is added)
UNITS = {
    "tonnes": ("mass", KILO, 0.0),
    "celsius": ("temperature", 1.0, ZERO_C),
    "megapascal": ("pressure", MEGA, 0.0),
    "head": ("head", 1.0, 0.0),
    "bund": ("bund", 1.0, 0.0),
    "amount": ("amount", 1.0, 0.0),
    "millimetres": ("pipe", MILLI, 0.0),
    "minutes": ("duration", MINUTE, 0.0),
    "volume": ("volume", 1.0, 0.0),
}
ERRORS = {
    "park.name": "name", "park.position": "longitude", "park.substance": "substance", "park.holes": "holes",
    "park.equipment": "equipment", "park.outside": "place", "park.out_of_range": "tonnes",
}  # fmt: skip


class StudyForm(forms.Form):
    """A study. The rows of the weather are read from the request as they stand."""

    name = forms.CharField(label=_("评价名称 *"), max_length=120)
    stage = forms.ChoiceField(label=_("按哪一类基准判定 *"), choices=list(park_words.STAGES.items()))
    margin = forms.FloatField(label=_("评价范围：风险源以外，米"), required=False, min_value=200, max_value=20_000)
    cell = forms.FloatField(label=_("网格边长，米"), required=False, min_value=5, max_value=200)
    domino = forms.BooleanField(label=_("计入多米诺效应"), required=False)

    def spec(self, weather: Sequence[WeatherClass]) -> StudySpec:
        said = self.cleaned_data
        size = {name: said.get(name) or 0 for name in ("cell", "margin")}
        return StudySpec(said["name"], said["stage"], tuple(weather), **size, domino=said["domino"])

    def refuse(self, failure: Refused) -> None:
        _refuse(self, failure)


class WeatherRows:
    """Classes of the weather as typed: ``class-0`` … ``rose-0``; an empty row is none. ``problems`` by row."""

    def __init__(self, data: Any) -> None:
        self.rows = [self._typed(data, number) for number in range(MOST_CLASSES)]
        self.problems: list[str] = []

    @staticmethod
    def _typed(data: Any, number: int) -> dict[str, str]:
        return {name: data.get(f"{name}-{number}", "").strip() for name in ("class", "wind", "share", "rose")}

    def classes(self) -> list[WeatherClass]:
        """What was typed; shares are made to a whole, as measured tables seldom add up."""
        read = [(number, row) for number, row in enumerate(self.rows, 1) if any(row.values())]
        found = [one for number, row in read if (one := self._read(number, row))]
        whole = sum(one.share for one in found) or 1.0
        return [WeatherClass(one.name, one.stability, one.wind, one.share / whole, one.rose) for one in found]

    def _read(self, number: int, row: dict[str, str]) -> WeatherClass | None:
        from django.utils.translation import gettext

        try:
            wind, share = float(row["wind"]), float(row["share"].rstrip("%"))
            rose = [float(part.rstrip("%")) for part in re.split(r"[\s,;，；]+", row["rose"]) if part]
        except ValueError:
            rose, wind, share = [], -1.0, -1.0
        good = row["class"] in get_args(Stability) and 0.5 <= wind <= 40 and 0 < share <= 1e6
        if not good or len(rose) != DIRECTIONS or min(rose) < 0 or not 0 < sum(rose) < 1e9:
            told = gettext("第 {row} 行：稳定度选 A–F，风速 0.5 到 40，份额大于 0，风向频率写 16 个数。")
            self.problems.append(told.format(row=number))
            return None
        parts = tuple(part / sum(rose) for part in rose)
        return WeatherClass(f"{row['class']} {wind:g} m/s", row["class"], wind, share, parts)  # type: ignore[arg-type]  # checked above


def weather_rows(classes: Sequence[WeatherClass]) -> list[dict[str, str]]:
    """The classes as they are typed, in percent."""
    rows = [
        {
            "class": one.stability, "wind": f"{one.wind:g}", "share": f"{100 * one.share:.4g}",
            "rose": " ".join(f"{100 * part:.3g}" for part in _sixteen(one.rose)),
        }
        for one in classes
    ]  # fmt: skip
    empty = {"class": "", "wind": "", "share": "", "rose": ""}
    return [*rows, *[empty] * (min(MOST_CLASSES, len(rows) + 2) - len(rows))]


def _sixteen(rose: Sequence[float]) -> Sequence[float]:
    return rose if len(rose) == DIRECTIONS else [sum(rose) / DIRECTIONS] * DIRECTIONS


class SourceForm(forms.Form):
    """An installation and how it may leak. A hole is named with its equipment: ``pressure-vessel/10mm``."""

    name = forms.CharField(label=_("风险源名称 *"), max_length=120)
    place = forms.TypedChoiceField(label=_("所在企业或装置"), required=False, coerce=int, empty_value=None)
    substance = forms.CharField(label=_("物质（名称或 CAS 号） *"), max_length=60)
    tonnes = forms.FloatField(label=_("单台最大量，吨 *"), min_value=1e-6, max_value=1e6)
    celsius = forms.FloatField(label=_("温度，℃ *"), min_value=-250, max_value=700, initial=20)
    megapascal = forms.FloatField(label=_("绝对压力，MPa"), required=False, min_value=0.05, max_value=100)
    head = forms.FloatField(label=_("泄漏口以上液位，米"), required=False, min_value=0, max_value=100, initial=2)
    bund = forms.FloatField(label=_("围堰面积，平方米"), required=False, min_value=1, max_value=1e6)
    equipment = forms.ChoiceField(label=_("设备类型 *"))
    holes = forms.MultipleChoiceField(label=_("泄漏情景 *"), widget=forms.CheckboxSelectMultiple)
    amount = forms.FloatField(label=_("数量 *"), min_value=1e-3, max_value=1e6, initial=1)
    millimetres = forms.FloatField(label=_("公称直径，毫米"), required=False, min_value=5, max_value=3000)
    minutes = forms.FloatField(label=_("多久能切断，分钟"), required=False, min_value=0.1, max_value=1440, initial=30)
    escalation = forms.ChoiceField(label=_("受邻近事故影响时按"), required=False)
    volume = forms.FloatField(label=_("容积，立方米"), required=False, min_value=0.1, max_value=1e6)
    longitude = forms.FloatField(label=_("经度 *"), min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("纬度 *"), min_value=-80, max_value=80)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = clock.today()
        self.equipment_holes = [
            (one.code, one.name, list(installation.holes(one.code, on).values()))
            for one in leak_frequencies.load(on).equipment
        ]
        usable = [(code, name) for code, name, holes in self.equipment_holes if holes]
        escalations = [(key, one.name) for key, one in domino_thresholds.load(on).equipment.items()]
        self._choose("equipment", usable)
        self._choose(
            "holes", [(f"{code}/{one.hole}", one.name) for code, _, rows in self.equipment_holes for one in rows]
        )
        self._choose("escalation", [("", str(_("不考虑"))), *escalations])
        self._choose("place", [("", str(_("不写"))), *((one.pk, one.name) for one in places)])

    def _choose(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [one.partition("/")[2] for one in self._chosen(said)]
        if not chosen and "holes" not in self.errors and said.get("equipment"):
            self.add_error("holes", str(_("请至少选择一种泄漏情景。")))
        shares = {
            row.hole
            for code, _, rows in self.equipment_holes
            if code == said.get("equipment")
            for row in rows
            if row.share
        }
        if shares & set(chosen) and not said.get("millimetres") and "millimetres" not in self.errors:
            self.add_error("millimetres", str(_("所选情景按管径的份额计，请填公称直径。")))
        return said

    @staticmethod
    def _chosen(said: dict[str, Any]) -> list[str]:
        return [one for one in said.get("holes", []) if one.partition("/")[0] == said.get("equipment")]

    def spec(self) -> SourceSpec:
        """What was written, in SI units; empty fields as the models take them."""
        said = self.cleaned_data
        columns = {
            column: said[field] * unit + zero
            for field, (column, unit, zero) in UNITS.items()
            if said.get(field) is not None
        }
        return SourceSpec(
            name=said["name"], longitude=said["longitude"], latitude=said["latitude"], substance=said["substance"],
            equipment=said["equipment"], holes=tuple(one.partition("/")[2] for one in self._chosen(said)),
            place_id=said.get("place"), escalation=said.get("escalation") or "", **columns,
        )  # fmt: skip

    def refuse(self, failure: Refused) -> None:
        _refuse(self, failure)


def initial(spec: SourceSpec) -> dict[str, Any]:
    """A source as the form shows it."""
    said: dict[str, Any] = {
        field: float(f"{(value - zero) / unit:.9g}")
        for field, (column, unit, zero) in UNITS.items()
        if (value := getattr(spec, column)) is not None
    }
    names = ("name", "substance", "equipment", "escalation", "longitude", "latitude")
    holes = [f"{spec.equipment}/{hole}" for hole in spec.holes]
    return said | {name: getattr(spec, name) for name in names} | {"place": spec.place_id or "", "holes": holes}


def _refuse(form: forms.Form, failure: Refused) -> None:
    """Show a refusal at its field, or above the form."""
    from django.utils.translation import gettext

    refusal = failure.refusal
    field = ERRORS.get(refusal.code)
    form.add_error(
        field if field in form.fields else None, refusal.filled(f"{gettext(refusal.message)}{gettext(refusal.fix)}")
    )
