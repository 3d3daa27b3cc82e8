"""Documents: one model of blocks, written as Word and as PDF; charts and maps for them as pictures.

``model.py`` what a document holds; ``word.py`` and ``pdf.py`` write it; ``charts.py`` and ``maps.py`` draw pictures on
the sheet of ``canvas.py``; ``fonts.py`` the one typeface that is embedded. Everything is made offline.
"""

from anlan.kit.documents.model import (
    Block,
    Break,
    Cell,
    Document,
    Grid,
    Heading,
    Pairs,
    Picture,
    Words,
    badge,
    contents,
)
from anlan.kit.documents.pdf import pdf
from anlan.kit.documents.word import word

__all__ = [
    "Block",
    "Break",
    "Cell",
    "Document",
    "Grid",
    "Heading",
    "Pairs",
    "Picture",
    "Words",
    "badge",
    "contents",
    "pdf",
    "word",
]
