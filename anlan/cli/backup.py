"""``anlan backup FILE``."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from anlan.cli import fail
from anlan.cli.prepare import check_database, check_folder, load_settings


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def command(target: Path) -> None:
    """把整套数据写成一个文件：记录、历史、日志、附件、密钥。产品可以照常运行。"""
    from anlan.cli import archive
    from anlan.cli.up import data_folder

    data = data_folder()
    if target.exists():
        fail(f"{target} 已存在，请换一个文件名。")
    if not target.absolute().parent.is_dir():
        fail(f"文件夹 {target.absolute().parent} 不存在，请先建立。")
    check_folder(data)
    load_settings()
    check_database()
    from django.db import connection

    try:
        with click.progressbar(length=archive.size(data), label="备份", width=40) as bar:
            written = archive.write(data, connection.vendor, target, bar.update)
    except (archive.BadArchive, OSError) as error:
        fail(f"备份没有写成：{error}")
    noted = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "file": str(target), "bytes": written}
    (data / "last-backup.json").write_text(json.dumps(noted, ensure_ascii=False))
    click.echo(f"已写入 {target}，{written / 1e6:.1f} MB。文件里有密钥与个人信息，请妥善保管。")
