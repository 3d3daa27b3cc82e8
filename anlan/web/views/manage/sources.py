"""数据来源: gateways with their keys, whether they are heard, and what was refused of what they sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.monitoring import actions, gateways
from anlan.apps.monitoring.choices import SourceKind
from anlan.apps.monitoring.models import Source
from anlan.kit import listing
from anlan.kit.errors import NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.web.views.manage.choosing import with_paths
from anlan.web.views.manage.frame import context, done, managed, number, refused, shown, words
from anlan.web.views.parts import list_page

SOURCE = "web:manage_source"
FIELDS = (("source.bad_code", "code"), ("source.code_taken", "code"), ("monitoring.bad_name", "name"))


class SourceForm(forms.Form):
    """A gateway to be."""

    place = forms.CharField(label=gettext_lazy("所属场所"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    code = forms.CharField(label=gettext_lazy("代码"), max_length=48)
    kind = forms.ChoiceField(label=gettext_lazy("接入方式"), choices=SourceKind.choices)

    def refuse(self, failure: Refused) -> None:
        code = failure.refusal.code
        self.add_error(next((field for start, field in FIELDS if code.startswith(start)), None), words(failure))


@dataclass(frozen=True)
class Line:
    """A gateway in the list, with what was heard of it."""

    source: Source
    heard: datetime | None
    counts: Mapping[str, int]

    @property
    def accepted(self) -> int:
        return self.counts.get("taken", 0) + self.counts.get("late", 0)

    @property
    def refused(self) -> int:
        return sum(n for reason, n in self.counts.items() if reason not in gateways.KEPT)

    @property
    def state(self) -> str:
        """In a word, as a manager asks: does it send?"""
        if not self.source.enabled:
            return _("已停用")
        if self.source.lost_since:
            return _("失联")
        return _("在发送") if self.heard else _("还没有收到过")


@managed("manage_sources")
def sources_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    more = {name: value for name, value in context(request, viewer).items() if name != "layout"}
    rows = gateways.sources(viewer)
    return list_page(
        request, viewer, _listing(), rows, "web/manage/list.html", **more, add_source=True, layout="web/base.html"
    )


def _lines(rows: Sequence[Source]) -> Sequence[Line]:
    heard, counts = gateways.last_heard([row.pk for row in rows]), gateways.counts()
    return [Line(row, heard.get(row.pk), counts.get(row.pk, {})) for row in rows]


def _listing() -> listing.Listing:
    state = (listing.Option("1", gettext_lazy("在用")), listing.Option("0", gettext_lazy("已停用")))
    return listing.Listing(
        name="manage-sources",
        title=gettext_lazy("数据来源"),
        columns=(
            listing.Column("name", gettext_lazy("名称"), lambda one: one.source.name, _link, sort="name"),
            listing.Column("code", gettext_lazy("代码"), lambda one: one.source.code, sort="code"),
            listing.Column("kind", gettext_lazy("接入方式"), lambda one: one.source.get_kind_display()),
            listing.Column("place", gettext_lazy("所属场所"), lambda one: one.source.place.name, sort="place__path"),
            listing.Column("state", gettext_lazy("状态"), lambda one: one.state),
            listing.Column("heard", gettext_lazy("最近收到"), lambda one: one.heard),
            listing.Column(
                "tags", gettext_lazy("监测点"), lambda one: one.source.tag_count, number=True, sort="tag_count"
            ),
            listing.Column("accepted", gettext_lazy("已接收"), lambda one: one.accepted, number=True),
            listing.Column("refused", gettext_lazy("未采用"), lambda one: one.refused, number=True),
            listing.Column(
                "created", gettext_lazy("登记"), lambda one: one.source.created, sort="created", shown=False
            ),
        ),
        filters=(
            listing.Text(
                gettext_lazy("名称、代码或场所"), ("name__icontains", "code__icontains", "place__name__icontains")
            ),
            listing.Choice(
                "kind", gettext_lazy("接入方式"), [listing.Option(v, label) for v, label in SourceKind.choices], "kind"
            ),
            listing.Choice(
                "state",
                gettext_lazy("使用"),
                state,
                apply=lambda rows, asked: rows.filter(enabled=asked[0] == "1"),
                many=False,
                inline=True,
            ),
        ),
        sort="name",
        empty=listing.Empty(
            gettext_lazy("还没有数据来源"), gettext_lazy("先登记一个网关，拿到它的密钥，再让它发送数据。")
        ),
        prepare=_lines,
    )


def _link(one: Line) -> str:
    return format_html('<a href="{}">{}</a>', reverse(SOURCE, args=[one.source.pk]), one.source.name)


@managed("manage_sources")
def new_source(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            place = core.place(viewer, number(given["place"]) or 0)
            source, key = actions.add_source(viewer, place.pk, given["code"], given["name"], given["kind"])
        except NotAllowed:
            raise
        except Refused as failure:
            form.refuse(failure)
        else:
            return _source(request, viewer, source.pk, key)
    place_id = number(form.data.get("place") or request.GET.get("place"))
    chosen = core.places(viewer).filter(pk=place_id).first() if place_id is not None else None
    path = with_paths(viewer, [chosen])[0][1] if chosen else []
    response = shown(request, viewer, "source_new", form=form, chosen=chosen, path=path)
    response.status_code = 422 if form.is_bound else 200
    return response


@managed("manage_sources")
def source_page(request: HttpRequest, viewer: Viewer, source_id: int) -> HttpResponseBase:
    return _source(request, viewer, source_id)


def _source(request: HttpRequest, viewer: Viewer, source_id: int, key: str = "") -> HttpResponseBase:
    """The page of a gateway; ``key``: the new one, shown this once."""
    source = gateways.source(viewer, source_id)
    line = _lines([source])[0]
    reasons = gateways.reasons(line.counts)
    more: dict[str, Any] = {
        "source": source,
        "line": line,
        "above": core.ancestors(viewer, source.place),
        "reasons": reasons,
        "key": key,
        "intake": request.build_absolute_uri("/intake"),
        "sample": gateways.a_code(source),
        "changes": gateways.changes(viewer, source),
    }
    return shown(request, viewer, "source", **more)


@require_POST
@managed("manage_sources")
def renew(request: HttpRequest, viewer: Viewer, source_id: int) -> HttpResponseBase:
    return _source(request, viewer, source_id, actions.renew_key(viewer, source_id))


@require_POST
@managed("manage_sources")
def switch(request: HttpRequest, viewer: Viewer, source_id: int) -> HttpResponseBase:
    enabled = request.POST.get("enabled") == "1"
    try:
        actions.switch_source(viewer, source_id, enabled=enabled)
    except Refused as failure:
        return refused(request, failure, SOURCE, source_id)
    text = _("已恢复使用，引擎在一秒内接收它的数据。") if enabled else _("已停用，它的数据从现在起不再接收。")
    return done(request, text, SOURCE, source_id)
