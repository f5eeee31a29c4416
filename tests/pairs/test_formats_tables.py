"""Headed tables: which row names the columns, which sheets and tables are read, what is left out."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter  # type: ignore[import-untyped,unused-ignore]
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.pairs import Corpus, InputError, NothingToEvaluateError, Segment, UsageError
from xindaya.pairs.formats import read_corpus, write_corpus

openpyxl = pytest.importorskip("openpyxl")

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
COMPAT = "http://schemas.openxmlformats.org/markup-compatibility/2006"
HEAD = ["ID", "Source", "Target"]
Rows = Sequence[Sequence[object]]


def book(path: Path, sheets: Mapping[str, Rows], comments: Mapping[str, str] | None = None) -> Path:
    """Writes a workbook with openpyxl; comments by sheet are on cell A1."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([*row])
        if comments and name in comments:
            sheet["A1"].comment = openpyxl.comments.Comment(comments[name], "reviewer")
    workbook.save(path)
    return path


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def run(text: str, style: str) -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:t>{escape(text)}</w:t></w:r>'


def cell(content: str, properties: str = "") -> str:
    inside = content if content.startswith("<w:") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def row(cells: Iterable[str], properties: str = "") -> str:
    made = (c if c.startswith("<w:tc>") or "<w:tc>" in c else cell(c) for c in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def table(*rows: Iterable[str] | str) -> str:
    return f"<w:tbl>{''.join(r if isinstance(r, str) else row(r) for r in rows)}</w:tbl>"


def document(path: Path, body: str, **parts: str) -> Path:
    names = f'xmlns:w="{WORD}" xmlns:mc="{COMPAT}"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {names}>{content}</w:{name}>")
    return path


def pairs(corpus: Corpus) -> list[tuple[str | None, str | None]]:
    return [(s.source, s.references[0]) for s in corpus.segments]


def left(corpus: Corpus) -> list[tuple[str, str]]:
    return [(item.place, item.text) for item in corpus.left_out]


# Which row is the heading.


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Do not change the ids"], HEAD, [1, "甲", "First"]], [("甲", "First")]),
        ([["Source language", "Chinese"], ["Target language", "English"], [], HEAD,
          [1, "甲", "First"]], [("甲", "First")]),
        ([["Source", "Target"], ["zh-CN", "en-US"], ["甲", "First"]], [("甲", "First")]),
        ([["English_United_States", "Chinese (PRC)"], ["First", "甲"]], [("First", "甲")]),
        ([["序号", "源语言", "目标语言"], [1, "甲", "First"]], [("甲", "First")]),
        ([["#", "Source (zh-CN)", "Target text (en)"], [1, "甲", "First"]], [("甲", "First")]),
        ([["原文", "译文"], ["中文", "Chinese"], ["英文", "English"]],
         [("中文", "Chinese"), ("英文", "English")]),
        ([HEAD, [1, "甲", "First"], HEAD, [2, "乙", "Second"], ["Sum", None, None]],
         [("甲", "First"), ("乙", "Second")]),
        ([["ID", "Source", "Target", "Target"], [1, "甲", "First", "Second"]], [("甲", "First")]),
    ],
)  # fmt: skip
def test_the_first_row_that_names_columns_is_the_heading(
    tmp_path: Path, rows: Rows, expected: list[tuple[str, str]]
) -> None:
    corpus = read_corpus(book(tmp_path / "a.xlsx", {"S": rows}))
    assert pairs(corpus) == expected
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        width = max(map(len, rows))
        csv.writer(stream).writerows([*r, *[""] * (width - len(r))] for r in rows)
    assert pairs(read_corpus(path)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "英语,English\n中文,Chinese\n",
        "网信办,CAC,zh,en\n数据泄露,data breach,zh,en\n",
        "7,Translation,译文\n8,Target,目标\n",
        "Source language,Chinese\nTarget language,English\n",
    ],
)
def test_a_row_of_data_is_no_heading(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match="a first row that names the columns"):
        read_corpus(path)


