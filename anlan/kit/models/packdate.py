"""On which day the packs behind a model must hold."""

from datetime import UTC, date, datetime


def day(on: str) -> date:
    """The ISO date ``on``; today when it is empty.

    Raises
    ------
    ValueError
        ``on`` is no date.
    """
    if not on:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"on = “{on}”：应是日期，如 2026-11-01") from None
