"""Files that attack: a clear error, soon, in little memory, and nothing left behind."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from xindaya.pairs import Corpus, InputError, NothingToEvaluateError, Segment
from xindaya.pairs.formats import read_corpus, write_corpus

MOST_CALLS = 1_000_000
"""Of functions, before a hostile file is refused."""

HEAD = '<tmx version="1.4"><header/><body>'
UNIT = '<tu><tuv xml:lang="zh"><seg>{}</seg></tuv><tuv xml:lang="en"><seg>A</seg></tuv></tu>'
TAIL = "</body></tmx>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAROT = "system doc docSegId globalSegId rater source target category severity metadata\n".replace(
    " ", "\t"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def tmx(text: str = "甲", head: str = "") -> str:
    return head + HEAD + UNIT.format(text) + TAIL


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.tmx", tmx("&x;", '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entity"),
        ("a.tmx", tmx("&l9;", f'<!DOCTYPE tmx [<!ENTITY l0 "lol">{LAUGHS}]>'), "the entity 'l0'"),
        ("a.tmx", tmx("", f'<!DOCTYPE tmx [<!ENTITY % p "{"x" * 99}">]>'), "the entity 'p'"),
        ("a.tmx", tmx("&x;", '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'), "found '&x;' in a <seg>"),
        ("a.tmx", tmx("&x;"), "no well-formed XML"),
        ("a.xlf", '<!DOCTYPE x [<!ENTITY x "y">]><xliff/>', "entity"),
        ("a.xml", '<!DOCTYPE x [<!ENTITY x "y">]><dataset/>', "entity"),
        ("a.tmx", tmx()[:-20], "no well-formed XML"),
        ("a.tmx", tmx("a\0b"), "no well-formed XML"),
        ("a.tmx", tmx("a\x01b"), "no well-formed XML"),
        ("a.tmx", tmx("<b>x</b>"), "<b>' in a <seg>"),
        ("a.tmx", tmx("x" * 100_001), "a text of 100,001 characters"),
        ("a.tmx", "<tmx>" + "<a>" * 300, "no well-formed XML"),
        ("a.tmx", "", "no well-formed XML"),
        ("a.xlf", "<xliff><file><body><trans-unit id='1'><source>", "no well-formed XML"),
        ("a.csv", 'zh,en\r\n"a,b', "no valid CSV"),
        ("a.csv", "zh,en\r\na\0,b", "NUL"),
        ("a.csv", "zh,en\r\na,b,c", "line 2: found 3 fields"),
        ("a.csv", "id,zh,en\r\n1,a,b\r\n1,c,d", "id '1' twice"),
        ("a.po", 'msgid "a', "no valid PO"),
        ("a.po", 'msgid "a\0"\nmsgstr ""', "NUL"),
        ("a.tsv", MAROT + "s\td\t1\t1\tr\tx\ty\tc\tM\t{", "no valid JSON"),
        ("a.tsv", MAROT + "s\td\t1\t1\tr\tx\ty\tc\tM\t{}\ns\td\t1\t1\tr\tx\tz\tc\tM\t{}", "another output of 's'"),
    ],
)  # fmt: skip
def test_text_files(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_corpus(path)
    assert "root:" not in str(caught.value)


def test_a_json_list_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "batch.json").write_text('[{"task": {"batchNo": 1}, "items": []}]', "utf-8")
    with pytest.raises(InputError, match="a JSON list; expected JSON Lines"):
        read_corpus(tmp_path / "batch.json")


def test_document_type_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "tmx14.dtd").write_text("<!ENTITY x 'y'>")
    (tmp_path / "a.tmx").write_text(tmx(head='<!DOCTYPE tmx SYSTEM "tmx14.dtd">'), "utf-8")
    assert read_corpus(tmp_path / "a.tmx").segments[0].source == "甲"


@pytest.mark.parametrize("name", ["a.tmx", "a.xlsx", "a.csv", "a.po", "a.docx", "a.xlf", "a.xml"])
def test_no_file(tmp_path: Path, name: str) -> None:
    kind = name[2:].replace("xlf", "xliff").replace("xml", "wmt")
    with pytest.raises(InputError, match="no such file"):
        read_corpus(tmp_path / name, format=kind)
    (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="a folder"):
        read_corpus(tmp_path / name, format=kind)
    with pytest.raises(InputError):
        write_corpus(Corpus("x", "zh", "en", (Segment("1", "a"),)), tmp_path / name, format="jsonl")
    (tmp_path / name).rmdir()
    os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match="a pipe or a device"):
        read_corpus(tmp_path / name)


def test_compressed(tmp_path: Path) -> None:
    (tmp_path / "a.tmx.gz").write_bytes(b"\x1f\x8b\x08")
    for kind in (None, "tmx"):
        with pytest.raises(InputError, match="gunzip"):
            read_corpus(tmp_path / "a.tmx.gz", format=kind)


def book(path: Path, rows: str, *, sheets: int = 1, **more: bytes) -> Path:
    names = "".join(f'<sheet name="s{n}" r:id="i"/>' for n in range(sheets))
    relation = '<Relationship Id="i" Target="worksheets/sheet1.xml"/>'
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relation}</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **more}.items():
            archive.writestr(name, content)
    return path


def cell(text: str) -> str:
    return f'<c t="str"><v>{text}</v></c>'


TOP = f"<row>{cell('zh')}{cell('en')}</row>"


def test_formulas_are_text(tmp_path: Path) -> None:
    rows = TOP + f'<row>{cell("好")}<c t="str"><f>HYPERLINK("http://x")</f><v>ok</v></c></row>'
    corpus = read_corpus(book(tmp_path / "a.xlsx", rows))
    assert corpus.segments[0].references == ('=HYPERLINK("http://x")',)
    write_corpus(corpus, tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
    write_corpus(corpus, tmp_path / "b.csv")
    assert "\"'=HYPERLINK" in (tmp_path / "b.csv").read_text("utf-8-sig")
    for name in ("b.xlsx", "b.csv"):
        assert read_corpus(tmp_path / name).segments[0].references == corpus.segments[0].references


@pytest.mark.parametrize("kind", ["ratio", "big", "many", "wide", "again", "entity", "cut", "docx"])
def test_office_bombs(
    tmp_path: Path, kind: str, calls: Callable[[Callable[[], object]], int]
) -> None:
    path = tmp_path / "a.xlsx"
    rows = TOP + f"<row>{cell('a')}{cell('b')}</row>"
    noise = random.Random(0).randbytes(1 << 19).hex().encode()
    if kind == "ratio":
        book(path, rows, padding=b"\0" * (20 << 20))
    elif kind == "big":
        # A part that says it has 300 MB.
        book(path, rows)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("q", b"0123456789abcdef" * 8)
        raw = bytearray(path.read_bytes())
        at = raw.rindex(b"q", 0, raw.rindex(b"PK\x05\x06")) - 46
        raw[at + 24 : at + 28] = (300 << 20).to_bytes(4, "little")
        path.write_bytes(raw)
    elif kind == "many":
        book(path, rows, **{f"f{n}": b"" for n in range(10_001)})
    elif kind == "wide":
        far = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
        book(path, rows + far * 130)
    elif kind == "again":
        # One sheet of 1 MB, named 10,000 times: nothing in it is a header.
        book(path, "<row><c t='str'><v>x</v></c></row>" * 20_000, sheets=10_000, z=noise)
    elif kind == "entity":
        book(path, rows, **{"xl/sharedStrings.xml": b'<!DOCTYPE s [<!ENTITY a "b">]><sst/>'})
    elif kind == "cut":
        book(path, rows)
        path.write_bytes(path.read_bytes()[:-30])
    else:
        path = tmp_path / "a.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", f'<d xmlns:w="{WORD}">' + "<w:tr/>" * (4 << 20))

    def refused() -> None:
        with pytest.raises(InputError):
            read_corpus(path)

    assert calls(refused) < MOST_CALLS


SCRIPT = """
import re, sys
from pathlib import Path
from xindaya.pairs import XindayaError, read_corpus
try:
    read_corpus(sys.argv[1])
