"""``anlan park``: the golden park's outputs, files that others read, wrong inputs named, a cache that works."""

import csv
import json
import re
from pathlib import Path

import docx
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from anlan.cli.park import command
from anlan.kernels.qra.layout import Grid
from anlan.kernels.validity import OutOfRange
from anlan.kit.park import geotiff

GOLDEN = Path(__file__).parents[1] / "cases/park"
DENSE = Path(__file__).parents[1] / "cases/park-dense"
EXAMPLE = Path(__file__).parents[2] / "examples/park"
NUMBER = 2e-3  # contours and distances move a little with the compiler's rounding, risks far less


def park(run: Path, output: Path, *more: str) -> Result:
    return CliRunner().invoke(command, [str(run), "-o", str(output), *more])


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    result = park(GOLDEN / "run.yaml", folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The golden run, to be changed."""
    for name in ("run.yaml", "population.csv"):
        (tmp_path / name).write_text((GOLDEN / name).read_text())
    return tmp_path / "run.yaml"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def same(one: str, other: str) -> bool:
    try:
        return float(one) == pytest.approx(float(other), rel=NUMBER, abs=1e-12)
    except ValueError:
        return one == other


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden park of dense clouds, knock-on chains and broken criteria."""
    folder = tmp_path_factory.mktemp("dense")
    result = park(DENSE / "run.yaml", folder, "--no-report")
    assert result.exit_code == 0, result.output
    return folder


def compare_tables(found: list[list[str]], expected: list[list[str]]) -> None:
    assert len(found) == len(expected)
    for line, wanted in zip(found, expected, strict=True):
        assert all(same(one, other) for one, other in zip(line, wanted, strict=True)), (line, wanted)


@pytest.mark.parametrize("name", ["targets", "pll", "fn", "domino", "contributions"])
def test_the_golden_park_gives_the_expected_table(golden: Path, name: str) -> None:
    compare_tables(rows(golden / f"{name}.csv"), rows(GOLDEN / f"expected/{name}.csv"))


@pytest.mark.parametrize("name", sorted(path.stem for path in (DENSE / "expected").glob("*.csv")))
def test_the_golden_park_of_dense_clouds_gives_the_expected_table(dense: Path, name: str) -> None:
    compare_tables(rows(dense / f"{name}.csv"), rows(DENSE / f"expected/{name}.csv"))


def test_the_golden_parks_give_the_expected_contours(golden: Path, dense: Path) -> None:
    for folder, case in ((golden, GOLDEN), (dense, DENSE)):
        found = json.loads((folder / "contours.geojson").read_text())
        areas = {f"{each['properties']['level']:g}": each["properties"]["area_m2"] for each in found["features"]}
        assert areas == pytest.approx(json.loads((case / "expected/areas.json").read_text()), rel=NUMBER)


def test_the_rings_of_the_contours_are_closed(golden: Path) -> None:
    found = json.loads((golden / "contours.geojson").read_text())
    rings = [ring for each in found["features"] for polygon in each["geometry"]["coordinates"] for ring in polygon]
    assert rings and all(ring[0] == ring[-1] for ring in rings)


def test_the_grid_is_a_geotiff_with_its_place_and_its_system(golden: Path) -> None:
    with Image.open(golden / "individual_risk.tif") as image:
        values, tags = np.asarray(image), dict(image.tag_v2)  # type: ignore[attr-defined]  # Pillow: of TIFF only
    assert values.shape == (90, 100) and values.dtype == np.float32
    assert tags[33550][:2] == (20.0, 20.0)
    assert tags[33922] == (0.0, 0.0, 0.0, 0.0, 1800.0, 0.0)  # the upper left corner is the north-west one
    keys = np.array(tags[34735]).reshape(-1, 4)
    assert [3072, 0, 1, 4547] in keys.tolist()
    highest = next(line for line in rows(golden / "contributions.csv") if line[0] == "风险最高处")
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    assert (column * 20 + 10, 1800 - row * 20 - 10) == (float(highest[1]), float(highest[2]))
    assert float(values.max()) == pytest.approx(float(highest[3]), rel=1e-3)


def test_without_a_system_the_geotiff_says_local_metres(tmp_path: Path) -> None:
    geotiff.write(tmp_path / "local.tif", np.arange(6.0).reshape(2, 3), Grid(5, 7, 2, 3, 2))
    with Image.open(tmp_path / "local.tif") as image:
        assert np.asarray(image).tolist() == [[3, 4, 5], [0, 1, 2]]  # row 0 of the grid is south
        assert "local engineering grid in metres" in image.tag_v2[34737]  # type: ignore[attr-defined]
    with pytest.raises(OutOfRange):
        geotiff.write(tmp_path / "no.tif", np.full((2, 3), np.nan), Grid(5, 7, 2, 3, 2))


def test_the_report_tells_judgement_and_domino_in_word_and_pdf(golden: Path) -> None:
    document = docx.Document(str(golden / "report.docx"))
    words = "\n".join(each.text for each in document.paragraphs)
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "按 GB 36894 判定" in words and len(document.inline_shapes) == 2
    assert {"学校", "超压", "未给限值"} <= cells
    assert (golden / "report.pdf").read_bytes().startswith(b"%PDF")
    for name in ("map.png", "fn.png"):
        with Image.open(golden / name) as image:
            assert len(image.getcolors(1 << 24) or []) > 10


def test_a_changed_scenario_re_does_only_its_own_source(copied: Path, tmp_path: Path) -> None:
    first = park(copied, tmp_path / "out", "--no-report")
    assert "缓存 0 处" in first.output
    assert "缓存 3 处" in park(copied, tmp_path / "out", "--no-report").output
    copied.write_text(copied.read_text().replace("rate: 0.8", "rate: 0.9"))
    changed = park(copied, tmp_path / "out", "--no-report")
    assert "缓存 2 处" in changed.output
    anew = park(copied, tmp_path / "anew", "--no-report", "--no-cache")
    assert anew.stdout.splitlines()[1:] == changed.stdout.splitlines()[1:] != first.stdout.splitlines()[1:]
    for name in ("pll.csv", "fn.csv", "contours.geojson", "individual_risk.tif"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "anew" / name).read_bytes()
    assert not (tmp_path / "anew/cache").exists()


def test_a_damaged_cache_is_computed_anew(copied: Path, tmp_path: Path) -> None:
    park(copied, tmp_path / "out", "--no-report")
    before = (tmp_path / "out/pll.csv").read_bytes()
    for file in (tmp_path / "out/cache").iterdir():
        file.write_bytes(file.read_bytes()[:100])
    assert "缓存 0 处" in park(copied, tmp_path / "out", "--no-report").output
    assert (tmp_path / "out/pll.csv").read_bytes() == before


WRONG = [
    ("stability: D", "stability: G", "7: ", "G"),
    ("share: 0.6", "share: 0.7", "", "share 之和"),
    ("cell: 20", "cell: -20", "3: ", "cell"),
    ("epsg: 4547", "epsg: 4326", "3: ", "以度为单位"),
    ("rate: 0.8", "rate: -0.8", "19: ", "rate = -0.8"),
    ("rate: 0.8", "rate: .nan", "", "nan"),
    ("frequency: 1.0e-4", "frequency: .nan", "17: ", "不是数字"),
    ("frequency: 1.0e-4", "frequency: often", "", "often"),
    ("hole: rupture", "hole: 7mm", "", "没有孔 7mm"),
    ("equipment: pressure-vessel", "equipment: vessle", "", "没有设备 vessle"),
    ("equipment: pressurised", "equipment: balloon", "", "没有设备类 balloon"),
    ("societal: GB 36894", "societal: 月球", "", "没有社会风险准则 月球"),
    ("category: 高敏感防护目标", "category: 宫殿", "", "宫殿"),
    ("when: immediate", "when: always", "", "ignition"),
    ("lower_limit: 0.021", "lower_limit: 2.1", "", "lower flammable limit"),
    ("efficiency: 0.1", "efficiency: 0.1, strength: 7", "", "只写一个"),
    ("weather: D5, step", "weather: D9, step", "", "没有气象条件 D9"),
    ("title: 对照园区", "titel: 对照园区", "2: ", "titel"),
    ("targets:", "uncertainty: {frequency: 0.5}\ntargets:", "", "误差因子"),
    ("name: 无类别", "name: 商店", "", "重复"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG, ids=[new for _, new, _, _ in WRONG])
def test_a_wrong_input_is_named_with_file_and_line(copied: Path, old: str, new: str, line: str, words: str) -> None:
    text = copied.read_text()
    assert old in text
    copied.write_text(text.replace(old, new, 1))
    result = park(copied, copied.parent / "out")
    assert result.exit_code == 1 and words in result.output
    assert re.search(rf"run\.yaml:{line or r'[0-9]+: '}", result.output), result.output
    assert not (copied.parent / "out").exists()


def test_a_wrong_row_of_the_population_is_named(copied: Path) -> None:
    table = copied.parent / "population.csv"
    table.write_text(table.read_text().replace(",12,", ",-12,"))
    result = park(copied, copied.parent / "out")
    assert result.exit_code == 1 and "population.csv:2:" in result.output


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = park(tmp_path / "none.yaml", tmp_path / "out")
    assert result.exit_code == 1 and "none.yaml" in result.output


def test_the_worked_example_runs_and_finds_the_school(tmp_path: Path) -> None:
    result = park(EXAMPLE / "run.yaml", tmp_path, "--no-report")
    assert result.exit_code == 0 and "不符合限值的防护目标：第一小学" in result.output
    low, middle, high = (float(row[4]) for row in rows(tmp_path / "uncertainty.csv") if row[0] == "第一小学")
    assert low < middle < high
