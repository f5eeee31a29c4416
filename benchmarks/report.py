"""How large the report of a large evaluation is, and how fast it opens and filters in Chromium.

    python benchmarks/report.py [--data DIR] [--sizes 2000x12,10000x20] [--rounds 5] [--keep DIR]

The corpora are WMT22 zh-en (see ``--data``) repeated until they are large enough, every repeated
text changed here and there, so that the file cannot be packed better than real text; the termbase is
the sample's, the data check is on. *open* and *filter* are seconds of the page's own clock: from
navigation until the section is drawn and keys work, and from an event until the list is drawn and
laid out. *evaluate*, *render* and *analyse* (a part of *render*) are CPU seconds. The command fails
if a goal is missed: opens in under 2 s, filters in under 0.1 s, file below 15 MB.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation
from xindaya.metrics.analysis import analyse
from xindaya.pairs import Corpus, Segment
from xindaya.reports.html import render_html
from xindaya.samples import SAMPLE_TERMBASE

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
GOALS = {"MB": 15.0, "open": 2.0, "filter": 0.1}
CHANGED = 0.06  # share of the words (of Chinese: characters) of a repeated text that change

VIEWS = ("summary", "analysis", "segments")
BEFORE = {"lead": "set('a', data('a', 1), 'change')"}  # what is chosen first, untimed
FILTERS = {
    "search, Chinese": "set('search', '中国', 'input')",
    "search, English": "set('search', 'the government', 'input')",
    "search, one letter": "set('search', 'e', 'input')",
    "search, nothing found": "set('search', 'xyzzy', 'input')",
    "document": "set('doc', data('doc', 7), 'change')",
    "length": "set('part', data('part', 2), 'change')",
    "lead": "set('b', data('b', 2), 'change')",
    "sort": "set('sort', data('sort', 1), 'change')",
    "term problems": "set('flag', 'any', 'change')",
}
TOPICS = {
    "metric": "set('metric', data('metric', 1), 'change')",
    "pair": "set('x', data('x', 3), 'change')",
}
READY = """
new MutationObserver(() => {
  const root = document.documentElement;
  if (root && root.dataset.ready === 'yes' && !window.readyAt) {
    root.offsetHeight;
    window.readyAt = performance.now();
  }
}).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
"""
TIMED = """(() => {
  const data = (id, k) => document.getElementById(id).options[k].value;
  const set = (id, value, event) => {
    const node = document.getElementById(id);
    node.value = value;
    node.dispatchEvent(new Event(event));
  };
  %s;
  document.body.offsetHeight;
  const start = performance.now();
  %s;
  document.body.offsetHeight;
  return (performance.now() - start) / 1000;
})()"""


def build(data: Path, segments: int, systems: int) -> Corpus:
    """Builds a corpus of this size from real text."""
    rng = random.Random(7)
    folder = data / "wmt22-zhen"
    stem = "generaltest2022.zh-en"

    def lines(name: str) -> list[str]:
        return (folder / f"{stem}.{name}").read_text("utf-8").split("\n")[:-1]

    source, reference = lines("src.zh"), lines("ref.A.en")
    names = sorted(p.name[len(f"{stem}.hyp.") : -len(".en")] for p in folder.glob(f"{stem}.hyp.*"))
    outputs = {name: lines(f"hyp.{name}.en") for name in names}
    size = len(source)
    letters = [c for text in source for c in text]
    vocabulary = [w for text in reference for w in text.split()]

    def text(of: list[str], k: int, changed: bool, pool: list[str], joint: str) -> str:
        words = of[k % size].split() if joint else list(of[k % size])
        if changed:
            words = [rng.choice(pool) if rng.random() < CHANGED else w for w in words]
        return joint.join(words)

    def english(of: list[str], changed: bool) -> tuple[str, ...]:
        return tuple(
            text(of, k, changed or k >= size, vocabulary, " ") for k in range(segments)
        )  # fmt: skip

    chosen = [names[n % len(names)] for n in range(systems)]
    systems_texts = {
        name if n < len(names) else f"{name}-{n // len(names) + 1}": english(
            outputs[name], n >= len(names)
        )
        for n, name in enumerate(chosen)
    }
    references = english(reference, changed=False)
    return Corpus(
        f"{segments} × {systems}", "zh", "en",
        tuple(
            Segment(f"s{k:05d}", text(source, k, k >= size, letters, ""), (references[k],),
                    f"d{k // 20:04d}", ("news", "social", "conversation", "e-commerce")[k // 20 % 4])
            for k in range(segments)
        ),
        ("A",), systems_texts,
    )  # fmt: skip


def chromium() -> Any:
    """Loads what drives Chromium in the tests."""
    path = ROOT / "tests" / "reports" / "chromium.py"
    spec = importlib.util.spec_from_file_location("chromium", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def opened(browser: Any, page: Path, view: str) -> float:
    """Opens a section and returns the seconds until it was drawn."""
    browser.open(page, f"#view={view}")
    return float(browser.js("window.readyAt")) / 1000


def measure(page: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Measures one file in a browser of its own; medians over the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        browser = chromium().Browser(Path(folder))
        try:
            browser.send("Page.addScriptToEvaluateOnNewDocument", source=READY)
            opening = {v: [opened(browser, page, v) for _ in range(rounds)] for v in VIEWS}
            return {
                "open": {v: statistics.median(times) for v, times in opening.items()},
                "filter": timed(browser, page, "segments", FILTERS, rounds),
                "analysis": timed(browser, page, "analysis", TOPICS, rounds),
            }
        finally:
            browser.close()


def timed(
    browser: Any, page: Path, view: str, actions: dict[str, str], rounds: int
) -> dict[str, float]:
    """Times each action from a fresh section."""
    found = {}
    for name, action in actions.items():
        times = []
        for _ in range(rounds):
            browser.open(page, f"#view={view}")
            browser.js("new Promise((done) => requestIdleCallback(done))")
            times.append(browser.js(TIMED % (BEFORE.get(name, ""), action)))
        found[name] = statistics.median(times)
    return found


def record(data: Path, size: str, rounds: int, folder: Path) -> dict[str, Any]:
    """Builds, evaluates, renders and measures one size."""
    segments, systems = map(int, size.split("x"))
    corpus = build(data, segments, systems)
    settings = Settings(confidence_samples=100, test_samples=100)
    start = time.process_time()
    evaluation: Evaluation = evaluate(corpus, termbase=SAMPLE_TERMBASE, settings=settings)
    evaluated = time.process_time()
    text = render_html(evaluation)
    rendered = time.process_time()
    analyse(evaluation)
    analysed = time.process_time()
    page = folder / f"{size}.html"
    page.write_text(text, "utf-8")
    return {
        "size": size, "MB": page.stat().st_size / 1e6, "evaluate": evaluated - start,
        "render": rendered - evaluated, "analyse": analysed - rendered, **measure(page, rounds),
    }  # fmt: skip


def missed(found: dict[str, Any]) -> list[str]:
    """Returns the goals that are not met."""
    worst = {"MB": found["MB"], "open": max(found["open"].values()),
             "filter": max(found["filter"].values())}  # fmt: skip
    return [f"{found['size']}: {k} {worst[k]:.2f} > {goal}" for k, goal in GOALS.items()
            if worst[k] > goal]  # fmt: skip


def markdown(records: list[dict[str, Any]]) -> str:
    """Returns a table: a row a figure, a column a size."""
    rows = [("file, MB", [f"{r['MB']:.1f}" for r in records])]
    rows += [
        (f"{key}, CPU s", [f"{r[key]:.1f}" for r in records])
        for key in ("evaluate", "render", "analyse")
    ]
    for group in ("open", "filter", "analysis"):
        rows += [
            (f"{group}: {name}, s", [f"{r[group][name]:.3f}" for r in records])
            for name in records[0][group]
        ]
    head = ["| figure | " + " | ".join(r["size"] for r in records) + " |",
            "| --- |" + " --- |" * len(records)]  # fmt: skip
    return "\n".join(head + [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows])


def main() -> int:
    """Measures every size; returns 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("XINDAYA_DATA", DATA)))
    parser.add_argument("--sizes", default="2000x12,10000x20")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="folder to leave the reports in")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        records = [
            record(chosen.data, s, chosen.rounds, folder) for s in chosen.sizes.split(",")
        ]  # fmt: skip
    facts = {"python": platform.python_version(), "cores": os.cpu_count(),
             "load": f"{os.getloadavg()[0]:.1f}", "rounds": chosen.rounds}  # fmt: skip
    print(", ".join(f"{k} {v}" for k, v in facts.items()) + "\n\n" + markdown(records))
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": facts, "results": records}, indent=1))
    failures = [text for found in records for text in missed(found)]
    print("\n".join(["", *failures] if failures else ["", "all goals met"]))
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
