"""Nothing vanishes: the characters of a file are those of segments, columns, scores and the account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs import Corpus, read_corpus
from xindaya.pairs.account import LeftOut
from xindaya.pairs.formats.marot import COLUMNS
from xindaya.pairs.ratings import Ratings, read_ratings

WORD = st.text("abcéγδ，。x", min_size=1, max_size=5)
LINE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)


def characters(texts: Iterable[str | None]) -> Counter[str]:
    """Counts characters, white space apart."""
    return Counter(c for text in texts if text for c in text if not c.isspace())


def taken(corpus: Corpus) -> list[str | None]:
    segments = corpus.segments
    texts = [t for s in segments for t in (s.source, *s.references, *s.extra.values())]
    return [*texts, *(t for outputs in corpus.systems.values() for t in outputs)]


def left(items: Iterable[LeftOut]) -> list[str]:
    return [item.text for item in items]


@st.composite
def documents(
    draw: st.DrawFn,
) -> list[tuple[str, list[tuple[str, str, list[tuple[str, str]]]], str]]:
    """Documents of one or two ids, whose texts share names and may be in German; text beside them."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        ids = draw(st.lists(st.sampled_from("123"), min_size=1, max_size=3, unique=True))
        sides = [("src", 'lang="zh"'), ("hyp", 'lang="en" system="S"')]
        kinds = ('lang="en"', 'lang="en" translator="A"', 'lang="de" translator="A"', "")
        sides += [("ref", kind) for kind in draw(st.lists(st.sampled_from(kinds), max_size=4))]
        sides += [("src", 'lang="zh"')] * draw(st.integers(0, 1))
        texts = [(tag, about, [(i, draw(LINE)) for i in ids]) for tag, about in sides]
        made.append(
            (draw(st.sampled_from(("d", "e"))), texts, draw(st.sampled_from(("", "beside"))))
        )
    return made


@given(made=documents(), collections=st.booleans())
def test_wmt_xml(tmp_path_factory: pytest.TempPathFactory, made, collections: bool) -> None:
    path = tmp_path_factory.mktemp("wmt") / "t.xml"
    body = ""
    for n, (name, texts, beside) in enumerate(made):
        inner = "".join(
            f"<{tag} {about}>{beside}<p>"
            + "".join(f'<seg id="{i}">{escape(text)}</seg>{beside}' for i, text in rows)
            + f"</p></{tag}>{beside}"
            for tag, about, rows in texts
        )
        document = f"<doc id={quoteattr(name)}><title>{beside}</title>{inner}</doc>{beside}"
        body += f'<collection id="c{n % 2}">{document}</collection>' if collections else document
    path.write_text(f"<dataset>{body}</dataset>", "utf-8")
    corpus = read_corpus(path, source_lang="zh")
    about = Counter(c for s in corpus.segments for c in s.extra.get("doc:collection", ""))
    everything = [t for _, texts, _ in made for _, _, rows in texts for _, t in rows]
    everything += [
        beside for _, texts, beside in made for _, _, rows in texts for _ in range(2 + len(rows))
    ]
    everything += [beside for _, _, beside in made for _ in range(2)]
    found = characters([*taken(corpus), *left(corpus.left_out)])
    assert found - about == characters(everything)


ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "#.": LINE, "#": LINE, "#:": st.just("a.c:1"), "#,": st.sampled_from(("fuzzy", "c-format")),
        "#|": LINE, "msgctxt": LINE, "plural": LINE, "obsolete": st.just("#~ "),
    },
)  # fmt: skip


@given(
    entries=st.lists(st.tuples(ENTRY, LINE, LINE), min_size=1, max_size=4), last=st.none() | LINE
)
def test_po(tmp_path_factory: pytest.TempPathFactory, entries, last: str | None) -> None:
    path = tmp_path_factory.mktemp("po") / "t.po"
    lines = ['msgid "kept"', 'msgstr "ok"', ""]
    texts = ["kept", "ok"]
    for n, (about, source, target) in enumerate(entries):
        source = f"{source} {n}"
        mark = about.get("obsolete", "")
        for key in ("#", "#.", "#:", "#,"):
            if key in about and not mark:
                lines.append(f"{key} {about[key]}")
                texts.append(about[key])
        if "#|" in about and not mark:
            lines.append(f'#| msgid "{about["#|"]}"')
            texts.append(about["#|"])
        if "msgctxt" in about:
            lines.append(f'{mark}msgctxt "{about["msgctxt"]}"')
            texts.append(about["msgctxt"])
        lines.append(f'{mark}msgid "{source}"')
        if "plural" in about:
            lines += [f'{mark}msgid_plural "{about["plural"]}"', f'{mark}msgstr[0] "{target}"', ""]
            texts.append(about["plural"])
        else:
            lines += [f'{mark}msgstr "{target}"', ""]
        texts += [source, target]
    if last:
        lines.append(f"# {last}")
        texts.append(last)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    corpus = read_corpus(path, source_lang="zh")
    # A context that is unique is the id.
    ids = [
        s.id for s in corpus.segments if not s.id.startswith("u") and s.extra.get("context") is None
    ]
    assert characters([*taken(corpus), *left(corpus.left_out), *ids]) == characters(texts)


