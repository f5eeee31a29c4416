"""Where the sample corpus and termbase are installed."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

_PAIRS = Path(str(resources.files("xindaya.pairs")))

SAMPLE_CORPUS = _PAIRS / "corpora" / "sample"
SAMPLE_TERMBASE = _PAIRS / "termbases" / "sample.tsv"
