"""From the file to staged rows: what is new, what changes, what is bad. Nothing outside this app is written."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db import transaction
from django.db.models import Count

from anlan.apps.exchange import files
from anlan.apps.exchange.choices import LineState, RunState
from anlan.apps.exchange.kinds import Kind, Row, Stager, known
from anlan.apps.exchange.models import ImportLine, ImportRun
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.kit.jobs import Progress
from anlan.kit.pages import shape

AT_ONCE = 200
LONGEST_REMARK = 2_000


def stage(run: ImportRun, viewer: Viewer, progress: Progress) -> None:
    """Read the file of a run and stage its rows. May be run again from the start."""
    kind = known()[run.kind]
    ImportLine.objects.filter(run=run).delete()
    try:
        with files.local(run) as path:
            _stage_file(run, kind, viewer, files.opened(kind, path, run.name), progress)
    except Refused as refused:
        ImportLine.objects.filter(run=run).delete()
        run.state, run.problem = RunState.REFUSED, shape(refused.refusal)["error"]
        run.save(update_fields=["state", "problem"])


def _stage_file(run: ImportRun, kind: Kind, viewer: Viewer, file: files.File, progress: Progress) -> None:
    stager = kind.stager(viewer)
    done = 0
    with tempfile.TemporaryFile(prefix="anlan-rows-") as spool:
        total = _survey(stager, file, spool)
        for rows in _pieces(spool):
            stager.look(rows)
            ImportLine.objects.bulk_create([_line(run, row) for row in rows])
            done += len(rows)
            progress(done, total)
    for number, remark in stager.finish().items():
        ImportLine.objects.filter(run=run, number=number).update(state=LineState.BAD, remark=remark)
    run.unused = list(file.unused)[:50]
    count(run)
    run.state = RunState.STAGED
    run.save()


def _survey(stager: Stager, file: files.File, spool: IO[bytes]) -> int:
    """How many rows there are. The stager sees them all once before it looks at any; the file is read this once."""
    rows = _Spooled(file.rows(), spool)
    stager.survey(rows)
    for _row in rows:
        pass
    rows.close()
    return rows.seen


class _Spooled:
    """Rows that are written down while they go by."""

    def __init__(self, rows: Iterator[Row], spool: IO[bytes]) -> None:
        self._rows, self._spool = rows, spool
        self._piece: list[Row] = []
        self.seen = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.seen += 1
            self._piece.append(row)
            yield row
            if len(self._piece) == AT_ONCE:
                self.close()

    def close(self) -> None:
        """Write down the rows that wait for it."""
        if self._piece:
            pickle.dump(self._piece, self._spool)
            self._piece = []


def _pieces(spool: IO[bytes]) -> Iterator[list[Row]]:
    """The rows that were written down, some hundred at a time."""
    end = spool.tell()
    spool.seek(0)
    while spool.tell() < end:
        yield pickle.load(spool)  # noqa: S301 - a file without a name, written above


def _line(run: ImportRun, row: Row) -> ImportLine:
    bad = bool(row.problems)
    return ImportLine(
        run=run,
        number=row.number,
        rank=row.rank,
        above=row.above,
        state=LineState.BAD if bad else row.state,
        title=row.title[:160],
        remark="；".join(dict.fromkeys(row.problems))[:LONGEST_REMARK],
        data={} if bad else row.data,
        before={} if bad else row.before,
        target=row.target,
    )


@transaction.atomic
def count(run: ImportRun) -> None:
    """How many rows there are of each state."""
    states = dict(ImportLine.objects.filter(run=run).values_list("state").annotate(n=Count("pk")))
    run.fresh, run.changed = states.get(LineState.NEW, 0), states.get(LineState.CHANGED, 0)
    run.same, run.bad = states.get(LineState.SAME, 0), states.get(LineState.BAD, 0)
    run.total = sum(states.values())
