"""A park's study: contours over the map, F-N curve, what is protected, domino; a source dragged, a point asked."""

import time
from math import nan
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.consequences.parks import actions, selectors
from anlan.apps.consequences.parks.holding import Box
from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks.selectors import Target
from anlan.apps.core import selectors as core
from anlan.kit import listing
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.kit.pages import shape
from anlan.rules.figures import power
from anlan.rules.refusal import Refusal
from anlan.web import basemap
from anlan.web.views.consequences import park_words
from anlan.web.views.consequences.scenarios import substance_name
from anlan.web.views.parts import list_page, page, whole_number

SHOWN_TARGETS, SHOWN_PAIRS = 40, 30


@page
def parks_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    under = whole_number(request, "under", 0, range(2**31))
    place = core.place(viewer, under) if under else None
    may_begin = place is not None and viewer.may("scenario.edit", place.path, place.sector)
    context = {"under": place, "may_begin": may_begin}
    return list_page(request, viewer, _listing(), selectors.studies(viewer, place), "web/consequences/park/list.html",
                     **context)  # fmt: skip


def _listing() -> listing.Listing:
    stages = [listing.Option(key, name) for key, name in park_words.STAGES.items()]
    return listing.Listing(
        name="park_studies",
        title=gettext_lazy("定量风险评价"),
        columns=(
            listing.Column("name", gettext_lazy("评价"), lambda one: one.name, _link, sort="name"),
            listing.Column("place", gettext_lazy("场所"), lambda one: one.place.name, sort="place__path"),
            listing.Column("stage", gettext_lazy("基准"), lambda one: str(park_words.STAGES[one.stage]), sort="stage"),
            listing.Column("sources", gettext_lazy("风险源"), lambda one: one.summary.get("sources"), number=True),
            listing.Column("zone", gettext_lazy("社会风险"), _zone),
            listing.Column("pll", gettext_lazy("潜在生命损失，人/年"), _loss, number=True),
            listing.Column("computed", gettext_lazy("计算时间"), lambda one: one.computed, sort="computed"),
        ),
        filters=(
            listing.Text(gettext_lazy("评价、场所"), ("name__icontains", "place__name__icontains")),
            listing.Choice("stage", gettext_lazy("基准"), stages, "stage"),
        ),
        sort="place",
        empty=listing.Empty(
            gettext_lazy("还没有定量风险评价"),
            gettext_lazy("打开一个园区或企业，新建评价，从企业档案里选风险源，就能看到风险等值线。"),
        ),
    )


def _link(one: ParkStudy) -> str:
    return format_html('<a href="{}">{}</a>', reverse("web:park_study", args=[one.pk]), one.name)


def _zone(one: ParkStudy) -> str:
    return str(park_words.ZONES[one.summary.get("zone", "")]) if one.summary else ""


def _loss(one: ParkStudy) -> float | None:
    loss = one.summary.get("pll")
    return float(f"{loss:.3g}") if loss is not None else None


@page
def study_page(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    one = selectors.study(viewer, study_id)
    rows = selectors.sources(viewer, one)
    config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "outline": one.place.geometry,
        "box": [one.place.west, one.place.south, one.place.east, one.place.north],
        "may": _may_edit(viewer, one),
        "urls": {
            "state": reverse("web:park_study_state", args=[one.pk]),
            "part": reverse("web:park_study_result", args=[one.pk]),
            "drag": reverse("web:park_study_drag", args=[one.pk]),
            "point": reverse("web:park_study_point", args=[one.pk]),
            "source": reverse("web:park_source", args=[0]),
            "move": reverse("web:park_source_move", args=[0]),
            "place": reverse("web:place", args=[0]),
        },
    }
    context = {
        "study": one,
        "stage": park_words.STAGES[one.stage],
        "path": [*core.ancestors(viewer, one.place), one.place],
        "may_edit": config["may"],
        "config": config,
        "count": len(rows),
    }
    return render(request, "web/consequences/park/study.html", context | _result(viewer, one, rows))


