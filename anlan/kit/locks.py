"""Locks that last until the transaction ends."""

from django.db import connection

_TREE = 0x616E6C61  # 'anla': any number, the same in every process


def lock_tree(*, whole: bool) -> None:
    """Keep the tree of places still: shared by those who add to it, alone for those who move parts of it.

    Without it a child added at the same moment could be missed by a move. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'' if whole else '_shared'}(%s)", [_TREE])
