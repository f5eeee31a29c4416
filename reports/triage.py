"""Views of a triage: what needs no person, how sure that is, and what it would take to say it."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction

from xindaya.metrics.triage import PARTS, Triage
from xindaya.pairs.errors import ascii_controls
from xindaya.reports.tsv import tsv


def triage_to_json(found: Triage, system: str, rule: str, ids: list[str]) -> str:
    """Returns a triage as JSON text; arguments as in `triage_to_text`, and the ids of the segments."""
    free = found.free.segments if found.free else 0
    content = {
        "schema_version": 1,
        "kind": "triage",
        "system": system,
        "rule": rule,
        "most": float(found.most),
        "confidence": float(found.confidence),
        "segments": len(found.order),
        "reviewed": found.reviewed,
        "bad": found.bad,
        "free": asdict(found.free) if found.free else None,
        "needed": found.needed,
        "expected": found.expected,
        "parts": [asdict(part) for part in found.parts],
        "publish": [ids[place] for place in sorted(found.order[:free])],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def triage_to_text(found: Triage, system: str, rule: str) -> str:
    """Returns a triage as text.

    Args:
        found: What was found.
        system: Whose outputs.
        rule: How segments were ranked by risk.
    """
    segments, most, sure = len(found.order), _percent(found.most), _percent(found.confidence)
    lines = [
        f"{ascii_controls(system)}: {segments:,} segments; reviewed {found.reviewed:,}, bad {found.bad:,}",
        f"Safest first: the reverse of {ascii_controls(rule)}.",
        "",
    ]
    if found.free:
        part = found.free
        lines.append(
            f"Publish these {part.share:.0%} without a person: {part.segments:,} segments, of which at most "
            f"{most} are bad ({sure} sure); {part.reviewed:,} of them were reviewed, {part.bad:,} bad."
        )
    else:
        lines.append(
            f"Too few reviews to say it of any part: at most {most} bad, {sure} sure, takes {found.needed:,} "
            "reviews of a part without a bad one."
        )
        lines.append(
            f"At the rates found, about {found.expected:,} reviews in all would do."
            if found.expected
            else "No part has so few bad ones among those reviewed: more reviews alone will not do."
        )
    lines += ["", "part   segments  reviewed    bad  p (Holm)"]
    lines += [
        f"{part.share:>4.0%}  {part.segments:>9,}  {part.reviewed:>8,}  {part.bad:>5,}  {part.p_holm:>8.4f}"
        for part in found.parts
    ]
    lines += [
        "",
        f"Holds where the reviewed segments were drawn at random. {PARTS} parts are one family.",
    ]
    return "\n".join(lines) + "\n"


def triage_to_tsv(found: Triage, ids: list[str], reviewed: set[int]) -> str:
    """Returns a row a segment, in order: publish or review, its place from the safest, and if it was reviewed."""
    free = found.free.segments if found.free else 0
    place = {position: n for n, position in enumerate(found.order, 1)}
    rows = [
        [
            id_,
            "publish" if place[n] <= free else "review",
            place[n],
            "yes" if n in reviewed else "no",
        ]
        for n, id_ in enumerate(ids)
    ]
    return tsv(["id", "do", "place", "reviewed"], rows)


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):g} %"
