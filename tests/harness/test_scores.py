"""Scores from files and commands: joined by their texts, saved, loaded, compared and gated like any."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from xindaya.cli import invoke as main
from xindaya.evaluation import evaluate
from xindaya.metrics import Evaluation
from xindaya.metrics.scores import ErrorSpan, SegmentScore
from xindaya.pairs import Corpus, InputError, Segment, UsageError, XindayaError
from xindaya.reports.html.report.verdict import best_systems
from xindaya.reports.machine import to_dict
from xindaya.runs import load_run, save_run
from xindaya.scores import Source, load_scores, source_of
from xindaya.settings import Settings
from xindaya.spec import load_spec, run_spec

SOURCES = ["第一句。", "第二句。", "第三句。"]
REFERENCES = ["The first sentence.", "The second one.", "A third."]
A, B = ["A first sentence.", "The second one.", "Third."], ["First.", " Second. ", "A third."]
VALUES = {"a": [0.5, 0.9, 0.4], "b": [0.3, 0.6, 1.0]}


def corpus(b: list[str] = B, ids: str = "123") -> Corpus:
    segments = [Segment(i, s, (r,)) for i, s, r in zip(ids, SOURCES, REFERENCES, strict=True)]
    return Corpus("test", "zh", "en", tuple(segments), ("A",), {"a": tuple(A), "b": tuple(b)})


def comet(place: Path, **changed: object) -> Path:
    """As ``comet-score --to_json`` writes it: stripped lines, a list a file."""
    files = {
        f"{name}.en": [
            {"src": s, "mt": o.strip(), "ref": r, "COMET": x}
            for s, o, r, x in zip(SOURCES, outputs, REFERENCES, VALUES[name], strict=True)
        ]
        for name, outputs in (("a", A), ("b", B))
    }
    files["b.en"][1].update(changed)
    place.write_text(json.dumps(files, ensure_ascii=False, indent=4))
    return place


def metricx(place: Path, **changed: object) -> Path:
    rows = [
        {"source": s, "hypothesis": o, "reference": r, "prediction": 25 * (1 - x)}
        for name, outputs in (("a", A), ("b", B))
        for s, o, r, x in zip(SOURCES, outputs, REFERENCES, VALUES[name], strict=True)
    ]
    rows[4].update(changed)
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return place


def wmt26(place: Path) -> Path:
    rows = [
        {
            "item_id": str(n + 1),
            "task2_pred": {name: values[n] for name, values in VALUES.items()},
            "task1_pred": {"a": {"errors": [{"start": 0, "end": 1, "severity": "minor"}]}},
        }
        for n in range(3)
    ]
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return place


def table(place: Path, text: str) -> Path:
    place.write_text(text)
    return place


def seg_scores(place: Path) -> Path:
    """As mt-metrics-eval has them: system and score, in the order of the segments."""
    return table(place, "".join(f"{s}\t{x}\n" for s, own in VALUES.items() for x in own))


def headed(place: Path) -> Path:
    rows = [f"{x},{s},{n}\n" for s, own in VALUES.items() for n, x in enumerate(own, 1)]
    return table(place, "score,system,id\n" + "".join(reversed(rows)))


def read(path: Path, texts: Corpus | None = None, **said: object) -> Evaluation:
    settings = Settings(scores=(Source("COMET", {"": path}, **said),), check_data=False)  # type: ignore[arg-type]
    return evaluate(texts or corpus(), metrics="chrf", settings=settings)


@pytest.mark.parametrize("write", [comet, wmt26, seg_scores, headed])
def test_every_form_gives_the_same_means(tmp_path, write):
    found = read(write(tmp_path / "scores"))
    assert found.scores["COMET"] == pytest.approx({"a": 1.8 / 3, "b": 1.9 / 3})
    assert found.segment_scores["COMET"]["b"] == (0.3, 0.6, 1.0)


def test_metricx_is_an_error_score(tmp_path):
    found = read(metricx(tmp_path / "x.jsonl"))
    assert found.scores["COMET"]["a"] == pytest.approx(10.0)  # 25 (1 - 0.6)
    assert not found.metrics["COMET"].higher_is_better
    assert "better:lower" in found.signatures["COMET"]


def test_texts_beside_scores_say_what_was_looked_at(tmp_path):
    assert read(comet(tmp_path / "c")).signatures["COMET"].endswith("|ref:yes|src:yes")
    free = metricx(tmp_path / "q.jsonl")
    rows = [json.loads(line) | {"reference": ""} for line in free.read_text().split("\n")[:-1]]
    free.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "|ref:no|" in read(free).signatures["COMET"]
    stated = {"model": "Unbabel/wmt22-comet-da", "version": "2.2.7", "cut_at": 512}
    assert read(seg_scores(tmp_path / "s"), stated=stated).signatures["COMET"] == (
        "measure:COMET|model:Unbabel/wmt22-comet-da|version:2.2.7|max-tokens:512"
    )


def test_a_measure_needs_no_reference(tmp_path):
    bare = corpus()
    segments = tuple(replace(s, references=()) for s in bare.segments)
    bare = Corpus("test", "zh", "en", segments, (), bare.systems)
    found = read(seg_scores(tmp_path / "s"), bare)
    assert list(found.metrics) == ["COMET"]
    assert [u.metric for u in found.unscored] == ["chrF2"]


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda p: comet(p, mt="Second!"), r"b.en 2: the output 'Second!' where segment '2' of 'b'"),
        (lambda p: comet(p, src="第二。"), r"no score: segment '2' of 'b'|b.en 2: the output"),
        (lambda p: comet(p, ref="Another."), r"b.en 2: the reference 'Another.' for segment '2'"),
        (lambda p: comet(p, COMET="good"), r"b.en 2: the score 'good'"),
        (lambda p: metricx(p, hypothesis="Other."), r"line 5: the output 'Other.'"),
        (lambda p: table(p, "system\tid\tscore\na\t1\t.5\na\t9\t.5\n"), r"line 3: segment '9'"),
        (lambda p: table(p, "system\tid\tscore\na\t1\t.5\na\t1\t.6\n"), r"line 3: segment '1' of 'a' twice"),
        (lambda p: table(p, "system\tid\tscore\na\t1\t.5\na\t2\t.6\n"), r"no score of segment '3' of 'a'"),
        (lambda p: table(p, "a\t.5\na\t.6\nb\t.5\nb\t.6\n"), r"2 scores of 'a'; expected 3"),
        (lambda p: table(p, "a\t.5\na\t.6\na\t.5\n"), r"no score of segment '1' of 'b'"),
        (lambda p: table(p, "x\t.5\nx\t.6\nx\t.5\n"), r"scores of 'x'"),
        (lambda p: table(p, ".5\n.6\n.5\n"), r"scores that name no system"),
        (lambda p: table(p, '{"foo": 1}\n'), r"line 1: the keys 'foo'"),
        (
            lambda p: table(p, "system\tid\toutput\tscore\na\t1\tA first one.\t.5\n"),
            r"line 2: the output 'A first one.', which is not that of segment '1' of 'a'",
        ),
    ],
)  # fmt: skip
def test_scores_of_other_texts_are_refused(tmp_path, write, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / "scores.txt"))


def test_a_file_a_system(tmp_path):
    for name, values in VALUES.items():
        table(tmp_path / name, "".join(f"{x}\n" for x in values))
    arguments = [source_of(f"KIWI:{name}={tmp_path / name}") for name in VALUES]
    both = replace(arguments[0], files={**arguments[0].files, **arguments[1].files})
    assert load_scores([both], corpus())["KIWI"].digits == 4
    with pytest.raises(UsageError, match="expected NAME=FILE"):
        source_of("KIWI:=x")


def test_not_scored_is_said_and_never_compared_with_more(tmp_path, capsys):
    path = table(tmp_path / "s", "a\t.5\na\t.9\na\tNone\nb\t.3\nb\tNone\nb\t1\n")
    found = read(path)
    assert found.scores["COMET"] == pytest.approx({"a": 0.7, "b": 0.65})
    (test,) = [c for c in found.comparisons if c.metric == "COMET"]
    # Only segment 1 has both: .3 - .5, not .65 - .7.
    assert (test.delta, test.compared, test.differing) == (pytest.approx(-0.2), 1, 1)
    assert [n for n in found.notes if n.startswith("COMET")] == [
        f"COMET of {s}: scored 2 of 3 segments (no score in the file: 1); it is compared on the "
        "segments that both sides have"
        for s in "ab"
    ]
    save_run(found, tmp_path / "run")
    assert to_dict(load_run(tmp_path / "run")) == to_dict(found)
    assert main(["compare", str(tmp_path / "run"), str(tmp_path / "run")]) == 0
    lines = (tmp_path / "run" / "segments.tsv").read_text().split("\n")
    assert lines[0].split("\t")[-1] == "COMET"
    assert [line.split("\t")[-1] for line in lines[1:-1]] == ["0.5", "0.9", "", "0.3", "", "1.0"]


def test_systems_are_ranked_on_what_all_of_them_have(tmp_path):
    # b's mean is larger only because its worst segment has no score.
    path = table(tmp_path / "s", "a\t.5\na\t.9\na\t.1\nb\t.4\nb\t.8\nb\tNone\n")
    found = read(path)
    assert found.scores["COMET"] == pytest.approx({"a": 0.5, "b": 0.6})
    assert found.common_scores["COMET"] == pytest.approx({"a": 0.7, "b": 0.6})
    assert best_systems(found, "COMET") == ("a",)
    assert found.common_scores["chrF2"] == found.scores["chrF2"]
    content = to_dict(found)
    assert [system.get("scored") for system in content["systems"]] == [None, {"COMET": 2}]
    schema = resources.files("xindaya.reports").joinpath("schema.json").read_text("utf-8")
    jsonschema.validate(content, json.loads(schema))


def test_a_measure_without_a_score_of_a_system_has_no_number(tmp_path):
    path = table(tmp_path / "s", "a\t.5\na\t.9\na\t1\nb\tNone\nb\tNone\nb\tNone\n")
    found = read(path)
    assert "COMET" not in found.scores
    assert found.unscored[0].reason == "no output of 'b' was scored (no score in the file)"


def test_systems_without_a_common_segment_are_not_compared(tmp_path):
    path = table(tmp_path / "s", "a\t.5\na\tNone\na\tNone\nb\tNone\nb\t.5\nb\t.6\n")
    assert not [c for c in read(path).comparisons if c.metric == "COMET"]


def test_marked_errors_are_kept(tmp_path):
    found = read(wmt26(tmp_path / "w"))
    metric = found.metrics["COMET"]
    assert metric.entry(found.corpus.segments[0], A[0]) == SegmentScore(  # type: ignore[attr-defined]
        0.5, spans=(ErrorSpan(0, 1, "minor"),)
    )
    save_run(found, tmp_path / "run")
    assert load_run(tmp_path / "run").metrics["COMET"] == metric
    rows = (tmp_path / "w").read_text().replace('"end": 1', '"end": 100')
    with pytest.raises(InputError, match="line 1: an error up to character 100 of segment '1'"):
        read(table(tmp_path / "long", rows))


def test_a_runs_scores_are_a_file_of_scores(tmp_path):
    found = read(comet(tmp_path / "c"))
    save_run(found, tmp_path / "run")
    kept = tmp_path / "run" / "scores" / "COMET.jsonl"
    again = read(kept)
    assert again.rows["COMET"].tolist() == found.rows["COMET"].tolist()
    assert again.signatures == found.signatures
    with pytest.raises(InputError, match="line 7: the texts that were scored, which is not that"):
        read(kept, corpus(b=["First.", " Second. ", "A third!"]))


SPEC = """
metrics = ["bleu", "chrf"]
gates = ["COMET >= 0.5", "length >= 0.2", "chrF2 >= 1"]
fail_on = ["COMET:-0.05", "MetricX:+0.5"]

