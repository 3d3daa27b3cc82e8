"""通知: what the product told this person, to be narrowed, marked as read and taken along."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import Notice
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Text
from anlan.web.views.parts import list_page, page

#: What a notice is about, by how its key begins; the last takes what no other does.
KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("alarms", gettext_noop("报警与监测"), ("alarm", "source")),
    ("files", gettext_noop("导入与导出"), ("import:", "export:", "report")),
    ("system", gettext_noop("系统"), ("engine", "hook:")),
)
OTHER = "other"


@page
def notices_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    rows = selectors.notices(viewer)
    unread = rows.filter(read=None).count()
    return list_page(request, viewer, notice_list(), rows, "web/notices.html", unread=unread)


@require_POST
@page
def read(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    waiting = selectors.notices(viewer).filter(read=None)
    marked = actions.read_notices(viewer, waiting.values_list("pk", flat=True))
    messages.success(request, _("已将 {n} 条标为已读。").format(n=marked))
    return redirect("web:notices")


def notice_list() -> Listing:
    kinds = [Option(key, _(words)) for key, words, _starts in KINDS]
    states = (Option("1", _("未读")), Option("0", _("已读")))
    return Listing(
        name="notices",
        title=_("通知"),
        columns=(
            Column("text", _("内容"), lambda one: one.text, html=_link, width=60),
            Column("kind", _("类别"), _kind, width=14),
            Column("created", _("时间"), lambda one: one.created, sort="created", width=20),
            Column("read", _("读过"), lambda one: one.read, sort="read", width=20, shown=False),
            Column("state", _("状态"), lambda one: "" if one.read else _("未读"), width=8),
        ),
        filters=(
            Choice("unread", _("状态"), states, apply=lambda rows, asked: rows.filter(read__isnull=asked[0] == "1"),
                   many=False, inline=True),
            Choice("kind", _("类别"), [*kinds, Option(OTHER, _("其他"))], apply=_of_kind, inline=True),
            Text(_("内容"), ("text__icontains",)),
            Dates("created", _("时间"), "created"),
        ),
        sort="-created",
        empty=Empty(_("没有通知"), _("与您有关的报警和任务会在这里通知您。")),
    )  # fmt: skip


def _link(one: Notice) -> SafeString:
    words = format_html("<b>{}</b>", one.text) if one.read is None else format_html("{}", one.text)
    return format_html('<a href="{}">{}</a>', one.link, words) if one.link else words


def _kind(one: Notice) -> str:
    found = (words for _key, words, starts in KINDS if one.key.startswith(starts))
    return _(next(found, gettext_noop("其他")))


def _of_kind(rows: Any, asked: Sequence[str]) -> Any:
    """Those of the kinds that were asked for; what is of no kind is of the last."""
    either = Q(pk__in=[])
    for key, _words, starts in KINDS:
        if key in asked:
            either |= _begins(starts)
    if OTHER in asked:
        either |= ~_begins(tuple(start for _key, _words, starts in KINDS for start in starts))
    return rows.filter(either)


def _begins(starts: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for start in starts:
        found |= Q(key__startswith=start)
    return found
