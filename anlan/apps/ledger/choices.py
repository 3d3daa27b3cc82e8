from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.rules.levels import Level


class LevelChoice(IntegerChoices):
    """The stored rank of :class:`anlan.rules.levels.Level`; the word of a rank comes from the pack core/levels."""

    UNKNOWN = Level.UNKNOWN, _("未知")
    LOW = Level.LOW, _("低")
    GENERAL = Level.GENERAL, _("一般")
    SERIOUS = Level.SERIOUS, _("较大")
    MAJOR = Level.MAJOR, _("重大")


class AppliesTo(TextChoices):
    SELF = "self", _("本处")
    DESCENDANTS = "descendants", _("本处及以下")
