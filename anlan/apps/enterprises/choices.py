from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemKind(TextChoices):
    """Where the rows of a group come from."""

    ENTERPRISE = "enterprise", _("基本信息")
    LICENCE = "licence", _("证照")
    CERTIFICATE = "certificate", _("人员资质")
    CHEMICAL = "chemical", _("物料")
    EQUIPMENT = "equipment", _("设备")
    CONTRACTOR = "contractor", _("承包商")
    RECORD = "record", _("档案记录")


class Change(TextChoices):
    ADD = "add", _("登记")
    EDIT = "edit", _("更改")
    END = "end", _("停用")
    RESTORE = "restore", _("恢复")
    ATTACH = "attach", _("附件")
