"""Which run of a store is meant."""

from __future__ import annotations

import re
from pathlib import Path

from xindaya.pairs import UsageError
from xindaya.pairs.errors import preview
from xindaya.store.default import STORE_VARIABLE, default_store
from xindaya.store.folders import run_folder, run_ids

_LATEST = re.compile(r"latest(?:~(\d{1,9}))?")
_SHOWN = 5


def resolve_run(name: str, store: str | Path | None = None) -> Path:
    """Finds a run by what a person types.

    Args:
        name: A run folder, the id of a recorded run or a beginning of it that no other has,
            ``latest``, or ``latest~1`` for the one before it.
        store: The store; None for `default_store`.

    Returns:
        The run folder.

    Raises:
        UsageError: If no run, or more than one, is meant.
        InputError: If the store cannot be read.
    """
    folder = Path(name)
    if (folder / "run.json").is_file():
        return folder
    place = Path(store) if store is not None else default_store()
    ids = run_ids(place)
    if not ids:
        raise UsageError(
            f"{preview(name)} is no run folder, and there is no recorded run in {place}; "
            f"name the store with --store or {STORE_VARIABLE}"
        )
    return run_folder(place, _chosen(name, ids, place))


def _chosen(name: str, ids: list[str], place: Path) -> str:
    if latest := _LATEST.fullmatch(name):
        back = int(latest[1] or 0)
        if back < len(ids):
            return ids[-1 - back]
        raise UsageError(
            f"{name}: {place} holds {len(ids)} runs; latest~{len(ids) - 1} is the first"
        )
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