def test_words_of_a_heading_below_it_are_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,reference:A,system:b\na,One,Two\nb,Source,Target\n", "utf-8")
    assert list(read_corpus(path).reference("A")) == ["One", "Source"]
    rows = [["ID", "English", "Remark"], ["1", "One", "x"], ["2", "Source", "Target"]]
    corpus = read_corpus(book(tmp_path / "a.xlsx", {"S": rows}))
    assert list(corpus.reference("A")) == ["One", "Source"]


@pytest.mark.parametrize("start", ["sep=;", "Job 1, from A, to B", "Job 1; A", ""])
def test_the_delimiter_is_that_of_the_heading(tmp_path: Path, start: str) -> None:
    path = tmp_path / "a.csv"
    above = f"{start}\r\n" if start else ""
    path.write_text(f'{above}ID;Source;Target\r\n1;"甲;乙";First, second\r\n', "utf-8")
    corpus = read_corpus(path)
    assert pairs(corpus) == [("甲;乙", "First, second")]
    assert left(corpus) == ([("line 1", start)] if start else [])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("source,target,id\n甲,First,\n乙,Second,\n", ["u1", "u2"]),
        ("ID,Source,Target\nu2,甲,First\n,乙,Second\n", ["u2", "u2_"]),
        ("id\tsource\ttarget\n\t甲\tFirst\n", ["u1"]),
        ("id\tsource\treference\n\t甲\tFirst\n", ["u1"]),
    ],
)
def test_ids_are_made_up_where_the_column_is_empty(
    tmp_path: Path, text: str, ids: list[str]
) -> None:
    path = tmp_path / ("a.tsv" if "\t" in text else "a.csv")
    path.write_text(text, "utf-8")
    assert [s.id for s in read_corpus(path).segments] == ids


def test_an_id_lost_in_a_table_of_ours_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("id\tsource\treference\n1\t甲\tFirst\n\t乙\tSecond\n", "utf-8")
    with pytest.raises(InputError, match="line 3: found an empty id"):
        read_corpus(path)


# Which sheets are read.


def test_all_sheets_with_the_same_columns_are_read(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Notes": [["Translation"], ["of the report"]],
        "One": [HEAD, [1, "甲", "First"]],
        "Two": [["banner"], ["Target", "ID", "Source"], ["Second", 2, "乙"]],
        "Terms": [["Source", "Target"], ["网信办", "CAC"]],
        "Broken": [["#N/A"]],
    }
    path = book(tmp_path / "a.xlsx", sheets, {"Two": "why?"})
    corpus = read_corpus(path)
    assert pairs(corpus) == [("甲", "First"), ("乙", "Second")]
    assert sorted(left(corpus)) == [
        ("sheet Broken, row 1", "#N/A"), ("sheet Notes, row 1", "Translation"),
        ("sheet Notes, row 2", "of the report"), ("sheet Terms, row 1", "Source\tTarget"),
        ("sheet Terms, row 2", "网信办\tCAC"), ("sheet Two, A1", "why?"),
        ("sheet Two, row 1", "banner"),
    ]  # fmt: skip
    assert pairs(read_corpus(path, sheet="Terms")) == [("网信办", "CAC")]
    with pytest.raises(InputError, match=r"found the sheets 'Notes', 'One'.*one named 'Three'"):
        read_corpus(path, sheet="Three")
    (tmp_path / "a.csv").write_text("zh,en\n甲,First\n", "utf-8")
    with pytest.raises(UsageError, match="csv has no sheets"):
        read_corpus(tmp_path / "a.csv", sheet="One")


def test_ids_that_repeat_on_another_sheet_are_told_apart(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"甲方": [HEAD, [1, "甲", "First"]], "B": [HEAD, [1, "乙", "Second"]]}
    corpus = read_corpus(book(tmp_path / "a.xlsx", sheets))
    assert [s.id for s in corpus.segments] == ["甲方/1", "B/1"]


def test_an_error_value_in_the_columns_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"S": [HEAD, [1, "甲", "#REF!"]]})
    with pytest.raises(InputError, match="line 2: found the error value '#REF!'"):
        read_corpus(path)


