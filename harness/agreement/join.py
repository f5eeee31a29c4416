"""From a file of human scores to scores of a corpus: strict, and said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xindaya.agreement.names import is_human, match_names
from xindaya.agreement.places import place_ids, place_texts
from xindaya.metrics.agreement import HumanFile, HumanScores, Mark, means
from xindaya.metrics.mqm import Weights, score_errors
from xindaya.metrics.mqm.weights import NO_ERROR
from xindaya.pairs import Corpus, InputError, UsageError
from xindaya.pairs.ratings import Ratings, orientation
from xindaya.pairs.wording import counted

_UNCHECKED = "system scores name no segments: whether they are of these outputs was not checked"
_UNSEEN = "the file has no texts: its spans are taken to be those of these outputs"
Marks = Mapping[tuple[str, int], Sequence[Mark]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a human file is used, and how.

    Attributes:
        systems: Only these; empty for all.
        human_references: Whether human translations among the systems count as systems.
        higher_is_better: Which end of the scale is good; None to read it from the file.
        weights: Of MQM errors.
    """

    systems: tuple[str, ...]
    human_references: bool
    higher_is_better: bool | None
    weights: Weights


@dataclass(frozen=True, slots=True)
class Joined:
    """Human scores of a corpus.

    Attributes:
        file: Where they come from.
        human: The scores.
        marks: Rated outputs, by system and position, with their errors; empty without spans.
        located: Of them, those whose text is the rated one.
    """

    file: HumanFile
    human: HumanScores
    marks: Marks = field(default_factory=dict)
    located: frozenset[tuple[str, int]] = frozenset()


def join(path: Path, ratings: Ratings, corpus: Corpus, choice: Choice) -> Joined:
    """Joins human scores with a corpus by system name and segment id.

    Args:
        path: The file, for errors.
        ratings: What it says.
        corpus: The scored corpus.
        choice: What is used.

    Raises:
        UsageError: If a chosen system is in neither.
        InputError: If no system is in both, or the segments do not fit.
    """
    wanted = _wanted(corpus, choice)
    every = match_names(tuple(corpus.systems), ratings.system_names)
    names = {ours: theirs for ours, theirs in every.items() if ours in wanted}
    left_out = [name for name in every if name not in wanted]
    notes = [*ratings.notes, *_renamed(names), *_same_as_reference(corpus, names)]
    notes += [f"left out as asked: {', '.join(left_out)}"] if left_out else []
    if ratings.kind == "systems":
        notes.append(_UNCHECKED)
    marks: dict[tuple[str, int], list[Mark]] = {}
    located: frozenset[tuple[str, int]] = frozenset()
    measure, scores = ratings.measure, None
    if ratings.kind != "systems":
        rated = ratings.corpus
        places = place_texts(path, rated, corpus) if rated else place_ids(path, ratings, corpus)
        found = ratings.segments
        if ratings.kind == "mqm":
            found = score_errors(ratings.errors, choice.weights).segments
            measure = f"MQM penalty, weights {choice.weights.describe()}"
        names = {ours: theirs for ours, theirs in names.items() if theirs in found}
        scores = _table(found, names, places, len(corpus.segments))
        marks = _marks(ratings, names, places, choice.weights)
        if rated:
            located = _located(path, rated, corpus, names, places, marks, notes)
        elif marks:
            located = frozenset(marks)
            notes.append(_UNSEEN)
    if scores is not None:
        kept = np.asarray(np.isfinite(scores).any(axis=1))
        names = {n: t for (n, t), keep in zip(names.items(), kept.tolist(), strict=True) if keep}
        scores = scores[kept]
    if not names:
        raise InputError(
            path, f"scores of {_list(ratings.system_names)}",
            f"scores of at least one of {_list(wanted)}",
            hint="name systems as the file does: -i NAME=FILE",
        )  # fmt: skip
    totals = (
        means(scores)
        if scores is not None
        else np.array([ratings.systems[t] for t in names.values()])
    )
    higher, why = _orientation(ratings, choice)
    file = HumanFile(
        name=ratings.name,
        kind=ratings.kind,
        measure=measure,
        orientation=why,
        only_corpus=tuple(name for name in wanted if name not in names),
        only_human=tuple(n for n in ratings.system_names if n not in every.values()),
        notes=tuple(notes),
        left_out=ratings.left_out,
    )
    return Joined(file, HumanScores(tuple(names), scores, totals, higher), marks, located)


