"""What the models' keys are called on pages."""

from django.utils.translation import gettext_lazy as _

EFFECTS = {
    "toxic": _("中毒"),
    "flash_fire": _("闪火"),
    "explosion": _("蒸气云爆炸"),
    "jet_fire": _("喷射火"),
    "pool_fire": _("池火"),
    "fireball": _("火球"),
    "vessel_burst": _("容器爆裂"),
}
FIGURES = {
    "exposure": _("暴露时间"),
    "fireball_mass": _("火球质量"),
    "fireball_diameter": _("火球直径"),
    "duration": _("持续时间"),
    "emissive_power": _("表面热辐射"),
    "pool_diameter": _("液池直径"),
    "burning_flux": _("燃烧速率"),
    "flame_length": _("火焰长度"),
    "flame_tilt": _("火焰倾角"),
    "burning_rate": _("燃烧量"),
    "flammable_mass": _("可燃质量"),
    "tnt_mass": _("TNT 当量"),
    "centre": _("爆炸中心距泄漏点"),
    "burst_energy": _("爆裂能量"),
    "volume": _("容积"),
}
PHASES = {"gas": _("气体"), "liquid": _("液体"), "flashing-liquid": _("过热液体，闪蒸")}
KINDS = {"hole": _("孔泄漏"), "pipe": _("管道断裂"), "rupture": _("整体破裂")}
STABILITY = {
    "A": _("A 强不稳定"),
    "B": _("B 不稳定"),
    "C": _("C 弱不稳定"),
    "D": _("D 中性（阴天或大风）"),
    "E": _("E 较稳定"),
    "F": _("F 稳定（晴夜微风）"),
}
SURROUNDINGS = {"rural": _("开阔地"), "urban": _("城镇")}
POINTS = (_("北"), _("东北"), _("东"), _("东南"), _("南"), _("西南"), _("西"), _("西北"))
