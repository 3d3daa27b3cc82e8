from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Limit(IntegerChoices):
    """Which rule of a tag an alarm belongs to. The numbers are the kernel's."""

    HH = 0, _("高高限")
    H = 1, _("高限")
    L = 2, _("低限")
    LL = 3, _("低低限")
    MISSING = 4, _("数据中断")


class AlarmState(TextChoices):
    """The states of ISA-18.2 that this cut knows."""

    UNACKNOWLEDGED = "unacknowledged", _("未确认")
    ACKNOWLEDGED = "acknowledged", _("已确认")
    RETURNED = "returned", _("已恢复未确认")
    CLOSED = "closed", _("已关闭")


class SourceKind(TextChoices):
    HTTP = "http", _("HTTP")
    MQTT = "mqtt", _("MQTT")