def test_opendocument_is_refused_as_such(tmp_path: Path) -> None:
    for name, kind, found in (
        ("a.ods", "spreadsheet", "an ODS workbook; expected an XLSX file"),
        ("a.odt", "text", "an OpenDocument file"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
            archive.writestr("content.xml", "<x/>")
        with pytest.raises(InputError, match=f"{found}(.|\n)*save it as"):
            read_corpus(tmp_path / name)


# What a cell holds.


def one(text: str, **more: str) -> Corpus:
    segment = Segment(id="1", source="原文", references=(text,), extra=more)
    return Corpus("one", "zh", "en", (segment,), ("A",), {})


@pytest.mark.parametrize(
    "text",
    [
        "_x0041_x0042_", "_x0041_", "_x005F_x0041_", "_x00041_", "__x0041_x0042_x0043__",
        "<r>_x0041_</r>", "<r><t>a</t></r>", "<r>a & b</r>", "_x0041_\r\n_x0042_\x0b", "_xD83D_",
        "&#95;x0041_x0042_", "𠮷" * 16_383,
    ],
)  # fmt: skip
def test_a_cell_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    write_corpus(one(text, note=text), tmp_path / "a.xlsx")
    (segment,) = read_corpus(tmp_path / "a.xlsx", source_lang="zh").segments
    assert (segment.references, segment.extra) == ((text,), {"note": text})
    # As another reader has it, which takes every x005F_ out and keeps control characters escaped.
    value = openpyxl.load_workbook(tmp_path / "a.xlsx").active.cell(2, 5).value
    if "\x0b" not in text and "x005F_" not in text:
        assert value == text


def test_a_cell_is_measured_in_utf_16_units(tmp_path: Path) -> None:
    # 16,384 characters beyond U+FFFF are 2 * 16,384 = 32,768 units, one more than a cell holds.
    with pytest.raises(InputError, match=r"32,768 UTF-16 units.*at most 32,767"):
        write_corpus(one("𠮷" * 16_384), tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_what_is_too_large_to_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = one("First")
    write_corpus(corpus, tmp_path / "a.xlsx")
    for name, limit, message in (
        # id, document, domain, source, reference: 5 columns, 2 rows
        ("MAX_CELLS", 9, "10 cells; expected at most 9"),
        ("MAX_SHARED_CHARS", 20, "characters of text or more; expected at most 20"),
        ("MAX_UNPACKED_BYTES", 99, "bytes when unpacked; expected at most 99"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"xindaya.pairs.formats.workbook.{name}", limit)
            with pytest.raises(InputError, match=message):
                write_corpus(corpus, tmp_path / "b.xlsx")
    assert not (tmp_path / "b.xlsx").exists()


# Word files as they read in the end.

S = ["Source", "Target"]


SIGNS = (
    "<w:p><w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>ma</w:t><w:softHyphen/><w:t>il</w:t><w:tab/>"
    "<w:t>x</w:t></w:r></w:p>"
)
FIELDS = (
    "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple><w:r><w:t>7</w:t></w:r>"
    "</w:fldSimple><w:hyperlink><w:r><w:t> up</w:t></w:r></w:hyperlink></w:p>"
)


def tracked(text: str, kind: str) -> str:
    return f'<w:p><w:{kind} w:id="1"><w:r><w:t>{text}</w:t></w:r></w:{kind}></w:p>'


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([S, row(["甲", "First"], "<w:del/>"), row(["乙", "Second"], "<w:ins/>")],
         [("乙", "Second")]),
        ([S, row([tracked("甲", "moveFrom"), tracked("First", "moveFrom")], "<w:del/>"),
          ["乙", "Second"], row([tracked("甲", "moveTo"), tracked("First", "moveTo")], "<w:ins/>")],
         [("乙", "Second"), ("甲", "First")]),
        ([S, f"<w:sdt><w:sdtContent>{row(['甲', 'First'])}</w:sdtContent></w:sdt>",
          f"<w:customXml>{row(['乙', 'Second'])}</w:customXml>",
          f"<w:tr><w:customXml>{cell('丙')}{cell('Third')}</w:customXml></w:tr>",
          ["丁", f"<w:sdt><w:sdtContent>{cell('Fourth')}</w:sdtContent></w:sdt>"]],
         [("甲", "First"), ("乙", "Second"), ("丙", "Third"), ("丁", "Fourth")]),
        ([S, [cell("甲。乙。", '<w:vMerge w:val="restart"/>'), "First."],
          [cell("", "<w:vMerge/>"), "Second."], ["丙", "Third"]],
         [("甲。乙。", "First.\nSecond."), ("丙", "Third")]),
        ([S, ["甲", cell(f"{paragraph('Out')}{table(['a', 'b'], ['c', 'd'])}{paragraph('end')}")]],
         [("甲", "Out\na\tb\nc\td\nend")]),
        ([["ID", *S, cell("Remarks", '<w:gridSpan w:val="2"/>')], ["1", "甲", "First", "x", "y"],
          [cell("part two", '<w:gridSpan w:val="5"/>')], ["2", "乙", "Second", "", ""]],
         [("甲", "First"), ("乙", "Second")]),
        ([S, [cell("甲", '<w:gridSpan w:val="2"/>'), "First"],
          ["乙", cell("Second", '<w:gridSpan w:val="2"/>')]], [("甲", "First"), ("乙", "Second")]),
        ([["File", *S], [cell("a", '<w:vMerge w:val="restart"/>'), "甲", "First"],
          [cell("", "<w:vMerge/>"), "乙", "Second"]], [("甲", "First"), ("乙", "Second")]),
        ([S, ["甲", SIGNS]], [("甲", "e-mail\tx")]),
        ([S, ["甲", FIELDS]],
         [("甲", "7 up")]),
    ],
)  # fmt: skip
def test_docx_is_read_as_it_reads_in_the_end(
    tmp_path: Path, rows: list[list[str] | str], expected: list[tuple[str, str]]
) -> None:
    assert pairs(read_corpus(document(tmp_path / "a.docx", table(*rows)))) == expected


def test_what_docx_does_not_show_is_left_out(tmp_path: Path) -> None:
    hidden = (
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hid</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>b</w:t></w:r>'
        f'{run("guid", "Unit")}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>'
    )  # fmt: skip
    ruby = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>ming</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>明</w:t>"
        "</w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    empty = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Click here</w:t>"
        "</w:r></w:p></w:sdtContent></w:sdt>"
    )
    styles = (
        '<w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="Unit"><w:basedOn w:val="Base"/></w:style>'
    )
    body = paragraph("Title") + table(S, [ruby, hidden], ["甲", cell(empty)], ["all across"])
    remark, note = f"<w:comment>{paragraph('why?')}</w:comment>", paragraph("note")
    path = document(tmp_path / "a.docx", body, styles=styles, footnotes=note, comments=remark)
    corpus = read_corpus(path)
    assert pairs(corpus) == [("明", "ab"), ("甲", "")]
    assert sorted(left(corpus)) == [
        ("comments", "why?"), ("footnotes", "note"), ("table 1, row 2", "gone"),
        ("table 1, row 2", "hidguid"), ("table 1, row 2", "ming"), ("table 1, row 3", "Click here"),
        ("table 1, row 4", "all across"), ("the document", "Title"),
    ]  # fmt: skip


BOX = "<w:txbxContent>{}</w:txbxContent>"


def test_a_long_paragraph_takes_linear_time(
    tmp_path: Path, calls: Callable[[Callable[[], object]], int]
) -> None:
    pieces = "<w:r><w:t>ab</w:t></w:r>" * 5_000
    path = document(tmp_path / "a.docx", table(S, ["甲", f"<w:p>{pieces}</w:p>"]))
    assert calls(lambda: read_corpus(path)) < 100 * 5_000


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = BOX.format(paragraph("Box"))
    both = (
        "<w:p><w:r><w:t>In a </w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    path = document(tmp_path / "a.docx", table(S, ["甲", both], ["乙", f"<w:p>{box}</w:p>"]))
    assert pairs(read_corpus(path)) == [("甲", "In a Box"), ("乙", "Box")]


def test_each_table_has_its_own_heading(tmp_path: Path) -> None:
    body = (
        table(["Source language", "English"], ["Target language", "Chinese"], ["Words", "200"])
        + table(["do not change"], ["原文", "译文"], ["Hello there", "你好"])
        + table(["译文", "原文"], ["再见", "Good bye"])
        + table(["谢谢", "Thank you"])
        + table([cell(paragraph("In a frame") + table(S, ["Good luck", "祝你好运"]))])
    )
    corpus = read_corpus(document(tmp_path / "a.docx", body))
    assert (corpus.source_lang, pairs(corpus)) == (
        "en",
        [("Hello there", "你好"), ("Good bye", "再见"), ("Thank you", "谢谢"),
         ("Good luck", "祝你好运")],
    )  # fmt: skip
    assert [text for _, text in left(corpus)] == [
        "Source language\tEnglish", "Target language\tChinese", "Words\t200", "do not change",
        "In a frame",
    ]  # fmt: skip


PLAIN = "<w:r><w:t>甲</w:t></w:r>"
TRADOS = (
    f"<w:p>{run('<1>', 'Tag')}{PLAIN}{run('</1', 'Tag')}{run('>', 'Tag')}{run('<2/>', 'Tag')}</w:p>"
)
MEMOQ = f"<w:p>{run('[1}', 'mqInternal')}{PLAIN}{run('{1]', 'mqInternal')}{run('{2}', 'mqInternal')}</w:p>"


@pytest.mark.parametrize(
    "tables",
    [
        # Trados
        table(["Segment ID", "Segment status", "Source segment", "Target segment"],
              [f"<w:p>{run('1', 'SegmentID')}{run('0a-1b', 'TransUnitID')}</w:p>",
               "Translated (100%)", TRADOS, "First"]),
        # memoQ
        table(row([cell("CAUTION: edit column 3 only", '<w:gridSpan w:val="5"/>')]),
              ["ID", "Chinese (PRC)", "English (United States)", "Comment", "Status"],
              ["1", MEMOQ, "First", "", "Confirmed"]),
        # Phrase
        table(["Job", "12"], ["Source", "zh-cn"], ["Target", "en"])
        + table(["ID", "#", "Source (zh-cn)", "Target (en)", "Score", "Comment"],
                ["1", "1", TRADOS, "First", "101", ""]),
    ],
    ids=["trados", "memoq", "phrase"],
)  # fmt: skip
def test_review_files_of_cat_tools(tmp_path: Path, tables: str) -> None:
    styles = '<w:style w:styleId="TransUnitID"><w:rPr><w:vanish/></w:rPr></w:style>'
    corpus = read_corpus(document(tmp_path / "a.docx", tables, styles=styles))
    (segment,) = corpus.segments
    assert (segment.id, segment.source, segment.references) == ("1", "甲", ("First",))
    assert segment.extra["display:source"] == "⟦1⟧甲⟦/1⟧⟦2/⟧"


@pytest.mark.parametrize(
    ("source", "target", "shown"),
    [
        ("{b>甲<b}{1}", "{b>A<b}{1}", "⟦b⟧A⟦/b⟧⟦1/⟧"),
        ("[1}甲{1]{2}", "[1}A{1]{2}", "⟦1⟧A⟦/1⟧⟦2/⟧"),
        ("<1>甲</1><2/>", "<1>A</1><2/>", "⟦1⟧A⟦/1⟧⟦2/⟧"),
    ],
)
def test_tags_that_tools_write_into_tables(
    tmp_path: Path, source: str, target: str, shown: str
) -> None:
    rows = [["ID", "Source", "Target"], ["1", source, target], ["2", "乙{1}", "B{1}"]]
    alone = source.replace("甲", "")
    corpus = read_corpus(book(tmp_path / "a.xlsx", {"S": [*rows, ["3", alone, alone]]}))
    assert (pairs(corpus)[0], len(corpus.segments)) == (("甲", "A"), 2)
    assert [item.reason for item in corpus.left_out] == ["rows of tags alone"]
    assert corpus.segments[0].extra["display:reference:A"] == shown
    # What only a program may fill in is text, and named; so is everything in our own tables.
    notes: list[str] = []
    corpus = read_corpus(book(tmp_path / "b.xlsx", {"S": [rows[0], rows[2]]}), notes=notes)
    assert pairs(corpus) == [("乙{1}", "B{1}")]
    assert "1 segment with marks on both sides, such as {1}, that may be tags" in notes[0]
    ours = [["id", "source", "reference:A"], *rows[1:]]
    assert pairs(read_corpus(book(tmp_path / "c.xlsx", {"S": ours})))[0] == (source, target)


def test_what_stands_around_the_rows_of_a_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"S": [["Source", "Target"], ["甲", "A"], ["", "B"]]})
    whole = openpyxl.load_workbook(path)
    sheet = whole.worksheets[0]
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A5:B5")
    sheet.oddHeader.center.text = "Draft"
    whole.save(path)
    corpus = read_corpus(path)
    assert pairs(corpus) == [("甲", "A\nB")]
    assert left(corpus) == [("sheet S, row 2", ""), ("sheet S", "&CDraft")]


