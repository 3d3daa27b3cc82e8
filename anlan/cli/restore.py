"""``anlan restore FILE``."""

import shutil
import tempfile
from pathlib import Path

import click

from anlan.cli import fail
from anlan.cli.prepare import check_database, check_folder, load_settings

#: What may lie in a data folder that counts as empty.
NOTHING = {"numba", "lost+found"}


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def command(source: Path) -> None:
    """把 anlan backup 写的文件恢复到空的数据文件夹（用 PostgreSQL 时还要一个空库）。"""
    from anlan.cli import archive
    from anlan.cli.up import data_folder

    data = data_folder()
    check_folder(data)
    held = sorted(path.name for path in data.iterdir() if path.name not in NOTHING)
    if held:
        fail(f"{data} 不是空的（有 {'、'.join(held[:5])}）。请用 ANLAN_DATA 指定一个空文件夹；不会覆盖任何数据。")
    try:
        head = archive.head_of(source)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=data) as folder:
            with click.progressbar(length=source.stat().st_size, label="核对", width=40) as bar:
                archive.unpack(source, Path(folder), bar.update)
            _put(Path(folder), data, str(head["database"]))
    except (archive.BadArchive, OSError) as error:
        fail(f"没有恢复：{error}")
    click.echo(f"已恢复到 {data}（备份于 {head['at']}）。请用 anlan up 启动，再用 anlan verify 与 anlan doctor 检查。")


def _put(folder: Path, data: Path, vendor: str) -> None:
    """The records first, for they may be refused; then the rest, which is only renamed."""
    from anlan.cli import archive

    key = folder / "secret.key"
    if key.exists():
        shutil.copy2(key, data / "secret.key")
    load_settings()
    try:
        _check_empty(vendor)
        archive.put_records(vendor, folder / archive.RECORDS[vendor], data)
    except BaseException:
        (data / "secret.key").unlink(missing_ok=True)
        raise
    for path in folder.iterdir():
        if path.name not in (key.name, *archive.RECORDS.values()):
            path.rename(data / path.name)


def _check_empty(vendor: str) -> None:
    """Refuse unless the settings name an empty database of the kind that the archive is of."""
    from django.db import connection

    from anlan.cli.archive import BadArchive

    if connection.vendor != vendor:
        raise BadArchive(
            f"备份来自 {vendor}，而 ANLAN_DATABASE_URL 指向 {connection.vendor}；请让它指向同一种数据库的空库。"
        )
    if vendor == "postgresql":
        check_database()
        if connection.introspection.table_names():
            raise BadArchive("数据库不是空的，请新建一个空库并让 ANLAN_DATABASE_URL 指向它；不会覆盖任何数据。")
