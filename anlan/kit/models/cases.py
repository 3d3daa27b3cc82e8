"""Published cases: reads a file of them, runs each, and says by how much every value differs and whether it may.

A file holds a list of cases, or an object with ``cases``. A case has ``id``, ``model``, ``inputs`` and ``expected``
(name → ``{"value": …, "unit": …}``) and ``tolerance``; ``disagrees`` says why a case cannot be met. ``"expected":
"refusal"`` is met when the model refuses.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anlan.kit.models import units
from anlan.kit.models.describe import describe
from anlan.kit.models.errors import BadCases, BadInput, ModelError, Refused, UnknownInput, UnknownModel
from anlan.kit.models.running import Json, Quantity, run
from anlan.kit.models.shapes import Field
from anlan.kit.models.tolerance import Comparison, Tolerance, compare

Status = Literal["met", "not met", "refused", "not run"]

REFUSAL = "refusal"
_EXACT = {"type": "exact"}  # what a refusal needs
#: What follows a unit in a case and says only what is measured: ``1/yr (inferred from …)``, ``m/s @10 m``, ``- jet``.
_REMARK = re.compile(r"(?<=\S)\s+\((?![agAG]\)|gauge|abs).*\)$|\s*@.*$|(?<=^-)\s.*$")


@dataclass(frozen=True)
class Case:
    """One case as it stands in its file."""

    id: str
    model: str
    inputs: Mapping[str, object]
    expected: Mapping[str, Quantity] | None  # None: the model must refuse
    tolerance: Tolerance
    source: str
    disagrees: str


@dataclass(frozen=True)
class Result:
    """What became of a case. ``message``: why it was refused or not run."""

    case: Case
    status: Status
    comparisons: tuple[Comparison, ...] = ()
    message: str = ""

    @property
    def failed(self) -> bool:
        """Whether it counts as a failure. A case that says why it disagrees must then really disagree."""
        return (self.status == "met") == bool(self.case.disagrees)

    def as_json(self) -> Json:
        return {
            "id": self.case.id,
            "model": self.case.model,
            "status": self.status,
            "failed": self.failed,
            "disagrees": self.case.disagrees or None,
            "message": self.message,
            "outputs": {each.name: each.as_json() for each in self.comparisons},
        }


def read(path: Path) -> list[Case]:
    """The cases of a file.

    Raises
    ------
    BadCases
        Names the file, the case and what is wrong.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadCases(f"{path}：读不了（{getattr(error, 'strerror', None) or '不是 UTF-8 编码'}）") from error
    except json.JSONDecodeError as error:
        raise BadCases(f"{path}:{error.lineno}：不是 JSON（{error.msg}），请更正") from error
    except RecursionError as error:
        raise BadCases(f"{path}：嵌套太深") from error
    listed = content.get("cases") if isinstance(content, dict) else content
    if not isinstance(listed, list) or not listed:
        raise BadCases(f"{path}：没有算例；应是列表，或含 cases 列表的对象")
    return [_case(raw, f"{path}：第 {number} 个算例") for number, raw in enumerate(listed, 1)]


def _case(raw: object, where: str) -> Case:
    if not isinstance(raw, dict):
        raise BadCases(f"{where}不是对象")
    for key in ("id", "model", "inputs", "expected"):
        if key not in raw:
            raise BadCases(f"{where}缺少 {key}，请补上")
    where = f"{where}（{raw['id']}）"
    if not isinstance(raw["inputs"], dict):
        raise BadCases(f"{where}的 inputs 应是对象（名称: 值）")
    try:
        tolerance = Tolerance.read(_EXACT if raw["expected"] == REFUSAL else raw.get("tolerance"))
    except BadInput as error:
        raise BadCases(f"{where}：{error}") from error
    return Case(
        str(raw["id"]),
        str(raw["model"]),
        raw["inputs"],
        _expected(raw["expected"], where),
        tolerance,
        str(raw.get("source", "")),
        str(raw.get("disagrees") or ""),
    )


def _expected(raw: object, where: str) -> dict[str, Quantity] | None:
    if raw == REFUSAL:
        return None
    if not isinstance(raw, dict) or not raw:
        raise BadCases(f'{where}的 expected 应是对象（名称: 值），或 "{REFUSAL}"')
    found = {}
    for name, given in raw.items():
        if isinstance(given, dict) and "value" in given:
            found[name] = Quantity(given["value"], _bare_unit(str(given.get("unit", "-"))))
        else:
            found[name] = Quantity(given, "")
        if not _finite(found[name].value):
            raise BadCases(f'{where}的 expected 里 {name} 不是有限的数；应当拒绝的算例请写 "{REFUSAL}"')
    return found


def _finite(value: Json) -> bool:
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def check(case: Case) -> Result:
    """Run a case and compare."""
    try:
        described = describe(case.model)
        outputs = run(case.model, _inputs(case, described.inputs)).outputs
    except (UnknownModel, UnknownInput) as error:
        return Result(case, "not run", message=str(error))
    except (Refused, BadInput) as error:
        return Result(case, "met" if case.expected is None else "refused", message=str(error))
    if case.expected is None:
        return Result(case, "not met", message="模型应当拒绝，却给出了结果")
    return _compared(case, case.expected, outputs)


def _compared(case: Case, expected: Mapping[str, Quantity], outputs: Mapping[str, Quantity]) -> Result:
    missing = [name for name in expected if name not in outputs]
    try:
        found = tuple(
            compare(name, expected[name], outputs[name], case.tolerance) for name in expected if name in outputs
        )
    except ModelError as error:
        return Result(case, "not run", message=str(error))
    if missing:
        return Result(case, "not run", found, f"模型没有给出 {'、'.join(missing)}；给出的有 {'、'.join(outputs)}")
    return Result(case, "met" if all(each.met for each in found) else "not met", found)


def _inputs(case: Case, fields: tuple[Field, ...]) -> dict[str, object]:
    """The case's inputs. A unit that says what a number without one counts (``D``, ``row``) is left out."""
    by_name = {field.name: field for field in fields}
    return {name: _input(by_name.get(name), given) for name, given in case.inputs.items()}


def _input(field: Field | None, given: object) -> object:
    if field is None or not isinstance(given, dict) or "value" not in given or not isinstance(given.get("unit"), str):
        return given
    unit = _bare_unit(given["unit"])
    label = units.is_bare(field.unit or "-") and not units.is_ratio(unit)
    return {"value": given["value"]} if label or unit == field.unit else {**given, "unit": unit}


def _bare_unit(unit: str) -> str:
    """The unit without the remark that follows it."""
    return unit if units.known(unit) else _REMARK.sub("", unit).strip()
