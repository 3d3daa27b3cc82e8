"""Merging one place into another, and taking a closed place into use again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import ForeignObjectRel, Q, QuerySet

from anlan.apps.core import selectors
from anlan.apps.core.actions.people import may_give
from anlan.apps.core.actions.places import join_zone, rewrite_paths
from anlan.apps.core.actions.record import audit, emit
from anlan.apps.core.models import ApiToken, Grant, Place, StoredFile, ZoneMembership
from anlan.kit import clock, merging
from anlan.kit.errors import Refused, check
from anlan.kit.grants import Viewer
from anlan.kit.locks import lock_tree
from anlan.rules import codes, paths
from anlan.rules import places as rules
from anlan.rules.merging import Candidate, may_merge, nobody_speaks_for
from anlan.rules.refusal import Refusal

#: Tables that core itself sees to; the last two keep telling of the place that goes.
OWN = {"core.StoredFile", "core.ApiToken", "core.Grant", "core.ZoneMembership", "core.Place"}
OWN |= {"core.AuditRow", "core.Outbox"}


@dataclass(frozen=True)
class Merge:
    """Two places before they become one: what stands in the way, and how many rows of each kind go over."""

    gone: Place
    kept: Place
    refusals: tuple[Refusal, ...]
    counts: tuple[tuple[str, int], ...]
    grants: tuple[Grant, ...]  # they will hold at the place that stays
    namesakes: tuple[str, ...]  # children of one name in both


def look_before_merging(viewer: Viewer, gone_id: int, kept_id: int) -> Merge:
    """What :func:`merge_places` would do; changes nothing."""
    gone = selectors.place(viewer, gone_id, "place.edit")
    kept = selectors.place(viewer, kept_id, "place.edit")
    grants = tuple(_grants_to_move(gone))
    refusals = tuple(_refusals(viewer, gone, kept, grants))
    return Merge(gone, kept, refusals, tuple(_counts(gone)), grants, tuple(_namesakes(gone, kept)))


def merge_places(viewer: Viewer, gone_id: int, kept_id: int) -> Place:
    """Put everything of one place into another and take the first out of use. It cannot be undone.

    Children, files, grants in force, zones and whatever the apps registered go over; what tells of the past (audit
    rows, ended facts and grants) stays with the place that goes.
    """
    with transaction.atomic():
        lock_tree(whole=True)
        plan = look_before_merging(viewer, gone_id, kept_id)
        if plan.refusals:
            raise Refused(plan.refusals[0])
        _move_children(plan.gone, plan.kept)
        _move_zones(viewer, plan.gone, plan.kept)
        _move_grants(viewer, plan.grants, plan.kept)
        StoredFile.objects.filter(place=plan.gone).update(place=plan.kept)
        ApiToken.objects.filter(place=plan.gone).update(place=plan.kept)
        for share in merging.shares():
            share.take_over(viewer.person_id, plan.gone.pk, plan.kept.pk)
        Place.objects.filter(pk=plan.gone.pk).update(retired=clock.now())
        moved = {"into": plan.kept.pk, "moved": dict(plan.counts)}
        audit(viewer.person_id, "place.merge", plan.gone, f"place:{plan.gone.pk}", moved)
        audit(viewer.person_id, "place.take_over", plan.kept, f"place:{plan.kept.pk}", {"from": plan.gone.pk})
        for place in (plan.gone, plan.kept):
            emit("places", place.pk, {"place": place.pk, "action": "place.merge"})
    plan.kept.refresh_from_db()
    return plan.kept


def reopen_place(viewer: Viewer, place_id: int) -> int:
    """Take a closed place into use again, with what was closed together with it; returns how many places."""
    with transaction.atomic():
        lock_tree(whole=True)
        place = selectors.place(viewer, place_id, "place.edit")
        if place.retired is None:
            raise Refused(Refusal("place.in_use", "“{place}”在用，无需恢复。", "请刷新后再看。", {"place": place.name}))
        if place.parent is not None and place.parent.retired:
            check(rules.retired("place.parent_retired"))
        reopened = selectors.subtree(place.path).filter(retired=place.retired).update(retired=None)
        audit(viewer.person_id, "place.reopen", place, f"place:{place.pk}", {"places": reopened})
        emit("places", place.pk, {"place": place.pk, "action": "place.reopen"})
    return reopened


def _refusals(viewer: Viewer, gone: Place, kept: Place, grants: Sequence[Grant]) -> Iterator[Refusal]:
    yield from may_merge(_candidate(gone), _candidate(kept))
    yield from _children_that_do_not_fit(gone, kept)
    yield from _zones_that_do_not_fit(gone, kept)
    yield from _grants_beyond(viewer, grants, gone, kept)
    strange = [f"{table}（{number}）" for table, number in _rows_nobody_speaks_for(gone)]
    if strange:
        yield nobody_speaks_for(strange)


def _candidate(place: Place) -> Candidate:
    return Candidate(place.pk, place.kind, place.path, place.code, place.sector, place.retired is not None)


def _children_that_do_not_fit(gone: Place, kept: Place) -> Iterator[Refusal]:
    """Codes of divisions that would not lie under the other's code, and places that would lie too deep."""
    for child in gone.children.filter(retired=None).order_by("path"):
        if refusal := codes.check(child.kind, child.code, kept.code, kept.kind):
            yield refusal
    deepest = max((len(path) for path in selectors.subtree(gone.path).values_list("path", flat=True)), default=0)
    if refusal := rules.may_go_deeper(kept.path + "0" * (deepest - len(gone.path) - paths.STEP)):
        yield refusal


