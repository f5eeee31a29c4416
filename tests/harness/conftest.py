"""Small files to try commands on, and fault injection: what a command leaves that is killed at any moment."""

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


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A source, a reference, an output, a corpus and a termbase of one segment."""
    texts = {
        "src.zh": "网信办发布新规。\n",
        "ref.en": "The CAC issued rules.\n",
        "a.en": "CAC rules.\n",
        "corpus.tsv": "id\tsource\treference:A\tsystem:a\n1\t网信办发布新规。\tThe CAC\tCAC\n",
        "terms.tsv": "concept\tzh\ten\tstatus\ncac\t网信办\tCAC\tpreferred\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path
