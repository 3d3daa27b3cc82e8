"""The only writer of imports. What they bring is written by the actions of the apps that own it."""

import hashlib
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from anlan.apps.core import actions as core
from anlan.apps.core.models import Job
from anlan.apps.exchange import publishing, selectors, staging
from anlan.apps.exchange.choices import RunState
from anlan.apps.exchange.files import SUFFIXES
from anlan.apps.exchange.kinds import known
from anlan.apps.exchange.models import ImportRun
from anlan.kit import clock, files
from anlan.kit.errors import BadInput, NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.kit.jobs import Progress
from anlan.kit.sheets.reading import MAX_BYTES
from anlan.rules.refusal import Refusal


def hand_in(viewer: Viewer, kind: str, upload: File[bytes], *, later: bool = True) -> ImportRun:
    """Keep a file and have its rows looked at. Nothing is published by that. ``later``: by the worker."""
    if kind not in known():
        raise BadInput(Refusal("import.no_such_kind", "没有“{kind}”这类导入。", "请选择一类。", {"kind": kind[:40]}))
    if not viewer.may_anywhere(known()[kind].capability):
        raise NotAllowed(known()[kind].capability)
    name = files.clean_name(upload.name or "")
    suffix = next((one for one in SUFFIXES if name.lower().endswith(one)), None)
    if suffix is None:
        fix = "请上传 .xlsx、.csv 或 .geojson；旧版 .xls 请另存为 .xlsx。"
        raise BadInput(Refusal("import.bad_suffix", "不接收“{name}”这种文件。", fix, {"name": name}))
    if not 0 < (upload.size or 0) <= MAX_BYTES:
        params = {"limit": str(MAX_BYTES // 2**20)}
        raise BadInput(Refusal("import.bad_size", "文件是空的，或超过 {limit} MB。", "请核对或拆分后再上传。", params))
    digest = _digest(upload)
    stored = default_storage.save(f"imports/{clock.now():%Y/%m}/{uuid4().hex}{suffix}", upload)
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                kind=kind,
                name=name,
                stored=stored,
                size=upload.size or 0,
                digest=digest,
                by_id=viewer.person_id,
                token_no=viewer.token_id,
            )
            run.job = _job(viewer, "exchange.stage", run) if later else None
            run.save(update_fields=["job"])
            core.audit(viewer.person_id, "import.hand_in", None, f"import:{run.pk}", {"kind": kind, "digest": digest})
    except BaseException:
        default_storage.delete(stored)
        raise
    return run


def ask_to_publish(viewer: Viewer, run_id: int, *, whole: bool = False, later: bool = True) -> ImportRun:
    """Have the good rows published; ``whole``: only if all are good and stay so. ``later``: by the worker."""
    with transaction.atomic():
        run = _locked(viewer, run_id)
        _must_be(run, RunState.STAGED)
        if whole and run.bad:
            problem = "还有 {n} 行有错，不能整批导入。"
            params = {"n": str(run.bad)}
            raise Refused(Refusal("import.has_bad_rows", problem, "请更正后重新上传，或只导入没有错的行。", params))
        if not run.fresh + run.changed:
            raise Refused(Refusal("import.nothing_to_do", "没有新增或更改的行。", "不必发布。"))
        run.state, run.whole, run.problem = RunState.PUBLISHING, whole, {}
        run.job = _job(viewer, "exchange.publish", run) if later else None
        run.save()
    return run


def ask_to_undo(viewer: Viewer, run_id: int, *, later: bool = True) -> ImportRun:
    """Have a published import taken back. What stands against it is told at once."""
    with transaction.atomic():
        run = _locked(viewer, run_id)
        _must_be(run, RunState.PUBLISHED)
        refusal = publishing.hindrance(run, known()[run.kind], viewer)
        if refusal is not None:
            raise Refused(refusal)
        run.state, run.problem = RunState.UNDOING, {}
        run.job = _job(viewer, "exchange.undo", run) if later else None
        run.save()
    return run


def drop(viewer: Viewer, run_id: int) -> ImportRun:
    """Give up an import that was not published; its rows go, the line in the history stays."""
    with transaction.atomic():
        run = _locked(viewer, run_id)
        _must_be(run, RunState.STAGED, RunState.REFUSED)
        run.lines.all().delete()
        run.state = RunState.DROPPED
        run.save(update_fields=["state"])
        core.audit(viewer.person_id, "import.drop", None, f"import:{run.pk}")
    return run


def work(run_id: int, step: str, viewer: Viewer, progress: Progress) -> None:
    """One step of a run, as its job or the command does it; nothing where the run has moved on."""
    steps = {
        "stage": (RunState.STAGING, staging.stage),
        "publish": (RunState.PUBLISHING, publishing.publish),
        "undo": (RunState.UNDOING, publishing.undo),
    }
    state, do = steps[step]
    run = ImportRun.objects.filter(pk=run_id, state=state).first()
    if run is not None:
        do(run, viewer, progress)
        _tell(run)


def _tell(run: ImportRun) -> None:
    """A notice to whoever handed the file in."""
    if run.by_id is None:
        return
    text = selectors.in_words(run)
    core.notify([run.by_id], text, f"/imports/{run.pk}", f"import:{run.pk}:{run.state}:{clock.now():%s%f}")


def _job(viewer: Viewer, kind: str, run: ImportRun) -> Job:
    """The work of a step, for the worker, as whoever asks for it."""
    return core.enqueue(kind, {"run": run.pk, "token": viewer.token_id})


def _locked(viewer: Viewer, run_id: int) -> ImportRun:
    selectors.run(viewer, run_id)
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if not viewer.may_anywhere(known()[run.kind].capability):
        raise NotAllowed(known()[run.kind].capability)
    return run


def _must_be(run: ImportRun, *states: RunState) -> None:
    if run.state not in states:
        told = {"state": str(RunState(run.state).label)}
        raise Refused(Refusal("import.wrong_state", "此导入现在是“{state}”，不能这样做。", "请刷新后再看。", told))


def _digest(upload: File[bytes]) -> str:
    """SHA-256 of the file, read in pieces."""
    whole = hashlib.sha256()
    for piece in upload.chunks():
        whole.update(piece)
    upload.seek(0)
    return whole.hexdigest()
