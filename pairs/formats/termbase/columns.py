"""Tables with one column a language, under names that people and memoQ give them.

``Chinese``, ``zh-CN``, ``English_United_States`` hold forms, several columns a language if need be;
``Status``, ``Forbidden``, ``Preferred``, ``Case``, ``Match``, ``Note`` say more on the form. Where
such a name stands once it is about the English form of its row (the Chinese one, if there is no
English one); where it repeats, and for memoQ's ``Term_…`` columns, it is about the form before it.
Rows with one id are one concept; without an id, rows with one source form are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xindaya.pairs.direction import other_language
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.termbase.drafts import ConceptDraft, Drafts
from xindaya.pairs.formats.termbase.words import status_of, status_words, yes_or_no
from xindaya.pairs.termbase import Case, Match, Status, Term, Termbase

_LANGUAGES = {
    **dict.fromkeys(
        ("zh", "chinese", "中文", "汉语", "漢語", "简体中文", "繁體中文", "繁体中文"), "zh"
    ),
    **dict.fromkeys(("en", "english", "英文", "英语", "英語"), "en"),
}
_REGIONS = frozenset((
    "prc", "china", "simplified", "traditional", "taiwan", "hong", "kong", "sar", "s.a.r.",
    "singapore", "macao", "macau", "cn", "tw", "hk", "sg", "hans", "hant", "united", "states",
    "kingdom", "us", "uk", "gb", "usa", "au", "ca", "ie", "in", "nz", "za", "australia", "canada",
    "ireland", "india", "new", "zealand", "south", "africa", "term", "terms", "术语", "術語",
))  # fmt: skip
_TAGS = {
    "prc": "zh-CN", "cn": "zh-CN", "taiwan": "zh-TW", "tw": "zh-TW", "hong": "zh-HK", "hk": "zh-HK",
    "simplified": "zh-Hans", "hans": "zh-Hans", "traditional": "zh-Hant", "hant": "zh-Hant",
    "states": "en-US", "us": "en-US", "usa": "en-US", "kingdom": "en-GB", "uk": "en-GB",
    "gb": "en-GB",
}  # fmt: skip
_ROLES = {
    "id": ("concept", "concept id", "entry id", "entry", "id", "编号", "概念"),
    "note": ("note", "notes", "comment", "comments", "remarks", "备注", "注释", "備註"),
    "status": ("status", "term status", "usage status", "状态", "狀態"),
    "forbidden": ("forbidden", "is forbidden", "禁用"),
    "preferred": ("preferred", "is preferred", "首选", "首選"),
    "case": ("case", "case sensitive", "case sensitivity", "casesensitive", "大小写"),
    "match": ("match", "matching", "match mode", "match type", "匹配"),
    "exact": ("exact", "exact match", "exactmatch"),
    "expansion": ("expansion", "full form", "全称", "全稱"),
    "term info": ("term info",),
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}
_CASES = {"casesense": Case.EXACT, "sensitive": Case.EXACT, "exact": Case.EXACT,
          "caseinsense": Case.INSENSITIVE, "insensitive": Case.INSENSITIVE,
          "casepermissive": Case.INSENSITIVE, "permissive": Case.INSENSITIVE}  # fmt: skip
_MATCHES = {"exact": Match.EXACT, "noprefix": Match.EXACT, "pattern": Match.PATTERN,
            **dict.fromkeys(("inflected", "halfprefix", "50%prefix", "fuzzy", "custom",
                             "customprefix"), Match.INFLECTED)}  # fmt: skip
_SEPARATORS = re.compile(r"[\s_\-/()（）]+")
_NUMBER = re.compile(r" ?[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    role: str  # "term", one of _ROLES, or "" for a column nobody knows
    lang: str = ""
    tag: str = ""
    of: int | None = None  # index of the term column it is about, if it follows one


@dataclass(slots=True)
class _Form:
    """A form of one row and the cells about it."""

    text: str
    lang: str
    cells: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)


def is_headed(names: Sequence[str], source_lang: str = "zh") -> bool:
    """True if these are column names with a column for each language."""
    return {c.lang for c in _columns(names, source_lang)} >= {"zh", "en"}


def termbase_of_columns(
    path: Path,
    names: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    source_lang: str = "zh",
    lenient: bool = False,
) -> Termbase:
    """Returns the termbase that a table with named columns holds.

    Args:
        path: The file, for its name and for error messages.
        names: The names of the columns, in order; they may repeat.
        rows: The rows with their line numbers.
        source_lang: What ``Source`` and ``Target`` mean, and whose form is the id if there is none.
        lenient: Keep white space around forms, and forms that contradict or repeat one another.

    Raises:
        InputError: If there is no column for a language, a row is longer than the header or has no
            form, or a status, case, match or yes/no word is unknown.
        NothingToEvaluateError: If there is no row.
    """
    columns = _columns(names, source_lang)
    for lang, name in (("zh", "Chinese"), ("en", "English")):
        if not any(c.lang == lang for c in columns):
            raise InputError(
                path, f"the columns {', '.join(names)}", f"one for {name}, named {lang} or {name}",
                line=1,
            )  # fmt: skip
    drafts = Drafts(path, lenient=lenient)
    for line, cells in rows:
        if len(cells) > len(columns):
            raise InputError(path, f"{len(cells)} fields", f"at most {len(columns)}", line=line)
        if any(cell.strip() for cell in cells):
            _add_row(path, line, list(zip(columns, cells, strict=False)), drafts, source_lang)
    return drafts.termbase(path.stem)


def _add_row(
    path: Path, line: int, row: list[tuple[_Column, str]], drafts: Drafts, source_lang: str
) -> None:
    forms = _forms(row)
    if not forms:
        raise InputError(path, "a row without a form", "a Chinese or an English one", line=line)
    named = next((cell.strip() for column, cell in row if column.role == "id"), "")
    by_source = sorted(forms.values(), key=lambda form: form.lang != source_lang)
    draft = drafts.concept(named or by_source[0].text.strip())
    for column, cell in row:
        if cell.strip():
            _place(column, cell, forms, draft)
    for form in forms.values():
        term, stated = _term(path, line, form, lenient=drafts.lenient)
        repeats = term.lang == "en" and draft.find("en", term.text) is not None
        drafts.add(draft, term, line, stated=stated, repeats=repeats)


def _forms(row: list[tuple[_Column, str]]) -> dict[int, _Form]:
    """Returns the forms of a row by the position of their column."""
    forms = {}
    for position, (column, cell) in enumerate(row):
        if column.lang and cell.strip():
            forms[position] = _Form(cell, column.lang)
            if column.tag:
                forms[position].extra["xml:lang"] = column.tag
    return forms


def _place(column: _Column, cell: str, forms: dict[int, _Form], draft: ConceptDraft) -> None:
    """Gives a cell that is no form to the form, the forms or the concept it is about."""
    if column.lang or column.role == "id":
        return
    if column.of is not None:
        about = [forms[column.of]] if column.of in forms else []
    elif column.role:
        english = [f for f in forms.values() if f.lang == "en"]
        about = english or list(forms.values())
    else:
        about = []
    if not about:
        # Nothing is dropped: what belongs to no form is the concept's.
        draft.extra.setdefault(column.name, cell)
    for form in about:
        (form.cells if column.role else form.extra)[column.role or column.name] = cell


def _term(path: Path, line: int, form: _Form, *, lenient: bool) -> tuple[Term, bool]:
    cells = form.cells
    status = _status(path, line, cells)
    term = Term(
        form.text if lenient else form.text.strip(),
        form.lang,
        status or Status.PREFERRED,
        _case(path, line, cells.get("case", "")),
        _match(path, line, cells),
        cells.get("expansion", "").strip(),
        cells.get("note", ""),
        form.extra,
    )
    if info := cells.get("term info", ""):
        term, told = _with_info(term, info)
        return term, told or status is not None
    return term, status is not None


def _with_info(term: Term, info: str) -> tuple[Term, bool]:
    """Applies memoQ's ``CaseSense;HalfPrefix;Forbidden``; what is not understood is kept."""
    unknown = []
    forbidden = False
    for part in (p.strip() for p in info.split(";") if p.strip()):
        word = _plain(part).replace(" ", "")
        if word in _CASES and word != "exact":
            term = replace(term, case=_CASES[word])
            if word == "casepermissive":
                unknown.append(part)  # capitals of the form must agree: we have no such rule
        elif word in _MATCHES:
            term = replace(term, match=_MATCHES[word])
        elif word in ("forbidden", "isforbidden"):
            term, forbidden = replace(term, status=Status.FORBIDDEN), True
        elif word not in ("nonforbidden", "notforbidden"):
            unknown.append(part)
    if unknown:
        term = replace(term, extra={**term.extra, "Term_Info": ";".join(unknown)})
    return term, forbidden


