"""One audit row against its link of the chain: was it changed since it was sealed, and does its link follow the one
before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from anlan.apps.core.models import AuditRow, AuditSeal
from anlan.kit.sm3 import sm3
from anlan.rules import seal as rules


@dataclass(frozen=True)
class Proof:
    """``kind``: whole, unsealed (waits for its link), change or fork. ``expected`` is the digest of the row as it
    stands, ``digest`` the one that was sealed."""

    kind: str
    seq: int | None
    sealed: datetime | None
    previous: str
    digest: str
    expected: str


def positions(row_ids: Collection[int]) -> dict[int, int]:
    """Where in the chain rows are sealed."""
    return dict(AuditSeal.objects.filter(row__in=list(row_ids)).values_list("row_id", "seq"))


def prove(row: AuditRow) -> Proof:
    """Compute the row's link anew and compare it with the chain. The whole chain is proved by ``anlan verify``."""
    seal = AuditSeal.objects.filter(row=row).first()
    if seal is None:
        return Proof("unsealed", None, None, "", "", "")
    sealed = rules.Row(row.pk, row.at, row.actor_id, row.action, row.place_id, row.subject, row.detail)
    expected = rules.link_digest(seal.previous, sealed, sm3)
    before = AuditSeal.objects.filter(seq=seal.seq - 1).values_list("digest", flat=True).first()
    follows = seal.previous == (before if before is not None else rules.GENESIS)
    kind = "change" if expected != seal.digest else "whole" if follows else "fork"
    return Proof(kind, seal.seq, seal.sealed, seal.previous, seal.digest, expected)
