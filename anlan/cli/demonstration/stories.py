"""Stories while they run: their own clocks, what they do to tags and to the weather, and how a trainer steers them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from anlan.cli.demonstration.signals import Field, Pull, beyond
from anlan.cli.demonstration.weather import PLACE, Floats
from anlan.packs.families.demo_stories import Stories, Story
from anlan.web.stage import Order

MINUTE_S = 60.0
DRAIN_S = 600.0  # a story's rain leaves the sums at this rate once it is over

WAITING, RUNNING, ENDED, STOPPED = "waiting", "running", "ended", "stopped"


@dataclass(frozen=True)
class Cast:
    """Where a story plays: the enterprise, and the pulls of its steps on the rows of its tags."""

    enterprise: str
    place_id: int
    pulls: tuple[Pull, ...]
    rows: tuple[int, ...]


@dataclass
class Performance:
    """One story with its clock [s of the story]."""

    story: Story
    cast: Cast
    state: str = WAITING
    clock_s: float = 0.0
    speed: float = 1.0
    rain: dict[str, float] = field(default_factory=lambda: {"rain_10min": 0.0, "rain_1h": 0.0, "rain_24h": 0.0})

    @property
    def length_s(self) -> float:
        return self.story.minutes * MINUTE_S

    def begin(self) -> None:
        self.state, self.clock_s = RUNNING, 0.0

    def go_on(self, seconds: float) -> None:
        """Let time pass; rain that fell stays in the sums for a while."""
        passed = seconds * self.speed
        for name in self.rain:
            lasting = {"rain_10min": 600.0, "rain_1h": 3600.0}.get(name, 86_400.0) if self.state == RUNNING else DRAIN_S
            self.rain[name] *= float(np.exp(-passed / min(lasting, 86_400.0)))
        if self.state != RUNNING:
            return
        self.clock_s += passed
        fell = self._hump("rain") * passed / 3600
        for name in self.rain:
            self.rain[name] += fell
        if self.clock_s >= self.length_s:
            self.state = ENDED

    def gust(self) -> float:
        """The gusts it brings now [m/s]."""
        return self._hump("gust") if self.state == RUNNING else 0.0

    def offsets(self) -> Iterator[tuple[int, float, float]]:
        """(row, share, target) of every tag that is pulled now."""
        if self.state == RUNNING:
            now = np.array([self.clock_s])
            for pull in self.cast.pulls:
                share = float(pull.share(now)[0])
                if share > 0:
                    yield pull.row, share, pull.target

    def _hump(self, name: str) -> float:
        found = 0.0
        for step in self.story.steps:
            if step.weather is not None:
                share = (self.clock_s / MINUTE_S - step.at_min) / max(step.weather.minutes, 0.1)
                if 0 < share < 1:
                    found = max(found, getattr(step.weather, name) * float(np.sin(share * np.pi)) ** 0.5)
        return found


class Ensemble:
    """All stories of the demo."""

    def __init__(self, field: Field, stories: Stories) -> None:
        self._field = field
        cast = ((story, cast_of(field, story)) for story in stories.stories)
        self.performances = [Performance(story, found) for story, found in cast if found is not None]

    def obey(self, orders: Iterable[Order]) -> None:
        """Start, stop and speed up as trainers ask."""
        for order in orders:
            for one in self.performances:
                if one.story.key == order.story:
                    _obey(one, order)

    def go_on(self, seconds: float, since_start_s: float) -> None:
        """Let time pass; stories begin by themselves when their time has come."""
        for one in self.performances:
            begin = one.story.begin_min
            if one.state == WAITING and begin is not None and since_start_s >= begin * MINUTE_S:
                one.begin()
            one.go_on(seconds)

    def weather(self, row: Floats) -> None:
        """Add the stories' gusts and rain to the weather of a moment, in place."""
        for one in self.performances:
            gust, place = one.gust(), PLACE["gust"]
            row[place] = max(row[place], row[place] * 0.15 + gust) if gust else row[place]
            for name, fallen in one.rain.items():
                row[PLACE[name]] += fallen
            row[PLACE["wet"]] += one.rain["rain_24h"]

    def pull(self, values: Floats) -> None:
        """Take the tags of running stories where these want them, in place; the furthest wins."""
        furthest: dict[int, tuple[float, float]] = {}
        for one in self.performances:
            for row, share, target in one.offsets():
                change = share * (target - self._field.normal[row])
                if abs(change) > abs(furthest.get(row, (0.0, 0.0))[0]):
                    furthest[row] = change, share
        for row, (change, _) in furthest.items():
            values[row] += change

    def rows(self) -> set[int]:
        """The tags of stories that run: they are sent more often."""
        return {row for one in self.performances if one.state == RUNNING for row in one.cast.rows}

    def told(self) -> list[dict[str, object]]:
        """The stories for the stage page."""
        return [_told(one, self._field) for one in self.performances]


def cast_of(field: Field, story: Story) -> Cast | None:
    """The enterprise of a story: the one with its key, else the one of its trade that has most of its tags."""
    wanted = {pull.name for step in story.steps for pull in step.pulls}
    houses: dict[str, dict[str, int]] = {}
    for row, sensor in enumerate(field.sensors):
        if sensor.sector == story.sector:
            names = houses.setdefault(sensor.source, {})
            names.update({name: row for name in wanted if name in sensor.name and name not in names})
    if not houses:
        return None

    def merit(code: str) -> tuple[bool, bool, int]:
        return (
            code.startswith(f"{story.place}-gw"),
            bool(story.place) and code.startswith(story.place),
            len(houses[code]),
        )

    best = max(sorted(houses), key=merit)
    having = houses[best]
    if not having:
        return None
    pulls = tuple(_pulls(field, story, having))
    sensor = field.sensors[pulls[0].row] if pulls else field.sensors[next(iter(having.values()))]
    return Cast(sensor.enterprise, sensor.place_id, pulls, tuple(sorted(set(having.values()))))


def _pulls(field: Field, story: Story, having: dict[str, int]) -> Iterator[Pull]:
    for step in story.steps:
        for one in step.pulls:
            row = having.get(one.name)
            target = None if row is None else beyond(field.sensors[row], one.limit, one.beyond)
            if row is not None and target is not None:
                times = (one.rise_min * MINUTE_S, one.hold_min * MINUTE_S, one.fall_min * MINUTE_S)
                yield Pull(row, step.at_min * MINUTE_S, *times, target)


def _obey(one: Performance, order: Order) -> None:
    if order.do == "start":
        one.begin()
    elif (order.do == "stop" and one.state == RUNNING) or (order.do == "stop" and one.state == WAITING):
        one.state = STOPPED
    elif order.do == "speed":
        one.speed = min(max(order.speed, 0.1), 20.0)


def _told(one: Performance, field: Field) -> dict[str, object]:
    story = one.story
    sensors = [field.sensors[row] for row in one.cast.rows]
    steps = [{"at_s": step.at_min * MINUTE_S, "text": step.text, "tags": _names(step.pulls)} for step in story.steps]
    return {
        "key": story.key,
        "title": story.title,
        "about": story.about,
        "place": one.cast.enterprise,
        "place_id": one.cast.place_id,
        "state": one.state,
        "clock_s": round(one.clock_s, 1),
        "length_s": one.length_s,
        "speed": one.speed,
        "begin_min": story.begin_min,
        "steps": steps,
        "tags": [{"tag": sensor.number, "name": sensor.name} for sensor in sensors],
    }


def _names(pulls: Sequence[object]) -> list[str]:
    return [getattr(pull, "name", "") for pull in pulls]
