"""From the file to staged rows: what is new, what changes, what is bad. Nothing outside this app is written."""

from collections.abc import Iterable, Iterator
from itertools import islice

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
    total = _survey(stager, file)
    done = 0
    for rows in _pieces(file.rows()):
        stager.look(rows)
        ImportLine.objects.bulk_create([_line(run, row) for row in rows])
        done += len(rows)
        progress(done, max(total, done))
    for number, remark in stager.finish().items():
        ImportLine.objects.filter(run=run, number=number).update(state=LineState.BAD, remark=remark)
    run.unused = list(file.unused)[:50]
    count(run)
    run.state = RunState.STAGED
    run.save()


def _survey(stager: Stager, file: files.File) -> int:
    """How many rows there are, shown to the stager once where it needs to see them all first."""
    counter = _Counted(file.rows())
    if stager.surveys:
        stager.survey(counter)
    for _row in counter:
        pass
    return counter.seen


class _Counted:
    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows, self.seen = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.seen += 1
            yield row


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while piece := list(islice(source, AT_ONCE)):
        yield piece


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
