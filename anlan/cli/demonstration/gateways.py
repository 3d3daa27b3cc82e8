"""The plants' gateways: each a thread that plays its story to the product in accelerated time."""

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
from anlan.packs.families.demo import County, SourceSpec

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
    """Sends the frames of one source: frame k at ``start + k · step``, stamped with that time."""

    def __init__(
        self, source: SourceSpec, library: Library, speed: int, sender: Sender, say: Callable[[str], None]
    ) -> None:
        super().__init__(name=source.code, daemon=True)
        self._source, self._library, self._sender, self._say = source, library, sender, say
        self._step = library.step_s / speed
        self._stop = threading.Event()
        self._run = f"{os.getpid()}-{time.time_ns()}"
        self.sent = 0

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        begin, first = time.time(), 0
        for frame in frames(self._library, self._source.scenes):
            due = begin + (frame.number - first) * self._step
            if time.time() - due > BEHIND_S:
                begin, first = time.time(), frame.number
                due = begin
            if self._stop.wait(max(0.0, due - time.time())) or not self._deliver(frame, due):
                break
        self._sender.close()

    def _deliver(self, frame: Frame, due: float) -> bool:
        """Send until the product says yes; False when stopped meanwhile."""
        if frame.title:
            self._say(f"{self._source.name}：{frame.title}")
        body = payload(frame, round(due * 1000), f"{self._source.code}-{self._run}-{frame.number}")
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
