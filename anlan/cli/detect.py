"""``anlan detect``: the live alarm rules over a file of readings."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np
import numpy.typing as npt
import orjson

from anlan.cli import fail
from anlan.cli.readings import MALFORMED, BadReadings, Readings, ReadingsFile
from anlan.cli.tagrules import BadTags, TagRules
from anlan.cli.tagrules import read as read_tags
from anlan.kernels import detect as kernel

VERDICTS = ("采纳", "迟到", "重复", "同一时刻数值矛盾")
ALPHABETICAL = np.argsort(np.argsort(kernel.LIMITS)).astype(np.uint8)


@click.command()
@click.argument("readings", type=click.Path(path_type=Path))
@click.option("--tags", type=click.Path(path_type=Path), required=True, help="点位规则表（CSV）。")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="事件写到此文件；不给则写到标准输出。")
def command(readings: Path, tags: Path, output: Path | None) -> None:
    """对一个读数文件运行报警规则，与实时运行同一内核。

    READINGS 是 CSV（UTF-8，可为 .gz）或 Parquet，列：ts、tag、value，可有 quality（good/bad，空为 good）。
    ts 为 ISO 8601（没有时区的按北京时间）或毫秒时间戳。时间是文件中迄今最大的 ts。
    点位表里没有的点位、读不懂的行不采用，计数并报告，其余照常。

    点位规则表的列：tag,hh,h,l,ll,deadband,on_delay_s,off_delay_s,roc_per_s,stuck_eps,stuck_s,missing_s,
    range_low,range_high；空为没有。事件按时间、点位、限排序，每行一个 JSON。
    """
    try:
        table = read_tags(tags)
        file = ReadingsFile(readings, table.names)
        events, counts = _judge(file, table)
        _deliver(output, table.names, events)
    except (BadTags, BadReadings) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or output or '标准输出'}: {error.strerror or error}")
    for line in file.report():
        click.echo(line, err=True)
    click.echo(_summary(counts, file, len(events)), err=True)
    if file.rows and not counts:
        fail(f"{readings}: 没有一行能用；请核对点位名与列的含义")


def _judge(file: ReadingsFile, table: TagRules) -> tuple[npt.NDArray[np.void], Counter[str]]:
    """All events of a file, in order, and how many readings had which verdict."""
    state = kernel.State.empty(len(table.names))
    kernel.configure(state, np.arange(len(table.names)), table.rules, kernel.NEVER)
    parts, counts = [np.zeros(0, kernel.EVENT)], Counter[str]()
    for batch in _shown(file):
        outcome = kernel.replay(state, batch.tags, batch.ts, batch.values, batch.good)
        parts.append(outcome.events)
        for verdict, count in enumerate(np.bincount(outcome.verdicts).tolist()):
            counts[VERDICTS[verdict]] += count
    events = np.concatenate(parts)
    return events[np.lexsort((ALPHABETICAL[events["limit"]], events["tag"], events["ts"]))], +counts


def _shown(file: ReadingsFile) -> Iterator[Readings]:
    """The batches, with a count on a terminal while they pass."""
    visible, shown = sys.stderr.isatty(), time.monotonic()
    for batch in file:
        yield batch
        if visible and time.monotonic() - shown > 0.5:
            shown = time.monotonic()
            click.echo(f"\r已读 {file.rows:,} 行", nl=False, err=True)
    if visible:
        click.echo("\r\033[K", nl=False, err=True)


def _deliver(output: Path | None, names: list[str], events: npt.NDArray[np.void]) -> None:
    if output is None:
        _write(sys.stdout.buffer, names, events)
        sys.stdout.buffer.flush()
        return
    with output.open("wb") as file:
        _write(file, names, events)


def _write(file: BinaryIO, names: list[str], events: npt.NDArray[np.void]) -> None:
    columns = ("tag", "ts", "limit", "kind", "value")
    for start in range(0, len(events), 10_000):
        rows = zip(*(events[name][start : start + 10_000].tolist() for name in columns), strict=True)
        file.write(b"".join(_line(names[tag], *rest) for tag, *rest in rows))


def _line(tag: str, ts: int, limit: int, kind: int, value: float) -> bytes:
    """One event as JSON; orjson writes the NaN of MISSING as null."""
    event = {"tag": tag, "ts": ts, "limit": kernel.LIMITS[limit], "event": ("clear", "raise")[kind], "value": value}
    return orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)


def _summary(counts: Counter[str], file: ReadingsFile, events: int) -> str:
    parts = [f"{name} {counts[name]}" for name in VERDICTS if counts[name]]
    refused = sum(file.refused.counts.values())
    if refused:
        parts.append(f"拒收 {refused}")
    return f"读数 {file.rows + file.refused.counts[MALFORMED]}：{'，'.join(parts) or '无'}；事件 {events}"
