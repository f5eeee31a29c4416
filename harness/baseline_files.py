"""Baseline files: a small JSON for review, and the rows beside it.

``NAME.json`` names each array by a hash of its content; ``NAME.npz`` holds the arrays. So a reader
never joins rows to scores they do not belong to, whatever moment a writer dies at: the arrays are
written first, the JSON second, and arrays that nobody names any more are dropped last.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xindaya.metrics import Rows
from xindaya.metrics.judging.record import PARTS, MetricRecord, SystemRecord, TermRecord
from xindaya.pairs import InputError
from xindaya.pairs.files import remove_leftovers, write_bytes, write_text
from xindaya.pairs.formats.jsonl import read_json
from xindaya.stored import made, read_arrays

SCHEMA_VERSION = 1
LOCK_SECONDS = 60.0

_Systems = dict[str, dict[str, Any]]
_HINT = "restore the files from version control, or delete both and make them again"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted state of the systems of one spec or test.

    Attributes:
        path: The file.
        owner: The spec, or the id of the test, that the file belongs to.
        systems: System name to record.
    """

    path: Path
    owner: str
    systems: Mapping[str, SystemRecord]


def read_baseline(path: Path) -> Baseline | None:
    """Reads a baseline.

    Returns:
        The baseline, or None if there is none.

    Raises:
        InputError: If the files are damaged or do not belong together.
    """
    try:
        return _read(path)
    except InputError:
        # Another process may have replaced the second file after we read the first.
        return _read(path)


def update_baseline(
    path: Path,
    owner: str,
    records: Mapping[str, SystemRecord],
    *,
    only_new: bool = False,
    known: Collection[str] | None = None,
) -> None:
    """Writes records into a baseline; those of other systems stay.

    Two processes that do this at once lose nothing: each reads, merges and writes under a lock.

    Args:
        path: The file; it is made if it does not exist.
        owner: The spec or test that the file belongs to.
        records: System name to record.
        only_new: Leave systems as they are that the baseline has already.
        known: All systems of the owner: others are dropped. None keeps all.

    Raises:
        InputError: If the files cannot be read or written.
    """
    with _locked(path):
        for file in (path, _rows_path(path)):
            remove_leftovers(file)
        old = _read_json(path)["systems"] if path.exists() else {}
        # What a killed writer left is read, too; an array file of somebody else is an error.
        pool = _read_arrays(path) if old or _rows_path(path).exists() else {}
        systems = {k: v for k, v in old.items() if known is None or k in known}
        for name, record in records.items():
            if not (only_new and name in old):
                systems[name] = _entry(record, pool)
        wanted = {key for entry in systems.values() for key in _keys(entry)}
        for key in wanted - pool.keys():
            raise InputError(
                _rows_path(path), f"no rows {key}", "those that the JSON names", hint=_HINT
            )
        _write_arrays(path, pool)
        _write_json(path, owner, systems)
        if wanted != pool.keys():
            _write_arrays(path, {key: pool[key] for key in wanted})
        _proposal_path(path).unlink(missing_ok=True)


def propose_baseline(path: Path, owner: str, records: Mapping[str, SystemRecord]) -> Path:
    """Writes what the baseline would be beside its place, for review.

    Returns:
        The file written, ``NAME.json.new``.

    Raises:
        InputError: If it cannot be written.
    """
    proposal = _proposal_path(path)
    with _locked(path):
        systems: _Systems = _read_json(proposal)["systems"] if proposal.exists() else {}
        systems |= {name: _entry(record, {}) for name, record in records.items()}
        _write_json(proposal, owner, systems)
    return proposal


def owner_of(path: Path) -> str:
    """Returns the spec or test that a baseline file says it belongs to; empty if it says none."""
    try:
        return str(_read_json(path)["owner"])
    except InputError:
        return ""


