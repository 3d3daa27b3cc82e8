from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlaceKind(TextChoices):
    """What a place is. The order is from the largest to the smallest."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县")
    TOWN = "town", _("乡镇街道")
    GRID = "grid", _("网格")
    PARK = "park", _("园区")
    ZONE = "zone", _("专题区域")
    ENTERPRISE = "enterprise", _("企业")
    AREA = "area", _("区域")
    UNIT = "unit", _("生产单元")
    RISK_POINT = "risk_point", _("风险点")
    PUBLIC_OBJECT = "public_object", _("公共对象")
    SEGMENT = "segment", _("线段")
    MOBILE = "mobile", _("移动对象")


class JobState(TextChoices):
    WAITING = "waiting", _("等待")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")
