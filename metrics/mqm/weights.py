"""What an error costs: presets of penalty points, and one rule for looking them up.

Names of severities and categories are compared without case, and a trailing ``!`` is ignored
(``Non-translation!``). Changed weights must not be called MQM, so every `Weights` has a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from xindaya.pairs import UsageError

NO_ERROR = frozenset(("", "no-error", "no_error"))
"""Severities of rows that say: rated, and nothing found."""

_ANY = "*"


@dataclass(frozen=True, slots=True)
class Weights:
    """Penalty points by severity and category.

    Attributes:
        name: As printed with every score.
        severities: Severity in lower case to its points.
        rules: ``severity/category[/subtype]`` in lower case to points that hold instead; ``*`` is
            every severity. The most specific rule wins.
        fatal: Severities of which one error fails the lot whatever the score.
        summary: The numbers in short, where listing all rules would be long.
        free: Words in lower case; a category that holds one costs nothing.
    """

    name: str
    severities: Mapping[str, float]
    rules: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fatal: frozenset[str] = frozenset()
    summary: str = ""
    free: tuple[str, ...] = ()

    def penalty(self, category: str, severity: str) -> float:
        """Returns the points of one error; 0 for a row that reports none.

        Raises:
            UsageError: If these weights do not know the severity.
        """
        severity = severity.strip().casefold()
        if severity in NO_ERROR:
            return 0.0
        if severity not in self.severities:
            known = ", ".join(self.severities)
            raise UsageError(
                f"severity {severity!r}: {self.name} weights know {known}; "
                "choose other weights or correct the severity"
            )
        if any(word in category.casefold() for word in self.free):
            return 0.0
        parts = [part.strip().rstrip("!") for part in category.casefold().split("/")]
        for depth in range(len(parts), 0, -1):
            for first in (severity, _ANY):
                rule = "/".join((first, *parts[:depth]))
                if rule in self.rules:
                    return self.rules[rule]
        return self.severities[severity]

    def is_fatal(self, severity: str) -> bool:
        """True if one error of this severity fails the lot."""
        return severity.strip().casefold() in self.fatal

    @property
    def largest(self) -> float:
        """Most points that one error can cost without failing the lot by itself; 0 if none costs."""
        costing = self.severities.keys() - self.fatal
        points = [self.severities[severity] for severity in costing]
        for rule, value in self.rules.items():
            severity = rule.split("/")[0]
            if severity in costing or (severity == _ANY and costing):
                points.append(value)
        return max(points, default=0.0)

    def describe(self) -> str:
        """Returns name and numbers in one line, as printed beside scores."""
        if self.summary:
            return f"{self.name} ({self.summary})"
        points = [f"{name} {value:g}" for name, value in self.severities.items()]
        points += [f"{name.replace('*/', '')} {value:g}" for name, value in self.rules.items()]
        points += [f"{word} 0" for word in self.free]
        fatal = f"; one {' or '.join(sorted(self.fatal))} error fails" if self.fatal else ""
        return f"{self.name} ({', '.join(points)}{fatal})"

    def to_dict(self) -> dict[str, Any]:
        """Returns the same for JSON."""
        return {
            "name": self.name,
            "severities": dict(self.severities),
            "rules": dict(self.rules),
            "fatal": sorted(self.fatal),
            "free": list(self.free),
        }


WMT = Weights(
    "WMT",
    MappingProxyType({"major": 5.0, "minor": 1.0, "neutral": 0.0}),
    MappingProxyType({"minor/fluency/punctuation": 0.1, "*/non-translation": 25.0}),
)
"""Freitag et al. 2021 (arXiv 2104.14478). Errors of the source count; no cap on their number."""

_NON_TRANSLATION = {f"{s}/non-translation": 25.0 for s in ("critical", "major", "minor")}

WMT24 = Weights(
    "WMT24",
    MappingProxyType({"critical": 5.0, "major": 5.0, "minor": 1.0, "neutral": 0.0}),
    MappingProxyType({**_NON_TRANSLATION, "minor/fluency/punctuation": 0.1, "*/source issue": 0.0}),
    free=("reinterpretation",),
)
"""Kocmi et al. 2024, as ``mqm_weights`` in humeval/tools.py of wmt-conference/wmt24-news-systems has it:
critical as major; a Source issue, and what is a Creative Reinterpretation, costs nothing."""

MQM = Weights(
    "MQM",
    MappingProxyType({"neutral": 0.0, "minor": 1.0, "major": 5.0, "critical": 25.0}),
    fatal=frozenset(("critical",)),
)
"""Multipliers 0, 1, 5, 25 of MQM's worked example (themqm.org); every type weighs 1."""

# Category, points if serious and if minor, and what MQM and WMT call it.
_J2450 = (
    ("wrong term", 5, 2, ("terminology",)),
    ("syntactic error", 4, 2, ("fluency/grammar", "linguistic conventions/grammar")),
    ("omission", 4, 2, ("accuracy/omission", "accuracy/addition")),
    ("word structure or agreement error", 4, 2, ("linguistic conventions/agreement",)),
    ("misspelling", 3, 1, ("fluency/spelling", "linguistic conventions/spelling")),
    ("punctuation error", 2, 1, ("fluency/punctuation", "linguistic conventions/punctuation")),
    ("miscellaneous error", 3, 1, ()),
)


def _j2450_rules() -> dict[str, float]:
    rules = {}
    for name, serious, minor, others in _J2450:
        for category in (name, *others):
            for severity, points in (("serious", serious), ("major", serious), ("minor", minor)):
                rules[f"{severity}/{category}"] = float(points)
    return rules


J2450_LIKE = Weights(
    "J2450-like",
    MappingProxyType({"serious": 3.0, "major": 3.0, "minor": 1.0, "neutral": 0.0}),
    MappingProxyType(_j2450_rules()),
    summary="serious/minor: " + ", ".join(f"{name} {s}/{m}" for name, s, m, _ in _J2450),
)
"""After SAE J2450, whose text was not read: seven categories, serious or minor, divided by source
words; no pass mark. Other categories are miscellaneous; major is read as serious."""

PRESETS: Mapping[str, Weights] = MappingProxyType(
    {"wmt": WMT, "wmt24": WMT24, "mqm": MQM, "j2450-like": J2450_LIKE}
)
"""Name in lower case to weights."""


def preset(name: str) -> Weights:
    """Returns the weights of this name.

    Raises:
        UsageError: If there are none.
    """
    try:
        return PRESETS[name.casefold()]
    except KeyError:
        raise UsageError(f"weights {name!r}: expected one of {', '.join(PRESETS)}") from None
