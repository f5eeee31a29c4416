"""Where the scores of a measure come from, as specs and the command line say it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xindaya.metrics.metric import Progress
from xindaya.metrics.scores import Identity, Scores, check_name
from xindaya.pairs import Corpus, UsageError
from xindaya.pairs.sources import plain_name
from xindaya.pairs.toml import TomlFile

if TYPE_CHECKING:
    from xindaya.judge import Judge

SECONDS, BATCH = 600.0, 100
"""How long a command may take for a batch, and how many segments are in one."""

STATED: Mapping[str, type] = MappingProxyType({
    "model": str, "revision": str, "package": str, "version": str, "dtype": str, "device": str,
    "reference": bool, "source": bool, "cut_at": int, "higher_is_better": bool,
})  # fmt: skip
"""What a spec may say of how scores were computed: fields of `Identity`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Scores from files, from a command or from a judge.

    Attributes:
        title: What the measure is called here.
        files: System name to file; an empty name for a file of all systems.
        command: Program and arguments; empty where there are files or a judge.
        folder: Where the command runs; None for where we do.
        column: Column of the scores, where a table has several.
        stated: What is said of how they were computed; see `STATED`.
        seconds: How long the command may take for a batch.
        batch: Segments in one.
        cache: Whether results of the command are kept, and found again by their texts.
        encoding: Of the files.
        judge: A language model that is asked; None where there are files or a command.
    """

    title: str
    files: Mapping[str, Path] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    folder: Path | None = None
    column: str = ""
    stated: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = SECONDS
    batch: int = BATCH
    cache: bool = True
    encoding: str = "utf-8"
    judge: Judge | None = None

    def __post_init__(self) -> None:
        check_name(self.title)
        if sum(map(bool, (self.files, self.command, self.judge))) != 1:
            raise UsageError(
                f"{self.title}: expected either a file of scores or a command or a judge"
            )
        if "" in self.files and len(self.files) > 1:
            raise UsageError(f"{self.title}: expected one file, or a file a system")
        if not (self.seconds > 0 and self.batch > 0):
            raise UsageError(f"{self.title}: expected a time limit and a batch above 0")

    @property
    def direction(self) -> bool | None:
        """Which end is good, as far as it is known before anything is read."""
        if self.judge:
            return True
        stated: bool | None = self.stated.get("higher_is_better")
        return stated if stated is not None else False if _is_penalty(self.title) else None

    @property
    def placeholder(self) -> Scores:
        """The measure before its scores are read, for rules that name it."""
        return Scores(self.title, self.identity(), {})

    def identity(
        self, found: Mapping[str, Any] = MappingProxyType({}), better: bool | None = None
    ) -> Identity:
        """Returns what makes the numbers comparable.

        Args:
            found: What the file or the command says of itself; what is stated goes before.
            better: Whether higher is better by the form of the file; None if that says nothing.

        Raises:
            ValueError: If something found is not of its type.
        """
        known = {f.name for f in fields(Identity)} - {"measure", "extra", "failed"}
        said = {key: value for key, value in found.items() if key in known}
        extra = tuple((str(k), str(v)) for k, v in found.get("extra") or ())
        measure = str(found.get("measure") or self.title)
        if "higher_is_better" not in said and (better is not None or _is_penalty(measure)):
            said["higher_is_better"] = bool(better)
        from xindaya.stored import made

        values = {"measure": measure} | said | dict(self.stated)
        if self.direction is False:
            values.setdefault("higher_is_better", False)
        identity: Identity = made(Identity, {**values, "extra": ()})
        return replace(identity, extra=extra)


def source_of(argument: str, *, command: bool = False, encoding: str = "utf-8") -> Source:
    """Returns what ``NAME=FILE``, ``NAME:SYSTEM=FILE`` or ``NAME=COMMAND`` on the line says.

    Raises:
        UsageError: If it is nothing of the kind.
    """
    name, equals, value = argument.partition("=")
    title, colon, system = name.partition(":")
    if not (name and equals and value) or (colon and (command or not system)):
        form = "NAME=COMMAND" if command else "NAME=FILE, or NAME:SYSTEM=FILE"
        raise UsageError(f"{argument!r}: expected {form}, such as COMET=comet.json")
    if command:
        try:
            return Source(title, command=tuple(shlex.split(value)))
        except ValueError as error:
            raise UsageError(f"{argument!r}: {error}") from error
    return Source(title, {system: Path(value)}, encoding=encoding)


def judge_of(argument: str) -> Source:
    """Returns what ``NAME=FILE`` of a judge on the line says.

    Raises:
        UsageError: If it is nothing of the kind.
        InputError: If the file cannot be read.
    """
    from xindaya.judge import read_judge

    name, _, file = argument.partition("=")
    if not (name and file):
        raise UsageError(f"{argument!r}: expected NAME=FILE, such as gpt=judge.toml")
    check_name(name)
    return Source(name, judge=read_judge(name, Path(file)))


_FIELDS = {"max_tokens": "cut_at"}  # what a spec calls otherwise than `Identity`
_KINDS: dict[str, tuple[type, str]] = {
    **dict.fromkeys(("file", "column", "encoding", "better"), (str, "a string")),
    "files": (dict, '{ SYSTEM = "FILE" }'),
    "command": (list, '["PROGRAM", "ARGUMENT"]'),
    "seconds": (float, "a number"),
    **dict.fromkeys(("batch", "max_tokens"), (int, "a whole number")),
    **dict.fromkeys(("cache", "reference", "source"), (bool, "true or false")),
    **dict.fromkeys(
        ("model", "revision", "package", "version", "dtype", "device"), (str, "a string")
    ),
}
"""Keys of a source in a spec, with their types."""


def sources_in(toml: TomlFile) -> tuple[Source, ...]:
    """Returns what the key ``scores`` of a spec says: a file, or names to files and tables.

    Raises:
        SpecError: If it is nothing of the kind.
    """
    said = toml.data.get("scores", {})
    if isinstance(said, str):
        said = {plain_name(said).name.split(".")[0]: said}
    if not isinstance(said, dict):
        raise toml.error(
            f"scores = {said!r}; expected a file, or a table of names to files", "scores"
        )
    return tuple(_source_in(toml, name, value) for name, value in said.items())


def _source_in(toml: TomlFile, name: str, value: Any) -> Source:
    if not isinstance(value, str | dict):
        raise toml.error(f'{name} = {value!r}; expected a file or {{ command = ["…"] }}', name)
    table: dict[str, Any] = {"file": value} if isinstance(value, str) else value
    if "judge" in table:
        from xindaya.judge import judge_in

        return Source(name, judge=judge_in(toml, name, table))
    toml.check_keys(table, (*_KINDS, "judge"))
    for key, given in table.items():
        kind, form = _KINDS[key]
        if not _fits(given, kind):
            raise toml.error(f"{key} = {given!r} of {name}; expected {form}", key)
    said: dict[str, Any] = {_FIELDS.get(key, key): given for key, given in table.items()}
    stated = {key: given for key, given in said.items() if key in STATED}
    if better := table.get("better"):
        if better not in ("higher", "lower"):
            raise toml.error(
                f'better = {better!r} of {name}; expected "higher" or "lower"', "better"
            )
        stated["higher_is_better"] = better == "higher"
    files = {**({"": table["file"]} if "file" in table else {}), **table.get("files", {})}
    options = {
        k: table[k] for k in ("column", "seconds", "batch", "cache", "encoding") if k in table
    }
    places = {system: toml.beside(file) for system, file in files.items()}
    command = tuple(table.get("command", ()))
    try:
        return Source(name, places, command, toml.path.parent, stated=stated, **options)
    except UsageError as error:
        raise toml.error(str(error), name) from error


def _fits(value: Any, kind: type) -> bool:
    """True for a value of a type; of texts, for containers."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return isinstance(value, kind) and all(isinstance(text, str) for text in inside)
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float if kind is float else kind)


