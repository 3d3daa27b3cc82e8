"""Nobody hears of anything outside their scope: two counties, two sectors, every topic."""

import pytest

from tests.live.conftest import Live, Stream

TOPICS = ("level", "alarm", "fact")
QINGHE = ("qinghe", "dongguan", "xiling", "park", "plant", "reactor", "valve", "haulier", "depot", "school")
LINSHAN = ("linshan", "nanpo", "beigou", "mill", "furnace", "ladle", "ferry", "jetty")

#: Who hears which topics of which places.
HEARS = {
    "赵值": (TOPICS, QINGHE),
    "孙外": (TOPICS, LINSHAN),
    "王安": (TOPICS, ("plant", "reactor", "valve")),
    "郑运": (TOPICS, ("haulier", "depot")),
    "何客": ((), ()),
}


def heard(live: Live, stream: Stream, name: str) -> set[tuple[str, str]]:
    """(topic, place) of everything that came up to a mark."""
    by_id = {number: key for key, number in live.places.items()}
    events = live.read_to_mark(stream, name)
    return {(event.name, by_id[event.data["place"]]) for event in events if event.name in TOPICS}


def emit_everywhere(live: Live) -> None:
    for topic in TOPICS:
        for place in live.places.values():
            live.hand.emit(topic, place, {"place": place})


@pytest.mark.parametrize("name", HEARS)
def test_everybody_hears_of_their_own_places_and_of_no_others(live: Live, name: str) -> None:
    stream = live.stream(name)
    emit_everywhere(live)
    topics, places = HEARS[name]
    assert heard(live, stream, name) == {(topic, place) for topic in topics for place in places}


def test_a_browser_that_comes_back_hears_of_no_other_places_either(live: Live) -> None:
    last = live.hand.emit("level", live.places["qinghe"], {"place": live.places["qinghe"]})
    emit_everywhere(live)
    stream = live.stream("王安", headers={"last-event-id": str(last)})
    _, places = HEARS["王安"]
    assert heard(live, stream, "王安") == {(topic, place) for topic in TOPICS for place in places}


def test_a_notice_reaches_its_person_only(live: Live) -> None:
    zhao, sun = live.stream("赵值"), live.stream("孙外")
    live.read_to_mark(sun, "孙外")
    live.read_to_mark(zhao, "赵值")
    assert [event.data["person"] for event in zhao.seen if event.name == "notice"] == [live.people["赵值"]]


def test_other_topics_and_events_without_a_place_are_never_sent(live: Live) -> None:
    stream = live.stream("冯管")
    for topic in ("places", "tags", "sources", "grants", "whatever"):
        live.hand.emit(topic, live.places["plant"], {"place": live.places["plant"], "person": live.people["李巡"]})
    for topic in TOPICS:
        live.hand.emit(topic, None, {"place": None})
    live.read_to_mark(stream, "冯管")
    assert {event.name for event in stream.seen} <= {"hello", "health", "notice"}


def test_whoever_may_not_read_facts_sees_the_colour_without_its_reason(live: Live) -> None:
    first = live.hand.emit("level", live.places["reactor"], {"place": live.places["reactor"], "reason": "釜压过高"})
    back = {name: live.stream(name, headers={"last-event-id": str(first - 1)}) for name in ("王安", "周工")}
    live.hand.emit("level", live.places["reactor"], {"place": live.places["reactor"], "reason": "釜压过高"})
    for name, reason in (("王安", "釜压过高"), ("周工", "")):
        live.read_to_mark(back[name], name)
        levels = [event for event in back[name].seen if event.name == "level" and event.id and event.id >= first]
        assert [event.data["reason"] for event in levels] == [reason, reason]


def test_values_of_tags_elsewhere_are_not_sent(live: Live) -> None:
    tags = live.tags
    everything = ",".join(str(tag) for tag in tags.values())
    streams = {name: live.stream(name, f"?tags={everything}") for name in ("赵值", "孙外", "郑运")}
    for number, tag in enumerate(tags.values()):
        live.hand.put(tag, 1.5 + number, 1_780_000_000_000 + number)
    expected = {
        "赵值": {tags["reactor"], tags["depot"]},
        "孙外": {tags["furnace"]},
        "郑运": {tags["depot"]},
    }
    for name, wanted in expected.items():
        got: set[int] = set()
        while got != wanted:
            got |= set(streams[name].expect("values").data["t"])
        live.read_to_mark(streams[name], name)
        came = {tag for event in streams[name].seen if event.name == "values" for tag in event.data["t"]}
        assert came == wanted


def test_a_place_that_moves_away_takes_its_events_along(live: Live) -> None:
    stream = live.stream("孙外")
    live.hand.move(live.places["ferry"], live.places["xiling"])
    live.hand.emit("level", live.places["jetty"], {"place": live.places["jetty"]})
    live.read_to_mark(stream, "孙外")
    live.hand.move(live.places["ferry"], live.places["beigou"])
    live.hand.emit("level", live.places["jetty"], {"place": live.places["jetty"], "back": True})
    live.read_to_mark(stream, "孙外")
    assert [event.data.get("back") for event in stream.seen if event.name == "level"] == [True]
