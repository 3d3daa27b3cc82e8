"""Who leads, and who is alive."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from anlan.apps.core.models import Heartbeat, Lease
from anlan.kit import clock


def lead(name: str, holder: str, seconds: float) -> bool:
    """Take or keep the lease ``name`` for so long [s]; False while another holds it."""
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=now), name=name)
    if free.update(holder=holder, until=until):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:
        return False
    return True


def release(name: str, holder: str) -> None:
    """Give a lease back early, so that another may lead at once."""
    Lease.objects.filter(name=name, holder=holder).delete()


def beat(part: str, detail: Mapping[str, Any] | None = None) -> None:
    """Say that a part of the product is alive, and what it counts."""
    row = Heartbeat(part=part, at=clock.now(), detail=dict(detail or {}))
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["part"], update_fields=["at", "detail"])
