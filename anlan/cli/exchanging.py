"""What ``anlan import`` and ``anlan export`` share with each other: the steps of a run, with a bar."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from django.core.files.base import File

from anlan.apps.exchange import actions, selectors
from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.models import ImportRun
from anlan.cli import fail
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM

SHOWN = 20  # bad rows told on the screen


def hand_in(kind: str, source: Path) -> ImportRun:
    """The file as a run of the product itself; the command does the work of its jobs."""
    try:
        with source.open("rb") as file:
            return actions.hand_in(SYSTEM, kind, File(file, source.name))
    except Refused as refused:
        fail(str(refused))
        raise


def work(run: ImportRun, step: str, label: str, *, whole: bool = False) -> None:
    """Do one step of a run here and now, with a bar."""
    if step == "publish":
        try:
            actions.ask_to_publish(SYSTEM, run.pk, whole=whole)
        except Refused as refused:
            fail(str(refused))
    with click.progressbar(length=1, label=label, width=40, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        actions.work(run.pk, step, SYSTEM, progress)
        bar.update(bar.length - bar.pos if bar.length else 0)
    run.refresh_from_db()


def show(run: ImportRun, marked: Path | None) -> None:
    """How it went; leaves with 1 where rows are bad."""
    click.echo(selectors.in_words(run))
    if run.problem:
        click.echo(f"{run.problem['message']}{run.problem['fix']}", err=True)
    if run.bad:
        for line in selectors.lines(SYSTEM, run.pk).filter(state=LineState.BAD)[:SHOWN]:
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
