"""``xindaya agree``: joining, exit codes, and numbers equal to sacrebleu's and scipy's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
import scipy.stats
from sacrebleu.metrics import BLEU

from xindaya.cli import invoke as run
from xindaya.pairs.formats.marot import read_marot

_SOURCES = ("国家网信办发布新规。", "网信办表示,将加强监管。", "大模型发展迅速。", "治网。")
_REFERENCE = (
    "The Cyberspace Administration of China issued new rules.",
    "The office will step up its oversight.",
    "Large models are developing fast.",
    "Govern the internet.",
)
_SYSTEMS = {
    "good": _REFERENCE,
    "fair": (
        "The CAC issued rules.",
        "It will step up oversight.",
        "Large models grow.",
        "Govern.",
    ),
    "poor": ("Network office issue.", "It will do.", "Big model.", "Rule nets of the internet."),
}


@pytest.fixture
def lines(tmp_path: Path) -> list[str]:
    """Arguments with a source, a reference and three systems of four segments."""

    def put(name: str, texts: tuple[str, ...]) -> str:
        (tmp_path / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
        return str(tmp_path / name)

    arguments = ["-s", put("src.zh", _SOURCES), "-r", put("ref.en", _REFERENCE)]
    for name, texts in _SYSTEMS.items():
        arguments += ["-i", f"{name}={put(name + '.en', texts)}"]
    return arguments


@pytest.fixture
def human(tmp_path: Path):
    def put(text: str, name: str = "human.tsv") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return put


def _json(capsys, *arguments: str) -> dict:
    assert run(["agree", *arguments, "-f", "json", "--samples", "50"]) == 0
    return json.loads(capsys.readouterr().out)["human"][0]


_TABLE = "system\tseg_id\tmqm\n" + "".join(
    f"{name}\t{n}\t{score}\n"
    for name, scores in {
        "good": (0, 0, 1, "None"),
        "fair": (1, 0, 5, 1),
        "poor": (10, 6, 5, 2),
        "absent": (1, 1, 1, 1),
    }.items()
    for n, score in enumerate(scores, 1)
)


def test_penalties_are_flipped_and_said(lines, human, capsys):
    found = _json(capsys, *lines, "--human", human(_TABLE), "-m", "bleu,ter")
    assert (found["higher_is_better"], found["orientation"]) == (
        False,
        "MQM penalties: lower is better",
    )
    assert found["systems"] == ["good", "fair", "poor"]
    assert (found["only_corpus"], found["only_human"]) == ([], ["absent"])
    assert (found["segments"], found["unscored"]) == (4, 1)
    points = {p["system"]: p for p in found["system_level"][0]["points"]}
    # Means by hand: 1/3, 7/4, 23/4.
    assert [points[n]["human"]["value"] for n in points] == pytest.approx([1 / 3, 7 / 4, 23 / 4])
    assert points["good"]["segments"] == 3
    assert points["good"]["metric"]["value"] == pytest.approx(100)
    # BLEU is higher and TER lower for the better system: both agree with people, so both are +1.
    assert [s["kendall"]["value"] for s in found["system_level"]] == [1, 1]
    assert found["system_level"][0]["few_systems"] is True
    assert run(["agree", *lines, "--human", human(_TABLE), "--samples", "50"]) == 0
    text = capsys.readouterr().out
    assert "Only 3 systems" in text
    assert "Scored by people, but not in the corpus: absent." in text
    assert "1 outputs of these systems have no human score" in text
    assert "lower is better" in text


def test_metrics_are_measured_on_what_people_scored(lines, human, capsys):
    found = _json(capsys, *lines, "--human", human(_TABLE), "-m", "chrf")
    points = {p["system"]: p for p in found["system_level"][0]["points"]}
    expected = sacrebleu.corpus_chrf(list(_SYSTEMS["poor"]), [list(_REFERENCE)]).score
    assert points["poor"]["metric"]["value"] == pytest.approx(expected, abs=1e-9)
    # Segment 4 of "good" is unscored: its chrF is of the first three.
    table = _TABLE.replace("poor\t4\t2", "poor\t4\tNone")
    found = _json(capsys, *lines, "--human", human(table), "-m", "chrf")
    points = {p["system"]: p for p in found["system_level"][0]["points"]}
    expected = sacrebleu.corpus_chrf(list(_SYSTEMS["poor"][:3]), [list(_REFERENCE[:3])]).score
    assert points["poor"]["metric"]["value"] == pytest.approx(expected, abs=1e-9)


def test_figures_stand_beside_chance_and_comparisons_have_a_verdict(lines, human, capsys):
    found = _json(capsys, *lines, "--human", human(_TABLE), "-m", "bleu,chrf")
    level = found["system_level"][0]
    assert (level["pairwise_accuracy"]["chance"], level["kendall"]["chance"]) == (0.5, 0)
    # Three systems in the order of people: one of 3! orders, which is never below 0.05.
    assert level["kendall"]["p_chance"] == pytest.approx(1 / 6)
    assert level["kendall"]["against_chance"] == "too few to tell"
    assert found["segment_level"][0]["none"]["kendall"]["p_chance"] is None  # not tested
    # Four segments, three systems: no exchange gives p < 0.05.
    verdicts = {d["verdict"] for d in found["differences"]}
    assert verdicts <= {"too few to tell", "identical"}
    assert run(["agree", *lines, "--human", human(_TABLE), "--samples", "50"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "orders 100.0 % of 3 system pairs as people do" in text
    assert "guessing would order 50.0 %" in text
    assert "No metric is shown to agree with people better than another" in text


def test_people_who_score_all_alike_leave_agreement_undefined(lines, human, tmp_path, capsys):
    table = "system\tseg_id\tz\n" + "".join(f"{s}\t{n}\t7\n" for s in _SYSTEMS for n in range(1, 5))
    page = tmp_path / "page.html"
    found = _json(capsys, *lines, "--human", human(table), "-o", str(page))
    for level in found["system_level"]:
        for statistic in ("pearson", "kendall", "pairwise_accuracy"):
            assert set(level[statistic].values()) == {None}
    assert {s["tie_calibrated_accuracy"] for s in found["segment_level"]} == {None}
    assert found["differences"] == []
    assert run(["agree", *lines, "--human", human(table), "--samples", "50"]) == 0
    text = capsys.readouterr().out
    assert "worse than guessing" not in text
    assert "undefined on systems" in text
    assert "undefined on systems" in page.read_text("utf-8")


def test_system_scores_and_choices(lines, human, capsys):
    path = human("SYS Z.SCR\ngood.3 0.4\nfair.1 0.2\npoor.2 -0.1\nHUMAN-A.0 0.5\n")
    found = _json(capsys, *lines, "--human", path)
    assert found["systems"] == ["good", "fair", "poor"]
    assert "matched without WMT's numbers" in found["notes"][0]
    assert (
        "system scores name no segments: whether they are of these outputs was not checked"
        in found["notes"]
    )
    assert found["segment_level"] == []
    assert {s["resampled"] for s in found["system_level"]} == {"systems"}
    found = _json(capsys, *lines, "--human", path, "--system", "good", "--system", "poor")
    assert found["systems"] == ["good", "poor"]
    assert any(note.startswith("left out as asked: fair") for note in found["notes"])
    found = _json(capsys, *lines, "--human", path, "--lower-is-better", "-m", "chrf")
    assert found["system_level"][0]["kendall"]["value"] == -1
    assert run(["agree", *lines, "--human", path, "--system", "nobody"]) == 2


def test_human_references_may_be_left_out(lines, human, tmp_path, capsys):
    path = human("system\tscore\ngood\t3\nfair\t2\nref-B\t4\n")
    extra = ["-i", f"ref-B={tmp_path / 'ref.en'}"]
    found = _json(capsys, *lines, *extra, "--human", path)
    assert found["systems"] == ["good", "fair", "ref-B"]
    assert any("system ref-B is reference A itself" in note for note in found["notes"])
    found = _json(capsys, *lines, *extra, "--human", path, "--exclude-human-references")
    assert found["systems"] == ["good", "fair"]


def test_a_run_folder_gives_the_same(lines, human, tmp_path, capsys):
    folder = str(tmp_path / "run")
    assert run(["score", *lines, "-o", folder, "-q", "--confidence-n", "10"]) == 0
    capsys.readouterr()
    path = human(_TABLE)
    assert _json(capsys, folder, "--human", path) == _json(capsys, *lines, "--human", path)
    assert run(["agree", folder, *lines, "--human", path]) == 2


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("system\tseg_id\tmqm\ngood\t1\t0\ngood\t2\t1\n", "scores of 2 segments.*expected 4"),
        ("good\t1\ngood\t2\n", "scores of 2 segments.*expected 4"),
        ("system\tseg_id\tmqm\ngood\tx\t0\n", "segment 'x'"),
        (
            "system\tseg_id\tz\ngood\t0\tNone\ngood\t1\t5\ngood\t2\t6\ngood\t3\t7\n",
            "segments numbered from 0; expected from 1",
        ),
        ("system\tscore\n\x1b[31mred\t1\n", r"found scores of \\u001b\[31mred;"),
        ("system\tscore\nelse\t1\n", "found scores of else; expected .* good, fair, poor"),
    ],
)
def test_what_does_not_fit_is_refused(lines, human, capsys, table, message):
    assert run(["agree", *lines, "--human", human(table)]) == 3
    assert re.search(message, capsys.readouterr().err)


def test_usage(human, lines, capsys):
    path = human(_TABLE)
    assert run(["agree", "--human", path]) == 2
    assert run(["agree", *lines]) == 2
    assert run(["agree", *lines[4:], "--human", path]) == 5  # no reference: no metric
    assert run(["agree", *lines[4:], "--terms", path, "--human", path]) == 2
    capsys.readouterr()


_MQM = "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n"


def test_errors_with_spans_meet_terminology_flags(lines, human, termbase, tmp_path, capsys):
    rows = [
        ("poor", 1, "<v>Network office</v> issue.", "Terminology/Inappropriate", "Major"),
        ("poor", 3, "<v>Big model</v>.", "Terminology/Inconsistent", "Minor"),
        ("fair", 1, _SYSTEMS["fair"][0], "No-error", "No-error"),
        ("fair", 3, _SYSTEMS["fair"][2], "No-error", "No-error"),
        ("poor", 2, "It will do.", "Style/Awkward", "Minor"),
        ("fair", 2, "Another text.", "No-error", "No-error"),
    ]
    body = "".join(
        f"{system}\td\t1\t{n}\tr\t{_SOURCES[n - 1]}\t{text}\t{category}\t{severity}\n"
        for system, n, text, category, severity in rows
    )
    found = _json(
        capsys, *lines, "--human", human(_MQM + body), "--terms", str(tmp_path / "terms.tsv")
    )
    assert found["kind"] == "mqm"
    assert any("1 of 6 rated outputs differ" in note for note in found["notes"])
    points = {p["system"]: p["human"]["value"] for p in found["system_level"][0]["points"]}
    assert points == pytest.approx({"fair": 0, "poor": (5 + 1 + 1) / 3})  # WMT: Major 5, Minor 1
    flags = {(f["kind"], f["unit"], f["category"]): f for f in found["flags"]}
    # "Big model" is a forbidden rendering of 大模型, and marked.
    span = flags["forbidden", "span", "Terminology"]
    assert (span["flagged"], span["hits"], span["precision"]) == (1, 1, 1.0)
    # Flags need no reference.
    bare = [*lines[:2], *lines[4:], "--human", human(_MQM + body)]
    again = _json(capsys, *bare, "--terms", str(tmp_path / "terms.tsv"))
    assert again["flags"] == found["flags"]
    assert (again["system_level"], again["differences"]) == ([], [])


def test_scores_with_texts_and_spans_are_joined_by_source(lines, human, termbase, tmp_path, capsys):
    """Pearmut's: other ids, blanks in the sources, and a source that stands twice in the corpus."""
    (tmp_path / "src.zh").write_text("\n".join((*_SOURCES[:3], _SOURCES[0])) + "\n", "utf-8")
    by_output = {0: 3, 1: 1, 2: 2}  # the first is the last segment: its output says so
    rows = []
    for rated, place in by_output.items():
        texts = {name: texts[place] for name, texts in _SYSTEMS.items()}
        scores = {"good": 90 - rated, "fair": 60, "poor": 20}
        marks = {
            name: {"score": score, "error_spans": [{"start_i": 0, "end_i": 1, "severity": "minor"}]}
            for name, score in scores.items()
        }
        source = " " + _SOURCES[place if place < 3 else 0].replace("，", " ， ")
        item = {"item_id": f"x{rated}", "src": source, "tgt": texts}
        rows.append({"annotation": [marks], "item": [item], "user_id": "u", "item_i": rated})
    path = human("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "p.jsonl")
    found = _json(capsys, *lines, "--human", path, "--terms", str(tmp_path / "terms.tsv"))
    assert (found["kind"], found["measure"], found["segments"]) == ("segments", "ESA score", 3)
    assert found["higher_is_better"]
    points = {p["system"]: p["human"]["value"] for p in found["system_level"][0]["points"]}
    assert points == {"good": 89, "fair": 60, "poor": 20}  # (90 + 89 + 88) / 3
    assert found["flags"]
    assert not any("differ from the scored text" in note for note in found["notes"])


def test_predictions_without_texts_are_joined_by_id(lines, human, termbase, tmp_path, capsys):
    rows = [
        {"item_id": str(n), "task2_pred": {"good": 90, "fair": 50, "poor": 10 + n}, "task1_pred":
         {"poor": {"errors": [{"start": 0, "end": 3, "severity": "major"}], "omission": None}}}
        for n in range(1, 5)
    ]  # fmt: skip
    path = human("".join(json.dumps(row) + "\n" for row in rows), "p.jsonl")
    found = _json(capsys, *lines, "--human", path, "--terms", str(tmp_path / "terms.tsv"))
    assert (found["measure"], found["segments"]) == ("task2_pred", 4)
    assert any("the file has no texts" in note for note in found["notes"])
    assert run(["agree", *lines, "--human", human(json.dumps({**rows[0], "item_id": "x"}))]) == 3
    assert "segment 'x', which src does not have" in capsys.readouterr().err


def test_what_is_left_out_is_said(lines, human, capsys):
    table = _TABLE.replace("mqm\n", "mqm\tremark\n", 1).replace("\t5\n", "\t5\tfar off\n")
    table = "\n".join(
        line if line.count("\t") == 3 else f"{line}\t" for line in table.split("\n")[:-1]
    )
    found = _json(capsys, *lines, "--human", human(table + "\n"))
    assert [(i["place"], i["reason"]) for i in found["left_out"]] == [
        ("column remark", "columns without a role")
    ]
    assert "far off" in found["left_out"][0]["text"]
    assert run(["agree", *lines, "--human", human(table + "\n"), "--samples", "20"]) == 0
    assert "Left out: columns without a role: 1 (column remark)." in capsys.readouterr().out


def test_ratings_of_other_texts_are_refused(lines, human, capsys):
    row = f"poor\td\t1\t1\tr\t{_SOURCES[0]}\tAnother text.\tNo-error\tNo-error\n"
    assert run(["agree", *lines, "--human", human(_MQM + row)]) == 3
    assert "1 of 1 rated outputs that are not the scored ones" in capsys.readouterr().err
    row = row.replace(_SOURCES[0], "别的")
    assert run(["agree", *lines, "--human", human(_MQM + row)]) == 3
    assert "fit neither by id nor by source text" in capsys.readouterr().err


def test_markdown_escapes(lines, human, capsys):
    path = human(_TABLE, "a|b*.tsv")
    assert run(["agree", *lines, "--human", path, "-f", "markdown", "--samples", "20"]) == 0
    text = capsys.readouterr().out
    assert "a\\|b\\*.tsv" in text
    assert "| Systems | Pairwise accuracy |" in text


@pytest.fixture(scope="module")
def wmt21(data: Path) -> dict[str, Path]:
    folder = data / "wmt21-zhen-mqm"
    files = {f.name.split(".hyp.")[1][:-3]: f for f in folder.glob("*.hyp.*.en")}
    files |= {"ref": folder / "newstest2021.zh-en.ref.A.en"}
    return files | {"human": folder / "mqm_newstest2021_zhen.avg_seg_scores.tsv"}


def test_wmt21_equals_sacrebleu_and_scipy(wmt21, capsys):
    """An independent computation: sacrebleu's scores, the file read by hand, scipy's statistics."""
    chosen = ("DIDI-NLP", "HuaweiTSC", "MiSS", "NiuTrans", "Online-W", "SMU")
    systems = {n: wmt21[n] for n in chosen}  # a few, for speed; nobody rated HuaweiTSC
    arguments = [x for n, f in systems.items() for x in ("-i", f"{n}={f}")]
    found = _json(
        capsys, "-r", str(wmt21["ref"]), *arguments, "--human", str(wmt21["human"]), "-m", "bleu"
    )
    scores: dict[str, dict[int, float]] = {}
    for line in wmt21["human"].read_text("utf-8").split("\n")[1:-1]:
        system, rest = line.split("\t")
        score, segment = rest.split(" ")
        if score != "None" and system in systems:
            scores.setdefault(system, {})[int(segment) - 1] = float(score)
    names = list(found["systems"])
    assert sorted(names) == sorted(scores)
    assert found["only_corpus"] == ["HuaweiTSC"]
    rated = sorted(scores[names[0]])
    reference = wmt21["ref"].read_text("utf-8").split("\n")
    texts = {n: systems[n].read_text("utf-8").split("\n") for n in names}
    people = np.array([[scores[n][s] for s in rated] for n in names])
    sentence, corpus = BLEU(effective_order=True).sentence_score, BLEU().corpus_score
    metric = np.array([[sentence(texts[n][s], [reference[s]]).score for s in rated] for n in names])
    segment = found["segment_level"][0]
    assert segment["observations"] == people.size == 5 * 650
    for name, of in (("pearson", scipy.stats.pearsonr), ("kendall", scipy.stats.kendalltau)):
        expected = of(metric.ravel(), people.ravel()).statistic
        assert segment["none"][name]["value"] == pytest.approx(expected, abs=1e-12)
        by_system = np.mean([of(x, y).statistic for x, y in zip(metric, people, strict=True)])
        assert segment["system"][name]["value"] == pytest.approx(by_system, abs=1e-12)
    taus = [scipy.stats.kendalltau(x, y).statistic for x, y in zip(metric.T, people.T, strict=True)]
    assert segment["item"]["kendall"]["value"] == pytest.approx(np.nanmean(taus), abs=1e-12)
    assert segment["item"]["undefined"] == np.isnan(taus).sum()
    level = found["system_level"][0]
    own = [reference[s] for s in rated]
    totals = [corpus([texts[n][s] for s in rated], [own]).score for n in names]
    full = [corpus(texts[n][:1948], [reference[:1948]]).score for n in names]
    for x, place in ((totals, level), (full, level["all_segments"])):
        for name, of in (("pearson", scipy.stats.pearsonr), ("kendall", scipy.stats.kendalltau)):
            value = place[name] if place is not level else place[name]["value"]
            assert value == pytest.approx(of(x, people.mean(axis=1)).statistic, abs=1e-12)


def test_ted_errors_equal_the_published_averages(data: Path, tmp_path: Path, capsys):
    """The same ratings as errors and as the averages published with them."""
    folder = data / "ted-zhen-mqm"
    corpus, _ = read_marot(folder / "mqm_ted_zhen.tsv")
    from xindaya.agreement import agree
    from xindaya.evaluation import evaluate
    from xindaya.pairs import Corpus, Segment
    from xindaya.settings import Settings

    names = {"ref": "ref-A", "refB": "ref-B"}
    chosen = ("DIDI-NLP", "MiSS", "Online-W", "ref", "refB")
    segments = tuple(
        Segment(s.id, s.source, (text,), s.document)
        for s, text in zip(corpus.segments, corpus.systems["Borderline"], strict=True)
    )
    systems = {names.get(n, n): corpus.systems[n] for n in chosen}
    made = Corpus("ted", "zh", "en", segments, ("A",), systems)
    settings = Settings(metrics=("chrf",), test=None, confidence_samples=0, check_data=False)
    renamed = tmp_path / "mqm.tsv"
    text = (folder / "mqm_ted_zhen.tsv").read_text("utf-8")
    renamed.write_text(
        text.replace("\nref\t", "\nref-A\t").replace("\nrefB\t", "\nref-B\t"), "utf-8"
    )
    report = agree(
        evaluate(made, settings=settings),
        [renamed, folder / "mqm_ted_zhen.avg_seg_scores.tsv"],
        samples=20,
    )
    errors, averages = (one.agreement for one in report.files)
    assert (errors.higher_is_better, averages.higher_is_better) == (False, True)
    points = {p.system: p.human.value for p in errors.system_level[0].points}
    # Published with the data; penalties.
    published = {"ref-B": 0.42, "DIDI-NLP": 1.65, "MiSS": 1.97, "Online-W": 2.93, "ref-A": 5.52}
    assert {n: round(v, 2) for n, v in points.items()} == published
    assert errors.segment_level[0].ties.epsilon == averages.segment_level[0].ties.epsilon
    assert errors.segment_level[0].grouping("none").kendall.value == pytest.approx(
        averages.segment_level[0].grouping("none").kendall.value, abs=1e-4
    )
