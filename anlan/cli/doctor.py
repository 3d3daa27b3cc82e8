import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anlan.cli import fail
from anlan.cli.prepare import check_database, check_folder, load_settings

if TYPE_CHECKING:
    from anlan.apps.monitoring.selectors.health import Health
    from anlan.web.checks import Check


@click.command()
def command() -> None:
    """检查各部分是否正常：与运行状况页面同一套检查；有问题时退出码为 1。"""
    check_folder(Path(os.environ.get("ANLAN_DATA", "data")).resolve())
    load_settings()
    check_database()
    found, looked = _health()
    for line in lines(found, looked):
        click.echo(line)
    if not found.ok or any(check.state == "away" for check in looked):
        fail("有部分不正常：没有响应的部分请用 anlan up 启动，其余按上面所说处理")


def _health() -> "tuple[Health, list[Check]]":
    from django.db import DatabaseError

    from anlan.apps.monitoring.selectors import health
    from anlan.kit.grants import SYSTEM
    from anlan.web.checks import checks

    try:
        return health(SYSTEM), checks()
    except DatabaseError:
        fail("数据库里还没有表，请先运行 anlan up，或 anlan manage migrate")
        raise


def lines(found: "Health", looked: "list[Check]") -> list[str]:
    """The health page as lines. It speaks of the web process that shows it, so that line is left out here."""
    said = [f"{part.title}\t{part.words}" for part in found.parts if part.name != "web"]
    said += [f"{check.title}\t{check.words}{'　' + check.remedy if check.remedy else ''}" for check in looked]
    said += [f"！\t{trouble}" for trouble in found.troubles]
    said += [f"{counter.title}\t{counter.value}" for counter in found.counters]
    return said + [f"任务 {state}\t{number}" for state, number in found.jobs.items()]
