"""Terms without a termbase: what a text calls each thing, and where it changes its mind.

The order of reading: `text` makes sentence pairs of tokens, `proposals` finds what is worth
watching, `aligner` (on `cells`) links words, `renderings` (on `spans`) reads off what renders each
occurrence, `verdict` judges and says how much of it is the reading's own doing, and `found` does all
of that (`discover`).

`promotion` writes what was found into a termbase, `learning` drafts a whole one.

Everything here is an estimate. Where a termbase speaks, `xindaya.metrics.terminology` is exact.
"""

from xindaya.metrics.terminology.discovery.aligner import (
    Alignment,
    LinkTable,
    Model1Aligner,
    WordAligner,
)
from xindaya.metrics.terminology.discovery.found import (
    Discovery,
    FoundRendering,
    FoundTerm,
    Place,
    discover,
)
from xindaya.metrics.terminology.discovery.text import ChosenText, Passage, choose_text
from xindaya.metrics.terminology.discovery.verdict import NoiseFloor

__all__ = [
    "Alignment",
    "ChosenText",
    "Discovery",
    "FoundRendering",
    "FoundTerm",
    "LinkTable",
    "Model1Aligner",
    "NoiseFloor",
    "Passage",
    "Place",
    "WordAligner",
    "choose_text",
    "discover",
]
