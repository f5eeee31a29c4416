from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from xindaya import Settings, evaluate
from xindaya.metrics import (
    Comparison,
    Evaluation,
    Finding,
    GateResult,
    Interval,
    Provenance,
    Unscored,
)
from xindaya.metrics.judging.outcome import EXACT, Outcome
from xindaya.pairs import Corpus, Segment, Termbase
from xindaya.reports import figures
from xindaya.reports.html import charts, render_html, shell, strings
from xindaya.reports.html.report import payload, verdict
from xindaya.reports.html.report.overview import drifting_terms
from xindaya.reports.html.report.page import context
from xindaya.reports.html.report.shards import Shard
from xindaya.reports.html.shell import environment
from xindaya.reports.html.visible import plain, visible
from xindaya.reports.html.wording import Names, in_words, say

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>{{ 7*7 }}&\"'"
)
QUICK = Settings(metrics=("bleu", "chrf", "ter"), confidence_samples=40, test_samples=40)


@pytest.fixture
def evaluation(corpus: Corpus, termbase: Termbase) -> Evaluation:
    return evaluate(corpus, termbase=termbase, settings=QUICK)


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    value = json.loads(found[1])
    if isinstance(value, str):
        value = json.loads(gzip.decompress(base64.b64decode(value)))
    return value


# ---- The file --------------------------------------------------------------------------------


def test_same_evaluation_same_file(corpus: Corpus, termbase: Termbase) -> None:
    pages = {render_html(evaluate(corpus, termbase=termbase, settings=QUICK)) for _ in range(2)}
    assert len(pages) == 1


