from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    """What a web hook may ask for. The words before the dot are the topics of the live stream."""

    LEVEL_CHANGED = "level.changed", _("场所等级变化")
    ALARM_RAISED = "alarm.raised", _("发生报警")
    ALARM_ACKNOWLEDGED = "alarm.acknowledged", _("报警已确认")
    ALARM_CLEARED = "alarm.cleared", _("报警恢复")
    ALARM_CLOSED = "alarm.closed", _("报警关闭")
    ALARM_COMMENTED = "alarm.commented", _("报警备注")
    FACT_RAISED = "fact.raised", _("新增风险事实")
    FACT_CLEARED = "fact.cleared", _("风险事实结束")


class DeliveryState(TextChoices):
    WAITING = "waiting", _("等待发送")
    DONE = "done", _("已送达")
    FAILED = "failed", _("已放弃")
    WITHHELD = "withheld", _("无权接收，未发送")


TEST = "test"
