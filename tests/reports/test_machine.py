from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

from xindaya import Settings, evaluate
from xindaya.gates import apply_gates, parse_rule
from xindaya.metrics import Evaluation
from xindaya.pairs import Corpus, Segment, Termbase
from xindaya.reports import machine


@pytest.fixture
def evaluation(corpus: Corpus, termbase: Termbase) -> Evaluation:
    settings = Settings(metrics=("bleu", "chrf++", "ter"), confidence_samples=40, test_samples=40)
    result = evaluate(corpus, termbase=termbase, settings=settings)
    return replace(result, gates=apply_gates(result, [parse_rule("chrF2++ >= 1")]))


def test_json_follows_the_schema(evaluation: Evaluation) -> None:
    schema = json.loads((resources.files("xindaya.reports") / "schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(machine.to_json(evaluation)), schema)


def test_json_keeps_every_bit(evaluation: Evaluation) -> None:
    content = json.loads(machine.to_json(evaluation))
    for system in content["systems"]:
        for metric, score in system["scores"].items():
            assert score == evaluation.scores[metric][system["name"]]


def test_json_without_reference_or_termbase_says_why() -> None:
    corpus = Corpus("x", "zh", "en", (Segment("1", None),), (), {"a": ("text",)})
    content = json.loads(machine.to_json(evaluate(corpus)))
    document = {"id": "", "segments": 1, "scores": {}}
    assert content["systems"] == [
        {"name": "a", "scores": {}, "intervals": {}, "documents": [document]}
    ]
    assert content["unscored"] == [
        {"metric": m, "reason": "the corpus has no reference"} for m in ("BLEU", "chrF2")
    ]


def test_tsv_has_full_precision(evaluation: Evaluation) -> None:
    header, *lines = machine.to_tsv(evaluation).split("\n")[:-1]
    rows = [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]
    assert len(rows) == 6
    for row in rows:
        assert float(row["score"]) == evaluation.scores[row["metric"]][row["system"]]


def test_markdown_escapes_names(corpus: Corpus) -> None:
    hostile = "a|b\n<script>`"
    renamed = corpus.with_systems({hostile: corpus.systems["good"]})
    table = machine.to_markdown(evaluate(renamed)).split("\n")
    assert table[2].startswith("| a\\|b\\\\u000a\\<script\\>\\` |")
    assert [line.count(" |") for line in table[:3]] == [3, 3, 3]


def test_markdown_tells_better_from_worse(corpus: Corpus) -> None:
    """TER is better where it is lower; the baseline is the first system, a poor one."""
    texts = [f"The office issued rule number {n} today." for n in range(40)]
    segments = tuple(Segment(str(n), None, (text,)) for n, text in enumerate(texts))
    systems = {"poor": ("a b c",) * 40, "good": tuple(texts)}
    settings = Settings(metrics=("bleu", "ter"), confidence_samples=40, test_samples=200)
    text = machine.to_markdown(
        evaluate(Corpus("c", "zh", "en", segments, ("A",), systems), settings=settings)
    )
    assert "| good | 100.00 ▲ | 0.00 ▲ |" in text
    assert "- ▲ better than poor: p < 0.05 (approximate randomisation, " in text
    assert "▼" not in text


def test_no_mark_no_legend_of_marks(evaluation: Evaluation) -> None:
    level = evaluation.corpus.with_systems(dict.fromkeys("ab", evaluation.corpus.systems["good"]))
    text = machine.to_markdown(evaluate(level, settings=Settings(test_samples=40)))
    assert "- no difference from a has p < 0.05" in text
    assert "▲" not in text


def test_an_evaluation_has_a_short_name(evaluation: Evaluation) -> None:
    assert repr(evaluation).startswith("<Evaluation of small: 4 segments, 2 systems, ")
    assert len(repr(evaluation)) < 120
