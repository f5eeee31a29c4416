from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xindaya import Evaluation, Settings, evaluate
from xindaya import baseline_files as files
from xindaya.metrics.judging.record import SystemRecord, record_of
from xindaya.pairs import Corpus, InputError, Termbase

SETTINGS = Settings(metrics=("bleu", "chrf", "ter"), confidence_samples=0, test=None)

UPDATE = """
import sys
from pathlib import Path
from xindaya.baseline_files import read_baseline, update_baseline
seed, path = Path(sys.argv[1]), Path(sys.argv[2])
record = read_baseline(seed).systems["good"]
for n in range(5):
    update_baseline(path, "o", {f"{sys.argv[3]}{n}": record})
"""


@pytest.fixture
def evaluation(corpus: Corpus, termbase: Termbase) -> Evaluation:
    return evaluate(corpus, termbase=termbase, settings=SETTINGS)


@pytest.fixture
def records(evaluation: Evaluation) -> dict[str, SystemRecord]:
    return {s: record_of(evaluation, s) for s in evaluation.systems}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".mt-baselines" / "x.json"


def read(path: Path) -> dict[str, SystemRecord]:
    baseline = files.read_baseline(path)
    assert baseline is not None
    return dict(baseline.systems)


def same(one: SystemRecord, other: SystemRecord) -> bool:
    return (
        one.metrics.keys() == other.metrics.keys()
        and all(np.array_equal(one.metrics[m].rows, other.metrics[m].rows) for m in one.metrics)
        and all(one.metrics[m].score == other.metrics[m].score for m in one.metrics)
        and np.array_equal(one.checksums, other.checksums)
        and (one.corpus, one.outputs, one.terms) == (other.corpus, other.outputs, other.terms)
    )


def test_a_round_trip_is_exact_and_its_bytes_repeat(
    path: Path, records: dict[str, SystemRecord]
) -> None:
    assert files.read_baseline(path) is None
    files.update_baseline(path, "x.mt.toml", records)
    back = read(path)
    assert back.keys() == records.keys()
    assert all(same(back[s], records[s]) for s in records)
    first = path.read_bytes(), path.with_suffix(".npz").read_bytes()
    files.update_baseline(path, "x.mt.toml", back)
    assert (path.read_bytes(), path.with_suffix(".npz").read_bytes()) == first
    assert files.owner_of(path) == "x.mt.toml"
    assert b"pickle" not in first[1]
    assert b"Cyberspace" not in first[0] + first[1]  # no text is kept


def test_merging(path: Path, records: dict[str, SystemRecord]) -> None:
    files.update_baseline(path, "o", {"good": records["good"]})
    files.update_baseline(path, "o", {"bad": records["bad"]})
    assert set(read(path)) == {"good", "bad"}
    files.update_baseline(path, "o", {"good": records["bad"]}, only_new=True)
    assert same(read(path)["good"], records["good"])
    files.update_baseline(path, "o", {"good": records["bad"]}, known=["good"])
    assert set(read(path)) == {"good"}
    assert same(read(path)["good"], records["bad"])
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as archive:
        assert len(archive.files) == 1 + len(records["bad"].metrics)  # nothing is left over


def test_a_proposal_is_no_baseline(path: Path, records: dict[str, SystemRecord]) -> None:
    for system, record in records.items():
        proposal = files.propose_baseline(path, "o", {system: record})
    assert proposal.name == "x.json.new"
    assert set(json.loads(proposal.read_text("utf-8"))["systems"]) == set(records)
    assert files.read_baseline(path) is None
    files.update_baseline(path, "o", records)
    assert not proposal.exists()
    assert (path.parent / ".gitignore").read_text("utf-8") == "*.lock\n*.new\n"


def test_two_writers_at_once_lose_nothing(
    tmp_path: Path, path: Path, records: dict[str, SystemRecord]
) -> None:
    seed = tmp_path / "seed.json"
    files.update_baseline(seed, "o", {"good": records["good"]})
    command = [sys.executable, "-c", UPDATE, str(seed), str(path)]
    writers = [subprocess.Popen([*command, name], cwd=tmp_path) for name in ("a", "b")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert set(read(path)) == {f"{name}{n}" for name in "ab" for n in range(5)}


@pytest.mark.parametrize("survived", [0, 1, 2])
def test_a_writer_that_dies_leaves_the_old_or_the_new(
    path: Path, records: dict[str, SystemRecord], monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    files.update_baseline(path, "o", {"s": records["good"]})
    steps = 0

    def dying(original: object) -> object:
        def write(place: Path, content: object) -> None:
            nonlocal steps
            if steps == survived:
                raise KeyboardInterrupt
            steps += 1
            original(place, content)  # type: ignore[operator]

        return write

    with monkeypatch.context() as patch:
        for name in ("write_bytes", "write_text"):
            patch.setattr(files, name, dying(getattr(files, name)))
        with pytest.raises(KeyboardInterrupt):
            files.update_baseline(path, "o", {"s": records["bad"]})
    expected = records["bad"] if survived == 2 else records["good"]
    assert same(read(path)["s"], expected)
    files.update_baseline(path, "o", {"s": records["bad"]})
    assert same(read(path)["s"], records["bad"])


def test_damage_is_named(path: Path, records: dict[str, SystemRecord]) -> None:
    files.update_baseline(path, "o", records)
    good, rows = path.read_text("utf-8"), path.with_suffix(".npz")
    content = json.loads(good)
    for text, message in [
        ("{", "x.json"),
        ("[]", "does not fit"),
        (good.replace('"schema_version": 1', '"schema_version": 9'), "schema version 9"),
        (good.replace('"rows": "', '"rows": "0'), "does not fit"),
        (good.replace('"segments": 4', '"segments": 5'), "does not fit"),
    ]:
        path.write_text(text, "utf-8")
        with pytest.raises(InputError, match=message):
            files.read_baseline(path)
    path.write_text(good, "utf-8")
    whole = rows.read_bytes()
    for damaged in (b"", b"text", whole[: len(whole) // 2]):
        rows.write_bytes(damaged)
        with pytest.raises(InputError, match=r"x\.npz"):
            files.read_baseline(path)
    key = content["systems"]["good"]["metrics"]["BLEU"]["rows"]
    np.savez_compressed(rows, **{key: np.zeros((4, 10), dtype=np.int64)})
    with pytest.raises(InputError, match="changed rows"):
        files.read_baseline(path)
    np.savez_compressed(rows, **{key: np.array([object()])})
    with pytest.raises(InputError, match=r"x\.npz"):
        files.read_baseline(path)


def test_a_score_edited_by_hand_is_refused(
    path: Path, records: dict[str, SystemRecord], evaluation: Evaluation
) -> None:
    from xindaya.regressions import Judge

    files.update_baseline(path, "o", records)
    content = json.loads(path.read_text("utf-8"))
    content["systems"]["good"]["metrics"]["chrF2"]["score"] = 1.0
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(InputError, match=r"chrF2 1\.0, which its rows do not give"):
        Judge(evaluation, files.read_baseline(path)).metric("good", "chrF2")
