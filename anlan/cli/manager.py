"""``anlan manager``: the first manager of an installation, and a way back in for one who lost theirs."""

import secrets
from typing import TYPE_CHECKING

import click

from anlan.cli import fail
from anlan.cli.prepare import check_database, load_settings

if TYPE_CHECKING:
    from anlan.apps.core.models import Place


@click.group()
def command() -> None:
    """添加系统管理员，或让丢了密码的管理员重新登录。"""


@command.command()
@click.argument("name", metavar="姓名")
@click.option("--username", required=True, help="登录用的用户名")
@click.option("--place", "place_name", help="管辖的场所：名称或编码；只有一棵树时可以不写")
@click.option("--new", "new_name", help="数据库是空的：先建立这个最高一级的场所，例如 清河县")
@click.option("--kind", default="county", show_default=True, type=click.Choice(["province", "city", "county"]))
@click.option("--code", default="", help="新场所的行政区划代码，例如 990121")
def add(name: str, username: str, place_name: str | None, new_name: str | None, kind: str, code: str) -> None:
    """添加一名系统管理员，打印初始密码（只这一次）。"""
    ready()
    from django.db import transaction

    from anlan.apps.core.actions import NewPerson, add_person, add_place
    from anlan.kit.errors import Refused
    from anlan.kit.grants import SYSTEM

    password = secrets.token_urlsafe(12)
    try:
        with transaction.atomic():
            place = add_place(SYSTEM, None, kind, new_name, code=code) if new_name else _place(place_name)
            add_person(SYSTEM, NewPerson(username, name, password), "system_manager", place)
    except Refused as refused:
        fail(_said(refused))
    click.echo(f"已添加：{name} 是“{place.name}”及其下各处的系统管理员。")
    click.echo(f"用户名 {username}")
    click.echo(f"初始密码 {password}")
    click.echo("密码只显示这一次。首次登录须启用第二因素，随后请修改密码。")


@command.command()
@click.argument("username")
def reset(username: str) -> None:
    """给一个人新密码并移除第二因素，所有设备退出。用于管理员自己进不去时。"""
    ready()
    from anlan.apps.core.actions import reset_sign_in
    from anlan.apps.core.models import Person
    from anlan.kit.grants import SYSTEM

    person = Person.objects.filter(username__iexact=username).first()
    if person is None:
        fail(f"没有用户名为 {username} 的人，请核对。")
        return
    click.echo(f"{person.name} 的新密码 {reset_sign_in(SYSTEM, person.pk)}")
    click.echo("密码只显示这一次，第二因素已移除，所有设备已退出。")


def ready() -> None:
    """The database answers and has its tables; else it is said in words."""
    load_settings()
    check_database()
    check_tables()


def check_tables() -> None:
    """Fail in words while nobody has made the tables."""
    from django.db import connection

    if "core_place" not in connection.introspection.table_names():
        fail("数据库里还没有表，请先运行 anlan up，或 anlan manage migrate。")


def _place(text: str | None) -> "Place":
    from django.db.models import Q

    from anlan.apps.core.models import Place

    tops = Place.objects.filter(retired=None)
    found = list(tops.filter(Q(name=text) | Q(code=text)) if text else tops.filter(parent=None))
    if not found and not text:
        fail("数据库里还没有场所，请用 --new 建立最高一级，例如：--new 清河县 --code 990121")
    if not found:
        fail(f"没有名称或编码为“{text}”的场所，请核对。")
    if len(found) > 1:
        names = "、".join(f"{one.name}（{one.code or '无编码'}）" for one in found[:8])
        fail(f"有 {len(found)} 处可选，请用 --place 写明：{names}")
    return found[0]


def _said(refused: Exception) -> str:
    from anlan.kit.errors import Refused

    assert isinstance(refused, Refused)
    refusal = refused.refusal
    return refusal.filled(f"{refusal.message}{refusal.fix}")
