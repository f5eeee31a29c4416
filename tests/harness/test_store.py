from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import portalocker
import pytest

from xindaya import InputError, Settings, UsageError, evaluate, load_run, save_run
from xindaya.metrics import Evaluation
from xindaya.metrics.history import RunFilter
from xindaya.pairs import Corpus, Segment, read_termbase
from xindaya.reports.machine import to_json
from xindaya.run_sums import write_sums
from xindaya.store import Remark, Store, resolve_run, run_folder, run_ids
from xindaya.store.folders import STALE_SECONDS, content_hash
from xindaya.store.index import make_index
from xindaya.store.numbers import read_numbers

Inject = Callable[[str, str, Path, Path], Iterator[tuple[Path, int]]]  # see conftest.py

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TERMS = (
    "concept\tzh\ten\tstatus\n"
    "cac\t国家网信办\tCyberspace Administration of China\tpreferred\n"
    "cac\t网信办\tCAC\tadmitted\n"
    "cac\t\tnetwork office\tforbidden\n"
)

RECORDING = """
from datetime import UTC, datetime
from pathlib import Path
import xindaya.runs
from xindaya import load_run
from xindaya.store import Store

# Drawing the report calls no system, and a hundred thousand functions to be watched.
assert xindaya.runs.render_report
xindaya.runs.render_report = lambda *_, **__: [("report.html", 20_000 * "report")]
evaluation = load_run({seed!r})
moment = datetime(2026, 11, 21, 13, tzinfo=UTC)

def act(store):
    Store(store, clock=lambda: moment).record(evaluation)
"""

WRITER = """
import sys
from pathlib import Path
from xindaya import load_run
from xindaya.store import Remark, Store
evaluation = load_run(sys.argv[1])
for n in range(5):
    messages = []
    Store(sys.argv[2], say=messages.append).record(evaluation, Remark(f"{sys.argv[3]}{n}"))
    # The other writer's run may be in its folder and not yet in the index: we then add it.
    assert all("added 1 run" in m or "there is none" in m for m in messages), messages
"""

READER = """
import os, sys
from pathlib import Path
from xindaya.store import Store, run_folder, run_ids
from xindaya.store.numbers import read_numbers
os.chdir(sys.argv[1])
read_numbers(run_folder(Path("."), run_ids(Path("."))[0]))  # what is loaded late is loaded now
if os.geteuid() == 0:
    os.setuid(65534)
said = []
store = Store(".", say=said.append)
print(len(store.runs()), len(store.renderings("cac")), " ".join(said))
try:
    store.rebuild()
except Exception as error:
    print(type(error).__name__)
"""


def make_evaluation(folder: Path, *outputs: str) -> Evaluation:
    segments = (
        Segment("1", "国家网信办发布新规。", ("The CAC issued new rules.",), "a"),
        Segment("2", "网信办表示，将加强监管。", ("The CAC will step up oversight.",), "a"),
    )
    corpus = Corpus("small", "zh", "en", segments, ("A",), {"vendor": outputs})
    (folder / "terms.tsv").write_text(TERMS, "utf-8")
    settings = Settings(metrics=("chrf",), confidence_samples=20, test=None)
    return evaluate(corpus, termbase=read_termbase(folder / "terms.tsv"), settings=settings)


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Evaluation]:
    """Three deliveries of one vendor."""
    folder = tmp_path_factory.mktemp("deliveries")
    return [
        make_evaluation(folder, "Network office rules.", "The network office will."),
        make_evaluation(folder, "The CAC issued rules.", "The network office will."),
        make_evaluation(folder, "The CAC issued new rules.", "The CAC will step up oversight."),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, deliveries: list[Evaluation]) -> Path:
    """A store with the first two deliveries, and the third as a run folder beside it."""
    folder = tmp_path_factory.mktemp("made")
    for n, evaluation in enumerate(deliveries[:2]):
        record(folder / "store", evaluation, n)
    save_run(deliveries[2], folder / "seed")
    return folder


@pytest.fixture
def store(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made / "store", tmp_path / "store"))


def record(store: Path, evaluation: Evaluation, minutes: int = 0, **remark: str) -> Path:
    said: list[str] = []
    clock = NOON + timedelta(minutes=minutes)
    place = Store(store, say=said.append, clock=lambda: clock).record(evaluation, Remark(**remark))
    assert said == []
    return place


