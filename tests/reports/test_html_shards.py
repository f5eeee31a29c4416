"""A report in parts: nothing lost, nothing twice, and a way from every file to the others."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation, Finding
from xindaya.pairs import Concept, Corpus, InputError, Segment, Status, Term, Termbase
from xindaya.report_files import write_report
from xindaya.reports.html import render_html, render_report
from xindaya.reports.html.report import shards
from xindaya.reports.html.report.payload import build_payload

EVIL = "</script><img src=x onerror=alert(1)>{{ 7*7 }}"
SMALL = 1_600  # bytes a part: five or six documents of this corpus


def small_corpus(name: str = "corpus") -> tuple[Corpus, Termbase]:
    """Forty segments in eight documents; one system changes its mind about a term halfway."""
    segments, good, bad = [], [], []
    for k in range(40):
        named = k % 4 == 0
        source = f"国家网信办发布第{k}号通知。" if named else f"第{k}天天气很好。"
        english = f"The CAC issues notice {k}." if named else f"Day {k} is fine."
        segments.append(Segment(f"s{k:02d}", source, (english,), f"d{k // 5}"))
        good.append(english)
        worse = english.replace("The CAC", "The Network Office") if k >= 20 else english
        bad.append("" if k == 7 else worse)
    terms = (
        Term("国家网信办", "zh"),
        Term("CAC", "en"),
        Term("Network Office", "en", Status.FORBIDDEN),
    )
    systems = {"good": tuple(good), "bad": tuple(bad)}
    corpus = Corpus(name, "zh", "en", tuple(segments), ("A",), systems)
    return corpus, Termbase("terms", (Concept("cac", terms),))


def evaluated(name: str = "corpus") -> Evaluation:
    corpus, termbase = small_corpus(name)
    settings = Settings(confidence_samples=20, test_samples=20)
    return evaluate(corpus, termbase=termbase, settings=settings)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluated()


@pytest.fixture(scope="module")
def payload(evaluation: Evaluation) -> dict[str, Any]:
    return build_payload(evaluation)


@pytest.fixture(scope="module")
def folder(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("parts")
    write_report(evaluation, place / "my report.html", most=SMALL)
    return place


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    value = json.loads(found[1])
    return json.loads(gzip.decompress(base64.b64decode(value))) if isinstance(value, str) else value


# ---- Where the parts begin -------------------------------------------------------------------


def test_a_small_report_is_one_file(evaluation: Evaluation) -> None:
    [(name, text)] = render_report(evaluation)
    assert name == "report.html"
    assert text == render_html(evaluation)


def weighed(*documents: list[int]) -> dict[str, Any]:
    """A payload of segments of these weights, a list a document; one text each."""
    weights = [weight for document in documents for weight in document]
    return {
        "segments": {
            "ids": list(range(len(weights))),
            "documents": [d for d, document in enumerate(documents) for _ in document],
            "texts": ["x" * (weight - shards.CELL_BYTES) for weight in weights],
        }
    }


@pytest.mark.parametrize(
    ("documents", "ends"),
    [
        ([[40, 40], [40, 40]], []),  # 160 in all: fits
        ([[50, 50], [50, 50]], [2, 4]),
        ([[50], [50], [50, 50], [50]], [2, 5]),  # 50 + 50 + 100 is too much, 100 + 50 fits
        ([[90, 90, 90], [50]], [1, 2, 4]),  # a document of 270 is cut
        ([[500], [50]], [1, 2]),  # a segment is not
    ],
)
def test_parts_are_whole_documents_where_they_fit(
    documents: list[list[int]], ends: list[int]
) -> None:
    found = shards.plan(weighed(*documents), most=160)
    assert [s.last for s in found] == ends
    assert [s.first for s in found] == ([0, *ends[:-1]] if ends else [])
    assert all(s.total == len(ends) for s in found)


def test_wide_characters_weigh_their_bytes() -> None:
    text = "网" * 10
    content = {"segments": {"ids": [1, 2], "documents": [0, 1], "texts": [text, text]}}
    both = 2 * (shards.CELL_BYTES + 30)  # three bytes a character
    assert shards.plan(content, most=both) == []
    assert len(shards.plan(content, most=both - 1)) == 2


# ---- What is in them -------------------------------------------------------------------------


def test_the_parts_together_are_the_whole(payload: dict[str, Any]) -> None:
    plan = shards.plan(payload, SMALL)
    parts = [shards.part(payload, shard, "../r.html") for shard in plan]
    assert len(parts) > 2
    for key in ("ids", "texts"):
        assert [x for p in parts for x in p["segments"][key]] == payload["segments"][key]
    for m, column in enumerate(payload["scores"]):
        assert [x for p in parts for x in p["scores"][m]] == column
    homes = [p["documents"][d] for p in parts for d in p["segments"]["documents"]]
    assert homes == [payload["documents"][d] for d in payload["segments"]["documents"]]
    for k in range(2):
        for key in ("verdicts", "form", "start", "end"):
            together = [x for p in parts for x in p["terms"]["texts"][k][key]]
            assert together == list(payload["terms"]["texts"][k][key])
    places = [
        place + shard.first
        for shard, p in zip(plan, parts, strict=True)
        for place in p["terms"]["sites"]["segment"]
    ]
    assert places == payload["terms"]["sites"]["segment"]
    empty = [
        place + shard.first
        for shard, p in zip(plan, parts, strict=True)
        for place in p["segments"]["empty"][1]
    ]
    assert empty == [7]


def test_findings_of_segments_are_in_their_part_and_all_are_in_the_whole(
    payload: dict[str, Any],
) -> None:
    plan = shards.plan(payload, SMALL)
    found = [
        (shard.first + place, message)
        for shard in plan
        for f in [shards.part(payload, shard, "")["findings"]]
        for place, message in zip(f["segment"], f["message"], strict=True)
    ]
    every = payload["findings"]
    assert found == [
        (p, m) for p, m in zip(every["segment"], every["message"], strict=True) if p >= 0
    ]
    assert shards.whole(payload, plan, "r")["findings"] == every


def test_the_whole_has_no_texts_but_those_it_quotes(payload: dict[str, Any]) -> None:
    whole = shards.whole(payload, shards.plan(payload, SMALL), "r")
    assert whole["segments"]["texts"] == []
    width = 4
    for place, source in whole["segments"]["sources"].items():
        assert source == payload["segments"]["texts"][int(place) * width]
    assert whole["scores"] == payload["scores"]
    assert whole["terms"] == payload["terms"]


def test_a_report_without_terms_is_cut_too() -> None:
    corpus, _ = small_corpus()
    values = build_payload(evaluate(corpus, settings=Settings(confidence_samples=0, test=None)))
    first = shards.plan(values, SMALL)[0]
    assert shards.part(values, first, "")["terms"] is None


# ---- The files -------------------------------------------------------------------------------


def test_files_and_their_policy(folder: Path, evaluation: Evaluation) -> None:
    names = sorted(p.name for p in (folder / "my report").iterdir())
    assert names[0] == "segments-0001.html"
    assert len(names) > 2
    whole = (folder / "my report.html").read_text("utf-8")
    assert data_of(whole)["shards"]["files"] == [f"my%20report/{name}" for name in names]
    for path in folder.rglob("*.html"):
        page = path.read_text("utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
        assert policy
        assert policy[1].startswith("default-src &#39;none&#39;; ")
        assert "unsafe" not in policy[1]
        assert not re.search(r"https?://|\bsrc=|@import|url\(|<link|\sstyle=|\son[a-z]+=",
                             page.replace("http://www.w3.org/2000/svg", ""))  # fmt: skip
    assert f"Part 1 of {len(names)}" in (folder / "my report" / names[0]).read_text("utf-8")


def test_same_evaluation_same_files() -> None:
    assert list(render_report(evaluated(), most=SMALL)) == list(
        render_report(evaluated(), most=SMALL)
    )


def test_hostile_names_stay_text_in_every_part() -> None:
    corpus, termbase = small_corpus(EVIL)
    segments = tuple(
        replace(s, id=s.id + EVIL, document=s.document + EVIL) for s in corpus.segments
    )
    evil = replace(corpus, segments=segments)
    evaluation = evaluate(
        evil, termbase=termbase, settings=Settings(confidence_samples=0, test=None)
    )
    evaluation = replace(evaluation, findings=(Finding(EVIL, EVIL, EVIL, segments[0].id, EVIL),))
    for _, page in render_report(evaluation, name="r", most=9_000):
        assert "<img" not in page
        assert page.count("<script") == 2
        assert "&lt;img src=x onerror" in page


def test_a_folder_of_something_else_is_left_alone(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("mine")
    (tmp_path / "r.html").write_text("old")
    with pytest.raises(InputError, match="something else"):
        write_report(evaluation, tmp_path / "r.html", most=SMALL)
    assert (tmp_path / "r" / "mine.txt").read_text() == "mine"
    assert (tmp_path / "r.html").read_text() == "old"


def test_parts_of_an_earlier_report_are_replaced(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(evaluation, tmp_path / "r.html", most=1_000)
    many = len(list((tmp_path / "r").iterdir()))
    write_report(evaluation, tmp_path / "r.html", most=SMALL)
    assert 1 < len(list((tmp_path / "r").iterdir())) < many


# ---- In a browser ----------------------------------------------------------------------------


def settled(browser: Any, where: str) -> None:
    """Waits until the browser shows a page whose address ends so, drawn."""
    ready = f"location.href.includes({json.dumps(where)}) && document.documentElement.dataset.ready === 'yes'"
    for _ in range(500):
        with contextlib.suppress(AssertionError):  # asked while one page gives way to the other
            if browser.js(ready):
                return
        time.sleep(0.02)
    raise AssertionError(browser.js("location.href"))


def file_of(folder: Path, segment: str) -> str:
    data = data_of((folder / "my report.html").read_text("utf-8"))
    place = data["segments"]["ids"].index(segment)
    files = zip(data["shards"]["files"], data["shards"]["first"], strict=True)
    return str([file for file, first in files if first <= place][-1])


def test_a_term_leads_to_its_segment_in_another_file(browser: Any, folder: Path) -> None:
    browser.open(folder / "my report.html", "#view=terminology&term=cac&lang=zh")
    label = "s36"
    browser.js(
        f"[...document.querySelectorAll('.strip a')].find((a) => a.title.includes('{label}')).click()"
    )
    settled(browser, file_of(folder, label))
    assert browser.shown(".segment.target h4") == [label]
    assert browser.js("document.documentElement.lang") == "zh"
    assert browser.js("violations") == []
    browser.press("4")
    settled(browser, "my%20report.html#view=terminology")
    assert browser.js("document.documentElement.lang") == "zh"
    assert browser.js("!document.getElementById('terminology').hidden")


def test_an_address_of_a_segment_opens_its_part(browser: Any, folder: Path) -> None:
    browser.open(folder / "my report.html")
    browser.js("location.hash = '#seg=s25'")
    settled(browser, file_of(folder, "s25"))
    assert browser.shown(".segment.target h4") == ["s25"]


def test_filters_work_on_all_segments_and_count_by_part(browser: Any, folder: Path) -> None:
    browser.open(folder / "my report.html", "#view=segments&flag=forbidden")
    found = ["s20", "s24", "s28", "s32", "s36"]
    assert browser.shown(".segment h4") == found
    counts = [int(n) for n in browser.shown("#articles tbody td:last-child")]
    assert sum(counts) == len(found)
    files = [file_of(folder, segment) for segment in found]
    data = data_of((folder / "my report.html").read_text("utf-8"))
    assert counts == [files.count(file) for file in data["shards"]["files"]]
    browser.js("document.querySelectorAll('#articles tbody a')[1].click()")
    settled(browser, "segments-0002.html")
    assert len(browser.shown(".segment h4")) == counts[1]


def test_a_search_of_all_texts_goes_on_in_the_parts(browser: Any, folder: Path) -> None:
    browser.open(folder / "my report.html", "#view=segments")
    browser.set("search", "s2", "input")
    assert browser.shown("#count") == ["10 of 40 segments"]  # ids
    browser.set("search", "notice", "input")
    cells = set(browser.shown("#articles tbody td:last-child"))
    assert cells == {"search its texts"}
    browser.js("document.querySelectorAll('#articles tbody td:last-child a')[0].click()")
    settled(browser, "segments-0001.html")
    assert browser.shown(".segment h4")[:2] == ["s00", "s04"]


def test_a_part_searches_its_texts_and_leads_on(browser: Any, folder: Path) -> None:
    browser.open(folder / "my report" / "segments-0001.html")
    assert browser.js("!document.getElementById('segments').hidden")
    browser.set("search", "notice", "input")
    assert browser.shown(".segment h4")[:3] == ["s00", "s04", "s08"]
    links = browser.js(
        "[...document.querySelectorAll('.facts a')].map((a) => a.getAttribute('href'))"
    )
    assert links == ["../my%20report.html", "segments-0002.html"]
    browser.js("document.querySelector('[data-view=summary]').click()")
    settled(browser, "my%20report.html")
    assert "scores best" in browser.shown(".verdict")[0]


@pytest.mark.parametrize("view", ["summary", "analysis", "terminology", "segments", "findings"])
def test_the_whole_report_fits_a_phone(browser: Any, folder: Path, view: str) -> None:
    browser.resize(390, 844)
    try:
        for lang in ("en", "zh"):
            browser.open(folder / "my report.html", f"#view={view}&lang={lang}")
            assert browser.js("document.documentElement.scrollWidth") <= 390
            assert browser.complaints() == []
    finally:
        browser.resize(1400, 1000)