def _status(path: Path, line: int, cells: dict[str, str]) -> Status | None:
    if _flag(path, line, cells, "forbidden"):
        return Status.FORBIDDEN
    word = cells.get("status", "")
    if word.strip():
        status = status_of(word)
        if status is None:
            raise InputError(path, f"status {preview(word)}", status_words(), line=line)
        return status
    if "preferred" in cells:
        return Status.PREFERRED if _flag(path, line, cells, "preferred") else Status.ADMITTED
    return None


def _case(path: Path, line: int, word: str) -> Case:
    if (flag := yes_or_no(word)) is not None:
        return Case.EXACT if flag else Case.INSENSITIVE
    case = _CASES.get(_plain(word).replace(" ", ""))
    if case is None:
        raise InputError(path, f"case {preview(word)}", "exact, insensitive, yes or no", line=line)
    return case


def _match(path: Path, line: int, cells: dict[str, str]) -> Match:
    if _flag(path, line, cells, "exact"):
        return Match.EXACT
    word = _plain(cells.get("match", "")).replace(" ", "")
    if not word:
        return Match.INFLECTED
    match = _MATCHES.get(word)
    if match is None:
        raise InputError(
            path, f"match {preview(cells['match'])}", "exact, inflected, fuzzy or pattern",
            line=line,
        )  # fmt: skip
    return match


