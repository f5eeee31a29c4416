"""Scale-out in one process: blocks, readers, equality with an ordinary evaluation, refusals."""

from __future__ import annotations

import hashlib
import json
import pickle
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from xindaya import InputError, NothingToEvaluateError, Settings, UsageError, evaluate
from xindaya.metrics import make_metrics
from xindaya.metrics.judging.family import judge, pairs_with
from xindaya.pairs import Corpus, Segment, Termbase, write_corpus, write_termbase_tsv
from xindaya.pairs.formats.tsv import read_tsv
from xindaya.scale import ScaleResult, load_rows, score_blocks
from xindaya.scale.blocks import plan_blocks
from xindaya.scale.readers import reader_for
from xindaya.scale.sums import Sums
from xindaya.scale.views import to_dict, to_text
from xindaya.scale.work import Job, Refusal, Task, score_block

NAMES = ("bleu", "chrf", "chrf++", "ter")
METRICS = tuple(make_metrics(NAMES).values())


@pytest.fixture
def large(corpus: Corpus) -> Corpus:
    """119 segments in 30 documents of 1 to 7."""
    rng = random.Random(1)
    documents = [f"d{k}" for k in range(30) for _ in range(1 + k * 5 % 7)]
    segments, good, bad = [], [], []
    for number, document in enumerate(documents):
        k = rng.randrange(4)
        tail = f" {rng.randrange(99)}\u2028{rng.choice('甲乙丙')}"
        old = corpus.segments[k]
        segments.append(
            Segment(f"s{number}", (old.source or "") + tail,
                    tuple((r or "") + tail for r in old.references), document)
        )  # fmt: skip
        good.append(corpus.systems["good"][k] + tail)
        bad.append(rng.choice(["The CAC said. ", "Cyberspace Administration of China! ", ""])
                   + corpus.systems["bad"][k])  # fmt: skip
    systems = {"good": tuple(good), "v1.0": tuple(bad)}
    return Corpus("large", "zh", "en", tuple(segments), ("A", "B"), systems)


@pytest.fixture
def table(large: Corpus, tmp_path: Path) -> Path:
    write_corpus(large, tmp_path / "large.tsv")
    return tmp_path / "large.tsv"


@pytest.fixture
def terms(termbase: Termbase, tmp_path: Path) -> Path:
    write_termbase_tsv(termbase, tmp_path / "tb.tsv")
    return tmp_path / "tb.tsv"


