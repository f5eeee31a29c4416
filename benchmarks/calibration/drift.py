"""Drift of terms: how often a change of renderings is called real where it is none, and where it is.

The deliveries are two real systems of a published test set, cut into documents of ten segments and
checked against a small termbase of frequent words. *Documents exchanged*: each document is taken
from the two systems in an order that a coin decides. *Documents dealt*: both deliveries are
documents of one system. Terms and documents are drawn with replacement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from corpora import read

from calibration import Row, Task
from xindaya.metrics import check_corpus
from xindaya.metrics.judging.outcome import ALPHA
from xindaya.metrics.terminology.scopes import drift_between, scope_of
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase

COMMAND = "terms drift, compare, run --previous"
SIZES = (1, 2, 5, 20, 100, 1000)
FAMILIES = (1, 12, 51)
SEGMENTS = 10
_MANY = 100  # documents above which only one term is judged at a time
_POWER = 1, 12

Documents = Mapping[str, Counter[str]]

TERMS = {
    "中国": ("China", "Chinese"), "公司": ("company", "firm", "corporation"),
    "企业": ("enterprise", "company", "business"), "市场": ("market", "marketplace"),
    "问题": ("problem", "issue", "question"), "国家": ("country", "nation", "state"),
    "发展": ("development", "growth"), "工作": ("work", "job"), "服务": ("service", "serving"),
    "政府": ("government", "administration"), "产品": ("product", "goods"),
    "技术": ("technology", "technique"), "经济": ("economy", "economic"),
    "时间": ("time", "period"), "美国": ("United States", "US", "America"),
    "安全": ("safety", "security"), "管理": ("management", "administration"),
    "建设": ("construction", "building"), "生活": ("life", "living"),
    "活动": ("activity", "event"), "情况": ("situation", "case", "condition"),
    "客户": ("customer", "client"), "地方": ("place", "local"), "项目": ("project", "program"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Two deliveries of one test set: of each term that varies, the documents of both."""

    terms: tuple[tuple[Documents, Documents], ...]


def tasks(data: Path, replicates: int) -> Iterator[Task]:
    """Yields all simulations of drift; none without a test set.

    Args:
        data: Folder of the test sets.
        replicates: Simulations a rate.
    """
    for source in sorted(data.glob("*/*.zh-en.src.zh")):
        known = load(source)
        if not known.terms:
            continue
        test_set = source.name.split(".")[0]
        for family in FAMILIES:
            for n in SIZES:
                if n <= _MANY or family == 1:
                    for way in (exchanged, dealt, as_it_is)[: 3 if family in _POWER else 2]:
                        yield Task(f"drift {test_set}, {way.__name__}, {family}, n = {n}",
                                   partial(_rate, known, test_set, way, n, family, replicates))  # fmt: skip


def load(source: Path) -> Deliveries:
    """Checks the first and the last system beside a source file."""
    outputs = sorted(source.parent.glob(source.name.replace(".src.zh", ".hyp.*.en")))
    texts = {name: tuple(read(path)) for name, path in (("a", outputs[0]), ("b", outputs[-1]))}
    segments = tuple(
        Segment(str(k), zh, (), document=str(k // SEGMENTS)) for k, zh in enumerate(read(source))
    )
    corpus = Corpus(source.name, "zh", "en", segments, systems=texts)
    checked = check_corpus(corpus, termbase())
    first, second = (scope_of(checked, name) for name in texts)
    found = []
    for concept in first:
        pairs = [
            (d, first[concept][d], second[concept][d])
            for d in {**first[concept], **second[concept]}
            if first[concept].get(d) and second[concept].get(d)
        ]
        if any(a != b for _, a, b in pairs):
            found.append(({d: a for d, a, _ in pairs}, {d: b for d, _, b in pairs}))
    return Deliveries(tuple(found))


def termbase() -> Termbase:
    """Returns the words of `TERMS`, their first English form preferred."""
    concepts = []
    for zh, forms in TERMS.items():
        english = [
            Term(form, "en", Status.ADMITTED if n else Status.PREFERRED)
            for n, form in enumerate(forms)
        ]
        concepts.append(Concept(zh, (Term(zh, "zh", Status.PREFERRED), *english)))
    return Termbase("frequent words", tuple(concepts))


def exchanged(known: Deliveries, n: int, rng: np.random.Generator) -> tuple[Documents, Documents]:
    """Draws n documents of one term, each side from either system."""
    first, second = _drawn(known, n, rng)
    swapped = rng.integers(2, size=n)
    sides: tuple[dict[str, Counter[str]], ...] = ({}, {})
    for k, swap in enumerate(swapped.tolist()):
        pair = (first[k], second[k])
        sides[0][str(k)], sides[1][str(k)] = pair[::-1] if swap else pair
    return sides[0], sides[1]


def dealt(known: Deliveries, n: int, rng: np.random.Generator) -> tuple[Documents, Documents]:
    """Draws two groups of n documents of one term and one system."""
    one, _ = _drawn(known, 2 * n, rng)
    return {str(k): one[k] for k in range(n)}, {str(k): one[k] for k in range(n, 2 * n)}


def as_it_is(known: Deliveries, n: int, rng: np.random.Generator) -> tuple[Documents, Documents]:
    """Draws n documents of one term; each side is one system."""
    first, second = _drawn(known, n, rng)
    return dict(zip(map(str, range(n)), first, strict=True)), dict(
        zip(map(str, range(n)), second, strict=True)
    )


TRUTHS = {
    exchanged: "documents exchanged between two systems",
    dealt: "documents of one system dealt to two deliveries",
    as_it_is: "two systems (their terms may differ or not)",
}


def _drawn(
    known: Deliveries, n: int, rng: np.random.Generator
) -> tuple[list[Counter[str]], list[Counter[str]]]:
    first, second = known.terms[rng.integers(len(known.terms))]
    names = list(first)
    chosen = [names[k] for k in rng.integers(len(names), size=n).tolist()]
    return [first[d] for d in chosen], [second[d] for d in chosen]


def _rate(
    known: Deliveries, test_set: str, way: object, n: int, family: int, replicates: int,
    rng: np.random.Generator,
) -> Iterator[Row]:  # fmt: skip
    draw = next(w for w in TRUTHS if w is way)
    wrong = 0
    for replicate in range(replicates):
        terms = {str(k): draw(known, n, rng) for k in range(family)}
        first, second = ({c: sides[side] for c, sides in terms.items()} for side in (0, 1))
        wrong += any(d.drift.outcome.real for d in drift_between(first, second, seed=replicate))
    yield Row(COMMAND, "real", f"{TRUTHS[draw]} ({test_set})", n, family, replicates,
              wrong / replicates, None if draw is as_it_is else ALPHA, "n: documents a term")  # fmt: skip