def merged(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Joins the files of one measure that stand in several arguments, one a system.

    Raises:
        UsageError: If two are for the same system.
    """
    found: dict[str, Source] = {}
    for source in sources:
        if source.title not in found:
            found[source.title] = source
            continue
        other = found[source.title]
        if not (source.files and other.files) or source.files.keys() & other.files.keys():
            raise UsageError(f"{source.title} is given twice")
        found[source.title] = replace(other, files={**other.files, **source.files})
    return tuple(found.values())


def load_scores(
    sources: Sequence[Source],
    corpus: Corpus,
    *,
    cache: bool = True,
    start: Callable[[str, int], Progress] | None = None,
) -> dict[str, Scores]:
    """Reads or computes the scores of the outputs of a corpus.

    Args:
        sources: Where they come from.
        corpus: What is scored.
        cache: False to find no result again.
        start: Told about long work; silent without.

    Returns:
        Name to measure.

    Raises:
        InputError: If a file is malformed, or its scores were made from other texts.
        UsageError: If a command cannot be run.
    """
    found: dict[str, Scores] = {}
    for source in sources:
        if source.judge:
            from xindaya.judge.judging import run_judge

            found[source.title] = run_judge(source.judge, corpus, cache=cache, start=start)
        elif source.command:
            from xindaya.scores.command import run_command

            found[source.title] = run_command(source, corpus, cache=cache, start=start)
        else:
            from xindaya.scores.files import read_scores

            found[source.title] = read_scores(source, corpus)
    return found


def _is_penalty(name: str) -> bool:
    """True for measures of which everybody knows that less is better."""
    return "metricx" in name.lower()
