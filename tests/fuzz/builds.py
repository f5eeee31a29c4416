"""Builds the kernel from (a copy of) its sources, for the runs under sanitizers and mutations."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "metrics" / "engine"


def compiler() -> str | None:
    """Returns a C compiler with sanitizers, if there is one."""
    return shutil.which("gcc") or shutil.which("clang")


def build(folder: Path, flags: Sequence[str] = (), sources: Path = SOURCES) -> Path:
    """Compiles the kernel into `folder` and returns the extension's path."""
    cc = compiler()
    assert cc
    target = folder / "_kernel.abi3.so"
    subprocess.run(
        [
            cc, "-shared", "-fPIC", "-O1", "-ffp-contract=off", "-DPy_LIMITED_API=0x030B0000",
            *flags, f"-I{sysconfig.get_path('include')}",
            *map(str, sorted(sources.glob("*.c"))), "-lm", "-o", str(target),
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return target
