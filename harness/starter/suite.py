"""A benchmark suite as files in memory: the texts are measured, then everything is written down."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xindaya.baseline_files import update_baseline
from xindaya.evaluation import evaluate
from xindaya.metrics import Evaluation
from xindaya.metrics.judging.record import record_of
from xindaya.pairs import UsageError
from xindaya.pairs.checks import check_corpus_data
from xindaya.regressions import Judge
from xindaya.settings import Settings
from xindaya.spec import BASELINE_FOLDER
from xindaya.starter.pages import fill, readme_page, spec_page, spec_path
from xindaya.starter.texts import FOLDER, Texts

CI = {"github": ("github",), "gitlab": ("gitlab",), "both": ("github", "gitlab"), "none": ()}
"""Choice to the services for which a suite has a file."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_GITLAB_TOP = ".gitlab-ci.yml"


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite that is not yet written.

    Attributes:
        spec: Path of the spec, from the top of the repository.
        files: Path from the top to content.
        evaluation: The measurement that the baseline and the floors are taken from.
        notes: What a person has to do or to know.
    """

    spec: str
    files: Mapping[str, bytes]
    evaluation: Evaluation
    notes: tuple[str, ...]


def make_suite(texts: Texts, name: str, ci: tuple[str, ...]) -> Suite:
    """Measures the texts and makes the files.

    Args:
        texts: What is measured.
        name: Of the spec; it stands in paths and commands.
        ci: The services to write a file for: ``github``, ``gitlab``.

    Raises:
        UsageError: If the name is none, a file is outside the repository, or no score is possible.
        InputError: If a text cannot be read.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"--name {name!r}: expected letters, digits, '.', '_' and '-'")
    settings = Settings(confidence_samples=0, test=None, check_data=False)
    evaluation = evaluate(texts.load(name), termbase=texts.termbase, settings=settings)
    if evaluation.unscored:
        unscored = evaluation.unscored[0]
        raise UsageError(f"{unscored.metric} cannot be computed: {unscored.reason}")
    files = {
        spec_path(name): spec_page(name, texts, evaluation).encode(),
        f"{FOLDER}/README.md": readme_page(name, texts).encode(),
        f"{FOLDER}/.gitignore": fill("gitignore", name).encode(),
        **{f"{FOLDER}/{path.name}": path.read_bytes() for path in texts.copied},
        **_baseline(name, evaluation),
    }
    if "github" in ci:
        files[".github/workflows/translation.yml"] = fill("github.yml", name).encode()
    if "gitlab" in ci:
        files[f"{FOLDER}/gitlab-ci.yml"] = fill("gitlab.yml", name).encode()
        if not os.path.lexists(texts.root / _GITLAB_TOP):
            files[_GITLAB_TOP] = fill("gitlab-top.yml", name).encode()
    notes = (*_ci_notes(texts.root, files, ci), *_red_notes(evaluation))
    return Suite(spec_path(name), files, evaluation, notes)


def _baseline(name: str, evaluation: Evaluation) -> dict[str, bytes]:
    """Returns the files that accepting the measurement makes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / BASELINE_FOLDER / f"{name}.json"
        records = {system: record_of(evaluation, system) for system in evaluation.systems}
        update_baseline(path, spec_path(name), records)
        made = [p for p in sorted(path.parent.iterdir()) if p.suffix != ".lock"]
        return {f"{FOLDER}/{BASELINE_FOLDER}/{p.name}": p.read_bytes() for p in made}


def _ci_notes(root: Path, files: Mapping[str, bytes], ci: tuple[str, ...]) -> Iterator[str]:
    if "gitlab" in ci and _GITLAB_TOP not in files:
        include = fill("gitlab-top.yml", "").rstrip().replace("\n", "\n    ")
        yield f"{_GITLAB_TOP} is there already and stays as it is; add to it:\n    {include}"
    above = Path(os.path.normpath(root.absolute())).parents
    top = next((p for p in above if (p / ".git").exists()), None)
    if ci and top is not None and not (root / ".git").exists():
        yield f"CI files work only at the top of a repository, which is {top}"


def _red_notes(evaluation: Evaluation) -> Iterator[str]:
    """Yields what is red from the beginning: what no baseline excuses."""
    wrong = [f for f in check_corpus_data(evaluation.corpus) if f.severity == "error"]
    if wrong:
        yield f"the data test is red until this is corrected or waived: {wrong[0].message}"
    if evaluation.terminology is None:
        return
    for system in evaluation.systems:
        terms = Judge(evaluation, None).terms(system, alone=True)
        if not terms.passed:
            yield f"{system}: its terms are red until corrected or waived: {terms.message}"
