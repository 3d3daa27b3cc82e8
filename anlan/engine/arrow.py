"""NumPy columns out of DuckDB, chunk by chunk, through the Arrow C stream interface.

So neither pyarrow nor memory for the whole result is needed. Only what we ask for: numbers without NULLs, and texts.

The structures are those of https://arrow.apache.org/docs/format/CStreamInterface.html.
"""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.generic]


class Relation(Protocol):
    @property
    def columns(self) -> list[str]: ...

    def __arrow_c_stream__(self) -> object: ...


class _Array(ctypes.Structure):
    pass


class _Schema(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]
_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))),
    ("private_data", ctypes.c_void_p),
]

_FORMATS = {b"C": np.uint8, b"I": np.uint32, b"i": np.int32, b"l": np.int64, b"L": np.uint64, b"g": np.float64}
_TEXT = b"u"


class StreamError(OSError):
    """The query failed while its result was being read."""


def chunks(relation: Relation) -> Iterator["Chunk"]:
    """The rows of a relation, some thousands at a time, in its order.

    Raises
    ------
    StreamError
        What DuckDB said when it could not go on.
    """
    capsule = relation.__arrow_c_stream__()
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = _Stream.from_address(get_pointer(capsule, b"arrow_array_stream"))
    formats = _formats(stream)
    array = _Array()
    while True:
        if stream.get_next(ctypes.byref(stream), ctypes.byref(array)):
            raise StreamError((stream.get_last_error(ctypes.byref(stream)) or b"").decode(errors="replace"))
        if not array.release:
            return
        try:
            yield Chunk(array, dict(zip(relation.columns, enumerate(formats), strict=True)))
        finally:
            array.release(ctypes.byref(array))


def _formats(stream: _Stream) -> Sequence[bytes]:
    schema = _Schema()
    if stream.get_schema(ctypes.byref(stream), ctypes.byref(schema)):
        raise StreamError((stream.get_last_error(ctypes.byref(stream)) or b"").decode(errors="replace"))
    try:
        formats = [bytes(schema.children[place].contents.format) for place in range(schema.n_children)]
    finally:
        schema.release(ctypes.byref(schema))
    return formats


class Chunk:
    """Some rows. Good only until the next chunk is asked for; numbers are copies and may be kept."""

    def __init__(self, array: _Array, columns: dict[str, tuple[int, bytes]]) -> None:
        self._array = array
        self._columns = columns

    def __len__(self) -> int:
        return int(self._array.length)

    def numbers(self, name: str) -> Column:
        """A column of u1, u4, i4, i8, u8 or f8 without NULLs."""
        place, form = self._columns[name]
        child = self._array.children[place].contents
        if form not in _FORMATS or child.null_count > 0:
            raise TypeError(f"column {name} of Arrow format {form!r} is not numbers, or holds NULLs")
        return _buffer(child.buffers[1], np.dtype(_FORMATS[form]), self._array.offset + child.offset, len(self)).copy()

    def text(self, name: str, row: int) -> str:
        """One cell of a column of texts; empty if it is NULL."""
        place, form = self._columns[name]
        if form != _TEXT:
            raise TypeError(f"column {name} of Arrow format {form!r} is not text")
        child = self._array.children[place].contents
        start, end = _buffer(child.buffers[1], np.dtype(np.int32), self._array.offset + child.offset + row, 2).tolist()
        return ctypes.string_at(child.buffers[2] + start, end - start).decode() if end > start else ""


def _buffer(address: int | None, dtype: np.dtype[np.generic], start: int, length: int) -> Column:
    if not address or not length:
        return np.zeros(length, dtype)
    raw = (ctypes.c_uint8 * (length * dtype.itemsize)).from_address(address + start * dtype.itemsize)
    return np.ndarray(length, dtype, memoryview(raw))
