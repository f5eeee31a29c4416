"""Reading human scores: every known form, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from xindaya.pairs import InputError, NothingToEvaluateError, UsageError
from xindaya.pairs.ratings import orientation, read_ratings


@pytest.fixture
def write(tmp_path: Path):
    def put(text: str, name: str = "human.tsv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return put


def test_wmt_averages_mix_tabs_and_blanks(write):
    path = write("system mqm_avg_score seg_id\na\tNone 1\na\t-5.000000 2\nb\t-0.0 1\nb\t-1 2\n")
    found = read_ratings(path)
    assert (found.kind, found.measure, found.system_names) == (
        "segments",
        "mqm_avg_score",
        ("a", "b"),
    )
    assert found.segments == {"a": {"1": None, "2": -5.0}, "b": {"1": 0.0, "2": -1.0}}


def test_direct_assessment_of_systems_prefers_z(write):
    path = write(
        "RAW.SCR Z.SCR N SYS N.ALL \n70.5 -0.02 3 A.6 4 \n71 0.5 3 HUMAN-B.12 4 \n", "da.csv"
    )
    found = read_ratings(path)
    assert (found.kind, found.measure) == ("systems", "Z.SCR")
    assert found.systems == {"A.6": -0.02, "HUMAN-B.12": 0.5}
    assert read_ratings(path, column="raw.scr").systems["A.6"] == 70.5
    assert read_ratings(path, kind="da").systems == found.systems


def test_judgements_of_several_people_are_averaged(write):
    path = write("sys\tsegment_id\tz\nx\ts1\t0.5\nx\ts1\t-0.25\nx\ts2\tNA\n")
    found = read_ratings(path)
    assert found.segments == {"x": {"s1": 0.125, "s2": None}}
    assert found.notes == ("1 repeated judgements are averaged with the first",)


def test_headless_scores_of_segments_and_systems(write):
    found = read_ratings(write("a\t1.5\na\tNone\nb\t2\nb\t3\n"))
    assert found.ordered
    assert found.segments == {"a": {"1": 1.5, "2": None}, "b": {"1": 2.0, "2": 3.0}}
    found = read_ratings(write("a\t1.5\nb\t2\n"))
    assert (found.kind, found.systems) == ("systems", {"a": 1.5, "b": 2.0})
    assert read_ratings(write("a\t1.5\nb\t2\n"), kind="segments").segments["b"] == {"1": 2.0}


def test_csv_with_quotes_and_an_unknown_name_of_the_scores(write):
    found = read_ratings(write('System,adequacy\n"A, the first",3\nB,4.5\n', "s.csv"))
    assert (found.measure, found.systems) == ("adequacy", {"A, the first": 3.0, "B": 4.5})


def test_mqm_errors_keep_texts_and_spans(write):
    header = "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n"
    rows = (
        "a\td\t1\t7\tr1\t源\tbad <v>word</v>\tTerminology/X\tMajor\n"
        "b\td\t1\t7\tr1\t源\tfine\tNo-error\tNo-error\n"
    )
    found = read_ratings(write(header + rows))
    assert (found.kind, found.system_names, len(found.errors)) == ("mqm", ("a", "b"), 2)
    assert found.errors[0].target_spans == ((4, 8),)
    with pytest.raises(InputError, match="found MQM errors; expected scores of kind 'systems'"):
        read_ratings(write(header + rows), kind="systems")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("system\tseg_id\tscore\na\t1\tgood\n", r"line 2: found the score 'good'"),
        ("system\tseg_id\tscore\na\t1\tinf\n", r"line 2: found the score 'inf'"),
        ("system\tseg_id\tscore\na\t1\t2\na\t1\t3\n", r"line 3: found 'a' on segment '1' twice"),
        ("system\tscore\na\t2\na\t3\n", r"line 3: found 'a' twice.*\n.*column of segments"),
        ("system\tseg_id\tscore\na\t1\n", r"line 2: found 2 fields"),
        ("name\tseg_id\tscore\na\t1\t2\n", r"line 1: found the columns 'name', 'seg_id', 'score'"),
        ("system\tx\ty\na\t1\t2\n", r"found 2 columns that could be scores"),
        ("a\t1\na\t2\nb\t1\n", r"found 1 scores of 'b' and 2 of 'a'"),
        ('system,score\n"a,1\n', r"line 2: found broken CSV"),
    ],
)
def test_what_is_refused(write, text, message):
    with pytest.raises(InputError, match=message):
        read_ratings(write(text))


def test_hostile_cells_are_shown_escaped(write):
    with pytest.raises(InputError) as caught:
        read_ratings(write("system\tseg_id\tscore\na\t1\t\x1b[31m\u202e\n"))
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


def test_only_a_line_feed_ends_a_row(write):
    assert read_ratings(write("system\tscore\na\u2028b\t1\n")).systems == {"a\u2028b": 1.0}


def test_empty_files_and_kinds_that_do_not_fit(write, tmp_path):
    with pytest.raises(NothingToEvaluateError):
        read_ratings(write("\n"))
    with pytest.raises(NothingToEvaluateError):
        read_ratings(write("system\tscore\n"))
    with pytest.raises(NothingToEvaluateError):
        read_ratings(write("system\tscore\na\tNone\n"))
    with pytest.raises(InputError, match="without the columns of MQM errors"):
        read_ratings(write("system\tscore\na\t1\n"), kind="mqm")
    with pytest.raises(InputError, match="raw or z scores"):
        read_ratings(write("system\tscore\na\t1\n"), kind="da")
    with pytest.raises(InputError, match="scores of systems; expected scores of segments"):
        read_ratings(write("system\tscore\na\t1\n"), kind="segments")
    with pytest.raises(InputError, match="no column 'z'"):
        read_ratings(write("system\tscore\na\t1\n"), column="z")
    with pytest.raises(InputError, match="no such file"):
        read_ratings(tmp_path / "absent.tsv")


def test_orientation():
    assert orientation([-5, 0, -1], "mqm_avg_score")[0]
    assert not orientation([5, 0, 1], "score", "zhen.mqm.seg.score")[0]
    assert orientation([-1, -0.5], "Z.SCR")[0]
    with pytest.raises(UsageError, match="both signs, from -1 to 2"):
        orientation([-1, 2], "mqm")


def test_real_files(data: Path):
    found = read_ratings(data / "wmt21-zhen-mqm" / "mqm_newstest2021_zhen.avg_seg_scores.tsv")
    assert len(found.system_names) == 15
    assert {len(own) for own in found.segments.values()} == {1948}
    # 650 of 1,948 segments were rated (Freitag et al. 2021, WMT21 metrics task).
    assert {sum(x is not None for x in own.values()) for own in found.segments.values()} == {650}
    found = read_ratings(data / "wmt22-zhen" / "human-da-system-scores.csv")
    assert found.systems["HUMAN-B.12"] == 0.133807529709882


@pytest.mark.parametrize(
    "cell", ["1_0", "１２", "٣", "1e308", "1e999", "inf", "0x10", "1,5", "=1+1"]
)
def test_only_plain_numbers_are_scores(write, cell):
    with pytest.raises(InputError, match="line 2: found the score"):
        read_ratings(write(f"system\tseg_id\tscore\na\t1\t{cell}\n"))


def test_a_column_that_stands_twice_is_refused(write):
    with pytest.raises(InputError, match="two columns"):
        read_ratings(write("system\tseg_id\tscore\tScore\na\t1\t1\t2\n"))


def test_segments_that_each_document_counts_are_told_apart(write):
    # Averaged over documents, these would be one judgement of segment 3.
    path = write("system\tdoc\tseg_id\tz\na\tx\t3\t1\na\ty\t3\t2\nb\tx\t3\t0\nb\ty\t3\t5\n")
    found = read_ratings(path)
    assert found.segments == {"a": {"x:3": 1, "y:3": 2}, "b": {"x:3": 0, "y:3": 5}}
    assert found.notes == ()
    path = write("system\tdoc\tseg_id\tz\na\tx\t3\t1\na\ty\t4\t2\n")
    assert read_ratings(path).segments == {"a": {"3": 1, "4": 2}}


@pytest.mark.parametrize("text", ["system\tseg\tscore\na\t1\tNone\n", "a\tNone\na\tNone\n"])
def test_a_file_without_a_score_is_nothing_to_evaluate(write, text):
    with pytest.raises(NothingToEvaluateError, match=r"no (segment|score|system)"):
        read_ratings(write(text))


def test_too_many_rows_are_refused(write, monkeypatch):
    monkeypatch.setattr("xindaya.pairs.ratings.table.MAX_ROWS", 3)
    read_ratings(write("system\tseg\tscore\n" + "".join(f"a\t{n}\t1\n" for n in range(3))))
    with pytest.raises(InputError, match="line 5: found over 3 rows"):
        read_ratings(write("system\tseg\tscore\n" + "".join(f"a\t{n}\t1\n" for n in range(4))))


@pytest.mark.parametrize("encoding", ["nonsense", "base64", "idna", "punycode", "undefined"])
def test_an_encoding_that_is_none_is_an_input_error(write, encoding):
    path = write("system\tseg\tscore\na\t1\t1\n名\t1\t1\n")
    with pytest.raises(InputError):
        read_ratings(path, encoding=encoding)
