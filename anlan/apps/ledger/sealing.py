"""Sealing the audit rows into one chain, in order, by the process that leads; and reading the chain back."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from anlan.apps.core.models import AuditRow, AuditSeal
from anlan.apps.ledger.projector import still_lead
from anlan.apps.ledger.selectors import SealHead, seal_head
from anlan.kit.sm3 import sm3
from anlan.kit.tail import Tail
from anlan.rules import seal as rules

AT_ONCE = 500
_CHUNK = 2_000


class Sealer:
    """Follows the audit rows and closes each into the chain. A new leader begins with what was left open."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._tail = Tail(AuditRow.objects.all())
        self._waiting: list[AuditRow] = list(AuditRow.objects.filter(seal=None).order_by("pk"))

    def tick(self) -> int:
        """Seal what is new, as much as one transaction may; returns how many rows wait."""
        self._waiting += self._tail.poll()
        batch, rest = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        if batch:
            with transaction.atomic():
                still_lead(self._holder)
                _append(_unsealed(batch))
        self._waiting = rest
        return len(rest)


def _unsealed(rows: Sequence[AuditRow]) -> list[AuditRow]:
    sealed = set(AuditSeal.objects.filter(row__in=[row.pk for row in rows]).values_list("row_id", flat=True))
    return list({row.pk: row for row in rows if row.pk not in sealed}.values())


def _append(rows: Iterable[AuditRow]) -> None:
    head = seal_head()
    seq, previous = head.seq, head.digest
    seals = []
    for row in rows:
        seq += 1
        digest = rules.link_digest(previous, as_sealed(row), sm3)
        seals.append(AuditSeal(seq=seq, row=row, previous=previous, digest=digest))
        previous = digest
    AuditSeal.objects.bulk_create(seals)


def as_sealed(row: AuditRow) -> rules.Row:
    """An audit row as the chain covers it."""
    return rules.Row(row.pk, row.at, row.actor_id, row.action, row.place_id, row.subject, row.detail)


def links() -> Iterator[rules.Link]:
    """The chain as it is stored, from the first link, with whatever is left of the rows."""
    chunk: list[AuditSeal] = []
    for seal in AuditSeal.objects.order_by("seq").iterator(chunk_size=_CHUNK):
        chunk.append(seal)
        if len(chunk) == _CHUNK:
            yield from _links(chunk)
            chunk = []
    yield from _links(chunk)


def _links(seals: Sequence[AuditSeal]) -> Iterator[rules.Link]:
    first, last = min((s.row_id for s in seals), default=0), max((s.row_id for s in seals), default=0)
    wanted = {seal.row_id for seal in seals}
    near = AuditRow.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    rows = {row.pk: as_sealed(row) for row in near.iterator(chunk_size=_CHUNK) if row.pk in wanted}
    for seal in seals:
        yield rules.Link(seal.seq, seal.previous, seal.digest, seal.row_id, rows.get(seal.row_id))


def breaks(heads: Iterable[str] = ()) -> Iterator[rules.Break]:
    """What is wrong with the chain; ``heads`` were exported earlier and must be in it."""
    return rules.check(links(), sm3, heads)


__all__ = ["SealHead", "Sealer", "as_sealed", "breaks", "links", "seal_head"]
