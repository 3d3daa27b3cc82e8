"""Run a command with ``ANLAN_DATABASE_URL`` pointing at PostgreSQL.

``python -m tests.postgres pytest …`` uses the server named by ``ANLAN_TEST_POSTGRES_URL``, else starts a private one
in a temporary folder from the installed binaries and stops it afterwards. Without either it refuses in continuous
integration and passes over elsewhere, saying so.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

POSTGRES_HOMES = Path("/usr/lib/postgresql")
SERVER_SETTINGS = (
    "-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200 "
    "-c fsync=off -c full_page_writes=off"
)


def _binaries() -> Path | None:
    found = sorted(POSTGRES_HOMES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_server_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; the distribution's own user does it then."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command] if os.geteuid() == 0 else command
    )


@contextmanager
def private_server() -> Iterator[str]:
    """Start a server that only this run can reach; yields its URL."""
    binaries = _binaries()
    if binaries is None:
        msg = "no PostgreSQL server binaries found; install the package postgresql or set ANLAN_TEST_POSTGRES_URL"
        raise FileNotFoundError(msg)
    folder = Path(tempfile.mkdtemp(prefix="anlan-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(
        _as_server_user(
            [str(binaries / "initdb"), "-D", str(data), "-U", "anlan", "-A", "trust", "-E", "UTF8", "--no-locale"]
        ),
        **run,
    )
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    log = ["-l", str(folder / "log"), "-o", SERVER_SETTINGS.format(folder=folder)]
    subprocess.run(_as_server_user([*control, *log, "start"]), **run)
    try:
        subprocess.run(_as_server_user([str(binaries / "createdb"), "-h", str(folder), "-U", "anlan", "anlan"]), **run)
        yield f"postgres://anlan@/anlan?host={folder}"
    finally:
        subprocess.run(_as_server_user([*control, "-m", "immediate", "stop"]), check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_database() -> Iterator[str]:
    """A fresh database on the server that the tests run on, dropped in the end; "" when they run on SQLite."""
    url = os.environ.get("ANLAN_DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"anlan_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main(command: list[str]) -> int:
    url = os.environ.get("ANLAN_TEST_POSTGRES_URL")
    if url:
        return subprocess.run(command, env=os.environ | {"ANLAN_DATABASE_URL": url}, check=False).returncode
    if _binaries() is None and not os.environ.get("CI"):
        sys.stderr.write("PostgreSQL is not installed: the database tests ran on SQLite only.\n")
        return 0
    with private_server() as url:
        return subprocess.run(command, env=os.environ | {"ANLAN_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
