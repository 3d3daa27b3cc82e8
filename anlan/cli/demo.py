import json
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anlan.cli.demonstration.broker import Broker, free_port
from anlan.cli.demonstration.notes import Notes
from anlan.cli.prepare import check_folder
from anlan.cli.supervise import Supervisor, echo
from anlan.cli.up import ENDING, Preparation, parts, web_processes
from anlan.cli.web import check_free
from anlan.kernels._cache import share

HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="端口；0 为任选一个空闲的")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="数据文件夹；不写则用临时的，结束时删除")
@click.option("--smoke", is_flag=True, help="等到实时流里出现第一个报警就结束，最后一行是 JSON")
def command(port: int, data: Path | None, *, smoke: bool) -> None:
    """启动一个虚构的县：人员、装置、传感器和一个月的历史，数据实时。"""
    begun = time.monotonic()
    port = port or free_port()
    check_free(HOST, port)
    folder = (data or Path(tempfile.mkdtemp(prefix="anlan-demo-"))).resolve()
    try:
        check_folder(folder)
        raise SystemExit(_show(folder, port, begun if smoke else None))
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


def _show(folder: Path, port: int, begun: float | None) -> int:
    """Run the demo on a folder; with a time of beginning only until its first alarm. Returns the exit code."""
    os.environ |= {"ANLAN_DATA": str(folder), "ANLAN_DEMO": "1"}
    share(folder)
    demonstration = Demonstration(folder, port)
    try:
        demonstration.start()
        return demonstration.play() if begun is None else demonstration.smoke(begun)
    finally:
        demonstration.end()


if TYPE_CHECKING:
    from anlan.cli.demonstration.live import Live


class Demonstration:
    """The product on a folder of its own, and gateways that play to it."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.url = f"http://{HOST}:{port}"
        self._broker = Broker(data)
        environment = {"ANLAN_MQTT_URL": self._broker.url} if self._broker.url else {}
        os.environ.update(environment)
        every = parts(HOST, port, [], web_processes(unless_said=1))  # one: a demo stays small
        self._rest = [part for part in every if part.kind != "web"]
        self._supervisor = Supervisor([part for part in every if part.kind == "web"], ENDING, echo)
        self._preparation = Preparation("--demo")
        self._live: Live | None = None

    def start(self) -> None:
        """Everything up to the point where people can sign in."""
        self._supervisor.listen()
        if not Notes.path(self.data).exists():  # a folder of an earlier start can be read while it is looked at
            self._preparation.wait("migrated")
        self._supervisor.start()
        self._preparation.wait("built")
        notes = Notes.read(self.data)
        assert notes is not None
        self.notes = notes

    def play(self) -> int:
        """Say where to look and who may sign in, then run until told to stop."""
        self._supervisor.tend(until=self._answers)
        if not self._supervisor.stopping:
            self._say_hello()
            self._supervisor.tend(until=lambda: self._preparation.done("plants") or self._preparation.done("ended"))
        if not self._supervisor.stopping:
            self._open_stage()
        self._supervisor.tend()
        return 0

    def smoke(self, begun: float) -> int:
        """Be the first visitor; the last line tells how it went."""
        from anlan.cli.demonstration import smoke

        found: dict[str, float] = {}
        failed: list[str] = []

        def visit() -> None:
            browser = smoke.Browser(self.port)
            try:
                smoke.first_page(browser, self.notes.password, lambda: not self._supervisor.stopping)
                page = time.monotonic()
                found["seconds_to_first_page"] = round(page - begun, 2)
                self._open_stage()
                smoke.first_alarm(browser)
                found["seconds_to_first_alarm"] = round(time.monotonic() - page, 2)
            except (OSError, smoke.SmokeError) as error:
                failed.append(str(error) or type(error).__name__)

        visitor = threading.Thread(target=visit, daemon=True)
        visitor.start()
        self._supervisor.tend(until=lambda: not visitor.is_alive())
        if failed or "seconds_to_first_alarm" not in found:
            echo(f"演示没有通过：{'；'.join(failed) or '被中断'}")
            return 1
        click.echo(json.dumps(found | smoke.counts(self.data)))
        return 0

    def end(self) -> None:
        """Stop gateways first, so that nobody sends to what is going."""
        if self._live is not None:
            self._live.stop()
        self._preparation.stop()
        self._supervisor.end()
        self._broker.stop()

    def _answers(self) -> bool:
        import http.client

        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _open_stage(self) -> None:
        """When the first places stand, start the other parts of the product, then the gateways of the plants."""
        self._preparation.wait("plants")
        for part in self._rest:
            self._supervisor.add(part)
        from anlan.cli.demonstration.live import Live

        self._live = Live(self.data, self.url, self._broker.url)
        echo(f"{'演示':<6}| {self._broker.words}")
        self._live.start_plants(self.notes, _say)
        threading.Thread(target=self._open_feed, args=(self._live,), daemon=True).start()

    def _open_feed(self, live: "Live") -> None:
        """When all enterprises are registered, have their sensors send."""
        self._preparation.wait("stage")
        notes = Notes.read(self.data)
        if notes is not None and not self._supervisor.stopping:
            live.start_feed(notes, _say)

    def _words_on_people(self) -> list[str]:
        """Everybody who may sign in, by what they are."""
        groups: dict[str, list[str]] = {}
        for user, (name, role, group) in self.notes.people.items():
            groups.setdefault(group, []).append(f"    {user:<11} {name}  {role}")
        return [line for group, lines in groups.items() for line in (f"  {group}", *lines)]

    def _say_hello(self) -> None:
        lines = [
            "",
            f"  安澜演示 · Anlan demo    {self.url}/",
            f"  口令 · password         {self.notes.password}   （所有人相同）",
            "",
            *self._words_on_people(),
            "",
            f"  看什么：{self.url}/ 一张图上的颜色与原因 · {self.url}/duty 值班台 · {self.url}/shifts 交接班",
            f"  讲故事：{self.url}/stage 开始、停止、加快故事 · start, stop, hasten the stories",
            f"  过去一个月在后台生成，进度见页面底部；数据在 {self.data}，按 Ctrl+C 停止 · Ctrl+C stops",
            "",
        ]
        click.echo("\n".join(lines))


def _say(line: str) -> None:
    echo(f"{'演示':<6}| {line}")
