"""Moving, merging, closing and reopening a place, and its zones: each says beforehand what it will do."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import actions, sight
from anlan.apps.core import selectors as core
from anlan.apps.core.actions import merging
from anlan.apps.core.models import Place
from anlan.kit import pages
from anlan.kit.errors import BadInput, Refused
from anlan.kit.grants import Viewer
from anlan.rules import codes
from anlan.rules import places as rules
from anlan.rules.refusal import Refusal
from anlan.web.views.manage.frame import done, managed, number, refused, shown

PLACE = "web:manage_place"


@managed("manage_places")
def move(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Choose where to; ``?to=`` shows what that would change; a post does it."""
    place = core.place(viewer, place_id, "place.edit")
    target = number(request.POST.get("to") or request.GET.get("to"))
    parent = core.place(viewer, target, "place.edit") if target is not None else None
    if request.method == "POST":
        if parent is None:
            raise BadInput(_nothing_chosen())
        try:
            actions.move_place(viewer, place.pk, parent.pk)
        except Refused as failure:
            return refused(request, failure, "web:manage_place_move", place.pk)
        text = _("“{name}”已移到“{parent}”之下。").format(name=place.name, parent=parent.name)
        return done(request, text, PLACE, place.pk)
    refusals, plan = _look(viewer, place, parent) if parent else ([], None)
    said = [pages.shape(one)["error"] for one in refusals]
    more = {"above": core.ancestors(viewer, place), "parent": parent, "plan": plan, "refusals": said}
    return shown(request, viewer, "move", place=place, **more)


def _look(viewer: Viewer, place: Place, parent: Place) -> tuple[list[Refusal], sight.Move]:
    """Why it may not go there, and what it would change."""
    spots = [rules.Spot(one.pk, one.kind, one.path, one.retired is not None) for one in (place, parent)]
    found = [
        rules.may_move(spots[0], spots[1], core.counting(parent)),
        codes.check(place.kind, place.code, parent.code, parent.kind),
    ]
    sector = rules.inherited_sector(place.kind, place.sector, parent.kind, parent.sector)
    return [one for one in found if one], sight.look_before_moving(viewer, place, parent, sector)


@managed("manage_places")
def merge(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Choose with which; ``?into=`` shows what goes over and what stands in the way; a post does it."""
    place = core.place(viewer, place_id, "place.edit")
    target = number(request.POST.get("into") or request.GET.get("into"))
    if request.method == "POST":
        if target is None:
            raise BadInput(_nothing_chosen())
        try:
            kept = merging.merge_places(viewer, place.pk, target)
        except Refused as failure:
            return refused(request, failure, "web:manage_place_merge", place.pk)
        text = _("“{name}”已并入“{kept}”。").format(name=place.name, kept=kept.name)
        return done(request, text, PLACE, kept.pk)
    plan = merging.look_before_merging(viewer, place.pk, target) if target is not None else None
    said = [pages.shape(one)["error"] for one in plan.refusals] if plan else []
    grants = [(grant, sight.role_name(grant.role)) for grant in plan.grants] if plan else []
    more = {"above": core.ancestors(viewer, place), "plan": plan, "refusals": said, "grants": grants}
    return shown(request, viewer, "merge", place=place, **more)


@require_POST
@managed("manage_places")
def retire(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    try:
        count = actions.retire_place(viewer, place_id)
    except Refused as failure:
        return refused(request, failure, PLACE, place_id)
    return done(request, _("已停用 {n} 处。需要时可以恢复使用。").format(n=count), PLACE, place_id)


@require_POST
@managed("manage_places")
def reopen(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    try:
        count = merging.reopen_place(viewer, place_id)
    except Refused as failure:
        return refused(request, failure, PLACE, place_id)
    return done(request, _("已恢复使用 {n} 处。").format(n=count), PLACE, place_id)


@require_POST
@managed("manage_places")
def join(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Have a zone count this place; ``zone`` names it. From the zone's own page ``member`` names the place."""
    zone, member = number(request.POST.get("zone")), number(request.POST.get("member"))
    if zone is None and member is None:
        core.place(viewer, place_id, "place.edit")
        raise BadInput(_nothing_chosen())
    try:
        if zone is not None:
            actions.join_zone(viewer, place_id, zone)
        elif member is not None:
            actions.join_zone(viewer, member, place_id)
    except Refused as failure:
        return refused(request, failure, PLACE, place_id)
    return done(request, _("已计入该区域的统计。它不改变谁能看见。"), PLACE, place_id)


@require_POST
@managed("manage_places")
def leave(request: HttpRequest, viewer: Viewer, place_id: int, zone_id: int) -> HttpResponseBase:
    """Have a zone no longer count a place; ``back`` says on whose page the button was."""
    back = zone_id if request.POST.get("back") == "zone" else place_id
    try:
        actions.leave_zone(viewer, place_id, zone_id)
    except Refused as failure:
        return refused(request, failure, PLACE, back)
    return done(request, _("已从该区域的统计中移出。"), PLACE, back)


def _nothing_chosen() -> Refusal:
    return Refusal("place.none_chosen", _("还没有选择场所。"), _("请输入名称或编码，再从列出的场所中选择。"))
