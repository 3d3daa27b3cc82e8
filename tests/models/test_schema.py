"""The schema follows the signature and the docstring."""

from typing import Any, cast

from anlan.kit.models.describe import describe


def part(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], describe("toy").schema()[name])


def test_what_has_no_default_is_required_and_nothing_else_may_be_given() -> None:
    schema = part("inputs")
    assert schema["required"] == ["diameter"]
    assert schema["additionalProperties"] is False


def test_an_input_has_its_outer_name_its_unit_its_text_and_its_default() -> None:
    properties = part("inputs")["properties"]
    assert "ratio" not in properties
    assert properties["a=L/R"]["x-unit"] == "-"
    assert properties["temperature"]["x-unit"] == "K"
    assert properties["temperature"]["description"] == "Temperature"
    assert properties["temperature"]["default"] == 293.15


def test_types_are_those_of_the_hints() -> None:
    properties = part("inputs")["properties"]
    assert properties["stability"]["enum"] == ["A", "D", "F"]
    assert properties["wet"]["type"] == "boolean"
    assert properties["label"]["type"] == "string"
    assert {"type": "number"} in properties["diameter"]["anyOf"]
    assert {"anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "number"}]} in properties["path"][
        "anyOf"
    ]
    assert properties["tanks"]["items"]["properties"]["mass"]["x-unit"] == "kg"
    assert properties["tanks"]["items"]["required"] == ["mass"]


def test_outputs_have_units() -> None:
    assert part("outputs")["properties"]["diameter"]["x-unit"] == "m"
