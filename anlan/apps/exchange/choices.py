from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    """How far an import has come."""

    STAGING = "staging", _("正在核对")
    REFUSED = "refused", _("文件不能用")
    STAGED = "staged", _("待发布")
    PUBLISHING = "publishing", _("正在发布")
    PUBLISHED = "published", _("已发布")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    DROPPED = "dropped", _("已放弃")


class LineState(TextChoices):
    """What a row of the file is."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("更改")
    SAME = "same", _("没有变化")
    BAD = "bad", _("有错")
