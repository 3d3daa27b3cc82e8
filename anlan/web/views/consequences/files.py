"""A result as files: zones as GeoJSON, tables as Excel, a fact sheet of a page or two as PDF or Word."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.apps.consequences.models import Scenario
from anlan.apps.core.actions import audit
from anlan.kit import clock, documents, sheets
from anlan.kit.documents import maps
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Sheet, SheetColumn
from anlan.kit.sheets.writing import Value
from anlan.web.views.consequences import words
from anlan.web.views.consequences.drawing import chance, collection, metres
from anlan.web.views.consequences.result import Result, result_in
from anlan.web.views.consequences.scenarios import substance_name
from anlan.web.views.consequences.subject import subject
from anlan.web.views.consequences.weather import Weather, asked
from anlan.web.views.parts import page

GEOJSON = "application/geo+json"
Format = Literal["geojson", "xlsx", "pdf", "docx"]
KINDS: Mapping[Format, str] = {
    "geojson": GEOJSON,
    "xlsx": sheets.XLSX,
    "pdf": documents.PDF,
    "docx": documents.DOCX,
}
LISTED = 12
KILO, HECTARE, MINUTE = 1000.0, 1e4, 60.0


@dataclass(frozen=True)
class Wanted:
    """In which weather, of which effect first ('' or one that does not occur: the first), as what."""

    weather: Weather
    kind: str
    format: Format


@page
def zones(request: HttpRequest, viewer: Viewer, scenario_id: int | None = None) -> HttpResponseBase:
    """Every effect's zones for geographic information systems."""
    return _asked(request, viewer, scenario_id, "geojson")


@page
def table(request: HttpRequest, viewer: Viewer, scenario_id: int | None = None) -> HttpResponseBase:
    """Zones, sites, neighbours and what was put in, as a workbook."""
    return _asked(request, viewer, scenario_id, "xlsx")


@page
def sheet(request: HttpRequest, viewer: Viewer, scenario_id: int | None = None) -> HttpResponseBase:
    """The fact sheet; ``?format=docx`` for Word."""
    return _asked(request, viewer, scenario_id, "docx" if request.GET.get("format") == "docx" else "pdf")


def _asked(request: HttpRequest, viewer: Viewer, scenario_id: int | None, suffix: Format) -> HttpResponseBase:
    one = subject(request, viewer, scenario_id)
    return made(viewer, one, Wanted(asked(viewer, one, request.GET), request.GET.get("effect", ""), suffix))


def made(viewer: Viewer, one: Scenario, wanted: Wanted) -> HttpResponseBase:
    """The file of a result; that it left is written down. Raises BadInput where there is no result."""
    answer = _MADE[wanted.format](viewer, one, wanted)
    subject_ = f"scenario:{one.pk}" if one.pk else "scenario:what-if"
    audit(viewer.person_id, "scenario.export", one.place, subject_, {"format": wanted.format, "name": one.name})
    name = f"{one.name or _('推演')}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.{wanted.format}"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _every(viewer: Viewer, one: Scenario, wanted: Wanted) -> Iterator[Result]:
    """A result for each effect, the one asked for first."""
    first = result_in(viewer, one, wanted.weather, wanted.kind)
    yield first
    for kind in first.kinds:
        if first.effect is not None and kind != first.effect.kind:
            yield result_in(viewer, one, wanted.weather, kind)


def _geojson(viewer: Viewer, one: Scenario, wanted: Wanted) -> HttpResponse:
    features = [feature for each in _every(viewer, one, wanted) for feature in _features(each)]
    body = collection(features) | {"name": one.name, "crs": "CGCS2000 (EPSG:4490)", "computed": clock.now().isoformat()}
    return HttpResponse(orjson.dumps(body), content_type=GEOJSON)


def _features(told: Result) -> Iterator[dict[str, object]]:
    if told.effect is None:
        return
    for laid in told.laid:
        level = laid.zone.level
        properties = {
            "effect": told.effect.kind, "effect_name": str(words.EFFECTS[told.effect.kind]), "level": level.key,
            "name": level.name, "value": level.value, "unit": level.unit, "harm": level.harm, "source": level.source,
            "reach_m": round(laid.zone.reach, 1), "area_m2": round(laid.zone.area), "residents": _whole(laid.residents),
            "workers": _whole(laid.workers), "sites": laid.sites, "public_sites": laid.public,
        }  # fmt: skip
        yield {"type": "Feature", "geometry": laid.geometry, "properties": properties}


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _workbook(viewer: Viewer, one: Scenario, wanted: Wanted) -> StreamingHttpResponse:
    told = list(_every(viewer, one, wanted))
    book = [_zone_sheet(told), _site_sheet(told), _neighbour_sheet(viewer, told[0]), _input_sheet(told[0])]
    return StreamingHttpResponse(sheets.xlsx(book), content_type=sheets.XLSX)


