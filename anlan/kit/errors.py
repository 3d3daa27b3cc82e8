"""The one shape of a refusal, and the one tree of errors.

AnlanError
├── Refused      a rule said no: carries a Refusal (what, what to do)
├── NotInScope   the thing lies outside the viewer's place or role; shown as "not found"
└── Unavailable  a part of the system is away; carries when to try again
"""

from anlan.rules.refusal import Refusal


class AnlanError(Exception):
    """Base of every error that this product raises on purpose."""


class Refused(AnlanError):
    """A rule refused an action; ``refusal`` says what is wrong and what to do."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.message} {refusal.fix}".rstrip())
        self.refusal = refusal


class NotInScope(AnlanError):
    """The viewer may not know that this exists. Pages and API answer 404."""


class Unavailable(AnlanError):
    """A part of the system does not answer; try again after ``retry_after_s`` [s]."""

    def __init__(self, part: str, *, retry_after_s: int = 5) -> None:
        super().__init__(f"{part} does not answer")
        self.part = part
        self.retry_after_s = retry_after_s
