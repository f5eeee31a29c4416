"""Python's front door: each command as one call, on paths or on values.

Everything here is a thin name for what the commands use, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xindaya.evaluation import as_corpus
from xindaya.metrics import Evaluation, Terminology, check_corpus
from xindaya.metrics.judging.outcome import ALPHA, SEED
from xindaya.pairs import (
    Corpus,
    NothingToEvaluateError,
    Termbase,
    UsageError,
    read_termbase,
)
from xindaya.pairs.direction import language_of
from xindaya.pairs.lines import read_lines

if TYPE_CHECKING:
    from xindaya.metrics.changes import Changes
    from xindaya.metrics.terminology.discovery import Discovery
    from xindaya.metrics.terminology.discovery.found import StartProgress
    from xindaya.pairs.align import Bead


def compare(
    old: Evaluation | str | Path,
    new: Evaluation | str | Path,
    *,
    renamed: Mapping[str, str] | None = None,
    systems: Collection[str] = (),
    names: tuple[str, str] = ("old", "new"),
    alpha: float = ALPHA,
    seed: int = SEED,
) -> Changes:
    """Says what changed from one evaluation to another of the same texts.

    Args:
        old: An evaluation, a run folder, or a recorded run such as ``latest~1``.
        new: Likewise.
        renamed: Old name to new name, for systems that are called otherwise now.
        systems: Names in the new one to compare; empty for all.
        names: What the two are called.
        alpha: Level of the family of each metric.
        seed: Of all random numbers.

    Raises:
        ComparabilityError: If the two were not measured alike.
        UsageError: If a name is unknown, or no run is meant.
        InputError: If a run folder is damaged.
    """
    from xindaya.metrics.changes import compare_evaluations, match_systems
    from xindaya.metrics.judging.alike import check_same_measure

    before, after = _evaluation(old), _evaluation(new)
    check_same_measure(before, after, names)
    matching = match_systems(before.systems, after.systems, renamed=renamed, only=systems)
    return compare_evaluations(before, after, matching, names=names, alpha=alpha, seed=seed)


def check_terms(
    corpus: Corpus | str | Path,
    termbase: Termbase | str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    waivers: Collection[str] = (),
    fold_scripts: bool = False,
    seed: int = SEED,
) -> Terminology:
    """Checks how a corpus renders the terms of a termbase.

    Args:
        corpus: A corpus or the path of one. Without systems its references are checked.
        termbase: A termbase or the path of one.
        source_lang: ``zh`` or ``en``; None for what the data says.
        target_lang: The other one.
        waivers: Ids of occurrences that a reviewer has accepted.
        fold_scripts: Match Simplified and Traditional Chinese together.
        seed: Of permutation tests and intervals.

    Returns:
        Verdicts and measures: ``.summary("vendor").adherence``, ``.uses``.

    Raises:
        InputError: If a file is malformed.
        NothingToEvaluateError: If there is no source or no target text.
    """
    texts = as_corpus(corpus, source_lang, target_lang)
    texts = texts if texts.systems else references_as_systems(texts)
    if not texts.has_source:
        raise NothingToEvaluateError(f"{texts.name}: no source text to look for terms in")
    if not isinstance(termbase, Termbase):
        termbase = read_termbase(termbase)
    return check_corpus(texts, termbase, waivers=waivers, fold_scripts=fold_scripts, seed=seed)


def discover(
    corpus: Corpus | str | Path,
    *,
    text: str | None = None,
    background: Corpus | str | Path | None = None,
    termbase: Termbase | str | Path | None = None,
    minimum: int = 3,
    also: Collection[str] = (),
    progress: StartProgress | None = None,
) -> Discovery:
    """Proposes terms of a corpus and shows how each is rendered; an estimate.

    Args:
        corpus: A corpus with Chinese or English source text, or the path of one.
        text: System or reference to look at; by default the first system, else reference.
        background: More translated text to learn words from.
        termbase: Its terms are listed in any case.
        minimum: Occurrences from which a term can be said to drift.
        also: Source terms to read even if nothing proposes them.
        progress: Starts a progress bar, given a name and a number of terms.

    Raises:
        InputError: If a file is malformed.
        UsageError: If there is no such text, or no source.
    """
    from xindaya.metrics.terminology import discovery

    chosen = discovery.choose_text(as_corpus(corpus), text)
    more: Sequence[discovery.Passage] = ()
    if background is not None:
        more = discovery.choose_text(as_corpus(background)).passages_from(chosen.lang)
    if termbase is not None and not isinstance(termbase, Termbase):
        termbase = read_termbase(termbase)
    return discovery.discover(
        chosen.passages,
        background=more,
        reference=chosen.reference,
        termbase=termbase,
        minimum=minimum,
        progress=progress,
        lang=chosen.lang,
        also=also,
    )


def align(
    zh: Sequence[str] | str | Path,
    en: Sequence[str] | str | Path,
    *,
    unit: str = "passage",
    termbase: Termbase | str | Path | None = None,
) -> list[Bead]:
    """Aligns a Chinese document with its English translation.

    Args:
        zh: The Chinese lines, or the path of a file of them.
        en: The English lines, or the path of a file of them.
        unit: ``passage`` aligns lines, ``sentence`` the sentences in them.
        termbase: Its terms count as evidence.

    Returns:
        What belongs together, in reading order: ``.zh``, ``.en``, ``.confidence``.

    Raises:
        InputError: If a file cannot be read.
        UsageError: If the two are swapped, or the unit is unknown.
        NothingToEvaluateError: If a document has no text.
    """
    from xindaya.pairs.align import align_documents

    if unit not in ("passage", "sentence"):
        raise UsageError(f"the unit {unit!r}: expected passage or sentence")
    lines = []
    for name, document in (("zh", zh), ("en", en)):
        where = document if isinstance(document, str | Path) else name
        texts = read_lines(document) if isinstance(document, str | Path) else list(document)
        if not any(text.strip() for text in texts):
            raise NothingToEvaluateError(f"{where}: no text in it, so there is nothing to align")
        lines.append(texts)
    if [language_of(texts) for texts in lines] == ["en", "zh"]:
        raise UsageError("give the Chinese document first, then the English one")
    if termbase is not None and not isinstance(termbase, Termbase):
        termbase = read_termbase(termbase)
    return align_documents(*lines, unit=unit, termbase=termbase)


def references_as_systems(corpus: Corpus) -> Corpus:
    """Turns the references into systems, where there is nothing else to check.

    Raises:
        NothingToEvaluateError: If there is no reference either.
    """
    if not corpus.reference_names:
        raise NothingToEvaluateError(f"{corpus.name}: no target text to check")
    texts = {n: tuple(t or "" for t in corpus.reference(n)) for n in corpus.reference_names}
    bare = replace(
        corpus,
        segments=tuple(replace(s, references=()) for s in corpus.segments),
        reference_names=(),
    )
    return bare.with_systems(texts)


def _evaluation(given: Evaluation | str | Path) -> Evaluation:
    if isinstance(given, Evaluation):
        return given
    from xindaya.runs import load_run
    from xindaya.store import resolve_run

    return load_run(resolve_run(str(given)))
