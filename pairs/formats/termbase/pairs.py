"""Termbases that are nothing but pairs: one concept a source form, named by it.

The form is the id, so that ids, and what reviewers waived by them, survive when lines are added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import other_language
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.termbase.drafts import Drafts
from xindaya.pairs.lint_text import is_han
from xindaya.pairs.termbase import TAG, Term, Termbase


@dataclass(frozen=True, slots=True)
class Pair:
    """A source form and a target form, with the line they stand on."""

    line: int | None
    source: str
    target: str
    source_tag: str = ""
    target_tag: str = ""


def termbase_of_pairs(
    path: Path,
    pairs: Iterable[Pair],
    source_lang: str,
    *,
    lenient: bool = False,
    left_out: Iterable[LeftOut] = (),
) -> Termbase:
    """Returns the termbase of some pairs: the first target of a source is preferred.

    Args:
        path: The file, for its name and for error messages.
        pairs: The pairs; an empty target stands for a source form without a translation.
        source_lang: Language of the source forms, ``zh`` or ``en``.
        lenient: Keep white space around forms, and repeated pairs.
        left_out: What the file has besides.

    Raises:
        UsageError: If the language is neither.
        InputError: If a source form is empty, or the languages are plainly the other way round.
        NothingToEvaluateError: If there is no pair.
    """
    target_lang = other_language(source_lang)
    drafts = Drafts(path, lenient=lenient)
    drafts.left_out += left_out
    swapped, line = True, None
    for pair in pairs:
        source, target = pair.source.strip(), pair.target.strip()
        if not source:
            raise InputError(
                path, f"{preview(target)} for an empty source form", "a form", line=pair.line
            )
        zh, en = (source, target) if source_lang == "zh" else (target, source)
        swapped &= not any(map(is_han, zh)) and any(map(is_han, en))
        line = line or pair.line
        draft = drafts.concept(source)
        source_form = _term(pair.source if lenient else source, source_lang, pair.source_tag)
        drafts.add(draft, source_form, pair.line, stated=False)
        if target:
            target_form = _term(pair.target if lenient else target, target_lang, pair.target_tag)
            repeats = draft.find(target_lang, target_form.text) is not None
            drafts.add(draft, target_form, pair.line, stated=False, repeats=repeats)
    termbase = drafts.termbase(path.stem)
    if swapped:
        raise InputError(
            path,
            "no Chinese character in any Chinese form, and one in every English form",
            f"{source_lang} forms first",
            line=line,
            hint=f"pass --source-lang {target_lang}",
        )
    return termbase


def _term(text: str, lang: str, tag: str) -> Term:
    return Term(text, lang, extra={TAG: tag} if tag and tag.lower() != lang else {})
