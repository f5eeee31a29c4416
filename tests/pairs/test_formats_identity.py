"""Whatever a format accepts comes back as it was; whatever it cannot carry is refused by name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xindaya.pairs import Corpus, InputError, Segment
from xindaya.pairs.formats import (
    MqmError,
    read_corpus,
    read_marot,
    tmx,
    tmx_writer,
    write_corpus,
    write_marot,
    xml_stream,
)
from xindaya.pairs.formats.records import Record
from xindaya.pairs.formats.registry import FORMATS, WRITABLE
from xindaya.pairs.formats.tmx import TmxReader
from xindaya.pairs.formats.tmx_writer import write_tmx_records

HOSTILE = st.sampled_from(
    ["=1+1", "＝1", "'=x", "+a", "-b", "@c", "'", '"', ",", ";", "\ta", "a\nb", "\r", "a\r\nb", "\r\n",
     "<b>&amp;</b>", "]]>", "&lt;", "<!-- -->", "_x0041_", "_x005F_", "⟦1⟧", "⟦/1⟧", "{", "\u2028",
     "\x85", "\u202e", "\ufeff", "\u3000", " ", "  a  ", "\\n", "\\", "\\\"", "NA", "007", "1.50", "𠮷",
     "e\u0301", "#", "msgid", "<v>", "\x0b", "\x1f", "\x7f", "\ufffe", "\ue000", "😀", "null"]
)  # fmt: skip
PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
TEXT = st.lists(HOSTILE | PLAIN, max_size=3).map("".join)
WORD = st.text("abcXYZ-é中_&<\"'= ", min_size=1, max_size=6).filter(lambda t: t == t.strip())
PLAIN_WORD = st.text("abcXYZé中", min_size=1, max_size=6)
EXTRA = {"note": TEXT, "state": WORD, "display:source": TEXT, "translator": WORD, "Column": TEXT,
         "prop:x": TEXT, "tu:changedate": WORD, "lang:target": st.just("en-GB")}  # fmt: skip
BILINGUAL = ("xliff", "xliff2", "po")
ENDINGS = {
    "folder": "",
    "text": "",
    "xliff": ".xlf",
    "xliff2": ".xlf",
    "wmt": ".xml",
    "marot": ".tsv",
}


@st.composite
def corpora(draw: st.DrawFn, kind: str) -> Corpus:
    holds = FORMATS[kind].holds
    count = draw(st.integers(1, 4))
    ids = [str(n) for n in range(1, count + 1)]
    if holds.ids:
        ids = draw(st.lists(WORD, min_size=count, max_size=count, unique=True))
    many = holds.many and kind != "marot"
    references = draw(st.lists(PLAIN_WORD, min_size=1, max_size=3, unique=True)) if many else ["A"]
    names = draw(st.lists(PLAIN_WORD, max_size=2, unique=True)) if many else []
    if kind == "marot":
        names = names or ["sys"]
    source = TEXT.filter(bool) if kind == "po" else TEXT
    missing = kind not in ("tmx", "po") and holds.missing
    text = TEXT | st.none() if missing else TEXT
    segments = []
    documents = draw(st.lists(WORD, min_size=2, max_size=2, unique=True))
    for position, identifier in enumerate(ids):
        extra = {k: draw(s) for k, s in EXTRA.items() if holds.column(k) and draw(st.booleans())}
        if kind == "xliff2" and "state" in extra:
            extra["state"] = "final"
        if kind == "po":
            extra = {}
        segments.append(
            Segment(
                identifier,
                draw(source),
                # The first has all, since WMT XML knows a reference by its texts only.
                tuple(draw(text if position else TEXT) for _ in references),
                documents[position // 2] if holds.documents else "x",
                "d" if holds.domain and position >= 2 else "",
                {k: v for k, v in extra.items() if v},
            )
        )
    systems = {n: tuple(draw(TEXT) for _ in segments) for n in names}
    return Corpus("x", "zh", "en", tuple(segments), tuple(references), systems)


def known(kind: str, segment: Segment) -> Segment:
    """Takes out what only says again what the text says."""
    extra = dict(segment.extra)
    if kind in ("tmx", "xliff", "xliff2") and "display:source" in extra:
        # Written as tags only if it is the text with placeholders.
        del extra["display:source"]
    for name in ("state", "state-qualifier"):
        if kind.startswith("xliff") and segment.references == (None,):
            extra.pop(name, None)
    return Segment(
        segment.id, segment.source, segment.references, segment.document, segment.domain, extra
    )


def refused(corpus: Corpus, path: Path, message: str) -> None:
    """Only a text that a format cannot carry is refused, and nothing is left."""
    texts = [t for s in corpus.segments for t in (s.source, *s.references, *s.extra.values()) if t]
    texts += [t for outputs in corpus.systems.values() for t in outputs]
    hard = ("<v>", "</v>", "\ufffe", "\uffff")
    found = [t for t in texts if any(h in t for h in hard) or any(ord(c) < 32 for c in t)]
    assert found, message
    assert path.suffix != ".jsonl"
    assert not path.exists() or not path.is_file()


@pytest.mark.parametrize("kind", WRITABLE)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_write_then_read_is_identity(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    corpus = data.draw(corpora(kind))
    path = tmp_path_factory.mktemp("id") / f"x{ENDINGS.get(kind, f'.{kind}')}"
    try:
        write_corpus(corpus, path, format=kind)
    except InputError as error:
        refused(corpus, path, str(error))
        return
    again = read_corpus(path, format=kind, source_lang="zh")  # random texts tell no direction
    if kind == "text":
        assert {n: again.reference(n) for n in again.reference_names} == {
            n: corpus.reference(n) for n in corpus.reference_names
        }
        assert [s.source for s in again.segments] == [s.source for s in corpus.segments]
    elif kind == "po":
        assert [(s.id, s.source, s.references) for s in again.segments] == [
            (s.id, s.source, tuple(t or None for t in s.references)) for s in corpus.segments
        ]
    elif kind == "marot":
        assert [(s.id, s.source, s.document) for s in again.segments] == [
            (s.id, s.source, s.document) for s in corpus.segments
        ]
    else:
        strip = kind == "folder"
        assert [known(kind, s) for s in again.segments] == [
            known(kind, Segment(s.id, s.source, s.references, s.document, s.domain) if strip else s)
            for s in corpus.segments
        ]
    assert dict(again.systems) == dict(corpus.systems)
    if kind not in ("po", "marot", "text", "wmt"):
        assert again.reference_names == corpus.reference_names
        assert again.sha256 == corpus.sha256


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("tmx", "a\x01b"), ("tmx", "\ufffe"), ("tmx", "\ud800"), ("xliff", "\x0b"), ("wmt", "\x1f"),
        ("xliff2", "\ud800"), ("csv", "\0"), ("xlsx", "\ud800"), ("xlsx", "x" * 40_000),
        ("tsv", "a\tb"), ("tsv", "\0"), ("po", "a\rb"), ("marot", "a<v>b"), ("marot", "a\nb"),
        ("text", "a\nb"), ("jsonl", "\ud800"), ("tsv", "\udfff"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_is_refused_by_name(tmp_path: Path, kind: str, text: str) -> None:
    segments = (Segment("seg-1", "好", ("fine",), "d"), Segment("seg-2", text, ("x",), "d"))
    corpus = Corpus("x", "zh", "en", segments, ("A",), {"s": ("a", "b")})
    target = tmp_path / f"x{ENDINGS.get(kind, f'.{kind}')}"
    if kind != "text":
        target.write_text("old")
    with pytest.raises(InputError, match=r"seg-2|line 2"):
        write_corpus(corpus, target, format=kind)
    if kind != "text":
        assert [f.name for f in tmp_path.iterdir()] == [target.name]
        assert target.read_text() == "old"


def test_ratings_come_back(tmp_path: Path) -> None:
    segments = (
        Segment("1", "国家网信办", ("The CAC", None), "d", extra={"docSegId": "7"}),
        Segment("2", "你好", ("Hello", "Hi"), "d"),
    )
    corpus = Corpus("r", "zh", "en", segments, ("A", "B"), {"s": ("The office", "Hi")})
    errors = [
        MqmError("s", "1", "r1", "Terminology", "Major", ((0, 2),), ((4, 10),), '{"note": "n"}'),
        MqmError("s", "1", "r2", "No-error", "No-error"),
    ]
    write_marot(corpus, tmp_path / "r.tsv", errors)
    text = (tmp_path / "r.tsv").read_text("utf-8")
    assert "<v>国家</v>网信办\tThe <v>office</v>\tTerminology\tMajor" in text
    again, ratings = read_marot(tmp_path / "r.tsv")
    assert ratings == errors
    assert again == corpus


UNITS = (
    '<tu tuid="{n}"><tuv xml:lang="zh"><seg>中{n}</seg></tuv><tuv xml:lang="en"><seg>c</seg></tuv></tu>',
    (
        '<tu tuid="{n}"><note>x</note><tuv xml:lang="zh"><seg>中</seg></tuv>'
        '<tuv xml:lang="en"><seg>c</seg></tuv></tu>'
    ),
    '<tu><tuv xml:lang="zh"><seg>中</seg></tuv><tuv xml:lang="en"><seg>c</seg></tuv></tu>',
    '<tu tuid="{n}"><tuv xml:lang="en"><seg>e</seg></tuv><tuv xml:lang="zh"><seg>中</seg></tuv></tu>',
    '<tu tuid="{n}"><tuv xml:lang="zh"><seg>a=b</seg></tuv><tuv xml:lang="en"><seg>="</seg></tuv></tu>',
    '<tu tuid="{n}"><tuv xml:lang="zh"><seg>a</seg></tuv><tuv xml:lang="en"><seg></seg></tuv></tu>',
    '<tu tuid="{n}"><tuv xml:lang="zh"><seg>a<!--x-->b</seg></tuv><tuv xml:lang="en"/></tu>',
    '<tu tuid="{n}"><tuv xml:lang="zh"><seg>a</seg></tuv></tu>',
    (
        '<tu tuid="{n}"><tuv xml:lang="zh"><seg>1</seg></tuv><tuv xml:lang="en"><seg>2</seg></tuv>'
        '<tuv xml:lang="en"><seg>3</seg></tuv></tu>'
    ),
    (
        '<tu tuid="{n}"><tuv xml:lang="zh"><seg>a<ph x="1">b</ph>c</seg></tuv>'
        '<tuv xml:lang="en"><seg>d</seg></tuv></tu>'
    ),
    (
        '<tu tuid="{n}"><tuv xml:lang="zh"><seg>a<![CDATA[<b>]]></seg></tuv>'
        '<tuv xml:lang="en" changeid = "x"><seg>d</seg></tuv></tu>'
    ),
    (
        '<tu changedate="2026{n}" tuid="{n}&amp;&lt;"><prop type="client">A&amp;B</prop><prop type="k"/>'
        '<note>n</note><tuv xml:lang="zh" creationid="{n}"><seg><bpt i="1" x="1">&lt;b></bpt>中'
        '<ept i="1"></ept></seg></tuv><tuv xml:lang="en-US"><prop type="x-document">d</prop>'
        "<seg>a<ph x='2'/>b</seg></tuv></tu>"
    ),
    (
        '<tu tuid="{n}" changeid="t"><tuv xml:lang="zh"><seg></seg></tuv><tuv xml:lang="en">'
        '<seg>a<ph type="lb"/>b</seg></tuv><tuv xml:lang="en-GB"><seg>c<ph>x</ph></seg></tuv></tu>'
    ),
    (
        '<tu tuid="{n}"><tuv xml:lang="en"><seg>a<hi x="1">b</hi><ph x="2">k<sub>s</sub></ph></seg></tuv>'
        '<tuv xml:lang="zh"><seg><it pos="begin" x="3"/>中&#13;</seg></tuv></tu>'
    ),
    (
        '<tu tuid="{n}"><tuv xml:lang="zh"><seg><ph x="1"/></seg></tuv>'
        '<tuv xml:lang="en"><seg> </seg></tuv></tu>'
    ),
    (
        '<tu tuid="{n}"><tuv xml:lang="zh"><prop type="x-side">reference:Q</prop><seg>1</seg></tuv>'
        '<tuv xml:lang="en"><prop type="x-side">reference:Q</prop><seg>2</seg></tuv>stray</tu>'
    ),
    (
        '<tu tuid="{n}" srclang="*all*"><tuv lang="zh"><seg>a</seg></tuv>'
        '<tuv xml:lang="fr"><seg>d</seg></tuv></tu>'
    ),
)


def without_segment(unit: str) -> str:
    return unit.replace("<seg></seg>", "<seg/>").replace('"en"/>', '"en"><seg/></tuv>')


@settings(deadline=None, max_examples=300)
@example([UNITS[0], UNITS[0], UNITS[8]], 68, "")
@given(
    st.lists(st.sampled_from(UNITS[:1] * 5 + UNITS), min_size=1, max_size=40),
    st.integers(40, 1200),
    st.sampled_from(["", "\n", "  "]),
)
def test_units_taken_by_the_hundred_are_those_walked_one_by_one(
    units: list[str], chunk: int, gap: str
) -> None:
    body = gap.join(without_segment(u).format(n=f"i{n % 30}") for n, u in enumerate(units))
    text = f'<?xml version="1.0"?><tmx version="1.4"><header/><body>{body}</body></tmx>'
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "a.tmx"
        path.write_text(text, "utf-8")
        patch.setattr(xml_stream, "CHUNK", chunk)
        reader = TmxReader(path)
        taken = list(reader)
        patch.setattr(tmx, "rows_of", lambda *_: None)
        walker = TmxReader(path)
        assert [shown(r) for r in walker] == [shown(r) for r in taken]
        assert walker.notes() == reader.notes()
        assert walker.left_out == reader.left_out


UNIT_OF_TWO = (
    '<tu tuid="{n}"><tuv xml:lang="zh"><seg>中 &amp; {n}</seg></tuv>'
    '<tuv xml:lang="en"><seg>a<ph x="1"/>b</seg></tuv></tu>'
)


@pytest.mark.parametrize("chunk", [1, 97, 1 << 16])
@pytest.mark.parametrize(
    "respelled",
    [
        lambda text: text.encode(),
        lambda text: text.replace('"', "'").encode(),
        lambda text: text.replace("<tuv xml", "<tuv\n  xml").replace("/>", " />").encode(),
        lambda text: text.replace("</seg>", "]]></seg>").replace("<seg>a", "<seg><![CDATA[a]]>")
        .replace("<seg>中 &amp; ", "<seg><![CDATA[中 & ").replace("b]]>", "b").encode(),
        lambda text: text.replace("</tu>", "</tu ><!-- </tu></body> --><?p </body>?>\r\n").encode(),
        lambda text: text.replace("中", "&#x4e2d;").encode("latin-1"),
        lambda text: text.replace("1.0'", "1.0' encoding='utf-16'").encode("utf-16"),
        lambda text: ("\ufeff" + text.replace("</body>", "<!-- <tu> --></body>")).encode(),
        lambda text: re.sub(r"(</?)(?=[a-z])", r"\1t:", text).replace("<t:tmx", "<t:tmx xmlns:t='u'")
        .encode(),
    ],
)  # fmt: skip
def test_a_memory_is_read_however_it_is_spelled(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
    respelled: Callable[[str], bytes],
) -> None:
    monkeypatch.setattr(xml_stream, "CHUNK", chunk)
    units = "".join(UNIT_OF_TWO.format(n=f"u{n}") for n in range(5))
    text = f"<?xml version='1.0'?><tmx version='1.4'><header/><body>{units}</body></tmx>"
    (tmp_path / "a.tmx").write_bytes(respelled(text))
    reader = TmxReader(tmp_path / "a.tmx")
    found = [(r.id, r.source, r.references, dict(r.extra)) for r in reader]
    extra = {"display:reference:A": "a⟦1/⟧b"}
    assert found == [(f"u{n}", f"中 & u{n}", {"A": "ab"}, extra) for n in range(5)]
    assert not reader.left_out


def test_lines_and_texts_around_the_body(tmp_path: Path) -> None:
    units = "\n".join(UNIT_OF_TWO.format(n=n) for n in range(3))
    text = f"<tmx><header/>\nabove\n<body>\n{units}between</body>\n<x>below</x>\nend</tmx>"
    (tmp_path / "a.tmx").write_text(text, "utf-8")
    reader = TmxReader(tmp_path / "a.tmx")
    assert len(list(reader)) == 3
    # Text that has no element of its own is called by the line of the one it stands in.
    assert [(o.place, o.text) for o in reader.left_out] == [
        ("line 1", "\nabove\n"), ("line 6", "between"), ("line 7", "below"), ("line 6", "\nend"),
    ]  # fmt: skip


def shown(record: Record) -> tuple[object, ...]:
    head = record.id, record.source, record.document, record.references
    return *head, list(record.extra.items())


MARKUP = st.sampled_from(
    [
        "⟦1⟧",
        "⟦/1⟧",
        "⟦2/⟧",
        '⟦"&/⟧',
        "⟦",
        "中",
        "a&b",
        '"',
        "<",
        "\r",
        "\t",
        "]]>",
        "%b",
        "\ue000",
        " ",
    ]
)
EXTRAS = ["note", "note#2", "prop:k", "tu:changedate", "translator", "lang:target", "k", "%"]
MIXED = st.lists(MARKUP, max_size=6).map("".join)
UNIT = st.tuples(
    MIXED,
    MIXED,
    st.dictionaries(st.sampled_from(EXTRAS), MIXED, max_size=3),
    st.sampled_from(["", "d"]),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(UNIT, min_size=1, max_size=6))
def test_units_written_by_the_hundred_are_those_written_one_by_one(
    units: list[tuple[str, str, dict[str, str], str]],
) -> None:
    records = []
    for n, (*shown, extra, document) in enumerate(units):
        source, target = (re.sub(r"⟦/?[^⟦⟧/\s]+/?⟧", "", text) for text in shown)
        sides = zip(("display:source", "display:reference:A"), shown, strict=True)
        columns = extra | {side: text for side, text in sides if "⟦" in text}
        segment = f'u{n}"' if document else f"u{n}"
        records.append(Record(segment, None, source, document, "", {"A": target}, {}, columns))
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("a", "b"):
            write_tmx_records(records, Path(folder) / name)
            patch.setattr(tmx_writer, "_is_simple", lambda _: False)
        assert (Path(folder) / "a").read_bytes() == (Path(folder) / "b").read_bytes()


@pytest.mark.parametrize("text", ["\1x\2", "a\0b", "\ud800", "\uffff"])
@pytest.mark.parametrize("column", ["display:source", "note"])
def test_what_xml_cannot_carry_is_no_markup(tmp_path: Path, text: str, column: str) -> None:
    extra = {column: f"⟦1/⟧{text}"} if column != "note" else {column: "x"}
    with pytest.raises(InputError, match="segment 'u'"):
        write_tmx_records(
            [Record("u", None, text, references={"A": "b"}, extra=extra)], tmp_path / "a"
        )
    assert not list(tmp_path.iterdir())