[scores]
COMET = "comet.json"
MetricX = {{ file = "metricx.jsonl", model = "google/metricx-24-hybrid-xl-v2p6" }}
length = {{ command = [{python}, "length.py"], seconds = 60, batch = 2, cache = false }}

[files]
source = "source.zh"
references = {{ A = "reference.en" }}
systems = {{ a = "a.en", b = "b.en" }}
"""

LENGTH = """
import json, sys
print(json.dumps({"identity": {"model": "length", "version": "1", "source": False}}))
for line in reversed(sys.stdin.readlines()):
    row = json.loads(line)
    n = len(row["ref"]["text"])
    scores = {s: min(len(t), n) / max(len(t), n) for s, t in row["hyps"].items()}
    print(json.dumps({"item_id": row["item_id"], "task2_pred": scores}))
"""


@pytest.fixture
def suite(tmp_path):
    """A spec with BLEU, chrF, two files of scores and a command."""
    texts = {"source.zh": SOURCES, "reference.en": REFERENCES, "a.en": A, "b.en": B}
    for name, lines in texts.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines))
    comet(tmp_path / "comet.json")
    metricx(tmp_path / "metricx.jsonl")
    (tmp_path / "length.py").write_text(LENGTH)
    (tmp_path / "suite.mt.toml").write_text(SPEC.format(python=json.dumps(sys.executable)))
    return tmp_path


def test_one_spec_runs_gates_records_loads_compares_and_trends(suite, capsys):
    spec, run, store = suite / "suite.mt.toml", suite / "run", suite / "store"
    record = ["--record", "--store", str(store)]
    assert main(["run", str(spec), "-o", str(run), *record]) == 1  # there is no baseline yet
    printed = capsys.readouterr().out
    assert "passed  b       COMET 0.6333 meets COMET >= 0.5 by 0.1333" in printed
    # lengths 17/19, 15/15, 6/8 and 6/19, 9/15, 8/8
    loaded = load_run(run)
    assert loaded.scores["length"] == pytest.approx({
        "a": (17 / 19 + 1 + 6 / 8) / 3, "b": (6 / 19 + 9 / 15 + 1) / 3,
    })  # fmt: skip
    again = replace(run_spec(load_spec(spec)), provenance=loaded.provenance)
    assert to_dict(loaded) == to_dict(again)
    assert loaded.signatures["length"] == "measure:length|model:length|version:1|src:no"
    worse = [0.3, 0.2, 1.0]
    content = (suite / "comet.json").read_text().replace("0.6,", "0.2,").replace("0.6\n", "0.2\n")
    (suite / "comet.json").write_text(content)
    assert main(["run", str(spec), *record, "-q"]) == 1
    capsys.readouterr()
    assert main(["compare", "latest~1", "latest", "--store", str(store), "-f", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)
    (moved,) = [
        s for s in changes["systems"][1]["scores"] if s["metric"] == "COMET"
    ]  # fmt: skip
    assert moved["after"] - moved["before"] == pytest.approx(sum(worse) / 3 - 1.9 / 3)
    for measure in ("comet", "LENGTH", "MetricX", "chrf"):
        assert main(["history", "--store", str(store), "--trend", measure]) == 0
    shown = capsys.readouterr().out
    assert "COMET (higher is better), 2 runs" in shown
    assert "MetricX (lower is better), 2 runs" in shown
    page = (run / "report.html").read_text()
    assert "COMET" in page
    assert "MetricX" in page


def test_the_line_takes_scores_and_commands(suite, capsys, monkeypatch):
    monkeypatch.chdir(suite)
    line = ["score", "-s", "source.zh", "-r", "reference.en", "-i", "a.en", "b.en", "-m", "chrf"]
    scores = ["--scores", "COMET=comet.json", "--scorer", f"length={sys.executable} length.py"]
    assert main([*line, *scores, "-f", "json", "-q"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [m["name"] for m in found["metrics"]] == ["chrF2", "COMET", "length"]
    assert main([*line, *scores, "-b", "-w", "3"]) == 0
    # chrF has the digits asked for, a scale up to 1 two more
    first = capsys.readouterr().out.split("\n")[0].split("\t")
    assert [first[0], *first[2:]] == ["a", "0.60000", "0.88158"]
    assert main([*line, "--scores", "chrf2=comet.json"]) == 2
    assert "twice among the metrics" in capsys.readouterr().err
    assert main([*line, "--scores", "COMET=none.json"]) == 3
    assert main([*line, "-m", "comet"]) == 2
    assert "--scores comet=FILE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('scores = 5\n', "expected a file, or a table"),
        ("[scores]\nCOMET = 5\n", "expected a file or"),
        ('[scores]\nCOMET = { fil = "x" }\n', "did you mean 'file'"),
        ('[scores]\nCOMET = { file = "x", batch = "7" }\n', "batch = '7' of COMET; expected a whole"),
        ('[scores]\nCOMET = { command = ["x", 1] }\n', "command = .* of COMET; expected"),
        ('[scores]\nCOMET = { file = "x", command = ["x"] }\n', "either a file of scores or a command"),
        ('[scores]\nCOMET = { file = "x", better = "up" }\n', 'expected "higher" or "lower"'),
        ('[scores]\n"a b" = "x"\n', "expected a name of letters"),
        ('[scores]\nbleu = "x"\n', "bleu twice among the metrics"),
        ('gates = ["COMMET >= 1"]\n[scores]\nCOMET = "x"\n', "did you mean 'COMET'"),
    ],
)  # fmt: skip
def test_specs_say_what_is_wrong(tmp_path, said, message):
    place = tmp_path / "x.mt.toml"
    head = 'corpus = "c.tsv"\n'
    place.write_text(head + said)
    with pytest.raises(XindayaError, match=message):
        load_spec(place)
