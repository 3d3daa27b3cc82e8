"""``anlan import KIND FILE``."""

from pathlib import Path

import click

from anlan.cli import fail, setup_django


@click.command()
@click.argument("kind")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--publish", is_flag=True, help="核对后把没有错的行写入；不写此项只核对")
@click.option("--whole", is_flag=True, help="与 --publish 同用：有一行没通过就整批不写入")
@click.option("--as", "username", default="", metavar="USER", help="以此人的权限导入；不写则不受范围限制")
@click.option("-o", "marked", type=click.Path(path_type=Path, dir_okay=False), help="把标出错行的文件写到这里")
def command(kind: str, source: Path, *, publish: bool, whole: bool, username: str, marked: Path | None) -> None:
    """从 Excel、CSV 或 GeoJSON 文件导入（场所、企业、人员、监测点、化学品、设备等）。"""
    if whole and not publish:
        raise click.UsageError("--whole 要与 --publish 同用。")
    setup_django("import")
    from anlan.apps.exchange.kinds import known
    from anlan.cli.exchanging import hand_in, show, viewer_as, work

    if kind not in known():
        raise click.UsageError(f"没有“{kind}”这一类；有：{'、'.join(f'{k}（{v.label}）' for k, v in known().items())}")
    viewer = viewer_as(username)
    run = hand_in(viewer, kind, source)
    work(viewer, run, "stage", "核对")
    if run.state == "refused":
        fail(f"{source.name} 不能导入：{run.problem['message']}{run.problem['fix']}")
    if publish and run.fresh + run.changed:
        work(viewer, run, "publish", "写入", whole=whole)
    show(viewer, run, marked)
