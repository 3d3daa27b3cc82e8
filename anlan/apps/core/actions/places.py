"""Adding, changing and moving places, and what zones count."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack
from uuid import uuid4

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Substr

from anlan.apps.core import selectors
from anlan.apps.core.actions.record import audit, emit
from anlan.apps.core.models import Place, ZoneMembership
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, Refused, check
from anlan.kit.grants import Viewer
from anlan.kit.locks import lock_tree
from anlan.rules import codes, geometry, paths
from anlan.rules import places as rules
from anlan.rules.refusal import Refusal


class Details(TypedDict, total=False):
    """What a place may have besides its kind and name.

    ``geometry`` is GeoJSON, longitude and latitude [degree]; ``asset`` names the line that a segment is a piece of.
    """

    code: str
    sector: str
    geometry: Mapping[str, Any] | None
    asset: str


def add_place(viewer: Viewer, parent: Place | None, kind: str, name: str, **details: Unpack[Details]) -> Place:
    """Add a place under ``parent`` (None = at the top of the tree)."""
    with transaction.atomic():
        lock_tree(whole=False)
        if parent is not None:
            parent = selectors.place(viewer, parent.pk)
        place = draft(parent, kind, name, details)
        _require(viewer, parent.path if parent else "", place.sector)
        place.save(force_insert=True)
        place.path = (parent.path if parent else "") + paths.step(place.pk)
        place.save(update_fields=["path"])
        _record(viewer, "place.add", place, added(place))
    return place


def draft(parent: Place | None, kind: str, name: str, details: Details) -> Place:
    """A place as its row will be, before it has an id and a path; refused if it breaks a rule."""
    sector = rules.inherited_sector(kind, details.get("sector", ""), *_parent_sector(parent))
    place = Place(parent=parent, kind=kind, name=name, sector=sector, path=_no_path())
    place.code = _tidy_code(details.get("code", ""))
    place.asset = details.get("asset", "")
    check(_fits(place, parent) or rules.asset_is_good(kind, place.asset))
    _draw(place, details.get("geometry"))
    return place


def rename_place(viewer: Viewer, place_id: int, name: str) -> Place:
    """Give a place another name."""
    return edit_place(viewer, place_id, name=name)


class Changes(Details, total=False):
    name: str


def edit_place(viewer: Viewer, place_id: int, **changes: Unpack[Changes]) -> Place:
    """Change some of a place. A sector reaches down to everything that inherits it."""
    with transaction.atomic():
        lock_tree(whole="sector" in changes)
        place = selectors.place(viewer, place_id, "place.edit")
        before = {field: getattr(place, field) for field in changes if field != "geometry"}
        place.name = changes.get("name", place.name)
        place.code = _tidy_code(changes.get("code", place.code))
        place.asset = changes.get("asset", place.asset)
        check(_fits(place, place.parent) or rules.asset_is_good(place.kind, place.asset))
        if "geometry" in changes:
            _draw(place, changes["geometry"])
        if "sector" in changes:
            _change_sector(viewer, place, changes["sector"])
        place.save()
        _record(viewer, "place.edit", place, {"before": before, "changed": sorted(changes)})
    return place


def retire_place(viewer: Viewer, place_id: int) -> int:
    """Take a place and all below it out of use; returns how many were in use. Their records stay."""
    with transaction.atomic():
        lock_tree(whole=True)
        place = selectors.place(viewer, place_id, "place.edit")
        retired = selectors.subtree(place.path).filter(retired=None).update(retired=clock.now())
        _record(viewer, "place.retire", place, {"places": retired})
    return retired


def move_place(viewer: Viewer, place_id: int, parent_id: int) -> Place:
    """Move a place with all below it under another parent."""
    with transaction.atomic():
        lock_tree(whole=True)
        place = selectors.place(viewer, place_id, "place.edit")
        parent = selectors.place(viewer, parent_id, "place.edit")
        check(rules.may_move(_spot(place), _spot(parent), selectors.counting(parent)))
        check(codes.check(place.kind, place.code, parent.code, parent.kind))
        sector = rules.inherited_sector(place.kind, place.sector, parent.kind, parent.sector)
        _require(viewer, parent.path, sector)
        before, after = place.path, parent.path + paths.step(place.pk)
        check(_deepest_fits(place, parent))
        rewrite_paths(before, after)
        if sector != place.sector:
            _spread_sector(after, sector)
        Place.objects.filter(pk=place.pk).update(parent=parent)
        place.refresh_from_db()
        _record(viewer, "place.move", place, {"from": before, "to": after})
    return place


def join_zone(viewer: Viewer, place_id: int, zone_id: int) -> ZoneMembership:
    """Have a zone count a place and all below it. It gives no rights."""
    with transaction.atomic():
        lock_tree(whole=True)
        place, zone = selectors.place(viewer, place_id), selectors.place(viewer, zone_id, "place.edit")
        check(rules.may_join(_spot(place), _spot(zone), selectors.counting(zone)))
        membership, created = ZoneMembership.objects.get_or_create(place=place, zone=zone)
        if created:
            _record(viewer, "zone.join", zone, {"place": place.pk})
    return membership


def leave_zone(viewer: Viewer, place_id: int, zone_id: int) -> None:
    """Have a zone no longer count a place."""
    with transaction.atomic():
        lock_tree(whole=True)
        place, zone = selectors.place(viewer, place_id), selectors.place(viewer, zone_id, "place.edit")
        gone, _ = ZoneMembership.objects.filter(place=place, zone=zone).delete()
        if not gone:
            raise Refused(Refusal("zone.not_a_member", "该场所不在此区域的统计之内。", "请刷新后再看。"))
        _record(viewer, "zone.leave", zone, {"place": place.pk})


def added(place: Place) -> dict[str, str]:
    """What the audit row of a new place tells."""
    return {"kind": place.kind, "name": place.name, "code": place.code}


def _require(viewer: Viewer, path: str, sector: str) -> None:
    if not viewer.may("place.edit", path, sector):
        raise NotAllowed("place.edit")


def _fits(place: Place, parent: Place | None) -> Refusal | None:
    """The first rule that a new or changed place breaks."""
    under = parent.kind if parent else None
    is_new = place.path == "" or place.path.startswith("~")
    if parent is not None and parent.retired and is_new:
        return rules.retired("place.parent_retired")
    return (
        rules.name_is_good(place.name)
        or rules.may_lie(place.kind, under)
        or rules.may_go_deeper(parent.path if parent else "")
        or codes.check(place.kind, place.code, parent.code if parent else "", under or "")
    )


def _deepest_fits(place: Place, parent: Place) -> Refusal | None:
    deepest = max(len(path) for path in selectors.subtree(place.path).values_list("path", flat=True))
    return rules.may_go_deeper(parent.path + "0" * (deepest - len(place.path)))


def _draw(place: Place, shape: Mapping[str, Any] | None) -> None:
    place.geometry = dict(shape) if shape is not None else None
    place.west = place.south = place.east = place.north = None
    if place.geometry is not None:
        check(geometry.check(place.geometry))
        place.west, place.south, place.east, place.north = geometry.box(place.geometry)


def _change_sector(viewer: Viewer, place: Place, sector: str) -> None:
    wanted = rules.inherited_sector(place.kind, sector, *_parent_sector(place.parent))
    if wanted != sector:
        raise Refused(
            Refusal(
                "place.sector_inherited",
                "行业由所属企业决定，为“{sector}”。",
                "请在企业上更改行业。",
                {"sector": wanted},
            )
        )
    _require(viewer, place.path, sector)
    place.sector = sector
    if rules.hands_sector_down(place.kind):
        _spread_sector(place.path, sector)


def _spread_sector(path: str, sector: str) -> None:
    selectors.subtree(path).update(sector=sector)


def rewrite_paths(before: str, after: str) -> None:
    """Put ``after`` in front of a whole subtree in one statement."""
    rest = Substr(F("path"), len(before) + 1)
    selectors.subtree(before).update(path=Concat(Value(after), rest, output_field=CharField()))


def _parent_sector(parent: Place | None) -> tuple[str | None, str]:
    return (parent.kind, parent.sector) if parent else (None, "")


def _spot(place: Place) -> rules.Spot:
    return rules.Spot(place.pk, place.kind, place.path, place.retired is not None)


def _tidy_code(code: str) -> str:
    return code.strip().upper()


def _no_path() -> str:
    """A path that no subtree holds, until the row has its id."""
    return f"~{uuid4().hex}"


def _record(viewer: Viewer, action: str, place: Place, detail: Mapping[str, Any]) -> None:
    audit(viewer.person_id, action, place, f"place:{place.pk}", detail)
    emit("places", place.pk, {"place": place.pk, "action": action})
