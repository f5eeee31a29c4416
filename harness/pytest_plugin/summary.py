"""What a session says of its quality tests: terminal, JSON, GitHub step summary, pytest-html.

Everything is read off the reports' properties, so it is the same with and without pytest-xdist.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xindaya.pytest_plugin.options import OPTIONS
from xindaya.pytest_plugin.results import Result, results_of

_TITLE = "translation quality"
_COLUMNS = ("test", "score", "baseline", "change", "p (Holm)", "verdict")


class Recorder:
    """Collects results from reports, and shows them at the end.

    It lives in the process that writes reports: the controller, or the only one.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._found: dict[str, list[Result]] = {}
        self._failed: set[str] = set()
        self._problems: list[str] = []
        if config.pluginmanager.hasplugin("html"):
            config.pluginmanager.register(_HtmlSummary(self), "xindaya-html")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes the results of one test; of a test that is run again, the last."""
        if report.when != "call" or not report.user_properties:
            return
        if results := list(results_of(report.user_properties)):
            self._found[report.nodeid] = results
            (self._failed.add if report.failed else self._failed.discard)(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Writes files; one that cannot be written fails the session."""
        writers = (
            (self._config.stash[OPTIONS].json, self._write_json),
            (os.environ.get("GITHUB_STEP_SUMMARY") if self._found else None, self._write_step),
        )
        for place, write in writers:
            if not place:
                continue
            try:
                write(Path(place))
            except Exception as error:
                self._problems.append(f"{place} could not be written: {error}")
                session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Shows the results, if there are any."""
        if not self._found and not self._problems:
            return
        terminalreporter.write_sep("=", _TITLE)
        previous = ""
        for nodeid, result in self.results():
            file = nodeid.partition("::")[0]
            if file != previous:
                terminalreporter.write_line(file)
                previous = file
            terminalreporter.write_line(
                f"  {_mark(result):4}  {_line(nodeid, result)}", **_colour(result)
            )
        for text in sorted({r.method for _, r in self.results() if r.method}):
            terminalreporter.write_line(text)
        if undecided := sum(bool(r.undecided) for _, r in self.results()):
            losses = f"{undecided} {'loss is' if undecided == 1 else 'losses are'} undecided"
            way = 'undecided = "fail" in the spec, or --mt-undecided=fail, makes that red'
            terminalreporter.write_line(f"{losses}: too few to tell; {way}", yellow=True)
        for text in self._unused():
            terminalreporter.write_line(f"warning: {text}", yellow=True)
        for text in self._problems:
            terminalreporter.write_line(f"error: {text}", red=True)

    def results(self) -> Iterator[tuple[str, Result]]:
        """Yields ids of tests and their results, in an order that does not depend on workers."""
        for nodeid in sorted(self._found):
            for result in self._found[nodeid]:
                yield nodeid, result

    def rows(self) -> list[tuple[str, ...]]:
        """Returns a table of the results."""
        return [
            (
                nodeid if not result.metric else f"{nodeid} [{result.metric}]",
                _number(result.score, ".2f"),
                _number(result.before, ".2f"),
                _number(result.delta, "+.2f"),
                _number(result.p_holm if result.p_holm is not None else result.p, ".4f"),
                f"{result.verdict}: {result.message}",
            )
            for nodeid, result in self.results()
        ]

    def _write_json(self, path: Path) -> None:
        import json
        from dataclasses import asdict

        from xindaya.pairs.files import output, write_text

        content = {
            "schema_version": 1,
            "tool": "xindaya",
            "results": [
                {"test": nodeid, "outcome": "failed" if nodeid in self._failed else "passed"}
                | {k: v for k, v in asdict(result).items() if v is not None}
                for nodeid, result in self.results()
            ],
        }
        with output(path, ours=_is_results):
            write_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    def _write_step(self, path: Path) -> None:
        lines = [f"### {_TITLE.capitalize()}", "", "| " + " | ".join(_COLUMNS) + " |"]
        lines.append("|" + " --- |" * len(_COLUMNS))
        lines += ["| " + " | ".join(map(_markdown, row)) + " |" for row in self.rows()]
        with path.open("a", encoding="utf-8") as stream:
            stream.write("\n".join(lines) + "\n")

    def _unused(self) -> list[str]:
        """Lists baselines that nothing uses: whole files, and systems within files."""
        from xindaya.baseline_files import owner_of

        used, found = set(), set()
        for _, result in self.results():
            if result.baseline:
                used.add(self._config.rootpath / result.baseline)
                if result.unused:
                    found.add(f"unused baseline of {result.unused} in {result.baseline}")
        for folder in sorted({path.parent for path in used}):
            for path in sorted(set(folder.glob("*.json")) - used):
                owner = owner_of(path)
                if owner and not _lives(self._config.rootpath, owner):
                    found.add(f"unused baseline {path.name} in {folder.name}: {owner} is gone")
        return sorted(found)


class _HtmlSummary:
    """A table in the report of pytest-html, where that plugin is installed and used."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, postfix: list[str]) -> None:
        """Adds the table, if there are results."""
        from html import escape

        rows = self._recorder.rows()
        if not rows:
            return
        head = "".join(f"<th>{escape(c)}</th>" for c in _COLUMNS)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        title = f"<h2>{_TITLE.capitalize()}</h2>"
        postfix.append(f"{title}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _is_results(path: Path) -> bool:
    """True if a file holds the results of an earlier session."""
    import json

    try:
        content = json.loads(path.read_bytes())
        return isinstance(content, dict) and content["tool"] == "xindaya" and "results" in content
    except (OSError, ValueError, LookupError, RecursionError):
        return False


def _lives(root: Path, owner: str) -> bool:
    """True if the spec or test still exists, whether or not it was run."""
    file, *names = owner.split("::")
    path = root / file
    if not path.is_file():
        return False
    if not names:
        return True
    function = names[-1].partition("[")[0]
    return function in path.read_text("utf-8", "replace")


def _line(nodeid: str, result: Result) -> str:
    file, _, test = nodeid.partition("::")
    where = f"{test}  " if file.endswith(".py") else ""
    where += f"{result.system}  " if result.system else ""
    return f"{where}{result.rule}  {result.message}"


def _mark(result: Result) -> str:
    return {"pass": "ok", "fail": "FAIL", "note": "note"}.get(result.verdict, "")


def _colour(result: Result) -> dict[str, bool]:
    colour = {"fail": "red", "note": "yellow"}.get(result.verdict)
    return {colour: True} if colour else {}


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _markdown(cell: str) -> str:
    from html import escape

    return escape(cell, quote=False).replace("|", "\\|").replace("`", "\\`")
