"""The one shape of a refusal, and the one tree of errors.

AnlanError
├── Refused      a rule said no: carries a Refusal (what, what to do)
│   ├── NotAllowed   the viewer sees the thing, but may not do this to it
│   │   └── TokenRefused  the token does not let it through, whatever its owner may do
│   ├── NotSignedIn  whoever asks has not shown who they are, or not well enough
│   └── BadInput     what was sent is not what the form or the API takes
├── NotInScope   the thing lies outside the viewer's place or role; shown as "not found"
├── TooMany      more requests than one may send in this time; carries when to try again
└── Unavailable  a part of the system is away; carries when to try again
"""

from dataclasses import replace
from typing import Self

from django.utils.translation import gettext

from anlan.kit.clock import today
from anlan.packs.families import roles
from anlan.rules.refusal import Refusal


class AnlanError(Exception):
    """Base of every error that this product raises on purpose."""


class Refused(AnlanError):
    """A rule refused an action; ``refusal`` says what is wrong and what to do."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.filled(f"{refusal.code}: {refusal.message} {refusal.fix}".rstrip()))
        self.refusal = refusal

    def in_row(self, number: int) -> Self:
        """The same refusal, saying in its parameter ``row`` which entry of a batch it is about, from 1."""
        self.refusal = replace(self.refusal, params={**self.refusal.params, "row": str(number)})
        return self


class NotAllowed(Refused):
    """The viewer sees the thing, but lacks the capability that this needs."""

    def __init__(self, capability: str) -> None:
        right = roles.load(today()).capabilities.get(capability, capability)
        fix = "如工作需要，请联系系统管理员授权。"
        super().__init__(Refusal("grant.missing", "您没有“{right}”的权限。", fix, {"right": gettext(right)}))


class TokenRefused(NotAllowed):
    """The token does not let this through, whatever its owner may do."""

    def __init__(self, refusal: Refusal) -> None:
        Refused.__init__(self, refusal)


class NotSignedIn(Refused):
    """A token that is unknown, expired or revoked; the answer is 401."""


class BadInput(Refused):
    """What was sent does not have the right form; nothing was changed."""


class NotInScope(AnlanError):
    """The viewer may not know that this exists. Pages and API answer 404."""


class TooMany(AnlanError):
    """More requests than are taken from one sender in this time; try again after ``retry_after_s`` [s]."""

    def __init__(self, most: int, *, retry_after_s: int) -> None:
        super().__init__(f"more than {most} requests a minute")
        self.most = most
        self.retry_after_s = retry_after_s


class Unavailable(AnlanError):
    """A part of the system does not answer; try again after ``retry_after_s`` [s]."""

    def __init__(self, part: str, *, retry_after_s: int = 5) -> None:
        super().__init__(f"{part} does not answer")
        self.part = part
        self.retry_after_s = retry_after_s


def check(refusal: Refusal | None) -> None:
    """Raise what a rule refused; nothing when it let pass."""
    if refusal is not None:
        raise Refused(refusal)
