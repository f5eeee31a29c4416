"""The plugin's options, each with an ini twin: ``--mt-alpha`` and ``mt_alpha``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

OPTIONS = pytest.StashKey["MtOptions"]()
STARTED = pytest.StashKey[float]()
"""When the session began, in seconds since the epoch."""
DEFAULT_WORST = 5

_TABLE: tuple[tuple[str, str, str, str], ...] = (
    ("baseline", "string", "PATH", "folder of the baselines, or one .json file"),
    ("update-baseline", "bool", "", "accept what is measured now as the baseline"),
    ("new-only", "bool", "", "add baselines that are missing; judge the others"),
    (
        "fail-on",
        "linelist",
        "EXPR",
        "loss allowed against the baseline, repeatable: chrF2:-1.0, BLEU:-2%%, terms:+0",
    ),
    ("alpha", "string", "P", "corrected p-values below it are significant (0.05)"),
    (
        "undecided",
        "string",
        "WORD",
        "a loss that the data are too few to judge: pass (the default) or fail",
    ),
    ("worst", "string", "N", f"how many segments a failure shows ({DEFAULT_WORST})"),
    ("report", "string", "DIR", "write a run folder with report.html for each spec"),
    ("store", "string", "DIR", "record each spec in this run store (see xindaya history)"),
    ("json", "string", "FILE", "write all results as JSON"),
    ("seed", "string", "N", "seed of all random numbers"),
)


@dataclass(frozen=True, slots=True)
class MtOptions:
    """What the command line and the ini file say; None and empty where they say nothing.

    Attributes:
        baseline: Folder of the baselines, or one file.
        update: Accept what is measured now.
        new_only: Add missing baselines.
        ini_fail_on: Allowances of the ini file.
        fail_on: Allowances of the command line.
        alpha: Significance level.
        undecided_fails: Whether a loss fails that the data are too few to judge; None if not said.
        worst: How many segments a failure shows.
        report: Folder for run folders.
        store: Run store.
        json: File for the results.
        seed: Of all random numbers.
    """

    baseline: Path | None
    update: bool
    new_only: bool
    ini_fail_on: tuple[str, ...]
    fail_on: tuple[str, ...]
    alpha: float | None
    undecided_fails: bool | None
    worst: int
    report: Path | None
    store: Path | None
    json: Path | None
    seed: int | None


def add_options(parser: pytest.Parser) -> None:
    """Declares the options and their twins."""
    group = parser.getgroup("translation quality", "translation quality (xindaya)")
    for name, kind, metavar, text in _TABLE:
        ini = f"mt_{name.replace('-', '_')}"
        if kind == "bool":
            group.addoption(f"--mt-{name}", dest=ini, action="store_true", default=None, help=text)
        else:
            action = "append" if kind == "linelist" else "store"
            group.addoption(
                f"--mt-{name}", dest=ini, action=action, default=None, metavar=metavar, help=text
            )
        default = {"bool": False, "linelist": []}.get(kind, "")
        parser.addini(ini, text.replace("%%", "%"), type=kind, default=default)  # type: ignore[arg-type]


def read_options(config: pytest.Config) -> MtOptions:
    """Reads and checks the options.

    Raises:
        pytest.UsageError: If a value is wrong.
    """
    options = MtOptions(
        baseline=_path(config, "mt_baseline"),
        update=bool(_value(config, "mt_update_baseline")),
        new_only=bool(_value(config, "mt_new_only")),
        ini_fail_on=tuple(config.getini("mt_fail_on")),
        fail_on=tuple(config.getoption("mt_fail_on") or ()),
        alpha=_number(config, "mt_alpha", float, "a number between 0 and 1"),
        undecided_fails=_undecided(config),
        worst=_worst(config),
        report=_path(config, "mt_report"),
        store=_path(config, "mt_store"),
        json=_path(config, "mt_json"),
        seed=_number(config, "mt_seed", int, "a whole number from 0"),
    )
    if options.update and options.new_only:
        raise pytest.UsageError("--mt-update-baseline and --mt-new-only: choose one of them")
    if options.alpha is not None and not 0 < options.alpha < 1:
        raise _wrong("mt_alpha", options.alpha, "a number between 0 and 1")
    if options.seed is not None and options.seed < 0:
        raise _wrong("mt_seed", options.seed, "a whole number from 0")
    if options.fail_on:
        check_expressions(options.fail_on)
    return options


def check_expressions(texts: tuple[str, ...]) -> None:
    """Raises pytest.UsageError for the first wrong fail-on expression."""
    from xindaya.gates import parse_allowance
    from xindaya.pairs import UsageError

    for text in texts:
        try:
            parse_allowance(text, lenient=True)
        except UsageError as error:
            raise pytest.UsageError(f"--mt-fail-on / mt_fail_on: {error}") from error


def _value(config: pytest.Config, name: str) -> Any:
    """Returns what the command line says, else the ini file."""
    given = config.getoption(name)
    return given if given is not None else config.getini(name)


def _path(config: pytest.Config, name: str) -> Path | None:
    """Returns a path: the command line's from where it was typed, the ini file's from the root."""
    given: str | None = config.getoption(name)
    if given:
        return config.invocation_params.dir / given
    said: str = config.getini(name)
    return config.rootpath / said if said else None


def _undecided(config: pytest.Config) -> bool | None:
    said = _value(config, "mt_undecided")
    if said in ("", None):
        return None
    if said not in ("pass", "fail"):
        raise _wrong("mt_undecided", said, '"pass" or "fail"')
    return bool(said == "fail")


def _worst(config: pytest.Config) -> int:
    worst: int | None = _number(config, "mt_worst", int, "a whole number from 0")
    if worst is None:
        return DEFAULT_WORST
    if worst < 0:
        raise _wrong("mt_worst", worst, "a whole number from 0")
    return worst


def _number(config: pytest.Config, name: str, kind: type[Any], expected: str) -> Any:
    value = _value(config, name)
    if value in ("", None):
        return None
    try:
        return kind(value)
    except ValueError:
        raise _wrong(name, value, expected) from None


def _wrong(name: str, value: object, expected: str) -> pytest.UsageError:
    option = "--" + name.replace("_", "-")
    return pytest.UsageError(f"{option} / {name}: found {value!r}, expected {expected}")
