"""What was computed of a scenario, as pages, files and the map take it."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.apps.consequences import selectors, worst
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.neighbours import Neighbours, neighbours
from anlan.apps.consequences.selectors import LaidZone, Study, Toll
from anlan.apps.consequences.sites import Site
from anlan.apps.consequences.worst import Worst
from anlan.kit.accident.zones import Effect
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.web.views.consequences import words
from anlan.web.views.consequences.weather import Compass, Weather, WeatherForm, asked

AGAINST = "against"
NOBODY_KNOWS = Toll(None, None, "")


@dataclass(frozen=True)
class Result:
    """A scenario in a weather, one of its effects chosen. ``worst`` where all weathers were tried."""

    scenario: Scenario
    weather: Weather
    study: Study
    kinds: tuple[str, ...]
    effect: Effect | None
    laid: tuple[LaidZone, ...] = ()
    sites: tuple[Site, ...] = ()
    toll: Toll = NOBODY_KNOWS
    worst: Worst | None = None

    @property
    def compass(self) -> Compass:
        return Compass(self.study.wind.wind_from)

    @property
    def source(self) -> list[tuple[str, float, str]]:
        """What gets out, as far as something does."""
        source = self.study.accident.source
        lines = [
            (_("泄漏速率"), source.rate, "kg/s"),
            (_("泄漏时间"), source.duration, "s"),
            (_("泄漏总量"), source.released, "kg"),
            (_("进入空气"), source.airborne, "kg"),
            (_("液池直径"), source.pool_diameter, "m"),
            (_("液池蒸发"), source.pool_rate, "kg/s"),
        ]
        return [line for line in lines if line[1] > 0]

    @property
    def figures(self) -> list[tuple[str, float, str]]:
        figures = self.effect.figures if self.effect else ()
        return [(str(words.FIGURES.get(key, key)), value, unit) for key, value, unit in figures]

    @property
    def refused(self) -> list[tuple[str, str]]:
        return [(str(words.EFFECTS[kind]), why) for kind, why in self.study.accident.refused]

    def neighbours(self, viewer: Viewer) -> Neighbours:
        return neighbours(viewer, self.study)


def result(viewer: Viewer, one: Scenario, data: QueryDict) -> Result:
    """Everything about one effect (``?effect=``, else the first). Raises BadInput with the reason where it fails."""
    return result_in(viewer, one, asked(viewer, one, data), data.get("effect", ""))


def result_in(viewer: Viewer, one: Scenario, weather: Weather, kind: str) -> Result:
    """Everything about one effect (that ``kind``, else the first) in a weather. Raises BadInput where it fails."""
    return _worst(viewer, one, weather, kind) if weather.mode == "worst" else _one(viewer, one, weather, kind)


def _one(viewer: Viewer, one: Scenario, weather: Weather, kind: str) -> Result:
    study = selectors.study(one, weather.wind)
    kinds = tuple(effect.kind for effect in study.accident.effects)
    effect = chosen(study, kind)
    if effect is None:
        return Result(one, weather, study, kinds, None)
    laid, sites = study.laid(viewer, effect)
    return Result(one, weather, study, kinds, effect, tuple(laid), tuple(sites), study.toll(effect, sites))


def _worst(viewer: Viewer, one: Scenario, weather: Weather, kind: str) -> Result:
    """The study shown is the one in whose weather the worst zone reaches farthest, from the worst direction."""
    found, refused = worst.studies(one, weather.wind)
    kinds = tuple(worst.kinds(found))
    if not kinds:
        return Result(one, weather, found[0], kinds, None)
    told = worst.worst(found, refused, kind if kind in kinds else kinds[0])
    study = worst.blown(one, weather.wind, told)
    laid, sites = study.laid(viewer, told.effect)
    toll = Toll(told.residents, None, _("最不利风向")) if told.residents is not None else NOBODY_KNOWS
    return Result(one, weather, study, kinds, told.effect, tuple(laid), tuple(sites), toll, told)


def chosen(study: Study, kind: str) -> Effect | None:
    effects = study.accident.effects
    return study.accident.effect(kind) or (effects[0] if effects else None)


def against(viewer: Viewer, data: QueryDict, kind: str) -> tuple[Study, list[LaidZone]] | None:
    """What the result is compared with: ``against`` holds another scenario's id and weather as a query of its own."""
    said = QueryDict(data.get(AGAINST, ""))
    number = said.get("scenario", "")
    if not number.isdecimal() or len(number) > 12:
        return None
    other = selectors.study(selectors.scenario(viewer, int(number)), WeatherForm(said).weather())
    same = other.accident.effect(kind)
    return other, other.laid(viewer, same)[0] if same else []


def tried(viewer: Viewer, one: Scenario, data: QueryDict) -> Result | BadInput:
    """The result, or why there is none."""
    try:
        return result(viewer, one, data)
    except BadInput as failure:
        return failure