@page
def result(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    """What was computed, by itself: when a new revision is ready."""
    one = selectors.study(viewer, study_id)
    context = {"study": one, "may_edit": _may_edit(viewer, one), **_result(viewer, one, selectors.sources(viewer, one))}
    return render(request, "web/consequences/park/result.html", context)


@page
def state(request: HttpRequest, viewer: Viewer, study_id: int) -> JsonResponse:
    """How far the newest revision is."""
    found = selectors.state(selectors.study(viewer, study_id))
    refusal = shape(found.refusal)["error"] if found.refusal else None
    return JsonResponse(
        {
            "fresh": found.fresh, "under_way": found.under_way, "failed": found.failed, "share": found.share,
            "revision": found.revision, "refusal": f"{refusal['message']}{refusal['fix']}" if refusal else "",
        }
    )  # fmt: skip


@page
def drag(request: HttpRequest, viewer: Viewer, study_id: int) -> JsonResponse:
    """The contours with ``?source=`` at ``?lon=&lat=``, and which targets would fail; without a place only made ready.

    With ``?view=west,south,east,north&pixel=metres`` they are as fine as that screen shows, without it exact. Nothing
    is stored.
    """
    began = time.perf_counter()
    one = selectors.study(viewer, study_id)
    dragged = selectors.source(viewer, whole_number(request, "source", 0, range(2**31)))
    whole = selectors.held(one)
    location = selectors.location_of(whole, dragged.pk)
    if "lon" not in request.GET:
        whole.lift(location)
        return JsonResponse({"ready": True})
    moved = whole.moved(location, *_spot(request), _box(request))
    after = selectors.targets(viewer, whole.kept.told, moved.risk.tolist())
    failed = {each.number for each in after if selectors.fails(whole.kept.told["targets"][each.number])}
    return JsonResponse(
        {
            "contours": park_words.named(moved.contours),
            "exact": moved.exact,
            "cell": moved.cell,
            "failing": sum(each.fails for each in after),
            "before": len(failed),
            "worse": [_named(each) for each in after if each.fails and each.number not in failed][:5],
            "better": [_named(each) for each in after if not each.fails and each.number in failed][:5],
            "targets": _marks(after) if moved.exact else None,
            "milliseconds": round(1000 * (time.perf_counter() - began), 1),
        }
    )  # fmt: skip


@page
def point(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    """Individual risk at ``?lon=&lat=`` and what contributes most."""
    one = selectors.study(viewer, study_id)
    longitude, latitude = _spot(request)
    risk, shares = selectors.shares(one, longitude, latitude)
    context = {
        "risk": power(risk), "years": park_words.often(risk), "longitude": longitude, "latitude": latitude,
        "shares": [(each, power(each.risk), round(100 * each.share)) for each in shares],
    }  # fmt: skip
    return render(request, "web/consequences/park/point.html", context)


@page
def targets_page(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponseBase:
    """All that is protected, as a list that can be searched and taken along."""
    one = selectors.study(viewer, study_id)
    found = selectors.told(one)
    rows = selectors.targets(viewer, found) if found else []
    path = [*core.ancestors(viewer, one.place), one.place]
    return list_page(request, viewer, _target_listing(), rows, "web/consequences/park/targets.html", study=one,
                     path=path)  # fmt: skip


def _target_listing() -> listing.Listing:
    kinds = [listing.Option(key, name) for key, name in park_words.KINDS.items()]
    return listing.Listing(
        name="park_study_targets",
        title=gettext_lazy("防护目标"),
        columns=(
            listing.Column("name", gettext_lazy("防护目标"), _target_name),
            listing.Column("kind", gettext_lazy("种类"), lambda one: str(park_words.KINDS[one.kind])),
            listing.Column("category", gettext_lazy("GB 36894 类别"), lambda one: one.category),
            listing.Column("persons", gettext_lazy("人数"), lambda one: one.persons or None, number=True),
            listing.Column(
                "risk", gettext_lazy("个人风险，/年"), lambda one: float(f"{one.risk:.3g}"), _risk, number=True
            ),
            listing.Column("limit", gettext_lazy("基准，/年"), lambda one: one.limit, _limit, number=True),
            listing.Column("ratio", gettext_lazy("与基准之比"), lambda one: _three(one.ratio), number=True),
            listing.Column("judged", gettext_lazy("判定"), lambda one: _("超过") if one.fails else _("符合")),
            listing.Column("top", gettext_lazy("主要风险源"), lambda one: one.top),
        ),
        filters=(
            listing.Choice("kind", gettext_lazy("种类"), kinds, apply=_of_kind),
            listing.Choice(
                "judged", gettext_lazy("判定"), [listing.Option("fails", gettext_lazy("超过基准"))], apply=_failing
            ),
        ),
        empty=listing.Empty(
            gettext_lazy("没有防护目标"), gettext_lazy("评价范围里没有您可以查看的学校、医院、企业和居民点。")
        ),
    )


def _three(value: float) -> float:
    return float(f"{value:.3g}")


def _of_kind(rows: Any, values: Any) -> Any:
    return [one for one in rows if one.kind in values]


def _failing(rows: Any, values: Any) -> Any:
    return [one for one in rows if one.fails]


def _target_name(one: Target) -> str:
    if one.place is not None:
        return one.place.name
    return _("约 {n} 人的居民点（{lon}，{lat}）").format(
        n=one.persons, lon=f"{one.position[0]:.4f}", lat=f"{one.position[1]:.4f}"
    )


def _risk(one: Target) -> str:
    return power(one.risk)


def _limit(one: Target) -> str:
    return power(one.limit)


@require_POST
@page
def compute(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    actions.ask_to_compute(viewer, study_id)
    return redirect("web:park_study", study_id)


@require_POST
@page
def end(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    one = actions.end_study(viewer, study_id)
    return redirect(f"{reverse('web:park_studies')}?under={one.place_id}")


def _may_edit(viewer: Viewer, one: ParkStudy) -> bool:
    return one.ended is None and viewer.may("scenario.edit", one.place.path, one.place.sector)


def _spot(request: HttpRequest) -> tuple[float, float]:
    try:
        return float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        fix = "用十进制度数，例如 lon=124.01&lat=36.02。"
        raise BadInput(Refusal("park.position", "看不懂这个位置。", fix)) from None


def _box(request: HttpRequest) -> Box | None:
    """What the screen shows; None where everything is asked for."""
    if "view" not in request.GET:
        return None
    try:
        west, south, east, north = (float(part) for part in request.GET["view"].split(","))
        pixel = float(request.GET.get("pixel", ""))
    except ValueError:
        west = south = east = north = pixel = nan
    if not (-180 <= west < east <= 180 and -80 <= south < north <= 80 and 0 < pixel < 1e6):
        fix = "写成 view=西,南,东,北（十进制度数）和 pixel=每像素米数；不写则按全部网格计算。"
        raise BadInput(Refusal("park.view", "看不懂这个图幅。", fix))
    return Box(west, south, east, north, pixel)


def _result(viewer: Viewer, one: ParkStudy, rows: list[ParkSource]) -> dict[str, Any]:
    """Everything below the head; without a computation what is known of it."""
    found, how_far = selectors.told(one), selectors.state(one)
    common = {"state": how_far, "rows": [_row(each, found) for each in rows], "figures": None}
    if found is None:
        return common | {"drawing": _drawing(rows, None, [])}
    protected = selectors.targets(viewer, found)
    failing, pairs = [each for each in protected if each.fails], _pairs(found)
    return common | {
        "found": found,
        "figures": _figures(found, failing, protected),
        "levels": [(power(each["level"]), each) for each in reversed(selectors.levels(found, protected))],
        "workers": sum(each.persons for each in protected if each.kind == "work"),
        "elsewhere": selectors.elsewhere(found, protected),
        "targets": [
            (each, _target_name(each), power(each.risk), power(each.limit)) for each in protected[:SHOWN_TARGETS]
        ],
        "more_targets": max(len(protected) - SHOWN_TARGETS, 0),
        "pairs": pairs[:SHOWN_PAIRS],
        "pair_count": len(pairs),
        "chains": _chains(found),
        "left_out": found["left_out"],
        "plants": selectors.plants(found, protected),
        "lacking": [(_target_name(one), told) for one, told in selectors.lacking(found, failing)],
        "drawing": _drawing(rows, found, protected),
    }


def _row(one: ParkSource, found: dict[str, Any] | None) -> dict[str, Any]:
    """A source with its share of the potential loss."""
    share = None
    if found:
        shares = [part for each, (_, part) in zip(found["sources"], selectors.losses(found), strict=True)
                  if each["id"] == one.pk]  # fmt: skip
        share = round(100 * shares[0], 1) if shares and shares[0] is not None else None
    return {"source": one, "substance": substance_name(one.substance), "share": share}


def _figures(found: dict[str, Any], failing: list[Target], protected: list[Target]) -> dict[str, Any]:
    societal = found["societal"]
    return {
        "failing": len(failing),
        "protected": len(protected),
        "worst": failing[0] if failing else protected[0] if protected else None,
        "worst_name": _target_name((failing or protected)[0]) if protected else "",
        "zone": park_words.ZONES[societal["zone"]],
        "societal": societal,
        "any": power(societal["any"]),
        "pll": power(societal["pll"]),
        "years": park_words.often(societal["pll"]),
        "added": park_words.percent(societal.get("added", 0.0), societal["pll"]),
        "chart": {key: societal.get(key) for key in ("number", "frequency", "upper", "lower", "end")},
    }


def _pairs(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Who can bring down whom, as the page says it."""
    return [
        pair | {"percent": f"{100 * pair['probability']:.2g}", "frequency": power(pair["often"])}
        for pair in selectors.pairs(found)
    ]


def _chains(found: dict[str, Any]) -> dict[str, Any] | None:
    """Chains with the names of what falls; None where an older computation has none."""
    told = found.get("chains")
    if told is None:
        return None
    names = [one["name"] for one in found["sources"]]
    listed = [
        {**one, "number": number, "name": names[one["source"]], "percent": f"{100 * one['probability']:.2g}",
         "frequency": power(one["frequency"]),
         "generations": [[_short(names[each], names[one["source"]]) for each in step] for step in one["steps"]]}
        for number, one in enumerate(told["listed"])
    ]  # fmt: skip
    fallen = [
        {"name": names[one["source"]], "own": power(one["own"]), "added": power(one["added"]),
         "percent": f"{100 * one['added'] / one['own']:.2g}" if one["own"] else ""}
        for one in told["fallen"][:SHOWN_PAIRS]
    ]  # fmt: skip
    closed = told["closed"]
    return {
        "listed": listed, "count": told["count"], "fallen": fallen, "cut_off": power(told["cut_off"]),
        "closed": closed["count"], "closed_often": power(closed["frequency"]), "in_risk": told.get("in_risk", False),
    }  # fmt: skip


def _short(name: str, first: str) -> str:
    """A source's name without the enterprise's, where the chain began in the same enterprise."""
    firm, _, rest = name.partition(" ")
    return rest if rest and firm == first.partition(" ")[0] else name


def _drawing(rows: list[ParkSource], found: dict[str, Any] | None, protected: list[Target]) -> dict[str, Any]:
    """What the map draws."""
    places = {one["id"]: number for number, one in enumerate(found["sources"])} if found else {}
    spots = {one.pk: [one.longitude, one.latitude] for one in rows}
    ids = [each["id"] for each in found["sources"]] if found else []
    at = [spots.get(each) for each in ids]
    lines = [
        {"from": at[pair["from"]], "to": at[pair["to"]], "percent": pair["percent"]}
        for pair in (_pairs(found) if found else [])
        if at[pair["from"]] and at[pair["to"]]
    ]
    chains = [
        [[at[one["source"]]], *([at[each] for each in generation] for generation in one["steps"])]
        for one in (found or {}).get("chains", {}).get("listed", [])
    ]
    return {
        "contours": park_words.lines(found["contours"]) if found else {"type": "FeatureCollection", "features": []},
        "sources": [
            {"id": one.pk, "name": one.name, "at": spots[one.pk], "computed": one.pk in places} for one in rows
        ],
        "targets": _marks(protected),
        "domino": lines,
        "chains": [chain if all(all(generation) for generation in chain) else [] for chain in chains],
    }


def _marks(protected: list[Target]) -> list[dict[str, Any]]:
    return [
        {"at": list(one.position), "name": one.place.name if one.place else "", "id": one.place.pk if one.place else 0,
         "kind": one.kind, "fails": one.fails}
        for one in protected
    ]  # fmt: skip


def _named(one: Target) -> str:
    return _target_name(one)
