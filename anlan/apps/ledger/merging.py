"""What becomes of facts when their place is merged into another: facts are never edited, so they are raised anew."""

from django.db.models import Q, QuerySet

from anlan.apps.ledger.actions import Clearing, NewFact, clear_facts, raise_facts
from anlan.apps.ledger.explanation import live
from anlan.apps.ledger.models import Fact
from anlan.kit import clock
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """End what holds at one place and raise the same at the other; the past stays where it was."""
    now, rows = clock.now(), list(_holding(gone))
    clear_facts([Clearing(row.pk, now, actor, "场所已合并") for row in rows])
    raise_facts([_same(row, kept, actor) for row in rows])


def _same(row: Fact, place_id: int, actor: int | None) -> NewFact:
    source = (row.source_kind, row.source_id) if row.source_id is not None else None
    return NewFact(
        place_id=place_id,
        kind=row.kind,
        level=row.level,
        reason=row.reason,
        params=row.params,
        happened=row.happened,
        since=row.since,
        until=row.until,
        applies_to=row.applies_to,
        source=source,
        by=actor,
        words=row.words,
    )


def _holding(place_id: int) -> QuerySet[Fact]:
    """Facts that count there now or will."""
    now = clock.now()
    coming = Q(clearing=None, since__gt=now)
    return Fact.objects.filter(live(now) | coming, place_id=place_id).order_by("pk")


def join() -> None:
    """Have the ledger take part in merges."""
    tables = frozenset({"ledger.Fact", "ledger.PlaceLevel", "ledger.LevelChange"})
    register(Share("ledger", tables, take_over, lambda gone: [("现行风险事实", _holding(gone).count())]))
