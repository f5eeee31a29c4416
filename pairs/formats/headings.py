"""The words of headings: what people and their tools call the columns of a table, in both languages.

One list serves every headed table (spreadsheets, CSV, tables in Word files, glossaries): *Source segment*,
*Chinese (PRC)*, *English_United_States*, *译文*, *Target (en-US)*.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from xindaya.pairs.direction import LANGUAGES, language

LANGUAGE_WORDS = {
    "zh": ("zh", "cn", "chs", "cht", "chinese", "mandarin", "中", "中文", "汉语", "漢語", "华语",
           "華語", "简体中文", "簡體中文", "繁體中文", "繁体中文", "简中", "繁中"),
    "en": ("en", "english", "英", "英文", "英语", "英語"),
}  # fmt: skip
"""Names of the two languages."""

REGION_WORDS = frozenset((
    "prc", "china", "simplified", "traditional", "taiwan", "hong", "kong", "sar", "s.a.r.",
    "singapore", "macao", "macau", "cn", "tw", "hk", "sg", "hans", "hant", "united", "states",
    "kingdom", "us", "uk", "gb", "usa", "au", "ca", "ie", "nz", "za", "australia", "canada",
    "ireland", "new", "zealand", "south", "africa", "american", "british", "in", "india", "america",
    "mainland",
))  # fmt: skip
"""What may stand beside the name of a language."""

_TAGS = {
    "prc": "zh-CN", "cn": "zh-CN", "taiwan": "zh-TW", "tw": "zh-TW", "hong": "zh-HK", "hk": "zh-HK",
    "simplified": "zh-Hans", "hans": "zh-Hans", "traditional": "zh-Hant", "hant": "zh-Hant",
    "chs": "zh-Hans", "cht": "zh-Hant", "简体中文": "zh-Hans", "繁體中文": "zh-Hant", "繁体中文": "zh-Hant",
    "简中": "zh-Hans", "繁中": "zh-Hant", "states": "en-US", "us": "en-US", "usa": "en-US",
    "kingdom": "en-GB", "uk": "en-GB", "gb": "en-GB",
}  # fmt: skip

ROLE_WORDS = {
    "id": (
        "id", "segment id", "segment", "segment number", "segment no.", "segment no", "seg id",
        "segid", "seg", "string id", "unit id", "no", "no.", "nr.", "nr", "#", "№", "编号", "編號",
        "序号", "序號", "句段", "句段编号", "句段号", "段号", "行号",
    ),
    "document": (
        "document", "doc", "file", "filename", "file name", "文件", "文档", "文件名", "文檔", "檔案",
    ),
    "domain": ("domain", "领域", "領域"),
    "source": (
        "source", "src", "source text", "source segment", "source string", "source language",
        "source content", "original", "original text", "原文", "原文文本", "源", "源文", "源文本",
        "源语言", "源語言", "源句段", "源语", "來源", "来源文本",
    ),
    "target": (
        "target", "tgt", "translation", "target text", "target segment", "target string",
        "target language", "target content", "translated text", "translation text", "译文", "譯文",
        "译文文本", "目标", "目標", "目标文本", "目标语言", "目標語言", "目标句段", "目标语", "翻译",
        "翻譯",
    ),
    "translator": ("translator", "译者", "译员", "譯者"),
    "state": (
        "state", "status", "segment status", "translation status", "状态", "狀態", "句段状态",
    ),
    "match": ("match", "match %", "match rate", "匹配率", "匹配"),
    "note": (
        "note", "notes", "comment", "comments", "remark", "remarks", "备注", "備註", "批注", "注释",
        "說明", "说明",
    ),
}  # fmt: skip
"""Roles of columns and their names."""

_ROLE_OF = {word: role for role, words in ROLE_WORDS.items() for word in words}
_LANGUAGE_OF = {word: lang for lang, words in LANGUAGE_WORDS.items() for word in words}
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*\Z")
_BLANKS = re.compile(r"[\s_]+")
_PARTS = re.compile(r"[\s/:-]+")
_SEPARATORS = re.compile(r"[\s_/:()\[\]-]+")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_LONGEST = 60  # characters of a heading; longer cells are texts


def language_named(name: str) -> str | None:
    """Returns ``zh`` or ``en`` for a name or a tag of that language; None for other names."""
    return _language(name) if len(name) <= _LONGEST else None


def variant_named(name: str) -> str:
    """Returns the tag of the variant that a column is called after: ``zh-Hant``; empty if none."""
    lang = language_named(name)
    words = _SEPARATORS.split(unicodedata.normalize("NFKC", name).lower()) if lang else ()
    return variant_in(words, lang or "")


def variant_in(words: Sequence[str], lang: str) -> str:
    """Returns the tag of the first word that says a variant of a language; empty if none does."""
    tag = next((_TAGS[word] for word in words if word in _TAGS), "")
    return tag if tag.startswith(lang) else ""


def role_named(name: str) -> str | None:
    """Returns the role in `ROLE_WORDS` that a name has, with or without a language; else None."""
    return _role(name) if len(name) <= _LONGEST else None


def plain(name: str) -> str:
    """Returns a name in lower case and usual width, without what stands in brackets at its end."""
    name = unicodedata.normalize("NFKC", name)
    return _BLANKS.sub(" ", _BRACKETS.sub("", name)).strip(" :*").lower()


@lru_cache(4_096)
def _language(name: str) -> str | None:
    name = plain(name)
    if _TAG.fullmatch(name) and language(name) in LANGUAGES:
        return language(name)
    first, *rest = _PARTS.split(name)
    if first not in _LANGUAGE_OF:  # *Simplified Chinese*
        first, rest = next((w for w in rest if w in _LANGUAGE_OF), ""), [first, *rest]
    return _LANGUAGE_OF[first] if first and not _others(rest) - {first} else None


@lru_cache(4_096)
def _role(name: str) -> str | None:
    name = plain(name)
    if role := _ROLE_OF.get(name):
        return role
    words = [word for word in _PARTS.split(name) if word in _others(_PARTS.split(name))]
    role = _ROLE_OF.get(" ".join(words))
    return role if role in ("source", "target") else None


def _others(words: Sequence[str]) -> set[str]:
    """Returns the words that name neither a language nor a region."""
    return {w for w in words if w not in _LANGUAGE_OF} - REGION_WORDS
