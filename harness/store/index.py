"""The index as an SQLite file: numbers of all runs, in and out."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from xindaya.metrics.history import RecordedRun, RenderingCount, RunNumbers, Score

SCHEMA_VERSION = 3
BUSY_SECONDS = 60.0

_RUN_COLUMNS = (
    "id", "recorded", "name", "note", "version", "corpus", "corpus_sha256", "segments",
    "documents", "source_lang", "target_lang", "termbase", "termbase_sha256", "terms_signature",
    "baseline", "gates_passed", "gates_failed",
)  # fmt: skip
_SCORE_COLUMNS = (
    "system", "measure", "signature", "value", "low", "high", "higher_is_better", "digits",
)  # fmt: skip
_OF_RUN = "run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE"
_SCHEMA = f"""
CREATE TABLE runs (
    id TEXT PRIMARY KEY, recorded TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL,
    version TEXT NOT NULL, corpus TEXT NOT NULL, corpus_sha256 TEXT NOT NULL,
    segments INTEGER NOT NULL, documents INTEGER NOT NULL,
    source_lang TEXT NOT NULL, target_lang TEXT NOT NULL,
    termbase TEXT NOT NULL, termbase_sha256 TEXT NOT NULL, terms_signature TEXT NOT NULL,
    baseline TEXT NOT NULL, gates_passed INTEGER NOT NULL, gates_failed INTEGER NOT NULL
);
CREATE TABLE labels ({_OF_RUN}, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key))
    WITHOUT ROWID;
CREATE TABLE systems (
    {_OF_RUN}, position INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (run, position)
) WITHOUT ROWID;
CREATE TABLE scores (
    {_OF_RUN}, position INTEGER NOT NULL, system TEXT NOT NULL, measure TEXT NOT NULL,
    signature TEXT NOT NULL, value REAL, low REAL, high REAL, higher_is_better INTEGER NOT NULL,
    digits INTEGER NOT NULL, PRIMARY KEY (run, position)
) WITHOUT ROWID;
CREATE TABLE renderings (
    {_OF_RUN}, position INTEGER NOT NULL, system TEXT NOT NULL, concept TEXT NOT NULL,
    term TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (run, position)
) WITHOUT ROWID;
CREATE INDEX renderings_by_concept ON renderings (concept);
CREATE TABLE forms (
    {_OF_RUN}, concept TEXT NOT NULL, form TEXT NOT NULL, PRIMARY KEY (run, concept, form)
) WITHOUT ROWID;
CREATE INDEX forms_by_form ON forms (form);
PRAGMA user_version = {SCHEMA_VERSION};
"""


def open_index(path: Path) -> sqlite3.Connection:
    """Opens an index that exists.

    Raises:
        sqlite3.Error: If there is none, or it is damaged or of another version.
    """
    connection = _connect(f"{path.absolute().as_uri()}?mode=rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"schema version {version}, ours is {SCHEMA_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def make_index(place: Path | None, runs: Iterable[RunNumbers]) -> sqlite3.Connection:
    """Makes a new index of these runs: a file that does not exist yet, or in memory for None."""
    connection = _connect(place.absolute().as_uri() if place else "file::memory:")
    try:
        connection.executescript(_SCHEMA)
        add_numbers(connection, runs)
    except BaseException:
        connection.close()
        raise
    return connection


def add_numbers(connection: sqlite3.Connection, runs: Iterable[RunNumbers]) -> None:
    """Adds runs, all or none."""
    with _transaction(connection):
        for numbers in runs:
            _add(connection, numbers)


def drop_runs(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Forgets runs."""
    with _transaction(connection):
        connection.executemany("DELETE FROM runs WHERE id = ?", [(i,) for i in ids])


def indexed_ids(connection: sqlite3.Connection) -> set[str]:
    """Returns the ids of the runs in the index."""
    return {i for (i,) in connection.execute("SELECT id FROM runs")}


def select_runs(connection: sqlite3.Connection) -> list[RecordedRun]:
    """Returns all runs, oldest first."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for run, key, value in connection.execute("SELECT run, key, value FROM labels"):
        labels[run][key] = value
    systems = defaultdict(list)
    for run, name in connection.execute("SELECT run, name FROM systems ORDER BY run, position"):
        systems[run].append(name)
    scores = defaultdict(list)
    for run, *values, higher, digits in connection.execute(
        f"SELECT run, {', '.join(_SCORE_COLUMNS)} FROM scores ORDER BY run, position"  # noqa: S608
    ):
        named = zip(_SCORE_COLUMNS, (*values, bool(higher), digits), strict=True)
        scores[run].append(Score(**dict(named)))
    rows = connection.execute(
        f"SELECT {', '.join(_RUN_COLUMNS)} FROM runs ORDER BY recorded, id"  # noqa: S608
    )
    return [
        RecordedRun(
            **dict(zip(_RUN_COLUMNS, row, strict=True)),
            labels=labels[row[0]],
            systems=tuple(systems[row[0]]),
            scores=tuple(scores[row[0]]),
        )
        for row in rows.fetchall()
    ]


def select_renderings(
    connection: sqlite3.Connection, concept: str | None = None
) -> list[RenderingCount]:
    """Returns the renderings of one concept, or of all, in the order of the runs."""
    rows = connection.execute(
        "SELECT run, system, concept, term, text, status, count FROM renderings "
        "WHERE concept = :concept OR :concept IS NULL ORDER BY run, position",
        {"concept": concept},
    )
    return [RenderingCount(*row) for row in rows]


def select_concepts(connection: sqlite3.Connection, term: str) -> list[str]:
    """Returns the concepts that have this id or this form in the source language."""
    rows = connection.execute(
        "SELECT concept FROM forms WHERE form = ? UNION "
        "SELECT concept FROM renderings WHERE concept = ? OR term = ?",
        [term, term, term],
    )
    return sorted(concept for (concept,) in rows)


def _connect(uri: str) -> sqlite3.Connection:
    # No transaction begins by itself: ours are explicit.
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that happens within, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _add(connection: sqlite3.Connection, numbers: RunNumbers) -> None:
    run = numbers.run

    def insert(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        rows = list(rows)
        if rows:
            holes = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({holes})", rows)  # noqa: S608

    insert("runs", [tuple(getattr(run, column) for column in _RUN_COLUMNS)])
    insert("labels", ((run.id, k, v) for k, v in run.labels.items()))
    insert("systems", ((run.id, n, name) for n, name in enumerate(run.systems)))
    insert(
        "scores",
        (
            (run.id, n, *(getattr(s, column) for column in _SCORE_COLUMNS))
            for n, s in enumerate(run.scores)
        ),
    )
    insert(
        "renderings",
        (
            (run.id, n, r.system, r.concept, r.term, r.text, r.status, r.count)
            for n, r in enumerate(numbers.renderings)
        ),
    )
    insert("forms", ((run.id, f.concept, form) for f in numbers.forms for form in f.forms))
