"""规则包: which rules are in force, where they come from, what will change when, and whether they are whole."""

from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import pack_words
from anlan.packs.model import Header
from anlan.web import packview
from anlan.web.packview import Entry
from anlan.web.views.manage.choosing import sectors
from anlan.web.views.manage.frame import managed, shown

ROWS = 300  # of one table on the page
STATES = {"now": "现行", "coming": "将生效", "past": "已失效"}


@managed("manage_packs")
def packs_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    today = clock.today()
    everything = packview.entries()
    text = request.GET.get("q", "").strip()[:60]
    confidence, family = request.GET.get("confidence", ""), request.GET.get("family", "")
    words = pack_words.load(today)
    found = [one for one in everything if _wanted(one, text, confidence, family)]
    used = _used(viewer)
    groups = [
        (key, words.families.get(key, key), [_line(one, today, words, used) for one in group])
        for key, group in groupby(found, key=lambda one: one.family)
    ]
    return shown(
        request,
        viewer,
        "packs",
        text=text,
        confidence=confidence,
        family=family,
        families=[(key, words.families.get(key, key)) for key in dict.fromkeys(one.family for one in everything)],
        confidences=[(key, words.values[key]) for key in ("verified", "read", "memory", "product")],
        groups=groups,
        count=len(found),
        total=len(everything),
        coming=[_line(one, today, words, used) for one in everything if one.state(today) == "coming"],
        ending=[_line(one, today, words, used) for one in everything if _ends(one, today)],
    )


@managed("manage_packs")
def check(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """What the linter says, as a part that the page asks for when it stands."""
    found = packview.problems()
    return shown(request, viewer, "pack_problems", problems=found, total=len(packview.entries()))


@managed("manage_packs")
def pack_page(request: HttpRequest, viewer: Viewer, pack_id: str) -> HttpResponseBase:
    """One version of a pack (``?from=`` its first day, else the one in force), beside what was before it."""
    versions = packview.versions(pack_id)
    if not versions:
        raise Http404
    today = clock.today()
    asked = _asked(request.GET.get("from", ""), versions) or _current(versions, today)
    words = pack_words.load(today)
    text = request.GET.get("q", "").strip()[:60]
    return shown(
        request,
        viewer,
        "pack",
        text=text,
        entry=_line(asked, today, words, _used(viewer)),
        header=asked.header,
        versions=[_line(one, today, words, {}) for one in versions],
        tables=[_cut(table, text) for table in packview.tables(asked.header)],
        previous=(before := _before(asked.header, versions)),
        differences=packview.difference(before, asked.header) if before else (),
    )


def _line(one: Entry, today: date, words: pack_words.PackWords, used: dict[str, int]) -> dict[str, Any]:
    middle = one.header.id.split("/")
    state = one.state(today)
    kind = words.kinds.get(middle[-1], "") if middle[0] == "sectors" else ""
    return {
        "header": one.header,
        "rows": one.rows,
        "state": state,
        "state_text": _(STATES[state]),
        "confidence": words.values.get(one.header.confidence, one.header.confidence),
        "kind": kind,
        "used": _used_words(middle, used),
    }


def _used_words(parts: list[str], used: dict[str, int]) -> str:
    """Which trade or how many enterprises a pack speaks of, where that can be known."""
    if parts[0] == "sectors":
        name = dict(sectors()).get(parts[1], parts[1])
        return _("{sector}：{n} 家企业").format(sector=name, n=used.get(parts[1], 0))
    if parts[0] == "chemicals":
        return _("后果与定量风险计算")
    return _("全部场所") if parts[0] == "core" else ""


def _used(viewer: Viewer) -> dict[str, int]:
    """Enterprises in use by trade, as far as the viewer sees them."""
    rows = core.places(viewer, kinds=["enterprise"]).order_by().values("sector").annotate(n=Count("pk"))
    return dict(rows.values_list("sector", "n"))


def _wanted(one: Entry, text: str, confidence: str, family: str) -> bool:
    header = one.header
    said = f"{header.id} {header.title} {header.standard} {header.clause}".lower()
    return (
        all(word in said for word in text.lower().split())
        and (not confidence or header.confidence == confidence)
        and (not family or one.family == family)
    )


def _ends(one: Entry, today: date) -> bool:
    """In force, but with a last day."""
    return one.state(today) == "now" and one.header.valid_to is not None


def _asked(text: str, versions: list[Entry]) -> Entry | None:
    return next((one for one in versions if str(one.header.valid_from) == text), None)


def _current(versions: list[Entry], today: date) -> Entry:
    return next((one for one in versions if one.state(today) == "now"), versions[0])


def _before(header: Header, versions: list[Entry]) -> Header | None:
    older = [one.header for one in versions if one.header.valid_from < header.valid_from]
    return max(older, key=lambda one: one.valid_from, default=None)


def _cut(table: packview.Table, text: str) -> dict[str, Any]:
    """As much of a table as a page shows; ``text`` narrows its rows."""
    wanted = text.lower().split()
    rows = [row for row in table.rows if all(word in " ".join(row).lower() for word in wanted)]
    return {"table": table, "rows": rows[:ROWS], "count": len(rows), "more": max(len(rows) - ROWS, 0)}
