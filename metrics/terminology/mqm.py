"""What a termbase flag is called in MQM and in the WMT error annotation.

A flag is a machine's; an error is a person's. Severity is therefore never set here.
"""

from __future__ import annotations

from dataclasses import dataclass

from xindaya.metrics.terminology.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class MqmLabel:
    """Names of one kind of error.

    Attributes:
        mqm: MQM dimension and subtype (themqm.org).
        wmt: Category string of the WMT/Google annotations that comes closest.
    """

    mqm: str
    wmt: str


INCONSISTENT_USE = MqmLabel(
    "Terminology/Inconsistent use of terminology",
    "Terminology/Inconsistent use of terminology",
)
_AGAINST_TERMBASE = MqmLabel(
    "Terminology/Inconsistent with terminology resource",
    "Terminology/Inappropriate for context",
)

LABELS: dict[Verdict, MqmLabel] = {
    Verdict.DEPRECATED: _AGAINST_TERMBASE,
    Verdict.FORBIDDEN: _AGAINST_TERMBASE,
    Verdict.OTHER_CONCEPT: MqmLabel("Terminology/Wrong term",
                                    "Terminology/Inappropriate for context"),
}  # fmt: skip
"""An unresolved occurrence has no label: whether it is an omission is for a person to say."""
