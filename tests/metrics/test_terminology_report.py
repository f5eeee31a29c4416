from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xindaya.metrics import check_corpus
from xindaya.metrics.terminology.scan import scan
from xindaya.metrics.terminology.wmt import TermDocument, success_rate
from xindaya.pairs import (
    Concept,
    Corpus,
    InputError,
    Match,
    Segment,
    Status,
    Term,
    Termbase,
    UsageError,
)
from xindaya.pairs.waivers import read_waivers


def corpus_of(*rows: tuple[str, str, str], reference: str = "") -> Corpus:
    references = (reference,) if reference else ()
    segments = tuple(
        Segment(str(n), zh, references, document) for n, (zh, _, document) in enumerate(rows)
    )
    names = ("A",) if reference else ()
    return Corpus("x", "zh", "en", segments, names, {"s": tuple(en for _, en, _ in rows)})


def test_neutralisation_of_two_bodies(termbase: Termbase) -> None:
    name = "The Central Cyberspace Affairs Commission met."
    checked = check_corpus(
        corpus_of(("中央网信办开会。", name, "d"), ("中央网信委开会。", name, "d")), termbase
    )
    (shared,) = checked.neutralisations("s")
    assert shared.rendering == "Central Cyberspace Affairs Commission"
    assert shared.owner == "ccac"
    assert shared.counts == {"ccac-office": 1, "ccac": 1}


def test_a_short_form_for_a_long_one_is_no_neutralisation(termbase: Termbase) -> None:
    name = "The Office of the Central Cyberspace Affairs Commission met."
    checked = check_corpus(
        corpus_of(("网信办开会。", name, "d"), ("中央网信办开会。", name, "d")), termbase
    )
    assert checked.neutralisations("s") == ()


def test_a_waiver_takes_one_occurrence_out(termbase: Termbase) -> None:
    rows = [("网信办", "The network information office", "d")] * 2
    waived = check_corpus(corpus_of(*rows), termbase, waivers=["cac/d/0/1", "cac/d/9/1"])
    summary = waived.summary("s")
    assert (summary.occurrences, summary.forbidden, summary.waived) == (1, 1, 1)
    assert waived.unused_waivers == ("cac/d/9/1",)
    other = check_corpus(corpus_of(*rows), termbase, waivers=["t:cac/d/0/1"])
    assert other.summary("s").waived == 0
    own = check_corpus(corpus_of(*rows), termbase, waivers=["s:cac/d/0/1"])
    assert own.summary("s").waived == 1


def test_waiver_file(tmp_path: Path) -> None:
    path = tmp_path / "w.txt"
    path.write_text("# accepted in review\ncac/d/0/1\tquoted\n\n", "utf-8")
    assert read_waivers(path) == {"cac/d/0/1": "quoted"}
    path.write_text("cac\n")
    with pytest.raises(InputError, match="expected concept/document/segment/number"):
        read_waivers(path)
    path.write_text("a/b/c/1\na/b/c/1\n")
    with pytest.raises(InputError, match=r"line 2: found the id .* twice"):
        read_waivers(path)


def test_an_acronym_and_its_expansion_are_one_rendering(termbase: Termbase) -> None:
    rows = [
        ("网信办", "The Cyberspace Administration of China", "d"),
        ("网信办", "The CAC", "d"),
    ]
    checked = check_corpus(corpus_of(*rows), termbase)
    (use,) = checked.uses
    assert [r.text for r in use.renderings] == ["CAC", "Cyberspace Administration of China"]
    assert (use.measures["ltcr"], use.flags) == (1.0, ())
    assert checked.summary("s").ltcr == 1.0


def test_drift_against_the_reference(termbase: Termbase) -> None:
    rows = [("大模型", "Big models", f"d{n}") for n in range(6)]
    checked = check_corpus(corpus_of(*rows, reference="Large models"), termbase)
    use = next(u for u in checked.uses if not u.is_reference)
    assert use.drift is not None
    assert use.measures["drift"] == 1.0
    assert use.drift.p_value == pytest.approx(2 / 64)
    assert use.drift.q_value == pytest.approx(2 / 64)


def test_singletons_are_not_averaged_in(termbase: Termbase) -> None:
    rows = [
        ("大模型", "Large models", "d"),
        ("大模型", "Big models", "d"),
        ("网信办", "The Cyberspace Administration of China", "d"),
    ]
    summary = check_corpus(corpus_of(*rows), termbase).summary("s")
    assert (summary.ltcr, summary.repeated) == (0.0, 1)


def test_intervals_hold_the_estimate(termbase: Termbase) -> None:
    rows = [("大模型", "Large models" if n % 3 else "Big models", f"d{n // 2}") for n in range(40)]
    summary = check_corpus(corpus_of(*rows), termbase).summary("s")
    for name in ("adherence", "ltcr"):
        low, high = summary.intervals[name]
        assert low <= getattr(summary, name) <= high
    assert summary.intervals["coverage"] == (1.0, 1.0)


def concept(name: str, *terms: Term, context: str = "") -> Concept:
    return Concept(name, terms, context)