def _zone_sheet(told: list[Result]) -> Sheet:
    titles = (_("后果"), _("范围"), _("阈值"), _("单位"), _("最远，米"), _("面积，公顷"), _("居民，人"), _("员工，人"),
              _("场所"), _("其中公共场所"), _("伤害"), _("依据"))  # fmt: skip
    rows = [
        (
            str(words.EFFECTS[each.effect.kind]), laid.zone.level.name, laid.zone.level.value, laid.zone.level.unit,
            round(laid.zone.reach, 1), round(laid.zone.area / HECTARE, 2), _whole(laid.residents),
            _whole(laid.workers), laid.sites, laid.public, laid.zone.level.harm, laid.zone.level.source,
        )
        for each in told if each.effect is not None for laid in reversed(each.laid)
    ]  # fmt: skip
    return Sheet(_("范围"), [SheetColumn(title, 16) for title in titles], rows)


def _site_sheet(told: list[Result]) -> Sheet:
    titles = (_("后果"), _("场所"), _("类别"), _("所在范围"), _("距离，米"), _("到达，分钟"), _("数值"), _("单位"),
              _("室外死亡概率"), _("员工"))  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for each in told:
        if each.effect is None:
            continue
        names = {laid.zone.level.key: laid.zone.level.name for laid in each.laid}
        unit = each.effect.field.unit if each.effect.field else ""
        for site in each.sites:
            arrival = round(site.arrival / MINUTE, 1) if site.arrival is not None else None
            sort = site.sort or (_("公共场所") if site.public else _("企业"))
            chance_ = round(site.chance, 4) if site.chance is not None else None
            rows.append(
                (
                    str(words.EFFECTS[each.effect.kind]), site.name, sort, names.get(site.level, ""),
                    round(site.metres), arrival, site.value, unit, chance_, site.people,
                )
            )  # fmt: skip
    return Sheet(_("场所"), [SheetColumn(title, 16) for title in titles], rows)


def _neighbour_sheet(viewer: Viewer, told: Result) -> Sheet:
    titles = (_("设备"), _("所在"), _("企业"), _("设备类"), _("效应"), _("距离，米"), _("强度"), _("阈值"), _("单位"),
              _("升级概率"))  # fmt: skip
    rows = [
        (
            hit.vessel.name, hit.vessel.place_name, hit.vessel.firm, hit.class_name, str(words.EFFECTS[hit.effect]),
            round(hit.metres), round(hit.found.value, 2), hit.found.threshold,
            "kPa" if hit.found.kind == "overpressure" else "kW/m²", round(hit.found.probability, 4),
        )
        for hit in told.neighbours(viewer).hits
    ]  # fmt: skip
    return Sheet(_("多米诺"), [SheetColumn(title, 16) for title in titles], rows)


def _input_sheet(told: Result) -> Sheet:
    rows = [*_inputs(told), *((name, f"{value:.4g} {unit}") for name, value, unit in told.source)]
    models = [(_("模型"), model) for model in (told.effect.models if told.effect else ())]
    notes = [(_("说明"), note) for note in (told.effect.notes if told.effect else ())]
    columns = [SheetColumn(_("输入"), 20), SheetColumn(_("值"), 60)]
    return Sheet(_("输入与模型"), columns, [*rows, *models, *notes], wrapped=True)


def _inputs(told: Result) -> list[tuple[str, str]]:
    """The scenario and its weather in words."""
    one, wind = told.scenario, told.study.wind
    size = f" {one.diameter * KILO:g} mm" if one.diameter else ""
    pressure = _("自身饱和蒸气压") if one.pressure is None else f"{one.pressure / 1e6:g} MPa"
    where = f"{one.longitude:.5f}, {one.latitude:.5f}"
    ways = [
        (_("物质"), substance_name(one.substance)), (_("储存量"), f"{one.mass / KILO:g} t"),
        (_("温度"), f"{one.temperature - 273.15:g} ℃"), (_("绝对压力"), pressure),
        (_("怎样失效"), f"{words.KINDS[one.kind]}{size}"), (_("泄漏点"), where),
    ]  # fmt: skip
    return [*ways, (_("天气"), _weather(told, f"{wind.sky.stability} {wind.sky.wind:g} m/s"))]


def _weather(told: Result, short: str) -> str:
    if told.worst is not None:
        return _("最不利天气：{n} 种稳定度与风速、任意风向").format(n=told.worst.skies)
    wind = told.study.wind
    direction = _("{point}风（{degrees} 度）").format(point=told.compass, degrees=round(wind.wind_from))
    air = f"{wind.sky.temperature - 273.15:.3g} ℃，{wind.sky.humidity:.0%}"
    said = (
        f"{direction} {wind.sky.wind:g} m/s，{wind.sky.stability}，{air}，{words.SURROUNDINGS[wind.sky.surroundings]}"
    )
    seen = told.weather.observed
    if seen is None:
        return said
    at = f"{timezone.localtime(seen.at):%m-%d %H:%M}"
    return _("{station} {at} 实测：{said}").format(station=seen.station.name, at=at, said=said)


