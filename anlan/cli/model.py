"""``anlan model``: the numeric models by name — their schema, their numbers, their published cases."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import click

from anlan.cli import fail
from anlan.cli.modelreport import check_table, description_text, markdown, summary
from anlan.kit.models import cases as published
from anlan.kit.models.catalogue import models
from anlan.kit.models.describe import describe
from anlan.kit.models.errors import BadInput, ModelError
from anlan.kit.models.running import run as run_model
from anlan.kit.models.shapes import Field


@click.group()
def command() -> None:
    """后果、定量风险、风险评价与分级模型：查说明、计算、核对公开算例。

    输入是数（按说明里的单位）、{"value": 5, "unit": "mm"} 或 "5 mm"；单位自动换算，量纲不对、缺项、
    超出适用范围时拒绝并说明原因。
    """


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_models(*, as_json: bool) -> None:
    """列出全部模型。"""
    described = [describe(name) for name in models()]
    if as_json:
        _print([{"model": each.name, "summary": each.summary} for each in described])
        return
    width = max((len(each.name) for each in described), default=0)
    for each in described:
        click.echo(f"{each.name:<{width}}  {each.summary}")


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON 模式（schema）。")
def show(name: str, *, as_json: bool) -> None:
    """一个模型的说明：输入、单位、默认值、适用范围、输出和出处。"""
    try:
        described = describe(name)
    except ModelError as error:
        fail(str(error))
        raise
    if as_json:
        _print(described.schema())
    else:
        click.echo(description_text(described))


@command.command()
@click.argument("name")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-p", "parameters", multiple=True, metavar="名称=值", help="一个输入，如 -p 'hole_diameter=5 mm'；可多次。"
)
def run(name: str, file: Path | None, parameters: tuple[str, ...]) -> None:
    """运行一个模型：从 FILE（- 为标准输入）读 JSON 输入，向标准输出写 JSON 结果，每个数都带单位。

    JSON 是 {名称: 值}，或含 inputs 的对象（算例也可以）；-p 给出的输入优先。
    """
    try:
        inputs = {**_read(file), **_given(name, parameters)}
        outcome = run_model(name, inputs)
    except ModelError as error:
        fail(str(error))
        raise
    _print(outcome.as_json())


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CASES...")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--markdown", "document", type=click.Path(path_type=Path), help="同时把核对结果写成 Markdown 文档。")
def check(files: tuple[Path, ...], *, as_json: bool, document: Path | None) -> None:
    """核对算例：逐项比较计算值与公开值，给出偏差与容差；有不符、被拒绝或没有运行的即以 1 退出。

    CASES 是算例文件（JSON）或其文件夹。写明 disagrees（与来源不一致的原因）的算例单独列出。
    """
    try:
        results = [published.check(case) for file in _spread(files) for case in published.read(file)]
    except ModelError as error:
        fail(str(error))
        raise
    if as_json:
        _print({"cases": [each.as_json() for each in results], "summary": summary(results)})
    else:
        click.echo(check_table(results))
    if document:
        _write(document, markdown(results))
    if any(each.failed for each in results):
        sys.exit(1)


def _spread(files: tuple[Path, ...]) -> list[Path]:
    """The files, and those of the folders."""
    found = [path for each in files for path in (sorted(each.glob("*.json")) if each.is_dir() else [each])]
    if not found:
        raise BadInput(f"{'、'.join(map(str, files))}：文件夹里没有 .json 算例文件")
    return found


def _read(file: Path | None) -> dict[str, object]:
    """The inputs of a file or of stdin."""
    if file is None:
        return {}
    try:
        content = json.loads(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    except OSError as error:
        raise BadInput(f"{file}：{error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}：不是 UTF-8 编码，请另存") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{file}:{error.lineno}：不是 JSON（{error.msg}），请更正") from error
    except RecursionError as error:
        raise BadInput(f"{file}：嵌套太深") from error
    if isinstance(content, dict) and isinstance(content.get("inputs"), dict):
        content = content["inputs"]
    if not isinstance(content, dict):
        raise BadInput(f"{file}：应是 JSON 对象（名称: 值）")
    return cast(dict[str, object], content)


def _given(name: str, parameters: tuple[str, ...]) -> dict[str, object]:
    """The inputs of ``-p``: JSON where it is JSON, else a text; a text stays one where the model wants a text."""
    fields = {field.name: field for field in describe(name).inputs} if parameters else {}
    return dict(_one(parameter, fields) for parameter in parameters)


def _one(parameter: str, fields: Mapping[str, Field]) -> tuple[str, object]:
    """``name=value``. The name may contain ``=`` itself (``a=L/R``), so the longest known name wins."""
    names = [name for name in fields if parameter.startswith(name + "=")]
    name = max(names, key=len) if names else parameter.partition("=")[0]
    if not parameter.startswith(name + "="):
        raise BadInput(f"-p {parameter}：应写成 名称=值")
    text = parameter[len(name) + 1 :]
    if name in fields and fields[name].shape.kind == "text":
        return name, text
    try:
        return name, json.loads(text)
    except json.JSONDecodeError:
        return name, text


def _print(content: object) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{file}：{error.strerror or error}")
