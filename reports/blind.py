"""Views of a blind review's result."""

from __future__ import annotations

import json
from dataclasses import asdict

from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.preference_review import PreferenceOutcome, ReviewerFigures
from xindaya.metrics.preferences import SignTest
from xindaya.pairs.errors import ascii_controls


def blind_to_json(outcome: PreferenceOutcome) -> str:
    """Returns the result as JSON text."""
    content = {"schema_version": 1, "kind": "blind review"} | asdict(outcome)
    content["tests"] = [
        {"verdict" if name == "outcome" else name: value for name, value in asdict(test).items()}
        for test in outcome.tests
    ]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def blind_to_text(outcome: PreferenceOutcome) -> str:
    """Returns the result as text, with what each number means."""
    lines = [
        "Preferences (a segment counts once, for what most answers prefer; tied: no preference, or as many each)"
    ]
    lines += [f"  {_test(test)}" for test in outcome.tests]
    if len(outcome.tests) > 1:
        lines.append("  p values are after Holm's correction for the number of pairs.")
    if len(outcome.systems) > 2:
        lines += ["", "Strength (Bradley–Terry): expected share of wins against the others"]
        lines += _strengths(outcome)
    lines += ["", "Reviewers"]
    for r in outcome.reviewers:
        lines.append(f"  {ascii_controls(r.reviewer)}: {r.answered} of {r.asked} items answered")
        if r.repeats:
            share = r.consistent / r.repeats
            lines.append(
                f"    repeated items answered as before: {r.consistent} of {r.repeats} ({share:.0%})"
            )
        lines.append(f"    chose A {r.chose_a}, B {r.chose_b} times"
                     f"{_side(r)}")  # fmt: skip
    if len(outcome.reviewers) > 1:
        alpha = "undefined" if outcome.alpha is None else f"{outcome.alpha:.3f}"
        lines.append(f"  agreement between reviewers: Krippendorff's alpha (nominal) {alpha}")
    lines += ["", f"Drawn: {ascii_controls(outcome.rule)}."]
    return "\n".join(lines) + "\n"


def _test(test: SignTest) -> str:
    first, second = ascii_controls(test.first), ascii_controls(test.second)
    counts = f"{first} {test.first_wins} : {test.second_wins} {second}, tied {test.ties}"
    verdict = str(test.outcome)
    if test.outcome.real:
        verdict = f"{first if test.outcome is Outcome.BETTER else second} is {Outcome.BETTER}"
    elif test.outcome is Outcome.TOO_FEW:
        verdict += f" ({test.needed} segments with a preference needed)"
    return f"{counts}; sign test p = {test.p_holm:.4g}: {verdict}"


def _strengths(outcome: PreferenceOutcome) -> list[str]:
    if outcome.strengths is None:
        return ["  none: some systems never lose to the others, or were never compared with them"]
    lines = []
    for s in outcome.strengths:
        interval = (
            "no interval: too few answers"
            if s.low is None or s.high is None
            else f"95 % interval {s.low:.1%} to {s.high:.1%}"
        )
        lines.append(
            f"  {ascii_controls(s.system)}: {s.win_rate:.1%} ({interval}; {s.strength:+.3f} logits)"
        )
    return lines


def _side(r: ReviewerFigures) -> str:
    return f"; leans to one side (p = {r.side_p_holm:.4g})" if r.one_sided else ""