def _read(path: Path) -> Baseline | None:
    if not path.exists():
        return None
    content = _read_json(path)
    arrays = _read_arrays(path)
    try:
        systems = {name: _record(entry, arrays) for name, entry in content["systems"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            path, f"content that does not fit ({error!r})", "a baseline", hint=_HINT
        ) from error
    return Baseline(path, content["owner"], systems)


def _entry(record: SystemRecord, pool: dict[str, Rows]) -> dict[str, Any]:
    """Turns a record into plain JSON values; its arrays go into the pool."""
    terms = None
    if record.terms is not None:
        terms = asdict(record.terms)
        terms["measures"] = dict(record.terms.measures)
    return {
        "corpus": {
            "sha256": record.corpus,
            "segments": len(record.checksums),
            "checksums": _put(record.checksums, pool),
        },
        "outputs": record.outputs,
        "metrics": {
            name: {"score": m.score, "signature": m.signature, "rows": _put(m.rows, pool)}
            for name, m in record.metrics.items()
        },
        "terms": terms,
    }


def _record(entry: Mapping[str, Any], arrays: Mapping[str, Rows]) -> SystemRecord:
    segments = int(entry["corpus"]["segments"])
    sums = arrays[entry["corpus"]["checksums"]]
    if sums.shape != (segments, len(PARTS)):
        raise ValueError(f"checksums of shape {sums.shape} for {segments} segments")
    terms = None
    if (t := entry["terms"]) is not None:
        terms = made(TermRecord, t)
    metrics = {}
    for name, m in entry["metrics"].items():
        rows = arrays[m["rows"]]
        if rows.ndim != 2 or len(rows) != segments:
            raise ValueError(f"{name} rows of shape {rows.shape} for {segments} segments")
        metrics[str(name)] = MetricRecord(float(m["score"]), str(m["signature"]), rows)
    return SystemRecord(entry["corpus"]["sha256"], sums, str(entry["outputs"]), metrics, terms)


def _keys(entry: Mapping[str, Any]) -> list[str]:
    return [entry["corpus"]["checksums"], *(m["rows"] for m in entry["metrics"].values())]


def _put(rows: Rows, pool: dict[str, Rows]) -> str:
    """Adds an array to the pool under the hash of its content."""
    rows = np.ascontiguousarray(rows, dtype=np.int64 if rows.dtype.kind in "iu" else np.float64)
    key = _hash(rows)
    pool[key] = rows
    return key


def _hash(rows: Rows) -> str:
    digest = hashlib.sha256(f"{rows.dtype.kind}{rows.shape}".encode())
    digest.update(rows.astype(rows.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()[:16]


def _narrow(rows: Rows) -> Rows:
    """Returns the same integers in the smallest type that holds them; floats as they are."""
    if rows.dtype.kind == "f" or not rows.size:
        return rows
    return rows.astype(
        np.result_type(np.min_scalar_type(rows.min()), np.min_scalar_type(rows.max()))
    )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = read_json(path, "a baseline")
        if content["schema_version"] != SCHEMA_VERSION:
            raise InputError(
                path, f"schema version {content['schema_version']!r}", f"version {SCHEMA_VERSION}",
                hint="it was written by another version of xindaya",
            )  # fmt: skip
        return {"owner": str(content["owner"]), "systems": dict(content["systems"])}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            path, f"content that does not fit ({error!r})", "a baseline", hint=_HINT
        ) from error


def _write_json(path: Path, owner: str, systems: _Systems) -> None:
    content = {
        "schema_version": SCHEMA_VERSION,
        "tool": "xindaya",
        "owner": owner,
        "systems": dict(sorted(systems.items())),
    }
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _read_arrays(path: Path) -> dict[str, Rows]:
    place = _rows_path(path)
    try:
        found = read_arrays(place)
    except InputError as error:
        raise InputError(place, error.found, "the rows of the baseline", hint=_HINT) from error
    arrays = {
        key: rows.astype(np.int64 if rows.dtype.kind in "iu" else np.float64)
        for key, rows in found.items()
    }
    for key, rows in arrays.items():
        if _hash(rows) != key:
            raise InputError(place, f"changed rows {key}", "rows as they were written", hint=_HINT)
    return arrays


def _write_arrays(path: Path, arrays: Mapping[str, Rows]) -> None:
    buffer = io.BytesIO()
    members: dict[str, Any] = {key: _narrow(arrays[key]) for key in sorted(arrays)}
    np.savez_compressed(buffer, **members)
    write_bytes(_rows_path(path), buffer.getvalue())


def _rows_path(path: Path) -> Path:
    return path.with_suffix(".npz")


def _proposal_path(path: Path) -> Path:
    return path.with_name(path.name + ".new")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lets one process at a time read, merge and write a baseline."""
    import portalocker

    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path.parent / ".gitignore", "*.lock\n*.new\n")
        lock = portalocker.Lock(
            path.with_name(f".{path.name}.lock"),
            mode="a",
            timeout=LOCK_SECONDS,
            check_interval=0.02,
        )
        lock.acquire()
    except (OSError, portalocker.LockException) as error:
        raise InputError(
            path, f"a place that cannot be locked ({error})", "a writable folder",
            hint="is another process writing this baseline?",
        ) from error  # fmt: skip
    try:
        yield
    finally:
        lock.release()