def assert_sound(store: Path, *, quiet: bool = False) -> list[str]:
    """Asserts that the index equals one made from the folders, and the folders are whole."""
    said: list[str] = []
    runs = Store(store, say=said.append).runs()
    ids = run_ids(store)
    assert [r.id for r in runs] == ids
    with sqlite3.connect(store / "index.sqlite") as index:
        assert index.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert index.execute("PRAGMA foreign_key_check").fetchall() == []
        found = sorted(index.iterdump())
    index.close()
    fresh = make_index(None, [read_numbers(run_folder(store, i)) for i in ids])
    assert found == sorted(fresh.iterdump())
    fresh.close()
    for i in ids:
        folder = run_folder(store, i)
        assert content_hash(folder) == json.loads((folder / "record.json").read_text())["sha256"]
    assert not (quiet and said)
    return ids


@pytest.mark.parametrize("mode", ["kill", "random", "fail", "size"])
def test_a_failure_at_any_moment_leaves_the_store_as_before_or_after(
    made: Path, tmp_path: Path, inject: Inject, mode: str
) -> None:
    before = run_ids(made / "store")
    act = RECORDING.format(seed=str(made / "seed"))
    seen = set()
    for place, code in inject(mode, act, made / "store", tmp_path):
        ids = assert_sound(place)
        assert ids[:2] == before
        assert len(ids) in (2, 3)
        # What is told is what happened: 0 is recorded, 3 is an error and nothing recorded.
        assert code in {2: (3, -9), 3: (0, -9)}[len(ids)], (place.name, code, ids)
        for run in ids[2:]:
            load_run(run_folder(place, run))
        Store(place).tidy()
        assert run_ids(place) == ids
        seen.add((code, len(ids)))
        shutil.rmtree(place)
    expected = {
        "kill": {(-9, 2), (-9, 3)}, "fail": {(3, 2), (0, 3)}, "size": {(3, 2), (0, 3)},
    }  # fmt: skip
    assert seen >= expected.get(mode, set())  # the faults hit before and after the decisive rename


