"""From staged rows to the real things, and back. In slices of one short transaction each, in which the rows are marked
as done: a job that is killed goes on where it stopped, and nothing is written twice."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from anlan.apps.core.actions import audit
from anlan.apps.core.models import AuditRow
from anlan.apps.exchange.choices import LineState, RunState
from anlan.apps.exchange.kinds import Kind, known
from anlan.apps.exchange.kinds.base import said
from anlan.apps.exchange.models import ImportLine, ImportRun
from anlan.apps.exchange.staging import count
from anlan.kit import clock
from anlan.kit.errors import NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.kit.jobs import Progress
from anlan.kit.pages import shape
from anlan.rules.refusal import Refusal

WRITTEN = (LineState.NEW, LineState.CHANGED)
ASKED = 400  # things asked about in one query
SHOWN = 10  # hindrances that are told in words


def publish(run: ImportRun, viewer: Viewer, progress: Progress) -> None:
    """Write what is new and changed. A row that is refused now is marked; with ``whole`` all is taken back then."""
    kind = known()[run.kind]
    lines = ImportLine.objects.filter(run=run, state__in=WRITTEN)
    total, done = lines.count(), lines.filter(done=True).count()
    for some in _slices(run, kind):
        _publish_slice(run, kind, viewer, some)
        done += sum(line.done for line in some)
        progress(done, total)
        if run.whole and ImportLine.objects.filter(run=run, state=LineState.BAD).exists():
            _take_back(run, kind, viewer)
            return
    count(run)
    run.state, run.published = RunState.PUBLISHED, clock.now()
    run.save()
    audit(viewer.person_id, "import.publish", None, f"import:{run.pk}", _counts(run))


def undo(run: ImportRun, viewer: Viewer, progress: Progress) -> None:
    """Take back what was written, unless something else has touched it since."""
    kind = known()[run.kind]
    try:
        refusal = hindrance(run, kind, viewer)
        if refusal is not None:
            raise Refused(refusal)
        _undo_all(run, kind, viewer, progress)
    except (Refused, NotInScope) as failure:
        refusal = failure.refusal if isinstance(failure, Refused) else _GONE
        run.state, run.problem = RunState.PUBLISHED, shape(refusal)["error"]
        run.save(update_fields=["state", "problem"])
        return
    run.state, run.undone, run.problem = RunState.UNDONE, clock.now(), {}
    run.save()
    audit(viewer.person_id, "import.undo", None, f"import:{run.pk}", _counts(run))


_GONE = Refusal("import.out_of_reach", "有的行已不在您的范围内。", "请由有权限的人办理。")


def hindrance(run: ImportRun, kind: Kind, viewer: Viewer) -> Refusal | None:
    """What was done since to the things of a run, told by row; None where nothing was."""
    found: list[str] = []
    lines = ImportLine.objects.filter(run=run, done=True, state__in=WRITTEN).order_by("number")
    for some in _chunks(lines):
        touched = {**_touched(kind, some), **{line.number: words for line, words in kind.hindered(viewer, some)}}
        titles = {line.number: line.title for line in some}
        words = _("第 {n} 行“{title}”：{why}")
        found += [words.format(n=n, title=titles[n], why=why) for n, why in sorted(touched.items())]
        if len(found) > SHOWN:
            break
    if not found:
        return None
    more = "；…" if len(found) > SHOWN else ""
    fix = "请先处理这些行，或逐项更正，不再整体撤销。"
    return Refusal(
        "import.touched", "不能撤销，导入之后又有变动：{rows}。", fix, {"rows": "；".join(found[:SHOWN]) + more}
    )


def _touched(kind: Kind, lines: Sequence[ImportLine]) -> dict[int, str]:
    """Rows whose things have audit rows later than their publishing."""
    by_subject = {f"{kind.subject}:{line.target}": line for line in lines}
    asked = Q(subject__in=list(by_subject))
    by_place = {}
    if kind.subject == "place":
        by_place = {line.target: line for line in lines if line.state == LineState.NEW}
        asked |= Q(place__in=list(by_place))
    later = AuditRow.objects.filter(asked, pk__gt=min(line.mark for line in lines)).exclude(action="list.export")
    found = {}
    for row in later.values_list("pk", "subject", "place_id", "action", "at"):
        line = by_subject.get(row[1]) or by_place.get(row[2])
        if line is not None and row[0] > line.mark:
            found[line.number] = _("{time} 又有操作（{action}）").format(time=f"{row[4]:%m-%d %H:%M}", action=row[3])
    return found


def _chunks(lines: object) -> Iterator[list[ImportLine]]:
    some: list[ImportLine] = []
    for line in lines.iterator(chunk_size=ASKED):  # type: ignore[attr-defined]  # a query set
        some.append(line)
        if len(some) == ASKED:
            yield some
            some = []
    if some:
        yield some


def _slices(run: ImportRun, kind: Kind) -> Iterator[list[ImportLine]]:
    """Rows to be written, those that others need before those others. What waits is asked for once: to look for it
    again before each slice costs as much as the slice."""
    waiting = ImportLine.objects.filter(run=run, state__in=WRITTEN, done=False).order_by("rank", "number")
    for _rank, rows in groupby(waiting.values_list("rank", "pk"), key=itemgetter(0)):
        numbers = [pk for _, pk in rows]
        for start in range(0, len(numbers), kind.slice):
            some = numbers[start : start + kind.slice]
            if lines := list(waiting.filter(pk__in=some)):
                for line in lines:
                    line.run = run
                yield lines


def _publish_slice(run: ImportRun, kind: Kind, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
    """The whole slice at once; where a row is refused, row by row, so that the others go in."""
    try:
        _write(run, kind, viewer, lines)
    except (Refused, NotInScope):
        for line in lines:
            try:
                _write(run, kind, viewer, [line])
            except (Refused, NotInScope) as failure:
                line.remark = said(failure.refusal if isinstance(failure, Refused) else _GONE)
                line.state = LineState.BAD
                line.save(update_fields=["state", "remark"])


def _write(run: ImportRun, kind: Kind, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
    with transaction.atomic():
        ids = kind.publish(viewer, lines, _above(run, lines))
        mark = AuditRow.objects.aggregate(newest=Max("pk"))["newest"] or 0
        for line, target in zip(lines, ids, strict=True):
            line.target, line.done, line.mark = target, True, mark
        _note(lines, mark)


def _note(lines: Sequence[ImportLine], mark: int) -> None:
    """Write down what became of each row; in plain SQL, which for a whole file takes a third of the time."""
    ImportLine.objects.filter(pk__in=[line.pk for line in lines]).update(done=True, mark=mark)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{ImportLine._meta.db_table}" SET target = %s WHERE id = %s',  # noqa: S608 - the table's own name
            [(line.target, line.pk) for line in lines],
        )
    for line in lines:
        if "grants" in line.data:  # what people were given is needed to take it back
            line.save(update_fields=["data"])


def _above(run: ImportRun, lines: Sequence[ImportLine]) -> dict[int, int]:
    """The things that rows of the same file became. A row whose upper row was not written is refused."""
    wanted = {line.above for line in lines if line.above is not None}
    rows = ImportLine.objects.filter(run=run, number__in=list(wanted), target__isnull=False)
    found = {number: target for number, target in rows.values_list("number", "target") if target is not None}
    if missing := wanted - found.keys():
        told = {"n": str(min(missing))}
        raise Refused(Refusal("import.row_above", "上级所在的第 {n} 行没有导入。", "请先更正那一行。", told))
    return found


def _undo_all(run: ImportRun, kind: Kind, viewer: Viewer, progress: Progress | None = None) -> None:
    written = ImportLine.objects.filter(run=run, done=True)
    total = written.count()
    while some := list(written.order_by("-rank", "-number")[: kind.slice]):
        with transaction.atomic():
            kind.undo(viewer, some)
            written.filter(pk__in=[line.pk for line in some]).update(done=False)
        if progress is not None:
            progress(total - written.count(), total)


def _take_back(run: ImportRun, kind: Kind, viewer: Viewer) -> None:
    """All or nothing, and a row was refused: what was written in this run goes again."""
    _undo_all(run, kind, viewer)
    count(run)
    problem = Refusal(
        "import.not_whole", "有 {n} 行没有通过，整批都没有导入。", "请更正标出的行后重新导入。", {"n": str(run.bad)}
    )
    run.state, run.problem = RunState.STAGED, shape(problem)["error"]
    run.save()


def _counts(run: ImportRun) -> dict[str, object]:
    return {"kind": run.kind, "digest": run.digest, "new": run.fresh, "changed": run.changed, "bad": run.bad}
