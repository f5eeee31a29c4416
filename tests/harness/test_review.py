"""A review goes out, is edited and saved by other programs, and comes back."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from xindaya import Settings, evaluate, save_run
from xindaya.cli import invoke as run
from xindaya.metrics import Evaluation
from xindaya.metrics.acceptance import acceptance_plan
from xindaya.pairs import Corpus, InputError, NothingToEvaluateError, Segment, UsageError
from xindaya.reports.review import Outcome, outcome_workbook, review_workbook
from xindaya.reports.review.machine import outcome_json
from xindaya.reports.review.model import Acceptance, Scoring
from xindaya.reports.review.outcome import Decision, Inspection
from xindaya.reports.review.text import outcome_text
from xindaya.review.acceptance import agreed
from xindaya.review.build import Chosen, build_review, sampled, whole, worst_first
from xindaya.review.categories import CATEGORY_SETS
from xindaya.review.marot import write_outcome_marot
from xindaya.review.outputs import write_review
from xindaya.review.read import read_outcome

openpyxl = pytest.importorskip("openpyxl")

QUICK = Settings(metrics=("chrf",), test=None, confidence_samples=0, cache=False)
HOSTILE = (
    '=HYPERLINK("http://evil.example","click")', "a\tb\nc\0d\u202ee", "a\ud800\ufffe", "007",
    "a_x0041_b", "  spaces  ", "x" * 40_000, "</t><script>",
)  # fmt: skip

Edits = Mapping[str, Any]
"""Cell address such as ``Review!G2`` to what a person types there."""


def small() -> Corpus:
    """Four segments of 100 source characters, in two documents."""
    segments = tuple(
        Segment(f"s{n}", zh * 100, (f"Reference {n}.",), "d1" if n < 3 else "d2")
        for n, zh in enumerate("甲乙丙丁", 1)
    )
    outputs = tuple(f"The translated text number {n}." for n in (1, 2, 3, 4))
    return Corpus("small", "zh", "en", segments, ("A",), {"sys": outputs, "other": outputs})


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate(small(), settings=QUICK)


def exported(
    evaluation: Evaluation,
    path: Path,
    *,
    scoring: Scoring | None = None,
    chosen: Chosen | None = None,
    system: str = "sys",
) -> Path:
    chosen = chosen or whole(evaluation.corpus)
    scoring = scoring or Scoring(least=1)
    path.write_bytes(review_workbook(build_review(evaluation, system, chosen, scoring)))
    return path


def edit(path: Path, edits: Edits, change: Callable[[Any], None] | None = None) -> Path:
    book = openpyxl.load_workbook(path)
    for address, value in edits.items():
        sheet, cell = address.split("!")
        book[sheet][cell].value = value
    if change is not None:
        change(book)
    book.save(path)
    return path


# Columns of Review: G verdict, H category, I severity, J repeated, K revised text, L comment,
# M translator's reply, N arbitration; of Errors: A id, B span, C category, D severity, E repeated,
# F comment, G translator's reply, H arbitration.
ACCEPTED = {f"Review!G{row}": "accept" for row in (2, 3, 4, 5)}
FILLED = ACCEPTED | {
    "Scorecard!B15": "李",
    "Review!G2": " Fix", "Review!H2": "accuracy/mistranslation", "Review!I2": "MAJOR",
    "Review!K2": "A better text.", "Review!L2": "术语\n=1+1", "Review!M2": "disagreed",
    "Review!N2": "upheld",
    "Review!G3": "not an error", "Review!H3": "Style/Awkward", "Review!I3": "minor",
    "Errors!A2": "s2", "Errors!B2": "translated text", "Errors!C2": "Accuracy/Omission",
    "Errors!D2": "minor", "Errors!F2": "=first",
    "Errors!A4": "s4", "Errors!C4": "Accuracy/Omission", "Errors!D4": "minor", "Errors!E4": "yes",
    "Errors!A5": "s4", "Errors!C5": "Other", "Errors!D5": "neutral",
    "Errors!A6": "s4", "Errors!C6": "Other", "Errors!D6": "critical", "Errors!H6": "withdrawn",
}  # fmt: skip


def test_the_reviewer_cell_is_where_the_tests_think(evaluation: Evaluation, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(evaluation, tmp_path / "r.xlsx"))
    places = [r for r, row in enumerate(book["Scorecard"].values, 1) if row[0] == "Reviewer"]
    assert places == [15]


def check_filled(outcome: Outcome) -> None:
    (reviewer,) = outcome.reviewers
    rows = {row.segment: row for row in reviewer.rows}
    assert reviewer.name == "李"
    assert {s: row.verdict for s, row in rows.items()} == {
        "s1": "fix", "s2": "not an error", "s3": "accept", "s4": "accept",
    }  # fmt: skip
    first = rows["s1"]
    assert (first.revised, first.comment, first.reply, first.arbitration) == (
        "A better text.", "术语\n=1+1", "disagreed", "upheld",
    )  # fmt: skip
    assert [(m.segment, m.category, m.severity, m.uncounted) for m in reviewer.marks] == [
        ("s1", "Accuracy/Mistranslation", "major", ""),
        ("s2", "Style/Awkward", "minor", "not an error"),
        ("s2", "Accuracy/Omission", "minor", ""),
        ("s4", "Accuracy/Omission", "minor", "repeated"),
        ("s4", "Other", "neutral", ""),
        ("s4", "Other", "critical", "withdrawn"),
    ]
    assert reviewer.marks[2].span == "translated text"
    assert reviewer.marks[2].comment == "=first"
    # One major and one minor error are 6 points in 400 characters: 15 a thousand, 98.5 of 100.
    score = outcome.together.score
    assert score is not None
    assert (score.apt, score.ewc, score.unit) == (6.0, 400, "source characters")
    assert (score.npt, score.oqs, score.fatal) == (15.0, 98.5, 0)
    assert outcome.together.open == ()
    # s1 major, s2 minor, s3 none, and s4 has only what costs nothing.
    assert outcome.together.worst == {"major": 1, "minor": 1, "none": 1, "neutral": 1}


def test_edited_and_saved_by_openpyxl(evaluation: Evaluation, tmp_path: Path) -> None:
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), FILLED)
    check_filled(read_outcome(evaluation, [str(path)]))


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def save(path: Path) -> Path:
        folder = path.parent / "saved"
        command = [
            program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
            "--outdir", str(folder), str(path),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, timeout=180, check=False)
        if not (folder / path.name).exists():
            pytest.skip(f"LibreOffice cannot run here: {done.stderr.decode(errors='replace')}")
        return folder / path.name

    return save


def test_saved_by_libreoffice(
    evaluation: Evaluation, tmp_path: Path, libreoffice: Callable[[Path], Path]
) -> None:
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), FILLED)
    saved = libreoffice(path)
    assert saved.read_bytes() != path.read_bytes()
    check_filled(read_outcome(evaluation, [str(saved)]))


@pytest.fixture(scope="module")
def hostile() -> Evaluation:
    segments = tuple(Segment(f"id {text[:9]!a}", text or "空", (text,)) for text in HOSTILE)
    corpus = Corpus("hostile", "zh", "en", segments, ("A",), {"sys": HOSTILE})
    return evaluate(corpus, settings=QUICK)


def test_hostile_texts_survive_openpyxl(hostile: Evaluation, tmp_path: Path) -> None:
    path = edit(exported(hostile, tmp_path / "r.xlsx"), {"Review!G2": "accept"})
    outcome = read_outcome(hostile, [str(path)])
    assert len(outcome.reviewers[0].rows) == len(HOSTILE)
    assert outcome_workbook(outcome)


def test_hostile_texts_survive_libreoffice(
    hostile: Evaluation, tmp_path: Path, libreoffice: Callable[[Path], Path]
) -> None:
    path = edit(exported(hostile, tmp_path / "r.xlsx"), {"Review!G2": "accept"})
    outcome = read_outcome(hostile, [str(libreoffice(path))])
    assert len(outcome.reviewers[0].rows) == len(HOSTILE)


def test_rows_may_be_sorted(evaluation: Evaluation, tmp_path: Path) -> None:
    def reverse(book: Any) -> None:
        sheet = book["Review"]
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
        for place, row in enumerate(reversed(rows), 2):
            for column, value in enumerate(row, 1):
                sheet.cell(place, column).value = value

    path = edit(exported(evaluation, tmp_path / "r.xlsx"), FILLED, reverse)
    outcome = read_outcome(evaluation, [str(path)])
    check_filled(outcome)
    assert outcome.reviewers[0].rows[0].place == "Review!G5"


def test_deleted_rows_are_reported(evaluation: Evaluation, tmp_path: Path) -> None:
    path = edit(
        exported(evaluation, tmp_path / "r.xlsx"), ACCEPTED,
        lambda book: book["Review"].delete_rows(3),
    )  # fmt: skip
    outcome = read_outcome(evaluation, [str(path)])
    assert outcome.reviewers[0].deleted == ("s2",)
    assert outcome.together.open == ("s2",)
    assert outcome.together.decision is Decision.INCOMPLETE
    assert any("1 row deleted, s2 first" in note for note in outcome.notes)


REFUSED: list[tuple[Edits, str]] = [
    ({"Review!G3": "acept"}, r"Review!G3: found 'acept'.*did you mean 'accept'"),
    ({"Review!H3": "Acuracy/Omission", "Review!I3": "minor"}, r"Review!H3: .*'Accuracy/Omission'"),
    ({"Review!H3": "Other", "Review!I3": "huge"}, r"Review!I3: found 'huge'.*neutral, minor"),
    ({"Review!I3": "minor"}, r"Review!H3: found no category"),
    ({"Review!H3": "Other"}, r"Review!I3: found no severity"),
    ({"Review!J3": "maybe"}, r"Review!J3: found 'maybe'; expected yes or no"),
    ({"Review!J3": "yes"}, r"Review!J3: found a repeated error"),
    ({"Review!N3": "perhaps"}, r"Review!N3: found 'perhaps'; expected an arbitration"),
    ({"Review!C3": "改了"}, r"Review!C3: found a changed source, '改了'"),
    ({"Review!D4": "The translated text number 33."}, r"Review!D4: found a changed target.*33"),
    ({"Review!A4": "s33"}, r"Review!A4: found the id 's33'.*did you mean 's3'"),
    ({"Review!A4": None}, r"Review!A4: found no id"),
    ({"Review!A4": "s1"}, r"Review!A4: found the id of another row"),
    ({"Review!P2": "mine"}, r"Review!P2: found 'mine'; expected nothing outside the table"),
    ({"Review!O1": "my notes"}, r"Review!O1: found the column 'my notes'"),
    ({"Review!G1": "verdit"}, r"Review!G1: found the column 'verdit'.*did you mean 'verdict'"),
    ({"Errors!A2": "s9", "Errors!C2": "Other", "Errors!D2": "minor"}, r"Errors!A2: .*'s9'"),
    ({"Errors!A2": "s1", "Errors!C2": "Othr", "Errors!D2": "minor"}, r"Errors!C2: .*'Other'"),
    ({"Errors!A2": "s1", "Errors!B2": "text"}, r"Errors!C2: found no error"),
    ({"Errors!C2": "Other", "Errors!D2": "minor"}, r"Errors!A2: found no id"),
    ({"Scorecard!A15": "Me"}, r"Scorecard!A: found no row 'Reviewer'"),
    ({"_meta!B10": '{"category_set": "wmt"}'}, r"_meta!B12: a digest that does not fit"),
    ({"_meta!B14": "0"}, r"_meta!B12: a digest that does not fit"),
    ({"_meta!A12": "other"}, r"a hidden sheet _meta that cannot be read"),
]


@pytest.mark.parametrize(("edits", "message"), REFUSED)
def test_what_is_not_understood_is_refused(
    evaluation: Evaluation, tmp_path: Path, edits: Edits, message: str
) -> None:
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), {**ACCEPTED, **edits})
    with pytest.raises(InputError, match=message):
        read_outcome(evaluation, [str(path)])


@pytest.mark.parametrize("name", ["Review", "Errors", "Scorecard", "_meta"])
def test_a_missing_sheet_is_refused(evaluation: Evaluation, tmp_path: Path, name: str) -> None:
    path = exported(evaluation, tmp_path / "r.xlsx")
    edit(path, {}, lambda book: book.remove(book[name]))
    with pytest.raises(InputError, match=f"no sheet {name}"):
        read_outcome(evaluation, [str(path)])


def test_all_problems_are_told_at_once_up_to_twenty(hostile: Evaluation, tmp_path: Path) -> None:
    rows = range(2, 2 + len(HOSTILE))
    edits = {f"Review!{column}{row}": "?" for row in rows for column in "GHIJN"}
    path = edit(exported(hostile, tmp_path / "r.xlsx"), edits)
    with pytest.raises(InputError) as caught:
        read_outcome(hostile, [str(path)])
    message = str(caught.value)
    assert message.count("Review!") == 20
    assert f"found {len(edits)} cell" in message
    assert f"… and {len(edits) - 20} more" in message


def test_a_changed_long_text_is_refused(hostile: Evaluation, tmp_path: Path) -> None:
    path = edit(exported(hostile, tmp_path / "r.xlsx"), {"Long texts!D3": "x" * 9_999 + "y"})
    with pytest.raises(InputError, match=r"Long texts!D3: found a changed text, 'x+y'"):
        read_outcome(hostile, [str(path)])


def test_another_run_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    path = exported(evaluation, tmp_path / "r.xlsx")
    corpus = evaluation.corpus
    other = corpus.with_systems({**corpus.systems, "sys": ("x", "y", "z", "w")})
    with pytest.raises(InputError, match=r"_meta!B7: outputs_sha256"):
        read_outcome(replace(evaluation, corpus=other), [str(path)])
    with pytest.raises(InputError, match=r"_meta!B6: system 'sys'.*one of other"):
        read_outcome(
            replace(evaluation, corpus=corpus.with_systems({"other": corpus.systems["other"]})),
            [str(path)],
        )
    texts = tuple(replace(s, source="别的") for s in corpus.segments)
    with pytest.raises(InputError, match=r"_meta!B5: corpus_sha256"):
        read_outcome(replace(evaluation, corpus=replace(corpus, segments=texts)), [str(path)])


def test_two_reviewers_are_kept_and_compared(evaluation: Evaluation, tmp_path: Path) -> None:
    first = edit(
        exported(evaluation, tmp_path / "a.xlsx"),
        ACCEPTED | {"Review!G4": "fix", "Review!G5": "fix"},
    )
    second = edit(
        exported(evaluation, tmp_path / "b.xlsx"),
        ACCEPTED | {f"Review!G{row}": "fix" for row in (3, 4, 5)}
        | {"Review!H5": "Other", "Review!I5": "minor"},
    )  # fmt: skip
    outcome = read_outcome(evaluation, [str(first), f"王={second}"])
    assert [r.name for r in outcome.reviewers] == ["a", "王"]
    assert [j.name for j in outcome.judged] == ["a", "王"]
    assert outcome.together.score is not None
    # One of two reviewers found a minor error: half a point.
    assert outcome.together.score.apt == 0.5
    values = {(a.question, a.measure): a.value for a in outcome.agreement}
    # Verdicts: accept accept fix fix, and accept fix fix fix. Three of four agree; chance gives
    # 1/2·1/4 + 1/2·3/4 = 1/2: kappa (3/4 − 1/2)/(1 − 1/2).
    assert values["verdict", "Cohen's kappa"] == pytest.approx(0.5)
    # Of 8 values 3 are accept: observed disagreement 2/8, expected 2·3·5/(8·7).
    assert values["verdict", "Krippendorff's alpha"] == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert {a.items for a in outcome.agreement} == {4}
    # None of the two named an error in the first three; they differ in the fourth.
    assert values["severity", "Cohen's kappa"] == pytest.approx(0.0)


def test_a_pass_by_pooling_is_warned_about(evaluation: Evaluation, tmp_path: Path) -> None:
    # 26 points are tolerated in 400 characters. Upper ends by quantiles of chi-squared at 97.5 %:
    # one major error 5·χ²(4)/2 = 27.9; half of it, the mean of both, 5·χ²(3)/2 = 23.4.
    scoring = Scoring(least=1, per_thousand=65.0)
    mild = edit(exported(evaluation, tmp_path / "a.xlsx", scoring=scoring), ACCEPTED)
    major = {"Review!H2": "Other", "Review!I2": "major"}
    strict = edit(exported(evaluation, tmp_path / "b.xlsx", scoring=scoring), ACCEPTED | major)
    outcome = read_outcome(evaluation, [str(mild), str(strict)])
    assert [j.decision for j in outcome.judged] == [Decision.PASS, Decision.TOO_SMALL]
    assert outcome.together.decision is Decision.PASS
    line = "Warning: the reviewers do not agree on the decision: 'a' PASS, 'b' SAMPLE TOO SMALL"
    assert line in outcome_text(outcome)


def test_two_files_of_one_reviewer_are_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    path = edit(exported(evaluation, tmp_path / "a.xlsx"), ACCEPTED)
    with pytest.raises(UsageError, match="two files of the reviewer 'a'"):
        read_outcome(evaluation, [str(path), str(path)])


def test_workbooks_of_two_reviews_are_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    first = edit(exported(evaluation, tmp_path / "a.xlsx"), ACCEPTED)
    second = exported(evaluation, tmp_path / "b.xlsx", scoring=Scoring(pass_mark=80, least=1))
    with pytest.raises(InputError, match="the workbook of another review"):
        read_outcome(evaluation, [str(first), str(second)])


def test_an_empty_review_is_nothing_to_evaluate(evaluation: Evaluation, tmp_path: Path) -> None:
    path = exported(evaluation, tmp_path / "r.xlsx")
    with pytest.raises(NothingToEvaluateError):
        read_outcome(evaluation, [str(path)])


def test_flags_cost_nothing(tmp_path: Path) -> None:
    # An empty output is flagged by the machine; the person accepts it all the same.
    corpus = small()
    outputs = ("", *corpus.systems["sys"][1:])
    evaluation = evaluate(corpus.with_systems({"sys": outputs}), settings=QUICK)
    path = exported(evaluation, tmp_path / "r.xlsx")
    flags = openpyxl.load_workbook(path)["Review"]["F2"].value
    assert flags is not None
    outcome = read_outcome(evaluation, [str(edit(path, ACCEPTED))])
    assert outcome.together.score is not None
    assert outcome.together.score.apt == 0.0
    assert not outcome.together.counts


def test_a_review_by_risk_gives_no_verdict(evaluation: Evaluation, tmp_path: Path) -> None:
    chosen = worst_first(evaluation, "sys", 2)
    path = edit(
        exported(evaluation, tmp_path / "r.xlsx", chosen=chosen),
        {"Review!G2": "reject", "Review!H2": "Other", "Review!I2": "critical"},
    )
    outcome = read_outcome(evaluation, [str(path)])
    assert outcome.together.decision is Decision.NONE
    assert outcome.together.score is None
    assert outcome.together.counts == {("Other", "critical"): 1}


def test_a_critical_error_fails_an_unfinished_review(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    path = edit(
        exported(evaluation, tmp_path / "r.xlsx"), {"Review!H2": "Other", "Review!I2": "critical"}
    )
    outcome = read_outcome(evaluation, [str(path)])
    assert outcome.together.decision is Decision.FAIL
    assert outcome.together.open == ("s2", "s3", "s4")


def test_neutral_costs_nothing_in_any_category(evaluation: Evaluation, tmp_path: Path) -> None:
    # WMT's weights give every Non-translation 25 points.
    scoring = Scoring(category_set="wmt", least=1)
    edits = {"Review!H2": "Non-translation", "Review!I2": "neutral"}
    path = edit(exported(evaluation, tmp_path / "r.xlsx", scoring=scoring), ACCEPTED | edits)
    score = read_outcome(evaluation, [str(path)]).together.score
    assert score is not None
    assert score.apt == 0.0


@pytest.mark.parametrize("name", CATEGORY_SETS)
def test_every_entry_of_a_drop_down_comes_back(
    evaluation: Evaluation, tmp_path: Path, name: str
) -> None:
    scoring = Scoring(category_set=name, least=1)
    path = exported(evaluation, tmp_path / "r.xlsx", scoring=scoring)
    legend = [row[0] for row in openpyxl.load_workbook(path)["Legend"].values]
    categories = legend[legend.index("category") + 1 : legend.index("severity") - 1]
    severities = legend[legend.index("severity") + 1 : legend.index("repeated") - 1]
    named = [(c, s) for c in categories for s in severities]
    edits: dict[str, str] = {}
    for row, (category, severity) in enumerate(named, 2):
        edits |= {
            f"Errors!A{row}": "s1", f"Errors!C{row}": category, f"Errors!D{row}": severity,
        }  # fmt: skip
    outcome = read_outcome(evaluation, [str(edit(path, ACCEPTED | edits))])
    assert [(m.category, m.severity) for m in outcome.reviewers[0].marks] == named
    weights = scoring.weights
    score = outcome.together.score
    assert score is not None
    expected = sum(weights.penalty(c, s) for c, s in named if s != "neutral")
    assert score.apt == pytest.approx(expected)


def test_a_review_without_references_comes_back(evaluation: Evaluation, tmp_path: Path) -> None:
    review = build_review(
        evaluation, "sys", whole(evaluation.corpus), Scoring(least=1), reference=False
    )
    path = tmp_path / "r.xlsx"
    path.write_bytes(review_workbook(review))
    edit(path, {f"Review!F{row}": "accept" for row in (2, 3, 4, 5)})
    outcome = read_outcome(evaluation, [str(path)])
    assert [row.verdict for row in outcome.reviewers[0].rows] == ["accept"] * 4


def test_words_that_stand_nowhere_are_noted(evaluation: Evaluation, tmp_path: Path) -> None:
    edits = FILLED | {"Errors!B2": "other words"}
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), edits)
    (note,) = read_outcome(evaluation, [str(path)]).notes
    assert "'other words' in s2" in note


def test_a_change_without_an_error_is_not_finished(evaluation: Evaluation, tmp_path: Path) -> None:
    scoring = Scoring(least=1, per_thousand=1000.0)
    # The error that belongs to s2's verdict stands on the sheet Errors.
    edits = ACCEPTED | {"Review!G2": "reject", "Review!G3": "fix", "Review!G4": "fix",
                        "Errors!A2": "s2", "Errors!C2": "Other", "Errors!D2": "minor"}  # fmt: skip
    path = edit(exported(evaluation, tmp_path / "r.xlsx", scoring=scoring), edits)
    together = read_outcome(evaluation, [str(path)]).together
    assert together.score is not None
    assert together.score.verdict == "PASS"
    assert together.decision is Decision.INCOMPLETE
    assert together.unfinished == ("r.xlsx Review!G2", "r.xlsx Review!G4")
    assert together.reason.startswith(
        "2 rows with fix or reject and no error named: r.xlsx Review!G2"
    )


def test_a_critical_error_fails_where_rows_name_none(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    edits = ACCEPTED | {"Review!G2": "reject", "Review!H3": "Other", "Review!I3": "critical"}
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), edits)
    outcome = read_outcome(evaluation, [str(path)])
    assert outcome.together.decision is Decision.FAIL


def planned(accept: int, severity: str = "major") -> Scoring:
    """All four segments are judged, and `accept` of them may be bad."""
    # A lot with one bad segment more than another is told from it for sure if all four are seen.
    good, bad = Fraction(accept, 4), Fraction(accept + 1, 4)
    plan = acceptance_plan(
        good, bad, producer_risk=Fraction(1, 10), consumer_risk=Fraction(1, 10), lot=4
    )
    assert (plan.size, plan.accept) == (4, accept)
    return Scoring(
        least=1, per_thousand=1000.0, acceptance=Acceptance(plan=plan, severity=severity)
    )


TWO_BAD = ACCEPTED | {
    "Review!H2": "Other", "Review!I2": "minor",
    "Review!H3": "Other", "Review!I3": "major",
    "Errors!A2": "s2", "Errors!C2": "Other", "Errors!D2": "major",
    "Errors!A3": "s3", "Errors!C3": "Other", "Errors!D3": "major",
    "Errors!A4": "s4", "Errors!C4": "Other", "Errors!D4": "major", "Errors!E4": "yes",
}  # fmt: skip
"""Counted major errors in s2 (two of them) and s3; s1 has a minor one, s4 a repeated one."""


@pytest.mark.parametrize(
    ("accept", "severity", "bad", "says", "decision"),
    [
        (1, "major", 2, Inspection.REJECT, Decision.FAIL),
        (2, "major", 2, Inspection.ACCEPT, Decision.PASS),
        (2, "minor", 3, Inspection.REJECT, Decision.FAIL),
        (0, "critical", 0, Inspection.ACCEPT, Decision.PASS),
    ],
)
def test_a_plan_decides_beside_the_score(
    evaluation: Evaluation, tmp_path: Path, accept: int, severity: str, bad: int,
    says: Inspection, decision: Decision,
) -> None:  # fmt: skip
    scoring = planned(accept, severity)
    path = edit(exported(evaluation, tmp_path / "r.xlsx", scoring=scoring), TWO_BAD)
    outcome = read_outcome(evaluation, [str(path)])
    together = outcome.together
    assert together.score is not None
    assert together.score.verdict == "PASS"
    assert (together.bad, together.inspection, together.decision) == (bad, says, decision)
    text = outcome_text(outcome)
    assert f"Acceptance plan: {says}: {bad} of 4 segments have" in text
    assert f"severity {severity} or worse; at most {accept} accepted" in text
    assert text.split("\n")[0].endswith("; tolerance 1000 points per 1,000 source characters")
    # Exact where all are judged: neither kind of mistake is possible.
    assert "rejected in 0.00% of cases (the vendor's risk)" in text
    assert json.loads(outcome_json(outcome))["result"]["acceptance"] == {
        "says": str(says), "bad": bad,
    }  # fmt: skip
    card = openpyxl.load_workbook(io.BytesIO(outcome_workbook(outcome)))["Scorecard"]
    facts = {row[0]: row[1] for row in card.values if row[0]}
    assert facts["By the acceptance plan"].startswith(f"{says}: {bad} of 4")


def test_a_plan_rejects_an_unfinished_review_and_accepts_none(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    majors = {"Review!H2": "Other", "Review!I2": "major"}
    for accept, says, decision in (
        (0, Inspection.REJECT, Decision.FAIL),
        (1, Inspection.OPEN, Decision.INCOMPLETE),
    ):
        path = exported(evaluation, tmp_path / f"{accept}.xlsx", scoring=planned(accept))
        together = read_outcome(evaluation, [str(edit(path, majors))]).together
        assert (together.inspection, together.decision) == (says, decision)


def test_j2450_calls_major_errors_serious(evaluation: Evaluation) -> None:
    plan = planned(1).acceptance
    assert plan is not None
    assert agreed(plan.plan, "j2450-like", "major").severity == "serious"


def test_a_forged_plan_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    scoring = planned(1)
    assert scoring.acceptance is not None
    generous = replace(scoring.acceptance, plan=replace(scoring.acceptance.plan, accept=3))
    forged = replace(scoring, acceptance=generous)
    path = edit(exported(evaluation, tmp_path / "r.xlsx", scoring=forged), ACCEPTED)
    with pytest.raises(InputError, match="another acceptance plan than its levels give"):
        read_outcome(evaluation, [str(path)])


def test_reviewers_who_differ_are_warned_about(evaluation: Evaluation, tmp_path: Path) -> None:
    mild = edit(exported(evaluation, tmp_path / "li.xlsx", scoring=planned(1)), ACCEPTED)
    strict = edit(exported(evaluation, tmp_path / "wang.xlsx", scoring=planned(1)), TWO_BAD)
    outcome = read_outcome(evaluation, [str(mild), str(strict)])
    assert [j.inspection for j in outcome.judged] == [Inspection.ACCEPT, Inspection.REJECT]
    # A segment is bad for all if it is for one.
    assert (outcome.together.bad, outcome.together.decision) == (2, Decision.FAIL)
    decisions, agreement = outcome.together.warnings
    assert "'li' PASS, 'wang' FAIL; all reviewers FAIL" in decisions
    # Severities: four times none against minor, major, major, major: no better than chance.
    assert "Cohen's kappa of severity 0.00" in agreement
    assert "Warning: the reviewers do not agree" in outcome_text(outcome)
    same = read_outcome(evaluation, [f"a={strict}", f"b={strict}"])
    assert same.together.warnings == ()


def test_marot_and_back(evaluation: Evaluation, tmp_path: Path) -> None:
    blank = exported(evaluation, tmp_path / "blank.xlsx")
    path = edit(Path(shutil.copy(blank, tmp_path / "r.xlsx")), FILLED)
    outcome = read_outcome(evaluation, [str(path)])
    table = tmp_path / "r.tsv"
    write_outcome_marot(evaluation.corpus, outcome, table)
    text = table.read_text("utf-8")
    assert "The <v>translated text</v> number 2." in text
    again = read_outcome(evaluation, [str(blank), str(table)])
    check_filled(replace(again, reviewers=(_with_row_answers(again.reviewers[0], outcome),)))
    assert again.together.score == outcome.together.score


def _with_row_answers(reviewer: Any, outcome: Outcome) -> Any:
    """Puts back what Marot has no place for: reply and arbitration of a row without an error."""
    given = {row.segment: row for row in outcome.reviewers[0].rows}
    rows = tuple(
        replace(r, reply=given[r.segment].reply, arbitration=given[r.segment].arbitration)
        for r in reviewer.rows
    )
    return replace(reviewer, rows=rows)


def test_a_marot_table_of_other_texts_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    blank = exported(evaluation, tmp_path / "blank.xlsx")
    path = edit(Path(shutil.copy(blank, tmp_path / "r.xlsx")), ACCEPTED)
    table = tmp_path / "r.tsv"
    write_outcome_marot(evaluation.corpus, read_outcome(evaluation, [str(path)]), table)
    table.write_text(table.read_text("utf-8").replace("number 2", "number 9"), "utf-8")
    with pytest.raises(InputError, match="another target of segment 's2'"):
        read_outcome(evaluation, [str(blank), str(table)])
    with pytest.raises(UsageError, match="only Marot tables"):
        read_outcome(evaluation, [str(table)])


def test_an_unknown_marot_severity_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    blank = exported(evaluation, tmp_path / "blank.xlsx")
    path = edit(Path(shutil.copy(blank, tmp_path / "r.xlsx")), FILLED)
    table = tmp_path / "r.tsv"
    write_outcome_marot(evaluation.corpus, read_outcome(evaluation, [str(path)]), table)
    table.write_text(table.read_text("utf-8").replace("\tMajor\t", "\tHuge\t"), "utf-8")
    with pytest.raises(InputError, match=r"李, segment s1: found 'Huge'; expected a severity"):
        read_outcome(evaluation, [str(blank), str(table)])


def test_the_result_is_a_workbook_of_values(evaluation: Evaluation, tmp_path: Path) -> None:
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), FILLED)
    before = path.read_bytes()
    content = outcome_workbook(read_outcome(evaluation, [str(path)]))
    assert path.read_bytes() == before
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)
    card = {row[0]: row[1:5] for row in book["Scorecard"].values if row[0]}
    assert card["Result: 李"][0] == "SAMPLE TOO SMALL"
    assert card["Accuracy/Mistranslation"] == (0, 0, 1, 0)
    assert "APT 6 points in 400 source characters" in card["Numbers"][0]
    assert card["Errors not counted: repeated"][0] == "1"
    errors = list(book["Errors"].values)
    assert errors[3][:6] == ("s2", "李", "translated text", "Accuracy/Omission", "minor", "yes")
    assert errors[4][5] == "no: repeated"


def test_a_workbook_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    # Texts that compress beyond what the reader accepts from a stranger.
    outputs = tuple("x" * 29_000 + str(n) for n in range(100))
    segments = tuple(Segment(str(n), "甲", ("x",)) for n in range(100))
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"sys": outputs})
    evaluation = evaluate(corpus, settings=replace(QUICK, check_data=False))
    review = build_review(evaluation, "sys", whole(corpus), Scoring())
    with pytest.raises(InputError, match="could not be read back"):
        write_review(tmp_path / "r.xlsx", review)
    assert not any(tmp_path.iterdir())


def test_ids_that_no_file_can_hold(tmp_path: Path) -> None:
    segments = (Segment("a\ud800\t", "甲", ("x",)),)
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"sys": ("y",)})
    evaluation = evaluate(corpus, settings=QUICK)
    path = edit(exported(evaluation, tmp_path / "r.xlsx"), {"Review!G2": "accept"})
    outcome = read_outcome(evaluation, [str(path)])
    assert json.loads(outcome_json(outcome).encode())["reviewers"][0]["rows"][0]["segment"] == (
        "a\ud800\t"
    )
    with pytest.raises(InputError):
        write_outcome_marot(corpus, outcome, tmp_path / "r.tsv")


def test_sampling_takes_whole_segments_of_every_document(evaluation: Evaluation) -> None:
    _, ids = sampled(evaluation.corpus, 2, seed=3)
    assert {i in ("s1", "s2") for i in ids} == {True, False}
    _, ids = sampled(evaluation.corpus, 1, seed=3, documents=True)
    assert ids in (("s1", "s2"), ("s3", "s4"))


@pytest.fixture(scope="module")
def folder(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run") / "run"
    save_run(evaluation, place)
    return place


def test_the_commands(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, result = tmp_path / "r.xlsx", tmp_path / "result.json"
    export = ["review", "export", str(folder), "--system", "sys", "--all", "-o", str(sheet)]
    assert run(export) == 0
    assert "Too small for a verdict: 500 source characters are needed" in capsys.readouterr().err
    edit(sheet, FILLED)
    before = sheet.read_bytes()
    assert run(export) == 3
    assert sheet.read_bytes() == before
    given = ["review", "import", str(sheet), "--run", str(folder), "-o", str(result)]
    assert run([*given, "-f", "json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown == json.loads(result.read_text("utf-8"))
    assert shown["decision"] == "SAMPLE TOO SMALL"
    assert shown["result"]["score"]["apt"] == 6.0
    assert shown["reviewers"][0]["errors"][2]["span"] == "translated text"
    assert run(given) == 3
    assert "--force to replace it" in capsys.readouterr().err
    assert run([*given, "--force"]) == 1
    assert (
        run(["review", "import", str(sheet), "--run", str(folder), "-o", str(sheet), "--force"])
        == 3
    )
    assert run([*export, "--force"]) == 0
    assert sheet.read_bytes() != before


def test_exit_codes_follow_the_decision(folder: Path, tmp_path: Path) -> None:
    def imported(name: str, options: list[str], edits: Edits) -> int:
        path = tmp_path / f"{name}.xlsx"
        export = ["review", "export", str(folder), "--system", "sys", "-q", "-o", str(path)]
        assert run([*export, *options]) == 0
        edit(path, edits)
        return run(["review", "import", str(path), "--run", str(folder), "-q"])

    lenient = ["--all", "--least", "1", "--per-thousand", "1000"]
    assert imported("pass", lenient, ACCEPTED) == 0
    critical = {"Review!H2": "Other", "Review!I2": "critical"}
    assert imported("fail", lenient, ACCEPTED | critical) == 1
    assert imported("open", lenient, {"Review!G2": "accept"}) == 1
    assert imported("risk", ["--worst-first", "2"], {"Review!G2": "accept"}) == 0
    assert imported("wrong", lenient, {"Review!G2": "?"}) == 3
    assert imported("blank", lenient, {}) == 5


def test_a_planned_sample(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.xlsx"
    export = ["review", "export", str(folder), "--system", "sys", "--least", "1", "-o", str(path)]
    levels = ["--accept", "0", "--reject", "50%", "--consumer-risk", "20%"]
    assert run([*export, *levels, "--per-thousand", "1000"]) == 0
    # Of four segments two bad ones: three drawn always show one, two miss both in 1 of 6 cases.
    assert "Plan: of 2 segments drawn from 4, ACCEPT if at most 0 have" in capsys.readouterr().err
    card = {row[0]: row[1] for row in openpyxl.load_workbook(path)["Scorecard"].values if row[0]}
    assert "50.00% is accepted in 16.67% (your risk)" in card["Acceptance plan"]
    assert card["Verdict"].endswith("; and FAIL if the acceptance plan rejects")
    import_ = ["review", "import", str(path), "--run", str(folder)]
    edit(path, {"Review!G2": "accept", "Review!G3": "accept"})
    assert run(import_) == 0
    assert "Acceptance plan: ACCEPT: 0 of 2 segments" in capsys.readouterr().out
    edit(path, {"Review!H3": "Other", "Review!I3": "major"})
    assert run(import_) == 1
    out = capsys.readouterr().out
    assert out.startswith("sys: FAIL (the acceptance plan rejects; by points PASS); tolerance 1000")


def test_a_seed_is_drawn_and_recorded(folder: Path, tmp_path: Path) -> None:
    seeds = []
    for name in "abc":
        path = tmp_path / f"{name}.xlsx"
        assert run(["review", "export", str(folder), "--system", "sys", "--sample", "2", "-q",
                    "-o", str(path)]) == 0  # fmt: skip
        book = openpyxl.load_workbook(path)
        facts = {row[0]: row[1] for row in book["_meta"].values if row[1]}
        seeds.append(json.loads(facts["draw"])["seed"])
        card = {row[0]: row[1] for row in book["Scorecard"].values if row[0]}
        assert f"(seed {seeds[-1]})" in card["How it was drawn"]
    assert len(set(seeds)) > 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--all"], "--system: expected one of sys, other"),
        (["--system", "sys"], "expected one of --sample N, --accept SHARE --reject SHARE,"),
        (["--system", "sys", "--all", "--sample", "2"], "expected one of --sample"),
        (["--system", "no", "--all"], "system 'no': expected one of sys, other"),
        (["--system", "sys", "--sample", "9"], "expected from 1 to the 4 there"),
        (["--system", "sys", "--all", "--model", "nonlinear"], "two --point SIZE:POINTS"),
        (["--system", "sys", "--all", "--point", "x"], "expected SIZE:POINTS"),
        (["--system", "sys", "--all", "--threshold", "100"], "from 0 to below 100"),
        (["--system", "sys", "--all", "--whole-documents"], "expected together with --sample"),
        (["--system", "sys", "--accept", "2%"], "--accept: expected with --accept and --reject"),
        (["--system", "sys", "--all", "--producer-risk", "2%"], "--producer-risk: expected with"),
        (["--system", "sys", "--all", "--accept", "0", "--reject", "8%"], "expected one of"),
        (
            [
                "--system",
                "sys",
                "--accept",
                "0",
                "--reject",
                "60%",
                "--category-set",
                "wmt",
                "--bad-severity",
                "critical",
            ],
            "'critical': wmt has minor, major",
        ),
    ],
)
def test_wrong_options_are_explained(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    path = tmp_path / "r.xlsx"
    assert run(["review", "export", str(folder), *options, "-o", str(path)]) == 2
    assert message in capsys.readouterr().err
    assert not path.exists()
