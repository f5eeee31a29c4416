"""Views of what changed: the verdict first, every bit in JSON, hostile text as text everywhere."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from xindaya import Settings, evaluate
from xindaya.gates import apply_gates, parse_rule
from xindaya.metrics import Evaluation
from xindaya.metrics.changes import Changes, compare_evaluations, match_systems
from xindaya.pairs import Corpus, Segment, Termbase
from xindaya.reports.changes import changes_to_json, changes_to_markdown, changes_to_text
from xindaya.reports.changes.excerpt import largest
from xindaya.reports.changes.verdict import in_words, sentences
from xindaya.reports.html.changes import render_changes
from xindaya.reports.html.strings import changes as strings

HOSTILE = (
    "</script><script>alert(1)</script> | `x` *y* [z](u) &lt; ~a~ @user #1 \u202e\u2028\x1b[31m"
)


def run(corpus: Corpus, termbase: Termbase | None = None) -> Evaluation:
    settings = Settings(metrics=("chrf", "ter"), confidence_samples=0, test=None)
    found = evaluate(corpus, termbase=termbase, settings=settings)
    return replace(found, gates=apply_gates(found, [parse_rule("chrF2 >= 50")]))


def compare(old: Evaluation, new: Evaluation) -> Changes:
    matching = match_systems(old.systems, new.systems)
    return compare_evaluations(old, new, matching, names=("monday", "friday"))


@pytest.fixture
def changes(corpus: Corpus, termbase: Termbase) -> Changes:
    """The system ``good`` has lost two segments; ``bad`` is as it was."""
    good = corpus.systems["good"]
    spoilt = corpus.with_systems(
        {**corpus.systems, "good": ("A network information office.", "", *good[2:])}
    )
    return compare(run(corpus, termbase), run(spoilt, termbase))


@pytest.fixture
def hostile() -> Changes:
    """Ids, documents, sources, references, outputs and names that would break any view."""
    segments = tuple(
        Segment(f"{n} {HOSTILE}", f"源 {HOSTILE}", (f"a b c d {HOSTILE}",), f"d {HOSTILE}")
        for n in range(3)
    )
    name = f"s {HOSTILE}"
    corpus = Corpus(f"c {HOSTILE}", "zh", "en", segments, ("A",))
    old = corpus.with_systems({name: [f"a b c d {HOSTILE}"] * 3, "u": ["x"] * 3})
    new = corpus.with_systems({name: ["a", HOSTILE[::-1], f"a {HOSTILE}"], "u": ["y"] * 3})
    return compare(run(old), run(new))


def test_the_first_line_is_the_verdict(large_loss: Changes) -> None:
    score = large_loss.systems[0].scores[0]
    first = f"chrF2 fell by {-score.delta:.2f} (p < 0.001): a real difference, for the worse."
    assert changes_to_text(large_loss, worst=1, best=1).split("\n")[0] == first
    assert changes_to_markdown(large_loss, worst=1, best=1).split("\n")[0] == f"**{first}**"
    assert json.loads(changes_to_json(large_loss))["verdict"][0] == first
    assert first.partition(":")[2] in render_changes(large_loss)


@pytest.fixture
def large_loss() -> Changes:
    """One system, one metric, forty segments that all lost."""
    segments = tuple(Segment(str(n), None, (f"the rules of office {n}",)) for n in range(40))
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    settings = Settings(metrics=("chrf",), confidence_samples=0, test=None)
    old, new = (
        evaluate(corpus.with_systems({"x": [t.format(n) for n in range(40)]}), settings=settings)
        for t in ("the rules of office {}", "the ruler of {}")
    )
    return compare(old, new)


def test_verdict_of_several_systems(changes: Changes) -> None:
    words = [[in_words(s) for s in paragraph] for paragraph in sentences(changes)]
    assert words[0] == ["Too few segments differ to tell: good.", "No score changed: bad."]
    assert "2 of 8 outputs have a new text; by chrF2, 2 got worse and 0 got better." in words[2]
    # CAC before its expansion was deprecated, and is so no more; bad has the same two errors.
    (terms,) = [p for p in words if p[0].startswith("Term errors")]
    assert "(1 newly forbidden, 1 newly unresolved, 0 resolved)" in terms[0]


def test_text_shows_segments_with_their_difference(changes: Changes) -> None:
    text = changes_to_text(changes, worst=2, best=2, width=200)
    assert "segment 2, good: chrF2 100.0 → 0.0 (−100.0)" in text
    assert "old:       [-The CAC will step up oversight.-]" in text
    assert "new:       (empty)" in text
    assert "Largest gains" not in text  # there are none
    assert "network information office (forbidden) 0 → 1" in text


def test_json_keeps_every_bit(changes: Changes) -> None:
    content = json.loads(changes_to_json(changes))
    assert content["schema_version"] == 1
    assert (content["old"]["name"], content["new"]["name"]) == ("monday", "friday")
    good, bad = content["systems"]
    for mine, score in zip(good["scores"], changes.systems[0].scores, strict=True):
        assert (mine["before"], mine["after"]) == (score.before, score.after)
        assert mine["interval"] is score.interval is None  # two segments differ
        assert (mine["verdict"], mine["needed"]) == ("too few to tell", 6)
        assert mine["delta"] == score.after - score.before
    assert [s["id"] for s in good["segments"]] == ["1", "2"]
    assert good["segments"][1]["new"] == ""
    assert good["segments"][1]["scores"]["chrF2"] == {"before": 100, "after": 0, "gain": -100}
    (term,) = [t for t in good["terms"] if t["moved"]]
    assert [m["change"] for m in term["moved"]] == [["newly-forbidden"], ["newly-unresolved"]]
    assert term["gained"] == ["network information office"]
    assert (bad["edited"], bad["segments"]) == (0, [])
    assert bad["scores"][0]["verdict"] == "identical"


def test_gates_are_told_in_every_view(changes: Changes) -> None:
    assert [g.newly_fails for g in changes.gates] == [True]
    assert "Gate newly fails: good: chrF2" in changes_to_text(changes, worst=0, best=0)
    assert "- Gate **newly fails**: good" in changes_to_markdown(changes, worst=0, best=0)
    assert json.loads(changes_to_json(changes))["gates"] == [
        {"system": "good", "rule": "chrF2 >= 50", "before": True, "after": False}
    ]
    assert 'class="gate failed"' in render_changes(changes)


def test_markdown_tables_hold_against_hostile_text(hostile: Changes) -> None:
    text = changes_to_markdown(hostile, worst=5, best=5)
    columns = 0
    for line in text.split("\n"):
        bare = line.replace("\\\\", "").replace("\\|", "")
        if line.startswith("|"):
            columns = columns or bare.count("|")
            assert bare.count("|") == columns, line
        else:
            columns = 0
    assert "<script" not in text.replace("\\<", "")
    assert "@user" not in text
    assert not [c for c in text if not c.isprintable() and c != "\n"]


def test_the_terminal_obeys_no_text(hostile: Changes) -> None:
    text = changes_to_text(hostile, worst=5, best=5)
    assert not [c for c in text if not c.isprintable() and c != "\n"]


def test_the_page_runs_no_text(hostile: Changes) -> None:
    page = render_changes(hostile)
    assert "<script>alert" not in page
    assert page.count("<script>") == 1
    assert "\u202e" not in page
    assert "http-equiv" in page
    assert page == render_changes(hostile)


def test_the_page_shows_differences_and_pictures(changes: Changes) -> None:
    page = render_changes(changes)
    assert "<del>The CAC will step up oversight.</del>" in page
    assert page.count('class="dots"') == 2  # one a metric
    assert page.count('class="strip-plot"') == 1  # one a system that changed
    assert '<rect class="r-forbidden"' in page
    assert 'lang="zh"' in page


def test_words_exist_in_both_languages_with_the_same_values() -> None:
    import string

    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english, chinese = strings.PAGE["en"], strings.PAGE["zh"]
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert fields(text) == fields(chinese[key]), key


def test_long_texts_are_cut_around_their_difference() -> None:
    same = "the same words over and over " * 100
    segments = (Segment("1", same, (same,)),)
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    old = run(corpus.with_systems({"x": [same + "good " + same]}))
    new = run(corpus.with_systems({"x": [same + "bad " + same]}))
    changes = compare(old, new)
    (shown,) = largest(changes, "chrF2", 3, losses=True) + largest(
        changes, "chrF2", 3, losses=False
    )
    assert [p.words for p in shown.old if not p.same] == ["good"]
    assert [p.words for p in shown.new if not p.same] == ["bad"]
    assert sum(len(p.words) for p in shown.old) < 400
    assert len(shown.references[0]) == 600


def test_terms_alone(termbase: Termbase) -> None:
    corpus = Corpus("c", "zh", "en", (Segment("1", "国家网信办。"),))
    old, new = (
        evaluate(corpus.with_systems({"x": [text]}), termbase=termbase)
        for text in ("The Cyberspace Administration of China.", "Network information office.")
    )
    changes = compare(old, new)
    views = (
        changes_to_text(changes, worst=1, best=1),
        changes_to_markdown(changes, worst=1, best=1),
        changes_to_json(changes),
        render_changes(changes),
    )
    for view in views:
        assert "No metric was compared." in view
        assert "1 newly forbidden" in view
        assert "too few to tell" in view
        assert "more than chance." not in changes_to_text(
            changes, worst=1, best=1, width=999
        ).replace("is more than chance, the occurrences are too few to tell.", "")
    assert "Newly forbidden or deprecated renderings of 国家网信办." in views[1]


def test_the_verdict_stays_short_for_many_systems() -> None:
    segments = tuple(Segment(str(n), None, ("the rules",)) for n in range(5))
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    old, new = (
        run(corpus.with_systems({name: [text] * 5 for name in "vwxyz"}))
        for text in ("the rules", "none")
    )
    paragraphs = sentences(compare(old, new))
    assert [in_words(s) for s in paragraphs[0]] == [
        "Too few segments differ to tell: v, w, x, y and z."
    ]
    assert len(paragraphs) == 3  # and one for the outputs, and one for the gates
