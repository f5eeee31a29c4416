"""``xindaya agree``: a finished evaluation and files of human scores in, a report out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from xindaya.agreement.join import Choice, Joined, join
from xindaya.evaluation import StartProgress
from xindaya.metrics import Evaluation
from xindaya.metrics.agreement import (
    AgreementReport,
    FileAgreement,
    Scored,
    agree_on_flags,
    means,
    measure_agreements,
    steps,
)
from xindaya.metrics.judging.outcome import BOOTSTRAP_SAMPLES, SEED
from xindaya.metrics.mqm import PRESETS, preset
from xindaya.pairs import NothingToEvaluateError
from xindaya.pairs.ratings import read_ratings
from xindaya.pairs.wording import counted

WEIGHTS = tuple(PRESETS)


def agree(
    evaluation: Evaluation,
    files: Sequence[Path],
    *,
    kind: str = "auto",
    column: str = "",
    weights: str = "wmt",
    systems: Sequence[str] = (),
    human_references: bool = True,
    higher_is_better: bool | None = None,
    samples: int = BOOTSTRAP_SAMPLES,
    seed: int = SEED,
    encoding: str = "utf-8",
    progress: StartProgress | None = None,
) -> AgreementReport:
    """Measures how far the metrics of an evaluation agree with people.

    Args:
        evaluation: Scores of systems.
        files: Files of human scores; each is compared on its own, all are judged as one family.
        kind: What they hold, see `read_ratings`.
        column: Column of scores, where a table has several.
        weights: Name of the weights of MQM errors.
        systems: Only these systems of the evaluation; empty for all.
        human_references: Whether human translations among the systems count as systems.
        higher_is_better: Which end of the human scale is good; None to read it from the file.
        samples: Resamples of every interval, and exchanges of every test, at least.
        seed: Of all random numbers.
        encoding: Of the files.
        progress: Told about long work; silent without.

    Raises:
        InputError: If a file is malformed or does not fit the evaluation.
        UsageError: If a system or the weights are unknown.
        NothingToEvaluateError: If the evaluation has neither a metric nor a termbase check.
    """
    if not evaluation.metrics and evaluation.terminology is None:
        reasons = "; ".join(f"{u.metric}: {u.reason}" for u in evaluation.unscored)
        raise NothingToEvaluateError(
            f"no metric to compare with people ({reasons or 'none asked'})"
        )
    corpus = evaluation.corpus
    choice = Choice(tuple(systems), human_references, higher_is_better, preset(weights))
    joined = [
        join(
            path,
            read_ratings(
                path,
                kind=kind,
                column=column,
                source_lang=corpus.source_lang,
                target_lang=corpus.target_lang,
                encoding=encoding,
            ),
            corpus,
            choice,
        )
        for path in files
    ]
    joined = [_on_scored(evaluation, one) for one in joined]
    return AgreementReport(
        corpus=corpus.name,
        segments=len(corpus.segments),
        source_lang=corpus.source_lang,
        target_lang=corpus.target_lang,
        signatures={name: evaluation.signatures[name] for name in evaluation.metrics},
        higher_is_better={n: m.higher_is_better for n, m in evaluation.metrics.items()},
        files=tuple(_measured(evaluation, joined, samples, seed, progress)),
        provenance=evaluation.provenance,
    )


def _on_scored(evaluation: Evaluation, joined: Joined) -> Joined:
    """Leaves out outputs that a metric has no score of: all metrics are compared on the same ones."""
    if joined.human.scores is None:
        return joined
    places = [evaluation.systems.index(name) for name in joined.human.systems]
    scored = np.ones(joined.human.scores.shape, dtype=bool)
    for name, metric in evaluation.metrics.items():
        scored &= metric.scored(evaluation.rows[name][places])
    lost = int((np.isfinite(joined.human.scores) & ~scored).sum())
    if not lost:
        return joined
    scores = np.where(scored, joined.human.scores, np.nan)
    if not np.isfinite(scores).any(axis=1).all():
        raise NothingToEvaluateError(
            f"{joined.file.name}: a system has no output that all metrics score"
        )
    note = f"left out: {counted(lost, 'rated output')} without a score of every metric"
    human = replace(joined.human, scores=scores, totals=means(scores))
    return replace(joined, human=human, file=replace(joined.file, notes=(*joined.file.notes, note)))


def _measured(
    evaluation: Evaluation,
    joined: Sequence[Joined],
    samples: int,
    seed: int,
    progress: StartProgress | None,
) -> Iterator[FileAgreement]:
    order = {name: position for position, name in enumerate(evaluation.systems)}
    places = [[order[name] for name in one.human.systems] for one in joined]
    agreements = measure_agreements(
        evaluation.metrics,
        [
            Scored({name: own[rows] for name, own in evaluation.rows.items()}, one.human)
            for one, rows in zip(joined, places, strict=True)
        ],
        samples=samples,
        seed=seed,
        progress=progress("Agreement with people", steps(len(joined))) if progress else None,
    )
    terms = evaluation.terminology
    for one, agreement in zip(joined, agreements, strict=True):
        flags = agree_on_flags(terms, one.marks, one.located) if terms and one.marks else ()
        yield FileAgreement(one.file, agreement, flags)
