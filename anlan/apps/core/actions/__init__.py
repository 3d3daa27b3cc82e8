"""The only writer of places, people and grants, and what every other writer appends with."""

from anlan.apps.core.actions.files import store_file
from anlan.apps.core.actions.jobs import enqueue, ensure_job, run_due
from anlan.apps.core.actions.leases import beat, lead, release
from anlan.apps.core.actions.many_people import Newcomer, NewGrant, add_people
from anlan.apps.core.actions.many_places import NewPlace, add_places
from anlan.apps.core.actions.merging import Merge, look_before_merging, merge_places, reopen_place
from anlan.apps.core.actions.people import (
    NewPerson,
    add_person,
    deactivate_person,
    end_session,
    erase_person,
    give_grant,
    reset_sign_in,
    withdraw_grant,
)
from anlan.apps.core.actions.places import (
    Details,
    add_place,
    edit_place,
    join_zone,
    leave_zone,
    move_place,
    rename_place,
    retire_place,
)
from anlan.apps.core.actions.record import (
    Entry,
    audit,
    audit_many,
    emit,
    emit_many,
    notify,
    read_notices,
    refuse_token,
)
from anlan.apps.core.actions.retiring import retire_places
from anlan.apps.core.actions.tokens import TokenSpec, add_token, revoke_token, use_token

__all__ = [
    "Details",
    "Entry",
    "Merge",
    "NewGrant",
    "NewPerson",
    "NewPlace",
    "Newcomer",
    "TokenSpec",
    "add_people",
    "add_person",
    "add_place",
    "add_places",
    "add_token",
    "audit",
    "audit_many",
    "beat",
    "deactivate_person",
    "edit_place",
    "emit",
    "emit_many",
    "end_session",
    "enqueue",
    "ensure_job",
    "erase_person",
    "give_grant",
    "join_zone",
    "lead",
    "leave_zone",
    "look_before_merging",
    "merge_places",
    "move_place",
    "notify",
    "read_notices",
    "refuse_token",
    "release",
    "rename_place",
    "reopen_place",
    "reset_sign_in",
    "retire_place",
    "retire_places",
    "revoke_token",
    "run_due",
    "store_file",
    "use_token",
    "withdraw_grant",
]
