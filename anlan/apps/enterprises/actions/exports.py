"""Files that are made in the background: asked for by one person, kept for a day, fetched by that person only."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from anlan.apps.core import actions as core
from anlan.apps.core.models import Job
from anlan.apps.enterprises import documents, selectors
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed
from anlan.kit.grants import Viewer
from anlan.kit.jobs import Progress
from anlan.rules.refusal import Refusal

KIND = "enterprises.export"
SWEEP = "enterprises.drop_export"
KEPT = timedelta(days=1)


def ask_for_export(viewer: Viewer, place_id: int, suffix: str) -> Job:
    """Have the whole file of an enterprise made into a document; the answer is its job."""
    if suffix not in documents.FORMATS:
        params = {"format": suffix[:20]}
        raise BadInput(Refusal("enterprise.bad_format", "不能导出为“{format}”。", "可导出 Excel 或 Word。", params))
    if viewer.person_id is None:
        raise NotAllowed("enterprise.view")
    place = selectors.file_place(viewer, place_id)
    with transaction.atomic():
        job = core.enqueue(
            KIND, {"person": viewer.person_id, "token": viewer.token_id, "place": place_id, "format": suffix}
        )
        job.payload["job"] = job.pk
        job.save(update_fields=["payload"])
        detail = {"format": suffix, "job": job.pk}
        core.audit(viewer.person_id, "enterprise.export", place, f"enterprise:{place_id}", detail)
    return job


def make(viewer: Viewer, job_id: int, place_id: int, suffix: str, progress: Progress) -> None:
    """The work of the job: rights are those of this moment, not of the asking."""
    place = selectors.file_place(viewer, place_id)
    content = documents.build(viewer, place, suffix, progress)
    name = selectors.export_name(job_id, suffix)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
    core.enqueue(SWEEP, {"name": name}, run_at=clock.now() + KEPT)
    text = f"{place.name} 的档案已导出"
    core.notify([viewer.person_id or 0], text, f"/enterprises/exports/{job_id}", f"export:{job_id}")


def drop(name: str) -> None:
    """Forget a file that was made."""
    default_storage.delete(name)
