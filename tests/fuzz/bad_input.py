"""Small valid inputs for every command, and runs in which one of them is spoiled.

Everything hangs on one seed. A spoiled input may be refused or not, but never crash or hang.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import io
import json
import os
import random
import re
import shutil
import signal
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import xlsxwriter

from xindaya.baseline_files import _hash, update_baseline
from xindaya.blind.key import _digest
from xindaya.cli import invoke
from xindaya.metrics.judging.record import record_of
from xindaya.pairs import InputError
from xindaya.run_sums import SUMS, write_sums
from xindaya.runs import load_run
from xindaya.stored import read_arrays

_spec = importlib.util.spec_from_file_location("spoiling", Path(__file__).with_name("spoiling.py"))
assert _spec
assert _spec.loader
spoiling = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(spoiling)

PATIENCE = 300
"""Seconds after which a command hangs; it takes a fraction of one."""

_ZH = (
    "国家网信办发布新规。", "网信办表示，将加强监管。", "人工智能发展迅速。", "今年增长3.5%。",
    "大模型需要数据。", "治网不易，整治网络更难。", "工信部将于近日公布名单。", "五月二十日，会议在京召开。",
)  # fmt: skip
_EN = (
    "The CAC issued new rules.", "The CAC will step up oversight.", "AI is developing fast.",
    "Growth was 3.5% this year.", "Large models need data.", "To govern the internet is hard.",
    "MIIT will soon publish a list.", "On May 20, a meeting was held in Beijing.",
)  # fmt: skip
_OTHER = tuple(line.replace("The CAC", "The network office").lower() for line in _EN)
_TERMS = (
    ("concept", "zh", "en", "status"), ("cac", "网信办", "CAC", "preferred"),
    ("cac", "", "network office", "forbidden"), ("model", "大模型", "large model", "preferred"),
    ("ministry", "工信部", "MIIT", "admitted"),
)  # fmt: skip
_RATED = (
    ("system", "doc", "docSegId", "globalSegId", "rater", "source", "target", "category",
     "severity", "metadata"),
    *(("good", "d", str(n), str(n), "rater1", zh, f"<v>{en}</v>", "Accuracy/Mistranslation",
       "Major" if n % 2 else "no-error", "{}") for n, (zh, en) in enumerate(zip(_ZH, _EN, strict=True), 1)),
    *(("bad", "d", str(n), str(n), "rater1", zh, en, "Fluency/Grammar", "Minor",
       '{"note": "n"}') for n, (zh, en) in enumerate(zip(_ZH, _OTHER, strict=True), 1)),
)  # fmt: skip
_SPEC = """\
name = "release"
corpus = "corpus.tsv"
metrics = ["bleu", "chrf"]
termbase = "terms.tsv"
baseline = "good"
gates = ["chrF2 >= 1", "forbidden <= 9"]
fail_on = ["chrF2:-1.0", "terms:+0"]
waivers = "waivers.txt"
baseline_file = "base/release.json"

