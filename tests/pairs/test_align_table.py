"""The alignment file: written, corrected by a person, read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from xindaya.pairs import InputError
from xindaya.pairs.account import LeftOut
from xindaya.pairs.align import Bead, Unit, read_alignment, write_alignment

BEADS = [
    Bead((), (1,), "", "news", 0.9),
    Bead((1,), (2,), "标题", "Title", 0.75),
    Bead((2, 3), (3,), "一。二。", "One. Two.", 0.5),
    Bead((4,), (), "责编", "", 1.0),
]
HEAD = "id\tzh_lines\ten_lines\tzh\ten\tconfidence\n"


def test_written_as_the_design_says(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    assert write_alignment(BEADS, path) == 0
    assert path.read_text(encoding="utf-8") == HEAD + (
        "1\t\t1\t\tnews\t0.900\n"
        "2\t1\t2\t标题\tTitle\t0.750\n"
        "3\t2,3\t3\t一。二。\tOne. Two.\t0.500\n"
        "4\t4\t\t责编\t\t1.000\n"
    )
    assert read_alignment(path) == BEADS


def test_tabs_become_spaces_and_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    assert write_alignment([Bead((1,), (1,), "甲\t乙", "A\rB", 1.0)], path) == 1
    assert read_alignment(path)[0].zh == "甲 乙"
    assert read_alignment(path)[0].en == "A B"


def test_sentences_may_share_a_line(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    beads = [
        Bead((1,), (1,), "一。", "One.", 0.9, Unit.SENTENCE),
        Bead((1, 2), (1,), "二。三。", "Two, three.", 0.9, Unit.SENTENCE),
    ]
    write_alignment(beads, path)
    assert read_alignment(path) == beads


def test_nothing_to_write(tmp_path: Path) -> None:
    write_alignment([], tmp_path / "out.tsv")
    assert read_alignment(tmp_path / "out.tsv") == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1\t1\t1\t甲\tA\t1\n1\t2\t2\t乙\tB\t1\n", r"line 3: found id '1' twice"),
        ("1\t1\t1\t甲\tA\t1\n2\t1\t2\t乙\tB\t1\n",
         r"line 3: found zh line 1 again \(line 2 has it too\)"),
        ("1\t1\t1\t甲\tA\t1\n2\t3\t2\t乙\tB\t1\n", r"line 3: found zh line 3, but no zh line 2"),
        ("1\t1\t2\t甲\tA\t1\n2\t2\t1\t乙\tB\t1\n", r"line 2: found en line 2, but no en line 1"),
        ("1\t1\t1,2\t甲\tA\t1\n2\t2\t1\t乙\tB\t1\n", r"line 3: found en line 1 after en line 2"),
        ("1\t1\t\t甲\tA\t1\n", r"line 2: found en_lines '' and en text 'A'; expected both filled"),
        ("1\t\t\t\t\t1\n", r"line 2: found a row without text"),
        ("1\tx\t1\t甲\tA\t1\n", r"line 2: found 'x' in 'zh_lines'; expected line numbers"),
        ("1\t1\t1\t甲\tA\tsure\n", r"line 2: found confidence 'sure'; expected a number from 0"),
        ("1\t1\t1\t甲\tA\tnan\n", r"line 2: found confidence 'nan'"),
    ],
)  # fmt: skip
def test_a_wrong_correction_is_an_error_with_its_line(
    tmp_path: Path, rows: str, message: str
) -> None:
    path = tmp_path / "out.tsv"
    path.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_alignment(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    path.write_text("id\tzh_lines\ten_lines\tzh\ten\n", encoding="utf-8")
    with pytest.raises(InputError, match="a column named 'confidence'"):
        read_alignment(path)


def test_a_table_comes_back_from_a_spreadsheet(tmp_path: Path) -> None:
    from xindaya.pairs import read_corpus, write_corpus

    beads = [Bead((1,), (1, 2), "甲", "A B", 0.9), Bead((2,), (), "乙", "", 0.4)]
    write_alignment(beads, tmp_path / "a.tsv")
    write_corpus(read_corpus(tmp_path / "a.tsv", unpaired=True), tmp_path / "a.xlsx")
    write_corpus(read_corpus(tmp_path / "a.xlsx", unpaired=True), tmp_path / "b.tsv")
    assert read_alignment(tmp_path / "b.tsv") == beads


def test_as_a_corpus_it_has_no_rows_without_a_counterpart(tmp_path: Path) -> None:
    from xindaya.pairs import NothingToEvaluateError, read_corpus

    alone = [Bead((1,), (), "目录", "", 0.4), Bead((), (1,), "", "Page 1", 0.4)]
    pair = Bead((2,), (2,), "甲", "A", 0.9)
    write_alignment([*alone, pair], tmp_path / "a.tsv")
    for source in ("zh", "en"):
        corpus = read_corpus(
            tmp_path / "a.tsv", source_lang=source, target_lang={"zh": "en", "en": "zh"}[source]
        )
        assert [s.id for s in corpus.segments] == ["3"]
        assert corpus.left_out == (
            LeftOut("row 1", "rows without a counterpart", "目录"),
            LeftOut("row 2", "rows without a counterpart", "Page 1"),
        )
    assert len(read_corpus(tmp_path / "a.tsv", unpaired=True).segments) == 3
    write_alignment(alone, tmp_path / "b.tsv")
    with pytest.raises(NothingToEvaluateError, match="no row of this alignment"):
        read_corpus(tmp_path / "b.tsv")


def test_an_empty_text_elsewhere_stays(tmp_path: Path) -> None:
    from xindaya.pairs import read_corpus

    (tmp_path / "a.tsv").write_text("id\tzh\ten\tzh_lines\n1\t甲\t\t\n2\t乙\tB\t7\n", "utf-8")
    notes: list[str] = []
    assert len(read_corpus(tmp_path / "a.tsv", notes=notes).segments) == 2
    assert notes == []
