"""Termbases in spreadsheets, and spreadsheets that attack."""

from __future__ import annotations

import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

from xindaya.pairs import InputError, Status, read_termbase

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>zh</t></is></c><c r="B1" t="str"><v>en</v></c></row>'
)


def workbook(path: Path, sheet: str, shared: str = "", head: str = "", **more: bytes) -> Path:
    """Writes an XLSX by hand: a first sheet without content, then one with these rows."""
    sheets = {"sheet1": "", "sheet2": sheet}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="a" r:id="i1"/>'
            '<sheet name="b" r:id="i2"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="i1" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="i2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", f'{head}<sst xmlns="{MAIN}">{shared}</sst>')
        for name, rows in sheets.items():
            text = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            archive.writestr(f"xl/worksheets/{name}.xml", text)
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def row(number: int, *cells: str) -> str:
    letters = "ABCDEFGH"
    inner = "".join(
        f'<c r="{letters[i]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for i, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'


def test_cells_of_every_kind(tmp_path: Path) -> None:
    shared = (
        "<si><t>网信办</t></si><si><r><t>C</t></r><r><t>AC</t></r><rPh><t>no</t></rPh></si>"
        "<si><t>a_x000D__x005F_b</t></si>"
    )
    names = row(1, "Chinese", "English", "Forbidden", "Note", "Number")
    cells = (
        '<row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c>'
        '<c r="C4" t="b"><v>1</v></c><c r="D4" t="s"><v>2</v></c><c r="E4"><v>007</v></c></row>'
        '<row><c t="s"><v>0</v></c><c t="str"><f>A4&amp;"x"</f><v>cached</v></c></row>'
    )
    path = workbook(tmp_path / "t.xlsx", names + cells, shared)
    (concept,) = read_termbase(path).concepts
    assert concept.extra == {"Number": "007"}
    _, cac, formula = concept.terms
    assert (cac.text, cac.status, cac.note) == ("CAC", Status.FORBIDDEN, "a\r_b")
    assert formula.text == '=A4&"x"'


def test_the_projects_own_columns(tmp_path: Path) -> None:
    rows = (
        row(1, "concept", "zh", "en", "status")
        + row(2, "a", "甲", "A")
        + row(3, "a", "", "=B", "forbidden")
    )
    (concept,) = read_termbase(workbook(tmp_path / "t.xlsx", rows)).concepts
    assert [(t.text, t.status.value) for t in concept.terms] == [
        ("甲", "preferred"), ("A", "preferred"), ("=B", "forbidden"),
    ]  # fmt: skip
    broken = workbook(tmp_path / "b.xlsx", rows + row(9, "a", "甲", "A", "fine"))
    with pytest.raises(InputError, match="line 9: found status 'fine'"):
        read_termbase(broken)


def test_written_by_xlsxwriter(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([["Chinese (PRC)", "English"], ["网信办", "=CAC"]]):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    assert read_termbase(tmp_path / "t.xlsx").concepts[0].in_language("en")[0].text == "=CAC"


def test_wrong_columns_and_cells(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found the columns a, b; expected concept, zh, en"):
        read_termbase(workbook(tmp_path / "a.xlsx", row(1, "a", "b")))
    for cell, message in (
        ('<c r="A3" t="s"><v>5</v></c>', "line 3: found no shared text '5'"),
        ('<c r="A3" t="e"><v>#N/A</v></c>', "line 3: found the error value '#N/A'"),
    ):
        path = workbook(tmp_path / "b.xlsx", HEADER + f'<row r="3">{cell}</row>')
        with pytest.raises(InputError, match=message):
            read_termbase(path)


def test_truncated(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", HEADER + row(2, "甲", "A"))
    whole = path.read_bytes()
    for size in (4, 100, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:size])
        with pytest.raises(InputError, match="no readable XLSX"):
            read_termbase(path)
    damaged = bytearray(whole)
    damaged[whole.index(b"sheet2.xml") + 40] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(InputError):
        read_termbase(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(InputError, match="no readable XLSX"):
        read_termbase(path)


@pytest.mark.parametrize("kind", ["big", "ratio", "lying", "many", "wide", "shared", "entity"])
def test_bombs(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    if kind == "big":
        workbook(path, HEADER, padding=b"0123456789abcdef" * (5 << 20))
    elif kind == "ratio":
        workbook(path, HEADER, padding=b"\0" * (20 << 20))
    elif kind == "lying":
        # The sheet says it holds 100 bytes and unpacks to 20 MB: no more than 100 are read.
        workbook(path, HEADER + " " * (20 << 20))
        raw = bytearray(path.read_bytes())
        at = raw.rindex(b"xl/worksheets/sheet2.xml")
        raw[at - 46 + 24 : at - 46 + 28] = (100).to_bytes(4, "little")
        path.write_bytes(raw)
        with zipfile.ZipFile(path) as archive:
            assert archive.getinfo("xl/worksheets/sheet2.xml").file_size == 100
    elif kind == "many":
        workbook(path, HEADER, **{f"f{n}": b"" for n in range(10_001)})
    elif kind == "wide":
        # A grid of 1,048,576 by 16,384 cells, of which two have content.
        far = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
        workbook(path, HEADER + far + far.replace("1048576", "1048575") * 100)
    elif kind == "shared":
        # One text of 2 MB in 50,000 cells: 100 GB if each had a copy.
        cells = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 25_000
        workbook(
            path,
            HEADER + cells,
            "<si><t>" + "ab" * (1 << 20) + "</t></si>",
            zz=random.Random(0).randbytes(100_000),
        )
    elif kind == "entity":
        workbook(path, HEADER, head='<!DOCTYPE sst [<!ENTITY a "b">]>')
    tracemalloc.start()
    with pytest.raises(InputError):
        read_termbase(path)
    assert tracemalloc.get_traced_memory()[1] < 120e6
    tracemalloc.stop()


def test_every_sheet_with_such_columns_is_read(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    sheets = {
        "one": [
            ["Read this first"],
            ["ID", "Term", "Translation"],
            ["1", "降准", "RRR cut", "stray"],
        ],
        "two": [["ID", "Term", "Translation"], ["1", "逆回购", "reverse repo"], ["2", "", ""]],
        "notes": [["by Li"]],
    }
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    termbase = read_termbase(tmp_path / "t.xlsx")
    assert [(c.id, *(t.text for t in c.terms)) for c in termbase.concepts] == [
        ("1", "降准", "RRR cut"), ("sheet two, 1", "逆回购", "reverse repo"),
    ]  # fmt: skip
    assert termbase.concepts[0].extra == {"column 4": "stray"}
    assert [(i.place, i.text) for i in termbase.left_out] == [
        ("sheet one, line 1", "Read this first"), ("sheet two, line 3", "2"), ("sheet notes, line 1", "by Li"),
    ]  # fmt: skip


def test_a_term_merged_over_several_rows_has_all_their_translations(tmp_path: Path) -> None:
    whole = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = whole.add_worksheet("S")
    rows = [
        ["Terms", ""],
        ["中文", "English"],
        ["网信办", "CAC"],
        ["", "Cyberspace Administration"],
    ]
    for number, cells in enumerate([*rows, ["数据", "data"]]):
        sheet.write_row(number, 0, cells)
    sheet.merge_range("A1:B1", "Terms")
    sheet.merge_range("A3:A4", "网信办")
    whole.close()
    termbase = read_termbase(tmp_path / "a.xlsx")
    pairs = {t.text for c in termbase.concepts for t in c.terms}
    assert pairs == {"网信办", "CAC", "Cyberspace Administration", "数据", "data"}
    both = {"网信办", "CAC"}, {"网信办", "Cyberspace Administration"}
    found = [{t.text for t in c.terms} for c in termbase.concepts]
    assert all(any(pair <= texts for texts in found) for pair in both)
    assert [(o.place, o.text) for o in termbase.left_out] == [
        ("sheet S, row 3", ""), ("sheet S, line 1", "Terms")
    ]  # fmt: skip
