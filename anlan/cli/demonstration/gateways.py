"""The plants' gateways: each a thread that plays its story to the product in accelerated time."""

import itertools
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from anlan.cli.demonstration.notes import Notes
from anlan.cli.demonstration.replay import Frame, Library, frames, payload
from anlan.cli.demonstration.senders import HttpSender, MqttSender, Sender
from anlan.packs import loader
from anlan.packs.families import recordings
from anlan.packs.families.demo import County, Scene, SourceSpec
from anlan.web.stage import Order

#: Further behind than this [s] (an engine that still starts, a laptop that slept), the story goes on from now.
BEHIND_S = 2.0
RETRY_S = 0.5


@dataclass(frozen=True)
class Stage:
    """Where the gateways play: the product's address, the broker if there is one, and who hears what begins."""

    url: str
    mqtt_url: str
    say: Callable[[str], None]


class Gateway(threading.Thread):
    """Sends the frames of one source: a frame every step, stamped with the time at which it was due.

    A trainer may start its scenes anew, let the plant run normally, or change the pace (:meth:`obey`).
    """

    def __init__(
        self, source: SourceSpec, library: Library, speed: int, sender: Sender, say: Callable[[str], None]
    ) -> None:
        super().__init__(name=source.code, daemon=True)
        self._source, self._library, self._sender, self._say = source, library, sender, say
        self._step = library.step_s / speed
        self._stop = threading.Event()
        self._run = f"{os.getpid()}-{time.time_ns()}"
        self._scenes: tuple[Scene, ...] | None = source.scenes  # to be begun anew; None = go on
        self._playing, self._frame = source.scenes, 0
        self._number = itertools.count()
        self.pace = 1.0
        self.sent = 0

    def stop(self) -> None:
        self._stop.set()

    def obey(self, order: Order) -> None:
        """Take up what a trainer asks of this plant."""
        if order.story == self._source.code:
            if order.do == "start":
                self._scenes = self._source.scenes
            elif order.do == "stop":
                self._scenes = (Scene("normal"),)
            else:
                self.pace = min(max(order.speed, 0.1), 20.0)

    def run(self) -> None:
        due = time.time()
        while not self._stop.is_set() and self._scenes is not None:
            self._playing, self._scenes, self._frame = self._scenes, None, 0
            for frame in frames(self._library, self._playing):
                due = due if time.time() - due < BEHIND_S else time.time()
                if self._stop.wait(max(0.0, due - time.time())) or not self._deliver(frame, due):
                    return self._sender.close()
                due += self._step / self.pace
                self._frame += 1
                if self._asked():
                    break
        return self._sender.close()

    def _asked(self) -> bool:
        """Whether a trainer wants other scenes, from another thread."""
        return self._scenes is not None

    def told(self) -> dict[str, object]:
        """The plant's scenes for the stage page."""
        lengths = [self._library.length(scene) * self._step for scene in self._source.scenes]
        starts = [sum(lengths[:place]) for place in range(len(lengths))]
        titles = [self._library.title(scene.recording) for scene in self._source.scenes]
        running = self._playing is self._source.scenes
        return {
            "key": self._source.code,
            "title": self._source.name,
            "about": "",
            "place": self._source.name,
            "source": self._source.code,
            "state": "running" if running else "stopped",
            "clock_s": round(self._frame * self._step % max(sum(lengths), 1.0), 1) if running else 0.0,
            "length_s": sum(lengths),
            "speed": self.pace,
            "begin_min": 0,
            "recorded": True,
            "steps": [{"at_s": at, "text": title, "tags": []} for at, title in zip(starts, titles, strict=True)],
            "tags": [],
        }

    def _deliver(self, frame: Frame, due: float) -> bool:
        """Send until the product says yes; False when stopped meanwhile."""
        if frame.title:
            self._say(f"{self._source.name}：{frame.title}")
        body = payload(frame, round(due * 1000), f"{self._source.code}-{self._run}-{next(self._number)}")
        while not self._sender.send(body):
            if self._stop.wait(RETRY_S):
                return False
        self.sent += len(frame.tags)
        return True


def library_of(sector: str, on: date) -> Library:
    """The recordings of a kind of plant."""
    pack = loader.load(f"sectors/{sector}/recordings", on)
    return Library(recordings.load(sector, on), pack.file.parent)


def gateways(county: County, notes: Notes, on: date, stage: Stage) -> list[Gateway]:
    """One gateway for every source of the county. Without a broker an MQTT source sends by HTTP."""
    found = []
    for source in county.sources:
        if source.kind == "mqtt" and stage.mqtt_url:
            sender: Sender = MqttSender(stage.mqtt_url, source.code)
        else:
            sender = HttpSender(stage.url, notes.keys[source.code])
        found.append(Gateway(source, library_of(source.sector, on), county.speed, sender, stage.say))
    return found
