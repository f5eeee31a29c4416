"""Bad input ends in one clear error: exit code 2 or 3, never a traceback, never a hang."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from xindaya import Settings, evaluate, load_run, save_run
from xindaya.baseline_files import read_baseline, update_baseline
from xindaya.cli import invoke
from xindaya.metrics import Evaluation
from xindaya.metrics.judging.record import record_of
from xindaya.pairs import Corpus, InputError, SpecError, Termbase, UsageError, read_corpus
from xindaya.pairs.wording import lettered
from xindaya.run_sums import write_sums
from xindaya.spec import load_spec
from xindaya.stored import array_of

posix = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs FIFOs and SIGALRM")
NUMBER = "9" * 5000


def _tool() -> ModuleType:
    path = Path(__file__).parents[1] / "fuzz" / "bad_input.py"
    spec = importlib.util.spec_from_file_location("bad_input", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bad_input"] = module  # its dataclasses ask for it
    spec.loader.exec_module(module)
    return module


def typed(*words: object, **keywords: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "xindaya", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, **keywords)  # type: ignore[call-overload, no-any-return]


# Specs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[files]\n", r"line 1: no text in \[files\]"),
        ('[files]\nsource = "src.zh"\n', r"line 1: no text in \[files\]"),
        (f'corpus = "c"\n[options]\nseed = {NUMBER}\n', "not valid TOML"),
        (f'corpus = "c"\n[options]\nseed = 0x{"f" * 5000}\n', "line 3: .*over 64 bits"),
        (f'corpus = "c"\n[options]\nseed = {2**63}\n', "line 3: .*over 64 bits"),
        ('corpus = "c"\nsystems = ' + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ('corpus = "c"\nsystems = ' + "[" * 50 + "]" * 50, "line 2: .*levels deep"),
        ('corpus = "c"\noptions = ' + "{a=" * 5000 + "1" + "}" * 5000, "nested too deeply"),
        ('corpus = "c"\n[' + "a." * 5000 + "a]\n", "levels deep"),
        ('corpus = "a\\u0000b"\n', "the path .* is none"),
        (f'corpus = "{"x" * 5000}"\n', "the path .* is too long"),
        (f'corpus = "{"x/" * 3000}"\n', "the path .* is too long"),
        ('corpus = "c"\n[options]\ntest_samples = 0\n', "line 3: test_samples = 0; expected .* 1 "),
        ('corpus = "c"\n[options]\ntest_samples = 1000000000000\n', "line 3: test_samples"),
        ('corpus = "c"\n[options]\nconfidence_samples = -1\n', "line 3: confidence_samples"),
        ('corpus = "c"\n[options]\nmax_segment_chars = -1\n', "line 3: max_segment_chars"),
        ('corpus = "c"\n[options]\nmax_segment_chars = 0\n', "line 3: max_segment_chars"),
    ],
)  # fmt: skip
def test_specs(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.mt.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=message) as caught:
        load_spec(path)
    assert len(str(caught.value)) < 1000
    assert invoke(["run", str(path)]) == 2


@pytest.mark.parametrize("samples", [0, -1, 10**12])
def test_samples_of_settings(samples: int) -> None:
    with pytest.raises(UsageError, match=r"test_samples = .*from 1 to 1,000,000"):
        Settings(test_samples=samples)


@pytest.mark.parametrize(
    "option",
    [
        ("--seed", NUMBER), ("--seed", "-1"), ("--paired-bs-n", "0"), ("--paired-ar-n", "1" + "0" * 12),
        ("--confidence-n", NUMBER), ("--max-segment-chars", "-1"), ("--max-segment-chars", NUMBER),
        ("-w", NUMBER), ("--smooth-value", "1e308"), ("--smooth-value", "nan"), ("--chrf-char-order", NUMBER),
    ],
)  # fmt: skip
def test_numbers_of_options(files: Path, option: tuple[str, str]) -> None:
    words = ["score", "-r", str(files / "ref.en"), "-i", str(files / "a.en"), *option]
    assert invoke(words) == 2


@pytest.mark.parametrize(
    "option", ["--min-confidence nan", "--min-confidence inf", "--min-confidence -1"]
)
def test_confidences(files: Path, option: str) -> None:
    words = ["align", str(files / "src.zh"), str(files / "ref.en"), "-o", str(files / "out.tsv")]
    assert invoke([*words, *option.split()]) == 2
    assert not (files / "out.tsv").exists()


@pytest.mark.parametrize("share", ["1e-9999999", "9" * 100, "nan", "-1", "1/0", "2"])
def test_shares_of_a_plan(share: str) -> None:
    assert invoke(["review", "plan", "--accept", share, "--reject", "8%"]) == 2


# Paths

COMMANDS = (
    "run @", "score -r @ -i a.en", "score -r ref.en -i @ -b", "score -s @ -r ref.en -i a.en",
    "score -s src.zh -r ref.en -i a.en --terms @", "score -r ref.en -i a.en --waivers @",
    "score -r ref.en -i a.en --docs @", "score -r ref.en -i a.en --scores X=@", "check @", "check -i @", "check corpus.tsv --waivers @",
    "convert @ out.jsonl", "align @ ref.en -o out.tsv", "align src.zh ref.en -o out.tsv --terms @",
    "align src.zh ref.en -o out.tsv --lexicon @", "compare @ @", "report @", "agree @ --human ref.en",
    "agree -r ref.en -i a.en --human @", "init . --corpus @", "init . --terms @",
    "scale -i @ --engine serial", "scale -i corpus.tsv --engine serial --terms @",
    "terms check @ --terms terms.tsv", "terms check corpus.tsv --terms @",
    "terms check corpus.tsv --terms terms.tsv --waivers @", "terms scan @ --terms terms.tsv",
    "terms scan ref.en --terms @", "terms discover @", "terms discover corpus.tsv --background @",
    "terms lint @", "terms convert @ out.tbx", "terms drift @ @ --terms terms.tsv",
    "terms drift corpus.tsv corpus.tsv --terms @", "terms wmt25 -r @ -i a=@", "terms wmt26 -r @ -i a=@", "review score @",
    "review export @ --all -o out.xlsx", "review import @ --run @", "review blind @ --systems a,b -o out",
    "review blind --evaluate @ --key @", "review plan @ --accept 2% --reject 8%", "review triage run --human @", "review triage @ --human ref.en",
    "score -s src.zh -r ref.en -i a.en --judge gpt=@", "history --store @", "join a=@ b=corpus.tsv -o joined", "join a=corpus.tsv b=corpus.tsv -r @ -o joined",
)  # fmt: skip
"""Every command that takes a path, with an input at ``@``."""


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3000], ids=["300", "6000"])
def test_a_path_too_long(
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    name: str,
) -> None:
    monkeypatch.chdir(files)
    code = invoke([word.replace("@", name) for word in command.split()])
    assert code in (2, 3)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "score -r ref.en -i a.en -q -o @", "align src.zh ref.en -o @.tsv", "demo -q -o @", "init @",
        "convert corpus.tsv @.jsonl", "terms convert terms.tsv @.tbx",
        "terms discover corpus.tsv -o @.json", "score -r ref.en -i a.en -q --store @",
        "scale -i corpus.tsv --engine serial -q --keep-rows @",
    ],
)  # fmt: skip
def test_a_place_too_long(files: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(files)
    assert invoke([word.replace("@", "x" * 300) for word in command.split()]) in (2, 3)


@posix
@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_nobody_writes_to(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(files)
    os.mkfifo("fifo")
    with _tool()._patience():
        code = invoke([word.replace("@", "fifo") for word in command.split()])
    assert code in (2, 3)
    assert "Traceback" not in capsys.readouterr().err
    assert Path("fifo").is_fifo()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs devices")
@pytest.mark.parametrize("command", ["run @", "terms lint @", "check @", "score -r @ -i @ -b"])
def test_devices(command: str) -> None:
    assert invoke([word.replace("@", "/dev/zero") for word in command.split()]) == 3


@posix
def test_a_pipe_that_is_open_is_read(files: Path) -> None:
    """As ``<(zcat ref.en.gz)`` gives it."""
    read, write = os.pipe()
    os.write(write, b"CAC rules.\n")
    os.close(write)
    try:
        done = typed(
            "score",
            "-r",
            f"/dev/fd/{read}",
            "-i",
            files / "a.en",
            "-b",
            "-m",
            "chrf",
            pass_fds=(read,),
        )
    finally:
        os.close(read)
    assert done.stdout == b"100.00\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_names_that_are_not_utf_8(files: Path) -> None:
    folder = os.fsencode(files)
    corpus, terms, spec = (
        os.fsdecode(folder + n) for n in (b"/\xff\xfe.tsv", b"/t\xff.tsv", b"/s\xff.mt.toml")
    )
    (files / "corpus.tsv").rename(corpus)
    (files / "terms.tsv").rename(terms)
    Path(spec).write_text(
        'corpus = "c.tsv"\nmetrics = ["chrf"]\n[options]\ntest = "none"\n', encoding="utf-8"
    )
    (files / "c.tsv").write_text("id\treference:A\tsystem:a\n1\tx\ty\n", encoding="utf-8")
    words = {
        "check": ["check", corpus],
        "terms lint": ["terms", "lint", terms],
        "run": ["run", spec, "-q", "-o", str(files / "run")],
    }
    for name, line in words.items():
        for kind in ("text", "json"):
            done = typed(*line, "-f", kind)
            assert done.returncode in (0, 1), (name, kind, done.stderr)
            text = done.stdout.decode("utf-8")
            if kind == "json":
                json.loads(text)


# Formats

_RATED = (
    "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n"
    "a\td\t1\t1\tr\t甲\tT\tAccuracy\tMajor\na\td\t2\t2\tr\t乙\tU\tAccuracy\tHuge\n"
)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (f'<row r="{NUMBER}"><c t="inlineStr"><is><t>x</t></is></c></row>', "x.xlsx"),
        (f'<row r="1"><c t="s"><v>{NUMBER}</v></c></row>', "no shared text"),
        ('<row r="1"><c t="s"><v>-1</v></c></row>', "no shared text"),
        ('<row r="1"><c t="s"><v>٣</v></c></row>', "no shared text"),
    ],
)
def test_numbers_in_xlsx(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str, message: str
) -> None:
    path = tmp_path / "x.xlsx"
    space = "http://schemas.openxmlformats.org/"
    main = (
        f'xmlns="{space}spreadsheetml/2006/main" xmlns:r="{space}officeDocument/2006/relationships"'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {main}><sheets><sheet name="a" r:id="r"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r" Target="s.xml"/></Relationships>',
        )
        archive.writestr("xl/s.xml", f"<worksheet {main}><sheetData>{cell}</sheetData></worksheet>")
    assert invoke(["check", str(path)]) in (3, 5)
    said = capsys.readouterr().err
    assert message in said
    assert len(said) < 1000


@pytest.mark.parametrize("value", ["null", "[]", "{}", "true", "1.5", '["a"]'])
def test_ids_that_are_no_strings(tmp_path: Path, value: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(
        f'{{"id": "1", "source": "甲"}}\n{{"id": {value}, "source": "乙"}}\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"line 2: found the id .*; expected a string"):
        read_corpus(path)
    path.write_text(
        f'{{"id": {value}, "reference": "a", "systems": {{"s": "b"}}}}\n', encoding="utf-8"
    )
    assert invoke(["scale", "-i", str(path), "--engine", "serial", "-q"]) == 3


def test_a_number_is_the_id_it_spells(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": 7, "source": "甲"}\n', encoding="utf-8")
    assert read_corpus(path).segments[0].id == "7"


def test_the_27th_reference_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its text is the output's: BLEU is 100, and one of 27 references in the signature."""
    output = "the cat sat on the mat today"
    references = [f"quite other words, number {n}" for n in range(26)] + [output]
    path = tmp_path / "x.jsonl"
    row = {"id": "1", "source": "甲", "references": references, "systems": {"s": output}}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    corpus = read_corpus(path)
    assert corpus.reference_names[-2:] == ("Z", "AA")
    evaluation = evaluate(corpus, settings=Settings(("bleu",), confidence_samples=0))
    assert evaluation.scores["BLEU"]["s"] == pytest.approx(100)
    assert "nrefs:27" in evaluation.signatures["BLEU"]
    capsys.readouterr()
    assert (
        invoke(["scale", "-i", str(path), "--engine", "serial", "-m", "bleu", "-f", "json", "-q"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["systems"][0]["scores"]["BLEU"] == pytest.approx(100)
    files = []
    for n, reference in enumerate(references):
        (tmp_path / f"r{n}").write_text(reference + "\n", encoding="utf-8")
        files += ["-r", str(tmp_path / f"r{n}")]
    (tmp_path / "s").write_text(output + "\n", encoding="utf-8")
    assert invoke(["score", *files, "-i", str(tmp_path / "s"), "-m", "bleu", "-b"]) == 0
    assert capsys.readouterr().out == "100.00\n"


def test_letters_go_on_as_columns_of_a_sheet_do() -> None:
    names = [lettered(n) for n in (0, 25, 26, 51, 52, 701, 702)]
    assert names == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("command", "text", "message"),
    [
        ("review score @", _RATED,
         "x.tsv, line 3: found the severity 'Huge'; expected one that WMT weights know: major"),
        ("check @", "id\tsource\treference:\n1\t甲\tT\n", "x.tsv, line 1: found the column 'reference:'"),
        ("scale --engine serial -q -i @", "id\treference:A\tsystem:\n1\t甲\tT\n", "x.tsv, line 1: found the column 'system:'"),
        ("terms lint @", "concept\tzh\tenn\na\t甲\tT\n", "x.tsv, line 1: found the columns concept, zh, enn"),
        ("agree -r @ -i @ --human @", "system\tseg_id\tscre\na\t1\tx\n", "x.tsv, line 1: found 0 columns that could be scores"),
    ],
)  # fmt: skip
def test_headings_and_severities_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, text: str, message: str
) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(text, encoding="utf-8")
    assert invoke([word.replace("@", str(path)) for word in command.split()]) == 3
    assert message in capsys.readouterr().err


# What we wrote ourselves, edited with its checksums


@pytest.fixture
def saved(tmp_path: Path, corpus: Corpus, termbase: Termbase) -> tuple[Evaluation, Path]:
    settings = Settings(("bleu", "chrf"), test_samples=9, confidence_samples=9)
    evaluation = evaluate(corpus, termbase=termbase, settings=settings)
    save_run(evaluation, tmp_path / "run")
    return evaluation, tmp_path / "run"


@pytest.mark.parametrize(
    "place",
    ["comparisons/0/p_value", "comparisons/0/system", "findings/0/message", "run/signatures/BLEU",
     "run/intervals/BLEU", "run/evaluation/seed", "run/titles", "run/licence", "run/max_chars",
     "run/terminology/seed", "run/terminology/waivers", "run/metrics/BLEU/options/tokenize", "baseline",
     "corpus/name", "run/evaluation/packages"],
)  # fmt: skip
@pytest.mark.parametrize("value", [None, -1, [], {"a": []}, "x", [[1]]], ids=repr)
def test_a_run_file_damaged_inside_its_checksums(
    saved: tuple[Evaluation, Path], capsys: pytest.CaptureFixture[str], place: str, value: object
) -> None:
    path = saved[1] / "run.json"
    content = node = json.loads(path.read_text(encoding="utf-8"))
    *way, last = [int(key) if key.isdecimal() else key for key in place.split("/")]
    for key in way:
        node = node[key]
    node[last] = value
    path.write_text(json.dumps(content), encoding="utf-8")
    write_sums(saved[1])
    for command in (
        ["report", str(saved[1]), "-o", str(saved[1].parent / "x.md")],
        ["compare", *[str(saved[1])] * 2],
    ):
        assert invoke(command) in (0, 2, 3)
        assert "Traceback" not in capsys.readouterr().err


def _npy(rows: np.ndarray) -> bytes:  # type: ignore[type-arg]
    buffer = io.BytesIO()
    np.save(buffer, rows)
    return buffer.getvalue()


def test_arrays_are_what_numpy_wrote() -> None:
    for rows in (np.arange(24, dtype=np.int8).reshape(2, 3, 4), np.zeros((0, 3)), np.array([0.5, -1]),
                 np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(3, dtype=">i4")):  # fmt: skip
        assert np.array_equal(array_of(_npy(rows)), rows)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK", _npy(np.arange(4))[:-1], _npy(np.arange(4)) + b"x", _npy(np.array(["a"])),
        _npy(np.array([True])), _npy(np.array([1j])), _npy(np.array([np.nan])), _npy(np.array([np.inf])),
        _npy(np.arange(4)).replace(b"(4,)", b"(9999999999999,)"), _npy(np.arange(4)).replace(b"(4,)", b"(-4,)"),
        _npy(np.arange(4)).replace(b"'<i8'", b"'|O'"), b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535,
    ],
)  # fmt: skip
def test_arrays_that_are_none(content: bytes) -> None:
    with pytest.raises(ValueError, match="number"):
        array_of(content)


@pytest.mark.parametrize(
    ("key", "value"),
    [("measures", {"adherence": "x"}), ("measures", []), ("errors", "3"), ("errors", 1.5),
     ("forbidden", [1]), ("forbidden", "abc"), ("signature", None), ("termbase", {})],
)  # fmt: skip
def test_a_baseline_of_another_shape(
    saved: tuple[Evaluation, Path], tmp_path: Path, key: str, value: object
) -> None:
    path = tmp_path / "base.json"
    update_baseline(path, "o", {"good": record_of(saved[0], "good")})
    content = json.loads(path.read_text(encoding="utf-8"))
    content["systems"]["good"]["terms"][key] = value
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="content that does not fit"):
        read_baseline(path)


def test_what_was_saved_is_read(saved: tuple[Evaluation, Path]) -> None:
    assert load_run(saved[1]).scores == saved[0].scores


# Everything else


@posix
def test_spoiled_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred; ``tox run -e fuzz`` runs thousands."""
    monkeypatch.setenv("XINDAYA_CACHE", "off")
    tool = _tool()
    tool.make_inputs(tmp_path)
    failures = list(tool.run(tmp_path, 20261128, range(300)))
    assert not failures, "".join(map(str, failures))
