"""The analysis section in a real browser: its numbers are the evaluation's, its links lead to texts."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation
from xindaya.metrics.analysis import analyse, ngrams, words
from xindaya.pairs import Corpus, Segment
from xindaya.reports.html import render_html, shell
from xindaya.reports.html.report.analysis.values import build_analysis
from xindaya.reports.html.strings import SCRIPT

HERE = Path(shell.__file__).parent
QUICK = Settings(metrics=("bleu", "chrf", "ter"), confidence_samples=0, test=None, baseline="base")
WORDS = [*"abcdefgh", "the", "minister", "said", "that", "new", "rule", "China", "soon"]


def made() -> Evaluation:
    """Ninety segments of thirty documents and two domains; three systems of falling quality."""
    rng = random.Random(11)
    segments, outputs = [], {"base": [], "good": [], "poor": []}  # type: ignore[var-annotated]
    for k in range(90):
        words = rng.choices(WORDS, k=rng.randrange(6, 14))
        source = "数据" * rng.randrange(2, 40)
        segments.append(
            Segment(f"s{k:02d}", source, (" ".join(words),), f"d{k // 3:02d}", f"x{k // 45}")
        )
        for (name, texts), share in zip(outputs.items(), (0.2, 0.1, 0.5), strict=True):
            kept = [w if rng.random() > share else rng.choice(WORDS) for w in words]
            texts.append("" if name == "poor" and k == 40 else " ".join(kept))
    titles = {"d00": "First & <b>only</b>"}
    systems = {name: tuple(texts) for name, texts in outputs.items()}
    corpus = Corpus("made", "zh", "en", tuple(segments), ("A",), systems, titles)
    return evaluate(corpus, settings=QUICK)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return made()


@pytest.fixture(scope="module")
def page(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "made.html"
    path.write_text(render_html(evaluation), "utf-8")
    return path


def table(browser: Any, selector: str) -> list[list[str]]:
    """Returns the cells of a table's body, as shown."""
    rows = f"document.querySelectorAll({json.dumps(selector + ' tbody tr')})"
    return list(browser.js(f"[...{rows}].map((r) => [...r.cells].map((c) => c.innerText.trim()))"))


def click(browser: Any, selector: str, number: int = 0) -> None:
    browser.js(f"document.querySelectorAll({json.dumps(selector)})[{number}].click()")


def topic(name: str, then: str = "") -> str:
    return f"[data-topic={name}] {then}"


# ---- Parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ["BLEU", "chrF2"])
def test_parts_show_the_scores_of_the_analysis(
    browser: Any, page: Path, evaluation: Evaluation, metric: str
) -> None:
    browser.open(page, f"#view=analysis&metric={metric}")
    found = analyse(evaluation)
    for name, slices in (("by_length", found.lengths), ("by_domain", found.domains)):
        expected = [
            [s.label, str(len(s.places)), *(f"{score:.1f}" for score in s.scores[metric])]
            for s in slices
        ]
        shown = [row[:2] + row[3:] for row in table(browser, topic(name))]
        assert shown == expected


@pytest.mark.parametrize("metric", ["BLEU", "TER"])
def test_the_hardest_documents_come_first_and_all_can_be_reached(
    browser: Any, page: Path, metric: str
) -> None:
    browser.open(page, f"#view=analysis&metric={metric}")
    sign = -1 if metric == "TER" else 1
    order = browser.js(
        "document.querySelector('#heat-document [data-by=\"-1\"]').parentElement.ariaSort"
    )
    assert order == ("descending" if metric == "TER" else "ascending")
    middles = [sign * float(row[2]) for row in table(browser, "#heat-document")]
    assert len(middles) == 20
    assert middles == sorted(middles)
    click(browser, topic("by_document", ".pager button:enabled"))
    rest = [sign * float(row[2]) for row in table(browser, "#heat-document")]
    assert len(rest) == 10
    assert middles[-1] <= rest[0]


