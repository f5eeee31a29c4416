from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from xindaya import (
    ComparabilityError,
    Evaluation,
    Settings,
    SpecError,
    evaluate,
    load_spec,
    run_spec,
)
from xindaya.baseline_files import Baseline, update_baseline
from xindaya.gates import (
    Allowance,
    Policy,
    apply_rule,
    merge_allowances,
    parse_allowance,
    parse_rule,
)
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.judging.record import record_of
from xindaya.pairs import Corpus, Segment, Termbase, UsageError, write_corpus
from xindaya.regressions import Judge, MissingBaselineError, Regression

FAST = Settings(metrics=("bleu", "chrf", "ter"), confidence_samples=0, test=None)
GOOD = 'corpus = "c"\nmetrics = ["chrf"]\n[options]\ntest = "none"\nconfidence_samples = 0\n'


def sentences(size: int = 40) -> list[str]:
    who = ["The court", "The bank", "The ministry", "The province", "The city"]
    what = ["issued new rules", "withdrew the draft law", "published a notice"]
    when = ["on Friday.", "last year.", "in May this year.", "after the meeting."]
    return [f"{who[n % 5]} {what[n % 3]} {when[n % 4]}" for n in range(size)]


def worsened(texts: Sequence[str], every: int) -> list[str]:
    return [
        " ".join(t.split()[:-2]) + " stuff" if n % every == 0 else t for n, t in enumerate(texts)
    ]


def score(systems: Mapping[str, Sequence[str]]) -> Evaluation:
    references = sentences()
    segments = tuple(Segment(str(n), None, (text,), "d") for n, text in enumerate(references))
    outputs = {name: tuple(texts) for name, texts in systems.items()}
    return evaluate(Corpus("c", "zh", "en", segments, ("A",), outputs), settings=FAST)


