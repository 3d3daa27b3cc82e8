"""The weather of now, from the tags of weather stations: the nearest first, refused when its readings are old.

Which tags observe what is data (pack ``core/weather_stations``). A place at which wind speed and direction are measured
is a station. The stability class follows GB/T 3840-91 from the sun, the clouds and the wind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from django.utils import timezone

from anlan.apps.consequences.selectors import Wind
from anlan.apps.consequences.sites import middle
from anlan.apps.core import selectors as core
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.monitoring.selectors import TagRow, lists
from anlan.kernels.consequence import stability_gb
from anlan.kit import clock
from anlan.kit.accident.inputs import Sky, Stability, Surroundings
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.packs.families import weather_stations as pack
from anlan.rules import distance
from anlan.rules.refusal import Refusal

ZERO_C = 273.15
#: Below it no wind carries a cloud steadily; the models begin here [m/s].
CALM = 0.5
MOST_WIND = 40.0
#: Taken where a station does not measure it.
USUAL_AIR, USUAL_HUMIDITY = 20.0, 60.0
#: Skies between which the truth lies where nobody watches the clouds: total and low cloud [tenths].
SKIES = ((0.0, 0.0), (10.0, 5.0), (10.0, 10.0))
MOST = 12

Origin = Literal["measured", "assumed"]


@dataclass(frozen=True)
class Station:
    """A place that observes the weather. ``seen``: key of the quantity → the tag with its last reading."""

    place_id: int
    name: str
    metres: float
    position: tuple[float, float]
    seen: Mapping[str, TagRow]
    fresh: timedelta

    @property
    def tag_ids(self) -> list[int]:
        return [tag.id for tag in self.seen.values()]

    @property
    def at(self) -> datetime | None:
        """Of the older of the wind's two readings; None where one of them never came."""
        times = [self.seen[key].ts for key in ("wind", "from")]
        return min((time for time in times if time is not None), default=None) if all(times) else None

    def current(self, now: datetime) -> bool:
        return self.at is not None and now - self.at <= self.fresh

    def value(self, key: str, now: datetime) -> float | None:
        """A reading that is still the weather of now; None where there is none."""
        tag = self.seen.get(key)
        if tag is None or tag.value is None or tag.ts is None or not tag.good:
            return None
        return tag.value if now - tag.ts <= self.fresh else None


@dataclass(frozen=True)
class Observed:
    """The weather of now at a station. ``clouds``: whether the class rests on watched clouds; ``calm``: the wind that
    was measured where it is less than models take [m/s]; ``assumed``: keys that were not measured."""

    station: Station
    wind: Wind
    at: datetime
    clouds: Origin
    calm: float | None
    assumed: tuple[str, ...]


def stations(viewer: Viewer, longitude: float, latitude: float) -> list[Station]:
    """Stations whose tags the viewer may read, the nearest first."""
    known = pack.load(clock.today())
    vane = next(one for one in known.quantities if one.key == "from")
    vanes = [row for word in vane.words for row in lists.tags_matching(viewer, text=word, enabled=True)]
    places = {row.place_id for row in vanes if vane.rank(row.name, row.unit) is not None}
    drawn = core.places(viewer).filter(pk__in=places, west__isnull=False)
    near = sorted((distance.metres(place.geometry or {}, (longitude, latitude)), place.pk, place) for place in drawn)[
        :MOST
    ]
    by_place = _tags(viewer, {place.pk for _, _, place in near})
    firms = enterprises.firms_of(viewer, [place.path for _, _, place in near])
    found = []
    for metres, pk, place in near:
        seen = _seen(by_place.get(pk, []), known)
        if all(key in seen for key in known.needed):
            firm = firms.get(place.path)
            name = f"{firm.name} {place.name}" if firm is not None and firm.name != place.name else place.name
            found.append(Station(pk, name, metres, middle(place), seen, timedelta(minutes=known.fresh_minutes)))
    return found


def _tags(viewer: Viewer, places: Iterable[int]) -> dict[int, list[TagRow]]:
    found = lists.tags_matching(viewer, enabled=True).filter(place_id__in=list(places))
    by_place: dict[int, list[TagRow]] = {}
    for row in lists.tag_rows(viewer, list(found)):
        by_place.setdefault(row.place_id, []).append(row)
    return by_place


