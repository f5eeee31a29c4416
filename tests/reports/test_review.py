"""The exported workbook, read by an independent program."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation, Finding
from xindaya.pairs import Corpus, InputError, Segment, Termbase
from xindaya.reports.review import Review, review_workbook
from xindaya.reports.review.heights import TALLEST, height, lines
from xindaya.reports.review.model import Scoring
from xindaya.reports.review.shown import PART, cell, parts, same, shown
from xindaya.review.build import build_review, sampled, whole, worst_first

openpyxl = pytest.importorskip("openpyxl")

QUICK = Settings(metrics=("chrf",), test=None, confidence_samples=0, cache=False)

HOSTILE = {
    "formula": '=HYPERLINK("http://evil.example","click")',
    "link": "http://evil.example/",
    "number": "007",
    "plus": "+1+1",
    "at": "@SUM(A1)",
    "tab": "a\tb\nc\rd",
    "nul": "a\0b\x1b[31m",
    "bidi": "a\u202eb\u2066c\u200bd",
    "surrogate": "a\ud800b",
    "no character": "a\ufffeb\uffff",
    "escape": "a_x0041_b_x005F_c",
    "script": "</t></si><script>alert(1)</script>&amp;",
    "spaces": "  two  ",
    "empty": "",
}


def hostile_corpus() -> Corpus:
    segments = tuple(Segment(name, f"源{text}", (text,), "d\t1") for name, text in HOSTILE.items())
    return Corpus("h", "zh", "en", segments, ("A",), {"sys": tuple(HOSTILE.values())})


def evaluated(corpus: Corpus, termbase: Termbase | None = None) -> Evaluation:
    return evaluate(corpus, termbase=termbase, settings=QUICK)


def review_of(evaluation: Evaluation, system: str = "sys", **options: Any) -> Review:
    scoring = options.pop("scoring", Scoring())
    chosen = options.pop("chosen", None) or whole(evaluation.corpus)
    return build_review(evaluation, system, chosen, scoring, **options)


def opened(review: Review) -> Any:
    return openpyxl.load_workbook(io.BytesIO(review_workbook(review)))


@pytest.fixture(scope="module")
def hostile() -> Review:
    return review_of(evaluated(hostile_corpus()))


def table(sheet: Any) -> list[dict[str, str]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, (v or "" for v in row), strict=True)) for row in rows]


def test_no_cell_is_live(hostile: Review) -> None:
    content = review_workbook(hostile)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for one in row:
                assert one.data_type in ("s", "n"), one.coordinate
                assert one.value is None or isinstance(one.value, str), one.coordinate
                assert one.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            assert b"<f>" not in text
            assert b"<hyperlink" not in text
            assert b"externalLink" not in text


def test_hostile_texts_are_shown_and_not_hidden(hostile: Review) -> None:
    rows = {row["id"]: row for row in table(opened(hostile)["Review"])}
    assert rows["formula"]["target"] == HOSTILE["formula"]
    assert rows["number"]["target"] == "007"
    assert rows["tab"]["target"] == "a[TAB]b[LF]c[CR]d"
    assert rows["nul"]["target"] == "a[NUL]b[ESC][31m"
    assert rows["bidi"]["target"] == "a[RLO]b[LRI]c[ZWSP]d"
    assert rows["surrogate"]["target"] == "a[U+D800]b"
    assert rows["no character"]["target"] == "a[U+FFFE]b[U+FFFF]"
    assert rows["script"]["target"] == HOSTILE["script"]
    assert rows["spaces"]["target"] == "  two  "
    assert rows["empty"]["source"] == "源"
    assert rows["empty"]["target"] == ""
    assert {row["document"] for row in rows.values()} == {"d[TAB]1"}


def test_the_same_review_gives_the_same_bytes(hostile: Review) -> None:
    assert review_workbook(hostile) == review_workbook(review_of(evaluated(hostile_corpus())))


def test_checksums_are_of_the_true_text() -> None:
    # A tab and the letters [TAB] look the same in a cell.
    items = []
    for text in ("a\tb", "a[TAB]b"):
        corpus = Corpus("c", "zh", "en", (Segment("1", "甲", ("x",)),), ("A",), {"sys": (text,)})
        items += review_of(evaluated(corpus)).items
    assert cell(items[0].target) == cell(items[1].target)
    assert items[0].checksum != items[1].checksum


def test_a_long_text_is_whole_on_its_own_sheet() -> None:
    # 40,000 letters and 20,000 characters of two UTF-16 units each: three parts of 30,000 units.
    text = "".join(chr(ord("a") + k % 26) for k in range(40_000)) + "𠀀" * 20_000
    corpus = Corpus("c", "zh", "en", (Segment("1", "甲", ("x",)),), ("A",), {"sys": (text,)})
    book = opened(review_of(evaluated(corpus)))
    first = table(book["Review"])[0]["target"]
    assert first == text[:PART] + " … [continues on the sheet Long texts]"
    rows = table(book["Long texts"])
    assert [(r["id"], r["side"], r["part"]) for r in rows] == [
        ("1", "target", f"{n} of 3") for n in (1, 2, 3)
    ]
    assert "".join(r["text"] for r in rows) == text
    assert max(len(r["text"].encode("utf-16-le")) // 2 for r in rows) == PART


def test_without_long_texts_there_is_no_such_sheet(hostile: Review) -> None:
    names = ["Scorecard", "Review", "Errors", "Legend", "_meta"]
    assert opened(hostile).sheetnames == names


def test_sheets_are_protected_and_only_input_is_open(hostile: Review) -> None:
    book = opened(hostile)
    assert all(sheet.protection.sheet for sheet in book)
    assert book["_meta"].sheet_state == "veryHidden"
    review, errors = book["Review"], book["Errors"]
    locked = {review.cell(1, c.column).value: c.protection.locked for c in review[2]}
    assert [name for name, is_locked in locked.items() if not is_locked] == [
        "verdict", "category", "severity", "repeated", "revised text", "comment",
        "translator's reply", "arbitration",
    ]  # fmt: skip
    assert all(c.number_format == "@" for c in review[2] if not c.protection.locked)
    assert not any(c.protection.locked for c in errors[2])
    assert all(c.protection.locked for c in errors[1])
    for sheet in (review, errors):
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")


def test_drop_downs_offer_what_the_legend_explains(hostile: Review) -> None:
    book = opened(hostile)
    offered = {}
    for rule in book["Review"].data_validations.dataValidation:
        sheet, cells = rule.formula1.split("!")
        assert sheet == "Legend"
        first = str(rule.sqref).split(":")[0]
        column = book["Review"].cell(1, openpyxl.utils.cell.coordinate_to_tuple(first)[1]).value
        offered[column] = [row[0].value for row in book["Legend"][cells.replace("$", "")]]
    assert offered["verdict"] == ["accept", "fix", "reject", "not an error"]
    assert offered["severity"] == ["neutral", "minor", "major", "critical"]
    assert "Accuracy/Omission" in offered["category"]
    assert set(offered) == {"verdict", "category", "severity", "repeated", "arbitration"}
    ids = [r for r in book["Errors"].data_validations.dataValidation if "Review" in r.formula1]
    assert [r.formula1 for r in ids] == [f"Review!$A$2:$A${len(HOSTILE) + 1}"]


def test_a_hidden_reference_is_not_in_the_file() -> None:
    secret = "nobody may read this"
    corpus = Corpus("c", "zh", "en", (Segment("1", "甲", (secret,)),), ("A",), {"sys": ("x",)})
    evaluation = evaluated(corpus)
    for hide in (False, True):
        content = review_workbook(review_of(evaluation, reference=not hide))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = any(secret.encode() in archive.read(name) for name in archive.namelist())
        assert found is not hide


def test_flags_have_their_own_column(corpus: Corpus, termbase: Termbase) -> None:
    review = review_of(evaluated(corpus, termbase), "bad")
    rows = {row["id"]: row for row in table(opened(review)["Review"])}
    # The second output of "bad" is empty, and no rendering of 网信办 is in it.
    assert "• unresolved-term: 网信办" in rows["2"]["machine flags"]
    assert not any(rows[i][name] for i in rows for name in ("verdict", "category", "severity"))


def scorecard(review: Review) -> dict[str, str]:
    rows = opened(review)["Scorecard"].iter_rows(values_only=True)
    return {row[0]: row[1] or "" for row in rows if row[0]}


def test_the_scorecard_says_what_and_how(corpus: Corpus) -> None:
    evaluation = evaluated(corpus)
    scoring = Scoring(pass_mark=90, points=((1000.0, 10.0), (5000.0, 30.0)))
    card = scorecard(
        review_of(evaluation, "good", chosen=sampled(corpus, 2, seed=5), scoring=scoring)
    )
    assert card["System"] == "good"
    assert card["Sample"].startswith("2 of 4 segments, from 2 of 2 documents; ")
    assert card["Sample"].endswith("source characters")
    assert "seed 5" in card["How it was drawn"]
    assert "through (1000, 10) and (5000, 30)" in card["Tolerance"]
    assert "pass mark 90" in card["Threshold"]
    assert card["Accuracy/Omission"] == ""
    assert card["Reviewer"] == ""


def test_a_review_by_risk_says_that_it_gives_no_score(corpus: Corpus) -> None:
    evaluation = evaluated(corpus)
    card = scorecard(review_of(evaluation, "bad", chosen=worst_first(evaluation, "bad", 2)))
    assert "no PASS or FAIL" in card["Score"]
    assert not {"Tolerance", "Threshold", "Verdict", "Formulas"} & set(card)


def test_worst_first_takes_flagged_errors_then_the_lowest_scores() -> None:
    texts = ("The bank cut rates.", "Trade grew by a third.", "The law is in force.")
    segments = tuple(Segment(f"s{n}", f"第{n}句。", (t,)) for n, t in enumerate(texts))
    outputs = ("The bank cut rates.", "Trade shrank.", "The law is in effect.")
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"sys": outputs})
    evaluation = replace(evaluated(corpus), findings=())
    # Least in common with its reference: s1, then s2; s0 equals it.
    assert worst_first(evaluation, "sys", 1)[1] == ("s1",)
    assert worst_first(evaluation, "sys", 2)[1] == ("s1", "s2")
    found = Finding("1", "some", "sys", "s0", "Look here.", "error")
    assert worst_first(replace(evaluation, findings=(found,)), "sys", 1)[1] == ("s0",)
    elsewhere = replace(found, system="another")
    assert worst_first(replace(evaluation, findings=(elsewhere,)), "sys", 1)[1] == ("s1",)


def test_ids_that_look_alike_are_refused() -> None:
    segments = (Segment("a\t", "甲", ("x",)), Segment("a[TAB]", "乙", ("x",)))
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"sys": ("x", "y")})
    with pytest.raises(InputError, match="two ids shown as"):
        review_of(evaluated(corpus))


def test_a_name_that_no_cell_holds_is_refused() -> None:
    segments = (Segment("i" * 40_000, "甲", ("x",)),)
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"sys": ("x",)})
    with pytest.raises(InputError, match="40,000 UTF-16 units; expected at most 32,767"):
        review_workbook(review_of(evaluated(corpus)))


def test_parts_count_utf16_units() -> None:
    assert parts("") == [""]
    assert parts("a" * PART) == ["a" * PART]
    assert list(map(len, parts("a" * (PART + 1)))) == [PART, 1]
    assert list(map(len, parts("𠀀" * PART))) == [PART // 2, PART // 2]
    assert list(map(len, parts("a" + "𠀀" * PART))) == [PART // 2, PART // 2, 1]


def test_shown_texts_are_compared_as_programs_leave_them() -> None:
    assert same("a", "a")
    assert not same("a", "b")
    assert same("x_x0041_", "xA")  # a program that does not write the escape of the escape
    assert shown("\ufffe") == "[U+FFFE]"


def test_rows_are_as_tall_as_their_text() -> None:
    assert lines("", 10) == 1
    assert lines("a\nb", 10) == 2
    assert lines("字" * 50, 20) > lines("a" * 50, 20) > 1
    assert height([("a", 10)]) == 15
    assert height([("a" * 100_000, 10)]) == TALLEST