def test_two_writers_at_once(made: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    command = [sys.executable, "-c", WRITER, str(made / "seed"), str(store)]
    writers = [subprocess.Popen([*command, name], cwd=tmp_path) for name in "ab"]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert_sound(store)
    names = [run.name for run in Store(store).runs()]
    assert sorted(names) == sorted(f"{who}{n}" for who in "ab" for n in range(5))
    assert [n for n in names if n[0] == "a"] == [f"a{n}" for n in range(5)]  # ids sort by time


def test_what_is_recorded(tmp_path: Path, deliveries: list[Evaluation]) -> None:
    evaluation = deliveries[0]
    clock = datetime(2026, 11, 21, 13, 30, 5, 678999, tzinfo=UTC)
    labels = {"delivery": "1", "注": "一"}
    store = Store(tmp_path / "store", clock=lambda: clock)
    folder = store.record(evaluation, Remark("release", "first\tone", labels))
    record = json.loads((folder / "record.json").read_text("utf-8"))
    assert folder.parent == tmp_path / "store" / "runs"
    assert folder.name == f"20261121T133005.678Z-{record['sha256'][:6]}"
    assert record["recorded"] == "2026-11-21T13:30:05.678Z"
    assert not any(p.stat().st_mode & 0o222 for p in folder.rglob("*") if p.is_file())
    # A run folder like any other, but for the record: no time in the report.
    save_run(evaluation, tmp_path / "run")
    assert content_hash(tmp_path / "run") == content_hash(folder)
    assert to_json(load_run(folder)) == to_json(evaluation)

    (run,) = store.runs()
    assert (run.id, run.name, run.note, run.labels) == (
        folder.name, "release", "first\tone", labels,
    )  # fmt: skip
    assert (run.corpus, run.corpus_sha256) == ("small", evaluation.corpus.sha256)
    assert evaluation.terminology is not None
    assert run.termbase_sha256 == evaluation.terminology.termbase.sha256
    score = run.score("vendor", "chrF2")
    interval = evaluation.interval("chrF2", "vendor")
    assert score is not None
    assert interval is None  # four segments give none
    assert (score.value, score.low, score.high, score.signature) == (
        evaluation.scores["chrF2"]["vendor"], None, None, evaluation.signatures["chrF2"],
    )  # fmt: skip
    forbidden = run.score("vendor", "forbidden")
    assert forbidden is not None
    assert (forbidden.value, forbidden.higher_is_better) == (2.0, False)
    counts = [(r.text, r.status, r.count) for r in store.renderings("cac")]
    assert counts == [("network office", "forbidden", 2)]
    assert (
        store.concepts("网信办") == store.concepts("国家网信办") == store.concepts("cac") == ["cac"]
    )
    assert store.concepts("网信") == []


def test_undefined_is_not_zero(tmp_path: Path, deliveries: list[Evaluation]) -> None:
    silent = make_evaluation(tmp_path, "Rules.", "It will.")
    record(tmp_path / "store", silent)
    (run,) = Store(tmp_path / "store").runs()
    adherence = run.score("vendor", "adherence")
    assert adherence is not None
    assert adherence.value is None
    assert [(r.text, r.status) for r in Store(tmp_path / "store").renderings()] == [
        ("", "unresolved")
    ]


def test_the_same_content_at_the_same_time_is_one_run(
    tmp_path: Path, deliveries: list[Evaluation]
) -> None:
    first, again, other = (
        record(tmp_path, deliveries[n]).name for n in (0, 0, 1)
    )  # fmt: skip
    assert first == again
    assert run_ids(tmp_path) == sorted({first, other})
    # Six digits of two hashes may be the same: the second run then gets all 64.
    taken = run_folder(tmp_path, first)
    shutil.rmtree(taken)
    shutil.copytree(run_folder(tmp_path, other), taken)
    name = Store(tmp_path, clock=lambda: NOON).record(deliveries[0]).name
    assert (name[: len(first)], len(name)) == (first, len(first) - 6 + 64)
    assert run_ids(tmp_path) == sorted({first, other, name})


def test_filters(store: Path, deliveries: list[Evaluation]) -> None:
    record(store, deliveries[2], 2, name="last")
    runs = Store(store)
    ids = run_ids(store)
    sha256 = deliveries[0].corpus.sha256

    def found(**wanted: object) -> list[str]:
        return [r.id for r in runs.runs(RunFilter(**wanted))]  # type: ignore[arg-type]

    assert found() == found(corpus="small") == found(corpus=sha256[:6]) == ids
    assert found(limit=1) == found(name="last") == found(since="2026-11-21T12:02") == ids[2:]
    assert found(systems=("vendor",)) == ids
    assert found(systems=("nobody",)) == found(corpus=sha256[:5]) == found(since="2026-11-22") == []
    assert found(labels={"a": "b"}) == []


@pytest.mark.parametrize(
    "damage", ["missing", "garbage", "empty", "short", "no table", "other schema", "log"]
)
def test_an_index_that_is_no_good_is_made_again(store: Path, damage: str) -> None:
    index = store / "index.sqlite"
    if damage == "missing":
        index.unlink()
    elif damage == "garbage":
        index.write_bytes(b"\x00\xff" * 20_000)
    elif damage == "empty":
        index.write_bytes(b"")
    elif damage == "short":
        index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])
    elif damage == "log":  # that of another file
        index.unlink()
        index.with_name("index.sqlite-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(5000))
    else:
        other = sqlite3.connect(index)
        other.execute("DROP TABLE scores" if damage == "no table" else "PRAGMA user_version = 99")
        other.close()
    said: list[str] = []
    assert len(Store(store, say=said.append).runs()) == 2
    assert any("made again from the run folders" in message for message in said)
    assert_sound(store, quiet=True)


def test_the_index_follows_the_folders(store: Path, made: Path) -> None:
    old, new = run_ids(store)
    kept = shutil.copytree(run_folder(store, new), store.parent / new)
    shutil.rmtree(run_folder(store, new))
    said: list[str] = []
    assert [r.id for r in Store(store, say=said.append).runs()] == [old]
    assert_sound(store, quiet=True)
    shutil.copytree(kept, run_folder(store, new))
    assert [r.id for r in Store(store, say=said.append).runs()] == [old, new]
    assert_sound(store, quiet=True)
    assert [m.split(": ")[1] for m in said] == [
        "1 run is no longer in the store", "added 1 run that was not in it",
    ]  # fmt: skip


def test_a_run_that_cannot_be_read_does_not_hide_the_others(store: Path) -> None:
    old, new = run_ids(store)
    broken = run_folder(store, new) / "run.json"
    broken.chmod(0o644)
    broken.write_text("{", "utf-8")
    said: list[str] = []
    assert Store(store, say=said.append).rebuild() == [old]
    assert f"{broken.parent}: changed since it was recorded" in said
    assert any(message.startswith(f"left out: {broken}") for message in said)
    said.clear()
    assert [r.id for r in Store(store, say=said.append).runs()] == [old]
    assert [m.startswith("left out: ") for m in said] == [True]  # every time, until it is mended


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("record.json", {"labels": {"a": 1}}),
        ("record.json", {"recorded": 5}),
        ("record.json", {"note": None}),
        ("run.json", {"corpus": {"segments": 10**30}}),
        ("run.json", {"corpus": {"segments": "5"}}),
        ("run.json", {"systems": 7}),
    ],
)
def test_a_run_of_another_shape_does_not_hide_the_others(
    store: Path, name: str, change: dict[str, Any]
) -> None:
    old, new = run_ids(store)
    path = run_folder(store, new) / name
    path.chmod(0o644)
    (path.parent / "sha256sums.txt").chmod(0o644)
    content = json.loads(path.read_text("utf-8"))
    if "corpus" in change:
        change = {"corpus": content["corpus"] | change["corpus"]}
    path.write_text(json.dumps(content | change), "utf-8")
    write_sums(path.parent)
    for index in store.glob("index.sqlite*"):
        index.unlink()
    assert [r.id for r in Store(store).runs()] == [old]