def test_a_heading_sorts_the_documents(
    browser: Any, page: Path, evaluation: Evaluation
) -> None:  # fmt: skip
    browser.open(page, "#view=analysis")
    scores = evaluation.document_scores["BLEU"]["good"]
    for order, best in (("ascending", False), ("descending", True)):
        click(browser, "#heat-document [data-by='1']")
        assert browser.js("document.activeElement.parentElement.ariaSort") == order
        shown = table(browser, "#heat-document")[0]
        assert shown[4] == f"{(max if best else min)(scores.values()):.1f}"


def test_a_document_leads_to_its_segments(browser: Any, page: Path) -> None:
    browser.open(page, "#view=analysis")
    links = topic("by_document", "tbody a")
    name = browser.shown(links)[3]
    click(browser, links, 3)
    assert browser.shown("#count") == ["3 of 90 segments"]
    assert browser.js("document.getElementById('doc').value") == name
    browser.js("history.back()")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert browser.js("!document.getElementById('analysis').hidden")


@pytest.mark.parametrize("kind", ["length", "domain"])
def test_a_part_is_a_filter(
    browser: Any, page: Path, evaluation: Evaluation, kind: str
) -> None:  # fmt: skip
    browser.open(page, "#view=analysis")
    click(browser, topic(f"by_{kind}", "tbody a"), 1)
    part = {"length": analyse(evaluation).lengths, "domain": analyse(evaluation).domains}[kind][1]
    assert browser.shown("#count") == [f"{len(part.places)} of 90 segments"]
    assert browser.js("document.getElementById('part').value") == f"{kind}:{part.label}"
    click(browser, "#reset")
    assert browser.shown("#count") == ["90 of 90 segments"]


def test_an_unknown_part_filters_nothing(browser: Any, page: Path) -> None:
    browser.open(page, "#view=segments&part=length:never")
    assert browser.shown("#count") == ["90 of 90 segments"]


# ---- Distributions and pairs -----------------------------------------------------------------


def test_distribution_shows_quartiles_and_counts(
    browser: Any, page: Path, evaluation: Evaluation
) -> None:
    browser.open(page, "#view=analysis&metric=chrF2")
    found = analyse(evaluation).distributions["chrF2"]
    shown = table(browser, ".ridges")
    for row, quartiles in zip(shown, found.quartiles, strict=True):
        assert quartiles
        low, middle, high = (f"{q:.1f}" for q in quartiles)
        assert row[2:] == [middle, f"{low}–{high}"]
    hints = browser.js(
        "[...document.querySelector('.ridge').querySelectorAll('title')].map((t) => t.textContent)"
    )
    counts = [int(re.search(r": (\d+) ", hint)[1]) for hint in hints]  # type: ignore[index]
    assert tuple(counts) == found.counts[0]


@pytest.mark.parametrize(("a", "b"), [("good", "base"), ("poor", "good")])
def test_a_pair_counts_better_level_and_worse(
    browser: Any, page: Path, evaluation: Evaluation, a: str, b: str
) -> None:
    browser.open(page, "#view=analysis")
    browser.set("x", a)
    browser.set("y", b)
    scores = evaluation.segment_scores["BLEU"]
    leads = [round(100 * x) - round(100 * y) for x, y in zip(scores[a], scores[b], strict=True)]
    counts = [sum(d < 0 for d in leads), sum(d == 0 for d in leads), sum(d > 0 for d in leads)]
    assert [int(s.split()[0]) for s in browser.shown(".share strong")] == counts
    bars = browser.js(
        "[...document.querySelectorAll('svg.pair .m-better')].map((b) => "
        "Number(b.parentElement.querySelector('title').textContent.match(/: (\\d+) /)[1]))"
    )
    assert sum(bars) == counts[2]
    click(browser, topic("pair", ".ways a"))
    assert browser.shown("#count") == [f"{counts[2]} of 90 segments"]
    first = max(range(90), key=lambda i: (leads[i], -i))
    assert browser.shown(".segment h4")[0] == f"s{first:02d}"


