"""Makes the typeface that documents embed: Noto Sans CJK SC, cut to what reports need, with TrueType outlines.

ReportLab embeds no PostScript outlines, so curves are turned into quadratic ones (error at most 1/1000 em). Kept are
GB 2312 (6 763 characters), Latin letters, Greek, and the signs of units and tables; what else a name may hold is set
in the reader's own typeface.

    uv run --with fonttools python scripts/report_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found]  # wanted by this script alone
from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-not-found]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont, newTable  # type: ignore[import-not-found]

TARGET = Path(__file__).resolve().parents[1] / "anlan/kit/documents/fonts/AnlanSans-Regular.ttf"
SIMPLIFIED = 2  # the face of the collection for the mainland
SIGNS = "‹›–—‘’“”•…‰′″℃№→←↑↓≈≠≤≥±×÷²³·°µΣΔαβγδλμρστφΩ①②③④⑤⑥⑦⑧⑨⑩■□▲△◆◇○●◎★☆▼▽Ⅰ㎡㎥〔〕《》【】「」、。〇　"
KEPT = ("head", "hhea", "hmtx", "maxp", "OS/2", "name", "cmap", "post", "glyf", "loca", "GlyphOrder")
ERROR = 1.0  # of 1 000 units


def wanted() -> set[int]:
    rows = range(0xA1, 0xF8)
    pairs = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    chinese = "".join(pair.decode("gb2312", "ignore") for pair in pairs)
    return {ord(one) for one in chinese + SIGNS} | set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))


def cut(source: Path) -> TTFont:
    options = subset.Options(layout_features=[], notdef_outline=True, glyph_names=False, name_IDs=["*"])
    font = TTFont(source, fontNumber=SIMPLIFIED)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)
    return font


def to_quadratic(font: TTFont) -> None:
    """Replace the PostScript outlines by TrueType ones."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    font["maxp"].tableVersion = 0x00010000
    for key in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(font["maxp"], key, 1 if key == "maxZones" else 0)
    font["post"].formatType, font["post"].mapping, font["post"].extraNames = 3.0, {}, []
    font.sfntVersion = "\000\001\000\000"
    for tag in set(font.keys()) - set(KEPT):
        del font[tag]


def call(font: TTFont) -> None:
    """A changed typeface may not carry the name of the one it was made from; its copyright and licence stay."""
    names = font["name"]
    names.names = [one for one in names.names if one.nameID in (0, 13, 14) and one.langID == 0x409]
    for key, text in {1: "Anlan Sans", 2: "Regular", 3: "AnlanSans-Regular", 4: "Anlan Sans", 6: "AnlanSans"}.items():
        names.setName(text, key, 3, 1, 0x409)


def main(source: Path) -> None:
    font = cut(source)
    to_quadratic(font)
    call(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(TARGET)
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size / 1e6:.2f} MB, {len(font.getGlyphOrder())} glyphs\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
