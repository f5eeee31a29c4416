"""Fixtures for quality tests in Python, and what their failures add to a report.

Only pytest and the standard library are imported here; the work is in `xindaya.pytest_plugin.calls`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xindaya.pytest_plugin.calls import (
        CheckTerms,
        CompareSystems,
        TranslationBaseline,
        TranslationScores,
    )

USED = pytest.StashKey[list[Any]]()
"""What the fixtures gave to a test, in order."""

_FOCUS: list[Any] = []  # the value of the last failed comparison; at most one


@pytest.fixture
def translation_scores(request: pytest.FixtureRequest) -> TranslationScores:
    """Scores outputs: ``translation_scores(outputs, references=…, sources=…)["chrF2"]``."""
    from xindaya.pytest_plugin.calls import TranslationScores
    from xindaya.pytest_plugin.context import Context

    return TranslationScores(Context.of(request))


@pytest.fixture
def compare_systems(request: pytest.FixtureRequest) -> CompareSystems:
    """Compares two systems: ``compare_systems(old, new, references=…)["chrF2"].worse``."""
    from xindaya.pytest_plugin.calls import CompareSystems
    from xindaya.pytest_plugin.context import Context

    return CompareSystems(Context.of(request))


@pytest.fixture
def check_terms(request: pytest.FixtureRequest) -> CheckTerms:
    """Checks terms: ``check_terms(outputs, sources=…, termbase="terms.tsv").forbidden``."""
    from xindaya.pytest_plugin.calls import CheckTerms
    from xindaya.pytest_plugin.context import Context

    return CheckTerms(Context.of(request))


@pytest.fixture
def translation_baseline(request: pytest.FixtureRequest) -> TranslationBaseline:
    """Fails the test if scores are worse than its baseline: ``translation_baseline(scores)``."""
    from xindaya.pytest_plugin.calls import TranslationBaseline
    from xindaya.pytest_plugin.context import Context

    return TranslationBaseline(Context.of(request))


def focus_on(value: object) -> None:
    """Remembers which value a failed comparison was about."""
    _FOCUS[:] = [value]


def explain_failure(item: pytest.Item, report: pytest.TestReport) -> None:
    """Adds the segments to blame to the failure of a test that used the fixtures."""
    used = item.stash.get(USED, None)
    if not used or not report.failed or report.when != "call":
        return
    focus = _FOCUS.pop() if _FOCUS else used[-1]
    text = focus.blame()
    addsection = getattr(report.longrepr, "addsection", None)
    if text and addsection is not None:
        addsection("translation quality", text)
