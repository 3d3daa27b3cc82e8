"""Whether the parts of the product are alive, and what they count, in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.apps.core import selectors as core
from anlan.kit import clock
from anlan.kit.errors import NotAllowed
from anlan.kit.grants import Viewer

#: A part that has been silent for longer is late, and away after four times as long.
LATE = {"engine": timedelta(seconds=5), "worker": timedelta(seconds=10)}

WORDS = {
    "ok": _("正常"),
    "late": _("响应迟缓"),
    "away": _("没有响应，画面上的数据可能是旧的"),
    "never": _("从未启动"),
}
TITLES = {"engine": _("引擎（接入、报警、历史）"), "worker": _("投影与任务"), "web": _("网页服务")}

#: What the engine says in its report, in the order of the page, and what people call it.
COUNTERS = {
    "accepted": _("已接收读数"),
    "late": _("迟到读数（只入历史）"),
    "duplicate": _("重复读数"),
    "conflict": _("同一时间不同值（已隔离）"),
    "unknown_tag": _("点位未登记"),
    "other_source": _("点位属于其他来源"),
    "bad_time": _("时间无法识别"),
    "future_time": _("时间在未来"),
    "bad_value": _("数值无效"),
    "repeated_batches": _("重复发送的批次"),
    "busy": _("因积压拒收的批次"),
    "poison": _("无法读取的消息（已隔离）"),
    "clock_jumps": _("时钟跳变"),
    "failed_writes": _("写入失败"),
    "events_waiting": _("待入库的报警事件"),
    "history_waiting": _("待入历史的读数"),
    "log_bytes": _("日志占用（字节）"),
}
#: What keeps a part of the engine from its work, if anything does.
TROUBLES = ("events_error", "history_error", "tables_error")


@dataclass(frozen=True)
class Part:
    """One process: ``state`` is ok, late, away or never; ``words`` say it."""

    name: str
    title: str
    state: str
    words: str
    at: datetime | None


@dataclass(frozen=True)
class Counter:
    """Something the engine counts since its start, or what is waiting in it."""

    name: str
    title: str
    value: int


@dataclass(frozen=True)
class Health:
    ok: bool
    parts: tuple[Part, ...]
    counters: tuple[Counter, ...]
    troubles: tuple[str, ...]  # what keeps the engine from its work, in its own words
    jobs: Mapping[str, int]


def health(viewer: Viewer) -> Health:
    """The state of the product, for those who may look after it."""
    if not viewer.may_anywhere("health.view"):
        raise NotAllowed("health.view")
    now = clock.now()
    engine = engine_says()
    parts = (*(_part(name, at, now) for name, at in heard(engine).items()), _part("web", now, now))
    troubles = tuple(str(engine[name]) for name in TROUBLES if engine.get(name))
    ok = not troubles and all(part.state == "ok" for part in parts)
    return Health(ok, parts, tuple(_counters(engine)), troubles, core.job_counts())


def pulse() -> dict[str, Any]:
    """What every open page is told: when engine and worker were last alive, and which of them is not."""
    now = clock.now()
    beats = heard(engine_says())
    stale = [name for name, at in beats.items() if state_of(name, at, now) != "ok"]
    return {f"{name}_at": at.isoformat() if at else None for name, at in beats.items()} | {"stale": stale}


def heard(engine: Mapping[str, Any]) -> dict[str, datetime | None]:
    at = engine.get("at")
    beats = core.heartbeats()
    worker = beats.get("worker")
    return {
        "engine": datetime.fromtimestamp(at / 1000, UTC) if isinstance(at, int | float) else None,
        "worker": worker.at if worker else None,
    }


def state_of(name: str, at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    late = LATE.get(name, timedelta(seconds=10))
    silent = now - at
    return "ok" if silent <= late else "late" if silent <= 4 * late else "away"


def _part(name: str, at: datetime | None, now: datetime) -> Part:
    state = state_of(name, at, now)
    return Part(name, str(TITLES[name]), state, str(WORDS[state]), at)


def _counters(engine: Mapping[str, Any]) -> Iterator[Counter]:
    said = {**engine, **engine.get("counts", {})}
    return (Counter(name, str(title), int(said[name])) for name, title in COUNTERS.items() if name in said)


def engine_says() -> Mapping[str, Any]:
    """The engine's report; read here, because its module would load the compiler into the web process."""
    try:
        said: dict[str, Any] = orjson.loads((settings.DATA / "engine.json").read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return said
