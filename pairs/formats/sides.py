"""Which side of a segment a text is: what bilingual files call *target* is ours to name."""

from __future__ import annotations

from xindaya.pairs.errors import UsageError
from xindaya.pairs.formats.records import Record

TARGET = "reference:A"
"""What the target text of a bilingual file is, unless someone says otherwise."""


def parse_side(side: str) -> tuple[str, str]:
    """Splits ``reference:NAME`` or ``system:NAME``.

    Raises:
        UsageError: If it is neither.
    """
    kind, _, name = side.partition(":")
    if kind not in ("reference", "system") or not name:
        raise UsageError(f"the target {side!r}: expected reference:NAME or system:NAME")
    return kind, name


def put(record: Record, side: str, text: str | None) -> None:
    """Stores a text as a reference, which may be missing, or as an output, which is then empty."""
    kind, name = parse_side(side)
    if kind == "reference":
        record.references[name] = text
    else:
        record.systems[name] = text or ""


def texts_of(record: Record) -> dict[str, str]:
    """Returns all translations of a record by side, references first; missing ones left out."""
    texts = {f"reference:{n}": t for n, t in record.references.items() if t is not None}
    return texts | {f"system:{n}": t for n, t in record.systems.items()}
