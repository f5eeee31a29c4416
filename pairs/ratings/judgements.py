"""What one person said of one output, and all of it together as `Ratings`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import Direction, said
from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.formats.marot import MqmError, fill_outputs
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.ratings.model import Ratings
from xindaya.pairs.ratings.table import LARGEST, is_score, score_of

_OTHER_TEXT = "texts unlike an earlier judgement's"
NOTHING = "No-error"
_BY = "as its judgements say"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's judgement of one output.

    Attributes:
        place: Where it stands, such as ``line 3``.
        system: Whose output.
        segment: Of what.
        document: In which document; empty if the file does not say.
        rater: By whom; empty if the file does not say.
        score: None if the person gave none.
        errors: Places and severities of errors: begin, end (exclusive) and what `MqmError` has.
        source: Text, if the file has it.
        target: The output, likewise.
        time: When it was made, in seconds; of two by one person, the later holds.
        tags: Languages, if the file says them.
    """

    place: str
    system: str
    segment: str
    document: str = ""
    rater: str = ""
    score: float | None = None
    errors: tuple[MqmError, ...] = ()
    source: str | None = None
    target: str | None = None
    time: float = 0.0
    tags: tuple[str, str] | None = None


def error_of(item: Mapping[str, Any], begin: str, end: str, *, inclusive: bool) -> MqmError:
    """Returns an error span of JSON; system, segment and rater are put in by `ratings_of`.

    Args:
        item: The object.
        begin: Key of its first character.
        end: Key of its last one, or of the one after.
        inclusive: Whether `end` is the last one. A place that is no number (``missing``) is none.
    """
    places = item.get(begin), item.get(end)
    spans: tuple[tuple[int, int], ...] = ()
    numbers = [place for place in places if type(place) is int and place >= 0]
    if len(numbers) == 2:
        spans = ((min(numbers), max(numbers) + inclusive),)
    rest = {k: v for k, v in item.items() if k not in (begin, end, "category", "severity") and v}
    if not spans and any(place not in (None, -1) for place in places):
        rest["place"] = [str(place) for place in places]
    return MqmError(
        "", "", "", str(item.get("category") or ""), str(item.get("severity") or ""),
        target_spans=spans, metadata=json.dumps(rest, ensure_ascii=False) if rest else "",
    )  # fmt: skip


def ratings_of(
    path: Path,
    found: Iterable[Judgement | LeftOut],
    measure: str,
    *,
    direction: Direction | None = None,
) -> Ratings:
    """Puts judgements together; several people's scores of an output are averaged.

    Args:
        path: The file.
        found: The judgements, and what is none.
        measure: What their scores are called.
        direction: As stated, else that of the first judgement; those of other languages are left out.

    Raises:
        InputError: If texts contradict the direction.
        NothingToEvaluateError: If there is no judgement.
    """
    every: list[Judgement] = []
    left_out: list[LeftOut] = []
    for item in found:
        way = None if isinstance(item, LeftOut) or not item.tags else said(*item.tags, _BY)
        direction = direction or way  # that of the first, where none is stated
        if isinstance(item, LeftOut):
            left_out.append(item)
        elif item.tags and not (way and direction and way.agrees(direction)):
            reason = f"judgements from {item.tags[0]} to {item.tags[1]}"
            left_out.append(LeftOut(item.place, reason, _text(item)))
        else:
            every.append(item)
    kept = _latest(_by_document(every), left_out)
    if not kept:
        raise NothingToEvaluateError(f"{path}: no output is judged")
    given: dict[str, dict[str, list[float]]] = {}
    errors: list[MqmError] = []
    for one in kept:
        own = given.setdefault(one.system, {}).setdefault(one.segment, [])
        own += [] if one.score is None else [one.score]
        nothing = MqmError(one.system, one.segment, one.rater, NOTHING, NOTHING)
        errors += [
            replace(e, system=one.system, segment=one.segment, rater=one.rater) for e in one.errors
        ] or [nothing]
    segments = {
        system: {i: sum(scores) / len(scores) if scores else None for i, scores in own.items()}
        for system, own in given.items()
    }
    scored = any(x is not None for own in segments.values() for x in own.values())
    repeated = sum(len(scores) > 1 for own in given.values() for scores in own.values())
    notes = [f"{repeated:,} outputs that several people scored have their mean"] if repeated else []
    with_texts = all(one.source is not None and one.target is not None for one in kept)
    return Ratings(
        path.name,
        "segments" if scored else "mqm",
        measure if scored else "MQM",
        segments=segments,
        corpus=_corpus(path, kept, direction, notes, left_out) if with_texts else None,
        errors=tuple(errors),
        notes=tuple(notes),
        left_out=tuple(left_out),
    )


def _by_document(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Names segments ``DOC:ID`` where every document counts its own."""
    owners: dict[str, str] = {}
    if all(owners.setdefault(one.segment, one.document) == one.document for one in judgements):
        return list(judgements)
    return [replace(one, segment=f"{one.document}:{one.segment}") for one in judgements]


def _latest(judgements: Sequence[Judgement], left_out: list[LeftOut]) -> list[Judgement]:
    """Keeps the last of several judgements that one person made of one output."""
    last: dict[tuple[str, ...], Judgement] = {}
    for one in judgements:
        # Without a name, two judgements may be two people's.
        key = one.system, one.segment, one.rater or one.place
        earlier = last.get(key)
        if earlier is not None:
            one, earlier = (one, earlier) if one.time >= earlier.time else (earlier, one)
            reason = "judgements that the same person made again"
            left_out.append(LeftOut(earlier.place, reason, _text(earlier)))
        last[key] = one
    return list(last.values())


def _text(one: Judgement) -> str:
    cells = [one.system, one.segment, one.rater, one.source or "", one.target or ""]
    cells += [] if one.score is None else [f"{one.score:g}"]
    cells += [" ".join(filter(None, (e.category, e.severity, e.metadata))) for e in one.errors]
    return "\t".join(filter(None, cells))


def _corpus(
    path: Path,
    judgements: Sequence[Judgement],
    direction: Direction | None,
    notes: list[str],
    left_out: list[LeftOut],
) -> Corpus:
    records: dict[str, Record] = {}
    for one in judgements:
        record = records.setdefault(
            one.segment, Record(one.segment, None, one.source, one.document)
        )
        known = record.systems.setdefault(one.system, one.target or "")
        for text, first in ((one.source, record.source), (one.target, known)):
            if text != first:
                left_out.append(LeftOut(one.place, _OTHER_TEXT, text or ""))
    missing = len(fill_outputs(list(records.values())))
    if missing:
        notes.append(f"{missing:,} outputs are not in the file: nobody judged them")
    return build_corpus(
        path, list(records.values()), name=path.stem, direction=direction, notes=notes
    )


def number_of(path: Path, place: str, value: Any) -> float | None:
    """Reads a score of JSON or of a cell; None where there is none.

    Raises:
        InputError: If it is no plain number.
    """
    if value is None or value != value:
        return None
    if type(value) in (int, float) and abs(value) <= LARGEST:
        return float(value)
    if isinstance(value, str) and is_score(value):
        return score_of(path, 0, value)
    raise InputError(path, f"{place}: the score {preview(str(value))}", "a number, or none")
