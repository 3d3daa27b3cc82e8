"""The first manager comes from one command, and may lose their password."""

import pytest
from click.testing import CliRunner

from anlan.apps.core import selectors
from anlan.apps.core.models import Person, Place
from anlan.cli import main
from tests.world import World


def anlan(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["manager", *arguments])
    return result.exit_code, result.output


def test_an_empty_installation_gets_its_top_place_and_its_manager(db: None) -> None:
    code, said = anlan("add", "钱管", "--username", "qianguan", "--new", "清河县", "--code", "990121")
    assert code == 0, said
    person = Person.objects.get(username="qianguan")
    password = next(line for line in said.splitlines() if line.startswith("初始密码")).split()[-1]
    assert person.check_password(password)
    viewer = selectors.viewer_of(person)
    assert viewer.may("grant.give", Place.objects.get(name="清河县").path)
    assert viewer.second_factor


def test_a_second_one_is_put_where_it_is_said(world: World) -> None:
    code, said = anlan("add", "新管", "--username", "xinguan", "--place", "990121")
    assert code == 0, said
    assert selectors.viewer_of(Person.objects.get(username="xinguan")).may("person.edit", world.qinghe.path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--username", "x"], "2 至 64 个字母"),
        (["--username", "fengguan"], "已被使用"),
        (["--username", "good", "--place", "没有这里"], "没有名称或编码为"),
        (["--username", "good", "--new", "某县", "--code", "12"], "不是该级行政区划代码"),
    ],
)
def test_what_is_wrong_is_said_in_words(world: World, arguments: list[str], words: str) -> None:
    people = Person.objects.count()
    code, said = anlan("add", "新管", *arguments)
    assert (code, Person.objects.count()) == (1, people)
    assert words in said


def test_a_manager_who_is_locked_out_gets_a_new_password(world: World) -> None:
    code, said = anlan("reset", "fengguan")
    assert code == 0
    word = said.splitlines()[0].split()[-1]
    assert Person.objects.get(username="fengguan").check_password(word)
    assert anlan("reset", "nobody")[0] == 1
