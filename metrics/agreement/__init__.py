"""How far metrics agree with people: correlations of systems and segments, and their differences."""

from xindaya.metrics.agreement.agree import measure_agreement, steps
from xindaya.metrics.agreement.flags import FlagAgreement, Mark, agree_on_flags
from xindaya.metrics.agreement.human import HumanScores, means
from xindaya.metrics.agreement.report import AgreementReport, FileAgreement, HumanFile
from xindaya.metrics.agreement.values import (
    FEW_SYSTEMS,
    Agreement,
    Band,
    Difference,
    Estimate,
    Grouping,
    Point,
    SegmentAgreement,
    SystemAgreement,
    TieCalibration,
)

__all__ = [
    "FEW_SYSTEMS",
    "Agreement",
    "AgreementReport",
    "Band",
    "Difference",
    "Estimate",
    "FileAgreement",
    "FlagAgreement",
    "Grouping",
    "HumanFile",
    "HumanScores",
    "Mark",
    "Point",
    "SegmentAgreement",
    "SystemAgreement",
    "TieCalibration",
    "agree_on_flags",
    "means",
    "measure_agreement",
    "steps",
]