def _flag(path: Path, line: int, cells: dict[str, str], role: str) -> bool:
    flag = yes_or_no(cells.get(role, ""))
    if flag is None:
        raise InputError(path, f"{role} {preview(cells[role])}", "yes or no", line=line)
    return flag


def _columns(names: Sequence[str], source_lang: str) -> list[_Column]:
    plain = [_plain(name) for name in names]
    repeated = {name for name, count in Counter(plain).items() if count > 1}
    columns: list[_Column] = []
    before: int | None = None  # the last column of forms
    foreign = ""  # the last column of which nothing is known: memoQ's for a third language
    for position, (name, key) in enumerate(zip(names, plain, strict=True)):
        label = name.strip() or f"column {position + 1}"
        role = _ROLE_OF.get(key, "")
        of_form = key.startswith("term ")
        if language := _language(key, source_lang):
            before, foreign = position, ""
            columns.append(_Column(label, "term", *language))
        elif of_form and foreign:
            columns.append(_Column(f"{foreign} {label}", ""))
        else:
            foreign = foreign if role or key in repeated else label
            follows = of_form or key in repeated
            columns.append(_Column(label, role, of=before if follows else None))
    return columns


def _language(key: str, source_lang: str) -> tuple[str, str] | None:
    """Returns the language and the tag of a column of forms, None for another column."""
    if key in ("source", "source term", "target", "target term"):
        target_lang = other_language(source_lang)
        return (source_lang if key.startswith("source") else target_lang), ""
    first, *rest = _NUMBER.sub("", key).split() or [""]
    if first not in _LANGUAGES or not _REGIONS.issuperset(rest):
        return None
    tag = next((_TAGS[word] for word in rest if word in _TAGS), "")
    lang = _LANGUAGES[first]
    return lang, tag if tag.startswith(lang) else ""


def _plain(name: str) -> str:
    return _SEPARATORS.sub(" ", name).strip().lower()