def test_names_merged_over_several_rows_belong_to_each(tmp_path: Path) -> None:
    whole = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = whole.add_worksheet("S")
    sheet.merge_range("A1:E1", "A banner")
    for row, cells in enumerate([
        ["ID", "Document", "Source", "Target", "Reviewer"], ["7", "d1", "甲", "A", "Wu"],
        ["", "", "乙", "B", ""], ["", "", "丙", "C", "Li"], ["8", "d2", "丁", "D", ""],
        ["", "", "", "", "late"],
    ], 1):  # fmt: skip
        sheet.write_row(row, 0, cells)
    sheet.merge_range("A3:A5", "7")
    sheet.merge_range("B3:B5", "d1")
    sheet.merge_range("E3:E4", "Wu")
    for column, text in zip("CD", "丁D", strict=True):
        sheet.merge_range(f"{column}6:{column}7", text)
    whole.close()
    corpus = read_corpus(tmp_path / "a.xlsx")
    assert [(s.id, s.document, s.source, dict(s.extra)) for s in corpus.segments] == [
        ("7", "d1", "甲", {"Reviewer": "Wu"}), ("7#2", "d1", "乙", {"Reviewer": "Wu"}),
        ("7#3", "d1", "丙", {"Reviewer": "Li"}), ("8", "d2", "丁", {}),
    ]  # fmt: skip
    # A row whose texts are all merged with those above is no segment of its own.
    assert ("sheet S, row 7", "late") in left(corpus)
    assert ("sheet S, row 1", "A banner") in left(corpus)


