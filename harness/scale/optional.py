"""Libraries that only some ways of scaling out need."""

from __future__ import annotations

import importlib
from typing import Any

from xindaya.pairs import UsageError


def require(module: str, purpose: str, install: str) -> Any:
    """Imports a library.

    Raises:
        UsageError: If it is not installed, with what to type.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise UsageError(f"{purpose} needs {name}, which is not installed: {install}") from error
