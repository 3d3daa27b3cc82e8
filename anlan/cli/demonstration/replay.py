"""Recordings as an endless run of frames: one reading of every tag, at the pace of the story."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from anlan.packs.families.demo import Scene
from anlan.packs.families.recordings import Recordings


@dataclass(frozen=True)
class Recording:
    """``values[minute, tag]``; every tag has a value at every step."""

    tags: tuple[str, ...]
    ts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]

    @classmethod
    def read(cls, file: Path) -> "Recording":
        """Read a Parquet file of ts, tag, value. Raises ValueError when a tag lacks a value at some step."""
        with duckdb.connect() as database:
            rows = database.execute("SELECT ts, tag, value FROM read_parquet(?) ORDER BY ts, tag", [str(file)])
            columns = rows.fetchnumpy()
        tags = tuple(sorted(set(columns["tag"].tolist())))
        if len(columns["value"]) % len(tags):
            msg = f"{file} lacks values: {len(columns['value'])} readings of {len(tags)} tags"
            raise ValueError(msg)
        values = columns["value"].astype(np.float64).reshape(-1, len(tags))
        return cls(tags, columns["ts"].astype(np.int64)[:: len(tags)], values)


@dataclass(frozen=True)
class Frame:
    """What a plant says at one step: ``title`` when a new scene begins with it."""

    number: int
    tags: tuple[str, ...]
    values: list[float]
    title: str = ""


class Library:
    """A plant's recordings, read when they are first asked for."""

    def __init__(self, recordings: Recordings, folder: Path) -> None:
        self._recordings, self._folder = recordings, folder
        self._read: dict[str, Recording] = {}

    def recording(self, name: str) -> Recording:
        if name not in self._read:
            self._read[name] = Recording.read(self._folder / self._recordings.recordings[name].file)
        return self._read[name]

    def title(self, name: str) -> str:
        return self._recordings.recordings[name].title

    def length(self, scene: Scene) -> int:
        """Frames of a scene."""
        return len(self.recording(scene.recording).values[scene.start : scene.end])

    @property
    def step_s(self) -> int:
        return self._recordings.step_s


def frames(library: Library, scenes: tuple[Scene, ...]) -> Iterator[Frame]:
    """The scenes one after another, for ever."""
    numbers = count()
    while True:
        for scene in scenes:
            recording = library.recording(scene.recording)
            title = library.title(scene.recording)
            for values in recording.values[scene.start : scene.end]:
                yield Frame(next(numbers), recording.tags, values.tolist(), title)
                title = ""


def payload(frame: Frame, ts: int, batch: str) -> Mapping[str, object]:
    """A frame as JSON columns, as ``POST /intake`` and the MQTT topic take them."""
    return {"batch": batch, "tag": list(frame.tags), "ts": ts, "value": frame.values}
