"""``anlan engine``: the process that takes readings, raises alarms and keeps the history."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anlan.cli import fail, setup_django

if TYPE_CHECKING:
    from anlan.engine.inbox import Connector
    from anlan.engine.tables import TagTable


@click.command("engine", help="只运行引擎：接收读数、判断报警、保存历史")
@click.option("--set-damage-aside", is_flag=True, help="日志损坏时，把损坏的文件移入隔离目录后启动")
def command(*, set_damage_aside: bool) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the engine minds it: nothing is under way yet
    setup_django("engine")
    from anlan.engine.runner import EngineError

    try:
        start(set_damage_aside=set_damage_aside)
    except (EngineError, ValueError) as error:
        fail(str(error))


def start(*, set_damage_aside: bool = False) -> None:
    """Run the engine on the settings' data folder until it is told to stop."""
    from django.conf import settings

    from anlan.apps.monitoring.actions import DjangoSink
    from anlan.engine.config import EngineConfig
    from anlan.engine.history import HistoryWriter
    from anlan.engine.runner import run
    from anlan.kernels import detect
    from anlan.kernels._cache import use_cache

    data = Path(settings.DATA)
    use_cache(data / "numba")
    detect.warm()
    config = EngineConfig(data, set_damage_aside=set_damage_aside)
    history = HistoryWriter(data / "history")
    history.tend()
    try:
        run(config, DjangoSink(), history, Database(), connectors())
    finally:
        history.close()


class Database:
    """The tag table, from the records database; each question on a connection that is known to be alive."""

    def version(self) -> str:
        from django.db import close_old_connections

        from anlan.apps.monitoring.selectors import tag_table_version

        close_old_connections()
        return tag_table_version()

    def load(self) -> "TagTable":
        from anlan.apps.monitoring.selectors import tag_table

        return tag_table()


def connectors() -> "list[Connector]":
    """What the environment asks for: ``ANLAN_MQTT_URL``."""
    url = os.environ.get("ANLAN_MQTT_URL")
    if not url:
        return []
    from anlan.connectors.mqtt import Broker, MqttReadings

    return [MqttReadings(Broker.parse(url))]
