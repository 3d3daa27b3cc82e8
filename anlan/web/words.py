"""What people call the fields that audit rows name."""

from django.utils.translation import gettext_noop as _

FIELD_WORDS = {
    "name": _("名称"),
    "code": _("编码"),
    "sector": _("行业"),
    "asset": _("所属的线"),
    "geometry": _("图形"),
    "hh": _("高高限"),
    "h": _("高限"),
    "l": _("低限"),
    "ll": _("低低限"),
    "deadband": _("回差"),
    "on_delay_s": _("报警延时（秒）"),
    "off_delay_s": _("恢复延时（秒）"),
    "missing_s": _("中断判定（秒）"),
    "range_low": _("量程下限"),
    "range_high": _("量程上限"),
    "unit": _("单位"),
    "decimals": _("小数位"),
    "rank": _("重要程度"),
    "enabled": _("在用"),
    "place_id": _("场所"),
}
