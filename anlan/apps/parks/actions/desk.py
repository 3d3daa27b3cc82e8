"""What the manager of a park keeps: its profile, shared facilities, joint-control groups, its own list."""

from django.db import transaction

from anlan.apps.core.models import Place
from anlan.apps.parks.actions.common import end, held, in_force, inside, park, put, record, told
from anlan.apps.parks.models import JointGroup, ListedEntry, ParkProfile, SharedFacility
from anlan.apps.parks.specs import FacilitySpec, GroupSpec, ListedSpec, ProfileSpec
from anlan.kit import clock
from anlan.kit.grants import Viewer


def edit_profile(viewer: Viewer, park_id: int, spec: ProfileSpec) -> ParkProfile:
    """What the park is for, and who manages it."""
    columns = spec.columns()
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        row, _ = ParkProfile.objects.get_or_create(place=place)
        changed = put(row, columns)
        if changed:
            row.changed = clock.now()
            row.save()
            record(viewer, "park.edit", row, {"changed": changed})
    return row


def add_facility(viewer: Viewer, park_id: int, spec: FacilitySpec) -> SharedFacility:
    columns = spec.columns()
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        row = SharedFacility.objects.create(place=place, **columns)
        record(viewer, "facility.add", row, told(columns))
    return row


def edit_facility(viewer: Viewer, facility_id: int, spec: FacilitySpec) -> SharedFacility:
    columns = spec.columns()
    with transaction.atomic():
        row: SharedFacility = held(viewer, SharedFacility, facility_id, "park.edit")
        in_force(row)
        changed = put(row, columns)
        row.changed = clock.now()
        row.save()
        record(viewer, "facility.edit", row, {"changed": changed})
    return row


def end_facility(viewer: Viewer, facility_id: int) -> None:
    with transaction.atomic():
        end(viewer, held(viewer, SharedFacility, facility_id, "park.edit"), "facility.end")


def add_group(viewer: Viewer, park_id: int, spec: GroupSpec) -> JointGroup:
    columns = spec.columns()
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        members = _members(viewer, place, spec)
        row = JointGroup.objects.create(place=place, **columns)
        row.members.set(members)
        record(viewer, "group.add", row, {**told(columns, "contact", "phone"), "members": list(spec.member_ids)})
    return row


def edit_group(viewer: Viewer, group_id: int, spec: GroupSpec) -> JointGroup:
    """Change a group; its members are those given, and those that whoever edits it does not see."""
    columns = spec.columns()
    with transaction.atomic():
        row: JointGroup = held(viewer, JointGroup, group_id, "park.edit")
        in_force(row)
        unseen = [one for one in row.members.all() if not viewer.may("place.view", one.path, one.sector)]
        if row.leader_id in {one.pk for one in unseen}:
            columns["leader_id"] = spec.leader_id or row.leader_id
        members = [*_members(viewer, row.place, spec), *unseen]
        before = sorted(row.members.values_list("pk", flat=True))
        changed = put(row, columns)
        row.changed = clock.now()
        row.save()
        row.members.set(members)
        fields = {key: pair for key, pair in changed.items() if key not in ("contact", "phone")}
        record(
            viewer, "group.edit", row, {"changed": fields | {"members": [before, sorted(one.pk for one in members)]}}
        )
    return row


def end_group(viewer: Viewer, group_id: int) -> None:
    with transaction.atomic():
        end(viewer, held(viewer, JointGroup, group_id, "park.edit"), "group.end")


def add_listed(viewer: Viewer, park_id: int, spec: ListedSpec) -> ListedEntry:
    """Put something on the park's own list. Checks that were run before have to be run again."""
    columns = spec.columns()
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        row = ListedEntry.objects.create(place=place, created_by_id=viewer.person_id, **columns)
        record(viewer, "listed.add", row, told(columns))
    return row


def end_listed(viewer: Viewer, entry_id: int) -> None:
    """Take an entry off the list; who did it and when is kept."""
    with transaction.atomic():
        row: ListedEntry = held(viewer, ListedEntry, entry_id, "park.edit")
        end(viewer, row, "listed.end")


def _members(viewer: Viewer, place: Place, spec: GroupSpec) -> list[Place]:
    found = (inside(viewer, place, member) for member in dict.fromkeys(spec.member_ids))
    return [one for one in found if one is not None]
