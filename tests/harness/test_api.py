"""Python's front door: what `import xindaya` offers, on plain lists and on paths."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sacrebleu

import xindaya
from xindaya import BLEU, CHRF, TER, Corpus, Evaluation, Segment, UsageError

# The example of sacrebleu's README.
REFERENCES = [
    ["The dog bit the man.", "It was not unexpected.", "The man bit him first."],
    ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."],
]
SYSTEM = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."]


def test_what_there_is() -> None:
    assert dir(xindaya) == sorted(xindaya.__all__)
    assert all(getattr(xindaya, name) for name in xindaya.__all__)
    wanted = "BLEU CHRF TER score evaluate compare check_terms discover align read_corpus"
    assert {*wanted.split(), "read_termbase", "__version__"} <= {*dir(xindaya)}
    with pytest.raises(AttributeError, match="no attribute 'bleu'"):
        _ = xindaya.bleu  # type: ignore[attr-defined]


def test_importing_it_loads_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import xindaya; dir(xindaya);"
        "new = set(sys.modules) - before - {'__future__', 'typing', 'xindaya'};"
        "sys.exit(', '.join(sorted(m for m in new if m.partition('.')[0] not in"
        " sys.stdlib_module_names or m in ('dataclasses', 'inspect', 'importlib.metadata'))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_scores_are_sacrebleus() -> None:
    bleu = xindaya.score(SYSTEM, REFERENCES)
    assert bleu.score == float(bleu) == sacrebleu.corpus_bleu(SYSTEM, REFERENCES).score
    assert str(bleu) == f"BLEU = 48.53 ({bleu.signature})"
    chrf = sacrebleu.metrics.CHRF(word_order=2)
    both = xindaya.score({"a": SYSTEM, "b": SYSTEM[::-1]}, REFERENCES[0], "chrf++")
    assert both["a"].score == chrf.corpus_score(SYSTEM, REFERENCES[:1]).score
    assert both["b"].score == chrf.corpus_score(SYSTEM[::-1], REFERENCES[:1]).score
    assert both["a"].signature == str(chrf.get_signature())
    named: dict[str, list[str | None]] = {"A": [*REFERENCES[0]], "B": [None, *REFERENCES[1][1:]]}
    ter = xindaya.score(SYSTEM, named, TER(normalized=True))
    theirs = sacrebleu.metrics.TER(normalized=True).corpus_score(SYSTEM, list(named.values()))
    assert ter.score == theirs.score


def test_chinese_lists_take_the_tokenizer_of_chinese() -> None:
    texts, reference = ["今天天气很好。", "他没有来。"], ["今天天气不错。", "他没有来过。"]
    theirs = sacrebleu.corpus_bleu(texts, [reference], tokenize="zh").score
    assert xindaya.score(texts, reference).score == theirs
    with pytest.raises(UsageError, match="makes one word of a Chinese segment"):
        xindaya.score(texts, reference, BLEU())
    forced = xindaya.score(texts, reference, BLEU(), force=True)
    assert forced.score == sacrebleu.corpus_bleu(texts, [reference]).score


@pytest.mark.parametrize(
    ("hypotheses", "references", "message"),
    [
        (SYSTEM, REFERENCES[0][:2], "references has 2 texts for 3 hypotheses"),
        (SYSTEM, [REFERENCES[0], ["x"]], r"references\[1\] has 1 texts for 3"),
        (SYSTEM, [["a"], ["b"], ["c"]], r"not for each hypothesis\n.*zip"),
        (SYSTEM, [REFERENCES[0]] * 3, "can be read in two ways"),
        (SYSTEM, ["a", ["b"], "c"], "mix texts and lists"),
        (SYSTEM, {}, "no references"),
        (SYSTEM, "one text", "one string; expected a list"),
        ("one text", REFERENCES[0], "hypotheses: found one string"),
        ({"a": SYSTEM, "b": SYSTEM[:1]}, REFERENCES[0], "1 hypotheses of 'b'; expected 3"),
        ([1, 2, 3], REFERENCES[0], r"hypotheses\[0\]: found int"),
        (SYSTEM, [None, None, None], "mix texts and lists"),
    ],
)
def test_lists_that_do_not_fit(hypotheses: Any, references: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        xindaya.score(hypotheses, references)


def test_nothing_to_score() -> None:
    for nothing in ([], {}, {"a": []}):
        with pytest.raises(xindaya.NothingToEvaluateError):
            xindaya.score(nothing, [])  # type: ignore[call-overload]


@pytest.fixture
def evaluation(corpus: Corpus) -> Evaluation:
    return xindaya.evaluate(corpus, metrics=["bleu", CHRF(word_order=2)])


def test_metrics_by_name_and_by_value(corpus: Corpus, evaluation: Evaluation) -> None:
    assert list(evaluation.metrics) == ["BLEU", "chrF2++"]
    assert list(xindaya.evaluate(corpus, metrics="ter").metrics) == ["TER"]
    with pytest.raises(UsageError, match=r"unknown metric 'blue'.*known: bleu, chrf"):
        xindaya.evaluate(corpus, metrics=["blue"])
    with pytest.raises(UsageError, match="BLEU twice"):
        xindaya.evaluate(corpus, metrics=["bleu", BLEU(lowercase=True)])
    with pytest.raises(xindaya.InputError, match=r"zh to en \(as the corpus says\)"):
        xindaya.evaluate(corpus, source_lang="en")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda e: e.comparison("BLEU", "typo"), r"unknown system 'typo' \(known: good, bad\)"),
        (
            lambda e: e.comparison("chrF", "bad"),
            r"unknown metric 'chrF' \(known: BLEU, chrF2\+\+\)",
        ),
        (lambda e: e.interval("BLEU", "typo"), "unknown system 'typo'"),
        (lambda e: e.scores["bleu"], "unknown metric 'bleu'"),
        (lambda e: e.scores["BLEU"]["typo"], "unknown system 'typo'"),
        (lambda e: e.segment_scores["BLEU"]["typo"], "unknown system 'typo'"),
        (lambda e: e.comparison("BLEU", "good"), "'good' is the baseline"),
        (lambda e: e.terms_frame(), "no term was checked"),
    ],
)
def test_unknown_names_are_errors(
    evaluation: Evaluation, ask: Callable[[Evaluation], Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        ask(evaluation)


def test_numbers_that_were_not_asked_for(corpus: Corpus) -> None:
    settings = xindaya.Settings(test=None, confidence_samples=0)
    evaluation = xindaya.evaluate(corpus, settings=settings)
    assert evaluation.interval("BLEU", "bad") is None
    with pytest.raises(UsageError, match="no paired test"):
        evaluation.comparison("BLEU", "bad")


def test_frames(corpus: Corpus, evaluation: Evaluation) -> None:
    frame = evaluation.segments_frame()
    assert list(frame.columns) == [
        "id", "document", "domain", "source", "reference:A", "reference:B", "system", "output",
        "BLEU", "chrF2++",
    ]  # fmt: skip
    assert list(frame["reference:B"][: len(corpus.segments)]) == list(corpus.reference("B"))
    assert list(frame["source"][: len(corpus.segments)]) == [s.source for s in corpus.segments]
    found = evaluation.findings_frame()
    assert list(found.columns)[:4] == ["id", "kind", "system", "segment"]
    assert list(found["id"]) == [f.id for f in evaluation.findings]


def test_a_table_in_a_notebook_is_escaped(corpus: Corpus) -> None:
    name = "<script>alert(1)</script>"
    hostile = corpus.with_systems({name: corpus.systems["good"]})
    page = xindaya.evaluate(hostile, metrics="chrf")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<th>chrF2</th>" in page


def test_terms_of_a_corpus_without_systems(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(
        "concept\tzh\ten\tstatus\ncac\t网信办\tCAC\tpreferred\n", encoding="utf-8"
    )
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("id\tzh\ten\n1\t网信办公告\tCAC notice\n2\t网信办\tthe office\n", "utf-8")
    checked = xindaya.check_terms(pairs, tmp_path / "t.tsv")
    assert checked.summary("A").coverage == 0.5  # one of two mentions has a rendering
    with pytest.raises(UsageError, match=r"no text 'typo' was checked; known: A"):
        checked.summary("typo")
    frame = xindaya.evaluate(
        Corpus("c", "zh", "en", (Segment("1", "网信办", ("CAC",)),), ("A",), {"s": ("CAC",)}),
        termbase=tmp_path / "t.tsv",
    ).terms_frame()
    assert list(frame["renderings"]) == [{"CAC": 1}, {"CAC": 1}]
    assert list(frame["is_reference"]) == [False, True]


def test_comparing_takes_values_and_folders(tmp_path: Path, evaluation: Evaluation) -> None:
    xindaya.save_run(evaluation, tmp_path / "run")
    changes = xindaya.compare(tmp_path / "run", evaluation)
    assert [(s.was, s.system) for s in changes.systems] == [("good", "good"), ("bad", "bad")]
    with pytest.raises(UsageError, match="typo"):
        xindaya.compare(evaluation, evaluation, systems=["typo"])


def test_alignment_of_lists(tmp_path: Path) -> None:
    zh, en = ["今天很好。", "他来了。"], ["Today is good.", "He came."]
    beads = xindaya.align(zh, en)
    assert [(b.zh, b.en) for b in beads] == list(zip(zh, en, strict=True))
    (tmp_path / "zh.txt").write_text("\n".join(zh), "utf-8")
    assert xindaya.align(tmp_path / "zh.txt", en) == beads
    with pytest.raises(UsageError, match="Chinese document first"):
        xindaya.align(en, zh)
    with pytest.raises(UsageError, match="passage or sentence"):
        xindaya.align(zh, en, unit="word")
    with pytest.raises(xindaya.NothingToEvaluateError, match="en: no text"):
        xindaya.align(zh, [" "])


def readme() -> str:
    page = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return str(block)


def test_the_lines_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [("1", "网信办公告。", "A notice of the CAC."), ("2", "他来了。", "He came on foot.")]
    head = "id\tsource\treference:A\tsystem:vendor-a\tsystem:vendor-b\n"
    text = head + "".join(f"{i}\t{zh}\t{en}\t{en}\t{en}\n" for i, zh, en in rows)
    xindaya.write_corpus(xindaya.read_corpus(written(tmp_path / "c.tsv", text)), "corpus")
    written(tmp_path / "terms.tsv", "concept\tzh\ten\ncac\t网信办\tCAC\n")
    written(tmp_path / "source.txt", "".join(f"{zh}\n" for _, zh, _ in rows))
    written(tmp_path / "translation.txt", "".join(f"{en}\n" for _, _, en in rows))
    names: dict[str, Any] = {}
    block = readme()
    exec(compile(ast.parse(block), "README.md", "exec"), names)
    assert str(names["bleu"]).startswith(re.findall("# (BLEU = .*)…", block)[0])
    assert names["evaluation"].scores["BLEU"]["vendor-a"] == pytest.approx(100)
    assert str(names["bleu"]).startswith(re.findall("# (BLEU = .*)…", block)[0])
    assert names["evaluation"].comparison("BLEU", "vendor-b").p_value == 1
    assert list(names["changes"].metrics) == ["BLEU"]


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
