import csv
import sys
from pathlib import Path

import click

from anlan.cli import fail
from anlan.kit import clock
from anlan.packs import linter, loader
from anlan.packs.families import tags as plant_tags
from anlan.packs.model import PackError


@click.group()
def command() -> None:
    """规则包：数据文件，注明标准、条款和有效期。"""


@command.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """检查规则包；每个问题都给出文件、行号和改法。不写文件夹时检查自带的和 ANLAN_PACKS 里的。"""
    chosen = (folder,) if folder else loader.folders()
    problems = [problem for each in chosen for problem in linter.check(each)]
    if problems:
        fail("\n".join([*map(str, problems), f"发现 {len(problems)} 个问题，更正后再运行本命令"]))
    count = sum(len(loader.files(each)) for each in chosen)
    click.echo(f"{count} 个规则包文件没有问题")


@command.command()
@click.argument("sector")
def tags(sector: str) -> None:
    """把一个行业的点位规则写成 anlan detect 用的点位表（CSV，写到标准输出），例如 anlan packs tags tep。"""
    try:
        known = plant_tags.load(sector, clock.today()).tags
    except PackError as error:
        fail(str(error))
        raise
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(plant_tags.DETECT_COLUMNS)
    writer.writerows(["" if cell is None else cell for cell in row] for row in plant_tags.detect_rows(known))
