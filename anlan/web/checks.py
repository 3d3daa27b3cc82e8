"""What the health page and ``anlan doctor`` look at besides the processes: broker, disk, database, backup, packs,
certificate, clocks. One function for both, so that they never disagree."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from anlan.apps.monitoring.selectors.health import engine_says
from anlan.kit import clock, words
from anlan.web import packview, siblings

VENDORS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DISK_LOW = 0.10  # of the disk is free
DISK_OUT = 0.03
BACKUP_LATE = timedelta(days=2)
CERTIFICATE_SOON = timedelta(days=21)
CLOCK_OFF_S = 2.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``state`` is ok, late (somebody should see to it) or away (it does not work)."""

    name: str
    title: str
    state: str
    words: str
    remedy: str = ""


def checks() -> list[Check]:
    """Everything, in the order in which a manager asks."""
    looks: tuple[Callable[[], Iterator[Check]], ...] = (
        _webs,
        _database,
        _disk,
        _backup,
        _broker,
        _packs,
        _certificate,
        _clocks,
    )
    return [check for look in looks for check in look()]


def _webs() -> Iterator[Check]:
    """Where several web processes share the work: whether all of them do."""
    wanted = _serving().get("web_processes", 1)
    if not isinstance(wanted, int) or wanted < 2:
        return
    alive = len(siblings.living(settings.DATA))
    said = _("{n} 个进程中 {alive} 个在工作").format(n=wanted, alive=min(alive, wanted))
    fix = "" if alive >= wanted else _("少的一个会自动重新启动；总是缺少时请查看日志。")
    yield Check("webs", _("网页进程"), "ok" if alive >= wanted else "late" if alive else "away", said, fix)


def _database() -> Iterator[Check]:
    """The database answers: had it not, nobody would read this."""
    vendor = VENDORS.get(connection.vendor, connection.vendor)
    said = _("正常，{size}").format(size=filesizeformat(_database_size()))
    yield Check("database", _("记录库（{vendor}）").format(vendor=vendor), "ok", said)


def _database_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def _disk() -> Iterator[Check]:
    disk = shutil.disk_usage(settings.DATA)
    share = disk.free / disk.total
    said = _("剩余 {free}，共 {total}").format(free=filesizeformat(disk.free), total=filesizeformat(disk.total))
    state = "away" if share < DISK_OUT else "late" if share < DISK_LOW else "ok"
    fix = "" if state == "ok" else _("请清理或扩大数据文件夹所在的磁盘；写满时引擎会停止接收。")
    yield Check("disk", _("磁盘"), state, said, fix)


def _backup() -> Iterator[Check]:
    fix = _("请在服务器上定时运行 anlan backup，见 deploy/systemd/anlan-backup.timer。")
    try:
        said = json.loads((settings.DATA / "last-backup.json").read_text())
        at = datetime.fromisoformat(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        yield Check("backup", _("备份"), "late", _("还没有备份过"), fix)
        return
    late = clock.now() - at > BACKUP_LATE
    told = _("{when}，{size}").format(when=words.relative(at, clock.now()), size=filesizeformat(said.get("bytes", 0)))
    yield Check("backup", _("备份"), "late" if late else "ok", told, fix if late else "")


def _broker() -> Iterator[Check]:
    connectors = engine_says().get("connectors", [])
    if not connectors:
        yield Check("broker", _("MQTT 代理"), "ok", _("没有配置，只用 HTTP 接入"))
    for one in connectors:
        title = _("MQTT 代理 {broker}").format(broker=one.get("broker", ""))
        if one.get("connected"):
            yield Check("broker", title, "ok", _("已连接，收到 {n} 条").format(n=one.get("received", 0)))
        else:
            fix = _("请检查代理是否在运行、地址和口令（ANLAN_MQTT_URL）。")
            yield Check("broker", title, "away", _("没有连接 {why}").format(why=one.get("error") or ""), fix)


def _packs() -> Iterator[Check]:
    found = packview.problems()
    total = len(packview.entries())
    if found:
        said = _("{n} 处错误，第一处：{first}").format(n=len(found), first=found[0].message)
        yield Check("packs", _("规则包"), "away", said, _("请运行 anlan packs check 查看全部并更正。"))
    else:
        yield Check("packs", _("规则包"), "ok", _("{n} 个文件都通过检查").format(n=total))


def _certificate() -> Iterator[Check]:
    """The certificate that this product serves itself; behind a proxy that is the proxy's business."""
    path = _served_certificate()
    if path is None:
        said = _("由前面的代理负责") if settings.PROXIES else _("没有加密，只适合本机或内网试用")
        fix = "" if settings.PROXIES or settings.DEBUG else _("正式使用请在 nginx 上启用 https，或用 --tls-cert 启动。")
        yield Check("certificate", _("https 证书"), "ok", said, fix)
        return
    try:
        until = _valid_until(path)
    except (OSError, ValueError):
        yield Check("certificate", _("https 证书"), "late", _("证书文件无法读取：{path}").format(path=path))
        return
    left = until - clock.now()
    state = "away" if left < timedelta(0) else "late" if left < CERTIFICATE_SOON else "ok"
    fix = "" if state == "ok" else _("请换新证书并重新启动。")
    yield Check("certificate", _("https 证书"), state, _("有效到 {day}").format(day=f"{until:%Y-%m-%d}"), fix)


def _served_certificate() -> Path | None:
    path = _serving().get("certificate")
    return Path(path) if path else None


def _serving() -> dict[str, Any]:
    """How ``anlan up`` was last started here."""
    try:
        said = json.loads((settings.DATA / "serving.json").read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _valid_until(path: Path) -> datetime:
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _clocks() -> Iterator[Check]:
    """This machine's clock against the database's, and whether gateways send times that lie ahead of it."""
    off = _database_ahead_s()
    ahead = int(engine_says().get("counts", {}).get("future_time", 0))
    fix = _("请在服务器、数据库和网关上启用时间同步（NTP）。")
    if abs(off) > CLOCK_OFF_S:
        yield Check("clock", _("时钟"), "late", _("与数据库相差 {n} 秒").format(n=f"{off:+.1f}"), fix)
    elif ahead:
        yield Check("clock", _("时钟"), "late", _("有 {n} 条读数的时间在未来，被拒收").format(n=ahead), fix)
    else:
        yield Check("clock", _("时钟"), "ok", _("与数据库一致，没有读数的时间在未来"))


def _database_ahead_s() -> float:
    if connection.vendor != "postgresql":
        return 0.0  # the same machine, the same clock
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return (moment.astimezone(UTC) - clock.now()).total_seconds()
