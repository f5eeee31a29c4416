"""A translation memory of 100,000 units: read, and read and written back, beside bare lxml.

    python benchmarks/formats.py [--units 100000] [--tagged] [--rounds 5] [--data DIR] [--folder DIR]

Candidates run once a round in rotated order, and ratios are taken inside a round. *bare* is
``etree.iterparse`` over the file that forgets what it has seen and looks at nothing; *bare, texts*
also takes each unit's id, languages and texts; *lxml, tags* keeps its attributes, properties and inline
tags, too. Each candidate's peak memory is that of a process of
its own. With ``--tagged`` every unit has inline tags in both texts, properties and a date.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from xindaya.pairs.formats.records import Record
from xindaya.pairs.formats.streaming import stream_tmx
from xindaya.pairs.formats.tmx import TmxReader
from xindaya.pairs.formats.tmx_writer import write_tmx_records

DATA = Path(__file__).parents[2] / "shared" / "data" / "wmt22-zhen"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def make(path: Path, units: int, data: Path, *, tagged: bool) -> None:
    """Writes a TMX file of real segments, drawn with replacement."""
    rng = random.Random(1)
    stem = str(data / "generaltest2022.zh-en")
    zh = Path(f"{stem}.src.zh").read_text("utf-8").split("\n")[:-1]
    en = Path(f"{stem}.ref.A.en").read_text("utf-8").split("\n")[:-1]
    places = (rng.randrange(len(zh)) for _ in range(units))
    write_tmx_records(
        (
            Record(
                f"u{n}", None, zh[i], references={"A": en[i]},
                extra=columns(zh[i], en[i]) if tagged else {},
            )
            for n, i in enumerate(places)
        ),
        path,
    )  # fmt: skip


def columns(source: str, target: str) -> dict[str, str]:
    """Returns what makes a unit no plain one."""
    return {
        "prop:client": "C", "prop:project": "P", "tu:changedate": "20260101T000000Z",
        "display:source": f"⟦1⟧{source[:4]}⟦/1⟧{source[4:]}",
        "display:reference:A": f"⟦1⟧{target[:9]}⟦/1⟧{target[9:]}⟦2/⟧",
    }  # fmt: skip


def bare(path: Path) -> None:
    """Parses, and looks at nothing."""
    for _, element in etree.iterparse(str(path)):
        element.clear()


def bare_units(path: Path) -> None:
    """Parses, and stops at units only."""
    for _, element in etree.iterparse(str(path), tag="tu"):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def bare_texts(path: Path) -> None:
    """Parses, and takes what a unit says."""
    for _, element in etree.iterparse(str(path), tag="tu"):
        element.get("tuid")
        for variant in element.iterchildren("tuv"):
            variant.get(LANG)
            segment = variant.find("seg")
            if segment is not None:
                "".join(segment.itertext())
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def bare_tags(path: Path) -> None:
    """Parses, and keeps what a unit says: its attributes, properties, texts and inline tags."""
    for _, element in etree.iterparse(str(path), tag="tu"):
        dict(element.attrib)
        {prop.get("type"): prop.text for prop in element.iterchildren("prop", "note")}
        for variant in element.iterchildren("tuv"):
            dict(variant.attrib)
            segment = variant.find("seg")
            if segment is not None:
                "".join(segment.itertext())
                [(tag.tag, dict(tag.attrib), tag.tail) for tag in segment.iterdescendants()]
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def read(path: Path) -> None:
    """Reads records."""
    for _ in TmxReader(path):
        pass


def convert(path: Path) -> None:
    """Reads records and writes them back."""
    stream_tmx(path, path.with_suffix(".out.tmx"), "tmx")


def to_tsv(path: Path) -> None:
    """Reads twice and writes a table."""
    stream_tmx(path, path.with_suffix(".tsv"), "tsv")


CANDIDATES: dict[str, Callable[[Path], None]] = {
    "bare": bare, "bare, units": bare_units, "bare, texts": bare_texts,
    "lxml, tags": bare_tags, "read": read, "read and write": convert, "to TSV": to_tsv,
}  # fmt: skip


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--tagged", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        CANDIDATES[arguments.only](arguments.folder / "memory.tmx")
        # The figure of getrusage counts that of the process that started this one, too.
        status = Path("/proc/self/status").read_text()
        print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "memory.tmx"
        make(path, arguments.units, arguments.data, tagged=arguments.tagged)
        table(path, arguments.rounds)
        same = digest(path) == digest(path.with_suffix(".out.tmx"))
        print(f"\nwritten back identical: {'yes' if same else 'NO'}")


def table(path: Path, rounds: int) -> None:
    """Times the candidates and prints a row for each."""
    names = list(CANDIDATES)
    clock: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            begin, cpu = time.perf_counter(), time.process_time()
            CANDIDATES[name](path)
            clock[name].append((time.perf_counter() - begin, time.process_time() - cpu))
    print(f"{path.stat().st_size / 1e6:.0f} MB, {rounds} rounds, medians\n")
    bases = "bare", "bare, texts", "lxml, tags"
    print(f"| | seconds | CPU | CPU over {' | over '.join(bases)} | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        ratios = [
            statistics.median(mine[1] / theirs[1] for mine, theirs in zip(clock[name], clock[other], strict=True))
            for other in bases
        ]  # fmt: skip
        wall, cpu = (statistics.median(column) for column in zip(*clock[name], strict=True))
        print(
            f"| {name} | {wall:.2f} | {cpu:.2f} | {' | '.join(f'{r:.2f}' for r in ratios)} "
            f"| {peak(path, name)} |"
        )


def peak(path: Path, name: str) -> str:
    """Returns the peak memory of a candidate in megabytes."""
    command = [sys.executable, __file__, "--only", name, "--folder", str(path.parent)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def digest(path: Path) -> str:
    """Returns a hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main()
