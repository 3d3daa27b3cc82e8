"""Makes a data folder and a database ready: ``python -m anlan.cli.prepare [--demo]``.

A process of its own, so that what it loads is given back to the system before the product runs. It says each stage on
its own line of standard output when it is done: ``migrated``, then with ``--demo`` ``built`` (people can sign in),
``plants`` (the recorded plants can play) and ``stage`` (all sensors can send); after that it makes the past month. When
something is wrong it says so in words on standard error and ends with 1.
"""

import sys
import tempfile
from datetime import datetime
from pathlib import Path

import click

from anlan.cli import fail, setup_django
from anlan.kit import clock


@click.command()
@click.option("--demo", is_flag=True)
def prepare(*, demo: bool) -> None:
    """Check and migrate; with ``--demo`` also build the county and its past month if they are not there."""
    _check_packs()
    load_settings()
    check_database()
    _migrate()
    _done("migrated")
    if demo:
        _build()
    elif _nobody():
        _done("nobody")


def _nobody() -> bool:
    """Whether there is nobody who could sign in."""
    from anlan.apps.core.models import Person

    return not Person.objects.exists()


def check_folder(data: Path) -> None:
    """Fail in words unless the folder can be made and written to."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        fail(f"数据文件夹 {data} 不能写入（{error.strerror}）。请检查权限，或用 ANLAN_DATA、--data 换一个文件夹。")


def _done(stage: str) -> None:
    click.echo(stage)
    sys.stdout.flush()


def _check_packs() -> None:
    from anlan.packs import linter, loader

    problems = [problem for folder in loader.folders()[1:] for problem in linter.check(folder)]
    if problems:
        fail("\n".join(["ANLAN_PACKS 里的规则包有错误：", *map(str, problems)]))


def load_settings() -> None:
    """Load Django; fail in words when the address of the database makes no sense."""
    import dj_database_url

    try:
        setup_django()
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as error:
        fail(f"ANLAN_DATABASE_URL 不能识别（{error}）。请写 postgres://用户:口令@主机:端口/库名，或不设以使用 SQLite。")


def check_database() -> None:
    """Fail in words unless the database answers."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        fail(f"连不上数据库（{reason}）。请检查 ANLAN_DATABASE_URL，以及数据库是否在运行。")


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def _build() -> None:
    from django.conf import settings

    from anlan.cli.demonstration import county, history, notes, plan
    from anlan.cli.demonstration.lan import build, fleet
    from anlan.cli.demonstration.lan.plan import plan_of
    from anlan.packs.families import demo_month

    data = Path(settings.DATA)
    noted = notes.Notes.read(data)
    if noted is None:
        _refuse_foreign_database()
        noted = build.begin(data)
    _done("built")
    begun = datetime.fromisoformat(noted.begun)
    known, _ = county.county_of(clock.day_of(begun))
    build.go_on(data, noted, _say_enterprises)  # before the engine: a tag that nobody sends yet would count as silent
    history.first_colours(begun, demo_month.load(clock.day_of(begun)).days)
    _done("plants")
    if not (data / plan.FILE).exists():
        aside = fleet.sources(plan_of(clock.day_of(begun)))
        plan.survey([source.code for source in known.sources], clock.day_of(begun), aside).save(data)
    _done("stage")
    build.furnish(noted)
    history.lay_down(data, begun, known.sources, known.speed)


def _say_enterprises(done: int, total: int) -> None:
    """How far the county's enterprises are, for the console of the demo."""
    if done == total or done % 50 < 10:
        click.echo(f"演示  | 登记企业 {done}/{total}", err=True)


def _refuse_foreign_database() -> None:
    """The county is never put beside real places."""
    from anlan.apps.core.models import Place

    if Place.objects.exists():
        fail("数据库里已有场所，不是演示数据。请用 --data 指定一个空文件夹，并且不要设置 ANLAN_DATABASE_URL。")


if __name__ == "__main__":
    prepare()
