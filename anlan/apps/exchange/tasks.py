from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from anlan.apps.core import selectors as core
from anlan.apps.exchange import actions
from anlan.apps.exchange.models import ImportRun
from anlan.kit.grants import SYSTEM, by_token
from anlan.kit.jobs import Progress, job


def _work(payload: Mapping[str, Any], step: str, progress: Progress) -> None:
    """Do a step as whoever asked for it, with the grants that hold now."""
    run, token = ImportRun.objects.select_related("by").get(pk=payload["run"]), payload.get("token")
    viewer = core.viewer_behind(run.by, token) if run.by else SYSTEM
    with by_token(token) if token else nullcontext():
        actions.work(run.pk, step, viewer, progress)


@job("exchange.stage")
def stage(payload: Mapping[str, Any], progress: Progress) -> None:
    _work(payload, "stage", progress)


@job("exchange.publish")
def publish(payload: Mapping[str, Any], progress: Progress) -> None:
    _work(payload, "publish", progress)


@job("exchange.undo")
def undo(payload: Mapping[str, Any], progress: Progress) -> None:
    _work(payload, "undo", progress)