[options]
test = "bootstrap"
test_samples = 20
confidence_samples = 20
seed = 7
alpha = 0.05
chrf_char_order = 5
smooth_method = "add-k"
smooth_value = 1.5
max_segment_chars = 1000
"""
_FILES = """\
[files]
source = "src.zh"
references = { A = "ref.en" }
systems = { good = "good.en", bad = "bad.en" }
documents = "docs.txt"
source_lang = "zh"
target_lang = "en"
[options]
test = "none"
confidence_samples = 0
"""
_DOCX = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:tbl>{}</w:tbl></w:body></w:document>"
)
_DOCX_ROW = "<w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"


@dataclass(frozen=True)
class Case:
    """A command line that is right, and the files it reads that may be spoiled.

    In arguments ``{}`` is the folder; ``{}/out`` is where results go, and is emptied each time.
    """

    arguments: tuple[str, ...]
    files: tuple[str, ...]


def case(line: str, *files: str) -> Case:
    """Makes a case of a line as it is typed; names with a dot or a slash stand in the folder."""
    return Case(tuple(line.split(" ")), files)


_LINES = "-s {}/src.zh -r {}/ref.en -i good={}/good.en -i bad={}/bad.en"
_LINE_FILES = ("src.zh", "ref.en", "good.en", "bad.en")
_RUN = (
    "run/run.json", "run/corpus.jsonl", "run/termbase.tsv", "run/rows/BLEU.npy",
    "run/rows/chrF2.npy", "run/sha256sums.txt",
)  # fmt: skip
_STORED = "store/runs/*/"

CASES = (
    case(f"score {_LINES} --terms {{}}/terms.tsv --docs {{}}/docs.txt --confidence-n 9 -q -o {{}}/out",
         *_LINE_FILES, "terms.tsv", "docs.txt"),
    case(f"score {_LINES} -m bleu,chrf,ter -b", *_LINE_FILES),
    case(f"score {_LINES} --waivers {{}}/waivers.txt --terms {{}}/terms.csv --seed 3 -f tsv -q", *_LINE_FILES, "waivers.txt", "terms.csv"),
    case("score {}/ref.en.gz -i {}/good.en {}/bad.en.gz -m bleu chrf ter -l zh-en --chrf-beta 3 --smooth-method add-k --smooth-value 1.5 --ter-normalized -f latex -q", "ref.en.gz", "bad.en.gz"),
    case("score {}/ref.en {}/good.en -i {}/bad.en --sentence-level --tokenize intl --chrf-word-order 1 -w 4", "ref.en", "bad.en"),
    case("score {}/ref.en -i good={}/good.en -b --confidence --confidence-n 9 -m chrf++", "ref.en", "good.en"),
    case(f"score {_LINES} -m chrf --scores COMET={{}}/comet.json X={{}}/metricx.jsonl T={{}}/scores.tsv -q -o {{}}/out", "comet.json", "metricx.jsonl", "scores.tsv"),
    case("score -s {}/src.zh -r {}/ref.en -i {}/good.en -m bleu --scores J={}/wmt26.jsonl O={}/ours.jsonl -f json -q", "wmt26.jsonl", "ours.jsonl"),
    case("check {}/corpus.tsv.gz -f json", "corpus.tsv.gz"),
    case("convert {}/corpus.tmx.gz {}/out/x.jsonl", "corpus.tmx.gz"),
    case("run {}/release.mt.toml -q -f json", "release.mt.toml", "corpus.tsv", "base/release.json", "base/release.npz", "waivers.txt", "terms.tsv"),
    case("run {}/files.mt.toml -q", "files.mt.toml", *_LINE_FILES),
    case("check {}/corpus.tsv -f tsv --examples 2", "corpus.tsv"),
    case("check {}/corpus.jsonl --waivers {}/data-waivers.txt -f json", "corpus.jsonl", "data-waivers.txt"),
    case("check {}/folder", "folder/corpus.toml", "folder/source.tsv", "folder/references/A.tsv"),
    *(case(f"convert {{}}/corpus.{ending} {{}}/out/x.jsonl", f"corpus.{ending}")
      for ending in ("csv", "tmx", "xlf", "po", "xlsx", "docx", "xml", "tsv")),
    case("convert {}/corpus.jsonl {}/out/x.xlsx", "corpus.jsonl"),
    case("convert {}/mqm.tsv {}/out/x.tmx --side system:good", "mqm.tsv"),
    case("convert {}/corpus.csv {}/out/x.xlf --max-segment-chars 1000", "corpus.csv"),
    case("align {}/src.zh {}/ref.en -o {}/out/x.tsv --min-confidence 0.5 --terms {}/terms.tsv --lexicon {}/dict.txt",
         "src.zh", "ref.en", "dict.txt"),
    case("join a={}/delivery.tsv b={}/corpus.po -r ref={}/corpus.xlf -o {}/out/x.jsonl -q", "delivery.tsv", "corpus.po", "corpus.xlf"),
    case("compare {}/run {}/run2 --worst 2 -o {}/out/x.html", *_RUN),
    case("compare {}/run2 {}/run --fail-on chrF2:-1.0 -f json", *_RUN),
    case("report {}/run -o {}/out/x.html --previous {}/run2", *_RUN),
    case("report {}/run2 -o {}/out/x.md", "run2/run.json"),
    case("history --store {}/store --trend chrF2 --term cac -n 3",
         _STORED + "run.json", _STORED + "record.json", _STORED + "termbase.tsv", "store/index.sqlite"),
    case("history --store {}/store -f json --since 2020-01-01 -o {}/out/x.html", _STORED + "record.json"),
    case("agree {}/run --human {}/mqm.tsv --samples 9 -q -f json", "mqm.tsv", *_RUN),
    case(f"agree {_LINES} --human {{}}/scores.tsv --samples 9 -q -m chrf", "scores.tsv", *_LINE_FILES),
    case(f"init {{}} {_LINES} --terms {{}}/terms.tsv", *_LINE_FILES, "terms.tsv"),
    case("scale -i {}/corpus.jsonl --engine serial -q --block-size 1K", "corpus.jsonl"),
    case("scale -i {}/corpus.tsv --engine serial -q --terms {}/terms.tsv -f json --keep-rows {}/out/rows", "corpus.tsv", "terms.tsv"),
    case("terms check {}/corpus.tsv --terms {}/terms.tsv --waivers {}/waivers.txt -f tsv -q", "corpus.tsv", "terms.tsv", "waivers.txt"),
    *(case(f"terms check {{}}/corpus.tsv --terms {{}}/{name} -f json -q", name)
      for name in ("terms.tbx", "deepl.csv", "terms.xlsx", "wmt25.json")),
    case("terms scan {}/ref.en {}/bad.en --terms {}/terms.tsv", "ref.en", "terms.tsv"),
    case("terms discover {}/corpus.tsv --minimum 2 --top 5 -f tsv -q --terms {}/terms.tsv", "corpus.tsv", "terms.tsv"),
    case("terms lint {}/terms.tsv -f tsv", "terms.tsv"),
    case("terms lint {}/terms.tbx -f json", "terms.tbx"),
    case("terms convert {}/terms.csv {}/out/x.tbx", "terms.csv"),
    case("terms convert {}/terms.tbx {}/out/x.csv", "terms.tbx"),
    case("terms drift {}/corpus.tsv {}/run --terms {}/terms.tsv -f json", "corpus.tsv", "terms.tsv", *_RUN),
    case("terms wmt25 -r {}/gold.jsonl -i sys={}/submitted.jsonl -f json", "gold.jsonl", "submitted.jsonl"),
    case("terms wmt26 -r {}/gold.jsonl -i sys={}/submitted.jsonl --sample {}/gold.jsonl", "gold.jsonl", "submitted.jsonl"),
    case("review export {}/run --system good --sample 3 --seed 1 --threshold 95 -o {}/out/x.xlsx", *_RUN),
    case("review export {}/run --system good --accept 2% --reject 40% --point 1000:10 --point 9000:50 --model nonlinear -o {}/out/x.xlsx", "run/run.json"),
    case("review import {}/review.xlsx --run {}/run -f json", "review.xlsx"),
    case("review import {}/review.xlsx --run {}/run -o {}/out/x.tsv", "review.xlsx", *_RUN),
    case("review plan --accept 2% --reject 8% --lot 500"),
    case("review plan {}/corpus.tsv --accept 0.02 --reject 0.4 --by-document --seed 1", "corpus.tsv"),
    case("review blind {}/corpus.jsonl --systems good,bad --sample 3 --repeats 1 --seed 5 -o {}/out/blind", "corpus.jsonl"),
    case("review blind --evaluate {}/blind/blind-sheet.xlsx --key {}/blind/key-do-not-send.json", "blind/blind-sheet.xlsx", "blind/key-do-not-send.json"),
    case("review triage {}/run --human {}/mqm.tsv --system good -f json", "mqm.tsv", *_RUN),
    case("review score {}/mqm.tsv -f tsv", "mqm.tsv"),
    case("review score {}/mqm.tsv --weights mqm", "mqm.tsv"),
)  # fmt: skip


def make_inputs(folder: Path) -> None:
    """Writes all that the cases read."""

    def table(name: str, rows: Sequence[Sequence[str]], separator: str = "\t") -> None:
        lines(name, [separator.join(row) for row in rows])

    def lines(name: str, rows: Sequence[str]) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")

    lines("src.zh", _ZH)
    lines("ref.en", _EN)
    lines("good.en", [line.replace("fast", "quickly") for line in _EN])
    lines("bad.en", _OTHER)
    lines("docs.txt", "aaabbbcc")
    lines("waivers.txt", ["# accepted", "cac/a/1/1\treason"])
    lines("data-waivers.txt", ["length/good/1\treason"])
    lines("dict.txt", ["人工智能 人工智能 [ren2 gong1] /artificial intelligence/AI/"])
    table("terms.tsv", _TERMS)
    table("terms.csv", [[f'"{cell}"' for cell in row] for row in _TERMS], ",")
    table("deepl.csv", [("网信办", "CAC"), ("大模型", "large model")], ",")
    lines("wmt25.json", [json.dumps({"proper": {"网信办": ["CAC"]}, "random": {"数据": ["data"]}})])
    table("mqm.tsv", _RATED)
    table("scores.tsv", [("system", "seg_id", "score"), *(
        (name, str(n), str((n * 7 + k) % 5 / 2)) for k, name in enumerate(("good", "bad"))
        for n in range(1, 9))])  # fmt: skip
    good = [line.replace("fast", "quickly") for line in _EN]
    comet = {
        name: [
            {
                "src": s,
                "mt": o,
                "ref": r,
                "COMET": len(o) / 99,
                "errors": [{"start": 0, "end": 1, "severity": "minor"}],
            }
            for s, o, r in zip(_ZH, texts, _EN, strict=True)
        ]
        for name, texts in (("good.en", good), ("bad.en", _OTHER))
    }
    lines("comet.json", [json.dumps(comet, ensure_ascii=False, indent=1)])
    rows = [row for own in comet.values() for row in own]
    lines("metricx.jsonl", [
        json.dumps({"source": r["src"], "hypothesis": r["mt"], "reference": "", "prediction": 3.5}) for r in rows
    ])  # fmt: skip
    lines("wmt26.jsonl", [
        json.dumps({"item_id": str(n), "task1_pred": {"good": {"errors": []}}, "task2_pred": {"good": n / 9}})
        for n in range(1, len(_EN) + 1)
    ])  # fmt: skip
    lines("ours.jsonl", ['{"scores": "O", "identity": {"measure": "O", "reference": true, "extra": [["k", "v"]]}}', *(
        json.dumps({"id": str(n), "system": "good", "score": None if n == 2 else n, "reason": "x", "errors": []})
        for n in range(1, len(_EN) + 1)
    )])  # fmt: skip
    pairs = [
        {"zh": zh, "en": en, "proper": {zh[:3]: [en[:5]]}, "random": {zh[3:5]: [en[5:9]]}}
        for zh, en in zip(_ZH, _EN, strict=True)
    ]
    lines("gold.jsonl", [json.dumps(row, ensure_ascii=False) for row in pairs])
    lines("submitted.jsonl", [json.dumps(row, ensure_ascii=False) for row in pairs])
    lines("release.mt.toml", [_SPEC])
    lines("files.mt.toml", [_FILES])
    columns = ("id", "document", "source", "reference:A", "system:good", "system:bad")
    rows = zip("12345678", "aaabbbcc", _ZH, _EN, _EN[1:] + _EN[:1], _OTHER, strict=True)
    table("corpus.tsv", [columns, *rows])
    cells = zip(_ZH, _EN, strict=True)
    with zipfile.ZipFile(folder / "corpus.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", _DOCX.format("".join(_DOCX_ROW.format(*c) for c in cells))
        )
    for name in ("jsonl", "csv", "xlsx", "tmx", "xlf", "po", "xml"):
        _must(folder, f"convert {{}}/corpus.tsv {{}}/corpus.{name} -q" + " --to wmt" * (name == "xml")
              + " --side reference:A" * (name in ("tmx", "xlf", "po")))  # fmt: skip
    table("delivery.tsv", [("id", "source", "target"), *zip("12345678", _ZH, _OTHER, strict=True)])
    _must(folder, "convert {}/corpus.tsv {}/folder --to folder -q")
    for name in ("ref.en", "bad.en", "corpus.tsv", "corpus.tmx"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes(), mtime=0))
    _must(folder, "terms convert {}/terms.tsv {}/terms.tbx -q")
    _must(
        folder,
        f"score {_LINES} --terms {{}}/terms.tsv --docs {{}}/docs.txt -q -o {{}}/run --confidence-n 9",
    )
    shutil.copytree(folder / "run", folder / "run2")
    for _ in range(2):
        _must(folder, "run {}/release.mt.toml -q --store {}/store")
    _must(folder, "review export {}/run --system good --all -q -o {}/review.xlsx")
    _must(
        folder,
        "review blind {}/corpus.tsv --systems good,bad --sample 3 --repeats 1 --seed 5 -o {}/blind",
    )
    with xlsxwriter.Workbook(folder / "terms.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(_TERMS):
            sheet.write_row(number, 0, row)
    _fill(folder / "review.xlsx", "Review", {"G": "accept"})
    _fill(
        folder / "review.xlsx",
        "Review",
        {"G": "fix", "H": "accuracy/mistranslation", "I": "major"},
        rows=1,
    )
    _fill(folder / "blind" / "blind-sheet.xlsx", "Judge", {"G": "A"})
    evaluation = load_run(sorted((folder / "store" / "runs").iterdir())[0])
    records = {name: record_of(evaluation, name) for name in evaluation.systems}
    update_baseline(folder / "base" / "release.json", "release", records)


def _fill(path: Path, sheet: str, answers: Mapping[str, str], rows: int = 100) -> None:
    """Judges texts as a reviewer does."""
    book = openpyxl.load_workbook(path)
    for row in range(2, min(book[sheet].max_row, rows + 1) + 1):
        for column, answer in answers.items():
            book[sheet][f"{column}{row}"] = answer
    book.save(path)


def _must(folder: Path, line: str) -> None:
    code, said = typed(folder, line.split(" "))
    assert code in (0, 1), f"{line}: {code}\n{said}"


def _option(arguments: list[str], rng: random.Random, folder: Path) -> list[str]:
    """Changes one word of a command line."""
    at = rng.randrange(1, len(arguments))
    word = arguments[at]
    long, odd = folder / ("x" * 300), folder / "\udcff\udcfe.tsv"
    paths = (
        str(long),
        str(odd),
        str(folder / "fifo"),
        str(folder),
        "",
        str(folder / "none.tsv"),
        "x/" * 2500,
    )
    values: tuple[str, ...] = (
        paths if str(folder) in word else (*spoiling.NUMBERS, *spoiling.STRINGS)
    )
    if rng.random() < 0.1:
        return [*arguments[:at], *arguments[at + 1 :]]
    value = rng.choice(values).replace("\0", "")
    return [
        *arguments[:at],
        re.sub(r"^(\w+=)?.*", lambda m: (m[1] or "") + value, word),
        *arguments[at + 1 :],
    ]


@dataclass(frozen=True)
class Failure:
    """What went wrong, and the number that makes it again."""

    number: int
    code: object
    line: str
    said: str

    def __str__(self) -> str:
        return f"\n=== mutation {self.number}, exit {self.code}\n{self.line}\n{self.said[-3000:]}"


def run(folder: Path, seed: int, numbers: range) -> Iterator[Failure]:
    """Runs mutations; yields those that end otherwise than with a result or one clear error.

    Args:
        folder: Where `make_inputs` has written; as it was in the end.
        seed: Of everything.
        numbers: Of the mutations: each is one command with one thing spoiled.
    """
    if not (folder / "fifo").exists():
        os.mkfifo(folder / "fifo")
    for number in numbers:
        rng = random.Random(f"{seed}/{number}")
        chosen = CASES[number % len(CASES)]
        arguments = [word.replace("{}", str(folder)) for word in chosen.arguments]
        changed: Path | None = None
        if not chosen.files or rng.random() < 0.2:
            arguments = _option(arguments, rng, folder)
        else:
            changed = sorted(folder.glob(rng.choice(chosen.files)))[0]
        with _restored(folder, changed) as content:
            if changed is not None:
                _spoil(changed, content, rng)
            (folder / "out").mkdir()
            code, said = typed(folder, arguments)
        if code not in (0, 1, 2, 3, 5) or "Traceback" in said:
            yield Failure(number, code, f"{' '.join(arguments)[:2000]}   # {changed}", said)


def _spoil(path: Path, content: bytes, rng: random.Random) -> None:
    path.chmod(0o644)
    path.write_bytes(spoiling.spoiled(content, path.name, rng))
    # A run whose checksums are right again is damaged inside them.
    run_folder = next((f for f in path.parents if (f / SUMS).exists()), None)
    if run_folder and path.name != SUMS and rng.random() < 0.8:
        (run_folder / SUMS).chmod(0o644)
        write_sums(run_folder)
    if path.name.startswith("key-"):
        _sign(path)
    if path.suffix == ".npz" and rng.random() < 0.8:
        _rehash(path)


def _sign(path: Path) -> None:
    """Gives the key of a blind review the checksum of what it says now."""
    with contextlib.suppress(ValueError, RecursionError):
        key = json.loads(path.read_bytes())
        if isinstance(key, dict):
            key.pop("sha256", None)
            path.write_text(json.dumps(key | {"sha256": _digest(key)}), encoding="utf-8")


def _rehash(path: Path) -> None:
    """Names the arrays of a baseline by what they hold now, there and in its JSON."""
    other, arrays = path.with_suffix(".json"), {}
    text = other.read_text(encoding="utf-8")
    with contextlib.suppress(InputError):
        arrays = {_hash(rows): (name, rows) for name, rows in read_arrays(path).items()}
    for key, (name, _) in arrays.items():
        text = text.replace(name, key)
    if arrays:
        np.savez_compressed(path, **{key: rows for key, (_, rows) in arrays.items()})
    other.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def _restored(folder: Path, changed: Path | None) -> Iterator[bytes]:
    """Puts a file, and what stands beside it, back as they were; removes the results."""
    beside = sorted(p for p in changed.parent.iterdir() if p.is_file()) if changed else []
    sums = [p for f in (changed.parents if changed else ()) if (p := f / SUMS).exists()]
    before = {path: path.read_bytes() for path in [*beside, *sums] if path.is_relative_to(folder)}
    standing = set(folder.rglob("*"))
    try:
        yield before[changed] if changed else b""
    finally:
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.unlink(missing_ok=True)
                path.write_bytes(content)
        for path in sorted(set(folder.rglob("*")) - standing):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def typed(folder: Path, arguments: Sequence[str]) -> tuple[object, str]:
    """Runs a command as if it were typed in the folder; returns its exit code and what it printed."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    words = [word.replace("{}", str(folder)) for word in arguments]
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), _patience():
            code: object = invoke(words)
    except BaseException as error:  # what leaves `invoke` is what we look for
        code = repr(error)
    finally:
        os.chdir(before)
    printed.flush()
    return code, printed.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Ends what hangs; nothing is measured."""

    def ring(_signal: int, _frame: object) -> None:
        raise TimeoutError("hangs")

    old = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
