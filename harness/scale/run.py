"""From files to a result: cut, score the blocks somewhere, add up."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from xindaya.metrics import Metric, Rows
from xindaya.pairs import InputError, NothingToEvaluateError, Termbase, UsageError, read_termbase
from xindaya.pairs.direction import DEFAULT, SAMPLE, Direction, settled, stated
from xindaya.pairs.files import new_folder
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import printed_name
from xindaya.scale.blocks import Plan, find_files, plan_blocks
from xindaya.scale.engines import Engine, serial
from xindaya.scale.kept import write_manifest
from xindaya.scale.ranges import opened
from xindaya.scale.readers import Reader, reader_for
from xindaya.scale.result import Part, ScaleResult
from xindaya.scale.sums import Sums, id_hash
from xindaya.scale.work import Job, Refusal, Task, Terms, software

AT_LEAST = 32
"""Blocks to aim at, so that workers end together and a dead one costs little."""

MOST_IDS = 8_000_000
"""Ids of one file that are compared; a block more at the most."""

StartProgress = Callable[[str, int], Callable[[int], None]]


def score_blocks(
    inputs: Sequence[str | Path],
    *,
    metrics: Sequence[Metric],
    source_lang: str | None = None,
    target_lang: str | None = None,
    termbase: str | Path | None = None,
    fold_scripts: bool = False,
    engine: Engine = serial,
    block_bytes: int | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    keep_rows: str | Path | None = None,
    progress: StartProgress | None = None,
) -> ScaleResult:
    """Scores a corpus in blocks.

    Args:
        inputs: Paths or globs of TSV, JSON lines or Parquet files, all with the same texts.
        metrics: To compute.
        source_lang: ``zh`` or ``en``; None for what `corpus_direction` finds.
        target_lang: The other one; a variant (``en-GB``) says which status of a term holds.
        termbase: Path of the termbase to check against; workers read it there. The rows of a
            document must then stand one after another in one file.
        fold_scripts: Match Simplified and Traditional Chinese terms together.
        engine: Where the blocks are scored.
        block_bytes: About how much of a file makes a block; None to choose. Never changes a number.
        max_chars: Longest text accepted.
        keep_rows: Folder to write the rows to, for paired tests afterwards.
        progress: Told about blocks done; silent without.

    Raises:
        InputError: If a file is malformed, or does not fit the others.
        UsageError: If an option does not fit, or workers have other software than this process.
        NothingToEvaluateError: If there is no segment.
    """
    names = {str(Path(file).absolute()): printed_name(file) for file in find_files(inputs)}
    files = list(names)
    direction = corpus_direction(inputs, source_lang, target_lang, max_chars=max_chars)
    plan = plan_blocks(
        files,
        partial(_reader, direction.source, direction.target, max_chars),
        by_document=termbase is not None,
        block_bytes=block_bytes,
        at_least=AT_LEAST,
    )
    loaded = _termbase(plan, files[0], termbase, direction.target_tag)
    with _folder(keep_rows) as folder:
        job = Job(
            metrics=tuple(metrics),
            layout=plan.layout,
            source_lang=direction.source,
            target_lang=direction.target,
            terms=None
            if loaded is None
            else Terms(
                str(Path(str(termbase)).absolute()),
                loaded.sha256,
                fold_scripts,
                direction.target_tag,
            ),
            max_chars=max_chars,
            keep_rows=str(folder) if folder else None,
        )
        sums = _collect([Task(block, job) for block in plan.blocks], engine, progress)
        if not sums.segments:
            raise NothingToEvaluateError(f"{inputs[0]}: no segment to evaluate")
        name = printed_name(Path(inputs[0]).stem if len(files) == 1 else str(inputs[0]))
        result = ScaleResult(
            name, job, sums, len(plan.blocks), plan.bytes, loaded, _parts(plan, sums, names)
        )
        _ = result.documents  # refuses a document in two blocks
        if folder:
            _keep(result, folder)
    return result


def corpus_direction(
    inputs: Sequence[str | Path],
    source_lang: str | None = None,
    target_lang: str | None = None,
    *,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Direction:
    """Decides on the direction of a corpus: as stated, else by the first texts of its first file.

    Columns named zh and en are source and translation there; outputs that are not in the language
    of the translation are refused.

    Raises:
        InputError: As `xindaya.pairs.direction.settled`.
    """
    first = str(Path(find_files(inputs)[0]).absolute())
    given = stated(source_lang, target_lang)
    way = given or DEFAULT
    reader = reader_for(first, way.source, way.target, max_chars)
    layout = reader.layout
    if layout is None:
        return way
    rows = list(islice(reader.rows(*reader.span, layout), SAMPLE))
    outputs = [text for _, texts in rows for text in texts]
    return settled(first, given, [s.source for s, _ in rows], outputs, notes)


def _termbase(plan: Plan, first: str, termbase: str | Path | None, variant: str) -> Termbase | None:
    if termbase is None:
        return None
    if not plan.layout.has_source:
        raise InputError(first, "no source text", "a source, which --terms needs")
    return read_termbase(termbase).in_variant(variant)


def _parts(plan: Plan, sums: Sums, names: Mapping[str, str]) -> tuple[Part, ...]:
    """Accounts for every file, in reading order."""
    segments = dict.fromkeys(plan.hashes, 0)
    for number, edge in sums.edges.items():
        segments[plan.blocks[number].path] += edge.segments
    return tuple(
        Part(names[path], segments[path], sha256, whole=_ends_in_a_line(path))
        for path, sha256 in plan.hashes.items()
    )


def _ends_in_a_line(path: str) -> bool:
    """False if a text file ends in the middle of a line, as one does that was cut off."""
    if Path(path).suffix.lower() == ".parquet" or not Path(path).stat().st_size:
        return True
    with opened(path) as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


class _Ids:
    """Finds an id that stands twice in one file, in 8 bytes a segment of the files not yet whole.

    Args:
        tasks: All, to know when a file is whole.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = {task.block.number: task for task in tasks}
        self._left = Counter(task.block.path for task in tasks)
        self._seen: dict[str, list[Rows]] = {}

    def see(self, result: Sums) -> None:
        """Takes the ids of a block.

        Raises:
            InputError: If one stands twice in a file that is whole now.
        """
        for number in result.edges:
            task = self._tasks[number]
            path = task.block.path
            seen = self._seen.setdefault(path, [])
            self._left[path] -= 1
            if result.ids is not None and sum(map(len, seen)) < MOST_IDS:
                seen.append(result.ids)
            if not self._left[path]:
                self._check(path, task)

    def check_rest(self) -> None:
        """Checks the files of which a block was empty."""
        for path in list(self._seen):
            self._check(path, next(t for t in self._tasks.values() if t.block.path == path))

    def _check(self, path: str, task: Task) -> None:
        hashes = np.concatenate(self._seen.pop(path))
        hashes.sort()
        twice = set(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
        if not twice:
            return
        job = task.job
        reader = reader_for(path, job.source_lang, job.target_lang, job.max_chars)
        met: set[str] = set()
        for segment, _ in reader.rows(*reader.span, job.layout):
            if segment.id in met:
                raise InputError(path, f"the id {segment.id!r} twice", "each id once")
            if segment.id and id_hash(segment.id) in twice:
                met.add(segment.id)


def _collect(tasks: Sequence[Task], engine: Engine, progress: StartProgress | None) -> Sums:
    """Adds up what the engine returns, in the order in which it comes."""
    step = progress("Blocks", len(tasks)) if progress else None
    total, ids = Sums(software={software()}), _Ids(tasks)
    try:
        with contextlib.closing(_closable(engine(tasks))) as results:
            for result in results:
                if isinstance(result, Refusal):
                    raise result.error()
                total.add(result)
                ids.see(result)
                if step:
                    step(1)
        ids.check_rest()
    except OSError as error:
        place = error.filename or tasks[0].block.path
        raise InputError(
            place, f"a file that cannot be read ({error.strerror or error})"
        ) from error
    if len(total.software) > 1:
        raise UsageError(
            "workers have other software than this process, so numbers could differ:\n  "
            + "\n  ".join(sorted(total.software))
        )
    return total


def _closable(results: Iterator[Sums | Refusal]) -> Generator[Sums | Refusal]:
    """Makes sure that an engine is told when its results are no longer wanted."""
    yield from results


@contextlib.contextmanager
def _folder(place: str | Path | None) -> Iterator[Path | None]:
    """Gives the folder for kept rows, which appears in its place at the end."""
    if place is None:
        yield None
        return
    place = Path(place)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise InputError(place, "something already there", "a new place or an empty folder")
    with new_folder(place.absolute()) as building:
        yield building


def _keep(result: ScaleResult, folder: Path) -> None:
    if result.unscored:
        raise UsageError(f"--keep-rows: there are no rows to keep: {result.unscored[0].reason}")
    write_manifest(
        folder,
        systems=result.systems,
        metrics=result.job.metrics,
        signatures=result.signatures,
        corpus=result.sha256,
        segments={number: edge.segments for number, edge in result.sums.edges.items()},
    )


def _reader(source_lang: str, target_lang: str, max_chars: int, path: str) -> Reader:
    return reader_for(path, source_lang, target_lang, max_chars)
