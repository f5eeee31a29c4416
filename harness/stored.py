"""What files of our own hold, checked as it is read: anyone may have edited them, checksums and all.

JSON values must have the types of the dataclass they fill; arrays must be numbers, and no more of
them than the file has bytes for (`numpy.load` evaluates a header, and believes it).
"""

from __future__ import annotations

import io
import math
import re
import types
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from xindaya.metrics import Rows
from xindaya.pairs import InputError
from xindaya.pairs.errors import preview
from xindaya.pairs.files import reading

T = TypeVar("T")

_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '([<>|][iuf][1248])', 'fortran_order': (True|False), "
    rb"'shape': \(((?:[0-9]{1,12},? ?)*)\), \} *\n"
)
_WHOLE = 2**63


def made(kind: type[T], values: Any) -> T:
    """Returns a dataclass filled with JSON values.

    Raises:
        ValueError: If one is not of the field's type.
        TypeError: If a field is missing or unknown, or the values are no object.
    """
    hints = get_type_hints(kind)
    fields = dict(values)
    for name, value in fields.items():
        if name in hints:
            fit(value, hints[name], name)
            if get_origin(hints[name]) is tuple:
                fields[name] = tuple(value)
    return kind(**fields)


def fit(value: Any, hint: Any, name: str) -> None:
    """Raises ValueError if a JSON value is not of a type."""
    if not _fits(value, hint):
        raise ValueError(f"{name} is {preview(str(value))}")


def _fits(value: Any, hint: Any) -> bool:
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in inside)
    if origin is tuple:  # a list in JSON
        return isinstance(value, list | tuple) and all(_fits(v, inside[0]) for v in value)
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(_fits(v, inside[1]) for v in value.values())
    if hint is float:
        return type(value) in (int, float) and math.isfinite(value)
    if hint is int:
        return type(value) is int and -_WHOLE <= value < _WHOLE
    return hint is Any or isinstance(value, hint)


def read_array(path: Path) -> Rows:
    """Reads an ``.npy`` file of numbers.

    Raises:
        InputError: If it is none.
    """
    with reading(path):
        content = path.read_bytes()
    try:
        return array_of(content)
    except ValueError as error:
        raise InputError(path, str(error), "numbers as they were written") from error


def read_arrays(path: Path) -> dict[str, Rows]:
    """Reads an ``.npz`` file of numbers: name to array.

    Raises:
        InputError: If it is none.
    """
    with reading(path):
        content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {n.removesuffix(".npy"): array_of(archive.read(n)) for n in archive.namelist()}
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError,
            RuntimeError) as error:  # fmt: skip
        raise InputError(
            path, f"a file that cannot be read ({error})", "numbers as they were written"
        ) from error


def array_of(content: bytes) -> Rows:
    """Returns the numbers of an ``.npy`` file; they may not be written to.

    Raises:
        ValueError: If it is none, holds anything else, or a number that is not finite.
    """
    start = len(_MAGIC) + 2
    end = start + int.from_bytes(content[len(_MAGIC) : start], "little")
    match = _HEADER.fullmatch(content[start:end])
    if not content.startswith(_MAGIC) or not match:
        raise ValueError("no array of numbers")
    dtype = np.dtype(match[1].decode())
    shape = tuple(map(int, re.findall(rb"[0-9]+", match[3])))
    if math.prod(shape) * dtype.itemsize != len(content) - end:
        raise ValueError(f"{len(content) - end:,} bytes of numbers for the shape {shape}")
    flat = np.frombuffer(content, dtype, offset=end)
    rows: Rows = flat.astype(dtype.newbyteorder("="), copy=False)
    if dtype.kind == "f" and not np.isfinite(rows).all():
        raise ValueError("a number that is not finite")
    return rows.reshape(shape, order="F" if match[2] == b"True" else "C")
