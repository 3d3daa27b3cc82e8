"""The form of a scenario, in the units that people use: t, °C, MPa, mm, minutes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.apps.consequences.specs import ScenarioSpec
from anlan.kit.errors import Refused
from anlan.web.views.consequences import words
from anlan.web.views.consequences.weather import ZERO_C

KILO, MEGA, MILLI, MINUTE = 1000.0, 1e6, 1e-3, 60.0
#: field → (column, what one unit of the field is in SI, what is added)
UNITS = {
    "tonnes": ("mass", KILO, 0.0),
    "celsius": ("temperature", 1.0, ZERO_C),
    "megapascal": ("pressure", MEGA, 0.0),
    "head": ("head", 1.0, 0.0),
    "height": ("height", 1.0, 0.0),
    "bund": ("bund", 1.0, 0.0),
    "millimetres": ("diameter", MILLI, 0.0),
    "length": ("length", 1.0, 0.0),
    "minutes": ("duration", MINUTE, 0.0),
}
ERRORS = {"scenario.name": "name", "scenario.substance": "substance", "scenario.position": "longitude"}


class ScenarioForm(forms.Form):
    """A store and how it fails."""

    name = forms.CharField(label=_("情景名称 *"), max_length=120)
    substance = forms.CharField(label=_("物质（名称或 CAS 号） *"), max_length=60)
    tonnes = forms.FloatField(label=_("储存量，吨 *"), min_value=1e-6, max_value=1e6)
    celsius = forms.FloatField(label=_("储存温度，℃ *"), min_value=-250, max_value=700, initial=20)
    megapascal = forms.FloatField(label=_("绝对压力，MPa"), required=False, min_value=0.05, max_value=100)
    head = forms.FloatField(label=_("泄漏口以上液位，米"), required=False, min_value=0, max_value=100, initial=0)
    height = forms.FloatField(label=_("泄漏口离地，米"), required=False, min_value=0, max_value=200, initial=1)
    bund = forms.FloatField(label=_("围堰面积，平方米"), required=False, min_value=1, max_value=1e6)
    kind = forms.ChoiceField(label=_("怎样失效 *"), choices=list(words.KINDS.items()))
    millimetres = forms.FloatField(label=_("孔径或管径，毫米"), required=False, min_value=0.1, max_value=3000)
    length = forms.FloatField(label=_("断口前管长，米"), required=False, min_value=0, max_value=1e5, initial=0)
    minutes = forms.FloatField(label=_("多久能切断，分钟"), required=False, min_value=0.1, max_value=1440, initial=30)
    longitude = forms.FloatField(label=_("经度 *"), min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("纬度 *"), min_value=-80, max_value=80)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") in ("hole", "pipe") and not said.get("millimetres") and "millimetres" not in self.errors:
            self.add_error("millimetres", str(_("孔泄漏和管道断裂要填孔径或管径。")))
        return said

    def spec(self) -> ScenarioSpec:
        """What was written, in SI units; empty fields as the models take them."""
        said = self.cleaned_data
        columns = {
            column: said[field] * unit + zero
            for field, (column, unit, zero) in UNITS.items()
            if said.get(field) is not None
        }
        if said["kind"] == "rupture":
            columns.pop("diameter", None)
        return ScenarioSpec(
            name=said["name"], longitude=said["longitude"], latitude=said["latitude"], substance=said["substance"],
            kind=said["kind"], **columns,
        )  # fmt: skip

    def refuse(self, failure: Refused) -> None:
        """Show a refusal at its field, or above the form."""
        refusal = failure.refusal
        self.add_error(ERRORS.get(refusal.code), refusal.filled(f"{_(refusal.message)}{_(refusal.fix)}"))


class WhatIfForm(ScenarioForm):
    """A scenario that is only tried: it needs no name."""

    name = forms.CharField(label=_("情景名称"), max_length=120, required=False)


def initial(spec: ScenarioSpec) -> dict[str, Any]:
    """A written scenario as the form shows it."""
    said: dict[str, Any] = {
        field: _rounded((value - zero) / unit)
        for field, (column, unit, zero) in UNITS.items()
        if (value := getattr(spec, column)) is not None
    }
    names = ("name", "substance", "kind", "longitude", "latitude")
    return said | {name: getattr(spec, name) for name in names}


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")
