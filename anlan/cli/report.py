"""``anlan report KIND PLACE -o DIR``: the reports of the pages, for system managers and for the clock."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from anlan.cli import fail
from anlan.cli.manager import ready

if TYPE_CHECKING:
    from anlan.apps.core.models import Place
    from anlan.kit.grants import Viewer

KINDS = ("analysis", "major_list", "assessment", "knock_on")


@click.command()
@click.argument("kind", type=click.Choice([*KINDS, "all"]))
@click.argument("place", metavar="PLACE")
@click.option("-o", "--out", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="写到哪里")
@click.option("--as", "username", help="以谁的权限；不写为全部权限")
@click.option("--days", type=int, help="统计期间的天数；不写为规则包的常用值")
def command(kind: str, place: str, folder: Path, username: str | None, days: int | None) -> None:
    """出报告：风险分析、重大风险清单、综合风险评估、次生衍生与影响范围，写成 Word、PDF（清单另有 Excel）。

    PLACE 是场所的名称、编码或编号。
    """
    ready()
    from anlan.apps.core.actions import audit
    from anlan.kit import clock
    from anlan.kit.errors import AnlanError, Refused
    from anlan.packs.families import reports

    found, viewer = _place(place), _viewer(username)
    folder.mkdir(parents=True, exist_ok=True)
    known = reports.load(clock.today())
    for one in KINDS if kind == "all" else (kind,):
        try:
            _write(viewer, found, one, days or known.usual, folder)
        except Refused as refused:
            if kind != "all":
                fail(refused.refusal.filled(f"{refused.refusal.message}{refused.refusal.fix}"))
            click.echo(refused.refusal.filled(f"{known.kinds[one].name}：{refused.refusal.message}"), err=True)
        except AnlanError:
            fail(f"{username} 无权查看“{found.name}”，请换一个人或场所。")
    audit(viewer.person_id, "report.make", found, "", {"kind": kind, "by": "command"})


def _write(viewer: "Viewer", place: "Place", kind: str, days: int, folder: Path) -> None:
    """One report, with how far it is on stderr."""
    from anlan.apps.reports import actions, selectors
    from anlan.apps.reports.models import Report

    selectors.place_to_report(viewer, place.pk)
    title = selectors.title(kind, place)

    def progress(done: int, total: int) -> None:
        click.echo(f"\r{title} {done}/{total}", err=True, nl=False)

    made = actions.build(viewer, place, Report(kind=kind, place=place, days=days), progress)
    click.echo("", err=True)
    for suffix, content in made.files.items():
        path = folder / f"{title}.{suffix}"
        path.write_bytes(content)
        click.echo(f"{path}（{len(content) / 2**20:.1f} MB）")


def _place(text: str) -> "Place":
    from django.db.models import Q

    from anlan.apps.core.models import Place

    asked = Q(name=text) | Q(code=text)
    found = list(Place.objects.filter(asked | Q(pk=int(text)) if text.isascii() and text.isdigit() else asked)[:9])
    if not found:
        fail(f"没有名称、编码或编号为“{text}”的场所，请核对。")
    if len(found) > 1:
        fail(f"有 {len(found)} 处叫“{text}”，请用编号：{'、'.join(f'{one.pk}（{one.name}）' for one in found)}")
    return found[0]


def _viewer(username: str | None) -> "Viewer":
    from anlan.apps.core.models import Person
    from anlan.apps.core.selectors import viewer_of
    from anlan.kit.grants import SYSTEM

    if username is None:
        return SYSTEM
    person = Person.objects.filter(username__iexact=username).first()
    if person is None:
        fail(f"没有用户名为 {username} 的人，请核对。")
        raise SystemExit(1)
    return viewer_of(person)
