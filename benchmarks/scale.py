"""What scale-out costs: segments a second and core, bytes and peak memory, and 10⁹ segments by it.

    python benchmarks/scale.py [--segments 20000] [--engines serial,processes,dask] [--terms TB]

The corpus is WMT22 zh-en (see ``--data``) repeated: one source, one reference, two systems,
documents of 20 segments. Each line is one whole `xindaya scale`-like run in a process of its own,
its start included; "scoring" is the part that grows with the corpus, from two sizes. All runs must
give the same totals, or the command fails. The extrapolation is a straight line, and says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "shared" / "data"
SYSTEMS = ("Online-A", "Online-B")
BILLION = 10**9

RUN = """
import json, resource, sys, time
from xindaya.metrics import make_metrics
from xindaya.scale import processes, score_blocks, serial
from xindaya.scale.cluster import dask
from xindaya.scale.views import to_dict

def main():
    path, metrics, terms, engine, workers = sys.argv[1:]
    chosen = {"serial": lambda: serial, "processes": lambda: processes(int(workers)),
              "dask": lambda: dask(workers=int(workers))}[engine]()
    start = time.perf_counter()
    result = score_blocks([path], metrics=list(make_metrics(metrics.split(",")).values()),
                          termbase=terms or None, engine=chosen)
    seconds = time.perf_counter() - start
    own, children = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    view = {k: v for k, v in to_dict(result).items() if k != "scale"}
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_kib": own.ru_maxrss,
                      "worker_peak_kib": children.ru_maxrss, "blocks": result.blocks,
                      "view": view}))

if __name__ == "__main__":
    main()
"""


def write_corpus(data: Path, segments: int, path: Path) -> None:
    """Writes the corpus as one TSV table."""
    folder = data / "wmt22-zhen"
    files = ["src.zh", "ref.A.en", *(f"hyp.{s}.en" for s in SYSTEMS)]
    columns = [
        (folder / f"generaltest2022.zh-en.{f}").read_text("utf-8").split("\n")[:-1] for f in files
    ]
    rows = [[text.replace("\t", " ") for text in row] for row in zip(*columns, strict=True)]
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        names = ("document", "source", "reference", *(f"system:{s}" for s in SYSTEMS))
        stream.write("\t".join(names) + "\n")
        for k in range(segments):
            stream.write("\t".join([f"d{k // 20}", *rows[k % len(rows)]]) + "\n")


def measure(path: Path, metrics: str, terms: str, engine: str, workers: int) -> dict[str, Any]:
    """Runs once in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "run.py"  # spawned workers import it
        script.write_text(RUN, encoding="utf-8")
        command = [sys.executable, str(script), str(path), metrics, terms, engine, str(workers)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def record(
    sizes: list[tuple[int, Path]], metrics: str, terms: str, engine: str, workers: int, rounds: int
) -> dict[str, Any]:
    """Measures both sizes and takes what lies between them."""
    runs = [
        [measure(path, metrics, terms, engine, workers) for _, path in sizes] for _ in range(rounds)
    ]
    (few, _), (many, _) = sizes
    cores = 1 if engine == "serial" else workers
    best = min(runs, key=lambda pair: pair[1]["seconds"])
    small, large = best
    # The fastest of each size: other jobs only ever add time.
    seconds = [min(pair[k]["seconds"] for pair in runs) for k in range(2)]
    cpu = [min(pair[k]["cpu"] for pair in runs) for k in range(2)]
    return {
        "engine": engine, "workers": cores, "metrics": metrics, "terms": bool(terms),
        "segments": many, "bytes": sizes[1][1].stat().st_size, "blocks": large["blocks"],
        "seconds": seconds[1], "start": max(0.0, seconds[0] - few * (seconds[1] - seconds[0])
                                            / (many - few)),
        "per_second": (many - few) / (seconds[1] - seconds[0]),
        "per_cpu_second": (many - few) / (cpu[1] - cpu[0]),
        "peak_mib": large["peak_kib"] / 1024, "worker_peak_mib": large["worker_peak_kib"] / 1024,
        "peak_mib_small": small["peak_kib"] / 1024, "view": large["view"],
    }  # fmt: skip


def markdown(records: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    """Returns the table and the extrapolation."""
    lines = [
        ", ".join(f"{name} {value}" for name, value in facts.items()),
        "",
        (
            "| metrics | engine | workers | blocks | seconds, start | segments/s | segments/s and "
            "CPU second | peak MiB, worker |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r['metrics']}{' + terms' if r['terms'] else ''} | {r['engine']} | {r['workers']} "
        f"| {r['blocks']} | {r['seconds']:.1f}, {r['start']:.1f} | {r['per_second']:,.0f} "
        f"| {r['per_cpu_second']:,.0f} | {r['peak_mib']:.0f}, {r['worker_peak_mib']:.0f} |"
        for r in records
    ]
    lines += ["", "Extrapolated to 10⁹ segments (a straight line, not measured):", ""]
    for r in records:
        hours = BILLION / r["per_cpu_second"] / 3600
        size = r["bytes"] / r["segments"] * BILLION / 1e9
        label = r["metrics"] + (" + terms" if r["terms"] else "")
        lines.append(
            f"- {label}, {r['engine']}: {hours:,.1f} core hours "
            f"({hours / 64:,.1f} h on 64 cores), {size:,.0f} GB of TSV"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Runs everything; returns 1 if totals differ."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("XINDAYA_DATA", DATA)))
    parser.add_argument("--segments", type=int, default=20_000)
    parser.add_argument("--engines", default="serial,processes,dask")
    parser.add_argument("--metrics", default="bleu,chrf", help="sets separated by /")
    parser.add_argument("--terms", default="", help="termbase for another set of rows")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    records: list[dict[str, Any]] = []
    differing = False
    with tempfile.TemporaryDirectory() as folder:
        sizes = []
        for segments in (chosen.segments // 5, chosen.segments):
            path = Path(folder) / f"{segments}.tsv"
            write_corpus(chosen.data, segments, path)
            sizes.append((segments, path))
        for metrics in chosen.metrics.split("/"):
            for terms in dict.fromkeys(("", chosen.terms)):
                first = None
                for engine in chosen.engines.split(","):
                    print(f"{metrics} {terms} {engine}", file=sys.stderr)
                    found = record(
                        sizes, metrics, terms, engine, chosen.workers, chosen.rounds
                    )  # fmt: skip
                    first = first or found["view"]
                    differing |= found.pop("view") != first
                    records.append(found)
    facts = {
        "python": platform.python_version(), "system": platform.platform(),
        "cores": os.cpu_count(), "load": f"{os.getloadavg()[0]:.1f}",
        "segments": f"{chosen.segments:,}", "systems": len(SYSTEMS),
        "bytes a segment": f"{records[0]['bytes'] / chosen.segments:.0f}",
        "totals": "DIFFERENT" if differing else "equal to the last bit",
    }  # fmt: skip
    print(markdown(records, facts))
    if chosen.json:
        report = {"machine": facts, "results": records}
        chosen.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return int(differing)


if __name__ == "__main__":
    sys.exit(main())
