"""The report in a real browser: nothing foreign runs, nothing is requested, everything works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase
from xindaya.reports.html import render_html

# ---- Corpora ---------------------------------------------------------------------------------

SCRIPT = "</script><script>document.title='owned';window.owned=1</script>"
IMAGE = "<img src=x onerror=\"document.title='owned';window.owned=1\">"
ODD = "{{ 7*7 }} ${owned} \u2028\u2029\u202e\u2066\x00\ud800 ]]> <!-- --> &amp; javascript:alert(1)"
EVIL = SCRIPT + IMAGE + ODD
QUICK = Settings(confidence_samples=40, test_samples=40)


def small_corpus() -> tuple[Corpus, Termbase]:
    """Thirty segments: two systems, one of which changes its mind about a term halfway."""
    segments, good, bad = [], [], []
    for k in range(30):
        source = f"国家网信办发布第{k}号通知𠀀。" if k % 3 == 0 else f"第{k}天天气很好。"
        english = f"The CAC issues notice {k}." if k % 3 == 0 else f"Day {k} is fine."
        segments.append(Segment(f"s{k:02d}", source, (english,), f"d{k // 10}"))
        good.append(english)
        worse = english.replace("The CAC", "The Network Office") if k >= 15 else english
        bad.append("" if k == 7 else worse)
    terms = (
        Term("国家网信办", "zh"),
        Term("CAC", "en"),
        Term("Network Office", "en", Status.FORBIDDEN, note="never"),
    )
    corpus = Corpus("small", "zh", "en", tuple(segments), ("A",), {"good": tuple(good),
                                                                  "bad": tuple(bad)})  # fmt: skip
    return corpus, Termbase("terms", (Concept("cac", terms),))


def evil_evaluation() -> Evaluation:
    """Hostile text wherever text may come from."""
    segments = tuple(
        Segment(f"{EVIL}{k}", f"国家网信办{EVIL}", (f"CAC {EVIL}", EVIL), f"{EVIL}{k % 2}")
        for k in range(4)
    )
    outputs = {f"{name}{EVIL}": tuple(f"{EVIL} CAC {EVIL}" for _ in segments) for name in "ab"}
    outputs["c"] = ("", "  ", EVIL, "CAC")
    corpus = Corpus(EVIL, "zh", "en", segments, (EVIL, "B"), outputs,
                    {f"{EVIL}0": EVIL}, EVIL, EVIL)  # fmt: skip
    terms = (
        Term("国家网信办", "zh", note=EVIL),
        Term("CAC", "en", note=EVIL),
        Term(EVIL, "en", Status.FORBIDDEN, note=EVIL),
    )
    termbase = Termbase(EVIL, (Concept(EVIL, terms, extra={"x": EVIL}),))
    return evaluate(corpus, termbase=termbase, settings=QUICK, command=EVIL)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus, termbase = small_corpus()
    path = tmp_path_factory.mktemp("report") / "small.html"
    path.write_text(render_html(evaluate(corpus, termbase=termbase, settings=QUICK)), "utf-8")
    return path


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "evil.html"
    path.write_text(render_html(evil_evaluation()), "utf-8")
    return path


VIEWS = ("summary", "significance", "analysis", "terminology", "segments", "findings", "provenance")


# ---- Safety ----------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_text_stays_text(browser: Any, evil: Path, view: str) -> None:
    browser.open(evil, f"#view={view}")
    browser.js("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    browser.js("new Promise((done) => setTimeout(done, 50))")
    assert not browser.js("document.title === 'owned' || 'owned' in window")
    assert browser.js("document.querySelectorAll('script').length") == 2
    assert browser.js("document.querySelectorAll('img, iframe, link, object').length") == 0
    assert browser.requests() == [evil.as_uri()]
    assert browser.js("violations") == []
    assert browser.complaints() == []


def test_hostile_segments_are_shown_as_they_are(browser: Any, evil: Path) -> None:
    browser.open(evil, "#view=segments")
    text = browser.shown(".source .text")[0]
    assert "</script><script>document.title='owned'" in text
    assert "{{ 7*7 }}" in text
    chips = set(browser.shown(".source .chip"))
    assert {"LSEP", "PSEP", "RLO", "LRI", "NUL", "U+D800"} <= chips


def test_every_segment_text_is_isolated(browser: Any, page: Path) -> None:
    browser.open(page, "#view=segments")
    texts = "[...document.querySelectorAll('.text')]"
    assert browser.js(f"{texts}.every((e) => e.matches('bdi[lang][dir=auto]'))")
    assert browser.js("document.querySelector('.source .text').lang") == "zh"
    assert browser.js("document.querySelector('.output .text').lang") == "en"


# ---- Segments --------------------------------------------------------------------------------


def test_segments_are_shown_in_pages(browser: Any, page: Path) -> None:
    browser.open(page, "#view=segments")
    assert browser.shown("#count") == ["30 of 30 segments"]
    assert len(browser.shown(".segment")) == 20
    browser.press("]")
    assert len(browser.shown(".segment")) == 10
    assert "page=2" in browser.js("location.hash")


@pytest.mark.parametrize(
    ("query", "found"), [("第3天", 0), ("第4天", 1), ("NOTICE 1", 3), ("s07", 1), ("<b>", 0)]
)
def test_search(browser: Any, page: Path, query: str, found: int) -> None:
    browser.open(page, "#view=segments")
    browser.set("search", query, "input")
    assert browser.shown("#count") == [f"{found} of 30 segments"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("flag=forbidden", ["s15", "s18", "s21", "s24", "s27"]),
        ("flag=empty", ["s07"]),
        ("doc=d0&concept=cac", ["s00", "s03", "s06", "s09"]),
        ("concept=cac&form=CAC&on=1", ["s00", "s03", "s06", "s09", "s12"]),
        ("flag=forbidden&sys=good", []),
        ("a=good&b=bad&min=90", ["s07"]),
        ("a=bad&b=good&min=0", []),
    ],
)
def test_filters(browser: Any, page: Path, state: str, found: list[str]) -> None:
    browser.open(page, f"#view=segments&{state}")
    assert browser.shown(".segment h4") == found


def test_sorting_by_a_systems_score(browser: Any, page: Path) -> None:
    browser.open(page, "#view=segments")
    browser.set("sort", "+bad")
    assert browser.shown(".segment h4")[0] == "s07"
    scores = [float(s.split()[-1]) for s in browser.shown("[data-system=bad] .marks")]
    assert scores == sorted(scores)


def test_a_link_leads_to_its_segment(browser: Any, page: Path) -> None:
    browser.open(page, "#seg=s25")
    assert browser.shown(".segment.target h4") == ["s25"]
    assert browser.js("document.activeElement.matches('.target')")
    top = browser.js("document.querySelector('.target').getBoundingClientRect().top")
    assert 0 <= top < 400


def test_terms_and_differences_are_marked(browser: Any, page: Path) -> None:
    browser.open(page, "#seg=s15")
    assert browser.shown(".target .source mark") == ["国家网信办"]
    assert browser.shown(".target [data-system=bad] mark.st-forbidden") == ["Network Office"]
    assert browser.shown(".target [data-system=bad] ins") == ["Network Office"]
    assert browser.shown(".target [data-system=bad] del") == ["CAC"]
    assert "forbidden" in browser.shown(".target [data-system=bad] .problems")[0]
    assert browser.shown(".target [data-system=good] ins") == []


def test_keys_reach_everything(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.press("5")
    assert browser.js("!document.getElementById('segments').hidden")
    browser.press("j")
    browser.press("j")
    assert browser.js("document.activeElement.querySelector('h4').innerText") == "s01"
    browser.press("/")
    assert browser.js("document.activeElement.id") == "search"


# ---- Terminology, findings, language ---------------------------------------------------------


def test_a_switch_is_visible_and_leads_to_segments(browser: Any, page: Path) -> None:
    browser.open(page, "#view=terminology")
    assert "drifts in 1 of 2 systems" in browser.shown(".entry summary")[0]
    strips = ["".join(s.split()) for s in browser.shown(".strip")]
    assert strips == ["A" * 10, "AAAAABBBBB", "A" * 10]
    browser.js("document.querySelectorAll('.uses tr')[2].querySelectorAll('.part')[1].click()")
    assert browser.shown(".segment h4") == ["s15", "s18", "s21", "s24", "s27"]
    browser.js("history.back()")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert browser.js("!document.getElementById('terminology').hidden")


def test_findings_link_to_segments(browser: Any, page: Path) -> None:
    browser.open(page, "#view=findings&kind=empty")
    assert len(browser.shown(".findings tbody tr")) == 1
    browser.js("document.querySelector('.findings tbody a').click()")
    assert browser.shown(".segment.target h4") == ["s07"]


def test_the_language_can_be_switched(browser: Any, page: Path) -> None:
    browser.open(page)
    assert "scores best" in browser.shown(".verdict")[0]
    browser.js("document.getElementById('language').click()")
    assert "得分最高" in browser.shown(".verdict")[0]
    assert "scores best" not in browser.shown(".verdict")[0]
    assert browser.js("document.documentElement.lang") == "zh"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_view_fits_a_phone(browser: Any, page: Path, view: str, lang: str) -> None:
    browser.resize(390, 844)
    try:
        browser.open(page, f"#view={view}&lang={lang}")
        assert browser.js("document.documentElement.scrollWidth") <= 390
        assert browser.complaints() == []
    finally:
        browser.resize(1400, 1000)


def test_compressed_data_opens(browser: Any, tmp_path: Path) -> None:
    corpus, _ = small_corpus()
    segments = tuple(Segment(f"{n}-{s.id}", s.source, s.references, s.document)
                     for n in range(200) for s in corpus.segments)  # fmt: skip
    many = Corpus("many", "zh", "en", segments, ("A",),
                  {name: texts * 200 for name, texts in corpus.systems.items()})  # fmt: skip
    evaluation = evaluate(many, settings=Settings(confidence_samples=0, test=None))
    path = tmp_path / "many.html"
    path.write_text(render_html(evaluation), "utf-8")
    browser.open(path, "#view=segments&flag=empty")
    assert browser.shown("#count") == ["200 of 6,000 segments"]


@pytest.mark.parametrize(
    ("text", "other", "added", "missing"),
    [
        ("a b c", "a b c", [], []),
        ("a x c", "a b c", ["x"], ["b"]),
        ("a b", "a b c d", [], ["c d"]),
        ("新的规定", "新规定", ["的"], []),
        ("", "a", None, None),
    ],
)
def test_differences(browser: Any, tmp_path: Path, text: str, other: str,
                     added: list[str] | None, missing: list[str] | None) -> None:  # fmt: skip
    corpus = Corpus("d", "zh", "en", (Segment("1", "源", (other,)),), ("A",), {"s": (text,)})
    path = tmp_path / "d.html"
    path.write_text(render_html(evaluate(corpus, settings=QUICK)), "utf-8")
    browser.open(path, "#view=segments")
    assert browser.shown(".output ins") == (added or [])
    assert browser.shown(".output del") == (missing or [])
