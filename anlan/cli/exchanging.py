"""What ``anlan import`` and ``anlan export`` share with each other: the steps of a run, with a bar."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from django.core.files.base import File

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person
from anlan.apps.exchange import actions, selectors
from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.models import ImportRun
from anlan.cli import fail
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM, Viewer

SHOWN = 20  # bad rows told on the screen


def viewer_as(username: str) -> Viewer:
    """Whoever the command works for: a person with the grants that they hold now; without a name the product itself."""
    if not username:
        return SYSTEM
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        fail(f"没有用户名为“{username}”的在用账号，请核对 --as。")
        raise AssertionError
    return core.viewer_of(person)


def hand_in(viewer: Viewer, kind: str, source: Path) -> ImportRun:
    """The file as a run; the command does the work of its steps itself."""
    try:
        with source.open("rb") as file:
            return actions.hand_in(viewer, kind, File(file, source.name), later=False)
    except Refused as refused:
        fail(str(refused))
        raise


def work(viewer: Viewer, run: ImportRun, step: str, label: str, *, whole: bool = False) -> None:
    """Do one step of a run here and now, with a bar."""
    if step == "publish":
        try:
            actions.ask_to_publish(viewer, run.pk, whole=whole, later=False)
        except Refused as refused:
            fail(str(refused))
    with click.progressbar(length=1, label=label, width=40, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        actions.work(run.pk, step, viewer, progress)
        bar.update(bar.length - bar.pos if bar.length else 0)
    run.refresh_from_db()


def show(viewer: Viewer, run: ImportRun, marked: Path | None) -> None:
    """How it went; leaves with 1 where rows are bad."""
    click.echo(selectors.in_words(run))
    if run.problem:
        click.echo(f"{run.problem['message']}{run.problem['fix']}", err=True)
    if run.bad:
        for line in selectors.lines(viewer, run.pk).filter(state=LineState.BAD)[:SHOWN]:
            click.echo(f"第 {line.number} 行：{line.remark}", err=True)
        if run.bad > SHOWN:
            click.echo(f"还有 {run.bad - SHOWN} 行有错，请用 -o 写出标出错行的文件。", err=True)
    if marked is not None:
        selectors.mark(run, marked)
        click.echo(f"标出错行的文件：{marked}")
    if run.bad or run.problem:
        sys.exit(1)


def write(content: Iterable[bytes], target: Path) -> int:
    """Write a file piece by piece, so that a broken one is never left behind; returns its size."""
    part = target.with_name(f".{target.name}.part")
    size = 0
    try:
        with part.open("wb") as file:
            for piece in content:
                size += file.write(piece)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return size
