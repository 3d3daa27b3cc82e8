"""The ``anlan`` command. Each verb is a module, imported only when it is asked for."""

import importlib
import os
import sys

import click

VERBS = {
    "backup": "把整套数据写成一个文件",
    "bench": "测量性能，并与同类并排比较",
    "demo": "启动一个虚构的县，数据实时",
    "detect": "对文件运行报警规则",
    "doctor": "检查各部分是否正常",
    "engine": "只运行引擎",
    "export": "把一类数据写成 Excel、CSV 或 GeoJSON",
    "import": "从 Excel、CSV 或 GeoJSON 导入，有错的行标在原文件里",
    "manage": "Django 管理命令",
    "manager": "添加系统管理员，或让其重新登录",
    "model": "后果、风险与分级模型：说明、计算、核对算例",
    "packs": "检查规则包",
    "park": "计算园区的定量风险",
    "report": "出风险分析、重大风险清单、综合评估、影响范围报告",
    "restore": "从备份恢复到空的数据文件夹",
    "up": "运行整个产品",
    "verify": "验证留痕链未被篡改",
    "web": "只运行网页服务",
    "worker": "只运行投影与任务",
}


class Verbs(click.Group):
    """Finds a verb's ``command`` in the module of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"anlan.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(VERBS.items()))


@click.group(cls=Verbs)
@click.version_option(package_name="anlan")
def main() -> None:
    """安澜：从阀门到全省的一张安全风险实时图。"""


def setup_django(part: str = "anlan") -> None:
    """Load settings and apps, for verbs that need the database. ``part`` names the process in its log."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings")
    import django

    from anlan.kit import logs

    logs.begin(part)

    django.setup()


def fail(message: str) -> None:
    """Say what is wrong on stderr and leave with 1: the input is bad."""
    click.echo(message, err=True)
    sys.exit(1)
