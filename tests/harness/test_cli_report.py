"""``xindaya report`` as a user runs it, and the views it writes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from xindaya import Settings, evaluate, save_run
from xindaya.cli import invoke as xindaya
from xindaya.deliveries import last_delivery
from xindaya.metrics import Evaluation
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase
from xindaya.reports import pdf
from xindaya.reports.html import render_html, render_summary
from xindaya.reports.summary import to_summary
from xindaya.runs import load_run

OLD, NEW = "The CAC issues notice {}.", "The Network Office issues notice {}."
TERMS = Termbase(
    "terms",
    (
        Concept(
            "cac",
            (
                Term("国家网信办", "zh"),
                Term("CAC", "en"),
                Term("Network Office", "en", Status.FORBIDDEN),
            ),
        ),
    ),
)
DOCUMENTS = 8  # exchanging 8 documents gives p = 2/256 at best


def corpus(outputs: dict[str, str], *, documents: int = DOCUMENTS, day: str = "第") -> Corpus:
    """A document a notice; each system uses one sentence throughout."""
    segments = tuple(
        Segment(f"s{k}", f"国家网信办发布{day}{k}号通知。", (OLD.format(k),), f"d{k}")
        for k in range(documents)
    )
    systems = {
        name: tuple(text.format(k) for k in range(documents)) for name, text in outputs.items()
    }
    return Corpus("notices", "zh", "en", segments, ("A",), systems)


def evaluated(texts: Corpus, terms: Termbase | None = TERMS) -> Evaluation:
    return evaluate(
        texts, termbase=terms, settings=Settings(confidence_samples=20, test_samples=20)
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``before`` is all CAC; in ``now``, vendor moves to a forbidden form and steady does not."""
    place = tmp_path_factory.mktemp("runs")
    save_run(evaluated(corpus({"vendor": OLD, "steady": OLD})), place / "before")
    save_run(evaluated(corpus({"vendor": NEW, "steady": OLD})), place / "now")
    save_run(evaluated(corpus({"vendor": NEW}), None), place / "plain")
    return place


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setattr("xindaya.reports.pdf.shutil.which", lambda _name: None)


# ---- The last delivery -------------------------------------------------------------------------


def delivery(runs: Path, now: str = "now") -> Delivery:
    return last_delivery(load_run(runs / now), runs / "before")


def test_a_change_of_rendering_is_found_and_tested(runs: Path) -> None:
    found = delivery(runs)
    assert (found.shared, found.gone, found.added) == (DOCUMENTS, 0, 0)
    moved = found.drifts["vendor"]["cac"]
    assert (dict(moved.first), dict(moved.second)) == ({"CAC": 8}, {"Network Office": 8})
    assert moved.drift.divergence == 1.0
    # Pairs of documents: only none or all of the 8 swapped is as far apart.
    assert moved.drift.p_value == 2 / 2**8
    assert found.drifts["steady"]["cac"].drift.divergence == 0.0


def test_documents_with_another_source_are_not_paired() -> None:
    before = evaluated(corpus({"vendor": OLD}, day="旧"))
    now = evaluated(corpus({"vendor": NEW}))
    assert before.terminology
    assert now.terminology
    from xindaya.metrics.terminology.deliveries import compare_deliveries

    found = compare_deliveries(
        (before.corpus, before.terminology), (now.corpus, now.terminology), name="x"
    )
    assert (found.shared, found.gone, found.added) == (0, 8, 8)
    # Two groups of documents: of 16 over 8 = 12870 deals, drawn at random; the two whole groups
    # exchanged are as far apart, so at most a handful of 2000 draws are.
    p = found.drifts["vendor"]["cac"].drift.p_value
    assert p is not None
    assert p < 0.01


def test_too_few_documents_are_said_to_be_too_few() -> None:
    from xindaya.metrics.terminology.deliveries import compare_deliveries

    before, now = (evaluated(corpus({"v": text}, documents=3)) for text in (OLD, NEW))
    assert before.terminology
    assert now.terminology
    found = compare_deliveries(
        (before.corpus, before.terminology), (now.corpus, now.terminology), name="x"
    )
    assert found.drifts["v"]["cac"].drift.too_few  # 2 / 2^3 = 0.25


