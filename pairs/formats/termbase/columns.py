"""Tables with one column a language, under names that people and memoQ give them.

``Chinese``, ``zh-CN``, ``English_United_States`` hold forms, several columns a language if need be;
``Status``, ``Forbidden``, ``Preferred``, ``Case``, ``Match``, ``Note`` say more on the form. Where
such a name stands once it is about the English form of its row (the Chinese one, if there is no
English one); where it repeats, and for memoQ's ``Term_…`` columns, it is about the form before it;
``English Status`` is about the English one. ``Term`` and ``Translation`` are the two languages where
no column is called after them: the forms then tell which is which. The first row that names columns
so is the heading; rows above it are left out.
Rows with one id are one concept; without an id, rows with one source form are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import language_of, other_language
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.headings import (
    LANGUAGE_WORDS,
    REGION_WORDS,
    ROLE_WORDS,
    variant_in,
)
from xindaya.pairs.formats.termbase.categories import put
from xindaya.pairs.formats.termbase.drafts import Drafts
from xindaya.pairs.formats.termbase.words import status_of, yes_or_no
from xindaya.pairs.termbase import (
    PART_OF_SPEECH,
    UNKNOWN_STATUS,
    Case,
    Match,
    Status,
    Term,
    Termbase,
    strictest,
)

_LANGUAGES = {word: lang for lang, words in LANGUAGE_WORDS.items() for word in words}
_FORMS = frozenset((
    "term", "terms", "source", "target", "text", "language", "术语", "術語", "名称", "名稱", "名",
    "词条", "詞條", "词语", "詞語", "词", "詞", "表达", "表達", "表述", "译名", "譯名", "译文", "譯文",
    "翻译", "翻譯", "原文",
))  # fmt: skip
"""What may stand beside the name of a language, and says that the column holds forms."""
_SOURCES = frozenset((
    *ROLE_WORDS["source"], "source term", "term", "terms", "原词", "术语", "術語", "源术语", "源術語",
    "源語", "词条", "詞條",
))  # fmt: skip
_TARGETS = frozenset((
    *ROLE_WORDS["target"], "target term", "translations", "translated term", "equivalent", "译名",
    "譯名", "译法", "譯法", "目标术语", "目標術語", "对应词", "對應詞",
))  # fmt: skip
_ROLES = {
    "id": (
        "concept", "concept id", "conceptid", "cid", "entry id", "entryid", "entry", "entry number",
        "id", "编号", "編號", "序号", "序號", "概念",
    ),
    "term id": ("tid", "term id", "termid"),
    "note": ROLE_WORDS["note"],
    "status": (
        *ROLE_WORDS["state"], "term status", "usage status", "usage", "administrative status",
        "术语状态", "術語狀態",
    ),
    "part of speech": ("part of speech", "pos", "词性", "詞性"),
    "forbidden": ("forbidden", "is forbidden", "禁用"),
    "preferred": ("preferred", "is preferred", "首选", "首選"),
    "case": ("case", "case sensitive", "case sensitivity", "casesensitive", "大小写"),
    "match": ("match", "matching", "match mode", "match type", "匹配"),
    "exact": ("exact", "exact match", "exactmatch"),
    "expansion": ("expansion", "full form", "全称", "全稱"),
    "term info": ("term info",),
}  # fmt: skip
_READ = frozenset(("note", "status", "forbidden", "preferred", "case", "match", "exact", "expansion",
                   "term info", "part of speech"))  # fmt: skip
"""Roles that say something the model knows of a form."""
_MOST_ABOVE = 20  # rows that a heading may stand below
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}
_CASES = {"casesense": Case.EXACT, "sensitive": Case.EXACT, "exact": Case.EXACT,
          "caseinsense": Case.INSENSITIVE, "insensitive": Case.INSENSITIVE,
          "casepermissive": Case.INSENSITIVE, "permissive": Case.INSENSITIVE}  # fmt: skip
_MATCHES = {"exact": Match.EXACT, "noprefix": Match.EXACT, "pattern": Match.PATTERN,
            **dict.fromkeys(("inflected", "halfprefix", "50%prefix", "fuzzy", "custom",
                             "customprefix"), Match.INFLECTED)}  # fmt: skip
_SEPARATORS = re.compile(r"[\s_\-/()（）,，:：\[\]]+")
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


def heading_in(
    rows: Sequence[Sequence[str]], is_heading: Callable[[Sequence[str]], bool]
) -> int | None:
    """Returns the position of the row that names the columns, None if there is none.

    Below the first row it counts as one only if every row above has fewer cells: a banner.
    """
    widest = 0
    for number, cells in enumerate(rows[:_MOST_ABOVE]):
        filled = sum(1 for cell in cells if cell.strip())
        if filled > widest and is_heading(cells):
            return number
        widest = max(widest, filled)
    return None


def left_out_rows(
    rows: Iterable[tuple[int, Sequence[str]]], reason: str, sheet: str = ""
) -> list[LeftOut]:
    """Accounts for rows that are not read."""
    return [
        LeftOut(f"{sheet}line {line}", reason, " ".join(cell for cell in cells if cell.strip()))
        for line, cells in rows
        if any(cell.strip() for cell in cells)
    ]


def termbase_of_columns(
    path: Path,
    names: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    source_lang: str = "zh",
    lenient: bool = False,
    left_out: Iterable[LeftOut] = (),
) -> Termbase:
    """Returns the termbase that a table with named columns holds; parameters as `read_columns`.

    Raises:
        InputError: As `read_columns`.
        NothingToEvaluateError: If there is no row with a form.
    """
    drafts = Drafts(path, lenient=lenient)
    drafts.left_out += left_out
    read_columns(path, names, rows, drafts, source_lang=source_lang)
    return drafts.termbase(path.stem)


def read_columns(
    path: Path,
    names: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    drafts: Drafts,
    *,
    source_lang: str = "zh",
    sheet: str = "",
) -> None:
    """Adds the rows of a table with named columns to a termbase.

    Args:
        path: The file, for error messages.
        names: The names of the columns, in order; they may repeat.
        rows: The rows with their line numbers.
        drafts: The termbase.
        source_lang: What ``Source`` and ``Target`` mean where the forms do not tell, and whose form
            is the id if there is none.
        sheet: Which sheet it is, if not the first: ids count anew there.

    Raises:
        InputError: If there is no column for a language, a row is longer than the header, or a
            case, match or yes/no word is unknown.
    """
    rows = list(rows)
    source_lang = _spoken(names, rows, source_lang)
    columns = _columns(names, source_lang)
    for lang, name in (("zh", "Chinese"), ("en", "English")):
        if not any(c.lang == lang for c in columns):
            raise InputError(
                path, f"the columns {', '.join(names)}", f"one for {name}, named {lang} or {name}",
                line=1,
            )  # fmt: skip
    before = drafts.ids()
    for line, cells in rows:
        if len(cells) > len(columns):
            raise InputError(path, f"{len(cells)} fields", f"at most {len(columns)}", line=line)
        row = list(zip(columns, cells, strict=False))
        if any(column.lang and cell.strip() for column, cell in row):
            _add_row(path, line, row, drafts, source_lang, {i: f"{sheet}{i}" for i in before})
        else:
            drafts.left_out += left_out_rows([(line, cells)], "rows without a form", sheet)


def _spoken(
    names: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], source_lang: str
) -> str:
    """Returns the language of ``Source`` or ``Term``, by the forms where they tell."""
    columns = _columns(names, source_lang)
    by_lang: dict[str, list[str]] = {"zh": [], "en": []}
    for _, cells in rows:
        for column, cell in zip(columns, cells, strict=False):
            if column.lang:
                by_lang[column.lang].append(cell)
    swapped = language_of(by_lang["zh"]) == "en" and language_of(by_lang["en"]) == "zh"
    return other_language(source_lang) if swapped else source_lang


def _add_row(
    path: Path, line: int, row: list[tuple[_Column, str]], drafts: Drafts, source_lang: str,
    taken: Mapping[str, str],
) -> None:  # fmt: skip
    forms = _forms(row)
    named = next((cell.strip() for column, cell in row if column.role == "id" and cell.strip()), "")
    by_source = sorted(forms.values(), key=lambda form: form.lang != source_lang)
    source = by_source[0].text.strip()
    if named in taken and not drafts.concept(named).find(by_source[0].lang, source):
        named = taken[named]
    draft = drafts.concept(named or source)
    before = dict(draft.extra)
    for column, cell in row:
        if cell.strip() and not _place(column, cell, forms) and before.get(column.name) != cell:
            # Nothing is dropped: what belongs to no form is the concept's, said once by its rows.
            put(draft.extra, column.name, cell)
    again = drafts.is_again(named or source, *(form.text for form in forms.values()))
    for form in forms.values():
        term, stated = _term(path, line, form, drafts)
        repeats = again and term.lang == "en"
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


def _place(column: _Column, cell: str, forms: dict[int, _Form]) -> bool:
    """Gives a cell that is no form to the form or forms it is about; False if it is about none."""
    if column.lang or column.role == "id":
        return True
    if column.of is not None:
        about = [forms[column.of]] if column.of in forms else []
    elif column.role:
        english = [f for f in forms.values() if f.lang == "en"]
        about = english or list(forms.values())
    else:
        about = []
    for form in about:
        put(
            *((form.cells, column.role) if column.role in _READ else (form.extra, column.name)),
            cell,
        )
    return bool(about)


def _term(path: Path, line: int, form: _Form, drafts: Drafts) -> tuple[Term, bool]:
    cells = form.cells
    text = form.text if drafts.lenient else form.text.strip()
    status = _status(path, line, text, cells, drafts.left_out)
    term = Term(
        text,
        form.lang,
        status or Status.PREFERRED,
        _case(path, line, cells.pop("case", "")),
        _match(path, line, cells),
        cells.pop("expansion", "").strip(),
        cells.pop("note", ""),
        form.extra,
    )
    if part := cells.pop("part of speech", ""):
        form.extra[PART_OF_SPEECH] = part
    info = cells.pop("term info", "")
    for name, cell in cells.items():  # a second note, a second status, and what is not understood
        put(form.extra, name, cell)
    if info:
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


def _status(
    path: Path, line: int, text: str, cells: dict[str, str], left_out: list[LeftOut]
) -> Status | None:
    """Returns the status that a row states, the strictest if it says it in several columns."""
    said = []
    if _flag(path, line, cells, "forbidden"):
        said.append(Status.FORBIDDEN)
    word = cells.get("status", "").strip()
    if status := status_of(word):
        said.append(status)
        del cells["status"]
    elif word:
        left_out.append(LeftOut(f"line {line}, {preview(text)}: {preview(word)}", UNKNOWN_STATUS))
    if "preferred" in cells:
        # Of two workflows' words, that on the form's rank decides: *Approved* may be a synonym.
        preferred = _flag(path, line, cells, "preferred")
        said = [s for s in said if s not in (Status.PREFERRED, Status.ADMITTED)]
        said.append(Status.PREFERRED if preferred else Status.ADMITTED)
    return strictest(said) if said else None


def _case(path: Path, line: int, word: str) -> Case:
    if (flag := yes_or_no(word)) is not None:
        return Case.EXACT if flag else Case.INSENSITIVE
    case = _CASES.get(_plain(word).replace(" ", ""))
    if case is None:
        raise InputError(path, f"case {preview(word)}", "exact, insensitive, yes or no", line=line)
    return case


def _match(path: Path, line: int, cells: dict[str, str]) -> Match:
    exact = _flag(path, line, cells, "exact")
    word = _plain(cells.pop("match", "")).replace(" ", "")
    if exact:
        return Match.EXACT
    if not word:
        return Match.INFLECTED
    match = _MATCHES.get(word)
    if match is None:
        raise InputError(
            path, f"match {preview(word)}", "exact, inflected, fuzzy or pattern",
            line=line,
        )  # fmt: skip
    return match


def _flag(path: Path, line: int, cells: dict[str, str], role: str) -> bool:
    word = cells.pop(role, "")
    flag = yes_or_no(word)
    if flag is None:
        raise InputError(path, f"{role} {preview(word)}", "yes or no", line=line)
    return flag


def _columns(names: Sequence[str], source_lang: str) -> list[_Column]:
    plain = [_plain(name) for name in names]
    repeated = {name for name, count in Counter(plain).items() if count > 1}
    languages = _languages(plain, source_lang)
    columns: list[_Column] = []
    before: int | None = None  # the last column of forms
    foreign = ""  # the last column of which nothing is known: memoQ's for a third language
    for position, (name, key) in enumerate(zip(names, plain, strict=True)):
        label = name.strip() or f"column {position + 1}"
        role = _ROLE_OF.get(key, "")
        of_form = key.startswith("term ")
        if language := languages.get(position):
            before, foreign = position, ""
            columns.append(_Column(label, "term", *language))
        elif role == "term id":
            after = next((p for p in languages if p > position), before)
            columns.append(_Column(label, role, of=after))
        elif of_form and foreign:
            columns.append(_Column(f"{foreign} {label}", ""))
        elif (about := _about(key, languages)) is not None:
            columns.append(_Column(label, about[0], of=about[1]))
        else:
            foreign = foreign if role or key in repeated else label
            follows = of_form or key in repeated
            columns.append(_Column(label, role, of=before if follows else None))
    return columns


def _languages(plain: Sequence[str], source_lang: str) -> dict[int, tuple[str, str]]:
    """Returns language and tag of the columns of forms, by position."""
    found = {n: named for n, key in enumerate(plain) if (named := _language(key))}
    langs = {lang for lang, _ in found.values()}
    sides = {
        side: next((n for n, key in enumerate(plain) if key in words and n not in found), None)
        for side, words in (("source", _SOURCES), ("target", _TARGETS))
    }
    if not langs:
        of_side = {"source": source_lang, "target": other_language(source_lang)}
        found |= {n: (of_side[side], "") for side, n in sides.items() if n is not None}
    elif len(langs) == 1:
        # *Term* beside *English*: the other language.
        place = next((n for n in sides.values() if n is not None), None)
        found |= {} if place is None else {place: (other_language(*langs), "")}
    return dict(sorted(found.items()))


def _about(key: str, languages: Mapping[int, tuple[str, str]]) -> tuple[str, int] | None:
    """Returns role and column of forms for names such as ``English Status``."""
    first, *rest = key.split() or [""]
    role = _ROLE_OF.get(" ".join(word for word in rest if word not in REGION_WORDS), "")
    lang = _LANGUAGES.get(first)
    place = next((n for n, (own, _) in languages.items() if own == lang), None)
    return (role, place) if role in _READ and place is not None else None


def _language(key: str) -> tuple[str, str] | None:
    """Returns the language and the tag of a column of forms, None for another column."""
    words = _NUMBER.sub("", key).split()
    for word in list(words):  # *中文术语*
        stem = next(
            (n for n in _LANGUAGES if word.startswith(n) and word[len(n) :] in _FORMS), None
        )
        if stem and not word.isascii():
            words[words.index(word)] = stem
    langs = {_LANGUAGES[word] for word in words if word in _LANGUAGES}
    others = [word for word in words if word not in _LANGUAGES]
    if len(langs) != 1 or not (REGION_WORDS | _FORMS).issuperset(others):
        return None
    lang = langs.pop()
    return lang, variant_in(words, lang)


def _plain(name: str) -> str:
    return _SEPARATORS.sub(" ", name).strip().lower()
