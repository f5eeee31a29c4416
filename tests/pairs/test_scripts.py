"""Simplified and Traditional Chinese: what is said where OpenCC is not there, or half there."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pytest

from xindaya.pairs import UsageError, scripts

BROKEN = "OpenCC is installed, but incomplete "


@pytest.mark.parametrize(
    ("left", "owners", "said"),
    [
        (None, {}, "needs OpenCC: pip install 'xindaya\\[scripts\\]'"),
        # Seen with OpenCC 1.1.9 after opencc-python-reimplemented was installed and removed: both
        # own opencc/__init__.py, so it is gone, and opencc/clib stays.
        ("clib/x.py", {"opencc": ["OpenCC"]}, f"{BROKEN}.*--force-reinstall --no-deps OpenCC$"),
        ("__init__.py", {"opencc": ["OpenCC"]}, f"{BROKEN}.*--force-reinstall --no-deps OpenCC$"),
        (None, {"opencc": ["OpenCC"]}, f"{BROKEN}.*--force-reinstall --no-deps OpenCC$"),
        ("clib/x.py", {}, f"{BROKEN}.*--force-reinstall --no-deps opencc$"),
    ],
)
def test_what_is_missing_of_opencc_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    left: str | None,
    owners: Mapping[str, Sequence[str]],
    said: str,
) -> None:
    if left:
        (tmp_path / "opencc" / left).parent.mkdir(parents=True)
        (tmp_path / "opencc" / left).write_text("from opencc.clib import opencc_clib\n", "utf-8")
    for name in [n for n in sys.modules if n.partition(".")[0] == "opencc"]:
        monkeypatch.delitem(sys.modules, name)
    elsewhere = [p for p in sys.path if not (Path(p) / "opencc").exists()]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *elsewhere])
    monkeypatch.setattr(metadata, "packages_distributions", lambda: owners)
    scripts.simplified.cache_clear()
    with pytest.raises(UsageError, match=said):
        scripts.simplified()
    for name in [n for n in sys.modules if n.partition(".")[0] == "opencc"]:
        del sys.modules[name]
