"""What other limits would have raised on a tag's own past; asked of a process that brings the kernel along."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings

from anlan.apps.monitoring.models import Tag
from anlan.apps.monitoring.selectors.tags import permitted_tags
from anlan.kit import clock
from anlan.kit.errors import NotInScope, Refused, Unavailable
from anlan.kit.grants import Viewer
from anlan.rules.alarms import Limits
from anlan.rules.refusal import Refusal

WITHIN_S = 60
MOST_TAGS = 40  # at once
RULES = ("hh", "h", "l", "ll", "deadband", "on_delay_s", "off_delay_s", "missing_s")


@dataclass(frozen=True)
class Window:
    """How far a trial looks back."""

    start: datetime
    end: datetime


def window(hours: int) -> Window:
    """The last ``hours``."""
    now = clock.now()
    return Window(now - timedelta(hours=hours), now)


def limits_of(tag: Tag) -> Limits:
    return Limits(**{name: getattr(tag, name) for name in Limits.__dataclass_fields__})


def try_limits(viewer: Viewer, wanted: Mapping[int, Limits], span: Window) -> dict[int, Mapping[str, Any]]:
    """By tag: what its limits of today and the wanted ones raise on its past (:class:`anlan.engine.trial.Trial`)."""
    if len(wanted) > MOST_TAGS:
        fix = "请分批试算，每批不超过 {most} 个。"
        params = {"n": str(len(wanted)), "most": str(MOST_TAGS)}
        raise Refused(Refusal("trial.too_many", "一次试算 {n} 个点位太多。", fix, params))
    if len(permitted_tags(viewer, wanted)) < len(wanted):
        raise NotInScope
    rows = Tag.objects.in_bulk(list(wanted))
    asked = [
        {"tag": tag_id, "now": _rules(limits_of(rows[tag_id])), "then": _rules(limits)}
        for tag_id, limits in wanted.items()
    ]
    return {int(one["tag"]): one for one in _ask(asked, span)}


def _rules(limits: Limits) -> dict[str, Any]:
    given = asdict(limits)
    return {name: given[name] for name in RULES}


def _ask(tags: Sequence[Mapping[str, Any]], span: Window) -> list[Mapping[str, Any]]:
    start, end = (round(moment.timestamp() * 1000) for moment in (span.start, span.end))
    asked = orjson.dumps({"data": str(settings.DATA), "tags": tags, "start": start, "end": end})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "anlan.engine.trial"], input=asked, capture_output=True, timeout=WITHIN_S, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Unavailable("限值试算") from error
    found: list[Mapping[str, Any]] = orjson.loads(done.stdout)
    return found
