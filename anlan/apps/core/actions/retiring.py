"""Taking many places out of use at once, as undoing an import does."""

from collections.abc import Collection

from django.db import transaction

from anlan.apps.core.actions.record import Entry, audit_many, emit_many
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.locks import lock_tree


def retire_places(viewer: Viewer, place_ids: Collection[int]) -> int:
    """Take exactly these places out of use, all or none; returns how many were in use. What lies below them stays."""
    with transaction.atomic():
        lock_tree(whole=True)
        rows = Place.objects.filter(viewer.scope("place.view"), pk__in=list(place_ids)).only(
            "path", "sector", "retired"
        )
        found = {place.pk: place for place in rows}
        if set(place_ids) - found.keys():
            raise NotInScope
        if not all(viewer.may("place.edit", place.path, place.sector) for place in found.values()):
            raise NotAllowed("place.edit")
        used = [pk for pk, place in found.items() if place.retired is None]
        Place.objects.filter(pk__in=used).update(retired=clock.now())
        audit_many(Entry(viewer.person_id, "place.retire", pk, f"place:{pk}", {"places": 1}) for pk in used)
        emit_many("places", ((pk, {"place": pk, "action": "place.retire"}) for pk in used))
    return len(used)
