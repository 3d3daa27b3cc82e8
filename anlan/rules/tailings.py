"""Tailings ponds: grade, class, level of warning, when one must be closed. Plain data in, decisions out.

The tables come from the pack ``sectors/tailings/ponds``. A warning is 0 (none), 1 blue, 2 yellow, 3 orange, 4 red.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anlan.rules.levels import Level

Lower = tuple[float, float]  # least volume [1e4 m3] and least height [m] of a grade


def grade(volume: float, height: float, lowest: Sequence[Lower]) -> int:
    """The grade, 1 (largest) to 5, of a pond: by volume and by height; one apart the higher counts, further apart the
    higher less one (GB 50863-2013 3.3.1).

    ``lowest``: of grade 1 first; the last row takes what is smaller.
    """
    by_volume = _row(volume, [row[0] for row in lowest])
    by_height = _row(height, [row[1] for row in lowest])
    high = min(by_volume, by_height)
    return high if abs(by_volume - by_height) <= 1 else high + 1


def _row(value: float, lowest: Sequence[float]) -> int:
    return next((number for number, least in enumerate(lowest, 1) if value >= least), len(lowest))


def warning(value: float, limits: Mapping[int, float], *, falling: bool) -> int:
    """How grave a reading is: the worst of the ``limits`` (warning → value) that it has reached.

    ``falling``: small values are the bad ones (beach, depth of the phreatic line).
    """
    reached = [rank for rank, limit in limits.items() if (value <= limit if falling else value >= limit)]
    return max(reached, default=0)


def gathered(warnings: Iterable[int], upgrades: Mapping[int, int]) -> int:
    """The warning of several points, or of several items: the worst, where enough of one colour count as the next.

    ``upgrades``: colour → how many of it make one of the next (GB 39496-2020 5.5.4: 4 blue, 3 yellow, 2 orange).
    """
    counts = dict.fromkeys(range(5), 0)
    for one in warnings:
        counts[one] += 1
    for rank in (1, 2, 3):
        if rank in upgrades and counts[rank] >= upgrades[rank]:
            counts[rank + 1] += counts[rank] // upgrades[rank]
    return max((rank for rank, count in counts.items() if count), default=0)


@dataclass(frozen=True)
class Part:
    """One thing that was looked at. ``text`` is a msgid with {names} from ``params``; ``level`` None: says nothing."""

    key: str
    level: Level | None
    text: str
    params: Mapping[str, str | int | float]
    clause: str = ""

    @property
    def unknown(self) -> bool:
        return self.level is Level.UNKNOWN


@dataclass(frozen=True)
class Judgement:
    """The level of a pond, the parts from the worst, and the one that decides."""

    level: Level
    parts: tuple[Part, ...]
    lifted: bool = False

    @property
    def deciding(self) -> Part | None:
        return self.parts[0] if self.parts else None


_SEVERITY = {Level.MAJOR: 5, Level.SERIOUS: 4, Level.GENERAL: 3, Level.UNKNOWN: 2, Level.LOW: 1, None: 0}


def judged(parts: Sequence[Part], *, lift: bool) -> Judgement:
    """The worst of the parts; nothing is averaged. ``lift``: with people close below, general and above count one more.

    What nobody knows is never low: an unknown part makes the pond unknown unless another one is worse.
    """
    told = sorted(parts, key=lambda part: -_SEVERITY[part.level])
    worst = told[0].level if told and told[0].level is not None else Level.UNKNOWN
    raised = lift and Level.GENERAL <= worst < Level.MAJOR
    return Judgement(Level(worst + 1) if raised else worst, tuple(told), raised)


def stability_state(factor: float, required: float, steps: Sequence[tuple[str, float]]) -> str:
    """Which state a factor of safety means: the first (state, share of ``required``) it is below; else ''."""
    return next((state for state, share in sorted(steps, key=lambda step: step[1]) if factor < share * required), "")


def flood_state(*, freeboard_holds: bool, beach_holds: bool, over: bool) -> str:
    """What the routing of the design flood says: ``overtopped``, ``both``, ``one`` or ''."""
    if over:
        return "overtopped"
    return ("", "one", "both")[2 - freeboard_holds - beach_holds]


@dataclass(frozen=True)
class Closing:
    """``must`` be closed since ``since``; closed by ``until``; ``late`` once that has passed."""

    must: bool
    since: date | None = None
    until: date | None = None
    late: bool = False


def closing(last_deposit: date | None, today: date, idle_years: int, allowed_years: int) -> Closing:
    """Whether a pond into which nothing was put since ``last_deposit`` must be closed."""
    if last_deposit is None:
        return Closing(must=False)
    since = years_after(last_deposit, idle_years)
    if today < since:
        return Closing(must=False, since=since)
    until = years_after(since, allowed_years)
    return Closing(must=True, since=since, until=until, late=today > until)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError
