"""The words that termbases use for status, language and yes: one table for all formats."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xindaya.pairs.termbase import Status

STATUS_WORDS: Mapping[Status, tuple[str, ...]] = MappingProxyType(
    {
        Status.PREFERRED: (
            "preferred", "standardized", "standardised", "legal", "regulated", "recommended",
            "approved", "首选", "首選", "推荐", "推薦",
        ),
        Status.ADMITTED: (
            "admitted", "accepted", "allowed", "permitted", "alternative", "synonym", "proposed",
            "new", "provisional", "允许", "允許", "可用",
        ),
        Status.DEPRECATED: (
            "deprecated", "superseded", "obsolete", "outdated", "notrecommended", "nonpreferred",
            "notpreferred", "retired", "withdrawn", "archaic", "弃用", "棄用", "已弃用", "已棄用",
            "过时", "過時", "不推荐", "不推薦", "废止", "廢止", "停用",
        ),
        Status.FORBIDDEN: (
            "forbidden", "prohibited", "banned", "rejected", "donotuse", "nottobeused",
            "notallowed", "notpermitted", "disallowed", "blacklisted", "禁用", "禁止", "禁止使用",
        ),
    }
)  # fmt: skip
"""What other tools write, by our status. TBX's words stand without ``Term`` and ``-admn-sts``."""

_STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in words}
_CHINESE = frozenset(("zh", "zho", "chi", "cmn"))
_ENGLISH = frozenset(("en", "eng"))
_YES = frozenset(("yes", "true", "1", "y", "x", "✓", "是", "wahr", "vrai", "ja", "oui"))
_NO = frozenset(("no", "false", "0", "n", "", "否", "falsch", "faux", "nein", "non"))


def status_of(word: str) -> Status | None:
    """Returns the status a word stands for, or None: ``supersededTerm-admn-sts`` is deprecated."""
    plain = word.strip().lower().removesuffix("-admn-sts").removesuffix("-admin-sts")
    for separator in (" ", "_", "-"):
        plain = plain.replace(separator, "")
    return _STATUS_OF.get(plain) or _STATUS_OF.get(plain.removesuffix("term").removesuffix("术语"))


def language_of(tag: str) -> str | None:
    """Returns ``zh`` or ``en`` for a language tag such as ``zh-Hant-TW`` or ``en_US``, or None."""
    primary = tag.strip().lower().replace("_", "-").partition("-")[0]
    return "zh" if primary in _CHINESE else "en" if primary in _ENGLISH else None


def yes_or_no(word: str) -> bool | None:
    """Reads a flag as people and spreadsheets write it; None if it is neither yes nor no."""
    plain = word.strip().lower()
    return True if plain in _YES else False if plain in _NO else None
