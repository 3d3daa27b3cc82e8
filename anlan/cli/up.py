import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import click

from anlan.cli import fail
from anlan.cli.prepare import check_folder
from anlan.cli.supervise import Part, Supervisor, echo
from anlan.cli.web import check_free

#: The web process first takes no more readings, the engine writes them down, the worker shows what came of them.
ENDING = ("web", "engine", "worker")
MOST_WEBS = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听的端口")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), help="证书（PEM）")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), help="证书的私钥（PEM）")
def command(host: str, port: int, tls_cert: str | None, tls_key: str | None) -> None:
    """运行整个产品：网页、引擎、投影与任务，在一个端口上。"""
    data = data_folder()
    webs = web_processes(by_cores(cores()))
    check_free(host, port)
    check_folder(data)
    preparation = Preparation()
    preparation.wait("ended")
    tls = [option for pair in (("--tls-cert", tls_cert), ("--tls-key", tls_key)) if pair[1] for option in pair]
    served = {"certificate": str(Path(tls_cert).resolve()) if tls_cert else None, "web_processes": webs}
    (data / "serving.json").write_text(json.dumps(served))
    supervisor = Supervisor(parts(host, port, [str(option) for option in tls], webs), ENDING, echo)
    supervisor.listen()
    supervisor.start()
    echo(f"安澜已启动：{'https' if tls else 'http'}://{host}:{port}/ （数据在 {data}，按 Ctrl+C 停止）")
    if preparation.done("nobody"):
        echo("还没有人能登录。另开一个终端：anlan manager add 姓名 --username 用户名 --new 清河县 --code 行政区划代码")
    try:
        supervisor.tend()
    finally:
        echo("正在停止…")
        supervisor.end()


def data_folder() -> Path:
    return Path(os.environ.get("ANLAN_DATA", "data")).resolve()


def parts(host: str, port: int, tls: list[str], webs: int = 1) -> list[Part]:
    """The processes of the product; several web processes listen on one port."""
    web = ("web", "--host", host, "--port", str(port), *tls)
    named = (
        [Part(f"web {number + 1}", (*web, "--shared")) for number in range(webs)] if webs > 1 else [Part("web", web)]
    )
    return [*named, Part("engine", ("engine",)), Part("worker", ("worker",))]


def web_processes(unless_said: int) -> int:
    """How many web processes ``ANLAN_WEB_PROCESSES`` asks for; leaves with words where that cannot be."""
    said = os.environ.get("ANLAN_WEB_PROCESSES", "").strip()
    if not said:
        return unless_said if sys.platform == "linux" else 1
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= MOST_WEBS):
        fail(f"ANLAN_WEB_PROCESSES 是 {said}，应为 1 到 {MOST_WEBS} 的整数。不设则按处理器核数决定。")
    if int(said) > 1 and sys.platform != "linux":
        fail("ANLAN_WEB_PROCESSES 大于 1 只在 Linux 上可用：其他系统不会把连接分给几个进程。请设为 1。")
    return int(said)


def by_cores(found: int) -> int:
    """How many web processes a machine with so many cores runs: two as soon as it can, then one for every two cores."""
    return min(found, max(2, min(found // 2, 4)))


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Preparation:
    """The process that makes folder and database ready (``anlan.cli.prepare``), and the stages it has done."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "anlan.cli.prepare", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        self._news = threading.Condition()
        self._done: set[str] = set()
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._tell(line.strip())
        self._process.wait()
        self._tell("ended")

    def _tell(self, stage: str) -> None:
        with self._news:
            self._done.add(stage)
            self._news.notify_all()

    def done(self, stage: str) -> bool:
        return stage in self._done

    def wait(self, stage: str) -> None:
        """Until a stage is done; leaves with 1 if preparing fails (it has said why)."""
        with self._news:
            self._news.wait_for(lambda: stage in self._done or "ended" in self._done)
        if stage not in self._done or (self.done("ended") and self._process.returncode):
            self.stop()
            sys.exit(1)

    def stop(self) -> None:
        """Break it off; what it did not finish it begins anew next time."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