def test_a_system_is_not_compared_with_itself(browser: Any, page: Path) -> None:
    browser.open(page, "#view=analysis&x=good&y=good")
    assert browser.shown("svg.pair") == []
    assert browser.complaints() == []


# ---- Words -----------------------------------------------------------------------------------


def test_phrases_lead_to_a_search(browser: Any, page: Path, evaluation: Evaluation) -> None:
    browser.open(page, "#view=analysis")
    browser.set("phrase-system", "poor")
    comparison = next(c for c in analyse(evaluation).ngrams if c.system == "poor")
    rows = table(browser, topic("ngrams", ".two-up > :last-child"))
    expected = [[g.text, str(g.only), str(g.other), str(g.segments)] for g in comparison.missed]
    assert rows == expected
    click(browser, topic("ngrams", ".two-up > :last-child tbody a"))
    assert browser.js("document.getElementById('search').value") == comparison.missed[0].text
    assert browser.js("[...document.querySelectorAll('.picker input')]"
                      ".map((i) => i.checked)") == [True, False, True]  # fmt: skip
    assert browser.shown(".hit")


def test_word_accuracy_table(browser: Any, page: Path, evaluation: Evaluation) -> None:
    browser.open(page, "#view=analysis")
    found = analyse(evaluation).words
    assert found
    expected = [
        [label, str(words), *(f"{100 * f[k]:.1f}" for f in found.f_measure if f[k] is not None)]
        for k, (label, words) in enumerate(zip(found.labels, found.words, strict=True))
        if words
    ]
    assert [row[:2] + row[3:] for row in table(browser, "#heat-words")] == expected


# ---- Segments and findings -------------------------------------------------------------------


def test_worst_segments_lead_to_themselves(
    browser: Any, page: Path, evaluation: Evaluation
) -> None:
    browser.open(page, "#view=analysis")
    browser.set("worst-of", "2")
    worst = analyse(evaluation).extremes["BLEU"].worst_of[2]
    rows = table(browser, topic("read_first", ".extremes"))
    assert [row[0] for row in rows[:15]] == [f"s{i:02d}" for i in worst]
    assert rows[0][2] == "0.0"  # the empty output
    different = analyse(evaluation).extremes["BLEU"].different
    assert [row[0] for row in rows[15:]] == [f"s{i:02d}" for i in different]
    click(browser, topic("read_first", "tbody a"), 1)
    assert browser.shown(".segment.target h4") == [f"s{worst[1]:02d}"]


def test_findings_are_counted_by_kind(browser: Any, page: Path, evaluation: Evaluation) -> None:
    browser.open(page, "#view=analysis")
    kinds = [f.kind for f in evaluation.findings]
    shown = {row[0]: int(row[1]) for row in table(browser, ".tallies")}
    assert shown == {kind: kinds.count(kind) for kind in kinds}
    kind = browser.shown(".tallies a")[0]
    click(browser, ".tallies a")
    assert browser.js("document.getElementById('kind').value") == kind


# ---- The section as a whole ------------------------------------------------------------------


def test_the_metric_is_part_of_the_address(browser: Any, page: Path) -> None:
    browser.open(page, "#view=analysis")
    before = browser.shown("#heat-length")
    browser.set("metric", "chrF2")
    assert "metric=chrF2" in browser.js("location.hash")
    assert browser.shown("#heat-length") != before
    assert browser.js("document.activeElement.id") == "metric"


def test_the_contents_lead_to_their_topics(browser: Any, page: Path) -> None:
    browser.open(page, "#view=analysis")
    headings = browser.shown(".topic > h3")
    assert browser.shown(".way") == headings
    click(browser, ".way", 4)
    assert browser.js("document.activeElement.innerText") == headings[4]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_a_phone_and_is_printed(browser: Any, page: Path, lang: str) -> None:
    browser.resize(390, 844)
    try:
        browser.open(page, f"#view=analysis&lang={lang}")
        assert browser.js("document.documentElement.scrollWidth") <= 390
    finally:
        browser.resize(1400, 1000)
    browser.open(page, f"#lang={lang}")
    browser.js("dispatchEvent(new Event('beforeprint'))")
    assert browser.js("document.querySelectorAll('#analysis .topic').length") == 9
    assert browser.complaints() == []


