"""The WMT25 terminology task, track 2: its published measures, and our stricter one beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from xindaya.metrics import BLEU, CHRF, Metric, check_corpus
from xindaya.metrics.metric import sum_rows
from xindaya.metrics.terminology.wmt25 import TermDocument, success_rate
from xindaya.pairs import Case, Concept, Corpus, Segment, Status, Term, Termbase

MODES = ("proper", "random")
_SYSTEM = "system"


def evaluate_wmt25(
    references: Sequence[Mapping[str, Any]],
    outputs: Sequence[Mapping[str, Any]],
    source_lang: str,
    target_lang: str,
) -> dict[str, float | int | None]:
    """Computes the task's measures of one system over all documents.

    Args:
        references: Documents with a text for each language and a dictionary for each mode.
        outputs: The system's documents, in the same order.
        source_lang: ``zh`` or ``en``.
        target_lang: ``en`` or ``zh``.

    Returns:
        ``bleu4``, ``chrf2++`` and the success rates as the organisers publish them, the number of
        (document, term) pairs, and adherence and coverage by the check of this project.
    """
    segments = [
        Segment(str(n), r[source_lang], (r[target_lang],), str(n)) for n, r in enumerate(references)
    ]
    texts = [o[target_lang] for o in outputs]
    metrics: dict[str, Metric] = {
        "bleu4": BLEU(tokenize="zh" if target_lang == "zh" else "13a"),
        "chrf2++": CHRF(word_order=2),
    }
    result: dict[str, float | int | None] = {
        name: metric.score(sum_rows(metric.rows(segments, [texts])[0]))
        for name, metric in metrics.items()
    }
    for mode in MODES:
        documents = [
            TermDocument(s.source or "", s.references[0] or "", text, r.get(mode) or {})
            for s, text, r in zip(segments, texts, references, strict=True)
        ]
        rate, pairs = success_rate(documents)
        result[f"{mode}_term_success_rate"] = rate
        result[f"{mode}_pairs"] = pairs
        if mode == "proper":
            result |= _stricter(documents, source_lang, target_lang)
    return result


def _stricter(
    documents: Sequence[TermDocument], source_lang: str, target_lang: str
) -> dict[str, float | int | None]:
    """Checks each document, paragraph by paragraph, with its own dictionary as the termbase."""
    resolved = occurrences = 0
    for number, document in enumerate(documents):
        corpus = _corpus(number, document, source_lang, target_lang)
        summary = check_corpus(corpus, _termbase(document, source_lang, target_lang)).summary(
            _SYSTEM
        )
        resolved += summary.resolved
        occurrences += summary.occurrences
    share = resolved / occurrences if occurrences else None
    return {"proper_by_passage": share, "proper_occurrences": occurrences}


def _corpus(number: int, document: TermDocument, source_lang: str, target_lang: str) -> Corpus:
    """Splits a document at blank lines; one whose two sides differ in number stays whole."""
    source, target = (
        [p for p in text.split("\n\n") if p.strip()]
        for text in (document.source, document.hypothesis)
    )
    if len(source) != len(target):
        source, target = [document.source], [document.hypothesis]
    segments = tuple(Segment(str(k), p, (), str(number)) for k, p in enumerate(source))
    systems = MappingProxyType({_SYSTEM: tuple(target)})
    return Corpus(str(number), source_lang, target_lang, segments, (), systems)


def _termbase(document: TermDocument, source_lang: str, target_lang: str) -> Termbase:
    concepts = []
    for source, targets in document.terms.items():
        if source.strip() and any(t.strip() for t in targets):
            terms = [Term(source.strip(), source_lang)]
            terms += [
                Term(t, target_lang, Status.PREFERRED if k == 0 else Status.ADMITTED,
                     Case.INSENSITIVE)
                for k, t in enumerate(dict.fromkeys(t.strip() for t in targets if t.strip()))
            ]  # fmt: skip
            concepts.append(Concept(source.strip(), tuple(terms)))
    unique = {c.id: c for c in concepts}
    return Termbase("dictionary", tuple(unique.values()))
