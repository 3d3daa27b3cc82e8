"""Two counties of which one has something to report: assessed points, a file with a lapsed licence, chemicals."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.core.files.storage import default_storage

from anlan.apps.core.actions import run_due
from anlan.apps.core.models import Place
from anlan.apps.enterprises.actions import (
    ChemicalSpec,
    EnterpriseSpec,
    LicenceSpec,
    add_chemicals,
    add_licences,
    register_enterprises,
)
from anlan.apps.ledger.actions import raise_fact
from anlan.apps.reports import actions, making
from anlan.apps.reports.models import Report
from anlan.apps.reports.subject import Subject
from anlan.kit import clock
from anlan.kit.documents import Cell, Document, Grid, Heading, Pairs, Words
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.levels import Level
from tests.ledger.conftest import hands, project
from tests.world import World, plot

__all__ = ["hands", "project"]

#: So much of a hazard of the trade's pack as an assessment tells.
HAZARD = "混酸滴加过快而冷冻盐水中断，釜温越过 55 ℃ 后硝化物分解失控"


@pytest.fixture
def ground(world: World, settings: Any, tmp_path: Any, project: Callable[[], None]) -> World:
    """A major point in the plant, a serious one at the haulier, an unassessed one in the other county."""
    settings.MEDIA_ROOT = tmp_path
    for key, west in (("qinghe", 121.0), ("linshan", 122.0)):
        Place.objects.filter(pk=world.places[key].pk).update(
            geometry=plot(west, 41.0, 0.5), west=west, south=41.0, east=west + 0.5, north=41.5
        )
    for key, west in (("plant", 121.1), ("valve", 121.11), ("haulier", 121.3), ("mill", 122.1)):
        Place.objects.filter(pk=world.places[key].pk).update(
            geometry=plot(west, 41.1, 0.01), west=west, south=41.1, east=west + 0.01, north=41.11
        )
    chemical = [world.places[key].pk for key in ("plant", "reactor", "valve")]
    Place.objects.filter(pk__in=chemical).update(sector="hazchem")
    _assess(world, "valve", Level.MAJOR, f"滴加硝化：{HAZARD}")
    _assess(world, "depot", Level.SERIOUS, "卸油静电")
    _assess(world, "ladle", Level.GENERAL, "钢包倾翻")
    register_enterprises(
        SYSTEM,
        [EnterpriseSpec(place_id=world.plant.pk, industry="2614", employees=120, safety_head="王安", principal="马总")],
    )
    late = clock.today() - timedelta(days=10)
    paper: dict[str, Any] = {
        "name": "安全生产许可证",
        "number": "WH-001",
        "issuer": "省应急管理厅",
        "issued": date(2023, 1, 1),
    }
    add_licences(SYSTEM, [LicenceSpec(place_id=world.plant.pk, valid_until=late, **paper)])
    held: dict[str, Any] = {"name": "氨", "cas": "7664-41-7", "role": "原料", "site": "贮罐区", "hazardous": True}
    add_chemicals(SYSTEM, [ChemicalSpec(place_id=world.reactor.pk, quantity=8.0, design_maximum=25.0, **held)])
    project()
    return world


def _assess(world: World, key: str, level: Level, what: str) -> None:
    raise_fact(
        world.places[key].pk, "assessment", level, "风险评估：{what}", {"what": what}, happened=clock.now(), source=None
    )


@pytest.fixture
def make() -> Callable[..., Report]:
    """Have a report made as somebody, as the worker does."""

    def made(viewer: Viewer, place: Place, kind: str) -> Report:
        report = actions.ask(viewer, place.pk, kind)
        run_due("test")
        report.refresh_from_db()
        assert report.state == "done", report.problem
        return report

    return made


def content(report: Report, suffix: str) -> bytes:
    with default_storage.open(report.files[suffix]["name"]) as file:
        return bytes(file.read())


def told(viewer: Viewer, place: Place, kind: str) -> str:
    """All that a report says to whom it is made for: paragraphs, and tables cell by cell."""
    written, _ = making.document(Subject(viewer, place, 30), Report(kind=kind, place=place, days=30), lambda *_: None)
    return "\n".join(_lines(written))


def _lines(written: Document) -> Iterator[str]:
    yield written.title
    yield from ("｜".join(pair) for pair in written.cover)
    for block in written.blocks:
        if isinstance(block, Grid):
            yield from ("｜".join(cell.text if isinstance(cell, Cell) else cell for cell in row) for row in block.rows)
        elif isinstance(block, Pairs):
            yield from ("｜".join(pair) for pair in block.pairs)
        elif isinstance(block, Heading | Words):
            yield block.text


def words(report: Report) -> str:
    """All that a report says in Word: paragraphs, and tables cell by cell."""
    document = docx.Document(io.BytesIO(content(report, "docx")))
    told = [paragraph.text for paragraph in document.paragraphs]
    told += ["｜".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n".join(told)
