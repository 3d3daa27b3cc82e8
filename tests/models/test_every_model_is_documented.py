"""What a person or a program must know to call a model is written in it: nothing is left to reading the code."""

import json
from collections.abc import Callable

import pytest

from anlan.kit.models.catalogue import Model, models
from anlan.kit.models.describe import describe, problems

NAMES = sorted(models())


@pytest.mark.parametrize("name", NAMES)
def test_the_model_says_everything_about_its_inputs_and_outputs(name: str) -> None:
    assert problems(models()[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_the_model_is_json(name: str) -> None:
    schema = describe(name).schema()
    assert json.loads(json.dumps(schema, allow_nan=False))["model"] == name


def broken(function: Callable[..., dict[str, object]], names: dict[str, str] | None = None) -> str:
    return "; ".join(problems(Model("broken", function, names or {})))


def test_a_parameter_without_a_description_is_found() -> None:
    def silent(*, mass: float, length: float) -> dict[str, object]:
        """Silent.

        Parameters
        ----------
        mass : float
            Mass [kg]

        Returns
        -------
        x : float
            Something [-]
        """
        return {"x": mass + length}

    assert "input length is not described" in broken(silent)


def test_a_number_without_a_unit_and_a_wrong_unit_are_found() -> None:
    def bare(*, mass: float, length: float) -> dict[str, object]:
        """Bare.

        Parameters
        ----------
        mass : float
            Mass
        length : float
            Length [metre stick]

        Returns
        -------
        x : float
            Something
        """
        return {"x": mass + length}

    found = broken(bare)
    assert "input mass has no unit" in found
    assert "[metre stick] is no unit" in found
    assert "output x has no unit" in found


def test_what_is_described_but_is_no_input_and_what_can_be_given_by_position_are_found() -> None:
    def loose(mass: float) -> dict[str, object]:
        """Loose.

        Parameters
        ----------
        mass : float
            Mass [kg]
        ghost : float
            Gone [m]
        """
        return {"x": mass}

    found = broken(loose, {"spirit": "a=b"})
    assert "ghost" in found
    assert "not keyword-only" in found
    assert "spirit" in found
    assert "no Returns section" in found


def test_a_type_that_json_cannot_give_is_found() -> None:
    def strange(*, when: complex) -> dict[str, object]:
        """Strange."""
        return {"when": when}

    assert "complex" in broken(strange)