def _zones_that_do_not_fit(gone: Place, kept: Place) -> Iterator[Refusal]:
    for member, zone in _memberships_to_move(gone, kept):
        if refusal := rules.may_join(_spot(member), _spot(zone), selectors.counting(zone)):
            yield refusal


def _grants_beyond(viewer: Viewer, grants: Sequence[Grant], gone: Place, kept: Place) -> Iterator[Refusal]:
    """Whoever holds a grant there will hold it here too: nobody gives more than they hold by merging."""
    for grant in grants:
        try:
            may_give(viewer, grant.role, gone, grant.sectors, grant.until)
            may_give(viewer, grant.role, kept, grant.sectors, grant.until)
        except Refused as refused:
            yield refused.refusal
            return


def _move_children(gone: Place, kept: Place) -> None:
    for child in gone.children.order_by("pk"):
        rewrite_paths(child.path, kept.path + paths.step(child.pk))
    gone.children.update(parent=kept)


def _move_zones(viewer: Viewer, gone: Place, kept: Place) -> None:
    wanted = list(_memberships_to_move(gone, kept))
    ZoneMembership.objects.filter(Q(place=gone) | Q(zone=gone)).delete()
    for member, zone in wanted:
        join_zone(viewer, member.pk, zone.pk)


def _memberships_to_move(gone: Place, kept: Place) -> Iterator[tuple[Place, Place]]:
    """(member, zone) pairs as they will be, without those that are so already or lie below their zone anyway."""
    rows = ZoneMembership.objects.filter(Q(place=gone) | Q(zone=gone)).select_related("place", "zone").order_by("pk")
    there = set(ZoneMembership.objects.filter(Q(place=kept) | Q(zone=kept)).values_list("place_id", "zone_id"))
    for row in rows:
        member = kept if row.place_id == gone.pk else row.place
        zone = kept if row.zone_id == gone.pk else row.zone
        below = paths.covers(zone.path, member.path)
        if (member.pk, zone.pk) not in there and member.pk != zone.pk and not below and not member.retired:
            yield member, zone


def _grants_to_move(gone: Place) -> QuerySet[Grant]:
    now = clock.now()
    live = Grant.objects.filter(Q(until=None) | Q(until__gt=now), place=gone)
    return live.select_related("person", "place").order_by("pk")


def _move_grants(viewer: Viewer, grants: Sequence[Grant], kept: Place) -> None:
    """The old grant ends and the same one begins at the other place, unless the person has it there already."""
    now = clock.now()
    for grant in grants:
        terms = {"role": grant.role, "sectors": grant.sectors, "until": grant.until}
        if not Grant.objects.filter(place=kept, person_id=grant.person_id, **terms).exists():
            fresh = Grant.objects.create(
                person_id=grant.person_id, place=kept, since=now, given_by_id=viewer.person_id, **terms
            )
            told = {"role": fresh.role, "person": fresh.person_id, "sectors": fresh.sectors}
            audit(viewer.person_id, "grant.give", kept, f"grant:{fresh.pk}", told)
        Grant.objects.filter(pk=grant.pk).update(until=now)
        emit("grants", kept.pk, {"person": grant.person_id})


def _namesakes(gone: Place, kept: Place) -> list[str]:
    theirs = set(kept.children.filter(retired=None).values_list("name", flat=True))
    return sorted(theirs & set(gone.children.filter(retired=None).values_list("name", flat=True)))


def _counts(gone: Place) -> Iterator[tuple[str, int]]:
    """What goes over, in words, as far as there is any."""
    below = selectors.subtree(gone.path).filter(retired=None).exclude(pk=gone.pk).count()
    found = [("下属场所", below), ("文件", gone.files.count()), ("有效授权", _grants_to_move(gone).count())]
    found += [line for share in merging.shares() for line in share.count(gone.pk)]
    yield from ((title, number) for title, number in found if number)


def _rows_nobody_speaks_for(gone: Place) -> list[tuple[str, int]]:
    known = OWN.union(*(share.tables for share in merging.shares()))
    return [(table, number) for table, number in _references(gone) if table not in known]


def _references(place: Place) -> Iterator[tuple[str, int]]:
    """Every table with rows that point at the place itself, and how many."""
    for relation in Place._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        model, field = relation.related_model, relation.field
        if isinstance(model, str) or model._meta.auto_created:
            continue
        number = model._base_manager.filter(**{field.name: place}).count()
        if number:
            yield model._meta.label, number


def _spot(place: Place) -> rules.Spot:
    return rules.Spot(place.pk, place.kind, place.path, place.retired is not None)
