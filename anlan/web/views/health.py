"""系统状态: does every part live, and what happened to what was sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from anlan.apps.monitoring import selectors
from anlan.apps.monitoring.selectors import Counter, Health, Part
from anlan.kit.grants import Viewer
from anlan.web.checks import Check, checks
from anlan.web.views.parts import layout, page

#: Folders of the data folder whose size a system manager watches, with their titles.
STORES = (("log", "读数日志"), ("history", "历史"), ("quarantine", "隔离区"), ("files", "附件"))


@dataclass(frozen=True)
class Line:
    """One part, with what to do about it when it is not well."""

    title: str
    state: str
    words: str
    remedy: str
    at: datetime | None


@dataclass(frozen=True)
class Figure:
    title: str
    text: str


@page
def health_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    health, found = selectors.health(viewer), checks()
    context = {
        **layout(request),
        "health": health,
        "parts": [*(_line(part) for part in health.parts), *(_checked(check) for check in found)],
        "well": health.ok and not any(check.state == "away" for check in found),
        "counters": [Figure(counter.title, _amount(counter)) for counter in health.counters],
        "figures": [*_jobs(health), *_storage()],
    }
    return render(request, "web/health.html", context)


def _line(part: Part) -> Line:
    return Line(part.title, part.state, part.words, _remedy(part), part.at)


def _remedy(part: Part) -> str:
    if part.state == "ok":
        return ""
    if part.state == "late":
        return _("可能是机器太忙：看处理器和磁盘的负荷；若一直如此，请重启这一部分。")
    return _("请在服务器上运行 anlan {part}，或检查它的服务是否在运行。").format(part=part.name)


def _checked(check: Check) -> Line:
    return Line(check.title, check.state, check.words, check.remedy, None)


def _amount(counter: Counter) -> str:
    if counter.name.endswith("_bytes"):
        return filesizeformat(counter.value)
    return f"{counter.value:,}"


def _jobs(health: Health) -> Iterator[Figure]:
    titles = {"waiting": _("等待的任务"), "running": _("进行中的任务"), "failed": _("失败的任务")}
    for state, count in health.jobs.items():
        yield Figure(titles.get(state, state), f"{count:,}")


def _storage() -> Iterator[Figure]:
    for folder, title in STORES:
        if (settings.DATA / folder).is_dir():
            yield Figure(_(title), filesizeformat(_size(settings.DATA / folder)))


def _size(folder: Path) -> int:
    """Bytes in a folder; what disappears while we look is not counted."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total
