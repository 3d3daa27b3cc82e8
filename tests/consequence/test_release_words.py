"""Releases, gases and classes in words mean the numbers, and nothing else is understood."""

import pytest

from anlan.kernels.validity import OutOfRange
from anlan.kit.models.errors import ModelError
from anlan.kit.models.families import _release_words as words
from anlan.kit.models.running import run

JET = {"jet_diameter": 1, "jet_velocity": 1, "jet_temperature": 298, "h": 10}
BASE: dict[str, object] = {"Q": 0.1, "u10": 2, "class": "F", "point": [500, 0, 10], "plume_rise": "Briggs"}


def test_a_jet_in_words_is_the_jet_in_numbers() -> None:
    said = run("dispersion/gaussian-plume", {**BASE, "release": "vertical jet d=1 m v=1 m/s h=10 m T=298 K"}).outputs
    given = run("dispersion/gaussian-plume", {**BASE, **JET}).outputs
    assert said == given


def test_the_order_of_the_words_does_not_matter() -> None:
    assert words.vertical_jet("vertical jet T=298 K h=10 m d=1 m v=1.5 m/s") == words.VerticalJet(1, 1.5, 10, 298)


def test_a_gas_is_known_by_formula_name_and_number() -> None:
    assert words.gas("NH3, 25 C, ground, open country") == (words.gas("7664-41-7")[0], 298.15)
    assert words.gas("氨") == words.gas("ammonia") == words.gas("NH3")


def test_a_class_may_say_its_set() -> None:
    assert words.class_and_set("D rural (Briggs)", None) == ("D", "briggs-rural")
    assert words.class_and_set("E urban (Briggs)", "briggs-urban") == ("E", "briggs-urban")
    assert words.class_and_set("A", "turner") == ("A", "turner")


@pytest.mark.parametrize(
    "said",
    [
        "vertical jet d=1 m v=1 m/s h=10 m",
        "vertical jet d=1 m d=1 m v=1 m/s h=10 m T=298 K",
        "vertical jet d=1 m v=1 m h=10 m T=298 K",
        "horizontal jet d=1 m v=1 m/s h=10 m T=298 K",
        "vertical jet d=nan m v=1 m/s h=10 m T=298 K",
        "",
    ],
)
def test_other_words_are_refused(said: str) -> None:
    with pytest.raises(OutOfRange, match="release"):
        words.vertical_jet(said)


def test_what_is_not_understood_of_a_gas_or_class_is_refused() -> None:
    with pytest.raises(OutOfRange, match="indoors"):
        words.gas("NH3, indoors")
    with pytest.raises(OutOfRange, match="not in the table"):
        words.gas("unobtainium")
    with pytest.raises(OutOfRange, match="say it once"):
        words.class_and_set("D rural (Briggs)", "turner")
    with pytest.raises(ModelError):
        run("dispersion/gaussian-plume", {**BASE, "class": "D suburban"})
