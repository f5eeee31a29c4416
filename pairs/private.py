"""A folder that nobody else can write to, for what is read back without asking the user."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def private_cache() -> Path | None:
    """Returns the cache folder of this user, or None if there is no safe one.

    ``XINDAYA_CACHE`` names another place, or is ``off``.
    """
    chosen = os.environ.get("XINDAYA_CACHE", "")
    if chosen == "off":
        return None
    if chosen:
        folder = Path(chosen)
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path("xindaya")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if os.name == "posix":
        others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if status.st_uid != os.geteuid() or others_write:
            return None
    return folder
