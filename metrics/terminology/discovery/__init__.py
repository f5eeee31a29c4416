"""Terms without a termbase: what a text calls each thing, and where it changes its mind.

The order of reading: `sentences` makes sentence pairs of tokens, `compounds` and `candidates` (on
`sequences` and `dictionary`) find what is worth watching, `aligner` (on `cells`, `lexicon`, `hmm`
and `leftovers`) links words, `spans`, `company`, `extraction` and `coordination` read off what
renders each occurrence, `clusters` judges, `noise` says how much of it is the aligner's own doing,
and `discover` does all of that.

Everything here is an estimate. Where a termbase speaks, `xindaya.metrics.terminology` is exact.
"""

from xindaya.metrics.terminology.discovery.aligner import HmmAligner
from xindaya.metrics.terminology.discovery.alignment import Alignment, LinkTable, WordAligner
from xindaya.metrics.terminology.discovery.discover import discover
from xindaya.metrics.terminology.discovery.found import Discovery, FoundRendering, FoundTerm
from xindaya.metrics.terminology.discovery.noise import NoiseFloor
from xindaya.metrics.terminology.discovery.sentences import Passage
from xindaya.metrics.terminology.discovery.texts import ChosenText, choose_text

__all__ = [
    "Alignment",
    "ChosenText",
    "Discovery",
    "FoundRendering",
    "FoundTerm",
    "HmmAligner",
    "LinkTable",
    "NoiseFloor",
    "Passage",
    "WordAligner",
    "choose_text",
    "discover",
]
