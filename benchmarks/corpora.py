"""What the benchmarks run on: WMT sets where they lie, else the sample, and larger sets made of them.

A set is found by its file names, as WMT publishes them: ``*/NAME.zh-en.ref.A.en``,
``*/NAME.zh-en.hyp.SYSTEM.en`` and ``*/NAME.zh-en.src.zh``, and the same for en-zh. Where no en-zh
set is found, Chinese sources serve as references, and disturbed copies of them as 12 systems: the
text is real Chinese, the errors are made.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from xindaya.pairs import read_corpus
from xindaya.samples import SAMPLE_CORPUS

SYSTEMS = 12
SMALL = 40  # segments of a smoke test


@dataclass(frozen=True, slots=True)
class TestSet:
    """A test set with one reference.

    Attributes:
        name: Such as ``generaltest2022 zh-en``.
        target: ``zh`` or ``en``.
        reference: One text a segment.
        systems: Name to outputs.
    """

    name: str
    target: str
    reference: list[str]
    systems: dict[str, list[str]]

    @property
    def outputs(self) -> list[list[str]]:
        """All outputs, in order."""
        return list(self.systems.values())

    def part(self, systems: int, step: int = 1) -> TestSet:
        """Returns the first systems on every n-th segment."""
        kept = {n: texts[::step] for n, texts in islice(self.systems.items(), systems)}
        return replace(self, reference=self.reference[::step], systems=kept)

    def write(self, folder: Path) -> tuple[Path, dict[str, Path]]:
        """Writes line files; returns the reference's path and those of the systems."""
        reference = write_lines(folder / "reference", self.reference)
        return reference, {n: write_lines(folder / n, t) for n, t in self.systems.items()}


def load(data: Path, *, smoke: bool = False) -> list[TestSet]:
    """Returns the sets to measure."""
    sets = list(_published(data)) or _sample()
    if not any(s.target == "zh" for s in sets):
        sources = sorted(data.glob("*/*.zh-en.src.zh"))
        chinese = read(sources[-1]) if sources else _enlarged(read_sample_sources())
        outputs = {f"made-{k}": disturbed(chinese, k) for k in range(SYSTEMS)}
        sets.append(TestSet("Chinese (made)", "zh", chinese, outputs))
    if smoke:
        return [s.part(3, max(1, len(s.reference) // SMALL)) for s in sets]
    return sets


def one_a_language(sets: Sequence[TestSet]) -> list[TestSet]:
    """Returns the last set of each target language: others of the same differ in little."""
    return list({tests.target: tests for tests in sets}.values())


def _published(data: Path) -> Iterator[TestSet]:
    """Yields the sets in a folder; others than zh-en and en-zh are left out."""
    for path in sorted(data.glob("*/*.ref.A.*")):
        stem, _, target = path.name.partition(".ref.A.")
        if stem.rpartition(".")[2] in ("zh-en", "en-zh"):
            names = sorted(path.parent.glob(f"{stem}.hyp.*.{target}"))
            systems = {p.name[len(stem) + 5 : -len(target) - 1]: read(p) for p in names}
            yield TestSet(" ".join(stem.rsplit(".", 1)), target, read(path), systems)


def _sample() -> list[TestSet]:
    """Returns the sample that is installed with the package, enlarged to the size of a WMT set."""
    print("no WMT set found: made from the sample; set XINDAYA_DATA for real ones", file=sys.stderr)
    corpus = read_corpus(SAMPLE_CORPUS)
    reference = [segment.references[0] or "" for segment in corpus.segments]
    systems = {name: _enlarged(texts) for name, texts in corpus.systems.items()}
    return [TestSet("sample zh-en, enlarged", "en", _enlarged(reference), systems)]


def read_sample_sources() -> list[str]:
    """Returns the Chinese side of the sample."""
    return [segment.source or "" for segment in read_corpus(SAMPLE_CORPUS).segments]


def read(path: Path) -> list[str]:
    """Returns the lines of a file; only LF ends one."""
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def write_lines(path: Path, lines: Sequence[str] | Iterator[str]) -> Path:
    """Writes lines one by one; returns the path."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(line + "\n" for line in lines)
    return path


def _enlarged(lines: Sequence[str], size: int = 1900) -> list[str]:
    return list(inserted(lines, size))


def inserted(
    lines: Sequence[str], size: int, seed: int = 1, *, chinese: bool = False
) -> Iterator[str]:
    """Yields so many lines, drawn at random, each with one more word (Chinese: character) in it.

    The same seed draws the same places, so files made with it stay parallel. The insertion matters:
    sacrebleu remembers 65,536 tokenized lines, and copies would flatter it.
    """
    draw, noise = random.Random(seed), random.Random(f"{seed} {lines[0]}")
    glue = "" if chinese else " "
    tokens = sorted({t for line in lines for t in (line if chinese else line.split(" "))})
    for _ in range(size):
        line = lines[draw.randrange(len(lines))]
        parts = list(line) if chinese else line.split(" ")
        parts.insert(noise.randrange(len(parts) + 1), noise.choice(tokens))
        yield glue.join(parts)


def disturbed(lines: Sequence[str], seed: int) -> list[str]:
    """Returns the lines with some characters dropped, replaced, inserted and moved."""
    rng = random.Random(seed)
    letters = "".join(lines)
    result = []
    for line in lines:
        text = list(line)
        for _ in range(rng.randrange(1, 2 + len(text) // 6)):
            at, size = rng.randrange(len(text) + 1), rng.randrange(1, 4)
            cut = text[at : at + size]
            kind = rng.randrange(4)
            text[at : at + size] = [] if kind in (0, 3) else rng.choices(letters, k=size)
            if kind == 2:
                text[at:at] = cut
            if kind == 3:
                to = rng.randrange(len(text) + 1)
                text[to:to] = cut
        result.append("".join(text))
    return result
