"""Rows kept on disk, for paired tests afterwards: ``rows.json`` and one array a block and metric.

The folder appears whole or not at all; a block that is computed twice writes the same file twice.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from xindaya.metrics import Metric, Rows
from xindaya.pairs import InputError
from xindaya.pairs.files import write_bytes, write_text
from xindaya.pairs.formats.jsonl import read_json
from xindaya.stored import read_array

_MANIFEST = "rows.json"


def write_block(folder: str, number: int, rows: Mapping[str, Rows]) -> None:
    """Writes the rows of one block, shape (systems, segments, columns), for each metric."""
    for name, array in rows.items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        write_bytes(_place(Path(folder), number, name), buffer.getvalue())


def write_manifest(
    folder: Path,
    *,
    systems: Sequence[str],
    metrics: Sequence[Metric],
    signatures: Mapping[str, str],
    corpus: str,
    segments: Mapping[int, int],
) -> None:
    """Writes what the arrays are: in which order, of which metric, of which corpus."""
    content = {
        "schema_version": 1,
        "corpus_sha256": corpus,
        "systems": list(systems),
        "metrics": {
            m.name: {
                "type": type(m).__name__,
                "options": asdict(m),  # type: ignore[call-overload]
                "signature": signatures[m.name],
                "columns": list(m.columns),
            }
            for m in metrics
        },
        "blocks": [{"number": k, "segments": n} for k, n in sorted(segments.items())],
    }
    write_text(folder / _MANIFEST, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def load_rows(folder: str | Path) -> tuple[tuple[str, ...], dict[str, Rows]]:
    """Reads kept rows.

    Returns:
        The systems, and metric name to rows of shape (systems, segments, columns) in reading
        order: what `xindaya.metrics.judging.family.pairs_with` takes.

    Raises:
        InputError: If the folder is not one of kept rows.
    """
    folder = Path(folder)
    path = folder / _MANIFEST
    if not path.exists():
        raise InputError(folder, f"no kept rows (no {_MANIFEST})", "what --keep-rows wrote")
    try:
        content: Any = read_json(path, "what --keep-rows wrote")
        rows = {
            name: np.concatenate(
                [read_array(_place(folder, block["number"], name)) for block in content["blocks"]],
                axis=1,
            )
            for name in content["metrics"]
        }
        segments = sum(block["segments"] for block in content["blocks"])
        systems = tuple(content["systems"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(folder, f"no kept rows ({error})", "what --keep-rows wrote") from error
    for name, array in rows.items():
        if array.shape[:2] != (len(systems), segments):
            raise InputError(folder, f"{name} rows of shape {array.shape}", f"{segments} segments")
    return systems, rows


def _place(folder: Path, number: int, metric: str) -> Path:
    return folder / f"{number:08d}.{metric}.npy"
