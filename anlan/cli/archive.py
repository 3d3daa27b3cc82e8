"""What ``anlan backup`` writes and ``anlan restore`` reads: one tar file with everything an installation holds.

``backup.json`` comes first and names what follows; ``sums.json`` comes last and has the SHA-256 of every file, so that
a cut or changed archive is known before anything is put in place. The product may run meanwhile: the log is pinned by
hard links before the records are copied and once more after it, so it holds everything that the records and the
history say is theirs; what the log holds beyond them is delivered again when the engine starts.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

HEAD, SUMS, FORMAT = "backup.json", "sums.json", 1
RECORDS = {"sqlite": "records.sqlite3", "postgresql": "records.pgdump"}
#: Folders and files of the data folder that are kept as they are; log, snapshots and history are treated apart.
PLAIN = ("secret.key", "files", "map", "quarantine", "seal-heads.txt", "demo.json")
_BLOCK = 1 << 20
_LIBPQ = {
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "service",
    "passfile",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
}

Told = Callable[[int], None]


class BadArchive(Exception):
    """The archive, or the place where it shall go, is not what it must be. The message says what to do."""


def write(data: Path, vendor: str, target: Path, told: Told) -> int:
    """Write the archive beside ``target`` and rename it when it is whole; returns its size. ``told``: bytes read."""
    draft = target.with_name(target.name + ".part")
    with _pinned(data) as pins, contextlib.ExitStack() as stack:
        stack.callback(draft.unlink, missing_ok=True)
        copy_records(vendor, pins / RECORDS[vendor])
        pin_history(data, pins)
        pin_log(data, pins)
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)  # it holds the installation's key
        with tarfile.open(draft, "w:gz", compresslevel=1) as tar:
            _pack(tar, vendor, [(pins, path) for path in _files(pins)] + [(data, path) for path in _plain(data)], told)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(target)
    return target.stat().st_size


def size(data: Path) -> int:
    """About how many bytes ``write`` will read."""
    kept = [data / name for name in (*PLAIN, "log", "snapshots", "history", "anlan.sqlite3")]
    return sum(path.stat().st_size for top in kept for path in [top, *top.rglob("*")] if path.is_file())


@contextlib.contextmanager
def _pinned(data: Path) -> Iterator[Path]:
    """A folder of links on the same disk: what is linked there stays, though the engine removes it meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="backup-", dir=data))
    try:
        pin_log(data, folder)
        yield folder
    finally:
        shutil.rmtree(folder)


def pin_log(data: Path, pins: Path) -> None:
    """Snapshots as they were at first (they may not be ahead of the records), segments as they are by now."""
    kinds = ("snapshots", "log") if not (pins / "snapshots").exists() else ("log",)
    for kind in kinds:
        (pins / kind).mkdir(exist_ok=True)
        for path in sorted((data / kind).rglob("*")):
            if path.is_file() and path.suffix != ".tmp":
                _link(path, pins / kind / path.relative_to(data / kind))


def pin_history(data: Path, pins: Path) -> None:
    """The manifest and the parts that it names."""
    from anlan.engine.history_store import Manifest

    source, target = data / "history", pins / "history"
    target.mkdir()
    for _ in range(100):
        manifest = Manifest.load(source)
        try:
            for part in manifest.parts:
                _link(source / part.name, target / part.name)
        except FileNotFoundError:  # merged away since the manifest was read
            continue
        manifest.save(target)
        return
    raise BadArchive(f"{source} 的文件一再变化，请稍后再试。")


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.link(source, target)


