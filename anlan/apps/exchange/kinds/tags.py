"""Measured points of the gateways, with their limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.finding import Finder, pieces
from anlan.apps.exchange.kinds.base import Field, Kind, Row, Stager, Values, attempt
from anlan.apps.exchange.models import ImportLine
from anlan.apps.monitoring import actions
from anlan.apps.monitoring.actions import TagSpec
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.sheets import values
from anlan.packs.families import alarm_facts
from anlan.rules import paths
from anlan.rules.alarms import Limits, check_limits

_PLAIN = ("code", "name", "unit", "decimals", "rank", "enabled")
_LIMITS = tuple(Limits.__dataclass_fields__)
_ALWAYS = ("deadband", "on_delay_s", "off_delay_s")


class Tags(Kind):
    key = "tags"
    label = gettext_lazy("监测点")
    capability = "tag.edit"
    subject = "tag"

    def fields(self) -> Sequence[Field]:
        ranks = dict(alarm_facts.load(clock.today()).ranks)
        number = values.number
        return (
            Field("source", _("来源代码"), _("网关的代码，在“数据来源”里登记"), required=True, read=values.word),
            Field("code", _("位号"), _("网关发送数据时用的位号，同一来源内唯一"), required=True, read=values.word),
            Field("name", _("名称"), required=True, width=24, example="反应器压力"),
            Field("place", _("场所"), _("来源所属场所或其下；编码、名称或完整位置"), required=True, width=28),
            Field("unit", _("单位"), example="kPa", width=10),
            Field("decimals", _("小数位数"), _("0 至 9，不填为 2"), read=values.whole, width=10),
            Field("rank", _("点位等级"), _("从下拉列表选择，不填为一般"), choices=ranks),
            Field("hh", _("高高限"), read=number, width=12),
            Field("h", _("高限"), read=number, width=12),
            Field("l", _("低限"), read=number, width=12),
            Field("ll", _("低低限"), read=number, width=12),
            Field("deadband", _("回差"), read=number, width=12),
            Field("on_delay_s", _("报警延时"), read=number, unit="s", width=14),
            Field("off_delay_s", _("恢复延时"), read=number, unit="s", width=14),
            Field("missing_s", _("中断判定时长"), _("多久没有数据算中断；不填不判定"), read=number, unit="s"),
            Field("range_low", _("量程下限"), read=number, width=12),
            Field("range_high", _("量程上限"), read=number, width=12),
            Field("enabled", _("启用"), _("是或否，不填为是"), read=values.yes, width=10),
        )

    def stager(self, viewer: Viewer) -> Stager:
        return _TagStager(viewer)

    def publish(self, viewer: Viewer, lines: Sequence[ImportLine], above: Mapping[int, int]) -> list[int]:
        ids: dict[int, int] = {}
        by_source: dict[int, list[ImportLine]] = {}
        for line in lines:
            if line.state == LineState.NEW:
                by_source.setdefault(line.data["source"], []).append(line)
            else:
                assert line.target is not None
                ids[line.number] = actions.edit_tag(viewer, line.target, _spec(line.data["spec"])).pk
        for source, some in by_source.items():
            added = actions.add_tags(viewer, source, [_spec(line.data["spec"]) for line in some])
            ids |= {line.number: tag.pk for line, tag in zip(some, added, strict=True)}
        return [ids[line.number] for line in lines]

    def undo(self, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
        """New points are switched off, as their history stays; changed ones get back what they had."""
        for line in lines:
            if line.target:
                given = line.data["spec"] | {"enabled": False} if line.state == LineState.NEW else line.before["spec"]
                actions.edit_tag(viewer, line.target, _spec(given))

    def rows(self, viewer: Viewer) -> Iterator[Values]:
        ranks = dict(alarm_facts.load(clock.today()).ranks)
        found = (
            Tag.objects.filter(viewer.scope("tag.view", "place__"))
            .select_related("place", "source__place")
            .defer("place__geometry", "source__place__geometry")
        )
        for tag in found.order_by("place__path", "code").iterator(chunk_size=500):
            own = {name: getattr(tag, name) for name in (*_PLAIN, *_LIMITS)}
            own["rank"] = ranks.get(tag.rank, tag.rank)
            at = tag.source.place  # a gateway may lie above what somebody keeps
            source = tag.source.code if viewer.may("tag.edit", at.path, at.sector) else ""
            yield {**own, "source": source, "place": tag.place.code or tag.place.name}


def _spec(given: Mapping[str, Any]) -> TagSpec:
    limits = Limits(**given["limits"])
    return TagSpec(given["place_id"], **{name: given[name] for name in _PLAIN}, limits=limits)


class _TagStager(Stager):
    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._finder = Finder(viewer, "tag.edit")
        sources = Source.objects.filter(viewer.scope("tag.edit", "place__")).select_related("place")
        self._sources = {source.code: source for source in sources}
        self._seen: dict[tuple[str, str], int] = {}

    def look(self, rows: Sequence[Row]) -> None:
        self._finder.load({row.text("place") for row in rows})
        known: dict[tuple[int, str], Tag] = {}
        for some in pieces({row.text("code") for row in rows} - {""}):
            known |= {(tag.source_id, tag.code): tag for tag in Tag.objects.filter(code__in=some)}
        for row in rows:
            self._look_at(row, known)

    def _look_at(self, row: Row, known: Mapping[tuple[int, str], Tag]) -> None:
        row.title = f"{row.text('code')} {row.text('name')}"
        source = self._sources.get(row.text("source"))
        if source is None and row.text("source"):
            row.refuse(values.not_among(row.text("source"), sorted(self._sources)))
        hit = attempt(row, lambda: self._finder.find(row.text("place")) if row.text("place") else None)
        first = self._seen.setdefault((row.text("source"), row.text("code")), row.number)
        if first != row.number:
            row.refuse(_("与第 {n} 行重复").format(n=first))
        if source is None or hit is None:
            return
        if not paths.covers(source.place.path, hit.path):
            words = _("“{place}”不在来源所属的“{source}”之内")
            row.refuse(words.format(place=hit.name, source=source.place.name))
        tag = known.get((source.pk, row.text("code")))
        spec = _given(row, hit.id, tag)
        row.refuse(check_limits(Limits(**spec["limits"])))
        row.data = {"source": source.pk, "spec": spec}
        if tag is not None:
            row.target = tag.pk
            row.before = {"spec": _as_it_is(tag)}
            row.state = LineState.SAME if row.before["spec"] == spec else LineState.CHANGED


def _given(row: Row, place_id: int, tag: Tag | None) -> dict[str, Any]:
    """What the file says; what it leaves empty stays as it is, or is what a new point begins with."""
    start = _as_it_is(tag) if tag else asdict(TagSpec(place_id, "", ""))
    said = {key: value for key, value in row.values.items() if value is not None}
    limits = {name: said.get(name, start["limits"][name]) for name in _LIMITS}
    limits |= {name: limits[name] or 0.0 for name in _ALWAYS}
    return {**{name: said.get(name, start[name]) for name in _PLAIN}, "place_id": place_id, "limits": limits}


def _as_it_is(tag: Tag) -> dict[str, Any]:
    limits = {name: getattr(tag, name) for name in _LIMITS}
    return {**{name: getattr(tag, name) for name in _PLAIN}, "place_id": tag.place_id, "limits": limits}
