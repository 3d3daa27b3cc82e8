import asyncio
import logging
import os
import resource
import signal
import socket
import sys
from pathlib import Path

import click

from anlan.cli import fail, setup_django

BACKPRESSURE = 20_000  # open requests; every browser holds one for its stream
OPEN_FILES = 65_536
_HANDED_ON: dict[str, object] = {"handlers": [], "propagate": True}
#: The server's own lines go where all others go.
GRANIAN_LOG = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {**_HANDED_ON}, "granian.access": _HANDED_ON}}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听的端口")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="证书（PEM）")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="证书的私钥（PEM）")
@click.option("--shared", is_flag=True, help="与本机同一用户的其他网页进程共用端口（只在 Linux 上）")
def command(host: str, port: int, tls_cert: Path | None, tls_key: Path | None, *, shared: bool) -> None:
    """只运行网页服务：页面、接口、/live 与 /intake。"""
    if (tls_cert is None) != (tls_key is None):
        fail("--tls-cert 和 --tls-key 要一起给出。")
    check_free(host, port, shared=shared)
    _allow_many_files()
    setup_django("web")
    asyncio.run(_serve(host, port, tls_cert, tls_key))
    _leave()


def check_free(host: str, port: int, *, shared: bool = False) -> None:
    """Say in words that the port is taken, before anything is loaded. ``shared``: except by others that share it.

    On Linux the server always lets others of the same user listen beside it, and the system spreads connections over
    all of them; so two products on one port by mistake are found here or nowhere.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            probe.bind((host, port))
    except OSError as error:
        fail(f"不能监听 {host}:{port}（{error.strerror}）。请用 --port 换一个端口，或停止占用它的程序。")


def _leave() -> None:
    """End without taking the interpreter down: a thread of granian's that wakes during that aborts the process."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _allow_many_files() -> None:
    """Every stream is an open file; many systems allow a process only 1 024 unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(OPEN_FILES, hard) if hard != resource.RLIM_INFINITY else OPEN_FILES
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(host: str, port: int, cert: Path | None, key: Path | None) -> None:
    """Serve in this process until SIGTERM or SIGINT; open streams are told to come back."""
    from django.utils.module_loading import import_string
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    application = import_string("anlan.config.asgi.application")
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        backpressure=BACKPRESSURE,
        log_level=LogLevels.error,
        log_dictconfig=GRANIAN_LOG,
        ssl_cert=cert,
        ssl_key=key,
    )
    stopping: list[asyncio.Task[None]] = []

    async def stop() -> None:
        await application.live.stop()
        server.stop()  # type: ignore[no-untyped-call]  # granian does not say

    def on_signal() -> None:
        if not stopping:
            stopping.append(asyncio.get_running_loop().create_task(stop()))

    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, on_signal)
    await server.serve()
