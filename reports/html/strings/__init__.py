"""Every word of the pages, by language: a file a page, one table for all of them.

A key is said once; pages may use each other's words.
"""

from __future__ import annotations

from types import ModuleType

from xindaya.reports.html.strings import report, shell

LANGUAGES = ("en", "zh")
TABLES: tuple[ModuleType, ...] = (shell, report)

PAGE: dict[str, dict[str, str]] = {
    lang: {key: text for table in TABLES for key, text in table.PAGE[lang].items()}
    for lang in LANGUAGES
}
