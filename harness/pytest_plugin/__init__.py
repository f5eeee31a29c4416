"""The pytest plugin: specs as tests, and fixtures for quality tests in Python.

It is loaded in every pytest run of the environment, so it imports only pytest and the standard
library, prints nothing unless a quality test ran, and does its work in modules that are imported
when a spec is collected or a fixture is used.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from xindaya.pytest_plugin.fixtures import (
    check_terms,
    compare_systems,
    explain_failure,
    focus_on,
    translation_baseline,
    translation_scores,
)
from xindaya.pytest_plugin.options import OPTIONS, STARTED, add_options, read_options
from xindaya.pytest_plugin.summary import Recorder

__all__ = ["check_terms", "compare_systems", "translation_baseline", "translation_scores"]

_SUFFIX = ".mt.toml"
_STARTED = "mt_started"
_MARKER = (
    "mt(metrics, termbase, fail_on, alpha, undecided, seed, tokenize, source_lang, target_lang): a "
    "translation quality test, and what its fixtures take unless told otherwise."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, and the recorder where reports arrive."""
    config.addinivalue_line("markers", _MARKER)
    config.stash[OPTIONS] = read_options(config)
    config.stash[STARTED] = getattr(config, "workerinput", {}).get(_STARTED, time.time())
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config), "xindaya-recorder")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells an xdist worker when the session began: what all of them record is one run."""
    node.workerinput[_STARTED] = node.config.stash[STARTED]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collects specs."""
    if not file_path.name.endswith(_SUFFIX):
        return None
    from xindaya.pytest_plugin.items import SpecFile

    return SpecFile.from_parent(parent, path=file_path)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Says what a failed comparison of a score means, and remembers it for the report."""
    for value in (left, right):
        explain = getattr(type(value), "__mt_explain__", None)
        if explain is not None:
            focus_on(value)
            lines: list[str] = explain(value, op, right if value is left else left)
            return lines
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the segments to blame to the failure of a test that used our fixtures."""
    report = yield
    if call.excinfo is not None:
        explain_failure(item, report)
    return report
