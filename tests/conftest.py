"""Shared fixtures: small corpora made here, the sample, and real data where it lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from xindaya.pairs import Corpus, Segment, Termbase, read_termbase

ROOT = Path(__file__).resolve().parents[1]

# Examples are not timed: machines are shared, and speed is measured in benchmarks/.
settings.register_profile("xindaya", deadline=None)
settings.load_profile("xindaya")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real test sets; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("XINDAYA_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("real test sets are absent; set XINDAYA_DATA to their folder")
    return folder


@pytest.fixture
def calls() -> Callable[[Callable[[], object]], int]:
    """Counts the functions that something calls, Python's and C's: what it costs, without a clock."""

    def count(act: Callable[[], object]) -> int:
        number = 0

        def watch(_frame: object, event: str, _argument: object) -> None:
            nonlocal number
            number += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(watch)
        try:
            act()
        finally:
            sys.setprofile(before)
        return number

    return count


@pytest.fixture
def corpus() -> Corpus:
    """Four segments in two documents, two references, two systems."""
    rows = [
        ("1", "国家网信办发布新规。", "The CAC issued new rules.", "CAC publishes rules.", "a"),
        ("2", "网信办表示，将加强监管。", "The CAC will step up oversight.", "It will.", "a"),
        ("3", "人工智能发展迅速。", "AI is developing fast.", "AI grows fast.", "b"),
        ("4", "3.5%的增长。", "Growth of 3.5%.", "A 3.5% rise.", "b"),
    ]
    segments = tuple(Segment(i, zh, (a, b), document) for i, zh, a, b, document in rows)
    systems = {
        "good": (
            "The CAC issued new rules.",
            "The CAC will step up oversight.",
            "AI grows.",
            "3.5%.",
        ),
        "bad": ("Network office rules.", "", "AI.", "Growth of 3.5%."),
    }
    return Corpus("small", "zh", "en", segments, ("A", "B"), systems)


@pytest.fixture
def termbase(tmp_path: Path) -> Termbase:
    """Three concepts with every status."""
    path = tmp_path / "terms.tsv"
    rows = [
        "concept\tzh\ten\tstatus\tcase\tnote\texpansion",
        "cac\t国家网信办\tCyberspace Administration of China\tpreferred\t\t\t",
        "cac\t网信办\tCAC\tadmitted\texact\t\tCyberspace Administration of China",
        "cac\t\tState Internet Information Office\tdeprecated\t\t\t",
        "cac\t\tnetwork information office\tforbidden\t\t\t",
        "ccac-office\t中央网信办\tOffice of the Central Cyberspace Affairs Commission\t\t\t\t",
        "ccac\t中央网信委\tCentral Cyberspace Affairs Commission\tpreferred\t\t\t",
        "model\t大模型\tlarge model\tpreferred\t\t\t",
        "model\t\tbig model\tforbidden\t\t\t",
        "governance\t治网\tgovern the internet\tpreferred\t\t\t",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_termbase(path)
