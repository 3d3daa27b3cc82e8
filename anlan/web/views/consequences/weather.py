"""The weather of a study in the address: ``?wind=1.5&from=180&class=F&air=20&humidity=60&ground=rural``, by hand;
``sky=live`` takes what a weather station measures now (``station`` chooses one), ``sky=worst`` the worst of all."""

from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from anlan.apps.consequences import stations
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import Wind
from anlan.apps.consequences.stations import Observed, Station
from anlan.kit.accident.inputs import Sky
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web.views.consequences import words

ZERO_C = 273.15
USUAL = {"wind": 2.0, "from": 180, "class": "D", "air": 20, "humidity": 60, "ground": "rural"}
Mode = Literal["hand", "live", "worst"]


class WeatherForm(forms.Form):
    """As people measure it: m/s, degrees from north, °C, %."""

    wind = forms.FloatField(label=_("风速，米/秒"), min_value=0.5, max_value=40)
    air = forms.FloatField(label=_("气温，℃"), min_value=-40, max_value=60)
    humidity = forms.FloatField(label=_("相对湿度，%"), min_value=0, max_value=100)
    ground = forms.ChoiceField(label=_("地面"), choices=list(words.SURROUNDINGS.items()))

    def __init__(self, data: QueryDict) -> None:
        given = {name: data.get(name, "") or value for name, value in USUAL.items()}
        super().__init__(given)
        self.fields["from"] = forms.FloatField(label=_("风从哪来，度"), min_value=0, max_value=360)
        self.fields["class"] = forms.ChoiceField(label=_("大气稳定度"), choices=list(words.STABILITY.items()))

    def weather(self) -> Wind:
        """Raises BadInput with what the first wrong field says."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            told = {"field": str(self.fields[name].label), "why": str(errors[0])}
            raise BadInput(Refusal("weather.bad", "{field}：{why}", "请改正后重新计算。", told))
        said: dict[str, Any] = self.cleaned_data
        sky = Sky(said["wind"], said["class"], said["air"] + ZERO_C, said["humidity"] / 100, said["ground"])
        return Wind(sky, said["from"] % 360)


@dataclass(frozen=True)
class Weather:
    """What was asked for: by hand, measured now (``observed``, with the other ``stations`` to choose from), or the
    worst, like ``wind`` in everything that the classes leave open."""

    mode: Mode
    wind: Wind
    observed: Observed | None = None
    stations: tuple[Station, ...] = ()


def asked(viewer: Viewer, one: Scenario, data: QueryDict) -> Weather:
    """The weather that an address asks for at a scenario. Raises BadInput: wrong by hand, or not measured now."""
    mode = mode_of(data)
    if mode == "live":
        found = stations.stations(viewer, one.longitude, one.latitude)
        chosen = data.get("station", "")
        ground: Any = data.get("ground", "") if data.get("ground", "") in words.SURROUNDINGS else "rural"
        now = stations.observed(found, int(chosen) if chosen.isdecimal() and len(chosen) < 12 else None, ground)
        return Weather("live", now.wind, now, tuple(found))
    return Weather(mode, WeatherForm(data).weather())


def mode_of(data: QueryDict) -> Mode:
    said = data.get("sky", "")
    return "live" if said == "live" else "worst" if said == "worst" else "hand"


@dataclass(frozen=True)
class Compass:
    """Where the wind comes from, in a word."""

    degrees: float

    def __str__(self) -> str:
        return str(words.POINTS[round(self.degrees / 45) % 8])


def query(wind: Wind) -> dict[str, str]:
    """The weather as the address says it."""
    sky = wind.sky
    air, humidity = sky.temperature - ZERO_C, 100 * sky.humidity
    numbers = {"wind": sky.wind, "from": wind.wind_from, "air": air, "humidity": humidity}
    said = {name: f"{value:.6g}" for name, value in numbers.items()}
    return said | {"class": sky.stability, "ground": sky.surroundings}
