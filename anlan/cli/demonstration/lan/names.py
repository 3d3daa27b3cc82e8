"""Names, codes and numbers that sound right and belong to nobody."""

from anlan.cli.demonstration.lan.dice import Dice
from anlan.packs.families.county import Brands, PeopleNames
from anlan.rules.codes import uscc_check_character

_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def brands(names: Brands, dice: Dice) -> list[str]:
    """All the two-character names that the parts give, in a random order."""
    return dice.shuffled([first + second for first in names.first for second in names.second if first != second])


def credit_code(division: str, serial: int, kind: str = "91") -> str:
    """A unified social credit code with right check characters (GB 32100, GB 11714), in an invented division."""
    body = "MA0"
    for place in (31**4, 31**3, 31**2, 31, 1):
        body += _CHARACTERS[serial // place % 31]
    front = f"{kind}{division}{body}{_organisation_check(body)}"
    return front + uscc_check_character(front)


def _organisation_check(body: str) -> str:
    total = sum(_ORGANISATION.index(each) * weight for each, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] if total % 11 else "0"


def person(names: PeopleNames, dice: Dice) -> str:
    return dice.one(names.surnames) + dice.one(names.given)


def phone(dice: Dice) -> str:
    """A mobile number that cannot exist: no number begins with 1000."""
    return f"1000{dice.whole(0, 9_999_999):07d}"