def test_context_tells_homonyms_apart() -> None:
    bank = concept("riverbank", Term("岸", "zh"), Term("bank", "en"), context="河")
    shore = concept("shore", Term("岸", "zh"), Term("shore", "en"))
    checked = check_corpus(
        corpus_of(("河的岸", "bank", "d"), ("海的岸", "shore", "d")), Termbase("t", (shore, bank))
    )
    assert [(o.concept, o.verdict.value) for o in checked.systems["s"]] == [
        ("riverbank", "preferred"),
        ("shore", "preferred"),
    ]


def test_patterns_match_and_are_limited_in_time() -> None:
    pattern = Term(r"articles? \d+", "en", match=Match.PATTERN)
    law = Termbase("t", (concept("article", Term("第三条", "zh"), pattern),))
    (found,) = check_corpus(corpus_of(("第三条", "under Article 3", "d")), law).systems["s"]
    assert (found.verdict.value, found.tier) == ("preferred", "pattern")
    slow = Term(r"(a+)+$", "en", match=Match.PATTERN)
    bad = Termbase("t", (concept("slow", Term("慢", "zh"), slow),))
    with pytest.raises(UsageError, match="takes more than"):
        check_corpus(corpus_of(("慢", "a" * 5000 + "b", "d")), bad)
    broken = Termbase("t", (concept("x", Term("(", "en", match=Match.PATTERN)),))
    with pytest.raises(UsageError, match="no regular expression"):
        check_corpus(corpus_of(("慢", "a", "d")), broken)


def test_simplified_and_traditional_on_request(termbase: Termbase) -> None:
    pytest.importorskip("opencc", reason="OpenCC is not installed (extra 'scripts')")
    rows = corpus_of(("國家網信辦", "The Cyberspace Administration of China", "d"))
    assert check_corpus(rows, termbase).systems["s"] == ()
    (found,) = check_corpus(rows, termbase, fold_scripts=True).systems["s"]
    assert found.source_span == (0, 5)


def test_scan_shows_forms_by_document(termbase: Termbase) -> None:
    documents = {
        "a": ["Large models", "a large model"],
        "b": ["nothing", "The big model."],
    }
    (found,) = scan(documents, termbase)
    assert found.concept == "model"
    assert found.differs
    assert {
        n: [(f.text, f.status, f.lines) for f in forms] for n, forms in found.forms.items()
    } == {
        "a": [("large model", Status.PREFERRED, (1, 2))],
        "b": [("big model", Status.FORBIDDEN, (2,))],
    }
    assert found.kept == {"a": 1.0, "b": 0.0}
    assert found.drift["a", "b"].divergence == 1.0
    assert found.drift["a", "b"].too_few


def test_wmt25_rule_by_hand() -> None:
    document = TermDocument(
        source="網絡網絡安全",
        reference="network security of networks",
        hypothesis="Network safety",
        terms={"網絡": ["network"], "安全": ["security"], "無": ["none"], " ": [""]},
    )
    # 網絡 twice in the source, once in the hypothesis: 1/2. 安全 once, never: 0. The others do
    # not count: 無 is not in the source, a blank term is none.
    assert success_rate([document]) == (0.25, 2)
    assert success_rate([]) == (None, 0)


def test_wmt25_published_scores(data: Path) -> None:
    import json

    from xindaya.wmt_terms import evaluate_wmt25

    folder = data / "wmt25-terminology"
    published = json.loads((folder / "published-scores.zhen.json").read_text("utf-8"))

    def rows(path: Path) -> list[dict[str, object]]:
        return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]

    years = (2016, 2018, 2020, 2022, 2024)
    gold = [r for y in years for r in rows(folder / "references" / f"full_data_{y}.jsonl")]
    mode, system = "proper", "CommandA_MT"
    outputs = [
        str(r["en"])
        for y in years
        for r in rows(folder / "submissions" / f"{system}.{y}.zhen.{mode}.jsonl")
    ]
    found = evaluate_wmt25(gold, outputs, "zh", "en")
    for name in ("bleu4", "chrf2++", "proper_term_success_rate", "random_term_success_rate"):
        assert found[name] == pytest.approx(published[mode][system][name], abs=1e-12)


@pytest.mark.parametrize(("tag", "forbidden"), [("", 1), ("en-GB", 0), ("en-US", 1), ("en-AU", 1)])
def test_the_status_is_that_of_the_texts_variant(tag: str, forbidden: int) -> None:
    lift = [
        Term("lift", "en", status, extra={"xml:lang": tag})
        for tag, status in (("en-GB", Status.PREFERRED), ("en-US", Status.FORBIDDEN))
    ]
    termbase = Termbase("t", (Concept("lift", (Term("电梯", "zh"), *lift)),))
    corpus = corpus_of(("坐电梯。", "Take the lift.", "d"))
    (segment,) = corpus.segments
    tagged = replace(
        corpus, segments=(replace(segment, extra={"lang:target": tag} if tag else {}),)
    )
    checked = check_corpus(tagged, termbase)
    assert checked.summary("s").forbidden == forbidden
    assert [r.status for u in checked.uses for r in u.renderings] == [
        "forbidden" if forbidden else "preferred"
    ]
    (used,) = scan({"d": ["Take the lift."]}, termbase)
    assert [(f.status.value, f.count) for f in used.forms["d"]] == [("forbidden", 1)]
