"""``anlan park``: the risk of a park from one file."""

import sys
from pathlib import Path

import click

from anlan.cli import fail
from anlan.kernels.consequence.footprint_cache import FootprintCache
from anlan.kit import clock
from anlan.kit.park import (
    assembly,
    compute,
    conclusions,
    domino,
    findings,
    geotiff,
    inputs,
    knock_on,
    limits,
    report,
    tables,
)
from anlan.kit.park.assembly import Scene
from anlan.kit.park.compute import Result
from anlan.kit.park.conclusions import Conclusions
from anlan.kit.park.findings import Findings
from anlan.kit.park.inputs import BadRun
from anlan.packs.model import PackError


@click.command()
@click.argument("run", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="结果写到此文件夹。"
)
@click.option("--cache", type=click.Path(path_type=Path, file_okay=False), help="缓存文件夹；默认在结果文件夹内。")
@click.option("--no-cache", is_flag=True, help="不读也不写缓存。")
@click.option("--no-report", is_flag=True, help="不写 Word 与 PDF 报告。")
def command(run: Path, output: Path, cache: Path | None, *, no_cache: bool, no_report: bool) -> None:
    """由一个 RUN.yaml 计算园区的个人风险、社会风险与多米诺效应。

    写出：individual_risk.tif（网格）、contours.geojson（等值线）、fn.csv、pll.csv、targets.csv（防护目标判定）、
    broken.csv（不符合项）、relocation_targets.csv 与 relocation_plants.csv（搬迁改造清单）、
    distances.csv（外部安全防护距离）、contributions.csv（主要贡献者）、models.csv（所用模型）、domino.csv、
    chains.csv（连锁链）、escalated.csv（连锁增加的频率）、
    map.png、fn.png、report.docx、report.pdf。

    改一个场景后再运行，只重算它所在的风险源，其余取自缓存。
    """
    try:
        _run(run, output, None if no_cache else cache or output / "cache", with_report=not no_report)
    except BadRun as error:
        fail("\n".join(map(str, error.problems)))
    except PackError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")


def _run(run: Path, output: Path, cache: Path | None, *, with_report: bool) -> None:
    today = clock.today()
    reading = inputs.read(run)
    kept = FootprintCache(folder=cache / "dense") if cache else FootprintCache()
    scene = assembly.build(reading, today, kept)
    limits.lines_of(reading, today), limits.limits_of(reading, today)  # a wrong name is told before the long part
    escalations = domino.escalations(reading, scene, today)
    knock = knock_on.knock_on(scene, escalations)
    if knock.in_risk:
        scene = knock_on.with_escalated(scene, knock)
    result = _computed(scene, cache)
    found = findings.find(reading, scene, result, today)
    concluded = conclusions.conclude(reading, scene, result, found, today)
    output.mkdir(parents=True, exist_ok=True)
    geotiff.write(output / "individual_risk.tif", result.risk, scene.grid, scene.run.grid.epsg)
    tables.write_all(output, scene, found, escalations, concluded, knock)
    if with_report:
        _report(output, report.compose(scene, found, escalations, today, concluded, knock))
    click.echo(_summary(scene, result, found, concluded))
    if knock.fallen:
        click.echo(f"连锁链 {len(knock.courses)} 条，可被波及的装置 {len(knock.fallen)} 处；{report.in_risk(knock)}")


def _computed(scene: Scene, cache: Path | None) -> Result:
    steps = 2 * len(scene.park.at)
    with click.progressbar(length=steps, label="计算风险", file=sys.stderr) as bar:
        return compute.compute(scene, cache, lambda location: bar.update(1))


def _report(output: Path, whole: report.Report) -> None:
    pictures = (block for block in whole.blocks if isinstance(block, report.Picture))
    for name, picture in zip(("map.png", "fn.png"), pictures, strict=True):
        (output / name).write_bytes(picture.png)
    report.write_word(output / "report.docx", whole)
    report.write_pdf(output / "report.pdf", whole)


def _summary(scene: Scene, result: Result, found: Findings, concluded: Conclusions) -> str:
    lines = [f"风险源 {len(scene.park.at)} 处（缓存 {result.reused} 处），结果 {len(scene.cases)} 个"]
    for contour in found.contours:
        edge = "，超出网格" if contour.open_at_edge else ""
        lines.append(f"个人风险 ≥ {contour.level:g}/年：{contour.area / 1e4:.2f} 公顷{edge}")
    lines.append(f"PLL {result.deaths.potential_loss:.4g}/年")
    if found.societal.judgement is not None:
        lines.append(f"社会风险（{scene.run.criteria.societal}）：{report.ZONES[found.societal.judgement.zone]}")
    lines.append(report.models_used(scene))
    broken = [one.target.name for one in found.targets if one.kept is False]
    lines.append(f"不符合限值的防护目标：{'、'.join(broken) or '无'}")
    lines += [f"不符合：{one.text}（{one.criterion.standard}）" for one in concluded.broken]
    if plants := [one.plant for one in concluded.relocation.plants if one.order is not None]:
        lines.append(f"搬迁改造次序：{'、'.join(plants)}")
    return "\n".join(lines)
