"""The project's termbase table as TSV: see `xindaya.pairs.formats.termbase.rows` for its columns."""

from __future__ import annotations

from pathlib import Path

from xindaya.pairs.files import write_text
from xindaya.pairs.formats.tables import format_table, read_table
from xindaya.pairs.formats.termbase.losses import without_terms
from xindaya.pairs.formats.termbase.rows import rows_of, termbase_of
from xindaya.pairs.termbase import Termbase


def read_termbase_tsv(path: str | Path, *, lenient: bool = False) -> Termbase:
    """Reads a termbase table; raises and is lenient as `termbase_of`."""
    return termbase_of(read_table(path), lenient=lenient)


def write_termbase_tsv(termbase: Termbase, path: str | Path) -> list[str]:
    """Writes a termbase table, one row a term.

    Returns:
        What the table cannot hold, one message a kind.

    Raises:
        InputError: If a text holds a tab or a line break, or the file cannot be written.
    """
    write_text(path, format_table(path, *rows_of(Path(path), termbase)))
    return without_terms(termbase)
