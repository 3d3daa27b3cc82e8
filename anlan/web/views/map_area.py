"""What is inside: statistics beside the map, and the places that fit as a list that can be sorted and taken along."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from anlan.apps.core.choices import PlaceKind
from anlan.kit import clock, marks
from anlan.kit.grants import Viewer
from anlan.kit.listing import Column, Empty, Listing, Text
from anlan.packs.families import levels, public_objects
from anlan.rules.levels import Level
from anlan.web.atlas import inside
from anlan.web.atlas.inside import Hit
from anlan.web.atlas.look import Look
from anlan.web.atlas.question import Question
from anlan.web.views.map import seen_by
from anlan.web.views.parts import layout, list_page, page

FIRST = 40  # hits listed beside the map
KIND_NAMES = dict(PlaceKind.choices)


@page
def inside_part(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The statistics of the question in the address, and its first hits."""
    look = seen_by(request, viewer)
    found = inside.hits(look)
    context = {
        "statistics": inside.statistics(look),
        "hits": found[:FIRST],
        "total": len(found),
        "kinds": KIND_NAMES,
        "where": where(look),
        "query": request.GET.urlencode(),
        **layout(request),
    }
    return render(request, "web/map/inside.html", context)


@page
def hits_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """All hits as a list of their own: sorted, searched, taken along as Excel, CSV or GeoJSON."""
    look = seen_by(request, viewer)
    near = look.question.near is not None
    context = {"where": where(look), "back": f"{reverse('web:map')}?{_question(request)}"}
    return list_page(request, viewer, _listing(near=near), inside.hits(look), "web/map/hits.html", **context)


def _question(request: HttpRequest) -> str:
    """The map's part of the address, without what the list keeps in it."""
    query = request.GET.copy()
    for key in ("q", "sort", "col", "page", "format"):
        query.pop(key, None)
    return query.urlencode()


def _listing(*, near: bool) -> Listing:
    distance = [Column("metres", gettext_lazy("距离"), lambda hit: hit.metres, sort="metres", number=True, unit="m")]
    columns = [
        Column("name", gettext_lazy("名称"), lambda hit: hit.name, html=_name, sort="name", width=36),
        Column("level", gettext_lazy("等级"), _level_word, html=lambda hit: _badge(hit.level), sort="level"),
        Column("kind", gettext_lazy("类型"), lambda hit: str(KIND_NAMES[hit.kind]), sort="kind"),
        Column("sector", gettext_lazy("行业"), lambda hit: hit.sector, sort="sector"),
        *(distance if near else []),
        Column("path", gettext_lazy("位置"), lambda hit: hit.path, sort="path", width=48),
        Column("code", gettext_lazy("编码"), lambda hit: hit.code, sort="code", width=22),
        Column("x", gettext_lazy("经度"), lambda hit: hit.spot and hit.spot[0], shown=False, number=True),
        Column("y", gettext_lazy("纬度"), lambda hit: hit.spot and hit.spot[1], shown=False, number=True),
    ]
    empty = Empty(gettext_lazy("范围里没有符合的"), gettext_lazy("放大范围，或去掉行业、等级等条件再看。"))
    search = Text(gettext_lazy("名称、位置或编码"), apply=_saying)
    return Listing("map_hits", gettext_lazy("图上圈选"), columns, [search], empty=empty, geometry=_geometry)


def _saying(rows: inside.Hits, text: str) -> inside.Hits:
    return rows.saying(text.lower().split())


def _name(hit: Hit) -> str:
    return format_html('<a href="{}">{}</a>', reverse("web:place", args=[hit.id]), hit.name)


def _level_word(hit: Hit) -> str:
    return gettext(levels.load(clock.today()).word("risk", Level(hit.level)).text)


def _badge(level: int) -> str:
    return marks.level(level, size="sm")


def _geometry(hit: Hit) -> Mapping[str, Any] | None:
    return {"type": "Point", "coordinates": list(hit.spot)} if hit.spot else None


def where(look: Look) -> str:
    """The stretch of ground in words."""
    question = look.question
    return " · ".join(
        part for part in (_near_words(look, question), gettext("多边形内") if question.ring else "") if part
    )


def _near_words(look: Look, question: Question) -> str:
    near = question.near
    if near is None:
        return ""
    metres = f"{near.metres / 1000:g} km" if near.metres >= 1000 else f"{near.metres:g} m"
    return gettext("{what} {metres} 以内").format(what=_anchor_words(look, question), metres=metres)


def _anchor_words(look: Look, question: Question) -> str:
    near = question.near
    assert near is not None
    if near.place is not None:
        return look.atlas.names[look.atlas.row(near.place)]
    if near.sort:
        known = {sort.code: gettext(sort.name) for sort in public_objects.load(clock.today()).sorts}
        return gettext("任一{what}").format(what=known.get(near.sort, near.sort))
    return "{:.4f}, {:.4f}".format(*(near.spot or (0.0, 0.0)))
