"""The gateways play their scenes over and over, at their pace, and lose nothing that the product does not take."""

from datetime import date
from itertools import islice, pairwise

from anlan.cli.demonstration.gateways import Gateway, library_of
from anlan.cli.demonstration.replay import frames, payload
from anlan.packs.families.demo import Scene, SourceSpec

TODAY = date(2026, 11, 1)
SCENES = (Scene("normal", 0, 2), Scene("idv_06", 14, 16))


class Ear:
    """A sender that remembers, and refuses the first ``deaf`` times."""

    def __init__(self, deaf: int = 0, enough: int = 5) -> None:
        self.deaf, self.enough = deaf, enough
        self.asked: list[dict[str, object]] = []
        self.taken: list[dict[str, object]] = []
        self.gateway: Gateway | None = None
        self.closed = False

    def send(self, body: object) -> bool:
        assert isinstance(body, dict)
        self.asked.append(body)
        if len(self.asked) <= self.deaf:
            return False
        self.taken.append(body)
        if len(self.taken) == self.enough and self.gateway is not None:
            self.gateway.stop()
        return True

    def close(self) -> None:
        self.closed = True


def play(ear: Ear, said: list[str]) -> None:
    source = SourceSpec("a", "甲", "http", "somewhere", "tep", SCENES)
    gateway = ear.gateway = Gateway(source, library_of("tep", TODAY), 6000, ear, said.append)
    gateway.run()


def test_scenes_follow_each_other_for_ever() -> None:
    found = list(islice(frames(library_of("tep", TODAY), SCENES), 6))
    assert [frame.number for frame in found] == list(range(6))
    assert [bool(frame.title) for frame in found] == [True, False, True, False, True, False]
    assert found[0].values == found[4].values


def test_a_frame_has_one_value_of_every_tag() -> None:
    frame = next(frames(library_of("tep", TODAY), SCENES))
    body = payload(frame, 1000, "b")
    assert body["ts"] == 1000
    assert len(body["tag"]) == len(body["value"]) == 53  # type: ignore[arg-type]


def test_times_only_go_forward() -> None:
    ear = Ear()
    play(ear, [])
    times = [body["ts"] for body in ear.taken]
    assert all(earlier < later for earlier, later in pairwise(times))  # type: ignore[operator]


def test_what_is_not_taken_is_sent_again_under_the_same_batch_id() -> None:
    ear = Ear(deaf=2, enough=2)
    play(ear, [])
    assert ear.asked[0] == ear.asked[1] == ear.asked[2] == ear.taken[0]
    assert ear.taken[1]["batch"] != ear.taken[0]["batch"]


def test_every_scene_is_announced_and_the_connection_closed() -> None:
    said: list[str] = []
    ear = Ear(enough=3)
    play(ear, said)
    assert said == ["甲：正常工况", "甲：IDV(6) A 进料中断"]
    assert ear.closed