def shuffled(seed: int):
    def engine(tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
        results = [pickle.loads(pickle.dumps(score_block(t))) for t in tasks]
        random.Random(seed).shuffle(results)
        yield from results

    return engine


def view(result: ScaleResult) -> dict[str, object]:
    """What may not depend on how the work was cut or done."""
    return {k: v for k, v in to_dict(result).items() if k != "scale"}


def test_equals_an_evaluation(table: Path, terms: Path, termbase: Termbase) -> None:
    settings = Settings(metrics=NAMES, test=None, confidence_samples=0)
    expected = evaluate(table, termbase=termbase, settings=settings)
    found = score_blocks(
        [table], metrics=METRICS, termbase=terms, block_bytes=700, engine=shuffled(3)
    )
    assert found.blocks > 10
    assert found.scores == expected.scores
    assert found.signatures == expected.signatures
    assert found.documents == len(expected.corpus.documents)
    assert expected.terminology is not None
    for text, reference in found.texts:
        ours = found.summary(text, reference=reference)
        theirs = expected.terminology.summary(text, reference=reference)
        for name in ("adherence", "preferred_rate", "coverage", "ltcr", "repeated", "forbidden",
                     "drifting", "occurrences", "resolved"):  # fmt: skip
            assert getattr(ours, name) == getattr(theirs, name), name
        uses = {u.concept: u for u in found.uses(text, reference=reference)}
        wanted = [
            u for u in expected.terminology.uses if (u.text, u.is_reference) == (text, reference)
        ]
        assert uses.keys() == {u.concept for u in wanted}
        for use in wanted:
            own = uses[use.concept]
            assert [(r.text, r.status, r.count) for r in own.renderings] == [
                (r.text, r.status, r.count) for r in use.renderings
            ]
            assert own.flags == use.flags
            assert own.measures.items() <= use.measures.items()


def test_an_acronym_needs_its_document(table: Path, terms: Path) -> None:
    """The data are such that cutting documents would change verdicts, and it does not."""
    whole = score_blocks([table], metrics=METRICS[:1], termbase=terms, block_bytes=1 << 20)
    assert whole.blocks == 1
    rendered = {r.text: r.count for u in whole.uses("v1.0") for r in u.renderings}
    assert rendered["CAC"] > 0
    for size in (1, 150, 400):
        cut = score_blocks([table], metrics=METRICS[:1], termbase=terms, block_bytes=size)
        assert cut.blocks > 5
        assert view(cut) == view(whole)


def test_a_block_is_read_little_at_a_time(
    table: Path, terms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = view(score_blocks([table], metrics=METRICS, termbase=terms))
    for characters in (1, 100, 1000):
        monkeypatch.setattr("xindaya.scale.work._CHUNK", characters)
        assert view(score_blocks([table], metrics=METRICS, termbase=terms)) == whole


def test_many_files_of_all_forms(large: Corpus, table: Path, terms: Path, tmp_path: Path) -> None:
    one = view(score_blocks([table], metrics=METRICS, termbase=terms))
    parts = tmp_path / "parts"
    head = {d for k, d in enumerate(large.documents) if k < 13}
    for name, keep in (("0.jsonl", True), ("1.tsv", False)):
        places = [k for k, s in enumerate(large.segments) if (s.document in head) == keep]
        segments = tuple(large.segments[k] for k in places)
        systems = {n: tuple(t[k] for k in places) for n, t in reversed(large.systems.items())}
        write_corpus(Corpus("x", "zh", "en", segments, ("A", "B"), systems), parts / name)
    found = score_blocks([parts / "*.[jt]s*"], metrics=METRICS, termbase=terms, block_bytes=300)
    many = view(found)
    assert found.systems == ("v1.0", "good")  # the order of the first file
    many["corpus"]["name"] = "large"
    for key in ("systems", "terms"):
        many[key].sort(key=lambda x: json.dumps(x, sort_keys=True))
        one[key].sort(key=lambda x: json.dumps(x, sort_keys=True))
    assert many == one


def test_parquet(table: Path, terms: Path, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [line.split("\t") for line in table.read_text("utf-8").split("\n")[:-1]]
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    file = tmp_path / "large.parquet"
    parquet.write_table(pyarrow.table({k: list(v) for k, v in columns.items()}), file,
                        row_group_size=7)  # fmt: skip
    text = score_blocks([table], metrics=METRICS, termbase=terms)
    for size in (1, 2000, 1 << 20):
        found = score_blocks([file], metrics=METRICS, termbase=terms, block_bytes=size)
        assert view(found) == view(text)
        assert (found.blocks == 1) == (size == 1 << 20)
    parquet.write_table(pyarrow.table({"reference": ["a"], "system:x": [1]}), file)
    with pytest.raises(InputError, match="int in column 'system:x' of row 1"):
        score_blocks([file], metrics=METRICS)
    parquet.write_table(pyarrow.table({"reference": ["a", None], "system:x": ["a", "b"]}), file)
    assert score_blocks([file], metrics=METRICS).unscored[0].reason == (
        "1 segment has no reference"
    )
    file.write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="no Parquet"):
        score_blocks([file], metrics=METRICS)


def test_blocks_cover_every_byte_once(table: Path) -> None:
    size = table.stat().st_size
    header = len(table.read_bytes().split(b"\n")[0]) + 1
    for by_document in (False, True):
        for block in (1, 99, 1000, size):
            plan = plan_blocks([str(table)], lambda p: reader_for(p, "zh", "en", 1000),
                               by_document=by_document, block_bytes=block)  # fmt: skip
            assert plan.blocks[0].start == header
            assert plan.blocks[-1].stop == size
            assert all(
                a.stop == b.start for a, b in zip(plan.blocks, plan.blocks[1:], strict=False)
            )
            assert [b.number for b in plan.blocks] == list(range(len(plan.blocks)))


def test_tasks_are_small_and_picklable(table: Path) -> None:
    reader = reader_for(str(table), "zh", "en", 1000)
    plan = plan_blocks([str(table)], lambda _: reader, by_document=False)
    task = Task(plan.blocks[0], Job(METRICS, plan.layout, "zh", "en", None, 1000))
    data = pickle.dumps(task)
    assert len(data) < 2000
    assert pickle.loads(data) == task


def test_json_is_the_contract(table: Path, terms: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from importlib import resources

    schema = json.loads(resources.files("xindaya.reports").joinpath("schema.json").read_text())
    content = to_dict(score_blocks([table], metrics=METRICS, termbase=terms))
    jsonschema.validate(content, schema)
    assert content["termbase"]["concepts"] == 5
    assert len(content["scale"]["omitted"]) == 3
    jsonschema.validate(to_dict(score_blocks([table], metrics=METRICS)), schema)


def test_text(table: Path, terms: Path) -> None:
    text = to_text(score_blocks([table], metrics=METRICS, termbase=terms))
    assert text.startswith("large: 119 segments in 30 documents, zh to en, ")
    assert "TER ↓" in text
    assert "reference A" in text
    assert "no paired tests" in text
    assert "CAC ×" in text


def test_kept_rows_serve_a_paired_test(table: Path, tmp_path: Path) -> None:
    expected = evaluate(table, settings=Settings(metrics=NAMES, confidence_samples=0))
    result = score_blocks([table], metrics=METRICS, block_bytes=500, engine=shuffled(1),
                          keep_rows=tmp_path / "rows")  # fmt: skip
    systems, rows = load_rows(tmp_path / "rows")
    assert all((rows[n] == expected.rows[n]).all() for n in rows)
    metrics = {m.name: m for m in METRICS}
    assert expected.comparisons == tuple(judge(metrics, pairs_with("good", systems, rows)))
    with pytest.raises(InputError, match="something already there"):
        score_blocks([table], metrics=METRICS, keep_rows=tmp_path / "rows")
    with pytest.raises(InputError, match="no kept rows"):
        load_rows(tmp_path)
    assert result.blocks > 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an empty file"),
        (b"reference\tsystem:a\nx\ty\nz\n", r"line 3: found 1 fields \('z'\); expected 2"),
        (b"reference\tsystem:a\nx\ty\n\nx\ty\n", "line 3: found an empty line"),
        (b"reference\tsystem:a\nx\ty\n\xff\ty\n", "line 3: found bytes ff 09 79 0a at column 1"),
        (b"reference\tsystem:a\nx\t\0\n", "line 2: found a NUL"),
        (b"reference\tsystem:a\nx\t" + b"y" * 101 + b"\n", "line 2: found a cell of 101"),
        (b"reference\tsystem:a\nx\t" + b"y" * 30_000 + b"\n", "line 2: found a line that is too"),
        (b"reference\ten\tsystem:a\nx\ty\tz\n", "two columns for 'reference"),
        (b"reference\nx\n", "expected a column system:NAME"),
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_malformed_tables(tmp_path: Path, content: bytes, message: str, size: int) -> None:
    file = tmp_path / "bad.tsv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        score_blocks([file], metrics=METRICS, max_chars=100, block_bytes=size)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('{"reference": "x", "systems": {"a": "y"}}\n{"reference": }', "line 2: found no valid"),
        (
            '{"reference": "x", "systems": {"a": "y"}}\n{"reference": "x"}',
            "line 2: found the texts",
        ),
        ('{"reference": "x", "systems": {"a": 1}}', "line 1: found '1'; expected a string"),
        ("[]", "expected an object"),
        ('{"references": 1, "systems": {}}', "references and systems by name"),
    ],
)
def test_malformed_json_lines(tmp_path: Path, lines: str, message: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        score_blocks([file], metrics=METRICS, block_bytes=1)


def test_a_byte_order_mark_and_carriage_returns_are_line_ends(tmp_path: Path) -> None:
    plain, marked = tmp_path / "a.tsv", tmp_path / "b.tsv"
    plain.write_bytes(b"reference\tsystem:a\nx y z w\tx y z w\nq\tr\n")
    marked.write_bytes(b"\xef\xbb\xbfreference\tsystem:a\r\nx y z w\tx y z w\r\nq\tr")
    a, b = (score_blocks([f], metrics=METRICS, block_bytes=1) for f in (plain, marked))
    assert (a.scores, a.sha256, a.blocks) == (b.scores, b.sha256, 2)


def test_files_must_hold_the_same_texts(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("reference\tsystem:a\nx\ty\n")
    (tmp_path / "b.tsv").write_text("reference\tsystem:b\nx\ty\n")
    (tmp_path / "c.tsv").write_text("source\treference\tsystem:a\ns\tx\ty\n")
    with pytest.raises(InputError, match=r"b\.tsv, line 1: found the systems b; expected a"):
        score_blocks([tmp_path / "[ab].tsv"], metrics=METRICS)
    with pytest.raises(InputError, match="sources in some files"):
        score_blocks([tmp_path / "[ac].tsv"], metrics=METRICS)


def test_nothing_to_score(tmp_path: Path, terms: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_text("source\tsystem:a\n")
    with pytest.raises(NothingToEvaluateError):
        score_blocks([file], metrics=METRICS)
    (tmp_path / "a.jsonl").write_text("\n\n")
    with pytest.raises(NothingToEvaluateError):
        score_blocks([tmp_path / "a.jsonl"], metrics=METRICS)
    with pytest.raises(InputError, match="no such file"):
        score_blocks([tmp_path / "*.parquet"], metrics=METRICS)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InputError, match=r"ending '\.txt'"):
        score_blocks([tmp_path / "a.txt"], metrics=METRICS)
    file.write_text("source\tsystem:a\n网信办\tCAC\n")
    found = score_blocks([file], metrics=METRICS, termbase=terms)
    assert found.scores == {}
    assert {u.reason for u in found.unscored} == {"the corpus has no reference"}
    assert found.summary("a").occurrences == 1
    assert "BLEU not scored: the corpus has no reference" in to_text(found)
    with pytest.raises(UsageError, match="no rows to keep"):
        score_blocks([file], metrics=METRICS, keep_rows=tmp_path / "rows")
    assert not (tmp_path / "rows").exists()


def test_documents_must_be_whole_for_terms(tmp_path: Path, terms: Path) -> None:
    head = "document\tsource\treference\tsystem:a\n"
    file = tmp_path / "a.tsv"
    file.write_text(head + "".join(f"{d}\t网信办\tx\tCAC\n" for d in "aabba"))
    for size in (1, 1000):
        with pytest.raises(InputError, match="document 'a' in two places"):
            score_blocks([file], metrics=METRICS, termbase=terms, block_bytes=size)
    assert score_blocks([file], metrics=METRICS).documents == 3
    for name, documents in (("b", "xy"), ("c", "yz")):
        rows = [f"{d}\t网信办\tx\tCAC\n" for d in documents]
        (tmp_path / f"{name}.tsv").write_text(head + "".join(rows))
    with pytest.raises(InputError, match="document 'y' in two places, such as two files"):
        score_blocks([tmp_path / "[bc].tsv"], metrics=METRICS, termbase=terms)
    assert score_blocks([tmp_path / "[bc].tsv"], metrics=METRICS).documents == 3
    file.write_text("source\treference\tsystem:a\n" + "网信办\tx\tCAC\n" * 9)
    result = score_blocks([file], metrics=METRICS, termbase=terms, block_bytes=1)
    assert (result.blocks, result.documents) == (1, 1)
    file.write_text("reference\tsystem:a\nx\ty\n")
    with pytest.raises(InputError, match="no source text"):
        score_blocks([file], metrics=METRICS, termbase=terms)


def test_what_changes_under_a_run_is_refused(table: Path, terms: Path) -> None:
    def append(tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
        table.write_bytes(table.read_bytes() + b"\n")
        yield from map(score_block, tasks)

    def other_termbase(tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
        terms.write_text("concept\tzh\ten\nx\t甲\ta\n", encoding="utf-8")
        yield from map(score_block, tasks)

    def other_software(tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
        for result in map(score_block, tasks):
            result.software = {"xindaya 0.0"}
            yield result

    def no_disk(tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
        raise OSError(5, "Input/output error", "/mnt/x")
        yield  # a generator

    with pytest.raises(UsageError, match="other software"):
        score_blocks([table], metrics=METRICS, engine=other_software)
    with pytest.raises(InputError, match="/mnt/x: found a file that cannot be read"):
        score_blocks([table], metrics=METRICS, engine=no_disk)
    with pytest.raises(UsageError, match="another termbase"):
        score_blocks([table], metrics=METRICS, termbase=terms, engine=other_termbase)
    with pytest.raises(InputError, match="as when it was cut"):
        score_blocks([table], metrics=METRICS, engine=append)


def test_one_reference_less_segment_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows = [{"references": {"A": "x", "B": None}, "systems": {"a": "x"}}] * 3
    rows.append({"references": {}, "systems": {"a": "x"}})
    file.write_text("".join(json.dumps(r) + "\n" for r in rows[:3]))
    assert "nrefs:1" in score_blocks([file], metrics=METRICS).signatures["BLEU"]
    file.write_text("".join(json.dumps(r) + "\n" for r in rows))
    assert score_blocks([file], metrics=METRICS).unscored[0].reason == (
        "1 segment has no reference"
    )


def test_reads_what_the_project_writes(large: Corpus, table: Path) -> None:
    assert read_tsv(table).segments == large.segments
    reader = reader_for(str(table), "zh", "en", 1000)
    assert tuple(s for s, _ in reader.rows(*reader.span, reader.layout)) == large.segments


HEAD = "id\tsource\treference\tsystem:a\n"


def rows_of(first: int, last: int) -> str:
    return "".join(f"s{n}\t源{n}\tref {n}\tout {n}\n" for n in range(first, last))


def test_nothing_is_counted_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts").mkdir()
    part = tmp_path / "parts" / "a.tsv"
    part.write_text(HEAD + rows_of(0, 4), "utf-8")
    (tmp_path / "linked").symlink_to("parts")
    (tmp_path / "hard.tsv").hardlink_to(part)
    for other in ("./parts/a.tsv", part, "linked/*.tsv", "*/a.tsv", "hard.tsv"):
        with pytest.raises(InputError, match=r"the same file as parts/a\.tsv; expected each file"):
            score_blocks(["parts/a.tsv", other], metrics=METRICS)
    assert score_blocks(["parts/a.tsv", "parts/*.tsv"], metrics=METRICS).sums.segments == 4
    (tmp_path / "copy.tsv").write_bytes(part.read_bytes())
    with pytest.raises(InputError, match=r"copy.tsv: found the same content as .*a\.tsv"):
        score_blocks(["parts/a.tsv", "copy.tsv"], metrics=METRICS)


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
def test_an_id_that_stands_twice_in_a_file_is_refused(tmp_path: Path, size: int) -> None:
    for name, content in (
        ("a.tsv", HEAD + rows_of(0, 9) + rows_of(7, 8)),
        ("b.jsonl", '{"id": 1, "references": {"A": "x"}, "systems": {"a": "y"}}\n' * 2),
    ):
        (tmp_path / name).write_text(content, "utf-8")
        identity = "s7" if name == "a.tsv" else "1"
        with pytest.raises(InputError, match=f"{name}: found the id '{identity}' twice"):
            score_blocks([tmp_path / name], metrics=METRICS, block_bytes=size, engine=shuffled(1))
    for name in ("c.tsv", "d.tsv"):  # parts may number their own segments
        (tmp_path / name).write_text(HEAD + rows_of(0, 9).replace("out", name), "utf-8")
    found = score_blocks([tmp_path / "[cd].tsv"], metrics=METRICS, block_bytes=size)
    assert found.sums.segments == 18


def test_what_may_be_lost_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {"a.tsv": HEAD + rows_of(0, 3), "b.tsv": HEAD, "c.tsv": HEAD + rows_of(3, 5)[:-3]}
    for name, content in texts.items():
        Path(name).write_text(content, "utf-8")
    content = to_dict(score_blocks(["*.tsv"], metrics=METRICS))
    assert content["scale"]["files"] == [
        {
            "path": name,
            "segments": n,
            "sha256": hashlib.sha256(texts[name].encode()).hexdigest() if n else None,
        }
        for name, n in (("a.tsv", 3), ("b.tsv", 0), ("c.tsv", 2))
    ]
    assert content["notes"] == [
        "b.tsv holds no segment",
        "c.tsv does not end in a line feed: was its last line cut off?",
    ]
    Path("d.tsv").symlink_to("gone.tsv")
    with pytest.raises(InputError, match=r"d\.tsv: found a link to nothing"):
        score_blocks(["*.tsv"], metrics=METRICS)
