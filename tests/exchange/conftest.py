"""Files handed in by the people of the two counties, looked at and published as the worker would."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.apps.core import actions as core
from anlan.apps.exchange import actions, selectors
from anlan.apps.exchange.models import ImportRun
from anlan.kit.grants import Viewer

Rows = Sequence[Sequence[object]]
HandIn = Callable[..., ImportRun]


@pytest.fixture(autouse=True)
def _files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")  # type: ignore[attr-defined]  # the fixture of pytest-django


def workbook(rows: Rows) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    for row in rows:
        sheet.append(list(row))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def work() -> None:
    """What the worker does with the jobs that wait."""
    core.run_due("tests")


@pytest.fixture
def hand_in(world: object) -> HandIn:
    """``hand_in(viewer, "places", [[…], …])``: a file whose rows have been looked at."""

    def handed(viewer: Viewer, kind: str, rows: Rows | bytes, name: str = "名单.xlsx") -> ImportRun:
        content = rows if isinstance(rows, bytes) else workbook(rows)
        run = actions.hand_in(viewer, kind, SimpleUploadedFile(name, content))
        work()
        run.refresh_from_db()
        return run

    return handed


def publish(viewer: Viewer, run: ImportRun, *, whole: bool = False) -> ImportRun:
    actions.ask_to_publish(viewer, run.pk, whole=whole)
    work()
    run.refresh_from_db()
    return run


def undo(viewer: Viewer, run: ImportRun) -> ImportRun:
    actions.ask_to_undo(viewer, run.pk)
    work()
    run.refresh_from_db()
    return run


def remarks(viewer: Viewer, run: ImportRun) -> dict[int, str]:
    """What is said beside each bad row."""
    return {line.number: line.remark for line in selectors.lines(viewer, run.pk) if line.remark}


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.fresh, run.changed, run.same, run.bad
