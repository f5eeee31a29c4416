"""The engine against sacrebleu: verified first, then timed in interleaved rounds.

    python benchmarks/engine.py [--data DIR] [--rounds 5] [--json FILE] [--markdown FILE]

Every candidate runs once a round, in rotated order, and ratios are taken inside a round, so that a
machine that slows down for a minute slows all of them. sacrebleu gets its best usage: references
cached once, before the clock starts; its tokenizers' caches are emptied each time, as a fresh
process finds them. The candidates' times include all work on the references.

The data are WMT21 and WMT22 zh-en (12 systems each; see ``--data``). There is no en-zh set among
them: the rows "zh (sources)" take the Chinese sources as references and disturbed copies of them as
12 systems. TER is timed for one system on every n-th segment, since sacrebleu takes minutes.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import sacrebleu
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_re import TokenizerRegexp
from sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from xindaya.metrics.engine import fallback, kernel

DATA = Path(__file__).parents[2] / "shared" / "data"
SETS = {
    "WMT21 zh-en": ("wmt21-zhen-mqm", "newstest2021"),
    "WMT22 zh-en": ("wmt22-zhen", "generaltest2022"),
}
CHINESE_TER = {"normalized": True, "asian_support": True}


@dataclass
class Work:
    """One thing to compute: a metric over a set."""

    data: str
    metric: str
    function: str
    options: dict[str, Any]
    oracle: Callable[[], Any]
    outputs: Sequence[Sequence[str]]
    references: Sequence[Sequence[str]]
    differing: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)


def read(path: Path) -> list[str]:
    """Returns the lines of a file; only LF ends one."""
    return path.read_text(encoding="utf-8").split("\n")[:-1]


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


def works(data: Path, ter_step: int) -> list[Work]:
    """Returns everything to compute."""
    sets = {}
    sources: list[str] = []
    for name, (folder, start) in SETS.items():
        place = data / folder
        outputs = [read(p) for p in sorted(place.glob(f"{start}.zh-en.hyp.*"))]
        sets[name] = (outputs, read(place / f"{start}.zh-en.ref.A.en"))
        sources = read(place / f"{start}.zh-en.src.zh")
    sets["zh (sources)"] = ([disturbed(sources, seed) for seed in range(12)], sources)
    result = []
    for name, (outputs, reference) in sets.items():
        references = [[text] for text in reference]
        chinese = name.startswith("zh")
        result += [
            Work(name, f"BLEU-{tokenize}", "bleu", {"tokenize": tokenize},
                 partial(BLEU, tokenize=tokenize, force=True), outputs, references)
            for tokenize in (("zh",) if chinese else ("13a", "zh"))
        ]  # fmt: skip
        for label, order in (("chrF", 0), ("chrF++", 2)):
            result.append(
                Work(name, label, "chrf", {"word_order": order},
                     partial(CHRF, word_order=order), outputs, references)
            )  # fmt: skip
        options = CHINESE_TER if chinese else {}
        result.append(
            Work(name, "TER", "ter", options, partial(TER, **options),
                 [outputs[3][::ter_step]], references[::ter_step])
        )  # fmt: skip
    return result


def candidates(work: Work, cores: int) -> dict[str, Callable[[], Any]]:
    """Returns what to time; the first is what ratios refer to."""
    metric = work.oracle()
    cache = metric._cache_references(list(zip(*work.references, strict=True)))
    metric._ref_cache = cache

    def oracle() -> Any:
        for call in (Tokenizer13a, TokenizerRegexp, TokenizerZh, TercomTokenizer):
            call.__call__.cache_clear()
        TokenizerZh._is_chinese_char.cache_clear()
        return [metric._extract_corpus_statistics(texts, None) for texts in work.outputs]

    def ours(backend: Any, threads: int) -> Any:
        rows = getattr(backend, f"{work.function}_rows")
        return rows(work.outputs, work.references, **work.options, threads=threads)

    found = {
        "sacrebleu": oracle,
        "kernel, 1 thread": partial(ours, kernel, 1),
        f"kernel, {cores} threads": partial(ours, kernel, cores),
    }
    if work.metric != "TER":  # the fallback's is sacrebleu's
        found["fallback"] = partial(ours, fallback, 1)
    return found


def measure(work: Work, rounds: int, cores: int) -> None:
    """Verifies, then times."""
    runs = candidates(work, cores)
    wanted = np.array(runs["sacrebleu"]())
    for name, run in runs.items():
        work.seconds[name] = []
        work.differing[name] = int((np.asarray(run()) != wanted).sum())
    names = list(runs)
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            gc.collect()
            start = time.perf_counter()
            runs[name]()
            work.seconds[name].append(time.perf_counter() - start)


def summary(work: Work) -> list[dict[str, Any]]:
    """Returns one record a candidate."""
    base = work.seconds["sacrebleu"]
    pairs = len(work.outputs) * len(work.references)
    records = []
    for name, seconds in work.seconds.items():
        ratios = [a / b for a, b in zip(base, seconds, strict=True)]
        records.append(
            {
                "data": work.data, "metric": work.metric, "pairs": pairs, "candidate": name,
                "differing": work.differing[name], "seconds": seconds,
                "microseconds_per_pair": statistics.median(seconds) / pairs * 1e6,
                "ratio": statistics.median(ratios), "ratio_min": min(ratios),
                "ratio_max": max(ratios),
            }
        )  # fmt: skip
    return records


def machine() -> dict[str, Any]:
    """Returns what the numbers depend on."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").split("\n")
        model = next((x.split(": ")[1] for x in lines if x.startswith("model name")), model)
    return {
        "python": platform.python_version(), "numpy": np.__version__,
        "sacrebleu": sacrebleu.__version__, "system": platform.platform(), "processor": model,
        "cores": kernel._cores(), "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }  # fmt: skip


def markdown(records: Sequence[dict[str, Any]], facts: dict[str, Any]) -> str:
    """Returns the table."""
    lines = [
        ", ".join(f"{name} {value}" for name, value in facts.items()),
        "",
        "| data | metric | candidate | differing | µs a pair | × sacrebleu, median (min–max) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r['data']} | {r['metric']} | {r['candidate']} | {r['differing']} "
        f"| {r['microseconds_per_pair']:.2f} "
        f"| {r['ratio']:.1f} ({r['ratio_min']:.1f}–{r['ratio_max']:.1f}) |"
        for r in records
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Runs everything; returns 1 if a number differs from sacrebleu's."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("XINDAYA_DATA", DATA)))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ter-step", type=int, default=10, help="take every n-th segment")
    parser.add_argument("--only", default="", help="a metric, or part of a set's name")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    chosen = parser.parse_args()
    records: list[dict[str, Any]] = []
    facts = machine()
    for work in works(chosen.data, chosen.ter_step):
        if chosen.only not in (work.metric, "") and chosen.only not in work.data:
            continue
        measure(work, chosen.rounds, facts["cores"])
        records += summary(work)
        print(f"{work.data} {work.metric} done", file=sys.stderr)
    text = markdown(records, facts)
    print(text)
    if chosen.json:
        report = {"machine": facts, "rounds": chosen.rounds, "results": records}
        chosen.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")
    return int(any(r["differing"] for r in records))


if __name__ == "__main__":
    sys.exit(main())
