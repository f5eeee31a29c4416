"""WMT's terminology tasks: the published measures of 2025, and the rule of 2026, of whole systems.

Beside the measures of 2025 stands our stricter check; beside the rate of 2026 the reference's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from xindaya.metrics import BLEU, CHRF, Metric, check_corpus
from xindaya.metrics.metric import sum_rows
from xindaya.metrics.terminology.matching import matcher_for
from xindaya.metrics.terminology.wmt import (
    Served,
    TermDocument,
    normalized,
    places,
    served,
    success_rate,
)
from xindaya.pairs import Case, Concept, Corpus, Segment, Status, Term, Termbase

MODES = ("proper", "random")
_SYSTEM = "system"


def evaluate_wmt25(
    references: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
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
    metrics: dict[str, Metric] = {
        "bleu4": BLEU(tokenize="zh" if target_lang == "zh" else "13a"),
        "chrf2++": CHRF(word_order=2),
    }
    result: dict[str, float | int | None] = {
        name: metric.score(sum_rows(metric.rows(segments, [outputs])[0]))
        for name, metric in metrics.items()
    }
    for mode in MODES:
        documents = [
            TermDocument(s.source or "", s.references[0] or "", text, r.get(mode) or {})
            for s, text, r in zip(segments, outputs, references, strict=True)
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
        termbase = _termbase(document.terms, source_lang, target_lang)
        summary = check_corpus(corpus, termbase).summary(_SYSTEM)
        resolved += summary.resolved
        occurrences += summary.occurrences
    share = resolved / occurrences if occurrences else None
    return {"proper_by_passage": share, "proper_occurrences": occurrences}


def _corpus(number: int, document: TermDocument, source_lang: str, target_lang: str) -> Corpus:
    """Splits a document at blank lines; one whose two sides differ in number stays whole."""
    source, target = map(paragraphs, (document.source, document.hypothesis))
    if len(source) != len(target):
        source, target = [document.source], [document.hypothesis]
    segments = tuple(Segment(str(k), p, (), str(number)) for k, p in enumerate(source))
    systems = MappingProxyType({_SYSTEM: tuple(target)})
    return Corpus(str(number), source_lang, target_lang, segments, (), systems)


def _termbase(terms: Mapping[str, Sequence[str]], source_lang: str, target_lang: str) -> Termbase:
    concepts = []
    for source, targets in terms.items():
        if source.strip() and any(t.strip() for t in targets):
            names = [Term(source.strip(), source_lang)]
            names += [
                Term(t, target_lang, Status.PREFERRED if k == 0 else Status.ADMITTED,
                     Case.INSENSITIVE)
                for k, t in enumerate(dict.fromkeys(t.strip() for t in targets if t.strip()))
            ]  # fmt: skip
            concepts.append(Concept(source.strip(), tuple(names)))
    unique = {c.id: c for c in concepts}
    return Termbase("dictionary", tuple(unique.values()))


def paragraphs(text: str) -> list[str]:
    """Splits a document at blank lines, or at line breaks where there is no blank line."""
    return [p for p in text.split("\n\n" if "\n\n" in text else "\n") if p.strip()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One occurrence of a term and the forms that it accepts."""

    term: str
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """One document of the task of 2026.

    Attributes:
        wanted: Paragraph by paragraph the occurrences of terms.
        control: The same for the words of the random dictionary.
        reference: Reference translation; empty if there is none.
    """

    wanted: Sequence[Sequence[Wanted]]
    control: Sequence[Sequence[Wanted]]
    reference: str


class Annotator:
    """Finds the occurrences of a dictionary's terms in paragraphs, the longest at each place.

    Args:
        terms: Source term to its accepted targets.
        source_lang: ``zh`` or ``en``.
        target_lang: ``en`` or ``zh``.
    """

    def __init__(
        self, terms: Mapping[str, Sequence[str]], source_lang: str, target_lang: str
    ) -> None:
        self._lang = target_lang
        self._matcher = matcher_for(_termbase(terms, source_lang, target_lang), source_lang)

    def __call__(self, sources: Iterable[str]) -> list[list[Wanted]]:
        """Returns the occurrences of each paragraph."""
        return [
            [
                Wanted(span.hits[0][0].concept.id, frozenset(
                    t.text
                    for form, _ in span.hits
                    for t in form.concept.in_language(self._lang)
                ))
                for span in self._matcher.find(source)
            ]
            for source in sources
        ]  # fmt: skip


def evaluate_wmt26(
    tasks: Sequence[Task], outputs: Sequence[str], sample: Sequence[str] | None = None
) -> dict[str, float | int | bool | None]:
    """Measures one system by the rule of 2026 over all documents.

    Args:
        tasks: The documents.
        outputs: The system's, in the same order. One that has not as many paragraphs as the source
            is one paragraph.
        sample: Source texts of the translated sample that systems could learn from, if there is one.

    Returns:
        ``exclusive``, the rate, with ``occurrences`` and ``overlapping``, the rate with overlaps
        allowed; the same beginning with ``random_`` for the random dictionary, the control, and with
        ``seen_`` and ``unseen_`` for terms that are in the sample and those that are not, each part
        by itself. Beside each ``…exclusive`` stands ``…ceiling``, the reference's own rate; shares
        in [0, 1], None where nothing is asked for. ``exact`` is False if a rate may be too low.
    """
    known = [normalized(text) for text in sample or ()]
    seen: dict[str, bool] = {}

    def is_seen(term: str) -> bool:
        if term not in seen:
            seen[term] = any(next(places(t, normalized(term)), None) for t in known)
        return seen[term]

    parts: dict[str, Sequence[Sequence[Sequence[Wanted]]]] = {
        "": [t.wanted for t in tasks],
        "random_": [t.control for t in tasks],
    }
    if sample is not None:
        for name, kept in (("seen_", True), ("unseen_", False)):
            parts[name] = [
                [[w for w in row if is_seen(w.term) is kept] for row in t.wanted] for t in tasks
            ]
    references = [t.reference for t in tasks]
    result: dict[str, float | int | bool | None] = {}
    exact = True
    for name, wanted in parts.items():
        ours, theirs = _served(wanted, outputs), _served(wanted, references)
        result[f"{name}occurrences"] = ours.occurrences
        result[f"{name}exclusive"] = ours.rate
        result[f"{name}ceiling"] = theirs.rate if any(references) else None
        result[f"{name}overlapping"] = ours.bound
        exact = exact and ours.exact and theirs.exact
    return result | {"exact": exact}


def _served(wanted: Sequence[Sequence[Sequence[Wanted]]], texts: Sequence[str]) -> Served:
    total = Served()
    for rows, text in zip(wanted, texts, strict=True):
        parts = paragraphs(text)
        if len(parts) != len(rows):
            parts, rows = [text], [[w for row in rows for w in row]]
        for part, row in zip(parts, rows, strict=True):
            total += served(part, [w.forms for w in row])
    return total
