"""The report in a real browser: nothing foreign runs, nothing is requested, everything works."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase
from xindaya.reports.html import render_html

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=f"none of {', '.join(NAMES)} is installed")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)  # fmt: skip
# Chromium reads commands from descriptor 3 and writes to 4: this puts our pipes there.
LAUNCH = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)
WATCH = (
    "window.violations = []; addEventListener('securitypolicyviolation', "
    "(e) => violations.push(e.blockedURI + ' ' + e.violatedDirective));"
)


class Browser:
    """A page of headless Chromium, driven through pipes: no driver, no socket."""

    def __init__(self, profile: Path) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(theirs_in), str(theirs_out), *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        self._rest, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        targets = self.send("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        found = self.send("Target.attachToTarget", targetId=page, flatten=True)
        self._session = found["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def send(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            chunk = os.read(self._in, 1 << 16)
            assert chunk, "the browser is gone"
            self._rest += chunk
        message, self._rest = self._rest.split(b"\0", 1)
        return dict(json.loads(message))

    def js(self, expression: str) -> Any:
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def open(self, page: Path, state: str = "") -> None:
        # Another page in between, or a new address behind the # would not load anything.
        self.send("Page.navigate", url="about:blank")
        self.events.clear()
        self.send("Page.navigate", url=page.as_uri() + state)
        deadline = time.monotonic() + 30
        while not self.js("document.documentElement?.dataset.ready === 'yes'"):
            assert time.monotonic() < deadline, self.events[-5:]
            time.sleep(0.02)

    def resize(self, width: int, height: int) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip

    def shown(self, selector: str) -> list[str]:
        query = json.dumps(selector)
        return list(self.js(f"[...document.querySelectorAll({query})].map((e) => e.innerText)"))

    def set(self, element: str, value: str, event: str = "change") -> None:
        self.js(
            f"(() => {{ const e = document.getElementById({json.dumps(element)});"
            f" e.value = {json.dumps(value)}; e.dispatchEvent(new Event({json.dumps(event)})); }})()"
        )

    def press(self, key: str) -> None:
        self.js(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{ key: {json.dumps(key)}, bubbles: true }}))"
        )

    def complaints(self) -> list[dict[str, Any]]:
        kinds = ("Runtime.exceptionThrown", "Log.entryAdded")
        return [e for e in self.events if e.get("method") in kinds]

    def requests(self) -> list[str]:
        sent = [e for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return [e["params"]["request"]["url"] for e in sent]

    def close(self) -> None:
        self._session = ""
        with contextlib.suppress(AssertionError, OSError):
            self.send("Browser.close")
        os.close(self._in)
        os.close(self._out)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


# ---- Corpora ---------------------------------------------------------------------------------

SCRIPT = "</script><script>document.title='owned';window.owned=1</script>"
IMAGE = "<img src=x onerror=\"document.title='owned';window.owned=1\">"
ODD = "{{ 7*7 }} ${owned} \u2028\u2029\u202e\u2066\x00\ud800 ]]> <!-- --> &amp; javascript:alert(1)"
EVIL = SCRIPT + IMAGE + ODD
QUICK = Settings(confidence_samples=40, test_samples=40)


def small_corpus() -> tuple[Corpus, Termbase]:
    """Thirty segments: two systems, one of which changes its mind about a term halfway."""
    segments, good, bad = [], [], []
    for k in range(30):
        source = f"国家网信办发布第{k}号通知𠀀。" if k % 3 == 0 else f"第{k}天天气很好。"
        english = f"The CAC issues notice {k}." if k % 3 == 0 else f"Day {k} is fine."
        segments.append(Segment(f"s{k:02d}", source, (english,), f"d{k // 10}"))
        good.append(english)
        worse = english.replace("The CAC", "The Network Office") if k >= 15 else english
        bad.append("" if k == 7 else worse)
    terms = (
        Term("国家网信办", "zh"),
        Term("CAC", "en"),
        Term("Network Office", "en", Status.FORBIDDEN, note="never"),
    )
    corpus = Corpus("small", "zh", "en", tuple(segments), ("A",), {"good": tuple(good),
                                                                  "bad": tuple(bad)})  # fmt: skip
    return corpus, Termbase("terms", (Concept("cac", terms),))


def evil_evaluation() -> Evaluation:
    """Hostile text wherever text may come from."""
    segments = tuple(
        Segment(f"{EVIL}{k}", f"国家网信办{EVIL}", (f"CAC {EVIL}", EVIL), f"{EVIL}{k % 2}")
        for k in range(4)
    )
    outputs = {f"{name}{EVIL}": tuple(f"{EVIL} CAC {EVIL}" for _ in segments) for name in "ab"}
    outputs["c"] = ("", "  ", EVIL, "CAC")
    corpus = Corpus(EVIL, "zh", "en", segments, (EVIL, "B"), outputs,
                    {f"{EVIL}0": EVIL}, EVIL, EVIL)  # fmt: skip
    terms = (
        Term("国家网信办", "zh", note=EVIL),
        Term("CAC", "en", note=EVIL),
        Term(EVIL, "en", Status.FORBIDDEN, note=EVIL),
    )
    termbase = Termbase(EVIL, (Concept(EVIL, terms, extra={"x": EVIL}),))
    return evaluate(corpus, termbase=termbase, settings=QUICK, command=EVIL)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus, termbase = small_corpus()
    path = tmp_path_factory.mktemp("report") / "small.html"
    path.write_text(render_html(evaluate(corpus, termbase=termbase, settings=QUICK)), "utf-8")
    return path


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "evil.html"
    path.write_text(render_html(evil_evaluation()), "utf-8")
    return path


VIEWS = ("summary", "significance", "terminology", "segments", "findings", "provenance")


# ---- Safety ----------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_text_stays_text(browser: Browser, evil: Path, view: str) -> None:
    browser.open(evil, f"#view={view}")
    browser.js("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    browser.js("new Promise((done) => setTimeout(done, 50))")
    assert not browser.js("document.title === 'owned' || 'owned' in window")
    assert browser.js("document.querySelectorAll('script').length") == 2
    assert browser.js("document.querySelectorAll('img, iframe, link, object').length") == 0
    assert browser.requests() == [evil.as_uri()]
    assert browser.js("violations") == []
    assert browser.complaints() == []


def test_hostile_segments_are_shown_as_they_are(browser: Browser, evil: Path) -> None:
    browser.open(evil, "#view=segments")
    text = browser.shown(".source .text")[0]
    assert "</script><script>document.title='owned'" in text
    assert "{{ 7*7 }}" in text
    chips = set(browser.shown(".source .chip"))
    assert {"LSEP", "PSEP", "RLO", "LRI", "NUL", "U+D800"} <= chips


def test_every_segment_text_is_isolated(browser: Browser, page: Path) -> None:
    browser.open(page, "#view=segments")
    texts = "[...document.querySelectorAll('.text')]"
    assert browser.js(f"{texts}.every((e) => e.matches('bdi[lang][dir=auto]'))")
    assert browser.js("document.querySelector('.source .text').lang") == "zh"
    assert browser.js("document.querySelector('.output .text').lang") == "en"


# ---- Segments --------------------------------------------------------------------------------


def test_segments_are_shown_in_pages(browser: Browser, page: Path) -> None:
    browser.open(page, "#view=segments")
    assert browser.shown("#count") == ["30 of 30 segments"]
    assert len(browser.shown(".segment")) == 20
    browser.press("]")
    assert len(browser.shown(".segment")) == 10
    assert "page=2" in browser.js("location.hash")


@pytest.mark.parametrize(
    ("query", "found"), [("第3天", 0), ("第4天", 1), ("NOTICE 1", 3), ("s07", 1), ("<b>", 0)]
)
def test_search(browser: Browser, page: Path, query: str, found: int) -> None:
    browser.open(page, "#view=segments")
    browser.set("search", query, "input")
    assert browser.shown("#count") == [f"{found} of 30 segments"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("flag=forbidden", ["s15", "s18", "s21", "s24", "s27"]),
        ("flag=empty", ["s07"]),
        ("doc=d0&concept=cac", ["s00", "s03", "s06", "s09"]),
        ("concept=cac&form=CAC&on=1", ["s00", "s03", "s06", "s09", "s12"]),
        ("flag=forbidden&sys=good", []),
        ("a=good&b=bad&min=90", ["s07"]),
        ("a=bad&b=good&min=0", []),
    ],
)
def test_filters(browser: Browser, page: Path, state: str, found: list[str]) -> None:
    browser.open(page, f"#view=segments&{state}")
    assert browser.shown(".segment h4") == found


def test_sorting_by_a_systems_score(browser: Browser, page: Path) -> None:
    browser.open(page, "#view=segments")
    browser.set("sort", "+bad")
    assert browser.shown(".segment h4")[0] == "s07"
    scores = [float(s.split()[-1]) for s in browser.shown("[data-system=bad] .marks")]
    assert scores == sorted(scores)


def test_a_link_leads_to_its_segment(browser: Browser, page: Path) -> None:
    browser.open(page, "#seg=s25")
    assert browser.shown(".segment.target h4") == ["s25"]
    assert browser.js("document.activeElement.matches('.target')")
    top = browser.js("document.querySelector('.target').getBoundingClientRect().top")
    assert 0 <= top < 400


def test_terms_and_differences_are_marked(browser: Browser, page: Path) -> None:
    browser.open(page, "#seg=s15")
    assert browser.shown(".target .source mark") == ["国家网信办"]
    assert browser.shown(".target [data-system=bad] mark.st-forbidden") == ["Network Office"]
    assert browser.shown(".target [data-system=bad] ins") == ["Network Office"]
    assert browser.shown(".target [data-system=bad] del") == ["CAC"]
    assert "forbidden" in browser.shown(".target [data-system=bad] .problems")[0]
    assert browser.shown(".target [data-system=good] ins") == []


def test_keys_reach_everything(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.press("4")
    assert browser.js("!document.getElementById('segments').hidden")
    browser.press("j")
    browser.press("j")
    assert browser.js("document.activeElement.querySelector('h4').innerText") == "s01"
    browser.press("/")
    assert browser.js("document.activeElement.id") == "search"


# ---- Terminology, findings, language ---------------------------------------------------------


def test_a_switch_is_visible_and_leads_to_segments(browser: Browser, page: Path) -> None:
    browser.open(page, "#view=terminology")
    assert "drifts in 1 of 2 systems" in browser.shown(".entry summary")[0]
    strips = ["".join(s.split()) for s in browser.shown(".strip")]
    assert strips == ["A" * 10, "AAAAABBBBB", "A" * 10]
    browser.js("document.querySelectorAll('.uses tr')[2].querySelectorAll('.part')[1].click()")
    assert browser.shown(".segment h4") == ["s15", "s18", "s21", "s24", "s27"]
    browser.js("history.back()")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert browser.js("!document.getElementById('terminology').hidden")


def test_findings_link_to_segments(browser: Browser, page: Path) -> None:
    browser.open(page, "#view=findings&kind=empty")
    assert len(browser.shown(".findings tbody tr")) == 1
    browser.js("document.querySelector('.findings tbody a').click()")
    assert browser.shown(".segment.target h4") == ["s07"]


def test_the_language_can_be_switched(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert "scores best" in browser.shown(".verdict")[0]
    browser.js("document.getElementById('language').click()")
    assert "得分最高" in browser.shown(".verdict")[0]
    assert "scores best" not in browser.shown(".verdict")[0]
    assert browser.js("document.documentElement.lang") == "zh"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_view_fits_a_phone(browser: Browser, page: Path, view: str, lang: str) -> None:
    browser.resize(390, 844)
    try:
        browser.open(page, f"#view={view}&lang={lang}")
        assert browser.js("document.documentElement.scrollWidth") <= 390
        assert browser.complaints() == []
    finally:
        browser.resize(1400, 1000)


def test_compressed_data_opens(browser: Browser, tmp_path: Path) -> None:
    corpus, _ = small_corpus()
    segments = tuple(Segment(f"{n}-{s.id}", s.source, s.references, s.document)
                     for n in range(200) for s in corpus.segments)  # fmt: skip
    many = Corpus("many", "zh", "en", segments, ("A",),
                  {name: texts * 200 for name, texts in corpus.systems.items()})  # fmt: skip
    evaluation = evaluate(many, settings=Settings(confidence_samples=0, test=None))
    path = tmp_path / "many.html"
    path.write_text(render_html(evaluation), "utf-8")
    browser.open(path, "#view=segments&flag=empty")
    assert browser.shown("#count") == ["200 of 6,000 segments"]


@pytest.mark.parametrize(
    ("text", "other", "added", "missing"),
    [
        ("a b c", "a b c", [], []),
        ("a x c", "a b c", ["x"], ["b"]),
        ("a b", "a b c d", [], ["c d"]),
        ("新的规定", "新规定", ["的"], []),
        ("", "a", None, None),
    ],
)
def test_differences(browser: Browser, tmp_path: Path, text: str, other: str,
                     added: list[str] | None, missing: list[str] | None) -> None:  # fmt: skip
    corpus = Corpus("d", "zh", "en", (Segment("1", "源", (other,)),), ("A",), {"s": (text,)})
    path = tmp_path / "d.html"
    path.write_text(render_html(evaluate(corpus, settings=QUICK)), "utf-8")
    browser.open(path, "#view=segments")
    assert browser.shown(".output ins") == (added or [])
    assert browser.shown(".output del") == (missing or [])
