"""The audit rows are chained in order; whoever changes, cuts or forks the chain is caught, and the row is named."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction

from anlan.apps.core.actions import audit, lead
from anlan.apps.core.models import AuditRow, AuditSeal
from anlan.apps.ledger.projector import LEASE, LeadLost
from anlan.apps.ledger.sealing import Sealer, as_sealed, breaks, links
from anlan.apps.ledger.selectors import seal_head
from anlan.cli import main
from anlan.kit.appendonly import removal
from anlan.kit.sm3 import sm3
from anlan.rules.seal import GENESIS, Link, check, link_digest

TABLES = ("core_auditrow", "core_auditseal")


@pytest.fixture
def chain(db: None) -> list[AuditRow]:
    """Seven sealed rows."""
    rows = [audit(None, "test.act", None, f"thing:{n}", {"说明": f"第 {n} 件", "值": n / 4}) for n in range(7)]
    seal()
    return rows


@pytest.fixture
def force(db: None) -> Callable[..., None]:
    """Runs SQL as somebody would who owns the database: the guards are taken away first."""

    def run(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in TABLES:
                for event in ("update", "delete"):
                    cursor.execute(removal(table, event, connection.vendor))
            cursor.execute(statement, values)

    return run


@pytest.fixture(autouse=True)
def _no_referee(db: None) -> Iterator[None]:
    """What the attacker leaves behind would not pass the foreign keys; it is rolled back unseen."""
    yield
    transaction.set_rollback(True)


def seal() -> None:
    lead(LEASE, "test", 60)
    sealer = Sealer("test")
    while sealer.tick():
        continue


def verify(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["verify", *arguments])
    return result.exit_code, result.output


def rewrite_from(seq: int) -> None:
    """What a careful forger does: make all digests fit again."""
    previous = AuditSeal.objects.get(seq=seq - 1).digest if seq > 1 else GENESIS
    for one in AuditSeal.objects.filter(seq__gte=seq).order_by("seq").select_related("row"):
        digest = link_digest(previous, as_sealed(one.row), sm3)
        AuditSeal.objects.filter(seq=one.seq).update(previous=previous, digest=digest)
        previous = digest


def test_sm3_is_the_standards_own() -> None:
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016 A.1


def test_a_whole_chain_verifies_and_tells_its_head(chain: list[AuditRow]) -> None:
    head = seal_head()
    code, output = verify("--head", head.digest)
    assert code == 0
    assert head.seq == 7
    assert head.digest in output


def test_rows_are_sealed_in_order_and_once(chain: list[AuditRow]) -> None:
    audit(None, "test.act")
    seal()
    seal()
    assert list(AuditSeal.objects.order_by("seq").values_list("seq", "row_id")) == [
        (n, row.pk) for n, row in enumerate(AuditRow.objects.order_by("pk"), 1)
    ]


def test_a_process_that_no_longer_leads_seals_nothing(chain: list[AuditRow]) -> None:
    sealer = Sealer("another")
    audit(None, "test.act")
    with pytest.raises(LeadLost):
        sealer.tick()
    assert seal_head().seq == 7


@pytest.mark.parametrize(
    "change", ["action = 'test.other'", "actor_id = 1", "subject = 'thing:99'", "detail = '{\"值\": 99}'"]
)
def test_a_changed_row_is_named(chain: list[AuditRow], force: Callable[..., None], change: str) -> None:
    force(f"UPDATE core_auditrow SET {change} WHERE id = %s", chain[3].pk)
    code, output = verify()
    assert code == 1
    assert f"更改（第 4 环）：留痕 {chain[3].pk} " in output


def test_a_row_cut_out_is_named(chain: list[AuditRow], force: Callable[..., None]) -> None:
    force("DELETE FROM core_auditrow WHERE id = %s", chain[2].pk)
    code, output = verify()
    assert code == 1
    assert f"缺失（第 3 环）：留痕 {chain[2].pk} " in output


def test_a_link_cut_out_is_named(chain: list[AuditRow], force: Callable[..., None]) -> None:
    force("DELETE FROM core_auditseal WHERE seq = 3")
    assert [(one.kind, one.seq) for one in breaks()] == [("cut", 3)]


def test_a_cut_end_is_seen_by_the_head_that_was_kept_outside(chain: list[AuditRow], force: Callable[..., None]) -> None:
    kept = seal_head().digest
    force("DELETE FROM core_auditseal WHERE seq > 5")
    force("DELETE FROM core_auditrow WHERE id > %s", chain[4].pk)
    assert verify()[0] == 0
    code, output = verify("--head", kept)
    assert code == 1
    assert kept in output


def test_a_history_written_anew_is_seen_by_the_head_that_was_kept_outside(
    chain: list[AuditRow], force: Callable[..., None]
) -> None:
    kept = seal_head().digest
    force("UPDATE core_auditrow SET action = 'test.other' WHERE id = %s", chain[3].pk)
    rewrite_from(4)
    assert verify()[0] == 0
    assert [one.kind for one in breaks([kept])] == ["fork"]


def test_the_database_refuses_two_links_after_the_same_one(chain: list[AuditRow]) -> None:
    row = audit(None, "test.act")
    fifth = AuditSeal.objects.get(seq=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.create(seq=8, row=row, previous=fifth.digest, digest="0" * 64)


def test_two_links_after_the_same_one_are_a_fork(chain: list[AuditRow]) -> None:
    stored = list(links())
    row = as_sealed(audit(None, "test.act"))
    before = stored[4].digest
    forked = Link(8, before, link_digest(before, row, sm3), row.id, row)
    (broken,) = check([*stored, forked], sm3)
    assert (broken.kind, broken.row_id) == ("fork", row.id)
    assert str(stored[5].row_id) in broken.says


def test_a_head_that_is_none_is_refused(db: None) -> None:
    code, output = verify("--head", "abc")
    assert code == 1
    assert "64" in output
