"""Which run of a store is meant."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xindaya.pairs import UsageError
from xindaya.pairs.errors import ascii_controls, preview
from xindaya.pairs.wording import counted
from xindaya.store.default import STORE_VARIABLE, default_store
from xindaya.store.folders import run_folder, run_ids

if TYPE_CHECKING:
    from xindaya.metrics.history import RecordedRun

_LATEST = re.compile(r"(?:(.*):)?latest(?:~(\d{1,9}))?", re.DOTALL)
_SHOWN = 5


def resolve_run(
    name: str, store: str | Path | None = None, *, of: str = "", same_texts: bool = True
) -> Path:
    """Finds a run by what a person types.

    ``latest~1`` counts back among runs of one kind: those that have the name and the test set of
    the latest one.

    Args:
        name: A run folder, the id of a recorded run or a beginning of it that no other has,
            ``latest``, ``latest~1`` for the one before it, or either of the runs of one name,
            such as ``release:latest``.
        store: The store; None for `default_store`.
        of: The name whose runs ``latest`` means, if `name` gives none; empty for all runs.
        same_texts: Whether ``latest~1`` has the test set of the latest run, or only its name.

    Returns:
        The run folder.

    Raises:
        UsageError: If no run, or more than one, is meant.
        InputError: If the store cannot be read.
    """
    folder = Path(name)
    if os.path.isfile(folder / "run.json"):  # noqa: PTH113 - False for a name too long for a path
        return folder
    place = Path(store) if store is not None else default_store()
    ids = run_ids(place)
    if not ids:
        raise UsageError(
            f"{preview(name)} is no run folder, and there is no recorded run in {place}; "
            f"name the store with --store or {STORE_VARIABLE}"
        )
    latest = _LATEST.fullmatch(name)
    if not latest:
        return run_folder(place, _beginning(name, ids, place))
    kind, back = latest[1] or of, int(latest[2] or 0)
    if not kind and not back:
        return run_folder(place, ids[-1])
    return run_folder(place, _counted_back(name, kind, back, place, same_texts=same_texts))


def _counted_back(name: str, kind: str, back: int, place: Path, *, same_texts: bool) -> str:
    from xindaya.store.store import Store

    runs = Store(place).runs()
    named = [run for run in runs if run.name == kind] if kind else _of_one_name(runs)
    alike = [r for r in named if not same_texts or r.corpus_sha256 == named[-1].corpus_sha256]
    if back < len(alike):
        return alike[-1 - back].id
    if not named:
        called = f"no run called {preview(kind)}"
        raise UsageError(f"{preview(name)}: {called} in {place}; {_kinds(runs)}")
    raise UsageError(
        f"{preview(name)}: {place} holds {counted(len(alike), 'run')} of "
        f"{preview(named[-1].name)}{' with the test set of the latest' * same_texts}; {_kinds(runs)}"
    )


def _of_one_name(runs: Sequence[RecordedRun]) -> list[RecordedRun]:
    return [run for run in runs if run.name == runs[-1].name]


def _kinds(runs: Sequence[RecordedRun]) -> str:
    """Lists the latest runs with their names and test sets."""
    lines = [
        f"\n  {run.id}  {ascii_controls(run.name)}  test set {run.corpus_sha256[:8]}"
        for run in reversed(runs[-_SHOWN:])
    ]
    return f"the latest runs are:{''.join(lines)}" + "\n  …" * (len(runs) > _SHOWN)


def _beginning(name: str, ids: list[str], place: Path) -> str:
    found = [i for i in ids if name and i.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{preview(name)} begins {len(found)} run ids in {place}: {_list(found)}; type more of it"
        )
    raise UsageError(
        f"{preview(name)} is no run folder and no run in {place}; the latest are {_list(ids)}"
    )


def _list(ids: list[str]) -> str:
    more = ", …" if len(ids) > _SHOWN else ""
    return ", ".join(reversed(ids[-_SHOWN:])) + more
