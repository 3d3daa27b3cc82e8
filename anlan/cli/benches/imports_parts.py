"""The part of the bench of imports that needs a database: ``python -m anlan.cli.benches.imports_parts ROWS``."""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from anlan.cli import setup_django
from anlan.cli.benches.ledger_parts import Figure, figure

ENTERPRISES = 200


def main(rows: int, folder: Path) -> Iterator[Figure]:
    from django.core.management import call_command

    from anlan.apps.exchange import actions, workbooks
    from anlan.apps.exchange.kinds import known
    from anlan.kit import memory
    from anlan.kit.grants import SYSTEM

    call_command("migrate", verbosity=0, skip_checks=True)
    path, size = folder / "places.xlsx", f"{rows:,} rows of Excel"
    _county()
    yield figure(f"imports: {size} written", _seconds(lambda: _write(path, rows)), "s", 1)
    memory.settle()  # as the worker does
    before = _peak()
    with path.open("rb") as file:
        from django.core.files.base import File

        run = actions.hand_in(SYSTEM, "places", File(file, path.name), later=False)
    longest = _Longest()
    staged = _seconds(lambda: actions.work(run.pk, "stage", SYSTEM, longest))
    actions.ask_to_publish(SYSTEM, run.pk, later=False)
    published = _seconds(lambda: actions.work(run.pk, "publish", SYSTEM, longest))
    run.refresh_from_db()
    if (run.state, run.fresh) != ("published", rows):
        raise RuntimeError(f"{run.state}: {run.fresh} new, {run.bad} bad")
    yield figure(f"imports: {size} staged", staged, "s", 1)
    yield figure(f"imports: {size} published", published, "s", 1)
    yield figure(f"imports: {size} staged and published", staged + published, "s", 1)
    yield figure(f"imports: {size}, longest slice with its transaction", longest.seconds * 1e3, "ms", 1)
    yield figure(f"imports: {size}, memory above the start", (_peak() - before) / 2**20, "MB", 1)
    content = workbooks.everything(SYSTEM, known()["places"], ".xlsx")
    yield figure(f"imports: {size} exported", _seconds(lambda: sum(map(len, content))), "s", 1)
    actions.ask_to_undo(SYSTEM, run.pk, later=False)
    yield figure(f"imports: {size} undone", _seconds(lambda: actions.work(run.pk, "undo", SYSTEM, longest)), "s", 1)


class _Longest:
    """A progress that notes the longest time between two reports."""

    def __init__(self) -> None:
        self.seconds, self._at = 0.0, 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.perf_counter()
        if self._at and done:
            self.seconds = max(self.seconds, now - self._at)
        self._at = now if done < total else 0.0


def _county() -> None:
    from anlan.apps.core.actions import NewPlace, add_places
    from anlan.kit.grants import SYSTEM

    firms = [NewPlace("enterprise", f"企业 {n}", "county", sector="chemical") for n in range(ENTERPRISES)]
    add_places(SYSTEM, [NewPlace("county", "青澜县", None, key="county", code="990121"), *firms])


def _write(path: Path, rows: int) -> None:
    """Points with a code, a trade and a position, a few hundred in each enterprise."""
    from anlan.kit.sheets import Sheet, SheetColumn, xlsx

    titles = ("名称", "类别", "上级", "编码", "行业", "经度", "纬度")
    points: Any = (
        (f"风险点 {n}", "风险点", f"企业 {n % ENTERPRISES}", f"P{n}", None, 121 + n / 1e5, 30 + n / 1e5)
        for n in range(rows)
    )
    with path.open("wb") as file:
        file.writelines(xlsx([Sheet("场所", [SheetColumn(title) for title in titles], points)]))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak() -> float:
    """The most memory this process has held [byte]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    setup_django("bench")
    from django.conf import settings

    for each in main(int(sys.argv[1]), Path(settings.DATA)):
        sys.stdout.write(json.dumps(each) + "\n")
        sys.stdout.flush()
