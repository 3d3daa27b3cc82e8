"""Documents: Word that Word can work with, PDF that looks alike everywhere, pictures that need no network."""

import io
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from anlan.kit.documents import Cell, Document, Grid, Heading, Pairs, Picture, Words, badge, charts, maps, pdf, word

DAY = date(2026, 11, 22)


def paper(*blocks: object) -> Document:
    return Document("县风险评估", DAY, blocks, cover=[("编制人", "赵值")], mark="演示数据", contents=True)  # type: ignore[arg-type]  # blocks


def opened(document: Document) -> "docx.document.Document":
    return docx.Document(io.BytesIO(word(document)))


def test_headings_make_a_table_of_contents_that_word_can_renew() -> None:
    file = opened(paper(Heading("一、结论"), Words("好"), Heading("（一）分布", 2)))
    assert [p.text for p in file.paragraphs if p.style and p.style.name == "Heading 1"] == ["一、结论"]
    assert 'TOC \\o "1-2"' in file.element.xml
    links = file.element.iter(qn("w:hyperlink"))
    assert [node.text for link in links for node in link.iter(qn("w:t"))] == ["一、结论", "（一）分布"]


def test_pages_are_numbered_and_marked() -> None:
    section = opened(paper(Words("好"))).sections[0]
    assert section.header.paragraphs[0].text == "演示数据"
    assert "PAGE" in section.footer._element.xml and "NUMPAGES" in section.footer._element.xml


def test_the_head_of_a_table_repeats_and_its_rows_do_not_break() -> None:
    file = opened(paper(Grid(("名称", "等级"), [("反应釜", badge(4, DAY)), ("仓库", badge(1, DAY))])))
    table = file.tables[-1]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in table.rows)
    assert [cell.text for cell in table.rows[1].cells] == ["反应釜", "红 重大风险"]


def test_a_level_is_told_by_its_character_not_by_colour_alone() -> None:
    assert badge(2, DAY) == Cell("黄 一般风险", 2)
    assert badge(0, DAY, sign_only=True).text == "未"


def test_pdf_embeds_the_typeface_and_takes_any_character() -> None:
    found = pdf(paper(Heading("一、结论"), Words("㛃川镇 <b>&amp; 5 m³"), Pairs([("编码", "1")])))
    assert found.startswith(b"%PDF-") and b"/FontFile2" in found


def test_a_long_table_goes_on_over_pages() -> None:
    rows = [(str(number), "风险点" * 8) for number in range(200)]
    found = pdf(paper(Grid(("序", "名称"), rows, caption="表 1")))
    assert found.count(b"/Type /Page\n") + found.count(b"/Type /Page ") >= 5 or b"/Count" in found


@pytest.mark.parametrize("count", [0, 1, 40])
def test_charts_take_nothing_little_and_much(count: int) -> None:
    days = [DAY - timedelta(days=back) for back in range(count)][::-1]
    pictures = [
        charts.stacked([(f"第{n}镇", (n, 1, 2, 3, 4)) for n in range(count)], DAY, "个"),
        charts.by_day(days, [(0, 1, 2, 3, 4)] * count, DAY, "次"),
        charts.small_multiples(days, {level: [level] * count for level in range(5)}, DAY, "个"),
        charts.bars([(f"行业{n}", n * 100.0) for n in range(count)], "次"),
    ]
    for png in pictures:
        assert Image.open(io.BytesIO(png)).width == 1260  # 16 cm at 200 to the inch


def test_a_map_is_drawn_without_a_base_layer(tmp_path: Path) -> None:
    box = maps.circle(121.0, 41.0, 1000)
    asked = maps.Map([maps.Area(box, 0, "东关镇")], [maps.Spot(121.0, 41.0, 4, "1")], [maps.Zone(box, 3, "2 km")])
    assert Image.open(io.BytesIO(maps.draw(asked, tmp_path, DAY))).height > 500


def test_a_broken_base_layer_leaves_the_map_without_it(tmp_path: Path) -> None:
    (tmp_path / "land.geojson").write_text("{", "utf-8")
    assert maps.draw(maps.Map([maps.Area(maps.circle(121.0, 41.0, 500), 2)]), tmp_path, DAY)


def test_a_circle_is_as_wide_on_the_ground_as_it_says() -> None:
    west, south, east, north = maps.box_of([maps.circle(121.0, 60.0, 1000)]) or (0, 0, 0, 0)
    assert (north - south) * maps.METRES == pytest.approx(2000, rel=1e-6)
    assert (east - west) * maps.METRES * 0.5 == pytest.approx(2000, rel=1e-6)


def test_a_picture_without_a_caption_above_keeps_its_own_below() -> None:
    png = charts.bars([("a", 1.0)], "次")
    file = opened(paper(Picture(png, "图 1 报警")))
    assert "图 1 报警" in [p.text for p in file.paragraphs]
