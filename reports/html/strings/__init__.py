"""Every word of the pages, by language: a file a page, one table for all of them.

A key is said once; pages may use each other's words.
"""

from __future__ import annotations

from types import ModuleType

from xindaya.reports.html.strings import (
    agreement,
    analysis,
    changes,
    discovery,
    findings,
    history,
    report,
    shards,
    shell,
)

LANGUAGES = ("en", "zh")
TABLES: tuple[ModuleType, ...] = (
    shell,
    report,
    agreement,
    analysis,
    changes,
    discovery,
    history,
    shards,
)
SCRIPT_TABLES: tuple[ModuleType, ...] = (report, findings, shards, analysis)

PAGE: dict[str, dict[str, str]] = {
    lang: {key: text for table in TABLES for key, text in table.PAGE[lang].items()}
    for lang in LANGUAGES
}
"""Words of the templates."""

SCRIPT: dict[str, dict[str, str]] = {
    lang: {key: text for table in SCRIPT_TABLES for key, text in table.SCRIPT[lang].items()}
    for lang in LANGUAGES
}
"""Words of the report's script."""
