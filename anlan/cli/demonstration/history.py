"""Makes the month before the demo began, while the demo runs: the same inputs through the same engine and actions.

``first_colours`` comes before the product's worker: the projector goes to the begin of the month and shows the county
as it was assessed. ``Making.run`` comes after: readings of 30 days through the engine's step, what it found through
its sink, people's acts through the actions, all on a simulated clock and in a shard of its own; then the projector
writes the colours of that time, and the living engine takes over the readings. What is there already is passed over,
so a broken-off start goes on where it stopped.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from anlan.apps.core.actions import lead, release
from anlan.apps.core.models import Place
from anlan.apps.ledger.models import PlaceLevel
from anlan.apps.ledger.picture import EPOCH, moment
from anlan.apps.ledger.projector import LEASE, Projector
from anlan.apps.monitoring.models import Applied
from anlan.apps.monitoring.selectors import tag_table
from anlan.cli.demonstration.desk import People, Play
from anlan.cli.demonstration.gateways import library_of
from anlan.cli.demonstration.month import SHARD, Events, Keeping, Past, Played, Shard
from anlan.cli.demonstration.plan import Plan
from anlan.cli.demonstration.signals import Field
from anlan.kit import clock
from anlan.packs.families import demo_month, demo_signals
from anlan.packs.families.demo import SourceSpec
from anlan.packs.families.demo_month import Month

HOLDER = "past"
LEASE_S = 10 * 365 * 86_400.0  # of a lease in a simulated time
MINUTE_MS = 60_000


@dataclass
class Progress:
    """How far the month is: days made of all, or what is being done after them."""

    days: int
    done: int = 0
    phase: str = "days"  # days, colours, done, failed
    readings: int = 0
    seconds: float = 0.0

    FILE = "month.json"

    def save(self, data: Path) -> None:
        folder = data / "stage"
        folder.mkdir(exist_ok=True)
        aside = folder / f"{self.FILE}.new"
        aside.write_text(json.dumps(asdict(self)))
        aside.rename(folder / self.FILE)

    @classmethod
    def read(cls, data: Path) -> "Progress | None":
        try:
            return cls(**json.loads((data / "stage" / cls.FILE).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None


def first_colours(begun: datetime, days: int) -> None:
    """Show every place as it was assessed when the month began, and as assessments changed until now; once."""
    if PlaceLevel.objects.exists():
        return
    with clock.simulated(begun - timedelta(days=days)) as simulated:
        if not lead(LEASE, HOLDER, LEASE_S):
            return
        projector = Projector(HOLDER, lambda: None)
        for at in (simulated.at, *_moments(projector, begun)):
            simulated.go_to(at)
            while projector.tick():
                pass
        release(LEASE, HOLDER)


def _moments(projector: Projector, end: datetime) -> Iterator[datetime]:
    for at in projector.picture.agenda.times(moment(end)):
        yield EPOCH + timedelta(microseconds=at)


def played_by(sources: Sequence[SourceSpec], plan: Plan, month: Month, speed: int, end: int) -> list[Played]:
    """The plants that replay recordings, with their upsets of the past month; ``end``: its last minute."""
    found = []
    for place, source in enumerate(sources):
        library = library_of(source.sector, clock.day_of(datetime.fromtimestamp(end * 60, UTC)))
        known = {sensor.code: sensor.number for sensor in plan.played.get(source.code, ())}
        normal = library.recording("normal")
        columns = [column for column, code in enumerate(normal.tags) if code in known]
        numbers = np.array([known[normal.tags[column]] for column in columns], np.uint32)
        upsets = []
        for one in (upset for upset in month.upsets if upset.plant == place):
            values = library.recording(one.recording).values[one.start : one.start + one.minutes, columns]
            upsets.append((end - round(one.days_before * 1440), values))
        found.append(Played(numbers, normal.values[:, columns], source.history_offset_h * 60, speed, tuple(upsets)))
    return found


class Making:
    """One month, from its plan to the last row."""

    def __init__(self, data: Path, begun: datetime, past: Past, people: People) -> None:
        self._data, self._past, self._people = data, past, people
        self._first, self._last = past.first, past.last
        self.progress = Progress(round((past.last - past.first) / 1440))
        self._began = time.monotonic()

    @classmethod
    def of(cls, data: Path, begun: datetime, sources: Sequence[SourceSpec], speed: int, days: int = 0) -> "Making":
        """The month of the county in ``data``; ``days`` = 0: as many as its pack says."""
        on = clock.day_of(begun)
        month = demo_month.load(on)
        plan, last = Plan.read(data), int(begun.timestamp()) // 60
        first = last - 1440 * (days or month.days)
        sensors = Field(plan.sensors, demo_signals.load(on), month.seed)
        past = Past(sensors, played_by(sources, plan, month, speed, last), month, first, last)
        root = Place.objects.filter(parent=None).order_by("pk")[0]
        return cls(data, begun, past, People.of(root, datetime.fromtimestamp(first * 60, UTC)))

    def run(self) -> Progress:
        """Make it; tells of its progress in the data folder."""
        start = datetime.fromtimestamp(self._first * 60, UTC)
        end = datetime.fromtimestamp(self._last * 60, UTC)
        self._tell()
        keeping = Keeping(self._data / "history" / "arriving-month")
        self._days(keeping, start, end)
        keeping.close()
        self.progress.readings = keeping.readings
        self._tell(phase="colours")
        self._colours(start, end)
        folder = self._data / "history"
        (folder / "arriving-month").rename(folder / "arrived-month")
        self._tell(phase="done")
        return self.progress

    def _days(self, keeping: Keeping, start: datetime, end: datetime) -> None:
        past, end_ms = self._past, self._last * MINUTE_MS
        done = dict(Applied.objects.filter(shard__gte=SHARD).values_list("shard", "offset"))
        random = np.random.default_rng(past.month.seed + 2)
        play = Play(self._people, past.month.desk, done, random)
        play.know(past.said(), past.field, past.traces)
        play.roster(start, end)
        shard = Shard(past.table(tag_table()), self._first * MINUTE_MS)
        for first, minutes in past.chunks():
            keeping.take(minutes)
            play.take(shard.run(minutes), (int(minutes.minutes[-1]) + 1) * MINUTE_MS)
            self._tell(done=(first - self._first) // 1440)
        play.take(_by(shard.end(end_ms), end_ms), end_ms)
        play.finish()
        self._tell(done=self.progress.days)

    def _colours(self, start: datetime, end: datetime) -> None:
        from anlan.apps.ledger.past import PastProjector, rewrite

        with clock.simulated(start) as simulated:
            lead(PastProjector.lease, HOLDER, LEASE_S)
            rewrite(simulated, end, HOLDER, lambda: None)
            release(PastProjector.lease, HOLDER)

    def _tell(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self.progress, name, value)
        self.progress.seconds = round(time.monotonic() - self._began, 1)
        self.progress.save(self._data)


def _by(events: Events, end_ms: int) -> Events:
    """Events no later than the end of the month."""
    return Events(events.upto, events.events, events.offsets, np.minimum(events.arrivals, end_ms))


def lay_down(data: Path, begun: datetime, sources: Sequence[SourceSpec], speed: int) -> None:
    """Make the month unless it is there. (Not with a lower priority: whoever waits for a turn holds the database.)"""
    known = Progress.read(data)
    if known is not None and known.phase == "done":
        return
    _use_kernels(data)
    making = Making.of(data, begun, sources, speed)
    try:
        making.run()
    except BaseException:
        making._tell(phase="failed")
        raise


def _use_kernels(data: Path) -> None:
    from anlan.kernels import detect
    from anlan.kernels._cache import use_cache

    use_cache(data / "numba")
    detect.warm()


__all__ = ["Making", "Progress", "first_colours", "lay_down", "played_by"]
