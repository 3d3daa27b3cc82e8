"""Files made in the background, as their owner sees them."""

from dataclasses import dataclass

from django.core.files.storage import default_storage

from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Job, Place
from anlan.apps.enterprises.selectors.files import file_place
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer

KIND = "enterprises.export"


@dataclass(frozen=True)
class Export:
    job: Job
    place: Place
    suffix: str
    ready: bool
    gone: bool
    failed: bool


def export_name(job_id: int, suffix: str) -> str:
    """Where the file of a job is kept in the storage."""
    return f"exports/enterprise-{job_id}.{suffix}"


def export(viewer: Viewer, job_id: int) -> Export:
    """An export that the viewer asked for, of a file that they may still see. Raises NotInScope."""
    job = Job.objects.filter(pk=job_id, kind=KIND).first()
    if job is None or viewer.person_id is None or job.payload.get("person") != viewer.person_id:
        raise NotInScope
    if not viewer.own and job.payload.get("token") != viewer.token_id:  # made with rights that this token may lack
        raise NotInScope
    place, suffix = file_place(viewer, int(job.payload["place"])), str(job.payload["format"])
    done = job.state == JobState.DONE
    there = done and default_storage.exists(export_name(job_id, suffix))
    return Export(job, place, suffix, there, done and not there, job.state == JobState.FAILED)
