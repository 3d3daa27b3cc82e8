"""What the demo's gateways know of the county: every source with its sensors, noted in the data folder.

Written once by the process that built the county, which has the database; read by the feed, which has not.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from anlan.cli.demonstration.signals import Sensor

FILE = "feed.json"
#: What a county may put behind a catalogue's code: a running number.
_NUMBERED = re.compile(r"[-_.#]?\d+$")
_TYPICAL = 0.5  # of the way to a single limit, where no catalogue says what is normal
_TYPICAL_GAS = 0.04


@dataclass(frozen=True)
class Gateway:
    """A source of invented signals."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Plan:
    """``played``: sources that replay recordings instead, by their code, with their sensors."""

    gateways: tuple[Gateway, ...]
    sensors: tuple[Sensor, ...]
    played: dict[str, tuple[Sensor, ...]]

    @property
    def all(self) -> tuple[Sensor, ...]:
        return (*self.sensors, *(sensor for group in self.played.values() for sensor in group))

    def save(self, data: Path) -> None:
        told = {
            "gateways": [asdict(gateway) for gateway in self.gateways],
            "columns": [field.name for field in fields(Sensor)],
            "sensors": [_row(sensor) for sensor in self.sensors],
            "played": {code: [_row(sensor) for sensor in group] for code, group in self.played.items()},
        }
        aside = data / f"{FILE}.new"
        aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        aside.rename(data / FILE)

    @classmethod
    def read(cls, data: Path) -> "Plan":
        told = json.loads((data / FILE).read_text(encoding="utf-8"))

        def sensors(rows: Iterable[Sequence[object]]) -> tuple[Sensor, ...]:
            return tuple(Sensor(**dict(zip(told["columns"], row, strict=True))) for row in rows)

        played = {code: sensors(rows) for code, rows in told["played"].items()}
        return cls(tuple(Gateway(**one) for one in told["gateways"]), sensors(told["sensors"]), played)


def survey(played: Iterable[str], on: date, aside: Iterable[str] = ()) -> Plan:
    """Look at the database: every enabled tag, with what its trade's catalogue says is normal.

    ``aside``: codes of sources that neither replay a recording nor send invented signals.
    """
    from anlan.apps.core.models import Place
    from anlan.apps.monitoring.models import Source, Tag

    rows = Tag.objects.filter(enabled=True, source__enabled=True).select_related("source", "place").order_by("pk")
    rows = rows.exclude(source__code__in=list(aside))
    tags = list(rows.defer("place__geometry"))
    names = dict(Place.objects.filter(kind="enterprise").values_list("pk", "name"))
    normals = _Normals(on)
    sensors = [_sensor(tag, names, normals) for tag in tags]
    recorded = frozenset(played)
    gateways = [
        Gateway(*row)
        for row in Source.objects.exclude(code__in=list(aside)).order_by("pk").values_list("code", "name", "kind")
    ]
    return Plan(
        tuple(gateway for gateway in gateways if gateway.code not in recorded),
        tuple(sensor for sensor in sensors if sensor.source not in recorded),
        {code: tuple(sensor for sensor in sensors if sensor.source == code) for code in recorded},
    )


class _Normals:
    """What is normal for a tag, by its trade's catalogue."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known: dict[str, dict[str, float]] = {}

    def of(self, sector: str, code: str) -> float | None:
        known = self._sector(sector)
        base = _NUMBERED.sub("", code)
        tail = code.rsplit("-", 1)[-1]
        return next((known[one] for one in (code, base, tail, _NUMBERED.sub("", tail)) if one in known), None)

    def _sector(self, sector: str) -> dict[str, float]:
        from anlan.packs.families import tags
        from anlan.packs.model import PackError

        if sector not in self._known:
            try:
                found = tags.load(sector, self._on).tags if sector else ()
            except PackError:
                found = ()
            self._known[sector] = {tag.code: tag.normal for tag in found}
        return self._known[sector]


def _sensor(tag: object, names: dict[int, str], normals: _Normals) -> Sensor:
    from anlan.apps.monitoring.models import Tag
    from anlan.rules import paths

    assert isinstance(tag, Tag)
    owner = next((names[step] for step in reversed(paths.ancestor_ids(tag.place.path)) if step in names), "")
    known = normals.of(tag.place.sector, tag.code)
    return Sensor(
        number=tag.pk,
        code=tag.code,
        name=tag.name,
        unit=tag.unit,
        decimals=tag.decimals,
        source=tag.source.code,
        place_id=tag.place_id,
        enterprise=owner,
        sector=tag.place.sector,
        normal=_guess(tag) if known is None else known,
        hh=tag.hh,
        h=tag.h,
        l=tag.l,
        ll=tag.ll,
        low=tag.range_low,
        high=tag.range_high,
        missing_s=tag.missing_s,
    )


def _guess(tag: object) -> float:
    """A normal value from the limits alone."""
    from anlan.apps.monitoring.models import Tag

    assert isinstance(tag, Tag)
    up, down = tag.h if tag.h is not None else tag.hh, tag.l if tag.l is not None else tag.ll
    if up is not None and down is not None:
        return (up + down) / 2
    if up is not None:
        return up * (_TYPICAL_GAS if tag.unit in ("ppm", "%LEL", "mg/m³") else _TYPICAL)
    return 0.0 if down is None else down + abs(down) * _TYPICAL


def _row(sensor: Sensor) -> list[object]:
    return [getattr(sensor, field.name) for field in fields(Sensor)]
