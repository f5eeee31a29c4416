"""Thousands of spoiled inputs, over all commands; only where XINDAYA_FUZZ is set.

``XINDAYA_FUZZ`` is their number, 10000 in the ``fuzz`` environment; ``XINDAYA_FUZZ_SEED`` draws
others. A failure names its number: `run` with that seed and number alone makes it again.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

_EXAMPLES = int(os.environ.get("XINDAYA_FUZZ") or 0)
_SEED = int(os.environ.get("XINDAYA_FUZZ_SEED") or 1)
_PARTS = 8  # so that several processes share them

pytestmark = pytest.mark.skipif(not _EXAMPLES, reason="XINDAYA_FUZZ (number of examples) not set")


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "bad_input", Path(__file__).with_name("bad_input.py")
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bad_input"] = module  # its dataclasses ask for it
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("part", range(_PARTS))
def test_spoiled_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setenv("XINDAYA_CACHE", "off")
    tool = _tool()
    tool.make_inputs(tmp_path)
    size = -(-_EXAMPLES // _PARTS)
    failures = list(tool.run(tmp_path, _SEED, range(part * size, (part + 1) * size)))
    assert not failures, "".join(map(str, failures))