def judged(before: Sequence[str], after: Sequence[str], metric: str, *fail_on: str) -> Regression:
    then, now = score({"s": before}), score({"s": after})
    baseline = Baseline(Path("b.json"), "o", {"s": record_of(then, "s")})
    policy = Policy(tuple(map(parse_allowance, fail_on)))
    return Judge(now, baseline, policy).metric("s", metric)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chrf2:-1.0", Allowance("chrF2", 1.0)),
        (" BLEU : -2 % ", Allowance("BLEU", 2.0, relative=True)),
        ("chrf++:-1", Allowance("chrF2++", 1.0)),
        ("TER:+0.5", Allowance("TER", 0.5)),
        ("chrF2++/segment:-40", Allowance("chrF2++", 40.0, per_segment=True)),
        ("terms:+0", Allowance("terms", 0.0)),
        ("BLEU:0", Allowance("BLEU", 0.0)),
    ],
)
def test_allowances(text: str, expected: Allowance) -> None:
    assert parse_allowance(text) == expected
    assert parse_allowance(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chrF2", "expected the form"),
        ("chrF3:-1", "unknown measure 'chrF3'; did you mean 'chrF2'"),
        ("chrF2:+1", "lower is worse; did you mean 'chrF2:-1'"),
        ("chrF2:1", "lower is worse"),
        ("TER:-1", "higher is worse; did you mean 'TER:.1'"),
        ("terms:-1", "higher is worse"),
        ("terms:+5%", "terms are counted"),
        ("terms/segment:+1", "terms are counted"),
        ("BLEU/segment:-5%", "expected points"),
    ],
)
def test_wrong_allowances(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_allowance(text)


def test_later_allowances_win() -> None:
    early, late = parse_allowance("chrF2:-1"), parse_allowance("chrF2:-2")
    other = parse_allowance("chrF2/segment:-9")
    assert merge_allowances([early, other], [late]) == (late, other)
    assert parse_allowance("BLEU:-2%").points(30.0) == pytest.approx(0.6)
    with pytest.raises(UsageError, match="alpha"):
        Policy(alpha=1.5)


def test_identical_output_is_unchanged() -> None:
    found = judged(sentences(), sentences(), "BLEU")
    assert (found.test.outcome, found.test.p_value) == (Outcome.IDENTICAL, 1.0)
    assert found.passed


@pytest.mark.parametrize("metric", ["BLEU", "chrF2", "TER"])
def test_both_a_drop_and_significance_are_needed(metric: str) -> None:
    sign = "+" if metric == "TER" else "-"
    good, bad, slightly = sentences(), worsened(sentences(), 2), worsened(sentences(), 40)
    worse = judged(good, bad, metric)
    assert (worse.test.outcome, worse.passed) == (Outcome.WORSE, False)
    within = judged(good, bad, metric, f"{metric}:{sign}60")
    assert (within.test.outcome, within.passed, within.noteworthy) == (Outcome.WORSE, True, True)
    assert "worse, within the allowance" in within.message
    few = judged(good, slightly, metric)  # one segment differs: no arrangement can be significant
    assert (few.test.outcome, few.passed, few.undecided) == (Outcome.TOO_FEW, True, True)
    assert "too few to tell: 1 segment differ" in few.message
    better = judged(bad, good, metric)
    assert (better.test.outcome, better.passed, better.noteworthy) == (Outcome.BETTER, True, False)


def test_a_loss_that_chance_may_make_passes_and_is_noted() -> None:
    good, bad = sentences(), worsened(sentences(), 2)
    # Every second segment lost in one half, and as many gained in the other: a small net loss.
    then = [*good[:20], *bad[20:]]
    now = [*bad[:20], *good[20:38], *bad[38:]]
    found = judged(then, now, "chrF2")
    assert found.loss > 0
    assert found.test.outcome is Outcome.CHANCE
    assert (found.passed, found.noteworthy, found.undecided) == (True, True, False)
    assert "this test set shows losses from about" in found.message


def test_what_cannot_be_told_fails_only_if_asked_to() -> None:
    then, now = score({"s": sentences()}), score({"s": worsened(sentences(), 40)})
    baseline = Baseline(Path("b.json"), "o", {"s": record_of(then, "s")})
    for fails in (False, True):
        gates = Judge(now, baseline, Policy(undecided_fails=fails)).gate_results()
        assert {g.passed for g in gates} == {not fails}
        assert all(g.undecided for g in gates)


def test_a_rule_does_not_change_another_ones_outcome() -> None:
    then = score({"a": sentences(), "b": sentences()})
    now = score({"a": worsened(sentences(), 4), "b": worsened(sentences(), 3)})
    baseline = Baseline(Path(), "", {s: record_of(then, s) for s in ("a", "b")})
    alone = Judge(now, baseline, Policy((parse_allowance("BLEU:-0.0"),))).metric("a", "BLEU")
    texts = ("BLEU:-0.0", "chrF2:-0.0", "TER:+0.0")
    among = Judge(now, baseline, Policy(tuple(map(parse_allowance, texts)))).metric("a", "BLEU")
    assert alone.test == among.test


def test_one_fallen_segment_is_enough() -> None:
    found = judged(sentences(), worsened(sentences(), 40), "chrF2", "chrF2/segment:-10")
    assert [place for place, _, _ in found.fallen] == [0]
    assert not found.passed
    assert "1 segment lost more than 10" in found.message
    assert judged(sentences(), worsened(sentences(), 40), "chrF2", "chrF2/segment:-90").passed


def test_the_family_is_the_systems_with_a_baseline() -> None:
    good, bad = sentences(), worsened(sentences(), 2)
    then = score({"a": good, "b": good, "c": good})
    now = score({"a": bad, "b": worsened(good, 3), "c": good})
    records = {s: record_of(then, s) for s in ("a", "b", "c")}
    judge = Judge(now, Baseline(Path(), "", records))
    assert judge.metric("a", "chrF2").test.tests == 2  # nothing differs in c: that is no test
    missing = Judge(now, Baseline(Path(), "", {"a": records["a"]}))
    assert missing.metric("a", "chrF2").test.tests == 1
    with pytest.raises(MissingBaselineError, match="b: there is no baseline"):
        missing.metric("b", "chrF2")


def test_what_differs_is_refused_and_named(corpus: Corpus) -> None:
    then = evaluate(corpus, settings=FAST)
    record = record_of(then, "good")

    def refusal(now: Evaluation, metric: str = "BLEU") -> str:
        with pytest.raises(ComparabilityError) as caught:
            Judge(now, Baseline(Path(), "", {"good": record})).metric("good", metric)
        return str(caught.value)

    changed = [replace(s, source="x") if s.id == "3" else s for s in corpus.segments]
    other = evaluate(replace(corpus, segments=tuple(changed)), settings=FAST)
    assert "the sources of 1 segment changed, the first is '3'" in refusal(other)
    fewer = replace(corpus, segments=corpus.segments[:3], systems={"good": ("a", "b", "c")})
    assert "4 segments then, 3 now" in refusal(evaluate(fewer, settings=FAST))
    lower = evaluate(corpus, settings=replace(FAST, lowercase=True))
    assert "BLEU signature: 'case' was 'mixed', is 'lc'" in refusal(lower)
    more = evaluate(corpus, settings=replace(FAST, metrics=("chrf++",)))
    assert "chrF2++: not in the baseline" in refusal(more, "chrF2++")


def test_terms_against_a_baseline(corpus: Corpus, termbase: Termbase) -> None:
    critical = replace(
        termbase, concepts=tuple(replace(c, critical=True) for c in termbase.concepts)
    )
    name = "The Cyberspace Administration of China"
    good = corpus.with_systems({"s": [f"{name} issued rules.", "The CAC will.", "AI.", "x"]})
    bad = corpus.with_systems({"s": ["The network information office.", "It will.", "AI.", "x"]})
    then = evaluate(good, termbase=critical, settings=FAST)
    now = evaluate(bad, termbase=critical, settings=FAST)
    baseline = Baseline(Path(), "", {"s": record_of(then, "s")})
    assert Judge(then, baseline).terms("s").passed
    found = Judge(now, baseline, Policy((parse_allowance("terms:+0"),))).terms("s")
    assert len(found.forbidden) == 1
    assert len(found.newly_unresolved) == 1
    assert found.too_many
    assert not found.passed
    unchanged = Judge(now, Baseline(Path(), "", {"s": record_of(now, "s")})).terms("s")
    assert unchanged.newly_unresolved == ()
    assert not unchanged.passed  # a forbidden term is never part of what is accepted
    other = replace(termbase, concepts=termbase.concepts[:-1])
    with pytest.raises(ComparabilityError, match=r"termbase: [0-9a-f]{12} then"):
        Judge(evaluate(good, termbase=other, settings=FAST), baseline).terms("s")


def test_a_spec_is_judged_against_its_baseline_file(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "c")
    path = tmp_path / "x.mt.toml"
    path.write_text('fail_on = ["chrF2:-1"]\n' + GOOD + "alpha = 0.01\n", "utf-8")
    spec = load_spec(path)
    assert (spec.policy.alpha, spec.policy.allowances) == (0.01, (Allowance("chrF2", 1.0),))
    unjudged = run_spec(spec)
    assert unjudged.scores["chrF2"]
    no_baseline = "not judged: there is no baseline; pytest SPEC --mt-new-only writes one"
    assert [(g.rule, g.passed, g.message) for g in unjudged.gates] == 2 * [
        ("baseline", False, no_baseline)
    ]
    evaluation = evaluate(corpus, settings=spec.settings)
    records = {s: record_of(evaluation, s) for s in evaluation.systems}
    update_baseline(spec.baseline_path, "x.mt.toml", records)
    assert spec.baseline_path == tmp_path / ".mt-baselines" / "x.json"
    assert [(g.system, g.rule, g.passed) for g in run_spec(spec).gates] == [
        ("good", "chrF2~baseline", True),
        ("bad", "chrF2~baseline", True),
    ]
    path.write_text(path.read_text("utf-8") + "lowercase = true\n", "utf-8")
    accept = "if the change is meant, pytest SPEC --mt-update-baseline accepts it"
    reason = f"not judged: chrF2 signature: 'case' was 'mixed', is 'lc'; {accept}"
    assert [(g.rule, g.passed, g.message) for g in run_spec(load_spec(path)).gates] == 2 * [
        ("chrF2~baseline", False, reason)
    ]


def test_terms_are_judged_where_the_baseline_had_another_termbase(
    corpus: Corpus, termbase: Termbase
) -> None:
    evaluation = evaluate(corpus, termbase=termbase, settings=FAST)
    other = evaluate(
        corpus, termbase=replace(termbase, concepts=termbase.concepts[:-1]), settings=FAST
    )
    baseline = Baseline(Path(), "", {"good": record_of(other, "good")})
    gates = {(g.system, g.rule): g for g in Judge(evaluation, baseline).gate_results()}
    assert gates["good", "chrF2~baseline"].passed
    assert gates["good", "terms~baseline"].message.startswith("not judged: termbase: ")
    assert gates["good", "terms"].passed
    assert not gates["bad", "baseline"].passed
    assert ("bad", "terms") in gates


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('fail_on = ["chrF2:+1"]\n', "line 1: fail-on 'chrF2:\\+1': lower is worse"),
        ('fail_on = ["BLEU:-1"]\n', "line 1: .*BLEU is none of the metrics"),
        ('fail_on = ["terms:+0"]\n', "line 1: .*the spec has no termbase"),
        ("baseline_file = 3\n", "line 1: baseline_file = 3; expected a string"),
        ('fail_onn = ["chrF2:-1"]\n', "line 1: unknown key 'fail_onn'; did you mean 'fail_on'"),
    ],
)
def test_wrong_specs(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "x.mt.toml"
    path.write_text(line + GOOD, "utf-8")
    with pytest.raises(SpecError, match=message):
        load_spec(path)
    path.write_text(GOOD + "alpha = 2.0\n", "utf-8")
    with pytest.raises(SpecError, match=r"line 6: alpha 2.0: expected a number"):
        load_spec(path)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("adherence >= 0.95", "adherence 0.000 misses adherence >= 0.95 by 0.950"),
        ("forbidden <= 0", "forbidden 2 misses forbidden <= 0 by 2"),
        ("TER <= 150", "TER 100.00 meets TER <= 150 by 50.00"),
        ("TER <= 99.9999", "TER 100.00 misses TER <= 99.9999 by 0.0001"),
    ],
)
def test_a_gate_says_how_far_it_is(termbase: Termbase, rule: str, message: str) -> None:
    """Two forbidden renderings; TER is 100 because every word differs, and there are as many."""
    segments = tuple(Segment(str(n), "大模型。", ("One two three.",)) for n in range(2))
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"v": ("A big model",) * 2})
    found = evaluate(corpus, termbase=termbase, settings=Settings(metrics=("ter",), test=None))
    assert apply_rule(found, "v", parse_rule(rule)).message == message


def test_a_gate_says_why_bleu_is_0_of_perfect_short_texts() -> None:
    segments = tuple(Segment(str(n), None, (text,)) for n, text in enumerate(("好。", "是")))
    corpus = Corpus("c", "en", "zh", segments, ("A",), {"v": ("好。", "是")})
    found = apply_rule(evaluate(corpus, settings=FAST), "v", parse_rule("BLEU >= 30"))
    assert not found.passed
    assert "(0 because no output has 4 tokens in a row" in found.message
