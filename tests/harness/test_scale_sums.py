"""Totals do not depend on how rows are cut into chunks, nor on the order of additions."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.metrics import TER, make_metrics
from xindaya.scale import score_blocks
from xindaya.scale.sums import Sums, exact_sum, plain
from xindaya.scale.terms import TermSums

FLOATS = st.floats(min_value=0, max_value=1e6) | st.integers(0, 300).map(lambda n: n / 3)


@st.composite
def chunkings(draw):
    """Rows of floats and integers, cut somewhere, added in some order and grouping."""
    values = draw(st.lists(FLOATS, min_size=1, max_size=60))
    cuts = draw(st.lists(st.integers(0, len(values)), max_size=8).map(sorted))
    bounds = [0, *cuts, len(values)]
    parts = [p for p in (values[a:b] for a, b in itertools.pairwise(bounds)) if p]
    return values, draw(st.permutations(parts)), draw(st.integers(0, 2**32))


def sums_of(values: list[float]) -> Sums:
    sums = Sums(segments=len(values), digest=sum(int(v) for v in values))
    floats = np.array([[[v, v / 7] for v in values]])
    sums.add_rows("floats", floats)
    sums.add_rows("integers", floats.astype(np.int64) * 2**30)
    sums.terms = TermSums()
    for v in values:
        sums.terms.renderings[("a", False), "c", str(int(v) % 5)] += 1
    return sums


@given(chunkings())
def test_any_chunking_and_grouping_gives_equal_totals(case) -> None:
    values, parts, seed = case
    rng = random.Random(seed)
    piles = [sums_of(part) for part in parts]
    while len(piles) > 1:
        one = piles.pop(rng.randrange(len(piles)))
        piles[rng.randrange(len(piles))].add(one)
    assert piles[0] == sums_of(values)
    row = plain(piles[0].rows["floats"][0])
    assert row == [math.fsum(values), math.fsum(v / 7 for v in values)]


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=50))
def test_whole_floats_sum_as_sacrebleu_sums_them(lengths) -> None:
    for references in (1, 2, 4):
        column = [n / references for n in lengths]
        exact = exact_sum(np.array(column).reshape(-1, 1))[0]
        assert isinstance(exact, Fraction | int)
        assert float(exact) == sum(column)


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    """Sixty segments with three references, so that TER's mean lengths are thirds."""
    rng = random.Random(5)
    words = ["the", "office", "of", "网信办", "rules,", "new", "3.5", "AI", "\u2028", "\x85", "🙂"]
    names = ["document", "source", "reference:A", "reference:B", "reference:C", "system:x",
             "system:y"]  # fmt: skip
    lines = ["\t".join(names)]
    for k in range(60):
        texts = [" ".join(rng.choices(words, k=rng.randrange(9))) for _ in names[1:]]
        lines.append("\t".join([f"d{k // 4}", *texts]))
    path = tmp_path_factory.mktemp("scale") / "table.tsv"
    path.write_bytes("\n".join(lines).encode())
    return path


@settings(max_examples=30, deadline=None)
@given(size=st.integers(1, 9000), seed=st.integers(0, 99))
def test_any_block_size_and_order_gives_equal_bits(table: Path, size: int, seed: int) -> None:
    metrics = [*make_metrics(["bleu", "chrf++"]).values(), TER(normalized=True)]

    def engine(tasks):
        from xindaya.scale.work import score_block

        tasks = list(tasks)
        random.Random(seed).shuffle(tasks)
        yield from map(score_block, tasks)

    whole = score_blocks([table], metrics=metrics, block_bytes=1 << 20)
    cut = score_blocks([table], metrics=metrics, block_bytes=size, engine=engine)
    assert whole.blocks == 1
    assert cut.scores == whole.scores
    assert cut.sums.rows == whole.sums.rows
    assert (cut.sha256, cut.documents) == (whole.sha256, whole.documents)
    assert cut.documents == 15