def test_single_systems_need_no_common_name() -> None:
    from xindaya.metrics.terminology.deliveries import compare_deliveries

    before, now = (evaluated(corpus({name: OLD})) for name in ("old name", "new name"))
    assert before.terminology
    assert now.terminology
    both = (before.corpus, before.terminology), (now.corpus, now.terminology)
    assert compare_deliveries(*both, name="x").was == {"new name": "old name"}


def test_the_report_shows_what_changed(runs: Path) -> None:
    page = render_html(load_run(runs / "now"), previous=delivery(runs))
    assert '"previous":{"name":"before","documents":[8,0,0]' in page
    assert '1.0,"real",0.0078]' in page  # 2/256, a single term


# ---- The command -------------------------------------------------------------------------------


def test_html_is_written_again_into_the_run(runs: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs / "now", run)
    before = (run / "report.html").read_text("utf-8")
    (run / "report.html").unlink()
    assert xindaya(["report", str(run), "-q"]) == 0
    assert (run / "report.html").read_text("utf-8") == before


def test_html_with_the_last_delivery(runs: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "r.html"
    arguments = ["report", str(runs / "now"), "--previous", str(runs / "before"), "-o", str(target)]
    assert xindaya(arguments) == 0
    assert '"previous":{"name":"before"' in target.read_text("utf-8")
    assert [p.name for p in target.parent.iterdir()] == ["r.html"]


def test_score_shows_the_last_delivery(runs: Path, tmp_path: Path) -> None:
    texts = corpus({"vendor": NEW})
    files = {
        "s": [s.source for s in texts.segments],
        "r": [s.references[0] for s in texts.segments],
        "i": texts.systems["vendor"],
        "d": [s.document for s in texts.segments],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    terms = tmp_path / "t.tsv"
    terms.write_text("concept\tzh\ten\ncac\t国家网信办\tCAC\n", "utf-8")
    arguments = [
        "score", "-q", "-s", str(tmp_path / "s"), "-r", str(tmp_path / "r"), "--docs",
        str(tmp_path / "d"), "-i", f"vendor={tmp_path / 'i'}", "--terms", str(terms),
        "--previous", str(runs / "before"),
    ]  # fmt: skip
    assert xindaya(arguments) == 2  # shown in the report only
    assert xindaya([*arguments, "-o", str(tmp_path / "run")]) == 0
    assert '"previous":{"name":"before"' in (tmp_path / "run" / "report.html").read_text("utf-8")


def test_markdown(runs: Path, tmp_path: Path) -> None:
    target = tmp_path / "s.md"
    arguments = ["report", str(runs / "now"), "--previous", str(runs / "before"), "-o", str(target)]
    assert xindaya(arguments) == 0
    text = target.read_text("utf-8")
    assert text.startswith("# notices\n\nsteady scores best by BLEU and chrF2.")
    assert "| steady | 100.00 " in text
    assert "| 国家网信办 | vendor | CAC ×8 | Network Office ×8 |" in text
    assert "Compared with before: 8 documents have the same source in both" in text
    assert "worse: a real difference" in text or "better: a real difference" in text


def test_a_folder_gets_every_form(
    runs: Path, tmp_path: Path, no_browser: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert xindaya(["report", str(runs / "now"), "-o", str(tmp_path / "all")]) == 0
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["report.html", "summary.md"]
    assert "No PDF" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["{runs}/plain", "--previous", "{runs}/before"], "no termbase", 2),
        (["{runs}/now", "--previous", "{runs}/none"], "no run folder", 2),
        (["{runs}/now", "-o", "{tmp}/taken"], "a file", 3),
        (["{runs}/now", "-o", "{tmp}/dir.html"], "a folder", 3),
        (["{runs}/now", "-o", "{tmp}/x.pdf"], "install", 2),
        (["{runs}/now", "-o", "{tmp}/x.docx"], "written as .html, .md, .pdf, or into a folder", 2),
        (["{runs}/now", "-o", "{tmp}/x.md", "--lang", "zh"], "in English only", 2),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    runs: Path, tmp_path: Path, no_browser: None, capsys: pytest.CaptureFixture[str],
    arguments: list[str], said: str, code: int,
) -> None:  # fmt: skip
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "dir.html").mkdir()
    given = [a.format(runs=runs, tmp=tmp_path) for a in arguments]
    if "-o" not in given:
        given += ["-o", str(tmp_path / "y.html")]
    assert xindaya(["report", *given]) == code
    assert said in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dir.html", "taken"]
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_recorded_run_is_never_changed(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from xindaya.store import Remark, Store

    store = tmp_path / "store"
    folder = Store(store).record(load_run(runs / "now"), Remark())
    page = (folder / "report.html").read_bytes()
    assert xindaya(["report", "latest", "--store", str(store)]) == 2
    assert "never changed" in capsys.readouterr().err
    assert (folder / "report.html").read_bytes() == page
    target = tmp_path / "copy.html"
    assert xindaya(["report", "latest", "--store", str(store), "-o", str(target)]) == 0
    assert target.read_bytes() == page


# ---- Markdown ----------------------------------------------------------------------------------


def test_hostile_names_stay_text_in_markdown() -> None:
    evil = "a|b\n# x <img> @all `"
    text = to_summary(evaluated(corpus({evil: NEW, "steady": OLD})))
    assert "<img>" not in text
    assert "@all" not in text
    assert not any(line.startswith("# x") for line in text.split("\n"))
    rows = [line for line in text.split("\n") if line.startswith("| a\\|b")]
    assert rows
    assert all("\\<img\\>" in line for line in rows)


# ---- PDF ---------------------------------------------------------------------------------------


def fake_browser(place: Path, body: str) -> str:
    path = place / "browser"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


needs_scripts = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a script")


@needs_scripts
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.stderr.write('first\\nno display\\n'); sys.exit(3)", "code 3: no display"),
        ("pass", "without printing"),
        ("time.sleep(60)", "did not print within 1 s"),
    ],
)
def test_a_browser_that_fails_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    monkeypatch.setenv(pdf.VARIABLE, fake_browser(tmp_path, body))
    with pytest.raises(Exception, match=said) as error:
        pdf.print_pdf("<p>", time_limit=1)
    assert type(error.value).__name__ == "XindayaError"


