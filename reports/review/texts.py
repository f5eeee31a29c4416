"""The sheets Review, Errors and Long texts: what the reviewer reads, and where to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xindaya.reports.review.columns import (
    ERROR_COLUMNS,
    LONG_COLUMNS,
    REVIEW,
    review_columns,
)
from xindaya.reports.review.model import Item, Review
from xindaya.reports.review.shown import cell, parts, shown
from xindaya.reports.review.styles import Styles
from xindaya.reports.review.table import write_table

_SPARE = 200  # rows of Errors beyond two a segment


def review_rows(review: Review) -> list[list[str]]:
    """Returns the given cells of each row of Review, in the order of its columns."""
    return [
        [
            shown(item.id),
            shown(item.document),
            *(cell(text) for _, text in _texts(item, review)),
            _flags(item),
        ]
        for item in review.items
    ]


def long_rows(review: Review) -> list[list[str]]:
    """Returns the rows of Long texts: every part of a text that one cell cannot hold."""
    rows = []
    for item in review.items:
        for side, text in _texts(item, review):
            pieces = parts(shown(text))
            if len(pieces) > 1:
                rows += [
                    [shown(item.id), side, f"{n} of {len(pieces)}", piece]
                    for n, piece in enumerate(pieces, 1)
                ]
    return rows


def write_review(sheet: Any, styles: Styles, review: Review, lists: Mapping[str, str]) -> None:
    """Writes the sheet Review, a row a segment."""
    columns = review_columns(review.has_reference)
    write_table(
        sheet, styles, columns, review_rows(review), languages=_languages(review), lists=lists
    )


def write_errors(sheet: Any, styles: Styles, review: Review, lists: Mapping[str, str]) -> None:
    """Writes the empty sheet Errors, whose ids are chosen from Review."""
    ids = f"={REVIEW}!$A$2:$A${len(review.items) + 1}"
    spare = 2 * len(review.items) + _SPARE
    write_table(
        sheet, styles, ERROR_COLUMNS, [], languages={}, lists={**lists, "id": ids}, spare=spare
    )


def write_long(sheet: Any, styles: Styles, review: Review) -> None:
    """Writes the sheet Long texts."""
    write_table(sheet, styles, LONG_COLUMNS, long_rows(review), languages={}, lists={})


def _texts(item: Item, review: Review) -> list[tuple[str, str]]:
    sides = [("source", item.source), ("target", item.target)]
    return [*sides, ("reference", item.reference)] if review.has_reference else sides


def _flags(item: Item) -> str:
    first, *rest = parts("\n".join(f"• {shown(flag)}" for flag in item.flags))
    return f"{first} …" if rest else first


def _languages(review: Review) -> dict[str, str]:
    target = review.target_lang
    return {"source": review.source_lang, "target": target, "reference": target}
