"""The project's folder names never meet a user's own packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A user's repository with packages named like the project's folders."""
    for name in ("metrics", "reports", "pairs", "harness"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"OWNER = 'the user of {name}'\n")
    (tmp_path / "metrics" / "bleu.py").write_text("raise RuntimeError('the wrong bleu')\n")
    return tmp_path


def python(code: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_both_sides_keep_their_own(repository: Path) -> None:
    python(
        "import metrics, reports, xindaya.metrics, xindaya.reports.text;"
        "assert metrics.OWNER == 'the user of metrics' and reports.OWNER == 'the user of reports';"
        "assert xindaya.metrics.BLEU().name == 'BLEU'",
        repository,
    )


def test_the_command_runs_there(repository: Path) -> None:
    command = [sys.executable, "-m", "xindaya", "demo", "-q", "-o", "out"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (repository / "out" / "report.html").is_file()


@pytest.mark.parametrize("name", ["harness", "metrics", "pairs", "reports"])
def test_no_other_name_is_installed(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-c", f"import {name}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize("part", ["", ".pairs", ".metrics", ".reports"])
def test_types_ship(part: str) -> None:
    from importlib import resources

    assert (resources.files(f"xindaya{part}") / "py.typed").is_file()
