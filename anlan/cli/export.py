"""``anlan export KIND FILE``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from anlan.cli import fail, setup_django

SUFFIXES = (".xlsx", ".csv", ".geojson")


@click.command()
@click.argument("kind")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "username", default="", metavar="USER", help="只写此人看得到的；不写则全部写出")
def command(kind: str, target: Path, *, username: str) -> None:
    """把一类数据全部写成文件；扩展名决定格式：.xlsx、.csv 或 .geojson。写出的文件可再导入。"""
    setup_django("export")
    from anlan.apps.core.actions import audit
    from anlan.apps.exchange import workbooks
    from anlan.apps.exchange.kinds import known
    from anlan.cli.exchanging import viewer_as, write

    if kind not in known():
        raise click.UsageError(f"没有“{kind}”这一类；有：{'、'.join(f'{k}（{v.label}）' for k, v in known().items())}")
    found, suffix = known()[kind], target.suffix.lower()
    if suffix not in SUFFIXES or (suffix == ".geojson" and not found.geojson):
        offered = SUFFIXES if found.geojson else SUFFIXES[:2]
        raise click.UsageError(f"{found.label}不能写成“{target.suffix}”；可用：{'、'.join(offered)}")
    if not target.parent.is_dir():
        fail(f"没有文件夹 {target.parent}，请先建立。")
    viewer = viewer_as(username)
    if not viewer.may_anywhere(found.capability):
        fail(f"“{username}”没有导出{found.label}的权限，请先授权。")
    audit(viewer.person_id, "list.export", None, f"list:{kind}", {"format": suffix[1:], "by": "command"})
    try:
        size = write(_counted(workbooks.everything(viewer, found, suffix)), target)
    except OSError as error:
        fail(f"没有写成：{error}")
    click.echo(f"{found.label}已写到 {target}（{size / 2**20:.1f} MB）。")


def _counted(content: Iterable[bytes]) -> Iterator[bytes]:
    """The content, with what has been written so far on stderr."""
    total = 0
    for piece in content:
        total += len(piece)
        click.echo(f"\r{total / 2**20:.1f} MB", err=True, nl=False)
        yield piece
    click.echo("", err=True)
