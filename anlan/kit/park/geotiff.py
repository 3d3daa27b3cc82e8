"""Writes a grid as a GeoTIFF: one band of float32, deflated strips, north up, readable by GDAL.

TIFF 6.0 (Adobe 1992); GeoTIFF 1.1 (OGC 19-008r4): ModelPixelScale, ModelTiepoint, GeoKeyDirectory. Without an EPSG code
the system is user-defined, in metres.
"""

import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.layout import Grid
from anlan.kernels.validity import OutOfRange

_ROWS_PER_STRIP = 64
_SHORT, _LONG, _ASCII, _DOUBLE = 3, 4, 2, 12
_CODES = {_SHORT: "H", _LONG: "I", _DOUBLE: "d"}
_PROJECTED, _USER_DEFINED, _AREA, _METRE = 1, 32767, 1, 9001
_LOCAL = "local engineering grid in metres"


def write(path: Path, values: npt.ArrayLike, grid: Grid, epsg: int | None = None) -> None:
    """Write values f8[rows, columns], row 0 south, as float32.

    Raises
    ------
    OutOfRange
        Values of another shape than the grid, or not finite; an EPSG code outside 1024 … 32766.
    """
    band = np.asarray(values, np.float32)
    if band.shape != (grid.rows, grid.columns) or not np.isfinite(band).all():
        raise OutOfRange(f"values of shape {band.shape}: must be finite and {grid.rows} x {grid.columns}")
    if epsg is not None and not 1024 <= epsg <= 32766:
        raise OutOfRange(f"EPSG {epsg}: must be 1024 … 32766")
    strips = _strips(np.ascontiguousarray(band[::-1]).astype("<f4"))
    path.write_bytes(_file(strips, grid, epsg))


def _strips(band: npt.NDArray[np.float32]) -> list[bytes]:
    return [
        zlib.compress(band[row : row + _ROWS_PER_STRIP].tobytes(), 6) for row in range(0, len(band), _ROWS_PER_STRIP)
    ]


def _file(strips: list[bytes], grid: Grid, epsg: int | None) -> bytes:
    """Header, strips, then the directory and what does not fit into its entries."""
    at, offsets = 8, []
    for strip in strips:
        offsets.append(at)
        at += len(strip)
    pad = at % 2
    directory = at + pad
    tags = sorted([*_image(grid, offsets, [len(strip) for strip in strips]), *_place(grid, epsg)])
    head = struct.pack("<2sHI", b"II", 42, directory)
    return head + b"".join(strips) + b"\0" * pad + _directory(tags, directory)


Tag = tuple[int, int, tuple[float, ...] | str]


def _image(grid: Grid, offsets: list[int], sizes: list[int]) -> list[Tag]:
    return [
        (256, _LONG, (grid.columns,)),
        (257, _LONG, (grid.rows,)),
        (258, _SHORT, (32,)),
        (259, _SHORT, (8,)),  # deflate
        (262, _SHORT, (1,)),  # black is zero
        (273, _LONG, tuple(offsets)),
        (277, _SHORT, (1,)),
        (278, _LONG, (_ROWS_PER_STRIP,)),
        (279, _LONG, tuple(sizes)),
        (284, _SHORT, (1,)),
        (339, _SHORT, (3,)),  # IEEE floating point
    ]


def _place(grid: Grid, epsg: int | None) -> list[Tag]:
    north = grid.south + grid.rows * grid.cell
    keys: list[tuple[int, int, int, int]] = [(1024, 0, 1, _PROJECTED), (1025, 0, 1, _AREA)]
    text = ""
    if epsg is None:
        text = _LOCAL + "|"
        keys += [(1026, 34737, len(text), 0), (3072, 0, 1, _USER_DEFINED), (3076, 0, 1, _METRE)]
    else:
        keys += [(3072, 0, 1, epsg), (3076, 0, 1, _METRE)]
    flat = tuple(value for key in ((1, 1, 0, len(keys)), *keys) for value in key)
    tags: list[Tag] = [
        (33550, _DOUBLE, (grid.cell, grid.cell, 0.0)),
        (33922, _DOUBLE, (0.0, 0.0, 0.0, grid.west, north, 0.0)),
        (34735, _SHORT, flat),
    ]
    return [*tags, (34737, _ASCII, text)] if text else tags


def _directory(tags: list[Tag], at: int) -> bytes:
    beyond = at + 2 + 12 * len(tags) + 4
    entries, extra = b"", b""
    for number, kind, values in tags:
        data = values.encode() + b"\0" if isinstance(values, str) else _packed(kind, values)
        count = len(data) if isinstance(values, str) else len(values)
        if len(data) <= 4:
            field = data.ljust(4, b"\0")
        else:
            field = struct.pack("<I", beyond + len(extra))
            extra += data + b"\0" * (len(data) % 2)
        entries += struct.pack("<HHI", number, kind, count) + field
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0) + extra


def _packed(kind: int, values: tuple[float, ...]) -> bytes:
    code = _CODES[kind]
    return struct.pack(f"<{len(values)}{code}", *(values if code == "d" else map(int, values)))
