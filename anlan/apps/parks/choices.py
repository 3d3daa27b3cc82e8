from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GateState(TextChoices):
    OPEN = "open", _("开放")
    CHECKED = "checked", _("查验放行")
    CLOSED = "closed", _("关闭")


class Way(TextChoices):
    """What became of a vehicle at a gate."""

    INSIDE = "inside", _("在园")
    LEFT = "left", _("已离园")
    TURNED = "turned", _("已拦下")


class ProjectState(TextChoices):
    DRAFT = "draft", _("待检查")
    CHECKED = "checked", _("待会签")
    APPROVED = "approved", _("同意准入")
    REFUSED = "refused", _("不予准入")
    WITHDRAWN = "withdrawn", _("已撤回")


class Opinion(TextChoices):
    AGREE = "agree", _("同意")
    REFUSE = "refuse", _("不同意")


class ListedKind(TextChoices):
    """What an entry of a park's own list is about."""

    PRODUCT = "product", _("产品或化学品")
    PROCESS = "process", _("工艺")
    EQUIPMENT = "equipment", _("设备")
    INDUSTRY = "industry", _("行业代码")
