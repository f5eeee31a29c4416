"""Agreement with people as JSON.

Keys, all of them always there, numbers in full double precision, null where undefined::

    schema_version  1
    tool            {name, version}
    corpus          {name, segments, source_lang, target_lang}
    metrics         [{name, signature, higher_is_better}]
    human           one a file of human scores:
      file, kind, measure, orientation, notes; left_out: [{place, reason, text}]
      higher_is_better  of the human scores as they stand in the file
      systems       that both sides have; only_corpus, only_human: the others
      segments      with a human score, or null; unscored: outputs of these systems without one
      samples, seed
      system_level  [{metric, systems: n, pearson, kendall, pairwise_accuracy: FIGURE,
                    pairs, resampled: segments | systems, few_systems: true below 6,
                    all_segments: {pearson, kendall, pairwise_accuracy: number},
                    points: [{system, metric: INTERVAL, human: INTERVAL, segments}],
                    bands: BANDS}]
      segment_level [{metric, observations,
                    none, item, system: {pearson, kendall: FIGURE, groups, undefined},
                    tie_calibrated_accuracy: null, or FIGURE + {epsilon, uncalibrated,
                    all_ties, pairs},
                    bands: BANDS}]
      differences   [{level, statistic, first, second, delta, p_value, p_holm,
                    verdict: better | worse | could be chance | too few to tell | identical,
                    permutations, exact, units, needed}]
      flags         [{kind, unit: segment | span, category, flagged, hits, precision, marked,
                    found, recall, unflagged, unflagged_hits, chance}]

INTERVAL is {value, low, high}, the ends of a 95 % bootstrap interval. FIGURE is INTERVAL + {chance,
p_chance, against_chance}: what a metric gets that has nothing to do with people, the share of other
orders of people's scores that give this one as much, and the verdict (better, could be chance, too
few to tell) after Holm over every figure that is tested; the last two are null for the figures that
are not. BANDS is [{low, high, pairs, agree, share}]; by chance the share is 0.5. Correlations are
positive where metric and people agree, whatever their directions.

`delta` is how much farther above its chance the second metric is than the first, and the verdict is
the second's; Holm is over all comparisons of all files. `units` is in how many systems or segments
the two differ, `needed` how many it would take for any verdict, 0 unless there are too few.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from xindaya.metrics.agreement import (
    FEW_SYSTEMS,
    AgreementReport,
    Band,
    FileAgreement,
    FlagAgreement,
    Grouping,
    SegmentAgreement,
    SystemAgreement,
)

SCHEMA_VERSION = 1


def agreement_to_json(report: AgreementReport) -> str:
    """Returns the report as JSON text; the keys stand at the top of this module."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "xindaya", "version": report.provenance.version},
        "corpus": {
            "name": report.corpus,
            "segments": report.segments,
            "source_lang": report.source_lang,
            "target_lang": report.target_lang,
        },
        "metrics": [
            {
                "name": name,
                "signature": signature,
                "higher_is_better": report.higher_is_better[name],
            }
            for name, signature in report.signatures.items()
        ],
        "human": [_human(one) for one in report.files],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _human(one: FileAgreement) -> dict[str, Any]:
    file, agreement = one.file, one.agreement
    return {
        "file": file.name,
        "kind": file.kind,
        "measure": file.measure,
        "orientation": file.orientation,
        "higher_is_better": agreement.higher_is_better,
        "systems": list(agreement.systems),
        "only_corpus": list(file.only_corpus),
        "only_human": list(file.only_human),
        "segments": agreement.segments,
        "unscored": agreement.unscored,
        "notes": list(file.notes),
        "left_out": [asdict(item) for item in file.left_out],
        "samples": agreement.samples,
        "seed": agreement.seed,
        "system_level": [_system(s) for s in agreement.system_level],
        "segment_level": [_segment(s) for s in agreement.segment_level],
        "differences": [asdict(d) for d in agreement.differences],
        "flags": [_flag(f) for f in one.flags],
    }


def _system(s: SystemAgreement) -> dict[str, Any]:
    names = ("pearson", "kendall", "pairwise_accuracy")
    return {
        "metric": s.metric,
        "systems": len(s.points),
        "pearson": asdict(s.pearson),
        "kendall": asdict(s.kendall),
        "pairwise_accuracy": asdict(s.accuracy),
        "pairs": s.pairs,
        "resampled": s.resampled,
        "few_systems": len(s.points) < FEW_SYSTEMS,
        "all_segments": dict(zip(names, s.everywhere, strict=True)),
        "points": [asdict(p) for p in s.points],
        "bands": _bands(s.bands),
    }


def _segment(s: SegmentAgreement) -> dict[str, Any]:
    ties = None
    if s.ties is not None:
        own = asdict(s.ties)
        ties = own.pop("accuracy") | own
    return {
        "metric": s.metric,
        "observations": s.observations,
        **{g.by: _grouping(g) for g in s.groupings},
        "tie_calibrated_accuracy": ties,
        "bands": _bands(s.bands),
    }


def _grouping(g: Grouping) -> dict[str, Any]:
    content = asdict(g)
    del content["by"]
    return content


def _bands(bands: Sequence[Band]) -> list[dict[str, Any]]:
    return [asdict(b) | {"share": b.share} for b in bands]


def _flag(f: FlagAgreement) -> dict[str, Any]:
    return asdict(f) | {"precision": f.precision, "recall": f.recall, "chance": f.chance}
