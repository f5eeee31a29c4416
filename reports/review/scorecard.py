"""The sheet Scorecard: what was reviewed, how it is scored, what was found and who signs."""

from __future__ import annotations

from typing import Any

from xindaya.metrics.mqm import CONFIDENCE
from xindaya.reports.review.acceptance import inspected, risks, rule
from xindaya.reports.review.columns import REVIEWER_LABEL
from xindaya.reports.review.heights import height
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Judged
from xindaya.reports.review.shown import shown
from xindaya.reports.review.styles import Styles, page
from xindaya.reports.review.table import put

RISK_BASED = (
    "These segments were chosen because they look worst. They say nothing about the whole: no score "
    "of the delivery and no PASS or FAIL is drawn from them."
)
_FORMULAS = (
    "APT = sum of the points of all counted errors, mean over reviewers; EWC = {unit} reviewed",
    "NPT = 1000·APT/EWC; OQS = (1 − APT/EWC)·100",
    "calibrated score = 100 − (100 − pass mark)·APT/E(EWC)",
)
_BY_PLAN = "; and FAIL if the acceptance plan rejects"
_VERDICT = (
    "PASS if the whole {confidence:.0%} interval of the points lies within the tolerance, FAIL if none "
    "of it does or on an error that fails by itself; SAMPLE TOO SMALL between, or below {least:,} {unit}"
)
_SIGNATURES = ("Date", "Vendor's comment", "Arbiter", "Signature")
_LABEL_WIDTH, _WIDTH = 46, 22  # characters
_SPAN = 4  # columns that a text takes, beside the label


def scorecard_facts(review: Review) -> list[tuple[str, str]]:
    """Returns label and text of what a scorecard says before anybody has judged."""
    scoring, draw = review.scoring, review.draw
    documents = len({item.document for item in review.items})
    size = (
        f"{len(review.items):,} of {review.segments:,} segments, from {documents:,} of "
        f"{review.documents:,} documents; {review.size:,} {review.unit}"
    )
    facts = [
        ("System", review.system),
        ("Corpus", f"{review.corpus}, {review.source_lang} to {review.target_lang}"),
        ("Corpus hash", review.corpus_sha256),
        ("Sample", size),
        ("How it was drawn", draw.rule),
    ]
    if not draw.represents:
        return [*facts, ("Score", RISK_BASED), ("Weights", scoring.weights.describe())]
    verdict = _VERDICT
    if plan := scoring.acceptance:
        verdict += _BY_PLAN
        facts.append(("Acceptance plan", f"{rule(plan)}; {risks(plan)}"))
    return [
        *facts,
        ("Weights", scoring.weights.describe()),
        ("Formulas", "\n".join(_FORMULAS).format(unit=review.unit)),
        ("Tolerance", f"{scoring.tolerance.describe()}; x in {review.unit}"),
        ("Threshold", f"pass mark {scoring.pass_mark:g} of 100 on the calibrated score"),
        ("Verdict", verdict.format(confidence=CONFIDENCE, least=scoring.least, unit=review.unit)),
    ]


def write_scorecard(
    sheet: Any, styles: Styles, review: Review, judged: Judged | None = None
) -> None:
    """Writes the sheet, empty for the reviewer or filled with a result; values, no formulas."""
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, _SPAN, _WIDTH)
    put(sheet, 0, 0, "Translation review: scorecard", styles.title)
    row = _facts(sheet, styles, 2, scorecard_facts(review))
    if judged is not None:
        row = _result(sheet, styles, row + 1, review, judged)
    row = _sign_off(sheet, styles, row + 1, judged.name if judged else "")
    _counts(sheet, styles, row + 1, review, judged)
    sheet.protect()
    page(sheet)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)


def _facts(sheet: Any, styles: Styles, row: int, facts: list[tuple[str, str]]) -> int:
    for label, text in facts:
        put(sheet, row, 0, label, styles.label)
        sheet.merge_range(row, 1, row, _SPAN, "", styles.text)
        visible = "\n".join(map(shown, text.split("\n")))
        put(sheet, row, 1, visible, styles.text)
        sheet.set_row(row, height([(visible, _SPAN * _WIDTH)]))
        row += 1
    return row


def _sign_off(sheet: Any, styles: Styles, row: int, reviewer: str) -> int:
    put(sheet, row, 0, "Sign-off", styles.section)
    for label, text in ((REVIEWER_LABEL, reviewer), *((label, "") for label in _SIGNATURES)):
        row += 1
        put(sheet, row, 0, label, styles.label)
        put(sheet, row, 1, shown(text), styles.input)
    return row + 1


def _result(sheet: Any, styles: Styles, row: int, review: Review, judged: Judged) -> int:
    put(sheet, row, 0, f"Result: {shown(judged.name)}", styles.section)
    put(sheet, row, 1, str(judged.decision), styles.verdict)
    facts = [("Reason", judged.reason)]
    if judged.inspection is not None:
        facts.append(("By the acceptance plan", inspected(review, judged)))
    facts += [("Warning", warning) for warning in judged.warnings]
    if judged.score is not None:
        _, *numbers = judged.score.describe().split("\n")  # the first line repeats the verdict
        facts.append(("Numbers", "\n".join(line.strip() for line in numbers)))
    worst = ", ".join(f"{n:,} {severity}" for severity, n in sorted(judged.worst.items()))
    facts.append(("Segments by their worst error", worst))
    facts.append(("Segments without a verdict", f"{len(judged.open):,}"))
    facts.append(("Rows that ask for a change and name no error", f"{len(judged.unfinished):,}"))
    facts += [(f"Errors not counted: {why}", f"{n:,}") for why, n in judged.uncounted.items()]
    return _facts(sheet, styles, row + 1, facts)


def _counts(sheet: Any, styles: Styles, row: int, review: Review, judged: Judged | None) -> None:
    """Writes the number of counted errors by type and severity; empty before the review."""
    added = ", reviewers added up" if judged and judged.reviewers > 1 else ""
    put(sheet, row, 0, f"Counted errors{added}", styles.head)
    for column, severity in enumerate(review.severities, 1):
        put(sheet, row, column, severity.name, styles.head)
    for category in review.categories:
        row += 1
        put(sheet, row, 0, category.name, styles.text)
        for column, severity in enumerate(review.severities, 1):
            if judged is None:
                put(sheet, row, column, "", styles.number)
            else:
                number = judged.counts.get((category.name, severity.name), 0)
                sheet.write_number(row, column, number, styles.number)
