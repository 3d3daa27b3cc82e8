"""The only reader of imports: one's own. What the rows hold lay in one's scope when they were staged."""

from collections.abc import Iterator
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anlan.apps.exchange import files
from anlan.apps.exchange.choices import LineState, RunState
from anlan.apps.exchange.kinds import Kind, known
from anlan.apps.exchange.models import ImportLine, ImportRun
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import SYSTEM, Viewer


def kinds(viewer: Viewer) -> list[Kind]:
    """What the viewer may import somewhere."""
    return [kind for kind in known().values() if viewer.may_anywhere(kind.capability)]


def kind(viewer: Viewer, key: str) -> Kind:
    found = known().get(key)
    if found is None:
        raise NotInScope
    if not viewer.may_anywhere(found.capability):
        raise NotAllowed(found.capability)
    return found


def runs(viewer: Viewer) -> QuerySet[ImportRun]:
    """The viewer's own imports, newest first; under a token that lets through less, those that came by it."""
    if viewer.person_id is None and viewer is not SYSTEM:
        return ImportRun.objects.none()
    mine = ImportRun.objects.filter(by=viewer.person_id).select_related("job").order_by("-pk")
    return mine if viewer.own else mine.filter(token_no=viewer.token_id)


def run(viewer: Viewer, run_id: int) -> ImportRun:
    found = runs(viewer).filter(pk=run_id).first()
    if found is None:
        raise NotInScope
    return found


def lines(viewer: Viewer, run_id: int) -> QuerySet[ImportLine]:
    """Rows of a run, those that are bad first."""
    return ImportLine.objects.filter(run=run(viewer, run_id)).order_by("number")


def mark(run: ImportRun, target: Path) -> None:
    """Write the file that was handed in, with its bad rows explained."""
    rows = ImportLine.objects.filter(run=run, state=LineState.BAD).values_list("number", "remark")
    with files.local(run) as path:
        files.opened(known()[run.kind], path, run.name).mark(dict(rows.iterator()), target)


def marked_name(run: ImportRun) -> str:
    path = Path(run.name)
    return _("{name}-有错的行已标出{suffix}").format(name=path.stem, suffix=path.suffix)


def progress(run: ImportRun) -> tuple[int, int]:
    """(done, total) of the job at work; (0, 0) before it begins."""
    return (run.job.done, run.job.total) if run.job else (0, 0)


def in_words(run: ImportRun) -> str:
    """How an import stands, in one line."""
    said = {"name": run.name, "fresh": run.fresh, "changed": run.changed, "bad": run.bad}
    words = {
        RunState.REFUSED: _("{name} 不能导入：{problem}"),
        RunState.STAGED: _("{name} 已核对：新增 {fresh}，更改 {changed}，有错 {bad}"),
        RunState.PUBLISHED: _("{name} 已导入：新增 {fresh}，更改 {changed}"),
        RunState.UNDONE: _("{name} 已撤销导入"),
    }.get(RunState(run.state), "{name}")
    return words.format(**said, problem=run.problem.get("message", ""))[:300]


def exported(viewer: Viewer, key: str) -> Iterator[list[object]]:
    """Everything of a kind that the viewer may see, in the columns of its template."""
    found = known()[key]
    fields = [one.key for one in found.fields()]
    for row in found.rows(viewer):
        yield [row.get(one) for one in fields]