def test_a_heading_without_rows_is_no_table_beside_another(tmp_path: Path) -> None:
    info = [["Project", "X"], ["Source language", "Chinese"]]
    rows = [["Source", "Target"], ["甲", "A"]]
    path = book(tmp_path / "a.xlsx", {"Info": info, "S": rows})
    assert pairs(read_corpus(path)) == [("甲", "A")]
    with pytest.raises(NothingToEvaluateError):
        read_corpus(book(tmp_path / "b.xlsx", {"S": rows[:1]}))


def test_the_tables_before_say_the_direction(tmp_path: Path) -> None:
    tables = [[["原文", "译文"], ["甲", "First"]], [["English", "Chinese"], ["Second", "乙"]]]
    path = book(tmp_path / "a.xlsx", dict(zip("ST", tables, strict=True)))
    assert pairs(read_corpus(path)) == [("甲", "First"), ("乙", "Second")]


@pytest.mark.parametrize(
    ("tag", "names", "texts"),
    [
        (None, ("zh-Hans", "zh-HK"), ("打开软件", "開啟軟件")),
        ("zh-CN", ("A",), ("打开软件",)),
        ("zh-HK", ("A",), ("開啟軟件",)),
    ],
)
def test_columns_in_two_variants(
    tmp_path: Path, tag: str | None, names: tuple[str, ...], texts: tuple[str, ...]
) -> None:
    rows = [
        ["English", "Chinese (Simplified)", "Chinese (Hong Kong SAR)"],
        ["Open", "打开软件", "開啟軟件"],
    ]
    corpus = read_corpus(book(tmp_path / "a.xlsx", {"S": rows}), target_lang=tag)
    assert (corpus.reference_names, corpus.segments[0].references) == (names, texts)
    with pytest.raises(InputError, match="expected one in zh-TW"):
        read_corpus(tmp_path / "a.xlsx", target_lang="zh-TW")


