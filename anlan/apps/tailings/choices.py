from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """How a dam is raised."""

    UPSTREAM = "upstream", _("上游式")
    DOWNSTREAM = "downstream", _("下游式")
    CENTRELINE = "centreline", _("中线式")
    DRY = "dry", _("干式")


class PondState(TextChoices):
    """Translators: 闭库 = closing works done and accepted; 销库 = struck off the register."""

    IN_USE = "in_use", _("运行")
    BUILDING = "building", _("在建")
    IDLE = "idle", _("停用")
    CLOSING = "closing", _("闭库治理中")
    CLOSED = "closed", _("已闭库")
    CANCELLED = "cancelled", _("已销库")


#: Nothing is put in any more and water is led past: neither fact nor deadline.
OVER = frozenset({PondState.CLOSED.value, PondState.CANCELLED.value})


class Outcome(TextChoices):
    """What a test of a drain found."""

    GOOD = "good", _("完好")
    WORN = "worn", _("有裂缝磨损，不影响使用")
    REDUCED = "reduced", _("部分堵塞，能力不足")
    BLOCKED = "blocked", _("严重堵塞或坍塌")


class Way(TextChoices):
    """How a drain was tested."""

    VISUAL = "visual", _("人员进洞检查")
    ROBOT = "robot", _("机器人、潜水检查")
    FLOW = "flow", _("放水测流")
    RADAR = "radar", _("衬砌雷达、取芯检测")
