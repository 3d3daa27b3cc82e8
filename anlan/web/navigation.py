"""The pages of the product, one line each: who may open them, and where the frame shows the way to them.

A page that is not built yet, or that the viewer may not open, is shown nowhere. To add one, add a line: its address,
its name, an icon of ``kit/icons.py``, and the capabilities of which any one opens it (none: everybody who signed in).
``group`` says where it stands: ``main`` in the bar, in this order of weight; ``more`` behind the button at its end;
``me`` in the menu of the person. ``thumb`` pages lie at the foot of a phone; at most four are shown there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from anlan.kit.grants import Viewer

THUMBS = 4


@dataclass(frozen=True)
class Page:
    """One line of the registry; ``also``: how other addresses of it begin; ``keys``: other words for it."""

    url: str
    title: str
    icon: str
    needs: tuple[str, ...] = ()
    group: str = "main"
    thumb: bool = False
    also: tuple[str, ...] = ()
    keys: str = ""


PAGES = (
    Page("/", _("一张图"), "map", ("place.view",), thumb=True, also=("/places/",), keys="map yzt 地图"),
    Page("/duty", _("值班台"), "duty", ("alarm.view",), thumb=True, also=("/shifts",), keys="duty zbt"),
    Page("/desk", _("企业工作台"), "desk", ("enterprise.edit",), also=("/desk/",), keys="desk qy"),
    Page("/alarms", _("报警"), "alarm", ("alarm.view",), thumb=True, also=("/alarms/",), keys="alarm bj"),
    Page("/enterprises", _("企业"), "plant", ("enterprise.view",), thumb=True, also=("/enterprises/",), keys="qy"),
    Page("/risks", _("风险"), "risk", ("place.view",), also=("/risks/",), keys="risk fx 风险清单"),
    Page("/chart", _("曲线"), "chart", ("tag.view",), also=("/tags/",), keys="chart trend qx 趋势 历史"),
    Page("/consequences", _("后果"), "risk", ("scenario.view",), also=("/consequences/",),
         keys="consequence scenario hg 事故 模拟"),
    Page("/parks", _("园区"), "layers", ("park.view",), also=("/parks/", "/projects/"), keys="park yq 准入 化工园"),
    Page("/reports", _("报告"), "note", ("report.view",), group="more", also=("/reports/",), keys="report bg 清单"),
    Page("/wall", _("大屏"), "wall", ("place.view",), also=("/wall/",), keys="wall dp"),
    Page("/manage", _("管理"), "manage", ("person.edit", "grant.give", "audit.view", "source.edit"), also=("/manage/",),
         keys="manage admin gl"),
    Page("/imports", _("导入导出"), "exchange", ("place.edit", "person.edit", "tag.edit", "enterprise.edit"),
         group="more", also=("/imports/",), keys="import export excel dr"),
    Page("/tailings", _("尾矿库"), "layers", ("pond.view",), group="more", also=("/tailings/",), keys="pond wkk 调洪"),
    Page("/search", _("查找"), "search", ("place.view",), group="more", keys="search find cz"),
    Page("/changes", _("等级变化"), "chart", ("place.view",), group="more", keys="change dj bh 昨夜 变化 历史"),
    Page("/notices", _("通知"), "bell", (), group="more", keys="notice tz"),
    Page("/health", _("系统状态"), "health", ("health.view",), group="more", keys="health xt"),
    Page("/stage", _("故事台"), "play", ("health.view",), group="more", also=("/stage/",), keys="stage demo gst 演示"),
    Page("/style", _("样式"), "style", (), group="more", keys="style"),
    Page("/account/tokens", _("接口令牌"), "key", (), group="me", also=("/account/tokens/",), keys="token api lp"),
    Page("/account/hooks", _("事件推送"), "exchange", (), group="me", also=("/account/hooks/",), keys="webhook ts"),
    Page("/api/docs", _("接口说明"), "note", (), group="more", keys="api openapi jk"),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A page as the frame shows it to one viewer."""

    url: str
    title: str
    icon: str
    group: str
    current: bool
    thumb: bool
    keys: str


@cache
def exists(url: str) -> bool:
    """Whether this installation answers at the address."""
    try:
        resolve(url)
    except Resolver404:
        return False
    return True


def entries(viewer: Viewer, path: str = "") -> list[Entry]:
    """The pages that the viewer may open, the one at ``path`` marked."""
    open_to = [page for page in PAGES if exists(page.url) and _may(viewer, page)]
    here = _nearest(open_to, path)
    thumbs = [page.url for page in open_to if page.thumb][:THUMBS]
    return [
        Entry(page.url, gettext(page.title), page.icon, page.group, page.url == here, page.url in thumbs, page.keys)
        for page in open_to
    ]


def _may(viewer: Viewer, page: Page) -> bool:
    return not page.needs or any(viewer.may_anywhere(capability) for capability in page.needs)


def _nearest(pages: Iterable[Page], path: str) -> str:
    """The page whose address, or part of the house, is the longest beginning of ``path``."""
    ours = [(len(start), page.url) for page in pages for start in (page.url, *page.also) if _begins(path, start)]
    return max(ours, default=(0, ""))[1]


def _begins(path: str, start: str) -> bool:
    return path == start or (start != "/" and path.startswith(start.rstrip("/") + "/"))
