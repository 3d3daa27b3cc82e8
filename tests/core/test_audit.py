from collections.abc import Callable

import pytest
from django.db import Error, connection, transaction

from anlan.apps.core import actions, selectors
from anlan.apps.core.actions.record import sealed
from anlan.apps.core.models import AuditRow, AuditSeal
from anlan.kit.grants import SYSTEM, Viewer
from tests.world import World


@pytest.mark.parametrize("table", ["core_auditrow", "core_auditseal", "ledger_fact", "ledger_factclearing"])
def test_the_database_itself_guards_what_is_append_only(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        assert {name for (name,) in cursor.fetchall()} >= {f"{table}_no_update", f"{table}_no_delete"}


def test_an_audit_row_can_be_neither_changed_nor_deleted(db: None) -> None:
    row = actions.audit(None, "test.done")
    AuditSeal.objects.create(seq=1, row=row, previous="0" * 64, digest="1" * 64)
    for change in (
        lambda: AuditRow.objects.filter(pk=row.pk).update(action="test.undone"),
        lambda: AuditRow.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda: AuditSeal.objects.update(digest="2" * 64),
        lambda: AuditSeal.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()
    assert AuditRow.objects.get(pk=row.pk).action == "test.done"


def test_personal_data_are_sealed_with_a_salt(world: World) -> None:
    person = world.people["王安"].pk
    first, second = sealed(person, "13800000000"), sealed(person, "13800000000")
    assert first != second
    assert "13800000000" not in first
    assert selectors.unsealed(person, first) == selectors.unsealed(person, second) == "13800000000"
    sealed(world.people["李巡"].pk, "x")
    assert selectors.unsealed(world.people["李巡"].pk, first) is None


def test_an_erased_person_cannot_be_read_any_more_and_the_rows_stay(
    world: World, viewer: Callable[[str], Viewer]
) -> None:
    person = world.people["周工"]
    row = AuditRow.objects.get(action="person.add", subject=f"person:{person.pk}")
    before = dict(row.detail)
    assert selectors.unsealed(person.pk, before["name"]) == "周工"
    actions.erase_person(viewer("陈县"), person.pk)
    row.refresh_from_db()
    assert row.detail == before
    assert selectors.unsealed(person.pk, before["name"]) is None
    person.refresh_from_db()
    assert "周工" not in (person.name, person.username)
    assert not person.is_active


def test_an_action_that_fails_leaves_no_audit_row(world: World) -> None:
    before = AuditRow.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.rename_place(SYSTEM, world.plant.pk, "新名")
        raise RuntimeError
    assert AuditRow.objects.count() == before


def test_one_reads_the_audit_rows_of_ones_own_scope(world: World, viewer: Callable[[str], Viewer]) -> None:
    actions.rename_place(SYSTEM, world.mill.pk, "临山甲厂")
    actions.rename_place(viewer("王安"), world.plant.pk, "清河甲厂")
    seen = selectors.audit_rows(viewer("陈县"))
    assert seen.filter(place=world.plant, action="place.edit").exists()
    assert not seen.filter(place=world.mill).exists()
    assert list(selectors.audit_rows(viewer("王安")).values_list("action", flat=True)) == ["place.edit"]
    assert not selectors.audit_rows(viewer("孙外")).exists()