def _list(names: Sequence[str]) -> str:
    """Returns the first names, for an error."""
    return ", ".join(name[:60] for name in names[:10]) + ", …" * bool(names[10:]) or "nothing"


def _wanted(corpus: Corpus, choice: Choice) -> list[str]:
    for name in choice.systems:
        if name not in corpus.systems:
            raise UsageError(f"--system {name!r}: there are {', '.join(corpus.systems)}")
    wanted = [n for n in corpus.systems if not choice.systems or n in choice.systems]
    return [n for n in wanted if choice.human_references or not is_human(n)]


def _table(
    scores: Mapping[str, Mapping[str, float | None]],
    names: Mapping[str, str],
    places: Mapping[str, int],
    segments: int,
) -> NDArray[np.float64]:
    """Lays scores out as (systems, segments), NaN where nobody scored."""
    table = np.full((len(names), segments), np.nan)
    for row, theirs in enumerate(names.values()):
        for segment, score in scores[theirs].items():
            if score is not None:
                table[row, places[segment]] = score
    return table


def _marks(
    ratings: Ratings, names: Mapping[str, str], places: Mapping[str, int], weights: Weights
) -> dict[tuple[str, int], list[Mark]]:
    """Returns rated outputs with their errors; what costs nothing is no error."""
    ours = {theirs: name for name, theirs in names.items()}
    marks: dict[tuple[str, int], list[Mark]] = {}
    for e in ratings.errors:
        if e.system not in ours:
            continue
        found = marks.setdefault((ours[e.system], places[e.segment]), [])
        if e.severity.strip().casefold() in NO_ERROR and not e.target_spans:
            continue
        if ratings.kind == "segments" or weights.penalty(e.category, e.severity) > 0:
            found.append(Mark(e.category, e.target_spans))
    return marks


def _located(
    path: Path,
    rated: Corpus,
    corpus: Corpus,
    names: Mapping[str, str],
    places: Mapping[str, int],
    marks: Marks,
    notes: list[str],
) -> frozenset[tuple[str, int]]:
    """Finds the outputs whose text is the rated one; refuses ratings of other texts."""
    same = {
        (ours, places[s.id])
        for ours, theirs in names.items()
        for s, text in zip(rated.segments, rated.systems[theirs], strict=True)
        if text == corpus.systems[ours][places[s.id]]
    }
    held = frozenset(same & marks.keys())
    different = len(marks) - len(held)
    if 2 * different > len(marks):
        raise InputError(
            path, f"{different:,} of {len(marks):,} rated outputs that are not the scored ones",
            "ratings of the same outputs", hint="is it the same version of the same systems?",
        )  # fmt: skip
    if different:
        notes.append(
            f"{different:,} of {len(marks):,} rated outputs differ from the scored text: their "
            "scores are used, their spans are not"
        )
    return held


def _orientation(ratings: Ratings, choice: Choice) -> tuple[bool, str]:
    if choice.higher_is_better is not None:
        better = "higher" if choice.higher_is_better else "lower"
        return choice.higher_is_better, f"As asked: {better} is better"
    if ratings.kind == "mqm":
        return False, "MQM penalties: lower is better"
    held = [x for own in ratings.segments.values() for x in own.values() if x is not None]
    return orientation(held or ratings.systems.values(), ratings.measure, ratings.name)


def _renamed(names: Mapping[str, str]) -> list[str]:
    changed = [(ours, theirs) for ours, theirs in names.items() if ours != theirs]
    if not changed:
        return []
    ours, theirs = changed[0]
    how = "without WMT's numbers and file names"
    what = counted(len(changed), "system is", "systems are")
    return [f"{what} matched {how}, such as {theirs} with {ours}"]


def _same_as_reference(corpus: Corpus, names: Mapping[str, str]) -> list[str]:
    return [
        f"system {name} is reference {reference} itself: its scores say nothing about a metric; "
        "leave it out with --exclude-human-references or --system"
        for name in names
        for reference in corpus.reference_names
        if corpus.systems[name] == corpus.reference(reference)
    ]