def copy_records(vendor: str, target: Path) -> None:
    """The database at one moment."""
    from django.db import connection

    if vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        return
    _postgres("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def put_records(vendor: str, source: Path, data: Path) -> None:
    """The records into the empty database."""
    if vendor == "sqlite":
        source.rename(data / "anlan.sqlite3")
        return
    _postgres("pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(source)])


def _postgres(tool: str, options: list[str]) -> None:
    """Run a tool of PostgreSQL on the database of the settings; its password goes through the environment."""
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    said = {key: value for key, value in connection.get_connection_params().items() if key in _LIBPQ}
    secret = {"PGPASSWORD": str(said.pop("password"))} if "password" in said else {}
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [_tool(tool), f"--dbname={make_conninfo(**said)}", *options],
            env=os.environ | secret,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise BadArchive(f"{tool} 不能运行（{error.strerror}），请检查 PostgreSQL 客户端的安装。") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["没有说明原因"])[0]
        raise BadArchive(f"{tool} 没有成功：{reason}")


def _tool(name: str) -> str:
    """The newest of the installed versions: an older one refuses a newer server."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    tool = str(found[-1]) if found else shutil.which(name)
    if tool is None:
        raise BadArchive(f"没有找到 {name}，请安装 postgresql-client。")
    return tool


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _plain(data: Path) -> list[Path]:
    tops = [data / name for name in PLAIN]
    return [path for top in tops for path in ([top] if top.is_file() else _files(top))]


def _pack(tar: tarfile.TarFile, vendor: str, files: list[tuple[Path, Path]], told: Told) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    head = {"format": FORMAT, "at": now, "version": version("anlan"), "database": vendor}
    _add(tar, HEAD, head)
    sums: dict[str, str] = {}
    for top, path in files:
        name = str(path.relative_to(top))
        with path.open("rb") as file:
            watched = _Watched(file, told)
            info = tarfile.TarInfo(name)
            status = os.fstat(file.fileno())
            info.size, info.mode, info.mtime = status.st_size, 0o600, int(status.st_mtime)
            tar.addfile(info, watched)  # a segment that grows is taken as long as it is now
        sums[name] = watched.digest.hexdigest()
    _add(tar, SUMS, sums)


class _Watched:
    """A file on its way into the archive: summed, and told how far it is."""

    def __init__(self, file: IO[bytes], told: Told) -> None:
        self._file, self._told, self.digest = file, told, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        self._told(len(block))
        return block


def _add(tar: tarfile.TarFile, name: str, said: object) -> None:
    content = json.dumps(said, ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def head_of(archive: Path) -> dict[str, object]:
    """What the archive says of itself.

    Raises
    ------
    BadArchive
        It is none of ours, or one that a later version wrote.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            first = tar.next()
            file = tar.extractfile(first) if first is not None and first.name == HEAD else None
            head: dict[str, object] = json.loads(file.read(_BLOCK)) if file is not None else {}
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BadArchive(f"{archive} 不能读取（{error}），它不是 anlan backup 写的文件，或已损坏。") from error
    if not isinstance(head, dict) or "format" not in head:
        raise BadArchive(f"{archive} 不是 anlan backup 写的文件。")
    if head["format"] != FORMAT:
        raise BadArchive(f"{archive} 由安澜 {head.get('version')} 写成，本版本读不了，请用那个版本恢复。")
    if head.get("database") not in RECORDS or "at" not in head:
        raise BadArchive(f"{archive} 没有说明是哪种数据库、何时备份，它已损坏，请换一份备份。")
    return head


def unpack(archive: Path, folder: Path, told: Told) -> None:
    """Everything into an empty folder, every file compared with its sum."""
    found: dict[str, str] = {}
    sums: dict[str, str] | None = None
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if member.name == SUMS:
                    file = tar.extractfile(member)
                    sums = json.loads(file.read()) if file is not None else None
                elif member.name != HEAD:
                    _put(tar, member, folder)
                    found[member.name] = _digest(folder / member.name, told)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BadArchive(f"{archive} 已损坏（{error}），请换一份备份；没有改动任何数据。") from error
    if sums is None or sums != found:
        raise BadArchive(f"{archive} 不完整或被改动过，请换一份备份；没有改动任何数据。")


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One file below the folder, for its owner only. (Python before 3.11.4 has no filter that would see to it.)"""
    path = folder / member.name
    file = tar.extractfile(member) if member.isreg() else None
    if file is None or not path.resolve().is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as target:
        shutil.copyfileobj(file, target, _BLOCK)
    os.utime(path, (member.mtime, member.mtime))


def _digest(path: Path, told: Told) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            told(len(block))
    return digest.hexdigest()
