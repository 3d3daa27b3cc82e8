from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.kit.documents import DOCX
from anlan.kit.sheets import XLSX


class ReportKind(TextChoices):
    """The four reports. What they are called in full and what they list is in the pack core/reports."""

    ANALYSIS = "analysis", _("风险分析")
    MAJOR_LIST = "major_list", _("重大风险清单")
    ASSESSMENT = "assessment", _("综合风险评估")
    KNOCK_ON = "knock_on", _("次生衍生与影响范围")


class ReportState(TextChoices):
    MAKING = "making", _("正在生成")
    DONE = "done", _("已生成")
    REFUSED = "refused", _("不能生成")


#: What each report is written as, the first the one to read.
PDF, WORD, EXCEL = "pdf", "docx", "xlsx"
TYPES = {PDF: "application/pdf", WORD: DOCX, EXCEL: XLSX}
