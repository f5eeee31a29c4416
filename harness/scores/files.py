"""Door one, a file: scores joined to the outputs they were made from, or refused."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from xindaya.agreement.names import match_names
from xindaya.metrics.scores import ErrorSpan, Identity, Scores, SegmentScore, key_of, mean_of
from xindaya.pairs import Corpus, InputError, Segment
from xindaya.pairs.errors import preview
from xindaya.pairs.ratings.scored import ScoredFile, ScoredRow, read_scored
from xindaya.pairs.wording import counted
from xindaya.scores.sources import Source

Place = tuple[str, int]
"""System and position of a segment."""

NOT_SCORED = "no score in the file"


@dataclass(slots=True)
class _Join:
    """Scores of a corpus while they are gathered from files.

    Attributes:
        corpus: What is scored.
        found: System to the scores of its outputs; None where none is found yet.
        references: Names of the reference sets that the scores were made with.
        used: Which texts were seen: reference, source.
        notes: What a reader should know.
    """

    corpus: Corpus
    found: dict[str, list[SegmentScore | None]]
    references: set[str] = field(default_factory=set)
    used: dict[str, bool] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_scores(source: Source, corpus: Corpus) -> Scores:
    """Reads the scores of the outputs of a corpus.

    Args:
        source: The files.
        corpus: What was scored.

    Raises:
        InputError: If a file is malformed, an output has no score, or scores are of other texts.
        NothingToEvaluateError: If a file has no score.
    """
    nothing: list[SegmentScore | None] = [None] * len(corpus.segments)
    join = _Join(corpus, {system: [*nothing] for system in corpus.systems})
    identity = source.identity()
    for number, (system, path) in enumerate(source.files.items()):
        scored = read_scored(
            path, column=source.column, title=source.title, encoding=source.encoding
        )
        own = _said(source, scored)
        if number and own != identity:
            raise InputError(path, f"scores of {own}", f"of {identity}, as in the files before it")
        identity = own
        systems = _systems(path, scored, corpus, system)
        _add(join, scored, systems, identity)
        _check_complete(join, path, systems)
    _check_systems(join, source)
    identity = _identity(identity, join, source.stated)
    pairs = (
        ((segment, text), score)
        for system, texts in corpus.systems.items()
        for segment, text, score in zip(corpus.segments, texts, join.found[system], strict=True)
        if score is not None
    )
    return Scores.from_texts(source.title, identity, pairs, notes=tuple(join.notes))


def _said(source: Source, scored: ScoredFile) -> Identity:
    """Returns what a file says of how its scores were computed, and what is stated of it."""
    try:
        return source.identity(
            {"measure": scored.measure, **scored.identity}, scored.higher_is_better
        )
    except (TypeError, ValueError) as error:
        raise InputError(
            scored.path, f"the identity: {error}", "fields of `Identity` with their types", line=1
        ) from error


def format_scores(metric: Scores, corpus: Corpus) -> str:
    """Returns the scores of a corpus as `read_scores` takes them back: one line an output."""
    identity = {k: v for k, v in asdict(metric.identity).items() if k != "failed"}
    lines = [_line({"scores": metric.title, "identity": identity})]
    for system, texts in corpus.systems.items():
        for segment, text in zip(corpus.segments, texts, strict=True):
            score = metric.entry(segment, text)
            assert score is not None
            row: dict[str, Any] = {"id": segment.id, "system": system, "score": score.value}
            if score.reason:
                row["reason"] = score.reason
            if score.spans:
                row["errors"] = [asdict(span) for span in score.spans]
            lines.append(_line(row | {"texts": key_of(segment, text, metric.identity).hex()}))
    return "\n".join(lines) + "\n"


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _systems(path: Path, scored: ScoredFile, corpus: Corpus, system: str) -> dict[str, str]:
    """Returns our systems that a file is about, each with the file's name for it.

    The name is empty where the file does not say; then either the texts tell, or there is one system.
    """
    theirs = dict.fromkeys(row.system for row in scored.rows if row.system)
    if theirs and (bare := next((row for row in scored.rows if not row.system), None)):
        raise InputError(path, f"{bare.place}: a score without a system", "as the others have")
    if system:
        if system not in corpus.systems:
            raise InputError(
                path, f"scores of {preview(system)}", f"one of {', '.join(corpus.systems)}"
            )
        if len(theirs) <= 1:
            return {system: next(iter(theirs), "")}
    if theirs:
        matched = match_names((system,) if system else tuple(corpus.systems), theirs)
        if not matched:
            raise InputError(
                path, f"scores of {', '.join(map(preview, list(theirs)[:10]))}",
                f"scores of {system or ', '.join(corpus.systems)}",
                hint="name systems as the file does: -i NAME=FILE",
            )  # fmt: skip
        return matched
    by_text = all(row.output is not None for row in scored.rows)
    if not by_text and len(corpus.systems) > 1:
        raise InputError(
            path, "scores that name no system", f"scores of {', '.join(corpus.systems)}",
            hint="say whose they are: NAME:SYSTEM=FILE",
        )  # fmt: skip
    return dict.fromkeys(corpus.systems, "")


def _add(join: _Join, scored: ScoredFile, systems: Mapping[str, str], identity: Identity) -> None:
    ours = {theirs: name for name, theirs in systems.items()}
    rows = [row for row in scored.rows if not row.system or row.system in ours or "" in ours]
    if all(row.segment for row in rows):
        _by_id(join, scored.path, rows, ours, identity)
    elif all(row.output is not None for row in rows):
        _by_texts(join, scored.path, rows, systems)
    elif all(row.position is not None for row in rows):
        _by_order(join, scored.path, rows, ours)
    else:
        bare = next(row for row in rows if not row.segment and row.output is None)
        raise InputError(
            scored.path, f"{bare.place}: a score without a segment or a text", "as the others have"
        )
    if others := len(scored.rows) - len(rows):
        join.notes.append(f"{counted(others, 'score')} of other systems in {scored.path.name}")


def _by_id(
    join: _Join, path: Path, rows: Sequence[ScoredRow], ours: Mapping[str, str], identity: Identity
) -> None:
    corpus = join.corpus
    places = {s.id: n for n, s in enumerate(corpus.segments)}
    ids = {row.segment for row in rows}
    numbered = {str(n) for n in range(1, len(places) + 1)}
    if not ids <= places.keys() and ids == numbered:
        places = {str(n): n - 1 for n in range(1, len(places) + 1)}
    seen: dict[Place, str] = {}
    for row in rows:
        if row.segment not in places:
            raise InputError(
                path, f"{row.place}: segment {preview(row.segment)}, which {corpus.name} does not have",
                f"ids of its {counted(len(places), 'segment')}, such as {preview(next(iter(places)))}",
                hint="were these scores made on another test set?",
            )  # fmt: skip
        system = ours[row.system] if row.system in ours else ours[""]
        place = system, places[row.segment]
        if place in seen:
            raise InputError(
                path, f"{row.place}: segment {preview(row.segment)} of {preview(system)} twice "
                f"(first on {seen[place]})", "one score each",
            )  # fmt: skip
        seen[place] = row.place
        segment, text = corpus.segments[place[1]], corpus.systems[system][place[1]]
        if row.texts and row.texts != key_of(segment, text, identity).hex():
            raise _other_texts(path, row, system, segment, "the texts that were scored")
        if row.output is not None or row.source is not None or row.reference is not None:
            _check_texts(join, path, row, system, segment, text)
        join.found[system][place[1]] = _score(path, row, text, segment)


def _by_order(join: _Join, path: Path, rows: Sequence[ScoredRow], ours: Mapping[str, str]) -> None:
    corpus, counts = join.corpus, defaultdict[str, int](int)
    for row in rows:
        counts[row.system] += 1
    for name, count in counts.items():
        if count != len(corpus.segments):
            of = f" of {preview(name)}" if name else ""
            raise InputError(
                path, f"{counted(count, 'score')}{of}", f"{len(corpus.segments):,}, one a segment of "
                f"{corpus.name}", hint="None stands where one was not scored",
            )  # fmt: skip
    for row in rows:
        assert row.position is not None
        system = ours[row.system] if row.system in ours else ours[""]
        segment, text = corpus.segments[row.position], corpus.systems[system][row.position]
        join.found[system][row.position] = _score(path, row, text, segment)


def _by_texts(
    join: _Join, path: Path, rows: Sequence[ScoredRow], systems: Mapping[str, str]
) -> None:
    """Finds the score of every output by its texts, wherever in the file they stand."""
    corpus = join.corpus
    compared = corpus.has_source and all(row.source for row in rows)
    by_text: dict[tuple[str | None, str], ScoredRow] = {}
    several: dict[tuple[str | None, str], list[ScoredRow]] = {}
    for row in rows:
        key = row.source.strip() if compared and row.source else None, (row.output or "").strip()
        if key in by_text:
            several.setdefault(key, [by_text[key]]).append(row)
        else:
            by_text[key] = row
    used: set[int] = set()
    sources = [
        s.source.strip() if compared and s.source is not None else None for s in corpus.segments
    ]
    references = [_References.of(join, s) for s in corpus.segments]
    for system, theirs in systems.items():
        found = join.found[system]
        for position, text in enumerate(corpus.systems[system]):
            key = sources[position], text.strip()
            held = several.get(key) or ([by_text[key]] if key in by_text else [])
            if theirs:
                held = [r for r in held if r.system in ("", theirs)]
            fit = references[position].fit
            fitting = [row for row in held if fit(join, row.reference)]
            if not fitting:
                raise _no_text(path, rows, corpus, (system, position), held)
            if len(fitting) > 1:  # by their place, where the file and the corpus agree on that
                fitting = [row for row in fitting if row.position == position] or fitting
            used.update(map(id, fitting))
            segment = corpus.segments[position]
            found[position] = mean_of([_score(path, row, text, segment) for row in fitting])
    join.used |= {"source": compared} if compared else {}
    if others := sum(id(row) not in used for row in rows):
        join.notes.append(f"{counted(others, 'score')} of other outputs in {path.name}")


@dataclass(frozen=True, slots=True)
class _References:
    """The references of a segment, text to name of the set; empty where it has none."""

    named: Mapping[str, str]

    @classmethod
    def of(cls, join: _Join, segment: Segment) -> _References:
        named = zip(join.corpus.reference_names, segment.references, strict=True)
        return cls({text.strip(): name for name, text in named if text is not None})

    def fit(self, join: _Join, given: str | None) -> bool:
        """True if a score was made with a reference of the segment, or with none."""
        if given is None:
            return True
        given = given.strip()
        if not given:
            join.used.setdefault("reference", False)
            return True
        join.used["reference"] = True
        name = self.named.get(given)
        if name is not None:
            join.references.add(name)
        return name is not None or not self.named


def _check_texts(
    join: _Join, path: Path, row: ScoredRow, system: str, segment: Segment, text: str
) -> None:
    """Refuses a row that names a segment and has other texts than it."""
    for what, theirs, own in (("source", row.source, segment.source), ("output", row.output, text)):
        if theirs is not None and own is not None and theirs.strip() != own.strip():
            raise _other_texts(path, row, system, segment, f"the {what} {preview(theirs)}", own)
    if row.reference is not None and not _References.of(join, segment).fit(join, row.reference):
        raise _other_texts(path, row, system, segment, f"the reference {preview(row.reference)}")


def _other_texts(
    path: Path, row: ScoredRow, system: str, segment: Segment, found: str, own: str = ""
) -> InputError:
    return InputError(
        path, f"{row.place}: {found}, which is not that of segment {preview(segment.id)} of "
        f"{preview(system)}", preview(own) if own else "scores of these texts",
        hint="the scores were made from other texts: score these",
    )  # fmt: skip


def _no_text(
    path: Path,
    rows: Sequence[ScoredRow],
    corpus: Corpus,
    place: Place,
    held: Sequence[ScoredRow],
) -> InputError:
    """Returns the error of an output without a score, with what the file has in its place."""
    system, position = place
    segment, text = corpus.segments[position], corpus.systems[system][position]
    of = f"segment {preview(segment.id)} of {preview(system)}"
    if held:
        found = f"{held[0].place}: the reference {preview(held[0].reference or '')} for {of}"
        return InputError(path, found, "a reference of the segment", hint="score these texts")
    known = {texts[position].strip() for texts in corpus.systems.values()}
    others = [r for r in rows if (r.output or "").strip() not in known]
    near = [
        r for r in others if segment.source and (r.source or "").strip() == segment.source.strip()
    ] or [r for r in others if r.position == position]
    stands = (
        f"{near[0].place}: the output {preview(near[0].output or '')} where"
        if near
        else "no score:"
    )
    return InputError(
        path, f"{stands} {of} has {preview(text)}", "a score of every output",
        hint="the scores were made from other texts, or of other systems: score these",
    )  # fmt: skip


def _check_complete(join: _Join, path: Path, systems: Mapping[str, str]) -> None:
    for system in systems:
        found = join.found[system]
        if None in found:
            bare = [s.id for s, one in zip(join.corpus.segments, found, strict=True) if one is None]
            raise InputError(
                path, f"no score of segment {preview(bare[0])} of {preview(system)} "
                f"({counted(len(bare), 'segment')} without)",
                "one of every output, None where it was not scored",
            )  # fmt: skip


def _check_systems(join: _Join, source: Source) -> None:
    missing = [system for system, found in join.found.items() if None in found]
    if missing:
        path = next(iter(source.files.values()))
        first = join.corpus.segments[0].id
        raise InputError(
            path, f"no score of segment {preview(first)} of {preview(missing[0])}: "
            f"{source.title} has nothing of {', '.join(map(preview, missing))}",
            "scores of every system", hint="leave these systems out, or score them, too",
        )  # fmt: skip


def _identity(identity: Identity, join: _Join, stated: Mapping[str, Any]) -> Identity:
    """Adds what the texts beside the scores show of how they were made."""
    seen = {key: value for key, value in join.used.items() if key not in stated}
    if identity.reference is None:
        identity = replace(identity, reference=seen.get("reference"))
    if identity.source is None:
        identity = replace(identity, source=seen.get("source"))
    if identity.reference and len(join.corpus.reference_names) > 1 and len(join.references) == 1:
        identity = replace(identity, extra=(*identity.extra, ("refset", min(join.references))))
    return identity


def _score(path: Path, row: ScoredRow, text: str, segment: Segment) -> SegmentScore:
    if row.value is not None and not row.errors:
        return SegmentScore(row.value)
    reason = "" if row.value is not None else row.reason or NOT_SCORED
    spans = tuple(spans_of(path, row, text, segment)) if row.errors else ()
    return SegmentScore(row.value, reason, spans)


def spans_of(path: Path, row: ScoredRow, text: str, segment: Segment) -> Iterator[ErrorSpan]:
    """Yields the errors marked in an output.

    Raises:
        InputError: If a place is beyond the text.
    """
    for error in row.errors:
        span = ErrorSpan(**error)
        if span.text_of not in ("output", "source"):
            raise InputError(
                path, f"{row.place}: errors of the {preview(span.text_of)}", "output or source"
            )
        marked = text if span.text_of == "output" else segment.source or ""
        if row.output is not None and span.text_of == "output":
            shift = len(marked) - len(marked.lstrip())  # they count in the stripped text
            span = replace(span, start=span.start + shift, end=span.end + shift)
        if span.end > len(marked):
            raise InputError(
                path, f"{row.place}: an error up to character {span.end:,} of segment "
                f"{preview(segment.id)}", f"places within its {len(marked):,} characters",
            )  # fmt: skip
        yield span
