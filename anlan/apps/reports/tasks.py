from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from anlan.apps.core import selectors as core
from anlan.apps.reports import actions
from anlan.apps.reports.models import Report
from anlan.kit.grants import SYSTEM, by_token
from anlan.kit.jobs import Progress, job


@job(actions.JOB)
def make(payload: Mapping[str, Any], progress: Progress) -> None:
    """Make a report as whoever asked for it, with the grants that hold now. One that was deleted is not made."""
    report, token = Report.objects.select_related("by").filter(pk=payload["report"]).first(), payload.get("token")
    if report is None:
        return
    viewer = core.viewer_behind(report.by, token) if report.by else SYSTEM
    with by_token(token) if token else nullcontext():
        actions.make(viewer, report.pk, progress)
