from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest
from lxml import html

from xindaya.metrics.history import RecordedRun, RenderingCount, Score
from xindaya.metrics.trends import score_trend, term_trend
from xindaya.reports.history import history_json, list_runs, show_term, show_trend
from xindaya.reports.history.labels import run_labels
from xindaya.reports.html.history import render_history

NAMES = ("vendor", "</script><img src=x onerror=alert(1)>\u202e\x1b[31m")
RENDERINGS = (("CAC", "preferred"), ("network office", "forbidden"), ("<b>\u2028", "unlisted"))


def make_run(day: int, *, corpus: str = "c", tok: str = "13a", minute: int = 0) -> RecordedRun:
    """A run in which the systems score 50 + day and 40, and follow their terms ever more."""
    time = f"2026-11-{day:02d}T10:{minute:02d}"
    scores = []
    for n, name in enumerate(NAMES):
        value = 40.0 if n else 50.0 + day
        scores.append(Score(name, "BLEU", f"nrefs:1|tok:{tok}", value, value - 2, value + 2))
        scores.append(Score(name, "adherence", "terms:1", None if n else day / 10))
        scores.append(Score(name, "forbidden", "terms:1", 9.0 - day, higher_is_better=False))
    return RecordedRun(
        id=f"{time.replace('-', '').replace(':', '')}00.000Z-aaaaaa",
        recorded=f"{time}:00.000Z",
        name="release", note="a <note>\x07", labels={"delivery": str(day)}, version="1",
        corpus="news", corpus_sha256=corpus * 64, segments=1234, documents=1, source_lang="zh",
        target_lang="en", termbase="terms", termbase_sha256="1" * 64, terms_signature="terms:1",
        baseline="", systems=NAMES, gates_passed=2, gates_failed=day % 2, scores=tuple(scores),
    )  # fmt: skip


@pytest.fixture
def runs() -> list[RecordedRun]:
    """Three runs on one test set, two on another, and one of these with another tokenizer."""
    return [
        make_run(1), make_run(2), make_run(3),
        make_run(4, corpus="d"), make_run(5, corpus="d"), make_run(6, corpus="d", tok="intl"),
    ]  # fmt: skip


@pytest.fixture
def renderings(runs: list[RecordedRun]) -> list[RenderingCount]:
    return [
        RenderingCount(run.id, name, "cac", "网信办", text, status, n + k + 1)
        for k, run in enumerate(runs)
        for name in NAMES
        for n, (text, status) in enumerate(RENDERINGS)
    ]


def page_of(runs: list[RecordedRun], renderings: list[RenderingCount]) -> str:
    trends = [score_trend(m, runs) for m in ("BLEU", "adherence", "forbidden")]
    return render_history(runs, trends, [term_trend("cac", runs, renderings)])


def test_the_list(runs: list[RecordedRun]) -> None:
    lines = list_runs(runs[:2], earlier=3).split("\n")
    assert lines[0].split() == ["System", "BLEU", "Adherence", "Forbidden"]
    assert lines[1] == (
        "20261102T100000.000Z-aaaaaa  2026-11-02 10:00  release  news (cccccccc), 1,234 segments"
        "  delivery=2  2 gates passed"
    )
    assert lines[2] == "  a <note>\\u0007"
    assert lines[3].split() == ["vendor", "52.00", "±", "2.00", "20.0%", "7"]
    assert lines[4].endswith("–          7")  # undefined is not 0
    assert "1 of 3 gates FAILED" in lines[5]
    assert lines[-2] == "… and 3 earlier runs (--limit)"
    assert "\x1b" not in "".join(lines)


def test_a_trend_is_a_table_a_stretch(runs: list[RecordedRun]) -> None:
    first, second, third, notes = show_trend(score_trend("BLEU", runs)).split("\n\n")[1:]
    assert first.split("\n")[0] == "news (cccccccc); nrefs:1|tok:13a"
    vendor = first.split("\n")[2].split()
    # From 51 to 53, in eighths of the interval's width of 4 from 50 to 54: 2, 4 and 6.
    assert vendor == [
        "vendor",
        "▃▅▇",
        *["51.00", "±", "2.00", "52.00", "±", "2.00", "53.00", "±", "2.00"],
        "+2.00",
    ]
    assert second.startswith(
        "not comparable with the table above: another test set: news (cccccccc) → news (dddddddd)\n"
    )
    assert third.startswith("not comparable with the tables above: tok:13a → tok:intl\n")
    assert third.split("\n")[2].split()[-1] == "–"  # one run changes nothing
    assert notes.startswith("± half of")


