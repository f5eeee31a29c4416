"""Door two, a command: outputs in on stdin, scores out on stdout, in any language and environment.

It is given WMT26's JSON lines, one a segment::

    {"item_id": "7", "src": "…", "ref": {"text": "…"}, "hyps": {"vendor-a": "…", "vendor-b": "…"}}

(``refs`` with all of them where there are several) and answers with lines of WMT26's form, in any order::

    {"item_id": "7", "task2_pred": {"vendor-a": 0.83, "vendor-b": null}, "reasons": {"vendor-b": "too long"}}

A line ``{"identity": {"model": …, "version": …}}`` says what computed them. The program is started for
every batch and is to end at the end of its input. What it has not answered when it ends, crashes or
exceeds the time limit is asked once more, then in halves down to the single segment, which is *not
scored*, with the reason. No shell is involved.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from xindaya.cache import Answers
from xindaya.metrics.metric import Progress
from xindaya.metrics.scores import ErrorSpan, Scores, SegmentScore
from xindaya.pairs import Corpus, InputError, Segment, UsageError
from xindaya.pairs.corpus import digest_of
from xindaya.pairs.errors import ascii_controls, preview
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.ratings.scored import ScoredRow, parse_row
from xindaya.pairs.wording import counted
from xindaya.scores.files import spans_of
from xindaya.scores.sources import Source

_Start = Callable[[str, int], Progress]
_Wanted = dict[int, dict[str, str]]
"""Position of a segment to the outputs to score, by system."""

_NO_SCORE = "line that is no score", "lines that are no score"
_NOT_ASKED = "score of something that was not asked", "scores of something that was not asked"
_TWICE = "score given twice", "scores given twice"
_FORMAT = 1  # of what is asked and kept
_LARGEST_SCRIPT = 10_000_000  # bytes of a file in the command whose content decides what is kept
_MESSAGE = 200  # characters of what a program says when it fails


def run_command(
    source: Source, corpus: Corpus, *, cache: bool = True, start: _Start | None = None
) -> Scores:
    """Scores the outputs of a corpus with a command.

    Args:
        source: The command.
        corpus: What to score.
        cache: False to find no result again.
        start: Told about the work; silent without.

    Raises:
        UsageError: If the command cannot be started, or says something of itself that does not fit.
    """
    step = start(source.title, len(corpus.segments) * len(corpus.systems)) if start else _silent
    kept = Answers.default() if cache and source.cache else None
    run = _Run(source, corpus, kept, _command_key(source), step)
    run.recall()
    run.ask_all()
    if run.recalled and run.identity != run.recalled:  # another version is not to be mixed in
        run = _Run(source, corpus, kept, run.command, _silent)
        run.ask_all()
    outputs = list(corpus.systems.values())
    scores = [[run.scores[s, n] for n in range(len(corpus.segments))] for s in corpus.systems]
    pairs = (
        ((segment, text), score)
        for texts, own in zip(outputs, scores, strict=True)
        for segment, text, score in zip(corpus.segments, texts, own, strict=True)
    )
    try:
        identity = source.identity(run.identity)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{source.title}: the command's identity: {error}") from error
    return Scores.from_texts(source.title, identity, pairs, notes=tuple(run.notes()))


@dataclass(slots=True)
class _Run:
    """One measure while it is being computed.

    Attributes:
        source: The command.
        corpus: What is scored.
        cache: Results of earlier runs, if they may be found again.
        command: What decides the results beside the texts.
        step: Called with the number of outputs just done.
        scores: Of (system, position).
        identity: What the command says of itself.
        recalled: What it said of itself when it computed the results found again.
        idle: Attempts without a single answer, in a row.
        said: What was odd in the answers, and how often.
    """

    source: Source
    corpus: Corpus
    cache: Answers | None
    command: str
    step: Progress
    scores: dict[tuple[str, int], SegmentScore] = field(default_factory=dict)
    identity: Mapping[str, Any] = field(default_factory=dict)
    recalled: Mapping[str, Any] = field(default_factory=dict)
    idle: int = 0
    said: Counter[tuple[str, str]] = field(default_factory=Counter)

    def recall(self) -> None:
        """Takes what an earlier run has computed for the same texts."""
        if self.cache is None:
            return
        places: dict[bytes, list[tuple[str, int]]] = {}
        for place in self._places():
            places.setdefault(self._key(place), []).append(place)
        for key, content in self.cache.get(places).items():
            kept = json.loads(content)
            self.recalled = self.recalled or kept["identity"]
            if kept["identity"] != self.recalled:
                continue
            spans = tuple(ErrorSpan(**span) for span in kept["spans"])
            for place in places[key]:
                self.scores[place] = SegmentScore(kept["value"], spans=spans)
        self.step(len(self.scores))

    def ask_all(self) -> None:
        """Asks for everything that is not there, batch by batch."""
        wanted = self.unanswered()
        places = list(wanted)
        for begin in range(0, len(places), self.source.batch):
            self.ask({n: wanted[n] for n in places[begin : begin + self.source.batch]})
        self.identity = self.identity or self.recalled

    def unanswered(self) -> _Wanted:
        """Returns what is still to be asked; equal outputs of a segment once."""
        wanted: _Wanted = {}
        for system, position in self._places():
            if (system, position) not in self.scores:
                own = wanted.setdefault(position, {})
                text = self.corpus.systems[system][position]
                if text not in own.values():
                    own[system] = text
        return wanted

    def ask(self, wanted: _Wanted, *, again: bool = True) -> None:
        """Asks for scores until each is there, or there is a reason why not."""
        if self.idle > 4 + math.log2(self.source.batch):
            self._give_up(wanted, "the command gave no answer in several attempts")
            return
        answers, failure = self._attempt(wanted)
        self.idle = 0 if answers else self.idle + 1
        self._keep(wanted, answers)
        rest = {
            n: left
            for n, own in wanted.items()
            if (left := {s: t for s, t in own.items() if (s, n) not in answers})
        }
        if not rest:
            return
        if again:
            self.ask(rest, again=False)
        elif len(rest) == 1:
            self._give_up(rest, failure)
        else:
            places = list(rest)
            for half in (places[: len(places) // 2], places[len(places) // 2 :]):
                self.ask({n: rest[n] for n in half}, again=False)

    def notes(self) -> Iterator[str]:
        """Says what was odd in the answers."""
        for what, count in self.said.items():
            yield f"the command of {self.source.title} answered with {counted(count, *what)}"

    def _places(self) -> Iterator[tuple[str, int]]:
        for system in self.corpus.systems:
            for position in range(len(self.corpus.segments)):
                yield system, position

    def _attempt(self, wanted: _Wanted) -> tuple[dict[tuple[str, int], SegmentScore], str]:
        """Runs the command once.

        Returns:
            The answers; and why others are missing.
        """
        lines = [self._line(self.corpus.segments[n], own) for n, own in wanted.items()]
        printed, failure = _communicate(self.source, "".join(lines).encode("utf-8", "replace"))
        places = {self.corpus.segments[n].id: n for n in wanted}
        answers: dict[tuple[str, int], SegmentScore] = {}
        path = Path(self.source.command[0])
        for number, raw in enumerate(printed.split(b"\n"), 1):
            if not raw.strip():
                continue
            try:
                row = parse_json(path, raw.decode(), number, nan=True)
                if isinstance(row, dict) and isinstance(row.get("identity"), dict):
                    self.identity = self.identity or row["identity"]
                    continue
                for scored in parse_row(path, f"line {number}", row):
                    self._take(scored, places, wanted, answers)
            except (InputError, UnicodeDecodeError, TypeError):
                self.said[_NO_SCORE] += 1
        return answers, failure or "the command printed no score of it"

    def _take(
        self,
        row: ScoredRow,
        places: Mapping[str, int],
        wanted: _Wanted,
        answers: dict[tuple[str, int], SegmentScore],
    ) -> None:
        position = places.get(row.segment)
        if position is None or row.system not in wanted[position]:
            self.said[_NOT_ASKED] += 1
            return
        segment, place = self.corpus.segments[position], (row.system, position)
        text = wanted[position][row.system]
        spans = tuple(spans_of(Path(self.source.command[0]), row, text, segment))
        reason = "" if row.value is not None else row.reason or "the command gave no score"
        score = SegmentScore(row.value, ascii_controls(reason)[:_MESSAGE], spans)
        if place in answers:
            self.said[_TWICE] += 1
            if answers[place].value != score.value:
                score = SegmentScore(None, "the command gave two different scores")
        answers[place] = score

    def _keep(self, wanted: _Wanted, answers: Mapping[tuple[str, int], SegmentScore]) -> None:
        """Notes answers down, for all systems with the same output, and in the cache."""
        fresh: dict[bytes, str] = {}
        for (system, position), score in answers.items():
            text = wanted[position][system]
            alike = [s for s, texts in self.corpus.systems.items() if texts[position] == text]
            new = [s for s in alike if (s, position) not in self.scores]
            self.scores |= {(s, position): score for s in new}
            self.step(len(new))
            if score.value is not None:
                spans = [asdict(span) for span in score.spans]
                kept = {"value": score.value, "spans": spans, "identity": dict(self.identity)}
                fresh[self._key((system, position))] = json.dumps(kept)
        if self.cache is not None and fresh:
            self.cache.put(fresh)

    def _give_up(self, wanted: _Wanted, reason: str) -> None:
        for position, own in wanted.items():
            self._keep({position: own}, {(s, position): SegmentScore(None, reason) for s in own})

    def _line(self, segment: Segment, own: Mapping[str, str]) -> str:
        row: dict[str, Any] = {"item_id": segment.id}
        if segment.source is not None:
            row["src"] = segment.source
        references = {
            name: text
            for name, text in zip(self.corpus.reference_names, segment.references, strict=True)
            if text is not None
        }
        if references:
            row["ref"] = {"text": next(iter(references.values()))}
        if len(references) > 1:
            row["refs"] = references
        return json.dumps(row | {"hyps": own}, ensure_ascii=False) + "\n"

    def _key(self, place: tuple[str, int]) -> bytes:
        system, position = place
        segment = self.corpus.segments[position]
        texts = (self.corpus.systems[system][position], segment.source, *segment.references)
        return digest_of((self.command, *texts))


def _command_key(source: Source) -> str:
    """Returns what decides the results beside the texts: the command and the files that it names."""
    contents = []
    for word in source.command:
        path = (source.folder or Path()) / word
        try:
            if path.is_file() and path.stat().st_size <= _LARGEST_SCRIPT:
                contents.append(digest_of((path.read_bytes().hex(),)).hex())
        except OSError:
            continue
    stated = sorted((k, str(v)) for k, v in source.stated.items())
    return json.dumps([_FORMAT, source.command, contents, stated])


def _communicate(source: Source, content: bytes) -> tuple[bytes, str]:
    """Runs the command on some lines.

    Returns:
        What it printed, whole lines or not; and what went wrong, if anything.

    Raises:
        UsageError: If it cannot be started.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - a command of the user's own, without a shell
            source.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=source.folder, start_new_session=os.name == "posix",
        )  # fmt: skip
    except OSError as error:
        raise UsageError(
            f"{source.title}: the command {preview(source.command[0])} cannot be started: "
            f"{error.strerror or error}"
        ) from error
    try:
        printed, said = process.communicate(content, timeout=source.seconds)
    except subprocess.TimeoutExpired:
        _kill(process)
        printed, said = process.communicate()
        return _whole(printed), f"the command took longer than {source.seconds:g} seconds"
    except BaseException:
        _kill(process)
        process.communicate()
        raise
    if process.returncode:
        lines = said.decode("utf-8", "replace").strip().split("\n")
        message = ascii_controls(lines[-1].strip())[:_MESSAGE]
        return _whole(printed), f"the command ended with {_status(process.returncode)}" + (
            f": {message}" if message else ""
        )
    return printed, ""


def _whole(printed: bytes) -> bytes:
    """Returns the lines that a program finished before it was stopped."""
    return printed[: printed.rfind(b"\n") + 1]


def _status(code: int) -> str:
    return f"exit code {code}" if code > 0 else f"signal {-code}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a program and whatever it has started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _silent(_done: int) -> None:
    return None
