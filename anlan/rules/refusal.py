"""What a rule returns when it says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done.

    ``code`` is stable and machine-readable (``alarm.already_acknowledged``); ``message`` says what is wrong with which
    value, ``fix`` what to do about it, both as Chinese msgids that the interface translates. ``{names}`` in them are
    filled from ``params`` after the translation.
    """

    code: str
    message: str
    fix: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def filled(self, text: str) -> str:
        """``text`` (a translation of ``message`` or ``fix``) with its {names} filled in."""
        return text.format(**self.params) if self.params else text