# Every character is in a segment or accounted for.

CHARACTERS = "qQXZ你好，。12:;,-_&<>'\"“”𠮷"
TEXT = st.text(CHARACTERS, max_size=6)
FULL = st.text(CHARACTERS, min_size=1, max_size=6)
HEADS = ["Key", "Source", "Target", "Status", "Remarks of the client"]


@st.composite
def grids(draw: st.DrawFn) -> list[list[str]]:
    """A table with a banner or without, rows with empty cells, and rows that are empty."""
    banner = draw(st.lists(st.lists(FULL, min_size=1, max_size=5), max_size=2))
    texts = st.lists(TEXT, min_size=5, max_size=5)
    rows = draw(st.lists(texts, min_size=1, max_size=4))
    first = [draw(FULL), "你好", "Hello there", "", ""]
    return [*banner, draw(st.permutations(HEADS)), first, *rows]


def characters(texts: Iterable[str | None]) -> Counter[str]:
    return Counter("".join("".join(filter(None, texts)).split()))


def taken(corpus: Corpus) -> Counter[str]:
    found: list[str | None] = [item.text for item in corpus.left_out]
    for segment in corpus.segments:
        own = "" if segment.id.rstrip("_")[1:].isdecimal() else segment.id
        found += [own, segment.source, segment.document, segment.domain, *segment.references]
        found += segment.extra.values()
    return characters(found)


