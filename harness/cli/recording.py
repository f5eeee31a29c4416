"""Options of commands that record runs, or read them: which store, and what is said of a run."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xindaya.pairs import UsageError
from xindaya.pairs.errors import printable
from xindaya.store.default import DEFAULT_STORE, STORE_VARIABLE

if TYPE_CHECKING:
    from xindaya.metrics import Evaluation
    from xindaya.store import Remark

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Recording:
    """Where a run is recorded, and what is said of it.

    Attributes:
        store: The store.
        remark: Name, note and labels.
    """

    store: Path
    remark: Remark

    def record(self, evaluation: Evaluation, *, name: str, quiet: bool) -> None:
        """Records a finished evaluation.

        Args:
            evaluation: What to record.
            name: Of the run, unless the user gave one; empty for the corpus's name.
            quiet: Say nothing.
        """
        from dataclasses import replace

        from xindaya.store import Store

        remark = replace(self.remark, name=self.remark.name or name or evaluation.corpus.name)
        store = Store(self.store, say=lambda message: None if quiet else say(message))
        folder = store.record(evaluation, remark)
        if not quiet:
            say(f"Recorded: {folder}")


def say(message: str) -> None:
    """Shows a message on stderr."""
    click.echo(printable(message), err=True)


def store_option(function: _Function) -> _Function:
    """Adds --store; without it the store of ``XINDAYA_STORE``, else ``xindaya-store``."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        envvar=STORE_VARIABLE,
        default=DEFAULT_STORE,
        help=f"The run store.  [default: ${STORE_VARIABLE}, else {DEFAULT_STORE}]",
    )(function)


def labels_option(text: str) -> Callable[[_Function], _Function]:
    """Adds --label KEY=VALUE with this help."""
    return click.option(
        "--label", "labels", multiple=True, metavar="KEY=VALUE", callback=_labels, help=text
    )


def record_options(function: Callable[..., int]) -> Callable[..., int]:
    """Adds --record and what belongs to it; the command gets ``recording``, which may be None.

    Naming a store on the command line asks for recording; the environment alone does not.
    """

    @click.option("--record", is_flag=True, help="Record the run in the store.")
    @store_option
    @click.option(
        "--name", "run_name", metavar="NAME", default="", help="Name of the recorded run."
    )
    @labels_option("Label of the recorded run; repeat for several.")
    @click.option("--note", metavar="TEXT", default="", help="Note on the recorded run.")
    @functools.wraps(function)
    def command(
        *args: Any,
        record: bool,
        store: Path,
        run_name: str,
        labels: dict[str, str],
        note: str,
        **rest: Any,
    ) -> int:
        source = click.get_current_context().get_parameter_source("store")
        wanted = record or source is click.core.ParameterSource.COMMANDLINE
        if not wanted and (run_name or labels or note):
            raise UsageError("--name, --label and --note need --record or --store DIR")
        recording = None
        if wanted:
            from xindaya.store import Remark

            recording = Recording(store, Remark(run_name, note, labels))
        return function(*args, recording=recording, **rest)

    return command


def _labels(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    labels = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not (key and sign):
            raise UsageError(f"--label {text!r}: expected KEY=VALUE")
        if key in labels:
            raise UsageError(f"--label {key!r} is given twice")
        labels[key] = value
    return labels