VALUES = st.none() | LINE | st.integers() | st.lists(LINE, max_size=2)


@given(
    rows=st.lists(
        st.tuples(LINE, st.lists(LINE, max_size=30), st.dictionaries(WORD, VALUES, max_size=2)),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_jsonl(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "t.jsonl"
    texts: list[str | None] = []
    with path.open("w", encoding="utf-8") as stream:
        for n, (source, references, others) in enumerate(rows):
            row = {**others, "id": str(n), "source": source, "references": references}
            stream.write(json.dumps(row) + "\n")
            texts += [source, *references]
            texts += [
                v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
                for v in others.values()
                if v is not None
            ]
    corpus = read_corpus(path, source_lang="zh")
    assert characters([*taken(corpus), *left(corpus.left_out)]) == characters(texts)


def rated(found: Ratings) -> list[str | None]:
    """Returns the texts and numbers that ratings hold."""
    texts: list[str | None] = []
    for system, own in found.segments.items():
        for segment, score in own.items():
            texts += [system, segment, None if score is None else f"{score:g}"]
    for error in found.errors:
        if not found.segments:
            texts += [error.system, error.segment]
        texts += [error.rater, error.metadata]
        if error.severity != "No-error":
            texts += [error.category, error.severity]
    if found.corpus:
        texts += [t for s in found.corpus.segments for t in (s.source,)]
        texts += [t for outputs in found.corpus.systems.values() for t in outputs]
    return [*texts, *left(found.left_out)]


SCORE = st.integers(0, 100)


@given(rows=st.lists(st.tuples(LINE, SCORE, LINE), min_size=2, max_size=5))
def test_tables_of_scores(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("table") / "t.tsv"
    lines = ["SYS\tSID\tRAW.SCR\tZ.SCR\tremark"]
    lines += [f"s\t{n}\t{raw}\t0.5\t{remark}" for n, (_, raw, remark) in enumerate(rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = read_ratings(path)
    assert found.measure == "Z.SCR"
    # The headings of the columns that are used name what is in `Ratings`.
    assert characters(rated(found)) + characters(["SYS", "SID", "Z.SCR"]) == characters(lines)


@given(
    rows=st.lists(
        st.tuples(LINE, st.sampled_from(("Accuracy", "")), st.sampled_from(("Major", "HOTW-test")), LINE),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_marot(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("marot") / "t.tsv"
    cells = [
        ("s", "d", "1", str(n), "r", "源文", target, category, severity, "{}", eleventh)
        for n, (target, category, severity, eleventh) in enumerate(rows)
    ]
    cells.append(("s", "d", "1", "9", "r", "源文", "fine", "", "", '{"note": "n"}', ""))
    head = "\t".join((*COLUMNS, "side"))
    path.write_text("\n".join([head, *map("\t".join, cells)]) + "\n", "utf-8")
    found = read_ratings(path, source_lang="zh", target_lang="en")
    errors = [e for e in found.errors if e.metadata]
    assert {json.loads(e.metadata)["side"] for e in errors} == {
        eleventh for _, _, severity, eleventh in rows if severity == "Major"
    }
    texts = [text for row in cells for text in (row[6], row[7], row[8])]
    said = [item.text for item in found.left_out]
    assert characters(texts) - characters([*rated(found), *said]) == Counter()


def assert_nothing_lost(found: Ratings, texts: Iterable[str | None]) -> None:
    """Asserts that every text is in the ratings or in the account; JSON adds marks of its own."""
    assert characters(texts) - characters(rated(found)) == Counter()


ITEM = st.sampled_from(("s1", "s2", "attention_check_1", "en-de_DE_#_n_#_D_#_0", "welcome"))
MODELS = st.dictionaries(st.sampled_from("MN"), st.none() | SCORE, min_size=1)


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("uv"), ITEM, MODELS, LINE, LINE, st.booleans(), st.booleans()),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_pearmut(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("pearmut") / "p.jsonl"
    made: list[object] = []
    texts: list[str | None] = []
    for user, item, scores, source, remark, marked, anew in rows:
        shown = {
            "item_id": item,
            "src": source,
            "tgt": {m: f"out {m}" for m in "MN"},
            "note": remark,
        }
        spans = [{"start_i": 0, "end_i": "missing", "severity": "minor", "category": remark}]
        by_model = {
            model: {"score": score, "error_spans": spans * marked, "textfield": remark}
            for model, score in scores.items()
        }
        made.append({"user_id": user, "item_i": 0, "annotation": [by_model], "item": [shown],
                     "actions": [{"time": len(made), "action": remark}]})  # fmt: skip
        texts += [
            remark,
            *(remark for _ in by_model),
            *(remark for _ in by_model if marked),
            remark,
        ]
        # Of several people's scores the mean is kept, and a note says so.
        alone = {other for other, name, *_ in rows if name == item} == {user}
        texts += [f"{score}" for score in scores.values() if alone and score is not None]
        if anew:
            made.append({"user_id": user, "annotation": "__RESET__"})
    # One that is always left, of another person.
    last = {"item_id": "s9", "src": "源", "tgt": {"M": "out"}}
    made.append({"user_id": "w", "item_i": 1, "annotation": [{"M": {"score": 1}}], "item": [last]})
    path.write_text("".join(json.dumps(row) + "\n" for row in made), "utf-8")
    found = read_ratings(path, source_lang="zh", target_lang="en")
    assert_nothing_lost(found, [*texts, "源", *(source for *_, source, _, _, _ in rows[:1])])


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(("TGT", "BAD")), st.sampled_from(("zho", "eng")), SCORE, LINE,
            st.sampled_from(("u", "v")),
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_appraise(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("appraise") / "a.csv"
    lines, texts = [], []
    for n, (kind, lang, score, category, user) in enumerate([*rows, ("TGT", "zho", 1, "x", "w")]):
        span = {"start_i": 0, "end_i": 1, "severity": "major", "category": category}
        spans = json.dumps([span], ensure_ascii=False)
        cells = (
            user,
            "M",
            "7",
            kind,
            lang,
            "eng",
            str(score),
            f"doc{n}",
            "False",
            spans,
            "0",
            str(n),
        )
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
        texts += [user, category, f"doc{n}"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert_nothing_lost(read_ratings(path, source_lang="zh", target_lang="en"), texts)


@given(
    rows=st.lists(st.tuples(LINE, LINE, SCORE, LINE, st.booleans()), min_size=1, max_size=4)
)  # fmt: skip
def test_json_of_wmt(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    folder = tmp_path_factory.mktemp("wmt")
    segments, judgements, predictions = [], [], []
    texts: list[str | None] = []
    for n, (source, target, score, beside, waves) in enumerate(rows):
        name = f"zh-en_#_news_#_D_#_{n}"
        span = {"start_i": 0, "end_i": 0, "severity": "minor", "category": beside}
        one = {"score": score, "annotator": "u", "errors": [span], "times": [1, 2]}
        given_ = {"human1": score, "errors1": [span], "annotator1": "u", "metric": 0.5}
        segments.append({"doc_id": name, "src_text": source, "tgt_text": {"M": target, "N": beside},
                         "scores": {"M": given_ if waves else [one]}, "video": beside})  # fmt: skip
        judgements.append({"langs": "zh-en", "line_id": n, "src": source, "tgt": target, "doc_id": "D",
                           "esa_score": score, "esa_spans": [span], "system": "M", "annotator": "u",
                           "domain": beside})  # fmt: skip
        predictions.append({"item_id": name, "task1_pred": {"M": {"errors": [span], "note": beside}},
                            "task2_pred": {"M": score}, "comment": beside})  # fmt: skip
        texts += [source, target, beside]
    for kind, content in (("s", segments), ("j", judgements), ("p", predictions)):
        path = folder / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in content), "utf-8")
        found = read_ratings(path, source_lang="zh", target_lang="en")
        own = texts if kind != "p" else [text for row in rows for text in (row[3], row[3])]
        assert_nothing_lost(found, own)
