"""How far metrics agree with people: correlations of systems and segments, and their differences."""

from xindaya.metrics.agreement.agree import Scored, measure_agreement, measure_agreements, steps
from xindaya.metrics.agreement.flags import FlagAgreement, Mark, agree_on_flags
from xindaya.metrics.agreement.human import HumanScores, means
from xindaya.metrics.agreement.values import (
    FEW_SYSTEMS,
    Agreement,
    AgreementReport,
    Band,
    Difference,
    Estimate,
    Figure,
    FileAgreement,
    Grouping,
    HumanFile,
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
    "Figure",
    "FileAgreement",
    "FlagAgreement",
    "Grouping",
    "HumanFile",
    "HumanScores",
    "Mark",
    "Point",
    "Scored",
    "SegmentAgreement",
    "SystemAgreement",
    "TieCalibration",
    "agree_on_flags",
    "means",
    "measure_agreement",
    "measure_agreements",
    "steps",
]
