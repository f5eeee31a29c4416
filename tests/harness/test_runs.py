from __future__ import annotations

import json
import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from xindaya import InputError, Settings, evaluate, load_run, save_run
from xindaya.metrics import Evaluation
from xindaya.pairs import Corpus, Segment, Termbase
from xindaya.reports.machine import to_json
from xindaya.run_sums import write_sums

QUICK = Settings(metrics=("bleu", "chrf", "ter"), confidence_samples=40, test_samples=40)


@pytest.fixture
def evaluation(corpus: Corpus, termbase: Termbase) -> Evaluation:
    return evaluate(corpus, termbase=termbase, settings=QUICK)


def test_save_then_load_is_identity(tmp_path: Path, evaluation: Evaluation) -> None:
    save_run(evaluation, tmp_path / "run")
    again = load_run(tmp_path / "run")
    for field in fields(Evaluation):
        ours, theirs = getattr(evaluation, field.name), getattr(again, field.name)
        if field.name == "rows":
            assert all(
                (ours[n] == theirs[n]).all() and ours[n].dtype == theirs[n].dtype for n in ours
            )
        elif field.name in ("metrics", "signatures", "intervals"):
            assert dict(ours) == dict(theirs)
        else:
            assert ours == theirs, field.name
    assert to_json(again) == to_json(evaluation)


def test_a_second_run_replaces_the_first(tmp_path: Path, evaluation: Evaluation) -> None:
    save_run(evaluation, tmp_path / "run")
    save_run(evaluation, tmp_path / "run")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(("run", "."))] == ["run"]


def test_somebody_elses_folder_is_left_alone(tmp_path: Path, evaluation: Evaluation) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    with pytest.raises(InputError, match="not a run folder"):
        save_run(evaluation, tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_failure_leaves_nothing(
    tmp_path: Path, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_evaluation: Evaluation, **_options: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("xindaya.runs.render_report", fail)
    with pytest.raises(RuntimeError):
        save_run(evaluation, tmp_path / "run")
    assert not [p for p in tmp_path.iterdir() if "run" in p.name]


def test_changed_runs_are_refused(tmp_path: Path, evaluation: Evaluation) -> None:
    save_run(evaluation, tmp_path / "run")
    np.save(tmp_path / "run" / "rows" / "BLEU.npy", np.zeros((1, 1, 10), dtype=np.int64))
    write_sums(tmp_path / "run")
    with pytest.raises(InputError, match="rows of shape"):
        load_run(tmp_path / "run")
    corpus = tmp_path / "run" / "corpus.jsonl"
    corpus.write_text(corpus.read_text("utf-8").replace("新规", "旧规"), "utf-8")
    write_sums(tmp_path / "run")
    with pytest.raises(InputError, match="a changed corpus"):
        load_run(tmp_path / "run")
    with pytest.raises(InputError, match="expected a run folder"):
        load_run(tmp_path)


@pytest.mark.parametrize("name", ["run.json", "corpus.jsonl", "termbase.tsv", "rows/chrF2.npy"])
def test_a_file_that_was_edited_or_lost_is_named(
    tmp_path: Path, evaluation: Evaluation, name: str
) -> None:
    save_run(evaluation, tmp_path / "run")
    path = tmp_path / "run" / name
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(InputError, match=f"{path.name}: found a file that was changed"):
        load_run(tmp_path / "run")
    path.unlink()
    with pytest.raises(InputError, match=r"which the folder lacks|no run\.json"):
        load_run(tmp_path / "run")
    path.mkdir()
    with pytest.raises(InputError):
        load_run(tmp_path / "run")


def test_outputs_cannot_change_places(tmp_path: Path, evaluation: Evaluation) -> None:
    # Neither the corpus hash nor a corpus score sees this.
    save_run(evaluation, tmp_path / "run")
    path = tmp_path / "run" / "rows" / "chrF2.npy"
    np.save(path, np.load(path, allow_pickle=False)[:, ::-1])
    with pytest.raises(InputError, match=r"chrF2\.npy: found a file that was changed"):
        load_run(tmp_path / "run")


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 2},
        {"corpus": None},
        {"run": {}},
        {"systems": [{"name": 10**400}]},
        {"comparisons": [[]]},
    ],
)
def test_content_that_does_not_fit_is_an_input_error(
    tmp_path: Path, evaluation: Evaluation, change: dict[str, object]
) -> None:
    save_run(evaluation, tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    write_sums(tmp_path / "run")
    with pytest.raises(InputError, match=r"schema version 2|does not fit"):
        load_run(tmp_path / "run")


@pytest.mark.parametrize("content", [b"\xff\xfe", b'{"a": ' + b"9" * 5000 + b"}", b"[" * 100_000])
def test_a_run_that_is_no_json_is_an_input_error(
    tmp_path: Path, evaluation: Evaluation, content: bytes
) -> None:
    save_run(evaluation, tmp_path / "run")
    (tmp_path / "run" / "run.json").write_bytes(content)
    write_sums(tmp_path / "run")
    with pytest.raises(InputError, match=r"run\.json"):
        load_run(tmp_path / "run")


def test_rows_that_claim_too_much_are_an_input_error(
    tmp_path: Path, evaluation: Evaluation
) -> None:
    save_run(evaluation, tmp_path / "run")
    with (tmp_path / "run" / "rows" / "chrF2.npy").open("wb") as stream:
        head = {"descr": "<i8", "fortran_order": False, "shape": (2, 3, 10**13)}
        np.lib.format.write_array_header_1_0(stream, head)
    write_sums(tmp_path / "run")
    with pytest.raises(InputError, match="bytes of numbers for the shape"):
        load_run(tmp_path / "run")


def test_segments_without_a_document_and_of_one_character(tmp_path: Path) -> None:
    segments = tuple(Segment(str(n), None, ("b",), document="") for n in range(3))
    corpus = Corpus("x", "zh", "en", segments, ("A",), {"s": ("a", "b", "")})
    save_run(evaluate(corpus, settings=QUICK), tmp_path / "run")
    assert load_run(tmp_path / "run").corpus == corpus


def test_rows_that_do_not_give_the_scores_are_refused(
    tmp_path: Path, evaluation: Evaluation
) -> None:
    save_run(evaluation, tmp_path / "run")
    path = tmp_path / "run" / "rows" / "chrF2.npy"
    rows = np.load(path, allow_pickle=False)
    rows[0, 0, -1] += 1
    np.save(path, rows)
    write_sums(tmp_path / "run")
    with pytest.raises(InputError, match="another chrF2"):
        load_run(tmp_path / "run")


def test_scores_of_another_python_are_those_of_the_rows(
    tmp_path: Path, evaluation: Evaluation
) -> None:
    """BLEU of Python 3.11 and 3.13 differs by up to 8.5e-14, in sacrebleu as here."""
    save_run(evaluation, tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    content = json.loads(path.read_text("utf-8"))
    scores = content["systems"][0]["scores"]
    for change, fits in ((8.5e-14, True), (1e-6, False), (math.nan, False)):
        changed = content | {
            "systems": [content["systems"][0] | {"scores": {"BLEU": scores["BLEU"] + change}}]
        }
        path.write_text(json.dumps(changed), "utf-8")
        write_sums(tmp_path / "run")
        if fits:
            assert scores["BLEU"] + change != scores["BLEU"]
            assert load_run(tmp_path / "run").scores["BLEU"] == evaluation.scores["BLEU"]
        else:
            with pytest.raises(InputError):
                load_run(tmp_path / "run")
