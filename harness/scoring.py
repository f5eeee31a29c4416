"""Scores of plain lists of texts, for those who have no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias, overload

from xindaya.evaluation import choose_metrics
from xindaya.metrics.metric import Metric, sum_rows
from xindaya.pairs import NothingToEvaluateError, Segment, UsageError
from xindaya.pairs.direction import settled, stated
from xindaya.settings import Settings

References: TypeAlias = (
    Sequence[str] | Sequence[Sequence[str | None]] | Mapping[str, Sequence[str | None]]
)
"""One reference a hypothesis; or a list for each reference set, as sacrebleu takes them, which may
be named; None where a set lacks a segment."""


@dataclass(frozen=True, slots=True)
class Score:
    """One number, and what makes it comparable.

    Attributes:
        name: Of the metric, as sacrebleu prints it.
        score: The corpus score.
        signature: How it was computed, in sacrebleu's form.
    """

    name: str
    score: float
    signature: str

    def __float__(self) -> float:
        return self.score

    def __str__(self) -> str:
        return f"{self.name} = {self.score:.2f} ({self.signature})"


@overload
def score(
    hypotheses: Mapping[str, Sequence[str]],
    references: References,
    metric: str | Metric = ...,
    *,
    source_lang: str | None = ...,
    target_lang: str | None = ...,
    force: bool = ...,
) -> dict[str, Score]: ...


@overload
def score(
    hypotheses: Sequence[str],
    references: References,
    metric: str | Metric = ...,
    *,
    source_lang: str | None = ...,
    target_lang: str | None = ...,
    force: bool = ...,
) -> Score: ...


def score(
    hypotheses: Sequence[str] | Mapping[str, Sequence[str]],
    references: References,
    metric: str | Metric = "bleu",
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    force: bool = False,
) -> Score | dict[str, Score]:
    """Scores lists of texts; the numbers are sacrebleu's, to the last bit (on one Python).

    Args:
        hypotheses: The output of a system, one text a segment; or systems by name.
        references: One text a segment; or, as sacrebleu takes them, one list for each reference
            set, each as long as the hypotheses; or those by name.
        metric: A name such as ``bleu``, ``chrf++`` or ``ter``, or a metric such as
            ``BLEU(lowercase=True)``.
        source_lang: ``zh`` or ``en``, where the references do not show it.
        target_lang: The language of the hypotheses: BLEU's tokenizer and TER's options follow it.
        force: Allow a tokenizer that makes one word of a Chinese segment.

    Returns:
        The score; by system if systems are given.

    Raises:
        UsageError: If the lists are not of one length, or can be read in two ways; or if the metric
            is unknown or does not fit the language.
        InputError: If the references are not in the language stated, or do not show one.
        NothingToEvaluateError: If there is no text.
    """
    systems = dict(hypotheses) if isinstance(hypotheses, Mapping) else {"": hypotheses}
    outputs = {name: _texts(f"hypotheses {name!r}" if name else "hypotheses", texts)
               for name, texts in systems.items()}  # fmt: skip
    if not outputs or not any(outputs.values()):
        raise NothingToEvaluateError("no hypothesis to score")
    size = len(next(iter(outputs.values())))
    for name, texts in outputs.items():
        if len(texts) != size:
            raise UsageError(
                f"{len(texts)} hypotheses of {name!r}; expected {size}, as the first has"
            )
    sets = _sets(references, size)
    segments = [Segment(str(n), None, texts) for n, texts in enumerate(zip(*sets, strict=True))]
    given = stated(source_lang, target_lang)
    direction = settled("references", given, (), chain.from_iterable(sets))
    (chosen,) = choose_metrics((metric,), Settings(force=force), direction.target).values()
    rows = chosen.rows(segments, list(outputs.values()))
    signature = chosen.signature(segments)
    scores = {
        name: Score(chosen.name, chosen.score(sum_rows(rows[k])), signature)
        for k, name in enumerate(outputs)
    }
    return scores if isinstance(hypotheses, Mapping) else scores[""]


def _sets(references: References, size: int) -> list[Sequence[str | None]]:
    """Returns the reference sets, each of `size` texts."""
    if isinstance(references, Mapping):
        named = {f"references {name!r}": texts for name, texts in references.items()}
    elif isinstance(references, str) or all(isinstance(text, str) for text in references):
        named = {"references": references}  # type: ignore[dict-item]
    else:
        _check_sets(references, size)
        named = {f"references[{n}]": texts for n, texts in enumerate(references)}
    if not named:
        raise UsageError("no references; expected a text for each hypothesis")
    sets: list[Sequence[str | None]] = []
    for name, texts in named.items():
        sets.append(_texts(name, texts, missing=True))
        if len(sets[-1]) != size:
            raise UsageError(f"{name} has {len(sets[-1])} texts for {size} hypotheses")
    return sets


def _check_sets(references: Sequence[object], size: int) -> None:
    """Refuses lists that are, or could be, one for each segment and not for each reference."""
    if any(isinstance(texts, str) or not isinstance(texts, Sequence) for texts in references):
        raise UsageError("references mix texts and lists; expected texts, or lists of texts")
    lengths = {len(texts) for texts in references if isinstance(texts, Sequence)}
    if len(references) != size or size == 1:
        return
    if lengths == {size}:
        raise UsageError(
            f"{size} lists of {size} references can be read in two ways\n  hint: name the sets: "
            'references={"A": [text for each hypothesis], "B": […]}'
        )
    raise UsageError(
        f"{len(references)} lists of references for {size} hypotheses: expected one list for each "
        "reference set, not for each hypothesis\n  hint: list(zip(*references)) turns them round"
    )


def _texts(name: str, texts: object, *, missing: bool = False) -> Sequence[Any]:
    """Returns texts, checked."""
    if isinstance(texts, str) or not isinstance(texts, Sequence):
        found = "one string" if isinstance(texts, str) else type(texts).__name__
        raise UsageError(f"{name}: found {found}; expected a list of texts")
    for place, text in enumerate(texts):
        if not isinstance(text, str) and not (missing and text is None):
            raise UsageError(f"{name}[{place}]: found {type(text).__name__}; expected a text")
    return texts
