from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.pairs import (
    Corpus,
    InputError,
    NothingToEvaluateError,
    Segment,
    read_corpus,
    read_parallel,
    write_corpus,
    write_parallel,
)
from xindaya.pairs.formats.text import parting_line

ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
CELL = ANY.filter(lambda t: not set(t) & set("\t\n\r"))
NAME = st.text("abcXYZ-é中", min_size=1, max_size=5)


@st.composite
def corpora(draw: st.DrawFn, text: st.SearchStrategy[str], *, missing: bool) -> Corpus:
    count = draw(st.integers(1, 4))
    references = draw(st.lists(NAME, max_size=2, unique=True))
    reference = text | st.none() if missing else text
    segments = tuple(
        Segment(f"s{k}", draw(text), tuple(draw(reference) for _ in references), f"d{k // 2}")
        for k in range(count)
    )
    systems = {n: tuple(draw(text) for _ in segments) for n in draw(st.sets(NAME, max_size=2))}
    return Corpus("x", "zh", "en", segments, tuple(references), systems)


@pytest.mark.parametrize("kind", [".tsv", ".jsonl", ""])
@settings(deadline=None, max_examples=60)
@given(draw=st.data())
def test_write_then_read_is_identity(
    tmp_path_factory: pytest.TempPathFactory, kind: str, draw: st.DataObject
) -> None:
    text, missing = (ANY, True) if kind == ".jsonl" else (CELL, False)
    corpus = draw.draw(corpora(text, missing=missing))
    path = tmp_path_factory.mktemp("formats") / f"x{kind}"
    write_corpus(corpus, path)
    again = read_corpus(path, source_lang="zh")  # random texts tell no direction
    assert again.segments == corpus.segments
    assert dict(again.systems) == dict(corpus.systems)
    assert again.reference_names == corpus.reference_names
    assert again.sha256 == corpus.sha256


def test_line_files_round_trip(tmp_path: Path, corpus: Corpus) -> None:
    write_parallel(corpus, tmp_path)
    again = read_parallel(
        source=tmp_path / "source.zh",
        references={n: tmp_path / f"reference.{n}.en" for n in ("A", "B")},
        systems={n: tmp_path / f"system.{n}.en" for n in ("good", "bad")},
        documents=tmp_path / "documents.txt",
        name="small",
    )
    assert again == corpus


def test_folder_joins_by_id_whatever_the_order(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "c")
    file = tmp_path / "c" / "systems" / "good.tsv"
    header, *rows = file.read_text("utf-8").split("\n")[:-1]
    file.write_text("\n".join([header, *reversed(rows)]) + "\n", "utf-8")
    assert dict(read_corpus(tmp_path / "c").systems) == dict(corpus.systems)


def broken(folder: Path, corpus: Corpus, file: str, old: str, new: str) -> Path:
    write_corpus(corpus, folder / "c")
    path = folder / "c" / file
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")
    return folder / "c"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("systems/good.tsv", "4\t", "9\t", r"good.tsv: found no text for '4' and unknown ids '9'"),
        ("systems/good.tsv", "2\t", "1\t", r"good.tsv, line 3: found id '1' twice"),
        ("systems/good.tsv", "text", "txt", r"line 1: found the columns id, txt"),
        ("source.tsv", "3\t", "3\tx\t", r"source.tsv, line 4: found 3 fields"),
        ("corpus.toml", "licence", "license", r"line 4: unknown key 'license'; did you mean 'lic"),
        (
            "corpus.toml",
            "systems/good.tsv",
            "../x.tsv",
            r"found the path '../x.tsv'; expected a path",
        ),
        ("corpus.toml", 'last = "2"', 'last = "9"', r"found last = '9'"),
        ("corpus.toml", 'first = "3"', 'first = "2"', r"found document 'b' starting at '2'"),
    ],
)
def test_broken_folder(
    tmp_path: Path, corpus: Corpus, file: str, old: str, new: str, message: str
) -> None:
    from xindaya.pairs import XindayaError

    with pytest.raises(XindayaError, match=message):
        read_corpus(broken(tmp_path, corpus, file, old, new))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "an empty file"),
        ("id\tsource\n1\ta\n1\tb\n", "line 3: found id '1' twice"),
        ("id\tsource\n1\n", "line 2: found 1 fields"),
        ("key\tsource\n1\ta\n", "expected a column named 'id'"),
        ("id\tother\n1\ta\n", "expected a text column"),
        ("id\tid\n1\ta\n", "column 'id' twice"),
    ],
)
def test_broken_tsv(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=message):
        read_corpus(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "1", "source": "\\ud800"}', "surrogate"),
        ('{"id": "1", "id": "2"}', "key 'id' twice"),
        ('{"source": "a"}', 'an object with an "id"'),
        ('{"id": "1", "source": 3}', "expected a string"),
        ('{"id": "1", "systems": ["a"]}', "expected names to texts"),
        ('{"id": NaN}', "a JSON number"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_broken_jsonl(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(InputError, match=message):
        read_corpus(path)


def test_table_text_is_never_interpreted(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text('id\tsource\tsystem:a\n007\tNA\t"quoted\n2\tnull\t=1+1\n', "utf-8")
    corpus = read_corpus(path)
    assert [s.id for s in corpus.segments] == ["007", "2"]
    assert corpus.segments[0].source == "NA"
    assert corpus.systems["a"] == ('"quoted', "=1+1")


def test_aligned_pairs_are_a_corpus(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(
        "id\tzh_lines\ten_lines\tzh\ten\tconfidence\n1\t1\t1\t你好\tHello\t0.9\n", "utf-8"
    )
    segment = read_corpus(path).segments[0]
    assert (segment.source, segment.references) == ("你好", ("Hello",))


def test_empty_files_are_nothing_to_evaluate(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(NothingToEvaluateError):
        read_parallel(source=None, references={}, systems={"a": tmp_path / "a"})


def test_different_lengths_show_where_files_part(tmp_path: Path) -> None:
    lines = [
        f"Line {n} speaks of {word}." for n, word in enumerate(["red", "green", "blue", "black"])
    ]
    (tmp_path / "ref").write_text("\n".join(lines) + "\n")
    (tmp_path / "hyp").write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    with pytest.raises(InputError) as caught:
        read_parallel(
            source=None, references={"A": tmp_path / "ref"}, systems={"h": tmp_path / "hyp"}
        )
    assert "found 3 lines; expected 4" in str(caught.value)
    assert "part company at line 2" in str(caught.value)


@given(st.integers(0, 29), st.integers(1, 3))
def test_parting_line_finds_the_extra_lines(place: int, extra: int) -> None:
    lines = [f"{n} {'x' * (n * 7 % 23)} word{n}" for n in range(30)]
    longer = lines[:place] + [f"extra{k}" for k in range(extra)] + lines[place:]
    assert parting_line(lines, longer) == place
    assert parting_line(longer, lines) == place


def test_tabs_are_refused_by_tsv_with_the_way_out(tmp_path: Path) -> None:
    corpus = Corpus("x", "zh", "en", (Segment("1", "a\tb"),))
    with pytest.raises(InputError, match="write JSONL instead"):
        write_corpus(corpus, tmp_path / "x.tsv")
    assert list(tmp_path.iterdir()) == []
