"""Fault injection: what a command leaves that is killed, or finds the disk full, at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Inject = Callable[[str, str, Path, Path], Iterator[tuple[Path, int]]]


@pytest.fixture
def inject() -> Inject:
    """Gives ``inject(mode, act, base, out)``.

    It yields every copy of the folder ``base`` that ``act`` (code that defines ``act(place)``) was
    run in, and how that ended: 0, 3 for an `InputError`, -9 for killed. The modes are those of
    ``faults.py``: kill, fail, size, random.
    """
    if not hasattr(os, "fork"):
        pytest.skip("needs fork and signals")
    machinery = Path(__file__).with_name("faults.py").read_text("utf-8")

    def run(mode: str, act: str, base: Path, out: Path) -> Iterator[tuple[Path, int]]:
        out.mkdir(exist_ok=True)
        command = [sys.executable, "-c", f"{act}\n{machinery}", mode, str(base), str(out)]
        result = subprocess.run(command, capture_output=True, text=True, cwd=out, check=False)
        assert result.returncode == 0, result.stderr
        for line in result.stdout.split("\n")[:-1]:
            name, code = json.loads(line)
            yield out / name, code

    return run
