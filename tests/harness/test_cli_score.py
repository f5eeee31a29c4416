"""What people of this field type by habit: sacrebleu's command lines, and its numbers."""

from __future__ import annotations

import argparse
import gzip
import importlib
import io
import json
import re
import signal
import sys
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from sacrebleu.utils import args_to_dict

from xindaya.cli import cli, invoke
from xindaya.metrics.measures import OPTIONS, MetricOptions, make_metrics
from xindaya.pairs import InputError, read_corpus
from xindaya.pairs.lines import read_lines

# Its command module gives SIGPIPE back to the system when it is imported: from then on a write to a
# process that died would end this one.
_SIGPIPE = signal.getsignal(signal.SIGPIPE)
theirs = importlib.import_module("sacrebleu.sacrebleu")
signal.signal(signal.SIGPIPE, _SIGPIPE)

REFERENCE = [
    "The Cyberspace Administration of China issued 12 new rules on Monday.",
    'Officials said: "Personal data must be stored at home (for now)."',
    "GDP grew by 5.2 % in 2025, the State Council's bureau said.",
    "It rains.",
    "Companies such as A&B Ltd. and C++ vendors have until 31/12/2026…",
    "He asked whether the U.S. would follow – it did not.",
    "A cat sat on the mat; the mat was red, and so was the cat.",
    "New regulations take effect on 1 June.",
]
SECOND = [line.replace("The ", "China's ").replace("said", "stated") for line in REFERENCE]
GOOD = [
    "The Cyberspace Administration of China released twelve new rules on Monday.",
    'Officials said "Personal Data must be kept at home (for now)."',
    "GDP grew 5.2 % in 2025, said the bureau of the State Council.",
    "It is raining.",
    "Firms such as A & B Ltd. and C++ vendors have until 31/12/2026 ...",
    "He asked if the US would follow - it did not.",
    "The cat sat on a mat; the mat is red and so is the cat.",
    "The new regulations will take effect on June 1.",
]
BAD = [
    "Network office of China new rules Monday.",
    "officials: data in home",
    "GDP 5.2%",
    "",
    "companies until 31/12",
    "He asked whether US follow.",
    "cat mat cat mat",
    "New regulation take effect 1 june",
]
CHINESE = [
    "国家网信办周一发布12条新规。",
    "他说：“个人数据须存储在境内。”",
    "GDP增长5.2%。",
    "下雨了。",
]
OUTPUT = [
    "网信办星期一公布十二条新规定。",
    "他说，个人数据应保存在国内。",
    "GDP 增长了 5.2%。",
    "正在下雨。",
]


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XINDAYA_CACHE", "off")
    for name, lines in (
        ("ref.en", REFERENCE), ("ref2.en", SECOND), ("good.en", GOOD), ("bad.en", BAD),
        ("ref.zh", CHINESE), ("out.zh", OUTPUT),
    ):  # fmt: skip
        Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return tmp_path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(texts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `xindaya` as a user types it, and returns exit code, stdout and stderr."""

    def call(line: str | Sequence[str], stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        code = invoke(line.split() if isinstance(line, str) else line)
        return code, *capsys.readouterr()

    return call


def expected(line: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[float, str]]:
    """Name to score and signature, by the parser and the metrics of the sacrebleu command."""
    monkeypatch.setattr(sys, "argv", ["sacrebleu", *line.split()])
    args = theirs.parse_args()
    if args.langpair:
        args.bleu_trg_lang = args.langpair.split("-")[1]
    references = [read_lines(name) for name in args.refs]
    found = {}
    for name in args.metrics:
        options = args_to_dict(args, name, strip_prefix=True)
        metric = theirs.METRICS[name.upper()](**options, references=references)
        score = metric.corpus_score(read_lines(args.input[0]), references=None)
        found[score.name] = score.score, metric.get_signature().format(args.short)
    return found


ONE, TWO = "ref.en -i good.en", "ref.en ref2.en -i good.en"
EQUAL = [
    f"{ONE} -m bleu chrf ter",
    f"{TWO} -m bleu chrf ter",
    f"{TWO} -m bleu chrf -lc",
    f"{ONE} -m bleu chrf --lowercase --chrf-lowercase",
    "ref.en -i bad.en -m bleu --smooth-method floor",
    "ref.en -i bad.en -m bleu --smooth-method floor --smooth-value 0.01",
    "ref.en -i bad.en -m bleu --smooth-method add-k -sv 2",
    "ref.en -i bad.en -m bleu --smooth-method none",
    f"{ONE} -m bleu -tok intl",
    f"{ONE} -m bleu -tok char --smooth-method=add-k",
    f"{ONE} -m bleu --tokenize none --force",
    f"{ONE} -m chrf --chrf-word-order 2",
    f"{TWO} -m chrf -cw 1 -cc 4 --chrf-beta 3",
    f"{ONE} -m chrf --chrf-char-order 0 --chrf-word-order 2",
    f"{ONE} -m chrf --chrf-whitespace",
    f"{TWO} -m chrf --chrf-whitespace --chrf-word-order 2 --chrf-lowercase",
    f"{ONE} -m chrf --chrf-eps-smoothing",
    "ref.en ref2.en -i bad.en -m chrf --chrf-eps-smoothing --chrf-word-order 2",
    "ref.en -i bad.en -m chrf --chrf-eps-smoothing --chrf-beta 1 --chrf-whitespace",
    f"{ONE} -m ter --ter-normalized --ter-no-punct",
    f"{TWO} -m ter --ter-case-sensitive",
    f"{ONE} -m ter --ter-normalize",
    "ref.zh -i out.zh -m bleu chrf -l en-zh",
    "ref.zh -i out.zh -m ter --language-pair en-zh --ter-normalized --ter-asian-support",
    "ref.zh -i out.zh -m bleu -l en-zh --tokenize char --smooth-method floor",
    f"{ONE} -m bleu ter -l zh-en -lc --ter-case-sensitive",
]


@pytest.mark.parametrize("line", EQUAL)
def test_scores_and_signatures_are_sacrebleus(
    run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run(f"score {line} -f json -q --no-confidence")
    assert (code, err) == (0, "")
    content = json.loads(out)
    scores, signatures = content["systems"][0]["scores"], content["metrics"]
    assert {m["name"]: (scores[m["name"]], m["signature"]) for m in signatures} == expected(
        line, monkeypatch
    )


@pytest.mark.parametrize("line", EQUAL)
def test_bare_scores_are_sacrebleus(run: Run, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = expected(line, monkeypatch).values()
    assert run(f"score {line} -b -w 4") == (0, "".join(f"{s:.4f}\n" for s, _ in scores), "")


@pytest.mark.parametrize("metric", ["bleu", "chrf", "ter"])
def test_intervals_and_short_signatures_are_sacrebleus(
    run: Run, metric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["sacrebleu", "ref.en", "-i", "good.en", "-m", metric])
    args = theirs.parse_args()
    options = args_to_dict(args, metric, strip_prefix=True)
    for name, lines in (("many-ref.en", REFERENCE + SECOND), ("many.en", GOOD + BAD)):
        Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    judge = theirs.METRICS[metric.upper()](**options, references=[REFERENCE + SECOND])
    score = judge.corpus_score(GOOD + BAD, None, n_bootstrap=100)
    code, out, _ = run(f"score many-ref.en -i many.en -m {metric} -b -w 3 -ci --confidence-n 100")
    assert (code, out) == (0, score.format(3, score_only=True) + "\n")
    judge.n_bootstrap = judge.seed = None
    short = judge.get_signature().format(short=True)
    assert f"|{short}\n" in run(f"score {ONE} -m {metric} -sh --no-confidence")[1]


def test_every_segment_by_its_own(run: Run) -> None:
    from sacrebleu.metrics import BLEU

    judge = BLEU(effective_order=True)
    numbers = [
        judge.sentence_score(out, [ref]).score for out, ref in zip(GOOD, REFERENCE, strict=True)
    ]
    bare = run(f"score {ONE} -m bleu --sentence-level -b -w 6")[1]
    assert bare == "".join(f"{number:.6f}\n" for number in numbers)
    named = run(f"score {ONE} -m bleu --sentence-level -w 6")[1].split("\n")
    assert named[:2] == ["id\tgood:BLEU", f"1\t{numbers[0]:.6f}"]
    assert run(f"score {ONE} --sentence-level -f json")[0] == 2


def test_standard_input_is_a_system(run: Run) -> None:
    text = Path("good.en").read_text("utf-8")
    alone = run(f"score {ONE} -m bleu -b -w 4")[1]
    assert run("score ref.en -m bleu -b -w 4", text)[:2] == (0, alone)
    assert run("score ref.en -i - -m bleu -b -w 4", text)[:2] == (0, alone)
    _, both, err = run("score ref.en -i - bad.en -m bleu -b -w 4 --confidence", text)
    assert both.startswith(f"stdin\t{alone}")
    assert err == "a score without an interval: too few segments for one\n"
    named = run("score ref.en -i new=- bad.en -f tsv --no-confidence", text)[1]
    assert [line.split("\t")[0] for line in named.split("\n")[1:-1:2]] == ["new", "bad"]
    broken = run("score ref.en -i -", text[:-20] + "\0" + text[-20:])
    assert broken[0] == 3
    assert "standard input, line 8: found a NUL character" in broken[2]
    code, _, err = run("score ref.en", "one\ttwo\n" * 8)
    assert code == 2
    assert "standard input has 2 columns" in err
    code, _, err = run("score ref.en", "")
    assert code == 2
    assert "standard input is empty: type xindaya score REF -i FILE" in err


def test_packed_texts_are_read_as_they_are(run: Run, texts: Path) -> None:
    for name in ("ref.en", "good.en"):
        Path(f"{name}.gz").write_bytes(gzip.compress(Path(name).read_bytes()))
    lines = "-m bleu chrf -b -w 9"
    assert run(f"score ref.en.gz -i good.en.gz {lines}") == run(f"score ref.en -i good.en {lines}")
    assert run(f"score -r ref.en -i good.en.gz bad.en {lines}")[1].startswith("good\t")
    table = "id\tzh\ten\tsystem:a\n1\t下雨了。\tIt rains.\tIt is raining.\n"
    files = {
        "t.tsv": table,
        "t.tmx": '<tmx version="1.4"><header/><body><tu><tuv xml:lang="zh"><seg>下雨了。</seg></tuv>'
        '<tuv xml:lang="en"><seg>It rains.</seg></tuv></tu></body></tmx>',
        "t.xlf": '<xliff version="1.2"><file source-language="zh" target-language="en"><body>'
        '<trans-unit id="1"><source>下雨了。</source><target>It rains.</target></trans-unit>'
        "</body></file></xliff>",
        "t.csv": "id,zh,en\n1,下雨了。,It rains.\n",
    }
    for name, content in files.items():
        (texts / name).write_text(content, "utf-8")
        (texts / f"{name}.gz").write_bytes(gzip.compress(content.encode()))
        plain, packed = read_corpus(texts / name), read_corpus(texts / f"{name}.gz")
        assert packed == plain
    whole = gzip.compress(b"a line\n" * 50)
    (texts / "cut.gz").write_bytes(whole[:-12])
    code, _, err = run("score ref.en -i cut.gz")
    assert code == 3
    assert "cut.gz: found a damaged gzip file" in err


def test_a_gzip_bomb_is_refused(texts: Path) -> None:
    with gzip.open("bomb.gz", "wb", compresslevel=9) as stream:
        for _ in range(100):
            stream.write((b"0" * 1023 + b"\n") * 1024)  # 100 MB in a thousandth of that
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        read_lines("bomb.gz", max_chars=2_000)


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.en"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "found", "advice"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "an XLSX workbook", "xindaya convert"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a Word document", "xindaya convert"),
        (zipped("a.en", "b.en"), "a ZIP archive", "unpack it"),
        (tarred(), "a tar archive", "unpack it"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF", "pdftotext"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Office file", "XLSX"),
        (b"\xfd7zXZ\x00\x00\x04", "an xz file", "xz -dc thing | xindaya score REF -i -"),
        (b"\x28\xb5\x2f\xfd\x04", "a zstd file", "zstd -dc thing"),
    ],
)
@pytest.mark.parametrize("bare", ["-b", "-q"])
def test_what_is_no_text_is_named(
    run: Run, content: bytes, found: str, advice: str, bare: str
) -> None:
    Path("thing").write_bytes(content)
    code, out, err = run(f"score ref.en -i thing {bare}")
    assert (code, out) == (3, "")
    assert f"thing: found {found}" in err
    assert advice in err


def test_a_workbook_becomes_lines_with_the_command_that_is_named(run: Run) -> None:
    assert run("convert ref.en book.xlsx")[0] != 0  # bare lines are no corpus
    Path("pairs.tsv").write_text(
        "id\tzh\ten\n" + "".join(f"{n}\t第{n}行\t{line}\n" for n, line in enumerate(GOOD, 1)),
        "utf-8",
    )
    assert run("convert pairs.tsv book.xlsx")[0] == 0
    advice = run("score ref.en -i book.xlsx")[2]
    command = re.search(r"xindaya (convert book.xlsx \S+ --to text)", advice)
    assert command is not None, advice
    assert run(command[1].replace("FOLDER", "folder"))[0] == 0
    assert run("score ref.en -i folder/reference.A.en -b") == run("score ref.en -i good.en -b")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-t wmt17 -l en-de -i good.en", "sacrebleu -t SET -l PAIR --echo src > SRC"),
        ("-t wmt17 -l en-de --echo src", "sacrebleu -t SET -l PAIR --echo"),
        ("-i good.en -t wmt17 -l en-de -m bleu chrf --paired-bs", "downloads no test sets"),
        ("-t wmt13 -l de-en --origlang=non-de -i good.en", "downloads no test sets"),
        ("--list", "sacrebleu --list"),
        ("ref.en -i good.en -l en-ja -b", "sacrebleu REF -i FILE -l en-ja"),
        ("ref.en -i good.en --tokenize ja-mecab -b", "Japanese or Korean"),
        ("ref.en -i good.en -tok flores200", "downloads a model"),
        ("refs.tsv --num-refs 2 -i good.en -m bleu", "cut -f1 REFS > REF1"),
        ("ref.en -i good.en -s floor", "type --smooth-method floor"),
        ("ref.en -i good.en -sl", "type --sentence-level"),
        ("ref.en -i good.en -sl -m bleu", "type --sentence-level"),
        ("ref.en -i good.en bad.en -b --paired-ar", "leave them out, or the test"),
    ],
)
def test_the_rest_is_answered_by_one_line(run: Run, line: str, said: str) -> None:
    code, out, err = run(f"score {line}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert said in err


def test_every_option_of_sacrebleu_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    parsers: list[argparse.ArgumentParser] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            argparse.ArgumentParser, "parse_args", lambda self: parsers.append(self) or self
        )
        theirs.parse_args()
    score = cli.get_command(None, "score")  # type: ignore[arg-type]
    assert score is not None
    known = {name for option in score.params for name in option.opts} | {"-h", "--help"}
    asked = {name for action in parsers[0]._actions for name in action.option_strings}
    assert len(asked) > 60
    assert asked <= known


@pytest.mark.parametrize("name", ["score", "agree", "scale"])
def test_every_option_of_a_metric_is_on_the_command_line_and_in_specs(name: str) -> None:
    from xindaya.spec import _OPTIONS

    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    params = {param.name: param for param in command.params}
    for option in OPTIONS.values():
        assert "--" + option.name.replace("_", "-") in params[option.name].opts
        assert _OPTIONS[option.name] is option.about.kind


def test_variants_of_chrf_stand_side_by_side() -> None:
    chosen = {"chrf_beta": 3, "chrf_word_order": 1, "tokenize": "char"}
    metrics: dict[str, Any] = dict(
        make_metrics(["chrf", "chrf++", "bleu"], MetricOptions("en", chosen))
    )
    assert list(metrics) == ["chrF3+", "chrF3++", "BLEU"]
    assert [metrics[name].word_order for name in ("chrF3+", "chrF3++")] == [1, 2]


def test_files_are_named_apart(run: Run) -> None:
    for folder, lines in (("old", BAD), ("new", GOOD)):
        Path(folder).mkdir()
        (Path(folder) / "out.en").write_text("\n".join(lines) + "\n")
    out = run("score ref.en -i old/out.en new/out.en good.en good.en -m bleu -b")[1]
    assert [line.split("\t")[0] for line in out.split("\n")[:-1]] == [
        "old/out.en", "new/out.en", "good",
    ]  # fmt: skip
    found = run(["score", "ref.en", "-i", "*/out.en", "-m", "bleu", "-b"])[1]
    assert [line.split("\t")[0] for line in found.split("\n")[:-1]] == ["new/out.en", "old/out.en"]
    assert "no files have such names" in run(["score", "ref.en", "-i", "x=*.nope"])[2]
    references = ["ref.en"] * 27 + ["good.en"]
    assert run(["score", *references, "-i", "good.en", "-m", "bleu", "-b"])[1] == "100.00\n"
    content = json.loads(
        run(["score", *references, "-i", "good.en", "-m", "bleu", "-f", "json"])[1]
    )
    assert content["metrics"][0]["signature"].startswith("nrefs:28|")


def test_latex(run: Run) -> None:
    Path("a_b&c.en").write_text(Path("good.en").read_text("utf-8"), "utf-8")
    out = run("score ref.en -i a_b&c.en bad.en -m bleu ter -f latex --no-confidence -w 1")[1]
    lines = out.split("\n")
    assert lines[0] == r"\begin{tabular}{lrr}"
    assert lines[2] == r"System & BLEU & TER $\downarrow$ \\"
    assert lines[4].startswith(r"a\_b\&c & ")
    assert all(line.startswith("%") for line in lines[lines.index(r"\end{tabular}") + 1 : -1])
    assert f"version:{metadata.version('sacrebleu')}" in out


def test_one_count_of_samples_for_all(run: Run) -> None:
    lines = "score ref.en -i good.en bad.en -m bleu -f json"
    assert run(f"{lines} --samples 50 --paired-ar") == run(
        f"{lines} -cin 50 --paired-ar --paired-ar-n 50"
    )
    other = run(f"{lines} --samples 50 --paired-ar")[1], run(f"{lines} --samples 70 --paired-ar")[1]
    assert len({json.loads(out)["comparisons"][0]["p_sacrebleu"] for out in other}) == 2


def test_a_folder_after_files_is_what_the_command_is_about(run: Run) -> None:
    done = run("init --ci none -r ref.en -i good=good.en bad=bad.en .")
    assert done[0] == 0, done[2]
    assert Path("translation").is_dir()
    assert run("check -r ref.en -i good.en translation")[2].startswith(
        "xindaya: give either CORPUS or"
    )


def test_empty_references_are_counted_and_said(
    run: Run, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short output is nearest to the empty reference: BLEU's penalty e^(1 - 14/10) is gone."""
    for name, lines in (
        ("a", "the small black dog sat down\na fine black cat sat on the mat\n"),
        ("b", " \na fine black cat sat on the mat\n"),
        ("h", "a dog\na fine black cat sat on the mat\n"),
    ):
        Path(name).write_text(lines, "utf-8")
    said = (
        "note: 1 segment has an empty line among several references, which is a reference of "
        "length 0 for BLEU, TER; none for chrF2 (as in sacrebleu)\n"
    )
    for line in ("-b", "--sentence-level", "-f json", "-b --confidence"):
        _, out, err = run(f"score a b -i h -m bleu chrf ter {line}")
        assert err.count(said) == 1
        if line == "-f json":
            assert json.loads(out)["notes"] == [said.removeprefix("note: ").rstrip()]
    theirs = expected("a b -i h -m bleu chrf ter", monkeypatch)
    _, out, _ = run("score a b -i h -m bleu chrf ter -b -w 4 -q")
    assert out.split() == [f"{theirs[name][0]:.4f}" for name in ("BLEU", "chrF2", "TER")]
    assert run("score a -i h -m bleu chrf ter -b")[2] == run("score a b -i h -m chrf -b")[2] == ""
    alone, both = (float(run(f"score {refs} -i h -m bleu -b -w 6")[1]) for refs in ("a", "a b"))
    assert alone / both == pytest.approx(0.67032, abs=1e-5)


def test_a_bleu_that_cannot_but_be_0_is_explained(run: Run) -> None:
    Path("short").write_text("好。\n是\n", "utf-8")
    code, out, err = run("score short -i short -l en-zh -m bleu -b")
    assert (code, out) == (0, "0.00\n")
    assert "BLEU of short: 0 because no output has 4 tokens in a row" in err
    assert run("score short -i short -l en-zh -m bleu -b --effective-order")[1:] == ("100.00\n", "")
    Path("other").write_text("坏，\n非\n", "utf-8")
    assert run("score short -i other -l en-zh -m bleu -b")[2] == ""


def test_scores_only_in_json_are_without_the_data_check(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference repeats a segment and an output is empty, which the check would find."""
    Path("src.zh").write_text("一。\n" * len(REFERENCE), "utf-8")
    line = "score ref.en -i bad.en -s src.zh -q --no-confidence -f json"
    kinds = {f["kind"] for f in json.loads(run(line)[1])["findings"]}
    assert "empty" in kinds
    monkeypatch.setattr("xindaya.pairs.checks.check_corpus_data", pytest.fail)
    bare = json.loads(run(f"{line} -b")[1])
    assert "empty" not in {f["kind"] for f in bare["findings"]}
    assert bare["systems"][0]["scores"].keys() == {"BLEU", "chrF2"}
