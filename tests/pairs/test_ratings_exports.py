"""People's scores as tools and shared tasks export them: shapes of our own after the published ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya.pairs import InputError, NothingToEvaluateError
from xindaya.pairs.ratings import read_ratings, write_predictions

EN_ZH = {"source_lang": "en", "target_lang": "zh"}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def pearmut(user: str, item: str, score: object, *spans: tuple[object, object], time: float = 1.0):
    errors = [{"start_i": a, "end_i": b, "severity": "minor", "category": None} for a, b in spans]
    by_model = {"M": {"score": score, "error_spans": errors, "textfield": None}}
    shown = {"item_id": item, "src": "The red house", "tgt": {"M": "红房子", "N": "屋"}}
    actions = [{"time": time, "action": "submit"}]
    return {
        "annotation": [by_model], "item": [shown], "user_id": user, "item_i": 0, "actions": actions,
    }  # fmt: skip


def test_pearmut(tmp_path: Path) -> None:
    found = read_ratings(
        lines(
            tmp_path / "a.jsonl",
            pearmut("u", "en-zh_CN_#_n_#_D_#_0", 70, (0, 0), ("missing", "missing")),
            pearmut("v", "en-zh_CN_#_n_#_D_#_0", 90),
            pearmut("v", "en-zh_CN_#_n_#_D_#_0", 80, time=0.5),
            pearmut("v", "attention_check_1", 5),
            pearmut("v", "en-de_DE_#_n_#_D_#_0", 5),
        ),
        **EN_ZH,
    )
    # Mean of 70 and 90: the 80 is what v had given before.
    assert (found.kind, found.measure, found.segments) == (
        "segments", "ESA score", {"M": {"en-zh_CN_#_n_#_D_#_0": 80.0}},
    )  # fmt: skip
    one, two, three = found.errors
    # Both ends are inclusive, so 0 to 0 is one character.
    assert (one.target_spans, one.severity, one.rater) == (((0, 1),), "minor", "u")
    assert (two.target_spans, json.loads(two.metadata)) == ((), {"place": ["missing", "missing"]})
    assert (three.severity, three.rater) == ("No-error", "v")
    assert found.corpus is not None
    assert found.corpus.systems == {"M": ("红房子",)}
    reasons = {item.reason for item in found.left_out}
    assert reasons == {
        "judgements from en to de_DE", "judgements that the same person made again",
        "outputs that nobody judged", "records of how people annotated",
        "tutorials and attention checks",
    }  # fmt: skip


def test_annotations_of_wmt26_are_one_object_by_languages(tmp_path: Path) -> None:
    path = tmp_path / "annotations.json"
    reset = {"user_id": "u", "annotation": "__RESET__"}
    rows = [pearmut("u", "s1", 10), reset, pearmut("u", "s1", 60), pearmut("w", "s2", None)]
    path.write_text(json.dumps({"eng-zho": rows, "eng-deu": [pearmut("u", "s1", 1)]}, indent=1))
    found = read_ratings(path, **EN_ZH)
    assert found.segments == {"M": {"s1": 60.0, "s2": None}}
    assert {"annotations before a reset", "judgements from eng to deu"} <= {
        item.reason for item in found.left_out
    }


def test_segments_of_wmt24_and_25(tmp_path: Path) -> None:
    span = {"start_i": 1, "end_i": 2, "severity": "major"}
    waves = {
        "human1": 50.0, "errors1": [span], "annotator1": "a1", "times1": [1.0, 2.0],
        "human2": 70.0, "errors2": [], "annotator2": "a2", "times2": [3.0, 4.0], "chrF": 0.5,
    }  # fmt: skip
    listed = [{"score": "90", "annotator": "a3", "errors": [], "times": ["1", "2"]}]
    path = lines(
        tmp_path / "h.jsonl",
        {"doc_id": "en-zh_CN_#_n_#_D_#_0", "src_text": "One", "tgt_text": {"M": "一二三", "N": "一"},
         "scores": {"M": waves, "N": listed}},
    )  # fmt: skip
    found = read_ratings(path, **EN_ZH)
    name = "en-zh_CN_#_n_#_D_#_0"
    # (50 + 70) / 2
    assert found.segments == {"M": {name: 60.0}, "N": {name: 90.0}}
    assert found.errors[0].target_spans == ((1, 3),)
    assert [item.text for item in found.left_out] == ['{"M": {"chrF": 0.5}}']
    path.write_text(path.read_text("utf-8").replace("50.0", "NaN"), "utf-8")
    assert read_ratings(path, **EN_ZH).segments["M"] == {name: 70.0}


def test_judgements_of_wmt24(tmp_path: Path) -> None:
    row = {
        "langs": "en-zh", "line_id": 7, "src": "One", "tgt": "一", "doc_id": "D", "domain": "news",
        "esa_spans": [], "esa_score": "88", "times": ["1", "2"], "system": "M", "annotator": "u",
        "speech_info": None,
    }  # fmt: skip
    found = read_ratings(lines(tmp_path / "w.jsonl", row, {**row, "langs": "en-es"}), **EN_ZH)
    assert found.segments == {"M": {"D_#_7": 88.0}}
    assert [item.reason for item in found.left_out][-1] == "judgements from en to es"


PREDICTED = {
    "item_id": "official_###_eng_Latn_###_zho_Hans_###_news_###_D_###_0",
    "task1_pred": {
        "G": {
            "errors": [
                {"start": 1, "end": 3, "severity": "major", "category": "accuracy/addition"}
            ],
            "omission": "minor",
            "instruction_fault": None,
        },
        "H": {"errors": [], "omission": None, "instruction_fault": None},
    },
    "task2_pred": {"G": 60.0, "H": 95.0},
}


def test_predictions_of_wmt26_in_and_out(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", PREDICTED)
    found = read_ratings(path, **EN_ZH)
    assert found.segments == {"G": {PREDICTED["item_id"]: 60.0}, "H": {PREDICTED["item_id"]: 95.0}}
    # Half-open, unlike what people's tools write.
    assert found.errors[0].target_spans == ((1, 3),)
    assert [e.severity for e in found.errors] == ["major", "minor", "No-error"]
    written, untold = write_predictions(found)
    assert (json.loads(written), untold) == (PREDICTED, [])
    spans = {key: value for key, value in PREDICTED.items() if key != "task2_pred"}
    assert read_ratings(lines(path, spans), kind="mqm").kind == "mqm"
    with pytest.raises(InputError, match="scores of segments; expected scores of systems"):
        read_ratings(lines(path, PREDICTED), kind="systems")


def test_errors_that_predictions_have_no_place_for(tmp_path: Path) -> None:
    head = "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n"
    rows = (
        "a\td\t1\t1\tr\t一<v>二</v>\tOne two\tAccuracy/Omission\tMinor\n"
        "a\td\t1\t1\tr\t一二\tOne <v>two</v>\tStyle\tCritical\n"
        "a\td\t1\t1\tr\t一二\t<v>One</v> two\tStyle\tNeutral\n"
        "a\td\t1\t1\tr\t一二\tOne two\tFluency\tMajor\n"
    )
    path = tmp_path / "m.tsv"
    path.write_text(head + rows, "utf-8")
    written, untold = write_predictions(read_ratings(path))
    assert json.loads(written)["task1_pred"]["a"] == {
        "errors": [{"start": 4, "end": 7, "severity": "major", "category": "Style"}],
        "omission": "minor",
        "instruction_fault": None,
    }
    assert [(item.reason, item.text) for item in untold] == [
        ("errors neither minor nor major", "Style Neutral"),
        ("errors without a place", "Fluency Major"),
    ]


APPRAISE = """u1,M,1,TGT,eng,zho,80,D1,False,"[{""start_i"":0,""end_i"":1,""severity"":""minor"",""error_type"":null}]",1.5,2.5
u1,M,1,TGT,eng,zho,60,D1,False,[],0.5,1.0
u1,M,2,BAD,eng,zho,3,D1#bad,False,[],3,4
u2,M,2,TGT,eng,zho,90,D1#dup,False,[],3,4
u2,M,1,TGT,eng,zho,40,D1,False,[],3,4
u2,M,1,TGT,eng,deu,40,D1,False,[],3,4
"""


def test_appraise(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(APPRAISE, "utf-8")
    found = read_ratings(path, **EN_ZH)
    # u1's last word is 80 (ended at 2.5), u2 gave 40.
    assert found.segments == {"M": {"1": 60.0}}
    assert found.errors[0].target_spans == ((0, 2),)
    reasons = [item.reason for item in found.left_out]
    assert reasons.count("attention checks, tutorials and fillers") == 2
    assert "judgements from eng to deu" in reasons
    path.write_text(APPRAISE.split("\n")[2] + "\n", "utf-8")
    with pytest.raises(NothingToEvaluateError):
        read_ratings(path)
    path.write_text(APPRAISE.replace(",80,", ",many,"), "utf-8")
    with pytest.raises(InputError):
        read_ratings(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "1", "source": "x"}\n', "found line 1: the keys 'id, source'"),
        ('{"annotation": [{"M": 3}], "item": [{"item_id": "a"}]}\n', "content that does not fit"),
        ('{"doc_id": "a", "scores": {"M": [3]}}\n', "content that does not fit"),
        ('{"item_id": "a", "task2_pred": {"M": "good"}}\n', "the score 'good'"),
        ('{"item_id": "a", "task1_pred": {"M": {"errors": [3]}}}\n', "content that does not fit"),
        ("[3]\n", "found '3'; expected an object"),
        ('{"annotation": \n', "no valid JSON"),
        ("[" * 100_000, "JSON nested too deeply"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        read_ratings(path)


def test_languages_of_judgements_are_not_mixed(tmp_path: Path) -> None:
    rows = [
        {"langs": langs, "line_id": 3, "src": "Hi", "tgt": text, "doc_id": "d", "esa_spans": [],
         "esa_score": score, "system": "A", "annotator": "u"}
        for langs, text, score in (("en-zh", "你好", 70), ("en-de", "Hallo", 90))
    ]  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = read_ratings(path)
    assert found.segments == {"A": {"d_#_3": 70.0}}
    assert [item.reason for item in found.left_out] == ["judgements from en to de"]


def test_waves_without_a_name_are_several_people(tmp_path: Path) -> None:
    def scored(**scores: float | None) -> dict[str, float | None]:
        path = tmp_path / "a.jsonl"
        row = {"doc_id": "d", "src_text": "Hi", "tgt_text": {"A": "你好"}, "scores": {"A": scores}}
        path.write_text(json.dumps(row) + "\n", "utf-8")
        return read_ratings(path).segments["A"]

    assert scored(human1=50, human2=None) == {"d": 50.0}
    assert scored(human1=50, human2=60) == {"d": 55.0}


@pytest.mark.parametrize("more", [[], ["1", "2"], ["1", "2", "b", "i"]])
def test_direct_assessment_without_spans(tmp_path: Path, more: list[str]) -> None:
    row = ["u", "A", "7", "TGT", "zho", "eng", "80", "doc", "False", *more]
    path = tmp_path / "a.csv"
    path.write_text(",".join(row) + "\n", "utf-8")
    assert read_ratings(path).segments == {"A": {"7": 80.0}}