def write_grid_csv(folder: Path, grid: list[list[str]]) -> Path:
    from xindaya.pairs.guard import guard

    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([[*map(guard, r)] for r in grid])
    path = folder / "a.csv"
    path.write_text(stream.getvalue(), "utf-8")
    return path


def write_grid_tsv(folder: Path, grid: list[list[str]]) -> Path:
    path = folder / "a.tsv"
    path.write_text("".join("\t".join(r) + "\n" for r in grid), "utf-8")
    return path


def write_grid_xlsx(folder: Path, grid: list[list[str]]) -> Path:
    sheets = {"One": grid, "Two": [["Sums"], ["1", "2"]], "Three": grid[::-1]}
    return book(folder / "a.xlsx", sheets, {"Two": "remark"})


def write_grid_docx(folder: Path, grid: list[list[str]]) -> Path:
    body = paragraph("Title") + table(*grid) + table(["x"], *grid[::-1]) + paragraph("End")
    return document(folder / "a.docx", body, footnotes=paragraph("note"))


WRITERS: dict[str, tuple[Callable[[Path, list[list[str]]], Path], int, str]] = {
    "csv": (write_grid_csv, 1, ""),
    "tsv": (write_grid_tsv, 1, ""),
    "xlsx": (write_grid_xlsx, 2, "Sums12remark"),
    "docx": (write_grid_docx, 2, "TitlexEndnote"),
}


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=40, deadline=None)
@given(grid=grids())
def test_every_character_is_taken_or_accounted_for(kind: str, grid: list[list[str]]) -> None:
    write, times, more = WRITERS[kind]
    with tempfile.TemporaryDirectory() as folder:
        try:
            corpus = read_corpus(write(Path(folder), grid), source_lang="zh", unpaired=True)
        except (InputError, NothingToEvaluateError):
            return  # refused as a whole: nothing is lost in silence
        seen = sum((characters(r) for r in grid), Counter[str]())
        expected = Counter({c: times * n for c, n in seen.items()}) + characters([more])
        headings = sum((characters(HEADS) for _ in range(times)), Counter[str]())
        lost = expected - taken(corpus)
        assert lost <= headings
        assert set(taken(corpus) - expected) <= ({","} if kind == "csv" else set())
