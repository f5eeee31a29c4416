"""``xindaya convert`` between any two formats."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.cli import convert
from xindaya.pairs import Corpus, InputError, Segment, UsageError, XindayaError
from xindaya.pairs.formats import TmxReader, read_corpus, read_tmx, write_corpus, write_tmx_records
from xindaya.pairs.formats.records import Record
from xindaya.pairs.formats.registry import WRITABLE

ENDINGS = {
    "folder": "",
    "text": "",
    "xliff": ".xlf",
    "xliff2": ".xlf",
    "wmt": ".xml",
    "marot": ".tsv",
}
MANY = ("csv", "folder", "jsonl", "text", "tmx", "tsv", "wmt", "xlsx")


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(convert.command, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def place(folder: Path, kind: str, name: str = "x") -> Path:
    return folder / f"{name}{ENDINGS.get(kind, f'.{kind}')}"


@pytest.mark.parametrize("first", WRITABLE)
def test_every_pair(tmp_path: Path, corpus: Corpus, first: str) -> None:
    origin = place(tmp_path, first)
    write_corpus(corpus, origin, format=first)
    for second in WRITABLE:
        target = place(tmp_path, second, f"to-{second}")
        if second == "marot" and first not in (*MANY, "marot"):
            with pytest.raises(InputError, match="no system"):
                run(origin, target, "--from", first, "--to", second)
            continue
        assert run(origin, target, "--from", first, "--to", second).exit_code == 0
        again = read_corpus(target, format=second)
        assert [s.source for s in again.segments] == [s.source for s in corpus.segments]
        if first in MANY and second in MANY:
            assert again.reference("B") == corpus.reference("B")
            assert dict(again.systems) == dict(corpus.systems)
        if first not in ("text", "po") and second != "text":
            assert [s.id for s in again.segments] == [s.id for s in corpus.segments]
        # What was written is also recognised without being named.
        assert read_corpus(target).segments == again.segments


def test_losses_are_said(tmp_path: Path) -> None:
    segments = (
        Segment("a", "甲", ("A", None), "d1", "news", {"note": "x\ny", "translator": "Li"}),
        Segment("b", "乙", ("B", "B2"), "d2", "news"),
    )
    corpus = Corpus("x", "zh", "en", segments, ("A", "B"), {"s": ("A", "B")})
    write_corpus(corpus, tmp_path / "x.jsonl")
    out = run(tmp_path / "x.jsonl", tmp_path / "x.tsv").stderr
    assert "1 missing translations, written as empty" in out
    assert "1 tabs or line breaks in columns, written as spaces" in out
    out = run(tmp_path / "x.jsonl", tmp_path / "x.xlf").stderr
    assert "not carried over: 2 translations: reference B, system s" in out
    assert "not carried over: 1 domains: news" in out
    assert "not carried over: 1 columns: translator" in out
    run(tmp_path / "x.jsonl", tmp_path / "s.xlf", "--side", "system:s")
    assert read_corpus(tmp_path / "s.xlf").reference("A") == ("A", "B")
    assert run(tmp_path / "x.jsonl", tmp_path / "y.jsonl", "-q").stderr == ""
    out = run(tmp_path / "x.jsonl", tmp_path / "x.po").stderr
    assert "2 documents: d1, d2" in out


def test_options(tmp_path: Path) -> None:
    sheet = tmp_path / "in.csv"
    sheet.write_bytes("甲列,乙列\r\n你好,Hi\r\n".encode("gb18030"))
    named = ("--source-column", "甲列", "--target-column", "乙列", "--encoding", "gb18030")
    run(sheet, tmp_path / "o.jsonl", *named, "--target-as", "system:v")
    corpus = read_corpus(tmp_path / "o.jsonl")
    assert (corpus.segments[0].source, corpus.systems["v"]) == ("你好", ("Hi",))
    run(sheet, tmp_path / "o.tmx", "--source-column", "乙列", "--target-column", "甲列",
        "--encoding", "gb18030", "-sl", "en", "-tl", "zh")  # fmt: skip
    back = read_corpus(tmp_path / "o.tmx", source_lang="en", target_lang="zh")
    assert (back.segments[0].source, back.segments[0].references) == ("Hi", ("你好",))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("in.tsv", "out.pdf"), UsageError, "the ending '.pdf'"),
        (("in.tsv", "out.docx"), UsageError, "the ending '.docx'"),
        (("in.tsv", "out.tmx", "--from", "pdf"), UsageError, "the format 'pdf'"),
        (("in.tsv", "in.tsv"), InputError, "an input of the same command"),
        (("in.tsv", "out.tmx", "--encoding", "klingon"), UsageError, "--encoding 'klingon'"),
        (("in.tsv", "out.tmx", "-sl", "de"), UsageError, "expected zh to en"),
        (("in.tsv", "out.tmx", "--target-as", "vendor"), UsageError, "reference:NAME"),
        (("in.tsv", "full"), InputError, "a folder that is not empty"),
        (("in.tsv", "full", "--to", "tsv"), InputError, "expected a file"),
        (("none.tsv", "out.tmx"), InputError, "no such file"),
        (("in.xlsx", "out.tmx"), InputError, "no readable XLSX"),
    ],
)
def test_refusals_leave_things_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...],
    error: type[XindayaError], message: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("in.tsv").write_text("id\tzh\ten\n1\t甲\tA\n", "utf-8")
    Path("in.xlsx").write_bytes(b"PK\x03\x04")
    Path("full").mkdir()
    Path("full/mine").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(error, match=message):
        run(*arguments)
    assert sorted(tmp_path.rglob("*")) == before


def test_broken_stream_leaves_the_old_file(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "a.tmx")
    whole = (tmp_path / "a.tmx").read_bytes()
    (tmp_path / "a.tmx").write_bytes(whole[:-40])
    for ending in ("tmx", "tsv", "jsonl"):
        target = tmp_path / f"b.{ending}"
        target.write_text("old")
        with pytest.raises(InputError, match="no well-formed XML"):
            run(tmp_path / "a.tmx", target)
        assert target.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 4


# XML holds neither surrogates nor controls, nor the two noncharacters.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=6
) | st.sampled_from(["", "<b>", "&"])


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.text('ab"<', max_size=2), TEXT, TEXT, st.booleans()), min_size=1, max_size=9
    )
)
def test_plain_units_read_as_others_do(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, bool]]
) -> None:
    """The fast way and the careful one agree, and streaming and a whole corpus do."""
    folder = tmp_path_factory.mktemp("tmx")
    records = [
        Record(i or "n", source=a, references={"A": b}, extra={"note": "x"} if odd else {})
        for i, a, b, odd in rows
    ]
    write_tmx_records(records, folder / "a.tmx")
    text = (folder / "a.tmx").read_text("utf-8")
    (folder / "b.tmx").write_text(text.replace("</tu>", "<note>y</note></tu>"), "utf-8")
    plain, walked = list(TmxReader(folder / "a.tmx")), list(TmxReader(folder / "b.tmx"))
    assert [(r.id, r.source, r.references) for r in plain] == [
        (r.id, r.source, r.references) for r in walked
    ]
    assert [(r.source, r.references["A"]) for r in plain] == [(a, b) for _, a, b, _ in rows]
    run(folder / "a.tmx", folder / "c.jsonl")
    run(folder / "a.tmx", folder / "c.tmx")
    whole = [(s.id, s.source, s.references) for s in read_tmx(folder / "a.tmx").segments]
    streamed = read_corpus(folder / "c.jsonl", source_lang="zh").segments
    assert [(s.id, s.source, s.references) for s in streamed] == whole
    again = list(TmxReader(folder / "c.tmx"))
    assert [(r.id, r.source, r.references, r.extra) for r in again] == [
        (r.id, r.source, r.references, r.extra) for r in plain
    ]


def test_large_memory_many_chunks(tmp_path: Path) -> None:
    records = [
        Record(
            f"u{n}",
            source=f"句子{n}" * (n % 40),
            references={"A": f"Sentence {n} & more " * (n % 30)},
        )
        for n in range(6_000)
    ]
    assert write_tmx_records(records, tmp_path / "a.tmx") == 0
    run(tmp_path / "a.tmx", tmp_path / "b.tmx")
    assert (tmp_path / "a.tmx").read_bytes() == (tmp_path / "b.tmx").read_bytes()
    assert (tmp_path / "a.tmx").stat().st_size > 3 << 18
    text = (tmp_path / "a.tmx").read_text("utf-8")
    (tmp_path / "c.tmx").write_text(text.replace("UTF-8", "UTF-16"), "utf-16")
    run(tmp_path / "c.tmx", tmp_path / "d.tmx")
    assert (tmp_path / "a.tmx").read_bytes() == (tmp_path / "d.tmx").read_bytes()
    run(tmp_path / "a.tmx", tmp_path / "e.tsv")
    lines = (tmp_path / "e.tsv").read_text("utf-8").split("\n")
    assert len(lines) == 6_002
    assert lines[2].startswith("u1\t\t\t句子1\tSentence 1 & more ")
