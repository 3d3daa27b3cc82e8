"""What plays to the running demo: the recorded plants' gateways and the feed of all invented sensors."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from anlan.cli.demonstration.feed import Feed
from anlan.cli.demonstration.gateways import Gateway, Stage, gateways
from anlan.cli.demonstration.notes import Notes
from anlan.cli.demonstration.plan import Plan
from anlan.cli.demonstration.senders import HttpCarrier, MqttCarrier
from anlan.cli.demonstration.signals import Field
from anlan.cli.demonstration.stories import Ensemble
from anlan.packs.families import demo, demo_month, demo_signals, demo_stories
from anlan.web.stage import Order


class Live:
    """All threads that send; they know the county by its plan, not by its database."""

    def __init__(self, data: Path, url: str, mqtt_url: str, notes: Notes) -> None:
        on = datetime.now(UTC).date()
        self._county, self._notes, self._url, self._mqtt_url, self._on = (
            demo.load("county", on),
            notes,
            url,
            mqtt_url,
            on,
        )
        plan = Plan.read(data)
        month = demo_month.load(on)
        field = Field(plan.sensors, demo_signals.load(on), month.seed)
        self._feed = Feed(data, plan, field, month, Ensemble(field, demo_stories.load(on)))
        self._gateways: list[Gateway] = []
        self._place_of = {code: group[0].place_id for code, group in plan.played.items() if group}
        speed, count = self._county.speed, len(plan.gateways)
        self.words = (
            f"{len(plan.played)} 套 Tennessee Eastman 装置以 {speed} 倍速重放仿真录制，{count} 个网关发送虚构信号"
        )

    def start(self, say: Callable[[str], None]) -> None:
        """The recorded plants first: the first drift is theirs."""
        self._gateways = gateways(self._county, self._notes, self._on, Stage(self._url, self._mqtt_url, say))
        for gateway in self._gateways:
            gateway.start()
        http = HttpCarrier(self._url, self._notes.keys)
        self._feed.join_lines(http, MqttCarrier(self._mqtt_url) if self._mqtt_url else None)
        self._feed.listeners.append(self._obey)
        self._feed.others = self._told
        self._feed.start()

    def stop(self) -> None:
        self._feed.stop()
        for gateway in self._gateways:
            gateway.stop()

    def _obey(self, orders: list[Order]) -> None:
        for order in orders:
            for gateway in self._gateways:
                gateway.obey(order)

    def _told(self) -> list[dict[str, object]]:
        return [gateway.told() | {"place_id": self._place_of.get(gateway.name, 0)} for gateway in self._gateways]
