"""What was computed before, found again by the hashes of all that decides it: statistics and scores.

An entry of statistics begins with the SHA-256 of its key and content. One that was cut short, changed, or moved
to another name does not fit its own hash: it counts as absent, and is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import chain
from pathlib import Path

import numpy as np

from xindaya.metrics import Metric, Rows, engine
from xindaya.metrics.metric import Progress
from xindaya.pairs import Segment, XindayaError
from xindaya.pairs.corpus import digest_of
from xindaya.pairs.files import remove_leftovers, write_bytes
from xindaya.pairs.private import private_cache
from xindaya.stored import array_of

_LOG = logging.getLogger(__name__)

WORTH = 0.3
"""Seconds: what is computed faster is not kept."""

LIMIT = 1 << 30
"""Bytes: beyond them the entries not used for longest are deleted."""

_FORMAT = 3
_HASH = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Texts:
    """What rows are computed from, hashed once for all metrics.

    Attributes:
        segments: With their sources and references.
        outputs: One sequence of texts a system.
        digests: One hash a system, of sources, references and its texts.
    """

    segments: Sequence[Segment]
    outputs: Sequence[Sequence[str]]
    digests: Sequence[str]

    @classmethod
    def of(cls, segments: Sequence[Segment], outputs: Sequence[Sequence[str]]) -> Texts:
        """Hashes texts."""
        given = (t for s in segments for t in (s.source, *s.references, None))
        references = digest_of(given).hex()
        digests = [digest_of(chain((references,), texts)).hex() for texts in outputs]
        return cls(segments, outputs, digests)


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

    def rows(self, metric: Metric, signature: str, texts: Texts, progress: Progress) -> Rows:
        """Returns what ``metric.rows`` does, computing only the systems that are not here."""
        keys = [_key(signature, digest) for digest in texts.digests]
        packed = {k: rows for k, key in enumerate(keys) if (rows := self._get(key)) is not None}
        found = {k: metric.unpack(rows) for k, rows in packed.items()}
        absent = [k for k in range(len(keys)) if k not in found]
        progress(len(found) * len(texts.segments))
        if absent:
            begin = time.perf_counter()
            fresh = metric.rows(texts.segments, [texts.outputs[k] for k in absent], progress)
            if time.perf_counter() - begin >= self.worth:
                self._keep((keys[k], metric.pack(r)) for k, r in zip(absent, fresh, strict=True))
            if not found:
                return fresh
            found |= zip(absent, fresh, strict=True)
        return np.stack([found[k] for k in range(len(keys))])

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
        return array_of(entry[_HASH:])

    def _keep(self, entries: Iterable[tuple[bytes, Rows]]) -> None:
        try:
            for key, rows in entries:
                buffer = io.BytesIO()
                np.save(buffer, rows, allow_pickle=False)
                content = buffer.getvalue()
                digest = hashlib.sha256(key + content).digest()
                path = self._path(key)
                remove_leftovers(path)
                write_bytes(path, digest + content)
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


def _key(signature: str, texts: str) -> bytes:
    version = metadata.version("xindaya")
    return json.dumps([_FORMAT, version, engine.name, signature, texts]).encode()


@dataclass(frozen=True, slots=True)
class Answers:
    """What programs answered, by the hash of all that was asked: scores are slow, and may cost money.

    Every `put` is on the disk when it returns, whatever is killed afterwards; two processes may write.

    Attributes:
        path: An SQLite file in a folder that only this user can write.
        most: Answers kept; beyond them those not used for longest are deleted.
    """

    path: Path
    most: int = 5_000_000

    @classmethod
    def default(cls) -> Answers | None:
        """Returns the user's answers, or None if they are switched off or there is no safe place."""
        folder = private_cache()
        return None if folder is None else cls(folder / "answers.sqlite3")

    def get(self, keys: Iterable[bytes]) -> dict[bytes, str]:
        """Returns the answers that there are; none where the file cannot be read."""
        found: dict[bytes, str] = {}
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as connection:
            for key in keys:
                row = connection.execute(
                    "SELECT content FROM answers WHERE key = ?", (key,)
                ).fetchone()
                if row:
                    found[key] = row[0]
            now = int(time.time())
            connection.executemany(
                "UPDATE answers SET used = ? WHERE key = ?", [(now, key) for key in found]
            )
        return found

    def put(self, answers: Mapping[bytes, str]) -> bool:
        """Keeps answers; a full disk costs time, not the result. A damaged file is set aside.

        Returns:
            Whether they are on the disk.
        """
        try:
            self._put(answers)
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            aside = self.path.with_suffix(".damaged")
            _LOG.warning("%s: a damaged file of answers; it is now %s", self.path, aside)
            try:  # somebody may have paid for what is still in it
                self.path.replace(aside)
                self._put(answers)
            except (sqlite3.Error, OSError):
                return False
        return True

    def _put(self, answers: Mapping[bytes, str]) -> None:
        now = int(time.time())
        with self._open() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                [(key, content, now) for key, content in answers.items()],
            )
            (count,) = connection.execute("SELECT count(*) FROM answers").fetchone()
            if count > self.most:
                connection.execute(
                    "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used LIMIT ?)",
                    (count - self.most,),
                )

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=60)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answers "
                "(key BLOB PRIMARY KEY, content TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"
            )
            with connection:
                yield connection
        finally:
            connection.close()
