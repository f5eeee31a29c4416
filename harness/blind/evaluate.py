"""From returned sheets and the key to a result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xindaya.blind.key import Key
from xindaya.blind.sheet import read_answers
from xindaya.metrics.preference_review import Answered, PreferenceOutcome, evaluate_preferences
from xindaya.metrics.preferences import Preference
from xindaya.pairs import NothingToEvaluateError, UsageError
from xindaya.pairs.corpus import first_duplicate


def evaluate_sheets(sheets: Sequence[Path], key: Key) -> PreferenceOutcome:
    """Evaluates filled-in sheets; a reviewer is named after the file.

    Raises:
        UsageError: If two files have one name.
        InputError: If a sheet does not belong to the key.
        NothingToEvaluateError: If there is no answer in any sheet.
    """
    if duplicate := first_duplicate(path.stem for path in sheets):
        raise UsageError(
            f"two sheets named {duplicate!r}: expected one a reviewer; rename one of the files"
        )
    answers = [Answered(path.stem, _preferences(path, key)) for path in sheets]
    if not any(one.preferences for one in answers):
        raise NothingToEvaluateError("no answer in any sheet: the column “answer” is empty")
    return evaluate_preferences(
        answers,
        key.systems,
        asked=[str(e.item) for e in key.entries],
        repeats={str(e.item): str(e.repeats) for e in key.entries if e.repeats},
        rule=key.rule,
        seed=key.seed,
    )


def _preferences(path: Path, key: Key) -> dict[str, Preference]:
    """Returns item number to answer; the two systems of a segment make one item of the tests."""
    answers = read_answers(path, key)
    return {
        str(e.item): Preference(e.segment, e.a, e.b, {"A": e.a, "B": e.b}.get(answers[e.item], ""))
        for e in key.entries
        if e.item in answers
    }