def _sheet(viewer: Viewer, one: Scenario, wanted: Wanted) -> HttpResponse:
    document = _document(viewer, result_in(viewer, one, wanted.weather, wanted.kind))
    body = documents.word(document) if wanted.format == "docx" else documents.pdf(document)
    return HttpResponse(body, content_type=KINDS[wanted.format])


def _document(viewer: Viewer, told: Result) -> documents.Document:
    effect = str(words.EFFECTS[told.effect.kind]) if told.effect else _("没有可以计算的后果")
    subtitle = f"{told.scenario.place.name} · {effect}"
    return documents.Document(told.scenario.name, clock.today(), tuple(_blocks(viewer, told)), subtitle)


def _blocks(viewer: Viewer, told: Result) -> Iterator[documents.Block]:
    yield documents.Pairs(_inputs(told))
    if told.effect is None:
        return
    yield documents.Picture(_map(told), _("影响范围，由里到外"), 15.0)
    head = (_("范围"), _("最远"), _("面积，公顷"), _("居民"), _("员工"), _("场所"), _("伤害"))
    rows = [
        (
            laid.zone.level.name, metres(laid.zone.reach) if laid.zone.reach else _("不及"),
            f"{laid.zone.area / HECTARE:.2f}", people(laid.residents), people(laid.workers), str(laid.sites),
            laid.zone.level.harm,
        )
        for laid in reversed(told.laid)
    ]  # fmt: skip
    yield documents.Grid(head, rows, (2.3, 1.1, 1.2, 1.3, 1.2, 0.8, 3.5), (1, 2, 3, 4, 5))
    if told.toll.source:
        said = _("若无人撤离或躲避，室外：居民约 {residents}、员工约 {workers} 死亡（上限）。")
        residents, workers = people(told.toll.residents), people(told.toll.workers)
        yield documents.Words(said.format(residents=residents, workers=workers), "strong")
    yield from _places(told)
    yield from _fallen(viewer, told)
    notes = "；".join((*told.effect.models, *told.effect.notes))
    yield documents.Words(_("模型与说明：{notes}。地形与建筑不计，结果供参考。").format(notes=notes), "note")


def _places(told: Result) -> Iterator[documents.Block]:
    listed = sorted(told.sites, key=lambda site: (not site.public, -site.rank, site.metres))[:LISTED]
    if not listed:
        return
    names = {laid.zone.level.key: laid.zone.level.name for laid in told.laid}
    rows = [
        (
            site.name, site.sort or (_("公共场所") if site.public else _("企业")), names.get(site.level, ""),
            metres(site.metres), minutes(site.arrival), chance(site.chance) if site.chance is not None else _("不详"),
        )
        for site in listed
    ]  # fmt: skip
    head = (_("范围内的场所"), _("类别"), _("所在范围"), _("距离"), _("到达"), _("室外死亡概率"))
    yield documents.Grid(head, rows, (3, 1.4, 2, 1, 1.2, 1.4), (3, 4, 5))


def _fallen(viewer: Viewer, told: Result) -> Iterator[documents.Block]:
    hits = told.neighbours(viewer).hits[:6]
    if not hits:
        return
    rows = [
        (f"{hit.vessel.firm} {hit.vessel.name}".strip(), str(words.EFFECTS[hit.effect]), metres(hit.metres),
         chance(hit.found.probability))
        for hit in hits
    ]  # fmt: skip
    yield documents.Grid((_("可能被波及的设备"), _("效应"), _("距离"), _("升级概率")), rows, (4, 1.5, 1, 1.2), (2, 3))


def _map(told: Result) -> bytes:
    drawn = [laid for laid in told.laid if laid.drawn]
    near = [laid for laid in drawn if laid.zone.reach <= 15_000] or drawn[-1:]
    shown = [maps.Zone(laid.geometry, laid.zone.level.rank, laid.zone.level.name) for laid in near]
    box = maps.box_of([laid.geometry for laid in near])
    one = told.scenario
    note = _weather(told, "")
    on = clock.today()
    return maps.draw(
        maps.Map(zones=shown, spots=[maps.Spot(one.longitude, one.latitude, 0)], box=box, note=note),
        Path(settings.DATA) / "map", on,
    )  # fmt: skip


def people(value: float | None) -> str:
    """How many, no finer than the models are."""
    if value is None:
        return _("不详")
    if 0 < value < 0.5:
        return _("不足 1 人")
    if value >= 1000:
        return _("{n} 人").format(n=f"{float(f'{value:.3g}'):,.0f}")
    return _("{n} 人").format(n=round(value))


def minutes(seconds: float | None) -> str:
    """When something comes."""
    if seconds is None or seconds < 1:
        return _("立即")
    return _("{n} 秒").format(n=round(seconds)) if seconds < 90 else _("{n} 分钟").format(n=round(seconds / MINUTE))


_MADE: Mapping[Format, Callable[[Viewer, Scenario, Wanted], HttpResponseBase]] = {
    "geojson": _geojson,
    "xlsx": _workbook,
    "pdf": _sheet,
    "docx": _sheet,
}