except XindayaError as error:
    print(type(error).__name__, str(error)[-200:])
status = Path("/proc/self/status").read_text()  # the figure of getrusage counts the parent's, too
print(int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024)
"""


@pytest.mark.parametrize(
    "kind", ["text.tmx", "tags.tmx", "header.tmx", "line.csv", "line.po", "line.jsonl"]
)
def test_200_megabytes_on_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    begin, piece = {
        "text.tmx": (HEAD + '<tu><tuv xml:lang="zh"><seg>', "x"),
        "tags.tmx": (HEAD + '<tu><tuv xml:lang="zh"><seg>', "<ph/>"),
        "header.tmx": ("<tmx><header>", "<a/>"),
        "line.csv": ("zh,en\r\n", "x,"),
        "line.po": ('msgid "', "x"),
        "line.jsonl": ('{"id": "', "x"),
    }[kind]
    with path.open("w") as stream:
        stream.write(begin)
        for _ in range(200):
            stream.write(piece * ((1 << 20) // len(piece)))
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True
    )
    error, megabytes = ran.stdout.rstrip().rpartition("\n")[::2]
    assert error.startswith("InputError"), ran.stdout
    assert int(megabytes) < 300


def test_full_or_closed_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Corpus("x", "zh", "en", (Segment("1", "a", ("b",)),), ("A",))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for name in ("a.tmx", "a.tsv", "a.jsonl", "a.xlsx", "a.csv", "a.xlf", "a.po", "a.xml"):
        (tmp_path / name).write_text("old")
        with pytest.raises(InputError, match="No space left"):
            write_corpus(corpus, tmp_path / name)
        assert (tmp_path / name).read_text() == "old"
        (tmp_path / name).unlink()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="cannot be written"):
        write_corpus(corpus, "/proc/x/a.tmx")


def test_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_text(HEAD + TAIL)
    with pytest.raises(NothingToEvaluateError):
        read_corpus(tmp_path / "a.tmx")


def test_a_packed_po_file_is_read_by_its_lines(tmp_path: Path) -> None:
    """Only LF ends a line there, too: U+2028 is text."""
    text = 'msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "甲\u2028乙"\nmsgstr "A\u2028B"\n'
    (tmp_path / "x.po").write_text(text, encoding="utf-8")
    (tmp_path / "x.po.gz").write_bytes(gzip.compress(text.encode()))
    plain, packed = read_corpus(tmp_path / "x.po"), read_corpus(tmp_path / "x.po.gz")
    assert plain.segments[0].source == "甲\u2028乙"
    assert plain.segments == packed.segments