def test_long_trends_show_the_latest_runs(runs: list[RecordedRun]) -> None:
    many = [make_run(day) for day in range(1, 10)]
    head, vendor = show_trend(score_trend("forbidden", many)).split("\n")[3:5]
    assert head.split() == [
        "System",
        "(+3)",
        *(w for d in range(4, 10) for w in ("delivery", str(d))),
        "Change",
    ]
    # Nine values from 8 to 0 in eight steps: the highest two share one.
    assert vendor.split() == ["vendor", "██▇▆▅▄▃▂▁", "5", "4", "3", "2", "1", "0", "−8"]


def test_renderings_in_text(runs: list[RecordedRun], renderings: list[RenderingCount]) -> None:
    missing = RenderingCount(runs[0].id, "vendor", "cac", "网信办", "", "unresolved", 4)
    shown = show_term(term_trend("cac", runs[:2], [*renderings, missing]))
    assert shown.split("\n")[0] == "网信办 (concept cac): renderings, 2 runs"
    rows = [line.split() for line in shown.split("\n")]
    assert ["CAC", "preferred", "1", "2"] in rows
    assert ["<b>\\u2028", "unlisted", "3", "4"] in rows
    assert ["none", "found", "4", "–"] in rows
    assert "\u202e" not in shown


def test_runs_are_called_what_the_user_calls_them() -> None:
    run = make_run(1)
    others = (
        replace(run, labels={"branch": "main", "delivery": "3"}),
        replace(run, labels={"a": "b"}),
    )
    noted = replace(run, labels={}, note="first draft\nof two")
    assert run_labels([*others, noted]) == ["delivery 3", "a b", "first draft"]


def test_labels_tell_runs_of_one_day_apart() -> None:
    unnamed = [replace(make_run(day), labels={}, note="") for day in (1, 2)]
    assert run_labels(unnamed) == ["2026-11-01", "2026-11-02"]
    assert run_labels([make_run(1), make_run(1, minute=7)]) == ["11-01 10:00", "11-01 10:07"]


def test_json(runs: list[RecordedRun], renderings: list[RenderingCount]) -> None:
    trends = [score_trend("BLEU", runs)]
    content = json.loads(history_json(runs, trends, [term_trend("cac", runs, renderings)]))
    assert content["schema_version"] == 1
    assert [run["id"] for run in content["runs"]] == [run.id for run in runs]
    vendor = content["runs"][0]["systems"][0]
    assert vendor == {
        "name": "vendor", "scores": {"BLEU": 51.0}, "intervals": {"BLEU": [49.0, 53.0]},
        "terminology": {"adherence": 0.1, "forbidden": 8.0},
    }  # fmt: skip
    stretches = content["trends"][0]["stretches"]
    assert [s["runs"] for s in stretches] == [
        [r.id for r in part] for part in (runs[:3], runs[3:5], runs[5:])
    ]
    assert stretches[1]["differences"] == [
        {"what": "corpus", "old": "news (cccccccc)", "new": "news (dddddddd)"}
    ]
    assert stretches[2]["systems"]["vendor"] == [{"value": 56.0, "low": 54.0, "high": 58.0}]
    assert content["terms"][0]["stretches"][0]["systems"]["vendor"][0][1] == {
        "text": "network office", "status": "forbidden", "count": 2,
    }  # fmt: skip
    assert json.loads(history_json(runs)).keys() == {"schema_version", "runs"}


