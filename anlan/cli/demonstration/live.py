"""What plays to the running demo: the recorded plants' gateways and the feed of all invented sensors."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from anlan.cli.demonstration.feed import Feed
from anlan.cli.demonstration.fleet import Fleets
from anlan.cli.demonstration.gateways import Gateway, Stage, gateways
from anlan.cli.demonstration.notes import Notes
from anlan.cli.demonstration.plan import Plan
from anlan.cli.demonstration.senders import HttpCarrier, MqttCarrier
from anlan.cli.demonstration.signals import Field
from anlan.cli.demonstration.stories import Ensemble
from anlan.kit import clock
from anlan.packs.families import demo, demo_month, demo_signals, demo_stories
from anlan.web.stage import Order


class Live:
    """All threads that send. The recorded plants come first: the first drift is theirs; then, when the whole county is
    registered, the feed of all other sensors, who know it by its plan, not by its database."""

    def __init__(self, data: Path, url: str, mqtt_url: str) -> None:
        self._data, self._url, self._mqtt_url = data, url, mqtt_url
        self._on = clock.today()
        self._county = demo.load("county", self._on)
        self._gateways: list[Gateway] = []
        self._place_of: dict[str, int] = {}
        self._feed: Feed | None = None
        self._fleets: Fleets | None = None

    def start_plants(self, notes: Notes, say: Callable[[str], None]) -> None:
        say(f"Tennessee Eastman 装置以 {self._county.speed} 倍速重放仿真录制")
        self._gateways = gateways(self._county, notes, self._on, Stage(self._url, self._mqtt_url, say))
        for gateway in self._gateways:
            gateway.start()

    def start_feed(self, notes: Notes, say: Callable[[str], None]) -> None:
        plan, month = Plan.read(self._data), demo_month.load(self._on)
        self._place_of = {code: group[0].place_id for code, group in plan.played.items() if group}
        field = Field(plan.sensors, demo_signals.load(self._on), month.seed)
        self._feed = Feed(self._data, plan, field, month, Ensemble(field, demo_stories.load(self._on)))
        http = partial(HttpCarrier, self._url, notes.keys)
        self._feed.join_lines(http, MqttCarrier(self._mqtt_url) if self._mqtt_url else None)
        self._feed.listeners.append(self._obey)
        self._feed.others = self._told
        self._feed.start()
        self._fleets = Fleets(self._data, self._url, notes.keys)
        self._fleets.start()
        say(f"{self._fleets.count} 辆车、艘船发送位置")
        say(f"{len(plan.gateways)} 个网关的 {len(plan.sensors)} 个点位发送虚构信号；故事台在 {self._url}/stage")

    def stop(self) -> None:
        if self._feed is not None:
            self._feed.stop()
        if self._fleets is not None:
            self._fleets.stop()
        for gateway in self._gateways:
            gateway.stop()

    def _obey(self, orders: list[Order]) -> None:
        for order in orders:
            for gateway in self._gateways:
                gateway.obey(order)

    def _told(self) -> list[dict[str, object]]:
        return [gateway.told() | {"place_id": self._place_of.get(gateway.name, 0)} for gateway in self._gateways]
