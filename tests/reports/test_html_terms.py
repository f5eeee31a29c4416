"""The terminology and findings sections: chance, shared renderings, the last delivery, severity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation, Finding
from xindaya.metrics.terminology import Drift
from xindaya.metrics.terminology.deliveries import compare_deliveries
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase
from xindaya.reports.html import render_html
from xindaya.reports.html.report import term_values
from xindaya.reports.html.report.overview import drifting_terms
from xindaya.reports.html.wording import Names, Sentence, in_words, plural, say

TERMS = Termbase(
    "terms",
    (
        Concept("cac", (Term("国家网信办", "zh"), Term("CAC", "en"),
                        Term("Network Office", "en", Status.FORBIDDEN))),
        Concept("cyber", (Term("网络安全", "zh"), Term("cybersecurity", "en"))),
        Concept("info", (Term("信息安全", "zh"), Term("information security", "en"))),
    ),
)  # fmt: skip
SENTENCES = (
    ("国家网信办发布第{}号通知。", "The CAC issues notice {}."),
    ("网络安全很重要，第{}条。", "The cybersecurity of article {} matters."),
    ("信息安全也重要，第{}条。", "The information security of article {} matters, too."),
)


def corpus(documents: int = 12) -> Corpus:
    """A document of three sentences, each with a term; every system follows the termbase."""
    segments = [
        Segment(f"d{d}-{n}", source.format(d), (english.format(d),), f"d{d}")
        for d in range(documents)
        for n, (source, english) in enumerate(SENTENCES)
    ]
    texts = tuple(s.references[0] or "" for s in segments)
    return Corpus("x", "zh", "en", tuple(segments), ("A",), {"steady": texts, "vendor": texts})


def changed(of: Corpus, was: str, now: str, documents: range) -> Corpus:
    """The same corpus in which vendor renders something otherwise in these documents."""
    names = {f"d{d}" for d in documents}
    outputs = tuple(
        text.replace(was, now) if s.document in names else text
        for s, text in zip(of.segments, of.systems["vendor"], strict=True)
    )
    return of.with_systems({**of.systems, "vendor": outputs})


def evaluated(texts: Corpus) -> Evaluation:
    settings = Settings(confidence_samples=20, test_samples=20)
    return evaluate(texts, termbase=TERMS, settings=settings)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """Vendor calls the office by a forbidden name, and information security cybersecurity."""
    texts = changed(corpus(), "CAC", "Network Office", range(12))
    return evaluated(changed(texts, "information security", "cybersecurity", range(3)))


@pytest.fixture(scope="module")
def page(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    before = evaluated(changed(corpus(), "CAC", "Network Office", range(0, 12, 4)))
    assert before.terminology
    assert evaluation.terminology
    previous = compare_deliveries(
        (before.corpus, before.terminology),
        (evaluation.corpus, evaluation.terminology),
        name="June <b>",
    )
    path = tmp_path_factory.mktemp("terms") / "terms.html"
    path.write_text(render_html(evaluation, previous=previous), "utf-8")
    return path


# ---- Values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drift", "q", "words"),
    [
        (None, None, ""),
        (Drift(None, None, (0, 3), 0), None, ""),
        (Drift(0.0, 1.0, (3, 3), 0), 1.0, "same"),
        (Drift(0.5, None, (3, 3), 2), None, "few"),
        (Drift(0.5, 0.01, (9, 9), 9), 0.049, "real"),
        (Drift(0.5, 0.01, (9, 9), 9), 0.05, "chance"),
    ],
)
def test_a_distance_in_a_word(drift: Drift | None, q: float | None, words: str) -> None:
    assert term_values.chance(drift and replace(drift, q_value=q)) == words


def test_systems_that_render_a_term_alike_share_a_line() -> None:
    texts = changed(corpus(), "CAC", "Network Office", range(2))
    both = texts.with_systems({**texts.systems, "again": texts.systems["vendor"]})
    [term] = drifting_terms(evaluated(both))
    assert (term.term, term.wanted, term.occurrences, term.systems) == ("国家网信办", "CAC", 12, 2)
    steady, drifting = term.rendered
    assert (steady.systems, steady.drifts) == (("steady",), False)
    assert (drifting.systems, drifting.drifts) == (("vendor", "again"), True)
    assert [(r.text, r.count) for r in drifting.renderings] == [("CAC", 10), ("Network Office", 2)]


# ---- Words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "said"),
    [("1", "1 segment<"), (1, "1 segment<"), ("2", "2 segments<"), ("0", "0 segments<"),
     ("1,001", "1,001 segments<"), ("21", "21 segments<")],
)  # fmt: skip
def test_one_is_not_plural(n: object, said: str) -> None:
    assert said in str(say("segments_n", n=n))
    assert "个句段" in str(say("segments_n", n=n))


def test_plurals_take_no_text_for_a_form() -> None:
    assert plural("{n} {n:a|b} {x}", {"n": 1, "x": "{n:a|b}"}) == "{n} a {x}"
    assert plural("a | b {n}", {"n": 1}) == "a | b {n}"


def test_sentences_without_markup() -> None:
    sentence = Sentence(
        "best_tie", {"systems": Names(["a", "b|", "c"]), "metrics": Names(["BLEU"])}
    )
    said = in_words(sentence, "en", lambda name: name.replace("|", "\\|"))
    assert said == "a, b\\| and c share the best score by BLEU."
    assert in_words(sentence, "zh") == "按 BLEU，a、b|、c 并列最高。"


# ---- Terminology in a browser ------------------------------------------------------------------


def test_distance_says_what_it_is_worth(browser: Any, page: Path) -> None:
    browser.open(page, "#view=terminology&term=cac")
    rows = browser.shown(".entry[open] .uses tbody tr:not(.earlier) td:last-child")
    assert [" ".join(row.split()) for row in rows] == ["0.00", "1.00 more than chance", "–"]


def test_terms_rendered_alike_lead_to_their_segments(browser: Any, page: Path) -> None:
    browser.open(page, "#view=terminology")
    assert browser.js("document.querySelector('.folded').open")
    rows = [" ".join(row.split()) for row in browser.shown(".alike tbody tr")]
    assert rows == ["cybersecurity 网络安全 names this term vendor 12", "信息安全 vendor 3"]
    browser.js("[...document.querySelectorAll('.alike button')].at(-1).click()")
    assert browser.shown(".segment h4") == ["d0-2", "d1-2", "d2-2"]


def test_the_last_delivery_stands_under_this_one(browser: Any, page: Path) -> None:
    browser.open(page, "#view=terminology&term=cac")
    assert browser.shown(".entry[open] .earlier .moved") == [
        "Unchanged",
        "Changed, more than chance (0.55)",
    ]
    # Of 12: 9 CAC then, none now. m = (3/8, 5/8): (3/4·log2(2) + 1/4·log2(2/5)) / 2
    # + log2(8/5) / 2 = 0.2098 + 0.3390. Nine documents differ: p = 2/2^9.
    parts = [" ".join(p.split()) for p in browser.shown(".entry[open] .earlier .part")]
    assert parts == ["A 12", "A 9", "B 3"]
    said = browser.shown(".beside .lead")[0]
    assert "Compared with June <b>: 12 documents have the same source in both" in said
    counts = [row.split() for row in browser.shown(".moves tbody tr")]
    assert counts == [["steady", "0", "0", "0", "3"], ["vendor", "1", "0", "1", "1"]]


def test_only_changed_terms_can_be_shown(browser: Any, page: Path) -> None:
    browser.open(page, "#view=terminology")
    assert browser.shown("#term-count") == ["3 of 3 terms"]
    browser.js("document.getElementById('term-changed').click()")
    assert browser.shown("#term-count") == ["2 of 3 terms"]
    assert "changed in 1 of 2" in " ".join(browser.shown(".entry summary"))


def test_a_report_without_an_earlier_one_has_no_such_section(
    browser: Any, evaluation: Evaluation, tmp_path: Path
) -> None:
    path = tmp_path / "r.html"
    path.write_text(render_html(evaluation), "utf-8")
    browser.open(path, "#view=terminology&term=cac")
    assert browser.shown(".moves, .earlier, #term-changed") == []


# ---- Findings in a browser ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def findings(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = (
        Finding("1", "forbidden-term", "vendor", "d0-0", "one", "error", "Terminology/Wrong term"),
        Finding("2", "forbidden-term", "vendor", "d1-0", "two", "error"),
        Finding("3", "numbers", "steady", "d1-0", "three"),
        Finding("4", "duplicate", "", "d2-0", "four", "note"),
        Finding("5", "own-kind", "vendor", "", "five"),
    )
    path = tmp_path_factory.mktemp("findings") / "f.html"
    path.write_text(render_html(replace(evaluation, findings=found)), "utf-8")
    return path


def test_findings_are_counted_by_kind_and_system(browser: Any, findings: Path) -> None:
    browser.open(findings, "#view=findings")
    assert browser.shown(".counts thead th") == ["Kind", "steady", "vendor", "test set", "All"]
    rows = [row.split("\t") for row in browser.shown(".counts tbody tr")]
    heads = [" ".join(row[0].split()[:2]) for row in rows]
    assert heads == [
        "error forbidden-term",
        "warning numbers",
        "warning own-kind",
        "note duplicate",
    ]
    assert [row[1:] for row in rows] == [
        ["–", "2", "–", "2"],
        ["1", "–", "–", "1"],
        ["–", "1", "–", "1"],
        ["–", "–", "1", "1"],
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("", ["one", "two", "three", "four", "five"]),
        ("severity=error", ["one", "two"]),
        ("severity=warning&fsys=%3Dvendor", ["five"]),
        ("fsys=-", ["four"]),
        ("kind=numbers", ["three"]),
    ],
)
def test_findings_are_filtered(browser: Any, findings: Path, state: str, said: list[str]) -> None:
    browser.open(findings, f"#view=findings&{state}")
    assert browser.shown(".findings tbody td:last-child > bdi") == said
    count = browser.shown("#findings [role=status]")
    assert count == [f"{len(said)} of 5 findings"]


def test_a_filter_that_nothing_passes_says_so(browser: Any, findings: Path) -> None:
    browser.open(findings, "#view=findings&severity=note&kind=numbers")
    assert browser.shown(".nothing") == ["No finding passes these filters."]


def test_a_count_leads_to_its_findings_by_keyboard(browser: Any, findings: Path) -> None:
    browser.open(findings, "#view=findings")
    label = browser.js(
        "(() => { const b = document.querySelector('.counts .count'); b.focus();"
        " return document.activeElement === b && b.getAttribute('aria-label'); })()"
    )
    assert label == "2 findings: forbidden-term, vendor"
    browser.js("document.activeElement.click()")
    assert browser.shown(".findings tbody td:last-child > bdi") == ["one", "two"]
    assert browser.js("document.activeElement.id") == "kind"


def test_a_finding_shows_its_category_and_its_segment(browser: Any, findings: Path) -> None:
    browser.open(findings, "#view=findings")
    assert browser.shown(".mqm") == ["MQM: Terminology › Wrong term"]
    cells = browser.shown(".findings tbody td:nth-child(4)")
    assert cells == ["d0-0", "d1-0", "d1-0", "d2-0", "whole text"]
    browser.js("document.querySelector('.findings tbody a').click()")
    assert browser.shown(".segment.target h4") == ["d0-0"]


@pytest.mark.parametrize("view", ["terminology&term=cac", "findings"])
def test_every_new_part_fits_a_phone(browser: Any, page: Path, view: str) -> None:
    browser.resize(390, 844)
    try:
        for lang in ("en", "zh"):
            browser.open(page, f"#view={view}&lang={lang}")
            assert browser.js("document.documentElement.scrollWidth") <= 390
            assert browser.complaints() == []
            assert browser.js("violations") == []
    finally:
        browser.resize(1400, 1000)


def test_scores_are_finer_than_they_are_shown(browser: Any, tmp_path: Path) -> None:
    texts = evaluated(corpus(2))
    path = tmp_path / "r.html"
    path.write_text(render_html(texts), "utf-8")
    browser.open(path, "#view=segments")
    assert browser.js("document.querySelector('.marks').innerText").endswith("100.0")
