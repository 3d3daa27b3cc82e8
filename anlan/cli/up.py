import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import click

from anlan.cli.prepare import check_folder
from anlan.cli.supervise import Part, Supervisor, echo
from anlan.cli.web import check_free

#: The web process first takes no more readings, the engine writes them down, the worker shows what came of them.
ENDING = ("web", "engine", "worker")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听的端口")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), help="证书（PEM）")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), help="证书的私钥（PEM）")
def command(host: str, port: int, tls_cert: str | None, tls_key: str | None) -> None:
    """运行整个产品：网页、引擎、投影与任务，在一个端口上。"""
    data = data_folder()
    check_free(host, port)
    check_folder(data)
    preparation = Preparation()
    preparation.wait("ended")
    tls = [option for pair in (("--tls-cert", tls_cert), ("--tls-key", tls_key)) if pair[1] for option in pair]
    served = {"certificate": str(Path(tls_cert).resolve()) if tls_cert else None}
    (data / "serving.json").write_text(json.dumps(served))
    supervisor = Supervisor(parts(host, port, [str(option) for option in tls]), ENDING, echo)
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


def parts(host: str, port: int, tls: list[str]) -> list[Part]:
    """The three processes of the product."""
    return [
        Part("web", ("web", "--host", host, "--port", str(port), *tls)),
        Part("engine", ("engine",)),
        Part("worker", ("worker",)),
    ]


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
