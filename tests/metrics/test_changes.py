"""What changed: scores and their tests, segments, terms, findings, gates, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya import ComparabilityError, Evaluation, Settings, UsageError, evaluate
from xindaya.gates import apply_gates, parse_rule
from xindaya.metrics.changes import (
    Changes,
    compare_evaluations,
    match_systems,
    word_difference,
)
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import Corpus, Segment, Status, Term, Termbase

WORDS = ("the", "a", "office", "rules", "new", "issued", "growth", "of", "will", "step", "up")


def settings(*metrics: str) -> Settings:
    return Settings(metrics=metrics, confidence_samples=0, test=None)


def run(
    corpus: Corpus,
    systems: Mapping[str, Sequence[str]],
    *metrics: str,
    termbase: Termbase | None = None,
    waivers: tuple[str, ...] = (),
) -> Evaluation:
    chosen = replace(settings(*(metrics or ("ter",))), waivers=waivers)
    return evaluate(corpus.with_systems(systems), termbase=termbase, settings=chosen)


def compare(old: Evaluation, new: Evaluation, **options: object) -> Changes:
    renamed = options.pop("renamed", None)
    matching = match_systems(old.systems, new.systems, renamed=renamed)  # type: ignore[arg-type]
    return compare_evaluations(old, new, matching, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def large() -> tuple[Corpus, tuple[str, ...], tuple[str, ...]]:
    """Sixty segments, an output close to the reference, and one further away."""
    rng = np.random.default_rng(7)
    references = [" ".join(rng.choice(WORDS, 8)) for _ in range(60)]
    segments = tuple(Segment(f"s{n}", None, (r,)) for n, r in enumerate(references))

    def spoilt(share: float) -> tuple[str, ...]:
        return tuple(
            " ".join(w if rng.random() > share else rng.choice(WORDS) for w in r.split())
            for r in references
        )

    return Corpus("large", "zh", "en", segments, ("A",)), spoilt(0.1), spoilt(0.3)


def test_tests_equal_those_of_one_run_with_both_outputs(
    large: tuple[Corpus, tuple[str, ...], tuple[str, ...]],
) -> None:
    corpus, good, bad = large
    chosen = Settings(metrics=("bleu", "chrf"), seed=3)
    both = evaluate(corpus.with_systems({"then": good, "now": bad}), settings=chosen)
    old, new = (run(corpus, {"x": o}, "bleu", "chrf") for o in (good, bad))
    changes = compare(old, new, seed=3)
    for change in changes.systems[0].scores:
        theirs = both.comparison(change.metric, "now")
        assert theirs is not None
        assert change.test == replace(theirs, baseline="x", system="x")
        assert (change.before, change.after) == tuple(both.scores[change.metric].values())
        assert change.outcome is Outcome.WORSE
        assert change.interval is not None
        assert change.interval.low < change.delta < change.interval.high < 0


def test_interval_of_the_difference_by_its_definition(
    large: tuple[Corpus, tuple[str, ...], tuple[str, ...]],
) -> None:
    corpus, good, bad = large
    old, new = (run(corpus, {"x": o}, "chrf") for o in (good, bad))
    (change,) = compare(old, new, seed=5).systems[0].scores
    drawn = np.random.default_rng(5).integers(0, 60, size=(1000, 60), dtype=np.uint32)
    score = new.metrics["chrF2"].score
    differences = sorted(
        score(sum_rows(new.rows["chrF2"][0][d])) - score(sum_rows(old.rows["chrF2"][0][d]))
        for d in drawn
    )
    # 2.5 % of 1,000 resamples lie below the lower bound, and as many above the upper one.
    assert change.interval is not None
    assert change.interval.low == pytest.approx(differences[25], abs=1e-4)
    assert change.interval.high == pytest.approx(differences[974], abs=1e-4)


def test_the_family_is_the_systems_that_changed(
    large: tuple[Corpus, tuple[str, ...], tuple[str, ...]],
) -> None:
    corpus, good, bad = large
    mixed = (*bad[:30], *good[30:])
    old = run(corpus, {"x": good, "same": good, "y": good}, "bleu", "chrf")
    new = run(corpus, {"x": bad, "same": good, "y": mixed}, "bleu", "chrf")
    x, same, y = compare(old, new).systems
    assert [s.test.tests for s in (*x.scores, *y.scores)] == [2] * 4
    for score in same.scores:
        assert score.outcome is Outcome.IDENTICAL
        assert (score.delta, score.test.p_value, score.test.p_holm) == (0, 1, 1)
    assert (same.edited, same.segments[0].unchanged) == ((), 60)


def test_segments_by_ter() -> None:
    # Edits over four reference words: 0, 1, 2 and 4 of them give 0, 25, 50 and 100.
    segments = tuple(Segment(str(n), None, ("a b c d",)) for n in range(4))
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    old = run(corpus, {"x": ["a b c d", "a b x y", "a b c x", "a  b c d"]}, "ter")
    new = run(corpus, {"x": ["w x y z", "a b c d", "a b c x", "a b c d"]}, "ter")
    (system,) = compare(old, new).systems
    found = system.by("TER")
    assert [(c.position, c.before, c.after, c.gain) for c in found.changes] == [
        (0, 0, 100, -100), (1, 50, 0, 50),
    ]  # fmt: skip
    assert ([c.position for c in found.worse], [c.position for c in found.better]) == ([0], [1])
    assert (found.unchanged, system.edited) == (2, (0, 1, 3))


def test_terms(corpus: Corpus, termbase: Termbase) -> None:
    old = run(corpus, {"x": ["The CAC.", "It will.", "AI.", "x"]}, termbase=termbase)
    new = run(
        corpus,
        {"x": ["The network information office.", "The Cyberspace Administration of China.",
               "AI.", "x"]},
        termbase=termbase,
    )  # fmt: skip
    changes = compare(old, new)
    terms = changes.systems[0].terms
    assert terms is not None
    assert [m.after.rendering for m in terms.newly_forbidden] == ["network information office"]
    assert [m.after.segment for m in terms.resolved] == [1]
    assert (terms.newly_unresolved, terms.no_longer_forbidden) == ((), ())
    # Before: CAC without its expansion (deprecated), nothing found. After: forbidden, preferred.
    assert terms.errors == (2, 1)
    (term,) = terms.changed
    assert [r.text for r in term.lost] == ["CAC"]
    assert {r.text: (r.before, r.after) for r in term.gained} == {
        "network information office": (0, 1), "Cyberspace Administration of China": (0, 1),
    }  # fmt: skip
    assert not term.verdict.real
    assert term.drift is not None
    assert term.drift.q_value is None  # two documents at most can be exchanged
    back = compare(new, old).systems[0].terms
    assert back is not None
    assert (len(back.no_longer_forbidden), len(back.newly_unresolved)) == (1, 1)


def test_a_change_of_rendering_in_many_documents_is_real(termbase: Termbase) -> None:
    segments = tuple(
        Segment(str(n), "国家网信办发布。", ("x",), document=f"d{n}") for n in range(12)
    )
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    good = ["The Cyberspace Administration of China."] * 12
    old = run(corpus, {"x": good}, termbase=termbase)
    new = run(corpus, {"x": ["network information office"] * 12}, termbase=termbase)
    terms = compare(old, new).systems[0].terms
    assert terms is not None
    (term,) = terms.changed
    assert term.verdict.real
    assert term.drift is not None
    assert term.drift.divergence == 1
    assert len(terms.newly_forbidden) == 12


def test_a_waived_occurrence_is_no_error(corpus: Corpus, termbase: Termbase) -> None:
    outputs = {"x": ["network information office", "CAC", "AI.", "x"]}
    old = run(corpus, outputs, termbase=termbase)
    new = run(corpus, outputs, termbase=termbase, waivers=("cac/a/1/1",))
    changes = compare(old, new)
    terms = changes.systems[0].terms
    assert terms is not None
    assert [m.before.number for m in terms.no_longer_forbidden] == [1]
    assert changes.notes == ("waivers: 1 added, 0 removed",)
    assert not changes.systems[0].edited


def test_findings_keep_their_id_when_the_system_is_renamed(
    corpus: Corpus, termbase: Termbase
) -> None:
    outputs = ["network information office", "CAC", "AI.", ""]
    old = run(corpus, {"then": outputs, "other": outputs}, termbase=termbase)
    new = run(corpus, {"now": outputs, "other": outputs}, termbase=termbase)
    assert {f.system for f in old.findings} >= {"then", "other"}
    changes = compare(old, new, renamed={"then": "now"})
    assert (changes.findings.new, changes.findings.gone) == ((), ())
    assert [(s.was, s.system) for s in changes.systems] == [("then", "now"), ("other", "other")]
    mended = run(corpus, {"now": ["CAC", *outputs[1:]], "other": outputs}, termbase=termbase)
    changes = compare(old, mended, renamed={"then": "now"})
    # The occurrence is the same, its verdict another: an acronym before its expansion.
    found = changes.findings.by_kind
    assert (found["deprecated-term"], found["forbidden-term"]) == ((1, 0), (0, 1))


def test_gates() -> None:
    good, bad = ["a b c d"] * 2, ["a b x y"] * 2  # TER 0 and 50
    segments = tuple(Segment(str(n), None, ("a b c d",)) for n in range(2))
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    rules = [parse_rule("TER <= 20"), parse_rule("TER >= 0")]
    old, new = run(corpus, {"x": good, "y": bad}), run(corpus, {"x": bad, "y": good})
    old = replace(old, gates=apply_gates(old, rules))
    new = replace(new, gates=apply_gates(new, rules))
    x, y = compare(old, new).gates
    assert (x.system, x.rule, x.newly_fails, x.newly_passes) == ("x", "TER <= 20", True, False)
    assert (y.system, y.newly_fails, y.newly_passes) == ("y", False, True)
    gone = compare(old, replace(new, gates=())).gates
    assert {(g.system, g.after, g.newly_fails) for g in gone} == {
        ("x", None, False), ("y", None, False),
    }  # fmt: skip


def test_systems_are_matched_by_name_or_by_map() -> None:
    found = match_systems(("a", "b", "c"), ("c", "d", "a"), renamed={"b": "d"})
    assert found.pairs == (("c", "c"), ("b", "d"), ("a", "a"))
    assert (found.gone, found.added) == ((), ())
    # A system mapped to a name that both runs have leaves the old bearer of it alone.
    found = match_systems(("a", "b"), ("b", "x"), renamed={"a": "b"})
    assert (found.pairs, found.gone, found.added) == ((("a", "b"),), ("b",), ("x",))
    found = match_systems(("a", "b"), ("a", "b"), only=("b",))
    assert (found.pairs, found.gone, found.added) == ((("b", "b"),), (), ())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"renamed": {"x": "a"}}, "no system 'x' in the old run; there are: a, b"),
        ({"renamed": {"a": "x"}}, "no system 'x' in the new run; there are: c, d"),
        ({"renamed": {"a": "c", "b": "c"}}, "mapped to one"),
        ({"only": ("a",)}, "no system 'a' in the new run"),
        ({}, "--map a=c"),
    ],
)
def test_names_that_do_not_match(options: dict[str, dict[str, str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        match_systems(("a", "b"), ("c", "d"), **options)  # type: ignore[arg-type]


def changed_segment(corpus: Corpus, **fields: object) -> Corpus:
    first = replace(corpus.segments[0], **fields)  # type: ignore[arg-type]
    return replace(corpus, segments=(first, *corpus.segments[1:]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "x"}, "corpus: source of 1 segment changed: '1'"),
        ({"references": ("x", "y")}, "corpus: references of 1 segment changed: '1'"),
        (
            {"document": "z"},
            r"document of 1 segment changed: '1' \(the first was in 'a', is in 'z'",
        ),
        ({"id": "one"}, "1 segment gone: '1'\n  corpus: 1 segment added: 'one'"),
    ],
)
def test_another_test_set_is_refused(
    corpus: Corpus, change: dict[str, object], message: str
) -> None:
    other = changed_segment(corpus, **change)
    with pytest.raises(ComparabilityError, match=message):
        compare(run(corpus, corpus.systems), run(other, corpus.systems))


def test_another_order_or_number_of_references_is_refused(corpus: Corpus) -> None:
    turned = replace(corpus, segments=corpus.segments[::-1])
    with pytest.raises(ComparabilityError, match="order of the segments"):
        compare(run(corpus, corpus.systems), run(turned, corpus.systems))
    one = replace(
        corpus,
        reference_names=("A",),
        segments=tuple(replace(s, references=s.references[:1]) for s in corpus.segments),
    )
    with pytest.raises(ComparabilityError, match="it had 2 reference sets, has 1"):
        compare(run(corpus, corpus.systems), run(one, corpus.systems))


def test_another_signature_is_refused(corpus: Corpus) -> None:
    old = run(corpus, corpus.systems, "chrf")
    new = evaluate(corpus, settings=replace(settings("chrf"), lowercase=True))
    with pytest.raises(ComparabilityError, match="chrF2 signature: 'case' was 'mixed', is 'lc'"):
        compare(old, new)


def test_another_termbase_is_refused(corpus: Corpus, termbase: Termbase) -> None:
    cac, *others = termbase.concepts
    dearer = replace(cac, terms=(*cac.terms, Term("Net Office", "en", Status.FORBIDDEN)))
    for concepts, message in (
        ((dearer, *others), "1 concept changed: 'cac'"),
        (tuple(others), "1 concept gone: 'cac'"),
        ((*others, cac), "the order of the concepts"),
    ):
        other = Termbase(termbase.name, concepts)
        with pytest.raises(ComparabilityError, match=message):
            compare(
                run(corpus, corpus.systems, termbase=termbase),
                run(corpus, corpus.systems, termbase=other),
            )


def test_what_only_one_run_has_is_named_and_not_compared(
    corpus: Corpus, termbase: Termbase
) -> None:
    old = run(corpus, corpus.systems, "bleu", "chrf", termbase=termbase)
    new = run(corpus, corpus.systems, "chrf", "ter")
    changes = compare(old, new, names=("monday", "friday"))
    assert changes.metrics == ("chrF2",)
    assert [(u.metric, u.reason) for u in changes.not_compared] == [
        ("BLEU", "only monday has it"),
        ("TER", "only friday has it"),
        ("Terms", "only monday was checked against a termbase"),
    ]
    assert changes.systems[0].terms is None
    assert changes.findings.gone == ()  # findings about terms are not compared either
    with pytest.raises(ComparabilityError, match="no measure in common"):
        compare(run(corpus, corpus.systems, "bleu"), run(corpus, corpus.systems, "ter"))


def test_terms_alone_can_be_compared(termbase: Termbase) -> None:
    corpus = Corpus("c", "zh", "en", (Segment("1", "国家网信办。"),))
    old = run(corpus, {"x": ["The Cyberspace Administration of China."]}, termbase=termbase)
    new = run(corpus, {"x": ["Network information office."]}, termbase=termbase)
    changes = compare(old, new)
    assert (changes.metrics, changes.leading_metric) == ((), "")
    assert changes.systems[0].terms is not None
    assert len(changes.systems[0].terms.newly_forbidden) == 1


def test_word_difference_of_a_sentence() -> None:
    found = word_difference("What time can it be delivered?", "What time can I send it?")
    assert [(s.old, s.new, s.same) for s in found] == [
        ("What time can ", "What time can ", True),
        ("", "I send ", False),
        ("it ", "it", True),
        ("be delivered", "", False),
        ("?", "?", True),
    ]


def test_word_difference_of_chinese_is_by_character() -> None:
    found = word_difference("网信办发布", "网信发布")
    assert [(s.old, s.new) for s in found if not s.same] == [("办", "")]


@given(st.text("ab 网信,.\u202e\n'", max_size=30), st.text("ab 网信,.\u202e\n'", max_size=30))
def test_word_differences_join_to_the_texts(old: str, new: str) -> None:
    found = word_difference(old, new)
    assert "".join(s.old for s in found) == old
    assert "".join(s.new for s in found) == new
    for s in found:
        if s.same:
            assert "".join(s.old.split()) == "".join(s.new.split())


def test_endless_texts_differ_as_a_whole() -> None:
    old, new = "a " * 20_000, "b " * 20_000
    (stretch,) = word_difference(old, new)
    assert (stretch.old, stretch.new, stretch.same) == (old, new, False)
