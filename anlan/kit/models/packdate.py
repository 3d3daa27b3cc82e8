"""On which day the packs behind a model must hold."""

from datetime import date

from anlan.kit import clock


def day(on: str) -> date:
    """The ISO date ``on``; today when it is empty.

    Raises
    ------
    ValueError
        ``on`` is no date.
    """
    if not on:
        return clock.today()
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"on = “{on}”：应是日期，如 2026-11-01") from None
