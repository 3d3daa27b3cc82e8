"""What may be uploaded, judged by content: pictures, PDF, Excel, Word, CSV. All else is refused with a reason."""

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from anlan.kit.errors import Refused
from anlan.rules.refusal import Refusal

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 200 * 2**20  # of an Excel or Word file [byte]
MAX_RATIO = 200  # unpacked to packed, of one part
MAX_PARTS = 5_000
MAX_PIXELS = 100_000_000
_ACTIVE_PARTS = re.compile(r"vbaproject|activex|oleobject|embeddings/|macrosheets/", re.IGNORECASE)
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|OpenAction\s*<<[^>]*/S\s*/JavaScript)\b")
_ALLOWED = "jpg、png、pdf、xlsx、docx、csv"


@dataclass(frozen=True)
class Checked:
    """What a file turned out to be."""

    content_type: str
    extension: str


def clean_name(name: str) -> str:
    """A name that can be shown and saved anywhere: no folders, no control or direction characters, at most 120 long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > 10:
        return kept[:120] or "文件"
    return f"{stem[: 119 - len(extension)] or '文件'}.{extension}"


def size_is_good(size: int) -> Refusal | None:
    """Whether a file of ``size`` [byte] is neither empty nor too large."""
    if size == 0:
        return Refusal("file.empty", "文件是空的。", "请重新选择文件。")
    if size > MAX_BYTES:
        limit = str(MAX_BYTES // 2**20)
        return Refusal("file.too_large", "文件超过 {limit} MB。", "请压缩或拆分后再上传。", {"limit": limit})
    return None


def look_into(name: str, content: bytes) -> Checked:
    """What the bytes are, whatever the name says. Raises Refused for what is not allowed, or not what its name says."""
    for magic, look in _LOOKS:
        if content.startswith(magic):
            checked = look(content)
            break
    else:
        checked = _text(content)
    said = name.rpartition(".")[2].lower()
    if said not in _SPELLINGS[checked.extension]:
        raise _refused(
            "file.name_differs",
            "文件内容是 {found}，与名称“{name}”不符。",
            "请改正扩展名。",
            found=checked.extension,
            name=name,
        )
    return checked


def _png(content: bytes) -> Checked:
    if content[12:16] != b"IHDR" or b"IEND" not in content[-16:]:
        raise _broken("png")
    _pixels(*struct.unpack(">II", content[16:24]))
    return Checked("image/png", ".png")


def _jpeg(content: bytes) -> Checked:
    """Walks the markers up to the frame header, which holds the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            _pixels(width, height)
            return Checked("image/jpeg", ".jpg")
        at += 2 + length
    raise _broken("jpg")


def _pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise _refused(
            "file.too_many_pixels", "图片尺寸 {size} 过大。", "请缩小图片后再上传。", size=f"{width}×{height}"
        )


def _pdf(content: bytes) -> Checked:
    if b"%%EOF" not in content[-2048:]:
        raise _broken("pdf")
    if _ACTIVE_PDF.search(content):
        raise _active()
    return Checked("application/pdf", ".pdf")


@contextmanager
def harmless(file: Path | BinaryIO, broken: Refused, max_unpacked: int = MAX_UNPACKED) -> Iterator[zipfile.ZipFile]:
    """An Excel or Word file, open, once its parts were looked at; ``broken`` is raised for one that cannot be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts_are_harmless(archive.infolist(), max_unpacked)
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise broken from error


def _office(content: bytes) -> Checked:
    with harmless(io.BytesIO(content), _broken("xlsx/docx")) as archive:
        names = set(archive.namelist())
        kinds = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in kinds:
        raise _active()
    for part, checked in _OFFICE.items():
        if part in names:
            return checked
    raise _not_allowed()


def parts_are_harmless(parts: list[zipfile.ZipInfo], max_unpacked: int = MAX_UNPACKED) -> None:
    """Raises Refused for an archive that would grow beyond ``max_unpacked`` [byte], is locked, or brings programs."""
    total = sum(part.file_size for part in parts)
    steep = any(part.file_size > MAX_RATIO * max(part.compress_size, 1) + 2**20 for part in parts)
    if len(parts) > MAX_PARTS or total > max_unpacked or steep:
        raise _refused("file.bomb", "文件解压后过大。", "请检查文件，另存后再上传。")
    for part in parts:
        if part.flag_bits & 0x1:
            raise _refused("file.encrypted", "文件有密码保护。", "请去掉密码后再上传。")
        if part.filename.startswith(("/", "\\")) or ".." in part.filename:
            raise _broken("xlsx/docx")
        if _ACTIVE_PARTS.search(part.filename):
            raise _active()


def _text(content: bytes) -> Checked:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text):
            return Checked("text/csv", ".csv")
    raise _not_allowed()


_LOOKS: tuple[tuple[bytes, Callable[[bytes], Checked]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _office),
)
_OFFICE = {
    "xl/workbook.xml": Checked("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "word/document.xml": Checked("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
}
_SPELLINGS = {
    ".png": ("png",),
    ".jpg": ("jpg", "jpeg"),
    ".pdf": ("pdf",),
    ".xlsx": ("xlsx",),
    ".docx": ("docx",),
    ".csv": ("csv",),
}


def _refused(code: str, message: str, fix: str, **params: str) -> Refused:
    return Refused(Refusal(code, message, fix, params))


def _not_allowed() -> Refused:
    return _refused(
        "file.not_allowed", "不接收这种文件。", "可上传：{allowed}。旧版 Office 文件请另存为新格式。", allowed=_ALLOWED
    )


def _broken(kind: str) -> Refused:
    return _refused("file.broken", "{kind} 文件不完整或已损坏。", "请重新导出后再上传。", kind=kind)


def _active() -> Refused:
    return _refused("file.active_content", "文件含有宏、脚本或嵌入的程序。", "请另存为不含宏和嵌入对象的文件。")
