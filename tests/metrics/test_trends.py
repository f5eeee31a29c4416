from __future__ import annotations

from dataclasses import replace

from xindaya.metrics.history import RecordedRun, RenderingCount, RunFilter, Score
from xindaya.metrics.trends import (
    Difference,
    change,
    measures_of,
    score_trend,
    term_trend,
    worst_terms,
)

SIGNATURE = "nrefs:1|case:mixed|tok:13a|version:2.6.0"


def make_run(day: int, **values: float | None) -> RecordedRun:
    """A run with one chrF2 a system; ``termbase`` and corpus stay the same unless replaced."""
    return RecordedRun(
        id=f"202611{day:02d}T000000.000Z-aaaaaa",
        recorded=f"2026-11-{day:02d}T00:00:00.000Z",
        name="release", note="", labels={}, version="1", corpus="news", corpus_sha256="c" * 64,
        segments=2, documents=1, source_lang="zh", target_lang="en", termbase="terms",
        termbase_sha256="1" * 64, terms_signature="terms:111111111111|match:longest", baseline="",
        systems=tuple(values), gates_passed=0, gates_failed=0,
        scores=tuple(Score(s, "chrF2", SIGNATURE, value) for s, value in values.items()),
    )  # fmt: skip


def signed(run: RecordedRun, signature: str) -> RecordedRun:
    return replace(run, scores=tuple(replace(s, signature=signature) for s in run.scores))


def counted(
    run: RecordedRun, system: str, *renderings: tuple[str, str, int]
) -> list[RenderingCount]:
    return [RenderingCount(run.id, system, "cac", "网信办", *r) for r in renderings]


def lines(trend: object) -> list[dict[str, list[float | None]]]:
    return [
        {line.system: [s.value if s else None for s in line.values] for line in stretch.lines}
        for stretch in trend.stretches  # type: ignore[attr-defined]
    ]


def test_equal_yardsticks_make_one_line_in_the_order_of_time() -> None:
    runs = [make_run(3, a=30.0), make_run(1, a=10.0, b=5.0), make_run(2, b=6.0)]
    trend = score_trend("chrF2", runs)
    assert lines(trend) == [{"a": [10.0, None, 30.0], "b": [5.0, 6.0, None]}]
    assert [change(line) for line in trend.stretches[0].lines] == [20.0, 1.0]
    assert trend.stretches[0].differences == ()
    assert trend.higher_is_better


def test_a_renamed_corpus_is_the_same_corpus() -> None:
    runs = [make_run(1, a=1.0), replace(make_run(2, a=2.0), corpus="press")]
    assert lines(score_trend("chrF2", runs)) == [{"a": [1.0, 2.0]}]


def test_another_corpus_or_signature_is_never_joined() -> None:
    other = replace(make_run(2, a=2.0), corpus_sha256="d" * 64)
    intl = signed(make_run(4, a=4.0), SIGNATURE.replace("13a", "intl"))
    runs = [make_run(1, a=1.0), other, make_run(3, a=3.0), intl]
    trend = score_trend("chrF2", runs)
    assert lines(trend) == [{"a": [1.0, 3.0]}, {"a": [2.0]}, {"a": [4.0]}]
    assert [s.differences for s in trend.stretches] == [
        (),
        (Difference("corpus", "news (cccccccc)", "news (dddddddd)"),),
        (
            Difference("corpus", "news (dddddddd)", "news (cccccccc)"),
            Difference("signature", "tok:13a", "tok:intl"),
        ),
    ]


def test_a_termbase_separates_term_measures_only() -> None:
    runs = []
    for day, digit in ((1, "1"), (2, "2")):
        run = make_run(day, a=float(day))
        own = Score("a", "adherence", f"terms:{digit * 12}|match:longest", 0.5)
        runs.append(replace(run, termbase_sha256=digit * 64, scores=(*run.scores, own)))
    assert len(score_trend("chrF2", runs).stretches) == 1
    first, second = score_trend("adherence", runs).stretches
    assert second.differences == (Difference("termbase", "terms (11111111)", "terms (22222222)"),)
    assert measures_of(runs) == ("chrF2", "adherence")
    assert (first.lines[0].values[0], second.lines[0].values[0]) == (
        runs[0].scores[1], runs[1].scores[1],
    )  # fmt: skip


def test_a_field_that_is_new_is_a_difference() -> None:
    runs = [make_run(1, a=1.0), signed(make_run(2, a=2.0), SIGNATURE + "|rs:7")]
    assert score_trend("chrF2", runs).stretches[1].differences == (
        Difference("signature", "", "rs:7"),
    )


def test_undefined_values_keep_their_place() -> None:
    (stretch,) = score_trend("chrF2", [make_run(1, a=None), make_run(2, a=2.0)]).stretches
    assert [s.value for s in stretch.lines[0].values if s] == [None, 2.0]
    assert change(stretch.lines[0]) is None
    assert score_trend("BLEU", [make_run(1, a=1.0)]).stretches == ()


def test_renderings_over_runs() -> None:
    runs = [make_run(1, a=1.0, b=1.0), make_run(2, a=1.0), make_run(3, a=1.0)]
    found = [
        *counted(runs[0], "a", ("CAC", "preferred", 2), ("network office", "forbidden", 3)),
        *counted(runs[0], "b", ("", "unresolved", 1)),
        *counted(runs[1], "a", ("CAC", "preferred", 5)),
        RenderingCount(runs[0].id, "a", "model", "模型", "big model", "forbidden", 1),
    ]
    trend = term_trend("cac", runs, found)
    (stretch,) = trend.stretches
    assert trend.term == "网信办"
    assert [r.id for r in stretch.runs] == [
        runs[0].id,
        runs[1].id,
    ]  # it does not occur in the third
    assert [(line.system, [v and [r.count for r in v] for v in line.values])
            for line in stretch.lines] == [("a", [[2, 3], [5]]), ("b", [[1], None])]  # fmt: skip
    # 3 forbidden of one, 1 of the other; what has no rendering is not astray.
    assert [t.concept for t in worst_terms(runs, found)] == ["cac", "model"]
    assert [t.concept for t in worst_terms(runs[1:], found)] == []
    # Another termbase: another stretch.
    changed = replace(runs[1], termbase_sha256="2" * 64)
    assert len(term_trend("cac", [runs[0], changed], found).stretches) == 2


def test_filters_leave_other_systems_out() -> None:
    run = make_run(1, a=1.0, b=2.0)
    (found,) = RunFilter(systems=("b", "nobody")).select([run])
    assert (found.systems, [s.system for s in found.scores]) == (("b",), ["b"])
    assert RunFilter(limit=0).select([run]) == ()
