"""Statistics computed before, found again by the hashes of all that decides them.

An entry begins with the SHA-256 of its key and content. One that was cut short, changed, or moved
to another name does not fit its own hash: it counts as absent, and is written anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from xindaya.metrics import Metric, Rows, engine
from xindaya.metrics.metric import Progress
from xindaya.pairs import Segment, XindayaError
from xindaya.pairs.files import write_bytes
from xindaya.pairs.private import private_cache

WORTH = 0.3
"""Seconds: what is computed faster is not kept."""

LIMIT = 1 << 30
"""Bytes: beyond them the entries not used for longest are deleted."""

_FORMAT = 1
_HASH = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class StatisticsCache:
    """Packed rows of one system and metric an entry, in a folder that only this user can write.

    Attributes:
        folder: Where the entries are; made when the first is written.
        worth: Rows that took fewer seconds are not kept.
        limit: Most bytes kept.
    """

    folder: Path
    worth: float = WORTH
    limit: int = LIMIT

    @classmethod
    def default(cls) -> StatisticsCache | None:
        """Returns the user's cache, or None if it is switched off or there is no safe place."""
        folder = private_cache()
        return None if folder is None else cls(folder / "statistics")

    def rows(
        self,
        metric: Metric,
        signature: str,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress,
    ) -> Rows:
        """Returns what ``metric.rows`` does, computing only the systems that are not here."""
        references = _digest(r for s in segments for r in (*s.references, None))
        keys = [_key(signature, references, _digest(texts)) for texts in outputs]
        found = {k: rows for k, key in enumerate(keys) if (rows := self._get(key)) is not None}
        absent = [k for k in range(len(outputs)) if k not in found]
        progress(len(found) * len(segments))
        if absent:
            begin = time.perf_counter()
            fresh = metric.rows(segments, [outputs[k] for k in absent], progress)
            slow = time.perf_counter() - begin >= self.worth
            for k, rows in zip(absent, fresh, strict=True):
                found[k] = metric.pack(rows)
                if slow:
                    self._put(keys[k], found[k])
        return metric.unpack(np.stack([found[k] for k in range(len(outputs))]))

    def _get(self, key: bytes) -> Rows | None:
        path = self._path(key)
        if not path.is_file():  # a pipe would block
            return None
        try:
            entry = path.read_bytes()
            if entry[:_HASH] != hashlib.sha256(key + entry[_HASH:]).digest():
                return None
            path.touch()  # used just now
        except OSError:
            return None
        rows: Rows = np.load(io.BytesIO(entry[_HASH:]), allow_pickle=False)
        return rows

    def _put(self, key: bytes, rows: Rows) -> None:
        buffer = io.BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        content = buffer.getvalue()
        try:
            write_bytes(self._path(key), hashlib.sha256(key + content).digest() + content)
            self._trim()
        except (OSError, XindayaError):
            return  # a full disk costs time, not the result

    def _trim(self) -> None:
        files = [(f.stat(), f) for f in self.folder.glob("*.rows")]
        total = sum(status.st_size for status, _ in files)
        for status, file in sorted(files, key=lambda entry: entry[0].st_mtime):
            if total <= self.limit:
                break
            file.unlink(missing_ok=True)
            total -= status.st_size

    def _path(self, key: bytes) -> Path:
        return self.folder / f"{hashlib.sha256(key).hexdigest()}.rows"


def _key(signature: str, references: str, output: str) -> bytes:
    version = metadata.version("xindaya")
    return json.dumps([_FORMAT, version, engine.name, signature, references, output]).encode()


def _digest(texts: Iterable[str | None]) -> str:
    """Returns a hash of texts in their order; no two sequences have the same bytes."""
    digest = hashlib.sha256()
    for text in texts:
        raw = None if text is None else text.encode("utf-8", "surrogatepass")
        digest.update(b"-" if raw is None else b"%d:%b" % (len(raw), raw))
    return digest.hexdigest()