def test_policy_allows_exactly_our_style_and_script(evaluation: Evaluation) -> None:
    page = render_html(evaluation)
    policy = Markup(
        re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]  # type: ignore[index]
    ).unescape()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert style
    assert script
    for name, text in (("style-src", style[1]), ("script-src", script[1])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_page_needs_nothing_from_outside(evaluation: Evaluation) -> None:
    page = render_html(evaluation).replace("http://www.w3.org/2000/svg", "")  # a name, not fetched
    assert not re.search(r"https?://|\bsrc=|@import|url\(|<link|\sstyle=|\son[a-z]+=", page)


def test_markup_is_never_set_from_data() -> None:
    for script in Path(shell.__file__).parent.rglob("*.js"):
        source = script.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval", source)


# ---- Data ------------------------------------------------------------------------------------


def test_data_holds_every_text_once(evaluation: Evaluation, corpus: Corpus) -> None:
    data = data_of(render_html(evaluation))
    width = 1 + len(corpus.reference_names) + len(corpus.systems)
    texts = data["segments"]["texts"]
    assert len(texts) == width * len(corpus.segments)
    first = corpus.segments[0]
    outputs = [outputs[0] for outputs in corpus.systems.values()]
    assert texts[:width] == [first.source, *first.references, *outputs]
    assert data["segments"]["ids"] == [s.id for s in corpus.segments]


def test_data_repeats_the_scores_of_the_evaluation(evaluation: Evaluation) -> None:
    data = data_of(render_html(evaluation))
    for metric, column in zip(data["metrics"], data["scores"], strict=True):
        expected = evaluation.segment_scores[metric["name"]]
        for k, system in enumerate(evaluation.systems):
            stored = 10 ** (metric["decimals"] + payload.FINER)
            kept = [s / stored for s in column[k :: len(evaluation.systems)]]
            assert kept == pytest.approx(expected[system], abs=0.005)


def test_terms_point_into_the_texts(evaluation: Evaluation) -> None:
    terms = data_of(render_html(evaluation))["terms"]
    text, output = terms["texts"][0], evaluation.corpus.systems["good"][0]
    assert text["verdicts"][0] == "d"  # CAC before its expansion
    assert output[text["start"][0] : text["end"][0]] == "CAC"
    assert terms["uses"][0][0][2] == len(text["form"])


def test_offsets_count_as_javascript_does() -> None:
    assert payload._utf16("𠀀ab", (1, 3)) == (2, 4)
    assert payload._utf16("ab𠀀", (0, 2)) == (0, 2)
    assert payload._utf16("", None) == (0, 0)


def test_large_data_is_compressed() -> None:
    words = {"text": "<&>\u2028" * payload.COMPRESS_FROM}
    coded = payload.encode(words)
    assert not set(coded) & set("<&>\u2028")
    assert len(coded) < 10_000
    assert json.loads(gzip.decompress(base64.b64decode(json.loads(coded)))) == words


def test_small_data_stays_readable_and_escaped() -> None:
    value = {"text": "</script>&\u2028\ud800 国家"}
    coded = payload.encode(value)
    assert json.loads(coded) == value
    assert not set(coded) & set("<&>\u2028\ud800")
    assert "国家" in coded


def test_best_systems_and_the_baseline_are_shown_first(corpus: Corpus) -> None:
    texts = dict.fromkeys("abcde", corpus.systems["bad"]) | {"z": corpus.systems["good"]}
    evaluation = evaluate(corpus.with_systems(texts), settings=Settings(baseline="c"))
    assert payload.shown_at_first(evaluation) == ["a", "c", "z"]


# ---- Hostile text ----------------------------------------------------------------------------


class Attributes(HTMLParser):
    """Collects the names of all attributes: a quote that got away shows up as one."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.update(name for name, _ in attrs)


@pytest.fixture
def hostile(corpus: Corpus, termbase: Termbase) -> Evaluation:
    """Hostile text in every field that a template shows."""
    segments = tuple(
        Segment(f"{HOSTILE}{s.id}", s.source, s.references, HOSTILE + s.document)
        for s in corpus.segments
    )
    titles = {HOSTILE + "a": HOSTILE}
    systems = {HOSTILE: corpus.systems["good"], "bad": corpus.systems["bad"]}
    evil = Corpus(HOSTILE, "zh", "en", segments, ("A", HOSTILE), systems, titles, HOSTILE, HOSTILE)
    named = Termbase(HOSTILE, termbase.concepts)
    evaluation = evaluate(evil, termbase=named, settings=QUICK, command=HOSTILE)
    return replace(
        evaluation,
        metrics={HOSTILE: evaluation.metrics["BLEU"]},
        rows={HOSTILE: evaluation.rows["BLEU"]},
        intervals={HOSTILE: evaluation.intervals["BLEU"]},
        signatures={HOSTILE: HOSTILE},
        comparisons=tuple(replace(c, metric=HOSTILE) for c in evaluation.comparisons[:1]),
        unscored=(Unscored(HOSTILE, HOSTILE),),
        gates=(GateResult(HOSTILE, HOSTILE, False, HOSTILE),),
        findings=(Finding(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        provenance=Provenance(HOSTILE, HOSTILE, 1, {HOSTILE: HOSTILE}, HOSTILE),
    )


REPORT = "report/report.html.j2"
PAGES = {REPORT: 2, "report/shard.html.j2": 2, "report/print.html.j2": 1}  # scripts in each


@pytest.mark.parametrize(
    "name",
    environment().list_templates(
        filter_func=lambda n: n.startswith("report/") and n.endswith(".j2")
    ),
)
def test_every_template_escapes(name: str, hostile: Evaluation) -> None:
    more = {"shard": Shard(1, 2, 0, 2), "home": HOSTILE, "drifting": drifting_terms(hostile),
            "most_terms": 9, "statuses": ()}  # fmt: skip
    page = (
        environment()
        .get_template(name)
        .render({**context(hostile), **more}, policy="", style="", script="")
    )
    assert page.count("<script") == PAGES.get(name, 0)
    assert "<img" not in page
    assert "&lt;img src=x onerror" in page
    assert "{{ 7*7 }}" in page  # text stays text: no template in it is filled in
    reader = Attributes()
    reader.feed(page)
    assert not {a for a in reader.names if a.startswith("on") or a in ("src", "style")}


def test_templates_refuse_undefined_names() -> None:
    environment().get_template(REPORT)
    with pytest.raises(Exception, match="undefined"):
        environment().from_string("{{ nothing }}").render()


def test_invisible_characters_are_shown() -> None:
    shown = str(visible("a\u202eb\x00<\ufeff\ud800\U000e0041"))
    for label in ("RLO", "NUL", "BOM", "U+D800", "U+E0041"):
        assert f'<span class="chip">{label}</span>' in shown
    assert "&lt;" in shown
    assert plain("a\u2066\u2028") == "a[LRI][LSEP]"
    assert visible("国家 café") == "国家 café"


# ---- Words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table", [t.PAGE for t in strings.TABLES] + [t.SCRIPT for t in strings.SCRIPT_TABLES]
)
def test_both_languages_say_the_same(table: dict[str, dict[str, str]]) -> None:
    english, chinese = table["en"], table["zh"]
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        fields = [{f for _, f, _, _ in string.Formatter().parse(t) if f}
                  for t in (text, chinese[key])]  # fmt: skip
        assert fields[0] == fields[1], key


def test_no_word_is_said_twice() -> None:
    keys = [key for table in strings.TABLES for key in table.PAGE["en"]]
    assert len(keys) == len(set(keys))


def test_names_are_listed_and_isolated() -> None:
    sentence = say("best_tie", systems=Names(["a", "<b>", "c"]), metrics=Names(["BLEU"]))
    assert '<bdi class="name">a</bdi>, <bdi class="name">&lt;b&gt;</bdi> and ' in sentence
    assert '<bdi class="name">a</bdi>、' in sentence


def test_numbers() -> None:
    assert figures.number(None) == figures.number(float("nan")) == "–"
    assert figures.number(-1.25, 2) == "−1.25"
    assert figures.signed(0.001) == "±0.00"
    assert figures.signed(-0.5) == "−0.50"
    assert figures.percent(0.975) == "97.5\N{NO-BREAK SPACE}%"
    assert figures.p_value(0.0001) == "p < 0.001"
    assert figures.p_value(0.0499) == "p = 0.050"


@pytest.mark.parametrize(
    ("low", "high", "whole", "labels"),
    [
        (32.261, 32.2625, False, ["32.2610", "32.2615", "32.2620", "32.2625"]),
        (0.0, 1.06, True, ["0", "1"]),
        (0.0, 2.12, True, ["0", "1", "2"]),
        (4.1, 12.3, False, ["6", "8", "10", "12"]),
        (-1.0, 1.0, False, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
    ],
)
def test_ticks_differ(low: float, high: float, whole: bool, labels: list[str]) -> None:
    assert charts.tick_labels(charts.ticks(low, high, whole=whole)) == labels


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(4, 5))
def test_an_axis_has_two_ticks_or_more(low: float, width: float, at_most: int) -> None:
    labels = charts.tick_labels(charts.ticks(low, low + width, at_most))
    assert len(set(labels)) == len(labels) >= 2


def test_an_interval_without_width_gets_an_axis() -> None:
    score = 32.260110594692254
    dot = charts.Dot("v", score, Interval(score - 1e-14, score + 1e-14, score, 100, 1), "plain")
    picture = str(charts.dot_plot("BLEU", [dot], 1))
    ticks = re.findall(r'class="tick"[^>]*>([^<]*)<', picture)
    assert len(ticks) == len(set(ticks)) > 1


@pytest.mark.parametrize(
    ("delta", "outcome", "higher", "key"),
    [
        (1.0, Outcome.BETTER, True, "real_better"),
        (1.0, Outcome.WORSE, False, "real_worse"),
        (-1.0, Outcome.CHANCE, False, "chance_better"),
        (-1.0, Outcome.CHANCE, True, "chance_worse"),
        (0.0, Outcome.CHANCE, True, "no_difference"),
        (1.0, Outcome.TOO_FEW, True, "too_few"),
        (0.0, Outcome.IDENTICAL, True, "identical"),
    ],
)
def test_a_comparison_in_words(delta: float, outcome: Outcome, higher: bool, key: str) -> None:
    comparison = Comparison("a", "b", "m", delta, 0.5, 0.5, outcome, EXACT, 1, 1, 3)
    assert figures.verdict_key(comparison, higher) == key


def keys(evaluation: Evaluation) -> list[str]:
    return [s.key for paragraph in verdict.sentences(evaluation) for s in paragraph]


def test_verdict_of_two_systems(evaluation: Evaluation) -> None:
    found = keys(evaluation)
    assert found[0] == "best_all"
    assert "lead_few_all" in found  # four segments


def test_verdict_without_tests_metrics_or_rivals(corpus: Corpus, termbase: Termbase) -> None:
    untested = evaluate(corpus, settings=Settings(test=None))
    assert keys(untested)[-1] == "untested"
    single = evaluate(corpus.with_systems({"good": corpus.systems["good"]}), termbase=termbase)
    assert keys(single)[0] == "single"
    level = corpus.with_systems(dict.fromkeys("ab", corpus.systems["good"]))
    assert keys(evaluate(level, settings=QUICK))[0] == "best_tie"
    for evaluation in (untested, single):
        assert render_html(evaluation)


def test_a_corpus_without_references_or_systems_renders(corpus: Corpus) -> None:
    bare = Corpus("bare", "zh", "en", tuple(Segment(s.id, s.source) for s in corpus.segments))
    base = evaluate(corpus, settings=QUICK)
    empty = Evaluation(bare, {}, {}, {}, base.provenance)
    assert "No metric was scored" in render_html(empty)


# ---- Charts ----------------------------------------------------------------------------------


def test_ticks_are_round() -> None:
    assert charts.ticks(27.1, 39.2) == [30, 35]
    assert charts.ticks(0.0, 1.0) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert charts.ticks(5.0, 5.0) == [5.0]


def test_dot_plot_stands_inside_its_frame() -> None:
    interval = Interval(low=20.0, high=40.0, mean=30.0, samples=1000, seed=1)
    dots = [
        charts.Dot("<a>" * 20, 30.0, interval, "real"),
        charts.Dot("b", float("nan"), None, "baseline"),
        charts.Dot("c", 35.0, None, "baseline"),
    ]
    svg = charts.dot_plot("m", dots, 1)
    assert "<a>" not in svg
    places = [float(x) for x in re.findall(r'(?:x1|x2|cx)="([\d.]+)"', svg)]
    assert all(0 <= x <= 420 for x in places)
    assert charts.dot_plot("m", [], 1)


# ---- Style -----------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_enough_to_read(scheme: int) -> None:
    style = Path(shell.__file__).with_name("shell.css").read_text("utf-8")
    palette = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", palette))
    pairs = [
        (ink, ground)
        for ink in ("ink", "soft", "accent", "link", "pre", "adm", "dep", "for", "oth", "unr")
        for ground in ("paper", "surface", "raised")
    ]
    pairs += [(status, f"{status}-bg") for status in ("pre", "adm", "dep", "for", "oth", "unr")]
    pairs += [("paper", "accent"), ("surface", "for"), ("ink", "ins"), ("ink", "hit")]
    for one, other in pairs:
        low, high = sorted(luminance(colours[name]) for name in (one, other))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (one, other)


def said(evaluation: Evaluation, lang: str = "en") -> str:
    return " ".join(in_words(s, lang) for p in verdict.sentences(evaluation) for s in p)


@pytest.mark.parametrize(
    ("winner", "loser", "key"),
    [
        ("A large model.", "Nothing of the kind, really.", "advice_take"),
        ("A big model.", "Nothing of the kind, really.", "advice_mend"),  # a forbidden form
    ],
)
def test_what_to_do(termbase: Termbase, winner: str, loser: str, key: str) -> None:
    segments = tuple(Segment(str(n), f"大模型{n}。", (f"{winner} {n}",)) for n in range(30))
    systems = {"v": tuple(f"{winner} {n}" for n in range(30)),
               "w": tuple(f"{loser} {n % 7}" for n in range(30))}  # fmt: skip
    corpus = Corpus("c", "zh", "en", segments, ("A",), systems)
    evaluation = evaluate(corpus, termbase=termbase, settings=QUICK)
    assert "What to do: take v." in said(evaluation)
    assert key in keys(evaluation)
    assert "建议：选用 v。" in said(evaluation, "zh")


def test_terminology_decides_where_scores_do_not(termbase: Termbase) -> None:
    segments = tuple(Segment(str(n), f"大模型{n}。", (f"Model {n}.",)) for n in range(30))
    systems = {"v": tuple(f"A large model {n}." for n in range(30)),
               "w": tuple(f"A big model {n}." if n % 10 == 0 else f"A large model {n}." for n in range(30))}  # fmt: skip
    corpus = Corpus("c", "zh", "en", segments, ("A",), systems)
    evaluation = evaluate(corpus, termbase=termbase, settings=QUICK)
    assert "What to do: take v. The scores do not decide between" in said(evaluation)


@pytest.fixture
def consistent_but_forbidden(termbase: Termbase) -> Evaluation:
    """One term, rendered six times by the same forbidden form."""
    segments = tuple(Segment(str(n), "大模型。", ("A large model.",)) for n in range(6))
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"v": ("A big model.",) * 6})
    return evaluate(corpus, termbase=termbase, settings=QUICK)


def test_consistent_is_not_allowed(consistent_but_forbidden: Evaluation) -> None:
    text = said(consistent_but_forbidden)
    assert (
        "No term drifts, but 1 of 1 term is rendered, consistently, by a form that is not" in text
    )
    assert "allowed one" not in text
    assert "Forbidden renderings occur 6 times" in text
    assert "1 个术语中有 1 个始终用未获准的译法" in said(consistent_but_forbidden, "zh")


def test_terms_of_the_termbase_and_of_the_text_are_told_apart(
    consistent_but_forbidden: Evaluation,
) -> None:
    assert "1 of the 5 terms of the termbase occurs." in said(consistent_but_forbidden)


def test_both_p_values_stand_where_they_differ(evaluation: Evaluation, corpus: Corpus) -> None:
    heading = '<span class="t-en" lang="en">p (Holm)</span>'
    assert heading not in render_html(evaluation)  # one comparison a metric
    other = (*corpus.systems["bad"][:3], "Growth.")
    third = corpus.with_systems({**corpus.systems, "third": other})
    assert heading in render_html(evaluate(third, settings=QUICK))


def test_the_first_systems_are_said_to_be_some(corpus: Corpus) -> None:
    many = corpus.with_systems({f"s{n}": corpus.systems["good"] for n in range(4)})
    strings_of = data_of(render_html(evaluate(many, settings=QUICK)))["strings"]
    assert strings_of["en"]["systems_of"] == "showing {n} of {total} systems"


@pytest.fixture
def ranked() -> Evaluation:
    """Of 24 segments of 12 words, "third" has 6 as the reference, "second" 12, "first" 18.

    The baseline is "third", so that nothing compares the first with the second.
    """
    texts = [f"w{n} " + " ".join(f"x{n}y{k}" for k in range(11)) for n in range(24)]
    segments = tuple(Segment(str(n), "甲", (text,)) for n, text in enumerate(texts))
    systems = {
        name: tuple(t if n < kept else f"q{t[1:]} z z z" for n, t in enumerate(texts))
        for name, kept in (("third", 6), ("second", 12), ("first", 18))
    }
    return evaluate(Corpus("c", "zh", "en", segments, ("A",), systems), settings=QUICK)


def test_the_lead_is_over_the_runner_up(ranked: Evaluation) -> None:
    text = said(ranked)
    assert text.startswith("first scores best by BLEU")
    assert "Its lead over the runner-up second was not tested" in text
    assert "What to do: make first the baseline" in text
    assert "compared with the baseline, third." in text
    assert "0.05" not in text
    assert "Holm" not in text
    assert "对第二名 second 的领先未经检验" in said(ranked, "zh")
    two = evaluate(
        ranked.corpus.with_systems({n: ranked.corpus.systems[n] for n in ("second", "first")}),
        settings=QUICK,
    )
    assert "Its lead over the runner-up second is a real difference" in said(two)


def test_a_leader_that_breaks_the_termbase_is_said(termbase: Termbase) -> None:
    segments = tuple(Segment(str(n), "大模型。", ("A big model here.",)) for n in range(6))
    systems = {"kind": ("The large model.",) * 6, "bold": ("A big model here.",) * 6}
    corpus = Corpus("c", "zh", "en", segments, ("A",), systems)
    text = said(evaluate(corpus, termbase=termbase, settings=QUICK))
    assert text.startswith("bold scores best by")
    assert "But bold breaks the termbase: 6 forbidden renderings, against 0 in kind." in text
    bare = Corpus("c", "zh", "en", tuple(Segment(s.id, s.source) for s in segments), (), systems)
    text = said(evaluate(bare, termbase=termbase, settings=QUICK))
    assert text.startswith("kind keeps to the termbase most: 100.0\u00a0% of the terms found")
    assert text.endswith("No metric was scored.")
    zh = said(evaluate(bare, termbase=termbase, settings=QUICK), "zh")
    assert zh.startswith("kind 最遵从术语库")
