"""A report too large for one file: the whole report without texts, and parts with the texts.

A part is a page of the same kind, of a run of documents. It is cut from the payload of the whole,
so that both say the same.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A file may have 15 MB and opens within 2 s. Measured with benchmarks/report.py: 10,000 segments of
# 20 systems of WMT22 weigh 37 MB and make a file of 9.4 MB that opens in 1.2 s (two busy cores).
MOST_BYTES = 50_000_000  # before packing: the browser has to unpack and read that much
MOST_PACKED = 13_000_000  # as it stands in the file; scores, terms and words come on top
CELL_BYTES = 16  # what a text costs beside its letters: its score, id and verdicts
BASE64 = 4 / 3

_SAMPLES, _SAMPLE_TEXTS = 16, 2_000  # runs of texts that are packed to see how well they do

_WITHOUT_RENDERING = "uev-"  # verdicts that have no row in the columns of renderings


@dataclass(frozen=True, slots=True)
class Shard:
    """A run of segments that gets a file of its own.

    Attributes:
        number: From 1.
        total: How many parts there are.
        first: Position of its first segment.
        last: Position after its last segment.
    """

    number: int
    total: int
    first: int
    last: int

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"segments-{self.number:04d}.html"


def room(payload: Mapping[str, Any]) -> int:
    """Returns the weight that the segments of one file may have, after a look at how texts pack."""
    texts = payload["segments"]["texts"]
    step = max(_SAMPLE_TEXTS, len(texts) // _SAMPLES)
    runs = [
        "\n".join(text or "" for text in texts[k : k + _SAMPLE_TEXTS]).encode("utf-8", "replace")
        for k in range(0, len(texts), step)
    ]
    packed = BASE64 * sum(len(zlib.compress(run, 9)) for run in runs)
    share = packed / max(1, sum(map(len, runs)))
    return round(min(MOST_BYTES, MOST_PACKED / max(share, 1e-3)))


def plan(payload: Mapping[str, Any], most: int) -> list[Shard]:
    """Cuts the segments of a report into parts of whole documents, as far as those fit.

    Args:
        payload: Of the whole report.
        most: Weight of a part: bytes of its texts, and `CELL_BYTES` for each, as from `room`.

    Returns:
        None at all if the report fits into one file.
    """
    weights = _weights(payload["segments"])
    if sum(weights) <= most:
        return []
    starts, weight = [0], 0
    for first, last in _documents(payload["segments"]["documents"]):
        size = sum(weights[first:last])
        if weight and weight + size > most:
            starts.append(first)
            weight = 0
        for k in range(first, last):  # a document larger than a part is cut, too
            if weight and weight + weights[k] > most:
                starts.append(k)
                weight = 0
            weight += weights[k]
    ends = [*starts[1:], len(weights)]
    return [
        Shard(n, len(starts), first, last)
        for n, (first, last) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def whole(payload: Mapping[str, Any], shards: Sequence[Shard], folder: str) -> dict[str, Any]:
    """Returns the payload of the report that its parts stand beside: everything but the texts.

    Args:
        payload: Of all segments.
        shards: The parts.
        folder: Their folder, seen from the report.
    """
    segments, width = payload["segments"], _width(payload["segments"])
    shown = {i for e in payload["analysis"]["extremes"] for i in _places(e)}
    sources = {str(i): segments["texts"][i * width] for i in sorted(shown)}
    return {
        **payload,
        "segments": {**segments, "texts": [], "sources": sources},
        "shards": {
            "files": [f"{folder}/{shard.file}" for shard in shards],
            "first": [shard.first for shard in shards],
        },
    }


def part(payload: Mapping[str, Any], shard: Shard, home: str) -> dict[str, Any]:
    """Returns the payload of one part.

    Args:
        payload: Of all segments.
        shard: Which of them.
        home: The whole report, seen from the part.
    """
    segments, width = payload["segments"], _width(payload["segments"])
    first, last = shard.first, shard.last
    systems = len(payload["systems"])
    documents = sorted(set(segments["documents"][first:last]))
    number = {document: k for k, document in enumerate(documents)}
    parts = payload["analysis"]["parts"]
    return {
        **payload,
        "home": home,
        "documents": [payload["documents"][d] for d in documents],
        "segments": {
            "ids": segments["ids"][first:last],
            "documents": [number[d] for d in segments["documents"][first:last]],
            "empty": [[i - first for i in s if first <= i < last] for s in segments["empty"]],
            "texts": segments["texts"][first * width : last * width],
        },
        "scores": [column[first * systems : last * systems] for column in payload["scores"]],
        "terms": payload["terms"] and _terms(payload["terms"], first, last),
        "findings": _placed(payload["findings"], first, last),
        "errors": _placed(payload["errors"], first, last),
        "analysis": {
            "parts": {
                kind: {"labels": p["labels"], "of": p["of"][first:last]}
                for kind, p in parts.items()
                if "of" in p
            }
        },
    }


def _terms(terms: Mapping[str, Any], first: int, last: int) -> dict[str, Any]:
    """Cuts the places of terms; what is said of a term stays that of all segments."""
    places = terms["sites"]["segment"]  # in reading order
    low, high = bisect_left(places, first), bisect_left(places, last)
    sites = {key: column[low:high] for key, column in terms["sites"].items()}
    sites["segment"] = [place - first for place in sites["segment"]]
    texts = []
    for text in terms["texts"]:
        start, end = (_renderings(text["verdicts"][:k]) for k in (low, high))
        rows = {key: text[key][start:end] for key in ("form", "start", "end")}
        texts.append({"verdicts": text["verdicts"][low:high], **rows})
    return {**terms, "sites": sites, "texts": texts, "alike": [], "previous": None}


def _placed(rows: Mapping[str, Any], first: int, last: int) -> dict[str, Any]:
    """Cuts columns of what stands in segments: findings, errors; lists of names stay whole."""
    kept = [n for n, place in enumerate(rows["segment"]) if first <= place < last]
    names = ("kinds", "mqms")
    cut = {
        key: column if key in names else [column[n] for n in kept] for key, column in rows.items()
    }
    cut["segment"] = [place - first for place in cut["segment"]]
    return cut


def _renderings(verdicts: str) -> int:
    return sum(code not in _WITHOUT_RENDERING for code in verdicts)


def _weights(segments: Mapping[str, Any]) -> list[int]:
    width = _width(segments)
    sizes = [
        CELL_BYTES + len((text or "").encode("utf-8", "surrogatepass"))
        for text in segments["texts"]
    ]
    return [sum(sizes[k : k + width]) for k in range(0, len(sizes), width)]


def _width(segments: Mapping[str, Any]) -> int:
    """Returns how many texts each segment has."""
    return len(segments["texts"]) // max(1, len(segments["ids"]))


def _documents(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Returns first and last + 1 of each run of segments of one document."""
    starts = [k for k, n in enumerate(numbers) if not k or n != numbers[k - 1]]
    return list(zip(starts, [*starts[1:], len(numbers)], strict=True))


def _places(extremes: Mapping[str, Any]) -> set[int]:
    """Returns the segments that the analysis quotes."""
    return {
        *extremes["worst"],
        *extremes["different"],
        *(i for e in extremes["worstOf"] for i in e),
    }
