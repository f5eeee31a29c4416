"""MQM scores against WMT's published ones, and lot scores against arithmetic and SciPy."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.metrics.mqm import (
    J2450_LIKE,
    LEAST_SIZE,
    MQM,
    WMT,
    WMT24,
    Linear,
    LotScore,
    MqmScores,
    Verdict,
    Weights,
    logarithmic,
    penalty_interval,
    preset,
    sample_size,
    score_errors,
    score_lot,
    smallest_passing,
)
from xindaya.pairs import Corpus, InputError, NothingToEvaluateError, UsageError
from xindaya.pairs.formats import MqmError, read_marot

# README of google/wmt-mqm-human-evaluation, as printed there; 2.40 and 2.49 are cut, not rounded.
PUBLISHED = {
    "refB": 0.42, "DIDI-NLP": 1.65, "metricsystem2": 1.76, "metricsystem1": 1.90, "MiSS": 1.97,
    "IIE-MT": 1.98, "metricsystem4": 2.05, "metricsystem5": 2.15, "SMU": 2.202,
    "Borderline": 2.40, "NiuTrans": 2.49, "Facebook-AI": 2.64, "Online-W": 2.93,
    "metricsystem3": 2.99, "ref": 5.52,
}  # fmt: skip
RENAMED = {"ref-A": "ref", "ref-B": "refB"}  # what the file of averages calls them


def error(category: str, severity: str, *, segment: str = "1", rater: str = "r") -> MqmError:
    return MqmError("s", segment, rater, category, severity)


NONE = error("No-error", "No-error")


@pytest.fixture(scope="module")
def ted(data: Path) -> Path:
    return data / "ted-zhen-mqm" / "mqm_ted_zhen.tsv"


@pytest.fixture(scope="module")
def scores(ted: Path) -> MqmScores:
    return score_errors(read_marot(ted)[1], WMT)


@pytest.fixture(scope="module")
def averages(data: Path) -> dict[tuple[str, str], float]:
    rows = (data / "ted-zhen-mqm" / "mqm_ted_zhen.avg_seg_scores.tsv").read_text().split("\n")
    found = {}
    for row in filter(None, rows[1:]):
        system, score, segment = row.replace("\t", " ").split(" ")
        if score != "None":
            found[RENAMED.get(system, system), segment] = -float(score)
    return found


def test_every_published_segment(scores: MqmScores, averages: dict[tuple[str, str], float]) -> None:
    ours = {(name, i): v for name, part in scores.segments.items() for i, v in part.items()}
    assert ours.keys() == averages.keys()
    assert len(ours) == 15 * 529
    assert max(abs(ours[key] - averages[key]) for key in ours) < 1e-5


def test_published_systems(scores: MqmScores) -> None:
    assert scores.systems["DIDI-NLP"] == pytest.approx(1.65085, abs=5e-6)
    assert scores.systems["SMU"] == pytest.approx(2.20208, abs=5e-6)
    assert scores.systems["Borderline"] == pytest.approx(2.40529, abs=5e-6)
    for name, printed in PUBLISHED.items():
        assert abs(scores.systems[name] - printed) < 0.006


def test_pandas_agrees(ted: Path, scores: MqmScores) -> None:
    table = pd.read_csv(ted, sep="\t", quoting=csv.QUOTE_NONE, keep_default_na=False, dtype=str)
    points = table.severity.map({"Major": 5.0, "Minor": 1.0, "No-error": 0.0})
    light = (table.severity == "Minor") & (table.category == "Fluency/Punctuation")
    table["points"] = points.mask(light, 0.1)
    raters = table.groupby(["system", "seg_id", "rater"]).points.sum()
    expected = raters.groupby(["system", "seg_id"]).mean()
    ours = scores.frame().set_index(["system", "segment"]).score
    assert (ours.sort_index() - expected.sort_index()).abs().max() < 1e-9


def test_documents(ted: Path, scores: MqmScores) -> None:
    corpus = read_marot(ted)[0]
    documents = scores.documents({s.id: s.document for s in corpus.segments})["SMU"]
    sizes = {name: len(places) for name, places in corpus.documents.items()}
    mean = sum(documents[d] * sizes[d] for d in sizes) / sum(sizes.values())
    assert mean == pytest.approx(scores.systems["SMU"])


def test_mean_over_raters() -> None:
    rows = [
        error("Accuracy/Omission", "Major", rater="a"),
        error("Fluency/Punctuation", "Minor", rater="a"),
        error("Style/Awkward", "Minor", rater="b"),
        error("No-error", "No-error", rater="c"),
        error("No-error", "No-error", segment="2", rater="a"),
    ]
    scores = score_errors(rows)
    # (5 + 0.1 + 1 + 0) / 3 raters; the other segment 0
    assert scores.segments["s"] == {"1": pytest.approx(6.1 / 3), "2": 0.0}
    assert scores.systems["s"] == pytest.approx(6.1 / 6)
    assert scores.raters["s"] == {"1": 3, "2": 1}
    assert "mean over 1 to 3 raters," in scores.describe()
    assert "a segment, 1 rater, lower" in score_errors(rows[:2]).describe()
    with pytest.raises(NothingToEvaluateError):
        score_errors([])


@pytest.mark.parametrize(
    ("category", "severity", "points"),
    [
        ("Non-translation!", "Major", 25), ("Non-translation", "major", 25),
        ("Fluency/Punctuation", "Minor", 0.1), ("fluency / punctuation ", "MINOR", 0.1),
        ("Fluency/Punctuation", "Major", 5), ("Fluency/Grammar", "Minor", 1),
        ("Source error", "Major", 5), ("Source error", "Minor", 1), ("Style", "Neutral", 0),
        ("No-error", "No-error", 0), ("no-error", "no-error", 0),
    ],
)  # fmt: skip
def test_wmt_weights(category: str, severity: str, points: float) -> None:
    assert WMT.penalty(category, severity) == points


@pytest.mark.parametrize(
    ("category", "severity", "points"),
    [
        # What `mqm_weights` in humeval/tools.py of wmt24-news-systems returns, without its minus sign.
        ("Accuracy/Mistranslation", "critical", 5), ("Style", "Major", 5), ("Style", "minor", 1),
        ("Fluency/Punctuation", "minor", 0.1), ("Fluency/Punctuation", "critical", 5),
        ("Source issue", "major", 0), ("Creative Reinterpretation", "critical", 0),
        ("Other/Creative Reinterpretation", "minor", 0), ("Non-translation!", "minor", 25),
        ("Non-translation!", "neutral", 0), ("Accuracy", "neutral", 0), ("", "No-error", 0),
    ],
)  # fmt: skip
def test_weights_of_wmt24(category: str, severity: str, points: float) -> None:
    assert WMT24.penalty(category, severity) == points
    assert preset("wmt24") is WMT24


def test_other_weights() -> None:
    assert [MQM.penalty("Terminology", s) for s in ("neutral", "minor", "major", "critical")] == [
        0, 1, 5, 25,
    ]  # fmt: skip
    assert J2450_LIKE.penalty("Wrong term", "Serious") == 5
    assert J2450_LIKE.penalty("Terminology/Wrong term", "minor") == 2
    assert J2450_LIKE.penalty("Punctuation error", "serious") == 2
    assert J2450_LIKE.penalty("Style/Awkward", "major") == 3
    assert preset("WMT") is WMT
    with pytest.raises(UsageError, match="expected one of wmt, wmt24, mqm, j2450-like"):
        preset("lisa")
    with pytest.raises(UsageError, match="WMT weights know major, minor, neutral"):
        WMT.penalty("Style", "critical")


def test_interval_is_garwoods_for_equal_weights() -> None:
    stats = pytest.importorskip("scipy.stats")
    for count in (1, 2, 10, 250):
        low, high = penalty_interval({5.0: count}, 5.0)
        assert low == pytest.approx(5 * stats.chi2.ppf(0.025, 2 * count) / 2, rel=1e-9)
        assert high == pytest.approx(5 * stats.chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-9)
    # No event: -ln(0.025) = 3.6889, the rule of three's exact two-sided form
    assert penalty_interval({}, 1) == (0.0, pytest.approx(-math.log(0.025)))
    assert penalty_interval({0.0: 3}, 0) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("light", "heavy", "weight", "confidence"),
    [(10, 3, 5, 0.95), (100, 0, 5, 0.95), (40, 4, 25, 0.9), (2.5, 0.5, 3, 0.99)],
)
def test_interval_is_the_quantile_of_a_sum_of_gammas(
    light: float, heavy: float, weight: float, confidence: float
) -> None:
    stats, integrate = pytest.importorskip("scipy.stats"), pytest.importorskip("scipy.integrate")

    def below(y: float, heavy: float) -> float:
        """P(Gamma(light) + weight · Gamma(heavy) ≤ y) by integrating over the first."""
        if not heavy:
            return float(stats.gamma.cdf(y, light))
        gamma = stats.gamma(light)
        rest = stats.gamma(heavy, scale=weight)
        return float(
            integrate.quad(lambda x: gamma.pdf(x) * rest.cdf(y - x), 0, y, points=[y / 2])[0]
        )

    low, high = penalty_interval({1.0: light, float(weight): heavy}, weight, confidence)
    assert below(low, heavy) == pytest.approx((1 - confidence) / 2, rel=1e-6)
    assert below(high, heavy + 1) == pytest.approx((1 + confidence) / 2, rel=1e-8)


def test_bounds_of_large_and_of_uneven_samples() -> None:
    # 1,000 minor and 300 major errors: mean 2,500, variance 1,000 + 300 · 25; normal to 1 %
    low, high = penalty_interval({1.0: 1000, 5.0: 300}, 5.0)
    assert (low, high) == pytest.approx(
        (2500 - 1.96 * 8500**0.5, 2500 + 1.96 * 8500**0.5), rel=0.01
    )
    # A weight of nothing next to a large one changes nothing, and ends.
    assert penalty_interval({1e-9: 5}, 5.0)[1] == pytest.approx(-5 * math.log(0.025), rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("errors", [1.0, 5.0])
def test_bounds_miss_the_truth_seldom_enough(share: float, errors: float) -> None:
    """Exact sums over all samples of Poisson errors, a share of them major; 2.5 % on either side."""

    def poisson(mean: float) -> list[float]:
        most = int(mean + 8 * math.sqrt(mean) + 8)
        return [math.exp(-mean) * mean**k / math.factorial(k) for k in range(most)]

    truth = errors * (1 - share) + 5 * errors * share
    missed = [0.0, 0.0]
    for minor, p in enumerate(poisson(errors * (1 - share))):
        for major, q in enumerate(poisson(errors * share)):
            if p * q > 1e-7:
                low, high = penalty_interval({1.0: minor, 5.0: major}, MQM.largest)
                missed[0] += p * q * (low > truth)
                missed[1] += p * q * (high < truth)
    assert max(missed) <= 0.025


SCHEMES = (
    MQM, WMT, J2450_LIKE,
    Weights("own", {"light": 0.3, "grave": 7.0, "deadly": 50.0}, fatal=frozenset(("deadly",))),
    Weights("one", {"wrong": 2.0}),
    Weights("rule", {"minor": 1.0}, {"*/terminology": 12.0, "minor/style": 0.0}),
)  # fmt: skip
ORDER = [Verdict.PASS, Verdict.TOO_SMALL, Verdict.FAIL]


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_further_error_never_improves_a_verdict(data: st.DataObject) -> None:
    weights = data.draw(st.sampled_from(SCHEMES))
    raters = data.draw(st.sampled_from(["a", "ab", "abc"]))
    found = st.builds(
        error,
        st.sampled_from(["Style", "Terminology", "Non-translation", "Fluency/Punctuation"]),
        st.sampled_from(sorted(weights.severities)),
        segment=st.sampled_from("123"),
        rater=st.sampled_from(raters),
    )
    # Every rater judged every segment: a new rater is another opinion, not another error.
    rows = [error("No-error", "", segment=s, rater=r) for s in "123" for r in raters]
    rows += [e for e, n in data.draw(st.lists(st.tuples(found, st.integers(1, 30)), max_size=5)) for _ in range(n)]  # fmt: skip
    tolerance = data.draw(
        st.one_of(
            st.floats(0.5, 200).map(Linear),
            st.floats(1, 100).map(lambda t: logarithmic((1000, t), (5000, 3 * t))),
        )
    )
    size = data.draw(st.integers(300, 20_000))
    confidence = data.draw(st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999]))

    def scored(rows: list[MqmError]) -> LotScore:
        return score_lot(rows, size=size, unit="source words", weights=weights, tolerance=tolerance,
                         confidence=confidence)  # fmt: skip

    before, after = scored(rows), scored([*rows, data.draw(found)])
    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)
    assert after.low >= before.low * (1 - 1e-9)
    assert after.high >= before.high * (1 - 1e-9)


def test_the_largest_weight_is_the_schemes() -> None:
    assert [w.largest for w in SCHEMES] == [5, 25, 5, 7, 2, 12]
    assert Weights("none", {"fatal": 9.0}, fatal=frozenset(("fatal",))).largest == 0
    # 600 characters at 10 a thousand: 6 points, where even a flawless sheet may hide 5 · 3.689
    one = error("Style", "minor")
    for rows in ([NONE], [NONE, one]):
        lot = score_lot(rows, size=600, unit="source characters", tolerance=Linear(10))
        assert lot.verdict is Verdict.TOO_SMALL
        assert "even without an error it takes 1,845 source characters to pass" in lot.reason


def test_how_large_a_flawless_sample_has_to_be() -> None:
    # 5 · -ln(0.025) = 18.444 points: 1,844.4 units at 10 a thousand
    assert smallest_passing(Linear(10), MQM) == 1845
    assert smallest_passing(Linear(50), MQM) == LEAST_SIZE
    assert smallest_passing(Linear(1e-9), MQM) is None
    size = smallest_passing(logarithmic((1000, 10), (5000, 30)), MQM)
    assert size is not None
    for units, verdict in ((size - 1, Verdict.TOO_SMALL), (size, Verdict.PASS)):
        lot = score_lot([NONE], size=units, unit="source words",
                        tolerance=logarithmic((1000, 10), (5000, 30)))  # fmt: skip
        assert lot.verdict is verdict


def test_non_linear_model() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    model = logarithmic((1000, 20), (5000, 60))
    b = optimize.brentq(lambda b: math.log1p(5000 * b) / math.log1p(1000 * b) - 3, 1e-9, 1)
    assert model.b == pytest.approx(b, rel=1e-9)
    assert model.at(1000) == pytest.approx(20, rel=1e-12)
    assert model.at(5000) == pytest.approx(60, rel=1e-12)
    assert model.at(0) == 0
    # Tolerant of short texts, strict with long ones, against the line through one point.
    line = Linear(20)
    assert model.at(300) > line.at(300)
    assert model.at(5000) < line.at(5000)
    assert logarithmic((5000, 60), (1000, 20)) == model
    assert "through (1000, 20) and (5000, 60)" in model.describe()


@given(
    x1=st.floats(1, 1e5), growth=st.floats(1.01, 1e3), t1=st.floats(1e-3, 1e3),
    bend=st.floats(0.05, 0.99),
)  # fmt: skip
def test_the_curve_goes_through_its_points(
    x1: float, growth: float, t1: float, bend: float
) -> None:
    x2, t2 = x1 * growth, t1 * growth**bend
    model = logarithmic((x1, t1), (x2, t2))
    assert model.at(x1) == pytest.approx(t1, rel=1e-6)
    assert model.at(x2) == pytest.approx(t2, rel=1e-6)


@pytest.mark.parametrize(
    "points",
    [
        ((1000, 20), (1000, 30)), ((1000, 20), (2000, 40)), ((1000, 20), (2000, 50)),
        ((1000, 20), (2000, 20)), ((0, 20), (2000, 30)), ((1000, 0), (2000, 3)),
        ((1000, math.nan), (2000, 3)), ((1000, 2), (math.inf, 3)),
    ],
)  # fmt: skip
def test_points_without_a_curve(points: tuple[tuple[float, float], tuple[float, float]]) -> None:
    with pytest.raises(UsageError, match="less than in proportion"):
        logarithmic(*points)


def test_lot_numbers() -> None:
    rows = [error("Accuracy", "major"), *[error("Style", "minor")] * 3, NONE]
    lot = score_lot(rows, size=2000, unit="source characters")
    assert lot.apt == 8
    assert lot.npt == 4.0  # 1000 · 8 / 2000
    assert lot.oqs == pytest.approx(99.6)  # (1 - 8/2000) · 100
    assert lot.score == pytest.approx(lot.oqs)
    assert lot.verdict is Verdict.PASS
    curve = logarithmic((1000, 5), (4000, 10))
    bent = score_lot(rows, size=1000, unit="source words", tolerance=curve, pass_mark=90)
    assert bent.score == pytest.approx(100 - 10 * 8 / 5)
    for number in ("APT 8 ", "1,000 source words", "pass mark 90", "MQM (", "non-linear: E(x)"):
        assert number in bent.describe()
    told = bent.to_dict()
    assert told["tolerance"]["points"] == [(1000, 5), (4000, 10)]
    assert told["weights"]["severities"]["critical"] == 25


def test_verdicts() -> None:
    def verdict(rows: list[MqmError], size: int, **options: int) -> Verdict:
        return score_lot(rows, size=size, unit="source words", **options).verdict

    minors = [error("Style", "minor")] * 100
    # 81.4 (Garwood) to 128.5 points (one unseen major error more); 50 a thousand tolerated
    assert verdict(minors, 2000) is Verdict.TOO_SMALL
    assert verdict(minors, 2569) is Verdict.TOO_SMALL
    assert verdict(minors, 2571) is Verdict.PASS
    assert verdict(minors, 1600) is Verdict.FAIL
    assert verdict([NONE], 499) is Verdict.TOO_SMALL
    assert verdict([NONE], 499, least=100) is Verdict.PASS
    # One critical error fails, however large or small the sample, and whoever found it.
    critical = error("Accuracy", "Critical", rater="q")
    assert verdict([NONE, critical], 1_000_000) is Verdict.FAIL
    assert verdict([critical], 10) is Verdict.FAIL


def test_several_raters_do_not_narrow_the_interval() -> None:
    one = [error("Style", "minor", segment=str(n)) for n in range(20)]
    two = one + [error("Style", "minor", segment=str(n), rater="q") for n in range(20)]
    alone = score_lot(one, size=1000, unit="source words")
    both = score_lot(two, size=1000, unit="source words")
    assert (both.apt, both.low, both.high) == pytest.approx((alone.apt, alone.low, alone.high))


def test_lots_refuse() -> None:
    with pytest.raises(NothingToEvaluateError):
        score_lot([], size=10, unit="source words")
    with pytest.raises(NothingToEvaluateError):
        score_lot([NONE], size=0, unit="source words")
    with pytest.raises(UsageError, match="expected one system"):
        score_lot([NONE, MqmError("t", "1", "r", "", "")], size=1, unit="source words")
    with pytest.raises(UsageError, match="pass mark"):
        score_lot([NONE], size=1, unit="source words", pass_mark=100)


def test_sizes(corpus: Corpus) -> None:
    # 国家网信办发布新规。 has 10 characters, 人工智能发展迅速。 has 9
    assert sample_size(corpus, {"1", "3"}) == (19, "source characters")
    assert sample_size(corpus, ["1", "1"], side="target", system="good") == (5, "target words")
    with pytest.raises(UsageError, match="expected one of source, target"):
        sample_size(corpus, [], side="reference")


OLD = "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity"


def test_reads_comments_and_leaves_out_attention_tests(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    path.write_text(
        f"{OLD}\tcomment\n"
        "s\td\t1\t1\tr\t甲\t<v>a</v> b\tStyle/Awkward\tMinor\twhy not\n"
        "s\td\t1\t1\tr\t甲\tx b\tMissed\tHOTW-test\t\n",
        "utf-8",
    )
    corpus, errors = read_marot(path)
    assert corpus.systems["s"] == ("a b",)
    assert [e.metadata for e in errors] == ['{"note": "why not"}']
    assert [(item.place, item.reason) for item in corpus.left_out] == [
        ("line 3", "attention tests (HOTW-test)")
    ]


def test_published_tables_that_contradict_themselves(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    # As in newstest2020: marked words stand twice. And one system was rated on one segment only.
    path.write_text(
        f"{OLD}\n"
        "s\td\t1\t1\tr\t甲\tthe date\tNo-error\tNo-error\n"
        "s\td\t1\t1\tq\t甲\tthe date<v>date</v>\tFluency/Grammar\tMajor\n"
        "t\td\t1\t1\tq\t甲\ta date\tFluency/Grammar\tMinor\n"
        "s\td\t2\t2\tq\t乙\tno\tSource error\tMinor\n",
        "utf-8",
    )
    with pytest.raises(InputError, match="line 3: found another output of 's'"):
        read_marot(path)
    notes: list[str] = []
    corpus, errors = read_marot(path, notes=notes, lenient=True)
    assert corpus.systems == {"s": ("the date", "no"), "t": ("a date", "")}
    assert notes == ["1 output missing, on line 5 first"]
    assert [(item.place, item.reason, item.text) for item in corpus.left_out] == [
        ("line 3", "texts unlike an earlier row's", "the datedate")
    ]
    assert score_errors(errors).segments == {"s": {"1": 2.5, "2": 1.0}, "t": {"1": 1.0}}
