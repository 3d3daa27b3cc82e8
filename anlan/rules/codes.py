"""Codes of places: administrative divisions (GB/T 2260, GB/T 10114) and organisations (GB 32100).

A division code has six digits, two each for province, prefecture and county; what a level does not use is 00. A town
adds three digits. The unified social credit code has 18 characters: registering authority, kind of organisation,
division of registration (6), subject code (9) and a check character.
"""

import re

from anlan.rules.refusal import Refusal

_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_USCC_WEIGHTS = [pow(3, position, 31) for position in range(17)]
_USCC = re.compile(rf"[1-9ANY][{_USCC_CHARACTERS}]\d{{6}}[{_USCC_CHARACTERS}]{{9}}[{_USCC_CHARACTERS}]")
_DIVISIONS = {
    "province": re.compile(r"[1-9]\d0000"),
    "city": re.compile(r"[1-9]\d(?!00)\d\d00"),
    "county": re.compile(r"[1-9]\d\d\d(?!00)\d\d"),
    "town": re.compile(r"[1-9]\d{5}(?!000)\d{3}"),
}
#: How many leading digits a division shares with the division above it.
_SHARED = {"province": 2, "city": 4, "county": 6}


def uscc_check_character(body: str) -> str:
    """The 18th character of a unified social credit code from its first 17. Raises ValueError at a foreign one."""
    total = sum(_USCC_CHARACTERS.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_CHARACTERS[-total % 31]


def uscc(code: str) -> Refusal | None:
    """Whether ``code`` is a unified social credit code: characters, layout and check character (GB 32100-2015)."""
    if not _USCC.fullmatch(code):
        return Refusal(
            "code.uscc_form",
            "“{code}”不是统一社会信用代码。",
            "代码为 18 位数字和大写字母，不含 I、O、S、V、Z，第 3 至 8 位为行政区划。",
            {"code": code},
        )
    if uscc_check_character(code[:17]) != code[17]:
        return Refusal("code.uscc_check", "统一社会信用代码“{code}”的校验码不符。", "请核对营业执照。", {"code": code})
    return None


def division(kind: str, code: str, parent_code: str = "", parent_kind: str = "") -> Refusal | None:
    """Whether ``code`` may be that of a division of ``kind`` lying under ``parent_code`` (GB/T 2260, GB/T 10114)."""
    if not _DIVISIONS[kind].fullmatch(code):
        return Refusal(
            "code.division_form",
            "“{code}”不是该级行政区划代码。",
            "省、市、县为 6 位（省后四位、市后两位为 0），乡镇街道为县代码加 3 位。",
            {"code": code},
        )
    shared = parent_code[: _SHARED.get(parent_kind, 0)]
    if not code.startswith(shared):
        return Refusal(
            "code.division_parent",
            "行政区划代码“{code}”不属于上级“{parent}”。",
            "代码应以“{shared}”开头。",
            {"code": code, "parent": parent_code, "shared": shared},
        )
    return None


def check(kind: str, code: str, parent_code: str = "", parent_kind: str = "") -> Refusal | None:
    """Whether a place of ``kind`` may carry ``code``. No code is always good; other kinds number as they like."""
    if not code:
        return None
    if kind in _DIVISIONS:
        return division(kind, code, parent_code, parent_kind)
    if kind == "enterprise":
        return uscc(code)
    if len(code) <= 24 and code.isprintable():
        return None
    return Refusal("code.too_long", "编号“{code}”不可用。", "编号不超过 24 个可见字符。", {"code": code[:30]})
