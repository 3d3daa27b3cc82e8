"""报警记录: all alarms, also those that ended, to be narrowed and taken along. What must be done now is on the desk."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.choices import AlarmState, Limit
from anlan.apps.monitoring.models import Alarm
from anlan.apps.monitoring.selectors import AlarmRow
from anlan.apps.monitoring.selectors.lists import AlarmFilter, alarms_matching
from anlan.kit import addresses, listing, words
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Text, cells
from anlan.kit.lookups import inside
from anlan.web.templatetags.anlan_web import alarm_title, from_plant, state_name
from anlan.web.views import where
from anlan.web.views.parts import list_page, page

_SEARCHED = ("tag__name__icontains", "tag__code__icontains", "tag__place__name__icontains")


@page
def alarms_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    where.check(request, viewer)
    for text in request.GET.getlist("tag"):
        if text and not _tag_name(viewer, text):
            raise NotInScope
    return list_page(request, viewer, alarm_list(viewer), alarms_matching(viewer, AlarmFilter()))


def alarm_list(viewer: Viewer) -> Listing:
    limits = [Option(str(one.value), one.label) for one in Limit]
    return Listing(
        name="alarms",
        title=_("报警记录"),
        columns=_columns(),
        filters=(
            Text(_("监测点、位号或场所"), _SEARCHED),
            Choice("level", _("等级"), listing.levels(), "level", inline=True),
            Choice("state", _("状态"), [Option(one.value, one.label) for one in AlarmState], "state"),
            Choice("limit", _("限值"), limits, "limit"),
            where.under(viewer, lambda rows, ids: _under(viewer, rows, ids)),
            Choice("tag", _("监测点"), (), "tag", named=lambda text: _tag_name(viewer, text)),
            Dates("raised", _("发生时间"), "raised", exact=True),
        ),
        sort="-raised",
        empty=Empty(_("没有报警"), _("越限或数据中断时，这里立刻出现。"), reverse("web:duty"), _("到值班台")),
        prepare=lambda rows: _told(viewer, rows),
    )  # fmt: skip


def _columns() -> tuple[Column, ...]:
    return (
        Column("what", _("报警"), alarm_title, html=_link, width=44),
        Column("level", _("等级"), lambda row: cells.level_word(row.level), html=lambda row: cells.level(row.level),
               sort="level", width=12),
        Column("place", _("位置"), lambda row: " › ".join(one.name for one in row.place),
               html=lambda row: cells.way(from_plant(row.place)), width=36),
        Column("raised", _("发生"), lambda row: row.raised, sort="raised", width=20),
        Column("cleared", _("恢复"), lambda row: row.cleared, sort="cleared", width=20),
        Column("lasted", _("历时"), _lasted, width=14),
        Column("state", _("状态"), lambda row: state_name(row.state), sort="state"),
        Column("by", _("确认人"), lambda row: row.acknowledged_by, sort="acknowledged_by__name"),
        Column("acknowledged", _("确认时间"), lambda row: row.acknowledged_at, sort="acknowledged", shown=False,
               width=20),
        Column("tag", _("监测点"), lambda row: row.tag_name, html=_tag, sort="tag__name", shown=False, width=24),
        Column("value", _("发生时读数"), lambda row: row.value, number=True, shown=False),
        Column("limit", _("限值"), lambda row: row.limit_value, number=True, shown=False),
        Column("unit", _("单位"), lambda row: row.unit, shown=False, width=10),
        Column("source", _("来源"), lambda row: row.source_name, shown=False, width=24),
        Column("historic", _("补传"), lambda row: row.historic, shown=False, width=10),
    )  # fmt: skip


def _link(row: AlarmRow) -> SafeString:
    return cells.link(alarm_title(row), addresses.of("web:alarm", row.alarm_id))


def _tag(row: AlarmRow) -> SafeString:
    return cells.link(row.tag_name, addresses.of("web:tag", row.tag_id))


def _lasted(row: AlarmRow) -> str:
    return words.span((row.cleared - row.raised).total_seconds()) if row.cleared else _("仍在报警")


def _under(viewer: Viewer, rows: listing.Rows, ids: Sequence[str]) -> listing.Rows:
    top = where.place_of(viewer, ids[0])
    if top is None:
        return Alarm.objects.none()
    return rows.filter(inside(top.path, top.kind, "tag__place__"))  # type: ignore[union-attr]


def _tag_name(viewer: Viewer, text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return ""
    return monitoring.tag(viewer, int(text)).name if monitoring.permitted_tags(viewer, [int(text)]) else ""


def _told(viewer: Viewer, rows: Sequence[Alarm]) -> list[AlarmRow]:
    """The rows as lists tell them, in the order in which they came."""
    told = {row.alarm_id: row for row in monitoring.alarms_by_id(viewer, [alarm.pk for alarm in rows])}
    return [told[alarm.pk] for alarm in rows if alarm.pk in told]
