from collections.abc import Mapping
from typing import Any

from anlan.apps.core import selectors as core
from anlan.apps.exchange import actions
from anlan.apps.exchange.models import ImportRun
from anlan.kit.grants import SYSTEM, Viewer
from anlan.kit.jobs import Progress, job


def _viewer(run_id: int) -> Viewer:
    """Whoever handed the file in, with the grants that hold now."""
    run = ImportRun.objects.select_related("by").get(pk=run_id)
    return core.viewer_of(run.by) if run.by else SYSTEM


@job("exchange.stage")
def stage(payload: Mapping[str, Any], progress: Progress) -> None:
    actions.work(payload["run"], "stage", _viewer(payload["run"]), progress)


@job("exchange.publish")
def publish(payload: Mapping[str, Any], progress: Progress) -> None:
    actions.work(payload["run"], "publish", _viewer(payload["run"]), progress)


@job("exchange.undo")
def undo(payload: Mapping[str, Any], progress: Progress) -> None:
    actions.work(payload["run"], "undo", _viewer(payload["run"]), progress)
