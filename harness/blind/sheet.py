"""The sheet that goes to reviewers, and what they wrote in it.

It holds texts and the numbers of items, nothing else: no system, no segment id, no metadata.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from xindaya.blind.items import SIDES, Item
from xindaya.blind.key import Entry, Key, checksum
from xindaya.pairs import InputError
from xindaya.pairs.errors import preview
from xindaya.pairs.formats.sheets import iter_sheets
from xindaya.reports.review.columns import Column
from xindaya.reports.review.styles import Styles, new_book
from xindaya.reports.review.table import put, write_table

NO_PREFERENCE = "no preference"
ANSWERS = (*SIDES, NO_PREFERENCE)

_JUDGE, _LEGEND = "Judge", "Legend"
_COLUMNS = (
    Column("item", 6, "text"),
    Column("before", 24, "machine"),
    Column("source", 40, "text"),
    Column("after", 24, "machine"),
    Column("A", 50, "text"),
    Column("B", 50, "text"),
    Column("answer", 15, choices="answer"),
    Column("comment", 40),
)
_NAMES = [column.name for column in _COLUMNS]
_ITEM, _SOURCE, _A, _B, _ANSWER = (_NAMES.index(n) for n in ("item", "source", "A", "B", "answer"))
_INSTRUCTIONS = (
    "Which translation is better, A or B?",
    "",
    "Read the source and both translations. Write A or B under “answer” on the sheet Judge.",
    "Choose whenever possible; “no preference” is for texts that are equally good or equally bad.",
    "A and B change sides at random: A in one row and A in the next need not be of one translator.",
    "“before” and “after” are the neighbouring passages of the source, for context only.",
    "Judge every row by itself. Some rows come twice: please do not look up your earlier answer.",
    "Names in brackets, such as [ZWSP], are characters that cannot be seen.",
    "",
    "Answers:",
)


def write_sheet(items: Sequence[Item], source_lang: str, target_lang: str) -> bytes:
    """Returns the XLSX file for reviewers; the same items give the same bytes."""
    buffer = io.BytesIO()
    book = new_book(buffer)
    styles = Styles(book)
    judge, legend = book.add_worksheet(_JUDGE), book.add_worksheet(_LEGEND)
    legend.set_column(0, 0, 110)
    for row, line in enumerate(_INSTRUCTIONS):
        put(legend, row, 0, line, styles.text if row else styles.title)
    for row, answer in enumerate(ANSWERS, len(_INSTRUCTIONS)):
        put(legend, row, 0, answer, styles.text)
    legend.protect("")
    first, last = len(_INSTRUCTIONS) + 1, len(_INSTRUCTIONS) + len(ANSWERS)
    write_table(
        judge,
        styles,
        _COLUMNS,
        [(str(i.number), i.before, i.source, i.after, *i.texts) for i in items],
        languages={"source": source_lang, "A": target_lang, "B": target_lang},
        lists={"answer": f"={_LEGEND}!$A${first}:$A${last}"},
    )
    book.close()
    return buffer.getvalue()


def read_answers(path: Path, key: Key) -> dict[int, str]:
    """Reads what a reviewer answered.

    Rows may be in any order; what counts is the item's number and that its texts are unchanged.

    Returns:
        Item number to `A`, `B` or `no preference`; items without an answer are left out.

    Raises:
        InputError: If this is no such sheet, or a row is not as the key has it; says which cell.
    """
    entries = {entry.item: entry for entry in key.entries}
    for rows in iter_sheets(path):
        head = next(rows, None)
        if head is None or [name.strip() for name in head[1][: len(_NAMES)]] != _NAMES:
            continue
        answers: dict[int, str] = {}
        seen: dict[int, int] = {}
        for line, cells in rows:
            padded = cells + [""] * (len(_NAMES) - len(cells))
            entry = _entry(path, line, padded, entries)
            if entry.item in seen:
                raise InputError(
                    path, f"item {entry.item} again in cell A{line}",
                    f"it once, in row {seen[entry.item]}",
                )  # fmt: skip
            seen[entry.item] = line
            if answer := _answer(path, line, padded[_ANSWER]):
                answers[entry.item] = answer
        return answers
    raise InputError(
        path, "no sheet of a blind review", f"a sheet with the columns {', '.join(_NAMES)}",
        hint="give the file that the reviewer got and filled in",
    )  # fmt: skip


def _entry(path: Path, line: int, cells: Sequence[str], entries: dict[int, Entry]) -> Entry:
    number = cells[_ITEM].strip().removesuffix(".0")
    entry = entries.get(int(number)) if number.isdecimal() and len(number) < 10 else None
    if entry is None:
        raise InputError(
            path, f"item {preview(cells[_ITEM])} in cell A{line}", "an item of the key",
            hint="is it the key of this sheet?",
        )  # fmt: skip
    if checksum(entry.item, cells[_SOURCE], cells[_A], cells[_B]) != entry.checksum:
        raise InputError(
            path, f"other texts in cells {_letter(_SOURCE)}{line} to {_letter(_B)}{line}",
            f"those of item {entry.item} as they were sent",
            hint="was a column sorted by itself, a text changed, or is it another key?",
        )  # fmt: skip
    return entry


def _answer(path: Path, line: int, text: str) -> str:
    given = unicodedata.normalize("NFKC", text).strip().casefold()
    for answer in ANSWERS:
        if given == answer.casefold():
            return answer
    if given:
        raise InputError(
            path, f"{preview(text)} in cell {_letter(_ANSWER)}{line}",
            f"{', '.join(ANSWERS)} or nothing",
        )  # fmt: skip
    return ""


def _letter(column: int) -> str:
    return chr(ord("A") + column)