def test_an_index_that_is_a_link_is_never_written_through(store: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine.sqlite"
    with contextlib.closing(sqlite3.connect(elsewhere)) as mine:
        mine.executescript("CREATE TABLE runs (id); INSERT INTO runs VALUES ('mine');")
        mine.execute("PRAGMA user_version = 1")
    for index in store.glob("index.sqlite*"):
        index.unlink()
    (store / "index.sqlite").symlink_to(elsewhere)
    assert len(Store(store).runs()) == 2
    with contextlib.closing(sqlite3.connect(elsewhere)) as mine:
        assert mine.execute("SELECT id FROM runs").fetchall() == [("mine",)]


def test_an_index_with_values_of_other_types_is_made_again(store: Path) -> None:
    expected = Store(store).runs()
    for change in ("scores SET value = 'x'", "runs SET recorded = x'00ff'"):
        with contextlib.closing(sqlite3.connect(store / "index.sqlite")) as index:
            index.execute(f"UPDATE {change}")
            index.commit()
        assert Store(store).runs() == expected


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs permissions")
def test_a_read_only_store_is_readable(store: Path) -> None:
    for path in [store, *store.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        result = subprocess.run(
            [sys.executable, "-c", READER, store], capture_output=True, text=True, check=True
        )
    finally:
        for path in [store, *(p for p in store.rglob("*") if p.is_dir())]:
            path.chmod(0o755)
    answer, error = result.stdout.split("\n")[:2]
    assert answer.startswith("2 3 .: no index can be used here")
    assert error == "InputError"


def test_where_no_lock_can_be_had_the_folders_are_read(
    store: Path, deliveries: list[Evaluation], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = Store(store).runs(), Store(store).renderings()

    def refuse(*_args: object, **_options: object) -> None:
        raise portalocker.LockException("no locks here")

    monkeypatch.setattr(portalocker, "Lock", refuse)
    said: list[str] = []
    reader = Store(store, say=said.append)
    assert (reader.runs(), reader.renderings()) == expected
    Store(store, say=said.append).record(deliveries[2])
    assert len(reader.runs()) == 3
    assert all("no locks here" in message for message in said)
    monkeypatch.undo()
    assert_sound(store)


def test_tidy_leaves_runs_and_living_writers_alone(store: Path) -> None:
    ids = run_ids(store)
    dead, alive = (store / "runs" / f".recording-{name}.part" for name in ("dead", "alive"))
    long_ago = datetime.now(UTC).timestamp() - STALE_SECONDS - 60
    for folder in (dead, alive):
        (folder / "run").mkdir(parents=True)
        (folder / "run" / "run.json").write_text("{")
    for path in (dead / "run" / "run.json", dead / "run", dead, alive / "run", alive):
        os.utime(path, (long_ago, long_ago))
    for run in ids:
        os.utime(run_folder(store, run), (long_ago, long_ago))
    assert Store(store).tidy() == [dead]
    assert alive.exists()
    assert run_ids(store) == ids


def test_finding_a_run(store: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = run_ids(store)
    assert resolve_run("latest", store) == run_folder(store, new)
    assert resolve_run("latest~0", store) == run_folder(store, new)
    assert resolve_run("latest~1", store) == resolve_run(old, store) == run_folder(store, old)
    assert resolve_run("20261121T1201", store) == run_folder(store, new)
    assert resolve_run(str(made / "seed"), store) == made / "seed"
    assert resolve_run(str(made / "seed"), made / "nothing") == made / "seed"
    monkeypatch.setenv("XINDAYA_STORE", str(store))
    assert resolve_run("latest") == run_folder(store, new)
    for name, reason in (
        ("2026", "begins 2 run ids"),
        ("latest~2", "holds 2 runs of '' with the test set of the latest; the latest runs are:"),
        ("nobody:latest", "no run called 'nobody' in .*; the latest runs are:"),
        ("later", "no run folder and no run in .*; the latest are"),
        ("", "no run folder and no run in"),
        ("../seed", "no run folder and no run in"),
    ):
        with pytest.raises(UsageError, match=reason):
            resolve_run(name, store)
    with pytest.raises(UsageError, match=r"no recorded run in .*; name the store"):
        resolve_run("latest", made / "nothing")


def test_latest_counts_runs_of_one_name_and_test_set(
    tmp_path: Path, deliveries: list[Evaluation]
) -> None:
    first = deliveries[0]
    other = evaluate(
        replace(first.corpus, segments=(replace(first.corpus.segments[0], source="x"),
                                        *first.corpus.segments[1:])),
        settings=Settings(("chrf",), test=None),
    )  # fmt: skip
    store = tmp_path / "store"
    a, b, c, d = (
        record(store, evaluation, minutes, name=name)
        for minutes, (name, evaluation) in enumerate(
            [("spec", first), ("spec", other), ("a:b", other), ("spec", deliveries[1])]
        )
    )
    assert resolve_run("latest", store) == d
    assert resolve_run("latest~1", store) == resolve_run("spec:latest~1", store) == a
    assert resolve_run("latest~1", store, same_texts=False) == b
    assert resolve_run("a:b:latest", store) == resolve_run("latest", store, of="a:b") == c
    with pytest.raises(
        UsageError, match=f"(?s)holds 1 run of 'a:b' with.*{d.name}  spec  test set"
    ):
        resolve_run("a:b:latest~1", store)


def test_a_name_too_long_for_a_path_is_no_run(store: Path) -> None:
    with pytest.raises(UsageError, match="no run folder and no run"):
        resolve_run("x" * 5000, store)


def test_wrong_remarks_and_places(tmp_path: Path, deliveries: list[Evaluation]) -> None:
    with pytest.raises(UsageError, match="no Unicode"):
        Remark(note="\udcff")
    with pytest.raises(UsageError, match="without a name"):
        Remark(labels={"": "x"})
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be written"):
        Store(tmp_path / "file").record(deliveries[0])
    with pytest.raises(InputError, match="cannot be read"):
        run_ids(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_strange_names_come_back(tmp_path: Path, deliveries: list[Evaluation]) -> None:
    corpus = deliveries[0].corpus
    name = "a\u202eb'); DROP TABLE runs;--\x00"
    strange = replace(corpus, name="</script>", systems={name: corpus.systems["vendor"]})
    evaluation = evaluate(strange, settings=Settings(metrics=("chrf",), confidence_samples=0))
    record(tmp_path, evaluation, note="=HYPERLINK()\u2028")
    (run,) = Store(tmp_path).runs()
    assert (run.systems, run.corpus, run.note) == ((name,), "</script>", "=HYPERLINK()\u2028")
    assert run.score(name, "chrF2") is not None


def test_a_recorded_run_is_never_written_again(
    tmp_path: Path, deliveries: list[Evaluation]
) -> None:
    folder = Store(tmp_path / "store").record(deliveries[0])
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    with pytest.raises(InputError, match="a recorded run, which is never changed"):
        save_run(deliveries[1], folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