@pytest.mark.parametrize("case", ["one system", "no reference", "two segments"])
def test_little_to_analyse(
    browser: Any, evaluation: Evaluation, tmp_path: Path, case: str
) -> None:  # fmt: skip
    corpus = evaluation.corpus
    if case == "one system":
        corpus = corpus.with_systems({"base": corpus.systems["base"]})
    elif case == "no reference":
        segments = tuple(replace(s, references=()) for s in corpus.segments)
        corpus = replace(corpus, segments=segments, reference_names=())
    else:
        segments = tuple(replace(s, source=None) for s in corpus.segments[:2])
        outputs = {s: texts[:2] for s, texts in corpus.systems.items()}
        corpus = replace(corpus, segments=segments, systems=outputs)
    path = tmp_path / "little.html"
    path.write_text(render_html(evaluate(corpus, settings=QUICK)), "utf-8")
    browser.open(path, "#view=analysis")
    assert browser.complaints() == []
    assert "undefined" not in browser.js("document.getElementById('analysis').innerText")
    assert "NaN" not in browser.js("document.getElementById('analysis').outerHTML")


def test_what_takes_too_long_is_left_out_and_named(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ngrams, "BUDGET", 1)
    monkeypatch.setattr(words, "BUDGET", 1)
    segments = tuple(Segment(f"{k}", "fine weather", ("今天天气很好",)) for k in range(3))
    texts = {"base": "天气好", "good": "今天天气好", "poor": "坏"}
    corpus = Corpus("c", "en", "zh", segments, ("A",), {s: (t,) * 3 for s, t in texts.items()})
    path = tmp_path / "zh.html"
    path.write_text(render_html(evaluate(corpus, settings=QUICK)), "utf-8")
    browser.open(path, "#view=analysis")
    assert browser.shown(topic("word_accuracy", ".notice"))[0].endswith("not poor.")
    assert "only the best systems" in browser.shown(topic("ngrams"))[0]
    assert browser.shown("#phrase-system option") == ["good"]
    assert browser.shown(topic("ngrams", "tbody th"))[0] == "今天天气"


def test_every_word_of_the_scripts_is_in_the_table() -> None:
    known = SCRIPT["en"]
    scripts = [path.read_text("utf-8") for path in (HERE / "report").rglob("*.js")]
    said = {key for script in scripts for key in re.findall(r'\bt\("(\w+)"[,)]', script)}
    assert len(said) > 100
    assert said <= known.keys()


def test_scripts_name_nothing_twice() -> None:
    """They make one function: a second function of a name would silently replace the first."""
    scripts = [path.read_text("utf-8") for path in (HERE / "report").rglob("*.js")]
    names = re.findall(
        r"^(?:async )?(?:function|const|let) (\w+)", "\n".join(scripts), re.MULTILINE
    )
    assert len(names) == len(set(names))


def test_values_are_numbers_of_the_last_decimal(evaluation: Evaluation) -> None:
    value = build_analysis(evaluation, [1, 1, 1])
    length = analyse(evaluation).lengths[0]
    width = len(evaluation.systems)
    assert value["parts"]["length"]["scores"][0][:width] == [
        round(10 * s) for s in length.scores["BLEU"]
    ]
    assert json.loads(json.dumps(value, allow_nan=False))


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_numbers_can_be_read_on_the_fullest_colour(scheme: int) -> None:
    style = (HERE / "report" / "analysis" / "analysis.css").read_text("utf-8")
    shared = (HERE / "shell.css").read_text("utf-8")
    ink = re.findall(r"--ink: (#[0-9a-f]{6})", shared)[scheme]
    for name in ("better", "worse"):
        ground = re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style)[scheme]
        low, high = sorted(map(luminance, (ink, ground)))
        assert (high + 0.05) / (low + 0.05) >= 4.5
