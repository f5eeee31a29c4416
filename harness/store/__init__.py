"""The run store: one immutable folder a run, and an index that can be made from the folders.

::

    STORE/runs/20261121T101500.123Z-3fa9c2/   a run folder and its record.json
    STORE/index.sqlite                        numbers of all runs: a cache
    STORE/.lock                               held while the index is open

The folders are the truth. A run is recorded at the moment its folder is renamed into place;
whatever happens to the index before or after, the next use makes it agree with the folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xindaya.pairs.lazy import lazy_names
from xindaya.store.default import DEFAULT_STORE, STORE_VARIABLE, default_store

if TYPE_CHECKING:
    from xindaya.store.folders import Remark, run_folder, run_ids
    from xindaya.store.places import resolve_run
    from xindaya.store.store import Store

__all__ = [
    "DEFAULT_STORE",
    "STORE_VARIABLE",
    "Remark",
    "Store",
    "default_store",
    "resolve_run",
    "run_folder",
    "run_ids",
]

__getattr__ = lazy_names(
    __name__,
    dict.fromkeys(("Remark", "run_folder", "run_ids"), "xindaya.store.folders")
    | {"resolve_run": "xindaya.store.places", "Store": "xindaya.store.store"},
)