def test_no_line_of_the_page_crosses_a_rule(
    runs: list[RecordedRun], renderings: list[RenderingCount]
) -> None:
    page = html.fromstring(page_of(runs, renderings))
    bleu, adherence, forbidden = page.findall(".//svg[@class='trend']")
    assert [len(chart.findall(".//line[@class='break']")) for chart in (bleu, adherence)] == [2, 1]
    for chart in page.findall(".//svg"):
        rules = [float(rule.get("x1")) for rule in chart.findall(".//line[@class='break']")]
        for path in chart.findall(".//path"):
            if path.get("class").split()[0] in ("line", "band", "flow"):
                ends = [float(x) for x in re.findall(r"[ML]([\d.]+)", path.get("d"))]
                assert not any(min(ends) < x < max(ends) for x in rules)
    lines = [p.get("d").count("L") for p in bleu.findall(".//path[@class='line c0']")]
    assert lines == [2, 1, 0]  # three runs, two, one
    # Undefined is no point: only the first system has an adherence.
    assert {p.get("class") for p in adherence.findall(".//path") if "line" in p.get("class")} == {
        "line c0"
    }
    assert forbidden.get("aria-label").startswith("forbidden: vendor 8 → 6;")


def test_heights_are_counts(runs: list[RecordedRun], renderings: list[RenderingCount]) -> None:
    page = html.fromstring(page_of(runs[:1], renderings))
    chart = page.find(".//svg[@class='renderings']")
    cells = chart.findall(".//rect")
    heights = [float(cell.get("height")) + 1 for cell in cells]  # a gap of 1 is left
    assert [c.get("class").split()[1] for c in cells] == [
        "f-preferred",
        "f-unlisted",
        "f-forbidden",
    ]
    # Counts 1, 3 and 2.
    assert heights[1] / heights[0] == pytest.approx(3, rel=0.01)
    assert heights[2] / heights[0] == pytest.approx(2, rel=0.01)


def test_the_page_is_one_safe_file(
    runs: list[RecordedRun], renderings: list[RenderingCount]
) -> None:
    text = page_of(runs, renderings)
    assert text == page_of(runs, renderings)
    page = html.fromstring(text)
    assert not page.findall(".//img")
    assert len(page.findall(".//script")) == 1
    attributes = {name for element in page.iter() for name in element.attrib}
    assert not [n for n in attributes if n in ("style", "src") or n.startswith("on")]
    assert not {"\x1b", "\x07", "\u202e", "\u2028"} & set(text)
    policy = page.find(".//meta[@http-equiv]").get("content")
    for tag in ("style", "script"):
        own = hashlib.sha256(page.find(f".//{tag}").text.encode()).digest()
        assert f"'sha256-{base64.b64encode(own).decode()}'" in policy
    assert policy.startswith("default-src 'none'")
    # Every sentence stands there in both languages.
    counts = [len(page.xpath(f"//span[@class='t-{lang}']")) for lang in ("en", "zh")]
    assert counts[0] == counts[1] > 30


def test_empty_and_single_histories_have_a_page(runs: list[RecordedRun]) -> None:
    assert "No run is recorded" in render_history([], [], [])
    bare = replace(runs[0], scores=(), systems=("vendor",), name="")
    assert "1 run" in render_history([bare], [], [])


def texts_of(page: str, kind: str) -> list[str]:
    return re.findall(rf'<text class="{kind}\b[^>]*>([^<]*)<', page)


def test_no_leader_crosses_a_rule() -> None:
    """A system that is only in the older stretch is named by the legend alone."""
    old, new = make_run(1), make_run(2, corpus="d")
    new = replace(
        new, systems=("late",), scores=tuple(replace(s, system="late") for s in new.scores)
    )
    page = render_history([old, new], [score_trend("BLEU", [old, new])], [])
    assert texts_of(page, "who") == ["late"]


def test_names_stay_inside_the_chart() -> None:
    names = [f"s{n}" for n in range(30)]
    scores = tuple(Score(name, "BLEU", "tok:13a", 50.0) for name in names)
    run = replace(make_run(1), systems=tuple(names), scores=scores)
    page = render_history([run], [score_trend("BLEU", [run])], [])
    heights = [float(y) for y in re.findall(r'<text class="who[^>]* y="([^"]+)"', page)]
    assert len(heights) == 30
    assert min(heights) > 20
    assert max(heights) < 250


def test_counts_have_whole_ticks() -> None:
    scores = (Score("v", "forbidden", "terms:1", 1.0, higher_is_better=False),)
    run = replace(make_run(1), systems=("v",), scores=scores)
    page = render_history([run], [score_trend("forbidden", [run])], [])
    assert set(texts_of(page, "tick")) >= {"0", "1"}
    assert "0.5" not in texts_of(page, "tick")
