"""The few looks of the workbook's cells, and the options that keep text text."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
# The same input gives the same bytes; a spreadsheet's own epoch stands for "no date".
_CREATED = datetime(1980, 1, 1)

A3, A4 = 8, 9  # as the format numbers paper

_TEXT = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BBBBBB"}
_CHINESE = {"font_name": "Microsoft YaHei"}
# Number format @ is text: what a reviewer types stays as typed, 007 and =1+1 too.
_INPUT = {**_TEXT, "locked": False, "num_format": "@", "bg_color": "#FFFBE6"}
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#888888"}


class Styles:
    """Formats of one workbook, made once."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.section = book.add_format({"bold": True, "font_size": 12, "bottom": 1})
        self.label = book.add_format({"valign": "top", "font_color": "#444444"})
        self.head = book.add_format({**_HEAD, "bg_color": "#DDE6F0"})
        self.machine_head = book.add_format({**_HEAD, "bg_color": "#E4E4E4", "italic": True})
        self.input_head = book.add_format({**_HEAD, "bg_color": "#FFE699"})
        self.text = book.add_format(_TEXT)
        self.chinese = book.add_format({**_TEXT, **_CHINESE})
        self.machine = book.add_format({**_TEXT, "font_color": "#666666", "bg_color": "#F5F5F5"})
        self.input = book.add_format(_INPUT)
        self.number = book.add_format({**_TEXT, "align": "right"})
        self.verdict = book.add_format({**_TEXT, "bold": True, "font_size": 14})

    def of(self, language: str) -> Any:
        """Returns the format of a text in a language."""
        return self.chinese if language == "zh" else self.text


def new_book(buffer: io.BytesIO) -> Any:
    """Returns an empty workbook that runs nothing and bears no date."""
    import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"created": _CREATED, "title": "Translation review"})
    return book


def page(sheet: Any, *, paper: int = A4, head_rows: int = 0) -> None:
    """Sets a sheet up for paper: landscape, one page wide, the header on every page."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")
    if head_rows:
        sheet.repeat_rows(0, head_rows - 1)