def _seen(tags: Iterable[TagRow], known: pack.WeatherStations) -> dict[str, TagRow]:
    """The tag of each quantity that fits best."""
    rows = list(tags)
    found = {}
    for one in known.quantities:
        ranked = [(rank, row.id, row) for row in rows if (rank := one.rank(row.name, row.unit)) is not None]
        if ranked:
            found[one.key] = min(ranked, key=lambda entry: entry[:2])[2]
    return found


def observed(found: Iterable[Station], chosen: int | None, ground: Surroundings) -> Observed:
    """The weather at the chosen station, else at the nearest that has readings of now. Raises BadInput."""
    now, all_ = clock.now(), list(found)
    if not all_:
        raise BadInput(_NONE)
    wanted = [one for one in all_ if one.place_id == chosen] if chosen else all_
    if not wanted:
        raise BadInput(_UNKNOWN)
    station = next((one for one in wanted if one.current(now)), None)
    if station is None:
        raise BadInput(_old(wanted[0], now))
    return _observed(station, now, ground)


def _observed(station: Station, now: datetime, ground: Surroundings) -> Observed:
    speed, direction = station.value("wind", now), station.value("from", now)
    if speed is None or direction is None or not (0 <= speed <= MOST_WIND):
        told = {"name": station.name}
        raise BadInput(Refusal("weather.unusable", "{name}的风速或风向读数不可用。", "换一个气象站，或自己填。", told))
    air, humidity = station.value("air", now), station.value("humidity", now)
    stability, clouds = _stability(station, now, speed)
    sky = Sky(
        max(speed, CALM), stability, min(max(USUAL_AIR if air is None else air, -40.0), 60.0) + ZERO_C,
        min(max(USUAL_HUMIDITY if humidity is None else humidity, 0.0), 100.0) / 100, ground,
    )  # fmt: skip
    at = station.at or now
    assumed = tuple(key for key, value in (("air", air), ("humidity", humidity)) if value is None)
    return Observed(station, Wind(sky, direction % 360), at, clouds, speed if speed < CALM else None, assumed)


def _stability(station: Station, now: datetime, speed: float) -> tuple[Stability, Origin]:
    """The class by GB/T 3840-91; without clouds the most stable that any sky would give, which carries farthest."""
    total, low = station.value("total_cloud", now), station.value("low_cloud", now)
    if total is not None and 0 <= total <= 10:
        below = min(max(low if low is not None else 0.0, 0.0), total)
        return _class(now, station.position, speed, (total, below)), "measured"
    return max(_class(now, station.position, speed, sky) for sky in SKIES), "assumed"


def _class(now: datetime, spot: tuple[float, float], speed: float, clouds: tuple[float, float]) -> Stability:
    """Of two classes, such as A-B, the more stable one."""
    local = timezone.localtime(now)
    hour = local.hour + local.minute / 60
    elevation = stability_gb.sun_elevation(local.timetuple().tm_yday - 1, hour, spot[1], spot[0])
    level = stability_gb.radiation_level(elevation, *clouds)
    return cast(Stability, stability_gb.stability(speed, level)[-1])


_NONE = Refusal(
    "weather.no_station",
    "您能看到的场所里没有气象站：要在同一场所测风速和风向。",
    "请自己填气象条件，或由系统管理员登记气象站的监测点位。",
)
_UNKNOWN = Refusal("weather.station", "没有这个气象站，或不在您的权限范围内。", "请另选一个气象站，或自己填。")


def _old(station: Station, now: datetime) -> Refusal:
    fix = "换一个有新数据的气象站，或看着现场自己填；旧数据不会当作现在的天气。"
    if station.at is None:
        return Refusal("weather.silent", "{name}还没有传来风的读数。", fix, {"name": station.name})
    minutes = round((now - station.at).total_seconds() / 60)
    told = {"name": station.name, "minutes": str(minutes)}
    return Refusal("weather.old", "{name}最近一次测风是 {minutes} 分钟前，不能当作现在的天气。", fix, told)
