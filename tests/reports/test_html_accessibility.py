"""axe-core finds nothing serious in any section, in both languages, in light and in dark.

axe-core (MPL-2.0) is fetched by npm into a cache of its own, for this test only; it is no part of
the project.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

from xindaya import Settings, evaluate
from xindaya.reports.html import render_html
from xindaya.samples import SAMPLE_CORPUS, SAMPLE_TERMBASE

VIEWS = (
    "summary", "significance", "analysis", "terminology", "segments", "findings", "provenance",
)  # fmt: skip
CACHE = user_cache_path("xindaya-tests")
RUN = """
axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations
  .filter((v) => v.impact === 'serious' || v.impact === 'critical')
  .map((v) => [v.id, v.impact, v.help, v.nodes.length, v.nodes.slice(0, 3).map((n) => n.html)]))
"""


def fetched() -> Path:
    """Returns the packed axe-core, from the cache or from npm."""
    for found in sorted(CACHE.glob("axe-core-4*.tgz")):
        return found
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, which fetches axe-core, is not installed")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = [npm, "pack", "axe-core@4", "--pack-destination", folder, "--silent"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=folder)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"npm cannot fetch axe-core: {error}")
        packed = next(Path(folder).glob("*.tgz"))
        return packed.replace(CACHE / packed.name)


@pytest.fixture(scope="module")
def axe() -> str:
    with tarfile.open(fetched()) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member
        return member.read().decode()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(metrics=("bleu", "ter"), confidence_samples=40, test_samples=40)
    path = tmp_path_factory.mktemp("report") / "sample.html"
    evaluation = evaluate(SAMPLE_CORPUS, termbase=SAMPLE_TERMBASE, settings=settings)
    path.write_text(render_html(evaluation), "utf-8")
    return path


def found(browser: Any, axe: str, page: Path, state: str, scheme: str) -> list[Any]:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.send("Emulation.setEmulatedMedia", features=features)
    browser.open(page, state)
    browser.js("document.querySelectorAll('details.explain').forEach((d) => { d.open = true; })")
    browser.js(f"{axe}; undefined")  # by the debugger: the page's own policy stays as it is
    return list(browser.js(RUN))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("zh", "dark")])
def test_no_serious_barrier(
    browser: Any, axe: str, page: Path, view: str, lang: str, scheme: str
) -> None:
    violations = found(browser, axe, page, f"#view={view}&lang={lang}", scheme)
    assert not violations, json.dumps(violations, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("view", ["analysis", "segments"])
def test_no_serious_barrier_on_a_phone(browser: Any, axe: str, page: Path, view: str) -> None:
    browser.resize(390, 844)
    try:
        violations = found(browser, axe, page, f"#view={view}&lang=zh", "light")
    finally:
        browser.resize(1400, 1000)
    assert not violations, json.dumps(violations, ensure_ascii=False, indent=1)


def test_the_check_can_fail(browser: Any, axe: str, page: Path) -> None:
    browser.open(page)
    browser.js("document.getElementById('main').append(document.createElement('button'))")
    browser.js(f"{axe}; undefined")
    assert [v[0] for v in browser.js(RUN)] == ["button-name"]