def test_a_browser_that_is_named_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "no-such-browser")
    with pytest.raises(Exception, match="there is no such program"):
        pdf.find_chromium()


def test_the_printed_page_has_every_part_but_the_segments(runs: Path) -> None:
    page = render_summary(load_run(runs / "now"))
    assert "Terms that drift" not in page  # one rendering throughout is no drift
    mixed = corpus({"vendor": OLD})
    outputs = tuple(t if k % 2 else NEW.format(k) for k, t in enumerate(mixed.systems["vendor"]))
    page = render_summary(
        evaluated(mixed.with_systems({"vendor": outputs, "steady": mixed.systems["vendor"]}))
    )
    for section in ("summary", "significance", "terminology", "provenance"):
        assert f'id="{section}"' in page
    assert "Network Office" in page
    assert "号通知" not in page  # no segment
    assert '<details class="explain" open>' in page


def test_a_pdf_is_printed(runs: Path, tmp_path: Path) -> None:
    if pdf.find_chromium() is None:
        pytest.skip("no Chromium or Chrome is installed")
    targets = [tmp_path / name for name in ("one.pdf", "two.pdf", "zh.pdf")]
    for target in targets:
        lang = ["--lang", "zh"] if target.stem == "zh" else []
        assert xindaya(["report", str(runs / "now"), "-o", str(target), "-q", *lang]) == 0
    one, two, chinese = (t.read_bytes() for t in targets)
    assert one.startswith(b"%PDF-")
    assert one.rstrip().endswith(b"%%EOF")
    assert one == two
    assert one != chinese
    if reader := shutil.which("pdftotext"):
        said = [
            subprocess.run([reader, str(t), "-"], capture_output=True, check=True).stdout.decode()
            for t in (targets[0], targets[2])
        ]
        assert "steady scores best" in said[0]
        assert "得分最高" in said[1]


def test_the_latest_delivery_is_one_of_the_same_name(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from xindaya.store import Remark, Store

    store = Store(tmp_path / "store")
    recorded = [
        store.record(load_run(runs / run), Remark(name=name))
        for run, name in (("before", "notices"), ("now", "notices"), ("plain", "other"))
    ]
    page = tmp_path / "page.html"
    arguments = ["report", "notices:latest", "--store", str(store.folder), "-o", str(page)]
    assert xindaya([*arguments, "--previous", "latest~1"]) == 0
    assert f'"previous":{{"name":"{recorded[0].name}"' in page.read_text("utf-8")
