"""Which store, where nothing else is said; importing this costs nothing."""

from __future__ import annotations

import os
from pathlib import Path

STORE_VARIABLE = "XINDAYA_STORE"
DEFAULT_STORE = Path("xindaya-store")


def default_store() -> Path:
    """Returns the store of ``XINDAYA_STORE``, else ``xindaya-store`` in the current folder."""
    return Path(os.environ.get(STORE_VARIABLE) or DEFAULT_STORE)
