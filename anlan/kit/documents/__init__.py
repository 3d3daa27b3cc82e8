"""Documents: one model of blocks, written as Word and as PDF; charts and maps for them as pictures.

``model.py`` what a document holds; ``word_writer.py`` and ``pdf_writer.py`` write it, imported when something is
written, as their libraries take a third of a second; ``charts.py`` and ``maps.py`` draw pictures on the sheet of
``canvas.py``; ``fonts.py`` the one typeface that is embedded. Everything is made offline.
"""

from anlan.kit.documents.model import (
    DOCX,
    PDF,
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

__all__ = [
    "DOCX",
    "PDF",
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


def word(document: Document) -> bytes:
    """The bytes of a Word file."""
    from anlan.kit.documents import word_writer

    return word_writer.word(document)


def pdf(document: Document) -> bytes:
    """The bytes of a PDF file."""
    from anlan.kit.documents import pdf_writer

    return pdf_writer.pdf(document)
