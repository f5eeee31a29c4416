"""Errors that a measure places, where people see them: report, review sheet, Marot's table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xindaya import Settings, evaluate
from xindaya.cli import invoke
from xindaya.metrics import Evaluation
from xindaya.metrics.scores import ErrorSpan, Identity, Scores, SegmentScore
from xindaya.pairs import Corpus, Segment
from xindaya.pairs.formats import read_marot
from xindaya.reports.html.report.payload import build_payload
from xindaya.reports.html.report.shards import Shard, part
from xindaya.review.flags import flags_of
from xindaya.runs import save_run


@pytest.fixture
def evaluation() -> Evaluation:
    """Two systems, three segments; one output with two errors, one without a score."""
    segments = tuple(Segment(str(n), f"😀狗{n}。", ("Dog.",)) for n in range(3))
    outputs = {"a": ("😀 A cat.", "Dog.", "No."), "b": ("Dog.", "Dog!", "Dog?")}
    corpus = Corpus("c", "zh", "en", segments, ("A",), outputs)
    bad = SegmentScore(
        -6.0,
        spans=(
            ErrorSpan(4, 7, "major", "Accuracy/Mistranslation", "output", "no <cat>"),
            ErrorSpan(1, 2, "minor", "Accuracy/Omission", "source"),
        ),
    )
    good, none = SegmentScore(0.0), SegmentScore(None, "cost cap")
    scores = Scores.of(
        "gpt", Identity("judge", source=True, reference=False), segments, list(outputs.values()),
        [[bad, good, none], [good, good, good]],
    )  # fmt: skip
    plain = evaluate(corpus, settings=Settings(metrics=("chrf",), confidence_samples=0, test=None))
    rows = scores.rows(segments, list(outputs.values()))
    assert isinstance(rows, np.ndarray)
    return replace(
        plain,
        metrics={**plain.metrics, "gpt": scores},
        rows={**plain.rows, "gpt": rows},
        signatures={**plain.signatures, "gpt": scores.signature(segments)},
    )


def test_the_report_marks_them_where_javascript_counts(evaluation: Evaluation) -> None:
    errors = build_payload(evaluation)["errors"]
    found = [[errors[name][n] for name in ("segment", "system", "source", "start", "end", "note")]
             for n in range(3)]  # fmt: skip
    # An emoji is one character to Python and two to JavaScript.
    assert found == [[0, 0, 0, 5, 8, "no <cat>"], [0, 0, 1, 2, 3, ""], [2, 0, 0, 0, 0, "cost cap"]]
    assert [errors["kinds"][k] for k in errors["kind"]] == [
        ["gpt", "major", "Accuracy/Mistranslation"], ["gpt", "minor", "Accuracy/Omission"], ["gpt", "", ""],
    ]  # fmt: skip


def test_a_part_of_a_large_report_has_its_own(evaluation: Evaluation) -> None:
    cut = part(build_payload(evaluation), Shard(2, 2, 1, 3), "report.html")
    assert (cut["errors"]["segment"], cut["errors"]["note"]) == ([1], ["cost cap"])
    assert len(cut["errors"]["kinds"]) == 3


def test_to_a_reviewer_they_are_flags(evaluation: Evaluation) -> None:
    assert [f for f in flags_of(evaluation, "a")["0"] if f.startswith("gpt")] == [
        "gpt: major, Accuracy/Mistranslation: “cat”: no <cat>", "gpt: minor, Accuracy/Omission: “狗”",
    ]  # fmt: skip
    assert not any(f.startswith("gpt") for of in flags_of(evaluation, "b").values() for f in of)


def test_marots_table_has_them_and_what_had_none(evaluation: Evaluation, tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "errors.tsv"
    save_run(evaluation, run)
    assert invoke(["review", "export", str(run), "--system", "a", "--all", "-o", str(out)]) == 0
    corpus, ratings = read_marot(out, source_lang="zh", target_lang="en")
    assert [s.id for s in corpus.segments] == ["0", "1", "2"]
    assert [(r.segment, r.rater, r.category, r.severity, r.source_spans, r.target_spans) for r in ratings if r.rater] == [
        ("0", "gpt", "Accuracy/Mistranslation", "Major", (), ((4, 7),)),
        ("0", "gpt", "Accuracy/Omission", "Minor", ((1, 2),), ()),
        ("1", "gpt", "No-error", "No-error", (), ()),
    ]  # fmt: skip


def test_a_run_without_any_says_how_to_get_them(
    evaluation: Evaluation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = tmp_path / "run", tmp_path / "errors.tsv"
    save_run(replace(evaluation, metrics={"chrF2": evaluation.metrics["chrF2"]},
                     rows={"chrF2": evaluation.rows["chrF2"]},
                     signatures={"chrF2": evaluation.signatures["chrF2"]}), run)  # fmt: skip
    assert invoke(["review", "export", str(run), "--system", "a", "--all", "-o", str(out)]) == 2
    assert "no measure of this run places errors" in capsys.readouterr().err
    assert not out.exists()


def test_many_reasons_are_not_all_told(evaluation: Evaluation) -> None:
    segments = tuple(Segment(str(n), "狗", ("Dog.",)) for n in range(12))
    outputs = tuple(f"Dog {n}." for n in range(12))
    given = [SegmentScore(None, f"reason {n}") if n else SegmentScore(1.0) for n in range(12)]
    scores = Scores.of("gpt", Identity("judge"), segments, [outputs], [given])
    many = replace(
        evaluation,
        corpus=Corpus("c", "zh", "en", segments, ("A",), {"a": outputs}),
        metrics={"gpt": scores},
        rows={"gpt": scores.rows(segments, [outputs])},
    )
    (note,) = many.coverage
    assert (
        "scored 1 of 12 segments (reason 1: 1; reason 2: 1; reason 3: 1; reason 4: 1; others: 7)"
        in note
    )
