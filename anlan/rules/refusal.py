"""What a rule returns when it says no."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done.

    ``code`` is stable and machine-readable (``alarm.already_acknowledged``); ``message`` says what is wrong with which
    value, ``fix`` what to do about it, both as Chinese msgids that the interface translates.
    """

    code: str
    message: str
    fix: str = ""
